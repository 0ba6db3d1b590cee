//! The ways to send behind the button at the field: formats, several lines, files, history, saved messages,
//! runs, and a close with a code.

use std::fs;
use std::io::Cursor;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use app_core::Opening;
use app_core::composer::MAX_DRAFT_BYTES;
use app_core::composer::format::Format;
use app_core::composer::{MAX_ATTACHMENTS, Tool};
use app_core::settings::Transport;
use app_core::stored::Stored;
use egui::accesskit::{Action, ActionData, ActionRequest, TreeId};
use egui::{Color32, ColorImage, Event, ImeEvent, Key, Modifiers, vec2};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use websocket_echo::i18n::{Language, Words, words};
use websocket_echo::ui::page::draft_id;

use crate::servers::{EchoServer, Scripted};
use crate::window::{Window, opening};

const MIB: usize = 1024 * 1024;

/// The page over the real server, in both languages.
fn everywhere(mut play: impl FnMut(Window, &Words)) {
    let server = EchoServer::start();
    for language in Language::ALL {
        let mut window = Window::open_with(Opening { language, ..opening(server.url()) });
        let words = words(language);
        let open = (words.connection.status_word)(app_core::ConnectionStatus::Open);
        window.until_shown(open);
        play(window, words);
    }
}

/// A page in English, connected.
fn connected(server: &EchoServer) -> Window {
    let mut window = Window::open(server.url());
    window.until_shown("Open");
    window
}

fn set_format(window: &mut Window, words: &Words, format: Format) {
    if window.shows(words.sending.open_button) {
        window.click(words.sending.open_button);
    }
    window.click((words.sending.format)(format));
}

fn open_tool(window: &mut Window, words: &Words, tool: Tool) {
    if window.shows(words.sending.open_button) {
        window.click(words.sending.open_button);
    }
    window.click((words.sending.tool)(tool));
}

fn field(window: &Window, words: &Words) -> String {
    window.get(words.message.label).value().unwrap_or_default()
}

/// A folder of its own for a test, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("sending-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = RgbImage::from_pixel(width, height, Rgb([200, 30, 60]));
    DynamicImage::ImageRgb8(picture).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[test]
fn at_first_sight_it_is_flutters_page() {
    everywhere(|mut window, words| {
        let field = window.get(words.message.label).rect();
        assert!(field.height() <= 60.0, "{field:?}");
        for hidden in [(words.sending.format)(Format::Hex), (words.sending.tool)(Tool::Repeat)] {
            assert!(!window.shows(hidden), "{window:?}");
        }
        window.type_text("raisin");
        window.press(Key::Enter);
        window.until_shown("echo: raisin");
        assert!(window.get("echo: raisin").rect().top() < 240.0);
        window.click(words.sending.open_button);
        assert!(window.shows((words.sending.tool)(Tool::Repeat)), "{window:?}");
        window.click(words.sending.close_button);
        assert!(window.get("echo: raisin").rect().top() < 240.0);
    });
}

#[test]
fn shift_enter_makes_a_line_and_enter_sends() {
    everywhere(|mut window, words| {
        window.type_text("one");
        window.press_with(Modifiers::SHIFT, Key::Enter);
        window.type_text("two");
        assert_eq!(field(&window, words), "one\ntwo");
        assert!(!window.shows("echo: one"), "{window:?}");
        window.press(Key::Enter);
        window.until_shown("echo: one\ntwo");
        // One line makes it one line again.
        window.type_text("three");
        assert!(window.get(words.message.label).rect().height() <= 60.0);
        window.press(Key::Enter);
        window.until_shown("echo: three");
    });
}

#[test]
fn in_several_lines_enter_makes_a_line_and_ctrl_enter_sends() {
    everywhere(|mut window, words| {
        window.click(words.sending.open_button);
        window.click(words.sending.several_lines_switch);
        assert_eq!(window.focused().as_deref(), Some(words.message.label));
        window.type_text("one");
        window.press(Key::Enter);
        window.type_text("two");
        assert_eq!(field(&window, words), "one\ntwo");
        window.press_with(Modifiers::COMMAND, Key::Enter);
        window.until_shown("echo: one\ntwo");
        window.press(Key::ArrowRight);
        window.press(Key::Enter);
        window.type_text("three");
        window.click(words.message.send_button);
        window.until_shown("echo: one\ntwo\nthree");
    });
}

