//! A channel that connects again, over real sockets and on real threads: to a server that is killed
//! and comes back, and while another thread stops it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use futures::channel::oneshot;
use futures::executor::block_on;
use futures::{FutureExt as _, SinkExt as _, StreamExt as _};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Handle};
use tokio::time::timeout;
use web_socket_channel::handshake::ServerOptions;
use web_socket_channel::memory::{self, Remote};
use web_socket_channel::reconnect::{
    Cause, Outgoing, Policy, ReconnectingChannel, ReconnectingSink, State, StopCause,
};
use web_socket_channel::{
    Bound, ByteStream, Error, Initiator, Message, Options, RuntimeError, Signal, Timeout,
    WebSocketChannel, status,
};

/// A message, which has to come back as it was sent.
const TEXT: &str = "a message";

/// A test that takes longer waits for something that never comes.
const LIMIT: Duration = Duration::from_secs(20);

/// Soon, as there is nobody here to be spared.
fn policy() -> Policy {
    let first_wait = Duration::from_millis(5);
    Policy::default().first_wait(first_wait).longest_wait(10 * first_wait)
}

/// An echo server in a thread of its own. Dropping it is pulling its plug.
struct Server {
    address: SocketAddr,
    plug: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    fn start(port: u16) -> Self {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let (plug, pulled) = oneshot::channel::<()>();
        let thread = thread::spawn(move || {
            // With the runtime go its tasks and their sockets.
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                tokio::spawn(serve(TcpListener::from_std(listener).unwrap()));
                assert!(pulled.await.is_err(), "nothing is ever said here");
            });
        });
        Self { address, plug: Some(plug), thread: Some(thread) }
    }
}

async fn serve(listener: TcpListener) {
    while let Ok((socket, _)) = listener.accept().await {
        tokio::spawn(async move {
            let (_, stream) = ByteStream::accept(socket, &ServerOptions::default()).await.ok()?;
            let mut channel = WebSocketChannel::adopt(stream, Options::default()).ok()?;
            while let Some(Ok(message)) = channel.next().await {
                channel.try_send(message).ok()?;
            }
            Some(())
        });
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.plug.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

/// Runs a test on a runtime of its own, and looks whether a task outlives it.
fn run(test: impl Future<Output = ()>) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        timeout(LIMIT, test).await.unwrap();
        let tasks = || Handle::current().metrics().num_alive_tasks();
        let all_end = async {
            while tasks() > 0 {
                tokio::task::yield_now().await;
            }
        };
        timeout(LIMIT, all_end).await.unwrap();
    });
}

async fn until(channel: &ReconnectingChannel, is_it: impl Fn(&State) -> bool) -> State {
    let mut states = channel.states();
    loop {
        let state = states.next().await.unwrap();
        if is_it(&state) {
            return state;
        }
    }
}

#[test]
fn server_is_killed_and_returns() {
    let server = Server::start(0);
    let address = server.address;
    run(async move {
        let url = format!("ws://{address}/echo");
        let mut channel =
            ReconnectingChannel::connect_with(&url, Options::default(), policy()).unwrap();
        channel.try_send("before").unwrap();
        assert_eq!(channel.next().await.unwrap().unwrap(), Message::from("before"));
        assert!(channel.response_headers().contains_key("sec-websocket-accept"));
        // The echo is the acknowledgement.
        channel.confirm(web_socket_channel::reconnect::MessageId(1));

        drop(server);
        until(&channel, |state| matches!(state, State::Waiting { .. })).await;
        assert_eq!(channel.close_event().map(|event| event.was_clean), Some(false));
        channel.try_send("while it is away").unwrap();
        // It does try, and nobody is there.
        until(&channel, |state| matches!(state, State::Waiting { cause: Cause::Error(_), .. }))
            .await;
        assert_eq!((channel.counts().waiting, channel.counts().in_doubt), (1, 0));

        let _server = Server::start(address.port());
        assert_eq!(channel.next().await.unwrap().unwrap(), Message::from("while it is away"));
        assert!(matches!(channel.state(), State::Open));
        assert_eq!(channel.url().as_deref(), Some(url.as_str()));

        let undelivered = channel.close_with(status::NORMAL_CLOSURE, "bye").unwrap().await;
        assert!(matches!(undelivered.cause, StopCause::Requested));
        // Only the first was confirmed: the echo of the second is for the program to judge.
        assert_eq!(texts(&undelivered.in_doubt.messages), ["while it is away"]);
        assert_eq!(undelivered.waiting, []);
        let event = channel.close_event().unwrap();
        assert_eq!((event.code, event.initiator), (1000, Initiator::Local));
        assert!(channel.next().await.is_none());
    });
}

