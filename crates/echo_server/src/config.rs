//! What an echo server speaks, whom it lets in, and its bounds.

use std::time::Duration;

/// What an echo server speaks, whom it lets in, and its bounds.
///
/// ```
/// use echo_server::Config;
///
/// let config = Config { max_connections: 10, ..Config::default() };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The subprotocols that the server claims to know, of which a client gets the first of its own
    /// list. Default: none. What it does is the same with each of them.
    pub protocols: Vec<String>,
    /// The origins whose pages may connect, as `https://example.com`, compared without case; a
    /// request without an origin, as from a program that is no browser, is always let in. Default:
    /// `None`, every origin may, which suits a server that only echoes and has no secrets.
    pub allowed_origins: Option<Vec<String>>,
    /// The most connections at a time, those included whose handshake isn't done. One more is
    /// answered with 503. Default: 900, as with the connections that are being refused it stays
    /// below the 1024 open files that many systems allow a process.
    pub max_connections: usize,
    /// The longest message that is echoed, in bytes of payload. A longer one ends the connection
    /// with 1009. Default: 16 MiB, as every connection may have the memory for two of them: one that
    /// comes in while another goes out.
    pub max_message_bytes: usize,
    /// How long a client may take for its handshake. After it the client is answered 408. Default:
    /// 10 s, which a slow network needs seldom, and a client that wants to keep the server busy
    /// always.
    pub handshake_timeout: Duration,
    /// How long a client may take to answer a close and to hang up, and so how long a shutdown takes
    /// at most. Default: 5 s, as the channel gives its server.
    pub close_timeout: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            protocols: Vec::new(),
            allowed_origins: None,
            max_connections: 900,
            max_message_bytes: 16 * 1024 * 1024,
            handshake_timeout: Duration::from_secs(10),
            close_timeout: Duration::from_secs(5),
        }
    }
}
