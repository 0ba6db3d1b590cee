//! The WebSocket clients that others wrote: `ws` from npm and `websockets` from PyPI, each in the one
//! version that the tests were written with.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::setup::build_aside;
use crate::{MINUTE, Result, process};

/// The versions. A newer one is a choice, not an accident.
const WS: &str = "8.23.0";
const WEBSOCKETS: &str = "17.4";

/// Where the clients are.
pub(crate) struct Clients {
    /// The folder in which node finds `ws`.
    pub(crate) node_modules: PathBuf,
    /// The Python that has `websockets`.
    pub(crate) python: PathBuf,
}

/// Finds the clients, or fetches them.
pub(crate) fn provide(cache: &Path) -> Result<Clients> {
    let node = cache.join(format!("ws-{WS}"));
    if !node.is_dir() {
        println!("Fetching the WebSocket client ws {WS}.");
        build_aside(&node, |aside| {
            let root = aside.join("root");
            let mut npm = Command::new("npm");
            npm.args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]);
            process::run(npm.arg(&root).arg(format!("ws@{WS}")), 5 * MINUTE)?;
            Ok(root)
        })?;
    }
    let python = cache.join(format!("websockets-{WEBSOCKETS}"));
    let interpreter = python.join("bin/python");
    // Built in its place, as such an environment can't be moved; pip's part comes last.
    if !python.join("done").is_file() {
        println!("Fetching the WebSocket client websockets {WEBSOCKETS}.");
        process::run(
            Command::new("python3").args(["-m", "venv", "--clear"]).arg(&python),
            5 * MINUTE,
        )?;
        let package = format!("websockets=={WEBSOCKETS}");
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", &package];
        process::run(Command::new(&interpreter).args(pip), 5 * MINUTE)?;
        std::fs::write(python.join("done"), "")?;
    }
    Ok(Clients { node_modules: node.join("node_modules"), python: interpreter })
}
