//! The peer of the conformance suite as a program, for tests that run in a browser.
//!
//! Listens on the port that is its argument, 0 by default, of this machine only; says
//! `listening on ADDRESS` and serves until it is killed.

#![allow(clippy::print_stdout, reason = "the address is what the program is asked for")]

#[allow(dead_code, reason = "the suite uses the rest")]
#[path = "../tests/conformance/framed_line.rs"]
mod framed_line;
#[allow(dead_code, reason = "the suite uses the rest")]
#[path = "../tests/conformance/ledger.rs"]
mod ledger;
#[path = "../tests/conformance/peer.rs"]
mod peer;
#[path = "../tests/conformance/player.rs"]
mod player;
#[allow(dead_code, reason = "the suite uses the rest")]
#[path = "../tests/conformance/scenario.rs"]
mod scenario;

use std::error::Error;

use tokio::net::TcpListener;
use tokio::runtime::Builder;

fn main() -> Result<(), Box<dyn Error>> {
    let port = std::env::args().nth(1).map_or(Ok(0), |port| port.parse::<u16>())?;
    Builder::new_current_thread().enable_all().build()?.block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        println!("listening on {}", listener.local_addr()?);
        peer::serve(listener, ledger::Ledger::default()).await;
        Ok(())
    })
}
