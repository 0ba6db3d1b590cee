//! Child processes that never outlive their job.
//!
//! A child is the head of its own process group: cargo starts rustc, and chromedriver starts a
//! browser, and ending only the first of them would leave the rest running. A group is ended when
//! its [`Running`] is dropped, when its time is over, and when xtask itself is interrupted.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use crate::Result;

/// How long a group may take to end by itself before it is killed: a browser wants to remove its
/// profile.
const GRACE: Duration = Duration::from_secs(3);

/// How often a child is asked whether it has ended. Std can wait for ever or not at all, and no job
/// here is so short that this would be felt.
const POLL: Duration = Duration::from_millis(10);

/// The groups that run now, by the id of their head. Filled by `Running::start`, emptied by its
/// drop.
static GROUPS: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// Makes Ctrl+C, a hang-up and a termination end the children before xtask goes.
pub(crate) fn end_children_on_interrupt() -> Result {
    ctrlc::set_handler(|| {
        // Whoever holds this lock is starting a child; nobody starts another one after this line.
        let groups = groups();
        for &group in groups.iter() {
            end_group(group);
        }
        std::process::exit(130)
    })?;
    Ok(())
}

/// Runs a command to its end, with its output on the terminal.
pub(crate) fn run(command: &mut Command, limit: Duration) -> Result {
    let running = Running::start(command)?;
    finish(command, running, limit)
}

/// Runs a command to its end and hands each line of its output to `line`, after it was printed.
pub(crate) fn run_watching(
    command: &mut Command,
    limit: Duration,
    line: impl FnMut(&str) + Send,
) -> Result {
    let mut running = Running::start(command.stdout(Stdio::piped()))?;
    let stdout = running.take_stdout()?;
    thread::scope(|scope| {
        scope.spawn(move || print_lines(stdout, line));
        // The group is ended within this call, so that no grandchild keeps the pipe open and the
        // reader waiting.
        finish(command, running, limit)
    })
}

/// Runs a command to its end and returns what it wrote to its output, which nobody else sees.
pub(crate) fn read(command: &mut Command, limit: Duration) -> Result<String> {
    let mut running = Running::start(command.stdout(Stdio::piped()))?;
    let stdout = running.take_stdout()?;
    thread::scope(|scope| {
        let reader = scope.spawn(|| std::io::read_to_string(stdout));
        finish(command, running, limit)?;
        let text = reader.join().map_err(|_| "the reading thread panicked")?;
        Ok(text?)
    })
}

/// Starts a command that keeps running until the result is dropped. Waits for the line of output in
/// which `ready` finds what the caller needs to know, such as an address. All its output is
/// printed.
pub(crate) fn start_service<T: Send + 'static>(
    command: &mut Command,
    limit: Duration,
    ready: impl Fn(&str) -> Option<T> + Send + 'static,
) -> Result<(Running, T)> {
    let mut running = Running::start(command.stdout(Stdio::piped()))?;
    let stdout = running.take_stdout()?;
    let (found, answer) = mpsc::channel();
    // Ends with the service: its pipe is closed then.
    thread::spawn(move || {
        print_lines(stdout, |line| {
            if let Some(value) = ready(line) {
                // Nobody listens any more once the first answer has come.
                let _ = found.send(value);
            }
        });
    });
    match answer.recv_timeout(limit) {
        Ok(value) => Ok((running, value)),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            Err(format!("`{}` ended before it was ready", shown(command)).into())
        }
        Err(mpsc::RecvTimeoutError::Timeout) => {
            Err(format!("`{}` was not ready within {} s", shown(command), limit.as_secs()).into())
        }
    }
}

/// The command as one would type it: the variables that were set for it, the program, its
/// arguments.
///
/// `PATH` is left out. It is long, and `cargo xtask` is there to set it.
pub(crate) fn shown(command: &Command) -> String {
    let quoted = |text: &OsStr| {
        let text = text.to_string_lossy();
        let plain = |c: char| c.is_alphanumeric() || "-_./:=,+@%?".contains(c);
        if !text.is_empty() && text.chars().all(plain) {
            text.into_owned()
        } else {
            format!("'{text}'")
        }
    };
    let variables = command
        .get_envs()
        .filter(|(name, _)| *name != "PATH")
        .filter_map(|(name, value)| Some(format!("{}={}", name.to_string_lossy(), quoted(value?))));
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    variables.chain(words.map(quoted)).collect::<Vec<_>>().join(" ")
}

/// A child and all that it starts.
pub(crate) struct Running {
    child: Child,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        // A job must not stop for a question that nobody is there to answer.
        command.stdin(Stdio::null());
        lead_group(command);
        let mut groups = groups();
        let child = command
            .spawn()
            .map_err(|error| format!("cannot start `{}`: {error}", shown(command)))?;
        groups.push(child.id());
        Ok(Self { child })
    }

    /// Waits for the child, and for no longer than `limit`.
    pub(crate) fn wait(&mut self, limit: Duration) -> Result<Option<ExitStatus>> {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(Some(status));
            }
            if start.elapsed() >= limit {
                return Ok(None);
            }
            thread::sleep(POLL);
        }
    }

    fn take_stdout(&mut self) -> Result<ChildStdout> {
        let stdout = self.child.stdout.take();
        stdout.ok_or_else(|| "the output of the child was not piped".into())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let id = self.child.id();
        end_group(id);
        // Where there are no groups this ends the one child; where there are, it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        groups().retain(|&group| group != id);
    }
}

