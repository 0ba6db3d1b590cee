//! Rows come in, are kept within a bound, are read and marked; snapshots stay as they are.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::time::Duration;

use message_log::{
    Content, Delivery, Direction, Drawing, Entry, Event, Kind, Log, Payload, Retention,
};
use proptest::prelude::{Just, Strategy, prop_oneof, proptest};

fn log(bytes: u64, rows: u64) -> Log {
    Log::new(Duration::from_secs(1_000), Retention { bytes, rows })
}

fn received(text: &str) -> Entry {
    Entry::Received(Payload::text(text))
}

fn text_of(log: &Log, number: u64) -> String {
    match log.get(number).unwrap().content {
        Content::Text(text) => text.to_owned(),
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn rows_read_as_put_in() {
    let mut log = log(1 << 20, 100);
    let close = Event::Closed {
        code: Some(1000),
        name: "normal closure".into(),
        reason: "bye".into(),
        initiator: None,
        was_clean: true,
    };
    let at = Duration::from_nanos(1_234_567_890_123_456_789);
    log.append(Duration::ZERO, received("héllo"));
    log.append(at, Entry::Sent(Payload::binary(vec![0, 255]), Delivery::Waiting));
    log.append(at, Entry::Event(close.clone()));

    let row = log.get(0).unwrap();
    assert_eq!((row.number, row.direction, row.size()), (0, Direction::Received, 6));
    assert_eq!((row.delivery, row.drawing), (None, Drawing::Undecided));
    let row = log.get(1).unwrap();
    assert_eq!((row.time, row.direction, row.size()), (at, Direction::Sent, 2));
    assert_eq!((row.content, row.delivery), (Content::Binary(&[0, 255]), Some(Delivery::Waiting)));
    let row = log.get(2).unwrap();
    assert_eq!(
        (row.content, row.content.kind(), row.size()),
        (Content::Event(&close), Kind::Event, 0)
    );
    assert_eq!(log.get(3), None);
    assert_eq!(log.payload(2), None);
}

#[test]
fn empty_payloads_are_rows_too() {
    let mut log = log(1 << 20, 100);
    log.append(Duration::ZERO, received(""));
    log.append(Duration::ZERO, Entry::Received(Payload::binary(vec![])));
    assert_eq!(log.get(0).unwrap().content, Content::Text(""));
    assert_eq!(log.get(1).unwrap().content, Content::Binary(&[]));
}

#[test]
fn count_drops_the_oldest_rows() {
    let mut log = log(1 << 20, 10);
    for number in 0..25 {
        log.append(Duration::ZERO, received(&number.to_string()));
    }
    assert_eq!((log.range(), log.len(), log.dropped()), (15..25, 10, 15));
    assert_eq!(log.get(14), None);
    assert_eq!(text_of(&log, 15), "15");
    assert_eq!(
        log.iter(0..u64::MAX).map(|row| row.number).collect::<Vec<_>>(),
        (15..25).collect::<Vec<_>>()
    );
}

#[test]
fn memory_drops_the_oldest_rows() {
    let bytes = 1 << 20;
    let mut log = log(bytes, u64::MAX);
    for number in 0..100_000 {
        log.append(Duration::ZERO, received(&format!("message number {number}")));
        assert!(log.memory() <= bytes);
    }
    assert_eq!(log.range().end, 100_000);
    assert_eq!(log.dropped(), log.range().start);
    // 32 of 32 parts but for the one that is being filled.
    assert!(log.memory() > bytes * 9 / 10, "{}", log.memory());
    for number in log.range() {
        assert_eq!(text_of(&log, number), format!("message number {number}"));
    }
}

#[test]
fn newest_row_stays_however_long() {
    let mut log = log(100_000, 100);
    log.append(Duration::ZERO, received("short"));
    log.append(Duration::ZERO, received(&"x".repeat(1_000_000)));
    assert_eq!(log.range(), 1..2);
    assert_eq!(log.get(1).unwrap().size(), 1_000_000);
    log.append(Duration::ZERO, received("next"));
    assert_eq!(log.range(), 2..3);
    assert!(log.memory() < 100_000);
}

#[test]
fn no_retention_still_keeps_one() {
    let mut log = log(0, 0);
    for _ in 0..1_000 {
        log.append(Duration::ZERO, received("x"));
        assert_eq!(log.len(), 1);
    }
}

#[test]
fn less_retention_drops_at_once() {
    let mut log = log(1 << 20, 100);
    for _ in 0..50 {
        log.append(Duration::ZERO, received("x"));
    }
    log.set_retention(Retention { bytes: 1 << 20, rows: 5 });
    assert_eq!((log.range(), log.dropped()), (45..50, 45));
}

#[test]
fn clear_keeps_numbers_going() {
    let mut log = log(1 << 20, 3);
    for _ in 0..5 {
        log.append(Duration::ZERO, received("x"));
    }
    let before = log.generation();
    log.clear();
    assert_ne!(log.generation(), before);
    assert_eq!((log.range(), log.dropped(), log.is_empty(), log.memory()), (5..5, 0, true, 0));
    assert_eq!(log.append(Duration::ZERO, received("y")), 5);
    assert_eq!(text_of(&log, 5), "y");
}

#[test]
fn marks_are_set_by_number() {
    let mut log = log(1 << 20, 4);
    for _ in 0..3 {
        log.append(Duration::ZERO, Entry::Sent(Payload::text("x"), Delivery::Waiting));
        log.append(Duration::ZERO, received("y"));
    }
    log.set_drawing(0..4, Drawing::Coalesced);
    log.set_drawing(4..9, Drawing::Drawn);
    log.set_delivery(0..5, Delivery::Sent);
    let marks: Vec<_> = log.iter(0..9).map(|row| (row.drawing, row.delivery)).collect();
    assert_eq!(
        marks,
        [
            (Drawing::Coalesced, Some(Delivery::Sent)),
            (Drawing::Coalesced, None),
            (Drawing::Drawn, Some(Delivery::Sent)),
            (Drawing::Drawn, None),
        ]
    );
    for delivery in [Delivery::InDoubt, Delivery::TakenBack, Delivery::Waiting] {
        log.set_delivery(4..5, delivery);
        assert_eq!(log.get(4).unwrap().delivery, Some(delivery));
        assert_eq!(log.get(4).unwrap().drawing, Drawing::Drawn);
    }
}

#[test]
fn generation_tells_of_each_change() {
    let mut log = log(1 << 20, 100);
    let mut last = log.generation();
    let mut is_another =
        |log: &Log| std::mem::replace(&mut last, log.generation()) != log.generation();
    log.append(Duration::ZERO, received("x"));
    assert!(is_another(&log));
    log.set_drawing(0..1, Drawing::Drawn);
    assert!(is_another(&log));
    log.set_drawing(0..1, Drawing::Drawn);
    assert!(!is_another(&log));
    // It is no message of ours.
    log.set_delivery(0..1, Delivery::Sent);
    assert!(!is_another(&log));
    log.set_drawing(5..9, Drawing::Drawn);
    assert!(!is_another(&log));
}

/// Rows come one by one, and so memory for twice as many is reserved.
#[test]
fn keeping_less_gives_back_what_was_reserved() {
    let mut log = log(300_000, 100);
    log.append(Duration::ZERO, received(&"x".repeat(7_300)));
    log.append(Duration::ZERO, received("x"));
    assert!(log.memory() > 14_000, "{}", log.memory());
    log.set_retention(Retention { bytes: 0, rows: 0 });
    assert!(log.memory() < 8_000, "{}", log.memory());
    log.append(Duration::ZERO, received("y"));
    assert!(log.memory() < 1_000, "{}", log.memory());
    assert_eq!(log.range(), 2..3);
}

#[test]
fn snapshot_stays_while_log_goes_on() {
    let mut log = log(1 << 20, 50);
    for number in 0..50 {
        log.append(Duration::ZERO, received(&number.to_string()));
    }
    let snapshot = log.snapshot();
    let reader = std::thread::spawn(move || {
        let texts = snapshot.iter(0..u64::MAX).filter(|row| row.size() > 0).count();
        (texts, snapshot.range())
    });
    for _ in 0..100_000 {
        log.append(Duration::ZERO, received("later"));
    }
    assert_eq!(reader.join().unwrap(), (50, 0..50));
    assert_eq!(log.range(), 100_000..100_050);
}

/// As a search does that takes one each frame.
#[test]
fn many_snapshots_leave_few_segments() {
    let mut log = log(64 << 20, u64::MAX);
    let mut last = log.snapshot();
    for number in 0..20_000 {
        log.append(Duration::ZERO, received(&"x".repeat(100)));
        if number % 2 == 0 {
            last = log.snapshot();
        }
    }
    assert_eq!(last.len(), 19_999);
    let on_top = log.memory() / 20_000 - 100;
    assert!(on_top <= 48, "{on_top}");
    assert!(log.iter(0..20_000).all(|row| row.size() == 100));
}

/// What may happen to a log.
#[derive(Clone, Debug)]
enum Step {
    Append(usize),
    Draw(u64, u64),
    Clear,
    Keep(u64, u64),
    Snapshot,
    Forget,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        20 => (0_usize..200).prop_map(Step::Append),
        2 => (4_000_usize..40_000).prop_map(Step::Append),
        2 => (0_u64..300, 0_u64..20).prop_map(|(start, count)| Step::Draw(start, count)),
        1 => Just(Step::Clear),
        1 => (0_u64..300_000, 0_u64..200).prop_map(|(bytes, rows)| Step::Keep(bytes, rows)),
        3 => Just(Step::Snapshot),
        2 => Just(Step::Forget),
    ]
}

proptest! {
    /// Against a list that keeps everything.
    #[test]
    fn any_steps_keep_numbers_and_rows(steps in proptest::collection::vec(any_step(), 1..300)) {
        let mut log = log(200_000, 100);
        let mut sizes: Vec<usize> = Vec::new();
        let mut drawn: Vec<bool> = Vec::new();
        let mut snapshots = Vec::new();
        let mut dropped_before = 0;
        for step in steps {
            match step {
                Step::Append(size) => {
                    let number = log.append(Duration::ZERO, received(&"x".repeat(size)));
                    assert_eq!(number, sizes.len() as u64);
                    sizes.push(size);
                    drawn.push(false);
                }
                Step::Draw(start, count) => {
                    log.set_drawing(start..start + count, Drawing::Drawn);
                    for number in start..start + count {
                        if log.range().contains(&number) {
                            drawn[usize::try_from(number).unwrap()] = true;
                        }
                    }
                }
                Step::Clear => {
                    log.clear();
                    dropped_before = sizes.len() as u64;
                }
                Step::Keep(bytes, rows) => log.set_retention(Retention { bytes, rows }),
                Step::Snapshot => snapshots.push((log.snapshot(), log.range())),
                Step::Forget => snapshots.clear(),
            }
            let Retention { bytes, rows } = log.retention();
            assert_eq!(log.range().end, sizes.len() as u64);
            assert_eq!(log.dropped(), log.range().start - dropped_before);
            assert!(log.len() <= rows.max(1));
            let newest = sizes.last().copied().unwrap_or_default() as u64;
            assert!(log.memory() <= bytes.max(newest + 10_000) + 5_000, "{}", log.memory());
        }
        snapshots.push((log.snapshot(), log.range()));
        for (snapshot, range) in snapshots {
            assert_eq!(snapshot.range(), range);
            assert_eq!(snapshot.iter(0..u64::MAX).count() as u64, snapshot.len());
            for row in snapshot.iter(0..u64::MAX) {
                assert_eq!(row.size(), sizes[usize::try_from(row.number).unwrap()]);
            }
        }
        for row in log.iter(0..u64::MAX) {
            let is_drawn = row.drawing == Drawing::Drawn;
            assert_eq!(is_drawn, drawn[usize::try_from(row.number).unwrap()]);
        }
    }
}

#[test]
fn long_payloads_share_their_memory() {
    let mut log = log(1 << 20, 50);
    let long = message_log::Bytes::from(vec![7; 100_000]);
    log.append(Duration::ZERO, Entry::Received(Payload::Binary(long.clone())));
    let Some(Payload::Binary(kept)) = log.payload(0) else { unreachable!() };
    assert_eq!(kept.as_ptr(), long.as_ptr());
}

#[test]
fn short_payloads_keep_no_buffer() {
    let mut log = log(1 << 20, 50);
    let buffer = message_log::Bytes::from(vec![7; 100_000]);
    log.append(Duration::ZERO, Entry::Received(Payload::Binary(buffer.slice(5..9))));
    assert!(buffer.is_unique());
    assert_eq!(log.get(0).unwrap().content, Content::Binary(&[7; 4]));
}

#[test]
fn small_rows_cost_little_on_top() {
    let mut log = log(1 << 30, u64::MAX);
    let count = 300_000;
    for _ in 0..count {
        log.append(Duration::ZERO, received("0123456789abcdef"));
    }
    let on_top = log.memory() / count - 16;
    assert!(on_top <= 48, "{on_top}");
}
