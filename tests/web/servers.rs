//! The other ends: the echo server, as the program it is, and one that plays a script.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Command, Stdio};

use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{WebSocketStream, accept_async};

use crate::setup;

/// The echo server in a process of its own, on a port of its own.
pub(crate) struct EchoServer {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl EchoServer {
    pub(crate) fn start() -> Self {
        let mut child = Command::new(setup::server())
            .args(["--listen", "127.0.0.1:0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit("ws://").next().unwrap();
        Self { address: address.parse().unwrap(), child }
    }

    /// Without a goodbye to anybody.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
    }
}

impl Drop for EchoServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server that does what a test wants.
pub(crate) struct Scripted {
    listener: TcpListener,
}

impl Scripted {
    pub(crate) async fn start() -> Self {
        Self { listener: TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap() }
    }

    pub(crate) fn url(&self) -> String {
        format!("ws://{}/", self.listener.local_addr().unwrap())
    }

    /// The next one to connect.
    pub(crate) async fn accept(&self) -> WebSocketStream<TcpStream> {
        let (stream, _) = self.listener.accept().await.unwrap();
        accept_async(stream).await.unwrap()
    }
}
