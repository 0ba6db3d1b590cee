//! The connection's sheet by keyboard alone: what waits is taken back, what is in doubt is settled, and how a
//! proxy is chosen.

use app_core::settings::ProxyChoice;
use app_core::{Language, Opening};
use egui::accesskit::Toggled;
use egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::NodeT as _;
use websocket_echo::i18n::{Words, words};

use crate::servers::{EchoServer, Scripted, nobody};
use crate::window::{Window, reconnecting};

/// More controls than there are.
const MANY: usize = 200;

fn open(address: String, language: Language) -> Window {
    let mut window =
        Window::open_sized(Opening { language, ..reconnecting(address) }, vec2(1400.0, 800.0));
    window.press_with(Modifiers::COMMAND, Key::Comma);
    window
}

/// Moves on until the control of this name has the keyboard.
#[track_caller]
fn tab_to(window: &mut Window, label: &str) {
    for _ in 0..MANY {
        if window.focused().as_deref() == Some(label) {
            return;
        }
        window.press(Key::Tab);
    }
    unreachable!("no way to {label:?}: {window:?}");
}

#[track_caller]
fn choose(window: &mut Window, label: &str) {
    tab_to(window, label);
    window.press(Key::Space);
}

fn send(window: &mut Window, words: &Words, text: &str) {
    tab_to(window, words.message.label);
    window.type_text(text);
    window.press(Key::Enter);
}

#[test]
fn what_waits_is_taken_back() {
    for language in Language::ALL {
        let words = words(language);
        let mut window = open(format!("ws://{}/", nobody()), language);
        for text in ["raisin", "grape", "plum"] {
            send(&mut window, words, text);
            // The text stays selected, and the next one takes its place.
        }
        window.until_shown(&(words.connection.waiting)(3));
        choose(&mut window, words.connection.take_back_button);
        window.until_shown(&(words.connection.waiting)(2));
        choose(&mut window, words.connection.take_back_all_button);
        window.until("nothing", |window| !window.shows(&(words.connection.waiting)(2)));
        // All of it stands above the field, and is sent from there.
        choose(&mut window, words.message.send_button);
        window.until("all that was taken back", |window| {
            (2..=3).any(|count| window.shows(&(words.connection.waiting)(count)))
        });
    }
}

#[test]
fn what_is_in_doubt_is_settled() {
    for (sends_again, language) in [(true, Language::English), (false, Language::Chinese)] {
        let words = words(language);
        let first = Scripted::start(|mut peer| {
            peer.text();
        });
        let address = first.address;
        let mut window = open(first.url(), language);
        window.until_shown((words.connection.status_word)(app_core::ConnectionStatus::Open));
        send(&mut window, words, "raisin");
        first.end();
        let in_doubt = (words.connection.in_doubt)(1);
        window.until_shown(&in_doubt);
        let server = EchoServer::start_at(address);
        window.until_shown((words.connection.status_word)(app_core::ConnectionStatus::Open));
        let button = if sends_again {
            words.connection.resend_button
        } else {
            words.connection.let_go_button
        };
        choose(&mut window, button);
        window.until("nothing in doubt", |window| !window.shows(&in_doubt));
        if sends_again {
            window.until_shown(&(words.message.echo)("raisin"));
        }
        server.shut_down();
    }
}

#[test]
fn a_proxy_is_chosen() {
    for language in Language::ALL {
        let words = words(language);
        let server = EchoServer::start();
        let mut window = open(server.url(), language);
        choose(&mut window, words.connection.request_title);
        for choice in [ProxyChoice::Typed, ProxyChoice::Direct] {
            let label = (words.connection.proxy)(choice);
            choose(&mut window, label);
            let toggled = window.get(label).accesskit_node().toggled();
            assert_eq!(toggled, Some(Toggled::True), "{label}: {window:?}");
        }
        server.shut_down();
    }
}
