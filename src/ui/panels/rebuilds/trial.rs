//! The experiment that is chosen: its parameters, and the buttons that run it and copy a link to it.

use app_core::experiments::{Pace, Parameter, Setup};
use app_core::{Model, Msg, TrialMsg};
use egui::{Align, DragValue, Frame, Id, Label, Layout, Margin, Role, Stroke, Ui, vec2};

use super::question::{answer_ui, least_height, question_ui};
use crate::i18n::{Words, words};
use material::{ActionChip, Button, Scheme, Switch, Type, tooltip};

/// Draws it, where there is one.
pub(super) fn show(ui: &mut Ui, model: &Model) -> Option<Msg> {
    let words = words(model.language());
    let Some(setup) = model.trials().chosen() else {
        if let Some(problem) = model.trials().problem() {
            problem_ui(ui, &(words.trials.bad_link)(problem));
        }
        return None;
    };
    let scheme = Scheme::of(ui);
    let frame = Frame::new()
        .stroke(Stroke::new(1.0, scheme.outline_variant))
        .corner_radius(12)
        .inner_margin(Margin::same(12));
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        let name = (words.experiments.name)(setup.experiment());
        ui.add(Label::new(Type::BODY_LARGE.rich(name).color(scheme.on_surface)).selectable(false));
        ui.add_space(4.0);
        let trials = model.trials();
        // Widgets that come and go have a scope of their own, always: those below stay the same ones, and
        // keep the keyboard.
        let asked = ui.scope(|ui| {
            if !model.asks_questions() {
                return None;
            }
            let id = Id::unique("height of the question");
            let asked = ui.data(|data| data.get_temp(id)).unwrap_or_default();
            let least = least_height(ui, words, setup);
            if trials.running().is_some() {
                ui.set_min_height(least.max(asked));
                answer_ui(ui, words, trials);
                return None;
            }
            ui.set_min_height(least);
            let guess = question_ui(ui, words, setup, trials.guess());
            ui.data_mut(|data| data.insert_temp(id, ui.min_rect().height()));
            guess
        });
        let mut action = asked.inner;
        ui.add_space(8.0);
        let pressed = buttons_ui(ui, words, model, setup);
        let set = parameters_ui(ui, words, setup);
        let asks = Switch::new(model.asks_questions(), words.questions.asks_switch);
        if ui.add(asks).clicked() {
            action = Some(Msg::Trial(TrialMsg::SetAsks(!model.asks_questions())));
        }
        action.or(set).or(pressed)
    });
    shown.inner
}

fn parameters_ui(ui: &mut Ui, words: &Words, setup: &Setup) -> Option<Msg> {
    // Where nothing can be set, there is no room for it either.
    setup.parameters().next()?;
    let mut action = None;
    ui.add_space(12.0);
    // By their tops, so that names stand in a line whatever is below them.
    let side_by_side = Layout::left_to_right(Align::Min).with_main_wrap(true);
    ui.with_layout(side_by_side, |ui| {
        ui.spacing_mut().item_spacing = vec2(16.0, 12.0);
        for parameter in setup.parameters() {
            let change = match parameter {
                Parameter::Pace => pace_ui(ui, words, setup.pace()),
                _ => number_ui(ui, words, setup, parameter),
            };
            if let Some(value) = change {
                action = Some(Msg::Trial(TrialMsg::Set(parameter, value)));
            }
        }
    });
    ui.add_space(8.0);
    action
}

/// A parameter that is a number: its name, the number, and what it may be.
fn number_ui(ui: &mut Ui, words: &Words, setup: &Setup, parameter: Parameter) -> Option<u32> {
    const WIDTH: f32 = 96.0;

    let (least, most) = setup.bounds(parameter);
    let mut value = setup.value(parameter);
    let size = vec2(WIDTH, 32.0 + 2.0 * Type::BODY_SMALL.line_height + 4.0);
    ui.allocate_ui_with_layout(size, Layout::top_down(Align::Min), |ui| {
        ui.set_width(WIDTH);
        ui.spacing_mut().item_spacing = vec2(0.0, 2.0);
        let name = small_ui(ui, (words.trials.parameter)(parameter));
        // The whole of a wide range is 300 points away. A key makes one step too, and less than one is none.
        let speed = (f64::from(most - least) / 300.0).clamp(1.0, 100.0).round();
        let number = DragValue::new(&mut value).range(least..=most).speed(speed);
        let response = ui.add_sized([WIDTH, 32.0], number).labelled_by(name.id);
        tooltip(&response, (words.trials.about_parameter)(parameter));
        small_ui(ui, &(words.trials.bounds)(least, most));
    });
    (value != setup.value(parameter)).then_some(value)
}

/// When the messages come: one of a few.
fn pace_ui(ui: &mut Ui, words: &Words, now: Pace) -> Option<u32> {
    const SPACING: f32 = 8.0;

    let mut change = None;
    let name = (words.trials.parameter)(Parameter::Pace);
    let chip = |pace| ActionChip::new((words.trials.pace)(pace)).on(pace == now);
    let chips: f32 = Pace::ALL.iter().map(|pace| chip(*pace).width(ui) + SPACING).sum();
    // Where there is no room for all of them beside one another, one stands below.
    let width = chips.min(ui.max_rect().width());
    let size = vec2(width, 32.0 + 2.0 * Type::BODY_SMALL.line_height + 4.0);
    ui.allocate_ui_with_layout(size, Layout::top_down(Align::Min), |ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing = vec2(0.0, 2.0);
        small_ui(ui, name);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(SPACING, SPACING);
            let id = ui.unique_id();
            ui.ctx().accesskit_node_builder(id, |node| {
                node.set_role(Role::Group);
                node.set_label(name);
            });
            for pace in Pace::ALL {
                if ui.add(chip(pace)).clicked() {
                    change = Some(pace.number());
                }
            }
        });
    });
    change
}

fn buttons_ui(ui: &mut Ui, words: &Words, model: &Model, setup: &Setup) -> Option<Msg> {
    let mut action = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 4.0);
        if ui.add(Button::tonal(words.trials.run_button)).clicked() {
            action = Some(super::run(words, setup.experiment()));
        }
        if ui.add(Button::text(words.trials.copy_button)).clicked() {
            action = Some(Msg::Trial(TrialMsg::CopyLink));
        }
        let may_reset = !setup.is_default();
        if may_reset && ui.add(Button::text(words.trials.reset_button)).clicked() {
            action = Some(Msg::Trial(TrialMsg::Reset));
        }
    });
    let running = model.trials().running();
    ui.scope(|ui| {
        if let Some(in_force) = running.and_then(|running| (words.trials.in_force)(running)) {
            ui.add_space(4.0);
            small_ui(ui, &in_force);
        }
    });
    action
}

fn problem_ui(ui: &mut Ui, text: &str) {
    let color = Scheme::of(ui).error;
    let label = ui.add(Label::new(Type::BODY_MEDIUM.rich(text).color(color)).wrap());
    ui.ctx().accesskit_node_builder(label.id, |node| node.set_live(egui::accesskit::Live::Polite));
}

fn small_ui(ui: &mut Ui, text: &str) -> egui::Response {
    let color = Scheme::of(ui).on_surface_variant;
    ui.add(Label::new(Type::BODY_SMALL.rich(text).color(color)).wrap())
}
