//! `server-bench [SCENARIO…]`: has every server do the same work, each in a process of its own and
//! all in turn, and prints what it costs them and whether echo_server keeps its targets.
//!
//! - [`run`] starts the servers and gathers what was measured;
//! - [`load`] is the client that keeps them busy, and [`usage`] asks the system what they use;
//! - [`table`] shows it; [`targets`] judges it.

mod load;
mod run;
mod table;
mod targets;
mod usage;

use std::env;
use std::process::ExitCode;

use run::Figures;
use server_bench::scenario::{self, IDLE_CONNECTIONS};
use server_bench::{Result, peers};

/// How often every peer has its turn. Odd, so that the median is one of them.
const ROUNDS: usize = 3;
/// Memory hardly varies.
const MEMORY_ROUNDS: usize = 1;

/// Files that a process has open besides its connections.
const OTHER_FILES: usize = 100;

/// For those who look into one server: a comma between names.
const PEERS_VARIABLE: &str = "SERVER_BENCH_PEERS";

fn main() -> ExitCode {
    let names: Vec<String> = env::args().skip(1).collect();
    bench(&names).unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::FAILURE
    })
}

fn bench(names: &[String]) -> Result<ExitCode> {
    let (scenarios, is_memory_wanted) = scenario::select(names)?;
    usage::allow_open_files(IDLE_CONNECTIONS + OTHER_FILES)?;
    let peers = peers()?;
    let mut figures = Figures::default();
    for scenario in scenarios {
        eprint!("{}: ", scenario.about);
        for _ in 0..ROUNDS {
            for peer in &peers {
                figures.work(peer, scenario);
            }
            eprint!(".");
        }
        eprintln!();
        println!("\n{}", table::costs(scenario, &peers, &figures));
    }
    if is_memory_wanted {
        eprint!("memory: ");
        for _ in 0..MEMORY_ROUNDS {
            for peer in &peers {
                figures.idle(peer);
            }
            eprint!(".");
        }
        eprintln!();
        println!("\n{}", table::memory(&peers, &figures));
    }
    println!("\n{}", targets::judgement(&figures));
    for failure in &figures.failures {
        println!("FAILED: {failure}");
    }
    Ok(if figures.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Those that are measured: all, unless the environment says otherwise.
fn peers() -> Result<Vec<&'static str>> {
    let Ok(wanted) = env::var(PEERS_VARIABLE) else { return Ok(peers::ALL.to_vec()) };
    let named = |name: &str| peers::ALL.into_iter().find(|peer| *peer == name);
    wanted
        .split(',')
        .map(|name| named(name).ok_or_else(|| format!("there is no peer `{name}`").into()))
        .collect()
}
