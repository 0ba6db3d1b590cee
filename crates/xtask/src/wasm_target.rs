//! A compiler for `wasm32-unknown-unknown`: rustup's own, or one put together from Debian's
//! packages where rustup's servers are out of reach.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::setup::build_aside;
use crate::{MINUTE, Result, packages, process};

const TARGET: &str = "wasm32-unknown-unknown";

/// Returns the folder of a toolchain of our own; `None` where the ordinary one has the target.
pub(crate) fn provide(cache: &Path) -> Result<Option<PathBuf>> {
    let ordinary = ordinary_toolchain()?;
    if has_target(&ordinary) {
        return Ok(None);
    }
    let own = cache.join("wasm-toolchain");
    // Its cargo is a link into the ordinary toolchain, which may have been removed.
    if own.join("bin/cargo").is_file() {
        return Ok(Some(own));
    }

    println!("Adding the target {TARGET} to the Rust toolchain.");
    let added = process::run(
        Command::new("rustup").args(["target", "add", TARGET]),
        // Behind a wall that swallows packets it would try for very long.
        MINUTE,
    );
    let Err(error) = added else {
        return Ok(None);
    };
    if packages::find_program(&["apt-get"]).is_none() {
        return Err(error);
    }
    println!("{error}.\nPutting a toolchain for wasm together from Debian's packages instead.");
    build_aside(&own, |aside| assemble(aside, &ordinary))?;
    Ok(Some(own))
}

/// The folder of the toolchain that cargo uses here.
fn ordinary_toolchain() -> Result<PathBuf> {
    let answer = process::read(Command::new("rustc").args(["--print", "sysroot"]), MINUTE)?;
    Ok(answer.trim_end().into())
}

fn has_target(toolchain: &Path) -> bool {
    toolchain.join("lib/rustlib").join(TARGET).join("lib").is_dir()
}

/// Puts a toolchain together in `aside` and returns its folder.
///
/// Debian's compiler is newer than ours and comes without a standard library for this target, but
/// with its source. That source is built by the compiler it belongs to; no other version can. Cargo
/// and the linker are those of the ordinary toolchain.
fn assemble(aside: &Path, ordinary: &Path) -> Result<PathBuf> {
    // A former attempt may have got anywhere, and this one is over in minutes.
    fs::remove_dir_all(aside)?;
    let [debs, files, toolchain] = ["debs", "files", "toolchain"].map(|name| aside.join(name));
    let bin = toolchain.join("bin");
    let lib = toolchain.join("lib");
    let rustlib = lib.join("rustlib");
    for folder in [&debs, &files, &bin, &lib] {
        fs::create_dir_all(folder)?;
    }

    unpack(&debs, &files)?;

    let usr = files.join("usr");
    for program in ["rustc", "rustdoc", "cargo-clippy", "clippy-driver"] {
        fs::rename(usr.join("bin").join(program), bin.join(program))?;
    }
    fs::rename(usr.join("lib/rustlib"), &rustlib)?;
    // The compiler is in this library, and looks for everything else beside the place where it
    // really lies. So it is moved too, and not linked.
    let driver = find(&usr.join("lib"), "librustc_driver-")?;
    fs::rename(&driver, lib.join(driver.file_name().unwrap_or_default()))?;

    let linker = Path::new("lib/rustlib").join(host()?).join("bin/rust-lld");
    fs::create_dir_all(toolchain.join(&linker).with_file_name(""))?;
    for borrowed in [Path::new("bin/cargo"), &linker] {
        link(&ordinary.join(borrowed), &toolchain.join(borrowed))?;
    }

    let library = find(&usr.join("src"), "library")?;
    build_std(&toolchain, &library, &aside.join("target"), &rustlib)?;
    Ok(toolchain)
}

