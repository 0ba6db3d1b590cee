//! Watches the channel and the builder at work, where somebody wants to see it: the clock and the
//! locks around a [`Recording`] that grows.
//!
//! What runs on other threads writes down what it saw and when, and only while somebody looks;
//! otherwise it counts messages, and nothing more.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app_core::experiments::Seen;
use app_core::recording::{Cursor, Incoming, Problem, Recording, StageSpan, StreamState, Taken};
use app_core::row_links::RowLinks;
use egui_stream_builder::{ConnectionState, Counters, Event, Snapshot, StreamBuilder, Update};
use web_socket_channel::{Error, Message, Tap, TapEvent};
use web_time::Instant;

/// What the app has in hand to see its stream at work.
pub struct Recorder {
    clock: Clock,
    is_recording: Arc<AtomicBool>,
    is_paused: Arc<AtomicBool>,
    wake: Arc<Wake>,
    record: Arc<ConnectionRecord>,
    /// Messages that the builder took from this connection.
    taken: u64,
    /// There while somebody looks.
    live: Option<Live>,
    /// What was seen last, while nobody looks.
    stopped: Option<Live>,
}

/// A recording that grows, or grew.
struct Live {
    recording: Recording,
    /// Which of its events are which rows of the log.
    rows: RowLinks,
    wakes_before: u64,
    frames_before: u64,
    /// The number of the last rebuild whose stages were given out.
    measured: u64,
}

/// Times since the recorder was made.
#[derive(Clone, Copy)]
struct Clock(Instant);

/// The last wake that the builder hasn't followed yet.
#[derive(Default)]
struct Wake(Mutex<Option<Duration>>);

/// What is seen of one connection, where its events come in.
#[derive(Default)]
struct ConnectionRecord {
    arrived: AtomicU64,
    queued: AtomicU64,
    incoming: Mutex<Incoming>,
}

impl Recorder {
    /// Looks at nothing yet.
    pub fn new() -> Self {
        Self {
            clock: Clock(Instant::now()),
            is_recording: Arc::default(),
            is_paused: Arc::default(),
            wake: Arc::default(),
            record: Arc::default(),
            taken: 0,
            live: None,
            stopped: None,
        }
    }

