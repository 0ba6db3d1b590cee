//! Watches the channel and the builder at work, where somebody wants to see it: the clock and the
//! locks around a [`Trace`].
//!
//! What runs on other threads writes down what it saw and when, and only while somebody looks;
//! otherwise it counts messages, and nothing more.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use egui_stream_builder::{Counters, Event, StreamBuilder, Update};
use web_socket_channel::{Error, Message, Tap, TapEvent};
use web_time::Instant;

use crate::trace::{EventKind, Incoming, Trace};

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
    trace: Option<Trace>,
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
            trace: None,
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

    /// Begins to look, or begins anew.
    pub fn begin(&mut self, counters: Counters, frames: u64) {
        self.is_recording.store(true, Ordering::Relaxed);
        *lock(&self.wake.0) = None;
        self.trace = Some(Trace::new(self.clock.now(), counters, frames));
    }

    /// Looks no more.
    pub fn end(&mut self) {
        self.is_recording.store(false, Ordering::Relaxed);
        self.trace = None;
        *lock(&self.record.incoming) = Incoming::default();
    }

    /// What was seen, while somebody looks.
    pub fn trace(&self) -> Option<&Trace> {
        self.trace.as_ref()
    }

    /// Messages that have arrived at the socket of this connection.
    pub fn arrived(&self) -> u64 {
        self.record.arrived.load(Ordering::Relaxed)
    }

    /// Messages that lie in the mailbox of this connection.
    pub fn waiting(&self) -> u64 {
        self.record.queued.load(Ordering::Relaxed).saturating_sub(self.taken)
    }

    /// A frame begins.
    pub fn frame(&mut self, number: u64) {
        if let Some(trace) = &mut self.trace {
            trace.frame(self.clock.now(), number);
        }
    }

    /// Lets the builder take in what its stream has sent, and watches.
    pub fn update(
        &mut self,
        messages: &mut StreamBuilder<Message, Error>,
        ctx: &egui::Context,
        mut on_event: impl FnMut(Event<'_, Message, Error>),
    ) -> Update {
        if let Some(trace) = &mut self.trace {
            trace.polls(lock(&self.wake.0).take());
        }
        let start = self.trace.as_ref().map(|_| Instant::now());
        let update = messages.update_with(ctx, |event| {
            self.taken(&event);
            on_event(event);
        });
        if let Some(trace) = &mut self.trace {
            let spent = start.map(|start| start.elapsed()).unwrap_or_default();
            let budget = Some(messages.budget).filter(|budget| !budget.is_zero());
            let budget_left = budget.map(|budget| budget.saturating_sub(spent));
            let now = self.clock.now();
            // With no time at all it was asked for one event, and not cut short.
            let is_cut = update.is_cut && budget.is_some();
            let seen = Update { is_cut, ..update };
            trace.updated(seen, messages.counters(), budget_left, now);
            let snapshot = messages.snapshot();
            let has_data = snapshot.value().map(|value| value.is_ok());
            trace.snapshot(snapshot.connection_state(), has_data, now);
        }
        update
    }

    fn taken(&mut self, event: &Event<'_, Message, Error>) {
        let kind = match event {
            Event::Data(_) => EventKind::Data,
            Event::Error(_) => EventKind::Error,
            Event::Done => EventKind::Done,
        };
        if let Some(trace) = &mut self.trace {
            let now = self.clock.now();
            trace.taken(&mut lock(&self.record.incoming), kind, self.taken, now);
        }
        self.taken += u64::from(kind == EventKind::Data);
    }

    /// The snapshot has been drawn.
    pub fn drawn(&mut self) {
        if let Some(trace) = &mut self.trace {
            trace.drawn(self.clock.now());
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
