//! The libraries whose connection is a `Stream` and a `Sink`, or can be made one: each takes all
//! that is there, sends all that it has, and flushes once.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use fastwebsockets::{
    Frame, OpCode, Payload, Role, WebSocketRead, WebSocketWrite, after_handshake_split, handshake,
};
use futures::stream::{Stream, unfold};
use futures::{FutureExt as _, Sink, SinkExt as _, StreamExt as _};
use http_body_util::Empty;
use hyper::header::{CONNECTION, HOST, UPGRADE};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::BufWriter;
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use super::{authority, block_on, dial};
use crate::Result;
use crate::client::{Incoming, Socket, play};
use crate::scenario::Scenario;

/// As much is written at once, where a library asks.
const WRITE_BYTES: usize = 128 * 1024;

/// As much is read at once, where a library asks.
const READ_BYTES: usize = 64 * 1024;

/// Larger than any message here.
const MAX_BYTES: usize = 64 << 20;

/// A connection that is a stream and a sink.
pub(super) struct Batched<S, I, O> {
    pub(super) socket: S,
    pub(super) to_item: fn(Bytes) -> O,
    pub(super) payload: fn(&I) -> Option<&[u8]>,
}

impl<S, I, O, E> Socket for Batched<S, I, O>
where
    S: Stream<Item = std::result::Result<I, E>> + Sink<O> + Unpin,
    E: std::error::Error + Send + Sync + 'static,
    <S as Sink<O>>::Error: std::error::Error + Send + Sync + 'static,
{
    async fn send(&mut self, messages: impl Iterator<Item = Bytes>) -> Result {
        for message in messages {
            self.socket.feed((self.to_item)(message)).await?;
        }
        Ok(self.socket.flush().await?)
    }

    async fn receive(&mut self, incoming: &mut Incoming) -> Result {
        let mut next = self.socket.next().await;
        loop {
            let message = next.ok_or("the connection is closed")??;
            incoming.verify((self.payload)(&message).ok_or("not a binary message")?)?;
            match self.socket.next().now_or_never() {
                Some(ready) => next = ready,
                None => return Ok(()),
            }
        }
    }
}

pub(super) fn tokio_websockets(url: &str, scenario: Scenario) -> Result {
    use tokio_websockets::{ClientBuilder, Config, Limits, Message};

    block_on(async {
        let (socket, _) = ClientBuilder::new()
            .uri(url)?
            .config(Config::default().flush_threshold(WRITE_BYTES))
            .limits(Limits::default().max_payload_len(Some(MAX_BYTES)))
            .connect_on(dial(url).await?)
            .await?;
        let mut socket = Batched {
            socket,
            to_item: Message::binary,
            payload: |message: &Message| message.is_binary().then(|| &message.as_payload()[..]),
        };
        play(&mut socket, scenario).await
    })
}

pub(super) fn yawc(url: &str, scenario: Scenario) -> Result {
    use yawc::{Frame, Options, WebSocket};

    block_on(async {
        // Without a capacity it reads one small message at a time, at seven times the price.
        let options = Options::default()
            .without_compression()
            .with_limits(MAX_BYTES, 2 * MAX_BYTES)
            .with_backpressure_boundary(WRITE_BYTES)
            .with_read_buffer_capacity(READ_BYTES)
            .with_write_buffer_capacity(WRITE_BYTES);
        let socket = WebSocket::handshake(url.parse()?, dial(url).await?, options).await?;
        let mut socket = Batched {
            socket: Fallible(socket),
            to_item: Frame::binary,
            payload: |frame: &Frame| {
                (frame.opcode() == yawc::frame::OpCode::Binary).then(|| &frame.payload()[..])
            },
        };
        play(&mut socket, scenario).await
    })
}

pub(super) fn sockudo_ws(url: &str, scenario: Scenario) -> Result {
    use sockudo_ws::client::WebSocketClient;
    use sockudo_ws::{Config, Http1, Message};

    block_on(async {
        let (path, host) = (path(url), authority(url));
        let client = WebSocketClient::<Http1>::new(Config::default());
        let (socket, _) = client.connect_raw(dial(url).await?, host, path, None).await?;
        let mut socket = Batched {
            socket,
            to_item: Message::Binary,
            payload: |message: &Message| match message {
                Message::Binary(bytes) => Some(&bytes[..]),
                _ => None,
            },
        };
        play(&mut socket, scenario).await
    })
}

