//! The system's packages: a browser, software graphics, fonts, a screen and other people's servers and
//! clients, installed where that may be done and named where not.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use crate::setup::Part::{self, Axe, Browser, DesktopChecks, Foreign, Pictures, Screen};
use crate::{MINUTE, Result, process};

/// The names under which systems know Chromium and its sister.
pub(crate) const BROWSERS: &[&str] =
    &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

struct Package {
    /// Its name in Debian.
    name: &'static str,
    /// Programs of which any one will do in its place, whoever brought it. Empty for a package
    /// without a program; only Debian's own records tell whether that is there.
    programs: &'static [&'static str],
    part: Part,
    why: &'static str,
}

const PACKAGES: [Package; 26] = [
    program(Browser, "chromium", BROWSERS, "the browser that the web tests run in"),
    program(Browser, "chromium-driver", &["chromedriver"], "types and clicks in that browser"),
    library(Pictures, "mesa-vulkan-drivers", "draws the same pictures on every machine"),
    library(Pictures, "fonts-noto-cjk", "has the glyphs for Chinese"),
    program(Screen, "xvfb", &["Xvfb"], "a screen that nobody sees"),
    program(Screen, "xdotool", &["xdotool"], "types and clicks on that screen"),
    program(Screen, "imagemagick", &["import"], "takes the pictures of it"),
    library(Screen, "libgl1", "the window's other way to OpenGL"),
    library(Screen, "libwayland-client0", "the window on Wayland"),
    library(Screen, "libwayland-egl1", "its way to OpenGL there"),
    program(
        DesktopChecks,
        "desktop-file-utils",
        &["desktop-file-validate"],
        "reads the entry in a desktop's menu",
    ),
    program(
        DesktopChecks,
        "appstream",
        &["appstreamcli"],
        "reads the entry in a shop for software",
    ),
    library(Screen, "libegl1", "the window's way to OpenGL"),
    library(Screen, "libgl1-mesa-dri", "OpenGL without a graphics card"),
    library(Screen, "libxkbcommon-x11-0", "the window's keyboard"),
    library(Screen, "libxcursor1", "the window's mouse pointer"),
    library(Screen, "libxi6", "the window's mouse"),
    library(Screen, "libxrandr2", "what the window knows of the screen"),
    program(Foreign, "curl", &["curl"], "asks the echo server for pages"),
    program(Foreign, "nodejs", &["node"], "runs the WebSocket client `ws`"),
    program(Foreign, "npm", &["npm"], "fetches that client"),
    program(Axe, "nodejs", &["node"], "uses the mirror's gallery in the browser"),
    program(Axe, "npm", &["npm"], "fetches axe-core"),
    library(Foreign, "python3-venv", "runs and fetches the WebSocket client `websockets`"),
    program(Foreign, "nginx", &["nginx"], "a proxy in front of the echo server"),
    program(Foreign, "haproxy", &["haproxy"], "a balancer in front of two of them"),
];

const fn program(
    part: Part,
    name: &'static str,
    programs: &'static [&'static str],
    why: &'static str,
) -> Package {
    Package { name, programs, part, why }
}

const fn library(part: Part, name: &'static str, why: &'static str) -> Package {
    program(part, name, &[], why)
}

/// Installs the packages that the parts need and the machine lacks.
pub(crate) fn install(parts: &[Part]) -> Result {
    let wanted: Vec<&Package> =
        PACKAGES.iter().filter(|package| parts.contains(&package.part)).collect();
    let names: Vec<&str> = wanted.iter().map(|package| package.name).collect();
    let Some(installed) = installed(&names)? else {
        return check_programs(&wanted);
    };
    let missing: Vec<&Package> = wanted
        .into_iter()
        .filter(|package| {
            !has_program(package) && !installed.iter().any(|name| name == package.name)
        })
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("Installing packages of the system:");
    for package in &missing {
        println!("  {:<20} {}", package.name, package.why);
    }
    let names: Vec<&str> = missing.iter().map(|package| package.name).collect();
    install_named(&names)
}

/// Those of the packages that are installed; `None` where the system is not a Debian.
pub(crate) fn installed(names: &[&str]) -> Result<Option<Vec<String>>> {
    if find_program(&["dpkg-query"]).is_none() || find_program(&["apt-get"]).is_none() {
        return Ok(None);
    }
    // This is not `process::read`: dpkg-query fails when it knows nothing of one of the names, and
    // says so where nobody needs it.
    let output = Command::new("dpkg-query")
        .args(["--show", "--showformat", "${db:Status-Status} ${Package}\n"])
        .args(names)
        .output()?;
    let installed = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| line.strip_prefix("installed "))
        .map(str::to_owned)
        .collect();
    Ok(Some(installed))
}

/// Installs packages by their names, or says what to type where that needs another user.
pub(crate) fn install_named(names: &[&str]) -> Result {
    if !is_root() {
        return Err(format!(
            "some packages are missing, and only root may install them. Run this, then try again:\n\n    \
             sudo apt-get install --no-install-recommends {}\n",
            names.join(" ")
        )
        .into());
    }
    update_lists()?;
    process::run(
        apt_get().args(["install", "--yes", "--no-install-recommends"]).args(names),
        15 * MINUTE,
    )
}

/// Fetches the lists of packages: a fresh image has none, and an old one names versions that are
/// gone.
pub(crate) fn update_lists() -> Result {
    process::run(apt_get().arg("update"), 5 * MINUTE)
}

/// The first of the programs that is on the `PATH`.
pub(crate) fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    names
        .iter()
        .map(|name| format!("{name}{}", env::consts::EXE_SUFFIX))
        .flat_map(|file| folders.iter().map(move |folder| folder.join(&file)))
        .find(|file| file.is_file())
}

/// Whether this process may install packages.
#[cfg(unix)]
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
#[cfg(not(unix))]
pub(crate) fn is_root() -> bool {
    false
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command
        // Another run of apt, such as a daily update, is waited for.
        .args(["-q", "-o", "DPkg::Lock::Timeout=600"])
        .env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn has_program(package: &Package) -> bool {
    find_program(package.programs).is_some()
}

/// On a system whose packages have other names only the programs can be looked for.
fn check_programs(wanted: &[&Package]) -> Result {
    let missing: Vec<String> = wanted
        .iter()
        .filter(|package| !package.programs.is_empty() && !has_program(package))
        .map(|package| format!("    {}: {}", package.programs.join(" or "), package.why))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "some programs are missing, and only on a Debian are their packages known. Put these on the PATH, \
         then try again:\n\n{}\n\nOn a Debian or one of its children the command is:\n\n    \
         sudo apt-get install --no-install-recommends {}\n",
        missing.join("\n"),
        wanted
            .iter()
            .map(|package| package.name)
            .collect::<Vec<_>>()
            .join(" ")
    )
    .into())
}
