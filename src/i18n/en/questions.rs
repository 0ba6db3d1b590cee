//! English, of what is asked before an experiment runs.

use app_core::experiments::{Answer, Choice, Experiment, Parameter, Setup};

use crate::i18n::{QuestionWords, group_digits};

pub(super) const WORDS: QuestionWords = QuestionWords {
    question,
    choice,
    number_label: "Your guess",
    guessed: |guess, seen| match guess {
        None => format!("It was: {}.", answer(seen)),
        Some(guess) if guess == seen => format!("You guessed right: {}.", answer(seen)),
        Some(guess) => format!("You guessed: {}. It was: {}.", answer(guess), answer(seen)),
    },
    why,
    tutorial: |sentence| format!("In the tutorial: “{sentence}”"),
    asks_switch: "Ask before each run",
    not_yet: "The answer comes with the run.",
};

fn question(setup: &Setup) -> String {
    let count = group_digits(setup.value(Parameter::Count).into());
    match setup.experiment() {
        Experiment::One => {
            "One message goes out and comes back. How many rebuilds follow?".to_owned()
        }
        Experiment::Ten => format!("{count} messages come. How many rebuilds follow?"),
        Experiment::Flood => {
            format!("{count} messages come at once. How many of them does the page draw?")
        }
        Experiment::Steady => format!(
            "{count} messages come, then the server closes. How many events does the builder take in?"
        ),
        Experiment::SlowBuilder => format!(
            "Drawing takes {} ms longer than it should. How many of {count} messages are lost?",
            setup.value(Parameter::Build)
        ),
        Experiment::PausedReader => {
            format!(
                "{count} messages are on their way and nobody reads. When does the sender stop?"
            )
        }
        Experiment::Failure => {
            "The server refuses the connection. What does the snapshot hold then?".to_owned()
        }
        Experiment::Close => {
            "A message comes, then the server closes. What does the snapshot hold then?".to_owned()
        }
        Experiment::Cut => {
            "A message comes, then the cable is pulled. What does the snapshot hold then?"
                .to_owned()
        }
        Experiment::AnotherStream => {
            "Another stream takes the old one's place. What does the snapshot hold while it waits?"
                .to_owned()
        }
        Experiment::Hidden => {
            format!("Hide this window for a while. How many of {count} messages does it miss?")
        }
    }
}

fn choice(choice: Choice) -> &'static str {
    match choice {
        Choice::DrawsAll => "All of them",
        Choice::DrawsSome => "Some of them",
        Choice::DrawsFew => "Not one in ten",
        Choice::LosesNone => "None",
        Choice::LosesSome => "Some",
        Choice::LosesMost => "Most",
        Choice::StopsWhenFull => "When the mailbox is full",
        Choice::StopsNever => "Not at all",
        Choice::HoldsMessage => "The last message",
        Choice::HoldsError => "An error",
        Choice::HoldsNothing => "Nothing",
    }
}

fn answer(answer: Answer) -> String {
    match answer {
        Answer::Number(number) => group_digits(number),
        Answer::Choice(chosen) => {
            let chosen = choice(chosen);
            chosen[..1].to_lowercase() + &chosen[1..]
        }
    }
}

fn why(setup: &Setup, answer: Answer) -> &'static str {
    match (setup.experiment(), answer) {
        (Experiment::One, _) => {
            "An event asks for a frame, and that frame draws it. Nothing else is drawn, however long \
             the page lies there."
        }
        (Experiment::Ten, _) => {
            "What has come before a frame is taken in by that frame, and only the last of it is drawn. \
             So it matters when messages come, and not how many there are."
        }
        (Experiment::Steady, _) => {
            "The end of a stream is an event as well, one more than there are messages. The builder \
             takes in every one of them, whether it is drawn or not."
        }
        (Experiment::Flood, Answer::Choice(Choice::DrawsAll)) => {
            "With no more budget than for one event each frame takes in one and draws it. The screen is \
             then behind for as long as all those frames take."
        }
        (Experiment::Flood, _) => {
            "Each frame takes in as many as its budget allows, and draws the last. All of them are \
             taken in, and the window goes on answering."
        }
        (Experiment::SlowBuilder, Answer::Choice(Choice::LosesNone)) => {
            "They wait in the mailbox while a frame is drawn, and the next frame takes them all in. A \
             slow builder makes the screen late, and loses nothing."
        }
        (Experiment::Hidden, Answer::Choice(Choice::LosesNone)) => {
            "A window that is hidden goes on taking events in, and draws none of them. What came \
             meanwhile is one rebuild once it is seen again."
        }
        (Experiment::SlowBuilder | Experiment::Hidden, _) => {
            "The stream ended before all of them had come. What a builder is not given, it can't take in."
        }
        (Experiment::PausedReader, Answer::Choice(Choice::StopsNever)) => {
            "All of them had room in the mailbox and the network. With more of them, or a smaller \
             mailbox, the sender has to wait."
        }
        (Experiment::PausedReader, _) => {
            "A full mailbox is not filled further, so the network fills, and then the sender waits. \
             Nothing is lost: read on, and the rest comes."
        }
        (Experiment::Failure, _) => {
            "An error is an event like data, and stands in its place in the snapshot. The stream may go \
             on after one; here it ends."
        }
        (Experiment::Close | Experiment::Cut, Answer::Choice(Choice::HoldsMessage)) => {
            "The end changes the state to Done and leaves the value as it was. A close yields no \
             error, and a connection that is cut yields none either."
        }
        (Experiment::Close | Experiment::Cut, _) => {
            "No message had come before the end. The end itself is no value, and leaves the snapshot \
             as it was."
        }
        (Experiment::AnotherStream, Answer::Choice(Choice::HoldsMessage)) => {
            "Waiting says that the new stream has not spoken, and the old value stays until it does. A \
             page that showed nothing meanwhile would flicker."
        }
        (Experiment::AnotherStream, _) => {
            "What the old stream said last stays until the new one speaks. Try “One message” first, \
             then this again."
        }
    }
}
