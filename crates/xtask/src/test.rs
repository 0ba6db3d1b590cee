//! `cargo xtask test`: every check and every test there is, in the order in which they fail
//! fastest.
//!
//! What runs in a browser needs company, which is started here and ended with its step:
//!
//! - the channel's tests in the browser talk to `conformance_peer`, at the address that `WS_PEER`
//!   names when they are compiled;
//! - the tests of the built page find the variables of [`web`] in their environment.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use crate::scratch::Scratch;
use crate::setup::{self, Part, Tools};
use crate::tally::Tally;
use crate::{MINUTE, Result, built, deny, desktop_package, packages, process, publishing, web};

struct Step {
    name: &'static str,
    about: &'static str,
    needs: &'static [Part],
    /// A suite that ran no test has not passed; a check that isn't a suite has none.
    has_tests: bool,
    run: fn(&Tools, &mut Report) -> Result,
}

/// The step that is done where it is named, and not with the others: it builds the app anew as it is published,
/// and installs it on this machine.
const ON_REQUEST: &str = "desktop";

const STEPS: [Step; 14] = [
    Step { name: "fmt", about: "the code is formatted", needs: &[], has_tests: false, run: fmt },
    Step {
        name: "clippy",
        about: "no warnings, on this machine",
        needs: &[],
        has_tests: false,
        run: clippy,
    },
    Step {
        name: "clippy-wasm",
        about: "no warnings, in what also runs in a browser",
        needs: &[Part::WasmTarget],
        has_tests: false,
        run: clippy_wasm,
    },
    Step {
        name: "features",
        about: "the channel with none of its features and with few; the others have all",
        needs: &[],
        has_tests: true,
        run: features,
    },
    Step {
        name: "deny",
        about: "licences, known faults and duplicates of the dependencies",
        needs: &[Part::CargoDeny],
        has_tests: false,
        run: deny,
    },
    Step {
        name: "rust-version",
        about: "the crates that can be published need no newer Rust than they say",
        needs: &[],
        has_tests: false,
        run: |tools, _| publishing::check_rust_versions(tools),
    },
    Step {
        name: "native",
        about: "unit, integration, picture and doc tests on this machine",
        needs: &[Part::Pictures],
        has_tests: true,
        run: native,
    },
    Step {
        name: "doc",
        about: "the documentation builds, and its links lead somewhere",
        needs: &[],
        has_tests: false,
        run: doc,
    },
    Step {
        name: "package",
        about: "the packages of the crates that can be published build by themselves",
        needs: &[],
        has_tests: false,
        run: |tools, _| publishing::package(tools),
    },
    Step {
        name: "server",
        about: "the echo server with other people's clients and proxies, and under attack",
        needs: &[Part::Foreign],
        has_tests: true,
        run: server,
    },
    Step {
        name: "desktop",
        about: "the window on a screen that nobody sees, and the app's packages installed and removed",
        needs: &[Part::Screen, Part::Packager, Part::DesktopChecks],
        has_tests: true,
        run: desktop,
    },
    Step {
        name: "wasm",
        about: "the channel in a real browser, against a peer on this machine",
        needs: &[Part::WasmTarget, Part::WasmBindgen, Part::Browser],
        has_tests: true,
        run: wasm,
    },
    Step {
        name: "gallery",
        about: "the mirror's gallery in a real browser, as assistive technology uses it",
        needs: &[Part::WasmTarget, Part::WasmBindgen, Part::Browser, Part::Axe],
        has_tests: true,
        run: gallery,
    },
    Step {
        name: "web",
        about: "the built page in a real browser, as a person uses it",
        needs: &[Part::WasmTarget, Part::WasmBindgen, Part::Trunk, Part::Browser, Part::Axe],
        has_tests: true,
        run: built_page,
    },
];

/// What a step tells of itself.
#[derive(Default)]
struct Report {
    tally: Tally,
    /// What could not be checked on this machine, in words; it is said again at the end.
    unchecked: Option<String>,
}

/// Workspaces of their own, whose dependencies are not to burden this one.
const WORKSPACES_ASIDE: [&str; 7] = [
    "crates/echo_server/bench/Cargo.toml",
    "crates/web_socket_channel/bench/Cargo.toml",
    "crates/web_socket_channel/fuzz/Cargo.toml",
    "crates/egui_stream_builder/bench/Cargo.toml",
    "crates/egui_row_list/bench/Cargo.toml",
    "crates/egui_long_text/bench/Cargo.toml",
    "crates/message_log/bench/Cargo.toml",
];

