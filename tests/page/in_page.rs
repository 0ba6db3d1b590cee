//! Where no server answers at the page's own address, the page echoes by itself, and says so.

use app_core::{ConnectionStatus, Opening};
use std::time::Duration;

use app_core::connection::PROXY_GRACE;
use egui::Key;
use websocket_echo::i18n::{Language, words};

use crate::servers::{EchoServer, Scripted, nobody, nobody_yet};
use crate::window::{DEADLINE, Window, opening};

#[test]
fn it_says_so_plainly_and_echoes() {
    for (language, state, says_so, button) in [
        (
            Language::English,
            "In-page echo",
            "No server answers at this address, so this page echoes by itself",
            "Try the server again",
        ),
        (Language::Chinese, "页内回显", "该地址没有服务器应答，消息由本页面自行回显", "重试服务器"),
    ] {
        let home = nobody_yet();
        let address = format!("ws://{home}/echo");
        let opening = Opening { language, can_echo_in_page: true, ..opening(address) };
        let mut window = Window::open_with(opening);
        let words = words(language);
        window.until_shown(says_so);
        assert!(window.shows(state));
        assert!(!window.shows(words.errors.unreachable), "{window:?}");
        window.type_text("raisin");
        window.press(Key::Enter);
        window.until_shown("echo: raisin");
        assert!(window.shows(says_so));

        // Still nobody.
        window.click(button);
        window.until_shown(says_so);

        // Somebody.
        let _server = EchoServer::start_at(home);
        window.click(button);
        window.until("the server", |window| !window.shows(says_so) && !window.shows(button));
        window.until_shown((words.connection.status_word)(ConnectionStatus::Open));
        // The button is gone; the keyboard is back at the field, with its text selected.
        assert_eq!(window.focused().as_deref(), Some(words.message.label));
        window.type_text("grape");
        window.press(Key::Enter);
        window.until_shown("echo: grape");
    }
}

#[test]
fn what_was_sent_before_it_knew_is_not_lost() {
    // Takes its time, and then hangs up.
    let (go, gone) = std::sync::mpsc::channel::<()>();
    let server = Scripted::start_raw(move |stream| {
        gone.recv_timeout(DEADLINE).unwrap();
        drop(stream);
    });
    let mut window = Window::open_with(Opening { can_echo_in_page: true, ..opening(server.url()) });
    window.until_shown("Connecting…");
    window.type_text("raisin");
    window.press(Key::Enter);
    go.send(()).unwrap();
    window.until_shown("echo: raisin");
    assert!(window.shows("Try the server again"));
    server.end();
}

/// The clock of the frames stands still while a window is hidden, and the server's silence was long.
#[test]
fn a_quiet_server_that_is_cut_while_hidden_is_not_taken_for_nobody() {
    let (cut, asked) = std::sync::mpsc::channel::<()>();
    let server = Scripted::start(move |peer| {
        asked.recv_timeout(DEADLINE).unwrap();
        drop(peer);
    });
    let opening = Opening { can_echo_in_page: true, ..opening(server.url()) };
    let mut window = Window::open_with(opening);
    window.hide_while(PROXY_GRACE + Duration::from_millis(500));
    cut.send(()).unwrap();
    server.end();
    window.hide_while(Duration::from_millis(500));
    window.show();
    window.until_shown("Network unreachable…");
    assert!(!window.shows("Try the server again"), "{window:?}");
}

#[test]
fn no_frame_shows_that_the_server_was_not_there() {
    let address = format!("ws://{}/echo", nobody());
    let mut window = Window::open_with(Opening { can_echo_in_page: true, ..opening(address) });
    window.until("its own echo", |window| {
        for words in ["Closed", "Not connected", "Network unreachable…"] {
            assert!(!window.shows(words), "{window:?}");
        }
        window.shows("Try the server again")
    });
}

#[test]
fn only_its_own_server_is_stood_in_for() {
    let address = format!("ws://{}/echo", nobody());
    let mut window = Window::open_with(Opening { can_echo_in_page: true, ..opening(address) });
    window.until_shown("Try the server again");
    window.connect_to(&format!("ws://{}/elsewhere", nobody()));
    window.until_shown("Network unreachable…");
    assert!(!window.shows("Try the server again"));
}

#[test]
fn a_server_that_goes_away_is_not_stood_in_for() {
    let server = EchoServer::start();
    let opening = Opening { can_echo_in_page: true, ..opening(server.url()) };
    let mut window = Window::open_with(opening);
    window.until_shown("Open");
    let stopped = server.shut_down();
    window.until_shown("Closed");
    assert!(!window.shows("Try the server again"), "{window:?}");
    stopped.join().unwrap().unwrap();
}
