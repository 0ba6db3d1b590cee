//! The client of ewebsock with its feature `tokio`, with everything counted.

#[path = "../interposed.rs"]
mod interposed;

use std::process::ExitCode;

fn main() -> ExitCode {
    channel_bench::counting::begin();
    channel_bench::client::main()
}
