//! Other ways to take a recording's events in: beside one another, over the range of a parameter, and as marbles.

use std::path::PathBuf;
use std::time::Duration;

use app_core::comparison::{Events, Figure, Measure, Setup, Swept, Value, View, Way};
use app_core::experiments::Experiment;
use app_core::recording::{FileWriter, Recording, Taken};
use app_core::{Language, Panel};
use egui::{Event, Key, Modifiers, PointerButton, Pos2, TouchDeviceId, TouchId, TouchPhase, vec2};
use frame_loops::{Run, run};
use websocket_echo::i18n::{ComparisonWords, Words, group_digits, words};

use crate::servers::EchoServer;
use crate::window::{Window, opening};

const ENGLISH: &Words = words(Language::English);
const WORDS: &ComparisonWords = &ENGLISH.comparison;

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Messages that arrived at these times in milliseconds.
fn recording(times: impl IntoIterator<Item = u64>) -> Recording {
    let mut run = Recording::new(ms(0));
    run.connected(ms(0));
    for time in times {
        run.arrived(ms(700 + time));
        run.taken(ms(701 + time), Taken::text("raisin"));
        run.updated(ms(701 + time), false, None);
    }
    run
}

fn five() -> Recording {
    recording([0, 0, 1, 20, 50])
}

/// What this way makes of the recording.
fn expected(way: Way, recording: &Recording) -> Run {
    let events = Events::of(recording, &recording.now());
    run(way, events.arrivals(), &Setup::default())
}

fn groups(way: Way, recording: &Recording) -> String {
    said_groups(&expected(way, recording))
}

fn said_groups(run: &Run) -> String {
    let group = |frame: &frame_loops::Frame| (frame.first + 1, frame.first + frame.taken);
    (WORDS.groups)(&run.rebuilds().map(group).collect::<Vec<_>>())
}

/// The page with its panel open, in which this recording is shown.
fn showing(server: &EchoServer, recording: &Recording, name: &str) -> Window {
    let path = file(name);
    std::fs::write(&path, FileWriter::new(recording).flatten().collect::<Vec<u8>>()).unwrap();
    let mut window = Window::open_sized(opening(server.url()), vec2(1200.0, 2400.0));
    window.until_shown("Open");
    window.toggle_panel(Panel::Rebuilds);
    window.page().answer_dialogs(Some(path.clone()));
    window.click(ENGLISH.replay.open_button.0);
    let is_past = |words: &String| words.starts_with("This is the past, from ");
    window.until("opened", |window| window.words().iter().any(is_past));
    std::fs::remove_file(path).unwrap();
    window
}

fn file(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("{}-{name}", std::process::id()))
}

fn view(window: &mut Window, view: View) {
    window.click((WORDS.view)(view));
}

fn focus(window: &mut Window, label: &str) {
    window.get(label).focus();
    window.show();
}

#[test]
fn figures_are_those_of_the_loops() {
    let server = EchoServer::start();
    let recording = five();
    let mut window = showing(&server, &recording, "figures.recording.json");
    view(&mut window, View::SideBySide);
    // The two of which egui_kittest's real windows give the same, and then all the others.
    let runs = Way::ALL.map(|way| (way, expected(way, &recording).figures()));
    for figure in Figure::ALL {
        let values = runs.map(|(way, figures)| (way, figure.of(&figures)));
        window.until_shown(&(WORDS.figures_of)((WORDS.figure)(figure), &values));
    }
    let rebuilds = |way: Way| expected(way, &recording).figures().rebuilds;
    assert_eq!((rebuilds(Way::StreamBuilder), rebuilds(Way::OneAFrame)), (4, 5));
    for way in Way::ALL {
        assert!(window.shows((WORDS.about_way)(way)), "{way:?}");
    }
    assert_eq!(window.rest(ms(300)), 0, "what is compared stands still");
    window.assert_nothing_sticks_out();
}

