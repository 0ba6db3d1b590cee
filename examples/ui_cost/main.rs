//! What a frame of the page costs, in egui's pass and in making triangles, without a screen: with a short echo
//! and with long ones, with the log of few rows and of ten million, and while messages pour in from a real
//! server. `cargo xtask bench ui`.
//!
//! - [`window`] is the page and a screen that is none;
//! - [`texts`], [`rows`], [`flood`] and [`idle`] are the tables, and [`server`] is who they talk to.
//!
//! Each line of a table is a process of its own, so that its memory is its own. Times are what the processor had to do
//! in the thread that draws.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::panic,
    reason = "it prints what it measured, or fails"
)]

mod flood;
mod idle;
mod rows;
mod server;
mod texts;
mod window;

use std::process::{Command, Stdio};

/// A table: how it is called, its heading, and what makes a line of it, if there is one of this number.
struct Table {
    name: &'static str,
    heading: &'static str,
    lines: usize,
    line: fn(usize) -> String,
}

const TABLES: [Table; 4] = [texts::TABLE, rows::TABLE, flood::TABLE, idle::TABLE];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &*arguments {
        [server, count, per_ms] if server == server::ARGUMENT => {
            server::serve(count.parse().unwrap(), per_ms.parse().unwrap());
        }
        [table, line] if line.parse::<usize>().is_ok() => {
            let table = TABLES.iter().find(|known| known.name == table).unwrap();
            println!("{}", (table.line)(line.parse().unwrap()));
        }
        names => tables(names),
    }
}

/// The tables of these names; all of them where none is named.
fn tables(names: &[String]) {
    for name in names {
        let known = TABLES.map(|table| table.name);
        assert!(known.contains(&name.as_str()), "there is no table `{name}`; there are {known:?}");
    }
    for table in TABLES {
        if !names.is_empty() && !names.iter().any(|name| name == table.name) {
            continue;
        }
        println!("\n{}", table.heading);
        let columns = table.heading.matches('|').count() - 1;
        println!("|---{}|", "|--:".repeat(columns - 1));
        for line in 0..table.lines {
            let mut program = Command::new(std::env::current_exe().unwrap());
            program.args([table.name, &line.to_string()]).stderr(Stdio::inherit());
            let output = program.output().unwrap();
            assert!(output.status.success(), "{} {line} failed", table.name);
            print!("{}", String::from_utf8_lossy(&output.stdout));
        }
    }
}

fn ms(secs: f64) -> String {
    format!("{:.2} ms", secs * 1e3)
}

fn megabytes(bytes: usize) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
