//! In the place of the `url` crate in a build without the feature of that name: URLs that are written plainly
//! are read as that crate reads them, and all others are refused.

#![cfg_attr(feature = "url", allow(dead_code, reason = "a test compares the two"))]

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::address::{no_scheme, not_web_socket};
use crate::error::InvalidArgument;

const NOT_PLAIN: InvalidArgument =
    InvalidArgument::NeedsFeature { what: "a URL that is not written plainly", feature: "url" };

fn invalid(why: &str) -> InvalidArgument {
    InvalidArgument::Url(why.to_owned())
}

/// The URL in its normal form.
pub(crate) fn normalize(url: &str) -> Result<String, InvalidArgument> {
    let is_of_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    let (scheme, rest) = url
        .split_once(':')
        .filter(|(scheme, _)| scheme.starts_with(|first: char| first.is_ascii_alphabetic()))
        .filter(|(scheme, _)| scheme.bytes().all(is_of_scheme))
        .ok_or_else(no_scheme)?;
    let (scheme, default_port) = match &*scheme.to_ascii_lowercase() {
        "ws" | "http" => ("ws", 80),
        "wss" | "https" => ("wss", 443),
        other => return Err(not_web_socket(other, url)),
    };
    let (rest, fragment) = rest.split_once('#').map_or((rest, None), |(rest, it)| (rest, Some(it)));
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"\"'<>\\^`{|}".contains(&byte);
    let rest = rest.strip_prefix("//").filter(|rest| rest.bytes().all(is_plain));
    let rest = rest.ok_or(NOT_PLAIN)?;
    let (authority, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let (credentials, address) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
    let path = target.split('?').next().unwrap_or_default();
    let is_dots =
        |segment: &str| matches!(&*segment.to_ascii_lowercase().replace("%2e", "."), "." | "..");
    if [user, password].iter().any(|text| text.contains([':', ';', '=', '@', '[', ']']))
        || path.split('/').any(is_dots)
    {
        return Err(NOT_PLAIN);
    }
    let colon = address.rfind(':').filter(|colon| !address[*colon..].contains(']'));
    let (host, port) = address.split_at(colon.unwrap_or(address.len()));
    let host = normalize_host(host)?;
    let port = match port.strip_prefix(':').unwrap_or_default() {
        "" => String::new(),
        port if port.starts_with('+') => return Err(invalid("invalid port number")),
        port => match port.parse::<u16>() {
            Ok(number) if number == default_port => String::new(),
            Ok(number) => format!(":{number}"),
            Err(_) => return Err(invalid("invalid port number")),
        },
    };
    if fragment.is_some() {
        return Err(InvalidArgument::Fragment);
    }
    let credentials = match (user, password) {
        ("", "") => String::new(),
        (user, "") => format!("{user}@"),
        (user, password) => format!("{user}:{password}@"),
    };
    let root = if path.is_empty() { "/" } else { "" };
    Ok(format!("{scheme}://{credentials}{host}{port}{root}{target}"))
}

fn normalize_host(host: &str) -> Result<String, InvalidArgument> {
    if host.is_empty() {
        return Err(invalid("empty host"));
    }
    if let Some(inner) = host.strip_prefix('[') {
        let address = inner.strip_suffix(']').and_then(|inner| inner.parse::<Ipv6Addr>().ok());
        let address = address.ok_or_else(|| invalid("invalid IPv6 address"))?;
        // Of these the standard library shows a part as an address of IPv4, and browsers do not.
        let is_plain = address.to_ipv4_mapped().is_none();
        return if is_plain { Ok(format!("[{address}]")) } else { Err(NOT_PLAIN) };
    }
    let last = host.strip_suffix('.').unwrap_or(host).rsplit('.').next().unwrap_or_default();
    let is_number = last.starts_with("0x")
        || last.starts_with("0X")
        || (!last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()));
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    if !host.bytes().all(is_of_name) || is_number && host.parse::<Ipv4Addr>().is_err() {
        return Err(NOT_PLAIN);
    }
    Ok(host.to_ascii_lowercase())
}

#[cfg(all(test, feature = "url"))]
mod tests {
    use super::*;
    use crate::address::parse_url;

    use proptest::prelude::*;

    /// What is read here is read by the other in the same way.
    fn agrees(text: &str) -> Result<bool, TestCaseError> {
        let Ok(plain) = normalize(text) else { return Ok(false) };
        let Ok(other) = parse_url(text) else {
            // What is behind this in a name is left to the resolver.
            prop_assert!(text.to_ascii_lowercase().contains("xn--"), "{:?} is no URL", text);
            return Ok(false);
        };
        prop_assert_eq!(&plain, other.as_str());
        prop_assert_eq!(crate::address::parse(text).map(|uri| uri.to_string()), Ok(plain));
        Ok(true)
    }

    #[test]
    fn plain_urls_are_read_as_by_the_crate() {
        for text in [
            "ws://example.com",
            "WSS://Example.COM:443/Echo?a=b&c=d",
            "http://user:pass@127.0.0.1:9001/a%20b?",
            "ws://us%20er:p@example.com.:80",
            "wss://[::1]:9001/top",
            "ws://[2001:DB8:0:0:0:0:0:1]",
            "ws://xn--mnchen-3ya.example/?//x",
            "ws://a_b/~!$&()*+,;=:@[]//x",
            "ws://:pw@h",
            "ws://u:@h:",
        ] {
            assert!(agrees(text).expect("it is read alike"), "{text}");
        }
    }

    #[test]
    fn what_is_not_plain_names_the_feature() {
        for text in [
            "ws://münchen.example",
            "ws:/example.com",
            "ws://example.com\\a",
            "ws://127.1",
            "ws://0x7f000001",
            "ws://[::ffff:1:2]",
            "ws://us;er@example.com",
            "ws://example.com/a/%2E./b",
            "ws://example.com/a b",
            "ws://example.com/?ö",
        ] {
            assert_eq!(normalize(text), Err(NOT_PLAIN), "{text}");
            assert!(parse_url(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_is_no_url_is_refused() {
        for text in [
            "",
            "custom",
            "/echo",
            "ws://",
            "ws://:80",
            "ws://a:99999",
            "ws://a:b",
            "ws://[::1",
            "ws://[::1]x",
            "ws://user@",
            "1ws://a",
            "ws://a:+80",
        ] {
            let refused = normalize(text);
            assert!(matches!(refused, Err(InvalidArgument::Url(_))), "{text}: {refused:?}");
            assert!(parse_url(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_read_otherwise(
            scheme in "(ws|wss|http|HTTPS)",
            slashes in "(//|//|//|/|)",
            rest in "[a-zA-Z0-9:@./?#%\\[\\]&='\"{}|^` _~!$;,<>+äß\\\\-]{0,24}",
        ) {
            agrees(&format!("{scheme}:{slashes}{rest}"))?;
        }

        #[test]
        fn no_address_is_read_otherwise(host in "(\\[[0-9a-f:]{2,20}\\]|[0-9.x]{1,12}|[a-z.-]{1,9})") {
            agrees(&format!("ws://{host}/"))?;
        }
    }
}
