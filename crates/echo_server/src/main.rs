//! The binary `echo-server`: reads its arguments, listens, and serves until it is told to stop.

mod arguments;
mod service_manager;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser as _;
use echo_server::serve;
use tokio::net::TcpListener;
use tracing::level_filters::LevelFilter;

use arguments::{Arguments, Format, Level};

/// How a program ends that was interrupted, as shells have it.
const INTERRUPTED: i32 = 130;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let config = match arguments.config() {
        Ok(config) => config,
        Err(error) => {
            complain(&format!("{error} See echo-server --help."));
            return ExitCode::from(2);
        }
    };
    log(&arguments);
    allow_open_files(config.max_connections);
    match run(&arguments, config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::from(1)
        }
    }
}

fn run(arguments: &Arguments, config: echo_server::Config) -> Result<(), String> {
    let address = &arguments.listen;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("The threads can't be started: {error}."))?;
    runtime.block_on(async {
        let listener = match service_manager::listener() {
            Some(listener) => listener.and_then(TcpListener::from_std).map_err(|error| {
                format!("The socket from the service manager can't be used: {error}.")
            })?,
            None => {
                TcpListener::bind(address).await.map_err(|error| no_listener(address, &error))?
            }
        };
        let local = listener.local_addr().map_err(|error| error.to_string())?;
        // Whoever reads the line may send a signal at once, so they are listened for before it.
        let mut signals =
            Signals::new().map_err(|error| format!("Signals can't be received: {error}."))?;
        let scheme = if config.tls.is_some() { "wss" } else { "ws" };
        print(&format!("echo-server listening on {scheme}://{local}\n"));
        if let Some(tls) = config.tls.as_ref().filter(|_| arguments.self_signed) {
            print(&format!("certificate's SHA-256 fingerprint: {}\n", tls.fingerprint()));
        }
        service_manager::tell("READY=1");
        let stop = async move {
            signals.next().await;
            tracing::info!("told to stop");
            service_manager::tell("STOPPING=1");
            tokio::spawn(async move {
                signals.next().await;
                // Nobody is waited for, and nothing is left that would have to be put away.
                std::process::exit(INTERRUPTED);
            });
        };
        serve(listener, config, stop)
            .await
            .map_err(|error| format!("Serving at {local} failed: {error}"))
    })
}

/// Why there is nothing to listen on, and what to do.
fn no_listener(address: &str, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "Another program already listens on {address}. Choose another port with --listen, or \
             port 0 for any that is free."
        ),
        io::ErrorKind::AddrNotAvailable => {
            format!("This machine does not have the address {address}.")
        }
        io::ErrorKind::PermissionDenied => format!(
            "Listening on {address} is not permitted. Ports below 1024 may need more rights."
        ),
        _ => format!("Listening on {address} failed: {error}."),
    }
}

/// What asks the program to stop: Ctrl-C and, where there is such a thing, SIGTERM.
struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(windows)]
    interrupt: tokio::signal::windows::CtrlC,
}

impl Signals {
    #[cfg(unix)]
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    #[cfg(windows)]
    fn new() -> io::Result<Self> {
        Ok(Self { interrupt: tokio::signal::windows::ctrl_c()? })
    }

    async fn next(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(windows)]
        self.interrupt.recv().await;
    }
}

/// Starts logging, to the standard error: the one line on the standard output is for programs.
fn log(arguments: &Arguments) {
    let level = match arguments.log {
        Level::Off => LevelFilter::OFF,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
        Level::Debug => LevelFilter::DEBUG,
    };
    let log = tracing_subscriber::fmt().with_max_level(level).with_writer(io::stderr);
    // Nobody else has started a log before `main`.
    match arguments.log_format {
        Format::Text => {
            let is_read_by_a_person = io::IsTerminal::is_terminal(&io::stderr());
            log.with_ansi(is_read_by_a_person).with_target(false).init();
        }
        Format::Json => log.json().flatten_event(true).with_target(false).init(),
    }
}

/// Makes use of all the open files that the system grants: many systems allow a process 1024 of
/// them, and more only if it asks.
#[cfg(unix)]
fn allow_open_files(max_connections: usize) {
    use rustix::process::{Resource, getrlimit, setrlimit};

    /// What the program itself has open, and the connections that are being refused.
    const OTHERS: u64 = 100;

    let mut limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        limit.current = limit.maximum;
        // Where it is refused, the smaller number is told below.
        let _ = setrlimit(Resource::Nofile, limit);
    }
    let needed = max_connections as u64 + OTHERS;
    if let Some(granted) = getrlimit(Resource::Nofile).current
        && granted < needed
    {
        tracing::warn!(
            granted,
            needed,
            "the system grants fewer open files than --max-connections needs; raise it by ulimit -n"
        );
    }
}

/// Elsewhere there is no such limit.
#[cfg(not(unix))]
fn allow_open_files(_: usize) {}

/// Prints at once, also into a pipe. Nobody needs to read it: a closed pipe is no failure.
fn print(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "echo-server: {text}");
}
