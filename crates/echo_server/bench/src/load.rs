//! The client of every server: bare sockets and frames that are made beforehand, so that most of
//! the machine is the server's. What comes back is verified to the last byte.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use server_bench::Result;
use server_bench::scenario::{IDLE_CONNECTIONS, IDLE_ECHO_BYTES, Scenario};
use tokio::io::{AsyncRead as _, AsyncReadExt as _, AsyncWrite as _, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::task::{LocalSet, spawn_local};
use tokio::time::{Instant, sleep, timeout};

use crate::usage::{cpu_time, private_bytes};

/// How long a server runs before it is measured: memory is asked for, pages are touched, the
/// processor has learned its branches.
const WARM_UP: Duration = Duration::from_millis(150);

/// How long it is measured.
const MEASURED: Duration = Duration::from_millis(400);

/// How long nothing is said before memory is measured: time to give back what isn't needed.
const QUIET: Duration = Duration::from_millis(1000);

/// No echo takes so long that is still coming.
const PATIENCE: Duration = Duration::from_secs(30);

/// How much is read at once.
const READ_BYTES: usize = 256 * 1024;

/// How much is written at once, or one frame if that is longer.
const WRITE_BYTES: usize = 1024 * 1024;

const TEXT: u8 = 0x81;
const BINARY: u8 = 0x82;

/// No byte of it is zero, so that no byte passes unmasked.
const MASK: [u8; 4] = [0x36, 0x78, 0xa5, 0x5a];

/// What a server has used of a processor and of the clock for one message.
pub(crate) struct Cost {
    pub(crate) cpu_ns: f64,
    pub(crate) wall_ns: f64,
}

/// What a connection has cost in memory.
pub(crate) struct Held {
    pub(crate) open_bytes: f64,
    pub(crate) after_echo_bytes: f64,
}

/// Keeps a server busy and measures it.
pub(crate) async fn work(port: u16, process: u32, scenario: Scenario) -> Result<Cost> {
    check(port).await?;
    let count = Rc::new(Cell::new(0));
    let failure = Rc::new(RefCell::new(None));
    let frames = Rc::new(Frames::new(scenario));
    LocalSet::new()
        .run_until(async {
            for _ in 0..scenario.connections {
                let socket = connect(port).await?;
                let (count, failure) = (Rc::clone(&count), Rc::clone(&failure));
                let mut connection = Connection::new(socket, Rc::clone(&frames), count);
                connection.owed = scenario.in_flight * frames.frame_bytes;
                spawn_local(async move {
                    let error = poll_fn(|context| connection.poll(context)).await;
                    *failure.borrow_mut() = Some(error);
                });
            }
            sleep(WARM_UP).await;
            let begin = (count.get(), cpu_time(process)?, Instant::now());
            sleep(MEASURED).await;
            let end = (count.get(), cpu_time(process)?, Instant::now());
            if let Some(error) = failure.take() {
                return Err(error.into());
            }
            if end.0 == begin.0 {
                return Err("it has answered nothing".into());
            }
            let messages = f64::from(end.0 - begin.0);
            Ok(Cost {
                cpu_ns: (end.1 - begin.1).as_nanos() as f64 / messages,
                wall_ns: (end.2 - begin.2).as_nanos() as f64 / messages,
            })
        })
        .await
}

/// Opens connections on which nothing happens, has each echo once, and measures what is left.
pub(crate) async fn idle(port: u16, process: u32) -> Result<Held> {
    check(port).await?;
    sleep(QUIET).await;
    let before = private_bytes(process)?;
    let mut sockets = Vec::new();
    for _ in 0..IDLE_CONNECTIONS {
        sockets.push(connect(port).await?);
    }
    sleep(QUIET).await;
    let open = private_bytes(process)?;
    let message = frame(BINARY, &payload(IDLE_ECHO_BYTES));
    let echo = answer(BINARY, &payload(IDLE_ECHO_BYTES));
    for socket in &mut sockets {
        exchange(socket, &message, &echo).await?;
    }
    sleep(QUIET).await;
    let after_echo = private_bytes(process)?;
    let each = |bytes: f64| (bytes - before) / IDLE_CONNECTIONS as f64;
    Ok(Held { open_bytes: each(open), after_echo_bytes: each(after_echo) })
}

/// Whether the server is an echo at all: text and binary, of all lengths of a head, in order.
async fn check(port: u16) -> Result {
    let mut socket = connect(port).await?;
    let (mut question, mut expected) = (Vec::new(), Vec::new());
    for (opcode, bytes) in [(TEXT, 0), (BINARY, 3), (TEXT, 125), (BINARY, 126), (TEXT, 3678)] {
        question.extend(frame(opcode, &payload(bytes)));
        expected.extend(answer(opcode, &payload(bytes)));
    }
    for (opcode, bytes) in [(BINARY, 65_535), (TEXT, 65_536)] {
        question.extend(frame(opcode, &payload(bytes)));
        expected.extend(answer(opcode, &payload(bytes)));
    }
    exchange(&mut socket, &question, &expected).await
}

/// Sends and waits for what comes back, at the same time.
async fn exchange(socket: &mut TcpStream, question: &[u8], expected: &[u8]) -> Result {
    let (mut reader, mut writer) = socket.split();
    let mut came = vec![0; expected.len()];
    let both = async { tokio::try_join!(writer.write_all(question), reader.read_exact(&mut came)) };
    timeout(PATIENCE, both).await??;
    if came == expected { Ok(()) } else { Err("that is no echo".into()) }
}

/// An open WebSocket, as bare as it is.
async fn connect(port: u16) -> Result<TcpStream> {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).await?;
    socket.set_nodelay(true)?;
    let request = format!(
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    socket.write_all(request.as_bytes()).await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if timeout(PATIENCE, socket.read_buf(&mut head)).await?? == 0 {
            return Err("it has hung up during the handshake".into());
        }
    }
    // The answer to the key of RFC 6455 §1.3.
    let head = String::from_utf8_lossy(&head);
    if head.starts_with("HTTP/1.1 101") && head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") {
        Ok(socket)
    } else {
        Err(format!("the handshake was answered with {head}").into())
    }
}

