//! The checks of the fuzz targets, for a short while: every seed, and random bytes.
//!
//! `cargo xtask fuzz` goes on where this ends, with libFuzzer, which learns from what it covers.
#![cfg(not(target_arch = "wasm32"))]

#[allow(unreachable_pub, reason = "there it is a library")]
#[allow(clippy::panic, reason = "it is how a check fails")]
#[path = "../fuzz/src/lib.rs"]
mod checks;

use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, any};
use proptest::test_runner::TestRunner;

type Check = fn(&[u8]);

/// Everything that was found interesting once, and then bytes by chance.
fn run(target: &str, check: Check) {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let files: Vec<_> = fs::read_dir(seeds).into_iter().flatten().flatten().collect();
    assert!(!files.is_empty(), "{target} has no seeds");
    for file in files {
        match fs::read(file.path()) {
            Ok(seed) => check(&seed),
            Err(why) => unreachable!("{}: {why}", file.path().display()),
        }
    }
    // Not kept: what is found becomes a seed by hand.
    let config = ProptestConfig { cases: 2_000, failure_persistence: None, ..<_>::default() };
    let outcome = TestRunner::new(config).run(&vec(any::<u8>(), 0..300), |bytes| {
        check(&bytes);
        Ok(())
    });
    assert!(outcome.is_ok(), "{outcome:?}");
}

#[test]
fn arguments() {
    run("arguments", checks::arguments::check);
}

#[test]
fn incoming() {
    run("incoming", checks::incoming::check);
}

/// As `incoming`, with frames that break few rules, so that more than one of them counts.
#[test]
fn frames() {
    const FIRST: [u8; 12] =
        [0x81, 0x82, 0x01, 0x02, 0x00, 0x80, 0x00, 0x80, 0x89, 0x8a, 0x88, 0xc1];
    // Of characters with one, two and three bytes, whole and cut.
    const BYTES: &[u8] = "aäß風".as_bytes();
    let frame = (0..FIRST.len(), 0..8_usize, 0..BYTES.len());
    let config = ProptestConfig { cases: 20_000, failure_persistence: None, ..<_>::default() };
    let script = (any::<u8>(), vec(frame, 0..12));
    let outcome = TestRunner::new(config).run(&script, |(how, frames)| {
        let is_masked = how & 1 == 1;
        let mut sent = vec![how];
        for (first, len, at) in frames {
            let payload: Vec<u8> = BYTES.iter().cycle().skip(at).take(len).copied().collect();
            let length = u8::try_from(len).unwrap_or_default();
            sent.extend([FIRST[first], if is_masked { 0x80 | length } else { length }]);
            // A mask that changes nothing.
            sent.extend(if is_masked { &[0; 4][..] } else { &[] });
            sent.extend(payload);
        }
        checks::incoming::check(&sent);
        Ok(())
    });
    assert!(outcome.is_ok(), "{outcome:?}");
}

#[test]
fn lifecycle() {
    run("lifecycle", checks::lifecycle::check);
}

/// Every order of up to six of those that change a connection's state: it opens, is closed at either end,
/// is cut, fails, or loses its transport.
#[test]
fn every_order_of_endings() {
    const STEPS: [u8; 6] = [0, 2, 3, 4, 5, 10];
    for order in 0..STEPS.len().pow(6) {
        let digits = (0..6).map(|place| order / STEPS.len().pow(place) % STEPS.len());
        let script: Vec<u8> = digits.flat_map(|digit| [STEPS[digit], 0]).collect();
        checks::lifecycle::check(&script);
    }
}

#[test]
fn reconnect() {
    run("reconnect", checks::reconnect::check);
}
