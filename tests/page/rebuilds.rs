//! The rebuilds panel and everything there is to try in it, at the real echo server and in the page
//! itself.

use std::time::Duration;

use app_core::experiments::{Experiment, Pace, Parameter, Setup};
use app_core::recording::{Counter, Stage};
use app_core::{ConnectionStatus, Opening, Panel};
use egui::{Key, vec2};
use egui_kittest::kittest::Queryable as _;
use websocket_echo::i18n::{Language, Words, words};

use crate::servers::EchoServer;
use crate::window::{Window, opening};

const ENGLISH: &Words = words(Language::English);
const FLOOD: u32 = 100_000;
const PAUSED_FLOOD: u32 = 20_000;
const PAUSED_INBOX: usize = 1_000;
const A_WHILE: Duration = Duration::from_millis(300);

/// Who plays the other end.
#[derive(Clone, Copy, Debug, PartialEq)]
enum OtherEnd {
    Server,
    Page,
}

const OTHER_ENDS: [OtherEnd; 2] = [OtherEnd::Server, OtherEnd::Page];

/// The page with its panel open, and its server.
struct Laboratory {
    window: Window,
    _server: EchoServer,
}

impl Laboratory {
    fn open(other_end: OtherEnd) -> Self {
        let server = EchoServer::start();
        let opening =
            Opening { has_endpoints: other_end == OtherEnd::Server, ..opening(server.url()) };
        let mut window = Window::open_sized(opening, vec2(1200.0, 1400.0));
        window.until_shown("Open");
        window.toggle_panel(Panel::Rebuilds);
        Self { window, _server: server }
    }

    fn try_out(&mut self, experiment: Experiment) {
        self.window.click((ENGLISH.experiments.name)(experiment));
        self.window.click(ENGLISH.trials.run_button);
        assert!(self.window.shows(&(ENGLISH.experiments.what_to_watch)(&Setup::new(experiment))));
    }

    /// Until the builder has taken in so many events.
    #[track_caller]
    fn until_events(&mut self, events: u64) {
        self.window
            .until(&format!("{events} events"), |window| count(window, Counter::Events) >= events);
        assert_eq!(count(&self.window, Counter::Events), events);
        self.assert_sums();
    }

    /// What holds whatever the stream does.
    #[track_caller]
    fn assert_sums(&self) {
        let count = |counter| count(&self.window, counter);
        let (events, rebuilds) = (count(Counter::Events), count(Counter::Rebuilds));
        assert_eq!(count(Counter::Coalesced), events - rebuilds);
        assert!(rebuilds <= count(Counter::Frames), "{:?}", self.window);
        assert!(count(Counter::MostPerFrame) <= events);
    }
}

/// The figure of a counter.
#[track_caller]
fn count(window: &Window, counter: Counter) -> u64 {
    figure(window, &format!("{}: ", (ENGLISH.rebuilds.counter)(counter)), "")
}

/// The figure in a sentence that begins and ends like this.
#[track_caller]
fn figure(window: &Window, before: &str, after: &str) -> u64 {
    let words = window.words();
    let figures = words
        .iter()
        .filter_map(|words| words.strip_prefix(before)?.strip_suffix(after)?.parse().ok());
    figures.max().unwrap_or_else(|| unreachable!("no figure for {before:?} in {window:?}"))
}

fn waiting(window: &Window) -> u64 {
    figure(window, "Mailbox: ", " messages wait")
}

fn arrived(window: &Window) -> u64 {
    figure(window, "Socket: ", " messages have arrived")
}

fn state(window: &Window) -> String {
    let before = (ENGLISH.rebuilds.stage_figure)(Stage::Snapshot, "");
    let words = window.words();
    let state = words.iter().find_map(|words| words.strip_prefix(&before));
    state.map(ToOwned::to_owned).unwrap_or_default()
}

