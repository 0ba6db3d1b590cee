//! Step four, close: the page goes, and the server is told.

use std::time::{Duration, Instant};

use eframe::App as _;
use egui::Key;

use crate::servers::{EchoServer, Scripted};
use crate::window::Window;

#[test]
fn the_server_is_told_when_the_window_closes() {
    let server = Scripted::start(|mut peer| {
        peer.echo();
        peer.close_code()
    });
    let mut window = Window::open(server.url());
    window.type_text("raisin");
    window.press(Key::Enter);
    window.until_shown("echo: raisin");
    // As eframe does, which waits for it.
    let start = Instant::now();
    window.page().on_exit(None);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert_eq!(server.end(), 1000);
}

#[test]
fn a_server_that_does_not_answer_is_waited_for_a_second_at_most() {
    let (close, closed) = std::sync::mpsc::channel::<()>();
    let server = Scripted::start(move |mut peer| {
        peer.send("raisin");
        // Reads nothing, and so answers nothing, until the window is gone.
        let _ = closed.recv_timeout(crate::window::DEADLINE);
        peer.close_code()
    });
    let mut window = Window::open(server.url());
    window.until_shown("echo: raisin");
    let start = Instant::now();
    window.page().on_exit(None);
    let waited = start.elapsed();
    assert!(waited >= Duration::from_millis(900), "{waited:?}");
    assert!(waited < Duration::from_secs(10), "{waited:?}");
    drop(close);
    assert_eq!(server.end(), 1000);
}

#[test]
fn nothing_follows_a_close() {
    let server = EchoServer::start();
    let mut window = Window::open(server.url());
    window.until_shown("Open");
    assert!(window.page().close().is_some());
    assert!(window.page().close().is_none(), "it is closed");
    server.shut_down().join().unwrap().unwrap();
}
