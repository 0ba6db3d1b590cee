//! What is asked before an experiment runs, and why the answer is what it is.

use app_core::experiments::{Answer, Choice, Experiment, Setup};

/// What is asked before an experiment runs, and why the answer is what it is.
pub struct QuestionWords {
    /// The question of an experiment.
    pub question: fn(&Setup) -> String,
    /// One of the choices.
    pub choice: fn(Choice) -> &'static str,
    /// The label of a number.
    pub number_label: &'static str,
    /// An answer was guessed, and this one seen.
    pub guessed: fn(guess: Option<Answer>, seen: Answer) -> String,
    /// Why this answer was seen, in two sentences.
    pub why: fn(&Setup, Answer) -> &'static str,
    /// Where the tutorial explains it, in the tutorial's own words.
    pub tutorial: fn(sentence: &str) -> String,
    /// Whether a question is asked before each run.
    pub asks_switch: &'static str,
    /// That the answer comes with the run.
    pub not_yet: &'static str,
}

/// The sentence of the tutorial of `egui_stream_builder` that explains an experiment, as it stands there.
pub fn tutorial_sentence(experiment: Experiment) -> &'static str {
    match experiment {
        Experiment::One | Experiment::Steady => {
            "Nobody asks egui for a frame here: the builder polls the stream with a waker of its own, \
             and the timer wakes it."
        }
        Experiment::Ten | Experiment::Flood => {
            "Both draw nothing without a reason, and both draw once for many events between two \
             frames: the builder sees some of the events, in their order, the last one always."
        }
        Experiment::SlowBuilder => {
            "A `builder` that is slow costs a frame in either; with us it costs every frame, whoever \
             asked for it."
        }
        Experiment::PausedReader => {
            "`send(…).await` makes the task wait while the window falls behind; `try_send` makes the \
             window go on where the task does."
        }
        Experiment::Failure => {
            "An error stands in the place of the data until the next event; whether the stream goes \
             on is its own affair."
        }
        Experiment::Close | Experiment::Cut => "and what came last stays with it.",
        Experiment::AnotherStream => "What the last one said stays until the new one speaks.",
        Experiment::Hidden => {
            "`logic` takes in what has happened, and runs while the window is hidden too; `ui` draws \
             what there is."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tutorial_says_what_is_quoted() {
        let tutorial = include_str!("../../crates/egui_stream_builder/src/tutorial.rs");
        let words = |line: &str| {
            let line = line.trim().trim_start_matches("//!").trim();
            line.trim_start_matches("//").trim().to_owned()
        };
        let tutorial = tutorial.lines().map(words).collect::<Vec<_>>().join(" ");
        for experiment in Experiment::ALL {
            assert!(tutorial.contains(tutorial_sentence(experiment)), "{experiment:?}");
        }
    }
}
