//! What a frame of the page costs, in egui's pass and in making triangles, without a window: with a short
//! echo, with long ones, and while something long waits to be sent. `cargo xtask bench ui`.
//!
//! Each line is a process of its own, so that its memory is its own: what the process had at most, beside
//! what it had with the empty page. Times are processor time.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "it prints what it measured, or fails"
)]

use std::process::Command;

use app_core::Opening;
use app_core::settings::Transport;
use app_core::stored::Stored;
use egui::{Context, Event, Key, Modifiers, Pos2, RawInput, Rect, vec2};
use rustix::time::{ClockId, clock_gettime};
use websocket_echo::app::EchoPage;

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

fn main() {
    let mut arguments = std::env::args().skip(1);
    if let Some(line) = arguments.next() {
        return measure(line.parse().unwrap());
    }
    println!("| the page, 400 × 720 | first frame | then | slowest | memory | of the text |");
    println!("|---|--:|--:|--:|--:|--:|");
    for line in 0..LINES.len() {
        let program = std::env::current_exe().unwrap();
        let output = Command::new(program).arg(line.to_string()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        print!("{}", String::from_utf8_lossy(&output.stdout));
    }
}

/// Prints one line.
fn measure(line: usize) {
    let (name, bytes, is_typing) = LINES[line];
    let mut window = Window::open();
    let text: String =
        "How many raisins fit into one message? ".chars().cycle().take(bytes).collect();
    let before = peak_memory();
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
    let memory = peak_memory().zip(before).map(|(after, before)| after.saturating_sub(before));
    let ratio =
        memory.map_or("–".to_owned(), |memory| format!("{:.2}", memory as f64 / bytes as f64));
    let ratio = if bytes < MIB { "–".to_owned() } else { ratio };
    let memory = memory.map_or("–".to_owned(), |memory| format!("{:.1} MB", memory as f64 / 1e6));
    println!("| {name} | {first} | {} | {} | {memory} | {ratio} |", ms(then), ms(slowest));
}

fn ms(secs: f64) -> String {
    format!("{:.2} ms", secs * 1e3)
}

/// The page over its own memory, drawn without a screen.
struct Window {
    ctx: Context,
    page: EchoPage,
}

impl Window {
    fn open() -> Self {
        let ctx = Context::default();
        let mut stored = Stored::default();
        stored.settings.transport = Transport::InPage;
        let page =
            EchoPage::new(&ctx, Opening { stored: Ok(stored), ..Opening::new("ws://localhost") });
        let mut window = Self { ctx, page };
        // Fonts are read, letters are drawn, and the page connects.
        for _ in 0..10 {
            window.frame(Vec::new());
        }
        window
    }

    /// Draws a frame, and gives the processor time that it took, in seconds.
    fn frame(&mut self, events: Vec<Event>) -> f64 {
        let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, vec2(400.0, 720.0)));
        let input = RawInput { screen_rect, events, focused: true, ..RawInput::default() };
        let before = clock_gettime(ClockId::ProcessCPUTime);
        let output = self.ctx.run_ui(input, |ui| {
            self.page.logic(ui.ctx());
            self.page.ui(ui);
        });
        let triangles = self.ctx.tessellate(output.shapes.clone(), output.pixels_per_point);
        let after = clock_gettime(ClockId::ProcessCPUTime);
        drop(triangles);
        output.drop_without_applying_deltas();
        (after.tv_sec - before.tv_sec) as f64 + (after.tv_nsec - before.tv_nsec) as f64 / 1e9
    }
}

/// The most memory that this process has had, in bytes, where the system tells.
fn peak_memory() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: usize = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib * 1024)
}
