//! What there was to be seen at a moment of a recording, and which moment comes next. Everything is found by
//! halving sorted rows, so that it takes no longer in a long recording than in a short one.

use std::time::Duration;

use super::events::{Content, EventKind};
use super::{Problem, Rebuild, Recording, SnapshotState, Stage, Totals, ns, time};

/// A moment of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// When.
    pub at: Duration,
    /// How many events have been taken in then. Several may be taken in at the same time.
    pub events: u64,
}

/// What stood on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown<'a> {
    /// The number of the event; none where it came before the recording began.
    pub event: Option<u64>,
    /// What it is: data, or an error.
    pub kind: EventKind,
    /// Its length in bytes.
    pub bytes: u64,
    /// Its beginning.
    pub content: Content<'a>,
}

/// What there was to be seen at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment<'a> {
    /// When; none where it is the end, whenever that is.
    pub at: Option<Duration>,
    /// What had been counted.
    pub totals: Totals,
    /// Messages of the connection that had arrived at the socket.
    pub arrived: u64,
    /// Messages that waited to be taken in.
    pub waiting: u64,
    /// What the snapshot was; none before it was seen.
    pub state: Option<SnapshotState>,
    /// How much of the budget the last rebuild had left, if it had one.
    pub budget_left: Option<Duration>,
    /// How far the newest event had come, and its number.
    pub newest: Option<(Stage, u64)>,
    /// What stood on the page; none where nothing did, or it is no longer known.
    pub shown: Option<Shown<'a>>,
    /// What the page said of the network instead.
    pub problem: Option<Problem<'a>>,
}

