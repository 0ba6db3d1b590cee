//! A request as text: whole for the client that sent it, and for the log without what is a secret.

use std::fmt::Write as _;
use std::net::IpAddr;

use hyper::header::HeaderMap;
use hyper::{Request, Version};

use crate::listener::Entry;

/// Headers whose values may stand in a log: none of them lets anybody in.
const HARMLESS: [&str; 18] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "connection",
    "content-length",
    "content-type",
    "forwarded",
    "host",
    "origin",
    "sec-websocket-extensions",
    "sec-websocket-version",
    "upgrade",
    "user-agent",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
];

/// The headers for the log: of those that aren't known to be harmless the name, and of no value a
/// character that a terminal would take for a command.
pub(crate) fn headers_for_log(headers: &HeaderMap) -> String {
    let mut text = String::new();
    for (name, value) in headers {
        let separator = if text.is_empty() { "" } else { ", " };
        // Writing into a string can't fail.
        let _ = if HARMLESS.contains(&name.as_str()) {
            write!(text, "{separator}{name}: {}", value.as_bytes().escape_ascii())
        } else {
            write!(text, "{separator}{name}: …")
        };
    }
    text
}

/// The path for the log, without the query, in which tokens are.
pub(crate) fn path_for_log<T>(request: &Request<T>) -> String {
    request.uri().path().as_bytes().escape_ascii().to_string()
}

/// All that the server knows of a request, for the client that sent it.
pub(crate) fn describe(
    request: &Request<()>,
    entry: Entry,
    client: IpAddr,
    protocol: Option<&str>,
) -> String {
    let version = if request.version() == Version::HTTP_10 { "HTTP/1.0" } else { "HTTP/1.1" };
    let mut text = format!("{} {} {version}\n", request.method(), request.uri());
    for (name, value) in request.headers() {
        // Writing into a string can't fail.
        let _ = writeln!(text, "{name}: {}", String::from_utf8_lossy(value.as_bytes()));
    }
    let _ = write!(
        text,
        "\nclient: {}\npeer: {}\nTLS: {}\nsubprotocol: {}\n",
        client,
        entry.peer,
        if entry.is_secure { "yes" } else { "no" },
        protocol.unwrap_or("none"),
    );
    text
}
