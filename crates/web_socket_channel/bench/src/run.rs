//! Starts the server and the clients, and gathers what they print.

use std::collections::BTreeMap;
use std::env;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use channel_bench::Result;
use channel_bench::peers::EWEBSOCK_TOKIO;
use channel_bench::scenario::Scenario;

/// The argument that makes this program the server.
pub(crate) const SERVE: &str = "serve";

/// No client takes so long that is not stuck.
const LIMIT: Duration = Duration::from_secs(60);

/// How often a client is asked whether it is done.
const POLL: Duration = Duration::from_millis(20);

/// The server, in a process of its own so that none of its costs are a client's.
pub(crate) struct Server {
    process: Child,
    address: String,
}

/// Which build of a client.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// For what the system counts.
    Plain,
    /// For what it does not, at the price of speed.
    Counting,
}

/// What a client has measured, or why it has not.
pub(crate) struct Outcome {
    scenario: &'static str,
    peer: &'static str,
    kind: Kind,
    figures: Result<Vec<(String, f64)>>,
}

/// What all of them have measured.
#[derive(Default)]
pub(crate) struct Figures {
    /// By scenario, peer and name, each as often as it was measured.
    all: BTreeMap<(&'static str, &'static str, String), Vec<f64>>,
    /// What went wrong, for the end of the output.
    pub(crate) failures: Vec<String>,
}

impl Server {
    pub(crate) fn start() -> Result<Self> {
        let mut process =
            Command::new(env::current_exe()?).arg(SERVE).stdout(Stdio::piped()).spawn()?;
        let output = process.stdout.take().ok_or("the server has no output")?;
        let mut server = Self { process, address: String::new() };
        BufReader::new(output).read_line(&mut server.address)?;
        server.address.truncate(server.address.trim_end().len());
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Figures {
    pub(crate) fn add(&mut self, outcome: Outcome) {
        let Outcome { scenario, peer, kind, figures } = outcome;
        match figures {
            Err(error) => self.failures.push(format!("{scenario}, {peer}: {error}")),
            Ok(figures) => {
                for (name, value) in figures {
                    // A client that counts is slower, so of its times nothing is to be heard.
                    if kind == Kind::Counting && (name == CPU || name == WALL) {
                        continue;
                    }
                    self.all.entry((scenario, peer, name)).or_default().push(value);
                }
            }
        }
    }

    /// What was measured, in ascending order.
    pub(crate) fn sorted(
        &self,
        scenario: &'static str,
        peer: &'static str,
        name: &str,
    ) -> Vec<f64> {
        let mut values =
            self.all.get(&(scenario, peer, name.to_owned())).cloned().unwrap_or_default();
        values.sort_by(f64::total_cmp);
        values
    }

    /// The middle of what was measured.
    pub(crate) fn median(
        &self,
        scenario: &'static str,
        peer: &'static str,
        name: &str,
    ) -> Option<f64> {
        let values = self.sorted(scenario, peer, name);
        values.get(values.len() / 2).copied()
    }
}

/// Processor time of one message, of all threads of the client.
pub(crate) const CPU: &str = "cpu_ns";
/// Time on the wall of one message.
pub(crate) const WALL: &str = "wall_ns";
/// Round trip, at the median of one client's messages.
pub(crate) const P50: &str = "p50_ns";
/// Round trip, at the 99th percentile of one client's messages.
pub(crate) const P99: &str = "p99_ns";
/// How often a message makes the client ask for memory.
pub(crate) const ALLOCATIONS: &str = "allocations";
/// How many bytes it asks for.
pub(crate) const ALLOCATED_BYTES: &str = "allocated_bytes";
/// Which part of the payload the program finds where the socket has put it.
pub(crate) const IN_PLACE: &str = "in_place";
/// How much memory a flood takes.
pub(crate) const GROWTH: &str = "growth_bytes";

/// Runs one peer through one scenario.
pub(crate) fn client(
    server: &Server,
    peer: &'static str,
    scenario: Scenario,
    kind: Kind,
) -> Outcome {
    let figures = figures(server, peer, scenario, kind);
    Outcome { scenario: scenario.name, peer, kind, figures }
}

fn figures(
    server: &Server,
    peer: &str,
    scenario: Scenario,
    kind: Kind,
) -> Result<Vec<(String, f64)>> {
    let mut client = Command::new(program(peer, kind)?)
        .args([peer, scenario.name, &server.address])
        .stdout(Stdio::piped())
        .spawn()?;
    let start = Instant::now();
    let status = loop {
        if let Some(status) = client.try_wait()? {
            break status;
        }
        if start.elapsed() > LIMIT {
            client.kill()?;
            client.wait()?;
            return Err(format!("it was not done after {LIMIT:?}").into());
        }
        thread::sleep(POLL);
    };
    if !status.success() {
        return Err(format!("it failed ({status}); its reason stands above").into());
    }
    let mut output = String::new();
    client.stdout.take().ok_or("a client has no output")?.read_to_string(&mut output)?;
    output
        .lines()
        .map(|line| {
            let (name, value) = line.split_once(' ').ok_or("not a figure")?;
            Ok((name.to_owned(), value.parse()?))
        })
        .collect()
}

/// The program of a peer, beside this one.
fn program(peer: &str, kind: Kind) -> Result<PathBuf> {
    let mut name = String::from("client");
    if peer == EWEBSOCK_TOKIO {
        name += "_ewebsock_tokio";
    }
    if kind == Kind::Counting {
        name += "_counting";
    }
    let program = env::current_exe()?.with_file_name(name + env::consts::EXE_SUFFIX);
    if !program.exists() {
        let how = "`cargo xtask bench channel` builds it";
        return Err(format!("{} is missing; {how}", program.display()).into());
    }
    Ok(program)
}
