//! What a channel asks of its connection: options, built by methods and checked before anything is
//! dialled.

use std::fmt;
use std::time::Duration;

use http::header::{HeaderName, HeaderValue};

use crate::backend::{Runtime, TlsConfig};
use crate::error::InvalidArgument;
use crate::proxy::Proxy;
use crate::queue::Bound;
use crate::setters::setters;
use crate::tap::Tap;

/// What a channel asks of its connection. Each option has a default and a method that sets it;
/// [`connect`] checks them all before anything is dialled.
///
/// A time-out is at least [one millisecond](Self::SHORTEST_TIME), and a bound or a size at least one; less is an
/// [`InvalidArgument::OutOfRange`]. There is no longest time: [`Duration::MAX`] waits for ever.
///
/// Its `Debug` shows the names of headers and not their values, as a token or a cookie may be among
/// them.
///
/// ```
/// use std::time::Duration;
/// use web_socket_channel::Options;
///
/// let options = Options::new().protocols(["chat"]).connect_timeout(Duration::from_secs(3));
/// ```
///
/// [`connect`]: crate::WebSocketChannel::connect_with
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// The subprotocols that this end speaks, the preferred one first. Default: none, and then no
    /// header is sent. If any are offered, the server must pick one of them.
    pub protocols: Vec<String>,
    /// More headers for the handshake's request, name and value. Default: none. Native only: a
    /// browser lets no program set them, and asking for one there is an error.
    pub headers: Vec<(String, String)>,
    /// Certificates of authorities to trust for `wss:` besides the platform's, each in DER form.
    /// Default: none. Native only: in a browser its user decides, and asking for it is an error.
    pub tls_roots: Vec<Vec<u8>>,
    /// A configuration of rustls of one's own, in place of the platform's roots and
    /// [`tls_roots`](#structfield.tls_roots), which have to be left empty then: for `wss:`, and for a
    /// proxy by `https:`. Default: none. Native only.
    pub tls_config: Option<TlsConfig>,
    /// Where the transport runs. Default: [`Runtime::Caller`], with a trap that is told there.
    pub runtime: Runtime,
    /// Whether to go through a proxy, and through which. Default: the one that the environment
    /// names. Native only: a browser has settings of its own, and asking for anything but the
    /// default there is an error.
    pub proxy: Proxy,
    /// How long resolving, connecting, through a proxy too, and the handshake may take together.
    /// Default: 10 s.
    pub connect_timeout: Duration,
    /// How long a close may take, from the moment it is asked for to the peer's answer: also where
    /// the handshake is not done yet, or the network has not taken what was sent before. Default:
    /// 5 s.
    pub close_timeout: Duration,
    /// How long the peer may be silent, without a single byte, before it is sent a ping. Default:
    /// `None`, no pings. Native only: a browser lets no program send them, and asking for it there
    /// is an error.
    pub ping_interval: Option<Duration>,
    /// How long the peer may take to answer a ping, or to say anything else (the answer may stand
    /// behind a message that takes its time), before the connection counts as lost. Only used with
    /// [`ping_interval`](#structfield.ping_interval). Default: 20 s.
    pub pong_timeout: Duration,
    /// The largest message that is accepted from the peer, in bytes of payload. A larger one
    /// fails the connection with 1009. Default: 64 MiB.
    pub max_message_bytes: usize,
    /// The largest single frame that is accepted, in bytes of payload; never more than
    /// [`max_message_bytes`](#structfield.max_message_bytes), whatever stands here. A larger one fails
    /// the connection with 1009. Default: 16 MiB. A browser shows programs no frames; there only
    /// `max_message_bytes` counts.
    ///
    /// It is the smaller of the two because nothing comes between the bytes of a frame, no ping and no close;
    /// between the frames of a message it does. A peer that sends large messages in one frame needs it as
    /// high as the other.
    pub max_frame_bytes: usize,
    /// How much may wait for the program to read it. Natively a full inbox stops reading from the
    /// socket, so that TCP holds the peer back (its pings are then answered when there is room
    /// again); a browser can't do that, and there a full inbox fails the connection. Default:
    /// 65 536 messages or 64 MiB.
    pub inbox: Bound,
    /// How much may wait for the network to take it. Default: 65 536 messages or 16 MiB.
    pub outbox: Bound,
    /// Who looks at each step of what comes in. Default: nobody.
    pub tap: Option<Tap>,
}

/// What the name or the value of a header may be given as: text, or the types of the `http` crate.
pub trait HeaderText: private::Sealed {
    /// Its text; `None` where it is the name of the header before.
    #[doc(hidden)]
    fn text(self) -> Option<String>;
}

mod private {
    /// So that only this crate can add one.
    pub trait Sealed {}
}

macro_rules! header_text {
    ($($given:ty: |$header:ident| $text:expr;)*) => { $(
        impl private::Sealed for $given {}

        impl HeaderText for $given {
            fn text(self) -> Option<String> {
                let $header = self;
                $text
            }
        }
    )* };
}

header_text! {
    &str: |text| Some(text.to_owned());
    String: |text| Some(text);
    &String: |text| Some(text.clone());
    HeaderName: |name| Some(name.as_str().to_owned());
    &HeaderName: |name| Some(name.as_str().to_owned());
    Option<HeaderName>: |name| name.map(|name| name.as_str().to_owned());
    HeaderValue: |value| (&value).text();
    // One that is not UTF-8 gets a character that no header may have, so that it is refused.
    &HeaderValue: |value| Some(
        String::from_utf8(value.as_bytes().to_vec()).unwrap_or_else(|_| "\0".to_owned())
    );
}

