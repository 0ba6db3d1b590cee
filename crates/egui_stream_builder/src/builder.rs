//! The builder: owns a stream, polls it in frames that its waker asked for, and keeps the snapshot to draw.

use std::convert::Infallible;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use egui::{InnerResponse, Ui};
use futures_core::Stream;
use web_time::Instant;

use crate::repaint_waker::OnWake;
use crate::{ConnectionState, RepaintWaker, Snapshot};

/// The time that one [`StreamBuilder::update`] may spend on taking events in, unless
/// [`StreamBuilder::budget`] says otherwise: 4 ms.
///
/// A screen at 60 Hz leaves 16.7 ms for a frame and one at 120 Hz leaves 8.3 ms. This is half of the
/// shorter one, so that a flood of events leaves the other half for drawing, and the window stays smooth.
pub const DEFAULT_BUDGET: Duration = Duration::from_millis(4);

/// Draws the latest event of a stream, and asks for a frame when there is a new one.
///
/// Keep it in the state of the app. Once a frame, [`update`](Self::update) takes in what the stream has
/// sent; then [`show`](Self::show) draws the [`Snapshot`], as often and wherever it is wanted.
///
/// `T` is the data and `E` the error of a stream of `Result<T, E>`; see [`infallible`](crate::infallible)
/// for a stream of plain `T`. Neither needs to be `Clone`. The stream need not be `Send`, as streams of a
/// browser aren't; so neither is the builder, which lives where the frames are drawn.
pub struct StreamBuilder<T, E = Infallible> {
    /// The time that one [`update`](Self::update) may spend on events; [`DEFAULT_BUDGET`] at first.
    ///
    /// It is looked at after each event, so an update takes at least one, at a budget of zero exactly
    /// one, and runs over by at most the time that one event takes. Several builders in one frame have a
    /// budget each. Browsers may round their clock to a millisecond or more.
    pub budget: Duration,

    snapshot: Snapshot<T, E>,
    /// Hash of the key of the stream, set with it and kept after its end.
    key: Option<u64>,
    /// Made by the first update, and made new for each stream so that the old one's wakes go nowhere. It
    /// stands before the stream, as what is dropped first is: a stream may wake while it is dropped.
    waker: Option<RepaintWaker>,
    /// Set with the key, dropped at the stream's end so that it can't be polled again.
    stream: Option<BoxedStream<T, E>>,
    on_wake: Option<OnWake>,
    /// What the budget is measured by; none is the system's clock.
    clock: Option<Clock>,
    /// Of earlier wakers; the current one counts for itself.
    earlier_wakes: u64,
    events: u64,
    rebuilds: u64,
}

type Clock = Box<dyn Fn() -> Duration>;
type BoxedStream<T, E> = Pin<Box<dyn Stream<Item = Result<T, E>>>>;

/// One event of a stream, as [`StreamBuilder::update_with`] shows it before the snapshot takes it in.
#[derive(Debug, PartialEq, Eq)]
pub enum Event<'a, T, E = Infallible> {
    /// The stream sent data.
    Data(&'a T),
    /// The stream sent an error. More may follow.
    Error(&'a E),
    /// The stream ended. Nothing follows.
    Done,
}

/// What one [`StreamBuilder::update`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Update {
    /// How many events it took in, the end of the stream included. With none, the snapshot is as it was.
    pub events: u64,
    /// Whether the [budget](StreamBuilder::budget) ended it, rather than the stream having no more. Then
    /// it has asked for another frame, and the next update goes on.
    pub is_cut: bool,
}

/// What a [`StreamBuilder`] has done so far, for those who want to see it work.
///
/// `events - rebuilds` is how many events were coalesced: taken in, and replaced before a frame drew them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Data, errors and ends that streams sent.
    pub events: u64,
    /// Wakes by streams. Several wakes before the next update ask for one frame.
    pub wakes: u64,
    /// Updates that changed the snapshot with at least one event. At one update a frame, the frames that
    /// had something new to draw.
    pub rebuilds: u64,
}

impl<T, E> StreamBuilder<T, E> {
    /// A builder without a stream and without data.
    pub fn new() -> Self {
        Self::with_snapshot(Snapshot::nothing())
    }

    /// A builder without a stream that has data to draw from the first frame on.
    ///
    /// It counts only until the first event: another stream later keeps what the one before it said.
    pub fn with_initial_data(data: T) -> Self {
        Self::with_snapshot(Snapshot::with_data(ConnectionState::None, data))
    }

