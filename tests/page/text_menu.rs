//! The menu of a text: by the right button, a finger that stays, and keys.

use app_core::Panel;
use egui::accesskit::Role;
use egui::{
    Event, Key, Modifiers, OutputCommand, PointerButton, Pos2, TouchDeviceId, TouchId, TouchPhase,
    ViewportCommand, ViewportId, vec2,
};
use egui_kittest::kittest::Queryable as _;
use websocket_echo::i18n::{ClipboardProblem, Language, TextMenuWords, words};
use websocket_echo::ui::text_menu::tell_problem;

use crate::servers::EchoServer;
use crate::window::{Window, opening};

const ENGLISH: &TextMenuWords = &words(Language::English).text_menu;
const FIELD: &str = "Send a message";

fn button(window: &mut Window, pos: Pos2, button: PointerButton, pressed: bool) {
    let modifiers = Modifiers::NONE;
    window.event(Event::PointerButton { pos, button, pressed, modifiers });
}

fn right_click(window: &mut Window, pos: Pos2) {
    window.event(Event::PointerMoved(pos));
    button(window, pos, PointerButton::Secondary, true);
    button(window, pos, PointerButton::Secondary, false);
}

/// In one frame, as a quick hand does it.
fn quick_right_click(window: &mut Window, pos: Pos2) {
    let (button, modifiers) = (PointerButton::Secondary, Modifiers::NONE);
    let click = |pressed| Event::PointerButton { pos, button, pressed, modifiers };
    let events = [Event::PointerMoved(pos), click(true), click(false)];
    window.harness().input_mut().events.extend(events);
    window.show();
}

fn touch(window: &mut Window, phase: TouchPhase, pos: Pos2) {
    let (device_id, id) = (TouchDeviceId(1), TouchId(1));
    let touch = Event::Touch { device_id, id, phase, pos, force: None };
    let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
    let pressed = phase == TouchPhase::Start;
    let click = Event::PointerButton { pos, button, pressed, modifiers };
    // As eframe tells a finger in a browser, which is a pointer first, and a touch in the next frame.
    let frames = if pressed {
        [vec![Event::PointerMoved(pos), click.clone()], vec![click, touch]]
    } else {
        [vec![click.clone()], vec![click, Event::PointerGone, touch]]
    };
    for events in frames {
        // At once: a frame takes a quarter of a second here, and more than three are no tap.
        window.harness().input_mut().events.extend(events);
        window.harness().step();
    }
    window.show();
}

/// A finger that stays there until the menu is open, and then leaves.
fn long_press(window: &mut Window, pos: Pos2) {
    touch(window, TouchPhase::Start, pos);
    window.until("a menu", is_open);
    touch(window, TouchPhase::End, pos);
    assert!(is_open(window), "it stays: {window:?}");
}

fn tap(window: &mut Window, name: &str) {
    let pos = window.get(name).rect().center();
    touch(window, TouchPhase::Start, pos);
    touch(window, TouchPhase::End, pos);
}

fn is_open(window: &Window) -> bool {
    // There may be a button with the name of one of them.
    window.has(Role::MenuItem)
}

fn value(window: &Window, field: &str) -> String {
    window.get(field).value().unwrap_or_default()
}

/// Has the text in the field, with all of it selected, and draws once more.
fn with_selected(text: &str) -> (EchoServer, Window) {
    let server = EchoServer::start();
    let mut window = Window::open(server.url());
    window.until_shown("Open");
    window.click(FIELD);
    window.type_text(text);
    window.press_with(Modifiers::COMMAND, Key::A);
    (server, window)
}

/// What was copied by this click, in whichever of the frames that follow.
fn copied_by(window: &mut Window, label: &str) -> Option<String> {
    // The menu comes last; there may be a button of the same name.
    let item = window.harness().get_all_by_label(label).last();
    item.unwrap_or_else(|| unreachable!("no {label}")).click();
    for _ in 0..4 {
        window.harness().step();
        let commands = &window.harness().output().platform_output.commands;
        let copied = commands.iter().find_map(|command| match command {
            OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        });
        if copied.is_some() {
            window.show();
            return copied;
        }
    }
    None
}

/// Whether the window is asked to paste by this click.
fn asks_for_paste(window: &mut Window, label: &str) -> bool {
    window.get(label).click();
    (0..4).any(|_| {
        window.harness().step();
        let output = &window.harness().output().viewport_output[&ViewportId::ROOT];
        output.commands.contains(&ViewportCommand::RequestPaste)
    })
}

