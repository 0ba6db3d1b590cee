//! How the panes look: the lesson, and the rebuilds panel with a trace of which every time is known,
//! rendered and compared with `tests/snapshots`.
//!
//! A renderer is needed, so these are behind the feature `picture-tests`, which `cargo xtask test`
//! turns on. `UPDATE_SNAPSHOTS=1` takes what is drawn now for what is wanted; look at it first.

use std::sync::Arc;
use std::time::Duration;

use app_core::comparison::{Compared, Events, Swept, Value, View, Way};
use app_core::experiments::Experiment;
use app_core::recording::{Cursor, FileWriter, Recording, StreamState, Taken, file};
use app_core::{ComparisonMsg, Effect, Language};
use app_core::{Model, Msg, Opening, ReplayMsg, open, update};
use egui::{Margin, Theme, Ui, UiBuilder, Vec2, vec2};
use egui_kittest::Harness;
use egui_system_font_provider::SystemFontProvider;
use material::{Look, Scheme, theme};
use websocket_echo::effects::comparisons::Comparisons;
use websocket_echo::ui::panels::lesson::lesson_ui;
use websocket_echo::ui::panels::rebuilds::{LogRow, RebuildsData, rebuilds_ui};

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
fn recording() -> Recording {
    let mut run = Recording::new(us(0));
    run.connected(us(0));
    run.frame(us(0));
    run.state(us(0), StreamState::Waiting, None);
    let mut rebuild = |first: u64, count: u64, base: u64, ends: bool, frame: u64| {
        for message in first..first + count {
            run.arrived(us(base + 20 * (message - first)));
        }
        run.queued(us(base + 300));
        run.woken(us(base + 420));
        run.frame_numbered(frame + 1, us(base + 1_200));
        for message in first..first + count {
            run.taken(us(base + 1_800 + 10 * message), Taken::text("raisin"));
        }
        if ends {
            run.taken(us(base + 2_000), Taken::done());
        }
        run.updated(us(base + 2_050), false, Some(us(3_400)));
        let state = if ends { StreamState::Done } else { StreamState::Active };
        run.state(us(base + 2_050), state, Some(true));
        run.drawn(us(base + 2_600));
    };
    rebuild(0, 1, 40_000, false, 2);
    rebuild(1, 10, 1_500_000, false, 4);
    rebuild(11, 2, 1_560_000, true, 9);
    for _ in 0..2 {
        run.arrived(us(1_570_000));
    }
    run.queued(us(1_570_000));
    run
}

/// A recording that was saved and opened again is drawn as the live one was, to the pixel.
#[test]
fn saved_recording_looks_as_it_did() {
    let live = recording();
    let bytes: Vec<u8> = FileWriter::new(&live).flatten().collect();
    let opened = file::read(&bytes).expect("it was written just now");
    for at in [None, Some(live.cursor(us(1_501_900)))] {
        let draw = |recording: &Recording| {
            let size = vec2(700.0, 1200.0);
            let mut panel = panel_of(recording.clone(), at, Language::English, Theme::Light, size);
            panel.render().expect("there is a renderer")
        };
        let (live, opened) = (draw(&live), draw(&opened));
        assert!(live.pixels().any(|pixel| pixel != live.get_pixel(0, 0)));
        assert!(live == opened, "{at:?}");
    }
}

#[test]
fn past_is_said_to_be_past() {
    let recording = recording();
    let at = recording.cursor(us(1_501_900));
    let size = vec2(700.0, 900.0);
    panel_of(recording, Some(at), Language::Chinese, Theme::Dark, size).snapshot("rebuilds_past");
}

#[test]
fn past_with_more_contrast() {
    let recording = recording();
    let at = recording.cursor(us(1_501_900));
    let size = vec2(700.0, 1300.0);
    let panel = panel_of(recording, Some(at), Language::Chinese, Theme::Dark, size);
    contrasting(panel).snapshot("rebuilds_past_contrast");
}

#[test]
fn ways_over_a_range_with_more_contrast() {
    let size = vec2(400.0, 1440.0);
    let of_budget = [ComparisonMsg::Vary(Swept::Budget)];
    let panel = compared(View::OverRange, &of_budget, Language::English, Theme::Light, size);
    contrasting(panel).snapshot("rebuilds_over_range_contrast");
}

#[test]
fn the_lesson_with_more_contrast() {
    let panel = lesson(Language::English, Theme::Dark, vec2(400.0, 1500.0));
    contrasting(panel).snapshot("lesson_contrast");
}

