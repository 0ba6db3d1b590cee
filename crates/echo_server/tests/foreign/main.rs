//! The binary with clients and proxies that nobody here wrote, and under attack.
//!
//! `cargo xtask test server` brings what they need: curl, node with `ws`, Python with `websockets`,
//! nginx and HAProxy.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "in a test, a panic is the report, and the figures of an attack are wanted"
)]

mod attacks;
mod clients;
mod costs;
mod proxies;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// The folder in which node finds `ws`.
const NODE_MODULES_VARIABLE: &str = "ECHO_SERVER_NODE_MODULES";

/// The Python that has `websockets`.
const PYTHON_VARIABLE: &str = "ECHO_SERVER_PYTHON";

fn variable(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set; `cargo xtask test server` sets it"))
}

/// A program that runs until it is dropped.
struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Running {
    fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self { stdin: child.stdin.take(), child, stdout }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Ends its input, and returns all the rest that it prints.
    fn finish(mut self) -> Vec<String> {
        if let Some(mut stdin) = self.stdin.take() {
            let _ = stdin.write_all(b"\n");
        }
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        assert!(self.child.wait().unwrap().success(), "{rest}");
        rest.lines().map(str::to_owned).collect()
    }

    fn terminate(&self) {
        let kill = format!("kill -TERM {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            // Not killed: nginx would leave its workers behind.
            self.terminate();
            let _ = self.child.wait();
        }
    }
}

/// The echo server.
struct Server {
    running: Running,
    /// Host and port.
    address: String,
    url: String,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        Self::at("127.0.0.1:0", arguments)
    }

    fn at(address: &str, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_echo-server"));
        Self::run(command.args(["--log=warn", "--listen", address]).args(arguments))
    }

    /// Its log is written, and read by nobody.
    fn unheard(arguments: &[String]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_echo-server"));
        Self::run(command.args(["--listen=127.0.0.1:0"]).args(arguments).stderr(Stdio::null()))
    }

    fn run(command: &mut Command) -> Self {
        let mut running = Running::start(command);
        let line = running.line();
        let url = line.strip_prefix("echo-server listening on ").unwrap().to_owned();
        let (_, address) = url.split_once("://").unwrap();
        Self { running, address: address.to_owned(), url }
    }

    /// Tells it to stop, and waits until it has.
    fn stop(mut self) {
        self.running.terminate();
        assert_eq!(self.running.child.wait().unwrap().code(), Some(0));
    }

    /// A number of the server's, or the sum of those that a label parts.
    fn metric(&self, name: &str) -> u64 {
        // From an address that no attack comes from. (All of 127.0.0.0/8 is this machine.)
        let metrics =
            curl(&["--interface", "127.3.6.79", &format!("http://{}/metrics", self.address)]);
        let lines = metrics.lines().filter(|line| {
            line.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '{']))
        });
        let values: Vec<u64> =
            lines.map(|line| line.rsplit(' ').next().unwrap().parse().unwrap()).collect();
        assert!(!values.is_empty(), "there is no {name} in {metrics}");
        values.iter().sum()
    }
}

/// What curl prints.
fn curl(arguments: &[&str]) -> String {
    let mut command = Command::new("curl");
    // A proxy for other things is none for this machine.
    command.args(["--silent", "--show-error", "--noproxy", "*", "--max-time", "30"]);
    let output = command.args(arguments).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign").join(name)
}

fn node(arguments: &[&str]) -> Command {
    let mut command = Command::new("node");
    command
        .env("NODE_PATH", variable(NODE_MODULES_VARIABLE))
        // For the certificate that is made for the occasion.
        .env("NODE_NO_WARNINGS", "1")
        .arg(script("client.cjs"))
        .args(arguments);
    command
}

fn python(arguments: &[&str]) -> Command {
    let mut command = Command::new(variable(PYTHON_VARIABLE));
    // A proxy for other things is none for this machine.
    command.env("no_proxy", "*").arg(script("client.py")).args(arguments);
    command
}

/// All that a client tells.
fn told(mut command: Command) -> Vec<String> {
    Running::start(&mut command).finish()
}

/// An address that is free for now.
fn free_address() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}
