//! WebSocket URLs: how they are read, taken apart, and may be shown.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

use http::Uri;

use crate::error::InvalidArgument;
use crate::handshake::InvalidRequest;
#[cfg(feature = "url")]
use crate::url::{self, Url};

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

/// The longest URL: what `http` has room for.
const MAX_URL_BYTES: usize = u16::MAX as usize - 1;

/// Reads a WebSocket URL: as `parse_url` says, as far as the features can. What comes out has one of the
/// schemes `ws` and `wss`, a host in its normal form, no port where it is the scheme's, and a path.
pub(crate) fn parse(url: &str) -> Result<Uri, InvalidArgument> {
    #[cfg(feature = "url")]
    let normal = parse_url(url)?;
    #[cfg(not(feature = "url"))]
    let normal = crate::plain_url::normalize(url.trim())?;
    let normal: &str = normal.as_ref();
    normal.parse().map_err(|why: http::uri::InvalidUri| match normal.len() {
        // Only a host may have what can't stand in a request.
        0..=MAX_URL_BYTES => InvalidRequest::Host.into(),
        _ => InvalidArgument::Url(why.to_string()),
    })
}

/// A URL of [`parse`], as it may be shown and logged.
pub(crate) fn without_credentials(url: &Uri) -> Uri {
    let mut parts = url.clone().into_parts();
    let bare = parts.authority.as_ref().and_then(|authority| {
        let (_, address) = authority.as_str().rsplit_once('@')?;
        address.parse().ok()
    });
    parts.authority = bare.or(parts.authority);
    // Of the same parts as before, but for one that is as right.
    Uri::from_parts(parts).unwrap_or_default()
}

/// The user and the password of a URL of [`parse`], as they stand in it.
pub(crate) fn credentials(url: &Uri) -> Option<(&str, &str)> {
    let (credentials, _) = url.authority()?.as_str().rsplit_once('@')?;
    Some(credentials.split_once(':').unwrap_or((credentials, "")))
}

/// Host and port, as a person writes them.
pub(crate) fn host_and_port(url: &Uri) -> String {
    let host = url.host().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// A URL for a `Debug`: without the query, in which a token may be.
pub(crate) fn without_query(url: &str) -> &str {
    url.split('?').next().unwrap_or_default()
}

/// A host, as it is dialled.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    any(not(feature = "native"), target_arch = "wasm32"),
    allow(dead_code, reason = "nothing is dialled here then")
)]
pub(crate) enum Host {
    Name(String),
    Address(IpAddr),
}

#[cfg_attr(
    any(not(feature = "native"), target_arch = "wasm32"),
    allow(dead_code, reason = "nothing is dialled here then")
)]
impl Host {
    /// The one of a URL of [`parse`].
    pub(crate) fn of(url: &Uri) -> Self {
        let host = url.host().unwrap_or_default();
        let address = host.trim_start_matches('[').trim_end_matches(']').parse();
        address.map_or_else(|_| Self::Name(host.to_owned()), Self::Address)
    }
}

#[cfg(feature = "url")]
impl From<url::Host> for Host {
    fn from(host: url::Host) -> Self {
        match host {
            url::Host::Domain(name) => Self::Name(name),
            url::Host::Ipv4(address) => Self::Address(address.into()),
            url::Host::Ipv6(address) => Self::Address(address.into()),
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Address(IpAddr::V4(address)) => address.fmt(f),
            Self::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
        }
    }
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
#[cfg(feature = "url")]
pub fn parse_url(url: &str) -> Result<Url, InvalidArgument> {
    let mut url = Url::parse(url.trim()).map_err(|why| match why {
        url::ParseError::RelativeUrlWithoutBase => no_scheme(),
        why => InvalidArgument::Url(why.to_string()),
    })?;
    let scheme = match url.scheme() {
        "ws" | "http" => "ws",
        "wss" | "https" => "wss",
        other => return Err(not_web_socket(other, url.as_str())),
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

/// What is wrong with a URL of this scheme.
pub(crate) fn not_web_socket(scheme: &str, url: &str) -> InvalidArgument {
    let rest = url.split_once(':').map_or("", |(_, rest)| rest);
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    // What stands before the first colon is then a user's name and not a scheme.
    if !rest.starts_with('/') && path.contains('@') {
        return no_scheme();
    }
    InvalidArgument::Scheme(scheme.to_owned())
}

pub(crate) fn no_scheme() -> InvalidArgument {
    InvalidArgument::Url("it has no scheme; begin it with ws:// or wss://".to_owned())
}
