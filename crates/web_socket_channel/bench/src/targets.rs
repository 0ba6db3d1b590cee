//! What the channel has to reach, and whether it does.

use channel_bench::peers::{CALLERS_RUNTIME, EWEBSOCK, EWEBSOCK_TOKIO, OWN_THREAD, TUNED};
use web_socket_channel::Options;

use crate::run::{ALLOCATIONS, CPU, Figures, GROWTH, IN_PLACE, P50};

/// A figure of the channel and what it may be.
struct Target {
    channel: &'static str,
    scenario: &'static str,
    what: &'static str,
    figure: &'static str,
    /// Whose figure it is divided by.
    by: Option<&'static str>,
    limit: Limit,
}

#[derive(Clone, Copy)]
enum Limit {
    AtMost(f64),
    /// At most one of so many parts of the other's.
    Fraction(f64),
    AtLeast(f64),
    /// At most so many times what the inbox may hold.
    Inboxes(f64),
}

const TARGETS: [Target; 19] = [
    cpu(CALLERS_RUNTIME, "32B", TUNED, Limit::AtMost(1.15)),
    cpu(CALLERS_RUNTIME, "1KiB", TUNED, Limit::AtMost(1.1)),
    cpu(CALLERS_RUNTIME, "64KiB", TUNED, Limit::AtMost(1.05)),
    cpu(CALLERS_RUNTIME, "1MiB", TUNED, Limit::AtMost(1.05)),
    cpu(OWN_THREAD, "32B", TUNED, Limit::AtMost(1.4)),
    cpu(OWN_THREAD, "1KiB", TUNED, Limit::AtMost(1.3)),
    cpu(OWN_THREAD, "64KiB", TUNED, Limit::AtMost(1.1)),
    cpu(OWN_THREAD, "1MiB", TUNED, Limit::AtMost(1.1)),
    cpu(CALLERS_RUNTIME, "32B", EWEBSOCK_TOKIO, Limit::Fraction(15.0)),
    cpu(CALLERS_RUNTIME, "1KiB", EWEBSOCK_TOKIO, Limit::Fraction(8.0)),
    Target {
        channel: OWN_THREAD,
        scenario: "paced",
        what: "p50",
        figure: P50,
        by: Some(EWEBSOCK_TOKIO),
        limit: Limit::AtMost(1.0),
    },
    Target {
        channel: OWN_THREAD,
        scenario: "paced",
        what: "p50",
        figure: P50,
        by: Some(EWEBSOCK),
        limit: Limit::Fraction(150.0),
    },
    Target {
        channel: OWN_THREAD,
        scenario: "32B",
        what: "allocations a message",
        figure: ALLOCATIONS,
        by: None,
        limit: Limit::AtMost(0.1),
    },
    in_place("64KiB"),
    in_place("1MiB"),
    growth("flood-32B"),
    growth("flood-1KiB"),
    growth("flood-64KiB"),
    growth("flood-1MiB"),
];

const fn cpu(
    channel: &'static str,
    scenario: &'static str,
    by: &'static str,
    limit: Limit,
) -> Target {
    Target { channel, scenario, what: "CPU a message", figure: CPU, by: Some(by), limit }
}

/// All but the part of a message that came with the one before it, in the same read.
const fn in_place(scenario: &'static str) -> Target {
    let limit = Limit::AtLeast(0.99);
    Target {
        channel: OWN_THREAD,
        scenario,
        what: "part of payloads not copied",
        figure: IN_PLACE,
        by: None,
        limit,
    }
}

const fn growth(scenario: &'static str) -> Target {
    let limit = Limit::Inboxes(1.1);
    Target {
        channel: OWN_THREAD,
        scenario,
        what: "growth of memory",
        figure: GROWTH,
        by: None,
        limit,
    }
}

/// Every target for which there are figures.
pub(crate) fn judgement(figures: &Figures) -> String {
    let lines = TARGETS.iter().filter_map(|target| judge(target, figures));
    format!("What the channel has to reach:\n\n{}", lines.collect::<String>())
}

fn judge(target: &Target, figures: &Figures) -> Option<String> {
    let Target { channel, scenario, what, figure, by, limit } = *target;
    let mut value = figures.median(scenario, channel, figure)?;
    if let Some(by) = by {
        value /= figures.median(scenario, by, figure)?;
    }
    let inbox = Options::default().inbox.bytes as f64;
    let (is_kept, shown) = match limit {
        Limit::AtMost(most) => (value <= most, format!("{value:.3}, at most {most}")),
        Limit::Fraction(parts) => {
            (value <= 1.0 / parts, format!("1/{:.1}, at most 1/{parts}", 1.0 / value))
        }
        Limit::AtLeast(least) => (value >= least, format!("{value:.3}, at least {least}")),
        Limit::Inboxes(most) => {
            let mib = f64::from(1 << 20);
            let bound = format!("{most} × the inbox's bound of {:.0} MiB", inbox / mib);
            (value <= most * inbox, format!("{:.1} MiB, at most {bound}", value / mib))
        }
    };
    let judgement = if is_kept { "kept    " } else { "NOT KEPT" };
    let of = by.map(|by| format!(" of {by}'s")).unwrap_or_default();
    Some(format!("- {judgement}  {scenario}, {channel}: {what}{of}: {shown}\n"))
}