/// Downloads the packages and unpacks them into a folder. They are not installed: they want to be
/// in the place of rustup's.
fn unpack(debs: &Path, files: &Path) -> Result {
    if packages::is_root() {
        packages::update_lists()?;
    }
    // The name has the compiler's version in it.
    let library = dependency("libstd-rust-web-dev", "libstd-rust-web-")?;
    // The one thing that is used from its ordinary place, and so the one that root is needed for.
    let llvm = dependency(&library, "libllvm")?;
    if packages::installed(&[&llvm])?.is_some_and(|installed| installed.is_empty()) {
        packages::install_named(&[&llvm])?;
    }

    process::run(
        Command::new("apt-get")
            .args(["-q", "download", "rustc-web", "rust-web-clippy", "rust-web-src"])
            .args(["libstd-rust-web-dev", &library])
            .current_dir(debs),
        15 * MINUTE,
    )?;
    for deb in fs::read_dir(debs)? {
        let mut dpkg = Command::new("dpkg");
        dpkg.arg("--extract").arg(deb?.path()).arg(files);
        process::run(&mut dpkg, 5 * MINUTE)?;
    }
    Ok(())
}

/// Builds the standard library for wasm as Rust's own build does, and puts it into the toolchain.
fn build_std(toolchain: &Path, library: &Path, target: &Path, rustlib: &Path) -> Result {
    process::run(
        Command::new("cargo")
            // The lock file is Rust's own, and what it names comes from crates.io: Debian's package
            // has left out a part of the vendored sources.
            .args(["build", "--locked", "--release", "--target", TARGET])
            .args(["--features", "compiler-builtins-mem"])
            .arg("--manifest-path")
            .arg(library.join("sysroot/Cargo.toml"))
            .arg("--target-dir")
            .arg(target)
            .env("RUSTUP_TOOLCHAIN", toolchain)
            // Allows a stable compiler what the standard library is written with.
            .env("RUSTC_BOOTSTRAP", "1")
            // Keeps these libraries apart from crates of the same name and version.
            .env("__CARGO_DEFAULT_LIB_METADATA", "wasmstd")
            .env("RUSTFLAGS", "-Zforce-unstable-if-unmarked -Cembed-bitcode=yes"),
        15 * MINUTE,
    )?;
    let place = rustlib.join(TARGET).join("lib");
    fs::create_dir_all(&place)?;
    for file in fs::read_dir(target.join(TARGET).join("release/deps"))? {
        let file = file?.path();
        if file.extension().is_some_and(|extension| extension == "rlib") {
            fs::copy(&file, place.join(file.file_name().unwrap_or_default()))?;
        }
    }
    Ok(())
}

/// The package whose name begins like this among those that another one depends on.
fn dependency(package: &str, beginning: &str) -> Result<String> {
    let answer = process::read(Command::new("apt-cache").args(["depends", package]), MINUTE)?;
    answer
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Depends: "))
        .find(|name| name.starts_with(beginning))
        .map(str::to_owned)
        .ok_or_else(|| format!("`{package}` depends on no package named {beginning}…").into())
}

/// What is found under a folder of unknown name: `folder/*/beginning*`.
fn find(folder: &Path, beginning: &str) -> Result<PathBuf> {
    for inner in fs::read_dir(folder)? {
        let inner = inner?.path();
        if !inner.is_dir() {
            continue;
        }
        for entry in fs::read_dir(inner)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(beginning) {
                return Ok(entry.path());
            }
        }
    }
    Err(format!("there is no {beginning}… under {}", folder.display()).into())
}

/// The machine's own target, as rustc names it.
fn host() -> Result<String> {
    let answer = process::read(Command::new("rustc").arg("-vV"), MINUTE)?;
    let host = answer.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.ok_or("rustc does not name its host")?.to_owned())
}

#[cfg(unix)]
fn link(original: &Path, place: &Path) -> Result {
    Ok(std::os::unix::fs::symlink(original, place)?)
}
// Debian's packages have been found by now, so this is never reached.
#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> Result {
    Err("a toolchain of Debian's packages needs a Debian".into())
}
