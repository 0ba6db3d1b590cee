//! A page with a view on it, and what a person does to it.

use std::ops::Range;

use egui::accesskit::Live;
use egui::{Event, Key, Modifiers, OutputCommand, Pos2, Rect, Vec2};
use egui_kittest::Harness;
use egui_long_text::LongText;

pub(crate) struct App {
    pub(crate) text: String,
    pub(crate) generation: u64,
    pub(crate) wraps: bool,
    pub(crate) scroll_to: Option<usize>,
    pub(crate) copy_limit: usize,
    // What the last frame gave.
    pub(crate) visible: Range<usize>,
    pub(crate) selection: Option<Range<usize>>,
    pub(crate) too_long: Option<usize>,
    pub(crate) rect: Rect,
}

pub(crate) const SIZE: Vec2 = Vec2::new(300.0, 400.0);
pub(crate) const HEIGHT: f32 = 200.0;

pub(crate) fn page(text: impl Into<String>) -> Harness<'static, App> {
    page_with(text, true)
}

pub(crate) fn page_with(text: impl Into<String>, wraps: bool) -> Harness<'static, App> {
    let app = App {
        text: text.into(),
        generation: 0,
        wraps,
        scroll_to: None,
        copy_limit: usize::MAX,
        visible: 0..0,
        selection: None,
        too_long: None,
        rect: Rect::NOTHING,
    };
    let builder = Harness::builder().with_size(SIZE).with_step_dt(1.0 / 60.0).with_max_steps(300);
    let mut harness = builder.allow_missing_glyphs().build_ui_state(
        |ui, app: &mut App| {
            let output = LongText::new("echo", &app.text)
                .generation(app.generation)
                .wrap(app.wraps)
                .max_height(HEIGHT)
                .scroll_to(app.scroll_to.take())
                .copy_limit(app.copy_limit)
                .live(Live::Polite)
                .spoken(100, "… and more")
                .show(ui);
            app.visible = output.visible;
            app.selection = output.selection;
            app.too_long = output.too_long_to_copy.or(app.too_long);
            app.rect = output.response.rect;
        },
        app,
    );
    harness.run();
    harness
}

/// So many lines, each with its number.
pub(crate) fn lines(count: usize) -> String {
    (0..count).map(|line| format!("line {line}\n")).collect()
}

pub(crate) fn press(harness: &mut Harness<'_, App>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run();
}

/// What is copied when a person asks for it.
pub(crate) fn copy(harness: &mut Harness<'_, App>) -> Option<String> {
    harness.event(Event::Copy);
    harness.step();
    let copied =
        harness.output().platform_output.commands.iter().find_map(|command| match command {
            OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        });
    harness.run();
    copied
}

pub(crate) fn press_at(harness: &mut Harness<'_, App>, at: Pos2, pressed: bool) {
    harness.event(Event::PointerMoved(at));
    harness.event(Event::PointerButton {
        pos: at,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    });
    harness.step();
}

pub(crate) fn drag(harness: &mut Harness<'_, App>, from: Pos2, to: Pos2) {
    press_at(harness, from, true);
    harness.event(Event::PointerMoved(to));
    harness.step();
    press_at(harness, to, false);
    harness.run();
}

pub(crate) fn wheel(harness: &mut Harness<'_, App>, delta: Vec2) {
    harness.event(Event::PointerMoved(harness.state().rect.center()));
    harness.event(Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta,
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers: Modifiers::NONE,
    });
    harness.run();
}
