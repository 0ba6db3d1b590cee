//! Whatever bytes a peer sends, in whatever pieces: a channel makes of them what tungstenite does.

use std::collections::VecDeque;
use std::io::{self, Cursor, Read, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::StreamExt as _;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::runtime::{Builder, Runtime};
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error as WsError, Message as WsMessage, WebSocket};
use web_socket_channel::{ByteStream, Message, Options, WebSocketChannel};

/// Small enough to be passed by a short input.
const MAX_MESSAGE_BYTES: usize = 300;

/// Takes the first byte for the role and the sizes of the pieces, and the rest for what the peer
/// sends before it hangs up.
pub fn check(data: &[u8]) {
    let Some((&how, sent)) = data.split_first() else { return };
    let role = if how & 1 == 0 { Role::Client } else { Role::Server };
    let (messages, end) = by_channel(sent, role, usize::from(how >> 1) + 1);
    let (expected, expected_end) = by_tungstenite(sent, role);
    assert_eq!(messages, expected);
    // What breaks a rule is told once its head is there; tungstenite waits for all of the frame, which may
    // never come, or be over a limit.
    if end.code != 1002 || !matches!(expected_end.code, 1006 | 1009) {
        assert_eq!(end, expected_end);
    }
}

/// How a connection ended, as far as both can tell: the code, and whether the peer was to blame.
#[derive(Debug, PartialEq)]
struct End {
    code: u16,
    is_clean: bool,
    is_error: bool,
}

fn by_channel(sent: &[u8], role: Role, piece: usize) -> (Vec<Message>, End) {
    thread_local! {
        static RUNTIME: Runtime = match Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(why) => panic!("no runtime: {why}"),
        };
    }
    let pieces = sent.chunks(piece).map(<[u8]>::to_vec).collect();
    let wire = Wire { pieces };
    let stream =
        if role == Role::Client { ByteStream::client(wire) } else { ByteStream::server(wire) };
    let options = Options::default().max_message_bytes(MAX_MESSAGE_BYTES);
    RUNTIME.with(|runtime| {
        runtime.block_on(async {
            let mut channel = match WebSocketChannel::adopt(stream, options) {
                Ok(channel) => channel,
                Err(why) => panic!("{why}"),
            };
            let mut messages = Vec::new();
            let mut is_error = false;
            while let Some(item) = channel.next().await {
                assert!(!is_error, "an error is the last item");
                match item {
                    Ok(message) => messages.push(message),
                    Err(_) => is_error = true,
                }
            }
            let event = channel.closed().await;
            (messages, End { code: event.code, is_clean: event.was_clean, is_error })
        })
    })
}

fn by_tungstenite(sent: &[u8], role: Role) -> (Vec<Message>, End) {
    // A frame over the limit of a message is turned away at its header, not at its end.
    let config = WebSocketConfig::default()
        .max_message_size(Some(MAX_MESSAGE_BYTES))
        .max_frame_size(Some(MAX_MESSAGE_BYTES));
    let mut socket = WebSocket::from_raw_socket(Replay(Cursor::new(sent)), role, Some(config));
    let mut messages = Vec::new();
    let failed = |code| End { code, is_clean: false, is_error: true };
    let end = loop {
        match socket.read() {
            Ok(WsMessage::Text(text)) => messages.push(text.as_str().into()),
            Ok(WsMessage::Binary(bytes)) => messages.push(bytes.into()),
            Ok(WsMessage::Ping(_) | WsMessage::Pong(_) | WsMessage::Frame(_)) => {}
            Ok(WsMessage::Close(None)) => {
                break End { code: 1005, is_clean: true, is_error: false };
            }
            // What it puts in the place of a frame with a code that may not be sent.
            Ok(WsMessage::Close(Some(frame)))
                if u16::from(frame.code) == 1002
                    && frame.reason.as_str() == "Protocol violation" =>
            {
                break failed(1002);
            }
            Ok(WsMessage::Close(Some(frame))) => {
                break End { code: frame.code.into(), is_clean: true, is_error: false };
            }
            Err(
                WsError::Protocol(ProtocolError::ResetWithoutClosingHandshake)
                | WsError::ConnectionClosed
                | WsError::AlreadyClosed
                | WsError::Io(_),
            ) => break End { code: 1006, is_clean: false, is_error: false },
            Err(WsError::Capacity(_)) => break failed(1009),
            Err(WsError::Utf8(_)) => break failed(1007),
            Err(_) => break failed(1002),
        }
    };
    (messages, end)
}

/// Gives its pieces one by one, then ends; takes everything.
struct Wire {
    pieces: VecDeque<Vec<u8>>,
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Some(mut piece) = self.pieces.pop_front() {
            let rest = piece.split_off(piece.len().min(buffer.remaining()));
            buffer.put_slice(&piece);
            if !rest.is_empty() {
                self.pieces.push_front(rest);
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// The same for who reads without waiting.
struct Replay<'sent>(Cursor<&'sent [u8]>);

impl Read for Replay<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for Replay<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
