//! `channel-bench [SCENARIO…]`: runs every peer through the same scenarios, each in a process of
//! its own and all in turn, and prints what they cost and whether the channel keeps its targets.
//!
//! - [`server`] is the other end, in another process;
//! - [`run`] starts the clients and gathers what they print;
//! - [`table`] shows it; [`targets`] judges it.

mod run;
mod server;
mod table;
mod targets;

use std::env;
use std::process::ExitCode;

use channel_bench::Result;
use channel_bench::peers::{self, CALLERS_RUNTIME, EWEBSOCK, EWEBSOCK_TOKIO, OWN_THREAD, TUNED};
use channel_bench::scenario::{self, Pace, Scenario};
use run::{Figures, Server};

/// How often every peer has its turn. Odd, so that the median is one of them; and oftener where it
/// is about how fast a thread is woken, as that is one of two times by where the system has put it.
const ROUNDS: usize = 7;
const PACED_ROUNDS: usize = 21;

/// What runs the floods together.
const MEMORY: &str = "memory";

/// Those that are flooded: who reads by himself, and one who does not, for comparison.
const FLOODED: [&str; 5] = [CALLERS_RUNTIME, OWN_THREAD, TUNED, EWEBSOCK, EWEBSOCK_TOKIO];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let outcome = match arguments.as_slice() {
        [argument] if argument == run::SERVE => server::serve().map(|()| ExitCode::SUCCESS),
        names => bench(names),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::FAILURE
    })
}

fn bench(names: &[String]) -> Result<ExitCode> {
    let scenarios = select(names)?;
    let server = Server::start()?;
    let mut figures = Figures::default();
    let (floods, others): (Vec<Scenario>, Vec<Scenario>) =
        scenarios.into_iter().partition(|scenario| scenario.pace == Pace::Flood);
    for scenario in others {
        eprint!("{}: ", scenario.about);
        let rounds = if scenario.pace == Pace::Full { ROUNDS } else { PACED_ROUNDS };
        for _ in 0..rounds {
            for peer in peers::ALL {
                figures.add(run::client(&server, peer, scenario, run::Kind::Plain));
            }
            eprint!(".");
        }
        if scenario.pace == Pace::Full {
            for peer in peers::ALL {
                figures.add(run::client(&server, peer, scenario, run::Kind::Counting));
            }
        }
        eprintln!();
        println!("\n{}", table::costs(scenario, &figures));
    }
    for scenario in &floods {
        eprintln!("{}", scenario.about);
        for peer in FLOODED {
            figures.add(run::client(&server, peer, *scenario, run::Kind::Plain));
        }
    }
    if !floods.is_empty() {
        println!("\n{}", table::growth(&floods, &FLOODED, &figures));
    }
    println!("\n{}", targets::judgement(&figures));
    for failure in &figures.failures {
        println!("FAILED: {failure}");
    }
    Ok(if figures.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The scenarios of these names; all of them where none is named.
fn select(names: &[String]) -> Result<Vec<Scenario>> {
    let is = |scenario: &Scenario, name: &str| {
        scenario.name == name || name == MEMORY && scenario.pace == Pace::Flood
    };
    for name in names {
        if !scenario::ALL.iter().any(|scenario| is(scenario, name)) {
            let mut known: Vec<&str> = scenario::ALL.iter().map(|scenario| scenario.name).collect();
            known.push(MEMORY);
            let known = known.join(", ");
            return Err(format!("there is no scenario `{name}`; there are {known}").into());
        }
    }
    let all = scenario::ALL.into_iter();
    Ok(all
        .filter(|scenario| names.is_empty() || names.iter().any(|name| is(scenario, name)))
        .collect())
}
