//! The lesson: it shows the steps, their source, and which of them was taken last.

use std::time::Duration;

use app_core::steps::Step;
use app_core::{Opening, Panel};
use egui::{Key, vec2};
use websocket_echo::i18n::{Language, Words, words};
use websocket_echo::lesson::{dart, source};

use crate::servers::EchoServer;
use crate::window::{Window, opening};

const ENGLISH: &Words = words(Language::English);
const A_WHILE: Duration = Duration::from_millis(300);

fn open(opening: Opening) -> Window {
    let mut window = Window::open_sized(opening, vec2(1200.0, 1600.0));
    window.toggle_panel(Panel::Lesson);
    window
}

#[test]
fn it_shows_each_step_and_its_lines() {
    let server = EchoServer::start();
    for language in Language::ALL {
        let window = open(Opening { language, ..opening(server.url()) });
        let words = &words(language).lesson;
        for step in Step::ALL {
            assert!(window.shows((words.step)(step)));
            assert!(window.shows((words.about_step)(step)));
            let mut lines: Vec<String> = dart(step).lines().map(ToOwned::to_owned).collect();
            for excerpt in source(step) {
                assert!(window.shows(&(words.source_place)(excerpt.file, excerpt.line)));
                lines.extend(excerpt.code.lines().map(ToOwned::to_owned));
            }
            for line in lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()) {
                assert!(window.shows(line), "{line}: {window:?}");
            }
        }
    }
}

#[test]
fn the_step_that_is_taken_is_marked() {
    let server = EchoServer::start();
    let mut window = open(opening(server.url()));
    window.until_shown("Open");
    window.click("Send a message");
    window.type_text("raisin");
    window.press(Key::Enter);
    window.until_shown("echo: raisin");
    let words = window.words();
    let after = |step: Step| {
        let at = words.iter().position(|words| words == (ENGLISH.lesson.step)(step)).unwrap();
        words[at + 1].as_str()
    };
    assert_eq!(Step::ALL.map(after), ["once", "just now", "once", "not yet"]);
    window.rest(A_WHILE);
    assert_eq!(window.rest(A_WHILE), 0, "it draws nothing while nothing happens");

    let stopped = server.shut_down();
    window.until("the close", |window| !window.shows("not yet"));
    stopped.join().unwrap().unwrap();
}

#[test]
fn nothing_sticks_out_wherever_it_stands() {
    let server = EchoServer::start();
    for language in Language::ALL {
        for size in [vec2(320.0, 700.0), vec2(960.0, 700.0)] {
            let opening = Opening { language, ..opening(server.url()) };
            let mut window = Window::open_sized(opening, size);
            window.toggle_panel(Panel::Lesson);
            window.assert_nothing_sticks_out();
        }
    }
}
