//! The log: it fills by itself, follows its end, is searched, filtered, opened, saved and opened again.

use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

use app_core::{Opening, Panel};
use egui::{Key, Modifiers, OutputCommand, vec2};
use websocket_echo::i18n::log::LogWords;
use websocket_echo::i18n::{Language, words};

use crate::servers::{EchoServer, Scripted, nobody};
use crate::window::{DEADLINE, Window, opening, reconnecting};

const ENGLISH: &LogWords = &words(Language::English).log;

const SAID: [&str; 3] = ["raisin", r#"{"name":"grape","list":[1,2]}"#, r#"{"broken": [1,}"#];

/// The names of the rows that are seen, without "Row 1 of 9: ".
fn rows(window: &Window) -> Vec<String> {
    let names = window.words().into_iter();
    let rows = names.filter(|name| name.starts_with("Row ") && name.contains(": "));
    rows.filter_map(|name| name.split_once(": ").map(|(_, row)| row.to_owned())).collect()
}

/// The whole name of a row that is seen.
#[track_caller]
fn row_with(window: &Window, part: &str) -> String {
    let mut names = window.words().into_iter();
    let row = names.find(|name| name.starts_with("Row ") && name.contains(part));
    row.unwrap_or_else(|| unreachable!("no row has {part}: {window:?}"))
}

#[track_caller]
fn say(window: &mut Window, text: &str) {
    window.rewrite("Send a message", text);
    window.press(Key::Enter);
    window
        .until(text, |window| window.words().iter().any(|words| *words == format!("echo: {text}")));
}

/// A wide window with the log beside the page, in which three messages went there and back.
fn wide(server: &EchoServer) -> Window {
    let mut window = Window::open_sized(opening(server.url()), vec2(1600.0, 900.0));
    window.until_shown("Open");
    for text in SAID {
        say(&mut window, text);
    }
    window.toggle_panel(Panel::Log);
    window
}

fn copied(window: &mut Window) -> Option<String> {
    let commands = &window.harness().output().platform_output.commands;
    commands.iter().find_map(|command| match command {
        OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    })
}

/// A file of a test's own.
fn file(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("websocket-echo-{}-{name}", std::process::id()))
}

#[test]
fn both_directions_and_events_are_rows() {
    let server = EchoServer::start();
    let window = wide(&server);
    let rows = rows(&window);
    assert_eq!(rows[0], format!("Connecting to {}", server.url()));
    assert_eq!(rows[1], "Open");
    assert_eq!(rows[2], "Sent, 6 bytes, raisin, sent");
    assert_eq!(rows[3], "Received, 6 bytes, raisin, drawn");
    assert_eq!(rows.len(), 2 + 2 * SAID.len());
}

/// The files of a log stay in UTC; those who look at it have clocks of their own.
#[test]
fn times_of_day_are_those_of_the_persons_clocks() {
    let server = EchoServer::start();
    let mut window = wide(&server);
    // Half an hour off at whatever time, and behind.
    for (zone, offset) in
        [((|_| 330) as fn(Duration) -> i32, "(UTC+05:30)"), (|_| -210, "(UTC-03:30)")]
    {
        window.page().set_zone(zone);
        let row = row_with(&window, "Received, 6 bytes");
        window.click(&row);
        window.click("Facts");
        let shown = window.words().into_iter().find(|words| words.ends_with(offset));
        let shown = shown.unwrap_or_else(|| unreachable!("no {offset}: {window:?}"));
        assert_eq!(shown.len(), "14:03:07.123 ".len() + offset.len(), "{shown}");
        assert!(window.shows("Time") && !window.shows("Time (UTC)"));
    }
}

#[test]
fn ends_and_errors_are_rows() {
    let server = Scripted::start(|mut peer| peer.close(4123, "raisin"));
    let mut window = Window::open_sized(opening(server.url()), vec2(1600.0, 900.0));
    window.until_shown("Closed");
    server.end();
    window.toggle_panel(Panel::Log);
    let closed = row_with(&window, "4123");
    assert!(closed.contains("Closed by the server: 4123") && closed.contains("raisin"), "{closed}");

    let address = format!("ws://{}/", nobody());
    let mut window = Window::open_sized(reconnecting(address), vec2(1600.0, 900.0));
    window.toggle_panel(Panel::Log);
    window.until("the second attempt", |window| {
        rows(window).iter().filter(|row| row.starts_with("Connecting to")).count() > 1
    });
    row_with(&window, "Error: ");
    row_with(&window, "Connecting again in");
}

