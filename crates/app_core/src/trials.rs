//! What is tried: the experiment that is chosen, with its parameters, and the one that runs. Pure.

use crate::experiments::{Experiment, LinkProblem, Parameter, Setup};

/// What is tried, and what could be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trials {
    pub(crate) chosen: Option<Setup>,
    pub(crate) running: Option<Setup>,
    pub(crate) problem: Option<LinkProblem>,
}

/// What the person does with an experiment that does not run yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrialMsg {
    /// This one is to be next, with its parameters at their defaults unless it is chosen already.
    Choose(Experiment),
    /// This parameter of it is this now.
    Set(Parameter, u32),
    /// Its parameters are at their defaults again.
    Reset,
    /// Put a link to it where it can be pasted from.
    CopyLink,
}

impl Trials {
    /// What was asked for when the page was opened, if anything was.
    pub(crate) fn asked(link: Option<&str>) -> Self {
        match link.map(Setup::of_link) {
            None => Self::default(),
            Some(Ok(setup)) => Self { chosen: Some(setup), ..Self::default() },
            Some(Err(problem)) => Self { problem: Some(problem), ..Self::default() },
        }
    }

    /// What is run next.
    #[must_use]
    pub fn chosen(&self) -> Option<&Setup> {
        self.chosen.as_ref()
    }

    /// What runs or has run last, until the person connects to something else.
    #[must_use]
    pub fn running(&self) -> Option<&Setup> {
        self.running.as_ref()
    }

    /// What is wrong with the link that the page was opened with, until something is chosen.
    #[must_use]
    pub fn problem(&self) -> Option<&LinkProblem> {
        self.problem.as_ref()
    }

    /// This one is next. Gives it as it is set.
    pub(crate) fn choose(&mut self, experiment: Experiment) -> Setup {
        self.problem = None;
        let kept = self.chosen.filter(|setup| setup.experiment() == experiment);
        *self.chosen.insert(kept.unwrap_or_else(|| Setup::new(experiment)))
    }
}
