//! What echo_server has to reach, and whether it does.

use server_bench::peers::{ECHO_SERVER, RAW};
use server_bench::scenario::MEMORY;

use crate::run::{AFTER_ECHO, CPU, Figures, OPEN};

/// CPU of a message, at most so many times that of the raw limit.
const CPU_TARGETS: [(&str, f64); 6] =
    [("1", 1.05), ("32B", 1.45), ("1KiB", 1.45), ("64KiB", 1.6), ("1MiB", 1.0), ("1000", 1.05)];

/// Memory, at most so many kB.
const MEMORY_TARGETS: [(&str, f64); 2] = [(OPEN, 2.2), (AFTER_ECHO, 2.2)];

/// Every target for which there are figures.
pub(crate) fn judgement(figures: &Figures) -> String {
    let mut text = format!("What {ECHO_SERVER} has to reach, and whether it did:\n\n");
    for (scenario, most) in CPU_TARGETS {
        let median = |peer| figures.median(scenario, peer, CPU);
        if let Some((ours, raw)) = median(ECHO_SERVER).zip(median(RAW)) {
            let what = format!("{scenario}: CPU a message, of the raw limit's");
            text += &judge(&what, ours / raw, most, "");
        }
    }
    for (name, most) in MEMORY_TARGETS {
        if let Some(bytes) = figures.median(MEMORY, ECHO_SERVER, name) {
            text += &judge(name, bytes / 1000.0, most, " KB");
        }
    }
    text
}

fn judge(what: &str, value: f64, most: f64, unit: &str) -> String {
    let judgement = if value <= most { "kept    " } else { "NOT KEPT" };
    format!("- {judgement}  {what}: {value:.2}{unit}, at most {most}{unit}\n")
}
