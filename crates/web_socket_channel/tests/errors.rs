//! What errors weigh, what they wrap, and what neither they nor anything else may show.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

use std::error::Error as _;
use std::fmt::{Debug, Display};
use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use futures::executor::block_on;
use tokio::io::duplex;
use web_socket_channel::handshake::{
    self, InvalidRequest, ServerOptions, http::header, parse_request, parse_response,
};
use web_socket_channel::{
    AcceptError, Bound, ByteStream, CloseEvent, Error, Initiator, InvalidArgument, LimitExceeded,
    NetworkError, NetworkErrorKind, Options, PeerMisbehaved, Proxy, ProxyError, ProxyErrorKind,
    RuntimeError, SendError, Timeout, TlsError, TlsErrorKind, WebSocketChannel, memory,
};

/// A code that only the two ends know: where it is seen, it has travelled.
const OUR_CODE: u16 = 3678;
const REASON: &str = "enough";

/// It travels in every item of a stream, beside messages that are no larger.
#[test]
fn an_error_is_small() {
    assert!(size_of::<Error>() <= 32, "it has {} bytes", size_of::<Error>());
}

fn cause() -> Arc<io::Error> {
    Arc::new(io::Error::other("the cause"))
}

/// One of each that has a cause; each says `the cause`.
fn with_a_cause() -> Vec<Error> {
    let host = || "example.com:3678".to_owned();
    let network = |kind| NetworkError::new(kind, host()).with_source(cause()).into();
    let tls = |kind| TlsError::new(kind, host(), cause()).into();
    let proxy =
        |kind| ProxyError::new(kind, "http://proxy.example", host()).with_source(cause()).into();
    vec![
        network(NetworkErrorKind::Unresolvable),
        network(NetworkErrorKind::ConnectionRefused),
        network(NetworkErrorKind::Unreachable),
        network(NetworkErrorKind::ConnectionLost),
        network(NetworkErrorKind::Broken),
        network(NetworkErrorKind::LocalResources),
        network(NetworkErrorKind::Other),
        tls(TlsErrorKind::UnknownIssuer),
        tls(TlsErrorKind::WrongName),
        tls(TlsErrorKind::Expired),
        tls(TlsErrorKind::NoAuthorities),
        tls(TlsErrorKind::NotTls),
        tls(TlsErrorKind::IsTls),
        tls(TlsErrorKind::OldVersion),
        tls(TlsErrorKind::ClientCertificate),
        tls(TlsErrorKind::Refused),
        tls(TlsErrorKind::Other),
        RuntimeError::NoThread(cause()).into(),
        proxy(ProxyErrorKind::Network(NetworkErrorKind::ConnectionRefused)),
        proxy(ProxyErrorKind::Tls(TlsErrorKind::Expired)),
        proxy(ProxyErrorKind::Refused),
    ]
}

/// One of each that is its own cause.
fn without_a_cause() -> Vec<Error> {
    let (response, _) = parse_response(b"HTTP/1.1 404 Custom\r\n\r\n", 0).unwrap().unwrap();
    let peer = PeerMisbehaved::new(1002, "custom");
    let event = CloseEvent::new(OUR_CODE, REASON, true, Initiator::Remote);
    let browser = NetworkError::new(NetworkErrorKind::Other, "example.com:3678");
    vec![
        InvalidArgument::Fragment.into(),
        InvalidArgument::Request(InvalidRequest::Credentials).into(),
        browser.into(),
        Error::Timeout(Timeout::Connect(Duration::from_secs(10))),
        Error::Timeout(Timeout::Pong(Duration::from_secs(20))),
        Error::Refused(response.into()),
        peer.into(),
        RuntimeError::Gone.into(),
        RuntimeError::Panicked("custom".into()).into(),
        Error::LimitExceeded(LimitExceeded::MessageTooBig { limit: 3678 }),
        Error::LimitExceeded(LimitExceeded::FrameTooBig { limit: 3678 }),
        Error::LimitExceeded(LimitExceeded::Inbox { messages: 36, bytes: 78 }),
        Error::Closed(None),
        Error::Closed(Some(event.into())),
    ]
}

/// A program can get at what the system said, whatever has become of it on the way.
#[test]
fn what_an_error_wraps_is_its_source() {
    for error in with_a_cause() {
        let cause = error.source().unwrap_or_else(|| unreachable!("{error:?} has none"));
        let cause = cause.downcast_ref::<io::Error>().unwrap();
        assert_eq!(cause.to_string(), "the cause");
    }
    // Whatever tells the causes of an error one by one tells nothing twice.
    for error in without_a_cause() {
        assert!(error.source().is_none(), "{error:?}");
    }
}

/// An error and what is behind it, one by one.
fn chain(error: &dyn std::error::Error) -> Vec<String> {
    let mut chain = vec![error.to_string()];
    let mut source = error.source();
    while let Some(error) = source {
        chain.push(error.to_string());
        source = error.source();
    }
    chain
}

