//! `builder_bench [PART…]`: the ways from another thread into a frame loop, side by side.
//!
//! - [`ways`] is what is compared;
//! - [`frames`] is a frame loop that draws when egui asks for it, as eframe's does, without a window;
//! - [`handover`], [`cost`], [`latency`] and [`idle`] are what is asked of every way, and [`rebuild`]
//!   what a frame costs by itself;
//! - [`counting`] counts allocations, and [`table`] shows what was measured.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it talks to its terminal")]

mod counting;
mod frames;
mod table;
mod ways;

mod cost;
mod handover;
mod idle;
mod latency;
mod rebuild;

use std::process::ExitCode;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// How often everything has its turn. Odd, so that the median is one of them.
const ROUNDS: usize = 7;

type Part = fn() -> String;

/// What can be asked for by name, in the order in which it is done.
const PARTS: [(&str, Part); 5] = [
    ("handover", handover::part),
    ("cost", cost::part),
    ("latency", latency::part),
    ("idle", idle::part),
    ("rebuild", rebuild::part),
];

fn main() -> ExitCode {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let is_part = |name: &&String| PARTS.iter().any(|(part, _)| part == name);
    if let Some(unknown) = names.iter().find(|name| !is_part(name)) {
        let known = PARTS.map(|(part, _)| part).join(", ");
        eprintln!("error: there is no part `{unknown}`; there are {known}");
        return ExitCode::FAILURE;
    }
    for (name, part) in PARTS {
        if names.is_empty() || names.iter().any(|wanted| wanted == name) {
            eprintln!("{name}");
            println!("{}", part());
        }
    }
    ExitCode::SUCCESS
}

/// The processor time of all threads of this process, in the program and in the system for it.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// The value below which this part of the values lies: 0.5 is the median.
fn quantile(mut values: Vec<f64>, part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    values.get((last as f64 * part).round() as usize).copied().unwrap_or(f64::NAN)
}

/// Runs `measure` for each of `count` subjects in turn, and all of that for several rounds. Gives the
/// figures of each subject, by round.
fn interleaved<T>(count: usize, mut measure: impl FnMut(usize) -> T) -> Vec<Vec<T>> {
    let mut figures: Vec<Vec<T>> = (0..count).map(|_| Vec::new()).collect();
    for _ in 0..ROUNDS {
        for (subject, figures) in figures.iter_mut().enumerate() {
            figures.push(measure(subject));
        }
    }
    figures
}