/// The same for who needs more contrast.
fn contrasting(mut pane: Harness<'static>) -> Harness<'static> {
    theme::set_look(&pane.ctx, Look { more_contrast: true, ..Look::default() });
    pane.run();
    pane
}

fn panel(language: Language, theme: Theme, size: Vec2) -> Harness<'static> {
    panel_of(recording(), None, language, theme, size)
}

fn panel_of(
    recording: Recording,
    at: Option<Cursor>,
    language: Language,
    theme: Theme,
    size: Vec2,
) -> Harness<'static> {
    let mut model = model(language);
    let ten = Msg::Try { experiment: Experiment::Ten, first_message: None };
    for msg in [ten, Msg::TogglePause] {
        update(&mut model, msg, Duration::ZERO);
    }
    if let Some(at) = at {
        update(&mut model, Msg::Replay(ReplayMsg::Show(at)), Duration::ZERO);
    }
    pane(theme, size, move |ui| {
        let compared = &Compared::default();
        let (recording, row) = (&recording, LogRow::There);
        rebuilds_ui(ui, &model, &RebuildsData { recording, has_news: true, row, compared });
    })
}

#[test]
fn ways_side_by_side() {
    let size = vec2(400.0, 2100.0);
    compared(View::SideBySide, &[], Language::English, Theme::Light, size)
        .snapshot("rebuilds_compare_narrow_light");
}

#[test]
fn ways_side_by_side_wide_dark_and_chinese() {
    let size = vec2(800.0, 1700.0);
    let burst = [ComparisonMsg::Open(Value::Count(64))];
    compared(View::SideBySide, &burst, Language::Chinese, Theme::Dark, size)
        .snapshot("rebuilds_compare_wide_dark");
}

#[test]
fn ways_over_a_range() {
    let size = vec2(560.0, 1200.0);
    let of_budget = [ComparisonMsg::Vary(Swept::Budget)];
    compared(View::OverRange, &of_budget, Language::English, Theme::Dark, size)
        .snapshot("rebuilds_over_range");
}

#[test]
fn marbles_of_which_one_was_moved() {
    let moved = [
        ComparisonMsg::ChooseMarbleWay(Way::OneAFrame),
        ComparisonMsg::ChooseMarble(4),
        ComparisonMsg::MoveMarble(us(32_000)),
    ];
    compared(View::Marbles, &moved, Language::Chinese, Theme::Light, vec2(400.0, 1200.0))
        .snapshot("rebuilds_marbles");
}

/// Twelve messages in three groups.
fn twelve() -> Recording {
    let mut run = Recording::new(us(0));
    run.connected(us(0));
    for at in [0, 100, 200, 300, 14_000, 14_900, 31_000, 31_100, 31_200, 47_000, 64_000, 65_000] {
        run.arrived(us(400_000 + at));
        run.taken(us(400_100 + at), Taken::text("raisin"));
        run.updated(us(400_100 + at), false, None);
    }
    run
}

fn compared(
    view: View,
    msgs: &[ComparisonMsg],
    language: Language,
    theme: Theme,
    size: Vec2,
) -> Harness<'static> {
    let recording = twelve();
    let mut model = model(language);
    let events = Events::of(&recording, &recording.now());
    let mut comparisons = Comparisons::default();
    let ctx = egui::Context::default();
    let first = [ComparisonMsg::Take(events), ComparisonMsg::Show(view)];
    for msg in first.into_iter().chain(msgs.iter().cloned()) {
        for effect in update(&mut model, Msg::Comparison(msg), Duration::ZERO) {
            let Effect::Comparison(effect) = effect else { unreachable!("{effect:?}") };
            comparisons.carry_out(effect, &ctx);
        }
    }
    while comparisons.compared().is_running {
        std::thread::yield_now();
        comparisons.advance(&ctx);
    }
    pane(theme, size, move |ui| {
        let compared = comparisons.compared();
        let (recording, row) = (&recording, LogRow::None);
        rebuilds_ui(ui, &model, &RebuildsData { recording, has_news: false, row, compared });
    })
}

fn lesson(language: Language, theme: Theme, size: Vec2) -> Harness<'static> {
    let mut model = model(language);
    update(&mut model, Msg::TookIn { events: 1 }, Duration::ZERO);
    pane(theme, size, move |ui| {
        lesson_ui(ui, &model);
    })
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
