//! Closer and farther on the time axes of the rebuilds panel: by key, by button and by pointer.

use std::time::Duration;

use app_core::comparison::View;
use app_core::recording::{FileWriter, Recording, Taken};
use app_core::{Language, Panel};
use egui::{Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, Pos2, TouchPhase, vec2};
use websocket_echo::i18n::{Words, words};

use crate::servers::EchoServer;
use crate::window::{Window, opening};

const WORDS: &Words = words(Language::English);

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A hundred messages, ten milliseconds apart.
fn showing(server: &EchoServer, name: &str) -> Window {
    let mut run = Recording::new(ms(0));
    run.connected(ms(0));
    for number in 0..=100 {
        run.arrived(ms(10 * number));
        run.taken(ms(10 * number), Taken::text("raisin"));
        run.updated(ms(10 * number), false, None);
        run.drawn(ms(10 * number));
    }
    let path = std::env::temp_dir().join(format!("{}-{name}", std::process::id()));
    std::fs::write(&path, FileWriter::new(&run).flatten().collect::<Vec<u8>>()).unwrap();
    let mut window = Window::open_sized(opening(server.url()), vec2(1200.0, 2400.0));
    window.until_shown("Open");
    window.toggle_panel(Panel::Rebuilds);
    window.page().answer_dialogs(Some(path.clone()));
    window.click(WORDS.replay.open_button.0);
    window.until("opened", |window| window.shows("All 1.0 s"));
    std::fs::remove_file(path).unwrap();
    window
}

fn focus(window: &mut Window, label: &str) {
    window.get(label).focus();
    window.show();
}

/// The first of several of this name, which is the recording's; the last is that of what is compared.
fn click_last(window: &mut Window, label: &str) {
    window.click_among(label, |mut nodes| nodes.pop());
}

#[test]
fn part_of_a_recording_is_seen_and_the_moment_stays_in_it() {
    let server = EchoServer::start();
    let mut window = showing(&server, "zoom.recording.json");
    focus(&mut window, WORDS.replay.slider);
    window.press(Key::Plus);
    assert!(window.shows("500 ms to 1.00 s of 1.0 s"), "{window:?}");
    window.press_with(Modifiers::SHIFT, Key::Equals);
    assert!(window.shows("750 ms to 1.00 s of 1.0 s"), "{window:?}");
    // From event to event the part goes along.
    for _ in 0..30 {
        window.press(Key::ArrowLeft);
    }
    assert!(window.shows("700 ms, event 71, frame 0"), "{window:?}");
    assert!(window.shows("625 ms to 875 ms of 1.0 s"), "{window:?}");
    window.press(Key::Comma);
    assert!(window.shows("500 ms to 750 ms of 1.0 s"), "{window:?}");
    window.press(Key::Period);
    window.press(Key::Minus);
    assert!(window.shows("500 ms to 1.00 s of 1.0 s"), "{window:?}");
    // What zooms the whole page is nothing to the axis.
    window.press_with(Modifiers::COMMAND, Key::Num0);
    assert!(window.shows("500 ms to 1.00 s of 1.0 s"), "{window:?}");
    window.press(Key::Num0);
    assert!(window.shows("All 1.0 s"), "{window:?}");
    for (button, seen) in [
        (WORDS.zoom.zoom_in.1, "350 ms to 850 ms of 1.0 s"),
        (WORDS.zoom.earlier.1, "100 ms to 600 ms of 1.0 s"),
        (WORDS.zoom.later.1, "350 ms to 850 ms of 1.0 s"),
        (WORDS.zoom.zoom_in.1, "525 ms to 775 ms of 1.0 s"),
        (WORDS.zoom.zoom_out.1, "350 ms to 850 ms of 1.0 s"),
        (WORDS.zoom.all.1, "All 1.0 s"),
    ] {
        window.click(button);
        assert!(window.shows(seen), "{button}: {window:?}");
    }
    assert!(window.is_disabled(WORDS.zoom.all.1) && window.is_disabled(WORDS.zoom.earlier.1));
    assert_eq!(window.rest(ms(300)), 0);
}

#[test]
fn pointer_stays_on_the_moment_that_it_has_gone_to() {
    let server = EchoServer::start();
    let mut window = showing(&server, "pointer.recording.json");
    focus(&mut window, WORDS.replay.slider);
    window.press(Key::Plus);
    let track = window.get(WORDS.replay.slider).rect();
    let at = Pos2::new(track.right() - 40.0, track.center().y);
    window.harness().drag_at(Pos2::new(track.left() + 40.0, track.center().y));
    window.show();
    window.harness().hover_at(at);
    window.show();
    let moment = window.get(WORDS.replay.slider).value();
    assert_eq!(window.rest(ms(300)), 0, "a pointer that rests moves nothing");
    assert_eq!(window.get(WORDS.replay.slider).value(), moment);
    assert!(window.shows("500 ms to 1.00 s of 1.0 s"), "{window:?}");
    window.harness().drop_at(at);
    window.show();

    // What is scrolled sideways goes along; with Ctrl it is the browser's.
    let wheel = |x: f32, modifiers| Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(x, 0.0),
        phase: TouchPhase::Move,
        source: MouseWheelSource::Unknown,
        modifiers,
    };
    window.harness().hover_at(at);
    window.event(wheel(200.0, Modifiers::CTRL));
    window.rest(ms(300));
    assert!(window.shows("500 ms to 1.00 s of 1.0 s"), "{window:?}");
    window.harness().hover_at(at);
    window.event(wheel(200.0, Modifiers::NONE));
    window.rest(ms(300));
    assert!(!window.shows("500 ms to 1.00 s of 1.0 s"), "{window:?}");
}

#[test]
fn part_of_what_is_compared_is_seen_by_key() {
    let server = EchoServer::start();
    let mut window = showing(&server, "compared.recording.json");
    for (view, slider) in
        [(View::SideBySide, WORDS.comparison.moment), (View::Marbles, WORDS.comparison.marbles)]
    {
        window.click((WORDS.comparison.view)(view));
        window.rest(ms(300));
        let whole = seen(&window);
        focus(&mut window, slider);
        window.press(Key::Home);
        window.press(Key::Plus);
        window.press(Key::Plus);
        let part = seen(&window);
        assert_ne!(part, whole);
        // To the end, which is seen then.
        window.press(Key::End);
        let end = seen(&window);
        assert!(end != part && end != whole, "{end}");
        window.press(Key::Num0);
        assert_eq!(seen(&window), whole);
        click_last(&mut window, WORDS.zoom.zoom_in.1);
        assert_ne!(seen(&window), whole);
        click_last(&mut window, WORDS.zoom.all.1);
        assert_eq!(seen(&window), whole);
    }
}

/// What is said of the part of the comparison that is seen, which is what is said last.
fn seen(window: &Window) -> String {
    let is_part = |words: &String| {
        let has_unit = words.ends_with(" s") || words.ends_with(" ms");
        has_unit && (words.starts_with("All ") || words.contains(" to "))
    };
    window.words().into_iter().rfind(is_part).unwrap()
}