/// The frames of a scenario, all of them the same, and what has to come back.
struct Frames {
    /// As many as are written at once, and one more.
    outgoing: Vec<u8>,
    frame_bytes: usize,
    /// As much as is read at once, and a frame more.
    expected: Vec<u8>,
    answer_bytes: usize,
}

impl Frames {
    fn new(scenario: Scenario) -> Self {
        let payload = payload(scenario.payload_bytes);
        let (frame, answer) = (frame(BINARY, &payload), answer(BINARY, &payload));
        let written = (WRITE_BYTES / frame.len()).clamp(1, scenario.in_flight) + 1;
        let read = READ_BYTES / answer.len() + 2;
        Self {
            outgoing: frame.repeat(written),
            frame_bytes: frame.len(),
            expected: answer.repeat(read),
            answer_bytes: answer.len(),
        }
    }
}

struct Connection {
    socket: TcpStream,
    frames: Rc<Frames>,
    /// Messages that have come back, of all connections.
    count: Rc<Cell<u32>>,
    /// What is to be sent: an echo that has come back is answered with the next message.
    owed: usize,
    /// How far it is within a frame, in either direction.
    sent: usize,
    received: usize,
}

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_BYTES]);
}

impl Connection {
    fn new(socket: TcpStream, frames: Rc<Frames>, count: Rc<Cell<u32>>) -> Self {
        Self { socket, frames, count, owed: 0, sent: 0, received: 0 }
    }

    /// Sends and receives, and is ready only when it fails.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        loop {
            let outcome = match (self.poll_send(context), self.poll_receive(context)) {
                (Poll::Ready(Err(error)), _) | (_, Poll::Ready(Err(error))) => Err(error),
                (Poll::Pending, Poll::Pending) => return Poll::Pending,
                // What has come is answered before anything else is waited for.
                _ if self.owed == 0 => {
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                _ => Ok(()),
            };
            if let Err(error) = outcome {
                return Poll::Ready(error);
            }
        }
    }

    fn poll_send(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.owed == 0 {
            return Poll::Pending;
        }
        let outgoing = &self.frames.outgoing;
        let end = outgoing.len().min(self.sent + self.owed);
        Pin::new(&mut self.socket).poll_write(context, &outgoing[self.sent..end]).map_ok(|len| {
            self.owed -= len;
            self.sent = (self.sent + len) % self.frames.frame_bytes;
        })
    }

    fn poll_receive(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        BUFFER.with_borrow_mut(|buffer| {
            let mut read = ReadBuf::new(buffer);
            let polled = Pin::new(&mut self.socket).poll_read(context, &mut read);
            let came = read.filled();
            polled.map(|result| {
                result?;
                if came.is_empty() {
                    return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
                }
                if came != &self.frames.expected[self.received..self.received + came.len()] {
                    return Err(io::Error::other("what comes back is not what was sent"));
                }
                self.received += came.len();
                let messages = self.received / self.frames.answer_bytes;
                self.received %= self.frames.answer_bytes;
                self.owed += messages * self.frames.frame_bytes;
                self.count.set(self.count.get() + messages as u32);
                Ok(())
            })
        })
    }
}

/// A payload that is text as well, and of which no two neighbours are the same.
fn payload(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|at| b'0' + (at % 73) as u8).collect()
}

/// A message as a client writes it (RFC 6455 §5.2).
fn frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = head(opcode, payload.len());
    frame[1] |= 0x80;
    frame.extend(MASK);
    frame.extend(payload.iter().zip(MASK.into_iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

/// The same as a server writes it.
fn answer(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = head(opcode, payload.len());
    frame.extend_from_slice(payload);
    frame
}

fn head(opcode: u8, payload_bytes: usize) -> Vec<u8> {
    let mut head = vec![opcode];
    match payload_bytes {
        len @ 0..126 => head.push(len as u8),
        len @ 126..65536 => {
            head.push(126);
            head.extend((len as u16).to_be_bytes());
        }
        len => {
            head.push(127);
            head.extend((len as u64).to_be_bytes());
        }
    }
    head
}
