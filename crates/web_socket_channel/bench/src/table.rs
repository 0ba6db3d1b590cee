//! What was measured, as tables that may stand in a README.

use channel_bench::peers::{self, TUNED};
use channel_bench::scenario::{Pace, Scenario};

use crate::run::{ALLOCATED_BYTES, ALLOCATIONS, CPU, Figures, GROWTH, IN_PLACE, P50, P99, WALL};

/// What a message costs each peer.
pub(crate) fn costs(scenario: Scenario, figures: &Figures) -> String {
    let (main, second, head) = if scenario.pace == Pace::Full {
        (CPU, WALL, ["CPU", "of tuned", "lowest to highest", "wall", "of tuned"])
    } else {
        (P50, P99, ["p50", "of tuned", "lowest to highest", "p99", "of tuned"])
    };
    let mut columns = vec![scenario.about];
    columns.extend(head);
    if scenario.pace == Pace::Full {
        columns.extend(["allocations", "allocated", "not copied"]);
    }
    let rows = peers::ALL.map(|peer| {
        let median = |name| figures.median(scenario.name, peer, name);
        let ratio = |name| {
            let tuned = figures.median(scenario.name, TUNED, name);
            shown(median(name).zip(tuned).map(|(value, tuned)| value / tuned), |ratio| {
                format!("{ratio:.2}")
            })
        };
        let all = figures.sorted(scenario.name, peer, main);
        let range = all.first().zip(all.last());
        let mut row = vec![
            peer.to_owned(),
            shown(median(main), time),
            ratio(main),
            shown(range, |(lowest, highest)| format!("{} to {}", time(*lowest), time(*highest))),
            shown(median(second), time),
            ratio(second),
        ];
        if scenario.pace == Pace::Full {
            row.push(shown(median(ALLOCATIONS), |count| format!("{count:.3}")));
            row.push(shown(median(ALLOCATED_BYTES), |bytes| format!("{bytes:.0} B")));
            row.push(shown(median(IN_PLACE), |part| format!("{:.0} %", part * 100.0)));
        }
        row
    });
    table(&columns, &rows)
}

/// What a flood makes of each peer's memory.
pub(crate) fn growth(floods: &[Scenario], flooded: &[&'static str], figures: &Figures) -> String {
    let mut columns = vec!["growth of memory by"];
    columns.extend(floods.iter().map(|flood| flood.about));
    let rows: Vec<Vec<String>> = flooded
        .iter()
        .map(|peer| {
            let growth = |flood: &Scenario| {
                shown(figures.median(flood.name, peer, GROWTH), |bytes| {
                    format!("{:.1} MiB", bytes / f64::from(1 << 20))
                })
            };
            let mut row = vec![(*peer).to_owned()];
            row.extend(floods.iter().map(growth));
            row
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
    let mut text = line(columns.to_vec());
    let rules: Vec<String> = widths
        .iter()
        .enumerate()
        .map(|(column, width)| match column {
            0 => "-".repeat(*width),
            _ => format!("{}:", "-".repeat(width - 1)),
        })
        .collect();
    text += &line(rules.iter().map(String::as_str).collect());
    for row in rows {
        text += &line(row.iter().map(String::as_str).collect());
    }
    text
}