#[test]
fn ones_own_close_says_its_code() {
    let server = EchoServer::start();
    let mut window = wide(&server);
    window.toggle_panel(Panel::Connection);
    window.click("Close the connection");
    window.until_shown("Closed");
    window.toggle_panel(Panel::Log);
    row_with(&window, "Closing: 1000");
    row_with(&window, "Closed by this page: 1000");
}

#[test]
fn waiting_and_taken_back_messages_say_so() {
    let address = format!("ws://{}/", nobody());
    let mut window = Window::open_sized(reconnecting(address), vec2(1600.0, 1000.0));
    window.toggle_panel(Panel::Log);
    window.rewrite("Send a message", "raisin");
    window.press(Key::Enter);
    let waits = "Sent, 6 bytes, raisin, waits to be sent";
    window.until(waits, |window| rows(window).iter().any(|row| row == waits));
    window.toggle_panel(Panel::Log);
    window.toggle_panel(Panel::Connection);
    window.until_shown("Take back");
    window.click("Take back");
    window.toggle_panel(Panel::Connection);
    window.toggle_panel(Panel::Log);
    row_with(&window, "Sent, 6 bytes, raisin, not sent");
}

#[test]
fn hidden_window_fills_the_log() {
    let (go, gone) = mpsc::channel::<()>();
    let server = Scripted::start(move |mut peer| {
        gone.recv_timeout(DEADLINE).unwrap();
        for text in ["one", "two", "three"] {
            peer.send(text);
        }
        peer.until_gone();
    });
    let mut window = Window::open_sized(opening(server.url()), vec2(1600.0, 900.0));
    window.until_shown("Open");
    go.send(()).unwrap();
    window.hide_for(3);
    window.show();
    window.toggle_panel(Panel::Log);
    let rows = rows(&window);
    let coalesced = "not drawn: a later one took its place in the same frame";
    assert_eq!(
        rows[2..4],
        ["one", "two"]
            .map(|text| { format!("Received, {} bytes, {text}, {coalesced}", text.len()) })
    );
    assert_eq!(rows[4], "Received, 5 bytes, three, drawn");
    drop(window);
    server.end();
}

#[test]
fn burst_is_in_the_log_as_a_whole() {
    let server = EchoServer::start();
    let address = format!("ws://{}/burst?count=100000", server.address);
    let mut window = Window::open_sized(opening(address), vec2(1600.0, 900.0));
    window.toggle_panel(Panel::Log);
    window.until("all of them", |window| {
        window.words().iter().any(|words| words.starts_with("100 00") && words.contains(" rows, "))
            && window.shows("Closed")
    });
    // Connecting, open, closed, and whatever else there was.
    let of = row_with(&window, "Closed by the server");
    assert!(of.contains(" of 100 00"), "{of}");
    window.rest(Duration::from_millis(300));
    assert_eq!(window.rest(Duration::from_millis(300)), 0, "at rest");

    // Beside the frames: the search goes through all of them.
    window.rewrite("Search", "1e 1f");
    window.until_shown("100 000 found");
    window.click("Regular expression");
    window.until_shown("100 000 found");
    window.rewrite("Search", "");

    window.click((ENGLISH.filter_button)(false));
    window.rewrite("Keep, in MiB", "0");
    window.until_shown("A whole number from 1 to 65536");
    window.rewrite("Keep, in MiB", "1");
    window.until("that rows were dropped", |window| {
        window.words().iter().any(|words| words.ends_with(" older ones dropped"))
    });
}

/// A log of 64 MB in rows of 64 KiB: in a build for tests it keeps a search, or a file that is written, busy
/// for far longer than it takes to stop it.
fn with_much_in_its_log(server: &EchoServer) -> Window {
    let address = format!("ws://{}/burst?count=1000&size=65536", server.address);
    let mut window = Window::open_sized(opening(address), vec2(1600.0, 900.0));
    window.until_shown("Closed");
    window.toggle_panel(Panel::Log);
    window
}

