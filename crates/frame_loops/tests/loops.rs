//! What each way does with the same events, and that it is the same each time.

use std::time::Duration;

use frame_loops::{Arrival, Costs, End, MAX_ARRIVALS, Pattern, QUIET, Run, Setup, Way, run};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn at(times: &[u64]) -> Vec<Arrival> {
    times.iter().map(|time| Arrival { at: ms(*time), bytes: 0 }).collect()
}

/// A screen that refreshes every 10 ms, and work that takes whole milliseconds.
fn setup(event: u64, build: u64) -> Setup {
    Setup {
        costs: Costs { event: ms(event), kibibyte: Duration::ZERO, build: ms(build) },
        refresh: ms(10),
        ..Setup::default()
    }
}

/// Begin, end and refresh of each frame in milliseconds, and how many events it took in.
fn frames(run: &Run) -> Vec<(u128, u128, u128, usize)> {
    let row = |frame: &frame_loops::Frame| {
        (frame.begin.as_millis(), frame.end.as_millis(), frame.shown.as_millis(), frame.taken)
    };
    run.frames.iter().map(row).collect()
}

#[test]
fn one_event_is_two_frames_of_which_the_first_shows_it() {
    let run = run(Way::StreamBuilder, &at(&[13]), &setup(1, 2));
    assert_eq!(frames(&run), [(13, 16, 20, 1), (20, 22, 30, 0)]);
    let figures = run.figures();
    assert_eq!((figures.rebuilds, figures.every.max, figures.cpu), (1, ms(7), ms(5)));
    assert_eq!(run.end, End::AllShown);
}

#[test]
fn budget_shares_a_burst_among_frames() {
    // Four events in 4 ms, so that the budget of 4 ms cuts there.
    let run = run(Way::StreamBuilder, &at(&[3; 10]), &setup(1, 2));
    assert_eq!(frames(&run), [(3, 9, 10, 4), (10, 16, 20, 4), (20, 24, 30, 2), (30, 32, 40, 0)]);
    assert_eq!(run.figures().longest_frame, ms(6));
}

#[test]
fn without_a_budget_a_flood_is_one_long_frame() {
    let run = run(Way::DrainAll, &at(&[3; 100]), &setup(1, 2));
    assert_eq!(frames(&run)[0], (3, 105, 110, 100));
    assert_eq!(run.figures().longest_frame, ms(102));
}

#[test]
fn one_message_a_frame_is_late_by_its_place_in_the_queue() {
    let run = run(Way::OneAFrame, &at(&[3; 10]), &setup(0, 2));
    let figures = run.figures();
    assert_eq!((figures.rebuilds, figures.never_shown), (10, 0));
    assert_eq!((figures.newest.median, figures.newest.max), (ms(47), ms(97)));
}

#[test]
fn polling_draws_while_nothing_happens() {
    let events = at(&[3]);
    let builder = run(Way::StreamBuilder, &events, &setup(0, 2)).figures();
    let polling = run(Way::Polling, &events, &setup(0, 2)).figures();
    assert_eq!(builder.frames, 2);
    let least = usize::try_from(QUIET.as_millis() / 20).unwrap_or(usize::MAX);
    assert!(polling.frames >= least, "{} frames", polling.frames);
    assert!(polling.cpu > builder.cpu);
}

#[test]
fn repaint_for_each_asks_more_often_and_draws_the_same() {
    let events = at(&[3; 50]);
    let [builder, each] =
        [Way::StreamBuilder, Way::RepaintEach].map(|way| run(way, &events, &setup(0, 2)).figures());
    assert_eq!((builder.frames, each.frames), (2, 2));
    assert!(builder.requests < 5, "{} requests", builder.requests);
    assert!(each.requests >= 50, "{} requests", each.requests);
}

#[test]
fn what_comes_while_a_frame_is_drawn_is_in_the_next() {
    for way in [Way::StreamBuilder, Way::DrainAll, Way::RepaintEach, Way::OneAFrame] {
        // The second arrives while the page is built.
        let run = run(way, &at(&[3, 4]), &setup(0, 3));
        let taken: Vec<_> = run.rebuilds().map(|frame| frame.taken).collect();
        assert_eq!(taken, [1, 1], "{way:?}");
    }
}

