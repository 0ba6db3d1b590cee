//! What is shown of a proxy, and what is not.

use web_socket_channel::{InvalidArgument, InvalidProxy, Options, Proxy, WebSocketChannel};

#[test]
fn debug_shows_where_it_leads_and_nothing_else() {
    let shown = |url: &str| format!("{:?}", Proxy::Url(url.to_owned()));
    assert_eq!(shown("http://person:3678@proxy.example/"), r#"Url("http://proxy.example")"#);
    assert_eq!(shown("person:3678@[::1]:3128"), r#"Url("http://[::1]:3128")"#);
    assert_eq!(shown("SOCKS5H://person@proxy.example:9"), r#"Url("socks5h://proxy.example:9")"#);
    for broken in [
        "http://server:36/78@proxy.example",
        "http://server/3678@proxy.example",
        "http://proxy.example/?custom=3678",
        "ftp://person:3678@proxy.example",
        "person:3678@",
    ] {
        assert_eq!(shown(broken), "Url(not shown)", "{broken}");
    }
    assert_eq!(format!("{:?}", Proxy::default()), "Environment");
    assert_eq!(format!("{:?}", Proxy::Direct), "Direct");
}

#[test]
fn what_is_no_proxy_says_why() {
    let refused = |url: &str| {
        let options = Options::default().proxy(Proxy::Url(url.to_owned()));
        match WebSocketChannel::connect_with("ws://server.example", options) {
            Err(InvalidArgument::Proxy(why)) => Some(why),
            _ => None,
        }
    };
    assert_eq!(refused("socks5://127.0.0.1:1"), None);
    assert_eq!(refused(" https://127.0.0.1:1/ "), None);
    for scheme in ["socks", "socks4", "ws", "ftp"] {
        let url = format!("{scheme}://proxy.example:3678");
        assert_eq!(refused(&url), Some(InvalidProxy::Scheme(scheme.to_owned())));
    }
    for url in ["http://proxy.example/proxy.pac", "socks5://a/b", "a?b", "socks5://a#b"] {
        assert_eq!(refused(url), Some(InvalidProxy::Path), "{url}");
    }
    for url in ["", "http://", "http://a:99999", "http://a b", "socks5://a:b:c@d:e"] {
        assert!(matches!(refused(url), Some(InvalidProxy::Url(_))), "{url}");
    }
}
