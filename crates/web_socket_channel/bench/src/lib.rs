//! What the clients of the benchmark are made of; `main.rs` is the driver that starts them.
//!
//! A client process runs one peer through one scenario and prints what it measured of itself:
//!
//! - [`scenario`] is what is asked of every peer alike;
//! - [`client`] is the loop that sends, receives, verifies and measures;
//! - [`peers`] is how each library sends and receives, one file for each family;
//! - [`usage`] asks the system what the process has used, and [`counting`] counts what the system
//!   does not: allocations, and bytes that reach the program where the socket has put them.

pub mod client;
pub mod counting;
pub mod peers;
pub mod scenario;
pub mod usage;

/// What went wrong, in words; it is printed once, where the process ends.
pub type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;
