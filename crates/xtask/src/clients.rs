//! What tests take from others: the WebSocket clients `ws` from npm and `websockets` from PyPI, and axe-core
//! from npm, each in the one version that the tests were written with.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::setup::build_aside;
use crate::{MINUTE, Result, process};

/// The versions. A newer one is a choice, not an accident.
const WS: &str = "8.23.0";
const WEBSOCKETS: &str = "17.4";
const AXE: &str = "4.14.1";

/// Where the clients are.
pub(crate) struct Clients {
    /// The folder in which node finds `ws`.
    pub(crate) node_modules: PathBuf,
    /// The Python that has `websockets`.
    pub(crate) python: PathBuf,
}

/// Finds the clients, or fetches them.
pub(crate) fn provide(cache: &Path) -> Result<Clients> {
    let node = from_npm(cache, "ws", WS)?;
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
    Ok(Clients { node_modules: node, python: interpreter })
}

/// Finds axe-core's script, or fetches it.
pub(crate) fn axe(cache: &Path) -> Result<PathBuf> {
    Ok(from_npm(cache, "axe-core", AXE)?.join("axe-core/axe.min.js"))
}

/// The folder in which node finds a package of npm's.
fn from_npm(cache: &Path, package: &str, version: &str) -> Result<PathBuf> {
    let product = cache.join(format!("{package}-{version}"));
    if !product.is_dir() {
        println!("Fetching {package} {version} from npm.");
        build_aside(&product, |aside| {
            let root = aside.join("root");
            let mut npm = Command::new("npm");
            npm.args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]);
            process::run(npm.arg(&root).arg(format!("{package}@{version}")), 5 * MINUTE)?;
            Ok(root)
        })?;
    }
    Ok(product.join("node_modules"))
}