/// Dropped in every phase of its life, it leaves no task: `run` looks.
#[test]
fn dropped_channel_leaves_no_task() {
    let server = Server::start(0);
    let url = format!("ws://{}/", server.address);
    let nobody = "ws://127.0.0.1:1/";
    type Look = fn(&State) -> bool;
    let phases: [(&str, Look); 4] = [
        (&url, |_| true),
        (&url, |state| matches!(state, State::Open)),
        (nobody, |state| matches!(state, State::Waiting { .. })),
        (nobody, |state| matches!(state, State::Connecting { attempt: 2.., .. })),
    ];
    run(async {
        for (url, phase) in phases {
            let channel =
                ReconnectingChannel::connect_with(url, Options::default(), policy()).unwrap();
            until(&channel, phase).await;
        }
        let channel =
            ReconnectingChannel::connect_by(|_| std::future::pending(), policy()).unwrap();
        until(&channel, |_| true).await;
    });
}

/// A program that has no runtime of its own needs none.
#[test]
fn works_without_a_runtime() {
    let server = Server::start(0);
    let mut channel = ReconnectingChannel::connect(format!("ws://{}/", server.address)).unwrap();
    channel.try_send(TEXT).unwrap();
    assert_eq!(block_on(channel.next()).unwrap().unwrap(), Message::from(TEXT));
}

/// It is nobody's fault at either end of a connection.
fn check_gone(cause: &StopCause) {
    let StopCause::NotRetryable(Cause::Error(error)) = cause else { panic!("{cause:?}") };
    assert!(matches!(error, Error::Runtime(RuntimeError::Gone)), "{error:?}");
}

#[test]
fn runtime_shutdown_stops_the_channel() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let channel = runtime.block_on(async {
        let channel =
            ReconnectingChannel::connect_by(|_| std::future::pending(), policy()).unwrap();
        until(&channel, |_| true).await;
        channel
    });
    drop(runtime);
    let undelivered = block_on(channel.ended());
    check_gone(&undelivered.cause);
}

#[test]
fn panicking_request_stops_the_channel() {
    let (is_sent, sent) = oneshot::channel::<()>();
    let mut sent = Some(sent);
    let request = move |_| {
        let sent = sent.take().unwrap();
        async move { panic!("as this test wants it: {:?}", sent.await) }
    };
    let channel = ReconnectingChannel::connect_by(request, policy()).unwrap();
    channel.try_send(TEXT).unwrap();
    drop(is_sent);
    let undelivered = block_on(channel.ended());
    check_gone(&undelivered.cause);
    assert_eq!(texts(&undelivered.waiting), [TEXT]);
}

/// A connector that fails at once, with the shortest waits there are, beside a channel that goes on
/// working on the same thread.
#[test]
fn failing_connector_leaves_others_working() {
    let server = Server::start(0);
    let url = format!("ws://{}/", server.address);
    run(async move {
        let attempts = Arc::new(AtomicUsize::new(0));
        let connector = {
            let attempts = Arc::clone(&attempts);
            move |_| {
                attempts.fetch_add(1, Ordering::Relaxed);
                std::future::ready(Err(Error::Timeout(Timeout::Connect(Duration::ZERO))))
            }
        };
        let shortest = Options::SHORTEST_TIME;
        let policy = policy().first_wait(shortest).longest_wait(shortest);
        let _failing = ReconnectingChannel::with_connector(connector, policy).unwrap();
        let mut other = WebSocketChannel::connect(&url).unwrap();
        let mut number = 0;
        while number < 200 || attempts.load(Ordering::Relaxed) < 50 {
            other.try_send(number.to_string()).unwrap();
            let echo = other.next().await.unwrap().unwrap();
            assert_eq!(echo.as_text(), Some(&*number.to_string()));
            number += 1;
        }
        other.close().await;
    });
}

