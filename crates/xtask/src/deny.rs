//! What the dependencies are held to, by cargo-deny; the rules are in `deny.toml`.

use crate::setup::Tools;
use crate::{MINUTE, Result, process};

/// Runs every check that this machine can do, and returns in words what it could not.
pub(crate) fn check(tools: &Tools) -> Result<Option<String>> {
    process::run(deny(tools).args(["check", "licenses", "bans", "sources"]), 5 * MINUTE)?;

    // The database of known faults is a git repository, which not every machine can reach.
    let fetch = process::run(deny(tools).args(["fetch", "db"]), 2 * MINUTE);
    if let Err(error) = fetch {
        return Ok(Some(format!(
            "whether dependencies have known faults or were withdrawn, as the database of RustSec \
             can't be had here: {error}"
        )));
    }
    process::run(deny(tools).args(["--offline", "check", "advisories"]), 5 * MINUTE)?;
    Ok(None)
}

fn deny(tools: &Tools) -> std::process::Command {
    let mut command = tools.command("cargo");
    command.args(["deny", "--workspace", "--locked"]);
    command
}
