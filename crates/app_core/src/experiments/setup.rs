//! An experiment with its parameters: which of them matter in which experiment, and the bounds of each. Pure.

use std::time::Duration;

use super::{Experiment, Script};

/// The most bytes that all messages of a burst come to: the echo server's own bound.
const MAX_BURST_BYTES: u32 = 256 << 20;

/// Something that can be set. Each is a whole number within bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Parameter {
    /// How many messages come.
    Count,
    /// How they come: a [`Pace`], by its number.
    Pace,
    /// How many come in a second.
    Rate,
    /// By which chance they come.
    Seed,
    /// Of how many bytes each is.
    Size,
    /// How many milliseconds one frame may spend on taking events in. With none it takes in one event.
    Budget,
    /// How many milliseconds it takes to draw something new.
    Build,
    /// How many messages may wait to be read.
    Inbox,
}

impl Parameter {
    /// All of them, in the order of their controls.
    pub const ALL: [Self; 8] = [
        Self::Count,
        Self::Pace,
        Self::Rate,
        Self::Seed,
        Self::Size,
        Self::Budget,
        Self::Build,
        Self::Inbox,
    ];

    /// Those that can matter in an experiment.
    #[must_use]
    pub fn of(experiment: Experiment) -> &'static [Self] {
        match experiment {
            Experiment::Ten | Experiment::Steady | Experiment::SlowBuilder => {
                &[Self::Count, Self::Pace, Self::Rate, Self::Seed, Self::Budget, Self::Build]
            }
            Experiment::Flood => &[Self::Count, Self::Size, Self::Budget, Self::Build, Self::Inbox],
            Experiment::PausedReader => &[Self::Count, Self::Size, Self::Inbox],
            Experiment::Hidden => &[Self::Count, Self::Pace, Self::Rate, Self::Seed],
            Experiment::One
            | Experiment::Failure
            | Experiment::Close
            | Experiment::Cut
            | Experiment::AnotherStream => &[],
        }
    }

    /// Its name in a link, which never changes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Pace => "pace",
            Self::Rate => "rate",
            Self::Seed => "seed",
            Self::Size => "size",
            Self::Budget => "budget",
            Self::Build => "build",
            Self::Inbox => "inbox",
        }
    }

    /// The one with this [`name`](Self::name).
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|parameter| parameter.name() == name)
    }
}

/// When messages come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// In one burst, as fast as they are taken.
    AtOnce,
    /// Equally far apart.
    Steady,
    /// At random times, which are the same for the same seed.
    Random,
}

impl Pace {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::AtOnce, Self::Steady, Self::Random];

    /// Its name in a link, which never changes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AtOnce => "burst",
            Self::Steady => "steady",
            Self::Random => "random",
        }
    }

    /// Its number, as the value of [`Parameter::Pace`].
    #[must_use]
    pub fn number(self) -> u32 {
        self as u32
    }
}

/// An experiment with a value for each parameter that matters in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setup {
    experiment: Experiment,
    values: [u32; Parameter::ALL.len()],
}

impl Setup {
    /// With each parameter at its default.
    #[must_use]
    pub fn new(experiment: Experiment) -> Self {
        let values = Parameter::ALL.map(|parameter| default(experiment, parameter));
        Self { experiment, values }
    }

    /// What is tried.
    #[must_use]
    pub fn experiment(&self) -> Experiment {
        self.experiment
    }

    /// The value of a parameter; its default where it doesn't matter.
    #[must_use]
    pub fn value(&self, parameter: Parameter) -> u32 {
        self.values[parameter as usize]
    }

    /// When the messages come.
    #[must_use]
    pub fn pace(&self) -> Pace {
        let number = self.value(Parameter::Pace) as usize;
        Pace::ALL.get(number).copied().unwrap_or(Pace::AtOnce)
    }

    /// Sets a parameter, to the nearest value that it may have.
    pub fn set(&mut self, parameter: Parameter, value: u32) {
        let (least, most) = self.bounds(parameter);
        self.values[parameter as usize] = value.clamp(least, most);
        if parameter == Parameter::Count {
            // More of them have to be shorter.
            self.set(Parameter::Size, self.value(Parameter::Size));
        }
    }

