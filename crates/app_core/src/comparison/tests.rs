//! What is compared of a recording, and what follows from what the person does with it.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use super::subject::FIRST;
use super::*;
use crate::recording::{Recording, Taken};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Messages that arrive at these times, all taken in one by one, and an end.
fn recording(times: &[u64]) -> Recording {
    let mut run = Recording::new(ms(0));
    run.connected(ms(0));
    for time in times {
        run.arrived(ms(*time));
        run.taken(ms(*time + 1), Taken::text("raisin"));
        run.updated(ms(*time + 1), false, None);
    }
    run.taken(ms(99_999), Taken::done());
    run.updated(ms(99_999), false, None);
    run
}

fn events(times: &[u64]) -> Events {
    let run = recording(times);
    Events::of(&run, &run.now())
}

fn times(arrivals: &[Arrival]) -> Vec<u128> {
    arrivals.iter().map(|arrival| (arrival.at - FIRST).as_millis()).collect()
}

fn comparing(times: &[u64], view: View) -> Comparison {
    let mut comparison = Comparison::default();
    let setup = Setup::default();
    assert_eq!(comparison.update(ComparisonMsg::Take(events(times)), setup), None);
    assert!(comparison.update(ComparisonMsg::Show(view), setup).is_some());
    comparison
}

fn tell(comparison: &mut Comparison, msg: ComparisonMsg) -> Option<Task> {
    match comparison.update(msg, Setup::default()) {
        Some(ComparisonEffect::Run(task)) => Some(task),
        other => {
            assert_eq!(other, None);
            None
        }
    }
}

#[test]
fn messages_are_taken_from_the_first_one_on() {
    let taken = events(&[700, 703, 720]);
    assert_eq!(times(taken.arrivals()), [0, 3, 20]);
    assert_eq!((taken.until(), taken.left_out()), (4, 0), "an end is nothing to be drawn");
    assert!(taken.arrivals().iter().all(|arrival| arrival.bytes == 6));
}

#[test]
fn events_after_the_moment_are_not_compared() {
    let run = recording(&[700, 703, 720]);
    let taken = Events::of(&run, &run.at(run.cursor(ms(710))));
    assert_eq!((times(taken.arrivals()), taken.until()), (vec![0, 3], 2));
    let nothing = Events::of(&run, &run.at(run.cursor(ms(0))));
    assert_eq!(nothing, Events::default());
}

#[test]
fn too_many_events_are_cut_and_counted() {
    let many: Vec<u64> = (0..1_500).collect();
    let taken = events(&many);
    assert_eq!((taken.arrivals().len(), taken.left_out()), (MAX_COMPARED, 500));
    assert_eq!(taken.numbers(), (501, 1_500));
    let late = events(&[0, 10, 10_000, 30_011, 40_000]);
    assert_eq!((times(late.arrivals()), late.left_out()), (vec![0, 20_011, 30_000], 2));
}

#[test]
fn marble_passes_its_neighbours_and_is_put_back() {
    let mut comparison = comparing(&[0, 10, 20], View::Marbles);
    tell(&mut comparison, ComparisonMsg::ChooseMarble(0));
    let task = tell(&mut comparison, ComparisonMsg::MoveMarble(FIRST + ms(15))).unwrap();
    assert_eq!(
        (times(&task.arrivals), task.ways.as_slice()),
        (vec![10, 15, 20], &[Way::StreamBuilder][..])
    );
    let subject = comparison.subject().unwrap();
    assert_eq!((subject.marble(), subject.is_moved()), (1, true));
    // Onto another it stays on the side from which it comes.
    for (to, marble) in [(20, 1), (21, 2), (20, 2), (0, 0)] {
        tell(&mut comparison, ComparisonMsg::MoveMarble(FIRST + ms(to)));
        assert_eq!(comparison.subject().unwrap().marble(), marble, "{to}");
    }
    let late = tell(&mut comparison, ComparisonMsg::MoveMarble(Duration::MAX)).unwrap();
    assert_eq!(times(&late.arrivals), [10, 20, 70], "no later than a little after the last one");
    let back = tell(&mut comparison, ComparisonMsg::PutBack).unwrap();
    assert_eq!(times(&back.arrivals), [0, 10, 20]);
    assert!(comparison.subject().unwrap().is_as_recorded());
}

