//! The server's role: the same channel at the other end of a connection.
//!
//! `cargo run -p web_socket_channel --example server -- 127.0.0.1:9001`
//!
//! It answers each message in capital letters. Natively only, as a page can't listen. (For an echo server that one would put on the
//! internet see the crate `echo_server`.)

#![allow(clippy::print_stdout, reason = "it talks to its terminal")]

use std::error::Error;

use futures::{SinkExt as _, StreamExt as _};
use tokio::net::{TcpListener, TcpStream};
use web_socket_channel::handshake::ServerOptions;
use web_socket_channel::{ByteStream, Message, Options, WebSocketChannel};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:9001".to_owned());
    let listener = TcpListener::bind(address).await?;
    println!("listening on ws://{}", listener.local_addr()?);
    loop {
        let (socket, client) = listener.accept().await?;
        // One client at a time is enough for an example; a server gives each a task.
        match talk(socket).await {
            Ok(code) => println!("{client} closed with {code:?}"),
            Err(error) => println!("{client}: {error}"),
        }
    }
}

async fn talk(socket: TcpStream) -> Result<Option<u16>, Box<dyn Error>> {
    // Any stream of bytes will do: TCP, TLS, a Unix socket, a pipe in memory.
    let (request, stream) = ByteStream::accept(socket, &ServerOptions::default()).await?;
    println!("a client asks for {}", request.uri());
    let mut channel = WebSocketChannel::adopt(stream, Options::default())?;
    while let Some(message) = channel.next().await {
        if let Message::Text(text) = message? {
            // Waits where the client reads slower than it writes.
            channel.feed(text.to_uppercase().into()).await?;
        }
    }
    Ok(channel.close_code())
}
