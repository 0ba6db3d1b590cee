//! Proxies natively: that they are used where they should be and nowhere else, what they are told,
//! and whose fault it is if they don't lead to the server.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

#[path = "tls/certificates.rs"]
mod certificates;
#[path = "proxy/servers.rs"]
mod servers;

use std::io;
use std::net::SocketAddr;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::StreamExt as _;
use futures::future::join_all;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use web_socket_channel::handshake::{MAX_BODY_BYTES, ServerOptions, sign_key};
use web_socket_channel::{
    ByteStream, Error, InvalidArgument, InvalidProxy, Message, NetworkErrorKind, Options, Proxy,
    ProxyError, ProxyErrorKind, Timeout, TlsErrorKind, WebSocketChannel,
};

use certificates::certified;
use servers::{Kind, Manners, TestProxy, read, read_head};

/// A code that only the two ends know: where it is seen, it has travelled.
const OUR_CODE: u16 = 3678;
/// The same, of the peer.
const PEER_CODE: u16 = 4123;
const REASON: &str = "enough";
const TEXT: &str = "a text";

/// Where no test should come to but by way of a proxy.
const NOWHERE: &str = "ws://127.0.0.36:3678";

/// What takes longer waits for something that never comes.
const LIMIT: Duration = Duration::from_secs(20);

/// A server that echoes, and the names of the headers that it was sent.
struct Echo {
    address: SocketAddr,
    headers: Arc<Mutex<Vec<String>>>,
}

impl Echo {
    async fn start(tls: Option<ServerConfig>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let headers = Arc::<Mutex<Vec<String>>>::default();
        let (ledger, tls) = (Arc::clone(&headers), tls.map(Arc::new));
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (ledger, tls) = (Arc::clone(&ledger), tls.clone());
                // A client that does not come as far as that is what its test is about.
                tokio::spawn(async move {
                    match tls {
                        Some(tls) => {
                            echo(TlsAcceptor::from(tls).accept(socket).await?, &ledger).await
                        }
                        None => echo(socket, &ledger).await,
                    }
                });
            }
        });
        Self { address, headers }
    }

    fn headers(&self) -> Vec<String> {
        self.headers.lock().unwrap().clone()
    }
}

async fn echo<S>(socket: S, headers: &Mutex<Vec<String>>) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let accepted = ByteStream::accept(socket, &ServerOptions::default()).await;
    let (request, stream) = accepted.map_err(io::Error::other)?;
    headers.lock().unwrap().extend(request.headers().keys().map(ToString::to_string));
    let mut channel = WebSocketChannel::adopt(stream, Options::default()).unwrap();
    while let Some(Ok(message)) = channel.next().await {
        channel.try_send(message).map_err(io::Error::other)?;
    }
    channel.closed().await;
    Ok(())
}

async fn http_proxy(leads_to: Option<SocketAddr>) -> TestProxy {
    TestProxy::start(Kind::Http, Manners { leads_to, ..Manners::default() }).await.unwrap()
}

async fn socks_proxy(leads_to: Option<SocketAddr>) -> TestProxy {
    TestProxy::start(Kind::Socks, Manners { leads_to, ..Manners::default() }).await.unwrap()
}

/// What an HTTP proxy is asked for, and nothing else.
fn connect_head(target: &str) -> String {
    format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n")
}

fn by_way_of(proxy: impl Into<String>) -> Options {
    Options::default().proxy(Proxy::Url(proxy.into()))
}

/// Connects, sends something, has it back, and closes.
async fn round_trip(url: &str, options: Options) -> Result<(), Error> {
    let mut channel = WebSocketChannel::connect_with(url, options)?;
    channel.ready().await?;
    channel.try_send(TEXT).unwrap();
    assert_eq!(channel.next().await.unwrap()?, Message::from(TEXT));
    let event = channel.close_with(OUR_CODE, REASON)?.await;
    assert_eq!((event.code, event.was_clean), (OUR_CODE, true));
    Ok(())
}

async fn failure(url: &str, options: Options) -> Error {
    let channel = WebSocketChannel::connect_with(url, options).unwrap();
    timeout(LIMIT, channel.ready()).await.unwrap().unwrap_err()
}

