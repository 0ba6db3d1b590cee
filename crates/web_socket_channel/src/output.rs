//! Frames on their way to a stream of bytes: encoded into a buffer of bounded size, masked at the
//! client's end, and written as far as the stream takes them.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio::io::AsyncWrite;

use crate::close::CloseFrame;
use crate::frame::{self, BINARY, CLOSE, FINAL, TEXT, unmask};
use crate::message::Message;
use crate::socket::Role;
use crate::status;

/// How much is encoded before it is written. A longer message goes through the buffer piece by piece,
/// and is never there twice.
const BUFFER_BYTES: usize = 256 * 1024;

/// From so much on the buffer is written before another short message is encoded, so that the peer begins to
/// read while the rest is made; and before another long one, as each write wakes somebody.
const READY_BYTES: usize = 32 * 1024;
const READY_LONG_BYTES: usize = 128 * 1024;

/// Most bytes of answers to pings that wait for the network to take them. A peer that pings without
/// end and does not read is not read from either.
const MOST_CONTROL_BYTES: usize = 16 * 1024;

/// How many masks are drawn at once: one needs four bytes of the system's chance (RFC 6455 §5.3), and each
/// time it is asked costs a system call.
const MASK_BYTES: usize = 2048;

pub(crate) struct Output {
    bytes: Vec<u8>,
    written: usize,
    /// How much payload of messages is in `bytes`.
    payload_bytes: usize,
    /// How much of control frames is in `bytes`.
    control_bytes: usize,
    /// From how much on `bytes` is written before more is put in.
    ready_bytes: usize,
    /// What follows `bytes`: the rest of a message.
    rest: Option<Rest>,
    /// What follows the rest: pongs and the close.
    control: Vec<u8>,
    /// There at the client's end, and not in line: a server has many connections and no masks.
    masks: Option<Box<Masks>>,
    /// A close was put in: it is the last frame.
    is_closed: bool,
    needs_flush: bool,
    /// No mask could be drawn.
    failed: Option<io::Error>,
}

struct Rest {
    payload: Bytes,
    mask: Option<[u8; 4]>,
}

struct Masks {
    bytes: [u8; MASK_BYTES],
    used: usize,
}

impl Output {
    pub(crate) fn new(role: Role) -> Self {
        let masks = || Box::new(Masks { bytes: [0; MASK_BYTES], used: MASK_BYTES });
        Self {
            bytes: Vec::new(),
            written: 0,
            payload_bytes: 0,
            control_bytes: 0,
            ready_bytes: READY_BYTES,
            rest: None,
            control: Vec::new(),
            masks: (role == Role::Client).then(masks),
            is_closed: false,
            needs_flush: false,
            failed: None,
        }
    }

    /// Puts in a message. The caller has seen [`poll_ready`](Self::poll_ready).
    pub(crate) fn put(&mut self, message: Message) {
        let opcode = if message.as_text().is_some() { TEXT } else { BINARY };
        let payload = message.into_bytes();
        let Some(mask) = self.put_head(opcode, payload.len()) else { return };
        let is_short = payload.len() <= READY_BYTES;
        self.ready_bytes = if is_short { READY_BYTES } else { READY_LONG_BYTES };
        if is_short {
            put_masked(&mut self.bytes, &payload, mask);
            self.payload_bytes += payload.len();
        } else {
            self.rest = Some(Rest { payload, mask });
            self.encode_rest();
        }
    }

    /// Puts in the close, the last frame.
    pub(crate) fn put_close(&mut self, frame: &CloseFrame) {
        let payload = match frame.code {
            status::NO_STATUS_RECEIVED => Vec::new(),
            code => frame::close_payload(code, &frame.reason),
        };
        self.put_control(CLOSE, &payload);
        self.is_closed = true;
    }

    /// Puts in a control frame. It waits for the end of a message that is under way.
    pub(crate) fn put_control(&mut self, opcode: u8, payload: &[u8]) {
        if self.is_closed {
            return;
        }
        let is_within_message = self.rest.is_some();
        if is_within_message {
            std::mem::swap(&mut self.bytes, &mut self.control);
        }
        let start = self.bytes.len();
        if let Some(mask) = self.put_head(opcode, payload.len()) {
            put_masked(&mut self.bytes, payload, mask);
        }
        self.control_bytes += self.bytes.len() - start;
        if is_within_message {
            std::mem::swap(&mut self.bytes, &mut self.control);
        }
    }