#[test]
fn line_breaks_of_a_paste_are_kept() {
    let server = EchoServer::start();
    let mut window = connected(&server);
    window.paste("one\ntwo");
    assert_eq!(window.get("Send a message").value().as_deref(), Some("one\ntwo"));
    window.press(Key::Enter);
    window.until_shown("echo: one\ntwo");
}

#[test]
fn json_is_checked_and_may_still_be_sent_as_text() {
    everywhere(|mut window, words| {
        set_format(&mut window, words, Format::Json);
        window.click(words.message.label);
        window.type_text("{\"a\": [1,]}");
        let problem = Format::Json.problem("{\"a\": [1,]}").unwrap();
        let told = (words.sending.format_problem)(&problem);
        assert!(told.contains('1') && told.contains("10"), "{told}");
        assert!(window.shows(&told), "{told}: {window:?}");
        assert!(window.is_disabled(words.message.send_button));
        window.press(Key::Enter);
        assert!(!window.shows("echo: {\"a\": [1,]}"));
        window.click(words.sending.send_as_text_button);
        window.until_shown("echo: {\"a\": [1,]}");

        set_format(&mut window, words, Format::Json);
        window.rewrite(words.message.label, "{\"a\": 1.0}");
        window.press(Key::Enter);
        window.until_shown("echo: {\"a\": 1.0}");
        assert!(!window.shows(words.sending.send_as_text_button));
    });
}

#[test]
fn hex_and_base64_are_sent_as_bytes() {
    everywhere(|mut window, words| {
        for (format, typed, length, wrong) in
            [(Format::Hex, "72 61 69", 3, "7g"), (Format::Base64, "cmFpc2lu", 6, "cm*")]
        {
            set_format(&mut window, words, format);
            window.rewrite(words.message.label, wrong);
            let problem = format.problem(wrong).unwrap();
            assert!(window.shows(&(words.sending.format_problem)(&problem)), "{window:?}");
            assert!(window.is_disabled(words.message.send_button));
            window.press(Key::Enter);
            window.rewrite(words.message.label, typed);
            window.press(Key::Enter);
            window.until_shown(&(words.message.bytes)(length));
        }
    });
}

#[test]
fn dropped_files_are_attached_and_sent_in_order() {
    let folder = Folder::new("order");
    let picture = folder.file("picture.png", &png(36, 78));
    let text = folder.file("text.txt", "größer\n".as_bytes());
    everywhere(|mut window, words| {
        window.type_text("raisin");
        window.drop_files(&[&picture]);
        window.until_shown("picture.png");
        window.press(Key::Enter);
        let name = (words.message.picture)(36, 78, png(36, 78).len());
        window.until_shown(&name);
        assert!(!window.shows("picture.png"), "it is sent: {window:?}");
        assert_eq!(field(&window, words), "raisin", "what was typed is not lost");

        window.drop_files(&[&picture, &text]);
        window.until("both", |window| window.shows("picture.png") && window.shows("text.txt"));
        window.click(words.message.send_button);
        window.until_shown("echo: größer\n");
        window.assert_nothing_sticks_out();
    });
}

#[test]
fn logs_that_are_dropped_are_not_attached() {
    let folder = Folder::new("logs");
    let logs = [folder.file("a.HAR", b"{}"), folder.file("b.jsonl", b"{}")];
    let text = folder.file("text.txt", b"raisin");
    let server = EchoServer::start();
    let mut window = connected(&server);
    window.drop_files(&[&logs[0], &text, &logs[1]]);
    // The first of them opens the log, here over the page, and is none.
    window.until("the log", |window| {
        window.words().iter().any(|words| words.starts_with("Can't be opened: "))
    });
    window.press(Key::Escape);
    window.until_shown("text.txt");
    assert!(!window.shows("a.HAR") && !window.shows("b.jsonl"), "{window:?}");
}

