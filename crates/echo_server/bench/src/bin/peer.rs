//! `peer NAME`: one server, which prints its port and serves until it is killed.

use std::env;
use std::process::ExitCode;

use server_bench::peers;

fn main() -> ExitCode {
    let name = env::args().nth(1).unwrap_or_default();
    match peers::serve(&name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: {error}");
            ExitCode::FAILURE
        }
    }
}
