//! The client of all peers but one.

use std::process::ExitCode;

fn main() -> ExitCode {
    channel_bench::client::main()
}
