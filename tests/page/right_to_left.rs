//! Text that runs from right to left, as a person meets it: heard and copied as it was written.

use app_core::Panel;
use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Event, Key, Modifiers, OutputCommand, PointerButton, Pos2, Rect, pos2};
use websocket_echo::i18n::{Language, words};

use crate::servers::{EchoServer, Scripted};
use crate::window::Window;

const HEBREW: &str = "שלום (עולם) 123 abc";

#[test]
fn it_is_heard_and_copied_as_it_was_written() {
    let server = EchoServer::start();
    let mut window = Window::open(server.url());
    window.click(words(Language::English).message.label);
    window.type_text(HEBREW);
    window.press(Key::Enter);
    let echo = format!("echo: {HEBREW}");
    window.until_shown(&echo);
    window.assert_nothing_sticks_out();

    // A click into it, so that the keys are meant for it.
    let rect = window.get(&echo).rect();
    let middle = rect.center().y;
    for (x, pressed) in [(rect.left() + 1.0, true), (rect.right() - 1.0, false)] {
        let pos = pos2(x, middle);
        window.event(Event::PointerMoved(pos));
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        window.event(Event::PointerButton { pos, button, pressed, modifiers });
    }
    window.press_with(Modifiers::COMMAND, Key::A);
    window.harness().event(Event::Copy);
    window.harness().step();
    let commands = &window.harness().output().platform_output.commands;
    let copied = commands.iter().find_map(|command| match command {
        OutputCommand::CopyText(text) => Some(text.as_str()),
        _ => None,
    });
    assert_eq!(copied, Some(echo.as_str()));
}

#[test]
fn rows_of_the_log_name_it_as_it_was_written() {
    let server = EchoServer::start();
    let mut window = Window::open(server.url());
    window.click(words(Language::English).message.label);
    window.type_text("سلام\u{202e} 42");
    window.press(Key::Enter);
    window.until_shown("echo: سلام\u{202e} 42");
    window.toggle_panel(Panel::Log);
    // What would turn its neighbours about is named.
    let row = |window: &Window| {
        let words = window.words();
        words.iter().filter(|words| words.contains("سلام\\u{202e} 42")).count()
    };
    assert_eq!(row(&window), 2, "{window:?}");
}

/// Where the cursor stands in what is typed into.
#[track_caller]
fn caret(window: &mut Window) -> Rect {
    let ime = window.harness().output().platform_output.ime;
    ime.unwrap_or_else(|| unreachable!("nothing is typed into")).cursor_rect
}

fn pointer(window: &mut Window, pos: Pos2, pressed: bool) {
    window.event(Event::PointerMoved(pos));
    let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
    window.event(Event::PointerButton { pos, button, pressed, modifiers });
}

#[test]
fn a_field_is_typed_into_from_right_to_left() {
    const FIELD: &str = "Send a message";

    let server = EchoServer::start();
    for several_lines in [false, true] {
        let mut window = Window::open(server.url());
        window.until_shown("Open");
        let value = |window: &Window| window.get(FIELD).value().unwrap_or_default();
        window.click(FIELD);
        window.type_text("שלום");
        if several_lines {
            window.press_with(Modifiers::SHIFT, Key::Enter);
            window.press(Key::Backspace);
        }
        let end = caret(&mut window);
        window.press(Key::Home);
        let begin = caret(&mut window);
        assert!(begin.left() > end.left() + 20.0, "{begin:?} is right of {end:?}");

        // The arrow keys go to the side that they show.
        window.press(Key::ArrowLeft);
        let after_one = caret(&mut window);
        assert!(end.left() < after_one.left() && after_one.left() < begin.left());
        window.type_text("א");
        assert_eq!(value(&window), "שאלום");

        // A click sets the cursor where it is.
        let right = window.get(FIELD).rect().left() + 160.0;
        pointer(&mut window, pos2(right, begin.center().y), true);
        pointer(&mut window, pos2(right, begin.center().y), false);
        window.type_text("ב");
        assert_eq!(value(&window), "בשאלום");

        // A drag to the left selects what follows.
        window.press(Key::Home);
        let begin = caret(&mut window).center();
        window.press(Key::ArrowLeft);
        window.press(Key::ArrowLeft);
        let after_two = caret(&mut window).center();
        pointer(&mut window, begin, true);
        window.event(Event::PointerMoved(after_two));
        pointer(&mut window, after_two, false);
        window.type_text("g");
        assert_eq!(value(&window), "gאלום");
    }
}