#[test]
fn files_that_can_not_be_attached_are_told() {
    let folder = Folder::new("refused");
    let large = folder.0.join("large.bin");
    // A hole as long as that: it takes no room, and is not to be read.
    fs::File::create(&large).unwrap().set_len(1 << 40).unwrap();
    let many: Vec<PathBuf> =
        (0..20).map(|number| folder.file(&format!("{number}.txt"), b"raisin")).collect();
    let gone = folder.0.join("gone.txt");
    everywhere(|mut window, words| {
        window.drop_files(&[&large]);
        let refused = app_core::composer::Refused::TooLarge { bytes: 1 << 40 };
        window.until_shown(&(words.message.refused)(&refused));
        window.drop_files(&[&gone]);
        window.until("the name", |window| {
            window.words().iter().any(|words| words.contains("gone.txt"))
        });
        window.drop_files(&[&folder.0]);
        let name = folder.0.file_name().unwrap().to_str().unwrap().to_owned();
        window
            .until("the folder", |window| window.words().iter().any(|words| words.contains(&name)));
        let many: Vec<&std::path::Path> = many.iter().map(PathBuf::as_path).collect();
        window.drop_files(&many);
        window.until("what fits", |window| {
            let words = window.words();
            (0..20).filter(|n| words.contains(&format!("{n}.txt"))).count() == MAX_ATTACHMENTS
        });
        let refused = app_core::composer::Refused::TooMany;
        assert!(window.shows(&(words.message.refused)(&refused)), "{window:?}");
    });
}

#[cfg(unix)]
#[test]
fn a_pipe_that_is_dropped_does_not_stop_the_page() {
    let server = EchoServer::start();
    let mut window = connected(&server);
    window.drop_files(&[std::path::Path::new("/dev/zero")]);
    window.until("its name", |window| window.words().iter().any(|words| words.contains("“zero”")));
}

#[test]
fn fifty_megabytes_go_there_and_back() {
    let folder = Folder::new("large");
    let mut bytes = vec![0xab; 50 * MIB];
    bytes[7] = 0;
    let large = folder.file("large.bin", &bytes);
    let text = folder.file("one line.txt", &vec![b'r'; 50 * MIB]);
    let mut stored = Stored::default();
    stored.settings.reconnects = false;
    stored.settings.transport = Transport::InPage;
    let by_itself = Opening { stored: Ok(stored), ..opening("ws://127.0.0.1:1/") };
    let mut window = Window::open_with(by_itself);
    window.until_shown("In-page echo");
    for (file, size, echo) in [
        (&large, "Binary, 52 428 800 bytes", "echo: 52 428 800 bytes"),
        (&text, "Text, 52 428 800 bytes", "echo: a text of 52 428 800 bytes"),
    ] {
        window.drop_files(&[file]);
        window.until_shown(size);
        window.click("Send message");
        window.until_shown(echo);
        window.assert_nothing_sticks_out();
    }
    // The real server takes less, and says so.
    let server = EchoServer::start();
    let mut window = connected(&server);
    window.drop_files(&[&large]);
    window.until_shown("large.bin");
    window.press(Key::Enter);
    window.until("why it closed", |window| {
        window.words().iter().any(|words| words.contains("1009 message too big"))
    });
}

#[test]
fn a_name_that_turns_text_around_is_shown_as_it_is() {
    let folder = Folder::new("bidi");
    let file = folder.file("photo\u{202e}gnp.exe\n\u{200b}", b"raisin");
    let server = EchoServer::start();
    let mut window = connected(&server);
    window.drop_files(&[&file]);
    window.until("an escape", |window| {
        window.words().iter().any(|words| words.contains("photo\\u{202e}gnp.exe\\n\\u{200b}"))
    });
    assert!(!window.words().iter().any(|words| words.contains('\u{202e}')), "{window:?}");
}

