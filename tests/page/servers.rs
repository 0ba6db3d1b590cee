//! The other ends: the real echo server, and servers that play a script.

use std::io::{Read as _, Write as _};
use std::mem;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tokio::net::TcpSocket;
use tokio::sync::oneshot;
use tokio_tungstenite::tungstenite::{Message, WebSocket, accept};

use crate::window::DEADLINE;

/// The real echo server, on a thread of its own.
pub(crate) struct EchoServer {
    pub(crate) address: SocketAddr,
    shutdown: oneshot::Sender<()>,
    thread: JoinHandle<std::io::Result<()>>,
}

impl EchoServer {
    pub(crate) fn start() -> Self {
        Self::start_at((Ipv4Addr::LOCALHOST, 0).into())
    }

    pub(crate) fn start_at(address: SocketAddr) -> Self {
        let listener = bind(address);
        let address = listener.local_addr().unwrap();
        listener.set_nonblocking(true).unwrap();
        let (shutdown, asked) = oneshot::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener)?;
                echo_server::serve(listener, echo_server::Config::default(), asked).await
            })
        });
        Self { address, shutdown, thread }
    }

    pub(crate) fn url(&self) -> String {
        format!("ws://{}/echo", self.address)
    }

    pub(crate) fn picture_url(&self) -> String {
        format!("ws://{}/picture", self.address)
    }

    /// Says goodbye to its clients with 1001, and waits for them: the window has to be drawn
    /// meanwhile, so this doesn't wait.
    pub(crate) fn shut_down(self) -> JoinHandle<std::io::Result<()>> {
        let _ = self.shutdown.send(());
        self.thread
    }
}

/// Where a server was before, the system may have put somebody's outgoing connection meanwhile.
fn bind(address: SocketAddr) -> TcpListener {
    let deadline = Instant::now() + DEADLINE;
    loop {
        match TcpListener::bind(address) {
            Ok(listener) => return listener,
            Err(error) => assert!(Instant::now() < deadline, "{address}: {error}"),
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// An address of this machine at which nobody listens, now or later.
pub(crate) fn nobody() -> SocketAddr {
    nobody_at((Ipv4Addr::LOCALHOST, 0).into())
}

/// The same for this address.
pub(crate) fn nobody_at(address: SocketAddr) -> SocketAddr {
    // A socket that is bound and does not listen: who connects is refused. It is kept to the end
    // of all tests, as the system would soon give its port to the server of another one.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(address).unwrap();
    let address = socket.local_addr().unwrap();
    mem::forget(socket);
    address
}

/// An address of this machine at which nobody listens yet.
pub(crate) fn nobody_yet() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}

/// A server that plays a script with its one connection.
pub(crate) struct Scripted<T> {
    pub(crate) address: SocketAddr,
    thread: JoinHandle<T>,
}

impl<T: Send + 'static> Scripted<T> {
    /// From the handshake on.
    pub(crate) fn start(script: impl FnOnce(Peer) -> T + Send + 'static) -> Self {
        Self::start_raw(move |stream| script(Peer(accept(stream).unwrap())))
    }

    /// From the first byte on.
    pub(crate) fn start_raw(script: impl FnOnce(TcpStream) -> T + Send + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let thread = thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            // Nobody else may come: who would is told so at once, and not kept waiting.
            drop(listener);
            stream.set_read_timeout(Some(DEADLINE)).unwrap();
            stream.set_nodelay(true).unwrap();
            script(stream)
        });
        Self { address, thread }
    }

    /// Begins the handshake when the sender that comes with it says so.
    pub(crate) fn start_later(
        script: impl FnOnce(Peer) -> T + Send + 'static,
    ) -> (Self, mpsc::Sender<()>) {
        let (go, gone) = mpsc::channel();
        let server = Self::start_raw(move |stream| {
            gone.recv_timeout(DEADLINE).unwrap();
            script(Peer(accept(stream).unwrap()))
        });
        (server, go)
    }

    pub(crate) fn url(&self) -> String {
        format!("ws://{}/", self.address)
    }

    /// What the script ended with.
    pub(crate) fn end(self) -> T {
        self.thread.join().unwrap()
    }
}

/// The server's end of a connection.
pub(crate) struct Peer(pub(crate) WebSocket<TcpStream>);

impl Peer {
    pub(crate) fn send(&mut self, message: impl Into<Message>) {
        self.0.send(message.into()).unwrap();
    }

    /// The next text message.
    pub(crate) fn text(&mut self) -> String {
        self.0.read().unwrap().into_text().unwrap().to_string()
    }

    /// Answers one message.
    pub(crate) fn echo(&mut self) {
        let message = self.0.read().unwrap();
        self.send(message);
    }

    /// Sends a close frame, and waits for the answer.
    pub(crate) fn close(&mut self, code: u16, reason: &'static str) {
        use tokio_tungstenite::tungstenite::protocol::CloseFrame;
        self.0.close(Some(CloseFrame { code: code.into(), reason: reason.into() })).unwrap();
        while self.0.read().is_ok() {}
    }

    /// The code of the close frame that the page sends, which must be next.
    pub(crate) fn close_code(&mut self) -> u16 {
        match self.0.read().unwrap() {
            Message::Close(Some(frame)) => {
                // The answer is on its way with the next read, which finds the end.
                while self.0.read().is_ok() {}
                frame.code.into()
            }
            other => unreachable!("not a close with a code: {other:?}"),
        }
    }

    /// Until the page hangs up.
    pub(crate) fn until_gone(&mut self) {
        while self.0.read().is_ok() {}
    }
}

/// Reads the head of a request, whatever is in it.
pub(crate) fn read_head(stream: &mut TcpStream) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
}

/// Answers a request with this status and hangs up.
pub(crate) fn refuse(mut stream: TcpStream, status: &str) {
    read_head(&mut stream);
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").unwrap();
}
