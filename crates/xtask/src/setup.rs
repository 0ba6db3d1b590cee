//! `cargo xtask setup`: brings what the machine lacks, each thing only where it is missing.
//!
//! What is built is kept in a cache folder outside the checkout and belongs to nobody else: no
//! program of the user's is replaced, and removing the folder removes every trace but the Debian
//! packages.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::clients::Clients;
use crate::{Result, clients, installs, packages, wasm_target};

/// Names another folder than the user's cache folder.
pub(crate) const CACHE_VARIABLE: &str = "WEBSOCKET_ECHO_TOOLS";

/// Something that a job needs beyond Rust itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Part {
    /// Software Vulkan and the fonts that pictures of the interface are drawn with.
    Pictures,
    /// Chromium and the driver that lets a test press its keys.
    Browser,
    /// A compiler and a standard library for `wasm32-unknown-unknown`.
    WasmTarget,
    /// What turns the compiler's output into a module for the browser, and runs tests there.
    WasmBindgen,
    /// Builds and serves the web page.
    Trunk,
    /// A screen that nobody sees, for looking at the desktop app.
    Screen,
    /// What packs the desktop app.
    Packager,
    /// What looks at what a desktop is told of it.
    DesktopChecks,
    /// WebSocket clients and proxies that others wrote, for the echo server.
    Foreign,
    /// What looks at pages as assistive technology does: axe-core, and node for the gallery of the mirror.
    Axe,
    /// What looks at the licences, the faults and the versions of dependencies.
    CargoDeny,
    /// What compares a crate's interface with that of a release. Only `semver` needs it.
    CargoSemverChecks,
    /// What builds and runs fuzz targets. Only `fuzz` needs it, so that `setup` leaves it out.
    CargoFuzz,
}

const ALL: [Part; 11] = [
    Part::Pictures,
    Part::Browser,
    Part::WasmTarget,
    Part::WasmBindgen,
    Part::Trunk,
    Part::Screen,
    Part::Packager,
    Part::DesktopChecks,
    Part::Foreign,
    Part::Axe,
    Part::CargoDeny,
];

pub(crate) fn job(arguments: &[String]) -> Result<ExitCode> {
    if let Some(argument) = arguments.first() {
        return Err(format!("`setup` takes no argument, and got `{argument}`").into());
    }
    prepare(&ALL)?;
    println!("This machine has all that the jobs need.");
    Ok(ExitCode::SUCCESS)
}

/// Where to find what was set up; starts the programs that use it.
pub(crate) struct Tools {
    path: OsString,
    /// A toolchain of our own for wasm, where rustup's has no wasm target.
    wasm_toolchain: Option<PathBuf>,
    /// Set where they were asked for.
    pub(crate) clients: Option<Clients>,
    /// axe-core's script; set where it was asked for.
    pub(crate) axe: Option<PathBuf>,
}

impl Tools {
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("PATH", &self.path);
        command
    }

    /// A command that compiles for wasm, or starts something that does.
    pub(crate) fn wasm_command(&self, program: &str) -> Command {
        let mut command = self.command(program);
        if let Some(toolchain) = &self.wasm_toolchain {
            command.env("RUSTUP_TOOLCHAIN", toolchain);
        }
        command
    }
}

/// Makes sure that the parts are there.
pub(crate) fn prepare(parts: &[Part]) -> Result<Tools> {
    let cache = cache();
    let mut tools = Tools {
        path: env::var_os("PATH").unwrap_or_default(),
        wasm_toolchain: None,
        clients: None,
        axe: None,
    };
    if parts.is_empty() {
        return Ok(tools);
    }

    let _lock = lock(&cache)?;
    packages::install(parts)?;
    if parts.contains(&Part::WasmTarget) {
        tools.wasm_toolchain = wasm_target::provide(&cache)?;
    }
    if parts.contains(&Part::Foreign) {
        tools.clients = Some(clients::provide(&cache)?);
    }
    if parts.contains(&Part::Axe) {
        tools.axe = Some(clients::axe(&cache)?);
    }
    let mut folders = Vec::new();
    if parts.contains(&Part::WasmBindgen) {
        folders.extend(installs::wasm_bindgen(&cache)?);
    }
    if parts.contains(&Part::Trunk) {
        folders.extend(installs::trunk(&cache)?);
    }
    if parts.contains(&Part::Packager) {
        folders.extend(installs::cargo_packager(&cache)?);
    }
    if parts.contains(&Part::CargoDeny) {
        folders.extend(installs::cargo_deny(&cache)?);
    }
    if parts.contains(&Part::CargoSemverChecks) {
        folders.extend(installs::cargo_semver_checks(&cache)?);
    }
    if parts.contains(&Part::CargoFuzz) {
        folders.extend(installs::cargo_fuzz(&cache)?);
    }
    folders.extend(env::split_paths(&tools.path));
    if parts.contains(&Part::Foreign) {
        // Where Debian puts servers, and where only root looks for them.
        folders.push("/usr/sbin".into());
    }
    tools.path = env::join_paths(folders)?;
    Ok(tools)
}

/// The folder of everything that is built here.
pub(crate) fn cache() -> PathBuf {
    let folder = |variable| env::var_os(variable).filter(|value| !value.is_empty());
    if let Some(own) = folder(CACHE_VARIABLE) {
        return own.into();
    }
    let parent = folder("XDG_CACHE_HOME").map_or_else(
        || env::home_dir().unwrap_or_else(env::temp_dir).join(".cache"),
        PathBuf::from,
    );
    parent.join("websocket-echo")
}

/// Builds something in a folder that nobody else looks at, and moves it to its place when it is
/// whole: what lies there is finished, always. A build that was interrupted finds its folder again.
pub(crate) fn build_aside(product: &Path, build: impl FnOnce(&Path) -> Result<PathBuf>) -> Result {
    let name = product.file_name().unwrap_or_default();
    let aside = product.with_file_name("unfinished").join(name);
    fs::create_dir_all(&aside)?;
    let built = build(&aside)?;
    if product.exists() {
        fs::remove_dir_all(product)?;
    }
    fs::rename(built, product)?;
    fs::remove_dir_all(&aside)?;
    // Stays where another unfinished thing lies beside it.
    let _ = fs::remove_dir(product.with_file_name("unfinished"));
    Ok(())
}

/// Two set-ups at once would build the same things in the same places. The lock goes with its file,
/// however the process ends.
fn lock(cache: &Path) -> Result<File> {
    fs::create_dir_all(cache)?;
    let file = File::create(cache.join("lock"))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            println!("Another set-up is running; this one goes on when it is done.");
            file.lock()?;
        }
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }
    Ok(file)
}
