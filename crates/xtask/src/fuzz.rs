//! `cargo xtask fuzz`: the channel's fuzz targets, one after the other, each for a while.
//!
//! What libFuzzer learns is kept in the targets' corpus, outside of version control; what it finds is
//! in their artifacts, and becomes a seed by hand, together with the cure.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use crate::setup::{self, Part};
use crate::{MINUTE, Result, process};

const FOLDER: &str = "crates/web_socket_channel/fuzz";

/// How long a target runs where nothing is said.
const SECONDS: u64 = 300;

/// The longest input: longer ones find little and cost time.
const MAX_BYTES: u32 = 4096;

pub(crate) fn job(arguments: &[String]) -> Result<ExitCode> {
    let known = targets()?;
    let (targets, seconds) = plan(arguments, &known)?;
    let tools = setup::prepare(&[Part::CargoFuzz])?;
    for target in targets {
        println!("\n=== {target} ===\n");
        let corpus = Path::new(FOLDER).join("corpus").join(&target);
        fs::create_dir_all(&corpus)?;
        let mut fuzz = tools.command("cargo");
        // Without a sanitizer, as those need a nightly compiler; in safe code there is little for
        // them to find.
        fuzz.args(["fuzz", "run", "--sanitizer", "none", "--fuzz-dir", FOLDER, &target]);
        fuzz.arg(corpus).arg(Path::new(FOLDER).join("seeds").join(&target)).arg("--");
        fuzz.arg(format!("-max_total_time={seconds}"));
        fuzz.arg(format!("-max_len={MAX_BYTES}"));
        // A script that takes a second waits for something.
        fuzz.args(["-timeout=10", "-print_final_stats=1"]);
        process::run(&mut fuzz, Duration::from_secs(seconds) + 20 * MINUTE)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The targets there are, by their seeds.
fn targets() -> Result<Vec<String>> {
    let folders = fs::read_dir(Path::new(FOLDER).join("seeds"))?;
    let name = |name: OsString| name.into_string().ok();
    let mut names: Vec<_> = folders.flatten().filter_map(|f| name(f.file_name())).collect();
    names.sort();
    Ok(names)
}

/// Which targets to run, and for how many seconds each.
fn plan(arguments: &[String], known: &[String]) -> Result<(Vec<String>, u64)> {
    let (names, numbers): (Vec<_>, Vec<_>) =
        arguments.iter().partition(|argument| argument.parse::<u64>().is_err());
    if let Some(unknown) = names.iter().find(|name| !known.contains(name)) {
        let known = known.join(", ");
        return Err(format!("there is no target `{unknown}`; there are: {known}").into());
    }
    let seconds = match numbers[..] {
        [] => SECONDS,
        [number] => number.parse()?,
        _ => return Err("one number of seconds is enough".into()),
    };
    let names =
        if names.is_empty() { known.to_vec() } else { names.into_iter().cloned().collect() };
    Ok((names, seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planned(arguments: &[&str]) -> Result<(Vec<String>, u64)> {
        let owned = |words: &[&str]| -> Vec<String> {
            words.iter().map(|word| (*word).to_owned()).collect()
        };
        plan(&owned(arguments), &owned(&["first", "second"]))
    }

    #[test]
    fn all_targets_run_unless_some_are_named() {
        let all = vec!["first".to_owned(), "second".to_owned()];
        assert_eq!(planned(&[]).ok(), Some((all.clone(), SECONDS)));
        assert_eq!(planned(&["3678"]).ok(), Some((all, 3678)));
        assert_eq!(planned(&["second", "3"]).ok(), Some((vec!["second".to_owned()], 3)));
    }

    #[test]
    fn what_is_no_target_is_an_error_that_names_those_there_are() {
        let error = planned(&["third"]).map_err(|why| why.to_string());
        assert!(error.is_err_and(|why| why.contains("third") && why.contains("first, second")));
        assert!(planned(&["3", "4"]).is_err());
    }

    #[test]
    fn every_target_has_its_program() -> Result {
        std::env::set_current_dir(crate::root())?;
        let targets = targets()?;
        assert!(!targets.is_empty());
        for target in targets {
            assert!(Path::new(FOLDER).join(format!("fuzz_targets/{target}.rs")).is_file());
        }
        Ok(())
    }
}
