//! WebSocket framing over a stream of bytes (RFC 6455 §5), at either end.
//!
//! By far most of what comes are whole messages in one frame: these, pings and closes are read here,
//! and everything that is sent is written here, straight from the channel's batch. All other frames,
//! parts of messages and whatever breaks the protocol, are for tungstenite, in memory.

use std::future::Future as _;
use std::io::{self, Read, Write};
use std::mem;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{BufMut as _, Bytes, BytesMut};
use bytestring::ByteString;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};
use tokio_tungstenite::tungstenite::Message as WsMessage;
use tokio_tungstenite::tungstenite::error::{CapacityError, Error as WsError, ProtocolError};
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig, WebSocketContext};

use crate::close::CloseFrame;
use crate::error::LimitExceeded;
use crate::message::Message;
use crate::output::Output;
use crate::recycled::Recycled;
use crate::socket::{Received, Socket};
use crate::status;

/// How much is read at once, at first; and once that was not enough.
const READ_BYTES: usize = 16 * 1024;
const MOST_READ_BYTES: usize = 64 * 1024;

/// A message up to this length is copied to a slab that it shares with its like: what a program keeps
/// of it keeps no more than the slab.
const SMALL_BYTES: usize = 2 * 1024;
const SLAB_BYTES: usize = 4 * 1024;

/// A message over this length is read into memory of its own. One between is copied there.
const LONG_BYTES: usize = 8 * 1024;

/// How much memory of slabs, and of long messages, is used again.
const RECYCLED_SLAB_BYTES: usize = 256 * 1024;
const RECYCLED_LONG_BYTES: usize = 4 * 1024 * 1024;

/// How much memory a long message gets at first, and how much more than what has come it gets then:
/// the length that its frame claims costs nothing.
const LONG_AHEAD_BYTES: usize = 128 * 1024;

/// How much is read together with the end of a long message: enough to see whether another one follows,
/// of which nothing more is then copied.
const BEHIND_LONG_BYTES: usize = 512;

pub(crate) const TEXT: u8 = 0x81;
pub(crate) const BINARY: u8 = 0x82;
pub(crate) const CLOSE: u8 = 0x88;
pub(crate) const PING: u8 = 0x89;
pub(crate) const PONG: u8 = 0x8a;

/// The most that a control frame may carry (RFC 6455 §5.5).
const MOST_CONTROL_BYTES: u64 = 125;

/// The most that is accepted from the peer, in bytes of payload.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) message_bytes: usize,
    pub(crate) frame_bytes: usize,
}

/// An open WebSocket over a stream of bytes.
pub(crate) struct Framing<S> {
    stream: S,
    role: Role,
    limits: Limits,
    input: Input,
    long: Option<LongMessage>,
    /// Memory of long messages.
    blocks: Recycled,
    slab: BytesMut,
    slabs: Recycled,
    output: Output,
    codec: WebSocketContext,
    /// The beginning of a message is in the codec, and not its end.
    is_within_message: bool,
    heard: bool,
    write_error: Option<Arc<io::Error>>,
}

/// What has come and isn't dealt with.
struct Input {
    bytes: Vec<u8>,
    taken: usize,
    /// How much of a frame the codec has still to take.
    codec_due: u64,
    end: Option<Option<Arc<io::Error>>>,
}

/// A message that comes in over many reads, into memory of its own.
struct LongMessage {
    head: Head,
    bytes: BytesMut,
    len: usize,
}

