//! What was measured, as tables that may stand in a README.

use server_bench::peers::RAW;
use server_bench::scenario::{MEMORY, Scenario};

use crate::run::{AFTER_ECHO, CPU, Figures, OPEN, WALL};

/// What a message costs each peer.
pub(crate) fn costs(scenario: Scenario, peers: &[&'static str], figures: &Figures) -> String {
    let columns = [scenario.about, "CPU", "of raw", "lowest to highest", "wall", "of raw"];
    let rows: Vec<Vec<String>> = peers
        .iter()
        .map(|peer| {
            let median = |name| figures.median(scenario.name, peer, name);
            let ratio = |name| {
                let raw = figures.median(scenario.name, RAW, name);
                let ratio = median(name).zip(raw).map(|(value, raw)| value / raw);
                shown(ratio, |ratio| format!("{ratio:.2}"))
            };
            let all = figures.sorted(scenario.name, peer, CPU);
            vec![
                (*peer).to_owned(),
                shown(median(CPU), time),
                ratio(CPU),
                shown(all.first().zip(all.last()), |(lowest, highest)| {
                    format!("{} to {}", time(*lowest), time(*highest))
                }),
                shown(median(WALL), time),
                ratio(WALL),
            ]
        })
        .collect();
    table(&columns, &rows)
}

/// What a quiet connection costs each peer.
pub(crate) fn memory(peers: &[&'static str], figures: &Figures) -> String {
    let columns = ["memory of an idle connection", "open", "after an echo of 64 KiB"];
    let rows: Vec<Vec<String>> = peers
        .iter()
        .map(|peer| {
            let held = |name| {
                shown(figures.median(MEMORY, peer, name), |bytes| {
                    format!("{:.1} KB", bytes / 1000.0)
                })
            };
            vec![(*peer).to_owned(), held(OPEN), held(AFTER_ECHO)]
        })
        .collect();
    table(&columns, &rows)
}

/// What is not there failed; the end of the output says why.
fn shown<T>(value: Option<T>, show: impl Fn(T) -> String) -> String {
    value.map_or_else(|| "failed".to_owned(), show)
}

fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        ..1e3 => format!("{nanoseconds:.0} ns"),
        ..1e4 => format!("{:.2} µs", nanoseconds / 1e3),
        ..1e6 => format!("{:.1} µs", nanoseconds / 1e3),
        _ => format!("{:.2} ms", nanoseconds / 1e6),
    }
}

fn table(columns: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([columns[column].chars().count()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let line = |cells: Vec<&str>| {
        let cells = cells.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            if column == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
    };
    let rules: Vec<String> = widths
        .iter()
        .enumerate()
        .map(|(column, width)| match column {
            0 => "-".repeat(*width),
            _ => format!("{}:", "-".repeat(width - 1)),
        })
        .collect();
    let mut text = line(columns.to_vec());
    text += &line(rules.iter().map(String::as_str).collect());
    for row in rows {
        text += &line(row.iter().map(String::as_str).collect());
    }
    text
}