    /// Puts in the head of a frame; gives its mask, or `None` where there is no chance to be had.
    fn put_head(&mut self, opcode: u8, len: usize) -> Option<Option<[u8; 4]>> {
        let mask = match &mut self.masks {
            None => None,
            Some(masks) => match masks.next() {
                Ok(mask) => Some(mask),
                Err(error) => {
                    self.failed = Some(error);
                    return None;
                }
            },
        };
        self.needs_flush = true;
        let (head, head_bytes) = frame::head(FINAL | opcode, len, mask);
        self.bytes.extend_from_slice(&head[..head_bytes]);
        Some(mask)
    }

    /// Encodes as much of the rest as the buffer takes, and what waits behind it.
    fn encode_rest(&mut self) {
        let Some(rest) = &mut self.rest else { return };
        // The mask begins anew every four bytes, so the pieces are whole ones.
        let room = BUFFER_BYTES.saturating_sub(self.bytes.len()) & !7;
        let piece = rest.payload.split_to(room.min(rest.payload.len()));
        put_masked(&mut self.bytes, &piece, rest.mask);
        self.payload_bytes += piece.len();
        if rest.payload.is_empty() {
            self.rest = None;
            self.bytes.append(&mut self.control);
        }
    }

    /// Waits until there is room for a message.
    pub(crate) fn poll_ready<S: AsyncWrite>(
        &mut self,
        mut stream: Pin<&mut S>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        while self.rest.is_some() || self.bytes.len() >= self.ready_bytes {
            ready!(self.poll_write(stream.as_mut(), cx))?;
        }
        Poll::Ready(Ok(()))
    }

    /// Waits until everything is written and flushed.
    pub(crate) fn poll_flush<S: AsyncWrite>(
        &mut self,
        mut stream: Pin<&mut S>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        while !self.bytes.is_empty() || self.failed.is_some() {
            ready!(self.poll_write(stream.as_mut(), cx))?;
        }
        if self.needs_flush {
            ready!(stream.poll_flush(cx))?;
            self.needs_flush = false;
        }
        Poll::Ready(Ok(()))
    }

    /// Writes the buffer once; where all of it is written, the rest follows into it.
    fn poll_write<S: AsyncWrite>(
        &mut self,
        stream: Pin<&mut S>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        if let Some(error) = self.failed.take() {
            return Poll::Ready(Err(error));
        }
        match ready!(stream.poll_write(cx, &self.bytes[self.written..]))? {
            0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
            written => self.written += written,
        }
        if self.written == self.bytes.len() {
            self.bytes.clear();
            (self.written, self.payload_bytes) = (0, 0);
            self.control_bytes = self.control.len();
            self.encode_rest();
        }
        Poll::Ready(Ok(()))
    }

    /// How many bytes of payload are not written. Of the buffer that is written in part it is at most
    /// what is left of it, as what is a head and what a payload is not kept.
    pub(crate) fn unwritten(&self) -> usize {
        let rest = self.rest.as_ref().map_or(0, |rest| rest.payload.len());
        rest + self.payload_bytes.min(self.bytes.len() - self.written)
    }

    /// Whether more answers wait than a peer is kept that takes none.
    pub(crate) fn is_held_up(&self) -> bool {
        self.control_bytes > MOST_CONTROL_BYTES
    }
}

impl Masks {
    fn next(&mut self) -> io::Result<[u8; 4]> {
        if self.used == MASK_BYTES {
            getrandom::fill(&mut self.bytes).map_err(io::Error::other)?;
            self.used = 0;
        }
        let mut mask = [0; 4];
        mask.copy_from_slice(&self.bytes[self.used..self.used + 4]);
        self.used += 4;
        Ok(mask)
    }
}

fn put_masked(bytes: &mut Vec<u8>, payload: &[u8], mask: Option<[u8; 4]>) {
    let start = bytes.len();
    bytes.extend_from_slice(payload);
    unmask(&mut bytes[start..], mask);
}
