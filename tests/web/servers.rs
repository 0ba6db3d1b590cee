//! The other ends: the echo server, as the program it is, and one that plays a script.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{WebSocketStream, accept_async};

use crate::setup;

/// The echo server in a process of its own, on a port of its own.
pub(crate) struct EchoServer {
    child: Child,
    pub(crate) address: SocketAddr,
    /// Open as long as the server runs, which may have more to say.
    _output: BufReader<ChildStdout>,
}

impl EchoServer {
    pub(crate) fn start() -> Self {
        Self::spawn(Command::new(setup::server()).args(["--listen", "127.0.0.1:0"]))
    }

    /// With the files of an app beside its endpoints.
    pub(crate) fn with_app(folder: &Path) -> Self {
        Self::with_app_at((Ipv4Addr::LOCALHOST, 0).into(), folder)
    }

    /// The same at an address that was another one's before.
    pub(crate) fn with_app_at(address: SocketAddr, folder: &Path) -> Self {
        let mut command = Command::new(setup::server());
        Self::spawn(command.args(["--listen", &address.to_string(), "--app"]).arg(folder))
    }

    /// The same over TLS, with a certificate that nobody vouches for.
    pub(crate) fn with_secure_app(folder: &Path) -> Self {
        let mut command = Command::new(setup::server());
        let arguments = ["--listen", "127.0.0.1:0", "--self-signed", "--app"];
        Self::spawn(command.args(arguments).arg(folder))
    }

    fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let address = line.trim().rsplit("://").next().unwrap().parse().unwrap();
        Self { address, child, _output: output }
    }

    /// What a browser opens of a server with an app.
    pub(crate) fn page(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Where the page looks for a server, if it isn't told.
    pub(crate) fn echo_url(&self) -> String {
        format!("ws://{}/echo", self.address)
    }

    /// As an operator ends it; returns when it has.
    pub(crate) fn terminate(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
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
