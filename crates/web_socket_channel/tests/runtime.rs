//! Where a transport runs, and what becomes of a channel whose runtime is gone or lacks something.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use futures::executor::block_on;
use futures::{StreamExt as _, future};
use tokio::io::duplex;
use tokio::runtime::Builder;
use web_socket_channel::handshake::{self, ServerOptions};
use web_socket_channel::reconnect::{Policy, ReconnectingChannel};
use web_socket_channel::{
    Bound, ByteStream, Error, NetworkErrorKind, Options, Proxy, Runtime, RuntimeError,
    WebSocketChannel, memory,
};

const TEXT: &str = "a text";

fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// A server on a thread of its own, which opens one connection and says one thing.
fn server() -> String {
    let (listener, address) = listener();
    thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let request = loop {
            let mut bytes = [0; 1024];
            let length = socket.read(&mut bytes).unwrap();
            request.extend_from_slice(&bytes[..length]);
            if let Some((request, _)) = handshake::parse_request(&request, 0).unwrap() {
                break request;
            }
        };
        let accepted = handshake::respond(&request, &ServerOptions::default()).unwrap();
        socket.write_all(&accepted.head).unwrap();
        socket.write_all(b"\x81\x06a text").unwrap();
        let _ = socket.read_to_end(&mut Vec::new());
    });
    format!("ws://{address}")
}

fn forever() -> Options {
    Options::default().connect_timeout(Duration::MAX).close_timeout(Duration::MAX)
}

#[test]
fn a_runtime_that_is_shut_down() {
    let (_listener, address) = listener();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let on_it = forever().runtime(Runtime::Handle(runtime.handle().clone()));
    let url = format!("ws://{address}");
    let channel = WebSocketChannel::connect_with(&url, on_it.clone()).unwrap();
    runtime.block_on(tokio::task::yield_now());
    drop(runtime);
    // One that was under way, and one that comes too late.
    for channel in [channel, WebSocketChannel::connect_with(&url, on_it).unwrap()] {
        let error = block_on(channel.ready()).unwrap_err();
        assert!(matches!(error, Error::Runtime(RuntimeError::Gone)), "{error:?}");
        assert!(!error.to_string().contains(&address.to_string()), "{error}");
    }
}

#[test]
fn a_runtime_that_is_shut_down_under_an_open_channel() {
    let url = server();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let mut channel = runtime.block_on(async {
        let channel = WebSocketChannel::connect(&url).unwrap();
        channel.ready().await.unwrap();
        channel
    });
    drop(runtime);
    while let Some(item) = block_on(channel.next()) {
        item.unwrap();
    }
    let event = block_on(channel.closed());
    assert_eq!((event.code, event.was_clean), (1006, false));
    let cause = event.cause().unwrap().to_string();
    assert!(cause.contains("runtime"), "{cause}");
}

#[test]
fn a_runtime_without_its_network() {
    let (_listener, address) = listener();
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    let error = runtime.block_on(async {
        let channel = WebSocketChannel::connect(format!("ws://{address}")).unwrap();
        channel.ready().await.unwrap_err()
    });
    assert!(matches!(error, Error::Runtime(RuntimeError::Panicked(_))), "{error:?}");
    assert!(error.to_string().contains("enable_io"), "{error}");
}

/// The timers are then those of our own thread.
#[test]
fn a_runtime_without_its_timer_will_do() {
    let url = server();
    let runtime = Builder::new_current_thread().enable_io().build().unwrap();
    runtime.block_on(async {
        let mut channel = WebSocketChannel::connect(&url).unwrap();
        assert_eq!(channel.next().await.unwrap().unwrap(), TEXT.into());
    });
}

