//! Step one, connect: the address, and how the connection to it stands on its line.

use app_core::{ConnectionStatus, Language, Opening, Panel, SendOutlook};
use egui::{Key, vec2};
use websocket_echo::i18n::words;

use crate::servers::{EchoServer, Scripted, nobody};
use crate::window::{Window, opening};

#[test]
fn the_state_is_told_in_words() {
    for (language, connecting, open) in
        [(Language::English, "Connecting…", "Open"), (Language::Chinese, "正在连接…", "已连接")]
    {
        let (server, go) = Scripted::start_later(|mut peer| peer.until_gone());
        let mut window = Window::open_with(Opening { language, ..opening(server.url()) });
        window.until_shown(connecting);
        assert!(window.shows(&server.address.to_string()), "{window:?}");
        go.send(()).unwrap();
        window.until_shown(open);
        assert!(!window.shows(connecting));
        drop(window);
        server.end();
    }
}

#[test]
fn what_is_wrong_with_an_address_is_said_while_it_is_typed() {
    let server = EchoServer::start();
    for language in Language::ALL {
        let opening = Opening { language, ..opening(server.url()) };
        let mut window = Window::open_sized(opening, vec2(1200.0, 1400.0));
        let message_label = words(language).message.label;
        let words = &words(language).connection;
        let (field, button) = (words.address_label, words.connect_to_button);
        window.until_shown((words.status_word)(ConnectionStatus::Open));
        window.toggle_panel(Panel::Connection);
        assert!(window.shows(words.address_helper));

        for (address, english, chinese) in [
            ("", "looks like ws://", "应形如 ws://"),
            ("rai sin", "looks like ws://", "应形如 ws://"),
            ("ws://", "looks like ws://", "应形如 ws://"),
            ("ws://a:99999", "looks like ws://", "应形如 ws://"),
            ("ftp://raisin", "“ftp:” is not for WebSockets", "“ftp:” 不能用于 WebSocket"),
            ("ws://raisin/#a", "Remove the #", "请去掉 #"),
            ("ws://a\"b/", "The host has characters", "主机名中有"),
            ("ws://a%3Ab:c@raisin/", "The user name or the password", "用户名或密码"),
        ] {
            window.rewrite(field, address);
            let problem = match language {
                Language::English => english,
                Language::Chinese => chinese,
            };
            let said = window.get(field).value();
            assert_eq!(said.as_deref().unwrap_or_default(), address);
            assert!(window.words().iter().any(|said| said.contains(problem)), "{window:?}");
            assert!(!window.shows(words.address_helper));
            assert!(window.is_disabled(button), "{address}");
            window.press(Key::Enter);
        }

        window.rewrite(field, &server.url());
        assert!(window.shows(words.address_helper));
        assert!(!window.is_disabled(button));
        // Nothing of all that has touched the connection.
        assert!(window.shows((words.status_word)(ConnectionStatus::Open)));
        window.rewrite(message_label, "raisin");
        window.press(Key::Enter);
        window.until_shown("echo: raisin");
    }
}

#[test]
fn a_host_and_what_came_along_when_it_was_copied_are_enough() {
    let server = EchoServer::start();
    let mut window = Window::open(format!("ws://{}/", nobody()));
    window.until_shown("Network unreachable…");
    window.connect_to(&format!("\u{feff}\u{202d}{}/echo\u{200b} ", server.address));
    window.until_shown("Open");
    window.rewrite("Send a message", "raisin");
    window.press(Key::Enter);
    window.until_shown("echo: raisin");
}

#[test]
fn who_can_not_send_is_told_so() {
    for language in Language::ALL {
        let mut window = Window::open_sized(
            Opening { language, ..opening(format!("ws://{}/", nobody())) },
            vec2(1200.0, 1400.0),
        );
        let words = words(language);
        let closed = (words.connection.status_word)(ConnectionStatus::Closed);
        window.until_shown(closed);
        let outlook = |outlook| (words.message.outlook)(&outlook);
        assert!(window.shows(&outlook(SendOutlook::ConnectsFirst)), "{window:?}");
        assert!(!window.is_disabled(words.message.send_button));
        window.type_address("ftp://raisin");
        assert!(window.shows(&outlook(SendOutlook::WrongAddress)), "{window:?}");
        assert!(window.is_disabled(words.message.send_button));
    }
}

#[test]
fn enter_connects_to_the_address_and_closes_the_connection_before() {
    let first = Scripted::start(|mut peer| peer.close_code());
    let second = EchoServer::start();
    let mut window = Window::open(first.url());
    window.until_shown("Open");
    window.connect_to(&second.url());
    assert_eq!(first.end(), 1000);
    window.until_shown("Open");
    window.rewrite("Send a message", "raisin");
    window.press(Key::Enter);
    window.until_shown("echo: raisin");
}

#[test]
fn a_button_connects_anew() {
    let first = Scripted::start(|mut peer| peer.close_code());
    let second = EchoServer::start();
    let mut window = Window::open(first.url());
    window.until_shown("Open");
    window.type_address(&second.url());
    window.click("Connect");
    assert_eq!(first.end(), 1000);
    window.until_shown("Open");
    // And to the same address.
    window.type_address(&second.url());
    window.click("Connect");
    window.until_shown("Open");
    window.rewrite("Send a message", "raisin");
    window.press(Key::Enter);
    window.until_shown("echo: raisin");
}

#[test]
fn a_close_by_the_server_is_told_with_its_code_name_and_reason() {
    for (language, ending) in [
        (Language::English, "Closed by the server: 4123 private code, “raisin”"),
        (Language::Chinese, "由服务器关闭：4123 私有代码，“raisin”"),
    ] {
        let server = Scripted::start(|mut peer| {
            peer.echo();
            peer.close(4123, "raisin");
        });
        let mut window = Window::open_with(Opening { language, ..opening(server.url()) });
        let words = words(language);
        window.type_text("plum");
        window.press(Key::Enter);
        window.until_shown(ending);
        assert!(window.shows((words.connection.status_word)(ConnectionStatus::Closed)));
        assert!(window.shows("echo: plum"), "the text that stood there stays");
        assert!(!window.shows(words.errors.unreachable), "a close is no error");
        server.end();
    }
}

#[test]
fn a_server_that_closes_at_once_is_not_taken_for_nobody() {
    let server = Scripted::start(|mut peer| peer.close(4123, "raisin"));
    let opening = Opening { can_echo_in_page: true, ..opening(server.url()) };
    let mut window = Window::open_with(opening);
    window.until_shown("Closed by the server: 4123 private code, “raisin”");
    server.end();
}
