//! Whether a page may connect, by the origin that its browser names.

use web_socket_channel::handshake::http::header::{self, HeaderMap, HeaderValue};
use web_socket_channel::handshake::http::uri::Authority;

use crate::Origins;

impl Origins {
    /// What is meant where the server is reached by programs of its own machine alone, or from
    /// elsewhere too: by its address, or by a proxy.
    pub(crate) fn where_reached(self, from_elsewhere: bool) -> Self {
        match self {
            Self::ByAddress if from_elsewhere => Self::SameHost,
            Self::ByAddress => Self::Any,
            other => other,
        }
    }

    /// Whether a request with these headers may open a WebSocket.
    pub(crate) fn allow(&self, headers: &HeaderMap) -> bool {
        headers.get_all(header::ORIGIN).iter().all(|origin| match self {
            Self::Any => true,
            Self::ByAddress | Self::SameHost => {
                let host = headers.get(header::HOST).and_then(|host| host_of(host.as_bytes()));
                // Where neither names a host they are no more alike for it.
                host.is_some() && host == host_of_origin(origin)
            }
            Self::Listed(listed) => {
                let origin = normal(origin.as_bytes());
                listed.iter().any(|one| normal(one.as_bytes()) == origin)
            }
        })
    }
}

/// An origin as browsers write it: in small letters, and without the port that its scheme means
/// anyway.
fn normal(origin: &[u8]) -> String {
    let origin = String::from_utf8_lossy(origin).to_ascii_lowercase();
    let port = match origin.split_once("://") {
        Some(("http" | "ws", _)) => ":80",
        Some(("https" | "wss", _)) => ":443",
        _ => return origin,
    };
    match origin.strip_suffix(port) {
        Some(without) => without.to_owned(),
        None => origin,
    }
}

/// The host in an origin; `None` for the origin `null`, which a page in a sandbox has.
fn host_of_origin(origin: &HeaderValue) -> Option<String> {
    let (_scheme, authority) = origin.to_str().ok()?.split_once("://")?;
    host_of(authority.as_bytes())
}

/// A host without its port, in small letters.
fn host_of(authority: &[u8]) -> Option<String> {
    Some(Authority::try_from(authority).ok()?.host().to_ascii_lowercase())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]
mod tests {
    use super::*;

    fn headers(origins: &[&str], host: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        for origin in origins {
            headers.append(header::ORIGIN, origin.parse().unwrap());
        }
        headers
    }

    #[test]
    fn the_same_host_may_have_another_port() {
        for (origins, host, is_allowed) in [
            (&[][..], "example.com", true),
            (&["https://Example.com"], "example.COM:3678", true),
            (&["http://example.com:8080"], "example.com", true),
            (&["http://[::1]:8080"], "[::1]:9001", true),
            (&["https://example.org"], "example.com", false),
            (&["https://example.com.evil.org"], "example.com", false),
            (&["https://sub.example.com"], "example.com", false),
            (&["null"], "example.com", false),
            (&["null"], "null", false),
            (&["null"], "a b", false),
            (&[""], "", false),
            (&["https://example.com", "https://example.org"], "example.com", false),
        ] {
            let found = Origins::SameHost.allow(&headers(origins, host));
            assert_eq!(found, is_allowed, "{origins:?} at {host}");
        }
    }

    #[test]
    fn a_list_is_the_whole_truth() {
        let listed = Origins::Listed(vec!["https://Example.com".into()]);
        assert!(listed.allow(&headers(&["https://example.com"], "custom")));
        assert!(listed.allow(&headers(&[], "custom")));
        for origin in ["https://example.com:3678", "http://example.com", "null", "https://server"] {
            assert!(!listed.allow(&headers(&[origin], "custom")), "{origin}");
        }
    }

    #[test]
    fn a_default_port_may_be_written_or_not() {
        for (listed, origin, is_allowed) in [
            ("https://a:443", "https://a", true),
            ("https://a", "https://a:443", true),
            ("HTTP://A:80", "http://a", true),
            ("https://[::1]:443", "https://[::1]", true),
            ("http://a:443", "http://a", false),
            ("https://a:4430", "https://a", false),
            ("null", "null", true),
            ("null", "https://a", false),
        ] {
            let found = Origins::Listed(vec![listed.into()]).allow(&headers(&[origin], "custom"));
            assert_eq!(found, is_allowed, "{origin} where {listed} may");
        }
    }

    #[test]
    fn beyond_this_machine_it_has_to_be_the_same_host() {
        assert_eq!(Origins::ByAddress.where_reached(false), Origins::Any);
        assert_eq!(Origins::ByAddress.where_reached(true), Origins::SameHost);
        assert_eq!(Origins::Any.where_reached(true), Origins::Any);
    }
}
