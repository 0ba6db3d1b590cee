//! When each event passed each stage from the socket to the screen. Pure: it is told what happened
//! and when. The rebuilds panel draws it.
//!
//! All times count from the same moment, whichever that is; only differences mean anything.

use std::collections::VecDeque;
use std::time::Duration;

use egui_stream_builder::{ConnectionState, Counters, Update};

/// How many rebuilds are kept.
pub const MAX_REBUILDS: usize = 24;

/// How many events of one rebuild are kept: the first ones and the last, which is the one drawn.
pub const MAX_TRACED: usize = 4;

/// How many changes of the snapshot's state are kept.
pub const MAX_STATES: usize = 12;

/// How many arrivals are kept of which the stream hasn't yielded the event yet. It is more than a
/// channel's inbox holds; what is beyond has no times.
pub const MAX_PENDING: usize = 1 << 17;

/// A stage that an event passes, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Where messages arrive.
    Socket,
    /// Where they wait to be taken in.
    Mailbox,
    /// Who is told, and asks for a frame.
    Waker,
    /// In which they are taken in.
    Frame,
    /// The latest of them.
    Snapshot,
    /// Where it is drawn.
    Screen,
}

impl Stage {
    /// All of them, in order.
    pub const ALL: [Self; 6] =
        [Self::Socket, Self::Mailbox, Self::Waker, Self::Frame, Self::Snapshot, Self::Screen];
}

/// What is seen where the events come in, which is on another thread than the frames.
#[derive(Debug, Default)]
pub struct Incoming {
    arrivals: VecDeque<Arrival>,
    /// Up to where the arrivals have been put into the mailbox, and when: one for each batch.
    batches: VecDeque<(u64, Duration)>,
    ended: Option<Duration>,
}

#[derive(Clone, Copy, Debug)]
struct Arrival {
    /// Among the messages of its connection.
    number: u64,
    at: Duration,
}

impl Incoming {
    /// The message with this number, counted from 0, has arrived at the socket.
    pub fn arrived(&mut self, number: u64, at: Duration) {
        if self.arrivals.len() < MAX_PENDING {
            self.arrivals.push_back(Arrival { number, at });
        }
    }

    /// So many messages in all have been put into the mailbox.
    pub fn queued(&mut self, count: u64, at: Duration) {
        if self.batches.len() < MAX_PENDING {
            self.batches.push_back((count, at));
        }
    }

    /// The connection has ended.
    pub fn ended(&mut self, at: Duration) {
        self.ended = Some(at);
    }

    /// When the message with this number arrived and was put into the mailbox. Forgets it, and those
    /// before it.
    fn take(&mut self, number: u64) -> (Option<Duration>, Option<Duration>) {
        while self.arrivals.front().is_some_and(|arrival| arrival.number < number) {
            self.arrivals.pop_front();
        }
        let arrived = match self.arrivals.front() {
            Some(arrival) if arrival.number == number => Some(arrival.at),
            _ => None,
        };
        while self.batches.front().is_some_and(|(count, _)| *count <= number) {
            self.batches.pop_front();
        }
        let queued = arrived.and_then(|_| self.batches.front().map(|(_, at)| *at));
        (arrived, queued)
    }
}

/// What kind of event it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// The stream yielded data.
    Data,
    /// The stream yielded an error.
    Error,
    /// The stream ended.
    Done,
}

/// One event, with the times that are known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TracedEvent {
    /// Which event it is, counted from 1 since the trace began.
    pub number: u64,
    /// What it is.
    pub kind: EventKind,
    /// When it had arrived at the socket; unknown where nobody looked then.
    pub arrived: Option<Duration>,
    /// When it was put into the mailbox.
    pub queued: Option<Duration>,
    /// When the builder took it in.
    pub taken: Duration,
}

/// What was taken in between one drawing and the next, and so one rebuild: by one update mostly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuild {
    /// Which one it is, counted from 1 since the trace began.
    pub number: u64,
    /// How many events it took in.
    pub events: u64,
    /// The first of them and the last; at most [`MAX_TRACED`].
    pub traced: Vec<TracedEvent>,
    /// When the stream woke the builder; none where the frame came for another reason, such as that
    /// the update before it had been cut short.
    pub woken: Option<Duration>,
    /// When the frame began.
    pub frame: Duration,
    /// When its last event had become the snapshot.
    pub snapshot: Duration,
    /// When the snapshot had been drawn: its shapes were handed to the painter.
    pub drawn: Option<Duration>,
    /// The budget ended the update, and not the stream.
    pub is_cut: bool,
    /// Frames since the rebuild before it that had nothing new to draw.
    pub idle_frames: u64,
}

