//! Step one, connect: the address, and how the connection to it stands.

use egui::Key;
use web_socket_channel::ReadyState;
use websocket_echo::i18n::{Language, words};
use websocket_echo::session::Settings;

use crate::servers::{EchoServer, Scripted};
use crate::window::{Window, settings};

#[test]
fn the_state_is_told_in_words() {
    for (language, connecting, open, protocol) in [
        (Language::English, "Connecting…", "Open", "No subprotocol"),
        (Language::Chinese, "正在连接…", "已连接", "无子协议"),
    ] {
        let (server, go) = Scripted::start_later(|mut peer| peer.until_gone());
        let mut window = Window::open_with(Settings { language, ..settings(server.url()) });
        window.until_shown(connecting);
        assert!(!window.shows(protocol), "it is not known yet");
        go.send(()).unwrap();
        window.until_shown(open);
        assert!(window.shows(protocol));
        assert!(!window.shows(connecting));
        drop(window);
        server.end();
    }
}

#[test]
fn what_is_wrong_with_an_address_is_said_while_it_is_typed() {
    let server = EchoServer::start();
    for language in Language::ALL {
        let mut window = Window::open_with(Settings { language, ..settings(server.url()) });
        let message_label = words(language).message.label;
        let words = &words(language).connection;
        let (field, button) = (words.address_label, words.connect_button);
        window.until_shown((words.state)(Some(ReadyState::Open)));
        assert!(window.shows(words.address_helper));

        for (address, english, chinese) in [
            ("", "looks like ws://", "应形如 ws://"),
            ("raisin", "looks like ws://", "应形如 ws://"),
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
        assert!(window.shows((words.state)(Some(ReadyState::Open))));
        window.rewrite(message_label, "raisin");
        window.press(Key::Enter);
        window.until_shown("echo: raisin");
    }
}

#[test]
fn enter_connects_to_the_address_and_closes_the_connection_before() {
    let first = Scripted::start(|mut peer| peer.close_code());
    let second = EchoServer::start();
    let mut window = Window::open(first.url());
    window.until_shown("Open");
    window.rewrite("Server address", &second.url());
    window.press(Key::Enter);
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
    window.rewrite("Server address", &second.url());
    window.click("Connect again");
    assert_eq!(first.end(), 1000);
    window.until_shown("Open");
    // And to the same address.
    window.click("Connect again");
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
        let mut window = Window::open_with(Settings { language, ..settings(server.url()) });
        let words = words(language);
        window.type_text("plum");
        window.press(Key::Enter);
        window.until_shown(ending);
        assert!(window.shows((words.connection.state)(Some(ReadyState::Closed))));
        assert!(window.shows("echo: plum"), "the text that stood there stays");
        assert!(!window.shows(words.errors.unreachable), "a close is no error");
        server.end();
    }
}

#[test]
fn a_server_that_closes_at_once_is_not_taken_for_nobody() {
    let server = Scripted::start(|mut peer| peer.close(4123, "raisin"));
    let settings = Settings { can_echo_in_page: true, ..settings(server.url()) };
    let mut window = Window::open_with(settings);
    window.until_shown("Closed by the server: 4123 private code, “raisin”");
    server.end();
}
