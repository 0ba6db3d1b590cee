//! `wss:` natively: who is trusted, and that each refusal says why.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

#[path = "tls/certificates.rs"]
mod certificates;

use std::net::SocketAddr;
use std::sync::Arc;

use futures::future::join;
use futures::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::{HandshakeKind, ServerConfig, version};
use tokio_rustls::server::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::Role;
use web_socket_channel::handshake::{self, ServerOptions};
use web_socket_channel::reconnect::Cause;
use web_socket_channel::{
    Error, Initiator, InvalidArgument, Message, NetworkErrorKind, Options, TlsErrorKind,
    WebSocketChannel,
};

use certificates::{Certified, certified, mutual};

/// A code that only the two ends know: where it is seen, it has travelled.
const OUR_CODE: u16 = 3678;
const REASON: &str = "enough";
const TEXT: &str = "a text";

/// A connection on which both handshakes are done, if the client trusts the server.
async fn accept(listener: TcpListener, config: ServerConfig) -> Option<TlsStream<TcpStream>> {
    let (socket, _) = listener.accept().await.unwrap();
    let mut socket = TlsAcceptor::from(Arc::new(config)).accept(socket).await.ok()?;
    let mut buffer = Vec::new();
    let request = loop {
        assert_ne!(socket.read_buf(&mut buffer).await.unwrap(), 0);
        if let Some((request, _)) = handshake::parse_request(&buffer, 0).unwrap() {
            break request;
        }
    };
    let accepted = handshake::respond(&request, &ServerOptions::default()).unwrap();
    socket.write_all(&accepted.head).await.unwrap();
    Some(socket)
}

/// Echoes on one connection, if the client trusts it.
async fn serve(config: ServerConfig) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let Some(socket) = accept(listener, config).await else { return };
        let socket = WebSocketStream::from_raw_socket(socket, Role::Server, None).await;
        let (mut sink, mut stream) = socket.split();
        while let Some(Ok(message)) = stream.next().await {
            // The answer to a close is sent by the stream.
            if !message.is_close() && sink.send(message).await.is_err() {
                break;
            }
        }
    });
    address
}

async fn refusal(certified: Certified, options: Options) -> TlsErrorKind {
    let address = serve(certified.server).await;
    let channel = WebSocketChannel::connect_with(format!("wss://{address}/"), options).unwrap();
    let error = channel.ready().await.unwrap_err();
    let Error::Tls(tls) = &error else { unreachable!("{error:?}") };
    assert!(error.to_string().contains(&address.to_string()), "{error}");
    tls.kind
}

fn trusting(certified: &Certified) -> Options {
    Options::default().tls_roots(vec![certified.authority.clone()])
}

#[tokio::test]
async fn a_server_with_a_root_of_our_own_is_trusted() {
    let certified = certified("127.0.0.1", 2999);
    let options = trusting(&certified);
    let address = serve(certified.server).await;
    let url = format!("wss://{address}/");
    let mut channel = WebSocketChannel::connect_with(&url, options).unwrap();
    channel.try_send(TEXT).unwrap();
    assert_eq!(channel.next().await.unwrap().unwrap(), Message::from(TEXT));
    let event = channel.close_with(OUR_CODE, REASON).unwrap().await;
    assert_eq!((event.code, event.was_clean), (OUR_CODE, true));
}

#[tokio::test]
async fn an_issuer_that_nobody_knows() {
    let refused = refusal(certified("127.0.0.1", 2999), Options::default()).await;
    assert_eq!(refused, TlsErrorKind::UnknownIssuer);
}

#[tokio::test]
async fn a_certificate_for_another_name() {
    let certified = certified("server.example", 2999);
    let options = trusting(&certified);
    assert_eq!(refusal(certified, options).await, TlsErrorKind::WrongName);
}

#[tokio::test]
async fn a_certificate_that_has_expired() {
    let certified = certified("127.0.0.1", 2001);
    let options = trusting(&certified);
    assert_eq!(refusal(certified, options).await, TlsErrorKind::Expired);
}