impl Rebuild {
    /// When an event reached each stage, as far as it is known and as far as it came.
    pub fn stage_times(&self, event: &TracedEvent) -> [(Stage, Option<Duration>); 6] {
        let is_last = self.traced.last() == Some(event);
        // A wake is for those that were there then, and leads to a frame that begins later.
        let is_woken_for = self.woken.is_some_and(|woken| {
            woken <= self.frame && event.queued.is_none_or(|queued| queued <= woken)
        });
        // Who puts a message in says so before or after the reader has it, by a hair.
        let queued = event.queued.map(|queued| queued.min(event.taken));
        let frame = Some(self.frame).filter(|frame| queued.is_none_or(|queued| queued <= *frame));
        [
            (Stage::Socket, event.arrived),
            (Stage::Mailbox, queued),
            (Stage::Waker, self.woken.filter(|_| is_woken_for)),
            (Stage::Frame, frame),
            (Stage::Snapshot, Some(event.taken)),
            (Stage::Screen, self.drawn.filter(|_| is_last)),
        ]
    }
}

/// What the snapshot was, from some moment on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotState {
    /// Of the stream.
    pub connection: ConnectionState,
    /// `Some(true)` where there was data, `Some(false)` where there was an error.
    pub has_data: Option<bool>,
    /// Since when.
    pub since: Duration,
}

/// What was counted since the trace began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Data, errors and ends that the builder took in.
    pub events: u64,
    /// Wakes by the stream.
    pub wakes: u64,
    /// Frames that drew something new: updates that took in at least one event, and those of a window
    /// that is hidden count as one until it is drawn again.
    pub rebuilds: u64,
    /// Frames, whoever asked for them.
    pub frames: u64,
    /// The most events that one frame took in.
    pub most_per_frame: u64,
}

impl Totals {
    /// Events that were taken in and replaced before a frame drew them.
    pub fn coalesced(&self) -> u64 {
        self.events - self.rebuilds
    }
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counter {
    /// Taken in.
    Events,
    /// By the stream.
    Wakes,
    /// Frames with something new.
    Rebuilds,
    /// All of them.
    Frames,
    /// Taken in and not drawn.
    Coalesced,
    /// In one frame.
    MostPerFrame,
    /// Frames with nothing new.
    IdleFrames,
    /// Of the last rebuild.
    BudgetLeft,
}

impl Counter {
    /// All of them, as they stand in the panel.
    pub const ALL: [Self; 8] = [
        Self::Events,
        Self::Wakes,
        Self::Rebuilds,
        Self::Frames,
        Self::IdleFrames,
        Self::Coalesced,
        Self::MostPerFrame,
        Self::BudgetLeft,
    ];
}

/// What was seen since some moment.
#[derive(Debug)]
pub struct Trace {
    counters_before: Counters,
    frames_before: u64,
    totals: Totals,
    rebuilds: VecDeque<Rebuild>,
    states: VecDeque<SnapshotState>,
    budget_left: Option<Duration>,
    /// The frame that is being drawn.
    frame: Duration,
    woken: Option<Duration>,
    traced: Vec<TracedEvent>,
    events_of_frame: u64,
    frames_at_rebuild: u64,
}

impl Trace {
    /// Begins, in the frame with this number, with what the builder has counted before.
    pub fn new(at: Duration, counters: Counters, frame: u64) -> Self {
        Self {
            counters_before: counters,
            frames_before: frame,
            totals: Totals { frames: 1, ..Totals::default() },
            rebuilds: VecDeque::new(),
            states: VecDeque::new(),
            budget_left: None,
            frame: at,
            woken: None,
            traced: Vec::new(),
            events_of_frame: 0,
            frames_at_rebuild: 0,
        }
    }

    /// A frame begins, and is the one with this number.
    pub fn frame(&mut self, at: Duration, number: u64) {
        self.frame = at;
        self.totals.frames = (number + 1).saturating_sub(self.frames_before);
    }

    /// The builder looks at its stream, which asked for it then, if it did.
    pub fn polls(&mut self, woken: Option<Duration>) {
        self.woken = woken;
    }

    /// The builder took in an event. `message` is the number of it, if it is one, among those of its
    /// connection, counted from 0.
    pub fn taken(&mut self, incoming: &mut Incoming, kind: EventKind, message: u64, at: Duration) {
        let (arrived, queued) = match kind {
            EventKind::Data => incoming.take(message),
            // The transport says how it ended as it puts that in.
            EventKind::Error | EventKind::Done => (incoming.ended, incoming.ended),
        };
        self.events_of_frame += 1;
        let number = self.totals.events + self.events_of_frame;
        let event = TracedEvent { number, kind, arrived, queued, taken: at };
        keep_event(&mut self.traced, event);
    }

