//! Text that runs from right to left, as a person meets it: heard and copied as it was written.

use app_core::Panel;
use egui::{Event, Key, OutputCommand, pos2};
use websocket_echo::i18n::{Language, words};

use crate::servers::EchoServer;
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
        let (button, modifiers) = (egui::PointerButton::Primary, egui::Modifiers::NONE);
        window.event(Event::PointerButton { pos, button, pressed, modifiers });
    }
    window.press_with(egui::Modifiers::COMMAND, Key::A);
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
