//! `row_list_bench [PART…]`: lists of many rows for egui, side by side.
//!
//! - [`lists`] is what is compared, [`stage`] a window that is none, in which one of them is shown;
//! - [`frames`] is what a frame costs, and [`scroll`] where the rows stand after they were scrolled.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it talks to its terminal")]

mod frames;
mod lists;
mod scroll;
mod stage;

use std::process::ExitCode;

type Part = fn() -> String;

/// What can be asked for by name, in the order in which it is done.
const PARTS: [(&str, Part); 2] = [("frames", frames::part), ("scroll", scroll::part)];

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

/// The middle of the values.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A table that may stand in a README.
fn table(lines: &[Vec<String>]) -> String {
    let columns = lines.first().map_or(0, Vec::len);
    let width = |column: usize| {
        lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        let cells = line.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            if column == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        text += &format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "));
        if index == 0 {
            let rules = widths.iter().enumerate().map(|(column, width)| match column {
                0 => "-".repeat(*width),
                _ => format!("{}:", "-".repeat(width - 1)),
            });
            text += &format!("| {} |\n", rules.collect::<Vec<_>>().join(" | "));
        }
    }
    text
}

/// A number with its digits in groups of three.
fn grouped(number: u64) -> String {
    egui_row_list::group_digits(number)
}
