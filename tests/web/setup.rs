//! What the tests are told by whoever runs them, in the environment.

use std::path::PathBuf;

/// The folder with the built page.
pub(crate) fn dist() -> PathBuf {
    variable("WEBSOCKET_ECHO_DIST").into()
}

/// The program that is the echo server.
pub(crate) fn server() -> PathBuf {
    variable("WEBSOCKET_ECHO_SERVER").into()
}

/// The URL of a chromedriver that runs.
pub(crate) fn webdriver() -> String {
    variable("WEBSOCKET_ECHO_WEBDRIVER")
}

/// With what the browser is started.
pub(crate) fn chromium_args() -> Vec<String> {
    variable("WEBSOCKET_ECHO_CHROMIUM_ARGS").split_whitespace().map(str::to_owned).collect()
}

/// axe-core's script.
pub(crate) fn axe() -> PathBuf {
    variable("WEBSOCKET_ECHO_AXE").into()
}

pub(crate) fn variable(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set: run `cargo xtask test web` or `record`"))
}
