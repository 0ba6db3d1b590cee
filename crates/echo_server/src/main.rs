//! The binary `echo-server`: reads its arguments, listens, and serves until it is told to stop.

use std::io::{self, Write as _};
use std::process::ExitCode;

use echo_server::{Config, serve};
use tokio::net::TcpListener;

const HELP: &str = "\
A WebSocket echo server: what a client sends comes back as it was.

Usage: echo-server [--listen ADDR]

Options:
  --listen ADDR  The address and port to listen on [default: 127.0.0.1:9001].
                 Port 0 takes any that is free. Beyond this machine the server
                 is reached only if ADDR is not a loopback address.
  --help         Print this help.
  --version      Print the version.

Paths:
  /picture       Sends a picture (PNG, binary) and then echoes.
  any other      Echoes text as text and binary as binary.

Limits:
  900 connections, messages of 16 MiB, 10 s for a handshake, 5 s for a close.

Ctrl-C or SIGTERM ends it: every client is told 1001 (going away).
Exit codes: 0 when it was told to stop, 1 if it can't listen, 2 for wrong arguments.
";

fn main() -> ExitCode {
    let arguments = std::env::args_os().skip(1).map(|argument| {
        // What isn't UTF-8 is no address either, and is shown as well as can be.
        argument.into_string().unwrap_or_else(|argument| argument.to_string_lossy().into_owned())
    });
    match Command::parse(arguments) {
        Ok(Command::Help) => print(HELP),
        Ok(Command::Version) => print(concat!("echo-server ", env!("CARGO_PKG_VERSION"), "\n")),
        Ok(Command::Listen(address)) => {
            if let Err(error) = run(&address) {
                complain(&error);
                return ExitCode::from(1);
            }
        }
        Err(error) => {
            complain(&format!("{error} See echo-server --help."));
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// What the arguments ask for.
#[derive(Debug, PartialEq, Eq)]
enum Command {
    Help,
    Version,
    /// A host and a port.
    Listen(String),
}

impl Command {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut address = String::from("127.0.0.1:9001");
        while let Some(argument) = arguments.next() {
            let (option, value) = match argument.split_once('=') {
                Some((option, value)) => (option, Some(value.to_owned())),
                None => (argument.as_str(), None),
            };
            match (option, value) {
                ("--help" | "-h", None) => return Ok(Self::Help),
                ("--version" | "-V", None) => return Ok(Self::Version),
                ("--listen", value) => {
                    address = value
                        .or_else(|| arguments.next())
                        .ok_or("--listen needs an address and a port, such as 127.0.0.1:9001.")?;
                    if !is_address(&address) {
                        return Err(format!(
                            "{address:?} is not an address and a port, such as 127.0.0.1:9001 or \
                             [::1]:9001."
                        ));
                    }
                }
                _ => return Err(format!("The argument {argument:?} is unknown.")),
            }
        }
        Ok(Self::Listen(address))
    }
}

/// Whether a text is a host and a port in form; whether the host exists is for `bind` to find out.
fn is_address(text: &str) -> bool {
    text.rsplit_once(':').is_some_and(|(host, port)| {
        let is_bracketed = host.starts_with('[') && host.ends_with(']');
        !host.is_empty() && (is_bracketed || !host.contains(':')) && port.parse::<u16>().is_ok()
    })
}

fn run(address: &str) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("The threads can't be started: {error}."))?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address).await.map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => format!(
                "Another program already listens on {address}. Choose another port with --listen, \
                 or port 0 for any that is free."
            ),
            io::ErrorKind::AddrNotAvailable => {
                format!("This machine does not have the address {address}.")
            }
            io::ErrorKind::PermissionDenied => format!(
                "Listening on {address} is not permitted. Ports below 1024 may need more rights."
            ),
            _ => format!("Listening on {address} failed: {error}."),
        })?;
        let local = listener.local_addr().map_err(|error| error.to_string())?;
        // Whoever reads the line may send a signal at once, so they are listened for before it.
        let stop = stop_signal().map_err(|error| format!("Signals can't be received: {error}."))?;
        print(&format!("echo-server listening on ws://{local}\n"));
        serve(listener, Config::default(), stop)
            .await
            .map_err(|error| format!("Listening on {local} failed: {error}."))
    })
}

/// Ready when the program is asked to stop, by Ctrl-C or, where there is such a thing, SIGTERM.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ready when the program is asked to stop by Ctrl-C.
#[cfg(windows)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}

/// Prints at once, also into a pipe. Nobody needs to read it: a closed pipe is no failure.
fn print(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "echo-server: {text}");
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Command, String> {
        Command::parse(arguments.iter().map(ToString::to_string))
    }

    #[test]
    fn listens_on_loopback_unless_told_otherwise() {
        assert_eq!(parse(&[]), Ok(Command::Listen("127.0.0.1:9001".into())));
        for address in ["0.0.0.0:0", "[::1]:3678", "localhost:65535"] {
            let expected = Ok(Command::Listen(address.into()));
            assert_eq!(parse(&["--listen", address]), expected);
            assert_eq!(parse(&[&format!("--listen={address}")]), expected);
        }
    }

    #[test]
    fn says_what_is_wrong_with_an_argument() {
        for address in ["", "raisin", "9001", ":9001", "::1:9001", "127.0.0.1:", "a:65536", "a:-1"]
        {
            let error = parse(&["--listen", address]).unwrap_err();
            assert!(error.contains("is not an address and a port"), "{error}");
        }
        for arguments in
            [&["raisin"][..], &["--raisin"], &["--help=raisin"], &["--listen", "a:1", ""]]
        {
            assert!(parse(arguments).unwrap_err().contains("is unknown"), "{arguments:?}");
        }
        assert!(parse(&["--listen"]).unwrap_err().contains("needs an address"));
    }

    #[test]
    fn helps_before_it_listens() {
        assert_eq!(parse(&["--listen", "a:1", "--help"]), Ok(Command::Help));
        assert_eq!(parse(&["-V"]), Ok(Command::Version));
    }
}
