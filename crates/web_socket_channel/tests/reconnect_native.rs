//! A channel that connects again, over real sockets and on real threads: to a server that is killed
//! and comes back, and while another thread stops it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use futures::channel::oneshot;
use futures::executor::block_on;
use futures::{FutureExt as _, StreamExt as _};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Handle};
use tokio::time::timeout;
use web_socket_channel::handshake::ServerOptions;
use web_socket_channel::memory::{self, Remote};
use web_socket_channel::reconnect::{Cause, Policy, ReconnectingChannel, State, StopCause};
use web_socket_channel::{
    ByteStream, Initiator, Message, Options, Signal, WebSocketChannel, status,
};

/// A test that takes longer waits for something that never comes.
const LIMIT: Duration = Duration::from_secs(20);

/// Soon, as there is nobody here to be spared.
fn policy() -> Policy {
    let first_wait = Duration::from_millis(5);
    Policy { first_wait, longest_wait: 10 * first_wait, ..Policy::default() }
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
                channel.send(message).ok()?;
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
fn a_server_is_killed_and_comes_back() {
    let server = Server::start(0);
    let address = server.address;
    run(async move {
        let url = format!("ws://{address}/echo");
        let mut channel =
            ReconnectingChannel::connect_with(&url, Options::default(), policy()).unwrap();
        channel.send("before").unwrap();
        assert_eq!(channel.next().await.unwrap().unwrap(), Message::from("before"));
        // The echo is the acknowledgement.
        channel.confirm(web_socket_channel::reconnect::MessageId(1));

        drop(server);
        let state = until(&channel, |state| matches!(state, State::Waiting { .. })).await;
        assert!(matches!(state, State::Waiting { cause: Cause::Closed(_), .. }), "{state:?}");
        assert_eq!(channel.close_event().map(|event| event.was_clean), Some(false));
        channel.send("while it is away").unwrap();
        // It does try, and nobody is there.
        until(&channel, |state| matches!(state, State::Waiting { cause: Cause::Error(_), .. }))
            .await;
        assert_eq!((channel.counts().waiting, channel.counts().in_doubt), (1, 0));

        let _server = Server::start(address.port());
        assert_eq!(channel.next().await.unwrap().unwrap(), Message::from("while it is away"));
        assert!(matches!(channel.state(), State::Open));
        assert_eq!(channel.url().as_deref(), Some(url.as_str()));

        let remains = channel.close(status::NORMAL_CLOSURE, "bye").unwrap().await;
        assert!(matches!(remains.cause, StopCause::Asked));
        assert_eq!((remains.waiting.len(), remains.in_doubt.messages.len()), (0, 0));
        let event = channel.close_event().unwrap();
        assert_eq!((event.code, event.initiator), (1000, Initiator::Local));
        assert!(channel.next().await.is_none());
    });
}

/// Dropped in every phase of its life, it leaves no task: `run` looks.
#[test]
fn a_dropped_channel_leaves_no_task() {
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
        let channel = ReconnectingChannel::connect_by(|_| std::future::pending(), policy());
        until(&channel, |_| true).await;
    });
}

/// A program that has no runtime of its own needs none.
#[test]
fn it_runs_without_a_runtime() {
    let server = Server::start(0);
    let mut channel = ReconnectingChannel::connect(&format!("ws://{}/", server.address)).unwrap();
    channel.send("raisin").unwrap();
    assert_eq!(block_on(channel.next()).unwrap().unwrap(), Message::from("raisin"));
}

#[test]
fn a_runtime_that_is_shut_down_stops_the_channel_with_an_error() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let channel = runtime.block_on(async {
        let channel = ReconnectingChannel::connect_by(|_| std::future::pending(), policy());
        until(&channel, |_| true).await;
        channel
    });
    drop(runtime);
    let remains = block_on(channel.ended());
    assert!(matches!(remains.cause, StopCause::CannotHeal(Cause::Error(_))));
}

/// The program stops it on one thread while it hands messages over on another: whatever the moment,
/// each message either waits or was handed over, and then it is in doubt.
#[test]
fn nothing_is_lost_between_two_threads() {
    for round in 0..300_u64 {
        let remotes = Arc::new(Mutex::new(Vec::<Remote>::new()));
        let connector = {
            let remotes = Arc::clone(&remotes);
            move |_| {
                let (channel, remote) = memory::scripted();
                remote.open(None);
                remotes.lock().unwrap().push(remote);
                std::future::ready(Ok(channel))
            }
        };
        let channel = ReconnectingChannel::with_connector(connector, policy());
        let (sink, stream) = channel.split();
        let messages = 200_u64;
        let sender = thread::spawn(move || {
            for number in 1..=messages {
                if sink.send(number.to_string()).is_err() {
                    return number - 1;
                }
                // A different moment each time.
                if number == round * 7 % messages {
                    sink.stop();
                }
            }
            sink.stop();
            messages
        });
        let accepted = sender.join().unwrap();
        let remains = block_on(stream.ended());
        // The task may just be handing over one more.
        let mut handed = Vec::new();
        while remotes.lock().unwrap().iter_mut().any(|remote| !is_let_go(remote, &mut handed)) {
            thread::yield_now();
        }
        let number = |message: &Message| message.as_text().unwrap().parse::<u64>().unwrap();
        let waiting: BTreeSet<u64> =
            remains.waiting.iter().map(|outgoing| number(&outgoing.message)).collect();
        let in_doubt: BTreeSet<u64> =
            remains.in_doubt.messages.iter().map(|outgoing| number(&outgoing.message)).collect();
        assert!(waiting.is_disjoint(&in_doubt), "round {round}");
        let told = in_doubt.iter().chain(&waiting).copied();
        assert!(told.eq(1..=accepted), "round {round}: {in_doubt:?} {waiting:?}");
        assert!(handed.iter().all(|number| in_doubt.contains(number)), "round {round}");
    }
}

/// Reads what a far end was given, and says whether its channel is gone.
fn is_let_go(remote: &mut Remote, handed: &mut Vec<u64>) -> bool {
    while let Some(said) = remote.next().now_or_never() {
        match said {
            Some(Signal::Message(message)) => {
                handed.push(message.as_text().unwrap().parse().unwrap());
            }
            Some(_) => {}
            None => return true,
        }
    }
    false
}
