//! What is kept over restarts: what a person has set, and nothing of what they said.

use std::collections::HashMap;

use app_core::stored::Damaged;
use app_core::{Language, Opening, Panel};
use eframe::{App as _, Storage};
use egui::{Key, vec2};
use websocket_echo::app::EchoPage;
use websocket_echo::i18n::words;

use crate::servers::EchoServer;
use crate::window::{Window, opening};

/// A storage in memory, as eframe has one in a file or in a browser.
#[derive(Default)]
struct Memory(HashMap<String, String>);

impl Storage for Memory {
    fn get_string(&self, key: &str) -> Option<String> {
        self.0.get(key).cloned()
    }

    fn set_string(&mut self, key: &str, value: String) {
        self.0.insert(key.to_owned(), value);
    }

    fn remove_string(&mut self, key: &str) {
        self.0.remove(key);
    }

    fn flush(&mut self) {}
}

#[test]
fn what_a_person_has_set_is_there_again() {
    let (first, second) = (EchoServer::start(), EchoServer::start());
    let mut window = Window::open_sized(opening(first.url()), vec2(1200.0, 1400.0));
    window.until_shown("Open");
    window.next_language();
    window.toggle_panel(Panel::Connection);
    window.connect_to(&second.url().replace("ws://", "ws://user:raisin@"));
    let words = words(Language::Chinese);
    window.until_shown((words.connection.status_word)(app_core::ConnectionStatus::Open));
    window.rewrite(words.message.label, "grape");
    window.press(Key::Enter);
    window.until_shown("echo: grape");

    let mut storage = Memory::default();
    window.page().save(&mut storage);
    let kept: String = storage.0.values().cloned().collect();
    assert!(!kept.contains("raisin") && !kept.contains("grape"), "{kept}");

    let stored = EchoPage::stored(Some(&storage));
    let again = Opening { stored, ..opening(first.url()) };
    let mut window = Window::open_sized(again, vec2(1200.0, 1400.0));
    let open = (words.connection.status_word)(app_core::ConnectionStatus::Open);
    window.until_shown(open);
    window.click(words.connection.recent_title);
    assert!(window.shows(&second.url()), "{window:?}");
}

#[test]
fn a_damaged_store_starts_fresh_and_says_so() {
    let server = EchoServer::start();
    for language in Language::ALL {
        let opening = Opening { language, stored: Err(Damaged), ..opening(server.url()) };
        let mut window = Window::open_with(opening);
        let words = words(language);
        assert!(window.shows(words.store_damaged), "{window:?}");
        window.until_shown((words.connection.status_word)(app_core::ConnectionStatus::Open));
        window.assert_nothing_sticks_out();
        window.click(words.dismiss_button);
        assert!(!window.shows(words.store_damaged), "{window:?}");
    }
    let mut storage = Memory::default();
    storage.set_string("websocket-echo", "{\"version\":1,".to_owned());
    assert_eq!(EchoPage::stored(Some(&storage)).err(), Some(Damaged));
    assert!(EchoPage::stored(None).is_ok());
}
