//! What a service manager such as systemd hands over and is told. Belongs to the binary; elsewhere
//! than on Unix there is none of it.

use std::io;
use std::net::TcpListener;

/// The socket that was opened on behalf of this program, if one was.
pub(crate) fn listener() -> Option<io::Result<TcpListener>> {
    #[cfg(unix)]
    {
        let mut handed_over = listenfd::ListenFd::from_env();
        let listener = handed_over.take_tcp_listener(0).transpose()?;
        Some(listener.and_then(|listener| {
            listener.set_nonblocking(true)?;
            Ok(listener)
        }))
    }
    #[cfg(not(unix))]
    None
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
