//! What an experiment asks before it runs: at its default, what is given as the answer is what happened, at the
//! real echo server and in the page itself.

use app_core::experiments::{Answer, Choice, Experiment, Question, Setup};
use app_core::recording::Counter;
use app_core::{Opening, Panel};
use egui::accesskit::Role;
use egui::{Key, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use websocket_echo::i18n::{Language, Words, words};

use crate::servers::EchoServer;
use crate::window::{Window, opening};

const ENGLISH: &Words = words(Language::English);

fn open(has_endpoints: bool, language: Language, server: &EchoServer) -> Window {
    let opening = Opening { has_endpoints, language, ..opening(server.url()) };
    let mut window = Window::open_sized(opening, vec2(1200.0, 1400.0));
    window.until_shown((words(language).connection.status_word)(app_core::ConnectionStatus::Open));
    window.toggle_panel(Panel::Rebuilds);
    window
}

/// The answer that is told of this experiment, once it is told.
fn until_answered(window: &mut Window, experiment: Experiment, guess: Option<Answer>) -> Answer {
    let setup = Setup::new(experiment);
    let answers: Vec<Answer> = match setup.question() {
        Question::Number { most } => (0..=most).map(Answer::Number).collect(),
        Question::Choices(choices) => choices.iter().copied().map(Answer::Choice).collect(),
    };
    let told = |answer: Answer| {
        let guessed = (ENGLISH.questions.guessed)(guess, answer);
        format!("{guessed} {}", (ENGLISH.questions.why)(&setup, answer))
    };
    let mut found = None;
    window.until("the answer", |window| {
        let shown = window.words();
        found = answers.iter().copied().find(|answer| shown.contains(&told(*answer)));
        found.is_some()
    });
    found.unwrap_or_else(|| unreachable!("it was told"))
}

fn focus(window: &mut Window, label: &str) {
    window.harness().get_by_label(label).focus();
    window.show();
}

fn count(window: &Window, counter: Counter) -> u64 {
    let before = format!("{}: ", (ENGLISH.rebuilds.counter)(counter));
    let figure = window.words().iter().find_map(|words| words.strip_prefix(&before)?.parse().ok());
    figure.unwrap_or_else(|| unreachable!("no {before} in {window:?}"))
}

/// What is known to happen, by what the panel counts and the page shows.
fn check(experiment: Experiment, has_endpoints: bool) {
    let server = EchoServer::start();
    let mut window = open(has_endpoints, Language::English, &server);
    if experiment == Experiment::AnotherStream {
        window.click((ENGLISH.experiments.name)(Experiment::One));
        window.click(ENGLISH.trials.run_button);
        window.until_shown("echo: hello");
    }
    window.click((ENGLISH.experiments.name)(experiment));
    assert!(window.shows(&(ENGLISH.questions.question)(&Setup::new(experiment))));
    assert_eq!(count(&window, Counter::Events), u64::from(experiment == Experiment::AnotherStream));
    window.click(ENGLISH.trials.run_button);
    let answer = until_answered(&mut window, experiment, None);
    let expected = match experiment {
        Experiment::One => Answer::Number(1),
        Experiment::Ten => {
            let rebuilds = count(&window, Counter::Rebuilds);
            assert!(rebuilds < 10, "{rebuilds}");
            Answer::Number(rebuilds)
        }
        Experiment::Steady => {
            assert!(window.shows("echo: tick 300"));
            Answer::Number(301)
        }
        Experiment::Flood => Answer::Choice(Choice::DrawsFew),
        Experiment::SlowBuilder | Experiment::Hidden => Answer::Choice(Choice::LosesNone),
        Experiment::PausedReader => Answer::Choice(Choice::StopsWhenFull),
        Experiment::Failure => Answer::Choice(Choice::HoldsError),
        Experiment::Close | Experiment::Cut | Experiment::AnotherStream => {
            Answer::Choice(Choice::HoldsMessage)
        }
    };
    assert_eq!(answer, expected, "{experiment:?} {has_endpoints}");
}

#[test]
fn every_answer_is_what_happened_at_the_server() {
    for experiment in Experiment::ALL.into_iter().filter(|it| *it != Experiment::Hidden) {
        check(experiment, true);
    }
}

#[test]
fn every_answer_is_what_happened_in_the_page() {
    for experiment in Experiment::ALL.into_iter().filter(|it| *it != Experiment::Hidden) {
        check(experiment, false);
    }
}

/// Apart from the others, as it takes twenty seconds.
#[test]
fn nothing_is_missed_for_as_long_as_it_takes() {
    check(Experiment::Hidden, true);
}

#[test]
fn the_same_in_the_page_for_as_long_as_it_takes() {
    check(Experiment::Hidden, false);
}

#[test]
fn a_guess_stands_beside_the_answer_by_keyboard_alone() {
    for language in Language::ALL {
        let words = words(language);
        let server = EchoServer::start();
        let mut window = open(true, language, &server);
        focus(&mut window, (words.experiments.name)(Experiment::Failure));
        window.press(Key::Space);
        let question = (words.questions.question)(&Setup::new(Experiment::Failure));
        let group = window.harness().query_by_role_and_label(Role::RadioGroup, &question).is_some();
        assert!(group, "{window:?}");
        focus(&mut window, (words.questions.choice)(Choice::HoldsNothing));
        window.press(Key::Space);
        focus(&mut window, words.trials.run_button);
        window.press(Key::Space);
        let guess = Some(Answer::Choice(Choice::HoldsNothing));
        let seen = Answer::Choice(Choice::HoldsError);
        let guessed = (words.questions.guessed)(guess, seen);
        let why = (words.questions.why)(&Setup::new(Experiment::Failure), seen);
        window.until_shown(&format!("{guessed} {why}"));
        window.assert_nothing_sticks_out();
    }
}

/// Goes on with the Tab key until this has the keyboard.
fn tab_to(window: &mut Window, label: &str) {
    for _ in 0..99 {
        if window.focused().as_deref() == Some(label) {
            return;
        }
        window.press(Key::Tab);
    }
    unreachable!("Tab does not lead to {label}: {window:?}");
}

#[test]
fn a_number_is_guessed_and_heard_by_keyboard_alone() {
    for language in Language::ALL {
        let words = words(language);
        let server = EchoServer::start();
        let opening = Opening { language, ..opening(server.url()) };
        let mut window = Window::open_sized(opening, vec2(1200.0, 1400.0));
        window.until_shown((words.connection.status_word)(app_core::ConnectionStatus::Open));
        window.press(Key::F2);
        tab_to(&mut window, (words.experiments.name)(Experiment::One));
        window.press(Key::Space);
        let setup = Setup::new(Experiment::One);
        let question = (words.questions.question)(&setup);
        tab_to(&mut window, &question);
        let is_number = |window: &mut Window| {
            window.harness().query_by_role_and_label(Role::SpinButton, &question).is_some()
        };
        assert!(is_number(&mut window), "what is asked is the name of the field: {window:?}");
        for _ in 0..3 {
            window.press(Key::ArrowUp);
        }
        let guess = window.harness().get_by_role_and_label(Role::SpinButton, &question).value();
        assert_eq!(guess.as_deref(), Some("3"));
        tab_to(&mut window, words.trials.run_button);
        window.press(Key::Enter);
        let (guess, seen) = (Some(Answer::Number(3)), Answer::Number(1));
        let guessed = (words.questions.guessed)(guess, seen);
        let answer = format!("{guessed} {}", (words.questions.why)(&setup, seen));
        window.until_shown(&answer);
        let live = window.get(&answer).accesskit_node().live();
        assert_eq!(live, egui::accesskit::Live::Polite, "the answer is said when it comes");
    }
}

#[test]
fn without_questions_a_press_is_a_run_and_that_is_kept() {
    let server = EchoServer::start();
    let mut window = open(true, Language::English, &server);
    window.click((ENGLISH.experiments.name)(Experiment::Ten));
    window.click(ENGLISH.questions.asks_switch);
    window.click((ENGLISH.experiments.name)(Experiment::One));
    window.until_shown("echo: hello");
    let question = (ENGLISH.questions.question)(&Setup::new(Experiment::One));
    assert!(!window.shows(&question), "{window:?}");
    assert!(window.page().stored_text().contains("\"skips_questions\":true"));
}

#[test]
fn the_switch_keeps_the_keyboard_though_the_question_goes() {
    let server = EchoServer::start();
    for experiment in [Experiment::One, Experiment::Flood] {
        let mut window = open(true, Language::English, &server);
        window.click((ENGLISH.experiments.name)(experiment));
        focus(&mut window, ENGLISH.questions.asks_switch);
        for _ in 0..3 {
            window.press(Key::Space);
            assert_eq!(window.focused().as_deref(), Some(ENGLISH.questions.asks_switch));
        }
    }
}

#[test]
fn what_is_run_again_keeps_the_keyboard() {
    let server = EchoServer::start();
    let mut window = open(true, Language::English, &server);
    window.click((ENGLISH.experiments.name)(Experiment::One));
    focus(&mut window, ENGLISH.trials.run_button);
    window.press(Key::Enter);
    until_answered(&mut window, Experiment::One, None);
    assert_eq!(window.focused().as_deref(), Some(ENGLISH.trials.run_button));
}

/// A person may be about to press it when the answer comes.
#[test]
fn what_runs_it_stays_where_it_is() {
    let server = EchoServer::start();
    for (language, width) in [(Language::English, 1200.0), (Language::Chinese, 400.0)] {
        let words = words(language);
        for experiment in [Experiment::Flood, Experiment::Ten] {
            let mut window = open(true, language, &server);
            window.resize(vec2(width, 1400.0));
            window.click((words.experiments.name)(experiment));
            let place = window.get(words.trials.run_button).rect();
            window.click(words.trials.run_button);
            assert_eq!(window.get(words.trials.run_button).rect(), place, "{experiment:?}");
            let tutorial =
                (words.questions.tutorial)(websocket_echo::i18n::tutorial_sentence(experiment));
            window.until_shown(&tutorial);
            assert_eq!(window.get(words.trials.run_button).rect(), place, "{experiment:?}");
        }
    }
}
