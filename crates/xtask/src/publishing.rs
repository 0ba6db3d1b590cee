//! The crates that can be published: what goes into their packages, which Rust they need, and whether their
//! interface is still the one that was released.

use std::collections::{HashMap, HashSet};
use std::process::{Command, ExitCode};

use serde_json::Value;

use crate::setup::{self, Part, Tools};
use crate::{MINUTE, Result, process};

const CRATES: [&str; 3] = ["web_socket_channel", "egui_stream_builder", "egui_row_list"];

/// Makes the packages, takes them apart again and builds what is in them. Nothing is uploaded.
pub(crate) fn package(tools: &Tools) -> Result {
    // Cargo asks the registry for news even where it has all that it needs, and without a network that
    // takes minutes and fails.
    let offline = process::run(cargo_package(tools).arg("--offline"), 20 * MINUTE);
    if offline.is_ok() { Ok(()) } else { process::run(&mut cargo_package(tools), 20 * MINUTE) }
}

fn cargo_package(tools: &Tools) -> Command {
    let mut command = tools.command("cargo");
    // What is not committed yet is to be tried too.
    command.args(["package", "--allow-dirty"]).args(CRATES.iter().flat_map(|name| ["-p", name]));
    command
}

/// Sees to it that a crate asks for no older Rust than its dependencies do. That its own code keeps to it
/// is for clippy to say (`incompatible_msrv`).
pub(crate) fn check_rust_versions(tools: &Tools) -> Result {
    let mut metadata = tools.command("cargo");
    metadata.args(["metadata", "--format-version", "1", "--locked", "--all-features"]);
    let metadata: Value = serde_json::from_str(&process::read(&mut metadata, 10 * MINUTE)?)?;
    let graph =
        Graph::of(&metadata).ok_or("`cargo metadata` has another form than was expected")?;
    for name in CRATES {
        let (own, newest, of) =
            graph.rust_versions(name).ok_or_else(|| format!("{name} names no rust-version"))?;
        println!("{name} asks for Rust {own}; of its dependencies {of} for the newest, {newest}");
        if own < newest {
            return Err(
                format!("{name} can't be built with Rust {own}, as {of} needs {newest}").into()
            );
        }
    }
    Ok(())
}

/// What of `cargo metadata` is needed here.
struct Graph<'a> {
    packages: HashMap<&'a str, Package<'a>>,
    /// What a package is built with or from, by identifiers. What only tests need is left out.
    dependencies: HashMap<&'a str, Vec<&'a str>>,
}

struct Package<'a> {
    name: &'a str,
    rust_version: Option<RustVersion>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct RustVersion([u32; 3]);

impl RustVersion {
    fn parse(text: &str) -> Option<Self> {
        let mut version = [0; 3];
        for (number, part) in version.iter_mut().zip(text.split('.')) {
            *number = part.parse().ok()?;
        }
        Some(Self(version))
    }
}

impl std::fmt::Display for RustVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [major, minor, patch] = self.0;
        write!(f, "{major}.{minor}")?;
        if patch == 0 { Ok(()) } else { write!(f, ".{patch}") }
    }
}

impl<'a> Graph<'a> {
    fn of(metadata: &'a Value) -> Option<Self> {
        let mut packages = HashMap::new();
        for package in metadata["packages"].as_array()? {
            let name = package["name"].as_str()?;
            let rust_version = package["rust_version"].as_str().and_then(RustVersion::parse);
            packages.insert(package["id"].as_str()?, Package { name, rust_version });
        }
        let mut dependencies = HashMap::new();
        for node in metadata["resolve"]["nodes"].as_array()? {
            let shipped = node["deps"].as_array()?.iter().filter(|dependency| {
                let kinds = dependency["dep_kinds"].as_array();
                kinds.is_none_or(|kinds| kinds.iter().any(|kind| kind["kind"] != "dev"))
            });
            let ids = shipped.filter_map(|dependency| dependency["pkg"].as_str()).collect();
            dependencies.insert(node["id"].as_str()?, ids);
        }
        Some(Self { packages, dependencies })
    }

    /// The Rust that a crate asks for, the newest that one of its dependencies asks for, and which that
    /// is.
    fn rust_versions(&self, name: &str) -> Option<(RustVersion, RustVersion, &'a str)> {
        let (&id, package) = self.packages.iter().find(|(_, package)| package.name == name)?;
        let own = package.rust_version?;
        let (mut newest, mut of) = (RustVersion([0; 3]), "none");
        let mut seen = HashSet::from([id]);
        let mut waiting = vec![id];
        while let Some(id) = waiting.pop() {
            for &next in self.dependencies.get(id)? {
                if seen.insert(next) {
                    waiting.push(next);
                    let package = self.packages.get(next)?;
                    if package.rust_version.is_some_and(|version| version > newest) {
                        newest = package.rust_version?;
                        of = package.name;
                    }
                }
            }
        }
        Some((own, newest, of))
    }
}

/// `cargo xtask semver [REVISION]`: compares the interface of these crates with the one of a release.
pub(crate) fn semver_job(arguments: &[String]) -> Result<ExitCode> {
    for name in CRATES {
        let baseline = match arguments {
            [] => last_release(name)?,
            [revision] => Some(revision.clone()),
            _ => return Err("`semver` takes one revision of git, or nothing".into()),
        };
        let Some(baseline) = baseline else {
            println!(
                "{name}: there is no baseline yet, as nothing was released. The commit of its first release \
                 is to have the tag `{name}-v0.1.0`; from then on this job compares with the last one."
            );
            continue;
        };
        println!("{name}: compared with {baseline}");
        let tools = setup::prepare(&[Part::CargoSemverChecks])?;
        let mut command = tools.command("cargo");
        command.args(["semver-checks", "-p", name, "--all-features", "--baseline-rev", &baseline]);
        process::run(&mut command, 30 * MINUTE)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The tag of a crate's last release.
fn last_release(name: &str) -> Result<Option<String>> {
    let mut tags = Command::new("git");
    tags.args(["tag", "--list", "--sort=-version:refname", &format!("{name}-v*")]);
    Ok(process::read(&mut tags, MINUTE)?.lines().next().map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        let version = |text| RustVersion::parse(text).expect("it is one");
        assert!(version("1.9") < version("1.88"));
        assert!(version("1.88") < version("1.88.1"));
        assert_eq!(version("1.88"), version("1.88.0"));
        assert_eq!(RustVersion::parse("stable"), None);
    }

    #[test]
    fn dependencies_of_tests_need_no_old_rust() {
        let metadata = serde_json::json!({
            "packages": [
                { "id": "a", "name": "app", "rust_version": "1.85" },
                { "id": "b", "name": "base", "rust_version": null },
                { "id": "c", "name": "core", "rust_version": "1.86.1" },
                { "id": "t", "name": "tester", "rust_version": "1.99" },
            ],
            "resolve": { "nodes": [
                { "id": "a", "deps": [
                    { "pkg": "b", "dep_kinds": [{ "kind": null }] },
                    { "pkg": "t", "dep_kinds": [{ "kind": "dev" }] },
                ] },
                { "id": "b", "deps": [
                    { "pkg": "c", "dep_kinds": [{ "kind": "dev" }, { "kind": "build" }] },
                ] },
                { "id": "c", "deps": [] },
                { "id": "t", "deps": [] },
            ] },
        });
        let (own, newest, of) = Graph::of(&metadata)
            .and_then(|graph| graph.rust_versions("app"))
            .expect("the graph is whole");
        assert_eq!(
            (own.to_string(), newest.to_string(), of),
            ("1.85".into(), "1.86.1".into(), "core")
        );
    }
}
