//! The program in a terminal: what it says to its arguments, and where there is no display.

#[cfg(target_os = "linux")]
#[path = "screen/hidden_libraries.rs"]
mod hidden_libraries;

use std::process::{Command, Output};

/// What may tell a program where a display is.
const DISPLAYS: [&str; 3] = ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"];

fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_websocket-echo"));
    // No test may open a window, on whatever machine it runs.
    for name in DISPLAYS {
        program.env_remove(name);
    }
    program
}

/// What it said to stdout and stderr, and its exit code.
fn run(program: &mut Command) -> (String, String, Option<i32>) {
    let Output { status, stdout, stderr } = program.output().expect("the program was built");
    let text = |bytes| String::from_utf8(bytes).expect("it speaks UTF-8");
    (text(stdout), text(stderr), status.code())
}

#[test]
fn help() {
    for option in ["-h", "--help"] {
        let (stdout, stderr, code) = run(program().arg(option));
        assert!(
            stdout.starts_with("Usage: websocket-echo [--transport NAME] [--try LINK] [URL]\n"),
            "{stdout}"
        );
        for line in stdout.lines() {
            assert!(line.len() <= 80, "too wide for a terminal: {line}");
        }
        assert_eq!((stderr.as_str(), code), ("", Some(0)));
    }
}

#[test]
fn version() {
    for option in ["-V", "--version"] {
        let expected = format!("websocket-echo {}\n", env!("CARGO_PKG_VERSION"));
        assert_eq!(run(program().arg(option)), (expected, String::new(), Some(0)));
    }
}

#[test]
fn nobody_needs_to_read_what_it_says() {
    for arguments in [&["--help"][..], &["--version"], &["--raisin"]] {
        let (reader, writer) = std::io::pipe().expect("there are pipes");
        drop(reader);
        let also = writer.try_clone().expect("it can be shared");
        let status = program().args(arguments).stdout(writer).stderr(also).status();
        let expected = if arguments == ["--raisin"] { 2 } else { 0 };
        assert_eq!(status.expect("the program was built").code(), Some(expected), "{arguments:?}");
    }
}

#[test]
fn wrong_arguments_are_told_in_one_line() {
    for (arguments, words) in [
        (&["--raisin"][..], "\"--raisin\""),
        (&["ws://a", "ws://b"], "at most one URL"),
        (&["rai sin"], "ws://host:port/path"),
        (&["ftp://a"], "write ws: or wss:"),
        (&["ws://a/#b"], "Remove the #"),
        (&[""], "ws://host:port/path"),
    ] {
        let (stdout, stderr, code) = run(program().args(arguments));
        assert!(stderr.starts_with("error: "), "{arguments:?}: {stderr}");
        assert!(stderr.contains(words), "{arguments:?}: {stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        assert_eq!((stdout.as_str(), code), ("", Some(2)), "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn an_argument_that_is_no_text_is_told_too() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let (stdout, stderr, code) = run(program().arg(OsStr::from_bytes(b"ws://\xff")));
    assert!(stderr.starts_with("error: "), "{stderr}");
    assert_eq!((stdout.as_str(), code), ("", Some(2)));
}

// Elsewhere there always is a display, or one can't take it away.
#[cfg(target_os = "linux")]
#[test]
fn without_a_display_it_says_so_and_leaves() {
    let nowhere = [("DISPLAY", ":36789"), ("WAYLAND_DISPLAY", "wayland-3678")];
    let mut programs = vec![program()];
    programs.extend(nowhere.map(|(name, display)| {
        let mut program = program();
        program.env(name, display);
        program
    }));
    for mut program in programs {
        for address in [None, Some("ws://127.0.0.1:1/")] {
            let (stdout, stderr, code) = run(program.args(address));
            assert!(stderr.contains("error: no window can be opened here"), "{stderr}");
            assert!(!stderr.contains("panicked") && !stderr.contains(".rs"), "{stderr}");
            assert_eq!(stderr.lines().count(), 1, "{stderr}");
            assert_eq!((stdout.as_str(), code), ("", Some(2)));
        }
    }
}

// A library that is there, but empty, is as good as none; and this needs none of them.
#[cfg(target_os = "linux")]
#[test]
fn a_missing_library_is_told_with_its_packages() {
    let hidden = hidden_libraries::of(
        "libX11-xcb.so.1 libX11-xcb.so libXcursor.so.1 libXcursor.so libXi.so.6 libXi.so libxkbcommon.so.0 \
         libxkbcommon.so libwayland-client.so.0 libwayland-client.so libwayland-egl.so.1 libwayland-egl.so",
    );
    for (name, display) in [("DISPLAY", ":36789"), ("WAYLAND_DISPLAY", "wayland-3678")] {
        let mut program = program();
        program.env(name, display).env("LD_LIBRARY_PATH", hidden.path());
        let (stdout, stderr, code) = run(&mut program);
        assert!(stderr.starts_with("error: no window can be opened here, as lib"), "{stderr}");
        assert!(stderr.contains(" is missing; install lib"), "{stderr}");
        assert!(stderr.contains(" (Debian, Ubuntu) or lib"), "{stderr}");
        assert!(stderr.ends_with(" (Fedora)\n"), "{stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        assert_eq!((stdout.as_str(), code), ("", Some(2)));
    }
}