/// Over a socket, as in memory: without its reading half a channel lives on, and notices the end.
#[test]
fn without_reader_a_cut_is_noticed() {
    let server = Server::start(0);
    let url = format!("ws://{}/", server.address);
    let port = server.address.port();
    run(async move {
        // The echoes fill both inboxes at once.
        let small = Bound { messages: 1, bytes: 1 };
        let options = Options::new().inbox(small);
        let channel =
            ReconnectingChannel::connect_with(&url, options, policy().inbox(small)).unwrap();
        for number in 0..100 {
            channel.try_send(number.to_string()).unwrap();
        }
        let (sink, stream) = channel.split();
        let mut states = sink.states();
        while !matches!(states.next().await, Some(State::Open)) {}
        drop(stream);
        drop(server);
        while !matches!(states.next().await, Some(State::Waiting { .. })) {}
        let _server = Server::start(port);
        while !matches!(states.next().await, Some(State::Open)) {}
        sink.close().await;
    });
}

/// What is not handed over yet is not in doubt, and can be taken back.
#[test]
fn little_is_handed_over_ahead() {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("ws://{}/", listener.local_addr().unwrap());
    listener.set_nonblocking(true).unwrap();
    run(async move {
        let channel =
            ReconnectingChannel::connect_with(&url, Options::default(), policy()).unwrap();
        // More than the system holds for a peer that does not read.
        let (messages, message) = (4_000, Message::from(vec![7; 4_096]));
        for _ in 0..messages {
            channel.try_send(message.clone()).unwrap();
        }
        let listener = TcpListener::from_std(listener).unwrap();
        let (socket, _) = listener.accept().await.unwrap();
        let accepted = ByteStream::accept(socket, &ServerOptions::default()).await.unwrap();
        let mut counts = channel.counts_changes();
        while counts.next().await.unwrap().waiting == messages {}
        assert!(channel.counts().waiting > 0);
        drop(accepted);
    });
}

/// What was flushed has left the process, so that the program may end.
#[test]
fn flushed_message_survives_the_runtime() {
    // More than the system takes at once.
    let message = Message::from(vec![7; 8 << 20]);
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("ws://{}/", listener.local_addr().unwrap());
    listener.set_nonblocking(true).unwrap();
    let peer = thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (socket, _) = TcpListener::from_std(listener).unwrap().accept().await.unwrap();
            let accepted = ByteStream::accept(socket, &ServerOptions::default()).await.unwrap();
            let mut channel = WebSocketChannel::adopt(accepted.1, Options::default()).unwrap();
            timeout(LIMIT, channel.next()).await.unwrap()
        })
    });
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let channel = runtime.block_on(async {
        let mut channel = ReconnectingChannel::connect(&url).unwrap();
        channel.send(message.clone()).await.unwrap();
        channel
    });
    drop(runtime);
    assert_eq!(peer.join().unwrap().unwrap().unwrap(), message);
    assert_eq!(channel.counts().in_doubt, 1, "nobody has confirmed it");
}

/// What a lost connection had not passed on yet is in doubt, and nobody waits for it any more.
#[test]
fn flush_resolves_on_loss() {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("ws://{}/", listener.local_addr().unwrap());
    listener.set_nonblocking(true).unwrap();
    run(async move {
        let policy = Policy::new().first_wait(LIMIT);
        let mut channel = ReconnectingChannel::connect_with(&url, Options::new(), policy).unwrap();
        let listener = TcpListener::from_std(listener).unwrap();
        let (socket, _) = listener.accept().await.unwrap();
        let accepted = ByteStream::accept(socket, &ServerOptions::default()).await.unwrap();
        channel.feed(Message::from(vec![7; 8 << 20])).await.unwrap();
        let mut counts = channel.counts_changes();
        while counts.next().await.unwrap().waiting > 0 {}
        assert!(channel.flush().now_or_never().is_none());
        drop(accepted);
        channel.flush().await.unwrap();
        assert_eq!(channel.counts().in_doubt, 1);
    });
}

