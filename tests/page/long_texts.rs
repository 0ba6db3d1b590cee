//! Texts that a page is rarely tried with: very long ones, and scripts beside Latin and Chinese.

use egui::{Key, vec2};

use crate::servers::{EchoServer, Scripted, nobody};
use crate::window::{Window, opening};

const SIZES: [egui::Vec2; 2] = [vec2(320.0, 400.0), vec2(1400.0, 800.0)];

#[test]
fn every_text_comes_back_whole_and_fits_the_window() {
    let words = "Wie viele Rosinen passen in ein Feld? ".repeat(140)[..5000].to_owned();
    let server = EchoServer::start();
    for text in [
        "r".repeat(5000),
        words,
        "你好".repeat(2500),
        "你好 مرحبا بالعالم שלום עולם 👩‍🚀🦀🎉 e\u{301}\u{301}\u{301}".to_owned(),
        "\u{202e}raisin\u{202c} \u{200b}\u{feff}".to_owned(),
    ] {
        for size in SIZES {
            let mut window = Window::open_sized(opening(server.url()), size);
            window.type_text(&text);
            assert_eq!(window.get("Send a message").value().as_deref(), Some(&*text));
            window.press(Key::Enter);
            window.until_shown(&format!("echo: {text}"));
            window.assert_nothing_sticks_out();
            window.scroll_to_end("Send a message");
            window.assert_nothing_sticks_out();
            // The next text is shorter, and the page is not left scrolled beyond its end.
            window.type_text("raisin");
            window.press(Key::Enter);
            window.until("the text in sight", |window| {
                window.shows("echo: raisin") && window.get("echo: raisin").rect().top() > 0.0
            });
        }
    }
}

/// A label of it would stop the page for seconds.
#[test]
fn a_text_of_many_megabytes_is_shown_and_does_not_stop_the_page() {
    const MIB: usize = 1024 * 1024;

    let server = EchoServer::start();
    for size in SIZES {
        let mut window = Window::open_sized(opening(server.url()), size);
        window.until_shown("Open");
        window.paste(&"r".repeat(12 * MIB));
        window.until_shown("Text, 12 582 912 bytes");
        assert_eq!(window.get("Send a message").value().as_deref(), Some(""));
        window.click("Send message");
        window.until_shown("echo: a text of 12 582 912 bytes");
        window.assert_nothing_sticks_out();
        assert!(!window.shows("Remove the attachment"), "{window:?}");
    }
}

#[test]
fn a_long_paste_is_attached_and_can_be_removed() {
    let server = EchoServer::start();
    let mut window = Window::open(server.url());
    window.until_shown("Open");
    window.type_text("raisin");
    window.paste(&"grape ".repeat(10_000));
    window.until_shown("Text, 60 000 bytes");
    assert_eq!(window.get("Send a message").value().as_deref(), Some("raisin"));
    window.click("Remove the attachment");
    assert!(!window.shows("Text, 60 000 bytes"), "{window:?}");
    window.click("Send message");
    window.until_shown("echo: raisin");
}

#[test]
fn long_addresses_and_reasons_fit_the_window() {
    let long = "raisin".repeat(800);
    for size in SIZES {
        let server = Scripted::start(|mut peer| {
            peer.close(1011, "rosinenrosinenrosinenrosinenrosinenrosinenrosinenrosinenrosinen");
        });
        let mut window = Window::open_sized(opening(server.url()), size);
        window.until_shown("Network unreachable…");
        window.assert_nothing_sticks_out();
        server.end();

        window.type_address(&format!("{long}://a"));
        window.assert_nothing_sticks_out();
        window.connect_to(&format!("ws://{}/{long}", nobody()));
        window.until("who refuses", |window| {
            window.words().iter().any(|words| words.starts_with("Nothing listens"))
        });
        window.assert_nothing_sticks_out();
        window.click_in_menu("切换到中文");
        window.assert_nothing_sticks_out();
    }
}

#[test]
fn a_window_that_changes_its_size_keeps_everything_inside() {
    let server = EchoServer::start();
    let mut window = Window::open_sized(opening(server.picture_url()), vec2(1400.0, 800.0));
    window.until("the picture", |window| {
        window.words().iter().any(|words| words.starts_with("Picture, "))
    });
    for size in SIZES {
        window.resize(size);
        window.assert_nothing_sticks_out();
    }
}
