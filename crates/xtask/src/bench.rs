//! `cargo xtask bench WHAT`: the channel, or the server, beside its peers; the ways into a frame loop;
//! lists of many rows; a frame with a long text; a million rows of the log; the cost of the
//! rebuilds panel, and of a frame of the page; and how soon the web page is seen.
//!
//! What has peers is a workspace of its own, so that nothing else ever builds them. What is measured
//! and how to read it stands in its README, and for the app in `examples/panel_cost.rs`,
//! `examples/scrub_cost.rs` and `examples/ui_cost/`.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::setup::{self, Part};
use crate::{MINUTE, Result, process, web};

/// Tells the measurement of the page where the empty one is.
const EMPTY_VARIABLE: &str = "WEBSOCKET_ECHO_EMPTY_PAGE";

const CHANNEL: &str = "crates/web_socket_channel/bench";
const SERVER: &str = "crates/echo_server/bench";

pub(crate) fn job(arguments: &[String]) -> Result<ExitCode> {
    match arguments {
        [what, scenarios @ ..] if what == "channel" => channel(scenarios),
        [what, scenarios @ ..] if what == "server" => server(scenarios),
        [what, parts @ ..] if what == "builder" => beside("egui_stream_builder", parts),
        [what, parts @ ..] if what == "rows" => beside("egui_row_list", parts),
        [what, parts @ ..] if what == "text" => beside("egui_long_text", parts),
        [what, parts @ ..] if what == "log" => beside("message_log", parts),
        [what] if what == "page" => page(),
        [what] if what == "panel" => {
            of_the_app("panel_cost", &[])?;
            of_the_app("scrub_cost", &[])
        }
        [what, tables @ ..] if what == "ui" => of_the_app("ui_cost", tables),
        _ => {
            let what = "`channel`, `server`, `builder`, `rows`, `text`, `log` or `ui`, and then the parts of \
                        it or none for all";
            Err(format!("`bench` takes {what}; or `panel` or `page`").into())
        }
    }
}

fn channel(scenarios: &[String]) -> Result<ExitCode> {
    process::run(&mut build(CHANNEL), 20 * MINUTE)?;
    // One of the peers is another library with this feature, so its clients are built apart.
    let apart = ["client_ewebsock_tokio", "client_ewebsock_tokio_counting"];
    let mut apart_build = build(CHANNEL);
    apart_build.args(["--features", "ewebsock-tokio"]);
    apart_build.args(apart.iter().flat_map(|client| ["--bin", client]));
    process::run(&mut apart_build, 20 * MINUTE)?;
    process::run(program(CHANNEL, "channel-bench").args(scenarios), 30 * MINUTE)?;
    Ok(ExitCode::SUCCESS)
}

/// The program in the `bench` folder of one of our crates.
fn beside(name: &str, parts: &[String]) -> Result<ExitCode> {
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--release", "--manifest-path"]);
    cargo.arg(format!("crates/{name}/bench/Cargo.toml")).arg("--").args(parts);
    process::run(&mut cargo, 30 * MINUTE)?;
    Ok(ExitCode::SUCCESS)
}

/// One of the app's own examples.
fn of_the_app(example: &str, tables: &[String]) -> Result<ExitCode> {
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--release", "--package", "websocket-echo", "--example", example]);
    cargo.arg("--").args(tables);
    process::run(&mut cargo, 30 * MINUTE)?;
    Ok(ExitCode::SUCCESS)
}

/// How soon the page is seen, beside an empty one.
fn page() -> Result<ExitCode> {
    let tools = setup::prepare(&[Part::WasmTarget, Part::WasmBindgen, Part::Trunk, Part::Browser])?;
    let empty = web::build_empty(&tools)?;
    let stage = web::set_stage(&tools)?;
    let mut bench = tools.command("cargo");
    bench.args(["run", "-p", "websocket-echo", "--features", "web-tests"]);
    bench.args(["--example", "first_paint"]).env(EMPTY_VARIABLE, empty);
    process::run(stage.tell(&mut bench), 40 * MINUTE)?;
    Ok(ExitCode::SUCCESS)
}

fn server(scenarios: &[String]) -> Result<ExitCode> {
    // One of the peers runs on node.
    let tools = setup::prepare(&[Part::Foreign])?;
    let clients = tools.clients.as_ref().ok_or("the set-up has brought no clients")?;
    process::run(&mut build(SERVER), 20 * MINUTE)?;
    let mut program = program(SERVER, "server-bench");
    program.args(scenarios).env("NODE_PATH", &clients.node_modules);
    process::run(&mut program, 60 * MINUTE)?;
    Ok(ExitCode::SUCCESS)
}

fn build(workspace: &str) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--release", "--manifest-path"]).arg(format!("{workspace}/Cargo.toml"));
    cargo.arg("--target-dir").arg(target(workspace));
    cargo
}

fn program(workspace: &str, name: &str) -> Command {
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    Command::new(target(workspace).join("release").join(name))
}

/// Not wherever the user wants builds to go: the programs find each other in one folder.
fn target(workspace: &str) -> PathBuf {
    Path::new(workspace).join("target")
}
