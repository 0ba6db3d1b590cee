//! What runs come to, and which figures of it are shown.

use frame_loops::{Figures, Run, Swept, Value, Way};

/// What was run last.
#[derive(Debug, Default)]
pub struct Compared {
    /// One for each way.
    pub lanes: Vec<ComparedRun>,
    /// For each value of a parameter the figures of each way.
    pub sweep: Option<Sweep>,
    /// Others are being made.
    pub is_running: bool,
}

/// A run, with what it comes to.
#[derive(Debug)]
pub struct ComparedRun {
    /// What happened.
    pub run: Run,
    /// What it comes to.
    pub figures: Figures,
}

/// Ways over the range of a parameter.
#[derive(Debug)]
pub struct Sweep {
    /// The parameter.
    pub swept: Swept,
    /// The ways, in the order of their figures.
    pub ways: Vec<Way>,
    /// Each value, and the figures of each way.
    pub points: Vec<(Value, Vec<Figures>)>,
}

/// What is drawn of the ways over the range of a parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Measure {
    /// The longest time from the arrival of an event until the screen showed it or a newer one.
    #[default]
    Latency,
    /// Frames with something new.
    Rebuilds,
}

impl Measure {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Latency, Self::Rebuilds];

    /// What it is in a run.
    #[must_use]
    pub fn of(self, figures: &Figures) -> Value {
        match self {
            Self::Latency => Value::Time(figures.every.max),
            Self::Rebuilds => Value::Count(figures.rebuilds),
        }
    }
}

/// A figure in which ways are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Figure {
    /// Frames that were drawn.
    Frames,
    /// Those with something new.
    Rebuilds,
    /// Events that a newer one replaced before a frame showed them.
    NeverShown,
    /// How old what a frame showed as new was: half of the time no older.
    NewestMedian,
    /// The same, 99 times of 100.
    NewestP99,
    /// The oldest.
    NewestMax,
    /// How long until the screen showed an event or a newer one: for half of all events no longer.
    EveryMedian,
    /// The same, for 99 of 100.
    EveryP99,
    /// The longest.
    EveryMax,
    /// The processor's time in frames.
    Cpu,
    /// The longest frame.
    LongestFrame,
}

impl Figure {
    /// All of them, as they stand in a table.
    pub const ALL: [Self; 11] = [
        Self::Frames,
        Self::Rebuilds,
        Self::NeverShown,
        Self::NewestMedian,
        Self::NewestP99,
        Self::NewestMax,
        Self::EveryMedian,
        Self::EveryP99,
        Self::EveryMax,
        Self::Cpu,
        Self::LongestFrame,
    ];

    /// What it is in a run.
    #[must_use]
    pub fn of(self, figures: &Figures) -> Value {
        match self {
            Self::Frames => Value::Count(figures.frames),
            Self::Rebuilds => Value::Count(figures.rebuilds),
            Self::NeverShown => Value::Count(figures.never_shown),
            Self::NewestMedian => Value::Time(figures.newest.median),
            Self::NewestP99 => Value::Time(figures.newest.p99),
            Self::NewestMax => Value::Time(figures.newest.max),
            Self::EveryMedian => Value::Time(figures.every.median),
            Self::EveryP99 => Value::Time(figures.every.p99),
            Self::EveryMax => Value::Time(figures.every.max),
            Self::Cpu => Value::Time(figures.cpu),
            Self::LongestFrame => Value::Time(figures.longest_frame),
        }
    }
}
