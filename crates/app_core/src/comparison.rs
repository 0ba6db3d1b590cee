//! The same events taken in in several ways: which view of a recording is shown, which events and ways are
//! compared, and what was changed of them. The runs themselves are made elsewhere.
//!
//! - `following`: when the events of a recording that grows are compared anew;
//! - `subject`: what the ways are given;
//! - `figures`: what runs come to.

use std::time::Duration;

pub use frame_loops::{Arrival, Figures, Setup, Swept, Value, Way};

use crate::time_window::{TimeWindow, ZoomStep};

mod figures;
mod following;
mod subject;

pub use figures::{Compared, ComparedRun, Figure, Measure, Sweep};
use following::Following;
pub use following::{AT_LEAST_EVERY, QUIET};
pub use subject::{Events, MAX_COMPARED, MAX_SPAN, Subject};

/// What the panel shows of a recording.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum View {
    /// What happened.
    #[default]
    Happened,
    /// Its events, taken in in several ways, over one time.
    SideBySide,
    /// The ways over the range of one parameter.
    OverRange,
    /// Its events and what one way makes of them; they can be moved.
    Marbles,
}

impl View {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Happened, Self::SideBySide, Self::OverRange, Self::Marbles];
}

/// Which view of a recording is shown, and what is compared in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    view: View,
    subject: Option<Subject>,
    following: Following,
    ways: Vec<Way>,
    marble_way: Way,
    swept: Swept,
    measure: Measure,
    /// The moment of which lanes tell what the screen showed; none where it is their end.
    moment: Option<Duration>,
    window: TimeWindow,
}

impl Default for Comparison {
    fn default() -> Self {
        Self {
            view: View::default(),
            subject: None,
            following: Following::default(),
            ways: Way::ALL.to_vec(),
            marble_way: Way::StreamBuilder,
            swept: Swept::BurstSize,
            measure: Measure::default(),
            moment: None,
            window: TimeWindow::default(),
        }
    }
}

/// What the person does with a comparison.
#[derive(Clone, Debug)]
pub enum ComparisonMsg {
    /// Show this view.
    Show(View),
    /// Compare these events, and no others that come.
    Take(Events),
    /// Compare these events, which are the newest of the live recording, and those that will be.
    Follow(Events),
    /// Stay with the events that are compared.
    StopFollowing,
    /// Compare this way too, or no longer. One remains.
    ToggleWay(Way),
    /// Show what this way makes of the marbles.
    ChooseMarbleWay(Way),
    /// Tell what each screen showed at this moment, or at the end.
    ShowMoment(Option<Duration>),
    /// Show another part of the time.
    Zoom(ZoomStep),
    /// Vary this parameter.
    Vary(Swept),
    /// Draw this over its range.
    Measure(Measure),
    /// Compare the ways at this value of the parameter.
    Open(Value),
    /// Keys move this marble, counted from 0.
    ChooseMarble(usize),
    /// The event of that marble arrives at this time.
    MoveMarble(Duration),
    /// Everything as it was recorded.
    PutBack,
}

/// Runs that are to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Of these events.
    pub arrivals: Vec<Arrival>,
    /// In this.
    pub setup: Setup,
    /// In these ways.
    pub ways: Vec<Way>,
    /// One for each value of this, if any; else one.
    pub swept: Option<Swept>,
}

/// What is to be done for a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComparisonEffect {
    /// Make these runs, and none that was to be made before.
    Run(Task),
    /// Forget all runs.
    Forget,
}

/// What can be asked of it.
impl Comparison {
    /// The view that is shown.
    #[must_use]
    pub fn view(&self) -> View {
        self.view
    }

    /// What is compared, if anything was taken of the recording.
    #[must_use]
    pub fn subject(&self) -> Option<&Subject> {
        self.subject.as_ref()
    }

    /// Whether what comes into the live recording is compared too.
    #[must_use]
    pub fn follows(&self) -> bool {
        self.following.is_on()
    }

    /// How long until the newest events are to be [followed](ComparisonMsg::Follow); none while nothing new has
    /// come, or nobody sees it.
    #[must_use]
    pub fn follows_in(&self, now: Duration) -> Option<Duration> {
        self.following.due_in(now).filter(|_| self.view != View::Happened)
    }

    /// The ways that are compared, in their order.
    #[must_use]
    pub fn ways(&self) -> &[Way] {
        &self.ways
    }

    /// The moment of which lanes tell what the screen showed; none where it is their end.
    #[must_use]
    pub fn moment(&self) -> Option<Duration> {
        self.moment
    }