impl Recording {
    /// What there was to be seen at its end.
    #[must_use]
    pub fn now(&self) -> Moment<'_> {
        let moment = self.seen(u64::MAX - 1, self.events.end());
        Moment { at: None, ..moment }
    }

    /// What there was to be seen at this moment.
    #[must_use]
    pub fn at(&self, cursor: Cursor) -> Moment<'_> {
        self.seen(ns(cursor.at), cursor.events)
    }

    /// The rebuild with this number as far as it had come at this moment, if it is there and had begun.
    #[must_use]
    pub fn rebuild_seen(&self, moment: &Moment<'_>, number: u64) -> Option<Rebuild> {
        let rebuild = self.rebuild(number).filter(|_| number <= moment.totals.rebuilds)?;
        let Some(at) = moment.at else { return Some(rebuild) };
        let events =
            rebuild.events.min((moment.totals.events + 1).checked_sub(rebuild.first_event)?);
        let is_settled = rebuild.snapshot <= at;
        Some(Rebuild {
            events,
            snapshot: rebuild.snapshot.min(at),
            drawn: rebuild.drawn.filter(|drawn| *drawn <= at),
            is_cut: rebuild.is_cut && is_settled,
            budget_left: rebuild.budget_left.filter(|_| is_settled),
            ..rebuild
        })
    }

    /// The last states of the snapshot up to this moment, at most so many, in order.
    pub fn states_seen(
        &self,
        moment: &Moment<'_>,
        most: u64,
    ) -> impl Iterator<Item = SnapshotState> {
        let at = moment.at.map_or(u64::MAX, ns);
        let end = self.states.partition_point(|state| state.since <= at);
        let first = end.saturating_sub(most).max(self.states.first());
        (first..end).filter_map(|number| self.states.get(number)).map(|state| state.public())
    }

    /// How many rebuilds had been drawn until then.
    #[must_use]
    pub fn drawn_until(&self, at: Duration) -> u64 {
        let at = ns(at);
        self.rebuilds.partition_point(|rebuild| rebuild.drawn <= at)
    }

    /// This time, after everything that happened then.
    #[must_use]
    pub fn cursor(&self, at: Duration) -> Cursor {
        let at_ns = ns(at);
        Cursor { at, events: self.events.count(|event| event.taken <= at_ns) }
    }

    /// The moment when the event with this number had been taken in, if it is still there.
    #[must_use]
    pub fn moment_of(&self, event: u64) -> Option<Cursor> {
        let row = self.events.row(event)?;
        Some(Cursor { at: time(row.taken), events: event })
    }

    /// The moment when the next event had been taken in.
    #[must_use]
    pub fn next_event(&self, cursor: Cursor) -> Option<Cursor> {
        self.moment_of(cursor.events.max(self.events.first() - 1) + 1)
    }

    /// The moment when the event before had been taken in.
    #[must_use]
    pub fn previous_event(&self, cursor: Cursor) -> Option<Cursor> {
        let at = ns(cursor.at);
        let here = self.events.row(cursor.events)?;
        // Between two events, it is the one that was there already.
        let number = if here.taken < at { cursor.events } else { cursor.events - 1 };
        match self.moment_of(number) {
            Some(cursor) => Some(cursor),
            None if number == 0 => Some(Cursor { at: self.began(), events: 0 }),
            None => None,
        }
    }

    /// The moment when the next frame had been drawn.
    #[must_use]
    pub fn next_frame(&self, cursor: Cursor) -> Option<Cursor> {
        let at = ns(cursor.at);
        let next = self.frames.partition_point(|frame| frame.seen() <= at);
        self.frames.get(next).map(|frame| self.cursor(time(frame.seen())))
    }

    /// The moment when the frame before had been drawn.
    #[must_use]
    pub fn previous_frame(&self, cursor: Cursor) -> Option<Cursor> {
        let at = ns(cursor.at);
        let before = self.frames.partition_point(|frame| frame.seen() < at).checked_sub(1)?;
        self.frames.get(before).map(|frame| self.cursor(time(frame.seen())))
    }

    fn seen(&self, at: u64, events: u64) -> Moment<'_> {
        let rebuilds = self.rebuilds.partition_point(|rebuild| rebuild.first_event <= events);
        let nth = |number: u64| self.rebuilds.get(number.checked_sub(1)?);
        let (rebuild, before) = (nth(rebuilds), nth(rebuilds.saturating_sub(1)));
        // Of the last one only a part may have been taken in.
        let most_per_frame = rebuild.map_or(0, |rebuild| {
            let most_before = before.map_or(0, |before| before.most_per_frame);
            let part = (events + 1).saturating_sub(rebuild.first_event);
            most_before.max(part).min(rebuild.most_per_frame)
        });
        let frames = self.frames.partition_point(|frame| frame.began <= at);
        let wakes = self.wakes.partition_point(|wake| wake.at <= at);
        let totals = Totals {
            events,
            wakes: last(wakes, |wake| self.wakes.get(wake)).map_or(0, |wake| wake.total),
            rebuilds,
            frames: last(frames, |frame| self.frames.get(frame)).map_or(0, |frame| frame.number),
            most_per_frame,
        };
        let problems = self.problems.partition_point(|problem| problem.since <= at);
        let states = self.states.partition_point(|state| state.since <= at);
        let settled = rebuild.filter(|rebuild| rebuild.snapshot <= at).or(before);
        let (arrived, waiting) = self.arrived_and_waiting(at, events);
        let newest = if waiting > 0 {
            // The first of those that wait is the next.
            Some((Stage::Mailbox, events + 1))
        } else {
            self.events.row(events).map(|event| {
                let is_last = rebuild.is_some_and(|rebuild| {
                    rebuild.drawn <= at && events + 1 == rebuild.first_event + rebuild.events
                });
                // An end is nothing to be drawn.
                let is_drawn = is_last && event.kind != EventKind::Done;
                (if is_drawn { Stage::Screen } else { Stage::Snapshot }, events)
            })
        };
        Moment {
            at: Some(time(at)),
            totals,
            arrived,
            waiting,
            state: last(states, |state| self.states.get(state)).map(|state| state.public()),
            budget_left: settled.and_then(|rebuild| rebuild.budget_left).map(time),
            newest,
            shown: self.shown(at),
            problem: last(problems, |number| self.problems.get(number))
                .and_then(super::ProblemRow::public),
        }
    }

    fn arrived_and_waiting(&self, at: u64, events: u64) -> (u64, u64) {
        let connections = self.connections.partition_point(|connection| connection.at <= at);
        let connection = last(connections, |number| self.connections.get(number));
        let (first, taken_before) =
            connection.map_or((0, 0), |connection| (connection.events, connection.taken_before));
        let data = |count: u64| {
            let count = count.max(first);
            self.events.data_among(count) - self.events.data_among(first)
        };
        let mut arrived = data(self.events.count(|event| event.arrived.at_latest() <= at));
        let mut queued = data(self.events.count(|event| event.queued.at_latest() <= at));
        if connections == self.connections.end() {
            let count = |is_there: &dyn Fn(&super::Waiting) -> bool| {
                self.waiting.partition_point(is_there) as u64
            };
            arrived += count(&|waiting| waiting.arrived.is_none_or(|arrived| arrived <= at));
            queued += count(&|waiting| match (waiting.arrived, waiting.queued) {
                (Some(_), queued) => queued.is_some_and(|queued| queued <= at),
                (None, _) => true,
            });
        }
        let taken = data(events);
        // Who takes a message in says so before or after it is put in, by a hair.
        (taken_before + arrived.max(taken), queued.saturating_sub(taken))
    }

    /// What stood on the page at this time.
    fn shown(&self, at: u64) -> Option<Shown<'_>> {
        let drawn = self.rebuilds.partition_point(|rebuild| rebuild.drawn <= at);
        let number = last(drawn, |rebuild| self.rebuilds.get(rebuild)).map_or(0, |row| row.shown);
        if number > 0 {
            let event = self.events.get(number)?;
            let (kind, bytes, content) = (event.kind, event.bytes, event.content);
            return Some(Shown { event: Some(number), kind, bytes, content });
        }
        let before = self.shown_before.as_ref().filter(|_| self.rebuilds.first() == 0)?;
        let (kind, bytes, content) = (before.kind, before.bytes, before.content());
        Some(Shown { event: None, kind, bytes, content })
    }
}

impl super::FrameRow {
    /// When there was something to be seen of it.
    fn seen(&self) -> u64 {
        if self.drawn == super::NEVER { self.began } else { self.drawn }
    }
}

/// The last of so many.
fn last<T>(count: u64, get: impl Fn(u64) -> Option<T>) -> Option<T> {
    count.checked_sub(1).and_then(get)
}