/// From each place in a line the arrows up and down lead to the place of the other one that is nearest to it.
#[test]
fn arrows_up_and_down_keep_the_column() {
    const LINES: [&str; 2] = ["שלום abc עולם 42", "echo עולם, (שלום) 123 טוב"];

    let server = EchoServer::start();
    for [above, below] in [[LINES[0], LINES[1]], [LINES[1], LINES[0]]] {
        let mut window = Window::open(server.url());
        window.until_shown("Open");
        window.click("Send a message");
        window.type_text(above);
        window.press_with(Modifiers::SHIFT, Key::Enter);
        window.type_text(below);
        let at = |window: &mut Window, line: usize, character: usize| {
            let before = if line == 0 { 0 } else { above.chars().count() + 1 };
            let cursor = CCursor::new(before + character);
            let ctx = window.harness().ctx.clone();
            let id = websocket_echo::ui::page::draft_id();
            let mut state = TextEditState::load(&ctx, id).unwrap_or_default();
            state.cursor.set_char_range(Some(CCursorRange::one(cursor)));
            state.store(&ctx, id);
            window.show();
            caret(window)
        };
        let rows = [above, below].map(|line| line.chars().count());
        let carets: Vec<Vec<Rect>> = (0..2)
            .map(|line| {
                (0..=rows[line]).map(|character| at(&mut window, line, character)).collect()
            })
            .collect();
        for (from, key) in [(0, Key::ArrowDown), (1, Key::ArrowUp)] {
            for character in 0..=rows[from] {
                let start = at(&mut window, from, character);
                window.press(key);
                let end = caret(&mut window);
                assert_eq!(end.top(), carets[1 - from][0].top(), "another line");
                let away = |rect: &Rect| (rect.left() - start.left()).abs();
                let nearest = carets[1 - from].iter().map(away).fold(f32::MAX, f32::min);
                assert!(
                    away(&end) < nearest + 0.5,
                    "{} of {character}: {start:?} {end:?}",
                    key.name()
                );
            }
        }
    }
}

/// Whether these two characters are drawn in one row of a text, the first left of the second.
fn stands_left_of(window: &mut Window, first: char, second: char) -> bool {
    let shapes = &window.harness().output().shapes;
    let rows = shapes.iter().filter_map(|clipped| match &clipped.shape {
        egui::Shape::Text(text) => Some(&text.galley.rows),
        _ => None,
    });
    rows.flatten().any(|row| {
        let x_of = |c| row.glyphs.iter().find(|glyph| glyph.chr == c).map(|glyph| glyph.pos.x);
        x_of(first).zip(x_of(second)).is_some_and(|(first, second)| first < second)
    })
}

#[test]
fn what_a_server_says_as_it_closes_is_read_from_right_to_left() {
    const REASON: &str = "שלום\u{202e}abc\n";

    let server = Scripted::start(|mut peer| {
        peer.close(4000, REASON);
    });
    let mut window = Window::open(server.url());
    // What would turn its neighbours about is named.
    let ending = "Closed by the server: 4000 private code, “שלום\\u{202e}abc\\n”";
    window.until_shown(ending);
    assert!(stands_left_of(&mut window, 'ם', 'ש'));
    window.toggle_panel(Panel::Connection);
    assert!(window.shows(ending), "{window:?}");
    assert!(stands_left_of(&mut window, 'ם', 'ש'));
}
