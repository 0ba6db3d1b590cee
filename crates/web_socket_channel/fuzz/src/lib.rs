//! What must hold whatever comes: a check for each fuzz target, by the public API alone.
//!
//! A check takes any bytes for its script, and panics where a promise is broken. The fuzz targets
//! feed them what libFuzzer finds; `tests/fuzz.rs` of the channel feeds them the seeds and random
//! bytes.

pub mod arguments;
pub mod incoming;
pub mod lifecycle;
pub mod reconnect;
