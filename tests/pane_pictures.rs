//! How the panes look: the lesson, and the rebuilds panel with a trace of which every time is known,
//! rendered and compared with `tests/snapshots`.
//!
//! A renderer is needed, so these are behind the feature `picture-tests`, which `cargo xtask test`
//! turns on. `UPDATE_SNAPSHOTS=1` takes what is drawn now for what is wanted; look at it first.

use std::sync::Arc;
use std::time::Duration;

use app_core::Language;
use app_core::experiments::Experiment;
use app_core::{Model, Msg, Opening, open, update};
use egui::{Margin, Theme, Ui, UiBuilder, Vec2, vec2};
use egui_kittest::Harness;
use egui_stream_builder::{ConnectionState, Counters, Update};
use egui_system_font_provider::SystemFontProvider;
use material::{Scheme, theme};
use websocket_echo::trace::{EventKind, Incoming, Trace};
use websocket_echo::ui::panels::lesson::lesson_ui;
use websocket_echo::ui::panels::rebuilds::{RebuildsData, rebuilds_ui};

#[test]
fn narrow_and_light() {
    panel(Language::English, Theme::Light, vec2(400.0, 1100.0)).snapshot("rebuilds_narrow_light");
}

#[test]
fn wide_dark_and_chinese() {
    panel(Language::Chinese, Theme::Dark, vec2(700.0, 800.0)).snapshot("rebuilds_wide_dark");
}

#[test]
fn the_lesson() {
    lesson(Language::English, Theme::Light, vec2(560.0, 1300.0)).snapshot("lesson_light");
}

#[test]
fn the_lesson_narrow_dark_and_chinese() {
    lesson(Language::Chinese, Theme::Dark, vec2(400.0, 1500.0)).snapshot("lesson_narrow_dark");
}

const fn us(us: u64) -> Duration {
    Duration::from_micros(us)
}

/// One message, then ten at once of which the reader took nine, and an end that nobody saw come.
fn trace() -> Trace {
    let mut incoming = Incoming::default();
    let mut trace = Trace::new(us(0), Counters::default(), 0);
    trace.snapshot(ConnectionState::Waiting, None, us(0));
    let mut counters = Counters::default();
    let mut rebuild = |first: u64, count: u64, base: u64, ends: bool, frame: u64| {
        for message in first..first + count {
            incoming.arrived(message, us(base + 20 * (message - first)));
        }
        incoming.queued(first + count, us(base + 300));
        trace.frame(us(base + 1_200), frame);
        trace.polls(Some(us(base + 420)));
        for message in first..first + count {
            trace.taken(&mut incoming, EventKind::Data, message, us(base + 1_800 + 10 * message));
        }
        if ends {
            trace.taken(&mut incoming, EventKind::Done, 0, us(base + 2_000));
        }
        counters.wakes += 1;
        counters.events += count + u64::from(ends);
        counters.rebuilds += 1;
        let update = Update { events: count + u64::from(ends), is_cut: false };
        trace.updated(update, counters, Some(us(3_400)), us(base + 2_050));
        let state = if ends { ConnectionState::Done } else { ConnectionState::Active };
        trace.snapshot(state, Some(true), us(base + 2_050));
        trace.drawn(us(base + 2_600));
    };
    rebuild(0, 1, 40_000, false, 2);
    rebuild(1, 10, 1_500_000, false, 4);
    rebuild(11, 2, 1_560_000, true, 9);
    trace
}

fn panel(language: Language, theme: Theme, size: Vec2) -> Harness<'static> {
    let mut model = model(language);
    let ten = Msg::Try { experiment: Experiment::Ten, first_message: None };
    for msg in [ten, Msg::TogglePause] {
        update(&mut model, msg, Duration::ZERO);
    }
    let trace = trace();
    pane(theme, size, move |ui| {
        let data = RebuildsData {
            trace: &trace,
            arrived: 15,
            waiting: 2,
            has_news: true,
            connection: ConnectionState::Active,
        };
        rebuilds_ui(ui, &model, &data);
    })
}

fn lesson(language: Language, theme: Theme, size: Vec2) -> Harness<'static> {
    let mut model = model(language);
    update(&mut model, Msg::TookIn { events: 1 }, Duration::ZERO);
    pane(theme, size, move |ui| lesson_ui(ui, &model))
}

fn model(language: Language) -> Model {
    let opening =
        Opening { has_endpoints: true, language, ..Opening::new("ws://127.0.0.1:9001/echo") };
    open(opening).0
}

fn pane(theme: Theme, size: Vec2, pane_ui: impl Fn(&mut Ui) + 'static) -> Harness<'static> {
    Harness::builder()
        .with_size(size)
        .with_theme(theme)
        .with_context_setup(|ctx| {
            theme::apply(ctx);
            // The fonts for Chinese are those that `cargo xtask setup` installs.
            let fonts = SystemFontProvider::new().with_locale(Some("zh-Hans"));
            ctx.add_font_provider(Arc::new(fonts));
        })
        .with_render_cursor(false)
        .wgpu()
        .build_ui(move |ui| {
            let room = ui.ctx().content_rect();
            let window = UiBuilder::new().max_rect(room - Margin::same(20));
            ui.painter().rect_filled(room, 0, Scheme::of(ui).surface);
            ui.scope_builder(window, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                pane_ui(ui);
            });
        })
}
