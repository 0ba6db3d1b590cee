//! What is tried again, and what is said about it.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use web_socket_channel::handshake::{Response, parse_response};
use web_socket_channel::reconnect::Cause;
use web_socket_channel::{
    CloseEvent, Error, Initiator, InvalidArgument, InvalidProxy, LimitExceeded, NetworkError,
    NetworkErrorKind, PeerMisbehaved, ProxyError, ProxyErrorKind, Timeout, TlsError, TlsErrorKind,
    status,
};

fn closed(code: u16) -> Cause {
    let initiator = Initiator::Remote;
    let was_clean = code != status::ABNORMAL_CLOSURE;
    Cause::Closed(CloseEvent::new(code, "enough", was_clean, initiator).into())
}

fn response(status: u16, headers: &str) -> Response {
    let head = format!("HTTP/1.1 {status} Custom\r\n{headers}\r\n");
    match parse_response(head.as_bytes(), 0) {
        Ok(Some((response, _))) => response,
        other => unreachable!("{other:?}"),
    }
}

fn refused(status: u16) -> Cause {
    Error::Refused(Arc::new(response(status, ""))).into()
}

fn tls(kind: TlsErrorKind, source: io::ErrorKind) -> Cause {
    Error::from(TlsError::new(kind, "host", io::Error::from(source))).into()
}

#[test]
fn every_close_code() {
    let retryable: Vec<u16> = (0..=u16::MAX).filter(|code| closed(*code).is_retryable()).collect();
    assert_eq!(retryable, [1001, 1006, 1011, 1012, 1013, 1014]);
}

#[test]
fn every_http_status() {
    let retryable = (200..=999).filter(|status| refused(*status).is_retryable());
    assert!(retryable.eq([408, 429].into_iter().chain(500..=599)));
}

#[test]
fn errors() {
    let error = |error: Error| Cause::from(error).is_retryable();
    let kind = NetworkErrorKind::Unresolvable;
    assert!(error(NetworkError::new(kind, "host").into()));
    assert!(error(Error::Timeout(Timeout::Connect(Duration::ZERO))));
    assert!(error(Error::Timeout(Timeout::Pong(Duration::ZERO))));
    assert!(error(Error::LimitExceeded(LimitExceeded::Inbox { messages: 1, bytes: 1 })));
    assert!(!error(Error::LimitExceeded(LimitExceeded::MessageTooBig { limit: 1 })));
    assert!(!error(InvalidArgument::Fragment.into()));
    assert!(!error(PeerMisbehaved::new(1002, "a rule").into()));
    assert!(!error(Error::Closed(None)));
}

#[test]
fn tls_that_was_refused_and_tls_that_was_cut() {
    for kind in [TlsErrorKind::UnknownIssuer, TlsErrorKind::WrongName, TlsErrorKind::Expired] {
        assert!(!tls(kind, io::ErrorKind::InvalidData).is_retryable());
    }
    // No TLS is spoken there.
    assert!(!tls(TlsErrorKind::Other, io::ErrorKind::InvalidData).is_retryable());
    assert!(tls(TlsErrorKind::Other, io::ErrorKind::ConnectionReset).is_retryable());
    assert!(tls(TlsErrorKind::Other, io::ErrorKind::UnexpectedEof).is_retryable());
}

#[test]
fn a_proxy_that_is_away_and_one_that_is_against_it() {
    let proxy = |kind| ProxyError::new(kind, "http://proxy:3128", "host");
    let cause = |error: ProxyError| Cause::from(Error::from(error));
    let is_retryable = |kind| cause(proxy(kind)).is_retryable();
    assert!(is_retryable(ProxyErrorKind::Network(NetworkErrorKind::ConnectionRefused)));
    assert!(is_retryable(ProxyErrorKind::Timeout(Duration::ZERO)));
    assert!(is_retryable(ProxyErrorKind::ServerUnreachable));
    assert!(!is_retryable(ProxyErrorKind::Invalid(InvalidProxy::Path)));
    assert!(!is_retryable(ProxyErrorKind::Credentials));
    assert!(!is_retryable(ProxyErrorKind::Forbidden));
    assert!(!is_retryable(ProxyErrorKind::Misbehaved("oddly".into())));

    let reset = || io::Error::from(io::ErrorKind::ConnectionReset);
    let tls = |kind| cause(proxy(ProxyErrorKind::Tls(kind)).with_source(reset()));
    assert!(tls(TlsErrorKind::Other).is_retryable());
    assert!(!tls(TlsErrorKind::WrongName).is_retryable());

    let refused_by =
        |status| cause(proxy(ProxyErrorKind::Refused).with_response(response(status, "")));
    assert!(refused_by(429).is_retryable() && !refused_by(404).is_retryable());
    assert!(!is_retryable(ProxyErrorKind::Refused), "by SOCKS, which has no word for later");
    assert_eq!(refused_by(429).http_status(), None, "that is the proxy's and not the server's");
}

#[test]
fn a_function_that_fails_may_do_better_next_time() {
    let refusal = refused(401).error().cloned();
    assert!(refusal.is_some_and(|error| Cause::Request(error).is_retryable()));
    assert!(!Cause::Request(InvalidArgument::Fragment.into()).is_retryable());
}

#[test]
fn closed_before_it_was_open_says_its_code() {
    let Cause::Closed(event) = closed(1012) else { unreachable!() };
    let cause = Cause::from(Error::Closed(Some(event)));
    assert_eq!((cause.close_code(), cause.is_retryable()), (Some(1012), true));
}

#[test]
fn retry_after_in_seconds_or_as_a_date() {
    let retry_after = |headers: &str| response(503, headers).retry_after();
    assert_eq!(retry_after("Retry-After: 3678\r\n"), Some(Duration::from_secs(3678)));
    let date = "Retry-After: Fri, 07 Nov 2014 23:59:59 GMT\r\n";
    // By the server's clock, which is all that its date is worth.
    let with_date = |now: &str| retry_after(&format!("{date}Date: {now}\r\n"));
    let (before, after) = ("Fri, 07 Nov 2014 23:59:29 GMT", "Sat, 08 Nov 2014 00:00:00 GMT");
    assert_eq!(with_date(before), Some(Duration::from_secs(30)));
    assert_eq!((with_date(after), with_date("custom")), (None, None));
    for unread in ["", date, "Retry-After: -1\r\n"] {
        assert_eq!(retry_after(unread), None, "{unread}");
    }
}

#[test]
fn what_a_person_reads() {
    assert_eq!(
        closed(1012).to_string(),
        "the peer closed the connection: 1012 (service restart): enough"
    );
    assert_eq!(closed(1006).to_string(), "the connection was cut");
}
