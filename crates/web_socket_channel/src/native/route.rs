//! Which way a channel goes to its server: straight, or through which proxy. Pure: the variables of
//! the environment come in as a function.

use std::net::IpAddr;

use ipnet::IpNet;
use percent_encoding::percent_decode_str;

use crate::address::Host;
use crate::error::{Error, InvalidArgument, InvalidProxy, ProxyError, ProxyErrorKind};
use crate::handshake::Credentials;
use crate::proxy::{Proxy, parse_proxy};
use crate::request::Request;
use crate::url::{self, Url};

/// The variables that may name a proxy, the first one first, as curl has them. `HTTP_PROXY` is not
/// among them: a CGI program has it from whoever sends it a request with a header `Proxy`.
const FOR_WS: &[&str] = &["ws_proxy", "WS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY"];
const FOR_WSS: &[&str] =
    &["wss_proxy", "WSS_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
/// The variables that may list what is reached without a proxy.
const EXEMPTIONS: &[&str] = &["no_proxy", "NO_PROXY"];

/// How a proxy is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
    /// The server's name is resolved by this machine.
    Socks5,
    /// The server's name is resolved by the proxy.
    Socks5h,
}

/// A proxy that can be asked. It has no `Debug`, on account of its credentials.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ProxyServer {
    pub(crate) scheme: Scheme,
    pub(crate) host: Host,
    pub(crate) port: u16,
    pub(crate) user_and_password: Option<(String, String)>,
}

/// The proxy through which a request goes, if it goes through one. `variable` looks up a variable
/// of the environment.
pub(crate) fn proxy_for(
    request: &Request,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<ProxyServer>, Error> {
    match &request.options.proxy {
        Proxy::Direct => Ok(None),
        Proxy::Url(url) => {
            ProxyServer::parse(url).map(Some).map_err(|why| InvalidArgument::Proxy(why).into())
        }
        Proxy::Environment => {
            let target = Target { host: Host::of(&request.url), port: request.port() };
            if target.is_this_machine() {
                return Ok(None);
            }
            let first = |names: &[&'static str]| {
                names.iter().find_map(|name| {
                    let value = variable(name)?;
                    (!value.trim().is_empty()).then_some((*name, value))
                })
            };
            let names = if request.is_secure() { FOR_WSS } else { FOR_WS };
            let Some((name, url)) = first(names) else { return Ok(None) };
            if first(EXEMPTIONS).is_some_and(|(_, list)| target.is_exempt(&list)) {
                return Ok(None);
            }
            ProxyServer::parse(&url).map(Some).map_err(|why| {
                ProxyError::new(ProxyErrorKind::Invalid(why), name, request.host()).into()
            })
        }
    }
}

impl ProxyServer {
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidProxy> {
        let url = parse_proxy(text)?;
        let (scheme, default_port) = match url.scheme() {
            "https" => (Scheme::Https, 443),
            "socks5" => (Scheme::Socks5, 1080),
            "socks5h" => (Scheme::Socks5h, 1080),
            _ => (Scheme::Http, 80),
        };
        // The schemes of SOCKS are none that a `Url` knows, so it has taken the host as it stands.
        let host = url::Host::parse(url.host_str().unwrap_or_default())
            .map_err(|why| InvalidProxy::Url(why.to_string()))?;
        let port = url.port().unwrap_or(default_port);
        let user_and_password = user_and_password(&url, scheme)?;
        Ok(Self { scheme, host: host.into(), port, user_and_password })
    }

    /// Scheme, host and port: what of it may be shown.
    pub(crate) fn name(&self) -> String {
        let scheme = match self.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
            Scheme::Socks5 => "socks5",
            Scheme::Socks5h => "socks5h",
        };
        format!("{scheme}://{}:{}", self.host, self.port)
    }

    /// What an HTTP proxy is told to be let through.
    pub(crate) fn credentials(&self) -> Option<Credentials> {
        self.user_and_password.as_ref().map(|(user, password)| Credentials::new(user, password))
    }
}