impl<S> Framing<S> {
    pub(crate) fn new(stream: S, role: Role, first_bytes: Vec<u8>, limits: Limits) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BYTES)
            .write_buffer_size(0)
            .max_message_size(Some(limits.message_bytes))
            .max_frame_size(Some(limits.frame_bytes.min(limits.message_bytes)));
        Self {
            stream,
            role,
            limits,
            input: Input { bytes: first_bytes, taken: 0, codec_due: 0, end: None },
            long: None,
            blocks: Recycled::new(RECYCLED_LONG_BYTES),
            slab: BytesMut::new(),
            slabs: Recycled::new(RECYCLED_SLAB_BYTES),
            output: Output::new(role),
            codec: WebSocketContext::new(role, Some(config)),
            is_within_message: false,
            heard: false,
            write_error: None,
        }
    }

    /// What has come in full, if anything has.
    fn next(&mut self) -> Option<Received> {
        loop {
            if let Some(long) = &mut self.long {
                self.input.move_to(long);
                let long = self.long.take_if(|long| long.bytes.len() >= long.len)?;
                let LongMessage { head, mut bytes, len } = long;
                self.input.bytes.extend_from_slice(&bytes[len..]);
                bytes.truncate(len);
                unmask(&mut bytes, head.mask);
                return Some(message(&head, self.blocks.give(bytes)));
            }
            if self.input.codec_due > 0 {
                let received = self.read_codec();
                // A part of a message is something that has come, too.
                let is_taken = self.input.codec_due == 0;
                return received.or(is_taken.then_some(Received::Control));
            }
            let head = Head::of(self.input.left())?;
            match self.take_frame(head) {
                Step::Received(received) => return Some(received),
                Step::GoOn => {}
                Step::More => return None,
            }
        }
    }

    fn take_frame(&mut self, head: Head) -> Step {
        let is_data = matches!(head.first, TEXT | BINARY) && !self.is_within_message;
        let is_masked_right = head.mask.is_some() == (self.role == Role::Server);
        // Parts of messages too: the codec makes room for a frame as soon as it knows its length.
        let is_control = head.first & 0x08 != 0;
        let is_known_data = matches!(head.first & 0x0f, 0..=2);
        if is_known_data && let Some(limit) = self.limits.exceeded(head.payload_bytes) {
            return Step::Received(Received::TooBig(limit));
        }
        if is_data && is_masked_right {
            let len = usize::try_from(head.payload_bytes).unwrap_or(usize::MAX);
            if len > LONG_BYTES {
                self.input.taken += head.head_bytes;
                let room = len.saturating_add(BEHIND_LONG_BYTES);
                let bytes = self.blocks.take(room, room.min(LONG_AHEAD_BYTES));
                self.long = Some(LongMessage { head, bytes, len });
                return Step::GoOn;
            }
            let Some(payload) = self.input.take(&head, len) else { return Step::More };
            return Step::Received(message(
                &head,
                shared(&mut self.slab, &mut self.slabs, payload),
            ));
        }
        let is_right = is_masked_right && head.payload_bytes <= MOST_CONTROL_BYTES;
        if is_right && matches!(head.first, CLOSE | PING | PONG) {
            let len = usize::try_from(head.payload_bytes).unwrap_or(usize::MAX);
            let Some(payload) = self.input.take(&head, len) else { return Step::More };
            return Step::Received(match head.first {
                CLOSE => close(payload, &mut self.output),
                PING => {
                    self.output.put_control(PONG, payload);
                    Received::Control
                }
                _ => Received::Control,
            });
        }
        if !is_control {
            self.is_within_message = head.first & 0x80 == 0;
        }
        self.input.codec_due = head.payload_bytes.saturating_add(head.head_bytes as u64);
        Step::GoOn
    }

    fn read_codec(&mut self) -> Option<Received> {
        let mut ends = CodecEnds { input: &mut self.input };
        match self.codec.read(&mut ends) {
            Ok(message) => Some(from_tungstenite(message)),
            Err(WsError::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => None,
            Err(error) => Some(from_tungstenite_error(error)),
        }
    }
}

/// What became of a frame.
enum Step {
    Received(Received),
    /// It is seen to elsewhere.
    GoOn,
    /// It hasn't come in full.
    More,
}

