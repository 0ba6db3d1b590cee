//! Recordings of random runs come back from their files as they were, and bad files say what is bad.

use std::time::Duration;

use super::super::rows::CHUNK;
use super::super::{FileWriter, Problem, Recording, StreamState, Taken};
use super::*;

/// Numbers that look random and are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// So many steps of a run in which anything may happen in any order.
fn random_run(seed: u64, steps: u64, most: usize) -> Recording {
    let mut random = Random(seed);
    let mut run = if seed.is_multiple_of(2) {
        let shown = random.below(2) == 0;
        Recording::continuing(ms(5), 36, 30, shown.then(|| Taken::binary(&[0, 255])))
    } else {
        Recording::bounded(ms(5), most)
    };
    let mut at = ms(5);
    for step in 0..steps {
        at += Duration::from_nanos(random.below(3_000_000));
        match random.below(14) {
            0 | 1 => run.arrived(at),
            2 => run.queued(at),
            3 => run.woken(at),
            4 | 5 => run.frame(at),
            6 => run.taken(at, Taken::text(&format!("\"{step}\"\n\u{1}\u{4eba}"))),
            7 => run.taken(at, Taken::binary(&step.to_le_bytes())),
            8 => match random.below(12) {
                0 => run.taken(at, Taken::error("no network")),
                1 => run.taken(at, Taken::done()),
                2 => run.ended(at),
                3 => run.connected(at),
                _ => {}
            },
            9 => run.updated(at, random.below(9) == 0, Some(ms(random.below(4)))),
            10 => {
                let states = [StreamState::None, StreamState::Waiting, StreamState::Active];
                let has_data = [None, Some(true), Some(false)];
                let [state, value] = [0; 2].map(|_| usize::try_from(random.below(3)).unwrap_or(0));
                run.state(at, states[state], has_data[value]);
            }
            11 => {
                let is_back = random.below(2) == 0;
                run.problem(
                    at,
                    (random.below(2) == 0).then_some(Problem { text: "gone", is_back }),
                );
            }
            _ => run.drawn(at),
        }
    }
    run
}

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn written(recording: &Recording) -> Vec<u8> {
    FileWriter::new(recording).flatten().collect()
}

#[test]
fn recordings_come_back_as_they_were() {
    for seed in 0..200 {
        let run = random_run(seed, 20 * seed, 1 << 20);
        let bytes = written(&run);
        let back = read(&bytes).unwrap_or_else(|error| unreachable!("{seed}: {error:?}"));
        assert!(back == run, "{seed}");
        assert_eq!(back.now(), run.now(), "{seed}");
        assert_eq!(back.last(), run.last(), "{seed}");
        for part in 0..20 {
            let cursor = run.cursor(run.began() + (run.last() - run.began()) * part / 20);
            assert_eq!(back.at(cursor), run.at(cursor), "{seed}, {part}");
        }
        assert_eq!(written(&back), bytes, "{seed}");
    }
}

#[test]
fn recording_that_forgot_its_start_comes_back() {
    let run = random_run(1, 400_000, CHUNK);
    let dropped = run.dropped();
    assert!(dropped.events > 0 && dropped.frames > 0 && dropped.rebuilds > 0, "{dropped:?}");
    let back = read(&written(&run)).expect("it is a recording");
    assert!(back == run);
    assert_eq!((back.dropped(), back.now()), (dropped, run.now()));
}

#[test]
fn progress_ends_with_the_file() {
    let run = random_run(3, 20_000, 1 << 20);
    let mut writer = FileWriter::new(&run);
    let (_, all) = writer.progress();
    assert!(all > 1_000);
    assert!(writer.by_ref().all(|piece| piece.len() < 512 << 10));
    assert_eq!(writer.progress(), (all, all));
}

#[test]
fn broken_files_say_where() {
    let run = random_run(1, 300, 1 << 20);
    let whole = String::from_utf8(written(&run)).expect("it is text");
    let error = |text: &str| read(text.as_bytes()).expect_err("it is broken");

    let cut = &whole[..whole.len() / 2];
    assert!(matches!(error(cut), FileError::Json { is_cut: true, .. }), "{:?}", error(cut));
    let typo = whole.replacen("\"frames\": [", "\"frames\": [\n\"x\",", 1);
    let line = typo.lines().position(|line| line == "\"x\",").map(|line| line + 1);
    let FileError::Json { line: said, .. } = error(&typo) else { unreachable!() };
    assert_eq!(Some(said), line);
    assert_eq!(error("{}"), FileError::OtherFormat);
    assert_eq!(error("{\"log\": {\"entries\": []}}"), FileError::OtherFormat);
    let later = whole.replacen("\"version\": 1", "\"version\": 2", 1);
    assert_eq!(error(&later), FileError::OtherVersion(2));

    let number = whole.replacen("\"wakes\": [", "\"wakes\": [\n[6000000,9],[6000000,8],", 1);
    assert_eq!(error(&number), FileError::Wrong { list: "wakes", row: 2, what: Wrong::Number });
    let time = whole.replacen("\"frames\": [", "\"frames\": [\n[1,9007199254740992,null],", 1);
    assert_eq!(error(&time), FileError::Wrong { list: "frames", row: 1, what: Wrong::Time });
}

#[test]
fn no_file_makes_it_panic() {
    let run = random_run(2, 400, 1 << 20);
    let whole = written(&run);
    let mut random = Random(36);
    let mut read_all_the_same = 0;
    for _ in 0..3_000 {
        let mut bytes = whole.clone();
        for _ in 0..=random.below(3) {
            let at = usize::try_from(random.below(bytes.len() as u64)).unwrap_or(0);
            match random.below(3) {
                0 => bytes[at] = b"0123456789,[]{}\"nul-e."[at % 22],
                1 => {
                    bytes.remove(at);
                }
                _ => {
                    let end = (at + 36).min(bytes.len());
                    bytes.drain(at..end);
                }
            }
        }
        if let Ok(run) = read(&bytes) {
            read_all_the_same += 1;
            let _ = run.now();
            let mut cursor = run.cursor(run.began());
            for _ in 0..50 {
                let _ = run.at(cursor);
                let _ = (run.previous_event(cursor), run.previous_frame(cursor));
                let next = run.next_event(cursor).or_else(|| run.next_frame(cursor));
                let Some(next) = next else { break };
                cursor = next;
            }
        }
    }
    assert!(read_all_the_same > 100, "{read_all_the_same}: too few of them go on to be looked at");
}
