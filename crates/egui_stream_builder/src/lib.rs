//! StreamBuilder for egui: the UI is rebuilt from the latest event of any futures::Stream, and only then.
//!
//! After Flutter's widget of that name, for any [`futures::Stream`](futures_core::Stream), on the desktop
//! and the web, without a runtime or a thread: in a frame the stream is polled with a waker that asks egui
//! for a repaint. No event, no frame.
//!
//! **[The tutorial](tutorial)** goes from a clock to an echo page in five small steps, each of which runs
//! on both; it says what is different from Flutter, and when to take something else.
//!
//! # Two calls a frame
//!
//! The stream and its latest event live in a [`StreamBuilder`], and that lives in the state of the app.
//! [`update`](StreamBuilder::update) takes in what has happened, [`show`](StreamBuilder::show) draws it. In
//! an eframe app the one belongs into `logic` and the other into `ui`.
//!
//! ```
//! use egui_stream_builder::{StreamBuilder, infallible};
//!
//! struct App {
//!     messages: StreamBuilder<String>,
//! }
//!
//! impl App {
//!     fn logic(&mut self, ctx: &egui::Context) {
//!         self.messages.update(ctx);
//!     }
//!
//!     fn ui(&mut self, ui: &mut egui::Ui) {
//!         self.messages.show(ui, |ui, snapshot| match snapshot.data() {
//!             Some(message) => ui.label(format!("echo: {message}")),
//!             None => ui.label("nothing yet"),
//!         });
//!     }
//! }
//!
//! let (sender, receiver) = futures::channel::mpsc::unbounded();
//! let mut app = App { messages: StreamBuilder::new() };
//! app.messages.set_stream("messages", || infallible(receiver));
//!
//! // From here on eframe would do the work: whenever somebody sends, from whichever thread, it draws.
//! sender.unbounded_send(String::from("a text"))?;
//! let ctx = egui::Context::default();
//! let output = ctx.run_ui(egui::RawInput::default(), |ui| {
//!     app.logic(ui.ctx());
//!     app.ui(ui);
//! });
//! # output.drop_without_applying_deltas();
//! assert_eq!(app.messages.snapshot().data().map(String::as_str), Some("a text"));
//! # Ok::<(), futures::channel::mpsc::TrySendError<String>>(())
//! ```
//!
//! # What there is to draw
//!
//! A [`Snapshot`] is a [`ConnectionState`], and data or an error, never both:
//!
//! | what happens | state | value |
//! | --- | --- | --- |
//! | nothing, there is no stream | `None` | the initial data, if any |
//! | [`set_stream`](StreamBuilder::set_stream) | `Waiting` | stays |
//! | the stream sends data | `Active` | the data, no error |
//! | the stream sends an error | `Active` | the error, no data |
//! | the stream ends | `Done` | stays |
//! | another stream | `None`, then `Waiting` | stays |
//!
//! A stream of `Result<T, E>` fills it, and the stream may go on after an error:
//!
//! ```
//! use egui_stream_builder::{Snapshot, StreamBuilder};
//! use futures::stream;
//!
//! fn text(snapshot: &Snapshot<u32, &str>) -> String {
//!     match snapshot.value() {
//!         Some(Ok(data)) => format!("echo: {data}"),
//!         Some(Err(error)) => format!("Network unreachable: {error}"),
//!         None => String::new(),
//!     }
//! }
//!
//! let ctx = egui::Context::default();
//! let mut numbers = StreamBuilder::new();
//! assert_eq!(text(numbers.snapshot()), "");
//!
//! numbers.set_stream("first try", || stream::iter([Ok(1), Err("no cable")]));
//! numbers.update(&ctx);
//! assert_eq!(text(numbers.snapshot()), "Network unreachable: no cable");
//!
//! // With the same key nothing happens. With another, the old stream is let go and the new one is made;
//! // what the old one said stays on the screen until the new one speaks.
//! numbers.set_stream("first try", || stream::iter([Ok(2)]));
//! numbers.set_stream("second try", || stream::iter([Ok(3678)]));
//! assert_eq!(text(numbers.snapshot()), "Network unreachable: no cable");
//! numbers.update(&ctx);
//! assert_eq!(text(numbers.snapshot()), "echo: 3678");
//! ```
//!
//! # Every event, not only the last
//!
//! Many events in one frame are one rebuild: the snapshot is the last of them. A log wants them all, and
//! [`update_with`](StreamBuilder::update_with) shows them in order, each once:
//!
//! ```
//! use egui_stream_builder::{Event, StreamBuilder, infallible};
//!
//! let ctx = egui::Context::default();
//! let mut numbers = StreamBuilder::new();
//! numbers.set_stream("numbers", || infallible(futures::stream::iter([1, 2, 3])));
//!
//! let mut sum = 0;
//! numbers.update_with(&ctx, |event| match event {
//!     Event::Data(number) => sum += number,
//!     Event::Error(never) => match *never {},
//!     Event::Done => {}
//! });
//! assert_eq!(sum, 6);
//! assert_eq!(numbers.snapshot().data(), Some(&3));
//! ```
//!
//! # What it costs
//!
//! - Nothing happens: no frame. Frames that something else asks for don't poll the stream, they look at a
//!   flag.
//! - A wake asks for one repaint of one viewport, and more wakes before the next update for none. (egui
//!   draws two frames for each request, to let layouts settle that lag behind by one.)
//! - A flood is cut by a [budget](StreamBuilder::budget) of time for each frame, 4 ms at first, and goes on
//!   in the next frame. The builder holds one value, the last; what waits, waits in the stream, and the
//!   bound is the stream's own.
//!
//! [The tutorial](tutorial#other-ways-into-a-frame-loop) has figures, also of other ways.
//!
//! # When it is the wrong tool
//!
//! - One answer to one question is a future: [`RepaintWaker`] polls it from a frame, the `poll-promise`
//!   crate holds one that runs elsewhere.
//! - Where every event changes the app's state and none is drawn as such, keep the stream and fold it in
//!   `logic`, with [`RepaintWaker`] for its wakes; the snapshot would stand beside the truth.
//! - A [`StreamBuilder`] is not `Send`, as its stream need not be. Deferred viewports, whose UI code must
//!   be `Send`, draw what `logic` copies for them.
//!
//! [The tutorial](tutorial#when-it-is-the-wrong-tool) shows both of the first two.

pub mod tutorial;

mod snapshot;

mod builder;
mod infallible;
mod repaint_waker;

pub use builder::{Counters, DEFAULT_BUDGET, Event, StreamBuilder, Update};
pub use infallible::infallible;
pub use repaint_waker::RepaintWaker;
pub use snapshot::{ConnectionState, NoData, Snapshot};