fn user_and_password(url: &Url, scheme: Scheme) -> Result<Option<(String, String)>, InvalidProxy> {
    if url.username().is_empty() && url.password().is_none() {
        return Ok(None);
    }
    let decode = |text: &str| match percent_decode_str(text).decode_utf8() {
        Ok(decoded) => Ok(decoded.into_owned()),
        Err(_) => Err(InvalidProxy::Credentials),
    };
    let user = decode(url.username())?;
    let password = decode(url.password().unwrap_or_default())?;
    let can_be_sent = match scheme {
        Scheme::Http | Scheme::Https => Credentials::new(&user, &password).fit_basic(),
        // RFC 1929 §2.
        Scheme::Socks5 | Scheme::Socks5h => {
            [&user, &password].iter().all(|text| (1..=255).contains(&text.len()))
        }
    };
    if can_be_sent { Ok(Some((user, password))) } else { Err(InvalidProxy::Credentials) }
}

/// Where a request goes to, as the exemptions from a proxy name it.
struct Target {
    host: Host,
    port: u16,
}

impl Target {
    /// Whether it is this machine: a proxy that is asked for it would look for it on its own.
    fn is_this_machine(&self) -> bool {
        match &self.host {
            Host::Name(name) => is_at_or_below(name, "localhost"),
            Host::Address(address) => address.to_canonical().is_loopback(),
        }
    }

    /// Whether a list such as `no_proxy` names it.
    fn is_exempt(&self, list: &str) -> bool {
        let entries = list.split(|c: char| c == ',' || c.is_whitespace());
        entries.filter(|entry| !entry.is_empty()).any(|entry| self.is_meant_by(entry))
    }

    fn is_meant_by(&self, entry: &str) -> bool {
        if entry == "*" {
            return true;
        }
        // Before a port is looked for, as addresses of IPv6 have colons of their own.
        if let Ok(network) = entry.parse::<IpNet>() {
            return self.address().is_some_and(|address| network.contains(&address));
        }
        if let Ok(address) = entry.parse::<IpAddr>() {
            return self.address() == Some(address.to_canonical());
        }
        let (name, port) = match entry.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => (name, Some(port.parse())),
            _ => (entry, None),
        };
        if port.is_some_and(|port| port != Ok(self.port)) {
            return false;
        }
        let above = name.strip_prefix("*.").or_else(|| name.strip_prefix('.'));
        match (url::Host::parse(above.unwrap_or(name)).map(Host::from), &self.host) {
            (Ok(Host::Name(name)), Host::Name(host)) => is_at_or_below(host, &name),
            (Ok(Host::Address(address)), _) => self.address() == Some(address.to_canonical()),
            _ => false,
        }
    }

    /// One of IPv4 that is written as one of IPv6 is one of IPv4.
    fn address(&self) -> Option<IpAddr> {
        match self.host {
            Host::Name(_) => None,
            Host::Address(address) => Some(address.to_canonical()),
        }
    }
}

