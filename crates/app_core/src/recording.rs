//! A run as a value: what came, when it passed each stage from the socket to the screen, and what was drawn of
//! it. Pure: whoever saw the run, or computed it, tells what happened and when.
//!
//! A [`Recording`] is built by telling it what happens in the order in which it happens:
//!
//! ```
//! use std::time::Duration;
//! use app_core::recording::{Content, EventKind, Recording, StreamState, Taken};
//!
//! let ms = Duration::from_millis;
//! let mut run = Recording::new(ms(0));
//! run.connected(ms(0));
//! run.arrived(ms(3));
//! run.arrived(ms(4));
//! run.queued(ms(4)); // Both are in the mailbox now.
//! run.woken(ms(5));
//! run.frame(ms(16));
//! run.taken(ms(16), Taken::text("message 1"));
//! run.taken(ms(17), Taken::text("message 2"));
//! run.updated(ms(17), false, None);
//! run.state(ms(17), StreamState::Active, Some(true));
//! run.drawn(ms(20));
//!
//! let end = run.now();
//! assert_eq!((end.totals.events, end.totals.rebuilds, end.totals.coalesced()), (2, 1, 1));
//! assert_eq!(end.shown.map(|shown| shown.content), Some(Content::Text("message 2")));
//! let rebuild = run.rebuild(1).unwrap();
//! let newest = run.event(rebuild.last_event()).unwrap();
//! assert_eq!((newest.kind, newest.arrived), (EventKind::Data, Some(ms(4))));
//! ```
//!
//! What is asked of it ([`at`](Recording::at), [`event`](Recording::event), the steps from one moment to the
//! next) takes about as long for a million events as for ten. A clone shares what is no longer written to, so
//! that a run which still grows is cheaply handed to who writes it to a file.
//!
//! # Bounds
//!
//! At most [`MAX_EVENTS`] events, rebuilds, frames, wakes and states are kept of each, some thousands of
//! problems, [`MAX_TEXT_BYTES`] of
//! previews, and [`MAX_WAITING`] messages that have arrived and were not taken in; that is some 150 MB where all
//! of it is there. The oldest go first, some thousands at once, and [`dropped`](Recording::dropped) says how
//! many; what is counted counts them too. All times count from the same moment, whichever that is.
//!
//! - `rows`: lists that forget at their start;
//! - `events`: the events among them, with their previews;
//! - `incoming`: what is seen on another thread than that of the frames;
//! - `moment`: what there was to be seen at a moment, and which moment comes next;
//! - [`mod@file`]: the file that it is written to (`file_writer`) and read from;
//! - `chrome_trace`: the same for the viewers of traces that Chrome and Perfetto have;
//! - `devtools_tracks`: the same while it runs, for the developer tools of the browser that it runs in.

use std::collections::VecDeque;
use std::time::Duration;

mod chrome_trace;
mod devtools_tracks;
mod events;
pub mod file;
mod file_writer;
mod incoming;
mod moment;
mod rows;

pub use chrome_trace::ChromeTrace;
pub use devtools_tracks::{StageSpan, TRACK_GROUP};
pub use events::{Content, EventKind, MAX_PREVIEW_BYTES, RecordedEvent, Taken};
pub use file_writer::FileWriter;
pub use incoming::Incoming;
pub use moment::{Cursor, Moment, Shown};

use events::{Events, OwnedShown};
use rows::Rows;

/// How many events, rebuilds, frames, wakes and states are kept of each.
pub const MAX_EVENTS: u64 = MOST as u64;

const MOST: usize = 1 << 20;

/// How many bytes of previews are kept.
pub const MAX_TEXT_BYTES: usize = 32 << 20;

/// How many messages are kept that have arrived and were not taken in. It is more than a channel's inbox
/// holds; what is beyond has no times.
pub const MAX_WAITING: usize = 1 << 17;

/// The latest time there is, some 104 days: any reader of JSON gets whole numbers up to this one.
pub const MAX_TIME: Duration = Duration::from_nanos(MAX_NS);

