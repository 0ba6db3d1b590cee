//! In the place of the `url` crate in a build without the feature of that name: URLs that are written plainly
//! are read as that crate reads them, and all others are refused.
//!
//! It has the names of that crate, as far as they are used here.

#![allow(dead_code, reason = "not every build dials, and a test only compares")]

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::error::InvalidArgument;

/// A URL of one of the four schemes that lead to a WebSocket; of any other only the scheme is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Url {
    scheme: String,
    user: String,
    password: Option<String>,
    /// As it stands in the URL, so that an address of IPv6 has its brackets.
    host: String,
    port: Option<u16>,
    /// Path and query; of another scheme all that is behind it.
    target: String,
    has_fragment: bool,
    /// The whole, without the fragment.
    text: String,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Host<S> {
    Domain(S),
    Ipv4(Ipv4Addr),
    Ipv6(Ipv6Addr),
}

const NOT_PLAIN: InvalidArgument =
    InvalidArgument::NeedsFeature { what: "a URL that is not written plainly", feature: "url" };

fn invalid(why: &str) -> InvalidArgument {
    InvalidArgument::Url(why.to_owned())
}

impl Url {
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidArgument> {
        let (text, has_fragment) =
            text.split_once('#').map_or((text, false), |(text, _)| (text, true));
        let is_of_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        let (scheme, rest) = text
            .split_once(':')
            .filter(|(scheme, _)| {
                scheme.starts_with(|first: char| first.is_ascii_alphabetic())
                    && scheme.bytes().all(is_of_scheme)
            })
            .ok_or_else(|| invalid("relative URL without a base"))?;
        let scheme = scheme.to_ascii_lowercase();
        let mut url = Self { scheme, has_fragment, target: rest.to_owned(), ..Self::default() };
        if let Some(default_port) = default_port(&url.scheme) {
            url.parse_rest(rest, default_port)?;
        }
        url.put_together();
        Ok(url)
    }