/// The error of a proxy, which names it and where it should have led to.
async fn refusal(url: &str, proxy: &str, options: Options) -> ProxyError {
    let options = options.proxy(Proxy::Url(proxy.to_owned()));
    let error = failure(url, options).await;
    let Error::Proxy(refusal) = &error else { unreachable!("{error:?}") };
    assert!(error.to_string().contains("proxy"), "{error}");
    assert!(error.to_string().contains(&refusal.proxy), "{error}");
    assert!(proxy.ends_with(refusal.proxy.rsplit('/').next().unwrap()), "{refusal:?}");
    assert!(url.contains(&refusal.host), "{refusal:?}");
    ProxyError::clone(refusal)
}

/// A port that nobody else gets, and at which nothing listens.
fn dead_port() -> (SocketAddr, TcpSocket) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    (socket.local_addr().unwrap(), socket)
}

/// What an unusual proxy does, one after the other, for one client. Then it hangs up.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Reads the head of a `CONNECT`.
    Head,
    /// Reads so many bytes.
    Read(usize),
    Write(&'static [u8]),
    /// Waits until the client has hung up, in whatever way.
    Hold,
}

/// The task ends well if every step could be done.
async fn unusual(steps: Vec<Step>) -> (SocketAddr, JoinHandle<io::Result<()>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let task = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await?;
        for step in steps {
            match step {
                Step::Head => drop(read_head(&mut socket).await?),
                Step::Read(length) => drop(socket.read_exact(&mut vec![0; length]).await?),
                Step::Write(bytes) => socket.write_all(bytes).await?,
                Step::Hold => drop(socket.read_to_end(&mut Vec::new()).await),
            }
        }
        Ok(())
    });
    (address, task)
}

/// How SOCKS goes until the server is asked for, without and with a password, and what comes then.
const SOCKS_READY: [Step; 3] = [Step::Read(3), Step::Write(&[5, 0]), Step::Read(10)];
const SOCKS_WITH_PASSWORD: [Step; 3] = [Step::Read(4), Step::Write(&[5, 2]), Step::Read(13)];
/// The 13 bytes are this user and password, with a byte in front and the length of each.
const CUSTOM: &str = "custom:3678";

fn then(start: &[Step], more: &[Step]) -> Vec<Step> {
    [start, more].concat()
}

#[tokio::test]
async fn through_connect() {
    let echo = Echo::start(None).await;
    let proxy = http_proxy(None).await;
    let url = format!("ws://{}/custom", echo.address);
    for spelling in [format!("http://{}", proxy.address), proxy.address.to_string()] {
        round_trip(&url, by_way_of(spelling)).await.unwrap();
    }
    let head = connect_head(&echo.address.to_string());
    assert_eq!(proxy.asked(), [head.clone(), head]);
}

#[tokio::test]
async fn through_socks() {
    let echo = Echo::start(None).await;
    let proxy = socks_proxy(None).await;
    for scheme in ["socks5", "socks5h"] {
        let options = by_way_of(format!("{scheme}://{}", proxy.address));
        round_trip(&format!("ws://{}", echo.address), options).await.unwrap();
    }
    let asked = format!("address {}", echo.address);
    assert_eq!(proxy.asked(), [asked.clone(), asked]);
}

#[tokio::test]
async fn names_are_resolved_by_the_proxy() {
    let echo = Echo::start(None).await;
    let (http, socks) =
        (http_proxy(Some(echo.address)).await, socks_proxy(Some(echo.address)).await);
    for url in ["ws://server.invalid:3678", "ws://Server.invalid"] {
        round_trip(url, by_way_of(format!("http://{}", http.address))).await.unwrap();
        round_trip(url, by_way_of(format!("socks5h://{}", socks.address))).await.unwrap();
    }
    assert_eq!(
        http.asked(),
        [connect_head("server.invalid:3678"), connect_head("server.invalid:80")]
    );
    assert_eq!(socks.asked(), ["name server.invalid:3678", "name server.invalid:80"]);
}

#[tokio::test]
async fn names_are_resolved_here_for_socks5() {
    let echo = Echo::start(None).await;
    let proxy = socks_proxy(Some(echo.address)).await;
    let options = by_way_of(format!("socks5://{}", proxy.address));
    round_trip("ws://localhost:3678", options.clone()).await.unwrap();
    let first = tokio::net::lookup_host("localhost:3678").await.unwrap().next().unwrap();
    assert_eq!(proxy.asked(), [format!("address {first}")]);

    // One that can't be is the server's, and the proxy is not bothered with it; nor is it with one
    // that is longer than SOCKS can say.
    let long = format!("ws://{}.invalid", ["custom"; 40].join("."));
    let by_name = by_way_of(format!("socks5h://{}", proxy.address));
    for (url, options) in [("ws://server.invalid:3678", options), (&long, by_name)] {
        let error = failure(url, options).await;
        let is_unresolvable =
            matches!(&error, Error::Network(why) if why.kind == NetworkErrorKind::Unresolvable);
        assert!(is_unresolvable, "{error:?}");
    }
    assert_eq!(proxy.asked().len(), 1);
}

