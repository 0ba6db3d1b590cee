//! The log and the rebuilds panel point at each other: from a row to its moment in the recording, from a moment to
//! its row, and what was recorded stays when the panel closes.

use std::path::PathBuf;
use std::time::Duration;

use app_core::experiments::Experiment;
use app_core::{Language, Panel};
use egui::{Key, Modifiers, Vec2, vec2};
use websocket_echo::i18n::{Words, words};

use crate::servers::EchoServer;
use crate::window::{Window, opening};

const ENGLISH: &Words = words(Language::English);
const CHINESE: &Words = words(Language::Chinese);
const WIDE: Vec2 = vec2(1600.0, 1500.0);

/// The page after the experiment with ten messages, with the panel in which it was recorded closed again.
fn after_ten(server: &EchoServer, size: Vec2) -> Window {
    let mut window = Window::open_sized(opening(server.url()), size);
    window.until_shown("Open");
    window.toggle_panel(Panel::Rebuilds);
    window.click((ENGLISH.experiments.name)(Experiment::Ten));
    window.click(ENGLISH.trials.run_button);
    window.until_shown("Closed");
    window.rest(Duration::from_millis(300));
    window.toggle_panel(Panel::Rebuilds);
    window
}

/// Connects to the server's echo, and hears of a raisin from there.
fn echo(window: &mut Window, server: &EchoServer) {
    window.connect_to(&server.url());
    window.until_shown("Open");
    window.toggle_panel(Panel::Connection);
    window.rewrite("Send a message", "raisin");
    window.press(Key::Enter);
    window.until_shown("echo: raisin");
}

/// Opens the row of the log that says this, with what is known of it.
fn open_row(window: &mut Window, part: &str) {
    let row = window.words().into_iter().map(Some).find(|name| is_row(name, part)).flatten();
    window.click(&row.unwrap_or_else(|| unreachable!("no {part} in {window:?}")));
    window.click("Facts");
}

/// Whether this is the name of the row that says this.
fn is_row(name: &Option<String>, part: &str) -> bool {
    name.as_ref().is_some_and(|name| name.starts_with("Row ") && name.contains(part))
}

/// What the slider over the recording says of where it stands.
fn moment(window: &Window) -> String {
    let is_moment = |words: &String| words.contains(", event ") && words.contains(", frame ");
    window.words().into_iter().find(is_moment).unwrap_or_default()
}

fn offers_moment(window: &Window) -> bool {
    window.shows(ENGLISH.replay.show_moment_button)
}

fn show_row() -> &'static str {
    (ENGLISH.replay.show_row_button)(false).0
}

fn press_across(window: &mut Window) {
    window.press_with(Modifiers::SHIFT, Key::F2);
}

#[test]
fn what_was_recorded_stays_when_the_panel_closes() {
    let server = EchoServer::start();
    let mut window = after_ten(&server, WIDE);
    echo(&mut window, &server);
    window.toggle_panel(Panel::Rebuilds);
    assert!(window.shows(ENGLISH.replay.stopped) && !window.shows(ENGLISH.replay.now));
    assert!(moment(&window).contains(", event 11,"), "{}", moment(&window));
    window.click(ENGLISH.replay.previous_event.0);
    window.press(Key::Escape);
    assert!(window.shows(ENGLISH.replay.stopped), "back at the end of what was recorded");
    assert_eq!(window.rest(Duration::from_millis(300)), 0, "nothing moves");

    window.click(ENGLISH.replay.record_button);
    assert!(window.shows(ENGLISH.replay.now) && !window.shows(ENGLISH.replay.stopped));
    assert!(moment(&window).contains(", event 0,"), "{}", moment(&window));
    window.rewrite("Send a message", "grape");
    window.press(Key::Enter);
    window.until_shown("echo: grape");
    assert!(moment(&window).contains(", event 1,"), "{}", moment(&window));
}

#[test]
fn empty_recording_is_not_kept() {
    let server = EchoServer::start();
    let mut window = Window::open_sized(opening(server.url()), WIDE);
    window.until_shown("Open");
    for _ in 0..2 {
        window.toggle_panel(Panel::Rebuilds);
        assert!(window.shows(ENGLISH.replay.now));
        window.toggle_panel(Panel::Rebuilds);
    }
    window.toggle_panel(Panel::Rebuilds);
    window.rewrite("Send a message", "raisin");
    window.press(Key::Enter);
    window.until("it was seen", |window| moment(window).contains(", event 1,"));
}

#[test]
fn buttons_go_from_row_to_moment_and_back() {
    let server = EchoServer::start();
    let mut window = after_ten(&server, WIDE);
    window.toggle_panel(Panel::Log);
    open_row(&mut window, "message 3,");
    assert!(window.shows(&(ENGLISH.replay.event)(3)));
    window.click(ENGLISH.replay.show_moment_button);
    assert!(moment(&window).contains(", event 3,"), "{}", moment(&window));
    assert_eq!(window.focused().as_deref(), Some(ENGLISH.replay.slider));
    window.press(Key::ArrowRight);
    assert!(moment(&window).contains(", event 4,"), "the keyboard goes on from there");

    window.click(show_row());
    assert!(!window.shows(ENGLISH.replay.slider));
    assert!(window.shows(&(ENGLISH.replay.event)(4)), "its facts, as they were chosen: {window:?}");
    assert!(is_row(&window.focused(), "message 4"), "{:?}", window.focused());
    window.press(Key::ArrowDown);
    assert!(window.shows(&(ENGLISH.replay.event)(5)), "the list goes on from there: {window:?}");
}