const MAX_NS: u64 = (1 << 53) - 1;

/// Of a drawing that has not come.
const NEVER: u64 = u64::MAX;

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

/// Where a stream stands, as the snapshot has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StreamState {
    /// There is no stream.
    None,
    /// It has said nothing yet.
    Waiting,
    /// It has sent data or an error, and may send more.
    Active,
    /// It has ended.
    Done,
}

/// What the snapshot was, from some moment on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotState {
    /// Of the stream.
    pub stream: StreamState,
    /// `Some(true)` where there was data, `Some(false)` where there was an error.
    pub has_data: Option<bool>,
    /// Since when.
    pub since: Duration,
}

/// What the page says of the network, in place of what the stream said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem<'a> {
    /// What is wrong, and what to do about it; of a longer text the first [`MAX_PREVIEW_BYTES`].
    pub text: &'a str,
    /// There is a connection again, and nothing has come yet.
    pub is_back: bool,
}

/// What was taken in between one drawing and the next: by one update mostly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rebuild {
    /// Which one it is, counted from 1.
    pub number: u64,
    /// The number of the first event that it took in.
    pub first_event: u64,
    /// How many events it took in.
    pub events: u64,
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
    /// How much of the budget was left, where there was one.
    pub budget_left: Option<Duration>,
    /// Frames since the rebuild before it that had nothing new to draw.
    pub idle_frames: u64,
}

impl Rebuild {
    /// The number of the last event that it took in: the one that is drawn.
    #[must_use]
    pub fn last_event(&self) -> u64 {
        self.first_event + self.events.saturating_sub(1)
    }

    /// When an event of it reached each stage, as far as it is known and as far as it came.
    #[must_use]
    pub fn stage_times(&self, event: &RecordedEvent<'_>) -> [(Stage, Option<Duration>); 6] {
        let is_last = event.number == self.last_event();
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

/// A frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Which one it is, counted from 1. Some are left out where nobody looked at a frame.
    pub number: u64,
    /// When it began.
    pub began: Duration,
    /// When what the stream said last had been drawn in it; none while the window is hidden.
    pub drawn: Option<Duration>,
}

/// What was counted.
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
    #[must_use]
    pub fn coalesced(&self) -> u64 {
        self.events.saturating_sub(self.rebuilds)
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

/// How much of a recording is no longer there, as it was too long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Events, from the first one on.
    pub events: u64,
    /// Rebuilds.
    pub rebuilds: u64,
    /// Frames.
    pub frames: u64,
    /// Wakes.
    pub wakes: u64,
    /// States of the snapshot.
    pub states: u64,
}

impl Dropped {
    /// Whether all is there.
    #[must_use]
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

/// What was seen of a run. See the [module](self).
#[derive(Clone, Debug)]
pub struct Recording {
    began: u64,
    /// What stood on the page when it began.
    shown_before: Option<OwnedShown>,
    events: Events,
    rebuilds: Rows<RebuildRow>,
    frames: Rows<FrameRow>,
    wakes: Rows<WakeRow>,
    states: Rows<StateRow>,
    problems: Rows<ProblemRow>,
    connections: Rows<ConnectionRow>,
    /// Arrived, and not taken in.
    waiting: VecDeque<Waiting>,
    /// How many of them are known to be in the mailbox.
    queued: usize,
    /// The latest time of all.
    last: u64,

