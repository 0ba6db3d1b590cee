//! What an experiment asks before it runs, in a real browser, as assistive technology hears and answers it: each
//! once through, opened by its link.

use app_core::experiments::{Answer, Choice, Experiment, Question, Setup};
use websocket_echo::i18n::{Language, Words, words};

use crate::browser::Browser;
use crate::echo::REFUSED;
use crate::servers::EchoServer;
use crate::setup;

const ENGLISH: &Words = words(Language::English);

#[tokio::test]
async fn a_link_asks_and_the_run_answers() {
    let server = EchoServer::with_app(&setup::dist());
    Browser::run(Some(REFUSED), async move |browser| {
        for experiment in Experiment::ALL {
            let link = match experiment {
                // Twenty seconds at its default.
                Experiment::Hidden => "1.hidden.count-120".to_owned(),
                other => Setup::new(other).to_link(),
            };
            let setup = Setup::of_link(&link).unwrap();
            browser.open(&format!("{}?try={link}", server.page())).await;
            // The browser remembers that it was asked for.
            if experiment == Experiment::ALL[0] {
                browser.until_said("Open").await;
                browser.ask_for_the_mirror().await;
            }
            browser.until_told("Open").await;
            let question = (ENGLISH.questions.question)(&setup);
            let (guess, expected) = match setup.question() {
                Question::Number { .. } => {
                    browser.find("spinbutton", &question).await;
                    (None, None)
                }
                Question::Choices(choices) => {
                    browser.find("radiogroup", &question).await;
                    let first = (ENGLISH.questions.choice)(choices[0]);
                    browser.click_on("radio", first).await;
                    browser.until_state("radio", first, "checked", "true").await;
                    let right = match experiment {
                        Experiment::Flood => Choice::DrawsFew,
                        Experiment::PausedReader => Choice::StopsWhenFull,
                        Experiment::Failure => Choice::HoldsError,
                        Experiment::Close | Experiment::Cut => Choice::HoldsMessage,
                        // The page was opened anew: there was no stream before that had spoken.
                        Experiment::AnotherStream => Choice::HoldsNothing,
                        _ => Choice::LosesNone,
                    };
                    (Some(Answer::Choice(choices[0])), Some(Answer::Choice(right)))
                }
            };
            browser.click_on("button", ENGLISH.trials.run_button).await;
            let told = |answer| {
                let guessed = (ENGLISH.questions.guessed)(guess, answer);
                format!("{guessed} {}", (ENGLISH.questions.why)(&setup, answer))
            };
            match (experiment, expected) {
                (_, Some(answer)) => browser.until_told(&told(answer)).await,
                (Experiment::One, _) => browser.until_told(&told(Answer::Number(1))).await,
                (Experiment::Steady, _) => browser.until_told(&told(Answer::Number(301))).await,
                // However many frames the browser gives.
                _ => {
                    let why = (ENGLISH.questions.why)(&setup, Answer::Number(0));
                    browser.until_told_of(why).await;
                }
            }
        }
    })
    .await;
}
