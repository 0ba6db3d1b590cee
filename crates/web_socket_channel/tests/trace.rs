//! What `tracing` is told, and what it is not.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use futures::StreamExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use web_socket_channel::handshake::{self, ServerOptions};
use web_socket_channel::{Options, WebSocketChannel};

/// Writes down all that it is told.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<String>>);

struct Writer<'a>(&'a mut String);

impl Visit for Writer<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Notes {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("web_socket_channel")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Writer(&mut self.0.lock().unwrap()));
        Id::from_u64(1)
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Writer(&mut self.0.lock().unwrap()));
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn a_connection_is_told_without_its_secrets() {
    let notes = Notes::default();
    let _guard = tracing::subscriber::set_default(notes.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    for is_cut in [false, true] {
        let url = format!("ws://someone:s3cret@{address}/?token=s3cret");
        let options = Options::default().headers([("X-Token", "s3cret")]);
        let mut channel = WebSocketChannel::connect_with(url, options).unwrap();
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            socket.read_buf(&mut request).await.unwrap();
        }
        let (request, _) = handshake::parse_request(&request, 0).unwrap().unwrap();
        let accepted = handshake::respond(&request, &ServerOptions::default()).unwrap();
        socket.write_all(&accepted.head).await.unwrap();
        socket.write_all(b"\x81\x06s3cret").await.unwrap();
        channel.next().await.unwrap().unwrap();
        if is_cut {
            socket.set_zero_linger().unwrap();
        } else {
            socket.write_all(b"\x88\x08\x0e\x5es3cret").await.unwrap();
        }
        drop(socket);
        assert!(channel.next().await.is_none());
    }
    let dead = format!("ws://{address}/?token=s3cret");
    drop(listener);
    WebSocketChannel::connect(dead).unwrap().ready().await.unwrap_err();

    let told = notes.0.lock().unwrap().clone();
    for expected in [
        &*address.to_string(),
        "connecting",
        "open",
        "code=3678",
        "code=1006",
        "reset by peer",
        "refused the connection",
    ] {
        assert!(told.contains(expected), "{expected} is not in {told}");
    }
    assert!(!told.contains("cret") && !told.contains("someone"), "{told}");
}
