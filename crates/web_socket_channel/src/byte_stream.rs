//! A WebSocket over any stream of bytes, at either end: the opening handshake, done here or
//! elsewhere, and what it has settled.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytestring::ByteString;
use http::Request as HttpRequest;
use http::header;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use crate::address::{IntoUrl, without_query};
use crate::error::{
    Error, InvalidArgument, NetworkErrorKind, PeerMisbehaved, Timeout, TlsError, TlsErrorKind,
    write_sources,
};
use crate::framing::{Framing, Limits};
use crate::handshake::{
    self, HeadError, MAX_BODY_BYTES, Rejection, Response, ServerOptions, Violation,
};
use crate::open_socket::{CheckClose, OpenSocket, Start, check_after_handshake};
use crate::options::Options;
use crate::pump::{self, LINGER};
use crate::queue::Ends;
use crate::request::Request;
use crate::signal::Opened;
use crate::socket::Role;
use crate::status;
use crate::within::within;

/// How long a client may take to send its request: it is there to say something, after all.
pub const ACCEPT_TIMEOUT: Duration = Duration::from_secs(10);

/// How much room there is for a request or an answer at first: most need no more.
const HEAD_BYTES: usize = 1024;

/// A stream of bytes on which the opening handshake is done:
/// [`adopt`](crate::WebSocketChannel::adopt) makes a channel of it, at the client's or at the
/// server's end. Dart's `WebSocketChannel(StreamChannel, serverSide: …)`.
///
/// The stream is anything that reads and writes bytes by tokio's traits: a socket of TCP or Unix,
/// TLS, a pipe in memory. It works in a browser too. Its `Send` is needed there as well, so that
/// one program compiles for both.
///
/// ```
/// use futures::{StreamExt as _, executor::block_on, future::join};
/// use web_socket_channel::handshake::ServerOptions;
/// use web_socket_channel::{ByteStream, Message, Options, WebSocketChannel};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (near, far) = tokio::io::duplex(1024);
/// let (client, server) = block_on(join(
///     ByteStream::connect(near, "ws://example.com/echo", &Options::default()),
///     ByteStream::accept(far, &ServerOptions::default()),
/// ));
/// let client = WebSocketChannel::adopt(client?, Options::default())?;
/// let (request, server) = server?;
/// let mut server = WebSocketChannel::adopt(server, Options::default())?;
///
/// client.try_send("a text")?;
/// assert_eq!(request.uri().path(), "/echo");
/// assert_eq!(block_on(server.next()).unwrap()?, Message::from("a text"));
/// # Ok(()) }
/// ```
pub struct ByteStream<S> {
    stream: S,
    role: Role,
    url: String,
    opened: Opened,
    /// What was read behind the head of the handshake.
    first_frames: Vec<u8>,
}

/// Why a server could not accept a client. As with [`Error`], `{:#}` tells also what is behind it.
#[derive(Debug)]
#[non_exhaustive]
pub enum AcceptError {
    /// The request was refused, and the client was told so.
    Rejected(Rejection),
    /// The client went away, or its stream broke.
    Lost(io::Error),
    /// The client sent no request within [`ACCEPT_TIMEOUT`].
    Timeout,
}

impl<S> ByteStream<S> {
    /// The client's end of a stream on which somebody else has done the handshake.
    pub fn client(stream: S) -> Self {
        Self::new(stream, Role::Client)
    }

    /// The server's end of a stream on which somebody else has done the handshake.
    pub fn server(stream: S) -> Self {
        Self::new(stream, Role::Server)
    }

    /// The subprotocol that the handshake has settled. Default: none.
    #[must_use]
    pub fn with_protocol(mut self, protocol: Option<&str>) -> Self {
        self.opened.protocol = protocol.map(ByteString::from);
        self
    }

    /// What was read from the stream behind the head of the handshake: the peer's first frames,
    /// or the beginning of one. Default: nothing.
    #[must_use]
    pub fn with_first_bytes(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.first_frames = bytes.into();
        self
    }

