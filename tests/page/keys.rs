//! The keys that do something from anywhere, and the list of them.

use app_core::{Language, Panel};
use egui::{Event, Key, Modifiers, ViewportCommand, ViewportId, vec2};
use websocket_echo::i18n::words;

use crate::servers::EchoServer;
use crate::window::{Window, opening};

/// What the window is asked to do when these keys are pressed.
fn commands(window: &mut Window, modifiers: Modifiers, key: Key) -> Vec<ViewportCommand> {
    let harness = window.harness();
    // Not by its own hand, which draws more frames than it shows.
    harness.input_mut().events.push(Event::Key {
        key,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers,
    });
    let mut commands = Vec::new();
    // What follows is done in the next frame.
    for _ in 0..3 {
        harness.step();
        commands.extend(harness.output().viewport_output[&ViewportId::ROOT].commands.clone());
    }
    commands
}

#[test]
fn the_keys_to_quit_close_the_window() {
    for key in [Key::Q, Key::W] {
        let server = EchoServer::start();
        let mut window = Window::open(server.url());
        let commands = commands(&mut window, Modifiers::COMMAND, key);
        assert!(commands.contains(&ViewportCommand::Close), "{key:?}: {commands:?}");
        server.shut_down();
    }
}

#[test]
fn the_windows_title_has_its_language() {
    let title = |language| ViewportCommand::Title(words(language).title.to_owned());
    let mut opening = opening("ws://127.0.0.1:1/");
    if let Ok(stored) = &mut opening.stored {
        stored.language = Some(Language::Chinese);
    }
    let mut window = Window::open_with(opening);
    let commands = commands(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::L);
    assert!(commands.contains(&title(Language::English)), "{commands:?}");
}

#[test]
fn escape_closes_what_was_opened_last() {
    let server = EchoServer::start();
    let mut window = Window::open_sized(opening(server.url()), vec2(1400.0, 800.0));
    let words = words(Language::English);
    let rebuilds = (words.panel_title)(Panel::Rebuilds);
    let more = words.sending.several_lines_switch;
    let command_shift = Modifiers::COMMAND | Modifiers::SHIFT;

    window.press(Key::F2);
    window.press_with(command_shift, Key::M);
    assert!(window.shows(rebuilds) && window.shows(more), "{window:?}");
    window.press(Key::Escape);
    assert!(window.shows(rebuilds) && !window.shows(more), "{window:?}");
    assert_eq!(window.focused().as_deref(), Some(words.message.label));

    window.press_with(command_shift, Key::M);
    window.press(Key::F2);
    window.press(Key::F2);
    window.press(Key::Escape);
    assert!(!window.shows(rebuilds) && window.shows(more), "{window:?}");
    window.press(Key::Escape);
    assert!(!window.shows(rebuilds) && !window.shows(more), "{window:?}");
    server.shut_down();
}

#[test]
fn every_key_is_in_the_list() {
    for language in Language::ALL {
        let mut opening = opening("ws://127.0.0.1:1/");
        opening.language = language;
        let mut window = Window::open_with(opening);
        window.press(Key::F1);
        for keys in
            ["Enter", "Escape", "F1", "F2", "F4", "F8", "F9", "Ctrl+Comma", "Ctrl+Q", "Ctrl+0"]
        {
            assert!(window.shows(keys), "{keys}: {window:?}");
        }
        window.assert_nothing_sticks_out();
    }
}

#[test]
fn a_panel_that_opens_below_comes_into_view() {
    let size = vec2(320.0, 480.0);
    let server = EchoServer::start();
    let mut window = Window::open_sized(opening(server.url()), size);
    for panel in [Panel::Rebuilds, Panel::Lesson] {
        let close = (words(Language::English).close_panel_button)(panel);
        window.press(if panel == Panel::Rebuilds { Key::F2 } else { Key::F4 });
        // The one in the panel's heading, and not the one in the bar.
        let (_, heading) = window.rects().into_iter().rfind(|(name, _)| name == close).unwrap();
        assert!(heading.bottom() < size.y - 150.0, "{heading:?}");
        window.press(Key::Escape);
    }
    server.shut_down();
}