/// Nobody drives the caller's runtime any more, and need not.
#[test]
fn a_channel_on_our_own_thread() {
    let url = server();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let options = Options::default().runtime(Runtime::OwnThread);
    let mut channel =
        runtime.block_on(async { WebSocketChannel::connect_with(&url, options.clone()).unwrap() });
    assert_eq!(block_on(channel.next()).unwrap().unwrap(), TEXT.into());

    let url = server();
    let mut channel = runtime.block_on(async {
        ReconnectingChannel::connect_with(&url, options.clone(), Policy::default()).unwrap()
    });
    assert_eq!(block_on(channel.next()).unwrap().unwrap(), TEXT.into());

    let (near, far) = duplex(64);
    let (mut channel, peer) = runtime.block_on(async {
        let adopt = |stream| WebSocketChannel::adopt(stream, options.clone()).unwrap();
        (adopt(ByteStream::client(near)), adopt(ByteStream::server(far)))
    });
    peer.try_send(TEXT).unwrap();
    assert_eq!(block_on(channel.next()).unwrap().unwrap(), TEXT.into());
}

#[test]
fn a_channel_on_a_runtime_that_is_given() {
    let url = server();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let options = Options::default().runtime(Runtime::Handle(runtime.handle().clone()));
    assert_eq!(options, options.clone());
    let mut channel = WebSocketChannel::connect_with(&url, options).unwrap();
    assert_eq!(runtime.metrics().num_alive_tasks(), 1);
    assert_eq!(runtime.block_on(channel.next()).unwrap().unwrap(), TEXT.into());
}

/// A proxy that never answers is a way that is still being dialled.
#[test]
fn a_channel_that_is_dropped_dials_no_longer() {
    let (listener, address) = listener();
    let options = forever().proxy(Proxy::Url(format!("http://{address}")));
    let channel = WebSocketChannel::connect_with("ws://server.invalid", options).unwrap();
    let (mut socket, _) = listener.accept().unwrap();
    assert_ne!(socket.read(&mut [0; 1024]).unwrap(), 0);
    drop(channel);
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    assert_eq!(socket.read(&mut [0; 1024]).unwrap(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_process_without_descriptors() {
    const CHILD: &str = "TEST_WITHOUT_DESCRIPTORS";
    if std::env::var_os(CHILD).is_none() {
        let test = std::env::current_exe().unwrap();
        let command = "ulimit -n 40; exec \"$0\" --exact a_process_without_descriptors";
        let status = std::process::Command::new("sh")
            .args(["-c", command])
            .arg(test)
            .env(CHILD, "1")
            .status();
        assert!(status.unwrap().success());
        return;
    }
    let (_listener, address) = listener();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let mut taken = Vec::new();
    while let Ok(file) = std::fs::File::open("/dev/null") {
        taken.push(file);
    }
    let error = runtime.block_on(async {
        let channel = WebSocketChannel::connect(format!("ws://{address}")).unwrap();
        channel.ready().await.unwrap_err()
    });
    // Nor can our own thread be started, and that is not remembered.
    let channel = WebSocketChannel::connect(format!("ws://{address}")).unwrap();
    let no_thread = block_on(channel.ready()).unwrap_err();
    drop(taken);
    let kind = NetworkErrorKind::LocalResources;
    assert!(matches!(&error, Error::Network(why) if why.kind == kind), "{error:?}");
    assert!(matches!(no_thread, Error::Runtime(RuntimeError::NoThread(_))), "{no_thread:?}");
    let mut channel = WebSocketChannel::connect(server()).unwrap();
    assert_eq!(block_on(channel.next()).unwrap().unwrap(), TEXT.into());
}

/// A reader that has taken all and waits is woken by the next message, however close it is behind the one before.
#[test]
fn no_wake_up_is_lost_between_threads() {
    const MESSAGES: usize = 20_000;
    // So that the reader has nothing to take, again and again.
    let inbox = Bound { messages: 1, bytes: TEXT.len() };
    let (channel, peer) = memory::scripted_with(Options::default().inbox(inbox));
    peer.open(None);
    let (done, is_done) = mpsc::channel();
    thread::spawn(move || {
        let all = channel.take(MESSAGES).filter(|item| future::ready(item.is_ok()));
        let _ = done.send(block_on(all.count()));
    });
    thread::spawn(move || {
        for _ in 0..MESSAGES {
            block_on(peer.room());
            peer.send(TEXT);
        }
        // The end would wake, too.
        thread::park();
    });
    assert_eq!(is_done.recv_timeout(Duration::from_secs(60)), Ok(MESSAGES));
}