    /// What the builder calls at each wake.
    pub fn on_wake(&self) -> impl Fn(bool) + Send + Sync + 'static {
        let (clock, is_recording, wake) =
            (self.clock, Arc::clone(&self.is_recording), Arc::clone(&self.wake));
        move |_asks| {
            // Also one that asks for nothing, as a frame is on its way already.
            if is_recording.load(Ordering::Relaxed) {
                *lock(&wake.0) = Some(clock.now());
            }
        }
    }

    /// What the channel of the next connection tells; from now on it is about that one.
    pub fn tap(&mut self, ctx: &egui::Context) -> Tap {
        let record = Arc::<ConnectionRecord>::default();
        self.record = Arc::clone(&record);
        self.taken = 0;
        if let Some(live) = &mut self.live {
            live.recording.connected(self.clock.now());
        }
        let (clock, is_recording, is_paused) =
            (self.clock, self.is_recording.clone(), self.is_paused.clone());
        let ctx = ctx.clone();
        Tap::new(move |event| {
            record.count(event);
            if !is_recording.load(Ordering::Relaxed) {
                return;
            }
            record.note(event, clock.now());
            let is_in = !matches!(event, TapEvent::Arrived { .. });
            if is_in && is_paused.load(Ordering::Relaxed) {
                ctx.request_repaint();
            }
        })
    }

    /// Whether the builder is paused, or takes events in slowly. It is then woken once and no more, so
    /// that frames which show how the mailbox fills are asked for here.
    pub fn set_paused(&self, is_paused: bool) {
        self.is_paused.store(is_paused, Ordering::Relaxed);
    }

    /// Begins to look, or begins anew, in the frame with this number.
    pub fn begin(&mut self, messages: &StreamBuilder<Message, Error>, frame: u64) {
        let now = self.clock.now();
        self.is_recording.store(true, Ordering::Relaxed);
        *lock(&self.wake.0) = None;
        // What has arrived in the meantime counts as having been there.
        let mut incoming = lock(&self.record.incoming);
        *incoming = Incoming::default();
        let arrived = self.record.arrived.load(Ordering::Relaxed);
        drop(incoming);
        let snapshot = messages.snapshot();
        let said = snapshot.error().map(ToString::to_string);
        let shown = match (snapshot.data(), &said) {
            (Some(message), _) => Some(taken_message(message)),
            (None, Some(error)) => Some(Taken::error(error)),
            (None, None) => None,
        };
        let mut recording = Recording::continuing(now, arrived, self.taken, shown);
        recording.frame(now);
        let Counters { wakes, .. } = messages.counters();
        let rows = RowLinks::default();
        self.live =
            Some(Live { recording, rows, wakes_before: wakes, frames_before: frame, measured: 0 });
        self.stopped = None;
    }

    /// Looks no more. What was seen is kept until it begins anew.
    pub fn end(&mut self) {
        self.is_recording.store(false, Ordering::Relaxed);
        self.stopped = self.live.take().or(self.stopped.take());
        *lock(&self.record.incoming) = Incoming::default();
    }

    /// What is seen, or was seen last.
    pub fn recording(&self) -> Option<&Recording> {
        self.seen_last().map(|seen| &seen.recording)
    }

    /// The event of it that this row of the log is, and when it was taken in, if it is still there.
    pub fn moment_of(&self, row: u64) -> Option<Cursor> {
        let seen = self.seen_last()?;
        seen.recording.moment_of(seen.rows.event(row)?)
    }

    /// The row of the log that this event of it is, if it is one; without a number the last event.
    pub fn row_of(&self, event: Option<u64>) -> Option<u64> {
        let seen = self.seen_last()?;
        seen.rows.row(event.unwrap_or_else(|| seen.recording.last_event()))
    }

    fn seen_last(&self) -> Option<&Live> {
        self.live.as_ref().or(self.stopped.as_ref())
    }

    /// What an experiment's answer is computed from, while somebody looks.
    pub fn seen(&self) -> Option<Seen> {
        let recording = &self.live.as_ref()?.recording;
        let now = recording.now();
        let waits = recording.states().find(|state| state.stream == StreamState::Waiting);
        Some(Seen {
            events: now.totals.events,
            rebuilds: now.totals.rebuilds,
            value_while_waiting: waits.map(|state| state.has_data),
            value: now.state.and_then(|state| state.has_data),
            is_done: now.state.is_some_and(|state| state.stream == StreamState::Done)
                && now.totals.events > 0,
            arrived: now.arrived,
            waiting: now.waiting,
        })
    }

    /// A frame begins, and is the one with this number.
    pub fn frame(&mut self, number: u64) {
        if let Some(live) = &mut self.live {
            let number = (number + 1).saturating_sub(live.frames_before);
            live.recording.frame_numbered(number, self.clock.now());
        }
        self.look();
    }

    /// Writes down what has arrived.
    pub fn look(&mut self) {
        if let Some(live) = &mut self.live {
            live.recording.take_over(&mut lock(&self.record.incoming));
        }
    }

    /// Lets the builder take in what its stream has sent, and watches. `on_event` gives the row of the log that an
    /// event has become, if it is one.
    pub fn update(
        &mut self,
        messages: &mut StreamBuilder<Message, Error>,
        ctx: &egui::Context,
        mut on_event: impl FnMut(Event<'_, Message, Error>) -> Option<u64>,
    ) -> Update {
        if let Some(live) = &mut self.live
            && let Some(woken) = lock(&self.wake.0).take()
        {
            live.recording.woken(woken);
        }
        let start = self.live.as_ref().map(|_| Instant::now());
        let update = messages.update_with(ctx, |event| {
            self.taken(&event);
            let row = on_event(event);
            if let (Some(live), Some(row)) = (&mut self.live, row) {
                live.rows.push(live.recording.last_event(), row);
            }
        });
        if let Some(Live { recording, wakes_before, .. }) = &mut self.live {
            let spent = start.map(|start| start.elapsed()).unwrap_or_default();
            let budget = Some(messages.budget).filter(|budget| !budget.is_zero());
            let budget_left = budget.map(|budget| budget.saturating_sub(spent));
            let now = self.clock.now();
            // With no time at all it was asked for one event, and not cut short.
            recording.updated(now, update.is_cut && budget.is_some(), budget_left);
            recording.wakes_counted(messages.counters().wakes - *wakes_before, now);
            let (stream, has_data) = state(messages.snapshot());
            recording.state(now, stream, has_data);
        }
        update
    }

    fn taken(&mut self, event: &Event<'_, Message, Error>) {
        if let Some(Live { recording, .. }) = &mut self.live {
            let now = self.clock.now();
            match event {
                Event::Data(message) => {
                    if !recording.has_arrival() {
                        recording.take_over(&mut lock(&self.record.incoming));
                    }
                    recording.taken(now, taken_message(message));
                }
                Event::Error(error) => {
                    recording.take_over(&mut lock(&self.record.incoming));
                    recording.taken(now, Taken::error(&error.to_string()));
                }
                Event::Done => {
                    recording.take_over(&mut lock(&self.record.incoming));
                    recording.taken(now, Taken::done());
                }
            }
        }
        self.taken += u64::from(matches!(event, Event::Data(_)));
    }

    /// How long the stages took of what was drawn last, if it was not asked for before; and the time now, from
    /// which on their times can be reckoned by another clock.
    pub fn newest_spans(&mut self) -> (Vec<StageSpan>, Duration) {
        let mut spans = Vec::new();
        if let Some(Live { recording, measured, .. }) = &mut self.live
            && let Some(rebuild) = recording.rebuilds().next_back()
            && rebuild.drawn.is_some()
            && rebuild.number > *measured
        {
            *measured = rebuild.number;
            spans = recording.stage_spans(&rebuild);
        }
        (spans, self.clock.now())
    }

    /// The snapshot has been drawn, or in its place what `problem` says of the network.
    pub fn drawn(&mut self, problem: impl FnOnce() -> Option<(String, bool)>) {
        if let Some(Live { recording, .. }) = &mut self.live {
            let now = self.clock.now();
            recording.drawn(now);
            let problem = problem();
            let problem = problem.as_ref();
            let said = problem.map(|(text, is_back)| Problem { text, is_back: *is_back });
            recording.problem(now, said);
        }
    }
}

