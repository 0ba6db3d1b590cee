//! From a host and a port to a socket: resolving, dialling, and what goes wrong with either.

use std::io;
use std::net::SocketAddr;

use tokio::net::TcpStream;

use super::happy_eyeballs::race;
use crate::address::Host;
use crate::error::NetworkErrorKind;

/// Why a host could not be dialled.
pub(super) struct DialError {
    pub(super) kind: NetworkErrorKind,
    pub(super) source: io::Error,
}

/// Connects to the first address of a host that answers.
pub(super) async fn dial(host: &Host, port: u16) -> Result<TcpStream, DialError> {
    let addresses = resolve(host, port).await?;
    // One that answers tells more than one that is out of reach, as IPv6 is on many networks.
    let prefer = |before: DialError, last: DialError| {
        if last.kind == NetworkErrorKind::Unreachable { before } else { last }
    };
    let connect = async |address| TcpStream::connect(address).await.map_err(DialError::from);
    let socket = match race(addresses, connect, prefer).await {
        Some(outcome) => outcome?,
        // A name that stands for nothing.
        None => return Err(DialError::unresolvable(io::ErrorKind::AddrNotAvailable.into())),
    };
    // Small messages must not wait for the acknowledgement of the one before. Where the system
    // won't do it, everything works all the same.
    let _ = socket.set_nodelay(true);
    Ok(socket)
}

/// The addresses of a host.
pub(super) async fn resolve(host: &Host, port: u16) -> Result<Vec<SocketAddr>, DialError> {
    match host {
        Host::Address(address) => Ok(vec![(*address, port).into()]),
        Host::Name(name) => match tokio::net::lookup_host((&**name, port)).await {
            Ok(addresses) => Ok(addresses.collect()),
            Err(why) if is_local_shortage(&why) => Err(why.into()),
            Err(why) => Err(DialError::unresolvable(why)),
        },
    }
}

impl DialError {
    pub(super) fn unresolvable(source: io::Error) -> Self {
        Self { kind: NetworkErrorKind::Unresolvable, source }
    }
}

impl From<io::Error> for DialError {
    fn from(source: io::Error) -> Self {
        let kind = match source.kind() {
            _ if is_local_shortage(&source) => NetworkErrorKind::LocalResources,
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
        Self { kind, source }
    }
}

/// Whether it is this process or machine that has no room for another socket: no descriptor, buffer,
/// memory or local port is left. Most of these have no `ErrorKind`.
fn is_local_shortage(error: &io::Error) -> bool {
    let codes: &[i32] = if cfg!(windows) {
        &[10024, 10055] // WSAEMFILE, WSAENOBUFS
    } else if cfg!(any(target_os = "linux", target_os = "android")) {
        &[24, 23, 105] // EMFILE, ENFILE, ENOBUFS
    } else {
        &[24, 23, 55] // The same in the BSDs and on Apple's systems.
    };
    error.raw_os_error().is_some_and(|code| codes.contains(&code))
        || matches!(error.kind(), io::ErrorKind::AddrNotAvailable | io::ErrorKind::OutOfMemory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_this_machine_and_of_others() {
        let kind = |error: io::Error| DialError::from(error).kind;
        if cfg!(target_os = "linux") {
            for code in [23, 24, 105] {
                let error = io::Error::from_raw_os_error(code);
                assert_eq!(kind(error), NetworkErrorKind::LocalResources, "{code}");
            }
        }
        let no_port_left = io::ErrorKind::AddrNotAvailable.into();
        assert_eq!(kind(no_port_left), NetworkErrorKind::LocalResources);
        let refused = io::ErrorKind::ConnectionRefused.into();
        assert_eq!(kind(refused), NetworkErrorKind::ConnectionRefused);
    }
}
