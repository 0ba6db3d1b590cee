//! From a stream to an echo page, in five small steps; then what is different from Flutter, what it
//! costs, and when to use something else.
//!
//! Each step is an example of less than 60 lines, the same on the desktop and in a browser:
//!
//! ```sh
//! cargo run -p egui_stream_builder --example clock
//! trunk serve --config crates/egui_stream_builder/examples --example clock
//! ```
//!
//! (`cargo xtask serve` in place of `trunk serve` first brings what is missing, and starts the echo
//! server of step 5.) Each of them shows how many frames it has drawn: let the mouse rest, and see that
//! only events make it more.
//!
//! # Step 1: a clock
//!
//! The stream is any [`Stream`](futures_core::Stream). This one waits for a tick and says its number, ten
//! times, on whichever platform `futures_timer` runs:
//!
//! ```
//! # use egui_stream_builder::{ConnectionState, StreamBuilder, infallible};
//! # use futures::{Stream, StreamExt as _, stream};
//! # use futures_timer::Delay;
//! # mod common {
//! #     pub const TICK: std::time::Duration = std::time::Duration::from_millis(1);
//! # }
//! const TICKS: usize = 10;
//!
//! struct Clock {
//!     ticks: StreamBuilder<u32>,
//! }
//!
//! # impl Clock {
//! #   fn logic(&mut self, ctx: &egui::Context) {
//!         // The stream is made in the first frame. After that the key is the same, and nothing happens.
//!         self.ticks.set_stream("the only one", || infallible(ticks()));
//!         self.ticks.update(ctx);
//! #   }
//! #   fn ui(&self, ui: &mut egui::Ui) {
//!             self.ticks.show(ui, |ui, snapshot| {
//!                 match snapshot.data() {
//!                     Some(tick) => ui.heading(format!("Tick {tick}")),
//!                     None => ui.heading("…"),
//!                 };
//!                 if snapshot.connection_state() == ConnectionState::Done {
//!                     ui.label("The clock has run down.");
//!                 }
//!             });
//! #   }
//! # }
//!
//! fn ticks() -> impl Stream<Item = u32> {
//!     stream::iter(1..).take(TICKS).then(|tick| async move {
//!         Delay::new(common::TICK).await;
//!         tick
//!     })
//! }
//! # let ctx = egui::Context::default();
//! # let mut clock = Clock { ticks: StreamBuilder::new() };
//! # while clock.ticks.snapshot().connection_state() != ConnectionState::Done {
//! #     ctx.run_ui(egui::RawInput::default(), |ui| {
//! #         clock.logic(ui.ctx());
//! #         clock.ui(ui);
//! #     })
//! #     .drop_without_applying_deltas();
//! # }
//! # assert_eq!(clock.ticks.snapshot().data(), Some(&10));
//! ```
//!
//! The first three lines of code inside belong into `eframe::App::logic`, which runs while the window is
//! hidden too, the rest into `ui`. Nobody asks egui for a frame here: the builder polled the stream with a
//! waker of its own, and the timer wakes it. The whole is `examples/clock.rs`.
//!
//! # Step 2: a counter
//!
//! A stream is the way in; a channel in the other direction is the way out. The task in
//! `examples/counter.rs` keeps the count, on a thread or between the frames of a page; the window sends it
//! orders and draws what it says. No lock, no shared state:
//!
//! ```
//! # use std::time::Duration;
//! # use egui_stream_builder::{StreamBuilder, infallible};
//! # use futures::{SinkExt as _, StreamExt as _, channel::mpsc};
//! # use futures_timer::Delay;
//! # mod common {
//! #     pub const ROOM: usize = 16;
//! #     pub fn spawn(task: impl Future<Output = ()> + Send + 'static) {
//! #         std::thread::spawn(|| futures::executor::block_on(task));
//! #     }
//! # }
//! # struct Counter { orders: mpsc::Sender<u32>, ordered: u32, counts: StreamBuilder<u32> }
//! # impl Counter {
//! #     fn new() -> Self {
//!         let (orders, inbox) = mpsc::channel(common::ROOM);
//!         let (outbox, stream) = mpsc::channel(common::ROOM);
//!         common::spawn(count(inbox, outbox));
//!         let mut counts = StreamBuilder::new();
//!         counts.set_stream("the task", || infallible(stream));
//! #         Self { orders, ordered: 0, counts }
//! #     }
//! #     fn ui(&mut self, ui: &mut egui::Ui) {
//!
//!             // A frame never waits: where there is no room, the order is not taken.
//!             if ui.button("Add one").clicked() && self.orders.try_send(1).is_ok() {
//!                 self.ordered += 1;
//!             }
//! #     }
//! # }
//!
//! async fn count(mut orders: mpsc::Receiver<u32>, mut counts: mpsc::Sender<u32>) {
//!     let mut count = 0;
//!     while counts.send(count).await.is_ok() {
//!         let Some(order) = orders.next().await else { return };
//!         Delay::new(Duration::from_millis(300)).await; // As if adding were hard work.
//!         count += order;
//!     }
//! }
//! # let ctx = egui::Context::default();
//! # let mut counter = Counter::new();
//! # assert!(counter.orders.try_send(3678).is_ok());
//! # while counter.counts.snapshot().data() != Some(&3678) {
//! #     counter.counts.update(&ctx);
//! # }
//! # ctx.run_ui(egui::RawInput::default(), |ui| counter.ui(ui)).drop_without_applying_deltas();
//! ```
//!
//! Both channels are bounded. `send(…).await` makes the task wait while the window falls behind;
//! `try_send` makes the window go on where the task does. And the task ends by itself: with the window go
//! the builder and the sender, and then both ends of it know.
//!
//! # Step 3: two builders on one broadcast
//!
//! A Rust stream has one reader, as it is a value that moves into the builder. For two, take a channel
//! whose receivers can be cloned, such as that of `async_broadcast`; each builder gets its own, and polls
//! it with its own waker:
//!
//! ```
//! # use async_broadcast::{Sender, broadcast};
//! # use egui_stream_builder::{Event, StreamBuilder, infallible};
//! # mod common { pub const ROOM: usize = 16; }
//! # struct Thermometer { latest: StreamBuilder<i32>, all: StreamBuilder<i32>, highest: i32 }
//! # impl Thermometer {
//! #     fn new(measure: impl FnOnce(Sender<i32>)) -> Self {
//!         let (mut sender, readings) = broadcast(common::ROOM);
//!         // A listener that falls behind misses the oldest readings, and holds up nobody.
//!         sender.set_overflow(true);
//! #         measure(sender);
//!         let (mut latest, mut all) = (StreamBuilder::new(), StreamBuilder::new());
//!         latest.set_stream("one of two", || infallible(readings.clone()));
//!         all.set_stream("the other", || infallible(readings));
//! #         Self { latest, all, highest: i32::MIN }
//! #     }
//! #     fn logic(&mut self, ctx: &egui::Context) {
//!
//!         self.latest.update(ctx);
//!         self.all.update_with(ctx, |event| match event {
//!             Event::Data(degrees) => self.highest = self.highest.max(*degrees),
//!             Event::Error(_) | Event::Done => {}
//!         });
//! #     }
//! # }
//! # let mut thermometer = Thermometer::new(|sender| {
//! #     for degrees in [19, 22, 18] {
//! #         assert!(sender.try_broadcast(degrees).is_ok());
//! #     }
//! # });
//! # thermometer.logic(&egui::Context::default());
//! # assert_eq!(thermometer.latest.snapshot().data(), Some(&18));
//! # assert_eq!(thermometer.highest, 22);
//! ```
//!
//! The snapshot is the latest reading and nothing else. The highest of all has to see each one:
//! [`update_with`](crate::StreamBuilder::update_with) shows them, in order, also those that come between
//! two frames. One reading makes two wakes and still one repaint. The whole is `examples/broadcast.rs`.
//!
//! # Step 4: a stream with errors
//!
//! A stream of `Result<T, E>` is taken as it is. An error stands in the place of the data until the next
//! event; whether the stream goes on is its own affair. When it has ended, another key gets another one:
//!
//! ```
//! # use egui_stream_builder::{ConnectionState, StreamBuilder};
//! # use futures::{Stream, StreamExt as _, stream};
//! # use futures_timer::Delay;
//! # mod common {
//! #     pub const TICK: std::time::Duration = std::time::Duration::from_millis(1);
//! # }
//! # #[derive(Default)]
//! struct Download {
//!     parts: StreamBuilder<u32, &'static str>,
//!     attempt: u32,
//! }
//!
//! # impl Download {
//! #     fn logic(&mut self, ctx: &egui::Context) {
//!         // Another key is another stream. What the last one said stays until the new one speaks.
//!         self.parts.set_stream(self.attempt, parts);
//!         self.parts.update(ctx);
//! #     }
//! #     fn ui(&self, ui: &mut egui::Ui) {
//!
//!             self.parts.show(ui, |ui, snapshot| {
//! #               let _: egui::Response =
//!                 match snapshot.value() {
//!                     Some(Ok(percent)) => ui.heading(format!("{percent} %")),
//!                     Some(Err(error)) => ui.colored_label(ui.visuals().error_fg_color, *error),
//!                     None => ui.heading("…"),
//!                 }
//! #               ;
//!             });
//! #     }
//! # }
//!
//! fn parts() -> impl Stream<Item = Result<u32, &'static str>> {
//!     let parts = [Ok(20), Ok(40), Err("A part is missing."), Ok(80), Err("The cable was pulled.")];
//!     stream::iter(parts).then(|part| async move {
//!         Delay::new(common::TICK).await;
//!         part
//!     })
//! }
//! # let ctx = egui::Context::default();
//! # let mut download = Download::default();
//! # for attempt in 0..2 {
//! #     download.attempt = attempt;
//! #     download.logic(&ctx);
//! #     while download.parts.snapshot().connection_state() != ConnectionState::Done {
//! #         download.logic(&ctx);
//! #     }
//! #     assert_eq!(download.parts.snapshot().error(), Some(&"The cable was pulled."));
//! # }
//! # assert_eq!(download.parts.counters().events, 12);
//! # ctx.run_ui(egui::RawInput::default(), |ui| download.ui(ui)).drop_without_applying_deltas();
//! ```
//!
//! The end is [`ConnectionState::Done`](crate::ConnectionState::Done), and what came last stays with it.
//! The whole is `examples/errors.rs`.
//!
//! # Step 5: the echo page
//!
//! A WebSocket is all of this at once: messages come by themselves, others go out, it may fail and it
//! ends. With the channel of `web_socket_channel` (this crate does not know it; its stream is one of many)
//! the page is not longer than the clock:
//!
//! ```
//! # use egui_stream_builder::StreamBuilder;
//! # use web_socket_channel::{Error, Message, WebSocketSink, memory};
//! # const URL: &str = "ws://127.0.0.1:9001";
//! # struct WebSocketChannel;
//! # impl WebSocketChannel {
//! #     fn connect(_: &str) -> Result<web_socket_channel::WebSocketChannel, Error> {
//! #         Ok(memory::loopback())
//! #     }
//! # }
//! # #[derive(Default)]
//! struct EchoPage {
//!     /// To let go of it is to close the connection.
//!     sink: Option<WebSocketSink>,
//!     messages: StreamBuilder<Message, Error>,
//!     attempt: u32,
//!     draft: String,
//! }
//!
//! # impl EchoPage {
//! #     fn logic(&mut self, ctx: &egui::Context) {
//!         self.messages.set_stream(self.attempt, || {
//!             let (sink, stream) = WebSocketChannel::connect(URL).expect("it is a URL").split();
//!             self.sink = Some(sink);
//!             stream
//!         });
//!         self.messages.update(ctx);
//! #     }
//! #     fn ui(&mut self, is_entered: bool) {
//!
//!             // What the channel does not take stays in the field.
//!             let send = |sink: &WebSocketSink| sink.send(self.draft.as_str()).is_ok();
//!             if is_entered && self.sink.as_ref().is_some_and(send) {
//!                 self.draft.clear();
//!             }
//! #     }
//! # }
//! # let ctx = egui::Context::default();
//! # let mut page = EchoPage { draft: "raisin".into(), ..EchoPage::default() };
//! # page.logic(&ctx);
//! # page.ui(true);
//! # assert_eq!(page.draft, "");
//! # page.logic(&ctx);
//! # assert_eq!(page.messages.snapshot().data(), Some(&Message::from("raisin")));
//! ```
//!
//! What is sent before the connection is open waits in the channel. `cargo run -p echo_server` is the
//! other end; start the page without it, see what it says, then start the server and connect again. The
//! whole is `examples/echo_page.rs`, and the app at the top of this repository is its big sister.
//!
