//! The question before a run, and the answer after it.

use app_core::experiments::{Answer, Question, Setup};
use app_core::{Msg, TrialMsg, Trials};
use egui::{DragValue, Label, Ui, accesskit};
use material::{Radio, Scheme, Type, radio_group};

use crate::i18n::{Words, tutorial_sentence};

/// Asks, where this is not what has run.
pub(super) fn question_ui(
    ui: &mut Ui,
    words: &Words,
    setup: &Setup,
    guess: Option<Answer>,
) -> Option<Msg> {
    let mut action = None;
    let mut guessed = |answer| action = Some(Msg::Trial(TrialMsg::Guess(answer)));
    let question = (words.questions.question)(setup);
    let label = body_ui(ui, &question);
    match setup.question() {
        Question::Choices(choices) => radio_group(ui, &question, |ui| {
            for choice in choices {
                let answer = Answer::Choice(*choice);
                let radio = Radio::new(guess == Some(answer), (words.questions.choice)(*choice));
                if ui.add(radio).clicked() {
                    guessed(answer);
                }
            }
        }),
        Question::Number { most } => {
            let mut number = match guess {
                Some(Answer::Number(number)) => number,
                _ => 0,
            };
            // At its own speed a key would change a whole number by a quarter, and so by nothing.
            let number_field = DragValue::new(&mut number)
                .range(0..=most)
                .speed(1.0)
                .custom_formatter(|number, _| match guess {
                    None if number < 1.0 => "?".to_owned(),
                    _ => format!("{number:.0}"),
                });
            let response = ui.add_sized([96.0, 32.0], number_field).labelled_by(label.id);
            if response.changed() {
                guessed(Answer::Number(number));
            }
        }
    }
    action
}

/// The answer beside the guess, once it is known.
pub(super) fn answer_ui(ui: &mut Ui, words: &Words, trials: &Trials) {
    let (Some(setup), Some(answer)) = (trials.running(), trials.answer()) else {
        body_ui(ui, words.questions.not_yet);
        return;
    };
    let guessed = (words.questions.guessed)(trials.guess(), answer);
    let text = format!("{guessed} {}", (words.questions.why)(setup, answer));
    let label = body_ui(ui, &text);
    ui.ctx().accesskit_node_builder(label.id, |node| node.set_live(accesskit::Live::Polite));
    ui.add_space(4.0);
    let tutorial = (words.questions.tutorial)(tutorial_sentence(setup.experiment()));
    let color = Scheme::of(ui).on_surface_variant;
    ui.add(Label::new(Type::BODY_SMALL.rich(tutorial).color(color)).wrap());
}

fn body_ui(ui: &mut Ui, text: &str) -> egui::Response {
    let color = Scheme::of(ui).on_surface;
    ui.add(Label::new(Type::BODY_MEDIUM.rich(text).color(color)).wrap())
}