#[test]
fn run_of_now_is_compared_and_left_by_escape() {
    let server = EchoServer::start();
    let mut window = Window::open_sized(opening(server.url()), vec2(1200.0, 2400.0));
    window.until_shown("Open");
    window.toggle_panel(Panel::Rebuilds);
    view(&mut window, View::SideBySide);
    assert!(window.shows(WORDS.nothing), "{window:?}");
    window.click((ENGLISH.experiments.name)(Experiment::Ten));
    window.click(ENGLISH.trials.run_button);
    assert!(!window.shows(WORDS.nothing), "a run shows what happens");
    window.until_shown("echo: message 10");
    window.until_shown("Closed");
    window.rest(ms(300));
    view(&mut window, View::SideBySide);
    assert!(window.shows("Compared: 10 events of the recording."), "{window:?}");
    window.until_shown(WORDS.figures);
    assert!(window.is_disabled(WORDS.take_button.0), "they were taken just now");
    // To the end, to the last message and to the one before.
    for _ in 0..3 {
        window.click(ENGLISH.replay.previous_event.0);
    }
    window.click(WORDS.take_button.0);
    assert!(window.shows("Compared: 9 events of the recording."), "{window:?}");
    window.press(Key::Escape);
    assert!(window.shows(ENGLISH.replay.now) && window.shows(WORDS.figures), "{window:?}");
    window.press(Key::Escape);
    assert!(window.shows(ENGLISH.replay.now) && !window.shows(WORDS.figures), "{window:?}");
    window.press(Key::Escape);
    assert!(!window.shows(ENGLISH.replay.now), "the last one closes the panel");
}

fn send(window: &mut Window, text: &str) {
    window.rewrite(ENGLISH.message.label, text);
    window.press(Key::Enter);
    window.until_shown(&format!("echo: {text}"));
}

#[test]
fn recording_that_grows_is_followed_until_something_is_changed() {
    let server = EchoServer::start();
    let mut window = Window::open_sized(opening(server.url()), vec2(1200.0, 2400.0));
    window.until_shown("Open");
    window.toggle_panel(Panel::Rebuilds);
    view(&mut window, View::Marbles);
    assert!(window.shows(WORDS.nothing), "{window:?}");
    send(&mut window, "raisin");
    window.until_shown("Compared: 1 event of the recording.");
    window.until_shown("1 rebuild, of events 1");
    send(&mut window, "grape");
    window.until_shown("Compared: 2 events of the recording.");
    window.until_shown("2 rebuilds, of events 1, 2");
    window.rest(ms(600));
    assert_eq!(window.rest(ms(600)), 0, "nothing happens, and nothing is drawn");

    focus(&mut window, WORDS.marbles);
    window.press(Key::ArrowRight);
    let moved = "Compared: 2 events of the recording. Some were moved.";
    assert!(window.shows(moved), "{window:?}");
    send(&mut window, "plum");
    window.rest(ms(600));
    assert!(window.shows(&format!("{moved} 1 newer one is not among them.")), "{window:?}");
    window.click(WORDS.follow_button.0);
    assert!(window.shows("Compared: 3 events of the recording."), "{window:?}");
    // By who does not want it, it is turned off.
    window.click(WORDS.follow_button.0);
    send(&mut window, "fig");
    window.rest(ms(600));
    let stays = "Compared: 3 events of the recording. 1 newer one is not among them.";
    assert!(window.shows(stays), "{window:?}");
    window.click(WORDS.take_button.0);
    assert!(window.shows("Compared: 4 events of the recording."), "{window:?}");
}

