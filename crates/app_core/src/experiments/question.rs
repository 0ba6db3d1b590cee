//! The question that an experiment asks before it runs, and the answer that the run gave. Pure: the answer is
//! computed from what was seen, whatever was expected.

use super::{Experiment, Parameter, Setup};

/// An answer, guessed or seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// So many.
    Number(u64),
    /// This one of the choices.
    Choice(Choice),
}

/// What there is to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Choice {
    /// Every message is drawn.
    DrawsAll,
    /// One of some is drawn.
    DrawsSome,
    /// Not one in ten is drawn.
    DrawsFew,
    /// No message is lost.
    LosesNone,
    /// Some are lost.
    LosesSome,
    /// Most are lost.
    LosesMost,
    /// The sender stops once nothing more may wait.
    StopsWhenFull,
    /// The sender doesn't stop.
    StopsNever,
    /// The snapshot holds the last message.
    HoldsMessage,
    /// The snapshot holds an error.
    HoldsError,
    /// The snapshot holds nothing.
    HoldsNothing,
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// By a number from 0 to this.
    Number {
        /// The most that can be answered.
        most: u64,
    },
    /// By one of these.
    Choices(&'static [Choice]),
}

/// What was seen of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Data, errors and ends that the builder took in.
    pub events: u64,
    /// Frames that drew something new.
    pub rebuilds: u64,
    /// The builder waited for its stream to speak first, and this was its value then: `Some(true)` where it was
    /// data, `Some(false)` where it was an error.
    pub value_while_waiting: Option<Option<bool>>,
    /// The value of the snapshot now.
    pub value: Option<bool>,
    /// The stream is over, and all of it was taken in.
    pub is_done: bool,
    /// Messages that have arrived at the socket.
    pub arrived: u64,
    /// Messages that wait in the mailbox.
    pub waiting: u64,
}

impl Setup {
    /// How its question is answered.
    #[must_use]
    pub fn question(&self) -> Question {
        use Choice::{
            DrawsAll, DrawsFew, DrawsSome, HoldsError, HoldsMessage, HoldsNothing, LosesMost,
            LosesNone, LosesSome, StopsNever, StopsWhenFull,
        };
        match self.experiment() {
            Experiment::One => Question::Number { most: 100 },
            Experiment::Ten | Experiment::Steady => {
                Question::Number { most: 2 * u64::from(self.value(Parameter::Count)) }
            }
            Experiment::Flood => Question::Choices(&[DrawsAll, DrawsSome, DrawsFew]),
            Experiment::SlowBuilder | Experiment::Hidden => {
                Question::Choices(&[LosesMost, LosesSome, LosesNone])
            }
            Experiment::PausedReader => Question::Choices(&[StopsNever, StopsWhenFull]),
            Experiment::Failure
            | Experiment::Close
            | Experiment::Cut
            | Experiment::AnotherStream => {
                Question::Choices(&[HoldsNothing, HoldsError, HoldsMessage])
            }
        }
    }

    /// The answer that a run gave; `None` while it is not known yet.
    #[must_use]
    pub fn answer(&self, seen: &Seen) -> Option<Answer> {
        let count = u64::from(self.value(Parameter::Count));
        let taken = seen.events.saturating_sub(u64::from(seen.is_done));
        let choice = match self.experiment() {
            Experiment::One => {
                return (seen.events > 0).then_some(Answer::Number(seen.rebuilds));
            }
            Experiment::Ten => return seen.is_done.then_some(Answer::Number(seen.rebuilds)),
            Experiment::Steady => return seen.is_done.then_some(Answer::Number(seen.events)),
            Experiment::PausedReader => {
                let inbox = u64::from(self.value(Parameter::Inbox));
                if seen.arrived >= count {
                    Choice::StopsNever
                } else if seen.waiting >= inbox {
                    Choice::StopsWhenFull
                } else {
                    return None;
                }
            }
            Experiment::AnotherStream => {
                if seen.events == 0 {
                    return None;
                }
                holds(seen.value_while_waiting?)
            }
            _ if !seen.is_done => return None,
            Experiment::Flood => match (seen.rebuilds, count) {
                (rebuilds, count) if rebuilds >= count => Choice::DrawsAll,
                (rebuilds, count) if rebuilds * 10 >= count => Choice::DrawsSome,
                _ => Choice::DrawsFew,
            },
            Experiment::SlowBuilder | Experiment::Hidden => match count.saturating_sub(taken) {
                0 => Choice::LosesNone,
                lost if lost * 2 < count => Choice::LosesSome,
                _ => Choice::LosesMost,
            },
            Experiment::Failure | Experiment::Close | Experiment::Cut => holds(seen.value),
        };
        Some(Answer::Choice(choice))
    }
}

fn holds(value: Option<bool>) -> Choice {
    match value {
        Some(true) => Choice::HoldsMessage,
        Some(false) => Choice::HoldsError,
        None => Choice::HoldsNothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_what_was_seen() {
        let done = |events, rebuilds, value| Seen {
            events,
            rebuilds,
            value,
            is_done: true,
            ..Seen::default()
        };
        let choice = |choice| Some(Answer::Choice(choice));
        for (experiment, seen, answer) in [
            (Experiment::Ten, done(11, 2, Some(true)), Some(Answer::Number(2))),
            (Experiment::Steady, done(301, 290, Some(true)), Some(Answer::Number(301))),
            (Experiment::Flood, done(100_001, 60, Some(true)), choice(Choice::DrawsFew)),
            (Experiment::Flood, done(100_001, 100_001, Some(true)), choice(Choice::DrawsAll)),
            (Experiment::SlowBuilder, done(121, 20, Some(true)), choice(Choice::LosesNone)),
            (Experiment::SlowBuilder, done(90, 20, Some(true)), choice(Choice::LosesSome)),
            (Experiment::Failure, done(2, 1, Some(false)), choice(Choice::HoldsError)),
            (Experiment::Cut, done(2, 2, Some(true)), choice(Choice::HoldsMessage)),
            (Experiment::Cut, Seen::default(), None),
            (Experiment::PausedReader, Seen { waiting: 999, ..Seen::default() }, None),
            (
                Experiment::PausedReader,
                Seen { waiting: 1_000, arrived: 1_400, ..Seen::default() },
                choice(Choice::StopsWhenFull),
            ),
            (
                Experiment::AnotherStream,
                Seen { events: 1, value_while_waiting: Some(None), ..Seen::default() },
                choice(Choice::HoldsNothing),
            ),
        ] {
            assert_eq!(Setup::new(experiment).answer(&seen), answer, "{experiment:?} {seen:?}");
        }
    }

    #[test]
    fn every_choice_that_can_be_seen_can_be_guessed() {
        for experiment in Experiment::ALL {
            let setup = Setup::new(experiment);
            for value in [None, Some(true), Some(false)] {
                for events in [0, 1, 70, 121, 301, 2_000, 100_001] {
                    let seen = Seen {
                        events,
                        rebuilds: events / 2,
                        value_while_waiting: Some(value),
                        value,
                        is_done: true,
                        arrived: events,
                        waiting: events,
                    };
                    match (setup.question(), setup.answer(&seen)) {
                        (Question::Choices(choices), Some(Answer::Choice(choice))) => {
                            assert!(choices.contains(&choice), "{experiment:?}: {choice:?}");
                        }
                        (Question::Number { .. }, Some(Answer::Number(_))) | (_, None) => {}
                        other => unreachable!("{experiment:?}: {other:?}"),
                    }
                }
            }
        }
    }
}