#[test]
fn a_pasted_picture_is_sent_as_a_picture() {
    let server = EchoServer::start();
    let mut window = connected(&server);
    let picture = ColorImage::filled([36, 78], Color32::from_rgb(200, 30, 60));
    window.event(Event::PasteImage(Arc::new(picture)));
    window.until_shown("pasted.png");
    window.press(Key::Enter);
    window.until("the picture", |window| {
        window.words().iter().any(|words| words.starts_with("Picture, 36 × 78 pixels"))
    });
}

#[test]
fn long_texts_are_attached_by_whichever_way_they_come() {
    let server = EchoServer::start();
    let long = "r".repeat(MIB);
    let request = |action, text: &str| {
        Event::AccessKitActionRequest(ActionRequest {
            action,
            target_tree: TreeId::ROOT,
            target_node: draft_id().accesskit_id(),
            data: Some(ActionData::Value(text.into())),
        })
    };
    let mut window = connected(&server);
    window.type_text("raisin");
    let pos = window.get("Send a message").rect().center();
    for event in [
        Event::Paste(long.clone()),
        Event::Text(long.clone()),
        Event::Ime(ImeEvent::Commit(long.clone())),
        Event::MiddleClickPaste { pos, text: long.clone() },
        request(Action::SetValue, &long),
        request(Action::ReplaceSelectedText, &long),
    ] {
        let name = format!("{event:.30?}");
        window.event(event);
        assert!(window.shows("Text, 1 048 576 bytes"), "{name}: {window:?}");
        assert_eq!(window.get("Send a message").value().as_deref(), Some("raisin"), "{name}");
        window.click("Remove the attachment");
    }
    // What is short comes in as ever, its line breaks too.
    window.event(request(Action::SetValue, "one\ntwo"));
    assert_eq!(window.get("Send a message").value().as_deref(), Some("one\ntwo"));
    // Many that fit one by one do not fit together.
    for _ in 0..3 {
        window.harness().event(Event::Paste("r".repeat(MAX_DRAFT_BYTES / 2)));
    }
    window.press(Key::End);
    assert!(window.shows("Text, 8 192 bytes"), "{window:?}");
    assert!(window.get("Send a message").value().unwrap().len() <= MAX_DRAFT_BYTES);
    // A key that types into a full field types nothing, and attaches nothing.
    window.click("Remove attachment 2");
    window.click("Remove the attachment");
    window.event(request(Action::SetValue, &"r".repeat(MAX_DRAFT_BYTES)));
    window.type_text("r");
    assert_eq!(window.get("Send a message").value().unwrap().len(), MAX_DRAFT_BYTES);
    assert!(!window.shows("Remove the attachment"), "{window:?}");
}

#[test]
fn a_huge_hex_text_is_attached_as_its_bytes() {
    let server = EchoServer::start();
    let mut window = connected(&server);
    set_format(&mut window, words(Language::English), Format::Hex);
    window.click("Send a message");
    window.paste(&"00ff\n".repeat(MIB));
    window.until_shown("Binary, 2 097 152 bytes");
    window.paste(&"00fg".repeat(MIB));
    window.until_shown("Not attached: Character 4 is “g”, which is no hex digit");
    window.press(Key::Enter);
    window.until_shown("echo: 2 097 152 bytes");
}

#[test]
fn nuls_and_overrides_come_back_as_they_were() {
    let server = EchoServer::start();
    let mut window = connected(&server);
    for text in ["a\0b", "\u{202e}raisin\u{202c}", "\u{1b}[31mred\u{1b}[0m"] {
        window.paste(text);
        window.press(Key::Enter);
        window.until_shown(&format!("echo: {text}"));
    }
}

#[test]
fn arrows_go_through_what_was_sent() {
    everywhere(|mut window, words| {
        for text in ["one", "two"] {
            window.rewrite(words.message.label, text);
            window.press(Key::Enter);
            window.until_shown(&format!("echo: {text}"));
        }
        window.rewrite(words.message.label, "draft");
        for (key, shown) in [
            (Key::ArrowUp, "two"),
            (Key::ArrowUp, "one"),
            (Key::ArrowUp, "one"),
            (Key::ArrowDown, "two"),
            (Key::ArrowDown, "draft"),
            (Key::ArrowDown, "draft"),
        ] {
            window.press(key);
            assert_eq!(field(&window, words), shown);
        }
        // The cursor is at its end.
        window.press(Key::ArrowUp);
        window.type_text("!");
        assert_eq!(field(&window, words), "two!");
    });
}