#[test]
fn the_right_button_cuts_what_is_selected() {
    for click in [right_click, quick_right_click] {
        let (_server, mut window) = with_selected("raisin");
        let field = window.get(FIELD).rect();
        click(&mut window, field.left_center() + vec2(10.0, 10.0));
        let copied = copied_by(&mut window, ENGLISH.cut);
        assert_eq!(copied.as_deref(), Some("raisin"));
        assert_eq!(value(&window, FIELD), "");
        assert!(!is_open(&window));
        window.type_text("grape");
        assert_eq!(value(&window, FIELD), "grape", "the field has the keyboard");
    }
}

#[test]
fn beside_the_selection_it_sets_the_cursor() {
    let (_server, mut window) = with_selected("raisin");
    window.press(Key::Home);
    window.press_with(Modifiers::SHIFT, Key::ArrowRight);
    let field = window.get(FIELD).rect();
    right_click(&mut window, field.right_center() + vec2(-10.0, 10.0));
    assert!(window.is_disabled(ENGLISH.cut) && window.is_disabled(ENGLISH.copy));
    assert!(asks_for_paste(&mut window, ENGLISH.paste));
    window.paste(" grape");
    assert_eq!(value(&window, FIELD), "raisin grape");
}

#[test]
fn a_long_press_selects_all_and_copies() {
    let server = EchoServer::start();
    let mut window = Window::open(server.url());
    window.until_shown("Open");
    window.click(FIELD);
    window.type_text("raisin");
    let field = window.get(FIELD).rect().center();
    long_press(&mut window, field);
    assert!(window.is_disabled(ENGLISH.copy), "nothing is selected");
    tap(&mut window, ENGLISH.select_all);
    assert!(!is_open(&window), "{window:?}");
    let field = window.get(FIELD).rect().center();
    long_press(&mut window, field);
    assert_eq!(copied_by(&mut window, ENGLISH.copy).as_deref(), Some("raisin"));
    assert_eq!(value(&window, FIELD), "raisin");
}

/// Where the letter behind these stands, in a field of one line.
fn in_field(window: &mut Window, field: &str, before: &str) -> Pos2 {
    let ctx = window.harness().ctx.clone();
    let font = material::TextField::font();
    let width = ctx.fonts_mut(|fonts| {
        fonts.layout_no_wrap(before.to_owned(), font, egui::Color32::WHITE).size().x
    });
    window.get(field).rect().left_center() + vec2(width, 4.0)
}

/// A finger is told by pointer and touch, and the field may have had the keyboard before or not.
#[test]
fn a_long_press_selects_the_word_in_a_field() {
    for has_keyboard in [true, false] {
        let server = EchoServer::start();
        let mut window = Window::open(server.url());
        window.until_shown("Open");
        window.click(FIELD);
        window.type_text("dried grape, raisin");
        if !has_keyboard {
            window.harness().ctx.memory_mut(|memory| memory.stop_text_input());
            window.show();
            assert_eq!(window.focused(), None);
        }
        let field = in_field(&mut window, FIELD, "dried grap");
        long_press(&mut window, field + vec2(6.0, 0.0));
        let word = window.get(FIELD).rect();
        let menu = window.get(ENGLISH.copy).rect();
        assert!(word.bottom() - 12.0 < menu.top(), "it covers the word");
        assert_eq!(copied_by(&mut window, ENGLISH.copy).as_deref(), Some("grape"));
        // Also on the label above it.
        long_press(&mut window, field - vec2(0.0, 24.0));
        assert_eq!(copied_by(&mut window, ENGLISH.copy).as_deref(), Some("grape"));

        // What is selected already stays so when it is pressed on.
        window.press_with(Modifiers::COMMAND, Key::A);
        long_press(&mut window, field);
        assert_eq!(copied_by(&mut window, ENGLISH.copy).as_deref(), Some("dried grape, raisin"));

        // Between words there is none: the cursor goes there.
        let blank = in_field(&mut window, FIELD, "dried") + vec2(1.0, 0.0);
        window.press(Key::End);
        long_press(&mut window, blank);
        assert!(window.is_disabled(ENGLISH.copy) && window.is_disabled(ENGLISH.cut));
        assert!(asks_for_paste(&mut window, ENGLISH.paste));
        window.paste("!");
        assert_eq!(value(&window, FIELD), "dried! grape, raisin");
    }
}

/// Also where the second half of its last letter is pressed.
#[test]
fn two_clicks_or_taps_select_the_word_in_a_field() {
    for by_finger in [false, true] {
        let server = EchoServer::start();
        let mut window = Window::open(server.url());
        window.until_shown("Open");
        window.click(FIELD);
        window.type_text("dried grape, raisin");
        // A frame takes a quarter of a second here. The click above is long ago.
        for _ in 0..40 {
            window.harness().step();
        }
        window.harness().ctx.options_mut(|options| {
            options.input_options.max_double_click_delay = 5.0;
        });
        let place = in_field(&mut window, FIELD, "dried grap") + vec2(6.0, 0.0);
        for _ in 0..2 {
            if by_finger {
                touch(&mut window, TouchPhase::Start, place);
                touch(&mut window, TouchPhase::End, place);
            } else {
                button(&mut window, place, PointerButton::Primary, true);
                button(&mut window, place, PointerButton::Primary, false);
            }
        }
        window.type_text("plum");
        assert_eq!(value(&window, FIELD), "dried plum, raisin");
    }
}

