//! What a build without some feature says to a program that asks for it: which feature that is.
//! `cargo xtask test features` runs it with none and with few.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use futures::{FutureExt as _, StreamExt as _};
use web_socket_channel::{InvalidArgument, Message, Options, WebSocketChannel, memory};

const URL: &str = "ws://127.0.0.1:9";

/// The feature without which a channel can't be had.
fn needs(url: &str, options: Options) -> Option<&'static str> {
    match WebSocketChannel::connect_with(url, options) {
        Err(InvalidArgument::NeedsFeature { feature, .. }) => Some(feature),
        _ => None,
    }
}

/// What the build has no feature for; nothing where it has.
fn off(feature: &'static str, is_on: bool) -> Option<&'static str> {
    (!is_on).then_some(feature)
}

#[test]
fn connecting_needs_native() {
    assert_eq!(needs(URL, Options::new()), off("native", cfg!(feature = "native")));
}

#[cfg(feature = "native")]
#[test]
fn a_secure_url_needs_tls() {
    let is_on = cfg!(any(feature = "tls", feature = "aws-lc-rs"));
    assert_eq!(needs("wss://127.0.0.1:9", Options::new()), off("tls", is_on));
    assert_eq!(needs(URL, Options::new().tls_roots([b"a text".to_vec()])), off("tls", is_on));
}

#[cfg(feature = "native")]
#[test]
fn a_proxy_needs_its_feature() {
    let proxy = web_socket_channel::Proxy::Url("http://127.0.0.1:9".to_owned());
    let asked = needs(URL, Options::new().proxy(proxy));
    assert_eq!(asked, off("proxy", cfg!(feature = "proxy")));
}

#[cfg(feature = "native")]
#[test]
fn an_international_name_needs_url() {
    let asked = needs("ws://münchen.example", Options::new());
    assert_eq!(asked, off("url", cfg!(feature = "url")));
}

#[test]
fn memory_needs_nothing() {
    let mut channel = memory::loopback();
    channel.try_send("a text").unwrap();
    let echo = channel.next().now_or_never().unwrap().unwrap().unwrap();
    assert_eq!(echo, Message::from("a text"));
}

#[test]
fn the_error_says_what_to_do() {
    let error = InvalidArgument::NeedsFeature { what: "wss:", feature: "tls" }.to_string();
    assert!(error.contains("wss:") && error.contains("`tls`"), "{error}");
}
