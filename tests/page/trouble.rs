//! The network is down: what the page says then, and the way back.

use std::io::Write as _;
use std::net::TcpStream;

use app_core::Opening;
use egui::Key;
use websocket_echo::i18n::{Language, words};

use crate::servers::{EchoServer, Scripted, nobody, read_head, refuse};
use crate::window::{Window, opening};

const LANGUAGES: [(Language, &str, &str); 2] = [
    (Language::English, "Network unreachable…", "Closed"),
    (Language::Chinese, "网络不通...", "已关闭"),
];

/// That the page shows the error text, what to do, and how the connection ended.
#[track_caller]
fn assert_trouble(window: &mut Window, english: [&str; 2], chinese: [&str; 2]) {
    let sentences = [english, chinese];
    for ((_, unreachable, closed), [what_to_do, ending]) in LANGUAGES.into_iter().zip(sentences) {
        window.until_shown(what_to_do);
        for words in [unreachable, closed, ending] {
            assert!(window.shows(words), "{words}: {window:?}");
        }
        window.next_language();
    }
}

#[test]
fn nobody_listens_at_the_address() {
    let nobody = nobody();
    let mut window = Window::open(format!("ws://{nobody}/echo"));
    assert_trouble(
        &mut window,
        [
            &format!("Nothing listens at {nobody}; start the server, then connect again"),
            "Connection lost: 1006 abnormal closure",
        ],
        [&format!("{nobody} 没有服务在监听，请启动服务器后重新连接"), "连接中断：1006 异常关闭"],
    );
}

#[test]
fn a_wrong_address_says_what_is_wrong_with_it() {
    const CANT_SEND: &str = "Can't send: the address is wrong";

    let mut window = Window::open("ws://");
    let problem = "Not an address; it looks like ws://host:port/path";
    window.until_shown(problem);
    assert!(window.shows(CANT_SEND), "{window:?}");
    window.next_language();
    window.until_shown("不是有效的地址，应形如 ws://host:port/path");
}

/// It is told once, and nothing is wrong with the network.
#[test]
fn the_server_is_shut_down() {
    let server = EchoServer::start();
    let mut window = Window::open(server.url());
    window.type_text("raisin");
    window.press(Key::Enter);
    window.until_shown("echo: raisin");
    let stopped = server.shut_down();
    for (unreachable, closed, ending) in [
        (
            "Network unreachable…",
            "Closed",
            "Closed by the server: 1001 going away, “server is shutting down”",
        ),
        ("网络不通...", "已关闭", "由服务器关闭：1001 端点离开，“server is shutting down”"),
    ] {
        window.until_shown(ending);
        assert!(window.shows(closed) && window.shows("echo: raisin"), "{window:?}");
        assert!(!window.shows(unreachable), "{window:?}");
        let told = window.words().into_iter().filter(|words| words == ending).count();
        assert_eq!(told, 1, "{window:?}");
        window.next_language();
    }
    stopped.join().unwrap().unwrap();
}

#[test]
fn the_connection_is_cut() {
    let server = Scripted::start(|mut peer| peer.echo());
    let mut window = Window::open(server.url());
    window.type_text("raisin");
    window.press(Key::Enter);
    server.end();
    assert_trouble(
        &mut window,
        [
            "The connection was cut; connect again when the server is back",
            "Connection lost: 1006 abnormal closure",
        ],
        ["连接被切断，服务器恢复后请重新连接", "连接中断：1006 异常关闭"],
    );
}

#[test]
fn the_server_answers_something_else() {
    let server = Scripted::start_raw(|stream| refuse(stream, "404 Not Found"));
    let mut window = Window::open(server.url());
    assert_trouble(
        &mut window,
        [
            "The server answered 404 Not Found; check the path of the address",
            "Connection lost: 1006 abnormal closure",
        ],
        ["服务器应答 404，请检查地址中的路径", "连接中断：1006 异常关闭"],
    );
    server.end();

    let server = Scripted::start_raw(|stream| refuse(stream, "503 Service Unavailable"));
    let mut window = Window::open(server.url());
    let words =
        "The server answered 503 Service Unavailable; it can't at the moment; come again later";
    window.until_shown(words);
    server.end();
}

/// What a server says about it is told, and where it points.
#[test]
fn a_refusal_is_told_in_the_servers_own_words() {
    for (answer, words) in [
        (
            "301 Moved Permanently\r\nLocation: wss://raisin.example/chat",
            "The server answered 301 Moved Permanently; it points to wss://raisin.example/chat: connect there",
        ),
        (
            "429 Too Many Requests\r\nRetry-After: 36",
            "The server answered 429 Too Many Requests; those were too many requests; come again in 36 s",
        ),
    ] {
        let server = Scripted::start_raw(move |stream| refuse(stream, answer));
        let mut window = Window::open(server.url());
        window.until_shown(words);
        window.assert_nothing_sticks_out();
        server.end();
    }
    let server = Scripted::start_raw(|mut stream| {
        read_head(&mut stream);
        let words = "Only \u{202e}raisins\r\nmay enter.";
        let head = "HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length";
        write!(stream, "{head}: {}\r\n\r\n{words}", words.len()).unwrap();
    });
    let mut window = Window::open(server.url());
    window.until("its words", |window| {
        window.words().iter().any(|words| words.ends_with("It says: “Only raisins may enter.”"))
    });
    server.end();
}