#[test]
fn arrows_go_from_line_to_line_before_the_history() {
    let server = EchoServer::start();
    let mut window = connected(&server);
    window.type_text("raisin");
    window.press(Key::Enter);
    window.paste("one\ntwo");
    window.press(Key::ArrowUp);
    assert_eq!(window.get("Send a message").value().as_deref(), Some("one\ntwo"));
    window.press(Key::ArrowUp);
    assert_eq!(window.get("Send a message").value().as_deref(), Some("raisin"));
    window.press(Key::ArrowDown);
    assert_eq!(window.get("Send a message").value().as_deref(), Some("one\ntwo"));
}

#[test]
fn messages_are_saved_with_names_and_kept() {
    everywhere(|mut window, words| {
        set_format(&mut window, words, Format::Hex);
        window.rewrite(words.message.label, "00 ff");
        open_tool(&mut window, words, Tool::Saved);
        assert!(window.is_disabled(words.sending.save_button), "it has no name");
        window.click(words.sending.save_name_label);
        window.type_text("two bytes");
        window.press(Key::Enter);
        assert!(window.shows("two bytes"), "{window:?}");
        let stored = window.page().stored_text();
        assert!(stored.contains("two bytes"));

        let opening = Opening {
            stored: Stored::of_text(&stored),
            language: words_language(words),
            ..opening("ws://127.0.0.1:1/")
        };
        let mut window = Window::open_with(opening);
        open_tool(&mut window, words, Tool::Saved);
        window.click("two bytes");
        assert_eq!(field(&window, words), "00 ff");
        window.click(&(words.sending.forget_button)("two bytes"));
        assert!(window.shows(words.sending.nothing_saved), "{window:?}");
        assert!(!window.page().stored_text().contains("00 ff"));
    });
}

fn words_language(words: &Words) -> Language {
    let all = Language::ALL.into_iter();
    let mut found = all.filter(|language| {
        websocket_echo::i18n::words(*language).message.label == words.message.label
    });
    found.next().unwrap()
}

#[test]
fn a_close_with_a_code_and_a_reason() {
    for language in Language::ALL {
        let words = words(language);
        let server = Scripted::start(|mut peer| {
            use tokio_tungstenite::tungstenite::Message;
            loop {
                if let Message::Close(frame) = peer.0.read().unwrap() {
                    while peer.0.read().is_ok() {}
                    return frame.map(|frame| (u16::from(frame.code), frame.reason.to_string()));
                }
            }
        });
        let mut window = Window::open_with(Opening { language, ..opening(server.url()) });
        let open = (words.connection.status_word)(app_core::ConnectionStatus::Open);
        window.until_shown(open);
        open_tool(&mut window, words, Tool::Close);
        for (code, reason) in [("1006", "bye"), ("", "bye"), ("4123", &"é".repeat(62))] {
            window.rewrite(words.sending.code_label, code);
            window.rewrite(words.sending.reason_label, reason);
            assert!(window.is_disabled(words.sending.close_with_button), "{code}, {reason}");
            window.assert_nothing_sticks_out();
        }
        window.rewrite(words.sending.reason_label, "raisin");
        window.click(words.sending.close_with_button);
        let closed = (words.connection.status_word)(app_core::ConnectionStatus::Closed);
        window.until_shown(closed);
        assert_eq!(server.end(), Some((4123, "raisin".to_owned())));
    }
}

