//! What a person types as an address, made into a URL: without invisible characters, with a scheme.

use web_socket_channel::{InvalidArgument, Options, check_request};

/// The URL that a person means by what they typed.
///
/// Characters that can't be seen and come along when an address is copied are taken off (U+FEFF,
/// U+200B to U+200F, U+202A to U+202E, U+2060 to U+2069), and so are blanks at either end. Where no
/// scheme is given it is `ws:`, so that `localhost:9001` is enough.
#[must_use]
pub fn normalized(typed: &str) -> String {
    let seen: String = typed.chars().filter(|character| !is_invisible(*character)).collect();
    let seen = seen.trim();
    if seen.is_empty() || has_scheme(seen) { seen.to_owned() } else { format!("ws://{seen}") }
}

/// What is wrong with what a person typed, if anything is.
#[must_use]
pub fn problem(typed: &str) -> Option<InvalidArgument> {
    check_request(&normalized(typed), &Options::default()).err()
}

/// The URL without user and password, as far as it may be kept and shown.
#[must_use]
pub fn without_credentials(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

/// The host and the port of a URL, for a line with little room.
#[must_use]
pub fn host(url: &str) -> String {
    let url = without_credentials(url);
    let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    rest[..end].to_owned()
}

fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
    )
}

/// Whether it begins with a scheme, and not with a host and its port.
fn has_scheme(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_name = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    is_name && (rest.starts_with("//") || matches!(scheme, "ws" | "wss" | "http" | "https"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_alone_is_enough() {
        for (typed, url) in [
            ("localhost:9001", "ws://localhost:9001"),
            ("example.com/chat", "ws://example.com/chat"),
            ("[::1]:9001", "ws://[::1]:9001"),
            ("127.0.0.1", "ws://127.0.0.1"),
            ("wss://example.com", "wss://example.com"),
            ("ftp://example.com", "ftp://example.com"),
            ("  ws://a  ", "ws://a"),
        ] {
            assert_eq!(normalized(typed), url, "{typed}");
        }
        assert_eq!(problem("localhost:9001"), None);
        assert_eq!(problem("ftp://a"), Some(InvalidArgument::Scheme("ftp".into())));
    }

    #[test]
    fn invisible_characters_are_taken_off() {
        assert_eq!(normalized("\u{feff}ws://exam\u{200b}ple.com\u{202d}"), "ws://example.com");
        assert_eq!(problem("\u{202d}ws://example.com"), None);
    }

    #[test]
    fn nothing_typed_is_no_address() {
        assert_eq!(normalized(" \u{feff} "), "");
        assert!(problem("").is_some());
    }

    #[test]
    fn credentials_are_not_kept() {
        assert_eq!(without_credentials("wss://user:secret@a:1/b?c=@"), "wss://a:1/b?c=@");
        assert_eq!(without_credentials("ws://a/b@c"), "ws://a/b@c");
        assert_eq!(host("wss://user:secret@example.com:8443/b?c"), "example.com:8443");
    }
}
