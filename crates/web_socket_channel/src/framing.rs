//! WebSocket framing over a stream of bytes (RFC 6455 §5), at either end.
//!
//! By far most of what comes are whole messages in one frame, which are taken from what was read, many at a
//! time; a long one is read into memory of its own. What is sent is encoded straight from the channel's batch.

use std::future::Future as _;
use std::io;
use std::mem;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{BufMut as _, Bytes, BytesMut};
use bytestring::ByteString;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};

use crate::close::CloseFrame;
use crate::error::LimitExceeded;
use crate::frame::{CLOSE, CONTINUATION, Head, PING, PONG, TEXT, check_text, parse_close, unmask};
use crate::message::Message;
use crate::output::Output;
use crate::recycled::Recycled;
use crate::socket::{Received, Role, Socket};
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
    long: Option<LongFrame>,
    /// Memory of long messages.
    blocks: Recycled,
    slab: BytesMut,
    slabs: Recycled,
    output: Output,
    /// The beginning of a message, of which the end hasn't come.
    parts: Option<Parts>,
    heard: bool,
    write_error: Option<Arc<io::Error>>,
}

/// What has come and isn't dealt with.
struct Input {
    bytes: Vec<u8>,
    taken: usize,
    end: Option<Option<Arc<io::Error>>>,
}

/// A message that comes in many frames.
struct Parts {
    is_text: bool,
    payload: Vec<u8>,
    /// How much of a text is known to be UTF-8.
    checked: usize,
}

/// A frame that comes in over many reads, into memory of its own.
struct LongFrame {
    head: Head,
    bytes: BytesMut,
    len: usize,
}

impl<S> Framing<S> {
    pub(crate) fn new(stream: S, role: Role, first_bytes: Vec<u8>, limits: Limits) -> Self {
        Self {
            stream,
            role,
            limits,
            input: Input { bytes: first_bytes, taken: 0, end: None },
            long: None,
            blocks: Recycled::new(RECYCLED_LONG_BYTES),
            slab: BytesMut::new(),
            slabs: Recycled::new(RECYCLED_SLAB_BYTES),
            output: Output::new(role),
            parts: None,
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
                let LongFrame { head, mut bytes, len } = long;
                self.input.bytes.extend_from_slice(&bytes[len..]);
                bytes.truncate(len);
                unmask(&mut bytes, head.mask);
                if head.is_whole() {
                    return Some(message(head.opcode == TEXT, self.blocks.give(bytes)));
                }
                return Some(Parts::add(&mut self.parts, &head, &bytes));
            }
            let head = match Head::parse(self.input.left(), self.role == Role::Server) {
                Ok(head) => head?,
                Err(rule) => return Some(Received::violation(rule)),
            };
            match self.take_frame(head) {
                Step::Received(received) => return Some(received),
                Step::GoOn => {}
                Step::More => return None,
            }
        }
    }

    fn take_frame(&mut self, head: Head) -> Step {
        let len = usize::try_from(head.payload_bytes).unwrap_or(usize::MAX);
        if head.is_control() {
            let Some(payload) = self.input.take(&head, len) else { return Step::More };
            return Step::Received(match head.opcode {
                CLOSE => close(payload, &mut self.output),
                PING => {
                    self.output.put_control(PONG, payload);
                    Received::Control
                }
                _ => Received::Control,
            });
        }
        if (head.opcode == CONTINUATION) != self.parts.is_some() {
            return Step::Received(Received::violation(if self.parts.is_some() {
                "a message within another"
            } else {
                "the continuation of no message"
            }));
        }
        let before = self.parts.as_ref().map_or(0, |parts| parts.payload.len());
        if let Some(limit) = self.limits.exceeded(before, head.payload_bytes) {
            return Step::Received(Received::TooBig(limit));
        }
        if len > LONG_BYTES {
            self.input.taken += head.head_bytes;
            let room = len.saturating_add(BEHIND_LONG_BYTES);
            let bytes = self.blocks.take(room, room.min(LONG_AHEAD_BYTES));
            self.long = Some(LongFrame { head, bytes, len });
            return Step::GoOn;
        }
        let Some(payload) = self.input.take(&head, len) else { return Step::More };
        Step::Received(if head.is_whole() {
            message(head.opcode == TEXT, shared(&mut self.slab, &mut self.slabs, payload))
        } else {
            Parts::add(&mut self.parts, &head, payload)
        })
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
    /// The limit that a frame exceeds, of a message of which so much has come before.
    fn exceeded(self, before: usize, payload_bytes: u64) -> Option<LimitExceeded> {
        if payload_bytes > self.message_bytes.saturating_sub(before) as u64 {
            Some(LimitExceeded::MessageTooBig { limit: self.message_bytes })
        } else {
            (payload_bytes > self.frame_bytes as u64)
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

    fn move_to(&mut self, long: &mut LongFrame) {
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

impl LongFrame {
    /// Makes room for some of what is missing, and of what may lie behind it; says how much that is.
    fn make_room(&mut self) -> usize {
        let missing = self.len.saturating_add(BEHIND_LONG_BYTES) - self.bytes.len();
        if self.bytes.len() == self.bytes.capacity() {
            self.bytes.reserve(missing.min(LONG_AHEAD_BYTES.max(3 * self.bytes.len())));
        }
        missing
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

fn message(is_text: bool, payload: Bytes) -> Received {
    if !is_text {
        return Received::Message(Message::Binary(payload));
    }
    match ByteString::try_from(payload) {
        Ok(text) => Received::Message(Message::Text(text)),
        Err(_) => not_utf8(),
    }
}

fn not_utf8() -> Received {
    Received::Violation(status::INVALID_PAYLOAD_DATA, "text that is not UTF-8".into())
}

/// A close frame, which is answered with itself if nothing was said before it (RFC 6455 §5.5.1).
fn close(payload: &[u8], output: &mut Output) -> Received {
    let frame = match parse_close(payload) {
        Ok(None) => CloseFrame::EMPTY,
        Ok(Some((code, reason))) => CloseFrame { code, reason: reason.into() },
        Err((code, what)) => return Received::Violation(code, what),
    };
    output.put_close(&frame);
    Received::Close(frame)
}

impl Head {
    /// Whether it is of a message in one frame.
    fn is_whole(&self) -> bool {
        self.is_final && self.opcode != CONTINUATION
    }
}

impl Parts {
    /// Takes one more part, with which the message may be there in full.
    fn add(unfinished: &mut Option<Self>, head: &Head, payload: &[u8]) -> Received {
        let is_text = head.opcode == TEXT;
        let parts =
            unfinished.get_or_insert_with(|| Self { is_text, payload: Vec::new(), checked: 0 });
        parts.payload.extend_from_slice(payload);
        if parts.is_text {
            // What is wrong with it is told at once.
            match check_text(&parts.payload, parts.checked) {
                Some(checked) => parts.checked = checked,
                None => return not_utf8(),
            }
        }
        match unfinished.take_if(|_| head.is_final) {
            Some(whole) => message(whole.is_text, whole.payload.into()),
            None => Received::Control,
        }
    }
}
