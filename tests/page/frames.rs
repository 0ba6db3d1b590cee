//! No frame without a reason: a page in which nothing happens draws nothing.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::mpsc;
use std::time::Duration;

use app_core::Opening;
use egui::Key;

use crate::servers::{EchoServer, Scripted, nobody};
use crate::window::{DEADLINE, Window, opening};

/// A time in which nothing happens. Whatever would draw by itself does so far sooner.
const A_WHILE: Duration = Duration::from_millis(300);

#[track_caller]
fn assert_at_rest(window: &mut Window) {
    // What the page has heard already may still be on its way to wake it: that is one request, for
    // which egui draws two frames, so that layouts which lag behind a frame can settle.
    let frames = window.rest(A_WHILE);
    assert!(frames <= 2, "{frames} frames: {window:?}");
    assert_eq!(window.rest(A_WHILE), 0, "{window:?}");
}

#[test]
fn while_connected() {
    let server = EchoServer::start();
    let mut window = Window::open(server.url());
    window.until_shown("Open");
    assert_at_rest(&mut window);
    window.type_text("raisin");
    assert_at_rest(&mut window);
    window.press(Key::Enter);
    window.until_shown("echo: raisin");
    assert_at_rest(&mut window);
}

#[test]
fn for_ten_seconds() {
    let server = EchoServer::start();
    let mut window = Window::open(server.url());
    window.until_shown("Open");
    assert_at_rest(&mut window);
    assert_eq!(window.rest(Duration::from_secs(10)), 0, "{window:?}");
}

#[test]
fn while_a_picture_is_shown() {
    let server = EchoServer::start();
    let mut window = Window::open(server.picture_url());
    window.until("the picture", |window| {
        window.words().iter().any(|words| words.starts_with("Picture, "))
    });
    assert_at_rest(&mut window);
}

#[test]
fn while_connecting_to_a_server_that_does_not_answer() {
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = silent.local_addr().unwrap();
    let mut window = Window::open(format!("ws://{address}/"));
    window.until_shown("Connecting…");
    assert_at_rest(&mut window);
}

#[test]
fn while_closed() {
    let mut window = Window::open(format!("ws://{}/", nobody()));
    window.until_shown("Network unreachable…");
    assert_at_rest(&mut window);

    let server = Scripted::start(|mut peer| peer.close(4123, "raisin"));
    let mut window = Window::open(server.url());
    window.until_shown("Closed");
    server.end();
    assert_at_rest(&mut window);
}

#[test]
fn while_the_page_echoes_by_itself() {
    let address = format!("ws://{}/", nobody());
    let mut window = Window::open_with(Opening { can_echo_in_page: true, ..opening(address) });
    window.until_shown("Try the server again");
    assert_at_rest(&mut window);
    window.type_text("raisin");
    window.press(Key::Enter);
    window.until_shown("echo: raisin");
    assert_at_rest(&mut window);
}

#[test]
fn a_message_draws_itself_and_then_there_is_rest() {
    let (say, said) = mpsc::channel::<&str>();
    let server = Scripted::start(move |mut peer| {
        while let Ok(text) = said.recv_timeout(DEADLINE) {
            peer.send(text);
        }
    });
    let mut window = Window::open(server.url());
    window.until_shown("Open");
    assert_at_rest(&mut window);
    for text in ["raisin", "grape", "plum"] {
        let before = window.frames();
        say.send(text).unwrap();
        window.until_shown(&format!("echo: {text}"));
        assert_at_rest(&mut window);
        let frames = window.frames() - before;
        assert!(frames <= 2, "{frames} frames");
    }
    drop(window);
    drop(say);
    server.end();
}
