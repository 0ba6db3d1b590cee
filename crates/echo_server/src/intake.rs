//! What has come from a client and isn't dealt with.
//!
//! By far most of what comes are short messages of one frame. These are taken from here. All other
//! frames are for the codec, which knows the protocol; so where a frame ends is all that has to be
//! known of it here.

use std::io;
use std::mem;
use std::pin::pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio_tungstenite::tungstenite::error::{Error, ProtocolError};
use tokio_tungstenite::tungstenite::protocol::Message;
use web_socket_channel::status;

use crate::codec::Limits;
use crate::spare;

/// The longest message that is taken here. A longer one is read into memory of its own, and not
/// copied to it.
const SHORT_BYTES: usize = 16 * 1024;

/// Whole messages in one frame, without an extension (RFC 6455 §5.2).
pub(crate) const TEXT: u8 = 0x81;
pub(crate) const BINARY: u8 = 0x82;
/// The first byte of a close.
const CLOSE: u8 = 0x88;

#[derive(Default)]
pub(crate) struct Intake {
    /// Lent while there is much in it, and else as small as what is in it.
    bytes: Vec<u8>,
    taken: usize,
    /// How much of the frame that the codec reads it hasn't taken.
    due: u64,
    /// How the stream has ended.
    end: Option<io::Result<()>>,
}

/// What is next in an intake.
pub(crate) enum Next {
    /// A message that has come in full.
    Message(Message),
    /// A frame for the codec, with its first byte and its length.
    Frame(u8, u64),
    /// The end of the stream, which is for the codec too.
    End,
    /// What has to come first.
    More,
}

impl Intake {
    /// Begins with what has come already.
    pub(crate) fn new(bytes: &[u8]) -> Self {
        Self { bytes: bytes.to_vec(), ..Self::default() }
    }

    /// Whether the codec has taken all of its frame.
    pub(crate) fn is_frame_taken(&self) -> bool {
        self.due == 0
    }

    /// Looks at what comes next. Messages are taken from here only where the codec is not `busy`
    /// with something before it.
    ///
    /// # Errors
    /// Text that is none.
    pub(crate) fn next(&mut self, limits: Limits, is_codec_busy: bool) -> Result<Next, Error> {
        if self.due == 0
            && let Some(head) = Head::of(&self.bytes[self.taken..])
        {
            if !head.is_minimal() {
                return Err(Error::Protocol(ProtocolError::InvalidCloseSequence));
            }
            if head.first == CLOSE && (2..=125).contains(&head.payload_bytes) {
                // tungstenite answers a code that may not be sent, and calls the close a right one.
                match (self.close_code(&head), &self.end) {
                    (Some(code), _) if !status::may_be_on_the_wire(code) => {
                        return Err(Error::Protocol(ProtocolError::InvalidCloseSequence));
                    }
                    (None, None) => return Ok(Next::More),
                    _ => {}
                }
            }
            if is_codec_busy || !head.is_short_message(limits) {
                self.due = head.frame_bytes();
                return Ok(Next::Frame(head.first, self.due));
            }
            if let Some(payload) = self.take_payload(&head) {
                return Ok(Next::Message(match head.first {
                    TEXT => Message::Text(payload.try_into()?),
                    _ => Message::Binary(payload),
                }));
            }
        }
        Ok(if self.end.is_some() { Next::End } else { Next::More })
    }

    /// The code in a close frame, or `None` while it hasn't come.
    fn close_code(&self, head: &Head) -> Option<u16> {
        let mask = head.mask.unwrap_or_default();
        let [a, b] = *self.bytes.get(self.taken + head.head_bytes..)?.first_chunk()?;
        Some(u16::from_be_bytes([a ^ mask[0], b ^ mask[1]]))
    }

    /// The payload of a short message, or `None` while it hasn't come in full.
    fn take_payload(&mut self, head: &Head) -> Option<Bytes> {
        let start = self.taken + head.head_bytes;
        let end = start + usize::try_from(head.payload_bytes).ok()?;
        let payload = self.bytes.get_mut(start..end)?;
        unmask(payload, head.mask?);
        // Copied, as a message that is kept would keep all that came with it.
        let payload = Bytes::copy_from_slice(payload);
        self.advance(end - self.taken);
        Some(payload)
    }

    fn advance(&mut self, len: usize) {
        self.taken += len;
        if self.taken == self.bytes.len() {
            self.taken = 0;
            spare::keep_buffer(mem::take(&mut self.bytes));
        }
    }

    /// Reads what is there.
    pub(crate) fn poll_fill<S: AsyncRead + Unpin>(
        &mut self,
        stream: &mut S,
        context: &mut Context<'_>,
    ) -> Poll<()> {
        let left = &self.bytes[self.taken..];
        let mut buffer = spare::buffer();
        buffer.extend_from_slice(left);
        match pin!(stream.read_buf(&mut buffer)).poll(context) {
            Poll::Ready(Ok(1..)) => {
                spare::keep_buffer(mem::replace(&mut self.bytes, buffer));
                self.taken = 0;
                Poll::Ready(())
            }
            Poll::Ready(end) => {
                self.end = Some(end.map(drop));
                spare::keep_buffer(buffer);
                Poll::Ready(())
            }
            Poll::Pending => {
                spare::keep_buffer(buffer);
                if self.taken > 0 {
                    // The beginning of a frame may stay for long.
                    let left = left.to_vec();
                    spare::keep_buffer(mem::replace(&mut self.bytes, left));
                    self.taken = 0;
                }
                Poll::Pending
            }
        }
    }
}

/// What the codec reads from: its frame, and the end of the stream.
impl io::Read for Intake {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.bytes.len() - self.taken;
        let len = left.min(buffer.len()).min(usize::try_from(self.due).unwrap_or(usize::MAX));
        if len == 0 {
            return match &mut self.end {
                None => Err(io::ErrorKind::WouldBlock.into()),
                // An error is told once; what follows it is an end.
                Some(end) => mem::replace(end, Ok(())).map(|()| 0),
            };
        }
        buffer[..len].copy_from_slice(&self.bytes[self.taken..][..len]);
        self.due -= len as u64;
        self.advance(len);
        Ok(len)
    }
}

/// The head of a frame.
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

    fn is_short_message(&self, limits: Limits) -> bool {
        let most = SHORT_BYTES.min(limits.message_bytes).min(limits.frame_bytes);
        matches!(self.first, TEXT | BINARY)
            && self.mask.is_some()
            && self.payload_bytes <= most as u64
    }

    /// Whether the length is written in as few bytes as it needs (RFC 6455 §5.2).
    fn is_minimal(&self) -> bool {
        let length_bytes = self.head_bytes - 2 - if self.mask.is_some() { 4 } else { 0 };
        match length_bytes {
            0 => true,
            2 => self.payload_bytes > 125,
            _ => self.payload_bytes > u64::from(u16::MAX),
        }
    }

    fn frame_bytes(&self) -> u64 {
        self.payload_bytes.saturating_add(self.head_bytes as u64)
    }
}

fn unmask(bytes: &mut [u8], mask: [u8; 4]) {
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