impl<S: AsyncRead + Unpin> Framing<S> {
    /// Reads what is there.
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let read = match &mut self.long {
            Some(long) => {
                let missing = long.make_room();
                let mut bytes = (&mut long.bytes).limit(missing);
                ready!(pin!(self.stream.read_buf(&mut bytes)).poll(cx))
            }
            None => {
                let bytes = self.input.make_room();
                ready!(pin!(self.stream.read_buf(bytes)).poll(cx))
            }
        };
        match read {
            Ok(1..) => self.heard = true,
            Ok(0) => self.input.end = Some(None),
            Err(error) => self.input.end = Some(Some(Arc::new(error))),
        }
        Poll::Ready(())
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Framing<S> {
    fn write(
        &mut self,
        cx: &mut Context<'_>,
        write: fn(&mut Output, Pin<&mut S>, &mut Context<'_>) -> Poll<io::Result<()>>,
    ) -> Poll<()> {
        if self.write_error.is_none()
            && let Err(error) = ready!(write(&mut self.output, Pin::new(&mut self.stream), cx))
        {
            self.write_error = Some(Arc::new(error));
        }
        Poll::Ready(())
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Socket for Framing<S> {
    type Stream = S;

    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<Received> {
        if let Some(received) = self.next() {
            return Poll::Ready(received);
        }
        if let Some(end) = &self.input.end {
            return Poll::Ready(Received::End(end.clone()));
        }
        ready!(self.poll_fill(cx));
        // What comes byte by byte and is always there is taken in portions too.
        Poll::Ready(self.next().unwrap_or(Received::Control))
    }

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.write(cx, Output::poll_ready)
    }

    fn send(&mut self, message: Message) {
        self.output.put(message);
    }

    fn send_ping(&mut self) {
        self.output.put_control(PING, &[]);
    }

    fn send_close(&mut self, frame: &CloseFrame) {
        self.output.put_close(frame);
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.write(cx, Output::poll_flush)
    }

    fn unwritten(&self) -> usize {
        self.output.unwritten()
    }

    fn take_heard(&mut self) -> bool {
        mem::take(&mut self.heard)
    }

    fn is_held_up(&self) -> bool {
        self.output.is_held_up() && self.write_error.is_none()
    }

    fn write_error(&self) -> Option<Arc<io::Error>> {
        self.write_error.clone()
    }

    fn stream(&mut self) -> &mut S {
        &mut self.stream
    }
}

impl Limits {
    fn exceeded(self, payload_bytes: u64) -> Option<LimitExceeded> {
        let is_over = |limit: usize| payload_bytes > limit as u64;
        if is_over(self.message_bytes) {
            Some(LimitExceeded::MessageTooBig { limit: self.message_bytes })
        } else {
            is_over(self.frame_bytes)
                .then_some(LimitExceeded::FrameTooBig { limit: self.frame_bytes })
        }
    }
}

impl Input {
    fn left(&self) -> &[u8] {
        &self.bytes[self.taken..]
    }

    /// The payload of a frame, without its mask, or `None` while it hasn't come in full.
    fn take(&mut self, head: &Head, len: usize) -> Option<&[u8]> {
        let start = self.taken + head.head_bytes;
        let end = start.checked_add(len)?;
        let payload = self.bytes.get_mut(start..end)?;
        self.taken = end;
        unmask(payload, head.mask);
        Some(payload)
    }

    fn move_to(&mut self, long: &mut LongMessage) {
        let left = &self.bytes[self.taken..];
        let len = left.len().min(long.len.saturating_sub(long.bytes.len()));
        if len > 0 {
            long.bytes.extend_from_slice(&left[..len]);
            self.taken += len;
        }
    }

    /// Where to read to: with room for a whole frame of those that are taken from here.
    fn make_room(&mut self) -> &mut Vec<u8> {
        let is_full = self.bytes.capacity() > 0 && self.bytes.len() == self.bytes.capacity();
        self.bytes.drain(..self.taken);
        self.taken = 0;
        let size = if is_full { MOST_READ_BYTES } else { READ_BYTES };
        self.bytes.reserve(size.saturating_sub(self.bytes.len()));
        &mut self.bytes
    }
}

impl LongMessage {
    /// Makes room for some of what is missing, and of what may lie behind it; says how much that is.
    fn make_room(&mut self) -> usize {
        let missing = self.len.saturating_add(BEHIND_LONG_BYTES) - self.bytes.len();
        if self.bytes.len() == self.bytes.capacity() {
            self.bytes.reserve(missing.min(LONG_AHEAD_BYTES.max(3 * self.bytes.len())));
        }
        missing
    }
}

/// What the codec reads from: its frame. It has nothing to say that matters: pings and closes that
/// are right don't reach it.
struct CodecEnds<'input> {
    input: &'input mut Input,
}

impl Read for CodecEnds<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let due = usize::try_from(self.input.codec_due).unwrap_or(usize::MAX);
        let len = self.input.left().len().min(buffer.len()).min(due);
        if len == 0 {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        buffer[..len].copy_from_slice(&self.input.left()[..len]);
        self.input.taken += len;
        self.input.codec_due -= len as u64;
        Ok(len)
    }
}

impl Write for CodecEnds<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The head of a frame (RFC 6455 §5.2).
struct Head {
    /// FIN, the bits of extensions, and the opcode.
    first: u8,
    head_bytes: usize,
    payload_bytes: u64,
    mask: Option<[u8; 4]>,
}

impl Head {
    /// The head that is at the beginning, or `None` while it isn't whole.
    fn of(bytes: &[u8]) -> Option<Self> {
        let &[first, second, ref rest @ ..] = bytes else { return None };
        let (length_bytes, payload_bytes) = match second & 0x7f {
            126 => (2, u16::from_be_bytes(*rest.first_chunk()?).into()),
            127 => (8, u64::from_be_bytes(*rest.first_chunk()?)),
            len => (0, len.into()),
        };
        let (mask_bytes, mask) = if second & 0x80 == 0 {
            (0, None)
        } else {
            (4, Some(*rest.get(length_bytes..)?.first_chunk()?))
        };
        Some(Self { first, head_bytes: 2 + length_bytes + mask_bytes, payload_bytes, mask })
    }
}

/// A payload in memory that is not the read buffer's.
fn shared(slab: &mut BytesMut, slabs: &mut Recycled, payload: &[u8]) -> Bytes {
    if payload.is_empty() {
        return Bytes::new();
    }
    if payload.len() > SMALL_BYTES {
        return Bytes::copy_from_slice(payload);
    }
    if slab.capacity() < payload.len() {
        let fresh = slabs.take(SLAB_BYTES, SLAB_BYTES);
        slabs.keep(mem::replace(slab, fresh), SLAB_BYTES);
    }
    slab.extend_from_slice(payload);
    slab.split().freeze()
}

fn message(head: &Head, payload: Bytes) -> Received {
    if head.first == BINARY {
        return Received::Message(Message::Binary(payload));
    }
    match ByteString::try_from(payload) {
        Ok(text) => Received::Message(Message::Text(text)),
        Err(_) => not_utf8("text that is not UTF-8"),
    }
}

/// A close frame, which is answered with itself if nothing was said before it (RFC 6455 §5.5.1).
fn close(payload: &[u8], output: &mut Output) -> Received {
    let received = match payload {
        [] => Received::Close(CloseFrame::EMPTY),
        &[a, b, ref reason @ ..] => match std::str::from_utf8(reason) {
            Ok(reason) => close_with(u16::from_be_bytes([a, b]), reason),
            Err(_) => not_utf8("a close reason that is not UTF-8"),
        },
        [_] => {
            let what = "a close frame with half a code".to_owned();
            Received::Violation(status::PROTOCOL_ERROR, what)
        }
    };
    if let Received::Close(frame) = &received {
        output.put_close(frame);
    }
    received
}

/// A close with this code, which is a violation where the code may not be sent.
fn close_with(code: u16, reason: &str) -> Received {
    if status::may_be_on_the_wire(code) {
        return Received::Close(CloseFrame { code, reason: reason.into() });
    }
    let what = format!("a close frame with the code {code}, which may not be sent");
    Received::Violation(status::PROTOCOL_ERROR, what)
}

fn not_utf8(what: &str) -> Received {
    Received::Violation(status::INVALID_PAYLOAD_DATA, what.to_owned())
}

/// What tungstenite has read.
pub(crate) fn from_tungstenite(message: WsMessage) -> Received {
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
        WsMessage::Close(Some(frame)) => close_with(frame.code.into(), &frame.reason),
        WsMessage::Ping(_) | WsMessage::Pong(_) | WsMessage::Frame(_) => Received::Control,
    }
}

