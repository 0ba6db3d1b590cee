//! The four steps in a terminal: connect, listen, send, close.
//!
//! `cargo run -p web_socket_channel --example echo -- ws://127.0.0.1:9001`
//!
//! Any executor does, even the smallest: the channel brings along what it needs.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it talks to its terminal")]

use std::error::Error;
use std::process::ExitCode;

use futures::StreamExt as _;
use futures::executor::block_on;
use web_socket_channel::{WebSocketChannel, status};

fn main() -> ExitCode {
    let Some(url) = std::env::args().nth(1) else {
        eprintln!("usage: echo URL, such as ws://127.0.0.1:9001");
        return ExitCode::from(2);
    };
    match block_on(run(&url)) {
        Ok(()) => ExitCode::SUCCESS,
        // The errors of the channel are written for people: they say what to do.
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(url: &str) -> Result<(), Box<dyn Error>> {
    // Connect. This returns at once; `ready` tells how it went.
    let mut channel = WebSocketChannel::connect(url)?;
    println!("connecting to {}", channel.url());
    channel.ready().await?;

    // Send.
    channel.try_send("Hello World!")?;

    // Listen, until the stream ends.
    while let Some(message) = channel.next().await {
        println!("received {:?}", message?);

        // Close, after the first message. That ends the stream.
        channel.close_with(status::NORMAL_CLOSURE, "bye")?;
    }
    let event = channel.closed().await;
    let (code, name) = (event.code, status::name(event.code));
    println!("closed with {code} ({name}) by the {:?} end", event.initiator);
    Ok(())
}