#[test]
fn a_chain_says_nothing_twice() {
    let lost = || AcceptError::Lost(io::Error::other("the cause"));
    let (request, _) = parse_request(b"GET / HTTP/1.1\r\n\r\n", 0).unwrap().unwrap();
    let refused = handshake::respond(&request, &ServerOptions::default());
    let mut chains = vec![chain(&lost()), chain(&AcceptError::Rejected(refused.unwrap_err()))];
    for error in with_a_cause() {
        // The whole chain in one line.
        assert!(format!("{error:#}").ends_with(": the cause"), "{error:#}");
        chains.push(chain(&error));
        chains.push(chain(&SendError { message: "other".into(), error }));
    }
    assert_eq!(format!("{:#}", lost()).matches("the cause").count(), 1);
    for chain in chains {
        assert!(chain.len() > 1, "{chain:?}");
        for (index, text) in chain.iter().enumerate() {
            let says = |other: &String| other.contains(text.as_str());
            assert!(!chain[..index].iter().any(says), "{chain:?}");
        }
    }
}

/// What the error of a refusal says, by the head and body of the answer.
fn refusal(answer: &str) -> String {
    let (response, used) = parse_response(answer.as_bytes(), 0).unwrap().unwrap();
    Error::Refused(Arc::new(response.with_body(&answer.as_bytes()[used..]))).to_string()
}

