//! `cargo xtask package`: what people install the desktop app from. A Debian package and an archive on Linux, a
//! bundle on macOS, an installer on Windows; the last two have not been tried.
//!
//! What the app is called and needs stands in `[package.metadata.packager]` of the root's Cargo.toml, what a
//! desktop is to know of it in `assets/desktop/`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use crate::process::Running;
use crate::scratch::Scratch;
use crate::setup::{self, Part, Tools};
use crate::{MINUTE, Result, packages, process, source_paths};

/// What cargo, the program, its files and its package are called.
const APP: &str = "websocket-echo";
/// The name of the window, in English.
const TITLE: &str = "WebSocket echo";

/// A folder of cargo's for this alone: with other flags than usual everything would be built again and again.
const TARGET: &str = "target/package";
const PACKAGES: &str = "target/package/packages";

/// The files of `assets/desktop/` and where they belong below `/usr`.
const SHARED_FILES: [(&str, &str); 3] = [
    ("assets/desktop/websocket-echo.desktop", "share/applications/websocket-echo.desktop"),
    (
        "assets/desktop/websocket-echo.metainfo.xml",
        "share/metainfo/local.websocket_echo.WebSocketEcho.metainfo.xml",
    ),
    ("assets/icon.svg", "share/icons/hicolor/scalable/apps/websocket-echo.svg"),
];
const ICON_SIZES: [u32; 8] = [16, 24, 32, 48, 64, 128, 256, 512];

