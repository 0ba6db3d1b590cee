//! What an echo server speaks, whom it lets in, and its bounds.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;

use crate::Tls;

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
    /// list. Default: none. What it does is the same with each of them. (At the path `/protocol` the
    /// client chooses the list.)
    pub protocols: Vec<String>,
    /// The folder of a web app whose files are served beside the endpoints; its `index.html` is then
    /// what a browser gets at `/`. A file with a compressed twin beside it, `a.js.br` or `a.js.gz`, is
    /// sent as that to who accepts it. The folder may be reached by a symbolic link, and nothing
    /// outside of it is reached by one. Default: none.
    pub app: Option<PathBuf>,
    /// The paths that the server does without, such as `/burst`, `/metrics` or `/status`: each of
    /// [`OPTIONAL_PATHS`](crate::OPTIONAL_PATHS). Default: none.
    pub without: Vec<String>,
    /// Whether a WebSocket may be opened at any path, and is an echo where nothing else is there; not
    /// at those of [`without`](Self::without). Default: no, as a misspelt path is told so.
    pub echoes_at_any_path: bool,
    /// The certificate with which `wss` is spoken. Default: none, the server speaks `ws`.
    pub tls: Option<Tls>,
    /// Whose pages may connect. Default: [`Origins::ByAddress`].
    pub origins: Origins,
    /// The proxies whose header `X-Forwarded-For` is believed: the address that counts is then the
    /// last one in it that is none of these. Default: none, as anybody can write such a header.
    pub trusted_proxies: Vec<IpNet>,

    /// The most connections at a time, those included whose handshake isn't done. One more is
    /// answered with 503. While it is sent a file of the [`app`](Self::app), a connection has two
    /// files open. Default: 900, as with the connections that are being refused it stays
    /// below the 1024 open files that many systems allow a process.
    pub max_connections: usize,
    /// The most connections at a time from one address, or from one network of 64 bits with IPv6, of
    /// which one person has as many addresses as they like. One more is answered with 503. Default:
    /// 200, which a class of people behind one address doesn't reach, and which leaves most of the
    /// places to others.
    pub max_connections_per_address: usize,
    /// How much of the head of a request is read before it is answered with 431. (It is looked at when
    /// more has come, so that a head of up to twice the length may pass that comes in one piece.)
    /// Default: 16 KiB: the common servers accept 8 KiB, and the rest is room for proxies that add
    /// headers. At least 8 KiB, whatever is said here.
    pub max_head_bytes: usize,
    /// The longest message that is taken, in bytes of payload. A longer one ends the connection with
    /// 1009. Default: 16 MiB. (The binary's is 1 MiB, as whoever finds it on the internet may send them.)
    pub max_message_bytes: usize,
    /// The longest frame that is taken, in bytes of payload. A longer one ends the connection with
    /// 1009. Default: 16 MiB, as a message may be one frame.
    pub max_frame_bytes: usize,
    /// How much waits for a client that doesn't read before nothing more is taken from it. One
    /// message may lie beyond it, or several of 16 KiB and more that are 256 KiB together. Default:
    /// 64 KiB, which is written at once where the network is fast, and no burden where it isn't.
    pub outbound_buffer_bytes: usize,
    /// How many bytes of messages the server holds, of all connections together: of messages that have
    /// begun to come, and of what waits for clients that read slowly. It is shared fairly: an address may
    /// hold as much as is still free, so that one alone can have a half of it. More of them end the
    /// connection with 1013. Default: 256 MiB. Less than twice [`max_message_bytes`](Self::max_message_bytes)
    /// lets no message be as long as that.
    pub max_buffered_bytes: usize,
    /// The most frames that a client may send in a second, and as many at once. Those of pings and
    /// pongs count too, and each fragment of a message. More of them end the connection with 1008.
    /// Default: `None`, as TCP holds back who sends faster than the server answers.
    pub max_frames_per_sec: Option<NonZeroU32>,

    /// How long a client may take for its TLS, and for the head of a request. After it the client is
    /// answered 408, or cut off if its TLS isn't done. Default: 10 s, which a slow network needs
    /// seldom, and a client that wants to keep the server busy always.
    pub handshake_timeout: Duration,
    /// How long a client may take for a message, from its first byte to its last. After it the
    /// connection ends with 1008. Default: 60 s, in which a line of 2.2 megabits in a second brings 16 MiB.
    pub message_timeout: Duration,
    /// How long a client may say nothing before it is sent a ping, which may come up to an eighth of it
    /// earlier. Default: 25 s, as the common proxies cut a connection on which nothing happened for 30 or
    /// 60 s.
    pub ping_interval: Duration,
    /// How long a client may say nothing after a ping before it counts as gone and is cut off.
    /// Default: 20 s, more than any network takes that one would talk through.
    pub pong_timeout: Duration,
    /// How long a client may take nothing of what waits for it before it is cut off, however little that
    /// is. The system, where it can (on Linux), gives it up as well. Default: 30 s, which a phone may need
    /// to come back from a tunnel.
    pub stall_timeout: Duration,
    /// How long a WebSocket may be open before it is closed with 1001. Default: `None`, as long as it
    /// likes.
    pub max_lifetime: Option<Duration>,
    /// How long a client may take to answer a close and to hang up, and so how long a shutdown takes
    /// at most. Default: 5 s, as the channel gives its server.
    pub close_timeout: Duration,

    /// Whether the heads of requests are logged: the method, the path without its query, the names of
    /// the headers, and the values of those that let nobody in, such as `Host` and `User-Agent`.
    /// Default: no, as they say much about a person.
    pub log_headers: bool,
    /// Whether the beginning of each message is logged. Default: no, as what is said here is nobody
    /// else's business.
    pub log_payloads: bool,
}

/// Whose pages may connect.
///
/// Only browsers say of which page they speak, in the header `Origin`, and it protects a person whose
/// browser another site tries to use. So a request without the header is always let in: any other
/// program could write into it what it likes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Origins {
    /// [`Any`](Self::Any) where the server listens on loopback addresses alone and trusts no proxy,
    /// and [`SameHost`](Self::SameHost) otherwise: through a proxy, the whole internet may come in by
    /// a loopback address or a socket in the file system.
    #[default]
    ByAddress,
    /// Everybody's.
    Any,
    /// Those that came from the host that they connect to, on whatever port.
    SameHost,
    /// Those from these origins, such as `https://example.com`, compared without case and with the
    /// default port written or not; `null` is the origin of a page in a sandbox or a file.
    Listed(Vec<String>),
}

impl Default for Config {
    fn default() -> Self {
        Self {
            protocols: Vec::new(),
            app: None,
            without: Vec::new(),
            echoes_at_any_path: false,
            tls: None,
            origins: Origins::default(),
            trusted_proxies: Vec::new(),
            max_connections: 900,
            max_connections_per_address: 200,
            max_head_bytes: 16 * 1024,
            max_message_bytes: 16 * 1024 * 1024,
            max_frame_bytes: 16 * 1024 * 1024,
            outbound_buffer_bytes: 64 * 1024,
            max_buffered_bytes: 256 * 1024 * 1024,
            max_frames_per_sec: None,
            handshake_timeout: Duration::from_secs(10),
            message_timeout: Duration::from_secs(60),
            ping_interval: Duration::from_secs(25),
            pong_timeout: Duration::from_secs(20),
            stall_timeout: Duration::from_secs(30),
            max_lifetime: None,
            close_timeout: Duration::from_secs(5),
            log_headers: false,
            log_payloads: false,
        }
    }
}
