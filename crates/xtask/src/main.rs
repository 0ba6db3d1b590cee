//! `cargo xtask JOB`: the jobs of this workspace that need more than cargo.
//!
//! - [`setup`] brings what a machine lacks; its parts are [`packages`], [`wasm_target`],
//!   [`installs`] and [`clients`];
//! - [`mod@test`] runs every test there is, on the desktop and in a browser, and counts with
//!   [`tally`];
//! - [`deny`] holds the dependencies to `deny.toml`, and [`publishing`] is about the crates that can be
//!   published: their packages, the Rust that they need, their interface;
//! - [`desktop_package`] packs the desktop app, and tries what it has packed;
//! - [`web`] builds and serves the web page, which [`debug_names`] makes smaller, [`offline`] lets a
//!   browser keep and [`twins`] compresses;
//! - [`source_paths`] keeps the paths of the machine that builds out of what others run;
//! - [`fuzz`] looks for what breaks the channel;
//! - [`look`] takes pictures of the app, for people to look at;
//! - [`record`] takes the film and the stills of the README;
//! - [`mod@bench`] measures the channel and the server beside their peers, and more;
//! - [`process`] starts children that never outlive their job, and [`scratch`] is a folder for
//!   their rubbish.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program talks to its terminal"
)]

mod setup;

mod clients;
mod installs;
mod packages;
mod wasm_target;

mod test;

mod tally;

mod deny;

mod publishing;

mod desktop_package;

mod web;

mod debug_names;

mod source_paths;

mod offline;

mod twins;

mod fuzz;

mod look;

mod record;

mod bench;

mod process;

mod scratch;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// What went wrong, in words for the person at the terminal; it is printed once, in [`main`].
type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

const MINUTE: Duration = Duration::from_secs(60);

struct Job {
    name: &'static str,
    /// The names of its arguments, for the help.
    takes: &'static str,
    about: &'static str,
    run: fn(&[String]) -> Result<ExitCode>,
}

const JOBS: [Job; 11] = [
    Job {
        name: "test",
        takes: "[STEP…]",
        about: "sets up what the machine lacks and runs all tests, or the named steps of them",
        run: test::job,
    },
    Job {
        name: "setup",
        takes: "",
        about: "only brings what the machine lacks for all the jobs here",
        run: setup::job,
    },
    Job {
        name: "web",
        takes: "",
        about: "builds the web page into dist/ and prints its size",
        run: web::build_job,
    },
    Job {
        name: "serve",
        takes: "[OPTION…]",
        about: "serves the web page and an echo server; the options are those of `trunk serve`",
        run: web::serve_job,
    },
    Job {
        name: "package",
        takes: "",
        about: "packs the desktop app for others to install, into target/package/packages/",
        run: desktop_package::job,
    },
    Job {
        name: "fuzz",
        takes: "[TARGET…] [SECONDS]",
        about: "runs the channel's fuzz targets, five minutes each unless said otherwise",
        run: fuzz::job,
    },
    Job {
        name: "look",
        takes: "[PLATFORM…]",
        about: "takes pictures of the desktop app and the web page, into test-output/",
        run: look::job,
    },
    Job {
        name: "record",
        takes: "",
        about: "takes the README's film and stills of the web page, into assets/screenshots/",
        run: record::job,
    },
    Job {
        name: "bench",
        takes: "WHAT [PART…]",
        about: "measures `channel`, `server`, `builder`, `rows`, `text`, `log`, `panel` or `page`, in all parts or the \
                named ones",
        run: bench::job,
    },
    Job {
        name: "semver",
        takes: "[REVISION]",
        about: "compares the crates that can be published with their last release, or a revision",
        run: publishing::semver_job,
    },
    Job {
        name: "help",
        takes: "",
        about: "prints this",
        run: |_| {
            print!("{}", help());
            Ok(ExitCode::SUCCESS)
        },
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<ExitCode> {
    process::end_children_on_interrupt()?;
    // Every path here is relative to the checkout, wherever the job was called from.
    std::env::set_current_dir(root())?;

    let (name, rest) = match arguments {
        [] => ("help", arguments),
        [name, rest @ ..] => (name.trim_start_matches('-'), rest),
    };
    let job = JOBS
        .iter()
        .find(|job| job.name == name)
        .ok_or_else(|| format!("there is no job `{name}`\n\n{}", help()))?;
    (job.run)(rest)
}

fn help() -> String {
    let mut text = String::from("cargo xtask JOB\n\n");
    for job in &JOBS {
        let usage = format!("{} {}", job.name, job.takes);
        text += &format!("  {usage:<18} {}\n", job.about);
    }
    text += "\nThe steps of `test`, in their order:\n\n";
    text += &test::steps_help();
    text += &format!(
        "\nThe tools that `setup` builds are kept in {}; the environment variable\n\
         {} names another folder for them.\n",
        setup::cache().display(),
        setup::CACHE_VARIABLE,
    );
    text
}

/// A program of this workspace that cargo has built. It is started from here and not by cargo,
/// which would wait for every other build first.
fn built(name: &str) -> Result<PathBuf> {
    // xtask lies in the same folder, one level down, whatever that folder is called.
    let xtask = std::env::current_exe()?;
    let folder = xtask.parent().and_then(Path::parent).ok_or("xtask is not in cargo's folder")?;
    Ok(folder.join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}

/// The checkout.
fn root() -> PathBuf {
    // Known when xtask is compiled, and cargo compiles it again when the checkout moves.
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