#[tokio::test]
async fn addresses_of_ipv6() {
    let echo = Echo::start(None).await;
    let (http, socks) =
        (http_proxy(Some(echo.address)).await, socks_proxy(Some(echo.address)).await);
    let url = "ws://[2001:db8::3678]:3678";
    round_trip(url, by_way_of(format!("http://{}", http.address))).await.unwrap();
    round_trip(url, by_way_of(format!("socks5://{}", socks.address))).await.unwrap();
    round_trip(url, by_way_of(format!("socks5h://{}", socks.address))).await.unwrap();
    assert_eq!(http.asked(), [connect_head("[2001:db8::3678]:3678")]);
    assert_eq!(socks.asked(), ["address [2001:db8::3678]:3678"; 2]);
}

#[tokio::test]
async fn tls_is_with_the_server() {
    let certified = certified("server.invalid", 2999);
    let echo = Echo::start(Some(certified.server)).await;
    let (http, socks) =
        (http_proxy(Some(echo.address)).await, socks_proxy(Some(echo.address)).await);
    let url = "wss://server.invalid";
    for proxy in [format!("http://{}", http.address), format!("socks5h://{}", socks.address)] {
        let options = by_way_of(&proxy).tls_roots(vec![certified.authority.clone()]);
        round_trip(url, options).await.unwrap();
        // One that is not trusted is not the proxy's fault.
        let error = failure(url, by_way_of(&proxy)).await;
        let Error::Tls(tls) = &error else { unreachable!("{error:?}") };
        assert_eq!((tls.kind, tls.host.as_str()), (TlsErrorKind::UnknownIssuer, "server.invalid"));
    }
    assert_eq!(
        http.asked(),
        [connect_head("server.invalid:443"), connect_head("server.invalid:443")]
    );
    assert_eq!(socks.asked(), ["name server.invalid:443"; 2]);
}

#[tokio::test]
async fn tls_with_the_proxy() {
    let of_proxy = certified("127.0.0.1", 2999);
    let of_server = certified("server.invalid", 2999);
    let (plain, secure) = (Echo::start(None).await, Echo::start(Some(of_server.server)).await);
    let tls = Some(Arc::new(of_proxy.server));
    let mut proxies = Vec::new();
    for leads_to in [plain.address, secure.address] {
        let manners = Manners { leads_to: Some(leads_to), tls: tls.clone(), ..Manners::default() };
        proxies.push(TestProxy::start(Kind::Http, manners).await.unwrap());
    }
    let tls_roots = vec![of_proxy.authority, of_server.authority];
    for (url, proxy) in ["ws://server.invalid:443", "wss://server.invalid"].iter().zip(&proxies) {
        let options = by_way_of(format!("https://{}", proxy.address));
        round_trip(url, options.tls_roots(tls_roots.clone())).await.unwrap();
        assert_eq!(proxy.asked(), [connect_head("server.invalid:443")]);
    }

    let url = format!("https://{}", proxies[0].address);
    let error = refusal(NOWHERE, &url, Options::default()).await;
    assert_eq!(error.kind, ProxyErrorKind::Tls(TlsErrorKind::UnknownIssuer));
    // One that speaks no TLS at all.
    let (address, _) =
        unusual(vec![Step::Write(b"220 server.example ESMTP\r\n"), Step::Hold]).await;
    let error = refusal(NOWHERE, &format!("https://{address}"), Options::default()).await;
    assert_eq!(error.kind, ProxyErrorKind::Tls(TlsErrorKind::NotTls));
}

