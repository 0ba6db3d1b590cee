//! What a recording says of runs of which every step is known.

use super::rows::{CHUNK, LOOKS};
use super::*;

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn newest(recording: &Recording) -> Rebuild {
    recording.rebuilds().next_back().expect("there was a rebuild")
}

fn numbers(recording: &Recording) -> Vec<u64> {
    recording.events().map(|event| event.number).collect()
}

/// So many messages come one after the other, one each millisecond, and each frame takes in what is there.
fn steady_run(messages: u64, per_frame: u64) -> Recording {
    let mut run = Recording::new(ms(0));
    run.connected(ms(0));
    for message in 0..messages {
        let at = ms(message + 1);
        run.arrived(at);
        run.queued(at);
        run.woken(at);
        if (message + 1) % per_frame == 0 {
            run.frame(at);
            for taken in message + 1 - per_frame..=message {
                run.taken(at, Taken::text(&format!("message {}", taken + 1)));
            }
            run.updated(at, false, None);
            run.state(at, StreamState::Active, Some(true));
            run.drawn(at);
        }
    }
    run
}

#[test]
fn event_has_times_of_its_message() {
    // Five messages came before, of which four were taken in.
    let mut run = Recording::continuing(ms(0), 5, 4, None);
    run.frame(ms(0));
    run.message_arrived(5, ms(36));
    run.message_arrived(6, ms(37));
    run.messages_queued(7, ms(38));
    run.woken(ms(39));
    run.frame(ms(40));
    for text in ["a", "b", "c"] {
        run.taken(ms(41), Taken::text(text));
    }
    run.updated(ms(43), false, Some(ms(2)));
    run.drawn(ms(45));
    // Frames after it draw the same, and are none of its doing.
    run.frame(ms(60));
    run.updated(ms(60), false, Some(ms(4)));
    run.drawn(ms(61));

    let rebuild = newest(&run);
    let expected = Rebuild {
        number: 1,
        first_event: 1,
        events: 3,
        woken: Some(ms(39)),
        frame: ms(40),
        snapshot: ms(43),
        drawn: Some(ms(45)),
        is_cut: false,
        budget_left: Some(ms(2)),
        idle_frames: 1,
    };
    assert_eq!(rebuild, expected);
    let arrived: Vec<_> = run.events().map(|event| event.arrived).collect();
    assert_eq!(arrived, [None, Some(ms(36)), Some(ms(37))], "nobody saw the first one come");
    assert_eq!(run.event(3).and_then(|event| event.queued), Some(ms(38)));
    let now = run.now();
    let totals = Totals { events: 3, wakes: 1, rebuilds: 1, frames: 3, most_per_frame: 3 };
    assert_eq!(now.totals, totals);
    assert_eq!(totals.coalesced(), 2);
    assert_eq!((now.budget_left, now.newest), (Some(ms(2)), Some((Stage::Screen, 3))));
    assert_eq!((now.arrived, now.waiting), (7, 0));
}

#[test]
fn hidden_window_makes_one_rebuild() {
    let mut run = Recording::new(ms(0));
    for number in 1..=6 {
        run.frame(ms(number));
        run.taken(ms(number), Taken::text("raisin"));
        run.updated(ms(number), false, None);
    }
    assert_eq!(run.now().shown, None);
    run.drawn(ms(36));
    let rebuild = newest(&run);
    assert_eq!((rebuild.events, rebuild.drawn), (6, Some(ms(36))));
    let totals = run.now().totals;
    assert_eq!((totals.rebuilds, totals.coalesced(), totals.most_per_frame), (1, 5, 1));
}

#[test]
fn error_and_end_came_when_connection_ended() {
    let mut run = Recording::new(ms(0));
    run.ended(ms(36));
    run.taken(ms(37), Taken::error("no network"));
    run.taken(ms(37), Taken::done());
    run.updated(ms(38), false, None);
    run.drawn(ms(39));
    assert!(run.events().all(|event| event.arrived == Some(ms(36))));
    let now = run.now();
    assert_eq!(now.shown.map(|shown| shown.event), Some(Some(1)), "an end shows nothing");
    assert_eq!(now.newest, Some((Stage::Snapshot, 2)));
    assert_eq!(now.arrived, 0, "neither is a message");
}

#[test]
fn only_change_of_state_is_one() {
    let mut run = Recording::new(ms(0));
    for at in 0..3 {
        run.state(ms(at), StreamState::Waiting, None);
    }
    run.state(ms(36), StreamState::Active, Some(true));
    run.state(ms(78), StreamState::Active, Some(false));
    let since: Vec<_> = run.states().map(|state| state.since).collect();
    assert_eq!(since, [ms(0), ms(36), ms(78)]);
}

#[test]
fn connection_counts_its_own_messages() {
    let mut run = steady_run(4, 2);
    run.arrived(ms(5));
    run.queued(ms(5));
    assert_eq!((run.now().arrived, run.now().waiting), (5, 1));
    run.connected(ms(6));
    assert_eq!((run.now().arrived, run.now().waiting), (0, 0));
    run.arrived(ms(7));
    assert_eq!((run.now().arrived, run.now().waiting), (1, 0), "it is not in the mailbox yet");
    let before = run.at(run.cursor(ms(4)));
    assert_eq!((before.arrived, before.waiting, before.totals.events), (4, 0, 4));
}

