//! Where the binary listens: how it is written, and how it is opened. Belongs to the binary.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use echo_server::Listener;
use tokio::net::TcpListener;

/// Something to listen on, as a person writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A host and a port; whether the host exists is for [`open`] to find out.
    Tcp(String),
    /// A port of every address that the machine has.
    EveryAddress(u16),
    /// A socket in the file system.
    Unix(PathBuf),
}

impl Default for Place {
    fn default() -> Self {
        Self::Tcp("127.0.0.1:9001".to_owned())
    }
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            "an address and a port are wanted, such as 127.0.0.1:9001 or [::1]:9001, or a port alone, \
             or unix: and a path"
                .to_owned()
        };
        match text.split_once(':') {
            Some(("unix", path)) if cfg!(unix) && !path.is_empty() => Ok(Self::Unix(path.into())),
            None => text.parse().map(local).map_err(|_| wrong()),
            Some(("", port)) => port.parse().map(Self::EveryAddress).map_err(|_| wrong()),
            Some(_) => {
                let is_address = text.rsplit_once(':').is_some_and(|(host, port)| {
                    let is_bracketed = host.starts_with('[') && host.ends_with(']');
                    let is_plain = !host.is_empty() && !host.contains(':') && host != "unix";
                    (is_bracketed || is_plain) && port.parse::<u16>().is_ok()
                });
                is_address.then(|| Self::Tcp(text.to_owned())).ok_or_else(wrong)
            }
        }
    }
}

/// A port for programs of this machine.
fn local(port: u16) -> Place {
    Place::Tcp(format!("{}:{port}", Ipv4Addr::LOCALHOST))
}

/// A listener that is open.
pub(crate) struct Open {
    pub(crate) listener: Listener,
    /// Where TCP is listened on.
    pub(crate) address: Option<SocketAddr>,
    /// Removes the socket from the file system.
    pub(crate) path: Option<RemovedAtEnd>,
}

/// A file that is removed when this is dropped.
pub(crate) struct RemovedAtEnd(PathBuf);

impl Drop for RemovedAtEnd {
    fn drop(&mut self) {
        // It may have been removed by somebody else.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Listens.
///
/// # Errors
/// Why there is nothing to listen on, and what to do.
pub(crate) async fn open(place: &Place) -> Result<Open, String> {
    match place {
        Place::Tcp(address) => {
            let bound = TcpListener::bind(address).await;
            tcp(bound.map_err(|error| why_not(address, &error))?)
        }
        Place::EveryAddress(port) => {
            let bound = match TcpListener::bind((Ipv6Addr::UNSPECIFIED, *port)).await {
                // A machine without IPv6.
                Err(error) if error.kind() != io::ErrorKind::AddrInUse => {
                    TcpListener::bind((Ipv4Addr::UNSPECIFIED, *port)).await
                }
                bound => bound,
            };
            tcp(bound.map_err(|error| why_not(&format!("port {port}"), &error))?)
        }
        Place::Unix(path) => unix(path).map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => format!(
                "Another program already listens on {}, or a file is there. Choose another path.",
                path.display()
            ),
            _ => format!("Listening on {} failed: {error}.", path.display()),
        }),
    }
}

/// Takes what a service manager has opened.
pub(crate) fn handed_over(socket: crate::service_manager::Socket) -> io::Result<Open> {
    use crate::service_manager::Socket;

    match socket {
        Socket::Tcp(listener) => {
            listener.set_nonblocking(true)?;
            tcp(TcpListener::from_std(listener)?).map_err(io::Error::other)
        }
        #[cfg(unix)]
        Socket::Unix(listener) => {
            listener.set_nonblocking(true)?;
            let listener = tokio::net::UnixListener::from_std(listener)?.into();
            Ok(Open { listener, address: None, path: None })
        }
    }
}

fn tcp(listener: TcpListener) -> Result<Open, String> {
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    Ok(Open { listener: listener.into(), address: Some(address), path: None })
}

#[cfg(unix)]
fn unix(path: &std::path::Path) -> io::Result<Open> {
    use std::os::unix::fs::FileTypeExt as _;
    use tokio::net::UnixListener;

    let bound = match UnixListener::bind(path) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            // A server that was killed has left it; one that runs would answer.
            let is_left = std::fs::symlink_metadata(path)?.file_type().is_socket()
                && std::os::unix::net::UnixStream::connect(path)
                    .is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused);
            if !is_left {
                return Err(error);
            }
            std::fs::remove_file(path)?;
            UnixListener::bind(path)
        }
        bound => bound,
    };
    Ok(Open { listener: bound?.into(), address: None, path: Some(RemovedAtEnd(path.to_owned())) })
}

/// Never called: no such place can be written.
#[cfg(not(unix))]
fn unix(_: &std::path::Path) -> io::Result<Open> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Why there is nothing to listen on, and what to do.
fn why_not(address: &str, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "Another program already listens on {address}. Choose another port with --listen, or \
             port 0 for any that is free."
        ),
        io::ErrorKind::AddrNotAvailable => {
            format!("This machine does not have the address {address}.")
        }
        io::ErrorKind::PermissionDenied => format!(
            "Listening on {address} is not permitted. Ports below 1024 may need more rights."
        ),
        _ => format!("Listening on {address} failed: {error}."),
    }
}

/// The names and addresses by which a server is reached that listens on these, as far as the machine
/// knows them.
pub(crate) fn own_names<'a>(
    places: impl Iterator<Item = &'a Place>,
    addresses: impl Iterator<Item = SocketAddr>,
) -> Vec<String> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    for place in places {
        if let Place::Tcp(address) = place
            && let Some((host, _)) = address.rsplit_once(':')
            && !host.starts_with('[')
            && host.parse::<IpAddr>().is_err()
        {
            names.push(host.to_owned());
        }
    }
    for address in addresses {
        if !address.ip().is_unspecified() {
            names.push(address.ip().to_canonical().to_string());
            continue;
        }
        // Without them it is reached by the others.
        let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
        names.extend(interfaces.iter().map(|interface| interface.ip().to_string()));
        names.extend(host_name());
    }
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(unix)]
fn host_name() -> Option<String> {
    rustix::system::uname().nodename().to_str().ok().map(str::to_owned)
}

#[cfg(not(unix))]
fn host_name() -> Option<String> {
    std::env::var("COMPUTERNAME").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_an_address_a_port_or_a_path() {
        let tcp = |address: &str| Ok(Place::Tcp(address.to_owned()));
        for (text, expected) in [
            ("127.0.0.1:9001", tcp("127.0.0.1:9001")),
            ("[::1]:3678", tcp("[::1]:3678")),
            ("localhost:65535", tcp("localhost:65535")),
            ("9001", tcp("127.0.0.1:9001")),
            (":9001", Ok(Place::EveryAddress(9001))),
        ] {
            assert_eq!(text.parse(), expected, "{text}");
        }
        for text in
            ["", "custom", "::1:9001", "127.0.0.1:", "a:65536", "a:-1", ":", "65536", "unix:"]
        {
            assert!(text.parse::<Place>().is_err(), "{text}");
        }
        #[cfg(unix)]
        assert_eq!("unix:/run/a:b".parse(), Ok(Place::Unix("/run/a:b".into())));
    }
}
