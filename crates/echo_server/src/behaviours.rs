//! What the endpoints beside the echo do, over any stream and sink of messages.
//!
//! All of them go on reading while they send or wait, so that pings are answered and a client that
//! closes is heard.

use std::collections::VecDeque;
use std::future::pending;
use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::LazyLock;
use std::time::Duration;

use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};
use pacing::Gaps;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_tungstenite::tungstenite::Bytes;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message};
use web_socket_channel::status;

use crate::PICTURE;
use crate::endpoints::{Endpoint, MAX_BURST_SIZE};
use crate::fault::Fault;
use crate::session::{End, Socket, echo, greet};

/// How many messages, and how many bytes of them, may wait for their time at `/delay`. Of a client
/// that is further ahead the oldest goes before its time, so that its pings are still read.
const MAX_DELAYED: usize = 1_024;
const MAX_DELAYED_BYTES: usize = 1 << 20;

/// How late a tick may be and the next one still come at its time; of a later one that is moved too.
const MAX_LATE: Duration = Duration::from_millis(5);

/// How many fragments a message may have at `/chunked`. It is there so that a long message with tiny
/// fragments doesn't become a multiple of itself.
const MAX_FRAGMENTS: usize = 1 << 16;

/// Does what an endpoint is there for, until the connection ends or is to be ended.
///
/// May be dropped at any moment; the socket is then still good for a close.
pub(crate) async fn run(
    endpoint: &Endpoint,
    greeting: Option<&str>,
    socket: &mut impl Socket,
) -> End {
    match endpoint {
        Endpoint::Echo => echo(socket).await,
        // Boxed, so that the many that only echo don't keep room for the others.
        other => Box::pin(run_other(other.clone(), greeting, socket)).await,
    }
}

async fn run_other(endpoint: Endpoint, greeting: Option<&str>, socket: &mut impl Socket) -> End {
    let result = match endpoint {
        Endpoint::Picture => {
            return greet(socket, Message::Binary(Bytes::from_static(PICTURE))).await;
        }
        Endpoint::Protocol { .. } | Endpoint::Headers => {
            return greet(socket, Message::text(greeting.unwrap_or_default())).await;
        }
        Endpoint::Close { code, reason, after } => {
            let frame = code.map(|code| CloseFrame { code: code.into(), reason: reason.into() });
            return echo_for(socket, after, End::Close(frame)).await;
        }
        Endpoint::Drop { after } => return echo_for(socket, after, End::Cut).await,
        Endpoint::Ticker { every, count, seed } => {
            tick(socket, Gaps::random(every, seed), count).await
        }
        Endpoint::Burst { count, size, numbered } => burst(socket, count, size, numbered).await,
        Endpoint::Delay { by } => delay(socket, by).await,
        Endpoint::Chunked { size } => chunked(socket, size).await,
        Endpoint::Echo => return echo(socket).await,
        // These speak no WebSocket; whoever owns the connection keeps them away from here.
        Endpoint::Silent { .. } | Endpoint::Broken(_) | Endpoint::Status(_) => return End::Cut,
    };
    result.unwrap_or_else(End::Fault)
}

fn done() -> End {
    let code = status::NORMAL_CLOSURE.into();
    End::Close(Some(CloseFrame { code, reason: "that was all".into() }))
}

async fn echo_for(socket: &mut impl Socket, time: Duration, then: End) -> End {
    if time.is_zero() {
        // At once means before anything is echoed; a timer is never ready at its first poll.
        return then;
    }
    tokio::select! {
        biased;
        () = sleep(time) => then,
        end = echo(socket) => end,
    }
}

async fn tick(socket: &mut impl Socket, gaps: Gaps, count: u32) -> Result<End, Fault> {
    let mut due = Instant::now();
    for (number, gap) in (1..=count).zip(gaps) {
        due += gap;
        if listen_until(socket, sleep_until(due)).await?.is_break() {
            return Ok(End::Closed);
        }
        // A client that didn't read for a while isn't told all at once what it has missed.
        let now = Instant::now();
        if now.saturating_duration_since(due) > MAX_LATE {
            due = now;
        }
        socket.send(Message::text(format!("tick {number}"))).await?;
    }
    Ok(done())
}

