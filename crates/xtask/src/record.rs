//! `cargo xtask record`: a film of the page and stills of it, for the README.
//!
//! They are taken of the built page in a real browser by `tests/web/record.rs`, which knows what is
//! done in them. Look at them before they are committed.

use std::process::ExitCode;

use crate::setup::{self, Part};
use crate::{MINUTE, Result, process, web};

/// Tells the recording the folder for its pictures.
const PICTURES_VARIABLE: &str = "WEBSOCKET_ECHO_PICTURES";

/// Where the README finds them.
const FOLDER: &str = "assets/screenshots";

const NEEDS: [Part; 5] =
    [Part::WasmTarget, Part::WasmBindgen, Part::Trunk, Part::Browser, Part::Pictures];

pub(crate) fn job(arguments: &[String]) -> Result<ExitCode> {
    if let Some(argument) = arguments.first() {
        return Err(format!("`record` takes no argument, and got `{argument}`").into());
    }
    let tools = setup::prepare(&NEEDS)?;
    let stage = web::set_stage(&tools)?;
    let mut recording = tools.command("cargo");
    recording.args(["run", "-p", "websocket-echo", "--features", "web-tests"]);
    recording.args(["--example", "record"]).env(PICTURES_VARIABLE, FOLDER);
    process::run(stage.tell(&mut recording), 40 * MINUTE)?;
    Ok(ExitCode::SUCCESS)
}
