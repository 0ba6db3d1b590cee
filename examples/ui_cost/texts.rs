//! The page with a short echo, with long ones, and while something long waits to be sent.

use egui::{Event, Key, Modifiers};

use crate::window::{AT_MOST, NARROW, Window, memory};
use crate::{Table, megabytes, ms};

const MIB: usize = 1024 * 1024;

/// How many frames a figure is the middle of.
const FRAMES: usize = 201;

/// How many frames may pass until an echo is there.
const MOST_FRAMES: usize = 10_000;

/// What is shown: its name, how long the echo is, and whether more of this length waits meanwhile.
const LINES: [(&str, usize, bool); 5] = [
    ("a short echo", 5, false),
    ("1 MiB", MIB, false),
    ("10 MiB", 10 * MIB, false),
    ("64 MiB", 64 * MIB, false),
    ("typing, while 1 MiB is attached", MIB, true),
];

pub(crate) const TABLE: Table = Table {
    name: "texts",
    heading: "| the page, 400 × 720 | first frame | then | slowest | memory | of the text |",
    lines: LINES.len(),
    line,
};

fn line(line: usize) -> String {
    let (name, bytes, is_typing) = LINES[line];
    let mut window = Window::in_page(NARROW);
    let text: String =
        "How many raisins fit into one message? ".chars().cycle().take(bytes).collect();
    let before = memory(AT_MOST);
    window.frame(vec![Event::Paste(text)]);
    let mut first = None;
    if is_typing {
        // It is attached, and stays so.
        window.frame(Vec::new());
    } else {
        let enter = |pressed| Event::Key {
            key: Key::Enter,
            physical_key: None,
            pressed,
            repeat: false,
            modifiers: Modifiers::NONE,
        };
        window.frame(vec![enter(true), enter(false)]);
        let events = window.page.counters().events;
        for _ in 0..MOST_FRAMES {
            let took = window.frame(Vec::new());
            if window.page.counters().events > events {
                first = Some(took);
                break;
            }
        }
        assert!(first.is_some(), "no echo");
    }
    let mut times = Vec::new();
    for number in 0..FRAMES {
        // A line of text grows by a letter, and begins anew before it is long.
        let letter = if number % 40 == 39 { Event::Cut } else { Event::Text("r".to_owned()) };
        times.push(window.frame(if is_typing { vec![letter] } else { Vec::new() }));
    }
    times.sort_by(f64::total_cmp);
    let (then, slowest) = (times[FRAMES / 2], times[FRAMES - 1]);
    let first = first.map_or("–".to_owned(), ms);
    let memory = memory(AT_MOST).zip(before).map(|(after, before)| after.saturating_sub(before));
    let ratio =
        memory.map_or("–".to_owned(), |memory| format!("{:.2}", memory as f64 / bytes as f64));
    let ratio = if bytes < MIB { "–".to_owned() } else { ratio };
    let memory = memory.map_or("–".to_owned(), megabytes);
    format!("| {name} | {first} | {} | {} | {memory} | {ratio} |", ms(then), ms(slowest))
}
