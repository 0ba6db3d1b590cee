//! WebSocket URLs: how they are read, and how they may be shown.

use std::borrow::Cow;

use http::Uri;

use crate::error::InvalidArgument;
use crate::url::Url;

/// What a URL may be given as: text, a [`Url`], or an [`http::Uri`](crate::handshake::http::Uri). It is
/// checked the same whichever it is.
pub trait IntoUrl: private::Sealed {
    /// Its text.
    #[doc(hidden)]
    fn text(&self) -> Cow<'_, str>;
}

mod private {
    /// So that only this crate can add one.
    pub trait Sealed {}
}

macro_rules! into_url {
    ($($given:ty: |$url:ident| $text:expr;)*) => { $(
        impl private::Sealed for $given {}

        impl IntoUrl for $given {
            fn text(&self) -> Cow<'_, str> {
                let $url = self;
                $text.into()
            }
        }
    )* };
}

into_url! {
    &str: |url| *url;
    String: |url| url.as_str();
    &String: |url| url.as_str();
    Uri: |url| url.to_string();
    &Uri: |url| url.to_string();
}

#[cfg(feature = "url")]
into_url! {
    Url: |url| url.as_str();
    &Url: |url| url.as_str();
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

/// Path and query of a WebSocket URL, which always has a path.
pub(crate) fn target(url: &Url) -> &str {
    let path = url.as_str().match_indices('/').nth(2);
    path.map_or("/", |(path, _)| &url.as_str()[path..])
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
/// use web_socket_channel::{InvalidArgument, parse_url};
///
/// assert_eq!(parse_url("HTTPS://Example.com")?.as_str(), "wss://example.com/");
/// assert_eq!(parse_url("ws://example.com/#"), Err(InvalidArgument::Fragment));
/// # Ok::<(), InvalidArgument>(())
/// ```
#[cfg_attr(
    not(feature = "url"),
    allow(unreachable_pub, reason = "the type is one of this crate's own then")
)]
pub fn parse_url(url: &str) -> Result<Url, InvalidArgument> {
    let mut url = Url::parse(url.trim())?;
    let scheme = match url.scheme() {
        "ws" | "http" => "ws",
        "wss" | "https" => "wss",
        // What stands before the first colon is then a user's name and not a scheme.
        _ if url.cannot_be_a_base() && url.path().contains('@') => {
            return Err(InvalidArgument::Url(
                "it has no scheme; begin it with ws:// or wss://".into(),
            ));
        }
        other => return Err(InvalidArgument::Scheme(other.to_owned())),
    };
    if url.fragment().is_some() {
        return Err(InvalidArgument::Fragment);
    }
    // All four schemes are special ones, between which a URL may change: this can't fail.
    if url.set_scheme(scheme).is_err() {
        return Err(InvalidArgument::Scheme(url.scheme().to_owned()));
    }
    Ok(url)
}

#[cfg(feature = "url")]
impl From<url::ParseError> for InvalidArgument {
    fn from(error: url::ParseError) -> Self {
        Self::Url(error.to_string())
    }
}
