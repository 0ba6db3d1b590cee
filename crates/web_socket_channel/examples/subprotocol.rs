//! Subprotocols: both ends agree on the language that they are about to speak.
//!
//! `cargo run -p web_socket_channel --example subprotocol -- ws://127.0.0.1:9001 chat.v2 chat.v1`
//!
//! Offered in the order of preference. A server that knows none of them must pick none, and then
//! there is no connection, as nothing it says would be understood.

#![allow(clippy::print_stdout, reason = "it talks to its terminal")]

use std::error::Error;

use futures::executor::block_on;
use web_socket_channel::{Error as ChannelError, Options, WebSocketChannel, status};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("usage: subprotocol URL PROTOCOL…")?;
    let protocols: Vec<String> = arguments.collect();
    block_on(agree(&url, protocols))
}

async fn agree(url: &str, protocols: Vec<String>) -> Result<(), Box<dyn Error>> {
    // What is no token, or is offered twice, is an error before anything is dialled.
    let options = Options::default().protocols(protocols);
    let channel = WebSocketChannel::connect_with(url, options)?;
    match channel.ready().await {
        Ok(()) => match channel.protocol() {
            Some(protocol) => println!("we speak {protocol}"),
            None => println!("none was offered, so none was picked"),
        },
        // Natively it is known who is to blame; a browser tells programs less.
        Err(ChannelError::PeerMisbehaved(peer)) => println!("the server: {}", peer.what),
        Err(ChannelError::Refused(response)) => println!("the server said {}", response.status),
        Err(other) => return Err(other.into()),
    }
    channel.close_with(status::NORMAL_CLOSURE, "")?.await;
    Ok(())
}
