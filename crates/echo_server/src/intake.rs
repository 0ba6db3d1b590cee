//! What has come from a client and isn't dealt with: the bytes, and the message that they begin.
//!
//! By far most of what comes are short messages of one frame. These are taken out of a buffer that
//! many of them have come in. A longer one is read into memory of its own, which grows as its bytes
//! come, and never because a head announces them.

use std::io;
use std::mem;
use std::pin::pin;
use std::task::{Context, Poll, ready};

use bytes::{BufMut as _, Bytes};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio_tungstenite::tungstenite::protocol::Message;
use web_socket_channel::frame::{
    self, CONTINUATION, FINAL, Head, MAX_HEAD_BYTES, TEXT, check_text,
};

use crate::Config;
use crate::buffer_pool;
use crate::fault::Fault;
use crate::memory_budget::{Part, Share};
use crate::outlet::Outlet;

/// The longest message that is copied out of the buffer it has come in.
const SHORT_BYTES: usize = 16 * 1024;

/// How much memory a long message gets at first, if it is so long, and how much of its frame has to be
/// left for it to be read there at once. What has not come of it when nothing more is there is given
/// back.
const FIRST_BYTES: usize = 64 * 1024;

/// The most that is read of a long message at a time, so that others have their turn: all of a message
/// that many bounds are set to, and the head behind it.
const MAX_READ_BYTES: usize = 1024 * 1024 + MAX_HEAD_BYTES;

#[derive(Default)]
pub(crate) struct Intake {
    /// Lent while there is much in it, and else as small as what is in it.
    bytes: Vec<u8>,
    taken: usize,
    /// A message that has begun, and didn't come in full with its head.
    message: Option<Box<Unfinished>>,
    /// The stream has ended, in order or not.
    has_ended: bool,
}

/// A message of which something is missing.
struct Unfinished {
    is_text: bool,
    payload: Vec<u8>,
    /// How much of a text in fragments is known to be UTF-8.
    checked: usize,
    /// A frame of it has begun and isn't dealt with.
    is_within_frame: bool,
    /// How much is to come of the payload of that, and its mask.
    due: usize,
    mask: Option<[u8; 4]>,
    /// The present frame is the last.
    is_final: bool,
}

/// What is next in an intake.
pub(crate) enum Next {
    /// A message that has come in full.
    Message(Message),
    /// A short message that has come in full, and was sent back.
    Echoed,
    /// A control frame, with its opcode.
    Control(u8, Bytes),
    /// A frame that is not the last of its message.
    Fragment,
    /// The end of the stream.
    End,
    /// What has to come first.
    More,
}

impl Intake {
    /// Begins with what has come already.
    pub(crate) fn new(bytes: &[u8]) -> Self {
        Self { bytes: bytes.to_vec(), ..Self::default() }
    }

    /// Whether a message has begun that isn't whole.
    pub(crate) fn is_within_message(&self) -> bool {
        self.message.is_some()
    }

    /// Takes what comes next. A short message that is to be sent back is put to where it is `echoed`,
    /// and is no message of its own, which would cost more than all the rest of it.
    ///
    /// # Errors
    /// What breaks the protocol or a limit, or finds no memory.
    pub(crate) fn next(
        &mut self,
        config: &Config,
        share: &mut Share,
        echoed: Option<&mut Outlet>,
    ) -> Result<Next, Fault> {
        if self.message.as_ref().is_some_and(|message| message.is_within_frame) {
            return self.go_on(share);
        }
        let Some(head) = head(&self.bytes[self.taken..])? else { return Ok(self.more()) };
        if head.is_control() {
            let Some(payload) = self.payload(&head) else { return Ok(self.more()) };
            let payload = Bytes::copy_from_slice(payload);
            self.advance(head.head_bytes + payload.len());
            return Ok(Next::Control(head.opcode, payload));
        }
        let payload_bytes = usize::try_from(head.payload_bytes).map_err(|_| Fault::TooBig)?;
        let before = self.message.as_ref().map_or(0, |message| message.payload.len());
        if (head.opcode == CONTINUATION) != self.message.is_some() {
            return Err(Fault::Protocol);
        }
        if payload_bytes > config.max_frame_bytes
            || payload_bytes > config.max_message_bytes.saturating_sub(before)
        {
            return Err(Fault::TooBig);
        }
        if head.is_final
            && head.opcode != CONTINUATION
            && payload_bytes <= SHORT_BYTES
            && let Some(payload) = self.payload(&head)
        {
            // Copied, as a message that is kept would keep all that came with it.
            let next = match echoed {
                Some(_) if head.opcode == TEXT && str::from_utf8(payload).is_err() => {
                    return Err(Fault::NotUtf8);
                }
                Some(outlet) => {
                    outlet.put_short(FINAL | head.opcode, payload);
                    Next::Echoed
                }
                None => {
                    let payload = Bytes::copy_from_slice(payload);
                    Next::Message(message(head.opcode == TEXT, payload)?)
                }
            };
            self.advance(head.head_bytes + payload_bytes);
            return Ok(next);
        }
        let message = self.message.get_or_insert_with(|| {
            Box::new(Unfinished {
                is_text: head.opcode == TEXT,
                payload: Vec::new(),
                checked: 0,
                is_within_frame: false,
                due: 0,
                mask: None,
                is_final: false,
            })
        });
        (message.due, message.mask) = (payload_bytes, head.mask);
        (message.is_within_frame, message.is_final) = (true, head.is_final);
        self.advance(head.head_bytes);
        self.go_on(share)
    }