/// A server that says this to whoever comes, and the error of a channel by that scheme.
async fn error_of(scheme: &str, says: &'static [u8]) -> Error {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        socket.write_all(says).await.unwrap();
        let _ = socket.read_to_end(&mut Vec::new()).await;
    });
    let channel = WebSocketChannel::connect(format!("{scheme}://{address}/")).unwrap();
    let error = channel.ready().await.unwrap_err();
    assert!(!Cause::from(error.clone()).is_retryable(), "{error:?}");
    error
}

/// The answer of a server that finds the version too old, as OpenSSL sends it.
const VERSION_ALERT: &[u8] = &[0x15, 3, 1, 0, 2, 2, 70];

#[tokio::test]
async fn a_server_that_does_not_speak_tls() {
    for says in [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], b"SSH-2.0-OpenSSH_9.9\r\n"] {
        let error = error_of("wss", says).await;
        assert!(matches!(&error, Error::Tls(tls) if tls.kind == TlsErrorKind::NotTls), "{error:?}");
        assert!(error.to_string().contains("was ws:"), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_speaks_tls_to_plain_http() {
    let error = error_of("ws", VERSION_ALERT).await;
    assert!(matches!(&error, Error::Tls(tls) if tls.kind == TlsErrorKind::IsTls), "{error:?}");
    assert!(error.to_string().contains("wss: meant?"), "{error}");
    // And one that does it by itself.
    let address = serve(certified("127.0.0.1", 2999).server).await;
    let channel = WebSocketChannel::connect(format!("ws://{address}/")).unwrap();
    let error = channel.ready().await.unwrap_err();
    assert!(matches!(&error, Error::Tls(tls) if tls.kind == TlsErrorKind::IsTls), "{error:?}");
    // nginx, Apache, Go.
    for says in [
        &b"HTTP/1.1 400 Bad Request\r\n\r\nThe plain HTTP request was sent to HTTPS port"[..],
        b"HTTP/1.1 400 Bad Request\r\n\r\nYou're speaking plain HTTP to an SSL-enabled port.",
        b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n",
    ] {
        let error = error_of("ws", says).await;
        assert!(error.to_string().contains("wss: meant?"), "{error}");
    }
}

#[tokio::test]
async fn a_server_with_old_tls_only() {
    let error = error_of("wss", VERSION_ALERT).await;
    assert!(matches!(&error, Error::Tls(tls) if tls.kind == TlsErrorKind::OldVersion), "{error:?}");
    let error = error_of("wss", &[0x15, 3, 3, 0, 2, 2, 40]).await;
    assert!(matches!(&error, Error::Tls(tls) if tls.kind == TlsErrorKind::Refused), "{error:?}");
}

/// Whether this is a process for this test alone; if not, it has been run in one.
fn is_alone(name: &str, environment: &[(&str, &str)]) -> bool {
    const CHILD: &str = "TEST_ALONE";
    if std::env::var_os(CHILD).is_none() {
        let status = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name])
            .env(CHILD, "1")
            .envs(environment.iter().copied())
            .status();
        assert!(status.unwrap().success());
        return false;
    }
    true
}

/// Alone, as the store is read once, and named by the environment.
#[cfg(target_os = "linux")]
#[test]
fn a_machine_without_authorities() {
    let nowhere = [("SSL_CERT_FILE", "/nowhere"), ("SSL_CERT_DIR", "/nowhere")];
    if !is_alone("a_machine_without_authorities", &nowhere) {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let error = error_of("wss", b"").await;
        let kind = TlsErrorKind::NoAuthorities;
        assert!(matches!(&error, Error::Tls(tls) if tls.kind == kind), "{error:?}");
        assert!(error.to_string().contains("tls_roots"), "{error}");
    });
}

/// What trusts the same roots is made once, as that takes milliseconds, and so knows the server again.
/// Alone, as it is made for the roots that were asked for last.
#[tokio::test]
async fn a_second_connection_resumes_the_session_of_the_first() {
    if !is_alone("a_second_connection_resumes_the_session_of_the_first", &[]) {
        return;
    }
    let certified = certified("127.0.0.1", 2999);
    let mut kinds = Vec::new();
    for _ in 0..2 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("wss://{}/", listener.local_addr().unwrap());
        let channel = WebSocketChannel::connect_with(url, trusting(&certified)).unwrap();
        let server = accept(listener, certified.server.clone());
        let (socket, ready) = join(server, channel.ready()).await;
        ready.unwrap();
        kinds.push(socket.unwrap().get_ref().1.handshake_kind());
    }
    assert_eq!(kinds, [Some(HandshakeKind::Full), Some(HandshakeKind::Resumed)]);
}

