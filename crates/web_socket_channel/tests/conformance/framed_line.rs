//! The peer's end of a stream of bytes: a few lines of framing of the suite's own, so that no
//! library is tested against itself, and so that it can break every rule.

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use web_socket_channel::Message;

use super::player::{Heard, Line};

/// What the line needs of a stream of bytes.
pub(crate) trait Socket: AsyncRead + AsyncWrite + Unpin + Send {
    /// Lets the socket, once it is dropped, go away in the rudest way that it knows.
    fn be_rude(&self) {}
}

/// The framing of one end, for another that keeps the rules (RFC 6455 §5.2).
pub(crate) struct FramedLine<S> {
    pub(crate) socket: S,
    /// Whether it masks its frames, as a client does.
    masks: bool,
    input: Vec<u8>,
    /// Sent when the peer has nothing better to do, so that what belongs together arrives
    /// together: the end of the handshake and the first message, say.
    output: Vec<u8>,
    is_gone: bool,
}

/// One for all frames: what it protects from is not about here.
const MASK: [u8; 4] = [3, 6, 7, 8];

struct Frame {
    is_final: bool,
    opcode: u8,
    payload: Vec<u8>,
}

const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

impl<S: Socket> Line for FramedLine<S> {
    async fn send(&mut self, message: Message) {
        let opcode = if message.as_text().is_some() { TEXT } else { BINARY };
        self.write_frame(opcode, message.as_bytes());
    }

    async fn close(&mut self, code: u16, reason: &str) {
        if code == 1005 && reason.is_empty() {
            self.write_frame(CLOSE, &[]);
        } else {
            self.write_frame(CLOSE, &[&code.to_be_bytes(), reason.as_bytes()].concat());
        }
    }

    async fn ping(&mut self, payload: &[u8]) {
        self.write_frame(PING, payload);
    }

    async fn raw(&mut self, bytes: &[u8]) {
        self.output.extend_from_slice(bytes);
    }

    async fn flush(&mut self) -> bool {
        self.is_gone |= self.socket.write_all(&self.output).await.is_err();
        self.output.clear();
        !self.is_gone
    }

    async fn hear(&mut self) -> Heard {
        let mut joined = Vec::new();
        let mut joined_opcode = None;
        loop {
            let Some(Frame { is_final, opcode, payload }) = self.read_frame().await else {
                return Heard::End;
            };
            match opcode {
                0..=BINARY => {
                    joined_opcode.get_or_insert(opcode);
                    joined.extend(payload);
                    if is_final {
                        return Heard::Message(if joined_opcode == Some(TEXT) {
                            String::from_utf8_lossy(&joined).into_owned().into()
                        } else {
                            joined.into()
                        });
                    }
                }
                CLOSE => {
                    let (code, reason) = payload.split_at(payload.len().min(2));
                    let code = code.try_into().map_or(1005, u16::from_be_bytes);
                    return Heard::Close(code, String::from_utf8_lossy(reason).into_owned());
                }
                PING => {
                    self.write_frame(PONG, &payload);
                    return Heard::Ping;
                }
                _ => return Heard::Pong(payload),
            }
        }
    }

    async fn shut_down(&mut self) {
        self.flush().await;
        let _ = self.socket.shutdown().await;
    }

    async fn cut(&mut self, in_the_rudest_way: bool) {
        self.flush().await;
        if in_the_rudest_way {
            self.socket.be_rude();
        }
        // The socket itself closes when the line is dropped, right after this.
    }
}

impl<S: Socket> FramedLine<S> {
    /// The server's end, on which `input` was read already.
    pub(crate) fn of_server(socket: S, input: Vec<u8>) -> Self {
        Self { socket, masks: false, input, output: Vec::new(), is_gone: false }
    }

    /// The client's end.
    pub(crate) fn of_client(socket: S) -> Self {
        Self { socket, masks: true, input: Vec::new(), output: Vec::new(), is_gone: false }
    }

    fn write_frame(&mut self, opcode: u8, payload: &[u8]) {
        let mask_bit = if self.masks { 0x80 } else { 0 };
        self.output.push(0x80 | opcode);
        match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
            (Ok(length @ ..126), _) => self.output.push(mask_bit | length),
            (_, Ok(length)) => {
                self.output.push(mask_bit | 126);
                self.output.extend(length.to_be_bytes());
            }
            _ => {
                self.output.push(mask_bit | 127);
                self.output.extend((payload.len() as u64).to_be_bytes());
            }
        }
        if self.masks {
            self.output.extend(MASK);
            let masked = payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask);
            self.output.extend(masked);
        } else {
            self.output.extend_from_slice(payload);
        }
    }

    async fn read_frame(&mut self) -> Option<Frame> {
        loop {
            if let Some((frame, used)) = parse_frame(&self.input) {
                self.input.drain(..used);
                return Some(frame);
            }
            self.flush().await;
            if self.is_gone && self.input.is_empty() {
                // What still comes in is lost with the other direction.
                return None;
            }
            self.input.reserve(64 * 1024);
            if !matches!(self.socket.read_buf(&mut self.input).await, Ok(1..)) {
                return None;
            }
        }
    }
}

/// A frame at the beginning of `input`, and its length.
fn parse_frame(input: &[u8]) -> Option<(Frame, usize)> {
    let (&[first, second], rest) = input.split_first_chunk()?;
    let (length, rest) = match second & 0x7f {
        126 => {
            let (length, rest) = rest.split_first_chunk()?;
            (usize::from(u16::from_be_bytes(*length)), rest)
        }
        127 => {
            let (length, rest) = rest.split_first_chunk()?;
            (usize::try_from(u64::from_be_bytes(*length)).ok()?, rest)
        }
        length => (usize::from(length), rest),
    };
    let (mask, rest) =
        if second & 0x80 == 0 { (&[0; 4], rest) } else { rest.split_first_chunk::<4>()? };
    let payload = rest.get(..length)?;
    let payload = payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
    let frame = Frame { is_final: first & 0x80 != 0, opcode: first & 0x0f, payload };
    Some((frame, input.len() - rest.len() + length))
}
