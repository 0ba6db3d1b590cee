//! Where connections come from: ports of TCP and sockets in the file system.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::task::{Context, Poll};

use tokio::net::{TcpListener, TcpStream};
#[cfg(unix)]
use tokio::net::{UnixListener, UnixStream};

/// Something that a server accepts connections from.
#[derive(Debug)]
pub struct Listener {
    kind: Kind,
    pub(crate) is_for_metrics: bool,
}

#[derive(Debug)]
enum Kind {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(UnixListener),
}

impl Listener {
    /// Serves `/metrics` and `/healthz` here and nothing else, and `/metrics` nowhere else: on an
    /// address that only those who may see the numbers reach. It speaks no TLS, and what it serves is
    /// not counted among [`Config::max_connections`](crate::Config::max_connections), so that it
    /// answers when the server is full.
    #[must_use]
    pub fn for_metrics(self) -> Self {
        Self { is_for_metrics: true, ..self }
    }

    /// Whether only programs of this machine reach it, each in its own name. Behind a socket in the
    /// file system is always a proxy, which speaks for others.
    pub(crate) fn is_loopback(&self) -> io::Result<bool> {
        match &self.kind {
            Kind::Tcp(listener) => Ok(listener.local_addr()?.ip().to_canonical().is_loopback()),
            #[cfg(unix)]
            Kind::Unix(_) => Ok(false),
        }
    }

    fn poll_accept(&self, context: &mut Context<'_>) -> Poll<io::Result<(Stream, IpAddr)>> {
        match &self.kind {
            Kind::Tcp(listener) => listener
                .poll_accept(context)
                .map_ok(|(stream, peer)| (Stream::Tcp(stream), peer.ip().to_canonical())),
            #[cfg(unix)]
            Kind::Unix(listener) => listener
                .poll_accept(context)
                .map_ok(|(stream, _)| (Stream::Unix(stream), Ipv4Addr::LOCALHOST.into())),
        }
    }
}

/// The address, or the path of the socket.
impl fmt::Display for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Tcp(listener) => match listener.local_addr() {
                Ok(address) => address.fmt(f),
                Err(_) => f.write_str("a socket that is gone"),
            },
            #[cfg(unix)]
            Kind::Unix(listener) => match listener.local_addr() {
                Ok(address) => match address.as_pathname() {
                    Some(path) => write!(f, "unix:{}", path.display()),
                    None => f.write_str("unix:"),
                },
                Err(_) => f.write_str("a socket that is gone"),
            },
        }
    }
}

impl From<TcpListener> for Listener {
    fn from(listener: TcpListener) -> Self {
        Self { kind: Kind::Tcp(listener), is_for_metrics: false }
    }
}

/// A socket in the file system, for a proxy on the same machine. It speaks no TLS. Who connects there
/// counts as 127.0.0.1; with that among [`Config::trusted_proxies`](crate::Config::trusted_proxies)
/// clients count as what the proxy says that they are.
#[cfg(unix)]
impl From<UnixListener> for Listener {
    fn from(listener: UnixListener) -> Self {
        Self { kind: Kind::Unix(listener), is_for_metrics: false }
    }
}

/// All that a server accepts connections from.
#[derive(Debug)]
pub struct Listeners(pub(crate) Vec<Listener>);

impl From<Listener> for Listeners {
    fn from(listener: Listener) -> Self {
        Self(vec![listener])
    }
}

impl From<TcpListener> for Listeners {
    fn from(listener: TcpListener) -> Self {
        Listener::from(listener).into()
    }
}

#[cfg(unix)]
impl From<UnixListener> for Listeners {
    fn from(listener: UnixListener) -> Self {
        Listener::from(listener).into()
    }
}

impl From<Vec<Listener>> for Listeners {
    fn from(listeners: Vec<Listener>) -> Self {
        Self(listeners)
    }
}

impl Listeners {
    /// The next connection, from whichever of them has one; `turn` is that of the last, so that none
    /// is passed over. Gives the listener's place in the list.
    pub(crate) fn poll_accept(
        &self,
        turn: &mut usize,
        context: &mut Context<'_>,
    ) -> Poll<(usize, io::Result<(Stream, IpAddr)>)> {
        let count = self.0.len();
        for at in (*turn + 1..=*turn + count).map(|at| at % count) {
            if let Poll::Ready(accepted) = self.0[at].poll_accept(context) {
                *turn = at;
                return Poll::Ready((at, accepted));
            }
        }
        Poll::Pending
    }
}

/// A connection that was accepted.
pub(crate) enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

/// How a client has come in.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) peer: IpAddr,
    /// By TLS.
    pub(crate) is_secure: bool,
    /// By a listener that is for the metrics alone.
    pub(crate) is_for_metrics: bool,
}