    fn new(stream: S, role: Role) -> Self {
        let url = "byte-stream:".to_owned();
        Self { stream, role, url, opened: Opened::default(), first_frames: Vec::new() }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> ByteStream<S> {
    /// Does the client's part of the handshake on a stream that leads to the URL's server: over
    /// `wss:` the TLS is done already. Of the options it uses the subprotocols, the headers and
    /// `connect_timeout`.
    ///
    /// # Errors
    /// The same as of [`Connection::ready`](crate::Connection::ready).
    pub async fn connect(stream: S, url: impl IntoUrl, options: &Options) -> Result<Self, Error> {
        let request = Request::new(&url.text(), options.clone())?;
        let limit = options.connect_timeout;
        let done = within(limit, Self::client_handshake(&request, stream)).await;
        done.unwrap_or(Err(Error::Timeout(Timeout::Connect(limit))))
    }

    /// Does the server's part of the handshake: reads the request, and accepts or refuses it. A
    /// server that wants to see the request first does the same with [`handshake`] and
    /// [`ByteStream::server`].
    ///
    /// # Errors
    /// The request was refused (and answered), the client is gone, or it takes too long.
    pub async fn accept(
        mut stream: S,
        options: &ServerOptions,
    ) -> Result<(HttpRequest<()>, Self), AcceptError> {
        let answered = within(ACCEPT_TIMEOUT, Self::answer(&mut stream, options)).await;
        let (request, accepted, first_frames) = answered.unwrap_or(Err(AcceptError::Timeout))?;
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        let mut this = Self::server(stream)
            .with_protocol(accepted.protocol.as_deref())
            .with_first_bytes(first_frames);
        // A target in absolute form names the host by itself (RFC 9112 §3.2.2).
        let authority = request.uri().authority().map(|authority| authority.as_str());
        let host = authority.and_then(|text| text.rsplit('@').next()).or(host).unwrap_or_default();
        let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
        this.url = format!("ws://{host}{target}");
        Ok((request, this))
    }

    async fn answer(
        stream: &mut S,
        options: &ServerOptions,
    ) -> Result<(HttpRequest<()>, handshake::Accepted, Vec<u8>), AcceptError> {
        let head = read_head(stream, handshake::parse_request).await.map_err(AcceptError::Lost)?;
        let answered = match head {
            Ok((request, rest)) => {
                handshake::respond(&request, options).map(|accepted| (request, accepted, rest))
            }
            Err(why) => Err(why.into()),
        };
        match answered {
            Ok(found) => {
                stream.write_all(&found.1.head).await.map_err(AcceptError::Lost)?;
                stream.flush().await.map_err(AcceptError::Lost)?;
                Ok(found)
            }
            Err(rejection) => {
                // The client may be gone already, which changes nothing.
                if stream.write_all(&rejection.to_bytes()).await.is_ok() {
                    let _ = stream.shutdown().await;
                }
                Err(AcceptError::Rejected(rejection))
            }
        }
    }

    /// Sends the request and judges the answer.
    pub(crate) async fn client_handshake(request: &Request, mut stream: S) -> Result<Self, Error> {
        let lost = |why| request.network_error(NetworkErrorKind::ConnectionLost, why);
        let mut nonce = [0; 16];
        getrandom::fill(&mut nonce)
            .map_err(|why| request.network_error(NetworkErrorKind::Other, io::Error::other(why)))?;
        let bytes = request
            .handshake(nonce, |handshake| handshake.to_bytes())
            .map_err(InvalidArgument::from)?;
        stream.write_all(&bytes).await.map_err(lost)?;
        stream.flush().await.map_err(lost)?;

        let head = read_head(&mut stream, handshake::parse_response).await.map_err(lost)?;
        let (response, mut rest) = head.map_err(|why| match why {
            HeadError::Tls => {
                let (kind, host) = (TlsErrorKind::IsTls, request.host());
                TlsError::new(kind, host, io::Error::other(why)).into()
            }
            why => broken_handshake(why.to_string()),
        })?;
        match request.handshake(nonce, |handshake| handshake.verify(&response)) {
            Ok(protocol) => {
                let mut this =
                    Self::client(stream).with_protocol(protocol.as_deref()).with_first_bytes(rest);
                this.url = request.url.to_string();
                this.opened.headers = response.headers;
                Ok(this)
            }
            Err(Violation::Status(_)) => {
                read_body(&mut stream, &response, &mut rest).await;
                Err(Error::Refused(Arc::new(response.with_body(&rest))))
            }
            Err(violation) => Err(broken_handshake(violation.to_string())),
        }
    }

    /// The stream with its framing, within the limits of the options.
    pub(crate) fn framed(self, options: &Options) -> Framing<S> {
        let Options { max_message_bytes, max_frame_bytes, .. } = *options;
        let limits = Limits { message_bytes: max_message_bytes, frame_bytes: max_frame_bytes };
        Framing::new(self.stream, self.role, self.first_frames, limits)
    }

    /// What the handshake has settled.
    pub(crate) fn opened(&self) -> Opened {
        self.opened.clone()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> OpenSocket for ByteStream<S> {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Start for ByteStream<S> {
    fn url(&self) -> String {
        self.url.clone()
    }

    fn check(&self, options: &Options) -> Result<(), InvalidArgument> {
        check_after_handshake(options)
    }

    fn check_close(&self) -> CheckClose {
        match self.role {
            Role::Client => |frame| frame.check(status::may_be_sent_by_a_client),
            Role::Server => |frame| frame.check(status::may_be_sent_by_a_server),
        }
    }

    fn start(self, options: Options, ends: Ends) {
        let opened = self.opened();
        pump::spawn(self.framed(&options), opened, options, ends);
    }
}

/// Finds a whole head in what has been read so far, and how long it is.
type Parse<T> = fn(&[u8], usize) -> Result<Option<(T, usize)>, HeadError>;

/// Reads a whole head. Gives also what came behind it.
async fn read_head<T>(
    stream: &mut (impl AsyncRead + Unpin),
    parse: Parse<T>,
) -> io::Result<Result<(T, Vec<u8>), HeadError>> {
    let mut buffer = Vec::with_capacity(HEAD_BYTES);
    let mut seen = 0;
    loop {
        if stream.read_buf(&mut buffer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match parse(&buffer, seen) {
            Ok(Some((head, used))) => return Ok(Ok((head, buffer.split_off(used)))),
            Ok(None) => seen = buffer.len(),
            Err(why) => return Ok(Err(why)),
        }
    }
}

/// Reads what there is of a refusal's body. A body that breaks off is still worth showing.
pub(crate) async fn read_body(
    stream: &mut (impl AsyncRead + Unpin),
    response: &Response,
    body: &mut Vec<u8>,
) {
    let read = async {
        while !response.body_is_whole(body) && body.len() < MAX_BODY_BYTES {
            if !matches!(stream.read_buf(body).await, Ok(1..)) {
                break;
            }
        }
    };
    // A server that keeps the connection open without saying how long the body is.
    within(LINGER, read).await;
}

fn broken_handshake(what: String) -> Error {
    PeerMisbehaved::new(status::PROTOCOL_ERROR, what).into()
}

impl<S> fmt::Debug for ByteStream<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream")
            .field("role", &self.role)
            .field("url", &without_query(&self.url))
            .field("opened", &self.opened)
            .field("first_bytes", &self.first_frames.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for AcceptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejected(_) => f.write_str("the handshake was refused"),
            Self::Lost(_) => f.write_str("the client went away during the handshake"),
            Self::Timeout => write!(f, "no request came within {ACCEPT_TIMEOUT:?}"),
        }?;
        write_sources(f, self)
    }
}

impl std::error::Error for AcceptError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Rejected(rejection) => Some(rejection),
            Self::Lost(why) => Some(why),
            Self::Timeout => None,
        }
    }
}