/// The crates that also run in a browser. The others are about servers and tools.
const WASM_CRATES: [&str; 16] = [
    "-p",
    "websocket-echo",
    "-p",
    "web_socket_channel",
    "-p",
    "egui_stream_builder",
    "-p",
    "egui_row_list",
    "-p",
    "egui_web_accessibility",
    "-p",
    "egui_long_text",
    "-p",
    "frame_loops",
    "-p",
    "message_log",
];

/// The tests of the channel that also run in a browser.
const CHANNEL_TESTS: [&str; 12] = [
    "-p",
    "web_socket_channel",
    "--features",
    "ewebsock",
    "--test",
    "web",
    "--test",
    "byte_stream",
    "--test",
    "web_leaks",
    "--test",
    "reconnect_web",
];

/// What is also to be had without the rest: the vocabulary and channels in memory, and `ws:` alone.
const CHANNEL_FEATURES: [&str; 2] = ["", "native"];

/// The channel's examples that are to compile for a browser too. Of `egui_stream_builder` all are.
const CHANNEL_EXAMPLES: [&str; 6] =
    ["echo", "frame_loop", "picture", "reconnect_with_token", "subprotocol", "test_double"];

const WASM: [&str; 2] = ["--target", "wasm32-unknown-unknown"];

/// The host under which a page in the browser finds the peer. The browser is told where that is, so
/// the tests need not be compiled again for each new port.
const PEER: &str = "ws://peer.test";

pub(crate) fn job(names: &[String]) -> Result<ExitCode> {
    let steps = select(names)?;
    let mut sum = Tally::default();
    let mut times = Vec::new();
    let mut unchecked = Vec::new();
    let outcome = run_all(&steps, &mut sum, &mut times, &mut unchecked);

    println!("\n{}", times.join(", "));
    for what in unchecked {
        println!("\nNOT CHECKED: {what}");
    }
    if let Err(error) = &outcome {
        eprintln!("\nerror: {error}");
        // A check that failed must not read like a success to whoever reads only the last line.
        sum.failed = sum.failed.max(1);
    }
    println!("\n{sum}");
    Ok(match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    })
}

pub(crate) fn steps_help() -> String {
    let note = |step: &Step| if step.name == ON_REQUEST { "; only where it is named" } else { "" };
    STEPS.iter().map(|step| format!("  {:<18} {}{}\n", step.name, step.about, note(step))).collect()
}

/// The steps of these names, in the order of the steps; all of them but [`ON_REQUEST`] where none is named.
fn select(names: &[String]) -> Result<Vec<&'static Step>> {
    let known = |name: &&String| STEPS.iter().any(|step| step.name == **name);
    if let Some(unknown) = names.iter().find(|name| !known(name)) {
        return Err(format!("there is no step `{unknown}`; there are:\n\n{}", steps_help()).into());
    }
    Ok(STEPS
        .iter()
        .filter(|step| match names {
            [] => step.name != ON_REQUEST,
            names => names.iter().any(|name| name == step.name),
        })
        .collect())
}

fn run_all(
    steps: &[&Step],
    sum: &mut Tally,
    times: &mut Vec<String>,
    unchecked: &mut Vec<String>,
) -> Result {
    let needs: Vec<Part> = steps.iter().flat_map(|step| step.needs).copied().collect();
    let start = Instant::now();
    let tools = setup::prepare(&needs)?;
    times.push(format!("setup {} s", start.elapsed().as_secs()));

    for step in steps {
        println!("\n=== {}: {} ===\n", step.name, step.about);
        let start = Instant::now();
        let mut report = Report::default();
        let mut outcome = (step.run)(&tools, &mut report);
        *sum += report.tally;
        unchecked.extend(report.unchecked);
        times.push(format!("{} {} s", step.name, start.elapsed().as_secs()));
        if outcome.is_ok() && step.has_tests && report.tally.ran() == 0 {
            outcome = Err("it ran no test at all".into());
        }
        outcome.map_err(|error| {
            format!(
                "the step `{name}` failed: {error}\nTo run it again: cargo xtask test {name}",
                name = step.name
            )
        })?;
    }
    Ok(())
}

fn fmt(tools: &Tools, _: &mut Report) -> Result {
    process::run(cargo(tools).args(["fmt", "--all", "--check"]), 5 * MINUTE)?;
    for workspace in WORKSPACES_ASIDE {
        let manifest = ["--manifest-path", workspace];
        process::run(cargo(tools).arg("fmt").args(manifest).arg("--check"), 5 * MINUTE)?;
    }
    Ok(())
}

