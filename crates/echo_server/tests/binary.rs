//! The binary as a person starts it: its arguments, its one line, its logs, its end.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::{Child, ChildStderr, ChildStdout, Command, Output, Stdio};

use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::http::HeaderValue;

fn echo_server(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_echo-server"));
    command.args(arguments).stdin(Stdio::null()).env_remove("PORT");
    command
}

fn output(arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = echo_server(arguments).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// A running server, which is killed if the test fails before it has ended.
struct Running {
    child: Child,
    stdout: BufReader<ChildStdout>,
    stderr: ChildStderr,
    /// What it has printed that it listens on.
    url: String,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        Self::spawn(&mut echo_server(arguments))
    }

    fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let url = line.strip_prefix("echo-server listening on ").unwrap().trim_end().to_owned();
        let stderr = child.stderr.take().unwrap();
        Self { child, stdout, stderr, url }
    }

    #[cfg(unix)]
    fn signal(&self, name: &str) {
        signal(&self.child, name);
    }

    /// What it prints from here on until its end, and its log.
    fn rest(&mut self) -> (String, String) {
        let (mut rest, mut log) = (String::new(), String::new());
        self.stdout.read_to_string(&mut rest).unwrap();
        self.stderr.read_to_string(&mut log).unwrap();
        (rest, log)
    }
}