/// As one in PEM form is, which is what most files hold.
#[test]
fn an_authority_that_is_no_certificate_is_refused_before_dialling() {
    let right = certified("server.example", 2999).authority;
    for wrong in [b"-----BEGIN CERTIFICATE-----\nMIIB".to_vec(), right[1..].to_vec(), Vec::new()] {
        let options = Options::default().tls_roots([right.clone(), wrong]);
        for url in ["wss://127.0.0.1:9", "ws://127.0.0.1:9"] {
            let refused = WebSocketChannel::connect_with(url, options.clone()).unwrap_err();
            assert_eq!(refused, InvalidArgument::TlsRoot { index: 1 });
            assert!(refused.to_string().contains("PEM"), "{refused}");
        }
    }
}

#[tokio::test]
async fn a_server_that_wants_a_certificate_of_the_client() {
    for version in [&version::TLS12, &version::TLS13] {
        let (server, client) = mutual("127.0.0.1", version);
        let trusting = Options::default().tls_roots([client.authority.clone()]);
        let address = serve(server.clone()).await;
        let channel =
            WebSocketChannel::connect_with(format!("wss://{address}/"), trusting).unwrap();
        let error = channel.ready().await.unwrap_err();
        let kind = TlsErrorKind::ClientCertificate;
        assert!(matches!(&error, Error::Tls(tls) if tls.kind == kind), "{version:?}: {error:?}");
        assert!(!Cause::from(error).is_retryable());

        let address = serve(server).await;
        let options = Options::default().tls_config(client.config);
        let channel = WebSocketChannel::connect_with(format!("wss://{address}/"), options).unwrap();
        channel.ready().await.unwrap();
    }
}

#[test]
fn roots_beside_a_configuration_are_refused() {
    let (_, client) = mutual("127.0.0.1", &version::TLS13);
    let options = Options::default().tls_config(client.config).tls_roots([client.authority]);
    let refused = WebSocketChannel::connect_with("wss://127.0.0.1", options).err();
    assert!(matches!(refused, Some(InvalidArgument::Unsupported(_))), "{refused:?}");
}

/// That tells nothing about whom to trust, and so is the network's fault.
#[tokio::test]
async fn a_cut_in_the_middle_of_the_tls_handshake() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    for is_rude in [false, true] {
        let mut channel = WebSocketChannel::connect(format!("wss://{address}/")).unwrap();
        let (mut socket, _) = listener.accept().await.unwrap();
        assert_ne!(socket.read(&mut [0; 1 << 16]).await.unwrap(), 0);
        // The beginning of what may become an answer.
        socket.write_all(&[22, 3, 3]).await.unwrap();
        if is_rude {
            socket.set_zero_linger().unwrap();
        }
        drop(socket);
        let error = channel.next().await.unwrap().unwrap_err();
        let lost = NetworkErrorKind::ConnectionLost;
        assert!(matches!(&error, Error::Network(why) if why.kind == lost), "{error:?}");
        assert!(channel.next().await.is_none());
        assert_eq!(channel.close_code(), Some(1006));
    }
}

/// A cut by whoever sits in between, as TLS has a goodbye of its own.
#[tokio::test]
async fn a_cut_without_the_goodbye_of_tls() {
    let certified = certified("127.0.0.1", 2999);
    let options = trusting(&certified);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut socket = accept(listener, certified.server).await.unwrap();
        socket.write_all(b"\x81\x06a text\x81\x05cut").await.unwrap();
        socket.flush().await.unwrap();
        drop(socket.into_inner().0);
    });
    let url = format!("wss://{address}/");
    let mut channel = WebSocketChannel::connect_with(&url, options).unwrap();
    assert_eq!(channel.next().await.unwrap().unwrap(), Message::from(TEXT));
    assert!(channel.next().await.is_none());
    let event = channel.closed().await;
    assert_eq!((event.code, event.was_clean), (1006, false));
    assert_eq!(event.initiator, Initiator::Failure);
}
