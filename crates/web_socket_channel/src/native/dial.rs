//! From a URL to a socket on which the handshake is done: resolved, dialled, secured, opened.

use std::io;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_util::either::Either;
use url::Host;

use super::tls;
use crate::byte_stream::ByteStream;
use crate::error::{Error, NetworkError, NetworkErrorKind};
use crate::request::Request;

/// Plain, or by TLS.
pub(crate) type Socket = Either<TcpStream, TlsStream<TcpStream>>;

/// Resolves, dials and does the opening handshake.
pub(crate) async fn open(request: &Request) -> Result<ByteStream<Socket>, Error> {
    let socket = dial(request).await?;
    // Small messages must not wait for the acknowledgement of the one before. Where the system
    // won't do it, everything works all the same.
    let _ = socket.set_nodelay(true);
    let socket = match request.url.scheme() {
        "wss" => Socket::Right(tls::secure(request, socket).await?),
        _ => Socket::Left(socket),
    };
    ByteStream::shake_hands(request, socket).await
}

async fn dial(request: &Request) -> Result<TcpStream, Error> {
    let unresolvable = |why| network_error(request, NetworkErrorKind::Unresolvable, why);
    let port = request.url.port_or_known_default().unwrap_or(80);
    let addresses: Vec<_> = match request.url.host() {
        Some(Host::Ipv4(address)) => vec![(address, port).into()],
        Some(Host::Ipv6(address)) => vec![(address, port).into()],
        Some(Host::Domain(name)) => {
            tokio::net::lookup_host((name, port)).await.map_err(unresolvable)?.collect()
        }
        None => Vec::new(),
    };
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(socket) => return Ok(socket),
            Err(error) => last = error,
        }
    }
    let kind = match last.kind() {
        io::ErrorKind::ConnectionRefused => NetworkErrorKind::ConnectionRefused,
        io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::TimedOut => NetworkErrorKind::Unreachable,
        io::ErrorKind::AddrNotAvailable => NetworkErrorKind::Unresolvable,
        _ => NetworkErrorKind::Other,
    };
    Err(network_error(request, kind, last))
}

pub(crate) fn network_error(request: &Request, kind: NetworkErrorKind, source: io::Error) -> Error {
    NetworkError { kind, host: request.host(), source: Some(Arc::new(source)) }.into()
}
