//! The binary `echo-server`: reads its arguments, listens, and serves until it is told to stop.

mod allocator;
mod arguments;
mod listen;
mod service_manager;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::FromArgMatches as _;
use echo_server::{Config, Tls, serve};
use tracing::level_filters::LevelFilter;

use arguments::{Arguments, Format, Level};
use listen::Place;

/// What the program is called.
const NAME: &str = "echo-server";

/// How a program ends that was interrupted, as shells have it.
const INTERRUPTED: i32 = 130;

fn main() -> ExitCode {
    allocator::give_long_memory_back();
    let matches = arguments::command().get_matches();
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    if let Some(text) = text_for_tools(&arguments) {
        print(&text);
        return ExitCode::SUCCESS;
    }
    let (places, config) =
        match arguments.places().and_then(|places| Ok((places, arguments.config()?))) {
            Ok(both) => both,
            Err(error) => {
                complain(&format!("{error} See echo-server --help."));
                return ExitCode::from(2);
            }
        };
    log(&arguments);
    allow_open_files(&config);
    match run(&arguments, &places, config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::from(1)
        }
    }
}

/// What is made of the declaration of the options, for other programs.
fn text_for_tools(arguments: &Arguments) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    if let Some(shell) = arguments.completions {
        clap_complete::generate(shell, &mut arguments::command(), NAME, &mut text);
        return Some(text);
    }
    if arguments.man_page {
        // Writing into memory can't fail.
        let _ = clap_mangen::Man::new(arguments::command()).render(&mut text);
        return Some(text);
    }
    None
}

fn run(arguments: &Arguments, places: &[Place], mut config: Config) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("The threads can't be started: {error}."))?;
    runtime.block_on(async {
        let open = listen(places).await?;
        if arguments.self_signed {
            let addresses = open.iter().filter_map(|open| open.address);
            let names = listen::own_names(places.iter(), addresses);
            let tls = Tls::self_signed(&names);
            config.tls = Some(tls.map_err(|error| format!("No certificate was made: {error}."))?);
        }
        let metrics = match &arguments.metrics_listen {
            Some(place) => Some(listen::open(place).await?),
            None => None,
        };
        // Whoever reads the lines may send a signal at once, so they are listened for before them.
        let mut signals =
            Signals::new().map_err(|error| format!("Signals can't be received: {error}."))?;
        let tls = config.tls.clone();
        for open in &open {
            let scheme = match (&open.address, &tls) {
                (None, _) => "",
                (Some(_), None) => "ws://",
                (Some(_), Some(_)) => "wss://",
            };
            print(format!("echo-server listening on {scheme}{}\n", open.listener).as_bytes());
        }
        if let Some(metrics) = &metrics {
            let scheme = if metrics.address.is_some() { "http://" } else { "" };
            let line = format!("echo-server has its metrics on {scheme}{}\n", metrics.listener);
            print(line.as_bytes());
        }
        if let Some(tls) = tls.as_ref().filter(|_| arguments.self_signed) {
            let line = format!("certificate's SHA-256 fingerprint: {}\n", tls.fingerprint());
            print(line.as_bytes());
        }
        service_manager::tell("READY=1");
        let stop = async move {
            signals.stop(tls.as_ref()).await;
            tracing::info!("told to stop");
            service_manager::tell("STOPPING=1");
            tokio::spawn(async move {
                signals.stop(None).await;
                // Nobody is waited for. A socket in the file system stays, and the next server there
                // takes it over.
                std::process::exit(INTERRUPTED);
            });
        };
        let mut listeners = Vec::new();
        // Kept until the end, with the sockets in the file system.
        let mut paths = Vec::new();
        for open in open {
            listeners.push(open.listener);
            paths.push(open.path);
        }
        if let Some(metrics) = metrics {
            listeners.push(metrics.listener.for_metrics());
            paths.push(metrics.path);
        }
        serve(listeners, config, stop).await.map_err(|error| format!("Serving failed: {error}"))
    })
}

/// Opens what there is to listen on for WebSockets.
async fn listen(places: &[Place]) -> Result<Vec<listen::Open>, String> {
    let wrong = |error| format!("A socket from the service manager can't be used: {error}.");
    let sockets = service_manager::sockets().map_err(wrong)?;
    if !sockets.is_empty() {
        return sockets
            .into_iter()
            .map(|socket| listen::handed_over(socket).map_err(wrong))
            .collect();
    }
    let mut open = Vec::new();
    for place in places {
        open.push(listen::open(place).await?);
    }
    Ok(open)
}

/// What asks the program to stop: Ctrl-C and, where there is such a thing, SIGTERM. SIGHUP asks it to
/// read its certificate again.
struct Signals {
    #[cfg(unix)]
    hangup: tokio::signal::unix::Signal,
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
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    #[cfg(windows)]
    fn new() -> io::Result<Self> {
        Ok(Self { interrupt: tokio::signal::windows::ctrl_c()? })
    }

    /// Waits until the program is asked to stop.
    #[cfg(unix)]
    async fn stop(&mut self, tls: Option<&Tls>) {
        loop {
            tokio::select! {
                _ = self.interrupt.recv() => return,
                _ = self.terminate.recv() => return,
                _ = self.hangup.recv() => match tls.map(Tls::reload) {
                    Some(Err(error)) => {
                        tracing::warn!(%error, "the certificate is not used; the one before still is");
                    }
                    Some(Ok(())) => {}
                    None => tracing::info!("told to read a certificate again, and there is none"),
                }
            }
        }
    }

    #[cfg(windows)]
    async fn stop(&mut self, _: Option<&Tls>) {
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
    let log = tracing_subscriber::fmt()
        .with_max_level(level)
        // A line that can't be written is lost. Told on the standard error, which can't be written to
        // either, it would be a panic.
        .log_internal_errors(false)
        .with_writer(io::stderr);
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
fn allow_open_files(config: &Config) {
    use rustix::process::{Resource, getrlimit, setrlimit};

    /// What the program itself has open, and the connections that are being refused.
    const OTHERS: u64 = 100;

    let mut limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        limit.current = limit.maximum;
        // Where it is refused, the smaller number is told below.
        let _ = setrlimit(Resource::Nofile, limit);
    }
    // A connection that is sent a file of the app has two.
    let files_each = if config.app.is_some() { 2 } else { 1 };
    let needed = config.max_connections as u64 * files_each + OTHERS;
    if let Some(granted) = getrlimit(Resource::Nofile).current
        && granted < needed
    {
        tracing::warn!(
            granted,
            needed,
            "the system grants fewer open files than --max-connections needs (with --app two for \
             each); raise it by ulimit -n"
        );
    }
}

/// Elsewhere there is no such limit.
#[cfg(not(unix))]
fn allow_open_files(_: &Config) {}

/// Prints at once, also into a pipe. Nobody needs to read it: a closed pipe is no failure.
fn print(text: &[u8]) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text).and_then(|()| out.flush());
}

fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "echo-server: {text}");
}
