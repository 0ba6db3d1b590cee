//! One parameter over its range, and runs as drawings.

use std::time::Duration;

use frame_loops::{Arrival, Lane, Pattern, Setup, Swept, Value, Way, run, svg};

fn rebuilds(swept: Swept, way: Way) -> Vec<usize> {
    let arrivals = Pattern::Burst { count: 200 }.arrivals(64);
    let setup = Setup::default();
    let run = |value| swept.run(value, way, &arrivals, &setup);
    swept.values().into_iter().map(|value| run(value).figures().rebuilds).collect()
}

#[test]
fn larger_budget_is_fewer_rebuilds() {
    let rebuilds = rebuilds(Swept::Budget, Way::StreamBuilder);
    assert_eq!((rebuilds.first(), rebuilds.last()), (Some(&200), Some(&1)));
    assert!(rebuilds.is_sorted_by(|before, after| before >= after), "{rebuilds:?}");
}

#[test]
fn burst_of_any_size_is_one_rebuild_but_one_a_frame() {
    let sizes: Vec<usize> = (0..=10).map(|power| 1 << power).collect();
    assert_eq!(rebuilds(Swept::BurstSize, Way::OneAFrame), sizes);
    assert_eq!(rebuilds(Swept::BurstSize, Way::DrainAll), [1; 11]);
}

#[test]
fn only_the_builder_has_a_budget() {
    let arrivals = Pattern::Burst { count: 50 }.arrivals(64);
    let setup = Setup::default();
    for way in Way::ALL.into_iter().filter(|way| *way != Way::StreamBuilder) {
        for value in Swept::Budget.values() {
            assert_eq!(
                Swept::Budget.run(value, way, &arrivals, &setup),
                run(way, &arrivals, &setup)
            );
        }
    }
}

#[test]
fn point_of_a_sweep_is_the_run_of_its_setup() {
    let arrivals = Pattern::Burst { count: 50 }.arrivals(64);
    let mut setup = Setup::default();
    let value = Duration::from_millis(8);
    let point = Swept::BuildCost.run(Value::Time(value), Way::Polling, &arrivals, &setup);
    setup.costs.build = value;
    assert_eq!(point, run(Way::Polling, &arrivals, &setup));
}

#[test]
fn marble_that_is_moved_regroups_the_rebuilds() {
    let at = |ms| Arrival { at: Duration::from_millis(ms), bytes: 0 };
    let groups = |arrivals: &[Arrival]| -> Vec<usize> {
        let run = run(Way::StreamBuilder, arrivals, &Setup::default());
        run.rebuilds().map(|frame| frame.taken).collect()
    };
    // The first frame waits for the screen until 16.7 ms, and the others for it.
    assert_eq!(groups(&[at(3), at(8), at(9)]), [1, 2]);
    assert_eq!(groups(&[at(3), at(3), at(9)]), [2, 1]);
    // Out of order, as a marble may be carried past another.
    assert_eq!(groups(&[at(100), at(8), at(9)]), [1, 1, 1]);
}

fn drawing(count: usize, name: &str) -> String {
    let run = run(Way::StreamBuilder, &Pattern::Burst { count }.arrivals(64), &Setup::default());
    let lane = Lane { run: &run, name, summary: "so many frames" };
    svg("A title", &[lane, lane], |time, _| format!("{} ms", time.as_millis()))
}

#[test]
fn drawing_has_each_lane_with_its_words() {
    let svg = drawing(5, "a way");
    assert_eq!(svg.matches("aria-label=\"a way: so many frames\"").count(), 2);
    assert!(svg.contains(">#5</text>"), "which event the screen shows: {svg}");
    assert!(svg.contains(">0 ms</text>"));
}

#[test]
fn words_cannot_break_a_drawing() {
    let svg = drawing(1, "<script>\"&\u{1}");
    assert!(svg.contains("&lt;script&gt;&quot;&amp; "), "{svg}");
    assert!(!svg.contains("<script"));
}

#[test]
fn drawing_of_a_flood_is_small() {
    let size = drawing(20_000, "flood").len();
    assert!(size < 64 << 10, "{size} bytes");
}

#[test]
fn axis_has_round_times() {
    let arrivals = [Arrival { at: Duration::from_millis(400), bytes: 0 }];
    let run = run(Way::StreamBuilder, &arrivals, &Setup::default());
    let lane = Lane { run: &run, name: "", summary: "" };
    let svg = svg("", &[lane], |time, _| format!("at {}", time.as_millis()));
    let times: Vec<_> =
        svg.split(">at ").skip(1).filter_map(|rest| rest.split('<').next()).collect();
    assert_eq!(times, ["0", "100", "200", "300", "400"]);
}

#[test]
fn drawing_of_nothing_is_one() {
    let svg = svg("A title", &[], |_, _| String::new());
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
}
