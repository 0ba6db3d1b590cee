//! The limit: frames on a bare socket of tokio, without a library, and with nothing that a server
//! has to have besides: no bound, no check of UTF-8, no answer to a ping, no clock.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Poll, ready};

use tokio::io::{AsyncRead as _, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;

use super::shake_hands;
use crate::Result;

/// How much is read at once.
const READ_BYTES: usize = 256 * 1024;

/// The longest head of a frame, with its mask.
const MAX_FRAME_HEAD_BYTES: usize = 14;

thread_local! {
    /// What all connections of a thread are read into: of one that waits, nothing is in it.
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; MAX_FRAME_HEAD_BYTES + READ_BYTES]);
}

pub(super) async fn echo(mut socket: TcpStream) -> Result {
    shake_hands(&mut socket).await?;
    let mut frames = Frames::default();
    // What the socket didn't take at once.
    let mut unwritten = Vec::new();
    loop {
        let is_open = poll_fn(|context| {
            BUFFER.with_borrow_mut(|buffer| {
                let carried = frames.carried.len();
                let mut read = ReadBuf::new(&mut buffer[carried..]);
                ready!(Pin::new(&mut socket).poll_read(context, &mut read))?;
                let len = read.filled().len();
                if len == 0 {
                    return Poll::Ready(Ok::<_, std::io::Error>(false));
                }
                buffer[..carried].copy_from_slice(&frames.carried);
                let answer = frames.answer(&mut buffer[..carried + len]);
                if answer.is_empty() {
                    return Poll::Ready(Ok(true));
                }
                let written = match socket.try_write(answer) {
                    Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => 0,
                    written => written?,
                };
                unwritten.extend_from_slice(&answer[written..]);
                Poll::Ready(Ok(true))
            })
        })
        .await?;
        if !is_open {
            return Ok(());
        }
        if !unwritten.is_empty() {
            socket.write_all(&unwritten).await?;
            unwritten.clear();
        }
    }
}

/// Where in its frames a connection is.
#[derive(Default)]
struct Frames {
    /// The beginning of a head of which the rest hasn't come.
    carried: Vec<u8>,
    /// What is still to come of a payload.
    remaining: usize,
    /// Turned so that its first byte is for the next byte of that payload.
    mask: [u8; 4],
}

impl Frames {
    /// Makes of what a client has written what a server writes, in place.
    fn answer<'a>(&mut self, bytes: &'a mut [u8]) -> &'a [u8] {
        self.carried.clear();
        let len = self.remaining.min(bytes.len());
        self.unmask(&mut bytes[..len]);
        let (mut read, mut start, mut end) = (len, 0, len);
        loop {
            let Some((head_bytes, payload_bytes, mask)) = parse(&bytes[read..]) else {
                self.carried.extend_from_slice(&bytes[read..]);
                return &bytes[start..end];
            };
            // The same head, without the mask.
            let answer_bytes = head_bytes - 4;
            if end == start {
                // The first payload stays where it is, and the head moves to it.
                start = read + 4;
                end = start;
            }
            bytes.copy_within(read..read + answer_bytes, end);
            bytes[end + 1] &= 0x7f;
            end += answer_bytes;
            read += head_bytes;

            (self.remaining, self.mask) = (payload_bytes, mask);
            let len = payload_bytes.min(bytes.len() - read);
            self.unmask(&mut bytes[read..read + len]);
            if end != read {
                bytes.copy_within(read..read + len, end);
            }
            end += len;
            read += len;
        }
    }

    fn unmask(&mut self, bytes: &mut [u8]) {
        let mask = u32::from_ne_bytes(self.mask);
        let wide = u64::from(mask) << 32 | u64::from(mask);
        let (chunks, rest) = bytes.as_chunks_mut::<8>();
        for chunk in chunks {
            *chunk = (u64::from_ne_bytes(*chunk) ^ wide).to_ne_bytes();
        }
        for (byte, mask) in rest.iter_mut().zip(self.mask.into_iter().cycle()) {
            *byte ^= mask;
        }
        self.remaining -= bytes.len();
        self.mask.rotate_left(bytes.len() % 4);
    }
}

/// The length of a frame's head, that of its payload, and its mask; `None` where the head isn't
/// whole.
fn parse(bytes: &[u8]) -> Option<(usize, usize, [u8; 4])> {
    let &[_, second, ref rest @ ..] = bytes else { return None };
    let (length_bytes, payload_bytes) = match second & 0x7f {
        126 => (2, usize::from(u16::from_be_bytes(*rest.first_chunk()?))),
        127 => (8, usize::try_from(u64::from_be_bytes(*rest.first_chunk()?)).ok()?),
        len => (0, usize::from(len)),
    };
    let mask = rest.get(length_bytes..)?.first_chunk()?;
    Some((2 + length_bytes + 4, payload_bytes, *mask))
}
