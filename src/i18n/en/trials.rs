//! English, of an experiment's parameters and of its link.

use app_core::experiments::{
    Experiment, LinkPart, LinkProblem, Pace, Parameter, Setup, link::MAX_LINK_BYTES,
};

use crate::i18n::{TrialWords, group_digits};

pub(super) const WORDS: TrialWords = TrialWords {
    parameter: |parameter| match parameter {
        Parameter::Count => "Messages",
        Parameter::Pace => "They come",
        Parameter::Rate => "In a second",
        Parameter::Seed => "Seed",
        Parameter::Size => "Bytes each",
        Parameter::Budget => "Budget in ms",
        Parameter::Build => "Drawing in ms",
        Parameter::Inbox => "Mailbox holds",
    },
    about_parameter: |parameter| match parameter {
        Parameter::Count => "How many messages come",
        Parameter::Pace => "When the messages come",
        Parameter::Rate => "How many messages come in a second, in the mean",
        Parameter::Seed => "The same seed gives the same random times, everywhere",
        Parameter::Size => "How long each message is; all of them come to 256 MiB at most",
        Parameter::Budget => {
            "How long one frame may take events in; with 0 each frame takes in one event"
        }
        Parameter::Build => "How much longer it takes to draw something new",
        Parameter::Inbox => "How many messages may wait to be read before the sender has to",
    },
    bounds: |least, most| {
        format!("{} to {}", group_digits(least.into()), group_digits(most.into()))
    },
    pace: |pace| match pace {
        Pace::AtOnce => "All at once",
        Pace::Steady => "Steadily",
        Pace::Random => "At random",
    },
    run_button: "Run",
    reset_button: "Defaults",
    copy_button: "Copy link",
    in_force,
    bad_link: |problem| format!("This link can't be read. {}", link_problem(problem)),
};

fn in_force(setup: &Setup) -> Option<String> {
    let changes = |parameter| {
        let default = Setup::new(Experiment::Ten).value(parameter);
        (setup.value(parameter) != default).then(|| setup.value(parameter))
    };
    let budget = changes(Parameter::Budget).map(|ms| format!("the frame budget is {ms} ms"));
    let build = changes(Parameter::Build).map(|ms| format!("drawing takes {ms} ms longer"));
    let parts: Vec<String> = [budget, build].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| format!("While this runs, {}.", parts.join(" and ")))
}

/// What is wrong with a link, where, and what is allowed there.
pub(super) fn link_problem(problem: &LinkProblem) -> String {
    let LinkProblem { part, at, found } = problem;
    let found = match found.as_str() {
        "" => "nothing".to_owned(),
        found => format!("“{found}”"),
    };
    let allowed = match part {
        LinkPart::Version => "a link begins with its version, 1".to_owned(),
        LinkPart::Experiment => {
            format!("the experiments are {}", Experiment::ALL.map(Experiment::name).join(", "))
        }
        LinkPart::Name(experiment) => match names(*experiment) {
            names if names.is_empty() => "this experiment has no parameters".to_owned(),
            names => format!("what can be set here, once each, is {names}"),
        },
        LinkPart::Value { parameter: Parameter::Pace, .. } => {
            format!("pace is one of {}", Pace::ALL.map(Pace::name).join(", "))
        }
        LinkPart::Value { parameter, least, most } => format!(
            "{} is a whole number from {} to {}",
            parameter.name(),
            group_digits((*least).into()),
            group_digits((*most).into())
        ),
        LinkPart::Length => format!("a link has at most {MAX_LINK_BYTES} bytes"),
    };
    format!("At character {at} there is {found}; {allowed}.")
}

fn names(experiment: Experiment) -> String {
    let names: Vec<_> = Parameter::of(experiment).iter().map(|it| it.name()).collect();
    names.join(", ")
}
