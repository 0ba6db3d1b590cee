//! The house rules of ARCHITECTURE.md, kept by a test: arrows between the parts run one way.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod rules;
mod source;

use std::fs;
use std::path::Path;

use rules::{RULES, Rule, violations};
use source::{paths, tokens};

/// Every Rust file of the workspace, from its top, and what is in it.
fn files() -> Vec<(String, String)> {
    fn collect(top: &Path, folder: &Path, files: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                // Built code, and code that is no part of the workspace.
                if name != "target" && !name.starts_with('.') {
                    collect(top, &path, files);
                }
            } else if name.ends_with(".rs") {
                let file = path.strip_prefix(top).unwrap().to_str().unwrap().replace('\\', "/");
                files.push((file, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["src", "crates"] {
        collect(top, &top.join(folder), &mut files);
    }
    files
}

#[test]
fn no_file_breaks_a_rule() {
    let broken: Vec<String> =
        files().iter().flat_map(|(file, source)| violations(file, source, RULES)).collect();
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn every_rule_is_about_something() {
    let files = files();
    for rule in RULES {
        assert!(files.iter().any(|(file, _)| rule.is_for(file)), "{:?} are gone", rule.files);
    }
}

/// What a checker that never fails would not notice.
#[test]
fn a_broken_rule_is_found() {
    for (file, source, expected) in [
        ("crates/app_core/src/model.rs", "use egui::Ui;", "names egui::Ui"),
        ("crates/app_core/src/model.rs", "fn f(ui: &mut egui::Ui) {}", "names egui::Ui"),
        ("crates/app_core/src/model.rs", "use {std::mem, eframe::{self, App}};", "names eframe"),
        (
            "crates/app_core/src/model.rs",
            "use std::time::{Duration, Instant as Now};",
            "names std::time::Instant",
        ),
        (
            "src/i18n/mod.rs",
            "use web_socket_channel::{Error, memory::loopback};",
            "names web_socket_channel::memory::loopback",
        ),
        ("src/i18n/mod.rs", "use web_socket_channel::*;", "names web_socket_channel::*"),
        ("src/ui/page.rs", "use super::super::effects::Connection;", "names crate::effects"),
        ("src/ui/mod.rs", "pub use super::app;", "names crate::app"),
        ("src/ui/a/b.rs", "use crate::{platform, i18n};", "names crate::platform"),
        ("src/app.rs", "type S = web_sys::WebSocket;", "names web_sys::WebSocket"),
        (
            "crates/web_socket_channel/src/lifecycle.rs",
            "pub(crate) fn now() -> std::time::Instant { todo!() }",
            "names std::time::Instant",
        ),
        (
            "crates/web_socket_channel/src/native/mod.rs",
            "use crate::{error::Error, lifecycle::Lifecycle};",
            "names crate::lifecycle::Lifecycle",
        ),
        (
            "crates/egui_stream_builder/src/builder.rs",
            "fn f() { std::thread::spawn(|| ()); }",
            "names std::thread::spawn",
        ),
        (
            "crates/egui_row_list/src/list.rs",
            "use web_socket_channel::Message;",
            "names web_socket_channel::Message",
        ),
        ("crates/egui_row_list/src/list.rs", "use eframe::Frame;", "names eframe"),
        ("crates/egui_row_list/src/position.rs", "use egui::Rect;", "names egui::Rect"),
        ("crates/egui_web_accessibility/src/web/mod.rs", "use eframe::Frame;", "names eframe"),
        (
            "crates/egui_web_accessibility/src/mirror.rs",
            "use web_sys::Node;",
            "names web_sys::Node",
        ),
        ("crates/egui_long_text/src/widget.rs", "use web_socket_channel::Message;", "names"),
        ("crates/frame_loops/src/window.rs", "use std::time::Instant;", "names std::time::Instant"),
        ("crates/frame_loops/src/drawing.rs", "use egui::Rect;", "names egui::Rect"),
        ("src/ui/panels/rebuilds/compare.rs", "use frame_loops::run;", "names frame_loops::run"),
        ("crates/frame_loops/src/ways.rs", "use web_socket_channel::Message;", "names"),
        ("crates/message_log/src/log.rs", "use web_socket_channel::Message;", "names"),
        ("crates/message_log/src/scan.rs", "use std::time::Instant;", "names std::time::Instant"),
        ("crates/echo_server/src/session.rs", "use tokio::net::TcpStream;", "names tokio::net"),
        (
            "src/effects/connection.rs",
            "#[cfg(target_arch = \"wasm32\")] mod web;",
            "differs in a browser",
        ),
        (
            "src/effects/connection.rs",
            "#[cfg(not(target_family = \"wasm\"))] fn f() {}",
            "differs in a browser",
        ),
        (
            "src/effects/connection.rs",
            "if cfg!(target_arch = \"wasm32\") {}",
            "differs in a browser",
        ),
        ("src/ui/page.rs", "ui.label(\"Send a message\");", "says \"Send a message\""),
        ("src/ui/page.rs", "#[must_use] fn f() -> &str { r#\"It's \"so\"\"# }", "says"),
        ("crates/app_core/src/model.rs", "const TITLE: &str = \"内容回显\";", "says \"内容回显\""),
    ] {
        let found = violations(file, source, RULES);
        assert!(
            found.iter().any(|violation| violation.contains(expected)),
            "{file}: {source}\n{found:?}"
        );
    }
}

#[test]
fn what_is_allowed_is_not_found() {
    for (file, source) in [
        ("crates/app_core/src/model.rs", "use web_socket_channel::{Error, Message, ReadyState};"),
        ("crates/app_core/src/model.rs", "use std::time::Duration; // and no std::time::Instant"),
        (
            "crates/app_core/src/model.rs",
            "/* /* use egui; */ \"Send a message\" */ fn f<'a>(c: &'a u8) {}",
        ),
        (
            "crates/app_core/src/model.rs",
            "#[cfg(test)]\nmod tests { use egui::Ui; const A: &str = \"A b\"; }",
        ),
        ("src/ui/page.rs", "use egui::Ui; use material::Scheme;"),
        ("src/ui/page.rs", "#[allow(a, reason = \"So it is.\")] let a = \"a b\";"),
        ("src/ui/page.rs", "let quote = ['\"', '\\'', 'A']; let a = \"a b\";"),
        ("src/platform/mod.rs", "#[cfg(target_arch = \"wasm32\")] mod web;"),
        (
            "src/effects/connection.rs",
            "#[cfg_attr(target_arch = \"wasm32\", expect(dead_code))] fn f() {}",
        ),
        ("src/effects/connection.rs", "use web_socket_channel::WebSocketChannel;"),
        ("crates/echo_server/src/main.rs", "#[cfg(unix)] fn f() {}"),
        ("crates/web_socket_channel/tests/web.rs", "#![cfg(target_arch = \"wasm32\")]"),
    ] {
        assert_eq!(violations(file, source, RULES), [""; 0], "{file}: {source}");
    }
}

#[test]
fn a_rule_is_for_its_files_alone() {
    let rules = [Rule { files: &["a.rs", "b/"], never: &[&["x"]] }];
    for (file, is_broken) in
        [("a.rs", true), ("b/c/d.rs", true), ("b.rs", false), ("c/a.rs", false)]
    {
        assert_eq!(!violations(file, "use x;", &rules).is_empty(), is_broken, "{file}");
    }
}

#[test]
fn trees_are_taken_apart() {
    let tokens = tokens("use a::{self, b::{c as d, *}, super_e}; pub use self::f; g::h(); i.j();");
    let paths: Vec<String> =
        paths(&tokens, &["crate", "m"]).iter().map(|path| path.join("::")).collect();
    assert_eq!(paths, ["a", "a::b::c", "a::b::*", "a::super_e", "crate::m::f", "g::h"]);
}
