//! What a service manager such as systemd hands over and is told. Belongs to the binary; elsewhere
//! than on Unix there is none of it.

use std::io;
use std::net::TcpListener;

/// A socket that was opened on behalf of this program.
pub(crate) enum Socket {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(std::os::unix::net::UnixListener),
}

/// All the sockets that were opened on behalf of this program.
///
/// # Errors
/// One that is no listening stream.
pub(crate) fn sockets() -> io::Result<Vec<Socket>> {
    #[cfg(unix)]
    {
        let mut handed_over = listenfd::ListenFd::from_env();
        let mut sockets = Vec::new();
        for at in 0..handed_over.len() {
            let socket = match handed_over.take_tcp_listener(at) {
                Ok(listener) => listener.map(Socket::Tcp),
                // What is no port is left where it is.
                Err(_) => handed_over.take_unix_listener(at)?.map(Socket::Unix),
            };
            sockets.extend(socket);
        }
        Ok(sockets)
    }
    #[cfg(not(unix))]
    Ok(Vec::new())
}

/// Tells in which state this program is, if anybody wants to know (`sd_notify(3)`).
pub(crate) fn tell(state: &str) {
    #[cfg(target_os = "linux")]
    if let Some(socket) = std::env::var_os("NOTIFY_SOCKET")
        && let Err(error) = send(&socket, state)
    {
        tracing::warn!(%error, state, "the service manager could not be told");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = state;
}

#[cfg(target_os = "linux")]
fn send(socket: &std::ffi::OsStr, state: &str) -> io::Result<()> {
    use std::os::linux::net::SocketAddrExt as _;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::net::{SocketAddr, UnixDatagram};

    let address = match socket.as_bytes().strip_prefix(b"@") {
        Some(name) => SocketAddr::from_abstract_name(name)?,
        None => SocketAddr::from_pathname(socket)?,
    };
    UnixDatagram::unbound()?.send_to_addr(state.as_bytes(), &address)?;
    Ok(())
}
