//! The binary as a person starts it: its arguments, its one line, its end.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

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
    /// What it has printed that it listens on.
    url: String,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut child = echo_server(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let url = line.strip_prefix("echo-server listening on ").unwrap().trim_end().to_owned();
        Self { child, stdout, url }
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
    for word in ["--listen", "127.0.0.1:9001", "--version", "/picture", "1001", "[default: 16MiB]"]
    {
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
    ] {
        let (code, stdout, stderr) = output(arguments);
        assert_eq!((code, &*stdout), (Some(2), ""), "{stderr}");
        assert!(stderr.contains(part) && stderr.contains("--help"), "{stderr}");
    }
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

        let kill = format!("kill -{signal} {}", running.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        let frame = CloseFrame { code: CloseCode::Away, reason: "server is shutting down".into() };
        assert_eq!(client.next().await.unwrap().unwrap(), Message::Close(Some(frame)));
        assert!(client.next().await.is_none());
        drop(client);
        assert_eq!(running.child.wait().unwrap().code(), Some(0));
        // The one line was all.
        let mut rest = String::new();
        running.stdout.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
    }
}