#[test]
fn moments_tell_what_each_screen_showed_by_keyboard_alone() {
    let server = EchoServer::start();
    let recording = five();
    let mut window = showing(&server, &recording, "moments.recording.json");
    focus(&mut window, (WORDS.view)(View::SideBySide));
    window.press(Key::Space);
    window.until_shown(WORDS.figures);
    focus(&mut window, (WORDS.way)(Way::Polling));
    window.press(Key::Space);
    let about = (WORDS.about_way)(Way::Polling);
    window.until("without it", |window| !window.shows(about));
    focus(&mut window, WORDS.moment);
    window.press(Key::Home);
    assert!(window.shows(&(WORDS.on_screen)(Duration::ZERO, None)));
    let others: Vec<Run> = Way::ALL
        .into_iter()
        .filter(|way| *way != Way::Polling)
        .map(|way| expected(way, &recording))
        .collect();
    let shown = others.iter().flat_map(Run::rebuilds).map(|frame| frame.shown);
    let mut moments: Vec<_> = shown.collect();
    moments.sort_unstable();
    moments.dedup();
    for at in &moments {
        window.press(Key::ArrowRight);
        for run in &others {
            let newest = run.on_screen(*at).map(|event| event + 1);
            assert!(window.shows(&(WORDS.on_screen)(*at, newest)), "{at:?} {:?}", run.way);
        }
    }
    window.press(Key::ArrowLeft);
    let before = moments[moments.len() - 2];
    let newest = others[0].on_screen(before).map(|event| event + 1);
    assert!(window.shows(&(WORDS.on_screen)(before, newest)));
}

#[test]
fn point_of_a_range_opens_its_runs() {
    let server = EchoServer::start();
    let recording = five();
    let mut window = showing(&server, &recording, "range.recording.json");
    view(&mut window, View::OverRange);
    let events = Events::of(&recording, &recording.now());
    let setup = Setup::default();
    let point = |swept: Swept, value: Value, measure: Measure| {
        let figures = Way::ALL.map(|way| {
            let run = swept.run(value, way, events.arrivals(), &setup);
            (way, measure.of(&run.figures()))
        });
        (WORDS.figures_of)(&(WORDS.parameter_at)(swept, value), &figures)
    };
    for value in Swept::BurstSize.values() {
        window.until_shown(&point(Swept::BurstSize, value, Measure::Latency));
    }
    window.click((WORDS.measure)(Measure::Rebuilds));
    let wanted = point(Swept::BurstSize, Value::Count(64), Measure::Rebuilds);
    focus(&mut window, &wanted);
    window.press(Key::Enter);
    let burst = "Compared: a burst of 64 events, instead of what was recorded.";
    assert!(window.shows(burst), "{window:?}");
    window.until("64 rebuilds", |window| {
        let one_a_frame = |words: &String| words.starts_with("One a frame: 66 frames, 64 of them");
        window.words().iter().any(one_a_frame)
    });

    view(&mut window, View::OverRange);
    window.click((WORDS.swept)(Swept::BuildCost));
    window.click(WORDS.put_back_button.0);
    assert!(!window.shows(burst), "{window:?}");
    let wanted = point(Swept::BuildCost, Value::Time(ms(32)), Measure::Rebuilds);
    window.until_shown(&wanted);
    window.click(&wanted);
    assert!(
        window.words().iter().any(|words| words.contains("; 32 ms to build the page")),
        "{window:?}"
    );
}