/// What tungstenite says that the peer has done.
pub(crate) fn from_tungstenite_error(error: WsError) -> Received {
    match error {
        WsError::Io(error) => Received::End(Some(Arc::new(error))),
        WsError::Protocol(ProtocolError::ResetWithoutClosingHandshake)
        | WsError::ConnectionClosed
        | WsError::AlreadyClosed => Received::End(None),
        WsError::Capacity(CapacityError::MessageTooLong { max_size: limit, .. }) => {
            Received::TooBig(LimitExceeded::MessageTooBig { limit })
        }
        WsError::Utf8(_) => not_utf8("text that is not UTF-8"),
        WsError::Protocol(rule) => Received::Violation(status::PROTOCOL_ERROR, rule.to_string()),
        other => Received::Violation(status::PROTOCOL_ERROR, other.to_string()),
    }
}

/// Takes the mask off, or puts it on (RFC 6455 §5.3).
pub(crate) fn unmask(bytes: &mut [u8], mask: Option<[u8; 4]>) {
    let Some(mask) = mask else { return };
    let word = u64::from(u32::from_ne_bytes(mask));
    let wide = word << 32 | word;
    let (chunks, rest) = bytes.as_chunks_mut::<8>();
    for chunk in chunks {
        *chunk = (u64::from_ne_bytes(*chunk) ^ wide).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip(mask.into_iter().cycle()) {
        *byte ^= mask;
    }
}