fn finish(command: &Command, mut running: Running, limit: Duration) -> Result {
    match running.wait(limit)? {
        Some(status) if status.success() => Ok(()),
        Some(status) => Err(format!("`{}` failed ({status})", shown(command)).into()),
        None => {
            Err(format!("`{}` was not done after {limit:?} and was ended", shown(command)).into())
        }
    }
}

/// Prints what comes, line by line, until the other end closes.
fn print_lines(output: impl std::io::Read, mut line: impl FnMut(&str)) {
    let mut output = BufReader::new(output);
    let mut bytes = Vec::new();
    while matches!(output.read_until(b'\n', &mut bytes), Ok(1..)) {
        // A terminal that went away is no reason to stop counting.
        let _ = std::io::stdout().write_all(&bytes);
        line(String::from_utf8_lossy(&bytes).trim_end());
        bytes.clear();
    }
}

fn groups() -> MutexGuard<'static, Vec<u32>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(unix)]
fn lead_group(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;

    command.process_group(0);
}

#[cfg(unix)]
fn end_group(id: u32) {
    use rustix::process::{
        Pid, Signal, WaitOptions, kill_process_group, test_kill_process_group, waitpgid,
    };

    let Some(group) = i32::try_from(id).ok().and_then(Pid::from_raw) else {
        return;
    };
    // An error means that nobody is left in the group, which is what is wanted.
    if kill_process_group(group, Signal::TERM).is_err() {
        return;
    }
    let start = Instant::now();
    while start.elapsed() < GRACE {
        // A child that has ended counts as one of its group until somebody asks how it ended.
        let _ = waitpgid(group, WaitOptions::NOHANG);
        if test_kill_process_group(group).is_err() {
            return;
        }
        thread::sleep(POLL);
    }
    let _ = kill_process_group(group, Signal::KILL);
}

// Elsewhere only the child itself is ended, by `Running::drop`.
#[cfg(not(unix))]
fn lead_group(_: &mut Command) {}
#[cfg(not(unix))]
fn end_group(_: u32) {}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn the_lines_are_seen_even_of_a_run_that_failed() {
        let mut lines = Vec::new();
        let result = run_watching(&mut shell("echo one; echo two; exit 3"), 10 * SECOND, |line| {
            lines.push(line.to_owned());
        });
        assert_eq!(lines, ["one", "two"]);
        let error = result.expect_err("it failed").to_string();
        assert!(error.contains("exit status: 3"), "{error}");
    }

    #[test]
    fn a_run_that_takes_too_long_is_ended_with_all_that_it_started() {
        // The inner sleep holds the pipe: the output would not end before it does.
        let start = Instant::now();
        let result = run_watching(&mut shell("sleep 600 & sleep 600"), SECOND / 10, |_| {});
        let error = result.expect_err("it takes too long").to_string();
        assert!(error.contains("was ended"), "{error}");
        assert!(start.elapsed() < 60 * SECOND);
    }

    #[test]
    fn what_ignores_a_request_to_end_is_killed() {
        let script = "trap '' TERM; echo ready; while :; do sleep 600; done";
        let (service, _) =
            start_service(&mut shell(script), 10 * SECOND, |line| Some(line.to_owned()))
                .expect("it says that it is ready");
        let group = service.child.id();
        drop(service);
        let signalled = shell(&format!("kill -0 -- -{group} 2>/dev/null")).status();
        assert!(!signalled.expect("sh runs").success());
    }

    #[test]
    fn a_service_gives_the_value_of_its_line() {
        let script = "echo starting; echo listening on custom; sleep 600";
        let (_service, value) = start_service(&mut shell(script), 10 * SECOND, |line| {
            Some(line.strip_prefix("listening on ")?.to_owned())
        })
        .expect("it prints the line");
        assert_eq!(value, "custom");
    }

    #[test]
    fn a_service_that_ends_too_early_is_an_error() {
        let error = start_service(&mut shell("echo starting"), 10 * SECOND, |_| None::<()>).err();
        let text = error.map(|error| error.to_string()).unwrap_or_default();
        assert!(text.contains("ended before it was ready"), "{text}");
    }

    #[test]
    fn a_command_is_shown_as_one_would_type_it() {
        let mut command = Command::new("cargo");
        command.args(["test", "--", "a b"]);
        command.env("PATH", "/bin").env("RUSTDOCFLAGS", "-D warnings");
        command.env_remove("LANG");
        assert_eq!(shown(&command), "RUSTDOCFLAGS='-D warnings' cargo test -- 'a b'");
    }
}