#[test]
fn each_refusal_has_words_of_its_own() {
    let soon = "Retry-After: 36\r\n";
    for (status, headers, told) in [
        ("200 OK", "", "something else is there"),
        ("301 Moved", "Location: /strangers\r\n", "points to /strangers; connect there"),
        ("302 Found", "", "does not say where"),
        ("307 Temporary Redirect", "Location: wss://a.example/\r\n", "to wss://a.example/;"),
        ("308 Permanent Redirect", "Location: wss://u:p@a.example/?t=1\r\n", "wss://a.example/;"),
        ("400 Bad Request", "", "check the URL and the request"),
        ("401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"\r\n", "credentials (Basic)"),
        ("403 Forbidden", "", "does not allow this"),
        ("404 Not Found", "", "check the URL's path"),
        ("407 Proxy Authentication Required", "", "Options::proxy"),
        ("426 Upgrade Required", "Sec-WebSocket-Version: 8\r\n", "version (8)"),
        ("429 Too Many Requests", soon, "asked too often; try again in 36 s"),
        ("500 Internal Server Error", "", "try again later"),
        ("502 Bad Gateway", "", "trouble"),
        ("503 Strangers Are Out", soon, "503 Strangers Are Out"),
        ("503 Service Unavailable", soon, "try again in 36 s"),
    ] {
        let text = refusal(&format!("HTTP/1.1 {status}\r\n{headers}\r\n"));
        assert!(text.contains(told), "{text}");
        assert!(!text.contains("(it says"), "{text}");
        assert!(text.contains("404") || !text.contains("path") || text.contains("200"), "{text}");
    }
}

#[test]
fn a_refusal_shows_the_beginning_of_its_body() {
    let said = |body: &str| refusal(&format!("HTTP/1.1 404 \r\n\r\n{body}"));
    assert!(said("no strangers\r\nhere\x1b[1m").ends_with("(it says: no strangers here [1m)"));
    let page = "<html>\n<title>No strangers</title><p>Try <b>others</b>";
    assert!(said(page).ends_with("(it says: No strangers Try others)"), "{}", said(page));
    let long = said(&"custom ".repeat(10_000));
    assert!(long.len() < 400 && long.ends_with("…)"), "{long}");
    // A reason is the server's too.
    let long = refusal(&format!("HTTP/1.1 404 {}\r\n\r\n", "custom ".repeat(1_000)));
    assert!(long.len() < 400, "{long}");
}

/// Each by itself tells a person what the matter is, and they can be told apart.
#[test]
fn every_error_says_something_else() {
    let mut texts: Vec<_> =
        with_a_cause().iter().chain(&without_a_cause()).map(ToString::to_string).collect();
    assert!(texts.iter().all(|text| text.len() > 10), "{texts:?}");
    let count = texts.len();
    texts.sort();
    texts.dedup();
    // How a channel has closed is no different sentence.
    assert_eq!(texts.len(), count - 1, "{texts:?}");
}

/// The secrets of these tests, in whatever form, have this in them.
const SECRET: &str = "s3cret";

fn shown(what: impl Debug) -> String {
    format!("{what:?} {what:#?}")
}

fn check(text: &str) {
    assert!(!text.contains("cret"), "{text}");
    assert!(!text.contains("someone"), "{text}");
    // The two, as they stand in a header.
    assert!(!text.contains("c29tZW9uZTpzM2NyZXQ"), "{text}");
}

fn check_error(error: impl Debug + Display) {
    check(&format!("{error} {}", shown(&error)));
}

fn secret_headers() -> Vec<(String, String)> {
    [("Authorization", "Bearer s3cret"), ("X-Custom", SECRET), ("Cookie", "id=s3cret")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
}

#[test]
fn options_show_no_secret() {
    let options = Options::default()
        .protocols(vec!["superchat".to_owned()])
        .headers(secret_headers())
        .tls_roots(vec![SECRET.into(), Vec::new()])
        .proxy(Proxy::Url("http://someone:s3cret@proxy.example".to_owned()))
        .inbox(Bound { messages: 36, bytes: 78 });
    let text = shown(&options);
    check(&text);
    check(&shown(options.clone()));
    // But what helps to see what was asked for.
    for told in
        ["superchat", "Authorization", "X-Custom", "tls_roots: 2", "proxy.example", "36", "78"]
    {
        assert!(text.contains(told), "{told} is not in {text}");
    }
    assert_eq!(options, options.clone());
}

#[test]
fn what_is_wrong_with_a_url_is_said_without_its_secrets() {
    for url in [
        "ws://someone:s3cret@",
        "ws://someone:s3cret@example.com:99999",
        "ws://someone:s3cret@exa mple.com",
        "ws://someone:s3cret@example.com/#s3cret",
        "ws://someone:s3cret@[::1",
        "ws://sul%3Atana:s3cret@example.com",
        "ws://someone:s3cret%0A@example.com",
        "ftp://someone:s3cret@example.com",
        "someone:s3cret@example.com",
        "//someone:s3cret@example.com",
        "s3cret",
    ] {
        check_error(WebSocketChannel::connect(url).unwrap_err());
    }
}

#[test]
fn what_is_wrong_with_a_header_is_said_without_its_secrets() {
    let taken = ("Sec-WebSocket-Key", SECRET);
    let wrong = [("X-Custom", "s3cret\r\n"), ("X-Custom: s3cret", ""), ("Host", SECRET), taken];
    for (name, value) in wrong {
        let headers = vec![(name.to_owned(), value.to_owned())];
        let options = Options::default().headers(headers);
        let refused = WebSocketChannel::connect_with("ws://example.com", options);
        check_error(refused.unwrap_err());
    }
    // One from the URL and one from the options.
    let options = Options::default().headers(secret_headers());
    let refused = WebSocketChannel::connect_with("ws://someone:s3cret@example.com", options);
    let misuse = refused.unwrap_err();
    let taken = InvalidRequest::HeaderTaken(header::AUTHORIZATION);
    assert_eq!(misuse, InvalidArgument::Request(taken));
    check_error(misuse);
}

/// In no phase, by none of its parts, and in no error of its.
#[test]
fn a_channel_shows_no_secret() {
    let closed_port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let headers = vec![("X-Custom".to_owned(), SECRET.to_owned())];
    for host in [closed_port.to_string(), "server.invalid".to_owned()] {
        let url = format!("ws://someone:s3cret@{host}/echo?token=s3cret");
        let options = Options::default().headers(headers.clone());
        let mut channel = WebSocketChannel::connect_with(&url, options).unwrap();
        // The URL itself has the query, as it is asked for.
        assert_eq!(channel.url(), format!("ws://{host}/echo?token=s3cret"));
        check(&shown(&channel));
        check_error(block_on(channel.ready()).unwrap_err());
        check_error(block_on(channel.next()).unwrap().unwrap_err());
        let unsent = channel.try_send("s3cret").unwrap_err();
        assert_eq!(unsent.message, SECRET.into());
        check_error(unsent);
        check(&shown(channel.ready()));
        check(&shown(channel.close_with(OUR_CODE, "").unwrap()));
        let (sink, stream) = channel.split();
        check(&shown(sink));
        check(&shown(stream));
    }
}

/// One whose transport is gone without a word: what it says then is made up here.
#[test]
fn a_channel_that_is_left_alone_shows_no_secret() {
    let (near, far) = duplex(1024);
    drop(far);
    let url = "ws://someone:s3cret@example.com/?token=s3cret";
    let lost = block_on(ByteStream::connect(near, url, &Options::default()));
    check_error(lost.unwrap_err());

    let (channel, peer) = memory::scripted();
    channel.try_send("s3cret").unwrap();
    check(&shown(&channel));
    drop(peer);
    check_error(block_on(channel.ready()).unwrap_err());
}

/// Frames that came with the handshake are somebody's messages.
#[test]
fn a_byte_stream_shows_no_secret() {
    let stream = ByteStream::client(duplex(1024).0).with_first_bytes(SECRET);
    let text = shown(&stream);
    check(&text);
    assert!(text.contains("first_bytes: 6"), "{text}");
}
