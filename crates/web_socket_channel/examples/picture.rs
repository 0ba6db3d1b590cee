//! A picture: takes the first binary message for a file.
//!
//! `cargo run -p web_socket_channel --example picture -- ws://127.0.0.1:9001/picture picture.png`
//!
//! The server is this workspace's `echo-server`, which sends a picture to whoever asks there.

#![allow(clippy::print_stdout, reason = "it talks to its terminal")]

use std::error::Error;

use futures::StreamExt as _;
use futures::executor::block_on;
use web_socket_channel::{Bytes, Message, Options, WebSocketChannel, status};

/// No picture that is worth waiting for is larger. The peer that sends one all the same hears 1009.
const MAX_PICTURE_BYTES: usize = 8 * 1024 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("usage: picture URL FILE".into());
    };
    // A program for the web hands the same future to `spawn_local`.
    let picture = block_on(fetch(&url))?;
    std::fs::write(&file, &picture)?;
    println!("{} bytes are in {file}", picture.len());
    Ok(())
}

async fn fetch(url: &str) -> Result<Bytes, Box<dyn Error>> {
    let options = Options::default().max_message_bytes(MAX_PICTURE_BYTES);
    let mut channel = WebSocketChannel::connect_with(url, options)?;
    while let Some(message) = channel.next().await {
        match message? {
            // Reference-counted bytes, not copied on their way from the socket.
            Message::Binary(picture) => {
                channel.close_with(status::NORMAL_CLOSURE, "")?;
                return Ok(picture);
            }
            Message::Text(text) => println!("the server says {text:?}"),
        }
    }
    Err(format!("the server closed without a picture, with {:?}", channel.close_code()).into())
}
