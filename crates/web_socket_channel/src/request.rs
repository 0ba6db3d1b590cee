//! What a program asks of `connect` and of `close`, checked before anything is done.

use std::fmt;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use url::{Position, Url};

use crate::close::{CloseFrame, MAX_REASON_BYTES};
use crate::error::ApiMisuse;
use crate::handshake::{ClientRequest, Credentials};
use crate::mailbox::Bound;
use crate::proxy::Proxy;
use crate::status;
use crate::tap::Tap;

/// What a channel asks of its connection. Any field may be set; [`connect`] checks them.
///
/// Its `Debug` shows the names of headers and not their values, as a token or a cookie may be among
/// them.
///
/// ```
/// use web_socket_channel::Options;
///
/// let options = Options { protocols: vec!["chat".into()], ..Options::default() };
/// ```
///
/// [`connect`]: crate::WebSocketChannel::connect_with
#[derive(Clone, PartialEq, Eq)]
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
    /// Whether to go through a proxy, and through which. Default: the one that the environment
    /// names. Native only: a browser has settings of its own, and asking for anything but the
    /// default there is an error.
    ///
    /// A proxy is named by a URL, `scheme://user:password@host:port`, of which all but the host may
    /// be left out:
    ///
    /// | scheme | the proxy speaks | the server's name is resolved | port |
    /// | --- | --- | --- | --- |
    /// | `http` (or none) | HTTP, with `CONNECT` | by the proxy | 80 |
    /// | `https` | the same over TLS; `tls_roots` are trusted for it too | by the proxy | 443 |
    /// | `socks5` | SOCKS5 | by this machine | 1080 |
    /// | `socks5h` | SOCKS5 | by the proxy | 1080 |
    ///
    /// `ws:` goes through a `CONNECT` as well as `wss:` does, and the TLS of `wss:` is with the
    /// server, so that a proxy sees nothing of it. User and password are percent-decoded, are
    /// sent as HTTP's Basic scheme or as SOCKS5's (RFC 1929, each of 1 to 255 bytes then), and are
    /// shown in no error and no `Debug`. Other ways to log in, SOCKS4, proxies behind proxies, and
    /// a system's own settings other than the environment are not supported.
    ///
    /// The environment is read as by curl, each time that a channel connects. The first of these
    /// variables that is there and not empty is taken:
    ///
    /// - for `ws:` `ws_proxy`, `WS_PROXY`, `http_proxy`, `all_proxy`, `ALL_PROXY`. Not
    ///   `HTTP_PROXY`, which whoever sends a request to a CGI program can set;
    /// - for `wss:` `wss_proxy`, `WSS_PROXY`, `https_proxy`, `HTTPS_PROXY`, `all_proxy`,
    ///   `ALL_PROXY`.
    ///
    /// `no_proxy`, or else `NO_PROXY`, lists what is reached without it, between commas or blanks:
    /// a name, which stands for those below it too (`example.com`, `.example.com` and
    /// `*.example.com` are the same), an address, a network (`10.0.0.0/8`), or `*` for everything;
    /// the first two also with a port. And unlike with curl, but as in a browser, no proxy of the
    /// environment is asked for this machine: `localhost` and the names below it, 127.0.0.0/8, ::1.
    ///
    /// A variable that names no proxy, one with a scheme that is not in the table for instance,
    /// is an [`Error::Proxy`](crate::Error::Proxy), as going straight to the server might tell it
    /// what the proxy is there to hide.
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
    /// `ping_interval`. Default: 20 s.
    pub pong_timeout: Duration,
    /// The largest message that is accepted from the peer, in bytes of payload. A larger one
    /// fails the connection with 1009. Default: 64 MiB.
    pub max_message_bytes: usize,
    /// The largest single frame that is accepted, in bytes of payload; never more than
    /// `max_message_bytes`, whatever stands here. Default: 16 MiB. A browser shows programs no
    /// frames; there only `max_message_bytes` counts.
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