pub(crate) fn job(arguments: &[String]) -> Result<ExitCode> {
    if let Some(argument) = arguments.first() {
        return Err(format!("`package` takes no argument, and got `{argument}`").into());
    }
    println!("\nThe packages:");
    for file in build(&setup::prepare(&[Part::Packager])?)? {
        println!("{:>10} bytes  {}", fs::metadata(&file)?.len(), file.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Builds the program for others to run, and packs it. Returns the packages.
fn build(tools: &Tools) -> Result<Vec<PathBuf>> {
    let program = build_program(tools)?;
    if Path::new(PACKAGES).exists() {
        fs::remove_dir_all(PACKAGES)?;
    }
    fs::create_dir_all(PACKAGES)?;
    let formats = match env::consts::OS {
        "macos" => "app,dmg",
        "windows" => "nsis",
        _ => "deb",
    };
    let mut packager = tools.command("cargo-packager");
    packager.args(["--packages", APP, "--release", "--formats", formats, "--out-dir"]);
    packager.arg(fs::canonicalize(PACKAGES)?);
    // It looks for the program where cargo would have built it.
    packager.env("CARGO_TARGET_DIR", fs::canonicalize(TARGET)?);
    process::run(&mut packager, 10 * MINUTE)?;
    if cfg!(target_os = "linux") {
        archive(tools, &program)?;
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(PACKAGES)? {
        let path = entry?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn build_program(tools: &Tools) -> Result<PathBuf> {
    let mut build = tools.command("cargo");
    build.args(["build", "--locked", "--release", "--package", APP, "--target-dir", TARGET]);
    source_paths::rename(&mut build, &[])?;
    process::run(&mut build, 40 * MINUTE)?;
    let program = Path::new(TARGET).join("release").join(APP);
    let program = program.with_extension(env::consts::EXE_EXTENSION);
    let bytes = fs::read(&program)?;
    source_paths::refuse(&bytes)?;
    check_c_library(&bytes)?;
    Ok(program)
}

/// Sees to it that the Debian package asks for a C library that has what the program was linked with.
fn check_c_library(program: &[u8]) -> Result {
    let Some(needed) = newest_c_library(program) else { return Ok(()) };
    let manifest = fs::read_to_string("Cargo.toml")?;
    let asked = manifest.split_once("libc6 (>= 2.").and_then(|(_, rest)| rest.split_once(')'));
    let asked: u32 = asked.ok_or("Cargo.toml asks for no libc6")?.0.parse()?;
    if asked < needed {
        return Err(format!(
            "the program needs libc6 2.{needed}, and Cargo.toml asks for 2.{asked}: build it on an older system, \
             or ask for more"
        )
        .into());
    }
    Ok(())
}

/// The newest 2.X of the versions of functions that a program has from glibc.
fn newest_c_library(program: &[u8]) -> Option<u32> {
    const PREFIX: &[u8] = b"GLIBC_2.";
    let numbers = program.windows(PREFIX.len() + 2).filter_map(|window| {
        let digits = window.strip_prefix(PREFIX)?;
        let digits = digits.iter().copied().take_while(u8::is_ascii_digit).collect();
        String::from_utf8(digits).ok()?.parse().ok()
    });
    numbers.max()
}

/// The program and its files as they stand below `/usr` or `~/.local`, in one file.
fn archive(tools: &Tools, program: &Path) -> Result {
    let name = format!("{APP}-{}-{}-linux", env!("CARGO_PKG_VERSION"), env::consts::ARCH);
    let scratch = Scratch::create()?;
    let top = scratch.path().join(&name);
    let copy = |from: &Path, to: &str| -> Result {
        let to = top.join(to);
        fs::create_dir_all(to.parent().ok_or("no file stands at the top")?)?;
        fs::copy(from, to)?;
        Ok(())
    };
    copy(program, &format!("bin/{APP}"))?;
    for (from, to) in SHARED_FILES {
        copy(Path::new(from), to)?;
    }
    for size in ICON_SIZES {
        let to = format!("share/icons/hicolor/{size}x{size}/apps/{APP}.png");
        copy(&Path::new("assets/desktop/icons").join(format!("{size}.png")), &to)?;
    }
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        copy(Path::new(licence), &format!("share/doc/{APP}/{licence}"))?;
    }
    let mut tar = tools.command("tar");
    tar.args(["--create", "--gzip", "--owner=0", "--group=0", "--numeric-owner", "--file"]);
    tar.arg(fs::canonicalize(PACKAGES)?.join(format!("{name}.tar.gz")));
    tar.arg("--directory").arg(scratch.path()).arg(&name);
    process::run(&mut tar, MINUTE)
}

/// Packs the app, looks at what a desktop is told of it, installs it, opens its window and removes it again. What
/// could not be done here is returned in words.
pub(crate) fn check(tools: &Tools) -> Result<Option<String>> {
    let packages = build(tools)?;
    process::run(tools.command("desktop-file-validate").arg(SHARED_FILES[0].0), MINUTE)?;
    let mut appstream = tools.command("appstreamcli");
    process::run(appstream.args(["validate", "--no-net", SHARED_FILES[1].0]), MINUTE)?;

    let of_kind = |ending: &str| {
        let found = packages.iter().find(|path| path.to_string_lossy().ends_with(ending));
        found.ok_or_else(|| format!("no package ends in {ending}"))
    };
    let scratch = Scratch::create()?;
    let mut tar = tools.command("tar");
    tar.args(["--extract", "--strip-components=1", "--file"]).arg(of_kind(".tar.gz")?);
    process::run(tar.arg("--directory").arg(scratch.path()), MINUTE)?;
    let kept = scratch.path().join("kept");
    open_and_close(tools, &scratch.path().join("bin").join(APP), &kept)?;

    if !packages::is_root() {
        return Ok(Some("the Debian package, as only root may install it".to_owned()));
    }
    match packages::installed(&[APP])? {
        None => return Ok(Some("the Debian package, as this is no Debian".to_owned())),
        Some(there) if !there.is_empty() => {
            return Err(format!("{APP} is installed on this machine; remove it first").into());
        }
        Some(_) => {}
    }
    let debian = fs::canonicalize(of_kind(".deb")?)?;
    packages::install_named(&[&debian.display().to_string()])?;
    let opened = open_and_close(tools, &Path::new("/usr/bin").join(APP), &kept);
    process::run(Command::new("dpkg").args(["--remove", APP]), MINUTE)?;
    opened?;
    for place in ["bin/websocket-echo", SHARED_FILES[0].1, SHARED_FILES[1].1, SHARED_FILES[2].1] {
        if Path::new("/usr").join(place).exists() {
            return Err(format!("/usr/{place} is still there after the package was removed").into());
        }
    }
    Ok(None)
}

/// Starts a program on a screen that nobody sees, sees to it that its window is known by its name and its class,
/// and quits it by its key. What it keeps is kept in a folder of its own.
fn open_and_close(tools: &Tools, program: &Path, kept: &Path) -> Result {
    let (_screen, display) = start_screen(tools)?;
    let mut app = Command::new(program);
    app.env("DISPLAY", &display).env_remove("WAYLAND_DISPLAY").env("LC_ALL", "C.UTF-8");
    app.env("XDG_DATA_HOME", kept);
    let mut app = Running::start(&mut app)?;
    let xdotool = |arguments: &[&str]| {
        process::read(tools.command("xdotool").args(arguments).env("DISPLAY", &display), MINUTE)
    };
    let class = format!("^{APP}$");
    let found = xdotool(&["search", "--sync", "--onlyvisible", "--class", &class])?;
    let window = found.lines().next().ok_or("the app opened no window")?;
    let name = xdotool(&["getwindowname", window])?;
    if name.trim_end() != TITLE {
        return Err(format!("the window is called {name:?}").into());
    }
    xdotool(&["windowfocus", "--sync", window])?;
    xdotool(&["key", "ctrl+q"])?;
    match app.wait(MINUTE)? {
        Some(status) if status.success() => Ok(()),
        Some(status) => Err(format!("{} ended with {status}", program.display()).into()),
        None => Err(format!("{} goes on after Ctrl+Q", program.display()).into()),
    }
}

/// Starts a screen that nobody sees, and returns its name.
pub(crate) fn start_screen(tools: &Tools) -> Result<(Running, String)> {
    let mut screen = tools.command("Xvfb");
    screen.args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", "800x800x24"]);
    process::start_service(&mut screen, Duration::from_secs(60), |line| Some(format!(":{line}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_c_library_counts() {
        let program = b"GLIBC_2.3\0GLIBC_2.34\0GLIBC_2.17\0GLIBC_PRIVATE\0";
        assert_eq!(newest_c_library(program), Some(34));
        assert_eq!(newest_c_library(b"ELF"), None);
    }

    #[test]
    fn every_icon_has_its_size() {
        for size in ICON_SIZES {
            let path = crate::root().join(format!("assets/desktop/icons/{size}.png"));
            let png = fs::read(path).expect("there is one");
            let width = png.get(16..20).expect("it has a head");
            assert_eq!(width, size.to_be_bytes());
        }
    }
}