#[tokio::test]
async fn credentials_that_are_right() {
    let echo = Echo::start(None).await;
    let credentials = Some(("per@son", "36:78"));
    let manners = Manners { credentials, ..Manners::default() };
    let url = format!("ws://{}", echo.address);
    for (kind, scheme) in [(Kind::Http, "http"), (Kind::Socks, "socks5"), (Kind::Socks, "socks5h")]
    {
        let proxy = TestProxy::start(kind, manners.clone()).await.unwrap();
        let proxy_url = format!("{scheme}://per%40son:36%3A78@{}", proxy.address);
        let headers = vec![("X-Custom".to_owned(), "3678".to_owned())];
        round_trip(&url, by_way_of(proxy_url).headers(headers)).await.unwrap();
        let asked = proxy.asked();
        assert_eq!(asked.len(), 1);
        // The request's own headers are for the server, and the credentials for the proxy.
        assert!(!asked[0].to_lowercase().contains("x-custom"), "{asked:?}");
    }
    let headers = echo.headers();
    assert_eq!(headers.iter().filter(|name| *name == "x-custom").count(), 3);
    assert!(!headers.iter().any(|name| name.contains("authorization")), "{headers:?}");
}

#[tokio::test]
async fn credentials_that_are_wrong_or_missing() {
    let manners = Manners { credentials: Some(("custom", "3678")), ..Manners::default() };
    for (kind, scheme) in [(Kind::Http, "http"), (Kind::Socks, "socks5"), (Kind::Socks, "socks5h")]
    {
        let proxy = TestProxy::start(kind, manners.clone()).await.unwrap();
        for user in ["", "someone:s3cret@"] {
            let url = format!("{scheme}://{user}{}", proxy.address);
            let options = Options::default().proxy(Proxy::Url(url.clone()));
            let error = refusal(NOWHERE, &url, options.clone()).await;
            assert_eq!(error.kind, ProxyErrorKind::Credentials);
            assert_eq!(error.proxy, format!("{scheme}://{}", proxy.address));
            assert_eq!(error.response.is_some(), scheme == "http");

            let channel = WebSocketChannel::connect_with(NOWHERE, options.clone()).unwrap();
            for shown in [
                format!("{options:?}"),
                format!("{error} {error:?}"),
                format!("{channel:?} {:?}", channel.ready()),
                format!("{:?} {channel:?}", channel.ready().await),
            ] {
                assert!(!shown.contains("cret") && !shown.contains("someone"), "{shown}");
            }
        }
    }
}

#[tokio::test]
async fn a_refusal_carries_status_headers_and_a_bounded_body() {
    static LONG_BODY: [u8; 2 * MAX_BODY_BYTES] = [b'r'; 2 * MAX_BODY_BYTES];
    for (head, kind) in [
        ("HTTP/1.1 407 Who\r\nX-Custom: 3678\r\n\r\n", ProxyErrorKind::Credentials),
        ("HTTP/1.1 403 No\r\nX-Custom: 3678\r\n\r\n", ProxyErrorKind::Forbidden),
        ("HTTP/1.1 451 No\r\nX-Custom: 3678\r\n\r\n", ProxyErrorKind::Forbidden),
        ("HTTP/1.1 502 Gone\r\nX-Custom: 3678\r\n\r\n", ProxyErrorKind::ServerUnreachable),
        ("HTTP/1.0 503 Gone\r\nX-Custom: 3678\r\n\r\n", ProxyErrorKind::ServerUnreachable),
        ("HTTP/1.1 504 Gone\r\nX-Custom: 3678\r\n\r\n", ProxyErrorKind::ServerUnreachable),
        ("HTTP/1.1 405 What\r\nX-Custom: 3678\r\n\r\n", ProxyErrorKind::Refused),
        ("HTTP/1.1 302 There\r\nX-Custom: 3678\r\n\r\n", ProxyErrorKind::Refused),
        ("HTTP/1.1 101 What\r\nX-Custom: 3678\r\n\r\n", ProxyErrorKind::Refused),
    ] {
        let steps = vec![Step::Head, Step::Write(head.as_bytes()), Step::Write(&LONG_BODY)];
        let (address, _) = unusual(steps).await;
        let error = refusal(NOWHERE, &format!("http://{address}"), Options::default()).await;
        assert_eq!(error.kind, kind, "{head}");
        let status = &head[9..12];
        assert!(error.to_string().contains(status), "{error}");
        let response = error.response.unwrap();
        assert_eq!(response.status.as_str(), status);
        assert_eq!(response.headers["x-custom"], "3678");
        // One is of a status that has no body.
        let length = if status == "101" { 0 } else { MAX_BODY_BYTES };
        assert_eq!(response.body.len(), length, "{head}");
    }
}