    /// Takes of a message what is there.
    fn go_on(&mut self, share: &mut Share) -> Result<Next, Fault> {
        let Some(message) = &mut self.message else { return Ok(self.more()) };
        let come = &self.bytes[self.taken..];
        let len = come.len().min(message.due);
        if len > 0 {
            message.reserve(len, share)?;
            let start = message.payload.len();
            message.payload.extend_from_slice(&come[..len]);
            message.came(start);
        }
        let next = if message.due > 0 {
            None
        } else if message.is_final {
            self.message.take().map(|message| message.whole().map(Next::Message))
        } else {
            message.is_within_frame = false;
            Some(message.check_text().map(|()| Next::Fragment))
        };
        self.advance(len);
        next.unwrap_or_else(|| Ok(self.more()))
    }

    fn more(&self) -> Next {
        if self.has_ended { Next::End } else { Next::More }
    }

    /// The payload of a short frame, unmasked, or `None` while it hasn't come in full.
    #[inline]
    fn payload(&mut self, head: &Head) -> Option<&[u8]> {
        let start = self.taken + head.head_bytes;
        let end = start + usize::try_from(head.payload_bytes).ok()?;
        let payload = self.bytes.get_mut(start..end)?;
        frame::unmask(payload, head.mask);
        Some(payload)
    }

    fn advance(&mut self, len: usize) {
        self.taken += len;
        if self.taken == self.bytes.len() {
            self.taken = 0;
            buffer_pool::keep_buffer(mem::take(&mut self.bytes));
        }
    }

    /// Reads what is there, and says how much it was; nothing at the end of the stream.
    ///
    /// # Errors
    /// There is no memory for more of a message.
    pub(crate) fn poll_fill<S: AsyncRead + Unpin>(
        &mut self,
        stream: &mut S,
        share: &mut Share,
        context: &mut Context<'_>,
    ) -> Poll<Result<usize, Fault>> {
        let read = match &mut self.message {
            Some(message) if message.is_long() && self.bytes.is_empty() => {
                message.reserve(message.due.min(FIRST_BYTES), share)?;
                let read = message.poll_fill(stream, &mut self.bytes, context);
                if read.is_pending() {
                    message.shrink();
                }
                share.hold(Part::Incoming, message.payload.capacity())?;
                read
            }
            message => {
                let held = message.as_ref().map_or(0, |message| message.payload.capacity());
                share.hold(Part::Incoming, held)?;
                self.poll_fill_buffer(stream, context)
            }
        };
        let len = ready!(read).unwrap_or(0);
        self.has_ended = len == 0;
        Poll::Ready(Ok(len))
    }

    fn poll_fill_buffer<S: AsyncRead + Unpin>(
        &mut self,
        stream: &mut S,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        let left = &self.bytes[self.taken..];
        let mut buffer = buffer_pool::buffer();
        buffer.extend_from_slice(left);
        let read = pin!(stream.read_buf(&mut buffer)).poll(context);
        if let Poll::Ready(Ok(1..)) = read {
            buffer_pool::keep_buffer(mem::replace(&mut self.bytes, buffer));
            self.taken = 0;
            return read;
        }
        buffer_pool::keep_buffer(buffer);
        if self.taken > 0 {
            // A part of a head, or of a control frame, may stay for long.
            let left = left.to_vec();
            buffer_pool::keep_buffer(mem::replace(&mut self.bytes, left));
            self.taken = 0;
        }
        read
    }
}

impl Unfinished {
    /// Whether it is read where it is to lie.
    fn is_long(&self) -> bool {
        self.due > 0 && self.payload.len() + self.due > SHORT_BYTES
    }

