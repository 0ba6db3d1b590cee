//! From a URL to a socket on which the handshake is done: resolved, dialled, secured, opened.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_util::either::Either;
use url::Host;

use super::tls::{self, NotSecured};
use super::tunnel::{HttpTunnel, Route};
use crate::byte_stream::ByteStream;
use crate::error::{Error, NetworkError, NetworkErrorKind, TlsError};
use crate::request::Request;

/// The way to the server. A SOCKS proxy leaves no trace in it once it leads there; an HTTP one
/// does, and is boxed so that others pay nothing for it.
pub(crate) type Wire = Either<TcpStream, Box<HttpTunnel>>;

/// Plain, or by TLS.
pub(crate) type Socket = Either<Wire, TlsStream<Wire>>;

/// Resolves and dials, or has a proxy do it.
pub(crate) async fn reach(request: &Request, route: Option<Route<'_>>) -> Result<Wire, Error> {
    if let Some(route) = route {
        return route.open().await;
    }
    let failed = |(kind, why)| network_error(request, kind, why);
    let nowhere = || failed((NetworkErrorKind::Unresolvable, io::ErrorKind::InvalidInput.into()));
    let host = request.url.host().ok_or_else(nowhere)?;
    dial(&host, port_of(request)).await.map(Either::Left).map_err(failed)
}

/// Does what stands between a way to the server and an open connection.
pub(crate) async fn open(request: &Request, wire: Wire) -> Result<ByteStream<Socket>, Error> {
    let socket = match (request.url.scheme(), request.url.host()) {
        ("wss", Some(host)) => {
            let secured = tls::secure(&host, &request.options.tls_roots, wire).await;
            Socket::Right(secured.map_err(|why| match why {
                NotSecured::Untrusted(kind, why) => {
                    Error::from(TlsError { kind, host: request.host(), source: Arc::new(why) })
                }
                NotSecured::Cut(why) => {
                    network_error(request, NetworkErrorKind::ConnectionLost, why)
                }
            })?)
        }
        _ => Socket::Left(wire),
    };
    ByteStream::shake_hands(request, socket).await
}

/// What went wrong on the way to a host.
pub(super) type Trouble = (NetworkErrorKind, io::Error);

/// Connects to the first address of a host that answers.
pub(super) async fn dial(host: &Host<impl AsRef<str>>, port: u16) -> Result<TcpStream, Trouble> {
    let mut last = None;
    for address in resolve(host, port).await? {
        match TcpStream::connect(address).await {
            Ok(socket) => {
                // Small messages must not wait for the acknowledgement of the one before. Where
                // the system won't do it, everything works all the same.
                let _ = socket.set_nodelay(true);
                return Ok(socket);
            }
            Err(error) => last = Some(error),
        }
    }
    let Some(last) = last else {
        // A name that stands for nothing.
        return Err((NetworkErrorKind::Unresolvable, io::ErrorKind::AddrNotAvailable.into()));
    };
    let kind = match last.kind() {
        io::ErrorKind::ConnectionRefused => NetworkErrorKind::ConnectionRefused,
        io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::TimedOut => NetworkErrorKind::Unreachable,
        // It was there, and is gone by the time that the system tells us so.
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => {
            NetworkErrorKind::ConnectionLost
        }
        _ => NetworkErrorKind::Other,
    };
    Err((kind, last))
}

/// The addresses of a host.
pub(super) async fn resolve(
    host: &Host<impl AsRef<str>>,
    port: u16,
) -> Result<Vec<SocketAddr>, Trouble> {
    match host {
        Host::Ipv4(address) => Ok(vec![(*address, port).into()]),
        Host::Ipv6(address) => Ok(vec![(*address, port).into()]),
        Host::Domain(name) => match tokio::net::lookup_host((name.as_ref(), port)).await {
            Ok(addresses) => Ok(addresses.collect()),
            Err(why) => Err((NetworkErrorKind::Unresolvable, why)),
        },
    }
}

/// The URL's port, or the one of its scheme.
pub(super) fn port_of(request: &Request) -> u16 {
    request.url.port_or_known_default().unwrap_or(80)
}

pub(crate) fn network_error(request: &Request, kind: NetworkErrorKind, source: io::Error) -> Error {
    NetworkError { kind, host: request.host(), source: Some(Arc::new(source)) }.into()
}
