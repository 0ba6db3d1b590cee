//! What is tried: the experiment that is chosen, with its parameters, and the one that runs. Pure.

use crate::experiments::{Answer, Experiment, LinkProblem, Parameter, Seen, Setup};

/// What is tried, and what could be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trials {
    pub(crate) chosen: Option<Setup>,
    pub(crate) running: Option<Setup>,
    pub(crate) problem: Option<LinkProblem>,
    /// What the person expects of what is chosen, or expected of what runs.
    pub(crate) guess: Option<Answer>,
    /// What the run has shown.
    pub(crate) answer: Option<Answer>,
}

/// What the person does with an experiment that does not run yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrialMsg {
    /// This one is to be next, with its parameters at their defaults unless it is chosen already.
    Choose(Experiment),
    /// This parameter of it is this now.
    Set(Parameter, u32),
    /// This is what the person expects of it.
    Guess(Answer),
    /// Whether a question is asked before each run.
    SetAsks(bool),
    /// So far this was seen of the run.
    Saw(Seen),
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

    /// What the person expects, or expected of the run, if they said it.
    #[must_use]
    pub fn guess(&self) -> Option<Answer> {
        self.guess
    }

    /// What the run has shown, once that is known.
    #[must_use]
    pub fn answer(&self) -> Option<Answer> {
        self.answer
    }

    /// Whether something runs of which the answer is not known yet.
    #[must_use]
    pub fn awaits_answer(&self) -> bool {
        self.running.is_some() && self.answer.is_none()
    }

    /// So far this was seen of the run. An answer stays what it is: what a run shows later, such as that a reader
    /// was let go on, is no part of its question.
    pub(crate) fn saw(&mut self, seen: &Seen) {
        if self.awaits_answer() {
            self.answer = self.running.and_then(|setup| setup.answer(seen));
        }
    }

    /// What is chosen is another one now, and its question is open.
    pub(crate) fn reopen(&mut self) {
        self.running = None;
        self.guess = None;
        self.answer = None;
    }

    /// In what ways of taking events in are compared: with what is changed while this runs.
    pub(crate) fn frame_setup(&self) -> frame_loops::Setup {
        let mut setup = frame_loops::Setup::default();
        if let Some(running) = &self.running {
            setup.budget = running.budget().unwrap_or(setup.budget);
            setup.costs.build += running.build().unwrap_or_default();
        }
        setup
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
