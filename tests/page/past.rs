//! The past in the rebuilds panel: turned back by button and by key, left by one, saved and opened.

use std::path::PathBuf;
use std::time::Duration;

use app_core::experiments::Experiment;
use app_core::recording::Counter;
use app_core::{Language, Panel};
use egui::{Key, Modifiers, vec2};
use websocket_echo::i18n::{Words, words};

use crate::servers::EchoServer;
use crate::window::{Window, opening};

const ENGLISH: &Words = words(Language::English);
const CHINESE: &Words = words(Language::Chinese);
const PAST: &str = "The past. The page showed:";

/// The page after ten messages and an end, with its panel open.
fn after_ten(server: &EchoServer) -> Window {
    let mut window = Window::open_sized(opening(server.url()), vec2(1200.0, 1500.0));
    window.until_shown("Open");
    window.toggle_panel(Panel::Rebuilds);
    window.click((ENGLISH.experiments.name)(Experiment::Ten));
    window.click(ENGLISH.trials.run_button);
    window.until("all of it", |window| events(window) == 11);
    window.rest(Duration::from_millis(300));
    window
}

fn events(window: &Window) -> u64 {
    let before = format!("{}: ", (ENGLISH.rebuilds.counter)(Counter::Events));
    let words = window.words();
    let mut figures = words.iter().filter_map(|words| words.strip_prefix(&before)?.parse().ok());
    figures.next().unwrap_or(u64::MAX)
}

/// The figures and the rebuilds that are shown. Frames are left out, as the page draws some all the while.
fn shown(window: &Window) -> Vec<String> {
    let is_of_frames = |words: &String| words.contains("frames") || words.contains("Frames");
    let words = window.words().into_iter();
    let figures = words.skip_while(|words| !words.starts_with("Socket: "));
    figures.filter(|words| !is_of_frames(words)).collect()
}

fn is_past(window: &Window) -> bool {
    window.words().iter().any(|words| words.starts_with("This is the past"))
}

fn file(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("{}-{name}", std::process::id()))
}

#[test]
fn buttons_turn_back_and_escape_returns() {
    let server = EchoServer::start();
    let mut window = after_ten(&server);
    let now = shown(&window);
    assert!(window.shows(ENGLISH.replay.now) && !is_past(&window));
    // The first step back is to the moment of the last event itself.
    for left in [11, 10, 9] {
        window.click(ENGLISH.replay.previous_event.0);
        assert_eq!(events(&window), left);
        assert!(is_past(&window) && window.shows(PAST));
    }
    window.click(ENGLISH.replay.next_event.0);
    assert_eq!(events(&window), 10);
    assert_eq!(window.rest(Duration::from_millis(300)), 0, "the past moves by itself");
    window.press(Key::Escape);
    assert!(window.shows(ENGLISH.replay.now) && !window.shows(PAST));
    assert_eq!(shown(&window), now);
    window.press(Key::Escape);
    assert!(!window.shows(ENGLISH.replay.now), "the second one closes the panel");
}

#[test]
fn keys_alone_go_through_a_run() {
    let server = EchoServer::start();
    let mut window = after_ten(&server);
    window.get(ENGLISH.replay.slider).focus();
    window.press(Key::Home);
    assert_eq!(events(&window), 0);
    for taken in 1..=11 {
        window.press(Key::ArrowRight);
        assert_eq!(events(&window), taken);
    }
    window.press(Key::ArrowRight);
    assert_eq!(events(&window), 11, "there is no more");
    window.press(Key::ArrowLeft);
    assert_eq!(events(&window), 10);
    // By frame: at the end of each, what it drew is what the page showed.
    window.press(Key::Home);
    for _ in 0..100 {
        window.press_with(Modifiers::SHIFT, Key::ArrowRight);
        if events(&window) == 11 {
            break;
        }
    }
    assert!(window.shows("echo: message 10") && is_past(&window));
    window.press(Key::End);
    assert!(!is_past(&window));
}

#[test]
fn trying_something_returns_to_now() {
    let server = EchoServer::start();
    let mut window = after_ten(&server);
    window.click(ENGLISH.replay.previous_frame.0);
    assert!(is_past(&window));
    window.click((ENGLISH.experiments.name)(Experiment::One));
    window.click(ENGLISH.trials.run_button);
    assert!(!is_past(&window));
    window.until_shown("echo: hello");
}

#[test]
fn saved_recording_is_opened_and_shows_the_same() {
    let server = EchoServer::start();
    let mut window = after_ten(&server);
    let before = shown(&window);
    let path = file("a.recording.json");
    window.page().answer_dialogs(Some(path.clone()));
    window.click(ENGLISH.replay.save_button.0);
    let is_saved =
        |window: &Window| window.words().iter().any(|words| words.starts_with("Saved as "));
    window.until("saved", is_saved);
    window.click(ENGLISH.dismiss_button);
    window.click((ENGLISH.experiments.name)(Experiment::One));
    window.click(ENGLISH.trials.run_button);
    window.until_shown("echo: hello");
    window.rest(Duration::from_millis(300));

    window.click(ENGLISH.replay.open_button.0);
    window.until("opened", is_past);
    let frames = |words: &String| words.contains("frames") || words.contains("rames: ");
    let without_frames =
        |words: Vec<String>| words.into_iter().filter(|words| !frames(words)).collect::<Vec<_>>();
    assert_eq!(without_frames(shown(&window)), without_frames(before.clone()));
    assert!(window.shows("echo: message 10"));
    window.press(Key::Escape);
    assert!(!is_past(&window) && window.shows("echo: hello"));

    window.drop_files(&[&path]);
    window.until("dropped", is_past);
    assert_eq!(events(&window), 11);
    std::fs::remove_file(path).unwrap();
}

#[test]
fn file_that_is_none_says_why() {
    let server = EchoServer::start();
    let mut window = after_ten(&server);
    let path = file("b.recording.json");
    for (content, why) in [
        ("{}", "This is no recording"),
        ("{\"format\": \"websocket-echo recording\", \"version\": 9}", "The file has version 9"),
        ("{\"format\": ", "The file ends too early"),
        ("{\"format\": 5 }", "The file is broken in line 1, column "),
    ] {
        std::fs::write(&path, content).unwrap();
        window.page().answer_dialogs(Some(path.clone()));
        window.click(ENGLISH.replay.open_button.0);
        window.until(why, |window| window.words().iter().any(|words| words.starts_with(why)));
        assert!(!is_past(&window));
        window.click(ENGLISH.dismiss_button);
    }
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn trace_is_saved_in_chromes_format() {
    let server = EchoServer::start();
    let mut window = after_ten(&server);
    let path = file("c.trace.json");
    window.page().answer_dialogs(Some(path.clone()));
    window.click(ENGLISH.replay.trace_button.0);
    window
        .until("saved", |window| window.words().iter().any(|words| words.starts_with("Saved as")));
    let trace: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let events = trace["traceEvents"].as_array().unwrap();
    assert_eq!(events.iter().filter(|event| event["ph"] == "b").count(), 11);
    std::fs::remove_file(path).unwrap();
}

#[test]
fn past_is_past_in_chinese_too() {
    let server = EchoServer::start();
    let mut window = after_ten(&server);
    window.next_language();
    assert!(window.shows(CHINESE.replay.now));
    window.click(CHINESE.replay.previous_event.0);
    assert!(window.shows(CHINESE.replay.page_was));
    window.click(CHINESE.replay.back_button);
    assert!(window.shows(CHINESE.replay.now));
}
