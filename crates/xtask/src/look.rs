//! `cargo xtask look`: pictures of the app on both platforms, in `test-output/`, for a person to
//! look at.
//!
//! They compare with nothing and prove nothing; the tests do that. But nobody should change what is
//! seen without having seen it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::thread;
use std::time::Duration;

use crate::scratch::Scratch;
use crate::setup::{self, Part, Tools};
use crate::{MINUTE, Result, built, packages, process, web};

const FOLDER: &str = "test-output";

/// A phone's width and a desktop's, in pixels.
const WIDTHS: [u32; 2] = [400, 1400];
const HEIGHT: u32 = 800;

/// Names as the browser and as the desktop know them.
const LANGUAGES: [(&str, &str); 2] = [("en", "en_US.UTF-8"), ("zh-CN", "zh_CN.UTF-8")];

/// How long the app may take to connect and to draw what it has to say, even where a processor does
/// the work of a graphics card. A test would wait for what it expects; here nothing is expected.
const SETTLE: Duration = Duration::from_secs(4);

pub(crate) fn job(platforms: &[String]) -> Result<ExitCode> {
    let known = ["desktop", "web"];
    if let Some(unknown) = platforms.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(format!("`{unknown}` is not a platform; `desktop` and `web` are").into());
    }
    let wanted = |name| platforms.is_empty() || platforms.iter().any(|platform| platform == name);
    fs::create_dir_all(FOLDER)?;
    if wanted("desktop") {
        desktop()?;
    }
    if wanted("web") {
        page()?;
    }
    println!("\nThe pictures are in {}", fs::canonicalize(FOLDER)?.display());
    Ok(ExitCode::SUCCESS)
}

fn desktop() -> Result {
    let tools = setup::prepare(&[Part::Screen])?;
    let app = ["--package", "websocket-echo"];
    process::run(tools.command("cargo").arg("build").args(app), 20 * MINUTE)?;
    for (language, locale) in LANGUAGES {
        for width in WIDTHS {
            photograph_window(&tools, language, locale, width)?;
        }
    }
    Ok(())
}

/// Opens the window on a screen of its own, writes into it and takes pictures of the screen.
fn photograph_window(tools: &Tools, language: &str, locale: &str, width: u32) -> Result {
    let mut screen = tools.command("Xvfb");
    screen.args(["-displayfd", "1", "-nolisten", "tcp"]);
    screen.args(["-screen", "0", &format!("{width}x{HEIGHT}x24")]);
    let (_screen, display) =
        process::start_service(&mut screen, MINUTE, |line| Some(format!(":{line}")))?;
    let mut app = Command::new(built("websocket-echo")?);
    app.env("DISPLAY", &display).env_remove("WAYLAND_DISPLAY").env("LC_ALL", locale);
    let _app = process::Running::start(&mut app)?;

    let xdotool = |arguments: &[&str]| {
        process::read(tools.command("xdotool").args(arguments).env("DISPLAY", &display), MINUTE)
    };
    let take = |theme: &str| {
        let picture = picture(&format!("desktop-{language}-{theme}"), width);
        let mut import = tools.command("import");
        import.args(["-window", "root"]).arg(picture).env("DISPLAY", &display);
        process::run(&mut import, MINUTE)
    };
    let found = xdotool(&["search", "--sync", "--onlyvisible", "--name", "."])?;
    let window = found.lines().next().ok_or("the app opened no window")?;
    // There is no window manager that would do any of this.
    xdotool(&["windowmove", window, "0", "0"])?;
    xdotool(&["windowsize", window, &width.to_string(), &HEIGHT.to_string()])?;
    xdotool(&["windowfocus", window])?;
    thread::sleep(SETTLE);
    xdotool(&["type", "--delay", "50", "Hello"])?;
    xdotool(&["key", "Return"])?;
    thread::sleep(SETTLE);
    take("light")?;
    // The button that changes between light and dark is the second from the right.
    let column = (width - 76).to_string();
    xdotool(&["mousemove", &column, "32", "click", "1"])?;
    thread::sleep(SETTLE);
    take("dark")
}

fn page() -> Result {
    let needs = [Part::WasmTarget, Part::WasmBindgen, Part::Trunk, Part::Browser];
    let tools = setup::prepare(&needs)?;
    let browser = packages::find_program(packages::BROWSERS).ok_or("there is no browser")?;
    let _echo_server = web::start_echo_server(&tools)?;
    let (_page_server, url) = web::start_page_server(&tools)?;
    for (language, _) in LANGUAGES {
        for (theme, number) in [("dark", 0), ("light", 1)] {
            for width in WIDTHS {
                let scratch = Scratch::create()?;
                let picture = picture(&format!("web-{language}-{theme}"), width);
                let mut chromium = Command::new(&browser);
                chromium
                    .args(web::CHROMIUM_ARGS)
                    .arg(format!("--user-data-dir={}", scratch.path().display()))
                    .arg(format!("--window-size={width},{HEIGHT}"))
                    .arg(format!("--accept-lang={language}"))
                    .arg(format!("--blink-settings=preferredColorScheme={number}"))
                    // The page's own time, which runs faster than ours where nothing happens.
                    .arg(format!("--virtual-time-budget={}", SETTLE.as_millis()))
                    // Else it complains of every service of a desktop that it misses.
                    .arg("--log-level=3")
                    .arg(format!("--screenshot={}", picture.display()))
                    .arg(&url)
                    .env("TMPDIR", scratch.path());
                process::run(&mut chromium, 2 * MINUTE)?;
            }
        }
    }
    Ok(())
}

fn picture(name: &str, width: u32) -> PathBuf {
    Path::new(FOLDER).join(format!("{name}-{width}.png"))
}
