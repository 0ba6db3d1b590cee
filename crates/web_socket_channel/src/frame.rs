//! Frames as RFC 6455 §5 has them: heads, masks, text, and what a close says. Pure; the channel and the echo
//! server have it in common, and it is no part of the interface.

#![allow(missing_docs, reason = "it is shown to nobody else")]

use std::borrow::Cow;

use crate::status;

/// The first bit of a frame that is the last, or the only one, of its message.
pub const FINAL: u8 = 0x80;
/// The bits that only extensions use, of which there are none here.
const RESERVED: u8 = 0x70;
const OPCODE: u8 = 0x0f;
/// The bit that a client sets, as it masks what it sends.
const MASKED: u8 = 0x80;

pub const CONTINUATION: u8 = 0x0;
pub const TEXT: u8 = 0x1;
pub const BINARY: u8 = 0x2;
pub const CLOSE: u8 = 0x8;
pub const PING: u8 = 0x9;
pub const PONG: u8 = 0xa;

/// The longest head: two bytes, a length of eight, a mask of four.
pub const MAX_HEAD_BYTES: usize = 14;

/// The longest payload of a control frame.
const MAX_CONTROL_BYTES: u8 = 125;

/// The code with which a peer is told what it did, and that.
pub type Violation = (u16, Cow<'static, str>);

/// The head of a frame.
pub struct Head {
    pub is_final: bool,
    pub opcode: u8,
    /// How long the head itself is.
    pub head_bytes: usize,
    pub payload_bytes: u64,
    /// The length is written in as few bytes as it needs, and its first bit is zero (RFC 6455 §5.2).
    pub has_minimal_length: bool,
    pub mask: Option<[u8; 4]>,
}

impl Head {
    /// The head at the beginning of what has come, or `None` while it isn't whole. What a client sends
    /// `is_masked`, and nothing else is.
    ///
    /// # Errors
    /// The rule that it breaks, as soon as that can be seen.
    #[inline]
    pub fn parse(bytes: &[u8], is_masked: bool) -> Result<Option<Self>, &'static str> {
        let &[first, second, ref rest @ ..] = bytes else { return Ok(None) };
        let opcode = first & OPCODE;
        let (is_final, short) = (first & FINAL != 0, second & !MASKED);
        match opcode {
            CONTINUATION | TEXT | BINARY => {}
            CLOSE | PING | PONG if is_final && short <= MAX_CONTROL_BYTES => {}
            CLOSE | PING | PONG => return Err("a control frame in parts or of over 125 bytes"),
            _ => return Err("a reserved opcode"),
        }
        if first & RESERVED != 0 {
            return Err("a reserved bit");
        }
        if (second & MASKED != 0) != is_masked {
            return Err(if is_masked { "a frame without a mask" } else { "a frame with a mask" });
        }
        let (length_bytes, payload_bytes, has_minimal_length) = match short {
            126 => match rest.first_chunk() {
                Some(bytes) => {
                    let bytes = u16::from_be_bytes(*bytes);
                    (2, bytes.into(), bytes >= 126)
                }
                None => return Ok(None),
            },
            127 => match rest.first_chunk() {
                Some(bytes) => {
                    let bytes = u64::from_be_bytes(*bytes);
                    (8, bytes, (1 << 16..1 << 63).contains(&bytes))
                }
                None => return Ok(None),
            },
            short => (0, short.into(), true),
        };
        let (mask_bytes, mask) = if is_masked {
            let Some(mask) = rest.get(length_bytes..).and_then(<[u8]>::first_chunk) else {
                return Ok(None);
            };
            (4, Some(*mask))
        } else {
            (0, None)
        };
        let head_bytes = 2 + length_bytes + mask_bytes;
        Ok(Some(Self { is_final, opcode, head_bytes, payload_bytes, has_minimal_length, mask }))
    }

    pub fn is_control(&self) -> bool {
        self.opcode & CLOSE != 0
    }
}

/// The head of a frame with this first byte: so many bytes of an array.
#[inline]
pub fn head(
    first: u8,
    payload_bytes: usize,
    mask: Option<[u8; 4]>,
) -> ([u8; MAX_HEAD_BYTES], usize) {
    let mut head = [0; MAX_HEAD_BYTES];
    head[0] = first;
    let bytes = (payload_bytes as u64).to_be_bytes();
    let mut len = match payload_bytes {
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
            head[2..10].copy_from_slice(&bytes);
            10
        }
    };
    if let Some(mask) = mask {
        head[1] |= MASKED;
        head[len..len + 4].copy_from_slice(&mask);
        len += 4;
    }
    (head, len)
}

/// Takes the mask off, or puts it on (RFC 6455 §5.3).
#[inline]
pub fn unmask(bytes: &mut [u8], mask: Option<[u8; 4]>) {
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

/// A mask as it goes on after so many bytes.
pub fn mask_behind(mask: Option<[u8; 4]>, bytes: usize) -> Option<[u8; 4]> {
    mask.map(|mask| std::array::from_fn(|at| mask[(at + bytes) % 4]))
}

/// How much of the beginning of a text is UTF-8, of which so much is `checked` already: a character may go on
/// in what is still to come. `None` where no end can make it right.
pub fn check_text(text: &[u8], checked: usize) -> Option<usize> {
    let more = match std::str::from_utf8(&text[checked..]) {
        Ok(text) => text.len(),
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        Err(_) => return None,
    };
    Some(checked + more)
}

/// The code and the reason of a close (RFC 6455 §5.5.1 and §7.4), or `None` if there are none.
///
/// # Errors
/// A code that may not be sent, half a code, or a reason that is no text.
pub fn parse_close(payload: &[u8]) -> Result<Option<(u16, &str)>, Violation> {
    let (code, reason) = match *payload {
        [] => return Ok(None),
        [_] => return Err((status::PROTOCOL_ERROR, "a close frame with half a code".into())),
        [a, b, ref reason @ ..] => (u16::from_be_bytes([a, b]), reason),
    };
    let Ok(reason) = std::str::from_utf8(reason) else {
        return Err((status::INVALID_PAYLOAD_DATA, "a close reason that is not UTF-8".into()));
    };
    check_close_code(code)?;
    Ok(Some((code, reason)))
}

/// Whether a peer may close with this code.
///
/// # Errors
/// As of [`parse_close`].
pub fn check_close_code(code: u16) -> Result<(), Violation> {
    if status::may_be_on_the_wire(code) {
        return Ok(());
    }
    let what = format!("a close frame with the code {code}, which may not be sent");
    Err((status::PROTOCOL_ERROR, what.into()))
}

/// The payload of a close frame.
pub fn close_payload(code: u16, reason: &str) -> Vec<u8> {
    [&code.to_be_bytes(), reason.as_bytes()].concat()
}
