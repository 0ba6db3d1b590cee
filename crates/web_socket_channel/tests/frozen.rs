//! A process that was stopped for a while (a paused container, a debugger, a laptop that slept) does
//! not take its peers for dead: what they have said meanwhile is read first.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

#[allow(dead_code, reason = "the suite uses the rest")]
#[path = "conformance/framed_line.rs"]
mod framed_line;
#[allow(dead_code, reason = "the suite uses the rest")]
#[path = "conformance/ledger.rs"]
mod ledger;
#[allow(dead_code, reason = "the suite uses the rest")]
#[path = "conformance/player.rs"]
mod player;
#[allow(dead_code, reason = "the suite uses the rest")]
#[path = "conformance/scenario.rs"]
mod scenario;

use std::env;
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Wake, Waker};
use std::time::{Duration, Instant};

use futures::executor::block_on;
use futures::future::join_all;
use futures::{FutureExt as _, StreamExt as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep_until, timeout};
use web_socket_channel::handshake::{ServerOptions, parse_request, respond};
use web_socket_channel::{Error, Options, ReadyState, Timeout, WebSocketChannel};

use framed_line::{FramedLine, Socket};
use player::{Heard, Line as _};

/// Names the address to connect to, in the process that is stopped.
const ADDRESS: &str = "FROZEN_CLIENT_CONNECTS_TO";

const CLIENTS: usize = 8;
const PING_INTERVAL: Duration = Duration::from_millis(500);
const PONG_TIMEOUT: Duration = Duration::from_secs(1);

/// Longer than a ping and its answer may take together.
const STOPPED: Duration = Duration::from_secs(2);

/// Of connections and closes of a process that is stopped for longer.
const TIME_OUT: Duration = Duration::from_secs(1);

const LIMIT: Duration = Duration::from_secs(60);

impl Socket for TcpStream {}

#[test]
#[ignore = "it is the process that the test below stops"]
fn frozen_client() {
    let Ok(address) = env::var(ADDRESS) else { return };
    let options = Options::new().ping_interval(PING_INTERVAL).pong_timeout(PONG_TIMEOUT);
    block_on(join_all((0..CLIENTS).map(async |_| {
        let url = format!("ws://{address}/");
        let mut channel = WebSocketChannel::connect_with(&url, options.clone()).unwrap();
        while let Some(Ok(message)) = channel.next().await {
            channel.try_send(message).unwrap();
        }
    })));
}

/// A program that looks at its channels in each frame, while they open and while they close.
#[test]
#[ignore = "it is the process that a test below stops"]
fn frozen_looker() {
    let Ok(address) = env::var(ADDRESS) else { return };
    let options = Options::new().connect_timeout(TIME_OUT).close_timeout(TIME_OUT);
    let channels = [(); CLIENTS].map(|()| {
        WebSocketChannel::connect_with(format!("ws://{address}/"), options.clone()).unwrap()
    });
    let look_while = |state| {
        while channels.iter().any(|channel| channel.ready_state() == state) {
            std::thread::sleep(Duration::from_millis(1));
        }
    };
    look_while(ReadyState::Connecting);
    for channel in &channels {
        assert_eq!(channel.ready_state(), ReadyState::Open);
        let _closing = channel.close();
    }
    look_while(ReadyState::Closing);
    for channel in &channels {
        assert!(channel.close_event().unwrap().was_clean);
    }
}

/// Has one of the above run in a process of its own, and connect to this place.
fn start(program: &str, listener: &TcpListener) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", program, "--ignored"])
        .env(ADDRESS, listener.local_addr().unwrap().to_string())
        .spawn()
        .unwrap()
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// A client that has asked for a connection, and what it's to be answered.
async fn ask(listener: &TcpListener) -> (FramedLine<TcpStream>, Vec<u8>) {
    let (mut socket, _) = listener.accept().await.unwrap();
    let mut input = Vec::new();
    let (request, used) = loop {
        if let Some(found) = parse_request(&input, 0).unwrap() {
            break found;
        }
        assert_ne!(socket.read_buf(&mut input).await.unwrap(), 0, "it hung up");
    };
    let answer = respond(&request, &ServerOptions::default()).unwrap().head;
    (FramedLine::of_server(socket, input.split_off(used)), answer)
}

async fn accept(listener: &TcpListener) -> FramedLine<TcpStream> {
    let (mut line, answer) = ask(listener).await;
    line.socket.write_all(&answer).await.unwrap();
    line
}