/// Whether a name is this one or ends in it. Both are in lower case.
fn is_at_or_below(host: &str, name: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let name = name.strip_suffix('.').unwrap_or(name);
    host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;

    fn request(url: &str, proxy: Proxy) -> Request {
        Request::new(url, Options::default().proxy(proxy))
            .unwrap_or_else(|misuse| unreachable!("{url}: {misuse}"))
    }

    /// The name of the proxy that an environment has for a URL.
    fn named(url: &str, environment: &[(&str, &str)]) -> Result<Option<String>, Error> {
        let variable = |name: &str| {
            let found = environment.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let proxy = proxy_for(&request(url, Proxy::Environment), variable)?;
        Ok(proxy.map(|proxy| proxy.name()))
    }

    fn is_exempt(url: &str, list: &str) -> bool {
        let environment = [("all_proxy", "http://proxy.example"), ("no_proxy", list)];
        named(url, &environment).is_ok_and(|proxy| proxy.is_none())
    }

    fn parse(url: &str) -> ProxyServer {
        ProxyServer::parse(url).unwrap_or_else(|why| unreachable!("{url}: {why}"))
    }

    #[test]
    fn the_variables_are_asked_in_the_order_of_curl() {
        for (url, order) in [("ws://server.example", FOR_WS), ("wss://server.example", FOR_WSS)] {
            let mut environment: Vec<(&str, String)> =
                order.iter().map(|name| (*name, format!("http://{name}.example:3678"))).collect();
            for first in order {
                let known: Vec<(&str, &str)> =
                    environment.iter().rev().map(|(name, value)| (*name, value.as_str())).collect();
                // Hosts are in lower case, and underscores may be in them.
                let expected = format!("http://{}.example:3678", first.to_lowercase());
                assert_eq!(named(url, &known).ok().flatten(), Some(expected), "{url}");
                environment.remove(0);
            }
            assert!(matches!(named(url, &[]), Ok(None)));
        }
    }

    #[test]
    fn http_proxy_counts_in_lower_case_only() {
        let environment = [("HTTP_PROXY", "http://evil.example")];
        assert!(matches!(named("ws://server.example", &environment), Ok(None)));
    }

    #[test]
    fn a_variable_for_the_other_scheme_does_not_count() {
        let environment = [("https_proxy", "http://a.example"), ("wss_proxy", "http://b.example")];
        assert!(matches!(named("ws://server.example", &environment), Ok(None)));
        let environment = [("http_proxy", "http://a.example"), ("ws_proxy", "http://b.example")];
        assert!(matches!(named("wss://server.example", &environment), Ok(None)));
    }

    #[test]
    fn an_empty_variable_is_none() {
        let environment = [("ws_proxy", ""), ("http_proxy", " "), ("all_proxy", "a.example")];
        let proxy = named("ws://server.example", &environment).ok().flatten();
        assert_eq!(proxy.as_deref(), Some("http://a.example:80"));
        // The same holds of the exemptions.
        let lists = [("no_proxy", ""), ("NO_PROXY", "server.example")];
        let environment: Vec<_> = environment.into_iter().chain(lists).collect();
        assert!(matches!(named("ws://server.example", &environment), Ok(None)));
    }

    #[test]
    fn no_proxy_in_lower_case_goes_first() {
        let environment = [
            ("all_proxy", "a.example"),
            ("no_proxy", "other.example"),
            ("NO_PROXY", "server.example"),
        ];
        assert!(matches!(named("ws://server.example", &environment), Ok(Some(_))));
    }

    #[test]
    fn a_variable_that_names_no_proxy_is_an_error_that_names_the_variable() {
        let secret = "socks4://person:3678@proxy.example";
        let error = named("ws://a.example:9", &[("http_proxy", secret)]).err();
        let Some(Error::Proxy(error)) = error else { unreachable!("{error:?}") };
        assert_eq!(error.kind, ProxyErrorKind::Invalid(InvalidProxy::Scheme("socks4".to_owned())));
        assert_eq!((error.proxy.as_str(), error.host.as_str()), ("http_proxy", "a.example:9"));
        for shown in [error.to_string(), format!("{error:?}")] {
            assert!(shown.contains("http_proxy") && shown.contains("socks4"), "{shown}");
            assert!(!shown.contains("person") && !shown.contains("3678"), "{shown}");
        }
        // It is no error where no proxy would be asked.
        let exempt = [("http_proxy", secret), ("no_proxy", "*")];
        assert!(matches!(named("ws://a.example", &exempt), Ok(None)));
        assert!(matches!(named("ws://localhost", &exempt[..1]), Ok(None)));
    }

    #[test]
    fn this_machine_is_reached_without_a_proxy_of_the_environment() {
        let environment = [("all_proxy", "http://proxy.example")];
        for (host, is_direct) in [
            ("localhost", true),
            ("LocalHost.", true),
            ("server.localhost", true),
            ("127.0.0.1", true),
            ("127.255.36.78", true),
            ("[::1]", true),
            ("[::ffff:127.0.0.1]", true),
            ("localhost.example", false),
            ("notlocalhost", false),
            ("128.0.0.1", false),
            ("10.0.0.1", false),
            ("[::2]", false),
        ] {
            let named = named(&format!("ws://{host}:3678"), &environment);
            assert_eq!(named.is_ok_and(|proxy| proxy.is_none()), is_direct, "{host}");
        }
    }

    #[test]
    fn a_program_can_decide_by_itself() {
        let everywhere = |_: &str| Some("http://environment.example".to_owned());
        let direct = request("ws://server.example", Proxy::Direct);
        assert!(matches!(proxy_for(&direct, everywhere), Ok(None)));

        let proxy = Proxy::Url("socks5://proxy.example".to_owned());
        for url in ["ws://server.example", "ws://127.0.0.1:3678"] {
            let found = proxy_for(&request(url, proxy.clone()), everywhere).ok().flatten();
            assert_eq!(
                found.map(|proxy| proxy.name()).as_deref(),
                Some("socks5://proxy.example:1080")
            );
        }
    }

    #[test]
    fn names_are_exempt_with_all_below_them() {
        for entry in ["example.com", ".example.com", "*.example.com", "Example.COM", "example.com."]
        {
            assert!(is_exempt("ws://example.com", entry), "{entry}");
            assert!(is_exempt("wss://server.Example.com:3678", entry), "{entry}");
            assert!(is_exempt("ws://a.b.example.com./", entry), "{entry}");
            assert!(!is_exempt("ws://notexample.com", entry), "{entry}");
            assert!(!is_exempt("ws://example.com.org", entry), "{entry}");
            assert!(!is_exempt("ws://com", entry), "{entry}");
        }
        assert!(is_exempt("ws://münchen.example", "MÜNCHEN.example"));
        assert!(is_exempt("ws://xn--mnchen-3ya.example", "münchen.example"));
    }

    #[test]
    fn addresses_and_networks_are_exempt() {
        for (url, entry, expected) in [
            ("ws://10.36.78.1", "10.36.78.1", true),
            ("ws://10.36.78.1", "10.36.78.2", false),
            ("ws://10.36.78.1", "10.0.0.0/8", true),
            ("ws://10.36.78.1", "10.36.79.1/23", true),
            ("ws://10.36.78.1", "10.36.79.0/24", false),
            ("ws://10.36.78.1", "0.0.0.0/0", true),
            ("ws://10.36.78.1", "10.36.78.1/33", false),
            ("ws://[::ffff:10.36.78.1]", "10.0.0.0/8", true),
            ("ws://[2001:db8::3678]", "2001:db8::3678", true),
            ("ws://[2001:db8::3678]", "[2001:db8::3678]", true),
            ("ws://[2001:db8::3678]", "2001:db8::/32", true),
            ("ws://[2001:db8::3678]", "2001:db9::/32", false),
            ("ws://[2001:db8::3678]", "10.0.0.0/8", false),
            // A name is not resolved to find out.
            ("ws://server.example", "0.0.0.0/0", false),
            // Nor does the end of an address mean anything.
            ("ws://10.36.78.1", "78.1", false),
        ] {
            assert_eq!(is_exempt(url, entry), expected, "{url}, {entry}");
        }
    }

    #[test]
    fn an_exemption_may_be_for_one_port() {
        for (url, entry, expected) in [
            ("ws://server.example:3678", "server.example:3678", true),
            ("ws://server.example:3678", ".example:3678", true),
            ("ws://server.example:3679", "server.example:3678", false),
            ("ws://server.example", "server.example:80", true),
            ("wss://server.example", "server.example:443", true),
            ("wss://server.example", "server.example:80", false),
            ("ws://10.36.78.1:3678", "10.36.78.1:3678", true),
            ("ws://10.36.78.1:3679", "10.36.78.1:3678", false),
            ("ws://[2001:db8::1]:3678", "[2001:db8::1]:3678", true),
            ("ws://[2001:db8::1]:3679", "[2001:db8::1]:3678", false),
            ("ws://server.example", "server.example:port", false),
            ("ws://server.example", "server.example:", false),
        ] {
            assert_eq!(is_exempt(url, entry), expected, "{url}, {entry}");
        }
    }

    #[test]
    fn a_list_has_commas_and_blanks() {
        for list in [
            "*",
            "a.example,*",
            "a.example, server.example",
            "a.example server.example",
            ",, server.example ,",
            "a.example,\tserver.example:80",
        ] {
            assert!(is_exempt("ws://server.example", list), "{list:?}");
        }
        for list in [
            "",
            ",",
            ".",
            "*.",
            ":80",
            "[",
            "a.example",
            "server.*",
            "r*n.example",
            "*server.example",
            "/8",
        ] {
            assert!(!is_exempt("ws://server.example", list), "{list:?}");
        }
    }

    #[test]
    fn proxies_have_a_port_each() {
        for (url, name) in [
            ("http://proxy.example", "http://proxy.example:80"),
            ("https://proxy.example/", "https://proxy.example:443"),
            ("socks5://proxy.example", "socks5://proxy.example:1080"),
            ("socks5h://proxy.example:80", "socks5h://proxy.example:80"),
            ("proxy.example:3128", "http://proxy.example:3128"),
            ("localhost:3128", "http://localhost:3128"),
            ("socks5://[::1]:3678", "socks5://[::1]:3678"),
            ("socks5://Proxy.Example", "socks5://proxy.example:1080"),
            ("socks5://münchen.example", "socks5://xn--mnchen-3ya.example:1080"),
            ("socks5://127.0.0.1", "socks5://127.0.0.1:1080"),
        ] {
            assert_eq!(parse(url).name(), name, "{url}");
        }
        assert!(matches!(parse("socks5://127.0.0.1").host, Host::Address(_)));
        for url in ["socks5://", "socks5://:1080", "socks5://a%00b", "socks5h:///"] {
            let refused = ProxyServer::parse(url).err();
            assert!(matches!(refused, Some(InvalidProxy::Url(_))), "{url}: {refused:?}");
        }
    }

    #[test]
    fn credentials_are_decoded_and_checked_for_their_scheme() {
        let of = |url: &str| ProxyServer::parse(url).map(|proxy| proxy.user_and_password);
        let both = |user: &str, password: &str| Ok(Some((user.to_owned(), password.to_owned())));
        let long = "a".repeat(255);
        assert_eq!(of("http://proxy.example"), Ok(None));
        assert_eq!(of("http://p%65rson:3%3A6%4078@proxy.example"), both("person", "3:6@78"));
        assert_eq!(of("person:36@78@proxy.example"), both("person", "36@78"));
        assert_eq!(of("http://person@proxy.example"), both("person", ""));
        assert_eq!(of("http://:3678@proxy.example"), both("", "3678"));
        assert_eq!(of("socks5://us%3Aer01:36%0A78@proxy.example"), both("us:er01", "36\n78"));
        assert_eq!(of(&format!("socks5://{long}:{long}@a")), both(&long, &long));

        for url in [
            "http://us%3Aer01:3678@proxy.example",
            "http://person:36%0D%0A78@proxy.example",
            "http://person:%FF@proxy.example",
            "socks5://person@proxy.example",
            "socks5://:3678@proxy.example",
            &format!("socks5h://a{long}:3678@proxy.example"),
            &format!("socks5h://person:a{long}@proxy.example"),
        ] {
            assert_eq!(of(url), Err(InvalidProxy::Credentials), "{url}");
        }
    }
}