#[test]
fn what_was_seen_before_is_shown_at_first() {
    let mut run = Recording::continuing(ms(36), 1, 1, Some(Taken::text("raisin")));
    let shown = |run: &Recording| run.now().shown.map(|shown| (shown.event, shown.bytes));
    assert_eq!(shown(&run), Some((None, 6)));
    run.frame(ms(37));
    run.taken(ms(37), Taken::binary(&[36, 78]));
    run.updated(ms(37), false, None);
    assert_eq!(shown(&run), Some((None, 6)), "it is not drawn yet");
    run.drawn(ms(38));
    assert_eq!(shown(&run), Some((Some(1), 2)));
    assert_eq!(run.now().shown.map(|shown| shown.content), Some(Content::Bytes(&[36, 78])));
    assert_eq!(shown(&run), Some((Some(1), 2)));
}

#[test]
fn previews_end_between_characters() {
    let long = "\u{4eba}".repeat(36);
    let mut run = Recording::new(ms(0));
    run.taken(ms(1), Taken::text(&long));
    run.taken(ms(1), Taken::error(&long));
    let contents: Vec<_> = run.events().map(|event| (event.content, event.is_whole())).collect();
    let short = "\u{4eba}".repeat(21);
    assert_eq!(contents, [(Content::Text(&short), false), (Content::Text(&long), true)]);
}

#[test]
fn every_moment_is_what_was_seen_then() {
    // After each step the end of the recording so far is what the whole one gives for that time.
    let whole = steady_run(36, 3);
    for at in 0..=36 {
        let messages = at - at % 3;
        let mut then = steady_run(messages, 3);
        for late in messages + 1..=at {
            then.arrived(ms(late));
            then.queued(ms(late));
            then.woken(ms(late));
        }
        let seen = whole.at(whole.cursor(ms(at)));
        assert_eq!(Moment { at: None, ..seen }, then.now(), "{at} ms");
    }
}

#[test]
fn steps_go_through_every_event_and_frame() {
    let run = steady_run(9, 3);
    let start = run.cursor(run.began());
    let walk = |mut at: Cursor, step: &dyn Fn(Cursor) -> Option<Cursor>| {
        let mut seen = Vec::new();
        while let Some(next) = step(at) {
            seen.push((next.at.as_millis(), next.events));
            at = next;
        }
        (seen, at)
    };
    let (events, end) = walk(start, &|at| run.next_event(at));
    let there: Vec<_> =
        (1..=9u64).map(|event| (u128::from(event.div_ceil(3) * 3), event)).collect();
    assert_eq!(events, there, "three were taken in at the same time");
    let (back, first) = walk(end, &|at| run.previous_event(at));
    assert_eq!(back.len(), 9);
    assert_eq!(first, start);
    let (frames, end) = walk(start, &|at| run.next_frame(at));
    assert_eq!(frames, [(3, 3), (6, 6), (9, 9)]);
    assert_eq!(walk(end, &|at| run.previous_frame(at)).0, [(6, 6), (3, 3)]);
    // Of a frame that took in three, the first one is seen before the others.
    let part = run.at(Cursor { at: ms(6), events: 4 });
    let totals = part.totals;
    assert_eq!((totals.events, totals.rebuilds, totals.most_per_frame), (4, 2, 3));
    assert_eq!(part.waiting, 2);
}

#[test]
fn long_recording_forgets_its_start() {
    let extra = 3 * CHUNK as u64;
    let run = steady_run(MAX_EVENTS + extra, 1);
    let dropped = run.dropped();
    assert!(dropped.events > 0 && dropped.rebuilds > 0 && dropped.frames > 0, "{dropped:?}");
    assert!(numbers(&run).len() as u64 <= MAX_EVENTS + CHUNK as u64);
    assert_eq!(run.now().totals.events, MAX_EVENTS + extra);
    assert_eq!(run.now().totals.rebuilds, MAX_EVENTS + extra);
    assert_eq!(run.event(dropped.events), None);
    let first = run.event(dropped.events + 1).expect("it is there");
    assert_eq!(first.content, Content::Text(&format!("message {}", first.number)));
    assert_eq!(run.rebuild_of(first.number).map(|rebuild| rebuild.number), Some(first.number));
}

#[test]
fn messages_that_wait_are_bounded() {
    let mut run = Recording::new(ms(0));
    for _ in 0..MAX_WAITING + 5 {
        run.arrived(ms(1));
    }
    run.queued(ms(2));
    assert_eq!(run.untaken().count(), MAX_WAITING);
    for _ in 0..MAX_WAITING + 5 {
        run.taken(ms(3), Taken::text("raisin"));
    }
    assert_eq!(run.events().filter(|event| event.arrived.is_none()).count(), 5);
    assert_eq!((run.now().arrived, run.now().waiting), (MAX_WAITING as u64 + 5, 0));
}

#[test]
fn moment_costs_the_same_in_long_recordings() {
    let looks = |run: &Recording| {
        let end = run.now().totals.events;
        (1..100)
            .map(|part| {
                LOOKS.with(|looks| looks.set(0));
                let cursor = run.cursor(ms(end * part / 100));
                let moment = run.at(cursor);
                assert!(moment.totals.events > 0);
                let _ = run.next_event(cursor);
                let _ = run.previous_event(cursor);
                let _ = run.next_frame(cursor);
                let _ = run.previous_frame(cursor);
                LOOKS.with(std::cell::Cell::get)
            })
            .max()
            .unwrap_or_default()
    };
    let (short, long) = (looks(&steady_run(1_000, 10)), looks(&steady_run(1_000_000, 10)));
    // Sorted rows that are a thousand times as long are halved ten times more.
    assert!(long <= short + 20 * 12, "{short} rows were looked at, and then {long}");
    assert!(long < 500, "{long} rows were looked at");
}
