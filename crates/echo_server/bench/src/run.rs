//! Starts the servers, loads them one at a time, and gathers what was measured.

use std::collections::BTreeMap;
use std::env;
use std::future::Future;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use server_bench::Result;
use server_bench::peers::WS;
use server_bench::scenario::{MEMORY, Scenario};
use tokio::runtime::Builder;

use crate::{load, usage};

/// Processor time of one message, of all threads of the server.
pub(crate) const CPU: &str = "CPU";
/// Time on the wall of one message.
pub(crate) const WALL: &str = "wall";
/// Memory of a connection on which nothing has happened.
pub(crate) const OPEN: &str = "memory a connection, open";
/// Memory of a connection that was busy once.
pub(crate) const AFTER_ECHO: &str = "memory a connection, after an echo of 64 KiB";

/// What all of them have measured.
#[derive(Default)]
pub(crate) struct Figures {
    /// By scenario, peer and name, each as often as it was measured.
    all: BTreeMap<(&'static str, &'static str, &'static str), Vec<f64>>,
    /// What went wrong, for the end of the output.
    pub(crate) failures: Vec<String>,
}

impl Figures {
    /// Has one server do the work of a scenario.
    pub(crate) fn work(&mut self, peer: &'static str, scenario: Scenario) {
        // Where one waits for the other all the time, they share a processor: else it is in the
        // figures, and most of them, how long a processor takes to wake another one that sleeps.
        let processors = (scenario.in_flight == 1).then(usage::stay_on_one_processor).transpose();
        let cost = processors.and_then(|_processors| {
            with_server(peer, |port, process| load::work(port, process, scenario))
        });
        self.add(scenario.name, peer, cost.map(|cost| [(CPU, cost.cpu_ns), (WALL, cost.wall_ns)]));
    }

    /// Has one server hold connections.
    pub(crate) fn idle(&mut self, peer: &'static str) {
        let held = with_server(peer, load::idle);
        self.add(
            MEMORY,
            peer,
            held.map(|held| [(OPEN, held.open_bytes), (AFTER_ECHO, held.after_echo_bytes)]),
        );
    }

    fn add(
        &mut self,
        scenario: &'static str,
        peer: &'static str,
        figures: Result<[(&'static str, f64); 2]>,
    ) {
        match figures {
            Err(error) => self.failures.push(format!("{scenario}, {peer}: {error}")),
            Ok(figures) => {
                for (name, value) in figures {
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
        name: &'static str,
    ) -> Vec<f64> {
        let mut values = self.all.get(&(scenario, peer, name)).cloned().unwrap_or_default();
        values.sort_by(f64::total_cmp);
        values
    }

    /// The middle of what was measured.
    pub(crate) fn median(
        &self,
        scenario: &'static str,
        peer: &'static str,
        name: &'static str,
    ) -> Option<f64> {
        let values = self.sorted(scenario, peer, name);
        values.get(values.len() / 2).copied()
    }
}

/// A server in a process of its own, so that the client's costs are none of its.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn with_server<T, F: Future<Output = Result<T>>>(
    peer: &str,
    measure: impl FnOnce(u16, u32) -> F,
) -> Result<T> {
    let mut server = Server(command(peer)?.stdout(Stdio::piped()).spawn()?);
    let output = server.0.stdout.take().ok_or("the server has no output")?;
    let mut port = String::new();
    BufReader::new(output).read_line(&mut port)?;
    let port = port.trim().parse().map_err(|_| "it did not begin; its reason stands above")?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(measure(port, server.0.id()))
}

fn command(peer: &str) -> Result<Command> {
    if peer == WS {
        // node finds `ws` where `NODE_PATH` says, which `cargo xtask bench server` sets.
        let mut node = Command::new("node");
        node.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ws.cjs"));
        return Ok(node);
    }
    let name = format!("peer{}", env::consts::EXE_SUFFIX);
    let program = env::current_exe()?.with_file_name(name);
    if !program.exists() {
        let how = "`cargo xtask bench server` builds it";
        return Err(format!("{} is missing; {how}", program.display()).into());
    }
    let mut command = Command::new(program);
    command.arg(peer);
    Ok(command)
}
