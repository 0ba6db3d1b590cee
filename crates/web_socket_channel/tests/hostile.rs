//! Peers that break off, stall, flood and lie, byte by byte over plain TCP: what only a socket can
//! show of a peer that means no good. What every transport can show is a case of the suite.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

#[allow(dead_code, reason = "the suite uses the rest")]
#[path = "conformance/framed_line.rs"]
mod framed_line;
#[allow(dead_code, reason = "the suite uses the rest")]
#[path = "conformance/ledger.rs"]
mod ledger;
#[allow(dead_code, reason = "what the peer does is said here by hand")]
#[path = "conformance/player.rs"]
mod player;
#[allow(dead_code, reason = "the suite uses the rest")]
#[path = "conformance/scenario.rs"]
mod scenario;

#[path = "hostile/backlog.rs"]
mod backlog;
#[path = "hostile/closing.rs"]
mod closing;
#[path = "hostile/cuts.rs"]
mod cuts;
#[path = "hostile/handshakes.rs"]
mod handshakes;
#[cfg(target_os = "linux")]
#[path = "hostile/held_back.rs"]
mod held_back;
#[path = "hostile/pings.rs"]
mod pings;
#[path = "hostile/trickles.rs"]
mod trickles;
#[path = "hostile/violations.rs"]
mod violations;

use std::time::Duration;

use futures::StreamExt as _;
use futures::future::join;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::{Builder, Handle};
use tokio::task::yield_now;
use tokio::time::timeout;
use web_socket_channel::handshake::{ServerOptions, parse_request, respond};
use web_socket_channel::{CloseEvent, Error, Initiator, Message, Options, WebSocketChannel};

use framed_line::{FramedLine, Socket};
use player::{Heard, Line as _};

/// A test that takes longer waits for something that never comes.
const LIMIT: Duration = Duration::from_secs(60);

/// Where the hostile peers of a test live.
struct Host {
    listener: TcpListener,
    url: String,
}

/// The peer's end of one connection. Nothing goes out but what a test sends.
struct Peer {
    line: FramedLine<TcpStream>,
    /// The answer that opens the connection, not yet sent.
    answer: Vec<u8>,
}

/// How a peer hangs up.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Cut {
    /// Both directions at once.
    Close,
    /// It sends nothing more, but still listens.
    HalfClose,
    /// In the rudest way that TCP knows.
    Reset,
}

/// Runs a test, and looks whether a task outlives it.
fn test(body: impl AsyncFnOnce(&Host)) {
    test_with(TcpSocket::new_v4().unwrap(), body);
}

/// The same with a socket to listen on whose options the accepted ones inherit.
fn test_with(socket: TcpSocket, body: impl AsyncFnOnce(&Host)) {
    Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(64).unwrap();
        let url = format!("ws://{}/", listener.local_addr().unwrap());
        let host = Host { listener, url };
        within(body(&host)).await;
        drop(host);
        let tasks = || Handle::current().metrics().num_alive_tasks();
        within(async {
            while tasks() > 0 {
                yield_now().await;
            }
        })
        .await;
    });
}

/// Waits for what has to come.
async fn within<T>(what: impl Future<Output = T>) -> T {
    timeout(LIMIT, what).await.expect("it waits for ever")
}

impl Host {
    /// A channel that connects, and its peer, who has read the request.
    async fn meet(&self, options: Options) -> (WebSocketChannel, Peer) {
        let channel = WebSocketChannel::connect_with(&self.url, options).unwrap();
        (channel, self.accept().await)
    }

    /// A channel that is open, and its peer.
    async fn open(&self, options: Options) -> (WebSocketChannel, Peer) {
        let (channel, mut peer) = self.meet(options).await;
        peer.answer().await;
        channel.ready().await.unwrap();
        (channel, peer)
    }

    async fn accept(&self) -> Peer {
        let (mut socket, _) = self.listener.accept().await.unwrap();
        socket.set_nodelay(true).unwrap();
        let mut input = Vec::new();
        let (request, used) = loop {
            if let Some(found) = parse_request(&input, 0).unwrap() {
                break found;
            }
            assert_ne!(socket.read_buf(&mut input).await.unwrap(), 0, "it hung up");
        };
        let answer = respond(&request, &ServerOptions::default()).unwrap().head;
        Peer { line: FramedLine::of_server(socket, input.split_off(used)), answer }
    }
}

impl Socket for TcpStream {}

impl Peer {
    async fn answer(&mut self) {
        let answer = self.answer.clone();
        self.send(&answer).await;
    }

    /// Sends bytes that the other end takes.
    async fn send(&mut self, bytes: &[u8]) {
        self.socket().write_all(bytes).await.unwrap();
    }

    fn socket(&mut self) -> &mut TcpStream {
        &mut self.line.socket
    }

    /// The next thing that the channel says.
    async fn hear(&mut self) -> Heard {
        self.line.hear().await
    }

    /// All that the channel still says, until it hangs up.
    async fn hear_out(&mut self) -> Vec<Heard> {
        let mut all = Vec::new();
        loop {
            match self.hear().await {
                Heard::End => return all,
                heard => all.push(heard),
            }
        }
    }

    /// Hangs up. With a half-close gives what the channel still says.
    async fn cut(mut self, how: Cut) -> Vec<Heard> {
        match how {
            Cut::Close => Vec::new(),
            Cut::HalfClose => {
                self.socket().shutdown().await.unwrap();
                self.hear_out().await
            }
            Cut::Reset => {
                self.socket().set_zero_linger().unwrap();
                Vec::new()
            }
        }
    }
}

/// A frame of a server that keeps the rules. The first byte is the opcode and the flags.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        length @ ..126 => frame.push(length.try_into().unwrap()),
        length @ 126..65_536 => {
            frame.push(126);
            frame.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
        length => {
            frame.push(127);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(payload);
    frame
}

const FIN: u8 = 0x80;
const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

fn text(payload: &str) -> Vec<u8> {
    frame(FIN | TEXT, payload.as_bytes())
}

fn ping(payload: &[u8]) -> Vec<u8> {
    frame(FIN | PING, payload)
}

fn close(code: u16, reason: &str) -> Vec<u8> {
    frame(FIN | CLOSE, &[&code.to_be_bytes(), reason.as_bytes()].concat())
}

/// What a stream still yields: messages, and at most one error, which is the last.
async fn rest(channel: &mut WebSocketChannel) -> (Vec<Message>, Option<Error>) {
    let mut messages = Vec::new();
    while let Some(item) = channel.next().await {
        match item {
            Ok(message) => messages.push(message),
            Err(error) => {
                assert!(channel.next().await.is_none(), "something comes behind {error}");
                return (messages, Some(error));
            }
        }
    }
    (messages, None)
}

/// How a connection ends that was cut.
fn cut_off(initiator: Initiator) -> CloseEvent {
    CloseEvent::new(1006, "", false, initiator)
}