#[test]
fn marble_moved_by_key_regroups_the_rebuilds() {
    let server = EchoServer::start();
    let recording = five();
    let mut window = showing(&server, &recording, "keys.recording.json");
    view(&mut window, View::Marbles);
    let as_recorded = groups(Way::StreamBuilder, &recording);
    assert_eq!(as_recorded, "4 rebuilds, of events 1–2, 3, 4, 5");
    window.until_shown(&as_recorded);
    assert!(window.is_disabled(WORDS.put_back_button.0));
    focus(&mut window, WORDS.marbles);
    window.press(Key::ArrowDown);
    window.press(Key::ArrowDown);
    window.press_with(Modifiers::SHIFT, Key::ArrowRight);
    window.press(Key::ArrowRight);
    window.press(Key::ArrowRight);
    window.until_shown(&groups(Way::StreamBuilder, &self::recording([0, 0, 13, 20, 50])));
    window.press_with(Modifiers::SHIFT, Key::ArrowRight);
    // Past its neighbour it is the fourth.
    window.until_shown(&groups(Way::StreamBuilder, &self::recording([0, 0, 20, 23, 50])));
    assert!(window.shows(&(WORDS.marble)(4, 5, ms(28) + Duration::from_micros(300))));
    window.click((WORDS.way)(Way::OneAFrame));
    window.until_shown(&groups(Way::OneAFrame, &self::recording([0, 0, 20, 23, 50])));
    // What was moved is compared too.
    view(&mut window, View::SideBySide);
    assert!(window.shows("Compared: 5 events of the recording. Some were moved."));
    view(&mut window, View::Marbles);
    window.click((WORDS.way)(Way::StreamBuilder));
    window.click(WORDS.put_back_button.0);
    window.until_shown(&as_recorded);
}

#[test]
fn marble_dragged_by_pointer_regroups_the_rebuilds() {
    let server = EchoServer::start();
    let recording = recording([0, 40]);
    let mut window = showing(&server, &recording, "drag.recording.json");
    view(&mut window, View::Marbles);
    window.until_shown("2 rebuilds, of events 1, 2");
    let line = window.get(WORDS.marbles).rect();
    let at = |x: f32| Pos2::new(x, line.center().y);
    // The first one is near the left end, and the other is somewhere right of it.
    window.harness().drag_at(at(line.left() + 12.0));
    window.show();
    window.harness().hover_at(at(line.left() + 40.0));
    window.show();
    let moved =
        |window: &Window| window.shows("Compared: 2 events of the recording. Some were moved.");
    assert!(moved(&window), "{window:?}");
    assert!(window.words().iter().any(|words| words.starts_with("Event 1 of 2, at ")));
    window.harness().hover_at(at(line.right() - 2.0));
    window.show();
    window.harness().drop_at(at(line.right() - 2.0));
    window.show();
    assert!(window.words().iter().any(|words| words.starts_with("Event 2 of 2, at ")));
    window.click(WORDS.put_back_button.0);
    assert!(!moved(&window), "{window:?}");
}

#[test]
fn marble_dragged_by_a_finger_scrolls_nothing_away() {
    let server = EchoServer::start();
    let mut window = showing(&server, &recording([0, 40]), "finger.recording.json");
    view(&mut window, View::Marbles);
    window.until_shown("2 rebuilds, of events 1, 2");
    // As on a phone: far more than there is room for.
    window.resize(vec2(400.0, 720.0));
    focus(&mut window, WORDS.marbles);
    window.rest(ms(300));
    let line = window.get(WORDS.marbles).rect();
    let finger = |window: &mut Window, phase, pos: Pos2| {
        let (device_id, id) = (TouchDeviceId(0), TouchId(0));
        window.harness().event(Event::Touch { device_id, id, phase, pos, force: None });
        let button = PointerButton::Primary;
        let modifiers = Modifiers::NONE;
        let pressed = phase == TouchPhase::Start;
        window.harness().event(Event::PointerMoved(pos));
        if phase != TouchPhase::Move {
            window.harness().event(Event::PointerButton { pos, button, pressed, modifiers });
        }
        window.show();
    };
    let start = Pos2::new(line.left() + 12.0, line.bottom() - 12.0);
    finger(&mut window, TouchPhase::Start, start);
    // A finger never goes straight.
    for step in 1..=8_u8 {
        let by = f32::from(step) * 20.0;
        finger(&mut window, TouchPhase::Move, start + vec2(by, by));
    }
    finger(&mut window, TouchPhase::End, start + vec2(160.0, 160.0));
    window.event(Event::PointerGone);
    window.rest(ms(300));
    assert!(window.shows("Compared: 2 events of the recording. Some were moved."), "{window:?}");
    assert_eq!(window.get(WORDS.marbles).rect().top(), line.top(), "it stays where it was");
}

