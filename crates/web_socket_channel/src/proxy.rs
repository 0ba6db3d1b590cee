//! How a channel gets to its server: straight, or through a proxy.

use std::fmt;

#[cfg(feature = "proxy")]
use crate::error::InvalidProxy;
#[cfg(feature = "proxy")]
use crate::url::{Position, Url};

/// Whether a channel goes through a proxy, and through which.
///
/// A proxy is named by a URL, `scheme://user:password@host:port`, of which all but the host may
/// be left out:
///
/// | scheme | the proxy speaks | the server's name is resolved | port |
/// | --- | --- | --- | --- |
/// | `http` (or none) | HTTP, with `CONNECT` | by the proxy | 80 |
/// | `https` | the same over TLS; [`tls_roots`](crate::Options::tls_roots) are trusted for it too | by the proxy | 443 |
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
///
/// Its `Debug` shows no credentials.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proxy {
    /// The one that the environment names for the channel's URL; straight to the server where it
    /// names none. In a browser what the browser is set to. The default.
    #[default]
    Environment,
    /// None, whatever the environment says.
    Direct,
    /// The one with this URL, whatever the environment says, and also for a server on this
    /// machine: `http://user:password@proxy.example:3128`, say.
    Url(String),
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment => f.write_str("Environment"),
            Self::Direct => f.write_str("Direct"),
            Self::Url(url) => match without_credentials(url) {
                Some(url) => write!(f, "Url({url:?})"),
                None => f.write_str("Url(not shown)"),
            },
        }
    }
}

/// Parses the URL of a proxy. One without a scheme is an `http:` one, as with curl.
#[cfg(feature = "proxy")]
pub(crate) fn parse_proxy(text: &str) -> Result<Url, InvalidProxy> {
    let text = text.trim();
    let parsed =
        if text.contains("://") { Url::parse(text) } else { Url::parse(&format!("http://{text}")) };
    let url = parsed.map_err(|why| InvalidProxy::Url(why.to_string()))?;
    if !matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") {
        return Err(InvalidProxy::Scheme(url.scheme().to_owned()));
    }
    // Such a URL is another one's, that of a file which configures proxies for instance.
    let has_more = !matches!(&url[Position::AfterPort..], "" | "/");
    if has_more { Err(InvalidProxy::Path) } else { Ok(url) }
}

/// What can't be parsed can't be parted from its credentials either.
#[cfg(feature = "proxy")]
fn without_credentials(text: &str) -> Option<String> {
    let url = parse_proxy(text).ok()?;
    let (scheme, address) =
        (&url[..Position::AfterScheme], &url[Position::BeforeHost..Position::AfterPort]);
    Some(format!("{scheme}://{address}"))
}

#[cfg(not(feature = "proxy"))]
fn without_credentials(_: &str) -> Option<String> {
    None
}