/// Drops what comes until `moment` is ready; breaks if the peer closes first.
async fn listen_until<T>(
    socket: &mut impl Socket,
    moment: impl Future<Output = T>,
) -> Result<ControlFlow<()>, Fault> {
    let mut moment = pin!(moment);
    loop {
        tokio::select! {
            _ = &mut moment => return Ok(ControlFlow::Continue(())),
            message = socket.next() => match message {
                Some(message) => drop(message?),
                None => return Ok(ControlFlow::Break(())),
            },
        }
    }
}

async fn burst(
    socket: &mut impl Socket,
    count: u32,
    size: usize,
    numbered: bool,
) -> Result<End, Fault> {
    let payload = burst_payload(size);
    for number in 1..=count {
        let message = if numbered {
            Message::Text(format!("message {number}").into())
        } else {
            Message::Binary(payload.clone())
        };
        socket.feed(message).await?;
        // What has come meanwhile; a close may be among it.
        while let Some(next) = socket.next().now_or_never() {
            match next {
                Some(message) => drop(message?),
                None => return Ok(End::Closed),
            }
        }
    }
    socket.flush().await?;
    Ok(done())
}

/// The first so many bytes of one buffer for all bursts of all connections.
fn burst_payload(size: usize) -> Bytes {
    static LONGEST: LazyLock<Bytes> =
        LazyLock::new(|| (0..=u8::MAX).cycle().take(MAX_BURST_SIZE).collect::<Vec<_>>().into());
    LONGEST.slice(..size.min(MAX_BURST_SIZE))
}

async fn delay(socket: &mut impl Socket, by: Duration) -> Result<End, Fault> {
    let mut waiting: VecDeque<(Instant, Message)> = VecDeque::new();
    let mut bytes = 0;
    loop {
        let first = waiting.front().map(|(at, _)| *at);
        let is_far_ahead = waiting.len() > MAX_DELAYED || bytes > MAX_DELAYED_BYTES;
        let is_due = async {
            match first {
                _ if is_far_ahead => {}
                Some(at) => sleep_until(at).await,
                None => pending().await,
            }
        };
        tokio::select! {
            // What is due goes before more is read, so that what waits stays bounded.
            biased;
            () = is_due => {
                if let Some((_, message)) = waiting.pop_front() {
                    bytes -= message.len();
                    socket.keep(bytes)?;
                    socket.send(message).await?;
                }
            }
            message = socket.next() => match message.transpose()? {
                Some(message) => {
                    bytes += message.len();
                    socket.keep(bytes)?;
                    waiting.push_back((Instant::now() + by, message));
                }
                None => return Ok(End::Closed),
            },
        }
    }
}

async fn chunked(socket: &mut impl Socket, size: usize) -> Result<End, Fault> {
    while let Some(message) = socket.next().await.transpose()? {
        let (kind, mut payload) = match message {
            Message::Text(text) => (Data::Text, Bytes::from(text)),
            Message::Binary(bytes) => (Data::Binary, bytes),
            _ => continue,
        };
        if payload.len().div_ceil(size) > MAX_FRAGMENTS {
            return Ok(End::Close(Some(CloseFrame {
                code: status::MESSAGE_TOO_BIG.into(),
                reason: "the message would have more than 65536 fragments".into(),
            })));
        }
        socket.keep(payload.len())?;
        let mut opcode = OpCode::Data(kind);
        loop {
            // Borders lie between bytes and may part a character, as any fragment's may.
            let fragment = payload.split_to(payload.len().min(size));
            let is_last = payload.is_empty();
            socket.feed(Message::Frame(Frame::message(fragment, opcode, is_last))).await?;
            if is_last {
                break;
            }
            opcode = OpCode::Data(Data::Continue);
        }
        socket.keep(0)?;
        socket.flush().await?;
    }
    Ok(End::Closed)
}
