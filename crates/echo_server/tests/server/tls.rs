//! `wss`, by rustls as a client: with this certificate and no other.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use echo_server::Tls;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tokio_tungstenite::client_async;

use super::*;

/// A certificate with its key in two files.
struct Files {
    folder: PathBuf,
}

impl Files {
    fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("echo-server-tls-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self { folder }
    }

    fn certificate(&self) -> PathBuf {
        self.folder.join("certificate.pem")
    }

    fn key(&self) -> PathBuf {
        self.folder.join("key.pem")
    }

    /// Writes a new pair, and returns the certificate.
    fn write(&self) -> CertificateDer<'static> {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(vec!["server.test".into()]).unwrap();
        fs::write(self.key(), signing_key.serialize_pem()).unwrap();
        fs::write(self.certificate(), cert.pem()).unwrap();
        cert.der().clone()
    }

    fn tls(&self) -> Tls {
        Tls::from_files(self.certificate(), self.key()).unwrap()
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A connection by a client that trusts one certificate.
async fn dial(
    server: &Server,
    trusted: &CertificateDer<'static>,
) -> io::Result<TlsStream<TcpStream>> {
    secure(server.dial().await, trusted).await
}

/// TLS on a connection, by a client that trusts one certificate.
async fn secure(
    stream: TcpStream,
    trusted: &CertificateDer<'static>,
) -> io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("server.test").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

async fn assert_echoes(stream: TlsStream<TcpStream>) {
    let (mut client, _) = client_async("wss://server.test/echo", stream).await.unwrap();
    let message = Message::binary(vec![36; 1_000_000]);
    client.send(message.clone()).await.unwrap();
    assert!(client.next().await.unwrap().unwrap() == message);
    client.close(None).await.unwrap();
    assert!(matches!(client.next().await, Some(Ok(Message::Close(None)))));
    assert!(client.next().await.is_none());
}

#[tokio::test]
async fn is_an_echo_like_any_other() {
    let files = Files::new("echo");
    let certificate = files.write();
    let server = Server::start(Config { tls: Some(files.tls()), ..Config::default() }).await;
    assert_echoes(dial(&server, &certificate).await.unwrap()).await;
    // Who has another certificate in mind is not served.
    let other = Files::new("other").write();
    assert!(dial(&server, &other).await.is_err());
}

#[tokio::test]
async fn follows_its_files_and_keeps_the_pair_before_while_they_are_wrong() {
    let files = Files::new("follow");
    let first = files.write();
    let server = Server::start(Config { tls: Some(files.tls()), ..Config::default() }).await;
    let open = dial(&server, &first).await.unwrap();

    // Half of a renewal: a key that belongs to nothing yet.
    let renewed = Files::new("renewed");
    let second = renewed.write();
    fs::copy(renewed.key(), files.key()).unwrap();
    // Longer than the files aren't looked at: whatever is made of it is made by now.
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_echoes(dial(&server, &first).await.unwrap()).await;

    fs::copy(renewed.certificate(), files.certificate()).unwrap();
    let renewal = async {
        while dial(&server, &second).await.is_err() {
            tokio::time::sleep(SHORT).await;
        }
    };
    timeout(LONG, renewal).await.unwrap();
    assert!(dial(&server, &first).await.is_err());
    // Who was there before notices nothing.
    assert_echoes(open).await;
}

#[tokio::test]
async fn says_what_is_wrong_with_its_files() {
    let files = Files::new("wrong");
    files.write();
    let other = Files::new("of-another");
    other.write();
    let missing = files.folder.join("plum.pem");
    for (certificate, key, part) in [
        (&missing, &files.key(), "plum.pem can't be used"),
        (&files.certificate(), &missing, "plum.pem can't be used"),
        (&files.key(), &files.key(), "key.pem can't be used: it holds nothing of the kind"),
        (&files.certificate(), &other.key(), "it is not the key of"),
    ] {
        let error = Tls::from_files(certificate, key).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}

#[tokio::test]
async fn has_the_same_bounds() {
    let files = Files::new("bounds");
    let certificate = files.write();
    let config = Config {
        tls: Some(files.tls()),
        max_connections: 1,
        handshake_timeout: SHORT * 10,
        ..Config::default()
    };
    let server = Server::start(config).await;
    let stream = dial(&server, &certificate).await.unwrap();
    let (mut client, _) = client_async("wss://server.test/echo", stream).await.unwrap();

    let refused = dial(&server, &certificate).await.unwrap();
    match client_async("wss://server.test/echo", refused).await {
        Err(Error::Http(response)) => {
            assert_eq!(response.status(), 503);
            assert_eq!(response.headers()["retry-after"], "5");
        }
        other => panic!("{other:?}"),
    }
    client.close(None).await.unwrap();
    while client.next().await.is_some() {}
    drop(client);

    // Who doesn't begin its TLS, or doesn't finish it, is cut off.
    for bytes in [&b""[..], b"\x16\x03\x01"] {
        let mut stream = server.dial().await;
        stream.write_all(bytes).await.unwrap();
        assert_eq!(read_to_cut(&mut stream).await, b"");
    }
}

#[tokio::test]
async fn tells_who_speaks_in_the_clear_what_it_speaks() {
    let files = Files::new("clear");
    let certificate = files.write();
    let config =
        Config { tls: Some(files.tls()), max_connections_per_address: 1, ..Config::default() };
    let server = Server::start(config).await;
    // Where there is no place either, as whoever asks can't be told so in TLS.
    for is_full in [false, true] {
        let taken = if is_full { Some(dial(&server, &certificate).await.unwrap()) } else { None };
        for bytes in [&request("", "")[..], b"G", b"\0\0a text"] {
            let answer = answer(&server, bytes).await;
            assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answer}");
            let (head, told) = answer.split_once("\r\n\r\n").unwrap();
            assert!(head.contains("\r\nContent-Type: text/plain; charset=utf-8"), "{answer}");
            assert!(told.contains("speaks TLS") && told.contains("wss://"), "{answer}");
        }
        drop(taken);
    }
    assert!(dial_again(&server, &certificate).await);
}

/// Whether there is a place again: the server notices a moment later who has gone.
async fn dial_again(server: &Server, certificate: &CertificateDer<'static>) -> bool {
    let come_back = async {
        loop {
            let Ok(stream) = dial(server, certificate).await else { continue };
            if client_async("wss://server.test/echo", stream).await.is_ok() {
                break true;
            }
        }
    };
    timeout(LONG, come_back).await.unwrap()
}

#[cfg(feature = "self-signed")]
#[tokio::test]
async fn may_be_made_for_the_occasion() {
    let tls = Tls::self_signed(&["server.test".into(), "127.0.0.1".into()]).unwrap();
    let fingerprint = tls.fingerprint();
    assert_eq!(fingerprint.len(), 32 * 3 - 1);
    assert!(format!("{tls:?}").contains(&fingerprint));
    let server = Server::start(Config { tls: Some(tls), ..Config::default() }).await;
    // Nobody vouches for it.
    let other = Files::new("unvouched").write();
    let error = dial(&server, &other).await.unwrap_err();
    assert!(error.to_string().contains("certificate"), "{error}");
}

#[tokio::test]
async fn a_probe_that_says_nothing_is_no_failed_tls() {
    let files = Files::new("probe");
    let certificate = files.write();
    let config = Config { tls: Some(files.tls()), handshake_timeout: SHORT, ..Config::default() };
    let server = Server::start(config).await;
    for _ in 0..10 {
        let mut probe = server.dial().await;
        probe.shutdown().await.unwrap();
        assert_eq!(read_to_end(&mut probe).await, b"");
    }
    // One is too slow, one says something wrong, and one speaks in the clear.
    let mut slow = server.dial().await;
    assert_eq!(read_to_cut(&mut slow).await, b"");
    let mut wrong = server.dial().await;
    wrong.write_all(b"\x16\x03\x01\x00\x05custom").await.unwrap();
    read_to_end(&mut wrong).await;
    assert!(answer(&server, b"GET / HTTP/1.0\r\n\r\n").await.starts_with("HTTP/1.1 400 "));
    let metrics = get(&server, &certificate, "/metrics").await;
    for line in [
        "echo_refused_total{reason=\"tls\"} 2",
        "echo_refused_total{reason=\"handshake_timeout\"} 1",
    ] {
        assert!(metrics.lines().any(|other| other == line), "{metrics}");
    }
}

/// The answer to a request for a page.
async fn get(server: &Server, certificate: &CertificateDer<'static>, path: &str) -> String {
    let mut stream = dial(server, certificate).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: server.test\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    timeout(LONG, stream.read_to_string(&mut answer)).await.unwrap().unwrap();
    answer
}

#[tokio::test]
async fn the_guide_shows_addresses_that_work() {
    let files = Files::new("guide");
    let certificate = files.write();
    let server = Server::start(Config { tls: Some(files.tls()), ..Config::default() }).await;
    let page = get(&server, &certificate, "/endpoints").await;
    assert!(page.contains("<code>wss://server.test/echo</code>"), "{page}");
    assert!(!page.contains("ws://server.test"), "{page}");
    assert!(get(&server, &certificate, "/headers").await.contains("\nTLS: yes\n"));
}

#[tokio::test]
async fn is_read_again_when_it_is_told_to() {
    let files = Files::new("reload");
    let first = files.write();
    let tls = files.tls();
    let before = tls.fingerprint();
    let second = files.write();
    tls.reload().unwrap();
    assert_ne!(tls.fingerprint(), before);
    let server = Server::start(Config { tls: Some(tls.clone()), ..Config::default() }).await;
    assert!(dial(&server, &first).await.is_err());
    assert_echoes(dial(&server, &second).await.unwrap()).await;
    fs::write(files.key(), "custom").unwrap();
    assert!(tls.reload().unwrap_err().to_string().contains("key.pem can't be used"));
    assert_echoes(dial(&server, &second).await.unwrap()).await;
}

#[tokio::test]
async fn a_key_that_is_encrypted_is_called_so() {
    let files = Files::new("encrypted");
    files.write();
    for key in [
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIHsMFcGCSqGSIb3DQ==\n-----END ENCRYPTED PRIVATE KEY-----\n",
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,36\n\n\
         MIHsMFcGCSqGSIb3DQ==\n-----END RSA PRIVATE KEY-----\n",
    ] {
        fs::write(files.key(), key).unwrap();
        let error = Tls::from_files(files.certificate(), files.key()).unwrap_err().to_string();
        assert!(
            error.contains("the key is encrypted") && error.contains("openssl pkey"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn who_finds_no_place_is_not_counted_as_failed_tls_as_well() {
    let files = Files::new("no-place");
    let certificate = files.write();
    let config =
        Config { tls: Some(files.tls()), max_connections_per_address: 1, ..Config::default() };
    let server = Server::start(config).await;
    let _taken = dial(&server, &certificate).await.unwrap();
    // In the clear, where it would be told in TLS.
    assert!(answer(&server, b"GET / HTTP/1.0\r\n\r\n").await.starts_with("HTTP/1.1 400 "));
    // From another address: all of 127.0.0.0/8 is this machine.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.3.6.78:0".parse().unwrap()).unwrap();
    let other = socket.connect(server.address).await.unwrap();
    let mut stream = secure(other, &certificate).await.unwrap();
    stream.write_all(b"GET /metrics HTTP/1.0\r\n\r\n").await.unwrap();
    let mut metrics = String::new();
    timeout(LONG, stream.read_to_string(&mut metrics)).await.unwrap().unwrap();
    for line in ["echo_refused_total{reason=\"address\"} 1", "echo_refused_total{reason=\"tls\"} 0"]
    {
        assert!(metrics.lines().any(|other| other == line), "{metrics}");
    }
}