#[test]
fn search_can_be_stopped() {
    let server = EchoServer::start();
    let mut window = with_much_in_its_log(&server);
    window.click("Regular expression");
    window.rewrite("Search", "(00|01|02|03)+ (.* )+1g$");
    window.click(ENGLISH.cancel_button);
    window.until("that it stopped", |window| {
        window.words().iter().any(|words| words.ends_with(", stopped"))
    });
    assert_eq!(window.rest(Duration::from_millis(500)), 0);
}

#[test]
fn file_that_was_stopped_leaves_nothing() {
    let server = EchoServer::start();
    let mut window = with_much_in_its_log(&server);
    let path = file("stopped.jsonl");
    window.page().answer_dialogs(Some(path.clone()));
    window.click("Save the log");
    window.click("All as JSON Lines, lossless");
    window.until_shown(ENGLISH.cancel_button);
    window.click(ENGLISH.cancel_button);
    assert!(!window.shows(ENGLISH.cancel_button));
    assert_eq!(window.rest(Duration::from_millis(500)), 0);
    let folder = path.parent().unwrap();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let left: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|left| left.contains(&name))
        .collect();
    assert_eq!(left, Vec::<String>::new());
    assert!(!window.words().iter().any(|words| words.starts_with("Saved as ")));
}

#[test]
fn long_texts_open_at_what_was_found() {
    let text = format!("{}raisin{}", "a\n".repeat(5_000), "b\n".repeat(5_000));
    let server = Scripted::start(move |mut peer| {
        peer.send(text);
        peer.until_gone();
    });
    let mut window = Window::open_sized(opening(server.url()), vec2(1600.0, 900.0));
    window.toggle_panel(Panel::Log);
    window.until("the message", |window| rows(window).len() == 3);
    window.rewrite("Search", "raisin");
    window.until_shown("1 found");
    let row = row_with(&window, "Received, ");
    window.click(&row);
    window.click("Hex");
    window.until("the bytes found", |window| {
        window.words().iter().any(|line| line.contains("72 61 69 73 69 6e"))
    });
    drop(window);
    server.end();
}

#[test]
fn hostile_messages_do_no_harm() {
    let deep = "[".repeat(200_000);
    let long = "a".repeat(8 << 20);
    let hostile = ["\u{202e}raisin\u{0}\u{1b}[2J".to_owned(), deep, long];
    let sent = hostile.clone();
    let server = Scripted::start(move |mut peer| {
        for text in sent {
            peer.send(text);
        }
        peer.until_gone();
    });
    let mut window = Window::open_sized(opening(server.url()), vec2(1600.0, 900.0));
    window.toggle_panel(Panel::Log);
    window.until("all of them", |window| rows(window).len() == 2 + hostile.len());
    let row = row_with(&window, r"\u{202e}raisin\u{0}\u{1b}[2J");
    window.click(&row);
    window.click("Facts");
    window.until_shown("14 bytes");
    window.click("Hex");
    let row = row_with(&window, "Received, 200 000 bytes");
    window.click(&row);
    window.until_shown("No JSON: the text ends too early, line 1, column 200001");
    let row = row_with(&window, "Received, 8 388 608 bytes");
    window.click(&row);
    for tab in ["JSON", "Hex", "Facts", "Text"] {
        window.click(tab);
    }
    drop(window);
    server.end();
}

#[test]
fn panel_speaks_chinese() {
    let server = EchoServer::start();
    let opening = Opening { language: Language::Chinese, ..opening(server.url()) };
    let mut window = Window::open_sized(opening, vec2(1600.0, 900.0));
    let words = words(Language::Chinese);
    window.rewrite(words.message.label, "葡萄");
    window.press(Key::Enter);
    window.toggle_panel(Panel::Log);
    window.until("the echo", |window| {
        window.words().iter().any(|name| name.ends_with("已收到, 6 字节, 葡萄, 已绘制"))
    });
    window.click((words.log.filter_button)(false));
    window.click((words.log.filter_button)(false));
    window.click(words.log.search_label);
    window.type_text("葡萄");
    window.until_shown("2 个匹配");
    let row = window.words().into_iter().find(|name| name.ends_with("葡萄, 已绘制")).unwrap();
    window.click(&row);
    for tab in ["JSON", "十六进制", "详情", "文本"] {
        window.click(tab);
        let is_word = |word: &str| word.len() > 3 && word.chars().all(|c| c.is_ascii_alphabetic());
        for text in window.words().iter().filter(|text| !text.contains("ws://")) {
            let mut parts = text.split(|c: char| !c.is_ascii_alphabetic());
            let word =
                parts.find(|word| is_word(word) && !["WebSocket", "JSON", "echo"].contains(word));
            assert_eq!(word, None, "{text}");
        }
    }
}

