//! Screens that have room for little: what a person asks for comes into view.

use app_core::{ConnectionStatus, Opening, Panel};
use egui::accesskit::Role;
use egui::{Key, Rect, Vec2, pos2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use websocket_echo::i18n::{Language, words};

use crate::servers::EchoServer;
use crate::window::{Window, opening};

/// A small phone upright, the same page at 400 %, and a phone of today.
const SIZES: [Vec2; 3] = [vec2(320.0, 568.0), vec2(320.0, 256.0), vec2(400.0, 720.0)];

/// So much of a panel is seen at least, or as much as there is room for.
const SEEN: f32 = 150.0;

#[test]
fn a_panel_that_opens_comes_into_view() {
    let server = EchoServer::start();
    for (language, size) in
        Language::ALL.into_iter().flat_map(|language| SIZES.map(|size| (language, size)))
    {
        let words = words(language);
        let opening = Opening { language, ..opening(server.url()) };
        let mut window = Window::open_sized(opening, size);
        window.until_shown((words.connection.status_word)(ConnectionStatus::Open));
        // A long echo stands above it.
        let text = "raisin ".repeat(80);
        window.paste(&text);
        window.press(Key::Enter);
        window.until_shown(&(words.message.echo)(&text));
        let screen = Rect::from_min_max(pos2(0.0, 0.0), size.to_pos2());
        for panel in Panel::ALL {
            window.toggle_panel(panel);
            let title = (words.panel_title)(panel);
            let heading = heading_of(&mut window, title);
            assert!(screen.contains_rect(heading), "{title} is at {heading:?} of {size}");
            let seen = size.y - heading.top();
            let room = SEEN.min(size.y - 112.0);
            assert!(seen >= room, "{seen} of {title} are seen at {size}");
            window.assert_nothing_sticks_out();
            window.press(Key::Escape);
        }
    }
}

#[test]
fn in_a_low_window_the_button_stands_above_what_was_opened() {
    let server = EchoServer::start();
    // A phone on its side, and a page at 400 %.
    for size in [vec2(844.0, 390.0), vec2(320.0, 256.0)] {
        let mut window = Window::open_sized(opening(server.url()), size);
        window.until_shown("Open");
        for panel in [Panel::Rebuilds, Panel::Lesson] {
            window.toggle_panel(panel);
            let heading = heading_of(&mut window, (words(Language::English).panel_title)(panel));
            let button = window.get("Send message").rect();
            assert!(
                button.bottom() <= heading.top(),
                "{button:?} is not above {heading:?}, {size}"
            );
            window.press(Key::Escape);
        }
    }
}

/// Where the heading with this title is.
fn heading_of(window: &mut Window, title: &str) -> Rect {
    let mut found = window.harness().query_all_by_label(title);
    let heading = found.find(|node| node.accesskit_node().role() == Role::Heading);
    heading.unwrap_or_else(|| unreachable!("no heading {title}")).rect()
}