#[test]
fn a_long_press_selects_a_word_that_runs_to_the_left() {
    let server = EchoServer::start();
    let mut window = Window::open(server.url());
    window.until_shown("Open");
    window.click(FIELD);
    window.type_text("שלום עולם");
    // The first word stands at the right.
    let place = in_field(&mut window, FIELD, "שלום עו");
    long_press(&mut window, place);
    assert_eq!(copied_by(&mut window, ENGLISH.copy).as_deref(), Some("שלום"));
}

/// Each field is shown in the same way.
#[test]
fn a_long_press_selects_a_word_of_a_search() {
    let server = EchoServer::start();
    let mut window = Window::open_sized(opening(server.url()), vec2(1400.0, 900.0));
    window.toggle_panel(Panel::Log);
    let label = words(Language::English).log.search_label;
    window.click(label);
    window.type_text("dried raisin");
    let place = in_field(&mut window, label, "dried rai");
    long_press(&mut window, place);
    assert_eq!(copied_by(&mut window, ENGLISH.copy).as_deref(), Some("raisin"));
}

#[test]
fn a_long_press_in_an_empty_field_offers_to_paste() {
    let server = EchoServer::start();
    let mut window = Window::open(server.url());
    window.until_shown("Open");
    let field = window.get(FIELD).rect().center();
    long_press(&mut window, field);
    assert!(window.is_disabled(ENGLISH.copy) && window.is_disabled(ENGLISH.cut));
    assert!(asks_for_paste(&mut window, ENGLISH.paste));
    window.paste("grape");
    assert_eq!(value(&window, FIELD), "grape");
}

#[test]
fn a_long_press_pastes_into_the_address() {
    let server = EchoServer::start();
    let mut window = Window::open(server.url());
    window.toggle_panel(Panel::Connection);
    let label = words(Language::English).connection.address_label;
    let field = window.get(label).rect().center();
    long_press(&mut window, field);
    tap(&mut window, ENGLISH.select_all);
    long_press(&mut window, field);
    assert!(asks_for_paste(&mut window, ENGLISH.paste));
    window.paste("ws://localhost:7/raisin");
    assert_eq!(value(&window, label), "ws://localhost:7/raisin");
}

#[test]
fn an_echo_is_copied() {
    let server = EchoServer::start();
    let mut window = Window::open(server.url());
    window.type_text("raisin");
    window.press(Key::Enter);
    window.until_shown("echo: raisin");
    let echo = window.get("echo: raisin").rect().center();
    right_click(&mut window, echo);
    assert_eq!(window.harness().query_all_by_label(ENGLISH.paste).count(), 0);
    assert!(!window.shows(ENGLISH.copy), "nothing is selected");
    assert_eq!(copied_by(&mut window, ENGLISH.copy_all).as_deref(), Some("echo: raisin"));
    assert!(!is_open(&window));
}

/// Shows this echo, and gives where a part of its row is, from its left and right end.
fn with_echo(text: &str, part: f32) -> (EchoServer, Window, Pos2) {
    let server = EchoServer::start();
    let mut window = Window::open(server.url());
    window.click(FIELD);
    window.type_text(text);
    window.press(Key::Enter);
    let echo = format!("echo: {text}");
    window.until_shown(&echo);
    let rect = window.get(&echo).rect();
    (server, window, rect.left_center() + vec2(rect.width() * part, 0.0))
}

#[test]
fn a_long_press_selects_the_word_of_an_echo() {
    // Also one whose letters run to the left, which stands at the left end then.
    for (text, part, word) in
        [("raisin", 0.9, "raisin"), ("raisin", 0.1, "echo"), ("שלום", 0.9, "שלום")]
    {
        let (_server, mut window, at) = with_echo(text, part);
        long_press(&mut window, at);
        assert_eq!(window.focused(), None, "two selections");
        assert_eq!(copied_by(&mut window, ENGLISH.copy).as_deref(), Some(word));
        // It stays selected, so that what was copied is seen.
        long_press(&mut window, at);
        let all = copied_by(&mut window, ENGLISH.copy_all);
        assert_eq!(all, Some(format!("echo: {text}")));
    }
}

