//! How a channel gets to its server: straight, or through a proxy.

use std::fmt;

use url::{Position, Url};

use crate::error::InvalidProxy;

/// Whether a channel goes through a proxy, and through which.
///
/// Its `Debug` shows no credentials. What the kinds of proxies do, and their limits, is said at
/// [`Options::proxy`](crate::Options::proxy).
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
            Self::Url(url) => match parse_proxy(url) {
                Ok(url) => write!(f, "Url({:?})", without_credentials(&url)),
                // What can't be parsed can't be parted from its credentials either.
                Err(_) => f.write_str("Url(not shown)"),
            },
        }
    }
}

/// Parses the URL of a proxy. One without a scheme is an `http:` one, as with curl.
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

fn without_credentials(url: &Url) -> String {
    let (scheme, address) =
        (&url[..Position::AfterScheme], &url[Position::BeforeHost..Position::AfterPort]);
    format!("{scheme}://{address}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_where_it_leads_and_nothing_else() {
        let shown = |url: &str| format!("{:?}", Proxy::Url(url.to_owned()));
        assert_eq!(shown("http://raisin:3678@proxy.example/"), r#"Url("http://proxy.example")"#);
        assert_eq!(shown("raisin:3678@[::1]:3128"), r#"Url("http://[::1]:3128")"#);
        assert_eq!(
            shown("SOCKS5H://raisin@proxy.example:9"),
            r#"Url("socks5h://proxy.example:9")"#
        );
        for broken in [
            "http://raisin:36/78@proxy.example",
            "http://raisin/3678@proxy.example",
            "http://proxy.example/?raisin=3678",
            "ftp://raisin:3678@proxy.example",
            "raisin:3678@",
        ] {
            assert_eq!(shown(broken), "Url(not shown)", "{broken}");
        }
        assert_eq!(format!("{:?}", Proxy::default()), "Environment");
        assert_eq!(format!("{:?}", Proxy::Direct), "Direct");
    }

    #[test]
    fn what_is_no_proxy_says_why() {
        let refused = |url: &str| parse_proxy(url).err();
        assert_eq!(refused("socks5://proxy.example"), None);
        assert_eq!(refused(" https://proxy.example/ "), None);
        for scheme in ["socks", "socks4", "ws", "ftp"] {
            let url = format!("{scheme}://proxy.example:3678");
            assert_eq!(refused(&url), Some(InvalidProxy::Scheme(scheme.to_owned())));
        }
        for url in ["http://proxy.example/proxy.pac", "socks5://a/b", "a?b", "socks5://a#b"] {
            assert_eq!(refused(url), Some(InvalidProxy::Path), "{url}");
        }
        for url in ["", "http://", "http://a:99999", "http://a b", "socks5://a:b:c@d:e"] {
            assert!(matches!(refused(url), Some(InvalidProxy::Url(_))), "{url}");
        }
    }
}
