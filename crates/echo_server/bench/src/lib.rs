//! What the servers of the benchmark are made of; `main.rs` is the driver that starts and loads
//! them.
//!
//! - [`scenario`] is what is asked of every server alike;
//! - [`peers`] is how each library echoes, one file for each family.

pub mod peers;
pub mod scenario;

/// What went wrong, in words; it is printed once, where the process ends.
pub type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;
