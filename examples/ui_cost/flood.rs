//! The page with the log beside it, on a screen of 60 Hz, while a real server sends 100 000 messages a second.

use std::thread;
use std::time::{Duration, Instant};

use crate::rows::{ROWS_BEFORE, opening};
use crate::server::Server;
use crate::window::{NOW, WIDE, Window, memory};
use crate::{Table, ms};

/// For ten seconds.
const COUNT: u64 = 1_000_000;
const PER_MS: u64 = 100;

/// Where nothing has come for so long, nothing more comes.
const LIMIT: Duration = Duration::from_secs(60);

const REFRESH: Duration = Duration::from_nanos(16_666_667);

/// How much the log keeps, in MiB: less than what comes.
const KEEPS_MIB: [usize; 1] = [64];

pub(crate) const TABLE: Table = Table {
    name: "flood",
    heading: "| 1 000 000 messages of 100 B, 100 000 a second | took | frames | middle | p99 | slowest | lost | memory, of what is kept |",
    lines: KEEPS_MIB.len(),
    line,
};

fn line(line: usize) -> String {
    let keeps = KEEPS_MIB[line];
    let server = Server::start(COUNT, PER_MS);
    let mut window = Window::open(opening(&server.url, &keeps.to_string()), WIDE);
    let before = memory(NOW);
    let start = Instant::now();
    let mut next = start;
    let mut times = Vec::new();
    let mut most = 0;
    while window.page.counters().events < COUNT {
        assert!(start.elapsed() < LIMIT, "{:?}", window.page.counters());
        next += REFRESH;
        thread::sleep(next.saturating_duration_since(Instant::now()));
        if window.is_due() {
            times.push(window.frame(Vec::new()));
        }
        if let Some((now, before)) = memory(NOW).zip(before) {
            most = most.max(now.saturating_sub(before));
        }
    }
    let took = start.elapsed();
    let said = window.nodes().iter().filter_map(|(_, node)| node.label().or(node.value()));
    let (kept, dropped) = said.filter_map(kept_and_dropped).next().unwrap();
    assert!(dropped > 0, "the log keeps all, so that nothing is said of its bound");
    let lost = COUNT + ROWS_BEFORE - kept - dropped;
    times.sort_by(f64::total_cmp);
    let at = |percent: usize| ms(times[(times.len() - 1) * percent / 100]);
    format!(
        "| the log keeps {keeps} MiB, {dropped} dropped | {:.1} s | {} | {} | {} | {} | {lost} | {:.2} |",
        took.as_secs_f64(),
        times.len(),
        at(50),
        at(99),
        at(100),
        most as f64 / (keeps << 20) as f64,
    )
}

/// How many rows the log has, and how many it has dropped, if these words say so.
fn kept_and_dropped(words: &str) -> Option<(u64, u64)> {
    let (kept, rest) = words.split_once(" rows, ")?;
    let (_, dropped) = rest.split_once("; ")?;
    let number =
        |words: &str| words.chars().filter(char::is_ascii_digit).collect::<String>().parse().ok();
    Some((number(kept)?, number(dropped.strip_suffix(" older ones dropped")?)?))
}
