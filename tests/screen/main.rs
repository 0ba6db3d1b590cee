//! The program on a screen, at `DISPLAY`: what it says where a library of the window is missing.
//!
//! `cargo xtask test desktop` starts a screen that nobody sees for it.

mod hidden_libraries;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What it said, and its exit code; none where it was still running after a while, and has been ended.
fn run_without(libraries: &str) -> (String, Option<i32>) {
    let hidden = hidden_libraries::of(libraries);
    let mut program = Command::new(env!("CARGO_BIN_EXE_websocket-echo"));
    program.arg("ws://127.0.0.1:1/").env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET");
    program.env("LD_LIBRARY_PATH", hidden.path()).env("LC_ALL", "C").stderr(Stdio::piped());
    let mut child = program.spawn().expect("the program was built");
    let deadline = Instant::now() + Duration::from_secs(20);
    while child.try_wait().expect("it is a child").is_none() {
        if Instant::now() > deadline {
            child.kill().expect("it is a child");
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let output = child.wait_with_output().expect("it is a child");
    (String::from_utf8_lossy(&output.stderr).into_owned(), output.status.code())
}

#[test]
fn each_missing_library_is_named() {
    for (libraries, name, debian, fedora) in [
        ("libXcursor.so.1 libXcursor.so", "libXcursor", "libxcursor1", "libXcursor"),
        ("libX11-xcb.so.1 libX11-xcb.so", "libX11-xcb", "libx11-xcb1", "libX11-xcb"),
        ("libXi.so.6 libXi.so", "libXi", "libxi6", "libXi"),
        ("libxkbcommon.so.0 libxkbcommon.so", "libxkbcommon", "libxkbcommon0", "libxkbcommon"),
        (
            "libxkbcommon-x11.so.0 libxkbcommon-x11.so",
            "libxkbcommon-x11",
            "libxkbcommon-x11-0",
            "libxkbcommon-x11",
        ),
        (
            "libGL.so.1 libGL.so libEGL.so.1 libEGL.so",
            "OpenGL",
            "libgl1 libegl1 libgl1-mesa-dri",
            "libglvnd-glx libglvnd-egl mesa-dri-drivers",
        ),
    ] {
        let expected = format!(
            "error: no window can be opened here, as {name} is missing; install {debian} (Debian, Ubuntu) or \
             {fedora} (Fedora)\n"
        );
        assert_eq!(run_without(libraries), (expected, Some(2)));
    }
}
