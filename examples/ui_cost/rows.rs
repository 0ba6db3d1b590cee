//! The page with the log beside it: at its start, in its middle and at its end, of few rows and of many.

use std::time::{Duration, Instant};

use app_core::stored::Stored;
use app_core::{Opening, Panel};
use egui::accesskit::{Action, ActionData, ActionRequest, TreeId};
use egui::{Event, Role};

use crate::server::Server;
use crate::window::{AT_MOST, WIDE, Window, memory};
use crate::{Table, megabytes, ms};

/// How many frames a figure is the middle of.
const FRAMES: usize = 201;

/// How long filling a log may take.
const LIMIT: Duration = Duration::from_secs(180);

/// Of how many rows the log is.
const ROWS: [u64; 4] = [10, 10_000, 1_000_000, 10_000_000];

/// Where the list stands, in percent.
const PLACES: [(&str, f64); 3] = [("start", 0.0), ("middle", 50.0), ("end", 100.0)];

/// What stands in the log before the first message: that it was connected to, and is open.
pub(crate) const ROWS_BEFORE: u64 = 2;

pub(crate) const TABLE: Table = Table {
    name: "rows",
    heading: "| the page and its log, 1400 × 720 | start | middle | end | slowest | memory |",
    lines: ROWS.len(),
    line,
};

/// The page with the log open, which keeps this much in MiB.
pub(crate) fn opening(url: &str, keeps_mib: &str) -> Opening {
    let mut stored = Stored::default();
    stored.panel = Some(Panel::Log);
    stored.settings.reconnects = false;
    stored.log.keeps_mib = keeps_mib.to_owned();
    Opening { stored: Ok(stored), ..Opening::new(url) }
}

fn line(line: usize) -> String {
    let count = ROWS[line] - ROWS_BEFORE;
    let server = Server::start(count, 0);
    let before = memory(AT_MOST);
    let mut window = Window::open(opening(&server.url, "4096"), WIDE);
    let start = Instant::now();
    while window.page.counters().events < count {
        assert!(start.elapsed() < LIMIT, "{:?}", window.page.counters());
        window.frame(Vec::new());
    }
    let bar = window.nodes().iter().find(|(_, node)| node.role() == Role::ScrollBar);
    let bar = bar.map(|(id, _)| *id);
    let mut slowest = 0.0_f64;
    let middles = PLACES.map(|(name, percent)| {
        // Ten rows are all in view, and there is no bar.
        if let Some(bar) = bar {
            window.frame(vec![Event::AccessKitActionRequest(ActionRequest {
                action: Action::SetValue,
                target_tree: TreeId::ROOT,
                target_node: bar,
                data: Some(ActionData::NumericValue(percent)),
            })]);
            let nodes = window.nodes();
            let position = nodes.iter().find(|(id, _)| *id == bar);
            let value = position.and_then(|(_, node)| node.numeric_value()).unwrap();
            assert!((value - percent).abs() < 0.1, "{name} is at {value} %");
        }
        for _ in 0..10 {
            window.frame(Vec::new());
        }
        let mut times: Vec<f64> = (0..FRAMES).map(|_| window.frame(Vec::new())).collect();
        times.sort_by(f64::total_cmp);
        slowest = slowest.max(times[FRAMES - 1]);
        ms(times[FRAMES / 2])
    });
    let memory = memory(AT_MOST).zip(before).map(|(after, before)| after - before);
    let memory = memory.map_or("–".to_owned(), megabytes);
    let [first, middle, end] = middles;
    format!("| {} rows | {first} | {middle} | {end} | {} | {memory} |", ROWS[line], ms(slowest))
}