/// The program stops it on one thread while it carries messages on another: whatever the moment,
/// each message either waits or was handed over, and then it is in doubt; and nothing is delivered
/// any more.
#[test]
fn stop_from_another_thread_loses_nothing() {
    let mut were_waiting = 0;
    for round in 0..300_u64 {
        let (channel, far_ends) = to_memory();
        let (sink, mut stream) = channel.split();
        let peer = far_ends.clone();
        let sent = send_in_a_thread(sink, move |sink, number| {
            peer.speak();
            if number == a_moment(round) {
                sink.stop();
            }
        });
        let (sink, accepted) = sent.join().unwrap();
        sink.stop();
        assert!(block_on(stream.next()).is_none(), "round {round}: it was stopped");
        let undelivered = block_on(stream.ended());
        let handed = far_ends.handed_at_last();
        let (waiting, in_doubt) =
            (numbers(&undelivered.waiting), numbers(&undelivered.in_doubt.messages));
        assert!(in_doubt.iter().chain(&waiting).copied().eq(1..=accepted), "round {round}");
        assert!(handed.is_subset(&in_doubt), "round {round}");
        assert!(block_on(stream.next()).is_none(), "round {round}: not even now");
        assert!(handed.len() as u64 >= FIRST_MESSAGES, "round {round}");
        were_waiting += usize::from(!waiting.is_empty());
    }
    assert!(were_waiting > 0, "it was never stopped in the middle");
}

/// The connection is cut on one thread while it carries messages on another: each is handed over
/// once, to the one connection or to the other.
#[test]
fn cuts_neither_lose_nor_repeat() {
    for round in 0..300_u64 {
        let (channel, far_ends) = to_memory();
        let (sink, _stream) = channel.split();
        let cutter = far_ends.clone();
        let sent = send_in_a_thread(sink, move |_, number| {
            if number == a_moment(round) {
                cutter.cut();
            }
        });
        let (sink, accepted) = sent.join().unwrap();
        block_on(async {
            let mut counts = sink.counts_changes();
            while counts.next().await.unwrap().waiting > 0 {}
        });
        sink.stop();
        let handed = far_ends.handed_at_last();
        assert!(handed.iter().copied().eq(1..=accepted), "round {round}");
        assert_eq!(numbers(&sink.in_doubt().messages), handed, "round {round}");
        assert_eq!(far_ends.used(), 2, "round {round}");
    }
}

/// A peer that never stops talking, and never reads, is no reason to wait longer.
#[test]
fn close_ends_in_time_under_flood() {
    let (channel, remote) = memory::scripted_with(
        Options::default()
            .inbox(Bound { messages: 1 << 16, bytes: 1 << 30 })
            .outbox(Bound { messages: 1, bytes: 1 }),
    );
    remote.open(None);
    let is_over = Arc::new(AtomicBool::new(false));
    let flood = {
        let is_over = Arc::clone(&is_over);
        thread::spawn(move || {
            while !is_over.load(Ordering::Relaxed) {
                if remote.room().now_or_never().is_some() {
                    remote.send(TEXT);
                }
            }
        })
    };
    let mut channel = Some(channel);
    let connector = move |_| std::future::ready(Ok(channel.take().unwrap()));
    let close_timeout = Duration::from_millis(100);
    let channel =
        ReconnectingChannel::with_connector(connector, policy().close_timeout(close_timeout))
            .unwrap();
    channel.try_send("taken").unwrap();
    channel.try_send("left").unwrap();
    block_on(until(&channel, |state| matches!(state, State::Open)));
    let start = Instant::now();
    let undelivered = block_on(channel.close_with(1000, "").unwrap());
    assert!(start.elapsed() < LIMIT, "after {:?}", start.elapsed());
    assert_eq!(texts(&undelivered.waiting), ["left"]);
    is_over.store(true, Ordering::Relaxed);
    flood.join().unwrap();
}

