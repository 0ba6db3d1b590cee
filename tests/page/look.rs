//! How the page looks to who needs more contrast, other colours, or nothing that moves.

use app_core::look::ForcedColors;
use app_core::stored::Stored;
use app_core::{Language, Opening, Panel, Preferences};
use egui::{Color32, Event, Modifiers, MouseWheelSource, MouseWheelUnit, Theme, TouchPhase, vec2};
use websocket_echo::i18n::words;

use crate::servers::EchoServer;
use crate::window::{Window, opening};

/// White on black, as of a system for high contrast.
const FORCED: ForcedColors = ForcedColors {
    canvas: [0; 3],
    canvas_text: [255; 3],
    link_text: [255, 255, 0],
    button_face: [0; 3],
    button_text: [255; 3],
    highlight: [26, 235, 255],
    gray_text: [63, 242, 63],
};

#[test]
fn more_contrast_can_be_chosen_and_is_kept() {
    let server = EchoServer::start();
    for language in Language::ALL {
        let mut window = Window::open_with(Opening { language, ..opening(server.url()) });
        let words = words(language);
        assert!(!window.look().more_contrast);
        window.click_in_menu(words.more_contrast_button);
        assert!(window.look().more_contrast);

        let stored = Stored::of_text(&window.page().stored_text());
        let again = Opening { language, stored, ..opening(server.url()) };
        let mut window = Window::open_with(again);
        assert!(window.look().more_contrast);
        window.click_in_menu(words.usual_contrast_button);
        assert!(!window.look().more_contrast);
    }
}

#[test]
fn what_the_system_prefers_is_followed() {
    let server = EchoServer::start();
    let words = words(Language::English);
    let mut window = Window::open(server.url());
    let usual = window.look();

    window.prefer(Preferences { more_contrast: true, ..Preferences::default() });
    assert!(window.look().more_contrast && !window.look().is_still);
    // What would change nothing is not offered.
    window.click(words.more_button);
    assert!(window.shows(words.dark_mode_button) || window.shows(words.light_mode_button));
    for button in [words.more_contrast_button, words.usual_contrast_button] {
        assert!(!window.shows(button), "{window:?}");
    }
    window.click(words.more_button);

    window.prefer(Preferences { reduced_motion: true, ..Preferences::default() });
    assert!(window.look().is_still && !window.look().more_contrast);
    window.prefer(Preferences::default());
    assert_eq!(window.look(), usual);
}

/// egui spreads a step of the wheel over several frames.
#[test]
fn the_wheel_jumps_where_nothing_may_move() {
    let server = EchoServer::start();
    let mut window = Window::open_sized(opening(server.url()), vec2(1200.0, 400.0));
    window.toggle_panel(Panel::Lesson);
    let intro = words(Language::English).lesson.intro;
    let scroll = |window: &mut Window| {
        let top = |window: &Window| window.get(intro).rect().top();
        let before = top(window);
        let at = window.get(intro).rect().center();
        let step = Event::MouseWheel {
            unit: MouseWheelUnit::Line,
            delta: vec2(0.0, -1.0),
            phase: TouchPhase::Move,
            source: MouseWheelSource::Unknown,
            modifiers: Modifiers::NONE,
        };
        window.harness().input_mut().events.extend([Event::PointerMoved(at), step]);
        // The first frame learns of it, the second one shows it.
        for _ in 0..2 {
            window.harness().step();
        }
        let at_once = top(window);
        window.show();
        (before - at_once, before - top(window))
    };
    let (at_once, in_all) = scroll(&mut window);
    assert!(at_once < in_all, "it is spread: {at_once} of {in_all}");
    window.prefer(Preferences { reduced_motion: true, ..Preferences::default() });
    let (at_once, still) = scroll(&mut window);
    assert_eq!((at_once, still), (in_all, in_all));
}

#[test]
fn the_systems_own_colours_take_the_place_of_light_and_dark() {
    let server = EchoServer::start();
    for language in Language::ALL {
        let mut window = Window::open_with(Opening { language, ..opening(server.url()) });
        let words = words(language);
        window.prefer(Preferences {
            more_contrast: true,
            forced_colors: Some(FORCED),
            ..Preferences::default()
        });
        for theme in [Theme::Light, Theme::Dark] {
            let ground = window.harness().ctx.style_of(theme).visuals.panel_fill;
            assert_eq!(ground, Color32::BLACK);
        }
        window.click(words.more_button);
        assert!(window.shows(websocket_echo::i18n::words(language.next()).switch_here_button));
        for button in [
            words.dark_mode_button,
            words.light_mode_button,
            words.system_theme_button,
            words.more_contrast_button,
        ] {
            assert!(!window.shows(button), "{window:?}");
        }
    }
}

#[test]
fn a_person_chooses_before_the_system() {
    let server = EchoServer::start();
    let words = words(Language::English);
    let mut window = Window::open(server.url());
    let prefers =
        |is_dark| Preferences { is_dark: Some(is_dark), more_contrast: true, ..Default::default() };
    window.prefer(prefers(true));
    assert_eq!(window.harness().ctx.theme(), Theme::Dark);
    window.prefer(prefers(false));
    assert_eq!(window.harness().ctx.theme(), Theme::Light);
    window.click_in_menu(words.dark_mode_button);
    window.prefer(prefers(false));
    assert_eq!(window.harness().ctx.theme(), Theme::Dark);
    window.click_in_menu(words.system_theme_button);
    assert_eq!(window.harness().ctx.theme(), Theme::Light);
    assert!(window.look().more_contrast);
}