impl Default for Recorder {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock {
    fn now(self) -> Duration {
        self.0.elapsed()
    }
}

impl ConnectionRecord {
    fn count(&self, event: TapEvent) {
        let (counter, messages) = match event {
            TapEvent::Arrived { .. } => (&self.arrived, 1),
            TapEvent::Queued { messages } => (&self.queued, messages as u64),
            _ => return,
        };
        // What comes in comes in one after the other, so nobody else writes meanwhile; and this is
        // all that a message costs while nobody looks.
        counter.store(counter.load(Ordering::Relaxed) + messages, Ordering::Relaxed);
    }

    /// Writes down what was [counted](Self::count) just now.
    fn note(&self, event: TapEvent, now: Duration) {
        let mut incoming = lock(&self.incoming);
        match event {
            TapEvent::Arrived { .. } => {
                incoming.arrived(self.arrived.load(Ordering::Relaxed).saturating_sub(1), now);
            }
            TapEvent::Queued { .. } => incoming.queued(self.queued.load(Ordering::Relaxed), now),
            TapEvent::Ended => incoming.ended(now),
            _ => {}
        }
    }
}

fn taken_message(message: &Message) -> Taken<'_> {
    match message {
        Message::Text(text) => Taken::text(text),
        Message::Binary(bytes) => Taken::binary(bytes),
    }
}

/// What the snapshot is, in the recording's words.
fn state(snapshot: &Snapshot<Message, Error>) -> (StreamState, Option<bool>) {
    let stream = match snapshot.connection_state() {
        ConnectionState::None => StreamState::None,
        ConnectionState::Waiting => StreamState::Waiting,
        ConnectionState::Active => StreamState::Active,
        ConnectionState::Done => StreamState::Done,
    };
    (stream, snapshot.value().map(|value| value.is_ok()))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
