//! The lesson: the four steps, the lines that take them, and which of them was taken last.

use app_core::experiments::Experiment;
use app_core::{Model, Msg, Panel, TrialMsg, steps::Step};
use egui::{FontId, Frame, Label, Margin, RichText, Stroke, Ui, Vec2, accesskit};

use crate::i18n::words;
use crate::lesson::{dart, source};
use material::{Button, Icon, Scheme, Type};

/// Draws it, and returns what the person did.
pub fn lesson_ui(ui: &mut Ui, model: &Model) -> Vec<Msg> {
    let mut msgs = Vec::new();
    let words = words(model.language());
    body_ui(ui, words.lesson.intro);
    for step in Step::ALL {
        ui.add_space(16.0);
        if let Some(experiment) = step_ui(ui, model, step) {
            msgs.push(Msg::TogglePanel(Panel::Rebuilds));
            msgs.push(Msg::Trial(TrialMsg::Choose(experiment)));
        }
    }
    msgs
}

/// What shows a step at work.
fn experiment(step: Step) -> Experiment {
    match step {
        Step::Connect => Experiment::Failure,
        Step::Listen => Experiment::Ten,
        Step::Send => Experiment::One,
        Step::Close => Experiment::Close,
    }
}

fn step_ui(ui: &mut Ui, model: &Model, step: Step) -> Option<Experiment> {
    let words = words(model.language());
    let scheme = Scheme::of(ui);
    let is_last = model.steps().last() == Some(step);
    // The border is there in both cases, or the text would move when a step is taken.
    let (fill, border) = if is_last {
        (scheme.surface_container, scheme.primary)
    } else {
        (scheme.surface, scheme.outline_variant)
    };
    let shown = Frame::new()
        .fill(fill)
        .stroke(Stroke::new(1.0, border))
        .corner_radius(12)
        .inner_margin(Margin::same(12))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            heading_ui(ui, (words.lesson.step)(step), is_last);
            let times = (words.lesson.step_times)(model.steps().times(step), is_last);
            small_ui(ui, &times);
            ui.add_space(8.0);
            body_ui(ui, (words.lesson.about_step)(step));
            for excerpt in source(step) {
                ui.add_space(8.0);
                small_ui(ui, &(words.lesson.source_place)(excerpt.file, excerpt.line));
                ui.add_space(4.0);
                code_ui(ui, &excerpt.code);
            }
            ui.add_space(8.0);
            small_ui(ui, words.lesson.in_dart);
            ui.add_space(4.0);
            code_ui(ui, dart(step));
            ui.add_space(8.0);
            let experiment = experiment(step);
            let name = (words.experiments.name)(experiment);
            let button = (words.lesson.try_button)(name);
            ui.add(Button::text(&button)).clicked().then_some(experiment)
        });
    shown.inner
}

fn heading_ui(ui: &mut Ui, heading: &str, is_last: bool) {
    const ICON: f32 = 18.0;

    let scheme = Scheme::of(ui);
    ui.horizontal(|ui| {
        let text = Type::BODY_LARGE.rich(heading).color(scheme.on_surface);
        let label = ui.add(Label::new(text).selectable(false));
        ui.ctx().accesskit_node_builder(label.id, |node| {
            node.set_role(accesskit::Role::Heading);
            node.set_label(heading);
            node.set_level(2);
        });
        if is_last {
            let center = label.rect.right_center() + egui::vec2(8.0 + ICON / 2.0, 0.0);
            Icon::Check.paint(ui.painter(), center, ICON, scheme.primary);
        }
    });
}

fn body_ui(ui: &mut Ui, text: &str) {
    let color = Scheme::of(ui).on_surface;
    ui.add(Label::new(Type::BODY_MEDIUM.rich(text).color(color)).wrap());
}

fn small_ui(ui: &mut Ui, text: &str) {
    let color = Scheme::of(ui).on_surface_variant;
    ui.add(Label::new(Type::BODY_SMALL.rich(text).color(color)).wrap());
}

fn code_ui(ui: &mut Ui, code: &str) {
    let scheme = Scheme::of(ui);
    Frame::new()
        .fill(scheme.surface_container_high)
        .stroke(scheme.container_stroke())
        .corner_radius(8)
        .inner_margin(Margin::symmetric(12, 8))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing = Vec2::ZERO;
            let font = FontId::monospace(12.0);
            let space = ui.fonts_mut(|fonts| fonts.glyph_width(&font, ' '));
            for line in code.lines() {
                // What is wrapped of a line stays as far in as the line.
                let words = line.trim_start();
                let indent = (line.len() - words.len()) as f32 * space;
                let words = RichText::new(words).font(font.clone()).color(scheme.on_surface);
                ui.horizontal_top(|ui| {
                    ui.add_space(indent.min(ui.available_width() / 2.0));
                    ui.add(Label::new(words.line_height(Some(18.0))).wrap());
                });
            }
        });
}
