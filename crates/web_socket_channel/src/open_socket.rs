//! What a channel can take over: a connection that somebody else has opened.

use crate::close::CloseFrame;
use crate::error::InvalidArgument;
use crate::options::Options;
use crate::proxy::Proxy;
use crate::queue::Ends;

/// A connection that is open already, or about to be, and that
/// [`WebSocketChannel::adopt`](crate::WebSocketChannel::adopt) takes over:
///
/// - [`ByteStream`](crate::ByteStream): any stream of bytes, as client or server;
/// - `tokio_tungstenite::WebSocketStream`: after its handshake. It does not tell which subprotocol
///   was agreed on, so the channel has none, nor whose end it is, so a close may have any code that
///   clients or servers send. The limits of its own configuration hold beside
///   [`max_message_bytes`](Options::max_message_bytes). What happens beneath its framing is out of
///   sight: where pings are asked for, a message that comes slowly counts as silence, once nothing
///   can be sent any more what the peer has said behind a ping is lost, and `buffered_amount` goes
///   down with whole flushes. It makes a clean 1002 of the peer's close where that has a code that
///   may not be sent, or 1014, and comes before ours;
/// - in a browser, `web_sys::WebSocket`: connecting, open or closing. Events that came before are
///   gone (of a closed one also how it ended: its code is 1006), and handlers that were set on it
///   are replaced.
///
/// What the handshake settles can't be asked for any more: subprotocols, headers, TLS roots and a
/// proxy's URL in the options are errors.
pub trait OpenSocket: Start {}

/// What an [`OpenSocket`] does; here and not there, so that only this crate can add one.
pub trait Start {
    /// What the channel calls its URL.
    fn url(&self) -> String;

    /// Whether the socket can do what the options ask for.
    fn check(&self, options: &Options) -> Result<(), InvalidArgument>;

    /// Whether a closing handshake is under way, so that nothing can be sent any more.
    fn is_closing(&self) -> bool {
        false
    }

    /// How the socket says whether it can close in some way: most can do it all.
    fn check_close(&self) -> CheckClose {
        |_| Ok(())
    }

    /// Begins to pump between the socket and the queues, in a task of its own.
    fn start(self, options: Options, ends: Ends);
}

/// Whether a transport can close like this; the frame itself is right.
pub(crate) type CheckClose = fn(&CloseFrame) -> Result<(), InvalidArgument>;

/// Whether all that the options ask for can still be had once the handshake is done.
#[cfg_attr(not(feature = "native"), allow(dead_code, reason = "there may be no open socket"))]
pub(crate) fn check_after_handshake(options: &Options) -> Result<(), InvalidArgument> {
    let asked = [
        (!options.protocols.is_empty(), "subprotocols, as the handshake is done"),
        (!options.headers.is_empty(), "request headers, as the handshake is done"),
        (!options.tls_roots.is_empty(), "TLS roots, as the connection is open"),
        (options.tls_config.is_some(), "a configuration of TLS, as the connection is open"),
        (matches!(options.proxy, Proxy::Url(_)), "a proxy, as the connection is open"),
    ];
    match asked.into_iter().find(|(is_asked, _)| *is_asked) {
        Some((_, what)) => Err(InvalidArgument::Unsupported(what)),
        None => Ok(()),
    }
}
