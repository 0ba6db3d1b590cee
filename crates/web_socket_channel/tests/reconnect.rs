//! A channel that connects again, in every order of losses and requests: over connections in memory
//! and on a clock that is turned by hand, so that nothing waits and nothing happens by accident.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test that can't go on has failed, and its numbers are small"
)]

mod reconnect {
    pub(crate) mod stage;

    mod attempts;
    mod control;
    mod losses;
    mod messages;
    mod random_lives;
    mod readers;
    mod watch;
}