impl Options {
    /// The shortest time-out and the shortest interval that may be asked for: shorter ones would keep the
    /// task of a connection busy with nothing but its clock.
    pub const SHORTEST_TIME: Duration = Duration::from_millis(1);

    /// Every option at its default.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        runtime: Runtime,
        proxy: Proxy,
        connect_timeout: Duration,
        close_timeout: Duration,
        pong_timeout: Duration,
        max_message_bytes: usize,
        max_frame_bytes: usize,
        inbox: Bound,
        outbox: Bound,
    }

    /// Sets [`protocols`](#structfield.protocols).
    #[must_use]
    pub fn protocols(mut self, protocols: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.protocols = protocols.into_iter().map(Into::into).collect();
        self
    }

    /// Sets [`headers`](#structfield.headers): pairs of strings, or an
    /// [`http::HeaderMap`](crate::handshake::http::HeaderMap), of which the values have to be UTF-8.
    #[must_use]
    pub fn headers(
        mut self,
        headers: impl IntoIterator<Item = (impl HeaderText, impl HeaderText)>,
    ) -> Self {
        self.headers.clear();
        for (name, value) in headers {
            // A header map tells the name of several values once.
            let name = name.text().or_else(|| self.headers.last().map(|(name, _)| name.clone()));
            self.headers.push((name.unwrap_or_default(), value.text().unwrap_or_default()));
        }
        self
    }

    /// Sets [`tls_roots`](#structfield.tls_roots).
    #[must_use]
    pub fn tls_roots(mut self, roots: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Self {
        self.tls_roots = roots.into_iter().map(Into::into).collect();
        self
    }

    /// Sets [`tls_config`](#structfield.tls_config), as to `rustls::ClientConfig` or an `Arc` of one.
    #[must_use]
    pub fn tls_config(mut self, config: impl Into<TlsConfig>) -> Self {
        self.tls_config = Some(config.into());
        self
    }

    /// Sets [`ping_interval`](#structfield.ping_interval).
    #[must_use]
    pub fn ping_interval(mut self, interval: impl Into<Option<Duration>>) -> Self {
        self.ping_interval = interval.into();
        self
    }

    /// Sets [`tap`](#structfield.tap).
    #[must_use]
    pub fn tap(mut self, tap: impl Into<Option<Tap>>) -> Self {
        self.tap = tap.into();
        self
    }

    /// Whether every time and every bound is in its range.
    pub(crate) fn check_ranges(&self) -> Result<(), InvalidArgument> {
        check_time("connect_timeout", self.connect_timeout)?;
        check_time("close_timeout", self.close_timeout)?;
        check_time("ping_interval", self.ping_interval.unwrap_or(Duration::MAX))?;
        check_time("pong_timeout", self.pong_timeout)?;
        check_size("max_message_bytes", self.max_message_bytes)?;
        check_size("max_frame_bytes", self.max_frame_bytes)?;
        check_bound("inbox", self.inbox)?;
        check_bound("outbox", self.outbox)
    }
}

/// Whether a time is one that a task can wait for.
pub(crate) fn check_time(option: &'static str, time: Duration) -> Result<(), InvalidArgument> {
    in_range(option, time >= Options::SHORTEST_TIME, "at least 1 ms")
}

/// Whether a bound lets anything through.
pub(crate) fn check_bound(option: &'static str, bound: Bound) -> Result<(), InvalidArgument> {
    in_range(option, bound.messages > 0 && bound.bytes > 0, "at least 1 message and 1 byte")
}

fn check_size(option: &'static str, bytes: usize) -> Result<(), InvalidArgument> {
    in_range(option, bytes > 0, "at least 1 byte")
}

pub(crate) fn in_range(
    option: &'static str,
    is_in_range: bool,
    range: &'static str,
) -> Result<(), InvalidArgument> {
    if is_in_range { Ok(()) } else { Err(InvalidArgument::OutOfRange { option, range }) }
}

impl Default for Options {
    fn default() -> Self {
        const MIB: usize = 1024 * 1024;
        Self {
            protocols: Vec::new(),
            headers: Vec::new(),
            tls_roots: Vec::new(),
            tls_config: None,
            runtime: Runtime::default(),
            proxy: Proxy::default(),
            connect_timeout: Duration::from_secs(10),
            close_timeout: Duration::from_secs(5),
            ping_interval: None,
            pong_timeout: Duration::from_secs(20),
            max_message_bytes: 64 * MIB,
            max_frame_bytes: 16 * MIB,
            inbox: Bound { messages: 1 << 16, bytes: 64 * MIB },
            outbox: Bound { messages: 1 << 16, bytes: 16 * MIB },
            tap: None,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Taken apart, so that nobody can add a field without a decision on what is shown of it.
        let Self {
            protocols,
            headers,
            tls_roots,
            tls_config,
            runtime,
            proxy,
            connect_timeout,
            close_timeout,
            ping_interval,
            pong_timeout,
            max_message_bytes,
            max_frame_bytes,
            inbox,
            outbox,
            tap,
        } = self;
        f.debug_struct("Options")
            .field("protocols", protocols)
            .field("header_names", &headers.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .field("tls_roots", &tls_roots.len())
            .field("tls_config", tls_config)
            .field("runtime", runtime)
            .field("proxy", proxy)
            .field("connect_timeout", connect_timeout)
            .field("close_timeout", close_timeout)
            .field("ping_interval", ping_interval)
            .field("pong_timeout", pong_timeout)
            .field("max_message_bytes", max_message_bytes)
            .field("max_frame_bytes", max_frame_bytes)
            .field("inbox", inbox)
            .field("outbox", outbox)
            .field("tap", tap)
            .finish()
    }
}
