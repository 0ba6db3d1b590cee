//! What the ways are given: the events of a recording, with what was changed of them, and what work costs.

use std::time::Duration;

use frame_loops::{Arrival, Setup, Swept, Value};

use crate::recording::{EventKind, Moment, RecordedEvent, Recording};

/// How many events are compared.
pub const MAX_COMPARED: usize = 1_000;

/// Events are compared that arrive within this time of the first one.
pub const MAX_SPAN: Duration = Duration::from_secs(30);

/// How many frames a run draws: all that a page draws in [`MAX_SPAN`] and a little more.
const MOST_FRAMES: usize = 2_000;

/// When the first event arrives in a run: not at a refresh of the screen, which would be a coincidence.
pub(super) const FIRST: Duration = Duration::from_micros(5_300);

/// What of a recording is compared: its messages and errors up to a moment, as an end is nothing to be drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Events {
    arrivals: Vec<Arrival>,
    first: u64,
    last: u64,
    until: u64,
    left_out: u64,
}

impl Events {
    /// The last ones up to this moment, at most [`MAX_COMPARED`] within [`MAX_SPAN`]. Of an event that nobody
    /// saw arrive it is the time at which it was taken in. The cost does not grow with the recording.
    #[must_use]
    pub fn of(recording: &Recording, moment: &Moment<'_>) -> Self {
        let until = moment.totals.events;
        let at = |event: &RecordedEvent<'_>| event.arrived.unwrap_or(event.taken);
        let mut events: Vec<_> = (1..=until)
            .rev()
            // Where there are more ends than messages, not all of it is looked through.
            .take(2 * MAX_COMPARED)
            .map_while(|number| recording.event(number))
            .filter(|event| event.kind != EventKind::Done)
            .take(MAX_COMPARED)
            .collect();
        let newest = events.iter().map(at).max().unwrap_or_default();
        let is_old = |event: &RecordedEvent<'_>| newest.saturating_sub(at(event)) > MAX_SPAN;
        let too_old = events.iter().position(is_old);
        let is_cut = too_old.is_some() || until > MAX_COMPARED as u64;
        events.truncate(too_old.unwrap_or(MAX_COMPARED));
        let oldest = events.iter().map(at).min().unwrap_or_default();
        let number = |event: Option<&RecordedEvent<'_>>| event.map_or(0, |event| event.number);
        let (first, last) = (number(events.last()), number(events.first()));
        let mut arrivals: Vec<_> = events
            .iter()
            .map(|event| Arrival {
                at: FIRST + at(event).saturating_sub(oldest),
                bytes: usize::try_from(event.bytes).unwrap_or(usize::MAX),
            })
            .rev()
            .collect();
        arrivals.sort_by_key(|arrival| arrival.at);
        // Before the first one there may be an end, which is nothing to be drawn.
        let left_out = if is_cut { first.saturating_sub(1) } else { 0 };
        Self { arrivals, first, last, until, left_out }
    }

    /// When they arrive, in order.
    #[must_use]
    pub fn arrivals(&self) -> &[Arrival] {
        &self.arrivals
    }

    /// The numbers that the first and the last of them have in the recording; 0 where there is none.
    #[must_use]
    pub fn numbers(&self) -> (u64, u64) {
        (self.first, self.last)
    }

    /// How many events had been taken in at the moment, ends included.
    #[must_use]
    pub fn until(&self) -> u64 {
        self.until
    }

    /// How many earlier ones are not compared.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.left_out
    }
}

/// What the ways are given: events, and what work costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    recorded: Events,
    recorded_setup: Setup,
    arrivals: Vec<Arrival>,
    setup: Setup,
    point: Option<(Swept, Value)>,
    marble: usize,
    is_moved: bool,
}

impl Subject {
    pub(super) fn new(recorded: Events, setup: Setup) -> Self {
        let arrivals = recorded.arrivals.clone();
        let setup = Setup { most_frames: MOST_FRAMES, ..setup };
        let (recorded_setup, point, marble) = (setup, None, 0);
        Self { recorded, recorded_setup, arrivals, setup, point, marble, is_moved: false }
    }

    /// What was taken of the recording.
    #[must_use]
    pub fn recorded(&self) -> &Events {
        &self.recorded
    }

    /// The events as they are compared now, in order.
    #[must_use]
    pub fn arrivals(&self) -> &[Arrival] {
        &self.arrivals
    }

    /// What work costs.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// Which parameter has another value than in the recording, and which.
    #[must_use]
    pub fn point(&self) -> Option<(Swept, Value)> {
        self.point
    }

    /// The number of the marble that keys move, counted from 0.
    #[must_use]
    pub fn marble(&self) -> usize {
        self.marble
    }

    /// Whether a marble was moved.
    #[must_use]
    pub fn is_moved(&self) -> bool {
        self.is_moved
    }

    /// Whether it is what was recorded.
    #[must_use]
    pub fn is_as_recorded(&self) -> bool {
        self.point.is_none() && !self.is_moved
    }

    /// How late an event may be moved.
    #[must_use]
    pub fn latest(&self) -> Duration {
        const ROOM: Duration = Duration::from_millis(50);
        let last = |arrivals: &[Arrival]| arrivals.last().map_or(FIRST, |arrival| arrival.at);
        match self.point {
            Some((Swept::BurstSize, _)) => FIRST + ROOM,
            _ => last(&self.recorded.arrivals) + ROOM,
        }
    }

    pub(super) fn open(&mut self, swept: Swept, value: Value) {
        let bytes = self.arrivals.first().map_or(0, |arrival| arrival.bytes);
        self.put_back();
        self.point = Some((swept, value));
        if let Some(burst) = swept.arrivals(value, bytes) {
            self.arrivals = burst;
        }
        self.setup = swept.setup(value, &self.setup);
    }

    pub(super) fn choose_marble(&mut self, marble: usize) {
        self.marble = marble.min(self.arrivals.len().saturating_sub(1));
    }

    pub(super) fn move_marble(&mut self, to: Duration) {
        if self.marble >= self.arrivals.len() {
            return;
        }
        let latest = self.latest();
        let mut moved = self.arrivals.remove(self.marble);
        moved.at = to.min(latest);
        // Among those of its time it stays on the side from which it comes.
        self.marble = match self.arrivals.get(self.marble) {
            Some(next) if next.at < moved.at => {
                self.arrivals.partition_point(|other| other.at < moved.at)
            }
            _ => {
                let after = self.arrivals.partition_point(|other| other.at <= moved.at);
                after.min(self.marble)
            }
        };
        self.arrivals.insert(self.marble, moved);
        self.is_moved = true;
    }

    /// The events as they are by now.
    pub(super) fn follow(&mut self, recorded: Events) {
        *self = Self { marble: self.marble, ..Self::new(recorded, self.recorded_setup) };
        self.choose_marble(self.marble);
    }

    pub(super) fn put_back(&mut self) {
        let recorded = std::mem::take(&mut self.recorded);
        self.follow(recorded);
    }
}