fn clippy(tools: &Tools, _: &mut Report) -> Result {
    process::run(
        cargo(tools)
            .args(["clippy", "--workspace", "--all-targets", "--all-features"])
            .args(["--", "-D", "warnings"]),
        30 * MINUTE,
    )
}

fn clippy_wasm(tools: &Tools, _: &mut Report) -> Result {
    // Not all targets: most tests and examples are written for this machine.
    let products = ["clippy", "--lib", "--bins"];
    let tests = [&["clippy"], &CHANNEL_TESTS[..]].concat();
    let examples: Vec<&str> = ["clippy", "-p", "web_socket_channel"]
        .into_iter()
        .chain(CHANNEL_EXAMPLES.iter().flat_map(|name| ["--example", name]))
        .collect();
    let tutorial = ["clippy", "-p", "egui_stream_builder", "--examples"];
    let without_features = ["clippy", "-p", "web_socket_channel", "--no-default-features"];
    for (what, crates) in [
        (&without_features[..], &[][..]),
        (&products[..], &WASM_CRATES[..]),
        (&tests, &[]),
        (&examples, &[]),
        (&tutorial[..], &[]),
    ] {
        process::run(
            wasm_cargo(tools).args(what).args(crates).args(WASM).args(["--", "-D", "warnings"]),
            30 * MINUTE,
        )?;
    }
    Ok(())
}

fn features(tools: &Tools, report: &mut Report) -> Result {
    for features in CHANNEL_FEATURES {
        let channel = ["-p", "web_socket_channel", "--no-default-features", "--features", features];
        let clippy = ["--all-targets", "--", "-D", "warnings"];
        process::run(cargo(tools).arg("clippy").args(channel).args(clippy), 20 * MINUTE)?;
        let tests = ["--test", "features", "--test", "memory"];
        run_tests(cargo(tools).arg("test").args(channel).args(tests), &mut report.tally)?;
    }
    Ok(())
}

fn deny(tools: &Tools, report: &mut Report) -> Result {
    report.unchecked = deny::check(tools)?;
    Ok(())
}

fn native(tools: &Tools, report: &mut Report) -> Result {
    run_tests(
        cargo(tools)
            .args(["test", "--workspace", "--no-fail-fast"])
            .args(["--features", "websocket-echo/picture-tests,material/picture-tests"])
            .args(["--features", "web_socket_channel/ewebsock,web_socket_channel/tungstenite"])
            .args(["--features", "web_socket_channel/tracing"]),
        &mut report.tally,
    )
}

fn doc(tools: &Tools, _: &mut Report) -> Result {
    process::run(
        cargo(tools).args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"),
        20 * MINUTE,
    )
}

fn server(tools: &Tools, report: &mut Report) -> Result {
    let clients = tools.clients.as_ref().ok_or("the set-up has brought no clients")?;
    run_tests(
        cargo(tools)
            .args(["test", "-p", "websocket-echo-server", "--features", "foreign-tests"])
            // One after the other: some of them measure times. What they have measured is shown.
            .args(["--test", "foreign", "--", "--test-threads=1", "--nocapture"])
            .env("ECHO_SERVER_NODE_MODULES", &clients.node_modules)
            .env("ECHO_SERVER_PYTHON", &clients.python),
        &mut report.tally,
    )
}

fn desktop(tools: &Tools, report: &mut Report) -> Result {
    let (_screen, display) = desktop_package::start_screen(tools)?;
    run_tests(
        cargo(tools)
            .args(["test", "-p", "websocket-echo", "--features", "screen-tests"])
            .args(["--test", "screen"])
            .env("DISPLAY", display)
            .env_remove("WAYLAND_DISPLAY"),
        &mut report.tally,
    )?;
    report.unchecked = desktop_package::check(tools)?;
    Ok(())
}

fn wasm(tools: &Tools, report: &mut Report) -> Result {
    let peer = ["-p", "web_socket_channel", "--example", "conformance_peer"];
    process::run(cargo(tools).arg("build").args(peer), 20 * MINUTE)?;
    let mut peer = Command::new(built("examples/conformance_peer")?);
    let (_peer, address) = process::start_service(&mut peer, MINUTE, |line| {
        Some(line.strip_prefix("listening on ")?.to_owned())
    })?;

    let scratch = Scratch::create()?;
    let settings = scratch.path().join("webdriver.json");
    fs::write(&settings, webdriver_settings(&address))?;
    run_tests(
        wasm_cargo(tools)
            .args(["test", "--no-fail-fast"])
            .args(CHANNEL_TESTS)
            .args(WASM)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
            .env("CHROMEDRIVER", "chromedriver")
            .env("TMPDIR", scratch.path())
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", settings)
            // Its limit is for the whole suite, and 20 s where nothing is said.
            .env("WASM_BINDGEN_TEST_TIMEOUT", "600")
            .env("WS_PEER", PEER),
        &mut report.tally,
    )
}