    /// Listens to the stream with this key, and makes it if it isn't the one listened to already.
    ///
    /// Call it whenever it is convenient, every frame if you like: with the key of the last call nothing
    /// happens, `make` isn't called, and the result is `false`. That is so after the stream's end too; to
    /// listen anew, change the key, say from `url` to `(url, attempt)`. Keys are compared by their hash.
    ///
    /// With another key the old stream is dropped first, with what it still had to say; then `make` runs
    /// and the state is [`ConnectionState::Waiting`]. The last data or error stays until the new stream
    /// says something.
    ///
    /// (A key, because streams have no identity of their own: Flutter compares two objects, but a `Stream`
    /// in Rust is a value that moves into the builder.)
    pub fn set_stream<S>(&mut self, key: impl Hash, make: impl FnOnce() -> S) -> bool
    where
        S: Stream<Item = Result<T, E>> + 'static,
    {
        let key = hash(key);
        if self.key == Some(key) {
            return false;
        }
        self.disconnect();
        self.stream = Some(Box::pin(make()));
        self.key = Some(key);
        self.snapshot.set_connection_state(ConnectionState::Waiting);
        true
    }

    /// Drops the stream, if there is one: the state is [`ConnectionState::None`], the last data or error
    /// stays. Gives whether there was one, ended or not.
    pub fn clear_stream(&mut self) -> bool {
        let had_stream = self.key.is_some();
        if had_stream {
            self.disconnect();
        }
        had_stream
    }

    /// Takes in what the stream has sent, in order, up to the [budget](Self::budget).
    ///
    /// Call it once a frame, before drawing: in `eframe::App::logic`, which runs while the window is
    /// hidden too, or at the top of the UI code. It polls only if the stream asked for it, and never waits;
    /// where nothing has happened it costs next to nothing.
    ///
    /// The stream's wakes repaint the viewport in which this was called last. A UI that draws the snapshot
    /// in another viewport asks for that one's repaint when there were events.
    ///
    /// egui may run the UI code again to lay out the same frame (see [`egui::Context::request_discard`]).
    /// In such a repeated pass this does nothing, so that all passes of a frame draw the same snapshot.
    pub fn update(&mut self, ctx: &egui::Context) -> Update {
        self.update_with(ctx, |_| {})
    }