#[test]
fn list_follows_its_end_until_one_leaves_it() {
    let (say, said) = mpsc::channel::<u32>();
    let server = Scripted::start(move |mut peer| {
        while let Ok(number) = said.recv_timeout(DEADLINE) {
            peer.send(format!("message {number}."));
        }
    });
    let mut window = Window::open_sized(opening(server.url()), vec2(400.0, 600.0));
    window.until_shown("Open");
    window.toggle_panel(Panel::Log);
    let until = |window: &mut Window, text: &str| {
        window.until(text, |window| rows(window).iter().any(|row| row.contains(text)));
    };
    for number in 0..100 {
        say.send(number).unwrap();
    }
    until(&mut window, "message 99.");
    window.click(ENGLISH.list_name);
    window.press(Key::Escape);
    window.press(Key::Home);
    until(&mut window, "Connecting to");
    say.send(100).unwrap();
    window.until_shown("1 new");
    assert!(!rows(&window).iter().any(|row| row.contains("message 100.")));
    window.click("1 new");
    until(&mut window, "message 100.");
    drop(window);
    drop(say);
    server.end();
}

#[test]
fn filters_leave_rows_out() {
    let server = EchoServer::start();
    let mut window = wide(&server);
    let all = rows(&window).len();
    window.click((ENGLISH.filter_button)(false));
    window.click("Events");
    assert_eq!(rows(&window).len(), all - 2);
    window.click("Sent");
    assert!(rows(&window).iter().all(|row| row.starts_with("Received")));
    window.rewrite("Bytes, at least", "7");
    assert_eq!(rows(&window).len(), 2);
    window.rewrite("Bytes, at most", "x");
    window.until_shown("A whole number");
    window.click("Show everything");
    assert_eq!(rows(&window).len(), all);
}

#[test]
fn search_finds_text_and_expressions() {
    let server = EchoServer::start();
    let mut window = wide(&server);
    let all = rows(&window).len();
    window.rewrite("Search", "RAISIN");
    window.until_shown("2 found");
    window.press(Key::Enter);
    window.until_shown("1 of 2");
    window.click("Next match");
    window.until_shown("2 of 2");
    window.click("Next match");
    window.until_shown("1 of 2");
    window.click("Previous match");
    window.until_shown("2 of 2");
    window.click("Match case");
    window.until_shown("None");
    window.click("Regular expression");
    window.rewrite("Search", r"(grap|rais)\w+");
    window.until_shown("2 of 4");
    window.click("Only rows that match");
    assert_eq!(rows(&window).len(), 4);
    window.rewrite("Search", "rai(");
    window.until("what is wrong", |window| {
        window.words().iter().any(|words| words.starts_with("At character 4: "))
    });
    assert_eq!(rows(&window).len(), all, "a broken one leaves nothing out");
}

#[test]
fn new_rows_join_what_was_found() {
    let server = EchoServer::start();
    let mut window = wide(&server);
    window.rewrite("Search", "raisin");
    window.until_shown("2 found");
    say(&mut window, "another raisin");
    window.until_shown("4 found");
}

