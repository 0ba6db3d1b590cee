//! Compares all ways with a pattern of events, prints their figures and those of a parameter over its range,
//! and writes the lanes as an SVG file:
//!
//! ```text
//! cargo run -p frame_loops --example compare -- burst|steady|random COUNT [FILE.svg]
//! ```

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it is what the program is for")]

use std::process::ExitCode;
use std::time::Duration;

use frame_loops::{Figures, Lane, Pattern, Setup, Swept, Value, Way, run, svg};

const USAGE: &str = "Usage: compare burst|steady|random COUNT [FILE.svg]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(pattern) = pattern(&arguments) else {
        eprintln!("{USAGE}");
        return ExitCode::FAILURE;
    };
    let (setup, arrivals) = (Setup::default(), pattern.arrivals(64));
    let runs = Way::ALL.map(|way| run(way, &arrivals, &setup));

    println!("{pattern:?}, at 60 Hz, with a page of 2 ms and 20 µs an event\n");
    println!("{:<15}{HEADINGS}", "way");
    for run in &runs {
        println!("{:<15}{}", format!("{:?}", run.way), row(&run.figures()));
    }
    for swept in Swept::ALL {
        println!("\n{:<15}{HEADINGS}", format!("{swept:?}"));
        for value in swept.values() {
            let name = match value {
                Value::Count(count) => count.to_string(),
                Value::Time(time) => format!("{time:?}"),
            };
            let run = swept.run(value, Way::StreamBuilder, &arrivals, &setup);
            println!("{name:<15}{}", row(&run.figures()));
        }
    }

    if let Some(file) = arguments.get(2) {
        let said: Vec<_> =
            runs.iter().map(|run| (format!("{:?}", run.way), sentence(&run.figures()))).collect();
        let lanes: Vec<_> = runs
            .iter()
            .zip(&said)
            .map(|(run, (name, summary))| Lane { run, name, summary })
            .collect();
        let title = "The same events in five frame loops";
        let drawing = svg(title, &lanes, |time, _| format!("{:.0} ms", time.as_secs_f64() * 1e3));
        if let Err(error) = std::fs::write(file, drawing) {
            eprintln!("{file} can't be written: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn pattern(arguments: &[String]) -> Option<Pattern> {
    let count = arguments.get(1)?.parse().ok()?;
    let every = Duration::from_millis(7);
    match arguments.first()?.as_str() {
        "burst" => Some(Pattern::Burst { count }),
        "steady" => Some(Pattern::Steady { count, every }),
        "random" => Some(Pattern::Random { count, every, seed: 3678 }),
        _ => None,
    }
}

const HEADINGS: &str = "  frames  rebuilds  not shown      median         p99         max         CPU     longest  requests";

fn row(figures: &Figures) -> String {
    let ms = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1e3);
    let Figures { frames, rebuilds, never_shown, every, cpu, longest_frame, requests, .. } =
        figures;
    format!(
        "{frames:>8}{rebuilds:>10}{never_shown:>11}{:>12}{:>12}{:>12}{:>12}{:>12}{requests:>10}",
        ms(every.median),
        ms(every.p99),
        ms(every.max),
        ms(*cpu),
        ms(*longest_frame),
    )
}

fn sentence(figures: &Figures) -> String {
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    format!(
        "{} frames, {} of them rebuilds; half of the events seen after {:.1} ms, all after {:.1} ms; CPU {:.1} ms",
        figures.frames,
        figures.rebuilds,
        ms(figures.every.median),
        ms(figures.every.max),
        ms(figures.cpu),
    )
}
