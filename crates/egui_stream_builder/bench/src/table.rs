//! What was measured, as tables that may stand in a README.

use crate::quantile;

/// A column of figures, one for each row, as text.
pub(crate) struct Column {
    name: &'static str,
    cells: Vec<String>,
    /// What stands beside it: how many times the first row's it is, and how far the rounds lie apart.
    beside: Vec<(&'static str, Vec<String>)>,
}

impl Column {
    /// Medians of what was measured in several rounds.
    pub(crate) fn measured(
        name: &'static str,
        figures: &[Vec<f64>],
        shown: fn(f64) -> String,
    ) -> Self {
        let range = |figures: &Vec<f64>| {
            let end = |part| shown(quantile(figures.clone(), part));
            format!("{} to {}", end(0.0), end(1.0))
        };
        let cells = medians(figures).into_iter().map(shown).collect();
        let ranges = figures.iter().map(range).collect();
        Self { name, cells, beside: vec![("lowest to highest", ranges)] }
    }

    /// The same, of rows that are to be compared with the first.
    pub(crate) fn compared(
        name: &'static str,
        figures: &[Vec<f64>],
        shown: fn(f64) -> String,
    ) -> Self {
        let medians = medians(figures);
        let first = medians.first().copied().unwrap_or(f64::NAN);
        let ratios = medians.iter().map(|median| format!("{:.2}", median / first)).collect();
        let mut column = Self::measured(name, figures, shown);
        column.beside.insert(0, ("of the first", ratios));
        column
    }

    /// What is as good as the same each time.
    pub(crate) fn counted(name: &'static str, figures: Vec<f64>, shown: fn(f64) -> String) -> Self {
        Self { name, cells: figures.into_iter().map(shown).collect(), beside: Vec::new() }
    }
}

/// The middle of each subject's figures.
pub(crate) fn medians(figures: &[Vec<f64>]) -> Vec<f64> {
    figures.iter().map(|figures| quantile(figures.clone(), 0.5)).collect()
}

pub(crate) fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        ..1e3 => format!("{nanoseconds:.0} ns"),
        ..1e4 => format!("{:.2} µs", nanoseconds / 1e3),
        ..1e6 => format!("{:.1} µs", nanoseconds / 1e3),
        _ => format!("{:.2} ms", nanoseconds / 1e6),
    }
}

pub(crate) fn count(count: f64) -> String {
    if count < 10.0 { format!("{count:.2}") } else { format!("{count:.0}") }
}

pub(crate) fn table(about: &str, rows: &[&str], columns: &[Column]) -> String {
    let mut cells: Vec<Vec<String>> =
        vec![[&[about], rows].concat().into_iter().map(ToOwned::to_owned).collect()];
    for column in columns {
        let under = |name: &str, figures: &[String]| {
            std::iter::once(name.to_owned()).chain(figures.iter().cloned()).collect()
        };
        cells.push(under(column.name, &column.cells));
        cells.extend(column.beside.iter().map(|(name, figures)| under(name, figures)));
    }
    let width = |column: &Vec<String>| {
        column.iter().map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = cells.iter().map(width).collect();
    let line = |row: usize| {
        let cells = cells.iter().zip(&widths).enumerate().map(|(index, (column, width))| {
            let cell = &column[row];
            if index == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
    };
    let rules = widths.iter().enumerate().map(|(index, width)| match index {
        0 => "-".repeat(*width),
        _ => format!("{}:", "-".repeat(width - 1)),
    });
    let rule = format!("| {} |\n", rules.collect::<Vec<_>>().join(" | "));
    let body: String = (1..=rows.len()).map(line).collect();
    line(0) + &rule + &body
}