#[test]
fn what_comes_while_events_are_taken_in_is_in_the_same_frame() {
    for way in [Way::StreamBuilder, Way::RepaintEach] {
        let run = run(way, &at(&[3, 4]), &setup(2, 1));
        let taken: Vec<_> = run.rebuilds().map(|frame| frame.taken).collect();
        assert_eq!(taken, [2], "{way:?}");
    }
}

#[test]
fn every_event_is_taken_in_once_and_in_order() {
    let pattern = Pattern::Random { count: 300, every: ms(3), seed: 3678 };
    for way in Way::ALL {
        let run = run(way, &pattern.arrivals(100), &Setup::default());
        let mut next = 0;
        for frame in &run.frames {
            assert_eq!(frame.first, next, "{way:?}");
            next += frame.taken;
            assert!(frame.begin <= frame.end && frame.end <= frame.shown, "{way:?}");
            for arrival in &run.arrivals[frame.first..next] {
                assert!(arrival.at <= frame.end, "{way:?}: taken in before it came");
            }
        }
        assert!(run.frames.windows(2).all(|two| two[0].shown <= two[1].begin), "{way:?}");
        assert_eq!((next, run.end), (300, End::AllShown), "{way:?}");
        let figures = run.figures();
        assert_eq!(figures.rebuilds + figures.never_shown, 300, "{way:?}");
    }
}

#[test]
fn same_events_give_the_same_run() {
    let pattern = Pattern::Random { count: 200, every: ms(2), seed: 36 };
    for way in Way::ALL {
        let again = || run(way, &pattern.arrivals(1000), &Setup::default());
        assert_eq!(again(), again(), "{way:?}");
    }
}

#[test]
fn size_costs_time() {
    let costs = Costs { event: ms(1), kibibyte: ms(2), build: ms(0) };
    let setup = Setup { costs, ..setup(0, 0) };
    let event = Arrival { at: ms(0), bytes: 1536 };
    assert_eq!(run(Way::StreamBuilder, &[event], &setup).figures().cpu, ms(4));
}

#[test]
fn screen_shows_the_last_event_of_the_latest_frame() {
    let run = run(Way::StreamBuilder, &at(&[3, 3, 43]), &setup(0, 2));
    assert_eq!(run.on_screen(ms(9)), None);
    assert_eq!(run.on_screen(ms(10)), Some(1));
    assert_eq!(run.on_screen(ms(49)), Some(1));
    assert_eq!(run.on_screen(ms(50)), Some(2));
}

#[test]
fn no_events_are_no_frames() {
    for way in Way::ALL {
        let run = run(way, &[], &Setup::default());
        assert_eq!((run.figures().rebuilds, run.end), (0, End::AllShown), "{way:?}");
        assert_eq!(run.frames.is_empty(), way != Way::Polling, "{way:?}");
    }
}

#[test]
fn runs_are_bounded() {
    let flood = vec![Arrival { at: ms(0), bytes: usize::MAX }; MAX_ARRIVALS + 5];
    let setup = Setup { most_frames: 50, ..Setup::default() };
    for way in Way::ALL {
        let run = run(way, &flood, &setup);
        assert_eq!(run.arrivals.len(), MAX_ARRIVALS);
        assert!(run.frames.len() <= 50, "{way:?}: {}", run.frames.len());
    }
    let late = [Arrival { at: Duration::MAX, bytes: 0 }];
    for way in Way::ALL {
        assert_eq!(run(way, &late, &setup).end, End::Cut, "{way:?}");
    }
    let endless = Setup {
        costs: Costs { build: Duration::MAX, ..Setup::default().costs },
        refresh: Duration::ZERO,
        ..Setup::default()
    };
    for way in Way::ALL {
        assert!(run(way, &at(&[1, 2, 3]), &endless).frames.len() < 3, "{way:?}");
    }
}
