//! The keyboard alone: what has it is in view and keeps it, and what can be read can be scrolled to.

use app_core::{ConnectionStatus, Language, Opening, Panel};
use egui::{Key, Rect, vec2};
use egui_kittest::kittest::NodeT as _;
use websocket_echo::i18n::words;

use crate::servers::EchoServer;
use crate::window::{Window, opening};

/// Where what has the keyboard is.
fn focused_rect(window: &mut Window) -> Option<Rect> {
    let mut nodes = window.harness().root().children_recursive();
    nodes.find(egui_kittest::Node::is_focused).map(|node| node.rect())
}

#[test]
fn a_panel_that_comes_leaves_the_keyboard_on_its_button() {
    let server = EchoServer::start();
    let mut window = Window::open_sized(opening(server.url()), vec2(1200.0, 800.0));
    window.until_shown("Open");
    window.get("Show the rebuilds").focus();
    window.show();
    window.press(Key::Enter);
    assert_eq!(window.focused().as_deref(), Some("Hide the rebuilds"), "two columns");
    window.press(Key::Enter);
    assert_eq!(window.focused().as_deref(), Some("Show the rebuilds"), "one column");
}

#[test]
fn tab_brings_what_it_reaches_into_view() {
    let server = EchoServer::start();
    for size in [vec2(800.0, 600.0), vec2(320.0, 256.0)] {
        let mut window = Window::open_sized(opening(server.url()), size);
        window.until_shown("Open");
        window.toggle_panel(Panel::Rebuilds);
        let whole = Rect::from_min_size(egui::Pos2::ZERO, size);
        let mut reached = Vec::new();
        for _ in 0..40 {
            window.press(Key::Tab);
            let name = window.focused();
            let rect = focused_rect(&mut window);
            let is_seen = rect.is_none_or(|rect| whole.expand(1.0).contains_rect(rect));
            assert!(is_seen, "{name:?} is at {rect:?} of {size}");
            reached.extend(name);
        }
        assert!(reached.iter().any(|name| name == "Pause"), "{reached:?}");
    }
}

#[test]
fn the_lesson_is_scrolled_by_page_keys() {
    let server = EchoServer::start();
    for width in [400.0, 1200.0] {
        let mut window = Window::open_sized(opening(server.url()), vec2(width, 720.0));
        window.until_shown("Open");
        window.toggle_panel(Panel::Lesson);
        // What is scrolled out of view is told to nobody.
        let top = |window: &Window| {
            let name = "How it works";
            window.shows(name).then(|| window.get(name).rect().top())
        };
        let before = top(&window).unwrap();
        window.press(Key::PageDown);
        let after = top(&window);
        assert!(after.is_none_or(|after| after < before - 300.0), "{before} and {after:?}");
        window.press(Key::PageUp);
        assert_eq!(top(&window), Some(before), "{width} wide");
    }
}

/// What a window of 1280 × 1024 is at 400 %.
#[test]
fn field_and_echo_are_in_view_where_the_page_is_zoomed_into() {
    let server = EchoServer::start();
    for language in Language::ALL {
        let opening = Opening { language, ..opening(server.url()) };
        let mut window = Window::open_sized(opening, vec2(320.0, 256.0));
        let words = words(language);
        window.until_shown((words.connection.status_word)(ConnectionStatus::Open));
        window.type_text("raisin");
        window.press(Key::Enter);
        let echo = (words.message.echo)("raisin");
        window.until_shown(&echo);
        let bar = window.get(words.more_button).rect();
        let room = Rect::from_min_max(egui::pos2(0.0, bar.bottom()), egui::pos2(320.0, 256.0));
        let field = window.get(words.message.label).rect();
        let said = window.get(&echo).rect();
        let button = window.get(words.message.send_button).rect();
        for (name, rect) in [("field", field), ("echo", said)] {
            assert!(
                room.expand(1.0).contains_rect(rect),
                "the {name} is at {rect:?}, {language:?}"
            );
            assert!(!rect.intersects(button), "the button at {button:?} covers the {name}");
        }
    }
}

/// It scrolls by itself, and the page around it stays.
#[test]
fn page_keys_on_a_long_text_are_for_it_alone() {
    let server = EchoServer::start();
    let mut window = Window::open_sized(opening(server.url()), vec2(320.0, 256.0));
    window.until_shown("Open");
    window.paste(&"raisin ".repeat(10_000));
    window.until_shown("Text, 70 000 bytes");
    window.press(Key::Enter);
    let size = "echo: a text of 70 000 bytes";
    window.until_shown(size);
    let is_on_it = |window: &mut Window| {
        let mut nodes = window.harness().root().children_recursive();
        let focused = nodes.find(egui_kittest::Node::is_focused).and_then(|node| node.value());
        focused.is_some_and(|value| value.contains("raisin"))
    };
    for _ in 0..20 {
        if is_on_it(&mut window) {
            break;
        }
        window.press(Key::Tab);
    }
    assert!(is_on_it(&mut window), "{:?}", window.focused());
    let top = |window: &mut Window| focused_rect(window).map(|rect| rect.top());
    let before = top(&mut window);
    window.press(Key::PageUp);
    assert_eq!(top(&mut window), before);
    window.press(Key::PageDown);
    assert_eq!(top(&mut window), before);
}
