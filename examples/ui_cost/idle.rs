//! The page at rest: how many frames it draws in ten seconds in which nothing happens.

use std::thread;
use std::time::{Duration, Instant};

use app_core::stored::Stored;
use app_core::{Opening, Panel};

use crate::Table;
use crate::server::Server;
use crate::window::{WIDE, Window};

const SECONDS: u64 = 10;

/// What is open, and whether there is a server; where there is none, the page waits to connect again.
const LINES: [(&str, Option<Panel>, bool); 4] = [
    ("open", None, true),
    ("open, with the log", Some(Panel::Log), true),
    ("open, with the rebuilds", Some(Panel::Rebuilds), true),
    ("reconnecting, with its countdown and attempts", None, false),
];

pub(crate) const TABLE: Table = Table {
    name: "idle",
    heading: "| ten seconds in which nothing happens | frames |",
    lines: LINES.len(),
    line,
};

fn line(line: usize) -> String {
    let (name, panel, is_open) = LINES[line];
    let mut server = Some(Server::start(1, 0));
    let url = server.as_ref().unwrap().url.clone();
    let mut stored = Stored::default();
    stored.panel = panel;
    let mut window = Window::open(Opening { stored: Ok(stored), ..Opening::new(url) }, WIDE);
    let start = Instant::now();
    while window.page.counters().events < 1 {
        assert!(start.elapsed() < Duration::from_secs(10), "no message");
        window.frame(Vec::new());
    }
    if !is_open {
        server = None;
    }
    // What has happened has been drawn.
    let rest = Instant::now();
    while rest.elapsed() < Duration::from_secs(2) {
        if window.is_due() {
            window.frame(Vec::new());
        }
        thread::sleep(Duration::from_millis(1));
    }
    let mut frames = 0;
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(SECONDS) {
        if window.is_due() {
            window.frame(Vec::new());
            frames += 1;
        }
        thread::sleep(Duration::from_millis(1));
    }
    drop(server);
    format!("| {name} | {frames} |")
}
