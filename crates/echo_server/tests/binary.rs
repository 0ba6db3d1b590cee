//! The binary as a person starts it: its arguments, its one line, its logs, its end.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::{Child, ChildStderr, ChildStdout, Command, Output, Stdio};

use tokio_tungstenite::tungstenite::Message;

fn echo_server(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_echo-server"));
    command.args(arguments).stdin(Stdio::null());
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
    fn signal(&self, signal: &str) {
        let kill = format!("kill -{signal} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    /// What it prints from here on until its end, and its log.
    fn rest(&mut self) -> (String, String) {
        let (mut rest, mut log) = (String::new(), String::new());
        self.stdout.read_to_string(&mut rest).unwrap();
        self.stderr.read_to_string(&mut log).unwrap();
        (rest, log)
    }
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
        "[default: 16MiB]",
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
        (&["--raisin"][..], "--raisin"),
        (&["--listen"], "<ADDR>"),
        (&["--listen", "raisin"], "such as 127.0.0.1:9001"),
        (&["--origin", "raisin"], "such as https://example.com"),
        (&["--app", "raisin"], "there is no index.html in it"),
        (&["--tls-certificate=raisin", "--tls-key=raisin"], "raisin can't be used"),
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
        client.send(Message::text("raisin")).await.unwrap();
        assert_eq!(client.next().await.unwrap().unwrap(), Message::text("raisin"));

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
        (&["--log-headers", "--log-payloads", "--log-format=json"], true),
    ] {
        let mut running = Running::start(&[&["--listen", "127.0.0.1:0"], arguments].concat());
        let url = format!("{}/echo?token=plum", running.url);
        let mut request = url.into_client_request().unwrap();
        for (name, value) in [("x-fruit", "raisin"), ("authorization", "Basic quince")] {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        let (mut client, _) = connect_async(request).await.unwrap();
        client.send(Message::text("grape")).await.unwrap();
        client.next().await.unwrap().unwrap();
        client.close(None).await.unwrap();
        while client.next().await.is_some() {}
        drop(client);
        running.signal("TERM");
        assert_eq!(running.child.wait().unwrap().code(), Some(0));
        let (_, log) = running.rest();
        for said in ["raisin", "grape", "plum"] {
            assert_eq!(log.contains(said), is_asked, "{said}: {log}");
        }
        assert!(!log.contains("quince"), "{log}");
        assert_eq!(log.lines().all(|line| line.starts_with('{')), is_asked, "{log}");
        assert_eq!(log.contains("closed by the client"), !is_asked, "{log}");
    }
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
async fn takes_the_socket_that_it_is_handed() {
    use tokio_tungstenite::connect_async;

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    // As systemd does: the socket is the third file, and the process is told by its own number.
    let mut command = Command::new("sh");
    let script =
        "exec 3<&0 </dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\" --listen 127.0.0.1:1";
    command.args(["-c", script, env!("CARGO_BIN_EXE_echo-server")]);
    command.stdin(Stdio::from(std::os::fd::OwnedFd::from(listener)));
    let running = Running::spawn(&mut command);
    assert_eq!(running.url, format!("ws://{address}"));
    connect_async(&running.url).await.unwrap();
}
