//! What is asked of every peer alike.

use std::time::Duration;

use crate::Result;

/// One way to use a connection.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    /// How it is called on the command line.
    pub name: &'static str,
    /// What it is, for the heading of its table.
    pub about: &'static str,
    /// The payload of every message.
    pub payload_bytes: usize,
    /// How many messages are on their way at any time. In bytes it is at most what the channel's
    /// outbox holds by default, so there are fewer of the largest ones, for every peer.
    pub in_flight: usize,
    /// How the messages follow each other.
    pub pace: Pace,
}

/// How messages follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// An echo that comes back is answered with the next message at once.
    Full,
    /// One at a time, and the next one after this time: as a program with a window sends them.
    Every(Duration),
    /// The server sends all it can, to a program that does not read.
    Flood,
}

/// All of them, in the order of their tables.
pub const ALL: [Scenario; 10] = [
    full("single", "32 B, one in flight", 32, 1),
    full("32B", "32 B, 256 in flight", 32, 256),
    full("1KiB", "1 KiB, 256 in flight", 1 << 10, 256),
    full("64KiB", "64 KiB, 256 in flight", 64 << 10, 256),
    full("1MiB", "1 MiB, 16 in flight", 1 << 20, 16),
    Scenario {
        pace: Pace::Every(Duration::from_micros(3700)),
        ..full("paced", "32 B, one every 3.7 ms, as a program with a window sends them", 32, 1)
    },
    flood("flood-32B", "a flood of 32 B that nobody reads", 32),
    flood("flood-1KiB", "a flood of 1 KiB that nobody reads", 1 << 10),
    flood("flood-64KiB", "a flood of 64 KiB that nobody reads", 64 << 10),
    flood("flood-1MiB", "a flood of 1 MiB that nobody reads", 1 << 20),
];

impl Scenario {
    /// The one of this name.
    ///
    /// # Errors
    /// There is none.
    pub fn named(name: &str) -> Result<Self> {
        let found = ALL.iter().find(|scenario| scenario.name == name);
        Ok(*found.ok_or_else(|| format!("there is no scenario `{name}`"))?)
    }
}

const fn full(
    name: &'static str,
    about: &'static str,
    payload_bytes: usize,
    in_flight: usize,
) -> Scenario {
    Scenario { name, about, payload_bytes, in_flight, pace: Pace::Full }
}

const fn flood(name: &'static str, about: &'static str, payload_bytes: usize) -> Scenario {
    Scenario { name, about, payload_bytes, in_flight: 1, pace: Pace::Flood }
}

/// The payloads of a scenario, over and over: the number of a message within this ring stands at
/// its beginning and at its end, so that order and length are cheap to verify. A prime, so that
/// no batch of a round size that is lost or doubled looks like the right one.
pub const RING: usize = 31;

/// The payload of the message with this number.
pub fn payload(number: usize, bytes: usize) -> Vec<u8> {
    let mut payload: Vec<u8> = (0..bytes).map(|at| (at % 251) as u8).collect();
    let number = (number % RING).to_le_bytes();
    payload[..number.len()].copy_from_slice(&number);
    let tail = bytes - number.len();
    payload[tail..].copy_from_slice(&number);
    payload
}

/// How much a flood consists of: four times what the channel's inbox holds by default, in messages
/// or in bytes, whichever comes first.
pub fn flood_messages(payload_bytes: usize) -> usize {
    let bound = web_socket_channel::Options::default().inbox;
    4 * bound.messages.min(bound.bytes / payload_bytes)
}