    fn parse_rest(&mut self, rest: &str, default_port: u16) -> Result<(), InvalidArgument> {
        let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"\"'<>\\^`{|}".contains(&byte);
        let rest = rest.strip_prefix("//").filter(|rest| rest.bytes().all(is_plain));
        let rest = rest.ok_or(NOT_PLAIN)?;
        let (authority, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (credentials, address) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
        let colon = address.rfind(':').filter(|colon| !address[*colon..].contains(']'));
        let (host, port) = address.split_at(colon.unwrap_or(address.len()));
        let port = port.strip_prefix(':').unwrap_or_default();
        let path = target.split('?').next().unwrap_or_default();
        let is_dots = |segment: &str| {
            matches!(&*segment.to_ascii_lowercase().replace("%2e", "."), "." | "..")
        };
        if [user, password].iter().any(|text| text.contains([':', ';', '=', '@', '[', ']']))
            || path.split('/').any(is_dots)
        {
            return Err(NOT_PLAIN);
        }
        self.host = parse_host(host)?;
        self.port = match port.parse() {
            _ if port.is_empty() => None,
            Ok(number) if !port.starts_with('+') => Some(number).filter(|n| *n != default_port),
            _ => return Err(invalid("invalid port number")),
        };
        user.clone_into(&mut self.user);
        self.password = (!password.is_empty()).then(|| password.to_owned());
        let root = if path.is_empty() { "/" } else { "" };
        self.target = format!("{root}{target}");
        Ok(())
    }

    fn put_together(&mut self) {
        let Self { scheme, user, host, target, .. } = self;
        let credentials = match (&**user, &self.password) {
            ("", None) => String::new(),
            (user, None) => format!("{user}@"),
            (user, Some(password)) => format!("{user}:{password}@"),
        };
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        let slashes = if host.is_empty() { "" } else { "//" };
        self.text = format!("{scheme}:{slashes}{credentials}{host}{port}{target}");
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn scheme(&self) -> &str {
        &self.scheme
    }

    /// Among the four.
    pub(crate) fn set_scheme(&mut self, scheme: &str) -> Result<(), ()> {
        scheme.clone_into(&mut self.scheme);
        self.put_together();
        Ok(())
    }

    pub(crate) fn cannot_be_a_base(&self) -> bool {
        self.host.is_empty() && !self.target.starts_with('/')
    }

    pub(crate) fn username(&self) -> &str {
        &self.user
    }

    pub(crate) fn set_username(&mut self, user: &str) -> Result<(), ()> {
        user.clone_into(&mut self.user);
        self.put_together();
        Ok(())
    }

    pub(crate) fn password(&self) -> Option<&str> {
        self.password.as_deref()
    }

    pub(crate) fn set_password(&mut self, password: Option<&str>) -> Result<(), ()> {
        self.password = password.map(str::to_owned);
        self.put_together();
        Ok(())
    }

    pub(crate) fn host_str(&self) -> Option<&str> {
        Some(&*self.host).filter(|host| !host.is_empty())
    }

    pub(crate) fn host(&self) -> Option<Host<&str>> {
        let host = self.host_str()?;
        Some(match (host.trim_matches(['[', ']']).parse(), host.parse()) {
            (Ok(address), _) => Host::Ipv6(address),
            (_, Ok(address)) => Host::Ipv4(address),
            _ => Host::Domain(host),
        })
    }

    pub(crate) fn port(&self) -> Option<u16> {
        self.port
    }

    pub(crate) fn port_or_known_default(&self) -> Option<u16> {
        self.port.or(default_port(&self.scheme))
    }

    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    pub(crate) fn fragment(&self) -> Option<&str> {
        self.has_fragment.then_some("")
    }
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "ws" | "http" => Some(80),
        "wss" | "https" => Some(443),
        _ => None,
    }
}

fn parse_host(host: &str) -> Result<String, InvalidArgument> {
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

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(all(test, feature = "url"))]
mod tests {
    use super::*;

    use proptest::prelude::*;

    /// What is read here is read by the other in the same way.
    fn agrees(text: &str) -> Result<bool, TestCaseError> {
        let Ok(plain) = Url::parse(text) else { return Ok(false) };
        if default_port(plain.scheme()).is_none() {
            return Ok(false);
        }
        let Ok(other) = ::url::Url::parse(text) else {
            // What is behind this in a name is left to the resolver.
            prop_assert!(text.to_ascii_lowercase().contains("xn--"), "{:?} is no URL", text);
            return Ok(false);
        };
        let fragment = other.as_str().find('#').unwrap_or(other.as_str().len());
        prop_assert_eq!(plain.as_str(), &other.as_str()[..fragment]);
        prop_assert_eq!(plain.username(), other.username());
        prop_assert_eq!(plain.password(), other.password());
        prop_assert_eq!(plain.host_str(), other.host_str());
        prop_assert_eq!(plain.port_or_known_default(), other.port_or_known_default());
        prop_assert_eq!(plain.path(), other.path());
        prop_assert_eq!(plain.fragment().is_some(), other.fragment().is_some());
        Ok(true)
    }

    #[test]
    fn plain_urls_are_read_as_by_the_crate() {
        for text in [
            "ws://example.com",
            "WSS://Example.COM:443/Echo?a=b&c=d",
            "http://user:pass@127.0.0.1:9001/a%20b?",
            "ws://us%20er:p@example.com.:80",
            "wss://[::1]:9001/#top",
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
            assert_eq!(Url::parse(text), Err(NOT_PLAIN), "{text}");
            assert!(::url::Url::parse(text).is_ok(), "{text}");
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
            let refused = Url::parse(text);
            assert!(matches!(refused, Err(InvalidArgument::Url(_))), "{text}: {refused:?}");
            assert!(::url::Url::parse(text).is_err(), "{text}");
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