    /// Makes room for some of what is due, and for the same as has come already, so that it is copied
    /// no more than twice while it grows.
    fn reserve(&mut self, len: usize, share: &mut Share) -> Result<(), Fault> {
        let have = self.payload.len();
        if self.payload.capacity() - have >= len {
            return Ok(());
        }
        if self.payload.capacity() == 0 && self.is_long() {
            // There already, and so it may be as much as the head announces.
            self.payload = buffer_pool::payload(self.due + MAX_HEAD_BYTES);
        }
        let grown = have.max(self.due.min(FIRST_BYTES));
        // Behind a fragment more may come, and behind the last nothing does.
        let more = len.max(if self.is_final { grown.min(self.due) } else { grown });
        // With room for the head of the next frame, see `poll_fill`.
        let capacity = self.payload.capacity().max(have + more + MAX_HEAD_BYTES);
        share.hold(Part::Incoming, capacity)?;
        self.payload.reserve_exact(capacity - have);
        Ok(())
    }

    /// Reads what is there of the payload, and the head of the frame behind it: a client that sends one
    /// long message after the other is then read with no copy in between.
    fn poll_fill<S: AsyncRead + Unpin>(
        &mut self,
        stream: &mut S,
        behind: &mut Vec<u8>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        let start = self.payload.len();
        let room = self.payload.capacity() - start;
        let most = room.min(self.due + MAX_HEAD_BYTES).min(MAX_READ_BYTES);
        let mut buffer = (&mut self.payload).limit(most);
        let len = ready!(pin!(stream.read_buf(&mut buffer)).poll(context))?;
        if len > self.due {
            behind.extend_from_slice(&self.payload[start + self.due..]);
            self.payload.truncate(start + self.due);
        }
        self.came(start);
        Poll::Ready(Ok(len))
    }

    /// Has the payload from here on dealt with.
    fn came(&mut self, start: usize) {
        let bytes = &mut self.payload[start..];
        self.due -= bytes.len();
        frame::unmask(bytes, self.mask);
        self.mask = frame::mask_behind(self.mask, bytes.len());
    }

    /// Gives back what it doesn't need while nothing comes, which may be long.
    fn shrink(&mut self) {
        if self.payload.len() <= SHORT_BYTES && self.payload.capacity() > self.payload.len() {
            let payload = self.payload.to_vec();
            buffer_pool::keep_payload(mem::replace(&mut self.payload, payload));
        }
    }

    /// Has a look at the text so far: what is wrong with it is told at once.
    fn check_text(&mut self) -> Result<(), Fault> {
        if self.is_text {
            self.checked = check_text(&self.payload, self.checked).ok_or(Fault::NotUtf8)?;
        }
        Ok(())
    }

    fn whole(mut self) -> Result<Message, Fault> {
        // Lent memory may be much longer than the message.
        if self.payload.capacity() / 2 > self.payload.len() {
            let payload = self.payload.to_vec();
            buffer_pool::keep_payload(mem::replace(&mut self.payload, payload));
        }
        message(self.is_text, self.payload.into())
    }
}

/// The head of the frame that is next. Its length has to be written in as few bytes as it needs.
#[inline]
fn head(bytes: &[u8]) -> Result<Option<Head>, Fault> {
    match Head::parse(bytes, true) {
        Ok(Some(head)) if !head.has_minimal_length => Err(Fault::Protocol),
        Ok(head) => Ok(head),
        Err(_) => Err(Fault::Protocol),
    }
}

fn message(is_text: bool, payload: Bytes) -> Result<Message, Fault> {
    if is_text {
        payload.try_into().map(Message::Text).map_err(|_| Fault::NotUtf8)
    } else {
        Ok(Message::Binary(payload))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::memory_budget::MemoryBudget;

    #[test]
    fn short_fragments_are_seldom_moved() {
        let fragment = [&b"\x00\x90MASK"[..], &[0; 16]].concat();
        let begin = [&b"\x02\x90MASK"[..], &[0; 16]].concat();
        let mut intake = Intake::new(&[begin, fragment.repeat(65_535)].concat());
        let mut share = Arc::new(MemoryBudget::new(4 << 20)).share([127, 0, 0, 1].into());
        let mut capacities = Vec::new();
        while let Ok(Next::Fragment) = intake.next(&Config::default(), &mut share, None) {
            capacities.push(intake.message.as_ref().unwrap().payload.capacity());
        }
        assert_eq!(capacities.len(), 65_536);
        capacities.dedup();
        assert!(capacities.len() < 40, "{capacities:?}");
    }
}
