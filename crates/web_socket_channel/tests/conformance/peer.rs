//! The peer of the tests of sockets: a server over plain TCP that plays whatever scenario the URL
//! of a connection asks for, and tells over HTTP what it saw.
//!
//! It has its own few lines of framing, so that no library is tested against itself, and so that
//! it can break every rule.
//!
//! | path | answer |
//! | --- | --- |
//! | `/?id=…&answer=…&step=…` | the scenario |
//! | `/seen?id=…&until=…` | what was seen of that connection, once `until` has come |
//! | `/go?id=…` | nothing; the connection that is held goes on |
//! | `/closed-port` | the number of a port at which nothing listens |

use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use web_socket_channel::Message;
use web_socket_channel::handshake::http::Request;
use web_socket_channel::handshake::{ServerOptions, parse_request, respond};

use super::ledger::{Ledger, Until};
use super::player::{Heard, Line, play};
use super::scenario::{Answer, Scenario, parse, refusal};

/// Serves until it is dropped; what it has begun ends by itself.
pub(crate) async fn serve(listener: TcpListener, ledger: Ledger) {
    loop {
        // A connection that is gone before it was accepted is no reason to stop.
        if let Ok((socket, _)) = listener.accept().await {
            let ledger = ledger.clone();
            tokio::spawn(async move {
                // Whatever fails here is what the test at the other end is about.
                let _ = serve_one(socket, &ledger).await;
            });
        }
    }
}

async fn serve_one(mut socket: TcpStream, ledger: &Ledger) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let mut input = Vec::new();
    let (request, used) = loop {
        match parse_request(&input, 0) {
            Ok(Some(found)) => break found,
            Ok(None) if socket.read_buf(&mut input).await? > 0 => {}
            Ok(None) => return Ok(()),
            Err(why) => return Err(io::Error::other(why)),
        }
    };
    input.drain(..used);
    let query = request.uri().query().unwrap_or_default();
    let value = |name| parse(query).find_map(|(key, value)| (key == name).then_some(value));
    let id = value("id").and_then(|id| id.parse().ok()).unwrap_or_default();
    match request.uri().path() {
        "/seen" => {
            let until = value("until").and_then(|until| Until::from_text(&until));
            let until = until.ok_or(io::ErrorKind::InvalidInput)?;
            tell(&mut socket, &ledger.seen(id, until).await.to_text()).await
        }
        "/go" => {
            ledger.let_go(id);
            tell(&mut socket, "").await
        }
        "/closed-port" => {
            let port = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
            tell(&mut socket, &port.to_string()).await
        }
        _ => {
            let (id, scenario) = Scenario::from_query(query).ok_or(io::ErrorKind::InvalidInput)?;
            ledger.note(id, |seen| {
                let headers = request.headers().iter();
                let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
                seen.headers = headers
                    .map(|(name, value)| (name.to_string(), text(value.as_bytes())))
                    .collect();
            });
            let outcome = play_scenario(socket, input, &request, &scenario, ledger, id).await;
            ledger.note(id, |seen| seen.has_ended = true);
            outcome
        }
    }
}

/// Answers over plain HTTP, to pages of every origin.
async fn tell(socket: &mut TcpStream, body: &str) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 200 OK\r\n\
         Access-Control-Allow-Origin: *\r\n\
         Cache-Control: no-store\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\
         Content-Length: {}\r\n\
         Connection: close\r\n\
         \r\n",
        body.len()
    );
    socket.write_all(&[head.as_bytes(), body.as_bytes()].concat()).await?;
    socket.shutdown().await
}

async fn play_scenario(
    mut socket: TcpStream,
    input: Vec<u8>,
    request: &Request<()>,
    scenario: &Scenario,
    ledger: &Ledger,
    id: u64,
) -> io::Result<()> {
    if scenario.is_held {
        ledger.may_go_on(id).await;
    }
    match &scenario.answer {
        Answer::Accept(protocol) => {
            let accepted = respond(request, &ServerOptions::default()).map_err(io::Error::other)?;
            let mut head = accepted.head;
            if let Some(protocol) = protocol {
                // Not by way of the options: the peer may pick what was never offered.
                head.truncate(head.len() - 2);
                head.extend(format!("Sec-WebSocket-Protocol: {protocol}\r\n\r\n").bytes());
            }
            let mut line = TcpLine { socket, input, output: head, is_gone: false };
            play(&scenario.steps, &mut line, ledger, id).await;
            Ok(())
        }
        Answer::Refuse(status) => {
            socket.write_all(&refusal(*status)).await?;
            socket.shutdown().await?;
            drain(&mut socket).await
        }
        Answer::Garbage(bytes) => {
            socket.write_all(bytes).await?;
            socket.shutdown().await?;
            drain(&mut socket).await
        }
        Answer::Cut => Ok(()),
        Answer::Silence => drain(&mut socket).await,
    }
}

async fn drain(socket: &mut TcpStream) -> io::Result<()> {
    let mut waste = [0; 4096];
    while socket.read(&mut waste).await? > 0 {}
    Ok(())
}

/// The framing of a server, for a client that keeps the rules (RFC 6455 §5.2).
struct TcpLine {
    socket: TcpStream,
    input: Vec<u8>,
    /// Sent when the peer has nothing better to do, so that what belongs together arrives
    /// together: the end of the handshake and the first message, say.
    output: Vec<u8>,
    is_gone: bool,
}

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

impl Line for TcpLine {
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
            let _ = self.socket.set_zero_linger();
        }
        // The socket itself closes when the line is dropped, right after this.
    }
}

impl TcpLine {
    fn write_frame(&mut self, opcode: u8, payload: &[u8]) {
        self.output.push(0x80 | opcode);
        match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
            (Ok(length @ ..126), _) => self.output.push(length),
            (_, Ok(length)) => {
                self.output.push(126);
                self.output.extend(length.to_be_bytes());
            }
            _ => {
                self.output.push(127);
                self.output.extend((payload.len() as u64).to_be_bytes());
            }
        }
        self.output.extend_from_slice(payload);
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

/// A masked frame at the beginning of `input`, and its length.
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
    let (mask, rest) = rest.split_first_chunk::<4>()?;
    let payload = rest.get(..length)?;
    let payload = payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
    let frame = Frame { is_final: first & 0x80 != 0, opcode: first & 0x0f, payload };
    Some((frame, input.len() - rest.len() + length))
}