    /// The update is done.
    pub fn updated(
        &mut self,
        update: Update,
        counters: Counters,
        budget_left: Option<Duration>,
        at: Duration,
    ) {
        let woken = self.woken.take();
        self.totals.wakes = counters.wakes - self.counters_before.wakes;
        self.totals.events = counters.events - self.counters_before.events;
        self.events_of_frame = 0;
        if update.events == 0 {
            return;
        }
        self.totals.most_per_frame = self.totals.most_per_frame.max(update.events);
        self.budget_left = budget_left;
        let traced = std::mem::take(&mut self.traced);
        match self.rebuilds.back_mut() {
            // A hidden window takes events in and draws nothing: all that is one rebuild.
            Some(undrawn) if undrawn.drawn.is_none() => {
                undrawn.events += update.events;
                undrawn.snapshot = at;
                undrawn.is_cut = update.is_cut;
                for event in traced {
                    keep_event(&mut undrawn.traced, event);
                }
            }
            _ => {
                self.totals.rebuilds += 1;
                let idle_frames = self.totals.frames.saturating_sub(self.frames_at_rebuild + 1);
                self.frames_at_rebuild = self.totals.frames;
                let rebuild = Rebuild {
                    number: self.totals.rebuilds,
                    events: update.events,
                    traced,
                    woken,
                    frame: self.frame,
                    snapshot: at,
                    drawn: None,
                    is_cut: update.is_cut,
                    idle_frames,
                };
                keep(&mut self.rebuilds, MAX_REBUILDS, rebuild);
            }
        }
    }

    /// This is what the snapshot is in this frame.
    pub fn snapshot(
        &mut self,
        connection: ConnectionState,
        has_data: Option<bool>,
        since: Duration,
    ) {
        let state = SnapshotState { connection, has_data, since };
        let is_new = self.states.back().is_none_or(|before| {
            (before.connection, before.has_data) != (state.connection, state.has_data)
        });
        if is_new {
            keep(&mut self.states, MAX_STATES, state);
        }
    }

    /// The snapshot has been drawn.
    pub fn drawn(&mut self, at: Duration) {
        if let Some(rebuild) = self.rebuilds.back_mut() {
            rebuild.drawn.get_or_insert(at);
        }
    }

    /// What was counted.
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// The latest rebuilds, the newest last.
    pub fn rebuilds(&self) -> impl DoubleEndedIterator<Item = &Rebuild> {
        self.rebuilds.iter()
    }

    /// The latest states of the snapshot, the newest last.
    pub fn states(&self) -> impl DoubleEndedIterator<Item = &SnapshotState> {
        self.states.iter()
    }