#[test]
fn open_it_draws_nothing_while_nothing_happens() {
    for other_end in OTHER_ENDS {
        let mut laboratory = Laboratory::open(other_end);
        laboratory.window.rest(A_WHILE);
        assert_eq!(laboratory.window.rest(A_WHILE), 0, "{other_end:?}");
        laboratory.try_out(Experiment::One);
        laboratory.window.until_shown("echo: hello");
        laboratory.window.rest(A_WHILE);
        assert_eq!(laboratory.window.rest(A_WHILE), 0, "{other_end:?}");
        // Nor does a pause, or slow motion with nothing to show.
        for button in [ENGLISH.rebuilds.pause_button, ENGLISH.rebuilds.slow_button] {
            laboratory.window.click(button);
            laboratory.window.rest(A_WHILE);
            assert_eq!(laboratory.window.rest(A_WHILE), 0, "{other_end:?} {button}");
        }
    }
}

#[test]
fn one_message() {
    for other_end in OTHER_ENDS {
        let mut laboratory = Laboratory::open(other_end);
        laboratory.try_out(Experiment::One);
        laboratory.until_events(1);
        assert!(laboratory.window.shows("echo: hello"));
        assert_eq!(count(&laboratory.window, Counter::Rebuilds), 1);
        assert_eq!(state(&laboratory.window), "Active");
        assert!(laboratory.window.shows("Rebuild 1: 1 event"));
    }
}

#[test]
fn ten_at_once() {
    for other_end in OTHER_ENDS {
        let mut laboratory = Laboratory::open(other_end);
        laboratory.try_out(Experiment::Ten);
        laboratory.until_events(11);
        assert!(laboratory.window.shows("echo: message 10"));
        assert_eq!(arrived(&laboratory.window), 10);
        assert_eq!(state(&laboratory.window), "Done");
    }
}

#[test]
fn a_flood_loses_nothing_and_every_frame_takes_a_part() {
    for other_end in OTHER_ENDS {
        let mut laboratory = Laboratory::open(other_end);
        laboratory.try_out(Experiment::Flood);
        laboratory.until_events(u64::from(FLOOD) + 1);
        assert_eq!(arrived(&laboratory.window), u64::from(FLOOD));
        assert_eq!(waiting(&laboratory.window), 0);
        let rebuilds = count(&laboratory.window, Counter::Rebuilds);
        assert!((1..u64::from(FLOOD) / 10).contains(&rebuilds), "{rebuilds} rebuilds");
    }
}

#[test]
fn sixty_a_second() {
    for other_end in OTHER_ENDS {
        let mut laboratory = Laboratory::open(other_end);
        laboratory.try_out(Experiment::Steady);
        laboratory.until_events(301);
        assert!(laboratory.window.shows("echo: tick 300"));
    }
}

#[test]
fn a_slow_builder_shares_rebuilds() {
    for other_end in OTHER_ENDS {
        let mut laboratory = Laboratory::open(other_end);
        laboratory.try_out(Experiment::SlowBuilder);
        laboratory.until_events(121);
        // 120 events in 1.9 seconds, of which each rebuild takes a tenth.
        let rebuilds = count(&laboratory.window, Counter::Rebuilds);
        assert!(rebuilds < 60, "{rebuilds} rebuilds");
    }
}

#[test]
fn a_paused_reader_stops_the_sender_and_then_all_of_it_comes() {
    for other_end in OTHER_ENDS {
        let mut laboratory = Laboratory::open(other_end);
        laboratory.try_out(Experiment::PausedReader);
        let window = &mut laboratory.window;
        window.until("a full mailbox", |window| waiting(window) >= PAUSED_INBOX as u64);
        // No more arrives, and so nothing is drawn.
        window.rest(A_WHILE);
        let held = arrived(window);
        assert!(held < u64::from(PAUSED_FLOOD) / 10, "{held} have arrived");
        assert_eq!(count(window, Counter::Events), 0);

        window.click(ENGLISH.rebuilds.take_one_button);
        laboratory.until_events(1);
        laboratory.window.click(ENGLISH.rebuilds.pause_button);
        laboratory.until_events(u64::from(PAUSED_FLOOD) + 1);
    }
}