impl Default for Options {
    fn default() -> Self {
        const MIB: usize = 1024 * 1024;
        Self {
            protocols: Vec::new(),
            headers: Vec::new(),
            tls_roots: Vec::new(),
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

/// A URL and options that have been checked: what a backend is given.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// Without credentials, so that it may be shown and logged.
    pub(crate) url: Url,
    /// With the credentials, if it has any. `Request` has no `Debug`, on their account.
    pub(crate) url_with_credentials: Url,
    pub(crate) options: Options,
}

impl Request {
    pub(crate) fn new(url: &str, options: Options) -> Result<Self, ApiMisuse> {
        let url_with_credentials = parse_url(url)?;
        let url = without_credentials(url_with_credentials.clone());
        let request = Self { url, url_with_credentials, options };
        request.handshake(Default::default(), |handshake| handshake.check())?;
        Ok(request)
    }

    /// The handshake that asks for this, with a nonce (RFC 6455 §4.1, item 7).
    pub(crate) fn handshake<T>(
        &self,
        nonce: [u8; 16],
        look: impl FnOnce(&ClientRequest<'_>) -> T,
    ) -> T {
        look(&ClientRequest {
            host: &self.host(),
            target: &self.url[Position::BeforePath..],
            nonce,
            protocols: &self.options.protocols,
            headers: &self.options.headers,
            credentials: self.credentials().as_ref(),
        })
    }

    /// The program's headers, and the one that the credentials become, for who writes the request
    /// by itself.
    #[cfg(feature = "ewebsock")]
    pub(crate) fn headers_with_credentials(&self) -> Vec<(String, String)> {
        let mut headers = self.options.headers.clone();
        if let Some(credentials) = self.credentials() {
            headers.push(("Authorization".to_owned(), format!("Basic {}", credentials.to_basic())));
        }
        headers
    }

    fn credentials(&self) -> Option<Credentials> {
        let url = &self.url_with_credentials;
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let password = url.password().map(decode);
        (password.is_some() || !url.username().is_empty())
            .then(|| Credentials::new(decode(url.username()), password.unwrap_or_default()))
    }

    /// Host and port, as a person writes them.
    pub(crate) fn host(&self) -> String {
        host(&self.url)
    }
}

/// A WebSocket URL as it may be shown and logged.
pub(crate) fn without_credentials(mut url: Url) -> Url {
    // Both fail only for URLs without a host, and WebSocket URLs always have one.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

/// Host and port, as a person writes them.
pub(crate) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// A URL for a `Debug`: without the query, in which a token may be.
pub(crate) fn without_query(url: &str) -> &str {
    url.split('?').next().unwrap_or_default()
}

/// Parses a WebSocket URL (WHATWG WebSockets §3.1, the constructor's steps; RFC 6455 §3).
///
/// `http:` and `https:` mean `ws:` and `wss:`. The path is kept as given, the host is made
/// lower case and ASCII.
///
/// # Errors
/// No absolute URL, another scheme, or a fragment (even an empty one).
///
/// ```
/// use web_socket_channel::{ApiMisuse, parse_url};
///
/// assert_eq!(parse_url("HTTPS://Example.com")?.as_str(), "wss://example.com/");
/// assert_eq!(parse_url("ws://example.com/#"), Err(ApiMisuse::Fragment));
/// # Ok::<(), ApiMisuse>(())
/// ```
pub fn parse_url(url: &str) -> Result<Url, ApiMisuse> {
    let mut url = Url::parse(url.trim()).map_err(|why| ApiMisuse::Url(why.to_string()))?;
    let scheme = match url.scheme() {
        "ws" | "http" => "ws",
        "wss" | "https" => "wss",
        // What stands before the first colon is then a user's name and not a scheme.
        _ if url.cannot_be_a_base() && url.path().contains('@') => {
            return Err(ApiMisuse::Url("it has no scheme; begin it with ws:// or wss://".into()));
        }
        other => return Err(ApiMisuse::Scheme(other.to_owned())),
    };
    if url.fragment().is_some() {
        return Err(ApiMisuse::Fragment);
    }
    // All four schemes are special ones, between which a URL may change: this can't fail.
    if url.set_scheme(scheme).is_err() {
        return Err(ApiMisuse::Scheme(url.scheme().to_owned()));
    }
    Ok(url)
}

/// Checks a URL as [`connect`](crate::WebSocketChannel::connect) does, without connecting: for
/// fields that say what is wrong while a person types.
///
/// # Errors
/// As of [`parse_url`], and for a host or credentials that can't stand in a request.
///
/// ```
/// use web_socket_channel::check_url;
///
/// assert!(check_url("ws://user:secret@example.com").is_ok());
/// assert!(check_url("ws://us%3Aer:secret@example.com").is_err());
/// ```
pub fn check_url(url: &str) -> Result<(), ApiMisuse> {
    Request::new(url, Options::default()).map(drop)
}

/// The frame that a program asks for with `close(code, reason)`.
///
/// # Errors
/// A code that a program may not pass, a reason without a code, or one of more than
/// [`MAX_REASON_BYTES`].
pub(crate) fn close_frame(code: Option<u16>, reason: &str) -> Result<CloseFrame, ApiMisuse> {
    let Some(code) = code else {
        return if reason.is_empty() {
            Ok(CloseFrame::EMPTY)
        } else {
            Err(ApiMisuse::CloseReasonWithoutCode)
        };
    };
    if !status::may_be_passed_to_close(code) {
        return Err(ApiMisuse::CloseCode(code));
    }
    if reason.len() > MAX_REASON_BYTES {
        return Err(ApiMisuse::CloseReasonTooLong { bytes: reason.len() });
    }
    Ok(CloseFrame { code, reason: reason.into() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handshake::InvalidRequest;

    const URL: &str = "ws://example.com";

    fn check(url: &str, options: Options) -> Result<(), ApiMisuse> {
        Request::new(url, options).map(drop)
    }

    #[test]
    fn urls() {
        let parsed = |url| parse_url(url).map(|url| url.to_string());
        assert_eq!(
            parsed("ws://127.0.0.1:9001/echo?a=b"),
            Ok("ws://127.0.0.1:9001/echo?a=b".into())
        );
        assert_eq!(parsed("http://example.com:80"), Ok("ws://example.com/".into()));
        assert_eq!(parsed("https://[::1]:443/"), Ok("wss://[::1]/".into()));
        assert_eq!(
            parsed("ws://münchen.example/ä"),
            Ok("ws://xn--mnchen-3ya.example/%C3%A4".into())
        );
        assert_eq!(parsed("ftp://example.com"), Err(ApiMisuse::Scheme("ftp".into())));
        assert_eq!(parsed("mailto:raisin"), Err(ApiMisuse::Scheme("mailto".into())));
        assert_eq!(parsed("ws://example.com/#"), Err(ApiMisuse::Fragment));
        assert_eq!(parsed("ws://example.com/#raisin"), Err(ApiMisuse::Fragment));
        for broken in ["", "raisin", "/echo", "ws://", "ws://:80", "ws://a b/", "ws://a:99999"] {
            assert!(matches!(parsed(broken), Err(ApiMisuse::Url(_))), "{broken}");
        }
    }

    #[test]
    fn a_user_is_not_taken_for_a_scheme() {
        for url in ["sultana:s3cret@example.com", "sultana:s3cret@example.com:80/echo"] {
            assert!(matches!(parse_url(url), Err(ApiMisuse::Url(_))), "{url}");
        }
        // The names of machines are no secret, and it helps to see what was taken for what.
        assert_eq!(parse_url("localhost:9001"), Err(ApiMisuse::Scheme("localhost".into())));
    }

    #[test]
    fn protocols() {
        let check = |protocols: &[&str]| {
            let protocols = protocols.iter().map(ToString::to_string).collect();
            check(URL, Options { protocols, ..Options::default() })
        };
        assert_eq!(check(&["a", "A", "graphql-transport-ws"]), Ok(()));
        assert_eq!(
            check(&["a", "b", "a"]),
            Err(ApiMisuse::Request(InvalidRequest::ProtocolTwice("a".into())))
        );
        for broken in ["", "a b", "a,b", "ü", "a\r\nX: y"] {
            let error = InvalidRequest::ProtocolNotToken(broken.into());
            assert_eq!(check(&[broken]), Err(ApiMisuse::Request(error)));
        }
    }

    #[test]
    fn headers() {
        let check = |name: &str, value: &str| {
            let headers = vec![(name.to_owned(), value.to_owned())];
            check(URL, Options { headers, ..Options::default() })
        };
        assert_eq!(check("Authorization", "Bearer raisin"), Ok(()));
        assert_eq!(check("X-Empty", ""), Ok(()));
        for (name, value) in
            [("Host", "a"), ("sec-websocket-KEY", "a"), ("a b", "c"), ("a", "b\r\nc: d")]
        {
            assert!(matches!(check(name, value), Err(ApiMisuse::Request(_))), "{name}: {value}");
        }
    }

    #[test]
    fn credentials_are_taken_out_of_the_url() {
        let request = Request::new("ws://raisin:s%65cret@example.com/echo?a=b", Options::default());
        let request = request.unwrap_or_else(|misuse| unreachable!("{misuse}"));
        assert_eq!(request.url.as_str(), "ws://example.com/echo?a=b");
        assert_eq!(request.credentials(), Some(Credentials::new("raisin", "secret")));
        assert_eq!(
            request.handshake([0; 16], |handshake| handshake.target.to_owned()),
            "/echo?a=b"
        );
    }
}
