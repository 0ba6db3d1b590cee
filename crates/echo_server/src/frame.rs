//! Frames as RFC 6455 §5 has them: the head of one that comes, its mask, and the head of one that goes.

use std::ops::Range;

use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use web_socket_channel::status;

use crate::fault::Fault;

/// The first bit of a frame that is the last, or the only one, of its message.
pub(crate) const FINAL: u8 = 0x80;
/// The bits that only extensions use, of which there are none here.
const RESERVED: u8 = 0x70;
const OPCODE: u8 = 0x0f;
/// The bit that a client sets, as it masks what it sends.
const MASKED: u8 = 0x80;

pub(crate) const CONTINUATION: u8 = 0x0;
pub(crate) const TEXT: u8 = 0x1;
pub(crate) const BINARY: u8 = 0x2;
pub(crate) const CLOSE: u8 = 0x8;
pub(crate) const PING: u8 = 0x9;
pub(crate) const PONG: u8 = 0xa;

/// The longest head of a client's frame: two bytes, a length of eight, a mask of four.
pub(crate) const MAX_HEAD_BYTES: usize = 14;

/// The longest payload of a control frame.
const MAX_CONTROL_BYTES: u8 = 125;

/// The head of a frame from a client.
pub(crate) struct Head {
    pub(crate) is_final: bool,
    pub(crate) opcode: u8,
    /// How long the head itself is.
    pub(crate) head_bytes: usize,
    pub(crate) payload_bytes: u64,
    pub(crate) mask: [u8; 4],
}

impl Head {
    /// The head at the beginning of what has come, or `None` while it isn't whole.
    ///
    /// # Errors
    /// What no frame of a client may begin with, as soon as it can be seen.
    #[inline]
    pub(crate) fn of(bytes: &[u8]) -> Result<Option<Self>, Fault> {
        let &[first, second, ref rest @ ..] = bytes else { return Ok(None) };
        let opcode = first & OPCODE;
        let (is_final, short) = (first & FINAL != 0, second & !MASKED);
        let is_right = match opcode {
            CONTINUATION | TEXT | BINARY => true,
            CLOSE | PING | PONG => is_final && short <= MAX_CONTROL_BYTES,
            _ => false,
        };
        if !is_right || first & RESERVED != 0 || second & MASKED == 0 {
            return Err(Fault::Protocol);
        }
        let (length_bytes, payload_bytes) = match short {
            126 => match rest.first_chunk() {
                Some(bytes) => (2, u16::from_be_bytes(*bytes).into()),
                None => return Ok(None),
            },
            127 => match rest.first_chunk() {
                Some(bytes) => (8, u64::from_be_bytes(*bytes)),
                None => return Ok(None),
            },
            short => (0, short.into()),
        };
        // A length is written in as few bytes as it needs, and its first bit is zero (RFC 6455 §5.2).
        let lengths: Range<u64> = match short {
            126 => 126..1 << 16,
            127 => 1 << 16..1 << 63,
            _ => 0..126,
        };
        if !lengths.contains(&payload_bytes) {
            return Err(Fault::Protocol);
        }
        let Some(mask) = rest.get(length_bytes..).and_then(<[u8]>::first_chunk) else {
            return Ok(None);
        };
        let head_bytes = 2 + length_bytes + 4;
        Ok(Some(Self { is_final, opcode, head_bytes, payload_bytes, mask: *mask }))
    }

    pub(crate) fn is_control(&self) -> bool {
        self.opcode & CLOSE != 0
    }
}

/// Takes a mask off, or puts it on.
#[inline]
pub(crate) fn unmask(bytes: &mut [u8], mask: [u8; 4]) {
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

/// A mask as it goes on after so many bytes.
pub(crate) fn mask_behind(mask: [u8; 4], bytes: usize) -> [u8; 4] {
    std::array::from_fn(|at| mask[(at + bytes) % 4])
}

/// The head of a frame from a server, which has no mask: so many bytes of an array.
#[inline]
pub(crate) fn head(first: u8, payload_bytes: usize) -> ([u8; 10], usize) {
    let mut head = [0; 10];
    head[0] = first;
    let bytes = (payload_bytes as u64).to_be_bytes();
    let len = match payload_bytes {
        0..126 => {
            head[1] = bytes[7];
            2
        }
        126..0x1_0000 => {
            head[1] = 126;
            head[2..4].copy_from_slice(&bytes[6..]);
            4
        }
        _ => {
            head[1] = 127;
            head[2..].copy_from_slice(&bytes);
            10
        }
    };
    (head, len)
}

/// Looks at what a client has said with its close (RFC 6455 §5.5.1 and §7.4).
///
/// # Errors
/// A code that may not be sent, half a code, or a reason that is no text.
pub(crate) fn check_close(payload: &[u8]) -> Result<(), Fault> {
    match payload {
        [] => Ok(()),
        [_] => Err(Fault::Protocol),
        [a, b, reason @ ..] => {
            if !status::may_be_on_the_wire(u16::from_be_bytes([*a, *b])) {
                return Err(Fault::Protocol);
            }
            std::str::from_utf8(reason).map(drop).map_err(|_| Fault::NotUtf8)
        }
    }
}

/// The payload of a close frame.
pub(crate) fn close_payload(frame: Option<&CloseFrame>) -> Vec<u8> {
    frame.map_or_else(Vec::new, |frame| {
        [&u16::from(frame.code).to_be_bytes(), frame.reason.as_bytes()].concat()
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_minimal_and_below_the_first_bit() {
        for (bytes, expected) in [
            (&b"\x82\xfe\x00\x7eMASK"[..], Some(126)),
            (b"\x82\xfe\x00\x7dMASK", None),
            (b"\x82\xff\0\0\0\0\0\x01\0\0MASK", Some(65_536)),
            (b"\x82\xff\0\0\0\0\0\0\xff\xffMASK", None),
            (b"\x82\xff\x80\0\0\0\0\x01\0\0MASK", None),
        ] {
            let head = Head::of(bytes).ok().map(|head| head.unwrap().payload_bytes);
            assert_eq!(head, expected, "{bytes:x?}");
        }
    }

    #[test]
    fn a_mask_goes_on_where_it_was_cut() {
        let mask = *b"mask";
        let mut whole: Vec<u8> = (0..100).collect();
        unmask(&mut whole, mask);
        for cut in 0..100 {
            let mut parts: Vec<u8> = (0..100).collect();
            let (first, second) = parts.split_at_mut(cut);
            unmask(first, mask);
            unmask(second, mask_behind(mask, cut));
            assert_eq!(parts, whole, "{cut}");
        }
    }
}