#[test]
fn one_key_goes_there_and_back() {
    let server = EchoServer::start();
    for size in [WIDE, vec2(400.0, 900.0)] {
        let mut window = after_ten(&server, size);
        window.press(Key::F9);
        press_across(&mut window);
        assert!(window.shows(ENGLISH.log.list_name), "nothing is looked at, nothing happens");
        open_row(&mut window, "message 7,");
        press_across(&mut window);
        assert!(moment(&window).contains(", event 7,"), "{size}: {}", moment(&window));
        let slider = window.get(ENGLISH.replay.slider).rect();
        assert!(slider.top() > 0.0 && slider.bottom() < size.y, "{size}: it is at {slider}");
        window.press(Key::ArrowLeft);
        press_across(&mut window);
        assert!(window.shows(&(ENGLISH.replay.event)(6)), "{size}: {window:?}");
        let focused = window.focused();
        let is_over = focused.as_deref() == Some(ENGLISH.log.close_row_button);
        assert!(is_over || is_row(&focused, "message 6"), "{size}: {focused:?}");
    }
}

#[test]
fn rows_of_no_recorded_event_offer_nothing() {
    let server = EchoServer::start();
    let mut window = after_ten(&server, WIDE);
    echo(&mut window, &server);
    window.toggle_panel(Panel::Log);
    for part in ["Received, 6 bytes, raisin", "Sent, 6 bytes, raisin", "Closed by the server"] {
        open_row(&mut window, part);
        assert!(!offers_moment(&window), "{part}");
        press_across(&mut window);
        assert!(window.shows(ENGLISH.log.list_name), "{part}");
    }
    open_row(&mut window, "message 10,");
    assert!(offers_moment(&window));
    // The end of the connection is an event, and no message.
    press_across(&mut window);
    window.press(Key::ArrowRight);
    assert!(window.is_disabled(show_row()));
    window.press(Key::ArrowLeft);
    assert!(!window.is_disabled(show_row()));

    // Once it is recorded anew, the rows are of another run.
    window.press(Key::Escape);
    window.click(ENGLISH.replay.record_button);
    window.toggle_panel(Panel::Log);
    open_row(&mut window, "message 10,");
    assert!(!offers_moment(&window));
}

#[test]
fn dropped_row_is_told() {
    let server = EchoServer::start();
    let mut window = after_ten(&server, WIDE);
    window.toggle_panel(Panel::Log);
    open_row(&mut window, "message 3,");
    press_across(&mut window);
    assert!(window.shows(show_row()));
    window.toggle_panel(Panel::Log);
    window.click(ENGLISH.log.clear_button);
    window.toggle_panel(Panel::Rebuilds);
    window.click(ENGLISH.replay.previous_event.0);
    window.press(Key::ArrowLeft);
    assert!(window.is_disabled((ENGLISH.replay.show_row_button)(true).0), "{window:?}");
    press_across(&mut window);
    assert!(window.shows(ENGLISH.replay.slider));
}

fn file(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("{}-across-{name}", std::process::id()))
}

#[test]
fn files_are_of_another_run() {
    let server = EchoServer::start();
    let mut window = after_ten(&server, WIDE);
    let (recording, log) = (file("a.recording.json"), file("a.jsonl"));
    window.toggle_panel(Panel::Rebuilds);
    window.page().answer_dialogs(Some(recording.clone()));
    window.click(ENGLISH.replay.save_button.0);
    let is_saved = |window: &Window| window.words().iter().any(|words| words.starts_with("Saved"));
    window.until("saved", is_saved);
    window.click(ENGLISH.replay.open_button.0);
    window.until("opened", |window| window.words().iter().any(|words| words.contains("from “")));
    window.press(Key::ArrowLeft);
    assert!(window.is_disabled(show_row()));

    window.toggle_panel(Panel::Log);
    window.page().answer_dialogs(Some(log.clone()));
    window.click(ENGLISH.log.save_button);
    window.click((ENGLISH.log.save_item)(message_log::Format::JsonLines, false));
    window.until("saved", is_saved);
    window.click(ENGLISH.log.open_button);
    window.until_shown(ENGLISH.log.live_button);
    open_row(&mut window, "message 3,");
    assert!(!offers_moment(&window));
    // A moment of the live recording is a row of the live log, whichever is shown.
    window.toggle_panel(Panel::Rebuilds);
    window.click(ENGLISH.replay.previous_frame.0);
    window.get(ENGLISH.replay.slider).focus();
    window.press(Key::Home);
    for _ in 0..5 {
        window.press(Key::ArrowRight);
    }
    window.click(show_row());
    window.click("Facts");
    assert!(window.shows(&(ENGLISH.replay.event)(5)), "{window:?}");
    assert!(!window.shows(ENGLISH.log.live_button));
    for file in [recording, log] {
        std::fs::remove_file(file).unwrap();
    }
}

#[test]
fn the_same_in_chinese() {
    let server = EchoServer::start();
    let mut window = after_ten(&server, WIDE);
    window.next_language();
    window.toggle_panel(Panel::Rebuilds);
    assert!(window.shows(CHINESE.replay.stopped) && window.shows(CHINESE.replay.record_button));
    window.click(CHINESE.replay.previous_event.0);
    window.press(Key::ArrowLeft);
    window.click((CHINESE.replay.show_row_button)(false).0);
    window.click((CHINESE.log.tab)(app_core::log::RowTab::Facts));
    assert!(window.shows(&(CHINESE.replay.event)(10)), "{window:?}");
    window.click(CHINESE.replay.show_moment_button);
    assert!(window.shows(CHINESE.replay.slider));
}
