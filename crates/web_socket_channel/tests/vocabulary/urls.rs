//! How a URL is read.

use web_socket_channel::handshake::InvalidRequest;
use web_socket_channel::{InvalidArgument, check_url, parse_url};

#[test]
fn urls() {
    let parsed = |url| parse_url(url).map(|url| url.to_string());
    assert_eq!(parsed("ws://127.0.0.1:9001/echo?a=b"), Ok("ws://127.0.0.1:9001/echo?a=b".into()));
    assert_eq!(parsed("http://example.com:80"), Ok("ws://example.com/".into()));
    assert_eq!(parsed("https://[::1]:443/"), Ok("wss://[::1]/".into()));
    assert_eq!(parsed("ws://münchen.example/ä"), Ok("ws://xn--mnchen-3ya.example/%C3%A4".into()));
    assert_eq!(parsed("ftp://example.com"), Err(InvalidArgument::Scheme("ftp".into())));
    assert_eq!(parsed("mailto:custom"), Err(InvalidArgument::Scheme("mailto".into())));
    assert_eq!(parsed("ws://example.com/#"), Err(InvalidArgument::Fragment));
    assert_eq!(parsed("ws://example.com/#custom"), Err(InvalidArgument::Fragment));
    for broken in ["", "custom", "/echo", "ws://", "ws://:80", "ws://a b/", "ws://a:99999"] {
        assert!(matches!(parsed(broken), Err(InvalidArgument::Url(_))), "{broken}");
    }
}

#[test]
fn a_user_is_not_taken_for_a_scheme() {
    for url in ["someone:s3cret@example.com", "someone:s3cret@example.com:80/echo"] {
        assert!(matches!(parse_url(url), Err(InvalidArgument::Url(_))), "{url}");
    }
    // The names of machines are no secret, and it helps to see what was taken for what.
    assert_eq!(parse_url("localhost:9001"), Err(InvalidArgument::Scheme("localhost".into())));
}

#[test]
fn who_leaves_the_scheme_out_is_told_to_begin_with_it() {
    for url in ["", "127.0.0.1:9001", "//example.com", "example.com/echo", "localhost:9001"] {
        let told = check_url(url).map_err(|why| why.to_string());
        let is_told = |told: &String| told.contains("begin it with ws:// or wss://");
        assert!(told.as_ref().is_err_and(is_told), "{url}: {told:?}");
    }
}

#[test]
fn what_no_request_may_have_is_told_from_what_is_no_url() {
    assert_eq!(check_url("ws://a\"b/"), Err(InvalidArgument::Request(InvalidRequest::Host)));
    let long = format!("ws://example.com/{}", "a".repeat(1 << 16));
    assert!(matches!(check_url(&long), Err(InvalidArgument::Url(_))));
}