#[cfg(unix)]
fn signal(child: &Child, name: &str) {
    let kill = format!("kill -{name} {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn helps() {
    let (code, stdout, stderr) = output(&["--help"]);
    assert_eq!((code, &*stderr), (Some(0), ""));
    for word in [
        "--listen",
        "127.0.0.1:9001",
        "--version",
        "/picture",
        "1001",
        "[default: 1MiB]",
        "500ms",
        "echo-server --app dist",
    ] {
        assert!(stdout.contains(word), "{stdout}");
    }
}

#[test]
fn tells_its_version() {
    let version = format!("echo-server {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(output(&["--version"]), (Some(0), version, String::new()));
}

#[test]
fn says_what_is_wrong_with_its_arguments() {
    for (arguments, part) in [
        (&["--custom"][..], "--custom"),
        (&["--listen"], "<ADDR>"),
        (&["--listen", "custom"], "such as 127.0.0.1:9001"),
        (&["--origin", "custom"], "such as https://example.com"),
        (&["--app", "a page"], "there is no index.html in it"),
        (&["--tls-certificate=custom", "--tls-key=custom"], "custom can't be used"),
    ] {
        let (code, stdout, stderr) = output(arguments);
        assert_eq!((code, &*stdout), (Some(2), ""), "{stderr}");
        assert!(stderr.contains(part) && stderr.contains("--help"), "{stderr}");
    }
}

#[cfg(unix)]
#[test]
fn says_that_a_page_behind_a_link_out_of_its_folder_is_none() {
    let folder = std::env::temp_dir().join(format!("echo-server-page-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let elsewhere = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    std::os::unix::fs::symlink(elsewhere, folder.join("index.html")).unwrap();
    let (code, stdout, stderr) = output(&["--app", folder.to_str().unwrap()]);
    std::fs::remove_dir_all(&folder).unwrap();
    // Before it has said that it listens.
    assert_eq!((code, &*stdout), (Some(2), ""), "{stderr}");
    assert!(stderr.contains("there is no index.html in it"), "{stderr}");
}

#[test]
fn says_that_a_port_is_in_use() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, stdout, stderr) = output(&["--listen", &address]);
    assert_eq!((code, &*stdout), (Some(1), ""), "{stderr}");
    assert_eq!(
        stderr,
        format!(
            "echo-server: Another program already listens on {address}. Choose another port with \
             --listen, or port 0 for any that is free.\n"
        )
    );
}

#[cfg(unix)]
#[tokio::test]
async fn echoes_until_a_signal_ends_it_and_every_connection() {
    use futures_util::{SinkExt as _, StreamExt as _};
    use tokio_tungstenite::connect_async;
    use tokio_tungstenite::tungstenite::protocol::{CloseFrame, frame::coding::CloseCode};

    for signal in ["TERM", "INT"] {
        let mut running = Running::start(&["--listen", "127.0.0.1:0"]);
        assert!(running.url.starts_with("ws://127.0.0.1:"), "{}", running.url);
        let (mut client, _) = connect_async(&running.url).await.unwrap();
        client.send(Message::text("a text")).await.unwrap();
        assert_eq!(client.next().await.unwrap().unwrap(), Message::text("a text"));

        running.signal(signal);
        let frame = CloseFrame { code: CloseCode::Away, reason: "server is shutting down".into() };
        assert_eq!(client.next().await.unwrap().unwrap(), Message::Close(Some(frame)));
        assert!(client.next().await.is_none());
        drop(client);
        assert_eq!(running.child.wait().unwrap().code(), Some(0));
        // The one line was all.
        let (rest, log) = running.rest();
        assert_eq!(rest, "");
        assert!(log.contains("listening") && log.contains("told to stop"), "{log}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    use futures_util::StreamExt as _;
    use tokio_tungstenite::connect_async;

    let mut running = Running::start(&["--listen", "127.0.0.1:0", "--close-timeout", "1h"]);
    let (mut client, _) = connect_async(&running.url).await.unwrap();
    running.signal("TERM");
    // It is told, and doesn't hang up: it could be waited for.
    assert!(matches!(client.next().await, Some(Ok(Message::Close(Some(_))))));
    running.signal("INT");
    assert_eq!(running.child.wait().unwrap().code(), Some(130));
}

#[cfg(unix)]
#[tokio::test]
async fn logs_what_was_said_only_when_asked() {
    use futures_util::{SinkExt as _, StreamExt as _};
    use tokio_tungstenite::connect_async;
    use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

    for (arguments, is_asked) in [
        (&["--log=debug"][..], false),
        (&["--log-headers", "--log-payloads", "--log-format=json", "--log=debug"], true),
    ] {
        let all = [&["--listen", "127.0.0.1:0", "--protocol", "hidden"], arguments].concat();
        let mut running = Running::start(&all);
        let url = format!("{}/echo?token=s3cret", running.url);
        let mut request = url.into_client_request().unwrap();
        for (name, value) in [
            ("user-agent", "custom\u{9b}31m"),
            ("authorization", "Basic hidden"),
            ("x-api-key", "hidden"),
            ("cookie", "id=hidden"),
            ("sec-websocket-protocol", "hidden"),
        ] {
            let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
            request.headers_mut().insert(name, value);
        }
        let (mut client, _) = connect_async(request).await.unwrap();
        client.send(Message::text("other")).await.unwrap();
        client.next().await.unwrap().unwrap();
        client.close(None).await.unwrap();
        while client.next().await.is_some() {}
        drop(client);
        running.signal("TERM");
        assert_eq!(running.child.wait().unwrap().code(), Some(0));
        let (_, log) = running.rest();
        for said in ["custom", "other", "x-api-key"] {
            assert_eq!(log.contains(said), is_asked, "{said}: {log}");
        }
        // Nothing that lets somebody in, and nothing that a terminal obeys.
        for never in ["hidden", "s3cret", "\u{9b}"] {
            assert!(!log.contains(never), "{never}: {log}");
        }
        assert_eq!(log.lines().all(|line| line.starts_with('{')), is_asked, "{log}");
        assert!(log.contains("closed by the client"), "{log}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn logs_a_line_for_each_web_socket_that_has_ended() {
    use futures_util::{SinkExt as _, StreamExt as _};
    use tokio_tungstenite::connect_async;

    let mut running = Running::start(&["--listen", "127.0.0.1:0", "--log-format=json"]);
    for path in ["/echo", "/close?code=3678", "/silent?after=100ms"] {
        let (mut client, _) = connect_async(format!("{}{path}", running.url)).await.unwrap();
        if path == "/echo" {
            for _ in 0..3 {
                client.send(Message::text("a text")).await.unwrap();
                client.next().await.unwrap().unwrap();
            }
            client.close(None).await.unwrap();
        }
        while let Some(Ok(_)) = client.next().await {}
    }
    running.signal("TERM");
    assert_eq!(running.child.wait().unwrap().code(), Some(0));
    let (_, log) = running.rest();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("\"WebSocket\"")).collect();
    assert_eq!(lines.len(), 3, "{log}");
    // In any order: a line may come after the next connection has begun.
    for (endpoint, parts) in [
        ("/echo", ["\"messages_received\":3,\"messages_sent\":3", "closed by the client"]),
        ("/close", ["\"messages_received\":0,\"messages_sent\":0", "closed by the server"]),
        ("/silent", ["\"messages_received\":0,\"messages_sent\":0", "\"end\":\"cut\""]),
    ] {
        let endpoint = format!("\"endpoint\":\"{endpoint}\"");
        let line = lines.iter().find(|line| line.contains(&endpoint)).unwrap();
        for part in ["\"level\":\"INFO\"", "\"client\":\"127.0.0.1\""].iter().chain(&parts) {
            assert!(line.contains(part), "{part}: {log}");
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn serves_on_when_its_log_cannot_be_written() {
    use futures_util::{SinkExt as _, StreamExt as _};
    use tokio_tungstenite::connect_async;

    // A device that is always full, and a pipe that nobody reads.
    let full = || Stdio::from(std::fs::File::options().write(true).open("/dev/full").unwrap());
    let closed = || {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        Stdio::from(writer)
    };
    for (stderr, which) in [(full(), "full"), (closed(), "closed")] {
        let mut command = echo_server(&["--listen=127.0.0.1:0", "--log=debug", "--log-headers"]);
        let mut child = command.stdout(Stdio::piped()).stderr(stderr).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.strip_prefix("echo-server listening on ").unwrap_or_else(|| {
            unreachable!("{which}: it has ended with {:?}", child.wait().unwrap().code())
        });
        let mut running = Killed(child);
        for _ in 0..3 {
            let (mut client, _) = connect_async(url.trim_end()).await.unwrap();
            client.send(Message::text("a text")).await.unwrap();
            assert_eq!(client.next().await.unwrap().unwrap(), Message::text("a text"), "{which}");
        }
        signal(&running.0, "TERM");
        assert_eq!(running.0.wait().unwrap().code(), Some(0), "{which}");
    }
}

/// A program that is killed if the test fails before it has ended.
#[cfg(unix)]
struct Killed(Child);

#[cfg(unix)]
impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn out_of_descriptors_it_says_so_and_logs_it_once_in_a_while() {
    use std::io::Write as _;
    use std::net::TcpStream;
    use std::time::{Duration, Instant};

    let folder = std::env::temp_dir().join(format!("echo-server-full-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("index.html"), "a page").unwrap();
    let mut command = Command::new("sh");
    let script = "ulimit -n 40; exec \"$0\" --listen 127.0.0.1:0 --app \"$1\"";
    command.args(["-c", script, env!("CARGO_BIN_EXE_echo-server")]).arg(&folder);
    command.stdin(Stdio::null());
    let mut running = Running::spawn(&mut command);
    let address = running.url.strip_prefix("ws://").unwrap().to_owned();
    // It has its connection already; what it asks for is opened for each request.
    let mut page = TcpStream::connect(&address).unwrap();
    let mut answer = || {
        page.write_all(b"GET / HTTP/1.1\r\nHost: server\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"a page") && !answer.ends_with(b"later.\n") {
            let mut part = [0; 1024];
            let read = page.read(&mut part).unwrap();
            assert!(read > 0, "{}", String::from_utf8_lossy(&answer));
            answer.extend_from_slice(&part[..read]);
        }
        String::from_utf8(answer).unwrap()
    };
    assert!(answer().starts_with("HTTP/1.1 200 "));
    // More connections than there are descriptors for: the last of them wait in the system's queue.
    let start = Instant::now();
    let others: Vec<_> = (0..60).map(|_| TcpStream::connect(&address).unwrap()).collect();
    let last = loop {
        let answer = answer();
        if !answer.starts_with("HTTP/1.1 200 ") {
            break answer;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "the descriptors never ran out");
    };
    // In which it fails to accept twenty times a second.
    std::thread::sleep(Duration::from_secs(2));
    let seconds = start.elapsed().as_secs();
    drop(others);
    running.signal("TERM");
    running.child.wait().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let (_, log) = running.rest();
    assert!(last.starts_with("HTTP/1.1 503 ") && last.contains("\r\nRetry-After: 5\r\n"), "{last}");
    let lines = log.lines().filter(|line| line.contains("no connection could be accepted"));
    let lines = lines.fold(0, |sum, _| sum + 1);
    assert!((1..=seconds + 2).contains(&lines), "{lines} lines in {seconds} s: {log}");
}

#[cfg(target_os = "linux")]
#[test]
fn counts_the_descriptors_that_an_app_needs() {
    let folder = std::env::temp_dir().join(format!("echo-server-few-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("index.html"), "a page").unwrap();
    for (app, is_warned) in [("", false), ("--app", true)] {
        let mut command = Command::new("sh");
        let script = "ulimit -n 1000; exec \"$0\" --listen 127.0.0.1:0 --max-connections 600 $2 ${2:+\"$1\"}";
        command.args(["-c", script, env!("CARGO_BIN_EXE_echo-server")]).arg(&folder).arg(app);
        let mut running = Running::spawn(command.stdin(Stdio::null()));
        running.signal("TERM");
        running.child.wait().unwrap();
        let (_, log) = running.rest();
        assert_eq!(log.contains("fewer open files"), is_warned, "{app}: {log}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[cfg(unix)]
#[test]
fn a_hangup_reads_the_certificate_again_and_ends_nothing() {
    let folder = std::env::temp_dir().join(format!("echo-server-hup-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
    let made = rcgen::generate_simple_self_signed(vec!["server.test".into()]).unwrap();
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let mut command = echo_server(&["--listen=127.0.0.1:0", "--log-format=json"]);
    command.arg("--tls-certificate").arg(&certificate).arg("--tls-key").arg(&key);
    let mut running = Running::spawn(&mut command);
    running.signal("HUP");
    let mut log = BufReader::new(&mut running.stderr);
    let mut line = String::new();
    while !line.contains("the certificate was read again") {
        line.clear();
        assert!(log.read_line(&mut line).unwrap() > 0, "it has ended");
    }
    running.signal("TERM");
    assert_eq!(running.child.wait().unwrap().code(), Some(0));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[cfg(unix)]
#[test]
fn a_hangup_without_a_certificate_ends_nothing() {
    let mut running = Running::start(&["--listen=127.0.0.1:0"]);
    running.signal("HUP");
    let mut log = BufReader::new(&mut running.stderr);
    let mut line = String::new();
    while !line.contains("there is none") {
        line.clear();
        assert!(log.read_line(&mut line).unwrap() > 0, "it has ended");
    }
    running.signal("TERM");
    assert_eq!(running.child.wait().unwrap().code(), Some(0));
}

#[test]
fn listens_where_a_port_alone_or_the_environment_says() {
    let free =
        || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    // A port that was free a moment ago may be taken by another test, and then another is tried.
    let start = |make: &dyn Fn(&str) -> Command| {
        for _ in 0..20 {
            let port = free();
            let mut child =
                make(&port).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
            let mut line = String::new();
            BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
            let _ = child.kill();
            let status = child.wait().unwrap();
            if status.code() != Some(1) {
                return (line, port);
            }
        }
        unreachable!("no port is free");
    };
    let (line, port) = start(&|port| echo_server(&["--listen", port]));
    assert_eq!(line, format!("echo-server listening on ws://127.0.0.1:{port}\n"));
    let everywhere = |line: &str, port: &str| {
        ["[::]", "0.0.0.0"]
            .map(|address| format!("echo-server listening on ws://{address}:{port}\n"))
            .contains(&line.to_owned())
    };
    let (line, port) = start(&|port| echo_server(&["--listen", &format!(":{port}")]));
    assert!(everywhere(&line, &port), "{line}");
    let (line, port) = start(&|port| {
        let mut command = echo_server(&[]);
        command.env("PORT", port);
        command
    });
    assert!(everywhere(&line, &port), "{line}");
    // What is said on the command line goes before it, and so does the server's own variable.
    let (line, port) = start(&|port| {
        let mut command = echo_server(&[]);
        command.env("PORT", "1").env("ECHO_SERVER_LISTEN", format!("127.0.0.1:{port}"));
        command
    });
    assert_eq!(line, format!("echo-server listening on ws://127.0.0.1:{port}\n"));
}

#[test]
fn says_what_is_wrong_in_the_environment() {
    for (name, value, part) in [
        ("PORT", "custom", "PORT in the environment is no port"),
        ("ECHO_SERVER_MAX_MESSAGE", "custom", "--max-message"),
        ("ECHO_SERVER_LOG", "custom", "--log"),
    ] {
        let output = echo_server(&[]).env(name, value).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(part) && output.stdout.is_empty(), "{stderr}");
    }
}

#[test]
fn its_options_are_told_to_shells_and_to_man() {
    for (shell, part) in
        [("bash", "complete -F"), ("zsh", "#compdef echo-server"), ("fish", "complete -c")]
    {
        let (code, stdout, stderr) = output(&["--completions", shell]);
        assert_eq!((code, &*stderr), (Some(0), ""));
        assert!(
            stdout.contains(part) && stdout.contains("max-connections-per-address"),
            "{stdout}"
        );
    }
    let (code, stdout, stderr) = output(&["--man-page"]);
    assert_eq!((code, &*stderr), (Some(0), ""));
    assert!(stdout.contains(".TH echo-server 1") && stdout.contains("trusted\\-proxy"), "{stdout}");
    let (code, _, stderr) = output(&["--completions", "custom"]);
    assert!(code == Some(2) && stderr.contains("zsh"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn a_socket_in_the_file_system_is_removed_at_the_end_and_taken_over_when_it_was_left() {
    use std::io::Write as _;
    use std::os::unix::net::UnixStream;

    let path = std::env::temp_dir().join(format!("echo-server-socket-{}", std::process::id()));
    let place = format!("unix:{}", path.display());
    let ask = || {
        let mut stream = UnixStream::connect(&path).unwrap();
        stream.write_all(b"GET /healthz HTTP/1.0\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let mut killed = Running::start(&["--listen", &place]);
    assert_eq!(killed.url, place);
    assert!(ask().ends_with("ok\n"));
    // Another server doesn't take it away.
    let (code, _, stderr) = output(&["--listen", &place]);
    assert!(code == Some(1) && stderr.contains("already listens"), "{stderr}");
    killed.child.kill().unwrap();
    killed.child.wait().unwrap();
    assert!(path.exists());
    let mut running = Running::start(&["--listen", &place]);
    assert!(ask().ends_with("ok\n"));
    running.signal("TERM");
    assert_eq!(running.child.wait().unwrap().code(), Some(0));
    assert!(!path.exists());
}

#[test]
fn a_certificate_made_for_the_occasion_is_told_by_its_fingerprint() {
    let mut running = Running::start(&["--listen", "127.0.0.1:0", "--self-signed"]);
    assert!(running.url.starts_with("wss://127.0.0.1:"), "{}", running.url);
    let mut line = String::new();
    running.stdout.read_line(&mut line).unwrap();
    let fingerprint = line.strip_prefix("certificate's SHA-256 fingerprint: ").unwrap().trim_end();
    assert_eq!(fingerprint.split(':').filter(|byte| byte.len() == 2).count(), 32, "{line}");
}

/// The certificate that a server shows.
fn certificate_at(address: &str) -> Vec<u8> {
    use std::sync::Arc;

    use tokio_rustls::rustls::client::danger::{
        HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
    };
    use tokio_rustls::rustls::crypto::ring::default_provider;
    use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
    use tokio_rustls::rustls::{
        ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme,
    };

    /// Takes every certificate.
    #[derive(Debug)]
    struct TakesAll;

    impl ServerCertVerifier for TakesAll {
        fn verify_server_cert(
            &self,
            _: &CertificateDer<'_>,
            _: &[CertificateDer<'_>],
            _: &ServerName<'_>,
            _: &[u8],
            _: UnixTime,
        ) -> Result<ServerCertVerified, Error> {
            Ok(ServerCertVerified::assertion())
        }

        fn verify_tls12_signature(
            &self,
            _: &[u8],
            _: &CertificateDer<'_>,
            _: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            Ok(HandshakeSignatureValid::assertion())
        }

        fn verify_tls13_signature(
            &self,
            _: &[u8],
            _: &CertificateDer<'_>,
            _: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            Ok(HandshakeSignatureValid::assertion())
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            default_provider().signature_verification_algorithms.supported_schemes()
        }
    }

    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(TakesAll))
        .with_no_client_auth();
    let name = ServerName::try_from("server.test").unwrap();
    let mut tls = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    while tls.is_handshaking() {
        tls.complete_io(&mut stream).unwrap();
    }
    tls.peer_certificates().unwrap()[0].to_vec()
}

#[test]
fn a_certificate_made_for_the_occasion_is_for_the_addresses_that_it_listens_on() {
    use x509_parser::extensions::GeneralName;

    // All of 127.0.0.0/8 is this machine, and only what is listened on is in the certificate.
    for (place, host, has_other) in [
        ("127.3.6.78:0", "127.3.6.78", true),
        ("0.0.0.0:0", "127.0.0.1", false),
        ("[::1]:0", "[::1]", false),
    ] {
        let running = Running::start(&["--listen", place, "--self-signed"]);
        let port = running.url.rsplit(':').next().unwrap();
        let certificate = certificate_at(&format!("{host}:{port}"));
        let (_, certificate) = x509_parser::parse_x509_certificate(&certificate).unwrap();
        let names = certificate.subject_alternative_name().unwrap().unwrap();
        let addresses: Vec<&[u8]> = names
            .value
            .general_names
            .iter()
            .filter_map(|name| match name {
                GeneralName::IPAddress(address) => Some(*address),
                _ => None,
            })
            .collect();
        assert!(addresses.contains(&&[127, 0, 0, 1][..]), "{names:?}");
        assert_eq!(addresses.contains(&&[127, 3, 6, 78][..]), has_other, "{place}: {names:?}");
        assert!(!addresses.contains(&&[0, 0, 0, 0][..]), "{names:?}");
        let validity = certificate.validity();
        let seconds = validity.not_after.timestamp() - validity.not_before.timestamp();
        assert!(validity.is_valid() && seconds <= 397 * 24 * 60 * 60, "{validity:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn tells_the_service_manager_when_it_is_ready_and_when_it_ends() {
    use std::os::linux::net::SocketAddrExt as _;
    use std::os::unix::net::{SocketAddr, UnixDatagram};

    let name = format!("echo-server-test-{}", std::process::id());
    let address = SocketAddr::from_abstract_name(&name).unwrap();
    let socket = UnixDatagram::bind_addr(&address).unwrap();
    let read = || {
        let mut buffer = [0; 64];
        let length = socket.recv(&mut buffer).unwrap();
        String::from_utf8(buffer[..length].to_vec()).unwrap()
    };
    let mut command = echo_server(&["--listen", "127.0.0.1:0"]);
    let running = Running::spawn(command.env("NOTIFY_SOCKET", format!("@{name}")));
    assert_eq!(read(), "READY=1");
    running.signal("TERM");
    assert_eq!(read(), "STOPPING=1");
}

#[cfg(unix)]
#[tokio::test]
async fn takes_all_the_sockets_that_it_is_handed() {
    use std::os::fd::OwnedFd;
    use std::os::unix::net::{UnixListener, UnixStream};
    use tokio_tungstenite::connect_async;

    let tcp = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let addresses = tcp.each_ref().map(|listener| listener.local_addr().unwrap());
    let path = std::env::temp_dir().join(format!("echo-server-handed-{}", std::process::id()));
    let unix = UnixListener::bind(&path).unwrap();
    // As systemd does: the sockets are the files from the third on, and the process is told by its own
    // number. They come here by the standard streams, of which the log stays one of the shell's own.
    let mut command = Command::new("sh");
    let script = "exec 3<&0 4<&1 5<&2 </dev/null >\"$1\" 2>/dev/null; \
                  LISTEN_FDS=3 LISTEN_PID=$$ exec \"$0\" --listen 127.0.0.1:1";
    let told = path.with_extension("told");
    command.args(["-c", script, env!("CARGO_BIN_EXE_echo-server")]).arg(&told);
    let [first, second] = tcp.map(OwnedFd::from);
    command
        .stdin(Stdio::from(first))
        .stdout(Stdio::from(second))
        .stderr(Stdio::from(OwnedFd::from(unix)));
    let mut running = Killed(command.spawn().unwrap());
    for address in addresses {
        connect_async(format!("ws://{address}/")).await.unwrap();
    }
    let stream = tokio::net::UnixStream::from_std({
        let stream = UnixStream::connect(&path).unwrap();
        stream.set_nonblocking(true).unwrap();
        stream
    });
    tokio_tungstenite::client_async("ws://server/", stream.unwrap()).await.unwrap();
    signal(&running.0, "TERM");
    assert_eq!(running.0.wait().unwrap().code(), Some(0));
    let lines = std::fs::read_to_string(&told).unwrap();
    for line in addresses.map(|address| format!("echo-server listening on ws://{address}\n")) {
        assert!(lines.contains(&line), "{lines}");
    }
    for path in [path, told] {
        std::fs::remove_file(path).unwrap();
    }
}