#[test]
fn the_server_hangs_up_during_the_handshake() {
    let server = Scripted::start_raw(|mut stream: TcpStream| read_head(&mut stream));
    let mut window = Window::open(server.url());
    let host = server.address;
    assert_trouble(
        &mut window,
        [
            &format!("{host} hung up during the handshake; is it a WebSocket server?"),
            "Connection lost: 1006 abnormal closure",
        ],
        [
            &format!("{host} 在握手时断开了连接，它是 WebSocket 服务器吗？"),
            "连接中断：1006 异常关闭",
        ],
    );
    server.end();
}

#[test]
fn the_server_does_not_speak_tls() {
    let server = EchoServer::start();
    let mut window = Window::open(server.url().replace("ws:", "wss:"));
    let host = server.address;
    assert_trouble(
        &mut window,
        [
            &format!("{host} speaks no TLS; try ws:, not wss:"),
            "Connection lost: 1006 abnormal closure",
        ],
        [&format!("{host} 不支持加密，可尝试将 wss: 改为 ws:"), "连接中断：1006 异常关闭"],
    );
}

#[test]
fn the_server_breaks_the_protocol() {
    let server = Scripted::start(|mut peer| {
        peer.echo();
        // A frame of a kind that there is not.
        peer.0.get_mut().write_all(&[0x83, 0]).unwrap();
        peer.until_gone();
    });
    let mut window = Window::open(server.url());
    window.type_text("raisin");
    window.press(Key::Enter);
    window.until_shown("Network unreachable…");
    let starts = |start: &str| window.words().iter().any(|words| words.starts_with(start));
    assert!(starts("The server broke the protocol: "), "{window:?}");
    assert!(starts("Connection lost: 1002 protocol error"), "{window:?}");
    window.next_language();
    assert!(window.shows("服务器违反了协议（1002 协议错误）"), "{window:?}");
    server.end();
}

#[test]
fn the_server_is_back_and_one_click_connects() {
    let server = EchoServer::start();
    let address = server.address;
    let mut window = Window::open(server.url());
    window.until_shown("Open");
    let stopped = server.shut_down();
    window.until_shown("Closed");
    stopped.join().unwrap().unwrap();

    // Not back yet.
    window.click("Connect again");
    let start = format!("Nothing listens at {address}; start the server, then connect again");
    window.until_shown(&start);

    let _server = EchoServer::start_at(address);
    window.click("Connect again");
    window.until_shown("Open");
    assert!(!window.shows("Network unreachable…"), "{window:?}");
    assert!(!window.shows(&start), "{window:?}");
    window.rewrite("Send a message", "raisin");
    window.press(Key::Enter);
    window.until_shown("echo: raisin");
}

#[test]
fn the_server_is_back_and_sending_connects() {
    for by_mouse in [false, true] {
        let server = EchoServer::start();
        let address = server.address;
        let mut window = Window::open(server.url());
        window.type_text("raisin");
        window.press(Key::Enter);
        window.until_shown("echo: raisin");
        let stopped = server.shut_down();
        window.until_shown("Closed");
        stopped.join().unwrap().unwrap();

        let _server = EchoServer::start_at(address);
        window.type_text("grape");
        if by_mouse {
            window.click("Send message");
        } else {
            window.press(Key::Enter);
        }
        window.until_shown("echo: grape");
        assert!(window.shows("Open"));
        assert!(!window.shows("Network unreachable…"));
    }
}

#[test]
fn the_error_text_stays_until_there_is_a_connection() {
    let (server, go) = Scripted::start_later(|mut peer| peer.until_gone());
    let mut window = Window::open(format!("ws://{}/", nobody()));
    window.until_shown("Network unreachable…");
    window.connect_to(&server.url());
    window.until_shown("Connecting…");
    assert!(window.shows("Network unreachable…"));
    go.send(()).unwrap();
    window.until_shown("Open");
    assert!(!window.shows("Network unreachable…"));
    drop(window);
    server.end();
}

#[test]
fn closing_a_window_without_a_connection_is_no_trouble() {
    for language in Language::ALL {
        let address = format!("ws://{}/", nobody());
        let mut window = Window::open_with(Opening { language, ..opening(address) });
        window.until_shown(words(language).errors.unreachable);
        assert!(window.page().close().is_some_and(|mut closing| {
            let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
            std::pin::Pin::new(&mut closing).poll(&mut cx).is_ready()
        }));
    }
}
