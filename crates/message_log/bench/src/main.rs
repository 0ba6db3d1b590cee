//! `log_bench [PART…]`: what a million rows of the log cost.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it talks to its terminal")]

mod counting;

use std::error::Error;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use message_log::json_lines::Reader;
use message_log::json_view::JsonView;
use message_log::{
    Entry, Export, Filter, Format, Log, Matcher, PREVIEW_CHARS, Payload, Query, Retention, Scan,
    har, preview,
};

const ROWS: u64 = 1_000_000;
/// How often everything is done; the median counts.
const ROUNDS: usize = 5;
const KEEP: Retention = Retention { bytes: 4 << 30, rows: u64::MAX };

type Result = std::result::Result<(), Box<dyn Error>>;

type Part = fn(&Rows) -> Result;

/// What can be asked for by name, in the order in which it is done.
const PARTS: [(&str, Part); 5] = [
    ("memory", memory),
    ("reading", reading),
    ("search", search),
    ("files", files),
    ("json", json),
];

/// A million rows, by what is in them.
struct Rows {
    payloads: Vec<String>,
    bytes: usize,
    log: Log,
}

fn main() -> ExitCode {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let is_part = |name: &&String| PARTS.iter().any(|(part, _)| part == name);
    if let Some(unknown) = names.iter().find(|name| !is_part(name)) {
        let known = PARTS.map(|(part, _)| part).join(", ");
        eprintln!("error: there is no part `{unknown}`; there are {known}");
        return ExitCode::FAILURE;
    }
    let payloads: Vec<String> = (0..ROWS).map(payload).collect();
    let bytes = payloads.iter().map(String::len).sum();
    let rows = Rows { log: filled(&payloads), payloads, bytes };
    println!("{ROWS} rows of text, {:.0} bytes each", bytes as f64 / ROWS as f64);
    for (name, part) in PARTS {
        if names.is_empty() || names.iter().any(|wanted| wanted == name) {
            println!();
            if let Err(error) = part(&rows) {
                eprintln!("error: {name}: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

/// What servers send: a short object with a few changing values.
fn payload(number: u64) -> String {
    let price = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 44;
    format!(
        r#"{{"channel":"ticker","symbol":"ABC{}","price":{price}.25,"side":"buy","sequence":{number}}}"#,
        number % 500
    )
}

fn filled(payloads: &[String]) -> Log {
    let mut log = Log::new(Duration::ZERO, KEEP);
    for (number, text) in payloads.iter().enumerate() {
        let time = Duration::from_micros(number as u64);
        log.append(time, Entry::Received(Payload::text(text.clone())));
    }
    log
}

fn memory(rows: &Rows) -> Result {
    let Rows { payloads, bytes: payload_bytes, .. } = rows;
    let before = counting::in_use();
    let log = filled(payloads);
    let on_top = (counting::in_use() - before - payload_bytes) as f64 / ROWS as f64;
    let own = (log.memory() as usize - payload_bytes) as f64 / ROWS as f64;
    drop(log);
    let append = median(|| drop(black_box(filled(payloads))));
    println!("| memory and appending | |\n| --- | ---: |");
    println!("| bytes on top of a row's payload, allocated | {on_top:.1} |");
    println!("| the same, as the log counts itself | {own:.1} |");
    println!("| rows appended in a second, millions | {:.1} |", ROWS as f64 / append / 1e6);
    Ok(())
}

fn reading(Rows { log, .. }: &Rows) -> Result {
    println!("| reading | a row |\n| --- | ---: |");
    let show = |what: &str, seconds: f64| {
        println!("| {what} | {:.0} ns |", seconds / ROWS as f64 * 1e9);
    };
    let at_random = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15) % ROWS;
    show(
        "one after the other",
        median(|| {
            black_box(log.iter(0..ROWS).map(|row| row.size()).sum::<usize>());
        }),
    );
    show(
        "by number, at random",
        median(|| {
            black_box((0..ROWS).filter_map(|number| log.get(at_random(number))).count());
        }),
    );
    show(
        "preview of 200 characters",
        median(|| {
            for row in log.iter(0..ROWS) {
                black_box(preview(row.content, PREVIEW_CHARS));
            }
        }),
    );
    Ok(())
}

fn search(Rows { log, bytes, .. }: &Rows) -> Result {
    println!("| search | GB/s | found |\n| --- | ---: | ---: |");
    for (about, text, is_regex, match_case) in [
        ("text, in no row", "needle", false, true),
        ("text, in 1 of 500 rows", "\"ABC123\"", false, true),
        ("text, in every row", "\"side\"", false, true),
        ("any case, in no row", "Needle", false, false),
        ("any case, in 1 of 500 rows", "abc123\"", false, false),
        ("any case, in every row", "Side", false, false),
        ("any case beyond ASCII, in no row", "nädel", false, false),
        ("regular expression, in no row", "ne+dle", true, true),
        ("regular expression, in 1 of 500 rows", r#""ABC1\d3",.*buy"#, true, true),
        ("the same, any case", r#""abc1\d3",.*Buy"#, true, false),
        ("regular expression without a word in it", r"\d{19}", true, true),
        ("nothing but a filter", "", false, true),
    ] {
        let query = Query { text: text.to_owned(), is_regex, match_case };
        let matcher = Matcher::new(&query)?;
        let mut found = 0;
        let seconds = median(|| {
            let mut scan = Scan::new(Filter::default(), matcher.clone());
            scan.advance_while(log, || true);
            found = scan.hits().len();
        });
        println!("| {about} | {:.2} | {found} |", *bytes as f64 / seconds / 1e9);
    }
    Ok(())
}

fn files(Rows { log, .. }: &Rows) -> Result {
    println!("| file | MB | written, MB/s | read, MB/s |\n| --- | ---: | ---: | ---: |");
    for (name, format) in
        [("JSON Lines", Format::JsonLines), ("HAR", Format::Har), ("text", Format::PlainText)]
    {
        let mut file = Vec::new();
        let written = median(|| {
            file.clear();
            Export::new(format, log.snapshot(), None).for_each(|piece| file.extend(piece));
        });
        let megabytes = file.len() as f64 / 1e6;
        let mut rows = 0;
        let read = match format {
            Format::JsonLines => Some(median(|| {
                let mut reader = Reader::new(KEEP);
                let read = file.chunks(1 << 20).try_for_each(|piece| reader.read(piece));
                rows = read.and_then(|()| reader.finish()).map_or(0, |log| log.len());
            })),
            Format::Har => Some(median(|| {
                rows = har::read(&file, KEEP).map_or(0, |opened| opened.log.len());
            })),
            Format::PlainText => None,
        };
        if read.is_some() && rows < ROWS {
            return Err("not all rows came back".into());
        }
        let read = read.map_or("".to_owned(), |read| format!("{:.0}", megabytes / read));
        println!("| {name} | {megabytes:.0} | {:.0} | {read} |", megabytes / written);
    }
    Ok(())
}

fn json(_: &Rows) -> Result {
    println!(
        "| JSON of 16 MiB | time | lines | index, of the text |\n| --- | ---: | ---: | ---: |"
    );
    const BYTES: usize = 16 << 20;
    let array = |element: String| {
        let count = BYTES / (element.len() + 1);
        format!("[{}]", vec![element; count].join(","))
    };
    let half = BYTES / 2;
    for (about, text) in [
        ("short objects", array(payload(123_456))),
        ("numbers of one digit", array("1".to_owned())),
        ("one string", array("\"".to_owned() + &"x".repeat(BYTES - 4) + "\"")),
        ("brackets", "[".repeat(half) + &"]".repeat(half)),
    ] {
        let text = message_log::ByteString::from(text);
        let mut view = None;
        let seconds = median(|| view = JsonView::new(text.clone()).ok());
        let view = view.ok_or("no JSON")?;
        println!(
            "| {about} | {:.0} ms | {} | {:.2} |",
            seconds * 1e3,
            view.line_count(),
            view.index_bytes() as f64 / text.len() as f64
        );
    }
    Ok(())
}

/// Seconds, in the middle of the rounds.
fn median(mut work: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[ROUNDS / 2]
}