#[test]
fn every_view_of_a_row() {
    let server = EchoServer::start();
    let mut window = wide(&server);
    let row = row_with(&window, "Received, 29 bytes");
    window.click(&row);
    window.until("JSON", |window| window.words().iter().any(|line| line == r#""name": "grape","#));
    window.click("Fold all");
    assert!(!window.shows("1,"), "{window:?}");
    window.click("Unfold all");
    assert!(window.shows("1,"), "{window:?}");
    window.click("Text");
    // Beside the list the binary filter isn't open, so this is the view.
    window.until_shown(SAID[1]);
    window.click("Wrap lines");
    window.click("Hex");
    window.until("hex", |window| {
        window.words().iter().any(|line| line.starts_with("00000000  7b 22 6e 61"))
    });
    window.click("Facts");
    window.until_shown("There and back");
    assert!(window.shows("29 bytes"), "{window:?}");
    window.press(Key::Escape);
    assert!(!window.shows("Facts"), "{window:?}");

    let broken = row_with(&window, "Received, 15 bytes");
    window.click(&broken);
    window.until("where it is broken", |window| {
        let problem = "No JSON: a value should stand here, line 1, column 15";
        window.shows(problem)
    });
    let event = row_with(&window, "Open");
    window.click(&event);
    window.until_shown("What happened");
}

#[test]
fn pictures_are_shown() {
    let server = EchoServer::start();
    let mut window = Window::open_sized(opening(server.picture_url()), vec2(1600.0, 900.0));
    window.toggle_panel(Panel::Log);
    window.until("the picture", |window| rows(window).len() > 2);
    let row = row_with(&window, "Received");
    window.click(&row);
    window.until_shown("Full size");
    window.click("Full size");
    window.click("Hex");
    window.until("hex", |window| {
        window.words().iter().any(|line| line.starts_with("00000000  89 50 4e 47"))
    });
}

#[test]
fn messages_are_copied() {
    let server = EchoServer::start();
    let mut window = wide(&server);
    let row = row_with(&window, "Received, 6 bytes");
    window.click(&row);
    for (item, text) in [
        ("Copy as text", "raisin"),
        ("Copy as hex", "72 61 69 73 69 6e"),
        ("Copy as base64", "cmFpc2lu"),
    ] {
        window.click("Copy");
        window.get(item).click();
        window.harness().step();
        assert_eq!(copied(&mut window).as_deref(), Some(text), "{item}");
    }
    let path = file("message.txt");
    window.page().answer_dialogs(Some(path.clone()));
    window.click("Save the message");
    window.until("saved", |window| {
        window.words().iter().any(|words| words.starts_with("Saved as ") && words.contains(", 6 B"))
    });
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "raisin");
    std::fs::remove_file(path).unwrap();
}

#[test]
fn saved_logs_are_opened_again() {
    let server = EchoServer::start();
    let mut window = wide(&server);
    let before = rows(&window);
    for (item, name) in
        [("All as JSON Lines, lossless", "a.jsonl"), ("All as HAR, for browsers' tools", "a.har")]
    {
        let path = file(name);
        window.page().answer_dialogs(Some(path.clone()));
        window.click("Save the log");
        window.click(item);
        window.until("saved", |window| {
            window.words().iter().any(|words| words.starts_with("Saved as "))
        });
        window.click("All right");
        window.click("Open a saved log");
        window.until_shown("Back to this page's log");
        if name == "a.jsonl" {
            assert_eq!(rows(&window), before);
        } else {
            assert!(rows(&window).iter().any(|row| row.starts_with("Received, 6 bytes, raisin")));
        }
        window.click("Back to this page's log");
        assert_eq!(rows(&window), before);
        std::fs::remove_file(path).unwrap();
    }
}

#[test]
fn what_is_no_log_says_why() {
    let server = EchoServer::start();
    let mut window = wide(&server);
    let path = file("no-log.jsonl");
    for content in ["", "raisin", "{}", "{\"format\":\"websocket-log\",\"version\":9}\n"] {
        std::fs::write(&path, content).unwrap();
        window.page().answer_dialogs(Some(path.clone()));
        window.click("Open a saved log");
        window.until(content, |window| {
            window.words().iter().any(|words| words.starts_with("Can't be opened: "))
        });
        window.click("All right");
    }
    std::fs::remove_file(&path).unwrap();
    window.click("Open a saved log");
    window.until("that it is gone", |window| {
        window.words().iter().any(|words| words.starts_with("Can't be read: "))
    });
}

#[test]
fn filtered_rows_are_saved_alone() {
    let server = EchoServer::start();
    let mut window = wide(&server);
    window.rewrite("Search", "grape");
    window.click("Only rows that match");
    let path = file("part.txt");
    window.page().answer_dialogs(Some(path.clone()));
    window.click("Save the log");
    window.click("What is shown as text");
    window
        .until("saved", |window| window.words().iter().any(|words| words.starts_with("Saved as ")));
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.matches("grape").count(), 2, "{text}");
    assert!(!text.contains("raisin"), "{text}");
    std::fs::remove_file(path).unwrap();
}