    /// How much of the budget the last rebuild had left, if it had one.
    pub fn budget_left(&self) -> Option<Duration> {
        self.budget_left
    }
}

/// The first ones stay, and the last one.
fn keep_event(traced: &mut Vec<TracedEvent>, event: TracedEvent) {
    if traced.len() == MAX_TRACED {
        traced.pop();
    }
    traced.push(event);
}

fn keep<T>(queue: &mut VecDeque<T>, most: usize, new: T) {
    if queue.len() == most {
        queue.pop_front();
    }
    queue.push_back(new);
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn counters(events: u64, wakes: u64, rebuilds: u64) -> Counters {
        Counters { events, wakes, rebuilds }
    }

    fn newest(trace: &Trace) -> &Rebuild {
        trace.rebuilds().next_back().expect("there was a rebuild")
    }

    fn update(events: u64) -> Update {
        Update { events, is_cut: false }
    }

    #[test]
    fn an_event_has_the_times_of_its_message() {
        let mut incoming = Incoming::default();
        let mut trace = Trace::new(ms(0), counters(5, 3, 2), 8);
        incoming.arrived(0, ms(36));
        incoming.arrived(1, ms(37));
        incoming.queued(2, ms(38));
        trace.frame(ms(40), 8);
        trace.polls(Some(ms(39)));
        trace.taken(&mut incoming, EventKind::Data, 0, ms(41));
        trace.taken(&mut incoming, EventKind::Data, 1, ms(42));
        trace.updated(update(2), counters(7, 4, 3), Some(ms(2)), ms(43));
        trace.drawn(ms(45));
        // Frames after it draw the same, and are none of its doing.
        trace.frame(ms(60), 9);
        trace.updated(update(0), counters(7, 4, 3), Some(ms(4)), ms(60));
        trace.drawn(ms(61));

        let event = |number, arrived, taken| TracedEvent {
            number,
            kind: EventKind::Data,
            arrived: Some(arrived),
            queued: Some(ms(38)),
            taken,
        };
        let rebuild = Rebuild {
            number: 1,
            events: 2,
            traced: vec![event(1, ms(36), ms(41)), event(2, ms(37), ms(42))],
            woken: Some(ms(39)),
            frame: ms(40),
            snapshot: ms(43),
            drawn: Some(ms(45)),
            is_cut: false,
            idle_frames: 0,
        };
        assert_eq!(trace.rebuilds().collect::<Vec<_>>(), [&rebuild]);
        let totals = Totals { events: 2, wakes: 1, rebuilds: 1, frames: 2, most_per_frame: 2 };
        assert_eq!(trace.totals(), totals);
        assert_eq!(totals.coalesced(), 1);
        assert_eq!(trace.budget_left(), Some(ms(2)));
    }

    #[test]
    fn of_many_events_the_first_and_the_last_are_kept() {
        let mut incoming = Incoming::default();
        let mut trace = Trace::new(ms(0), Counters::default(), 0);
        for message in 0..3678 {
            incoming.arrived(message, ms(message));
            incoming.queued(message + 1, ms(message));
            trace.taken(&mut incoming, EventKind::Data, message, ms(message + 1));
        }
        trace.updated(update(3678), counters(3678, 1, 1), Some(ms(0)), ms(5000));
        let rebuild = newest(&trace);
        let numbers: Vec<_> = rebuild.traced.iter().map(|event| event.number).collect();
        assert_eq!(numbers, [1, 2, 3, 3678]);
        assert_eq!(rebuild.traced[3].arrived, Some(ms(3677)));
        assert!(incoming.arrivals.len() <= 1 && incoming.batches.len() <= 1, "it is forgotten");
    }

    #[test]
    fn what_a_hidden_window_takes_in_is_one_rebuild() {
        let mut incoming = Incoming::default();
        let mut trace = Trace::new(ms(0), Counters::default(), 0);
        for number in 1..=6 {
            trace.taken(&mut incoming, EventKind::Data, number, ms(number));
            trace.updated(update(1), counters(number, number, number), Some(ms(0)), ms(number));
        }
        trace.drawn(ms(36));
        let rebuild = newest(&trace);
        assert_eq!((rebuild.events, rebuild.drawn), (6, Some(ms(36))));
        assert_eq!(
            rebuild.traced.iter().map(|event| event.number).collect::<Vec<_>>(),
            [1, 2, 3, 6]
        );
        assert_eq!((trace.totals().rebuilds, trace.totals().coalesced()), (1, 5));
    }

    #[test]
    fn a_message_that_nobody_saw_arrive_has_no_times_and_the_next_one_its_own() {
        let mut incoming = Incoming::default();
        incoming.arrived(5, ms(36));
        incoming.queued(6, ms(37));
        assert_eq!(incoming.take(4), (None, None));
        assert_eq!(incoming.take(5), (Some(ms(36)), Some(ms(37))));
        assert_eq!(incoming.take(6), (None, None));
    }

    #[test]
    fn an_error_and_the_end_came_when_the_connection_ended() {
        let mut incoming = Incoming::default();
        let mut trace = Trace::new(ms(0), Counters::default(), 0);
        incoming.ended(ms(36));
        for kind in [EventKind::Error, EventKind::Done] {
            trace.taken(&mut incoming, kind, 0, ms(37));
        }
        trace.updated(update(2), counters(2, 1, 1), Some(ms(0)), ms(38));
        let traced = &newest(&trace).traced;
        assert!(traced.iter().all(|event| event.arrived == Some(ms(36))));
    }

    #[test]
    fn only_a_change_of_the_snapshot_is_one() {
        let mut trace = Trace::new(ms(0), Counters::default(), 0);
        for at in 0..3 {
            trace.snapshot(ConnectionState::Waiting, None, ms(at));
        }
        trace.snapshot(ConnectionState::Active, Some(true), ms(36));
        trace.snapshot(ConnectionState::Active, Some(false), ms(78));
        let since: Vec<_> = trace.states().map(|state| state.since).collect();
        assert_eq!(since, [ms(0), ms(36), ms(78)]);
    }

    #[test]
    fn everything_is_bounded() {
        let mut incoming = Incoming::default();
        let mut trace = Trace::new(ms(0), Counters::default(), 0);
        for number in 0..MAX_PENDING as u64 + 5 {
            incoming.arrived(number, ms(0));
            incoming.queued(number + 1, ms(0));
        }
        assert_eq!((incoming.arrivals.len(), incoming.batches.len()), (MAX_PENDING, MAX_PENDING));
        for number in 1..100 {
            trace.taken(&mut incoming, EventKind::Data, number, ms(0));
            trace.updated(update(1), counters(number, 1, number), Some(ms(0)), ms(0));
            trace.drawn(ms(0));
            trace.snapshot(ConnectionState::Active, Some(number % 2 == 0), ms(0));
        }
        assert_eq!((trace.rebuilds.len(), trace.states.len()), (MAX_REBUILDS, MAX_STATES));
    }
}