#[test]
fn a_run_counts_and_ends() {
    everywhere(|mut window, words| {
        window.type_text("number {n}");
        open_tool(&mut window, words, Tool::Repeat);
        window.rewrite(words.sending.every_label, "0");
        assert!(window.shows(words.sending.every_problem), "{window:?}");
        assert!(window.is_disabled(words.sending.start_button));
        window.rewrite(words.sending.every_label, "1");
        window.rewrite(words.sending.count_label, "200");
        window.click(words.sending.start_button);
        window.until_shown("echo: number 200");
        window.until("the end", |window| window.shows(words.sending.start_button));
        assert_eq!(window.page().sent().messages, 200);
        window.assert_nothing_sticks_out();
    });
}

#[test]
fn a_run_can_be_stopped() {
    everywhere(|mut window, words| {
        window.type_text("raisin {n}");
        open_tool(&mut window, words, Tool::Repeat);
        window.rewrite(words.sending.every_label, "5");
        window.rewrite(words.sending.count_label, "1000000");
        window.click(words.sending.start_button);
        window.until("an echo", |window| {
            window.words().iter().any(|words| words.starts_with("echo: raisin "))
        });
        // In reach whatever else is shown.
        window.click(words.sending.close_button);
        window.click(words.sending.stop_button);
        let sent = window.page().sent().messages;
        window.rest(Duration::from_millis(200));
        assert_eq!(window.page().sent().messages, sent);
    });
}

#[test]
fn a_run_ends_with_its_connection() {
    let server = Scripted::start(|mut peer| {
        peer.echo();
        peer.echo();
        peer.close(1000, "enough");
    });
    let mut window = Window::open(server.url());
    window.until_shown("Open");
    window.type_text("raisin");
    open_tool(&mut window, words(Language::English), Tool::Repeat);
    window.rewrite("Interval (ms)", "1");
    window.rewrite("How many", "1000000");
    window.click("Start sending");
    window.until("its end", |window| {
        window.words().iter().any(|words| words.ends_with(", then the connection ended."))
    });
    assert!(window.is_disabled("Start sending"));
    server.end();
}

/// Nothing comes back, and the run is far quicker than one frame a second.
#[test]
fn a_run_draws_nothing_of_its_own() {
    let server = Scripted::start(|mut peer| {
        let mut count = 0;
        while peer.0.read().is_ok_and(|message| message.is_text()) {
            count += 1;
        }
        count
    });
    let mut window = Window::open(server.url());
    window.until_shown("Open");
    window.type_text("raisin");
    open_tool(&mut window, words(Language::English), Tool::Repeat);
    window.rewrite("Interval (ms)", "1");
    window.rewrite("How many", "1000");
    window.click("Start sending");
    let before = window.frames();
    window.until_shown("Sent 1000 of 1000.");
    let frames = window.frames() - before;
    assert!(frames <= 20, "{frames} frames");
    drop(window);
    assert_eq!(server.end(), 1000);
}

/// The server reads nothing until the outbox is full.
#[test]
fn nothing_is_lost_while_the_outbox_is_full() {
    let (go, gone) = std::sync::mpsc::channel::<()>();
    let server = Scripted::start(move |mut peer| {
        gone.recv_timeout(crate::window::DEADLINE).unwrap();
        let numbers: Vec<u64> = (0..40)
            .map(|_| peer.text().trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap())
            .collect();
        peer.until_gone();
        numbers
    });
    let mut stored = Stored::default();
    stored.settings.reconnects = false;
    stored.settings.outbox = "2".to_owned();
    let mut window = Window::open_with(Opening { stored: Ok(stored), ..opening(server.url()) });
    window.until_shown("Open");
    // Long enough to fill what the system keeps of a socket.
    let long = format!("{}{{n}}", "r".repeat(MAX_DRAFT_BYTES - 10));
    window.paste(&long);
    open_tool(&mut window, words(Language::English), Tool::Repeat);
    window.rewrite("Interval (ms)", "1");
    window.rewrite("How many", "2000");
    window.click("Start sending");
    window.until("it waits", |window| {
        window.words().iter().any(|words| words.contains("waits for the network"))
    });
    // The system makes more and more room at first.
    let mut sent = 0;
    while sent != window.page().sent().messages {
        sent = window.page().sent().messages;
        window.rest(Duration::from_millis(500));
    }
    // One by hand is not taken, and still stands there.
    window.click("Send message");
    assert_eq!(window.get("Send a message").value().as_deref(), Some(&*long));
    window.until_shown("The network takes less than is sent; wait a moment");
    go.send(()).unwrap();
    window.until("it goes on", |window| {
        !window.words().iter().any(|words| words.contains("waits for the network"))
    });
    window.click("Stop sending");
    drop(window);
    assert_eq!(server.end(), (1..=40).collect::<Vec<_>>());
}