/// A frame of a server, short and without a mask.
async fn say(line: &mut FramedLine<TcpStream>, first: u8, payload: &[u8]) {
    let mut frame = vec![first, payload.len().try_into().unwrap()];
    frame.extend_from_slice(payload);
    line.socket.write_all(&frame).await.unwrap();
}

/// Answers pings until a moment, and says whether the client is still there.
async fn answers_until(line: &mut FramedLine<TcpStream>, moment: tokio::time::Instant) -> bool {
    loop {
        let heard = tokio::select! {
            heard = line.hear() => heard,
            () = sleep_until(moment) => return true,
        };
        match heard {
            Heard::Ping => say(line, 0x8a, b"").await,
            Heard::End => return false,
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_process_that_was_stopped_keeps_its_peers() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut child = start("frozen_client", &listener);
    let outcome = timeout(LIMIT, async {
        let mut lines = Vec::new();
        for _ in 0..CLIENTS {
            lines.push(accept(&listener).await);
        }
        // It has just asked whether they are there.
        let asked = lines.iter_mut().map(async |line| line.hear().await);
        assert!(join_all(asked).await.iter().all(|heard| matches!(heard, Heard::Ping)));
        signal(&child, "-STOP");
        for line in &mut lines {
            say(line, 0x8a, b"").await;
        }
        tokio::time::sleep(STOPPED).await;
        signal(&child, "-CONT");

        let moment = tokio::time::Instant::now() + PING_INTERVAL + 2 * PONG_TIMEOUT;
        let stays = lines.iter_mut().map(async |line| {
            answers_until(line, moment).await && {
                say(line, 0x81, b"are you there?").await;
                loop {
                    match line.hear().await {
                        Heard::Message(message) => break message == "are you there?".into(),
                        Heard::End => break false,
                        _ => {}
                    }
                }
            }
        });
        join_all(stays).await
    })
    .await;
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(outcome.unwrap(), [true; CLIENTS]);
}

/// Nor does a look at a channel take for late what the peer has said meanwhile.
#[tokio::test]
async fn a_process_that_was_stopped_opens_and_closes() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut child = start("frozen_looker", &listener);
    let outcome = timeout(LIMIT, async {
        let mut lines = Vec::new();
        for _ in 0..CLIENTS {
            lines.push(ask(&listener).await);
        }
        signal(&child, "-STOP");
        for (line, answer) in &mut lines {
            line.socket.write_all(answer).await.unwrap();
        }
        tokio::time::sleep(STOPPED).await;
        signal(&child, "-CONT");
        for (line, _) in &mut lines {
            assert!(matches!(line.hear().await, Heard::Close(..)));
        }
        signal(&child, "-STOP");
        for (line, _) in &mut lines {
            say(line, 0x88, b"").await;
        }
        tokio::time::sleep(STOPPED).await;
        signal(&child, "-CONT");
        while child.try_wait().unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    child.kill().unwrap();
    assert!(child.wait().unwrap().success());
    outcome.unwrap();
}

/// A waker that says whether it was woken.
#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A time-out that has passed is told, though the runtime that would tell it is not driven any more: to
/// whoever looks, and then to all who wait.
#[test]
fn a_runtime_that_stands_still_hides_no_time_out() {
    let connect_timeout = Duration::from_millis(200);
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("ws://{}/", silent.local_addr().unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let entered = runtime.enter();
    let options = Options::new().connect_timeout(connect_timeout);
    let mut channel = WebSocketChannel::connect_with(&url, options).unwrap();
    drop(entered);
    let [of_future, of_stream] = [(); 2].map(|()| Arc::<Woken>::default());
    let mut closed = channel.closed();
    let waker = Waker::from(Arc::clone(&of_future));
    assert!(closed.poll_unpin(&mut Context::from_waker(&waker)).is_pending());
    let waker = Waker::from(Arc::clone(&of_stream));
    assert!(channel.poll_next_unpin(&mut Context::from_waker(&waker)).is_pending());
    let start = Instant::now();
    assert_eq!(channel.ready_state(), ReadyState::Connecting);
    while channel.ready_state() == ReadyState::Connecting {
        assert!(start.elapsed() < LIMIT, "it connects for ever");
        std::thread::yield_now();
    }
    assert!(start.elapsed() >= connect_timeout);
    assert!(of_future.0.load(Ordering::Relaxed) && of_stream.0.load(Ordering::Relaxed));
    let error = block_on(channel.ready()).unwrap_err();
    assert!(
        matches!(error, Error::Timeout(Timeout::Connect(after)) if after == connect_timeout),
        "{error:?}"
    );
    assert_eq!(channel.close_code(), Some(1006));
}
