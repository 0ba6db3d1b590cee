//! A channel that connects again, in every order of losses and wishes: over connections in memory
//! and on a clock that is turned by hand, so that nothing waits and nothing happens by accident.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test that can't go on has failed, and its numbers are small"
)]

mod reconnect {
    pub(crate) mod stage;

    mod asked;
    mod attempts;
    mod losses;
    mod messages;
    mod news;
    mod orders;
    mod readers;
}
