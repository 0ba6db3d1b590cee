//! A tungstenite stream that somebody else has opened, as the pump drives it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use bytestring::ByteString;
use futures_core::Stream as _;
use futures_sink::Sink as _;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::{CapacityError, ProtocolError};
use tokio_tungstenite::tungstenite::protocol::frame::CloseFrame as WsCloseFrame;
use tokio_tungstenite::tungstenite::{Error as WsError, Message as WsMessage, Utf8Bytes};

use crate::close::CloseFrame;
use crate::error::{InvalidArgument, LimitExceeded};
use crate::frame::check_close_code;
use crate::message::Message;
use crate::open_socket::{OpenSocket, Start, check_after_handshake};
use crate::options::Options;
use crate::pump;
use crate::queue::Ends;
use crate::signal::Opened;
use crate::socket::{Received, Socket};
use crate::status;

/// Most answers to pings that wait for the network to take them. tungstenite keeps them all, so a peer
/// that pings without end and does not read is not read from either.
const MOST_UNSENT_PONGS: usize = 512;

struct Adopted<S> {
    socket: WebSocketStream<S>,
    max_message_bytes: usize,
    /// What was sent and not flushed.
    unwritten: usize,
    needs_flush: bool,
    unsent_pongs: usize,
    heard: bool,
    write_error: Option<Arc<io::Error>>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Adopted<S> {
    fn start_send(&mut self, message: WsMessage) {
        if self.write_error.is_none() {
            self.needs_flush = true;
            let sent = Pin::new(&mut self.socket).start_send(message);
            self.note(sent);
        }
    }

    fn note(&mut self, written: Result<(), WsError>) {
        if let Err(error) = written {
            let error = match error {
                WsError::Io(error) => error,
                other => io::Error::other(other),
            };
            self.write_error = Some(Arc::new(error));
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Socket for Adopted<S> {
    type Stream = S;

    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<Received> {
        let item = ready!(Pin::new(&mut self.socket).poll_next(cx));
        self.heard = true;
        Poll::Ready(match item {
            Some(Ok(message)) => {
                // tungstenite has queued the answer; it goes out with the next flush.
                self.needs_flush |= matches!(message, WsMessage::Ping(_) | WsMessage::Close(_));
                self.unsent_pongs += usize::from(matches!(message, WsMessage::Ping(_)));
                match received(message) {
                    // Its own limit may be another.
                    Received::Message(message) if message.len() > self.max_message_bytes => {
                        let limit = self.max_message_bytes;
                        Received::TooBig(LimitExceeded::MessageTooBig { limit })
                    }
                    received => received,
                }
            }
            Some(Err(error)) => received_error(error),
            None => Received::End(None),
        })
    }

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.write_error.is_none() {
            let ready = ready!(Pin::new(&mut self.socket).poll_ready(cx));
            self.note(ready);
        }
        Poll::Ready(())
    }

    fn send(&mut self, message: Message) {
        self.unwritten += message.len();
        self.start_send(match message {
            Message::Text(text) => {
                let bytes = text.into_bytes();
                // SAFETY: the bytes are those of a `ByteString`, which are UTF-8.
                #[expect(
                    unsafe_code,
                    reason = "checking again would cost a pass over each message"
                )]
                let text = unsafe { Utf8Bytes::from_bytes_unchecked(bytes) };
                WsMessage::Text(text)
            }
            Message::Binary(bytes) => WsMessage::Binary(bytes),
        });
    }

    fn send_ping(&mut self) {
        self.start_send(WsMessage::Ping(Bytes::new()));
    }

    fn send_close(&mut self, frame: &CloseFrame) {
        let has_code = frame.code != status::NO_STATUS_RECEIVED;
        let reason = || frame.reason.to_string().into();
        let frame = has_code.then(|| WsCloseFrame { code: frame.code.into(), reason: reason() });
        self.start_send(WsMessage::Close(frame));
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.write_error.is_none() && self.needs_flush {
            let flushed = ready!(Pin::new(&mut self.socket).poll_flush(cx));
            self.note(flushed);
        }
        (self.needs_flush, self.unwritten, self.unsent_pongs) = (false, 0, 0);
        Poll::Ready(())
    }

    fn unwritten(&self) -> usize {
        self.unwritten
    }

    fn take_heard(&mut self) -> bool {
        std::mem::take(&mut self.heard)
    }

    fn is_held_up(&self) -> bool {
        self.unsent_pongs >= MOST_UNSENT_PONGS && self.write_error.is_none()
    }

    fn write_error(&self) -> Option<Arc<io::Error>> {
        self.write_error.clone()
    }

    fn stream(&mut self) -> &mut S {
        self.socket.get_mut()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> OpenSocket for WebSocketStream<S> {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Start for WebSocketStream<S> {
    fn url(&self) -> String {
        "tungstenite:".to_owned()
    }

    fn check(&self, options: &Options) -> Result<(), InvalidArgument> {
        check_after_handshake(options)
    }

    fn start(self, options: Options, ends: Ends) {
        let socket = Adopted {
            socket: self,
            max_message_bytes: options.max_message_bytes,
            unwritten: 0,
            needs_flush: false,
            unsent_pongs: 0,
            heard: false,
            write_error: None,
        };
        pump::spawn(socket, Opened::default(), options, ends);
    }
}

fn received(message: WsMessage) -> Received {
    match message {
        WsMessage::Text(text) => {
            let bytes = Bytes::from(text);
            // SAFETY: the bytes are those of a `Utf8Bytes`, which are UTF-8.
            #[expect(unsafe_code, reason = "checking again would cost a pass over every message")]
            let text = unsafe { ByteString::from_bytes_unchecked(bytes) };
            Received::Message(Message::Text(text))
        }
        WsMessage::Binary(bytes) => Received::Message(Message::Binary(bytes)),
        WsMessage::Close(None) => Received::Close(CloseFrame::EMPTY),
        WsMessage::Close(Some(frame)) => match check_close_code(frame.code.into()) {
            Ok(()) => Received::Close(CloseFrame {
                code: frame.code.into(),
                reason: frame.reason.as_str().into(),
            }),
            Err((code, what)) => Received::Violation(code, what),
        },
        WsMessage::Ping(_) | WsMessage::Pong(_) | WsMessage::Frame(_) => Received::Control,
    }
}

/// What tungstenite says that the peer has done.
fn received_error(error: WsError) -> Received {
    match error {
        WsError::Io(error) => Received::End(Some(Arc::new(error))),
        WsError::Protocol(ProtocolError::ResetWithoutClosingHandshake)
        | WsError::ConnectionClosed
        | WsError::AlreadyClosed => Received::End(None),
        WsError::Capacity(CapacityError::MessageTooLong { max_size: limit, .. }) => {
            Received::TooBig(LimitExceeded::MessageTooBig { limit })
        }
        WsError::Utf8(_) => {
            Received::Violation(status::INVALID_PAYLOAD_DATA, "text that is not UTF-8".into())
        }
        WsError::Protocol(rule) => Received::violation(rule.to_string()),
        other => Received::violation(other.to_string()),
    }
}