#[test]
fn lanes_are_saved_as_a_drawing() {
    let server = EchoServer::start();
    let recording = five();
    let mut window = showing(&server, &recording, "drawing.recording.json");
    let path = file("comparison.svg");
    window.page().answer_dialogs(Some(path.clone()));
    for (shown, ways) in
        [(View::SideBySide, Way::ALL.to_vec()), (View::Marbles, vec![Way::StreamBuilder])]
    {
        view(&mut window, shown);
        window.until("run", |window| !window.is_disabled(WORDS.save_button.0));
        window.rest(ms(300));
        window.click(WORDS.save_button.0);
        window.until("saved", |window| {
            window.words().iter().any(|words| words.starts_with("Saved as"))
        });
        let svg = std::fs::read_to_string(&path).unwrap();
        assert!(svg.starts_with("<svg ") && svg.contains("Ways to take events in: 5 events"));
        for way in Way::ALL {
            let is_drawn = svg.contains(&format!(">{}</tspan>", (WORDS.way)(way)));
            assert_eq!(is_drawn, ways.contains(&way), "{way:?}: {svg}");
        }
        window.click(ENGLISH.dismiss_button);
    }
    std::fs::remove_file(path).unwrap();
}

#[test]
fn too_many_events_are_said_to_be_left_out() {
    let server = EchoServer::start();
    let mut window = showing(&server, &recording(0..1_500), "many.recording.json");
    view(&mut window, View::SideBySide);
    let thousand = group_digits(1_000);
    let said = format!(
        "Compared: {thousand} events of the recording. They are the recording's events 501 to {}, and count \
         from 1 here: at most {thousand} within 30 s are compared.",
        group_digits(1_500)
    );
    assert!(window.shows(&said), "{window:?}");
    window.until_shown(WORDS.figures);
    let builder = "StreamBuilder: ";
    assert!(window.words().iter().any(|words| words.starts_with(builder)), "{window:?}");
}

#[test]
fn every_view_speaks_chinese_and_fits_a_narrow_window() {
    let server = EchoServer::start();
    let mut window = showing(&server, &five(), "chinese.recording.json");
    window.next_language();
    let said = &words(Language::Chinese).comparison;
    let mut english: Vec<_> = Way::ALL.map(WORDS.about_way).to_vec();
    english.extend(View::ALL.map(WORDS.about_view));
    english.extend([WORDS.running, WORDS.figures, WORDS.marbles]);
    window.resize(vec2(400.0, 3600.0));
    for shown in [View::SideBySide, View::OverRange, View::Marbles] {
        window.click((said.view)(shown));
        window.rest(ms(300));
        assert!(window.shows((said.about_view)(shown)));
        assert!(english.iter().all(|words| !window.shows(words)), "{window:?}");
        window.assert_nothing_sticks_out();
    }
}

/// Views are of different heights, and the first one computes for a moment.
#[test]
fn what_chooses_a_view_stays_where_it_is() {
    let server = EchoServer::start();
    let mut window = showing(&server, &five(), "stays.recording.json");
    window.resize(vec2(1200.0, 760.0));
    let chips = |window: &Window| window.get((WORDS.view)(View::Marbles)).rect();
    window.wheel(chips(&window).center() - vec2(0.0, 100.0), -400.0);
    let before = chips(&window);
    assert!(before.bottom() < 700.0, "{before}");
    for shown in [View::SideBySide, View::Marbles, View::OverRange, View::Happened] {
        view(&mut window, shown);
        assert_eq!(chips(&window), before, "{shown:?}");
        window.until("computed", |window| !window.shows(WORDS.running));
        assert_eq!(chips(&window), before, "{shown:?}");
    }
}