const MESSAGES: u64 = 200;

/// So many are handed over before anything else happens.
const FIRST_MESSAGES: u64 = 20;

/// The number of the message at which something happens: another each time.
fn a_moment(round: u64) -> u64 {
    FIRST_MESSAGES + 1 + round * 7 % (MESSAGES - FIRST_MESSAGES - 1)
}

/// The far ends of the connections of a channel, each open from the first.
#[derive(Clone, Default)]
struct FarEnds(Arc<Mutex<Vec<FarEnd>>>);

struct FarEnd {
    remote: Remote,
    handed: Vec<u64>,
}

/// A channel over connections in memory, which runs in the background.
fn to_memory() -> (ReconnectingChannel, FarEnds) {
    let far_ends = FarEnds::default();
    let connector = {
        let far_ends = far_ends.clone();
        move |_| {
            let (channel, remote) = memory::scripted();
            remote.open(None);
            far_ends.0.lock().unwrap().push(FarEnd { remote, handed: Vec::new() });
            std::future::ready(Ok(channel))
        }
    };
    let policy = policy().first_wait(Options::SHORTEST_TIME);
    (ReconnectingChannel::with_connector(connector, policy).unwrap(), far_ends)
}

/// Sends numbers, and does something with each. Says how many were accepted.
fn send_in_a_thread(
    sink: ReconnectingSink,
    with_each: impl Fn(&ReconnectingSink, u64) + Send + 'static,
) -> JoinHandle<(ReconnectingSink, u64)> {
    thread::spawn(move || {
        for number in 1..=MESSAGES {
            if sink.try_send(number.to_string()).is_err() {
                return (sink, number - 1);
            }
            while number == FIRST_MESSAGES && sink.counts().waiting > 0 {
                thread::yield_now();
            }
            with_each(&sink, number);
        }
        (sink, MESSAGES)
    })
}

impl FarEnds {
    /// Sends something on the newest connection.
    fn speak(&self) {
        if let Some(newest) = self.0.lock().unwrap().last() {
            newest.remote.send(TEXT);
        }
    }

    /// Cuts the newest connection.
    fn cut(&self) {
        if let Some(newest) = self.0.lock().unwrap().last() {
            newest.remote.fail(None);
        }
    }

    /// How many were given something.
    fn used(&self) -> usize {
        self.0.lock().unwrap().iter().filter(|end| !end.handed.is_empty()).count()
    }

    /// The numbers that all of them were given, once their channels are gone. None twice.
    fn handed_at_last(&self) -> BTreeSet<u64> {
        // The task may just be handing over one more.
        while self.0.lock().unwrap().iter_mut().any(|end| !end.is_let_go()) {
            thread::yield_now();
        }
        let ends = self.0.lock().unwrap();
        let all: Vec<u64> = ends.iter().flat_map(|end| &end.handed).copied().collect();
        assert!(all.is_sorted_by(|a, b| a < b), "{all:?}");
        all.into_iter().collect()
    }
}

impl FarEnd {
    /// Reads what it was given, and says whether its channel is gone.
    fn is_let_go(&mut self) -> bool {
        while let Some(said) = self.remote.next().now_or_never() {
            match said {
                Some(Signal::Message(message)) => {
                    self.handed.push(message.as_text().unwrap().parse().unwrap());
                }
                Some(_) => {}
                None => return true,
            }
        }
        false
    }
}

fn texts(messages: &[Outgoing]) -> Vec<&str> {
    messages.iter().map(|outgoing| outgoing.message.as_text().unwrap()).collect()
}

fn numbers(messages: &[Outgoing]) -> BTreeSet<u64> {
    texts(messages).iter().map(|text| text.parse().unwrap()).collect()
}
