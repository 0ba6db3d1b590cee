//! The web page: built, weighed, served, and set on a stage for what drives it in a browser.

use std::ffi::OsString;
use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Duration;

use crate::process::Running;
use crate::scratch::Scratch;
use crate::setup::{self, Part, Tools};
use crate::twins::{self, Weight};
use crate::{MINUTE, Result, built, debug_names, offline, process, source_paths};

/// What the page may weigh as a server sends it: people wait for it.
const MOST_BYTES: usize = 1_500_000;

/// Tells what drives the page the folder that it was built into.
const DIST_VARIABLE: &str = "WEBSOCKET_ECHO_DIST";
/// Tells it the program that is the echo server.
const SERVER_VARIABLE: &str = "WEBSOCKET_ECHO_SERVER";
/// Tells it the URL of a chromedriver that runs.
const WEBDRIVER_VARIABLE: &str = "WEBSOCKET_ECHO_WEBDRIVER";
/// Tells it with which arguments, parted by spaces, that is to start the browser.
const CHROMIUM_ARGS_VARIABLE: &str = "WEBSOCKET_ECHO_CHROMIUM_ARGS";

/// A browser without a window, that draws without a graphics card and talks to nobody.
pub(crate) const CHROMIUM_ARGS: [&str; 10] = [
    "--headless=new",
    // Its sandbox refuses to run as root, which is what containers run as. It only sees our own
    // page.
    "--no-sandbox",
    // Containers have a tiny /dev/shm.
    "--disable-dev-shm-usage",
    // Without these two there is no WebGL.
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--no-proxy-server",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// The compiler's flags for what browsers can do, as in `.cargo/config.toml`.
const FLAGS: [&str; 1] = ["-Ctarget-feature=+simd128"];

/// What cargo calls the echo server.
const ECHO_SERVER: [&str; 4] = ["-p", "websocket-echo-server", "--bin", "echo-server"];

const NEEDS: [Part; 3] = [Part::WasmTarget, Part::WasmBindgen, Part::Trunk];

pub(crate) fn build_job(arguments: &[String]) -> Result<ExitCode> {
    if let Some(argument) = arguments.first() {
        return Err(format!("`web` takes no argument, and got `{argument}`").into());
    }
    let (dist, weights) = build(&setup::prepare(&NEEDS)?)?;
    println!("\nThe page is in {}", dist.display());
    print_sizes(&weights);
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn serve_job(arguments: &[String]) -> Result<ExitCode> {
    let tools = setup::prepare(&NEEDS)?;
    let _server = start_echo_server(&tools)?;
    // Until it is interrupted.
    process::run(trunk(&tools, "serve").args(arguments), Duration::MAX)?;
    Ok(ExitCode::SUCCESS)
}

/// Builds the page as it is published, with its twins, and returns its folder and what it weighs. A page that
/// weighs too much is an error.
pub(crate) fn build(tools: &Tools) -> Result<(PathBuf, Vec<Weight>)> {
    // trunk empties the folder first, so that the twins are gone whenever they are not the page's.
    let mut build = trunk(tools, "build");
    source_paths::rename(build.arg("--release"), &FLAGS)?;
    process::run(&mut build, 40 * MINUTE)?;
    let dist = fs::canonicalize("dist")?;
    debug_names::remove(&dist)?;
    for entry in fs::read_dir(&dist)? {
        let path = entry?.path();
        if path.is_file() {
            source_paths::refuse(&fs::read(path)?)?;
        }
    }
    offline::write(&dist)?;
    let weights = twins::write(&dist)?;
    let sent: usize = weights.iter().map(Weight::sent).sum();
    if sent > MOST_BYTES {
        print_sizes(&weights);
        return Err(format!(
            "the page weighs {sent} bytes as it is sent, and may weigh {MOST_BYTES}"
        )
        .into());
    }
    Ok((dist, weights))
}

/// Starts the echo server where `Trunk.toml` says that the page's own is.
pub(crate) fn start_echo_server(tools: &Tools) -> Result<Running> {
    process::run(tools.command("cargo").arg("build").args(ECHO_SERVER), 20 * MINUTE)?;
    let mut command = Command::new(built("echo-server")?);
    let (server, ()) = process::start_service(&mut command, MINUTE, |line| {
        line.contains("listening on").then_some(())
    })?;
    Ok(server)
}

/// Serves the page as it is published, with the echo server behind it; returns the page's URL.
pub(crate) fn start_page_server(tools: &Tools) -> Result<(Running, String)> {
    // Trunk can't choose a port by itself. This one was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut command = trunk(tools, "serve");
    // It would build again at every change, of which a picture in the checkout is one.
    command.args(["--release", "--no-autoreload", "--watch", "index.html"]);
    command.args(["--port", &port.to_string()]);
    let (server, ()) = process::start_service(&mut command, 40 * MINUTE, |line| {
        line.contains("server listening at").then_some(())
    })?;
    Ok((server, format!("http://127.0.0.1:{port}/")))
}

/// What there has to be for a program that drives the built page in a browser, for as long as it runs.
pub(crate) struct Stage {
    variables: [(&'static str, OsString); 4],
    // In this order: the browser is ended before its folder is removed.
    _driver: Running,
    _scratch: Scratch,
}

impl Stage {
    /// Tells such a program where it is.
    pub(crate) fn tell<'a>(&self, program: &'a mut Command) -> &'a mut Command {
        program.envs(self.variables.iter().map(|(name, value)| (name, value)))
    }
}

/// Builds the page and its server, and starts the driver of the browser.
pub(crate) fn set_stage(tools: &Tools) -> Result<Stage> {
    let (dist, _) = build(tools)?;
    process::run(tools.command("cargo").arg("build").args(ECHO_SERVER), 20 * MINUTE)?;
    let scratch = Scratch::create()?;
    let mut driver = tools.command("chromedriver");
    driver.arg("--port=0").env("TMPDIR", scratch.path());
    let (driver, port) = process::start_service(&mut driver, MINUTE, |line| {
        let (_, port) = line.split_once("started successfully on port ")?;
        Some(port.trim_end_matches('.').to_owned())
    })?;
    let variables = [
        (DIST_VARIABLE, dist.into()),
        (SERVER_VARIABLE, built("echo-server")?.into()),
        (WEBDRIVER_VARIABLE, format!("http://127.0.0.1:{port}").into()),
        (CHROMIUM_ARGS_VARIABLE, CHROMIUM_ARGS.join(" ").into()),
    ];
    Ok(Stage { variables, _driver: driver, _scratch: scratch })
}

fn trunk(tools: &Tools, command: &str) -> Command {
    let mut trunk = tools.wasm_command("trunk");
    // Offline it takes wasm-bindgen from the `PATH`, where set-up has put the right one, and
    // downloads none.
    trunk.args([command, "--offline"]);
    trunk
}

/// Builds the empty page that ours is compared with, and returns its folder.
pub(crate) fn build_empty(tools: &Tools) -> Result<PathBuf> {
    let target = std::path::absolute("target/empty-page")?;
    let dist = target.join("dist");
    fs::create_dir_all(&dist)?;
    let mut build = trunk(tools, "build");
    build.args(["--release", "--dist"]).arg(&dist).env("CARGO_TARGET_DIR", &target);
    process::run(build.current_dir("tests/web/empty_page"), 40 * MINUTE)?;
    debug_names::remove(&dist)?;
    twins::write(&dist)?;
    Ok(dist)
}

/// Prints what the page weighs, as it is and as a server sends it.
fn print_sizes(weights: &[Weight]) {
    println!("\n{:>10} {:>10} {:>10}", "raw", "gzip", "brotli");
    for Weight { file, raw, gzip, brotli } in weights {
        let shown = |size: &Option<usize>| size.map_or("-".to_owned(), |size| size.to_string());
        let name = file.file_name().unwrap_or_default().display();
        println!("{raw:>10} {:>10} {:>10}  {name}", shown(gzip), shown(brotli));
    }
    println!("{:>32}  all, as sent", weights.iter().map(Weight::sent).sum::<usize>());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_built_with_the_flags_that_cargo_is_configured_with() {
        let configured = include_str!("../../../.cargo/config.toml");
        assert!(configured.contains(&format!("\nrustflags = {FLAGS:?}\n")), "{configured}");
    }
}