#[test]
fn an_error() {
    for other_end in OTHER_ENDS {
        let mut laboratory = Laboratory::open(other_end);
        laboratory.try_out(Experiment::Failure);
        laboratory.until_events(2);
        assert!(laboratory.window.shows(ENGLISH.errors.unreachable));
        assert!(laboratory.window.words().iter().any(|words| words.ends_with("Done (error)")));
    }
}

#[test]
fn a_close() {
    for other_end in OTHER_ENDS {
        let mut laboratory = Laboratory::open(other_end);
        laboratory.try_out(Experiment::Close);
        laboratory.until_events(2);
        assert!(laboratory.window.shows("echo: hello"));
        let closed = "Closed by the server: 4123 ";
        let window = &mut laboratory.window;
        window.until(closed, |window| {
            window.words().iter().any(|words| words.starts_with(closed) && words.contains("done"))
        });
        assert_eq!(state(window), "Done");
    }
}

#[test]
fn a_cut() {
    for other_end in OTHER_ENDS {
        let mut laboratory = Laboratory::open(other_end);
        laboratory.try_out(Experiment::Cut);
        laboratory.until_events(2);
        laboratory.window.until_shown(ENGLISH.errors.unreachable);
        let words = laboratory.window.words();
        assert!(words.iter().any(|words| words.contains("1006")), "{words:?}");
    }
}

#[test]
fn another_stream() {
    for other_end in OTHER_ENDS {
        let mut laboratory = Laboratory::open(other_end);
        laboratory.try_out(Experiment::One);
        laboratory.window.until_shown("echo: hello");
        laboratory.try_out(Experiment::AnotherStream);
        // What the old one said stays until the new one speaks.
        assert!(laboratory.window.shows("echo: hello"), "{:?}", laboratory.window);
        laboratory.until_events(1);
        assert!(laboratory.window.shows("echo: hello from another stream"));
        let states = "Waiting (data) › Active (data)";
        assert!(laboratory.window.shows(states), "{:?}", laboratory.window);
    }
}

/// A window that is hidden runs its logic, and draws nothing.
#[test]
fn hidden() {
    for other_end in OTHER_ENDS {
        let mut laboratory = Laboratory::open(other_end);
        laboratory.try_out(Experiment::Hidden);
        let window = &mut laboratory.window;
        window.until("an event", |window| count(window, Counter::Events) > 0);
        let before = count(window, Counter::Coalesced);
        window.hide_for(10);
        window.show();
        // What came while it was hidden is one rebuild, however many events that were.
        let coalesced = count(window, Counter::Coalesced) - before;
        assert!(coalesced >= 9, "{coalesced} coalesced");
        laboratory.assert_sums();
    }
}

#[test]
fn slow_motion_shows_them_one_by_one() {
    let mut laboratory = Laboratory::open(OtherEnd::Page);
    laboratory.window.click(ENGLISH.rebuilds.slow_button);
    laboratory.try_out(Experiment::Ten);
    for events in 1..=3 {
        let window = &mut laboratory.window;
        window.until("another event", |window| count(window, Counter::Events) >= events);
        // On a slow machine the next one may be there as well, in a rebuild of its own.
        assert_eq!(count(window, Counter::Rebuilds), count(window, Counter::Events));
        assert!(window.shows(&format!("Rebuild {events}: 1 event")));
    }
    laboratory.window.click(ENGLISH.rebuilds.slow_button);
    laboratory.until_events(11);
}

#[test]
fn closing_it_lets_everything_go_on() {
    let mut laboratory = Laboratory::open(OtherEnd::Page);
    laboratory.window.click(ENGLISH.rebuilds.pause_button);
    laboratory.try_out(Experiment::Ten);
    laboratory.window.rest(A_WHILE);
    assert!(!laboratory.window.shows("echo: message 10"));
    laboratory.window.toggle_panel(Panel::Rebuilds);
    laboratory.window.until_shown("echo: message 10");
}

