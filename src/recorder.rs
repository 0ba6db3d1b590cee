//! Watches the channel and the builder at work, where somebody wants to see it: the clock and the
//! locks around a [`Trace`].
//!
//! What runs on other threads writes down what it saw and when, and only while somebody looks;
//! otherwise it counts messages, and nothing more.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use egui_stream_builder::{Counters, Event, Snapshot, Update};
use web_socket_channel::{Error, Message, Passage, WebSocketSink};
use web_time::Instant;

use crate::trace::{Incoming, Kind, Trace};

/// What the app has in hand to see its stream at work.
pub struct Recorder {
    clock: Clock,
    is_on: Arc<AtomicBool>,
    wake: Arc<Wake>,
    line: Arc<Line>,
    /// Messages that the builder took from this connection.
    taken: u64,
    /// There while somebody looks.
    trace: Option<Trace>,
}

/// Times since the recorder was made.
#[derive(Clone, Copy)]
struct Clock(Instant);

/// The first wake that nobody has taken yet.
#[derive(Default)]
struct Wake(Mutex<Option<Duration>>);

/// What is seen of one connection, where its events come in.
#[derive(Default)]
struct Line {
    arrived: AtomicU64,
    put: AtomicU64,
    incoming: Mutex<Incoming>,
}

impl Recorder {
    /// Looks at nothing yet.
    pub fn new() -> Self {
        Self {
            clock: Clock(Instant::now()),
            is_on: Arc::default(),
            wake: Arc::default(),
            line: Arc::default(),
            taken: 0,
            trace: None,
        }
    }

    /// What the builder calls at each wake.
    pub fn on_wake(&self) -> impl Fn(bool) + Send + Sync + 'static {
        let (clock, is_on, wake) = (self.clock, Arc::clone(&self.is_on), Arc::clone(&self.wake));
        move |asks| {
            if asks && is_on.load(Ordering::Relaxed) {
                *lock(&wake.0) = Some(clock.now());
            }
        }
    }

    /// From now on it is about this connection.
    pub fn connected(&mut self, sink: &WebSocketSink) {
        let line = Arc::<Line>::default();
        self.line = Arc::clone(&line);
        self.taken = 0;
        let (clock, is_on) = (self.clock, Arc::clone(&self.is_on));
        // A connection is made once, so nobody else looks at it.
        sink.tap(move |passage| line.see(passage, is_on.load(Ordering::Relaxed).then_some(clock)));
    }

    /// Begins to look, or begins anew.
    pub fn begin(&mut self, counters: Counters, frames: u64) {
        self.is_on.store(true, Ordering::Relaxed);
        *lock(&self.wake.0) = None;
        self.trace = Some(Trace::new(self.clock.now(), counters, frames));
    }

    /// Looks no more.
    pub fn end(&mut self) {
        self.is_on.store(false, Ordering::Relaxed);
        self.trace = None;
        *lock(&self.line.incoming) = Incoming::default();
    }

    /// What was seen, while somebody looks.
    pub fn trace(&self) -> Option<&Trace> {
        self.trace.as_ref()
    }

    /// Messages that have arrived at the socket of this connection.
    pub fn arrived(&self) -> u64 {
        self.line.arrived.load(Ordering::Relaxed)
    }

    /// Messages that lie in the mailbox of this connection.
    pub fn waiting(&self) -> u64 {
        self.line.put.load(Ordering::Relaxed).saturating_sub(self.taken)
    }

    /// A frame begins.
    pub fn frame(&mut self, number: u64) {
        if let Some(trace) = &mut self.trace {
            trace.frame(self.clock.now(), number);
        }
    }

    /// The builder is about to look at its stream.
    pub fn polls(&mut self) {
        if let Some(trace) = &mut self.trace {
            trace.polls(lock(&self.wake.0).take());
        }
    }

    /// The builder took in an event.
    pub fn taken(&mut self, event: &Event<'_, Message, Error>) {
        let kind = match event {
            Event::Data(_) => Kind::Data,
            Event::Error(_) => Kind::Error,
            Event::Done => Kind::Done,
        };
        if let Some(trace) = &mut self.trace {
            let now = self.clock.now();
            trace.taken(&mut lock(&self.line.incoming), kind, self.taken, now);
        }
        self.taken += u64::from(kind == Kind::Data);
    }

    /// The builder's update is over.
    pub fn updated(
        &mut self,
        update: Update,
        counters: Counters,
        budget_left: Duration,
        snapshot: &Snapshot<Message, Error>,
    ) {
        let Some(trace) = &mut self.trace else { return };
        let now = self.clock.now();
        trace.updated(update, counters, budget_left, now);
        let has_data = snapshot.value().map(|value| value.is_ok());
        trace.snapshot(snapshot.connection_state(), has_data, now);
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

impl Line {
    /// Counts, and writes it down if there is a clock.
    fn see(&self, passage: Passage, clock: Option<Clock>) {
        match passage {
            Passage::Arrived { .. } => {
                let number = self.arrived.fetch_add(1, Ordering::Relaxed);
                if let Some(clock) = clock {
                    lock(&self.incoming).arrived(number, clock.now());
                }
            }
            Passage::Put { messages } => {
                let messages = messages as u64;
                let count = self.put.fetch_add(messages, Ordering::Relaxed) + messages;
                if let Some(clock) = clock {
                    lock(&self.incoming).put(count, clock.now());
                }
            }
            Passage::Ended => {
                if let Some(clock) = clock {
                    lock(&self.incoming).ended(clock.now());
                }
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
