//! A lost connection is made again: what the page says meanwhile, and what becomes of messages.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::mpsc;
use std::time::Duration;

use app_core::{Language, Opening, Panel};
use egui::{Key, vec2};
use websocket_echo::i18n::words;

use crate::servers::{EchoServer, Scripted, nobody_yet};
use crate::window::{DEADLINE, Window, reconnecting};

#[test]
fn it_is_made_again_and_the_error_text_stays_until_data_comes() {
    let (cut, asked) = mpsc::channel::<()>();
    let first = Scripted::start(move |mut peer| {
        peer.echo();
        asked.recv_timeout(DEADLINE).unwrap();
    });
    let address = first.address;
    let mut window = Window::open_with(reconnecting(first.url()));
    window.type_text("raisin");
    window.press(Key::Enter);
    window.until_shown("echo: raisin");
    cut.send(()).unwrap();
    first.end();
    window.until_shown("Network unreachable…");
    let _second = EchoServer::start_at(address);
    window.until_shown("Open");
    assert!(window.shows("Network unreachable…"), "{window:?}");
    assert!(window.shows("Connected again; this stays until a message comes"), "{window:?}");
    window.rewrite("Send a message", "grape");
    window.press(Key::Enter);
    window.until_shown("echo: grape");
    assert!(!window.shows("Network unreachable…"), "{window:?}");
}

#[test]
fn while_it_waits_the_attempt_and_the_time_are_told() {
    let nobody = nobody_yet();
    for (language, words_of_it) in
        [(Language::English, "Attempt 2 in 3"), (Language::Chinese, "第 2 次重连")]
    {
        let mut opening = Opening { language, ..reconnecting(format!("ws://{nobody}/echo")) };
        if let Ok(stored) = &mut opening.stored {
            stored.settings.first_wait = "3600".to_owned();
            stored.settings.longest_wait = "3600".to_owned();
        }
        let mut window = Window::open_with(opening);
        window.until("the wait", |window| {
            window
                .words()
                .iter()
                .any(|said| said.contains(words_of_it) || said.contains("Attempt 2 in"))
        });
        let words = words(language);
        assert!(window.shows(words.errors.unreachable), "{window:?}");
        // A countdown is one frame a second, while it is seen.
        let frames = window.rest(Duration::from_millis(300));
        assert!(frames <= 3, "{frames} frames");
        let (text, shown) = ("plum", (words.message.echo)("plum"));
        window.type_text(text);
        window.press(Key::Enter);
        let server = EchoServer::start_at(nobody);
        window.click(words.connection.retry_now_button);
        window.until_shown(&shown);
        server.shut_down().join().unwrap().unwrap();
    }
}

#[test]
fn what_waits_is_seen_and_can_be_taken_back() {
    let nobody = nobody_yet();
    let mut opening = reconnecting(format!("ws://{nobody}/echo"));
    if let Ok(stored) = &mut opening.stored {
        stored.settings.first_wait = "3600".to_owned();
        stored.settings.longest_wait = "3600".to_owned();
    }
    let mut window = Window::open_sized(opening, vec2(1200.0, 1400.0));
    window.until_shown("Network unreachable…");
    for text in ["raisin", "grape", "plum"] {
        window.rewrite("Send a message", text);
        window.press(Key::Enter);
    }
    window.toggle_panel(Panel::Connection);
    window.until_shown("3 messages wait to be sent");
    window.click("Take all back");
    window.until("nothing that waits", |window| !window.shows("3 messages wait to be sent"));
    // The last one still stands in the field, the others above it.
    window.click("Send message");
    window.until_shown("2 messages wait to be sent");
    window.click("Send message");
    window.until_shown("3 messages wait to be sent");
    window.click("Take all back");
    window.until("nothing that waits", |window| !window.shows("3 messages wait to be sent"));
}

#[test]
fn what_is_in_doubt_is_sent_again_when_asked() {
    let first = Scripted::start(|mut peer| {
        peer.text();
    });
    let address = first.address;
    let mut window = Window::open_sized(reconnecting(first.url()), vec2(1200.0, 1400.0));
    window.until_shown("Open");
    window.rewrite("Send a message", "raisin");
    window.press(Key::Enter);
    first.end();
    // By its key: the button moves with each attempt.
    window.press_with(egui::Modifiers::COMMAND, Key::Comma);
    window.until_shown("1 message may or may not have arrived");
    let _second = EchoServer::start_at(address);
    window.until_shown("No subprotocol");
    window.click("Send again");
    window.until_shown("echo: raisin");
}

#[test]
fn an_orderly_end_is_told_once_and_then_it_connects_again() {
    let server = EchoServer::start();
    let address = server.address;
    let mut window = Window::open_with(reconnecting(server.url()));
    window.rewrite("Send a message", "raisin");
    window.press(Key::Enter);
    window.until_shown("echo: raisin");
    server.shut_down().join().unwrap().unwrap();
    let _second = EchoServer::start_at(address);
    window.until_shown("Open");
    window.rewrite("Send a message", "grape");
    window.press(Key::Enter);
    window.until_shown("echo: grape");
}

#[test]
fn a_silent_server_is_no_reason_for_frames() {
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = silent.local_addr().unwrap();
    let mut window = Window::open_with(reconnecting(format!("ws://{address}/")));
    window.until_shown("Connecting…");
    window.rest(Duration::from_millis(300));
    assert_eq!(window.rest(Duration::from_millis(300)), 0, "{window:?}");
}
