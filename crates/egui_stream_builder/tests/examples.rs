//! The examples keep what the tutorial says of them: five, short, and one source for every platform.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};

/// The steps of the tutorial, in its order.
const STEPS: [&str; 5] = ["clock", "counter", "broadcast", "errors", "echo_page"];

/// An example has fewer lines than this: it is to be read at one sitting.
const LINES: usize = 60;

#[test]
fn every_example_is_a_step_and_is_short() {
    let mut names: Vec<String> = sources()
        .iter()
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    let mut steps = STEPS.map(ToOwned::to_owned);
    steps.sort();
    assert_eq!(names, steps);

    for path in sources().into_iter().chain([folder().join("common/mod.rs")]) {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines < LINES, "{} has {lines} lines", path.display());
    }
}

#[test]
fn the_tutorial_names_each_of_them_in_its_order() {
    let tutorial = include_str!("../src/tutorial.rs");
    let mut rest = tutorial;
    for step in STEPS {
        let name = format!("examples/{step}.rs");
        let found = rest.find(&name);
        assert!(found.is_some(), "{name} is missing, or not in its place");
        rest = &rest[found.unwrap()..];
    }
}

/// The code of a step in the tutorial is an example's; what is told and what runs stay the same.
#[test]
fn the_tutorial_shows_lines_of_the_examples() {
    let examples: String = sources().iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let examples: Vec<&str> = examples.lines().map(str::trim).collect();
    let (_, steps) = include_str!("../src/tutorial.rs").split_once("# Step 1").unwrap();
    let (steps, _) = steps.split_once("# What an immediate").unwrap();
    let mut is_code = false;
    let mut shown = 0;
    for line in steps.lines().map(|line| line.trim_start_matches("//!").trim()) {
        if line.starts_with("```") {
            is_code = !is_code;
        } else if is_code && !line.is_empty() && !line.starts_with("# ") && line != "#" {
            assert!(examples.contains(&line), "no example has this line:\n{line}");
            shown += 1;
        }
    }
    assert!(shown > 30, "only {shown} lines were compared");
}

/// Only the one seam may know where it runs.
#[test]
fn an_example_does_not_know_its_platform() {
    for path in sources() {
        let source = fs::read_to_string(&path).unwrap();
        assert!(!source.contains("cfg"), "{}", path.display());
    }
}

fn sources() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}