#[test]
fn rows_are_forgotten() {
    let server = EchoServer::start();
    let mut window = wide(&server);
    window.click("Forget all rows");
    assert_eq!(rows(&window), Vec::<String>::new());
    window.until_shown("Nothing has happened yet.");
    say(&mut window, "again");
    assert_eq!(rows(&window).len(), 2);
}

#[test]
fn keyboard_alone() {
    let server = EchoServer::start();
    let mut window = wide(&server);
    window.harness().key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::F);
    window.show();
    assert_eq!(window.focused().as_deref(), Some("Search"));
    window.type_text("grape");
    window.press(Key::Enter);
    window.until_shown("1 of 2");
    let mut names = Vec::new();
    while window.focused().as_deref() != Some(ENGLISH.list_name) {
        assert!(names.len() < 40, "the list is never reached: {names:?}");
        window.press(Key::Tab);
        names.push(window.focused().unwrap_or_default());
        // The list tells which row has the keyboard.
        if names.last().is_some_and(|name| name.starts_with("Row ")) {
            break;
        }
    }
    window.press(Key::ArrowDown);
    window.press(Key::Enter);
    window.until_shown("Close the row");
    window.press(Key::Escape);
    assert!(!window.shows("Close the row"));
    window.press(Key::Escape);
    assert!(!window.shows("Search"));
    window.press(Key::F9);
    assert!(window.shows("Search"));
}

#[test]
fn narrow_windows_show_one_thing() {
    let server = EchoServer::start();
    for language in Language::ALL {
        let words = words(language);
        let opening = Opening { language, ..opening(server.url()) };
        let mut window = Window::open_sized(opening, vec2(320.0, 480.0));
        let sent = words.message.label;
        window.rewrite(sent, "raisin");
        window.press(Key::Enter);
        window.until("echo", |window| window.words().iter().any(|there| there.ends_with("raisin")));
        window.toggle_panel(Panel::Log);
        window.assert_nothing_sticks_out();
        window.click((words.log.filter_button)(false));
        window.assert_nothing_sticks_out();
        window.click((words.log.filter_button)(false));
        window.click(words.log.list_name);
        window.press(Key::End);
        window.press(Key::Enter);
        window.until_shown(words.log.close_row_button);
        window.assert_nothing_sticks_out();
        window.press(Key::Escape);
        assert!(window.shows(words.log.search_label));
    }
}

#[test]
fn title_stays_in_one_row() {
    let server = EchoServer::start();
    let window = Window::open(server.url());
    let title = window.get("WebSocket echo").rect();
    let button = window.get((words(Language::English).open_panel_button)(Panel::Log)).rect();
    assert!(title.y_range().contains(button.center().y), "{title:?} {button:?}");
}

#[test]
fn open_log_is_at_rest() {
    let server = EchoServer::start();
    let mut window = wide(&server);
    window.rewrite("Search", "raisin");
    let row = row_with(&window, "Received, 6 bytes");
    window.click(&row);
    window.rest(Duration::from_millis(300));
    assert_eq!(window.rest(Duration::from_millis(500)), 0);
}

#[test]
fn dropped_logs_are_opened() {
    let server = EchoServer::start();
    let mut window = Window::open(server.url());
    window.until_shown("Open");
    let path = file("dropped.jsonl");
    let line = r#"{"time_ns":5000000,"direction":"received","text":"from a file"}"#;
    let head = r#"{"format":"websocket-log","version":1,"started_ns":0}"#;
    std::fs::write(&path, format!("{head}\n{line}\n")).unwrap();
    window.harness().input_mut().dropped_files.push(std::sync::Arc::new(Dropped(path.clone())));
    window.show();
    window.until_shown("Back to this page's log");
    row_with(&window, "from a file");
    std::fs::remove_file(path).unwrap();
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &std::path::Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}
