//! `cargo xtask bench channel`: the channel beside its peers; `cargo xtask bench builder`: the ways
//! into a frame loop.
//!
//! Each benchmark is a workspace of its own, so that nothing else ever builds the peers. What it
//! measures and how to read it stands in its README.

use std::path::Path;
use std::process::{Command, ExitCode};

use crate::{MINUTE, Result, process};

const FOLDER: &str = "crates/web_socket_channel/bench";

pub(crate) fn job(arguments: &[String]) -> Result<ExitCode> {
    match arguments {
        [what, scenarios @ ..] if what == "channel" => channel(scenarios),
        [what, parts @ ..] if what == "builder" => builder(parts),
        _ => {
            let what = "`channel` or `builder`";
            Err(format!("`bench` takes {what}, and then the parts of it, or none for all").into())
        }
    }
}

fn channel(scenarios: &[String]) -> Result<ExitCode> {
    // Wherever the user wants builds to go: the programs find each other in one folder.
    let target = Path::new(FOLDER).join("target");
    let build = || {
        let mut cargo = Command::new("cargo");
        cargo.args(["build", "--release", "--manifest-path"]).arg(format!("{FOLDER}/Cargo.toml"));
        cargo.arg("--target-dir").arg(&target);
        cargo
    };
    process::run(&mut build(), 20 * MINUTE)?;
    // One of the peers is another library with this feature, so its clients are built apart.
    let apart = ["client_ewebsock_tokio", "client_ewebsock_tokio_counting"];
    let mut apart_build = build();
    apart_build.args(["--features", "ewebsock-tokio"]);
    apart_build.args(apart.iter().flat_map(|client| ["--bin", client]));
    process::run(&mut apart_build, 20 * MINUTE)?;

    let program = format!("channel-bench{}", std::env::consts::EXE_SUFFIX);
    process::run(Command::new(target.join("release").join(program)).args(scenarios), 30 * MINUTE)?;
    Ok(ExitCode::SUCCESS)
}

fn builder(parts: &[String]) -> Result<ExitCode> {
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--release", "--manifest-path"]);
    cargo.arg("crates/egui_stream_builder/bench/Cargo.toml").arg("--").args(parts);
    process::run(&mut cargo, 30 * MINUTE)?;
    Ok(ExitCode::SUCCESS)
}
