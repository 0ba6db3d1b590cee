//! A URL and options that have been checked: what a transport is given to connect with.

use std::io;

use http::Uri;
use percent_encoding::percent_decode_str;

use crate::address::{self, without_credentials};
use crate::backend;
use crate::error::{Error, InvalidArgument, NetworkError, NetworkErrorKind};
use crate::handshake::{ClientRequest, Credentials};
use crate::options::Options;

/// A URL and options that have been checked: what a backend is given.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// Without credentials, so that it may be shown and logged.
    pub(crate) url: Uri,
    /// With the credentials, if it has any. `Request` has no `Debug`, on their account.
    pub(crate) url_with_credentials: Uri,
    pub(crate) options: Options,
}

impl Request {
    pub(crate) fn new(url: &str, options: Options) -> Result<Self, InvalidArgument> {
        let url_with_credentials = address::parse(url)?;
        let url = without_credentials(&url_with_credentials);
        let request = Self { url, url_with_credentials, options };
        request.options.check_ranges()?;
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
            target: self.url.path_and_query().map_or("/", |target| target.as_str()),
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
        let (user, password) = address::credentials(&self.url_with_credentials)?;
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        Some(Credentials::new(decode(user), decode(password)))
    }

    /// The URL's port, or the one of its scheme.
    #[cfg_attr(
        any(not(feature = "native"), target_arch = "wasm32"),
        allow(dead_code, reason = "nothing is dialled here then")
    )]
    pub(crate) fn port(&self) -> u16 {
        self.url.port_u16().unwrap_or(if self.is_secure() { 443 } else { 80 })
    }

    /// Whether it is one of `wss:`.
    pub(crate) fn is_secure(&self) -> bool {
        self.url.scheme_str() == Some("wss")
    }

    /// The error that says what went wrong on the way to the host.
    #[cfg_attr(not(feature = "native"), allow(dead_code, reason = "nothing is dialled then"))]
    pub(crate) fn network_error(&self, kind: NetworkErrorKind, source: io::Error) -> Error {
        NetworkError::new(kind, self.host()).with_source(source).into()
    }

    /// Host and port, as a person writes them.
    pub(crate) fn host(&self) -> String {
        address::host_and_port(&self.url)
    }
}

/// Checks a URL as [`connect`](crate::WebSocketChannel::connect) does, without connecting: for
/// fields that say what is wrong while a person types.
///
/// # Errors
/// As of `parse_url`, and for a host or credentials that can't stand in a request.
///
/// ```
/// use web_socket_channel::check_url;
///
/// assert!(check_url("ws://user:secret@example.com").is_ok());
/// assert!(check_url("ws://us%3Aer:secret@example.com").is_err());
/// ```
pub fn check_url(url: &str) -> Result<(), InvalidArgument> {
    backend::check_url(&Request::new(url, Options::default())?)
}

/// Checks a URL and options as [`connect_with`](crate::WebSocketChannel::connect_with) does, without
/// connecting: for forms that say what is wrong while a person fills them in. Unlike there the crate need
/// not have been built with a network.
///
/// # Errors
/// As of [`check_url`], and for an option that is out of its range, that can't stand in a request or that
/// this platform can't do.
pub fn check_request(url: &str, options: &Options) -> Result<(), InvalidArgument> {
    backend::check(&Request::new(url, options.clone())?.options)
}