    // What is under way, and no part of what was seen.
    ended: Option<u64>,
    woken: Option<u64>,
    /// Messages of the connection that were taken in, before and since the recording began.
    taken_messages: u64,
    /// Messages of the connection that have arrived.
    arrived_messages: u64,
    /// Events that belong to a rebuild.
    updated_events: u64,
    frames_at_rebuild: u64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct RebuildRow {
    first_event: u64,
    events: u64,
    woken: Option<u64>,
    frame: u64,
    snapshot: u64,
    /// [`NEVER`] while it isn't.
    drawn: u64,
    budget_left: Option<u64>,
    idle_frames: u64,
    /// In one frame, up to here.
    most_per_frame: u64,
    /// The last event up to here that is something to be drawn; 0 where there was none.
    shown: u64,
    is_cut: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct FrameRow {
    number: u64,
    began: u64,
    drawn: u64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct WakeRow {
    at: u64,
    /// All that there were up to here.
    total: u64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct StateRow {
    since: u64,
    stream: StreamState,
    has_data: Option<bool>,
}

#[derive(Clone, Debug, PartialEq)]
struct ProblemRow {
    since: u64,
    problem: Option<(String, bool)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct ConnectionRow {
    at: u64,
    /// Events that were taken in before.
    events: u64,
    /// Messages of it that were taken in before the recording began.
    taken_before: u64,
    /// Messages of the one before that were never taken in.
    abandoned: u64,
}

/// A message that has arrived.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Waiting {
    /// Among the messages of its connection, counted from 0.
    number: u64,
    arrived: Option<u64>,
    queued: Option<u64>,
}

/// Only what was seen counts, and not what is under way.
impl PartialEq for Recording {
    fn eq(&self, other: &Self) -> bool {
        self.began == other.began
            && self.shown_before == other.shown_before
            && self.events == other.events
            && self.rebuilds == other.rebuilds
            && self.frames == other.frames
            && self.wakes == other.wakes
            && self.states == other.states
            && self.problems == other.problems
            && self.connections == other.connections
            && self.waiting == other.waiting
    }
}

/// How it is built. Times that would go back within a stage stand still.
impl Recording {
    /// Begins at this time: nothing has been seen yet.
    #[must_use]
    pub fn new(at: Duration) -> Self {
        Self::bounded(at, MOST)
    }

    fn bounded(at: Duration, most: usize) -> Self {
        Self {
            began: ns(at),
            shown_before: None,
            events: Events::beginning_at(0, 0, most),
            rebuilds: Rows::new(most),
            frames: Rows::new(most),
            wakes: Rows::new(most),
            states: Rows::new(most),
            problems: Rows::new(0),
            connections: Rows::new(most),
            waiting: VecDeque::new(),
            queued: 0,
            last: ns(at),
            ended: None,
            woken: None,
            taken_messages: 0,
            arrived_messages: 0,
            updated_events: 0,
            frames_at_rebuild: 0,
        }
    }

    /// Begins at this time within the life of a connection, of which so many messages have arrived and been
    /// taken in before. `shown` is what stands on the page.
    #[must_use]
    pub fn continuing(at: Duration, arrived: u64, taken: u64, shown: Option<Taken<'_>>) -> Self {
        let mut recording = Self::new(at);
        recording.shown_before = shown.map(OwnedShown::of);
        recording.connections.push(ConnectionRow {
            at: recording.began,
            events: 0,
            taken_before: taken,
            abandoned: 0,
        });
        recording.taken_messages = taken;
        recording.arrived_messages = arrived.max(taken);
        let most = taken.saturating_add(MAX_WAITING as u64);
        let unseen = |number| Waiting { number, arrived: None, queued: None };
        recording.waiting.extend((taken..arrived.min(most)).map(unseen));
        recording.queued = recording.waiting.len();
        recording
    }

    /// Another connection begins. Messages of the one before that were not taken in never will be.
    pub fn connected(&mut self, at: Duration) {
        let at = self.note(at);
        let row = ConnectionRow {
            at,
            events: self.events.end(),
            taken_before: 0,
            abandoned: self.waiting.len() as u64,
        };
        self.connections.push(row);
        self.waiting.clear();
        self.queued = 0;
        self.ended = None;
        self.taken_messages = 0;
        self.arrived_messages = 0;
    }

    /// The next message has arrived at the socket.
    pub fn arrived(&mut self, at: Duration) {
        self.message_arrived(self.arrived_messages, at);
    }

    /// The message with this number, counted from 0 since the connection began, has arrived at the socket.
    pub fn message_arrived(&mut self, number: u64, at: Duration) {
        let at = self.note(at);
        if number < self.arrived_messages {
            return;
        }
        self.arrived_messages = number + 1;
        if self.waiting.len() < MAX_WAITING {
            let before = self.waiting.back().and_then(|before| before.arrived).unwrap_or(0);
            let arrived = Some(at.max(before));
            self.waiting.push_back(Waiting { number, arrived, queued: None });
        }
    }

    /// All that has arrived is in the mailbox.
    pub fn queued(&mut self, at: Duration) {
        self.messages_queued(self.arrived_messages, at);
    }

    /// So many messages in all, since the connection began, have been put into the mailbox.
    pub fn messages_queued(&mut self, count: u64, at: Duration) {
        let at = self.note(at);
        while let Some(waiting) = self.waiting.get_mut(self.queued)
            && waiting.number < count
        {
            waiting.queued = waiting.arrived.map(|arrived| at.max(arrived));
            self.queued += 1;
        }
    }

    /// The connection has ended: an error and the end that come of it have arrived.
    pub fn ended(&mut self, at: Duration) {
        self.ended = Some(self.note(at));
    }

    /// Takes over what was seen on another thread.
    pub fn take_over(&mut self, incoming: &mut Incoming) {
        incoming.hand_over(self);
    }

    /// Whether the next message is known to have arrived.
    #[must_use]
    pub fn has_arrival(&self) -> bool {
        self.waiting.front().is_some_and(|waiting| waiting.number == self.taken_messages)
    }

    /// The stream has woken the builder, once more.
    pub fn woken(&mut self, at: Duration) {
        let at = self.note(at);
        self.woken = Some(at);
        let before = self.wakes.last().copied().unwrap_or(WakeRow { at: 0, total: 0 });
        self.wakes.push(WakeRow { at: at.max(before.at), total: before.total + 1 });
    }

    /// There were so many wakes in all: more than were seen, where some came close together.
    pub fn wakes_counted(&mut self, total: u64, at: Duration) {
        let at = self.note(at);
        match self.wakes.last_mut() {
            Some(last) => last.total = last.total.max(total),
            None if total > 0 => {
                self.wakes.push(WakeRow { at, total });
            }
            None => {}
        }
    }

    /// The next frame begins.
    pub fn frame(&mut self, at: Duration) {
        let number = self.frames.last().map_or(0, |frame| frame.number) + 1;
        self.frame_numbered(number, at);
    }

    /// The frame with this number, counted from 1, begins; or begins anew.
    pub fn frame_numbered(&mut self, number: u64, at: Duration) {
        let at = self.note(at);
        match self.frames.last_mut() {
            Some(frame) if frame.number >= number => frame.began = frame.began.max(at),
            before => {
                let began = at.max(before.map_or(0, |before| before.began));
                self.frames.push(FrameRow { number, began, drawn: NEVER });
            }
        }
    }

    /// The builder took in the next event.
    pub fn taken(&mut self, at: Duration, taken: Taken<'_>) {
        let at = self.note(at);
        let (arrived, queued) = match taken.kind {
            EventKind::Data => {
                let times = self.take_waiting(self.taken_messages);
                self.taken_messages += 1;
                self.arrived_messages = self.arrived_messages.max(self.taken_messages);
                times
            }
            // The transport says how it ended as it puts that in.
            EventKind::Error | EventKind::Done => (self.ended, self.ended),
        };
        self.events.push(arrived, queued, at, taken);
    }

    /// When the message with this number arrived and was put into the mailbox. Forgets it, and those
    /// before it.
    fn take_waiting(&mut self, number: u64) -> (Option<u64>, Option<u64>) {
        while let Some(waiting) = self.waiting.front().filter(|waiting| waiting.number <= number) {
            let waiting = *waiting;
            self.waiting.pop_front();
            self.queued = self.queued.saturating_sub(1);
            if waiting.number == number {
                return (waiting.arrived, waiting.queued);
            }
        }
        (None, None)
    }

    /// The builder has taken in all that it takes in now. `is_cut` says whether its budget ended that, and
    /// `budget_left` what was left of it.
    pub fn updated(&mut self, at: Duration, is_cut: bool, budget_left: Option<Duration>) {
        let at = self.note(at);
        let woken = self.woken.take();
        let end = self.events.end();
        let events = end - self.updated_events;
        if events == 0 {
            return;
        }
        let first_event = self.updated_events + 1;
        self.updated_events = end;
        let budget_left = budget_left.map(ns);
        let before = self.rebuilds.last();
        let most_before = before.map_or(0, |before| before.most_per_frame);
        let shown_before = before.map_or(0, |before| before.shown);
        let most_per_frame = most_before.max(events);
        let is_shown = |number: &u64| {
            self.events.row(*number).is_some_and(|event| event.kind != EventKind::Done)
        };
        let shown = (first_event..=end).rev().find(is_shown).unwrap_or(shown_before);
        if let Some(undrawn) = self.rebuilds.last_mut().filter(|last| last.drawn == NEVER) {
            // A hidden window takes events in and draws nothing: all that is one rebuild.
            undrawn.events += events;
            undrawn.snapshot = undrawn.snapshot.max(at);
            undrawn.budget_left = budget_left;
            undrawn.most_per_frame = most_per_frame;
            undrawn.shown = shown;
            undrawn.is_cut = is_cut;
            return;
        }
        let frame = self.frames.last().copied();
        let frames = frame.map_or(0, |frame| frame.number);
        let idle_frames = frames.saturating_sub(self.frames_at_rebuild + 1);
        self.frames_at_rebuild = frames;
        self.rebuilds.push(RebuildRow {
            first_event,
            events,
            woken,
            frame: frame.map_or(self.began, |frame| frame.began),
            snapshot: at,
            drawn: NEVER,
            budget_left,
            idle_frames,
            most_per_frame,
            shown,
            is_cut,
        });
    }

    /// This is what the snapshot is now. It is kept where it differs from before.
    pub fn state(&mut self, since: Duration, stream: StreamState, has_data: Option<bool>) {
        let since = self.note(since);
        let before = self.states.last();
        if before.is_some_and(|before| (before.stream, before.has_data) == (stream, has_data)) {
            return;
        }
        let since = since.max(before.map_or(0, |before| before.since));
        self.states.push(StateRow { since, stream, has_data });
    }

    /// In place of what the stream said, the page says this of the network from now on, if anything. It is kept
    /// where it differs from before.
    pub fn problem(&mut self, since: Duration, problem: Option<Problem<'_>>) {
        let since = self.note(since);
        let before = self.problems.last();
        if before.and_then(ProblemRow::public) == problem {
            return;
        }
        let problem =
            problem.map(|problem| (problem_text(problem.text).to_owned(), problem.is_back));
        let since = since.max(before.map_or(0, |before| before.since));
        self.problems.push(ProblemRow { since, problem });
    }

    /// The snapshot has been drawn.
    pub fn drawn(&mut self, at: Duration) {
        let at = self.note(at);
        if let Some(rebuild) = self.rebuilds.last_mut().filter(|last| last.drawn == NEVER) {
            rebuild.drawn = at.max(rebuild.snapshot);
        }
        if let Some(frame) = self.frames.last_mut().filter(|last| last.drawn == NEVER) {
            frame.drawn = at.max(frame.began);
        }
    }

    fn note(&mut self, at: Duration) -> u64 {
        let at = ns(at);
        self.last = self.last.max(at);
        at
    }
}

/// What can be asked of it.
impl Recording {
    /// When it began.
    #[must_use]
    pub fn began(&self) -> Duration {
        time(self.began)
    }

    /// The latest time of all that it has.
    #[must_use]
    pub fn last(&self) -> Duration {
        time(self.last)
    }

    /// The event with this number, counted from 1, if it is still there.
    #[must_use]
    pub fn event(&self, number: u64) -> Option<RecordedEvent<'_>> {
        self.events.get(number)
    }

    /// The number of the last event; 0 where there was none.
    #[must_use]
    pub fn last_event(&self) -> u64 {
        self.events.end()
    }

    /// All events that are there, in order.
    pub fn events(&self) -> impl Iterator<Item = RecordedEvent<'_>> {
        (self.events.first()..=self.events.end()).filter_map(|number| self.events.get(number))
    }

    /// The rebuild with this number, counted from 1, if it is still there.
    #[must_use]
    pub fn rebuild(&self, number: u64) -> Option<Rebuild> {
        let row = self.rebuilds.get(number.checked_sub(1)?)?;
        Some(Rebuild {
            number,
            first_event: row.first_event,
            events: row.events,
            woken: row.woken.map(time),
            frame: time(row.frame),
            snapshot: time(row.snapshot),
            drawn: drawn(row.drawn),
            is_cut: row.is_cut,
            budget_left: row.budget_left.map(time),
            idle_frames: row.idle_frames,
        })
    }

    /// All rebuilds that are there, in order.
    pub fn rebuilds(&self) -> impl DoubleEndedIterator<Item = Rebuild> {
        let numbers = self.rebuilds.first() + 1..self.rebuilds.end() + 1;
        numbers.filter_map(|number| self.rebuild(number))
    }

    /// The rebuild that took in the event with this number.
    #[must_use]
    pub fn rebuild_of(&self, event: u64) -> Option<Rebuild> {
        let number = self.rebuilds.partition_point(|rebuild| rebuild.first_event <= event);
        self.rebuild(number).filter(|rebuild| event <= rebuild.last_event())
    }

    /// All frames that are there, in order.
    pub fn frames(&self) -> impl Iterator<Item = Frame> {
        self.frames.iter().map(|frame| Frame {
            number: frame.number,
            began: time(frame.began),
            drawn: drawn(frame.drawn),
        })
    }

    /// When the stream woke the builder, in order; wakes that came close together are one.
    pub fn wakes(&self) -> impl Iterator<Item = Duration> {
        self.wakes.iter().map(|wake| time(wake.at))
    }

    /// What the snapshot was, in order.
    pub fn states(&self) -> impl Iterator<Item = SnapshotState> {
        self.states.iter().map(StateRow::public)
    }

    /// When the messages arrived that have not been taken in.
    pub fn untaken(&self) -> impl Iterator<Item = Option<Duration>> {
        self.waiting.iter().map(|waiting| waiting.arrived.map(time))
    }

    /// How much is no longer there.
    #[must_use]
    pub fn dropped(&self) -> Dropped {
        Dropped {
            events: self.events.first() - 1,
            rebuilds: self.rebuilds.first(),
            frames: self.frames.first(),
            wakes: self.wakes.first(),
            states: self.states.first(),
        }
    }
}

impl ProblemRow {
    fn public(&self) -> Option<Problem<'_>> {
        self.problem.as_ref().map(|(text, is_back)| Problem { text, is_back: *is_back })
    }
}

impl StateRow {
    fn public(&self) -> SnapshotState {
        let Self { since, stream, has_data } = *self;
        SnapshotState { stream, has_data, since: time(since) }
    }
}

/// The part of it that is kept.
fn problem_text(text: &str) -> &str {
    text.get(..text.floor_char_boundary(MAX_PREVIEW_BYTES)).unwrap_or(text)
}

fn ns(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).map_or(MAX_NS, |ns| ns.min(MAX_NS))
}

fn time(ns: u64) -> Duration {
    Duration::from_nanos(ns)
}

fn drawn(ns: u64) -> Option<Duration> {
    (ns != NEVER).then(|| time(ns))
}

#[cfg(test)]
mod tests;
