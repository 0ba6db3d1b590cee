//! The libraries whose connection is a `Stream` and a `Sink`, or can be made one: each takes all
//! that is there, sends all that it has, and flushes once.

use std::convert::Infallible;
use std::error::Error;
use std::pin::pin;

use fastwebsockets::{Frame, OpCode, Payload, Role, WebSocketRead, after_handshake_split};
use futures::stream::unfold;
use futures::{FutureExt as _, Sink, SinkExt as _, Stream, StreamExt as _};
use tokio::io::BufWriter;
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;

use super::shake_hands;
use crate::Result;
use crate::scenario::MAX_MESSAGE_BYTES;

/// As much is written at once, where a library asks.
const WRITE_BYTES: usize = 64 * 1024;

/// As much is read at once, where a library asks.
const READ_BYTES: usize = 64 * 1024;

/// Sends back what comes, a batch at a time.
pub(super) async fn echo<S, M, E>(socket: S, is_data: fn(&M) -> bool) -> Result
where
    S: Stream<Item = std::result::Result<M, E>> + Sink<M>,
    E: Error + Send + Sync + 'static,
    <S as Sink<M>>::Error: Error + Send + Sync + 'static,
{
    let mut socket = pin!(socket);
    while let Some(first) = socket.next().await {
        let mut next = Some(first);
        while let Some(message) = next {
            let message = message?;
            if is_data(&message) {
                socket.feed(message).await?;
            }
            next = socket.next().now_or_never().flatten();
        }
        socket.flush().await?;
    }
    Ok(())
}

pub(super) async fn tokio_websockets(mut socket: TcpStream) -> Result {
    use tokio_websockets::{Config, Limits, Message, ServerBuilder};

    shake_hands(&mut socket).await?;
    let socket = ServerBuilder::new()
        .config(Config::default().frame_size(MAX_MESSAGE_BYTES).flush_threshold(WRITE_BYTES))
        .limits(Limits::default().max_payload_len(Some(MAX_MESSAGE_BYTES)))
        .serve(socket);
    echo(socket, |message: &Message| message.is_text() || message.is_binary()).await
}

pub(super) async fn yawc(mut socket: TcpStream) -> Result {
    use yawc::{OpCode, Options, Role, WebSocket};

    shake_hands(&mut socket).await?;
    // Without a capacity it reads one small message at a time, at a multiple of the price.
    let options = Options::default()
        .without_compression()
        .with_utf8()
        .with_limits(MAX_MESSAGE_BYTES, 2 * MAX_MESSAGE_BYTES)
        .with_backpressure_boundary(WRITE_BYTES)
        .with_read_buffer_capacity(READ_BYTES)
        .with_write_buffer_capacity(WRITE_BYTES);
    let mut socket = WebSocket::from_stream(socket, Role::Server, options)?;
    // Its stream ends where another would say what is wrong.
    while let Some(first) = socket.next().await {
        let mut next = Some(first);
        while let Some(frame) = next {
            if matches!(frame.opcode(), OpCode::Text | OpCode::Binary) {
                socket.feed(frame).await?;
            }
            next = socket.next().now_or_never().flatten();
        }
        socket.flush().await?;
    }
    Ok(())
}

pub(super) async fn sockudo_ws(mut socket: TcpStream) -> Result {
    use sockudo_ws::{Config, Message, WebSocketStream};

    shake_hands(&mut socket).await?;
    let socket = WebSocketStream::server(socket, Config::default());
    echo(socket, |message| matches!(message, Message::Text(_) | Message::Binary(_))).await
}

/// It has no stream, and a read of it can't be given up halfway; so its halves are made a stream and
/// a buffered writer here.
pub(super) async fn fastwebsockets(mut socket: TcpStream) -> Result {
    shake_hands(&mut socket).await?;
    let (reader, writer) = socket.into_split();
    let writer = BufWriter::with_capacity(WRITE_BYTES, writer);
    let (mut reader, mut writer) = after_handshake_split(reader, writer, Role::Server);
    reader.set_max_message_size(MAX_MESSAGE_BYTES);
    let mut frames = pin!(unfold(reader, async |mut reader| {
        let frame = read_data(&mut reader).await;
        Some((frame, reader))
    }));
    while let Some(first) = frames.next().await {
        let mut next = Some(first);
        while let Some(frame) = next {
            writer.write_frame(frame?).await?;
            next = frames.next().now_or_never().flatten();
        }
        writer.flush().await?;
    }
    Ok(())
}

async fn read_data(reader: &mut WebSocketRead<OwnedReadHalf>) -> Result<Frame<'static>> {
    // The answers to pings and closes, which do not happen here.
    let mut answer = async |_: Frame<'_>| Ok::<_, Infallible>(());
    let frame = reader.read_frame(&mut answer).await?;
    match frame.payload {
        Payload::Bytes(bytes)
            if frame.fin && matches!(frame.opcode, OpCode::Text | OpCode::Binary) =>
        {
            Ok(Frame::new(true, frame.opcode, None, Payload::Bytes(bytes)))
        }
        _ => Err("not a whole message".into()),
    }
}
