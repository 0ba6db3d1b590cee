//! Test doubles: a program that talks over a channel, tried without a server, a network, a runtime
//! or a clock.
//!
//! `cargo run -p web_socket_channel --example test_double`
//!
//! What a program does is the same whichever transport its channel has, so it takes a channel and
//! not a URL. In a real program the second half of this file is its tests.

#![allow(clippy::print_stdout, clippy::panic, reason = "it is a test, more or less")]

use futures::executor::block_on;
use futures::future::join;
use futures::{FutureExt as _, StreamExt as _};
use web_socket_channel::memory::{loopback, scripted};
use web_socket_channel::{Message, Signal, WebSocketChannel, status};

/// Asks for a name and greets whoever gives one.
async fn greet(mut channel: WebSocketChannel) -> Result<String, web_socket_channel::Error> {
    channel.try_send("What is your name?")?;
    while let Some(message) = channel.next().await {
        if let Message::Text(name) = message? {
            return Ok(format!("Hello {name}!"));
        }
    }
    Ok(format!("Nobody is there ({})", channel.close_code().unwrap_or_default()))
}

fn main() {
    // A peer that is played by hand.
    let (channel, mut peer) = scripted();
    peer.open(None);
    let play = async {
        assert!(matches!(peer.next().await, Some(Signal::Message(asked)) if asked.len() == 18));
        peer.send(vec![36, 78]);
        peer.send("Custom");
    };
    let (greeting, ()) = block_on(join(greet(channel), play));
    assert_eq!(greeting.ok().as_deref(), Some("Hello Custom!"));

    // One that goes away, with whatever code it likes.
    let (channel, mut peer) = scripted();
    peer.open(None);
    let play = async {
        peer.next().await;
        peer.close(status::SERVICE_RESTART, "back in a minute");
    };
    let (greeting, ()) = block_on(join(greet(channel), play));
    assert_eq!(greeting.ok().as_deref(), Some("Nobody is there (1012)"));

    // One that echoes. It answers in the same moment, so there is nothing to wait for.
    let greeting = greet(loopback()).now_or_never().and_then(Result::ok);
    assert_eq!(greeting.as_deref(), Some("Hello What is your name?!"));
    println!("all is well");
}