#[test]
fn a_run_by_the_other_transports() {
    let server = EchoServer::start();
    for (transport, reconnects) in
        [(Transport::Standard, true), (Transport::Ewebsock, false), (Transport::InPage, false)]
    {
        let mut stored = Stored::default();
        stored.settings.reconnects = reconnects;
        stored.settings.transport = transport;
        let opening = Opening { stored: Ok(stored), ..opening(server.url()) };
        let mut window = Window::open_with(opening);
        window.until("open", |window| window.shows("Open") || window.shows("In-page echo"));
        window.type_text("raisin {n}");
        open_tool(&mut window, words(Language::English), Tool::Repeat);
        window.rewrite("Interval (ms)", "1");
        window.rewrite("How many", "20");
        window.click("Start sending");
        window.until_shown("echo: raisin 20");
        open_tool(&mut window, words(Language::English), Tool::Close);
        window.rewrite("Close code", "4123");
        window.click("Close with this code");
        window.until_shown("Closed");
    }
}

#[test]
fn all_of_it_goes_by_keyboard_alone() {
    everywhere(|mut window, words| {
        let tab_to = |window: &mut Window, name: &str| {
            let mut steps = 0;
            while window.focused().as_deref() != Some(name) {
                window.press(Key::Tab);
                steps += 1;
                assert!(steps < 60, "Tab does not come to {name}: {window:?}");
            }
        };
        let press = |window: &mut Window, name: &str| {
            tab_to(window, name);
            window.press(Key::Space);
        };
        press(&mut window, words.sending.open_button);
        press(&mut window, (words.sending.format)(Format::Hex));
        tab_to(&mut window, words.message.label);
        window.type_text("00ff");
        press(&mut window, (words.sending.tool)(Tool::Saved));
        tab_to(&mut window, words.sending.save_name_label);
        window.type_text("two");
        press(&mut window, words.sending.save_button);
        press(&mut window, "two");
        assert_eq!(window.focused().as_deref(), Some(words.message.label));
        press(&mut window, (words.sending.tool)(Tool::Repeat));
        press(&mut window, words.sending.start_button);
        window.until_shown(&(words.message.bytes)(2));
        assert_eq!(window.focused().as_deref(), Some(words.sending.stop_button));
        press(&mut window, words.sending.stop_button);
        press(&mut window, (words.sending.tool)(Tool::Close));
        tab_to(&mut window, words.sending.reason_label);
        window.type_text("raisin");
        press(&mut window, words.sending.close_with_button);
        let closed = (words.connection.status_word)(app_core::ConnectionStatus::Closed);
        window.until_shown(closed);
    });
}

#[test]
fn everything_fits_a_narrow_window() {
    let server = EchoServer::start();
    let folder = Folder::new("narrow");
    let file = folder.file(&"raisin".repeat(30), b"raisin");
    for language in Language::ALL {
        let words = words(language);
        let opening = Opening { language, ..opening(server.url()) };
        let mut window = Window::open_sized(opening, vec2(320.0, 400.0));
        window.drop_files(&[&file]);
        window.until("the file", |window| window.shows(words.message.detach_button));
        window.type_text(&"raisin".repeat(60));
        for tool in Tool::ALL {
            open_tool(&mut window, words, tool);
            window.assert_nothing_sticks_out();
        }
        window.click(words.sending.several_lines_switch);
        window.assert_nothing_sticks_out();
        set_format(&mut window, words, Format::Json);
        window.click(words.message.detach_button);
        window.assert_nothing_sticks_out();
    }
}
