//! The programs that are built from crates.io: wasm-bindgen, trunk, cargo-packager, cargo-deny,
//! cargo-semver-checks and cargo-fuzz, each in the one version that fits.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::setup::build_aside;
use crate::{MINUTE, Result, packages, process};

/// The version that the project is built with. A newer one is a choice, not an accident.
const TRUNK: &str = "0.22.1";
const CARGO_PACKAGER: &str = "0.11.8";
const CARGO_DENY: &str = "0.20.2";
const CARGO_SEMVER_CHECKS: &str = "0.51.0";
const CARGO_FUZZ: &str = "0.13.2";

/// Where wasm-bindgen's programs are; `None` where the ones on the `PATH` will do.
pub(crate) fn wasm_bindgen(cache: &Path) -> Result<Option<PathBuf>> {
    let lock = fs::read_to_string("Cargo.lock")?;
    // The library and the programs speak a format that no other version understands.
    let version = locked_version(&lock, "wasm-bindgen")
        .ok_or("Cargo.lock names no version of wasm-bindgen")?;
    let has_runner = packages::find_program(&["wasm-bindgen-test-runner"]).is_some();
    provide(cache, "wasm-bindgen", version, has_runner, |command| {
        // Not `--locked`: the list that it is published with names a version that was withdrawn.
        // The TLS that is left out is for driving a browser on another machine.
        command.args(["wasm-bindgen-cli", "--no-default-features"]);
    })
}

/// Where trunk is; `None` where the one on the `PATH` will do.
pub(crate) fn trunk(cache: &Path) -> Result<Option<PathBuf>> {
    provide(cache, "trunk", TRUNK, true, |command| {
        command
            .args(["trunk", "--locked"])
            // It asks for a newer compiler than it needs.
            .arg("--ignore-rust-version")
            .args(["--no-default-features", "--features", "rustls"])
            // Its release profile takes twenty minutes, and it only ever waits for others.
            .arg("--debug")
            .env("CARGO_PROFILE_DEV_DEBUG", "0");
    })
}

/// Where cargo-packager is; `None` where the one on the `PATH` will do.
pub(crate) fn cargo_packager(cache: &Path) -> Result<Option<PathBuf>> {
    provide(cache, "cargo-packager", CARGO_PACKAGER, true, |command| {
        command.args(["cargo-packager", "--locked", "--debug"]).env("CARGO_PROFILE_DEV_DEBUG", "0");
    })
}

/// Where cargo-deny is; `None` where the one on the `PATH` will do.
pub(crate) fn cargo_deny(cache: &Path) -> Result<Option<PathBuf>> {
    provide(cache, "cargo-deny", CARGO_DENY, true, |command| {
        command
            .args(["cargo-deny", "--locked"])
            // A minute and a half on two cores; its release profile takes many, and it runs for 3 s.
            .arg("--debug")
            .env("CARGO_PROFILE_DEV_DEBUG", "0");
    })
}

/// Where cargo-semver-checks is; `None` where the one on the `PATH` will do.
pub(crate) fn cargo_semver_checks(cache: &Path) -> Result<Option<PathBuf>> {
    provide(cache, "cargo-semver-checks", CARGO_SEMVER_CHECKS, true, |command| {
        command
            .args(["cargo-semver-checks", "--locked", "--debug"])
            .env("CARGO_PROFILE_DEV_DEBUG", "0");
    })
}

/// Where cargo-fuzz is; `None` where the one on the `PATH` will do.
pub(crate) fn cargo_fuzz(cache: &Path) -> Result<Option<PathBuf>> {
    provide(cache, "cargo-fuzz", CARGO_FUZZ, true, |command| {
        command.args(["cargo-fuzz", "--locked"]);
    })
}

/// Finds a program in its version, or builds it.
fn provide(
    cache: &Path,
    program: &str,
    version: &str,
    path_is_complete: bool,
    configure: impl FnOnce(&mut Command),
) -> Result<Option<PathBuf>> {
    let product = cache.join(format!("{program}-{version}"));
    let folder = product.join("bin");
    if folder.is_dir() {
        return Ok(Some(folder));
    }
    if path_is_complete && is_on_path(program, version) {
        return Ok(None);
    }

    println!("Building {program} {version}, once for this machine; it takes some minutes.");
    build_aside(&product, |aside| {
        let root = aside.join("root");
        let mut command = Command::new("cargo");
        command.arg("install");
        configure(&mut command);
        command.args(["--version", &format!("={version}")]);
        command.arg("--root").arg(&root);
        command.arg("--target-dir").arg(aside.join("target"));
        process::run(&mut command, 45 * MINUTE)?;
        Ok(root)
    })?;
    Ok(Some(folder))
}

fn is_on_path(program: &str, version: &str) -> bool {
    packages::find_program(&[program]).is_some()
        && process::read(Command::new(program).arg("--version"), MINUTE)
            .is_ok_and(|answer| answer.split_whitespace().any(|word| word == version))
}

/// The version of a package in the text of a `Cargo.lock`.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    lock.lines()
        .skip_while(|line| *line != name)
        .nth(1)?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
[[package]]
name = "wasm-bindgen-macro"
version = "3.6.78"

[[package]]
name = "wasm-bindgen"
version = "1.2.34"
dependencies = [
 "wasm-bindgen-macro",
]
"#;

    #[test]
    fn the_version_is_that_of_the_exact_name() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen"), Some("1.2.34"));
        assert_eq!(locked_version(LOCK, "wasm-bindgen-macro"), Some("3.6.78"));
    }

    #[test]
    fn a_package_that_is_not_there_has_no_version() {
        assert_eq!(locked_version(LOCK, "wasm"), None);
        assert_eq!(locked_version("name = \"wasm\"", "wasm"), None);
    }
}
