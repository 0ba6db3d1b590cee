//! `long_text_bench [PART…]`: what a frame with a text in it costs, in egui's pass and in making triangles,
//! without a window.
//!
//! - [`texts`] is what is shown;
//! - [`frames`] draws it, by the view, a label or a text field;
//! - [`memory`] counts what that needs.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it talks to its terminal")]

mod frames;
mod memory;
mod texts;

use std::process::ExitCode;

use frames::{Figures, Shown};

const PARTS: [&str; 4] = ["view", "large", "unwrapped", "others"];

fn main() -> ExitCode {
    let names: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = names.iter().find(|name| !PARTS.contains(&name.as_str())) {
        eprintln!("error: there is no part `{unknown}`; there are {}", PARTS.join(", "));
        return ExitCode::FAILURE;
    }
    let page = egui::vec2(400.0, 720.0);
    let screen = egui::vec2(1920.0, 1080.0);
    for part in PARTS {
        if !names.is_empty() && !names.iter().any(|name| name == part) {
            continue;
        }
        match part {
            "view" => {
                table("the view, 400 × 720", Shown::View { wraps: true }, page, 64 * texts::MIB);
            }
            "large" => {
                table(
                    "the view, 1920 × 1080",
                    Shown::View { wraps: true },
                    screen,
                    64 * texts::MIB,
                );
            }
            "unwrapped" => {
                table("not wrapped", Shown::View { wraps: false }, page, 64 * texts::MIB);
            }
            _ => {
                table("egui's label", Shown::Label, page, 10 * texts::MIB);
                table("egui's text field", Shown::Field, page, 10 * texts::MIB);
            }
        }
    }
    ExitCode::SUCCESS
}

fn table(about: &str, shown: Shown, size: egui::Vec2, most: usize) {
    println!(
        "| {about} | first frame | at the start | in the middle | at the end | scrolling | slowest | memory |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|");
    for (name, text) in texts::all(most) {
        eprintln!("{about}: {name}");
        let Figures { first, start, middle, end, scrolling, slowest, memory } =
            frames::measure(shown, &text, size);
        let times = [first, start, middle, end, scrolling, slowest].map(time).join(" | ");
        println!("| {name} | {times} | {} |", bytes(memory));
    }
    println!();
}

fn time(seconds: Option<f64>) -> String {
    match seconds {
        None => "–".to_owned(),
        Some(seconds) if seconds < 1.0 => format!("{:.2} ms", seconds * 1e3),
        Some(seconds) => format!("{seconds:.1} s"),
    }
}

fn bytes(bytes: usize) -> String {
    match bytes {
        ..1_000_000 => format!("{:.0} KB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}
