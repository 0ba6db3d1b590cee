//! What is asked of every server alike.

use crate::Result;

/// One way to use a server.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    /// How it is called on the command line.
    pub name: &'static str,
    /// What it is, for the heading of its table.
    pub about: &'static str,
    /// The payload of every message.
    pub payload_bytes: usize,
    /// How many connections there are, all of them busy.
    pub connections: usize,
    /// How many messages of each connection are on their way at any time. Of the largest there are
    /// fewer, as 16 MiB are more than any socket holds already.
    pub in_flight: usize,
}

/// All of them, in the order of their tables.
pub const ALL: [Scenario; 6] = [
    busy("1", "32 B, one in flight", 32, 1, 1),
    busy("32B", "32 B, 256 in flight", 32, 1, 256),
    busy("1KiB", "1 KiB, 256 in flight", 1024, 1, 256),
    busy("64KiB", "64 KiB, 256 in flight", 64 * 1024, 1, 256),
    busy("1MiB", "1 MiB, 16 in flight", 1024 * 1024, 1, 16),
    busy("1000", "32 B, 1 000 connections with one in flight each", 32, 1000, 1),
];

/// What measures the memory instead of the time.
pub const MEMORY: &str = "memory";

/// How many connections are open while memory is measured.
pub const IDLE_CONNECTIONS: usize = 2000;

/// What each of them has echoed once before memory is measured again.
pub const IDLE_ECHO_BYTES: usize = 64 * 1024;

/// More connections than any scenario has, for a server that wants to know.
pub const MAX_CONNECTIONS: usize = 2 * IDLE_CONNECTIONS;

/// Larger than any message here.
pub const MAX_MESSAGE_BYTES: usize = 16 << 20;

const fn busy(
    name: &'static str,
    about: &'static str,
    payload_bytes: usize,
    connections: usize,
    in_flight: usize,
) -> Scenario {
    Scenario { name, about, payload_bytes, connections, in_flight }
}

/// The scenarios of these names, and whether memory is measured; everything where none is named.
///
/// # Errors
/// A name that is none, with those that are.
pub fn select(names: &[String]) -> Result<(Vec<Scenario>, bool)> {
    for name in names {
        if name != MEMORY && !ALL.iter().any(|scenario| scenario.name == name) {
            let mut known: Vec<&str> = ALL.iter().map(|scenario| scenario.name).collect();
            known.push(MEMORY);
            let known = known.join(", ");
            return Err(format!("there is no scenario `{name}`; there are {known}").into());
        }
    }
    let is_wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| wanted == name);
    let scenarios = ALL.into_iter().filter(|scenario| is_wanted(scenario.name)).collect();
    Ok((scenarios, is_wanted(MEMORY)))
}
