//! The language can be switched at any moment, and then every sentence is in it.

use app_core::{Opening, Panel};
use egui::{Key, vec2};
use websocket_echo::i18n::{Language, words};

use crate::servers::{EchoServer, Scripted, nobody, refuse};
use crate::window::{Window, opening};

/// What is the same in both languages: names, what a person or a server wrote, and the button for
/// the other language, which is in that one.
const IN_EVERY_LANGUAGE: [&str; 14] = [
    "http://user:password@host:port",
    "socks5h:",
    "tokio-tungstenite",
    "ewebsock",
    "ping",
    "pong",
    "ws://host:port/path",
    "WebSocket",
    "raisin",
    "echo:",
    "PNG",
    "Switch to English",
    "切换到中文",
    "server is shutting down",
];

/// Switches there and back, and looks for sentences that stayed behind.
#[track_caller]
fn assert_speaks_both(window: &mut Window, address: &str) {
    let host = address.trim_start_matches("ws://").split('/').next().unwrap_or_default();
    let own_words = |words: &String| {
        let mut words = words.replace(address, "").replace(host, "");
        for known in IN_EVERY_LANGUAGE {
            words = words.replace(known, "");
        }
        words
    };
    let is_chinese = |c: char| ('\u{3000}'..='\u{9fff}').contains(&c) || c >= '\u{ff00}';
    let before = window.words();
    for words in before.iter().map(own_words) {
        assert!(!words.contains(is_chinese), "Chinese in the English page: {words}");
    }
    window.click_in_menu("切换到中文");
    // What the server wrote in its answer's head is shown as it is.
    let is_header = |words: &&String| words.contains(": ") && words.starts_with(char::is_lowercase);
    for words in window.words().iter().filter(|words| !is_header(words)).map(own_words) {
        // Schemes, hex digits and units have letters too, but no word is that short.
        let is_word = |word: &str| word.len() > 3 && word.chars().all(|c| c.is_ascii_alphabetic());
        let mut parts = words.split(|c: char| !c.is_ascii_alphabetic());
        assert!(!parts.any(is_word), "English in the Chinese page: {words}");
    }
    window.click_in_menu("Switch to English");
    assert_eq!(window.words(), before, "nothing else has changed");
}

#[test]
fn while_connecting_and_open() {
    let (server, go) = Scripted::start_later(|mut peer| {
        peer.echo();
        peer.until_gone();
    });
    let address = server.url();
    let mut window = Window::open(address.clone());
    assert_speaks_both(&mut window, &address);
    go.send(()).unwrap();
    window.until_shown("Open");
    assert_speaks_both(&mut window, &address);
    window.click("Send a message");
    window.type_text("raisin");
    window.press(Key::Enter);
    window.until_shown("echo: raisin");
    assert_speaks_both(&mut window, &address);
    drop(window);
    server.end();
}

#[test]
fn with_every_kind_of_payload() {
    let server = Scripted::start(|mut peer| {
        for bytes in [echo_server::PICTURE, &echo_server::PICTURE[..99], b"raisin"] {
            assert_eq!(peer.text(), "raisin");
            peer.send(bytes.to_vec());
        }
        peer.until_gone();
    });
    let address = server.url();
    let mut window = Window::open(address.clone());
    for words in ["Picture, ", "A PNG picture of 99 bytes", "echo: 6 bytes"] {
        window.rewrite("Send a message", "raisin");
        window.press(Key::Enter);
        window.until(words, |window| window.words().iter().any(|there| there.starts_with(words)));
        assert_speaks_both(&mut window, &address);
    }
    drop(window);
    server.end();
}

#[test]
fn with_every_mistake_in_the_address() {
    let server = EchoServer::start();
    let mut window = Window::open_sized(opening(server.url()), vec2(1200.0, 1400.0));
    window.until_shown("Open");
    let wrong =
        ["rai sin", "ws://raisin:x", "ws://raisin/#", "ws://raisin\"/", "ws://raisin%00@raisin/"];
    for address in wrong {
        window.type_address(address);
        assert_speaks_both(&mut window, address);
    }
}

#[test]
fn with_every_kind_of_trouble() {
    let address = format!("ws://{}/echo", nobody());
    let mut window = Window::open(address.clone());
    window.until_shown("Network unreachable…");
    assert_speaks_both(&mut window, &address);

    for status in ["404 Not Found", "503 Service Unavailable"] {
        let server = Scripted::start_raw(move |stream| refuse(stream, status));
        let mut window = Window::open(server.url());
        window.until_shown("Network unreachable…");
        assert_speaks_both(&mut window, &server.url());
        server.end();
    }

    for code in [1000, 1001, 1003, 1007, 1008, 1009, 1011, 1012, 1013, 1014, 3678, 4123] {
        let server = Scripted::start(move |mut peer| peer.close(code, "raisin"));
        let address = server.url();
        let mut window = Window::open(address.clone());
        window.until_shown("Closed");
        assert_speaks_both(&mut window, &address);
        server.end();
    }

    let server = Scripted::start(drop);
    let address = server.url();
    let mut window = Window::open(address.clone());
    window.until_shown("Closed");
    assert_speaks_both(&mut window, &address);
    server.end();
}

#[test]
fn while_the_page_echoes_by_itself() {
    let address = format!("ws://{}/echo", nobody());
    let opening = Opening { can_echo_in_page: true, ..opening(address.clone()) };
    let mut window = Window::open_with(opening);
    window.until_shown("Try the server again");
    assert_speaks_both(&mut window, &address);
}

#[test]
fn drafts_are_kept() {
    let server = EchoServer::start();
    let mut window = Window::open(server.url());
    window.type_address("ws://raisin/");
    window.toggle_panel(Panel::Connection);
    window.rewrite("Send a message", "half a sen");
    window.click_in_menu("切换到中文");
    let words = words(Language::Chinese);
    let value = |window: &Window, label: &str| window.get(label).value().unwrap_or_default();
    assert_eq!(value(&window, words.message.label), "half a sen");
    window.click(words.message.label);
    window.press(Key::End);
    window.type_text("tence");
    assert_eq!(value(&window, words.message.label), "half a sentence");
    window.toggle_panel(Panel::Connection);
    assert_eq!(value(&window, words.connection.address_label), "ws://raisin/");
}

#[test]
fn light_and_dark_can_be_switched_in_both_languages() {
    let server = EchoServer::start();
    for language in Language::ALL {
        let mut window = Window::open_with(Opening { language, ..opening(server.url()) });
        let words = words(language);
        for [from, to] in [
            [words.light_mode_button, words.dark_mode_button],
            [words.dark_mode_button, words.light_mode_button],
        ] {
            window.click(words.more_button);
            let button = if window.shows(from) { from } else { to };
            window.click(button);
            window.click(words.more_button);
            assert!(!window.shows(button), "{window:?}");
            window.click(words.system_theme_button);
        }
    }
}
