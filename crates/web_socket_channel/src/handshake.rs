//! The opening handshake of RFC 6455 §4 for both ends: bytes in, bytes and answers out.
//!
//! Nothing here knows a socket, a clock or a source of chance. Whoever owns the socket reads into a
//! buffer, asks this module what the buffer says, and writes what it is given:
//!
//! - a client writes [`ClientRequest::to_bytes`], reads until [`parse_response`] finds a whole head,
//!   and has it judged by [`ClientRequest::verify`];
//! - a server reads until [`parse_request`] finds a whole head, asks [`respond`], and writes the
//!   [`Accepted::head`] or [`Rejection::to_bytes`].
//!
//! Both parsers say how many bytes the head took. What lies behind them in the buffer are the
//! first frames, which a peer may send in one packet with its head, and which are to be kept.
//!
//! A server in full, for a buffer that holds the whole request:
//!
//! ```
//! use web_socket_channel::handshake::{self, ServerOptions};
//!
//! fn answer(buffer: &[u8]) -> Vec<u8> {
//!     let request = match handshake::parse_request(buffer, 0) {
//!         Ok(Some((request, _used))) => request,
//!         Ok(None) => return Vec::new(), // More has to be read first.
//!         Err(error) => return handshake::Rejection::from(error).to_bytes(),
//!     };
//!     match handshake::respond(&request, &ServerOptions::default()) {
//!         Ok(accepted) => accepted.head,
//!         Err(rejection) => rejection.to_bytes(),
//!     }
//! }
//!
//! let answered = answer(b"GET /echo HTTP/1.1\r\nHost: example.com\r\n\r\n");
//! assert!(answered.starts_with(b"HTTP/1.1 426 Upgrade Required\r\n"));
//! ```

mod client;
mod head;
mod response;
mod server;

use data_encoding::BASE64;
use http::header::{HeaderMap, HeaderName};
use sha1::{Digest as _, Sha1};

/// The `http` crate whose types stand in this module's signatures.
pub use http;

pub use client::{ClientRequest, Credentials, InvalidRequest, OWN_HEADERS, Violation};
pub use head::{HeadError, MAX_HEAD_BYTES, MAX_HEADERS, parse_request, parse_response};
pub use response::{MAX_BODY_BYTES, Response};
pub use server::{Accepted, Rejection, ServerOptions, respond};

/// The one version of the protocol that there is (RFC 6455 §4.1).
const VERSION: &str = "13";

/// The GUID that makes an accept value differ from anything that a server which doesn't know the
/// protocol could answer (RFC 6455 §1.3).
const ACCEPT_GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// The `Sec-WebSocket-Accept` value that proves a server has understood the client's key.
///
/// It is the base64 of the SHA-1 of the key and a fixed text (RFC 6455 §4.2.2, step 5.4). The key is
/// taken as it stands in `Sec-WebSocket-Key` and isn't checked. Dart:
/// `WebSocketChannel.signKey`.
///
/// ```
/// use web_socket_channel::handshake::sign_key;
///
/// assert_eq!(sign_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
/// ```
#[must_use]
pub fn sign_key(key: &str) -> String {
    let digest = Sha1::new_with_prefix(key).chain_update(ACCEPT_GUID).finalize();
    BASE64.encode(&digest)
}

/// Whether a text is a token as HTTP has it (RFC 9110 §5.6.2), which is what a subprotocol and the
/// name of a header have to be.
#[must_use]
pub fn is_token(text: &str) -> bool {
    let is_token_byte =
        |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_token_byte)
}

/// The elements of all the headers of a name that hold a list with commas (RFC 9110 §5.6.1).
fn list<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a [u8]> {
    headers
        .get_all(name)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .map(<[u8]>::trim_ascii)
        .filter(|element| !element.is_empty())
}

fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    list(headers, name).any(|element| element.eq_ignore_ascii_case(token.as_bytes()))
}