/// It has no stream, and a read of it can't be given up halfway; so its halves are made a stream and
/// a buffered writer here, on the bare socket that hyper would otherwise wrap.
pub(super) fn fastwebsockets(url: &str, scenario: Scenario) -> Result {
    block_on(async {
        let request = hyper::Request::get(path(url))
            .header(HOST, authority(url))
            .header(UPGRADE, "websocket")
            .header(CONNECTION, "upgrade")
            .header("Sec-WebSocket-Key", handshake::generate_key())
            .header("Sec-WebSocket-Version", "13")
            .body(Empty::<Bytes>::new())?;
        let (socket, _) =
            handshake::client(&TokioExecutor::new(), request, dial(url).await?).await?;
        let upgraded = socket.into_inner().into_inner();
        let parts = upgraded.downcast::<TokioIo<TcpStream>>().map_err(|_| "another socket")?;
        if !parts.read_buf.is_empty() {
            return Err("the server spoke before it was asked".into());
        }
        let (reader, writer) = parts.io.into_inner().into_split();
        let writer = BufWriter::with_capacity(WRITE_BYTES, writer);
        let (mut reader, writer) = after_handshake_split(reader, writer, Role::Client);
        reader.set_max_message_size(MAX_BYTES);
        let messages = unfold(reader, async |mut reader| {
            let message = read_binary(&mut reader).await;
            Some((message, reader))
        });
        play(&mut FastWebSockets { writer, messages: Box::pin(messages) }, scenario).await
    })
}

struct FastWebSockets<S> {
    writer: WebSocketWrite<BufWriter<OwnedWriteHalf>>,
    messages: Pin<Box<S>>,
}

impl<S: Stream<Item = Result<BytesMut>>> Socket for FastWebSockets<S> {
    async fn send(&mut self, messages: impl Iterator<Item = Bytes>) -> Result {
        for message in messages {
            // It masks in place and takes no shared bytes.
            let payload = Payload::Bytes(BytesMut::from(&message[..]));
            self.writer.write_frame(Frame::binary(payload)).await?;
        }
        Ok(self.writer.flush().await?)
    }

    async fn receive(&mut self, incoming: &mut Incoming) -> Result {
        let mut next = self.messages.next().await;
        loop {
            incoming.verify(&next.ok_or("the connection is closed")??)?;
            match self.messages.next().now_or_never() {
                Some(ready) => next = ready,
                None => return Ok(()),
            }
        }
    }
}

async fn read_binary(reader: &mut WebSocketRead<OwnedReadHalf>) -> Result<BytesMut> {
    // The answers to pings and closes, which do not happen here.
    let mut answer = async |_: Frame<'_>| Ok::<_, Infallible>(());
    let frame = reader.read_frame(&mut answer).await?;
    match frame.payload {
        Payload::Bytes(bytes) if frame.opcode == OpCode::Binary && frame.fin => Ok(bytes),
        _ => Err("not a whole binary message".into()),
    }
}

/// yawc's stream ends where another would say what is wrong, so there is no error in it.
struct Fallible<S>(S);

impl<S: Stream + Unpin> Stream for Fallible<S> {
    type Item = std::result::Result<S::Item, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(cx).map(|item| item.map(Ok))
    }
}

impl<S: Sink<O> + Unpin, O> Sink<O> for Fallible<S> {
    type Error = S::Error;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<SinkResult<S, O>> {
        self.0.poll_ready_unpin(cx)
    }

    fn start_send(mut self: Pin<&mut Self>, item: O) -> SinkResult<S, O> {
        self.0.start_send_unpin(item)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<SinkResult<S, O>> {
        self.0.poll_flush_unpin(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<SinkResult<S, O>> {
        self.0.poll_close_unpin(cx)
    }
}

type SinkResult<S, O> = std::result::Result<(), <S as Sink<O>>::Error>;

fn path(url: &str) -> &str {
    let rest = url.trim_start_matches("ws://");
    rest.find('/').map_or("/", |at| &rest[at..])
}
