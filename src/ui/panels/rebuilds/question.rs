//! The question before a run, and the answer after it.

use app_core::experiments::{Answer, Question, Setup};
use app_core::{Msg, TrialMsg, Trials};
use egui::{DragValue, Label, TextStyle, TextWrapMode, Ui, WidgetText, accesskit};
use material::{Radio, Scheme, Type, radio_group};

use crate::i18n::{Words, tutorial_sentence};

/// Between the answer and the tutorial's sentence.
const GAP: f32 = 4.0;

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

/// How high the question and the answer after it are: what stands below stays where it is, as somebody may be about
/// to press it.
pub(super) fn least_height(ui: &Ui, words: &Words, setup: &Setup) -> f32 {
    let answers: Vec<Answer> = match setup.question() {
        Question::Number { most } => [0, 1, most].map(Answer::Number).into(),
        Question::Choices(choices) => choices.iter().copied().map(Answer::Choice).collect(),
    };
    let height = |text: String, size: Type| {
        let text = WidgetText::from(size.rich(text));
        let wrap = Some(TextWrapMode::Wrap);
        text.into_galley(ui, wrap, ui.available_width(), TextStyle::Body).size().y
    };
    let guesses = answers.iter().copied().map(Some).chain([None]);
    let pairs = guesses.flat_map(|guess| answers.iter().map(move |answer| (guess, *answer)));
    let answer = pairs
        .map(|(guess, answer)| height(answer_text(words, setup, guess, answer), Type::BODY_MEDIUM));
    let tutorial = (words.questions.tutorial)(tutorial_sentence(setup.experiment()));
    let spacing = 2.0 * ui.spacing().item_spacing.y;
    answer.fold(0.0, f32::max) + GAP + spacing + height(tutorial, Type::BODY_SMALL)
}

fn answer_text(words: &Words, setup: &Setup, guess: Option<Answer>, answer: Answer) -> String {
    let guessed = (words.questions.guessed)(guess, answer);
    format!("{guessed} {}", (words.questions.why)(setup, answer))
}

/// The answer beside the guess, once it is known.
pub(super) fn answer_ui(ui: &mut Ui, words: &Words, trials: &Trials) {
    let (Some(setup), Some(answer)) = (trials.running(), trials.answer()) else {
        body_ui(ui, words.questions.not_yet);
        return;
    };
    let label = body_ui(ui, &answer_text(words, setup, trials.guess(), answer));
    ui.ctx().accesskit_node_builder(label.id, |node| node.set_live(accesskit::Live::Polite));
    ui.add_space(GAP);
    let tutorial = (words.questions.tutorial)(tutorial_sentence(setup.experiment()));
    let color = Scheme::of(ui).on_surface_variant;
    ui.add(Label::new(Type::BODY_SMALL.rich(tutorial).color(color)).wrap());
}

fn body_ui(ui: &mut Ui, text: &str) -> egui::Response {
    let color = Scheme::of(ui).on_surface;
    ui.add(Label::new(Type::BODY_MEDIUM.rich(text).color(color)).wrap())
}