fn drag(window: &mut Window, from: Pos2, to: Pos2) {
    for (pos, pressed) in [(from, true), (to, false)] {
        window.event(Event::PointerMoved(pos));
        button(window, pos, PointerButton::Primary, pressed);
    }
}

#[test]
fn the_right_button_copies_what_is_selected_of_an_echo() {
    for click in [right_click, quick_right_click] {
        let (_server, mut window, end) = with_echo("raisin", 1.0);
        let start = window.get("echo: raisin").rect().left_center();
        let colon = start + (end - start) * 0.35;
        drag(&mut window, end, colon);
        click(&mut window, end - vec2(8.0, 0.0));
        let part = copied_by(&mut window, ENGLISH.copy).unwrap_or_default();
        assert!(part.ends_with("raisin") && part.len() < "echo: raisin".len(), "{part}");
        click(&mut window, start);
        let all = copied_by(&mut window, ENGLISH.copy_all);
        assert_eq!(all.as_deref(), Some("echo: raisin"));
        // By the keys for the menu, and by those for copying.
        window.press_with(Modifiers::SHIFT, Key::F10);
        assert_eq!(window.focused().as_deref(), Some(ENGLISH.copy));
        window.press(Key::Escape);
        window.press_with(Modifiers::SHIFT, Key::F10);
        assert_eq!(copied_by(&mut window, ENGLISH.copy), Some(part));
    }
}

#[test]
fn a_row_of_the_log_and_its_text_are_copied() {
    let server = EchoServer::start();
    let mut window = Window::open_sized(opening(server.url()), vec2(1400.0, 900.0));
    window.type_text("raisin");
    window.press(Key::Enter);
    window.until_shown("echo: raisin");
    window.toggle_panel(Panel::Log);
    let row = |window: &Window| {
        let mut rects = window.rects().into_iter();
        let row = rects.find(|(name, _)| name.starts_with("Row ") && name.contains("Received"));
        row.unwrap_or_else(|| unreachable!("{window:?}")).1.center()
    };
    let at = row(&window);
    right_click(&mut window, at);
    assert_eq!(copied_by(&mut window, ENGLISH.copy).as_deref(), Some("raisin"));
    let at = row(&window);
    window.event(Event::PointerMoved(at));
    button(&mut window, at, PointerButton::Primary, true);
    button(&mut window, at, PointerButton::Primary, false);
    for (tab, text) in [("Text", "raisin"), ("Facts", "6 bytes")] {
        window.click(tab);
        let text_at = window.get(text).rect().left_center() + vec2(4.0, 0.0);
        right_click(&mut window, text_at);
        assert_eq!(copied_by(&mut window, ENGLISH.copy_all).as_deref(), Some(text));
        long_press(&mut window, text_at);
        let word = text.split(' ').next();
        assert_eq!(copied_by(&mut window, ENGLISH.copy).as_deref(), word);
    }
}

#[test]
fn keys_open_it_choose_and_go_back_to_the_field() {
    let (_server, mut window) = with_selected("raisin");
    window.press_with(Modifiers::SHIFT, Key::F10);
    let menu = window.get(ENGLISH.cut).rect();
    let caret = in_field(&mut window, FIELD, "raisin");
    assert!((menu.left() - caret.x).abs() < 8.0 && caret.y < menu.top(), "{menu:?} at {caret:?}");
    assert_eq!(window.focused().as_deref(), Some(ENGLISH.cut));
    window.press(Key::ArrowDown);
    assert_eq!(window.focused().as_deref(), Some(ENGLISH.copy));
    window.press(Key::Escape);
    assert!(!is_open(&window));
    assert_eq!(window.focused().as_deref(), Some(FIELD));

    window.press_with(Modifiers::COMMAND, Key::A);
    window.press(Key::Menu);
    window.press(Key::Enter);
    assert_eq!(value(&window, FIELD), "", "it was cut");
    assert_eq!(window.focused().as_deref(), Some(FIELD));
}

#[test]
fn it_says_why_nothing_was_pasted() {
    for language in Language::ALL {
        let server = EchoServer::start();
        let mut stored = app_core::stored::Stored::default();
        stored.language = Some(language);
        let opening = app_core::Opening { stored: Ok(stored), ..opening(server.url()) };
        let mut window = Window::open_with(opening);
        let said = &words(language).text_menu;
        for problem in
            [ClipboardProblem::NotSecure, ClipboardProblem::NotRead, ClipboardProblem::NotWritten]
        {
            tell_problem(&window.harness().ctx, problem);
            window.show();
            assert!(window.shows((said.problem)(problem)), "{window:?}");
            window.assert_nothing_sticks_out();
            window.press(Key::Escape);
            assert!(!window.shows((said.problem)(problem)), "{window:?}");
        }
    }
}
