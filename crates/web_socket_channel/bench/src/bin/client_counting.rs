//! The client of all peers but one, with everything counted that the system does not count.

#[path = "../interposed.rs"]
mod interposed;

use std::process::ExitCode;

fn main() -> ExitCode {
    channel_bench::counting::begin();
    channel_bench::client::main()
}
