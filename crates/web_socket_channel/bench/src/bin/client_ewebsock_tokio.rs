//! The client of ewebsock with its feature `tokio`, which makes it another library.

use std::process::ExitCode;

fn main() -> ExitCode {
    channel_bench::client::main()
}