#[test]
fn point_opens_its_run_and_is_put_back() {
    let mut comparison = comparing(&[0, 10, 20], View::OverRange);
    let task = tell(&mut comparison, ComparisonMsg::Vary(Swept::BuildCost)).unwrap();
    assert_eq!(task.swept, Some(Swept::BuildCost));
    let task = tell(&mut comparison, ComparisonMsg::Open(Value::Time(ms(32)))).unwrap();
    assert_eq!((comparison.view(), task.swept), (View::SideBySide, None));
    assert_eq!((task.setup.costs.build, task.arrivals.len()), (ms(32), 3));
    tell(&mut comparison, ComparisonMsg::Vary(Swept::BurstSize));
    let task = tell(&mut comparison, ComparisonMsg::Open(Value::Count(64))).unwrap();
    assert_eq!((task.arrivals.len(), task.setup.costs.build), (64, ms(2)), "one thing differs");
    let back = tell(&mut comparison, ComparisonMsg::PutBack).unwrap();
    assert_eq!((back.arrivals.len(), back.setup.costs.build), (3, ms(2)));
}

#[test]
fn what_comes_is_compared_while_nothing_is_changed() {
    let mut comparison = comparing(&[0, 10], View::Marbles);
    assert!(!comparison.follows(), "what was taken stays");
    tell(&mut comparison, ComparisonMsg::Follow(events(&[0, 10])));
    comparison.grew(ms(1_000));
    assert_eq!(comparison.follows_in(ms(1_000)), Some(QUIET));
    let task = tell(&mut comparison, ComparisonMsg::Follow(events(&[0, 10, 20]))).unwrap();
    assert_eq!(times(&task.arrivals), [0, 10, 20]);
    assert_eq!(comparison.follows_in(ms(9_000)), None);
    comparison.grew(ms(9_000));
    let nothing_new = tell(&mut comparison, ComparisonMsg::Follow(events(&[0, 10, 20])));
    assert_eq!(nothing_new, None, "an end is nothing to be drawn");
    comparison.grew(ms(9_000));
    tell(&mut comparison, ComparisonMsg::Show(View::Happened));
    assert_eq!(comparison.follows_in(ms(9_999)), None, "nobody sees it");
    tell(&mut comparison, ComparisonMsg::Show(View::Marbles));
    assert_eq!(comparison.follows_in(ms(9_999)), Some(ms(0)));
    tell(&mut comparison, ComparisonMsg::MoveMarble(FIRST + ms(5)));
    assert!(!comparison.follows(), "what was moved stays moved");
    assert_eq!(comparison.follows_in(ms(9_999)), None);
    let back = tell(&mut comparison, ComparisonMsg::Follow(events(&[0, 10, 20]))).unwrap();
    assert_eq!(times(&back.arrivals), [0, 10, 20]);
}

#[test]
fn moment_stays_until_time_begins_anew() {
    let mut comparison = comparing(&[0, 10], View::SideBySide);
    tell(&mut comparison, ComparisonMsg::ShowMoment(Some(ms(7))));
    tell(&mut comparison, ComparisonMsg::Follow(events(&[0, 10, 20])));
    assert_eq!(comparison.moment(), Some(ms(7)));
    tell(&mut comparison, ComparisonMsg::Follow(events(&[0, 10, 40_000])));
    assert_eq!(comparison.moment(), None);
}

#[test]
fn one_way_remains() {
    let mut comparison = comparing(&[0], View::SideBySide);
    for way in Way::ALL {
        tell(&mut comparison, ComparisonMsg::ToggleWay(way));
    }
    assert_eq!(comparison.ways(), [Way::RepaintEach]);
    let task = tell(&mut comparison, ComparisonMsg::ToggleWay(Way::StreamBuilder)).unwrap();
    assert_eq!(task.ways, [Way::StreamBuilder, Way::RepaintEach]);
}

#[test]
fn nothing_is_run_for_what_happened() {
    let mut comparison = comparing(&[0], View::SideBySide);
    assert_eq!(tell(&mut comparison, ComparisonMsg::Show(View::Happened)), None);
    assert_eq!(comparison.forget(), Some(ComparisonEffect::Forget));
    assert_eq!((comparison.forget(), comparison.subject()), (None, None));
}