#[tokio::test]
async fn a_proxy_that_keeps_a_refused_connection_is_not_waited_for() {
    let refused = Step::Write(b"HTTP/1.1 403 Forbidden\r\n\r\nstrangers only");
    let (address, task) = unusual(vec![Step::Head, refused, Step::Hold]).await;
    let error = refusal(NOWHERE, &format!("http://{address}"), Options::default()).await;
    assert_eq!(error.response.unwrap().body, "strangers only");
    task.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_socks_proxy_says_why_it_refuses() {
    for (code, kind) in [
        (1, ProxyErrorKind::ServerUnreachable),
        (2, ProxyErrorKind::Forbidden),
        (3, ProxyErrorKind::ServerUnreachable),
        (4, ProxyErrorKind::ServerUnreachable),
        (5, ProxyErrorKind::ServerUnreachable),
        (6, ProxyErrorKind::ServerUnreachable),
        (7, ProxyErrorKind::Refused),
        (8, ProxyErrorKind::Refused),
    ] {
        let reply: &[u8] = Box::leak(Box::new([5, code, 0, 1, 0, 0, 0, 0, 0, 0]));
        let steps = then(&SOCKS_READY, &[Step::Write(reply), Step::Hold]);
        let (address, task) = unusual(steps).await;
        let error = refusal(NOWHERE, &format!("socks5://{address}"), Options::default()).await;
        assert_eq!(error.kind, kind, "{code}");
        // In the words of SOCKS.
        let source = error.source.as_ref().unwrap().to_string();
        assert!(!error.to_string().contains(&source), "{error}");
        task.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn what_is_no_proxy_of_its_kind_is_said_to_be_none() {
    let http: &[&[Step]] = &[
        &[Step::Write(b"SSH-2.0-custom\r\n")],
        &[Step::Head, Step::Write(&[5, 0])],
        &[Step::Head, Step::Write(b"HTTP/1.1 36 78\r\n\r\n")],
        &[Step::Head, Step::Write(b"HTTP/1.1 200 OK\r\ncus tom: 3678\r\n\r\n")],
        &[Step::Head, Step::Write(&[b'H'; 17 * 1024])],
        &[Step::Head, Step::Write(b"HTTP/1.1 200 OK\r\nX: "), Step::Write(&[b'x'; 17 * 1024])],
    ];
    let socks: &[Vec<Step>] = &[
        vec![Step::Read(3), Step::Write(b"HTTP/1.1 400 Bad Request\r\n\r\n")],
        vec![Step::Read(3), Step::Write(&[4, 0])],
        // A method that was not offered.
        vec![Step::Read(3), Step::Write(&[5, 1])],
        then(&SOCKS_READY, &[Step::Write(&[5, 36, 0, 1, 0, 0, 0, 0, 0, 0])]),
        then(&SOCKS_READY, &[Step::Write(&[4, 0, 0, 1, 0, 0, 0, 0, 0, 0])]),
        then(&SOCKS_READY, &[Step::Write(&[5, 0, 0, 78, 0, 0, 0, 0, 0, 0])]),
    ];
    let http = http.iter().map(|steps| ("http", steps.to_vec()));
    for (scheme, steps) in http.chain(socks.iter().map(|steps| ("socks5", steps.clone()))) {
        let (address, _) = unusual(then(&steps, &[Step::Hold])).await;
        let url = format!("{scheme}://{address}");
        let error = refusal(NOWHERE, &url, Options::default()).await;
        assert!(matches!(error.kind, ProxyErrorKind::Misbehaved(_)), "{steps:?}: {error:?}");
    }

    let steps = then(&SOCKS_WITH_PASSWORD, &[Step::Write(&[36, 0]), Step::Hold]);
    let (address, _) = unusual(steps).await;
    let url = format!("socks5://{CUSTOM}@{address}");
    let error = refusal(NOWHERE, &url, Options::default()).await;
    assert!(matches!(error.kind, ProxyErrorKind::Misbehaved(_)), "{error:?}");
}

/// Everything that a proxy does before there is a tunnel, up to each point at which it may stop.
fn unfinished() -> Vec<(String, Vec<Step>)> {
    let http = [
        vec![],
        vec![Step::Head],
        vec![Step::Head, Step::Write(b"H")],
        vec![Step::Head, Step::Write(b"HTTP/1.1 200 Connec")],
        vec![Step::Head, Step::Write(b"HTTP/1.1 200 Connected\r\n")],
        vec![Step::Head, Step::Write(b"HTTP/1.1 100 Continue\r\n\r\n")],
    ];
    let socks = [
        vec![],
        vec![Step::Read(3)],
        vec![Step::Read(3), Step::Write(&[5])],
        vec![Step::Read(3), Step::Write(&[5, 0])],
        SOCKS_READY.to_vec(),
        then(&SOCKS_READY, &[Step::Write(&[5, 0, 0])]),
        then(&SOCKS_READY, &[Step::Write(&[5, 0, 0, 1, 127, 0, 0, 1, 36])]),
        then(&SOCKS_READY, &[Step::Write(b"\x05\0\0\x03\x06cust")]),
    ];
    let with_password = [
        vec![Step::Read(4), Step::Write(&[5, 2])],
        SOCKS_WITH_PASSWORD.to_vec(),
        then(&SOCKS_WITH_PASSWORD, &[Step::Write(&[1])]),
    ];
    let http = http.into_iter().map(|steps| ("http://".to_owned(), steps));
    let socks = socks.into_iter().map(|steps| ("socks5://".to_owned(), steps));
    let with_password =
        with_password.into_iter().map(|steps| (format!("socks5://{CUSTOM}@"), steps));
    http.chain(socks).chain(with_password).collect()
}

#[tokio::test]
async fn a_proxy_that_hangs_up_is_said_to() {
    for (url, steps) in unfinished() {
        let (address, task) = unusual(steps.clone()).await;
        let error = refusal(NOWHERE, &format!("{url}{address}"), Options::default()).await;
        let lost = ProxyErrorKind::Network(NetworkErrorKind::ConnectionLost);
        assert_eq!(error.kind, lost, "{steps:?}");
        task.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn the_time_out_is_for_all_that_a_proxy_does() {
    let limit = Duration::from_millis(300);
    join_all(unfinished().into_iter().map(async |(url, steps)| {
        let (address, task) = unusual(then(&steps, &[Step::Hold])).await;
        let options = Options::default().connect_timeout(limit);
        let error = refusal(NOWHERE, &format!("{url}{address}"), options).await;
        assert_eq!(error.kind, ProxyErrorKind::Timeout(limit), "{steps:?}");
        // The socket is given back.
        let _ = timeout(LIMIT, task).await.unwrap().unwrap();
    }))
    .await;
}

#[tokio::test]
async fn a_close_is_not_held_up_by_a_silent_proxy() {
    let (address, task) = unusual(vec![Step::Head, Step::Hold]).await;
    let limit = Duration::from_millis(50);
    let options = by_way_of(format!("http://{address}")).close_timeout(limit);
    let channel = WebSocketChannel::connect_with(NOWHERE, options).unwrap();
    let event = timeout(LIMIT, channel.close_with(OUR_CODE, REASON).unwrap()).await.unwrap();
    assert_eq!((event.code, event.was_clean), (1006, false));
    let error = channel.ready().await.unwrap_err();
    let Error::Proxy(error) = &error else { unreachable!("{error:?}") };
    assert_eq!(error.kind, ProxyErrorKind::Timeout(limit));
    let _ = timeout(LIMIT, task).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_channel_that_is_dropped_leaves_the_proxy() {
    let (address, task) = unusual(vec![Step::Head, Step::Hold]).await;
    let options = by_way_of(format!("http://{address}"));
    let options = options.close_timeout(Duration::from_millis(10));
    drop(WebSocketChannel::connect_with(NOWHERE, options).unwrap());
    let _ = timeout(LIMIT, task).await.unwrap().unwrap();
}

/// Once there is a tunnel, what comes through it is the server's.
#[tokio::test]
async fn what_happens_behind_the_proxy_is_the_servers() {
    let tunnel = [Step::Head, Step::Write(b"HTTP/1.1 200 Connected\r\n\r\n")];
    let (address, _) = unusual(then(&tunnel, &[Step::Head])).await;
    let error = failure(NOWHERE, by_way_of(format!("http://{address}"))).await;
    assert!(
        matches!(&error, Error::Network(why) if why.kind == NetworkErrorKind::ConnectionLost),
        "{error:?}"
    );

    let (address, _) = unusual(then(&tunnel, &[Step::Head, Step::Hold])).await;
    let limit = Duration::from_millis(100);
    let options = by_way_of(format!("http://{address}"));
    let error = failure(NOWHERE, options.connect_timeout(limit)).await;
    assert!(
        matches!(error, Error::Timeout(Timeout::Connect(after)) if after == limit),
        "{error:?}"
    );

    let missing = Step::Write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    let (address, _) = unusual(then(&tunnel, &[Step::Head, missing, Step::Hold])).await;
    let error = failure(NOWHERE, by_way_of(format!("http://{address}"))).await;
    assert!(matches!(&error, Error::Refused(response) if response.status == 404), "{error:?}");
}

#[tokio::test]
async fn a_proxy_that_is_not_there() {
    let error = refusal(NOWHERE, "http://server.invalid:3678", Options::default()).await;
    assert_eq!(error.kind, ProxyErrorKind::Network(NetworkErrorKind::Unresolvable));
    for scheme in ["http", "https", "socks5", "socks5h"] {
        let (dead, _kept) = dead_port();
        let error = refusal(NOWHERE, &format!("{scheme}://{dead}"), Options::default()).await;
        assert_eq!(error.kind, ProxyErrorKind::Network(NetworkErrorKind::ConnectionRefused));
    }
}

#[tokio::test]
async fn a_server_that_the_proxy_can_not_reach() {
    let (dead, _kept) = dead_port();
    let (http, socks) = (http_proxy(None).await, socks_proxy(None).await);
    for proxy in [format!("http://{}", http.address), format!("socks5://{}", socks.address)] {
        let error = refusal(&format!("ws://{dead}"), &proxy, Options::default()).await;
        assert_eq!(error.kind, ProxyErrorKind::ServerUnreachable);
        assert!(error.to_string().contains(&dead.to_string()), "{error}");
    }
}

/// A proxy may put what it has from the server into one packet with its own head, and a server its
/// first frames with its own.
#[tokio::test]
async fn bytes_behind_a_head_are_the_next_ones() {
    let start = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nX-Superchat: ";
    // Many more of them than are read at once as well.
    for filler in [1, 5_000] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let proxy = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await?;
            read_head(&mut socket).await?;
            let head = "HTTP/1.1 103 Hints\r\n\r\nHTTP/1.1 200 Connected\r\n\r\n";
            let start = format!("{head}{start}{}", "3".repeat(filler));
            socket.write_all(start.as_bytes()).await?;

            let request = read_head(&mut socket).await?;
            let key = request.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Key: "));
            let accept = sign_key(key.unwrap());
            let rest = format!("\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n");
            let frames = b"\x81\x06a text\x82\x02\x36\x78\x88\x02\x10\x1b";
            socket.write_all(&[rest.as_bytes(), frames].concat()).await?;
            let answer: [u8; 8] = read(&mut socket).await?;
            Ok::<_, io::Error>(answer)
        });
        let options = by_way_of(format!("http://{address}"));
        let mut channel = WebSocketChannel::connect_with(NOWHERE, options).unwrap();
        assert_eq!(channel.next().await.unwrap().unwrap(), Message::from(TEXT));
        assert_eq!(channel.next().await.unwrap().unwrap(), Message::from(vec![0x36, 0x78]));
        assert!(channel.next().await.is_none());
        assert_eq!(channel.close_code(), Some(PEER_CODE));
        let answer = proxy.await.unwrap().unwrap();
        assert_eq!(answer[..2], [0x88, 0x82], "a close, with two bytes and a mask");
    }
}

#[tokio::test]
async fn a_proxy_that_can_not_be_one_is_misuse() {
    let misuse = |url: &str| match WebSocketChannel::connect_with(NOWHERE, by_way_of(url)) {
        Err(InvalidArgument::Proxy(why)) => why,
        other => unreachable!("{url}: {other:?}"),
    };
    assert_eq!(misuse("socks4://127.0.0.1"), InvalidProxy::Scheme("socks4".to_owned()));
    assert_eq!(misuse("http://127.0.0.1/proxy.pac"), InvalidProxy::Path);
    assert_eq!(misuse("socks5://person@127.0.0.1"), InvalidProxy::Credentials);
    assert!(matches!(misuse("http://"), InvalidProxy::Url(_)));
    for url in ["ftp://someone:s3cret@a", "http://someone:s3/cret@a", "http://someone%00:s3cret@a"]
    {
        let shown = format!("{0} {0:?} {1:?}", InvalidArgument::Proxy(misuse(url)), by_way_of(url));
        assert!(!shown.contains("cret") && !shown.contains("someone"), "{shown}");
    }
}

#[tokio::test]
async fn a_connection_that_is_open_takes_no_proxy() {
    let adopt = |proxy| {
        let (near, _far) = tokio::io::duplex(64);
        let options = Options::default().proxy(proxy);
        WebSocketChannel::adopt(ByteStream::client(near), options).map(drop)
    };
    let proxy = Proxy::Url("http://127.0.0.1:3678".to_owned());
    assert!(matches!(adopt(proxy), Err(InvalidArgument::Unsupported(_))));
    assert_eq!(adopt(Proxy::Direct), Ok(()));
    assert_eq!(adopt(Proxy::Environment), Ok(()));
}

#[test]
fn an_error_stays_small() {
    assert!(size_of::<Error>() <= 32);
}

/// The environment belongs to a process, and tests share one; so these have a child each.
mod environment {
    use super::*;

    /// Where the child connects to.
    const URL: &str = "PROXY_TEST_URL";

    #[test]
    #[ignore = "the tests below run it, in a process of its own"]
    fn child() {
        let url = std::env::var(URL).unwrap();
        futures::executor::block_on(round_trip(&url, Options::default())).unwrap();
    }

    /// Whether the child could connect, and what it said.
    async fn connects(url: &str, environment: &[(&str, &str)]) -> (bool, String) {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "--ignored", "environment::child"]);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().to_lowercase().ends_with("_proxy") {
                command.env_remove(name);
            }
        }
        command.envs(environment.iter().copied()).env(URL, url);
        let output = spawn_blocking(move || command.output()).await.unwrap().unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(said.contains("running 1 test"), "{said}");
        (output.status.success(), said)
    }

    #[tokio::test]
    async fn names_a_proxy() {
        let echo = Echo::start(None).await;
        let (http, socks) =
            (http_proxy(Some(echo.address)).await, socks_proxy(Some(echo.address)).await);
        let (http_url, socks_url) =
            (format!("http://{}", http.address), format!("socks5h://{}", socks.address));
        let url = "ws://server.invalid:3678";

        let (connects_by, said) = connects(url, &[("http_proxy", &http_url)]).await;
        assert!(connects_by, "{said}");
        assert_eq!(http.asked(), [connect_head("server.invalid:3678")]);

        let (connects_by, said) = connects(url, &[("ALL_PROXY", &socks_url)]).await;
        assert!(connects_by, "{said}");
        assert_eq!(socks.asked(), ["name server.invalid:3678"]);
    }

    #[tokio::test]
    async fn does_not_count_for_this_machine() {
        let echo = Echo::start(None).await;
        let proxy = http_proxy(None).await;
        let proxy_url = format!("http://{}", proxy.address);
        for host in ["127.0.0.1", "localhost"] {
            let url = format!("ws://{host}:{}", echo.address.port());
            let (connects, said) = connects(&url, &[("all_proxy", &proxy_url)]).await;
            assert!(connects, "{said}");
        }
        assert_eq!(proxy.asked(), [""; 0]);
    }

    #[tokio::test]
    async fn has_exemptions() {
        let echo = Echo::start(None).await;
        let proxy = http_proxy(Some(echo.address)).await;
        let proxy_url = format!("http://{}", proxy.address);
        let environment = [("http_proxy", proxy_url.as_str()), ("NO_PROXY", "invalid:3678")];
        let (is_connected, said) = connects("ws://server.invalid:3678", &environment).await;
        assert!(!is_connected && said.contains("Unresolvable"), "{said}");
        assert_eq!(proxy.asked(), [""; 0]);
        // Another port is not exempt.
        let (is_connected, said) = connects("ws://server.invalid:3679", &environment).await;
        assert!(is_connected, "{said}");
        assert_eq!(proxy.asked().len(), 1);
    }

    #[tokio::test]
    async fn that_names_no_proxy_is_no_way_around_it() {
        let environment = [("http_proxy", "socks4://someone:s3cret@127.0.0.1:1")];
        let (connects, said) = connects("ws://server.invalid", &environment).await;
        assert!(!connects && said.contains("http_proxy") && said.contains("socks4"), "{said}");
        assert!(!said.contains("cret") && !said.contains("someone"), "{said}");
    }
}