    /// Whether every parameter is at its default.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::new(self.experiment)
    }

    /// The parameters that matter as the others are set: a burst has no rate, and only chance has a seed.
    pub fn parameters(&self) -> impl Iterator<Item = Parameter> {
        let pace = self.pace();
        Parameter::of(self.experiment).iter().copied().filter(move |parameter| match parameter {
            Parameter::Rate => pace != Pace::AtOnce,
            Parameter::Seed => pace == Pace::Random,
            _ => true,
        })
    }

    /// The least and the most that a parameter may be.
    #[must_use]
    pub fn bounds(&self, parameter: Parameter) -> (u32, u32) {
        match parameter {
            // More are no more to see where each is watched, and at a rate they would take for ever.
            Parameter::Count => match self.experiment {
                Experiment::Flood | Experiment::PausedReader => (1, 100_000),
                _ => (1, 10_000),
            },
            Parameter::Pace => (0, 2),
            Parameter::Rate => (1, 1_000),
            Parameter::Seed => (1, 9_999),
            Parameter::Size => {
                let count = self.value(Parameter::Count).max(1);
                (0, (MAX_BURST_BYTES / count).min(1 << 20))
            }
            Parameter::Budget => (0, 100),
            // A window that answers later than this looks broken.
            Parameter::Build => (0, 500),
            Parameter::Inbox => (1, 1 << 17),
        }
    }

    /// What the other end does.
    #[must_use]
    pub fn script(&self) -> Script {
        // A slow browser has had its first echo by then.
        let soon = Duration::from_secs(1);
        let count = self.value(Parameter::Count);
        match self.experiment {
            Experiment::One => Script::Echo,
            Experiment::Flood | Experiment::PausedReader => {
                Script::Burst { count, size: self.value(Parameter::Size) as usize }
            }
            Experiment::Ten | Experiment::Steady | Experiment::SlowBuilder | Experiment::Hidden => {
                let every =
                    Duration::from_micros(1_000_000 / u64::from(self.value(Parameter::Rate)));
                match self.pace() {
                    Pace::AtOnce => Script::Numbered { count },
                    Pace::Steady => Script::Ticker { every, count, seed: 0 },
                    Pace::Random => {
                        Script::Ticker { every, count, seed: self.value(Parameter::Seed) }
                    }
                }
            }
            Experiment::AnotherStream => Script::Delay { by: Duration::from_secs(1) },
            Experiment::Failure => Script::Refuse,
            Experiment::Close => Script::Close { code: 4123, reason: "done", after: soon },
            Experiment::Cut => Script::Cut { after: soon },
        }
    }

    /// The time that a frame may spend on taking events in; `None` where it stays as it is.
    #[must_use]
    pub fn budget(&self) -> Option<Duration> {
        self.duration(Parameter::Budget)
    }

    /// How long it takes to draw something new, beyond what it takes anyhow.
    #[must_use]
    pub fn build(&self) -> Option<Duration> {
        self.duration(Parameter::Build).filter(|build| !build.is_zero())
    }

    /// How many messages may wait to be read, where it matters.
    #[must_use]
    pub fn inbox_messages(&self) -> Option<usize> {
        let matters = Parameter::of(self.experiment).contains(&Parameter::Inbox);
        matters.then(|| self.value(Parameter::Inbox) as usize)
    }

    fn duration(&self, parameter: Parameter) -> Option<Duration> {
        let matters = Parameter::of(self.experiment).contains(&parameter);
        matters.then(|| Duration::from_millis(self.value(parameter).into()))
    }
}

/// What a parameter is at first. Old links count on it: another one takes another version of the links.
fn default(experiment: Experiment, parameter: Parameter) -> u32 {
    match (parameter, experiment) {
        (Parameter::Count, Experiment::Flood) => 100_000,
        (Parameter::Count, Experiment::PausedReader) => 20_000,
        (Parameter::Count, Experiment::Steady) => 300,
        (Parameter::Count, Experiment::SlowBuilder) => 120,
        (Parameter::Count, Experiment::Hidden) => 1_200,
        (Parameter::Count, _) => 10,
        (Parameter::Pace, Experiment::Steady | Experiment::SlowBuilder | Experiment::Hidden) => {
            Pace::Steady.number()
        }
        (Parameter::Pace, _) => Pace::AtOnce.number(),
        (Parameter::Rate, _) => 60,
        (Parameter::Seed, _) => 1,
        // More of them than a network holds, so that who sends them has to wait.
        (Parameter::Size, Experiment::PausedReader) => 1_024,
        (Parameter::Size, _) => 32,
        (Parameter::Budget, _) => 4,
        (Parameter::Build, Experiment::SlowBuilder) => 100,
        (Parameter::Build, _) => 0,
        (Parameter::Inbox, Experiment::PausedReader) => 1_000,
        // All of it at once: a browser can't hold a server back, and frames may be far apart.
        (Parameter::Inbox, _) => 1 << 17,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_within_its_bounds() {
        for experiment in Experiment::ALL {
            let setup = Setup::new(experiment);
            for parameter in Parameter::ALL {
                let (least, most) = setup.bounds(parameter);
                assert!((least..=most).contains(&setup.value(parameter)), "{experiment:?}");
            }
        }
    }

    #[test]
    fn more_messages_have_to_be_shorter() {
        let mut setup = Setup::new(Experiment::Flood);
        setup.set(Parameter::Count, 1);
        setup.set(Parameter::Size, u32::MAX);
        assert_eq!(setup.value(Parameter::Size), 1 << 20);
        setup.set(Parameter::Count, 100_000);
        let bytes = u64::from(setup.value(Parameter::Size)) * 100_000;
        assert!(bytes <= 256 << 20, "{bytes}");
    }

    #[test]
    fn a_rate_and_a_seed_matter_only_where_they_do_something() {
        let mut setup = Setup::new(Experiment::Ten);
        let has = |setup: &Setup, parameter| setup.parameters().any(|it| it == parameter);
        assert!(!has(&setup, Parameter::Rate) && !has(&setup, Parameter::Seed));
        setup.set(Parameter::Pace, Pace::Steady.number());
        assert!(has(&setup, Parameter::Rate) && !has(&setup, Parameter::Seed));
        setup.set(Parameter::Pace, Pace::Random.number());
        setup.set(Parameter::Seed, 7);
        assert_eq!(setup.script().path(), "/ticker?every=16666us&count=10&random=7");
    }
}