fn gallery(tools: &Tools, report: &mut Report) -> Result {
    let gallery = ["build", "-p", "egui_web_accessibility", "--example", "gallery"];
    process::run(cargo(tools).args(gallery), 20 * MINUTE)?;
    process::run(wasm_cargo(tools).args(gallery).args(WASM), 20 * MINUTE)?;
    let page = Scratch::create()?;
    let program = built("examples/gallery")?;
    let wasm = program
        .ancestors()
        .nth(3)
        .ok_or("the gallery is not in cargo's folder")?
        .join("wasm32-unknown-unknown/debug/examples/gallery.wasm");
    let mut bindgen = tools.command("wasm-bindgen");
    bindgen.args(["--target", "web", "--no-typescript", "--out-dir"]).arg(page.path()).arg(wasm);
    process::run(&mut bindgen, 5 * MINUTE)?;
    let folder = Path::new("crates/egui_web_accessibility");
    fs::copy(folder.join("examples/gallery/index.html"), page.path().join("index.html"))?;
    let mut tests = tools.command("node");
    tests.arg(folder.join("tests/gallery.mjs")).arg(page.path()).arg(program);
    if let Some(browser) = packages::find_program(packages::BROWSERS) {
        tests.env("CHROMIUM", browser);
    }
    run_tests(&mut tests, &mut report.tally)
}

fn built_page(tools: &Tools, report: &mut Report) -> Result {
    let stage = web::set_stage(tools)?;
    let mut tests = cargo(tools);
    tests.args(["test", "-p", "websocket-echo", "--features", "web-tests"]);
    tests
        .env("WEBSOCKET_ECHO_AXE", tools.axe.as_ref().ok_or("the set-up has brought no axe-core")?);
    run_tests(stage.tell(tests.args(["--test", "web"])), &mut report.tally)
}

fn cargo(tools: &Tools) -> Command {
    tools.command("cargo")
}

fn wasm_cargo(tools: &Tools) -> Command {
    tools.wasm_command("cargo")
}

/// Runs suites and counts their tests, those of a failed run too.
fn run_tests(command: &mut Command, tally: &mut Tally) -> Result {
    process::run_watching(command, 40 * MINUTE, |line| {
        if let Some(suite) = Tally::of_line(line) {
            *tally += suite;
        }
    })
}

/// How chromedriver is to start the browser for tests of the channel, with the peer at this
/// address.
fn webdriver_settings(peer: &str) -> String {
    let host = PEER.trim_start_matches("ws://");
    let mapping = format!("--host-resolver-rules=MAP {host} {peer}");
    let args: Vec<String> = web::CHROMIUM_ARGS
        .into_iter()
        .chain([mapping.as_str()])
        .map(|arg| format!("{arg:?}"))
        .collect();
    format!("{{\"goog:chromeOptions\": {{\"args\": [{}]}}}}\n", args.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selected(names: &[&str]) -> Result<Vec<&'static str>> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let steps = select(&names)?;
        Ok(steps.iter().map(|step| step.name).collect())
    }

    #[test]
    fn no_name_means_every_step_but_one() {
        let all = selected(&[]).expect("needs no name");
        assert_eq!(all.len(), STEPS.len() - 1);
        assert!(!all.contains(&ON_REQUEST));
        assert_eq!(selected(&[ON_REQUEST]).expect("is known"), [ON_REQUEST]);
        assert_eq!(all.first(), Some(&"fmt"));
        assert_eq!(all.last(), Some(&"web"));
    }

    #[test]
    fn named_steps_run_once_each_and_in_their_own_order() {
        let some = selected(&["wasm", "fmt", "wasm"]).expect("these exist");
        assert_eq!(some, ["fmt", "wasm"]);
    }

    #[test]
    fn an_unknown_step_is_an_error_that_names_the_others() {
        let error = selected(&["fmt", "custom"]).expect_err("there is no such step");
        let text = error.to_string();
        assert!(text.contains("custom") && text.contains("clippy-wasm"), "{text}");
    }

    #[test]
    fn the_browser_is_told_where_the_peer_is() {
        let settings = webdriver_settings("127.0.0.1:3678");
        assert!(
            settings.contains(r#""--host-resolver-rules=MAP peer.test 127.0.0.1:3678"]"#),
            "{settings}"
        );
    }
}
