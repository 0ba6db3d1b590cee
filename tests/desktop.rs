//! The program in a terminal: what it says to its arguments, and where there is no display.

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
        assert!(stdout.starts_with("Usage: websocket-echo [--transport NAME] [URL]\n"), "{stdout}");
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
            assert!(!stderr.contains("panicked"), "{stderr}");
            assert_eq!(stderr.lines().count(), 1, "{stderr}");
            assert_eq!((stdout.as_str(), code), ("", Some(2)));
        }
    }
}
