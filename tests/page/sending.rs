//! Steps three and two: what is typed is sent, and what comes back is shown.

use app_core::Opening;
use egui::Key;
use websocket_echo::i18n::{Language, Words, words};

use crate::servers::{EchoServer, Scripted, nobody};
use crate::window::{Window, opening};

/// The page over the real server and over its own echo, in both languages.
fn everywhere(mut play: impl FnMut(Window, &Words)) {
    let server = EchoServer::start();
    for language in Language::ALL {
        let connected = Opening { language, ..opening(server.url()) };
        let address = format!("ws://{}/echo", nobody());
        let by_itself = Opening { language, can_echo_in_page: true, ..opening(address) };
        for opening in [connected, by_itself] {
            play(Window::open_with(opening), words(language));
        }
    }
}

#[test]
fn enter_sends() {
    everywhere(|mut window, words| {
        window.click(words.message.label);
        window.type_text("raisin");
        window.press(Key::Enter);
        window.until_shown("echo: raisin");
    });
}

#[test]
fn the_round_button_sends() {
    everywhere(|mut window, words| {
        window.click(words.message.label);
        window.type_text("raisin");
        window.click(words.message.send_button);
        window.until_shown("echo: raisin");
    });
}

#[test]
fn everything_goes_by_keyboard_alone() {
    everywhere(|mut window, words| {
        assert_eq!(window.focused().as_deref(), Some(words.message.label), "ready to type");
        window.type_text("raisin");
        let mut steps = 0;
        while window.focused().as_deref() != Some(words.message.send_button) {
            window.press(Key::Tab);
            steps += 1;
            assert!(steps < 20, "Tab does not come to the button: {window:?}");
        }
        window.press(Key::Space);
        window.until_shown("echo: raisin");
        assert_eq!(window.focused().as_deref(), Some(words.message.label));
    });
}

#[test]
fn the_next_key_replaces_the_text_that_was_sent() {
    everywhere(|mut window, words| {
        for by_mouse in [false, true] {
            let send = |window: &mut Window| {
                if by_mouse {
                    window.click(words.message.send_button);
                } else {
                    window.press(Key::Enter);
                }
            };
            window.rewrite(words.message.label, "raisin");
            send(&mut window);
            let field = words.message.label;
            assert_eq!(window.focused().as_deref(), Some(field));
            assert_eq!(window.get(field).value().as_deref(), Some("raisin"), "the text stays");
            window.until_shown("echo: raisin");

            window.type_text("g");
            window.type_text("rape");
            assert_eq!(window.get(field).value().as_deref(), Some("grape"));
            send(&mut window);
            window.until_shown("echo: grape");
        }
    });
}

#[test]
fn empty_text_is_not_sent() {
    let server = Scripted::start(|mut peer| {
        let first = peer.text();
        peer.send(first.as_str());
        peer.until_gone();
        first
    });
    let mut window = Window::open(server.url());
    window.until_shown("Open");
    window.press(Key::Enter);
    window.click("Send message");
    assert_eq!(window.focused().as_deref(), Some("Send a message"));
    window.type_text("raisin");
    window.press(Key::Enter);
    window.until_shown("echo: raisin");
    drop(window);
    assert_eq!(server.end(), "raisin");
}

#[test]
fn what_is_sent_while_connecting_waits_for_the_handshake() {
    let (server, go) = Scripted::start_later(|mut peer| {
        peer.echo();
        peer.echo();
        peer.until_gone();
    });
    let mut window = Window::open(server.url());
    window.until_shown("Connecting…");
    window.type_text("raisin");
    window.press(Key::Enter);
    window.type_text("grape");
    window.press(Key::Enter);
    assert!(window.shows("Connecting…"));
    go.send(()).unwrap();
    window.until_shown("echo: grape");
    drop(window);
    server.end();
}

#[test]
fn a_message_that_nobody_asked_for_is_shown_too() {
    let server = Scripted::start(|mut peer| {
        peer.send("raisin");
        peer.until_gone();
    });
    let mut window = Window::open(server.url());
    window.until_shown("echo: raisin");
    drop(window);
    server.end();
}