#[test]
fn nothing_sticks_out_wherever_it_stands() {
    let server = EchoServer::start();
    for language in Language::ALL {
        for size in [vec2(320.0, 700.0), vec2(400.0, 720.0), vec2(960.0, 700.0)] {
            let opening = Opening { language, ..opening(server.url()) };
            let mut window = Window::open_sized(opening, size);
            window.toggle_panel(Panel::Rebuilds);
            window.click((words(language).experiments.name)(Experiment::Ten));
            window.assert_nothing_sticks_out();
            // By keyboard, as it is out of sight where there is little room.
            window.harness().get_by_label(words(language).trials.run_button).focus();
            window.press(Key::Space);
            window.until("ten", |window| {
                let events = (words(language).rebuilds.counted)(Counter::Events, "11");
                window.shows(&events)
            });
            window.assert_nothing_sticks_out();
        }
    }
}

#[test]
fn a_link_opens_its_experiment_ready_to_run() {
    let server = EchoServer::start();
    for language in Language::ALL {
        let words = words(language);
        let opening = Opening {
            language,
            has_endpoints: true,
            link: Some("1.ten.count-20.pace-random.rate-1000.seed-7".to_owned()),
            ..opening(server.url())
        };
        let mut window = Window::open_sized(opening, vec2(1200.0, 1400.0));
        window.until_shown((words.connection.status_word)(ConnectionStatus::Open));
        for parameter in [Parameter::Count, Parameter::Rate, Parameter::Seed] {
            assert!(window.shows((words.trials.parameter)(parameter)), "{window:?}");
        }
        let events = |events: &str| (words.rebuilds.counted)(Counter::Events, events);
        assert!(window.shows(&events("0")), "nothing runs by itself");
        window.click(words.trials.run_button);
        window.until("all of it", |window| window.shows(&events("21")));
        window.until_shown(&(words.message.echo)("tick 20"));
        // Set otherwise, it is another run.
        window.click((words.trials.pace)(Pace::AtOnce));
        assert!(!window.shows((words.trials.parameter)(Parameter::Rate)), "{window:?}");
        window.click(words.trials.run_button);
        window.until_shown(&(words.message.echo)("message 20"));
        window.click(words.trials.reset_button);
        assert!(!window.shows(words.trials.reset_button), "{window:?}");
        window.assert_nothing_sticks_out();
    }
}

#[test]
fn a_budget_of_nothing_is_one_event_a_frame() {
    for has_endpoints in [true, false] {
        let server = EchoServer::start();
        let link = Some("1.ten.count-15.budget-0".to_owned());
        let opening = Opening { has_endpoints, link, ..opening(server.url()) };
        let mut window = Window::open_sized(opening, vec2(1200.0, 1400.0));
        window.until_shown("Open");
        window.click(ENGLISH.trials.run_button);
        window.until("all of it", |window| count(window, Counter::Events) == 16);
        assert_eq!(count(&window, Counter::MostPerFrame), 1);
        assert!(window.shows("While this runs, the frame budget is 0 ms."), "{window:?}");
    }
}

#[test]
fn a_wrong_link_says_where_on_the_page() {
    for (language, says) in [
        (
            Language::English,
            "At character 13 there is “0”; count is a whole number from 1 to 10 000.",
        ),
        (Language::Chinese, "第 13 个字符处是“0”；count 是 1 到 10 000 之间的整数。"),
    ] {
        let server = EchoServer::start();
        let link = Some("1.ten.count-0".to_owned());
        let opening = Opening { language, link, ..opening(server.url()) };
        let mut window = Window::open_with(opening);
        window.until("what is wrong", |window| {
            window.words().iter().any(|words| words.contains(says))
        });
        window.assert_nothing_sticks_out();
    }
}