    /// The same as [`update`](Self::update), and `see` is shown every event, not only the last.
    ///
    /// For logs, counters and transcripts: everything that folds over events rather than drawing the
    /// latest. No event is left out and none comes twice; an event the [budget](Self::budget) left for
    /// later is seen later.
    pub fn update_with(
        &mut self,
        ctx: &egui::Context,
        mut see: impl FnMut(Event<'_, T, E>),
    ) -> Update {
        let mut update = Update::default();

        let viewport = ctx.viewport_id();
        if !matches!(&self.waker, Some(waker) if waker.is_for(ctx, viewport)) {
            let waker = RepaintWaker::seen_by(ctx, viewport, self.on_wake.clone());
            self.set_waker(waker);
        }
        let (Some(waker), Some(stream)) = (&self.waker, &mut self.stream) else {
            return update;
        };

        if 0 < ctx.current_pass_index() {
            // The wake asked for a frame, but that may have been the one that is on its way to its end.
            if waker.is_woken() {
                ctx.request_repaint_of(viewport);
            }
            return update;
        }

        let snapshot = &mut self.snapshot;
        let budget = self.budget;
        let clock = self.clock.as_ref();
        let is_done = waker.if_woken(|cx| {
            let start = Start::now(clock);
            loop {
                match stream.as_mut().poll_next(cx) {
                    Poll::Pending => return false,
                    Poll::Ready(Some(value)) => {
                        update.events += 1;
                        see(match &value {
                            Ok(data) => Event::Data(data),
                            Err(error) => Event::Error(error),
                        });
                        snapshot.set_value(value);
                    }
                    Poll::Ready(None) => {
                        update.events += 1;
                        see(Event::Done);
                        snapshot.set_connection_state(ConnectionState::Done);
                        return true;
                    }
                }
                // A look at the clock costs some tens of nanoseconds. Looking only after every nth event
                // would save most of that, and let a slow `see` run over n times as far.
                if budget <= start.elapsed() {
                    update.is_cut = true;
                    waker.poll_next_frame();
                    return false;
                }
            }
        });

        if is_done == Some(true) {
            self.drop_stream();
        }
        self.events += update.events;
        self.rebuilds += u64::from(0 < update.events);
        update
    }

    /// What there is to draw.
    pub fn snapshot(&self) -> &Snapshot<T, E> {
        &self.snapshot
    }

    /// Draws the snapshot; Flutter's `builder` argument.
    ///
    /// This only draws: without [`update`](Self::update) nothing ever changes. `build` gets a `Ui` of its
    /// own, so that widgets below keep their identity, and the text field there its focus, when it draws
    /// more or fewer widgets than the frame before.
    pub fn show<R>(
        &self,
        ui: &mut Ui,
        build: impl FnOnce(&mut Ui, &Snapshot<T, E>) -> R,
    ) -> InnerResponse<R> {
        ui.scope(|ui| build(ui, &self.snapshot))
    }

    /// Whether the next [`update`](Self::update) will poll the stream: it is new, it has woken its
    /// waker since it was polled last, or the budget has cut that poll short.
    ///
    /// For those who put an update off, to show events one by one or not at all for a while.
    pub fn has_news(&self) -> bool {
        self.stream.is_some() && self.waker.as_ref().is_none_or(RepaintWaker::is_woken)
    }

    /// Lets `see` be called at every wake by a stream, with whether it is the one that asks for a
    /// repaint; it takes the place of the one before it. For those who want to see the builder work.
    ///
    /// It is called where the wake comes from, often on another thread and maybe with locks held that
    /// the stream needs: so it must be quick, and use neither egui nor the stream.
    pub fn on_wake(&mut self, see: impl Fn(bool) + Send + Sync + 'static) {
        self.on_wake = Some(Arc::new(see));
        if let Some(waker) = &self.waker {
            // The stream has the old waker, and gets the new one when it is polled.
            let renewed = waker.renewed(self.on_wake.clone());
            renewed.poll_next_frame();
            self.set_waker(renewed);
        }
    }

    /// Lets the [budget](Self::budget) be measured by this clock instead of the system's. It gives the time
    /// since any fixed moment, and must not go back.
    ///
    /// For simulations and for tests, in which an update then takes in the same events each time, and for
    /// targets where `std::time::Instant` panics and there is no browser either.
    ///
    /// ```
    /// use std::cell::Cell;
    /// use std::rc::Rc;
    /// use std::time::Duration;
    ///
    /// use egui_stream_builder::{StreamBuilder, infallible};
    ///
    /// let time = Rc::new(Cell::new(Duration::ZERO));
    /// let mut builder = StreamBuilder::new();
    /// builder.budget = Duration::from_millis(4);
    /// builder.set_clock({
    ///     let time = Rc::clone(&time);
    ///     move || time.get()
    /// });
    /// builder.set_stream("numbers", || infallible(futures::stream::iter(0..100)));
    /// let ctx = egui::Context::default();
    /// // Each event takes a millisecond.
    /// let update = builder.update_with(&ctx, |_| time.set(time.get() + Duration::from_millis(1)));
    /// assert_eq!((update.events, update.is_cut), (4, true));
    /// ```
    pub fn set_clock(&mut self, now: impl Fn() -> Duration + 'static) {
        self.clock = Some(Box::new(now));
    }

    /// What was done so far, over all streams of this builder.
    pub fn counters(&self) -> Counters {
        Counters {
            events: self.events,
            wakes: self.earlier_wakes + self.waker.as_ref().map_or(0, RepaintWaker::wakes),
            rebuilds: self.rebuilds,
        }
    }

    fn with_snapshot(snapshot: Snapshot<T, E>) -> Self {
        Self {
            budget: DEFAULT_BUDGET,
            snapshot,
            key: None,
            stream: None,
            waker: None,
            on_wake: None,
            clock: None,
            earlier_wakes: 0,
            events: 0,
            rebuilds: 0,
        }
    }

    fn disconnect(&mut self) {
        self.drop_stream();
        self.key = None;
        self.snapshot.set_connection_state(ConnectionState::None);
        // The snapshot changed outside of an update, and a new stream waits for its first poll. Before the
        // first update there is nobody to ask, and no need: that update is what polls.
        if let Some(waker) = &self.waker {
            waker.poll_next_frame();
        }
    }

    fn drop_stream(&mut self) {
        // Silenced first, as a stream that is dropped may wake whoever listened to it.
        if let Some(waker) = &self.waker {
            let renewed = waker.renewed(self.on_wake.clone());
            self.set_waker(renewed);
        }
        self.stream = None;
    }

    fn set_waker(&mut self, waker: RepaintWaker) {
        if let Some(earlier) = self.waker.replace(waker) {
            self.earlier_wakes += earlier.wakes();
        }
    }
}

impl<T, E> Default for StreamBuilder<T, E> {
    /// The same as [`StreamBuilder::new`].
    fn default() -> Self {
        Self::new()
    }
}

impl<T: fmt::Debug, E: fmt::Debug> fmt::Debug for StreamBuilder<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamBuilder")
            .field("snapshot", &self.snapshot)
            .field("counters", &self.counters())
            .finish_non_exhaustive()
    }
}

/// When an update began, by the clock that it is measured with.
enum Start<'a> {
    System(Instant),
    Given(&'a Clock, Duration),
}

impl<'a> Start<'a> {
    fn now(clock: Option<&'a Clock>) -> Self {
        clock.map_or_else(|| Self::System(Instant::now()), |clock| Self::Given(clock, clock()))
    }

    fn elapsed(&self) -> Duration {
        match self {
            Self::System(start) => start.elapsed(),
            Self::Given(clock, start) => clock().saturating_sub(*start),
        }
    }
}

/// Of a key, so that the builder needs no type parameter for it. `DefaultHasher::new` always hashes alike.
fn hash(key: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}
