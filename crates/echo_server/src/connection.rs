//! One connection, from the first byte of its handshake to the last of its close.

use std::io;
use std::pin::pin;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Bytes;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message, Role, WebSocketConfig};
use web_socket_channel::handshake::http::{HeaderName, HeaderValue, StatusCode};
use web_socket_channel::handshake::{self, Rejection, ServerOptions};
use web_socket_channel::status;

use crate::{Config, PICTURE, session};

/// The path at which a client gets the picture.
const PICTURE_PATH: &str = "/picture";

/// How much is read from a socket at a time. Each connection has a buffer of this size for as long
/// as it lasts, and it is cleared before each read: larger ones cost small messages more than they
/// save large ones.
const READ_BUFFER_BYTES: usize = 16 * 1024;

/// How much of a batch of echoes is gathered before it is written without waiting for the rest.
const WRITE_BUFFER_BYTES: usize = 64 * 1024;

/// How long a client that found the server full should wait before it comes back.
const RETRY_AFTER_SECS: u16 = 5;

/// What all the connections of a server share.
pub(crate) struct Shared {
    pub(crate) config: Config,
    /// The part of the configuration that the handshake wants, in its form.
    options: ServerOptions,
}

impl Shared {
    pub(crate) fn new(config: Config) -> Self {
        let options = ServerOptions {
            protocols: config.protocols.clone(),
            allowed_origins: config.allowed_origins.clone(),
        };
        Self { config, options }
    }
}

/// Serves one connection until it has ended, or is ended by `stopping` becoming true.
pub(crate) async fn run(
    mut stream: TcpStream,
    shared: Arc<Shared>,
    mut stopping: watch::Receiver<bool>,
) {
    // An echo is waited for. The batches are made here and needn't be made by the system, which
    // would hold a small one back until the client has acknowledged the one before. Where this
    // fails, the connection is gone, and reading from it will tell.
    let _ = stream.set_nodelay(true);

    // Ready when the server stops, or is gone.
    let mut stop = pin!(stopping.wait_for(|stopping| *stopping));

    let opened = tokio::select! {
        opened = timeout(shared.config.handshake_timeout, open(&mut stream, &shared.options)) => {
            opened.unwrap_or_else(|_elapsed| Err(Rejection::new(
                StatusCode::REQUEST_TIMEOUT,
                "The handshake took too long.",
            ).into()))
        }
        _ = &mut stop => Err(Rejection::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "The server is shutting down.",
        ).into()),
    };
    let (path_is_picture, rest) = match opened {
        Ok(opened) => (opened.path == PICTURE_PATH, opened.rest),
        Err(NotOpened::Rejected(rejection)) => {
            return reject(stream, rejection, &shared.config).await;
        }
        Err(NotOpened::Gone) => return,
    };

    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_BUFFER_BYTES)
        .max_message_size(Some(shared.config.max_message_bytes))
        .max_frame_size(Some(shared.config.max_message_bytes));
    let mut socket =
        WebSocketStream::from_partially_read(stream, rest, Role::Server, Some(config)).await;
    let greeting = path_is_picture.then(|| Message::Binary(Bytes::from_static(PICTURE)));

    let farewell = tokio::select! {
        farewell = session::echo(&mut socket, greeting) => farewell,
        _ = &mut stop => Some(CloseFrame {
            code: status::GOING_AWAY.into(),
            reason: "server is shutting down".into(),
        }),
    };
    // Who doesn't answer in time is cut off.
    let _ = timeout(shared.config.close_timeout, async {
        if let Some(frame) = farewell {
            session::close(&mut socket, frame).await;
        }
        linger(socket.into_inner()).await
    })
    .await;
}

/// Answers a connection that is over the limit, without waiting for its request.
pub(crate) async fn refuse(stream: TcpStream, shared: Arc<Shared>) {
    let mut rejection = Rejection::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "The server has as many connections as it takes; try again later.",
    );
    rejection
        .headers
        .push((HeaderName::from_static("retry-after"), HeaderValue::from(RETRY_AFTER_SECS)));
    reject(stream, rejection, &shared.config).await;
}

async fn reject(mut stream: TcpStream, rejection: Rejection, config: &Config) {
    // Nothing is lost with a client that doesn't wait for the answer.
    let _ = timeout(config.close_timeout, async {
        stream.write_all(&rejection.to_bytes()).await?;
        linger(stream).await
    })
    .await;
}

/// Sends the end of the stream and waits for the client's.
///
/// A socket that is closed while something lies unread in it resets the connection, and the reset
/// may destroy the close frame or the rejection before the client has read it. So what still comes
/// is read and dropped. Whoever calls it bounds the time.
async fn linger(mut stream: TcpStream) -> io::Result<()> {
    stream.shutdown().await?;
    let mut dropped = vec![0; READ_BUFFER_BYTES];
    while stream.read(&mut dropped).await? > 0 {}
    Ok(())
}

/// A request that was answered with 101.
struct Opened {
    path: String,
    /// What the client has sent behind its request: the first frames.
    rest: Vec<u8>,
}

/// Why a connection didn't become a WebSocket.
enum NotOpened {
    Rejected(Rejection),
    /// The client has hung up.
    Gone,
}

impl From<Rejection> for NotOpened {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl From<io::Error> for NotOpened {
    fn from(_: io::Error) -> Self {
        Self::Gone
    }
}

/// Reads the request and, if it is right, answers it.
async fn open(stream: &mut TcpStream, options: &ServerOptions) -> Result<Opened, NotOpened> {
    let mut buffer = Vec::new();
    let mut seen = 0;
    let (request, used) = loop {
        // Most requests fit into one read of this size, and memory that trickles in isn't moved
        // for every byte of it.
        buffer.reserve(1024);
        if stream.read_buf(&mut buffer).await? == 0 {
            return Err(NotOpened::Gone);
        }
        match handshake::parse_request(&buffer, seen) {
            Ok(Some(found)) => break found,
            Ok(None) => seen = buffer.len(),
            Err(error) => return Err(Rejection::from(error).into()),
        }
    };
    let accepted = handshake::respond(&request, options).map_err(|mut rejection| {
        if rejection.status == StatusCode::UPGRADE_REQUIRED {
            rejection.reason.push_str(
                "\nThis is an echo server: what you send comes back, and at /picture a picture \
                 comes first.",
            );
        }
        rejection
    })?;
    stream.write_all(&accepted.head).await?;
    Ok(Opened { path: request.uri().path().to_owned(), rest: buffer.split_off(used) })
}