    /// Which part of the time is seen.
    #[must_use]
    pub fn window(&self) -> TimeWindow {
        self.window
    }

    /// The way whose rebuilds stand below the marbles.
    #[must_use]
    pub fn marble_way(&self) -> Way {
        self.marble_way
    }

    /// The parameter that is varied.
    #[must_use]
    pub fn swept(&self) -> Swept {
        self.swept
    }

    /// What is drawn over its range.
    #[must_use]
    pub fn measure(&self) -> Measure {
        self.measure
    }
}

/// What follows.
impl Comparison {
    /// `setup` is what work costs where nothing of it is changed.
    pub(crate) fn update(&mut self, msg: ComparisonMsg, setup: Setup) -> Option<ComparisonEffect> {
        match msg {
            ComparisonMsg::Show(view) => self.view = view,
            ComparisonMsg::Take(events) => {
                self.following.stop();
                self.take(events, setup);
            }
            ComparisonMsg::Follow(events) => {
                self.following.go_on();
                if !self.follow(events, setup) {
                    return None;
                }
            }
            ComparisonMsg::StopFollowing => {
                self.following.stop();
                return None;
            }
            ComparisonMsg::ToggleWay(way) => {
                let is_chosen = |other: &Way| self.ways.contains(other) != (*other == way);
                let ways: Vec<_> = Way::ALL.into_iter().filter(is_chosen).collect();
                if !ways.is_empty() {
                    self.ways = ways;
                }
            }
            ComparisonMsg::ChooseMarbleWay(way) => self.marble_way = way,
            ComparisonMsg::Vary(swept) => self.swept = swept,
            ComparisonMsg::Measure(measure) => {
                self.measure = measure;
                return None;
            }
            ComparisonMsg::Open(value) => {
                self.subject.as_mut()?.open(self.swept, value);
                self.begin_anew();
                // What was chosen here would go.
                self.following.stop();
                self.view = View::SideBySide;
            }
            ComparisonMsg::ShowMoment(moment) => {
                self.moment = moment;
                self.window.follow_cursor();
                return None;
            }
            ComparisonMsg::Zoom(step) => {
                self.window.step(step);
                return None;
            }
            ComparisonMsg::ChooseMarble(marble) => {
                self.subject.as_mut()?.choose_marble(marble);
                self.window.follow_cursor();
                return None;
            }
            ComparisonMsg::MoveMarble(to) => {
                self.subject.as_mut()?.move_marble(to);
                self.window.follow_cursor();
                self.following.stop();
            }
            ComparisonMsg::PutBack => self.subject.as_mut()?.put_back(),
        }
        self.task().map(ComparisonEffect::Run)
    }

    fn take(&mut self, events: Events, setup: Setup) {
        self.subject = Some(Subject::new(events, setup));
        self.begin_anew();
    }

    /// It is another time than before.
    fn begin_anew(&mut self) {
        self.moment = None;
        self.window = TimeWindow::default();
    }

    /// Whether others are compared now.
    fn follow(&mut self, events: Events, setup: Setup) -> bool {
        let Some(subject) = &mut self.subject else {
            self.take(events, setup);
            return true;
        };
        let before = subject.recorded();
        let is_other = before.arrivals() != events.arrivals() || !subject.is_as_recorded();
        let begins_anew = before.numbers().0 != events.numbers().0;
        subject.follow(events);
        if begins_anew {
            self.begin_anew();
        }
        is_other
    }

    /// The live recording has grown.
    pub(crate) fn grew(&mut self, now: Duration) {
        self.following.grew(now);
    }

    /// What the view shows.
    fn task(&self) -> Option<Task> {
        let subject = self.subject.as_ref()?;
        let (ways, swept) = match self.view {
            View::Happened => return None,
            View::SideBySide => (self.ways.clone(), None),
            View::OverRange => (self.ways.clone(), Some(self.swept)),
            View::Marbles => (vec![self.marble_way], None),
        };
        Some(Task { arrivals: subject.arrivals().to_vec(), setup: *subject.setup(), ways, swept })
    }

    /// What was recorded is gone, or another recording is shown.
    pub(crate) fn forget(&mut self) -> Option<ComparisonEffect> {
        self.view = View::Happened;
        self.following = Following::default();
        self.subject.take().map(|_| ComparisonEffect::Forget)
    }

    /// Shows what happened again. Whether something else was shown.
    pub(crate) fn leave(&mut self) -> bool {
        std::mem::take(&mut self.view) != View::Happened
    }
}

#[cfg(test)]
mod tests;
