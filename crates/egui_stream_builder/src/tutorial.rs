//! From a stream to an echo page, in five small steps; then what is different from Flutter, what it costs,
//! and when to use something else.
//!
//! Each step is an example of less than 60 lines, the same on the desktop and in a browser:
//!
//! ```sh
//! cargo run -p egui_stream_builder --example clock
//! trunk serve --config crates/egui_stream_builder/examples --example clock
//! ```
//!
//! (`cargo xtask serve` in place of `trunk serve` first brings what is missing, and starts the echo server
//! of step 5.) Each of them shows how many frames it has drawn: let the mouse rest, and see that only
//! events make it more.
//!
//! # Step 1: a clock
//!
//! The stream is any [`Stream`](futures_core::Stream). This one waits for a tick and says its number, ten
//! times, on whichever platform `futures_timer` runs:
//!
//! ```
//! # use eframe::{App as _, egui::{CentralPanel, Context, Ui}};
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
//! impl eframe::App for Clock {
//!     fn logic(&mut self, ctx: &Context, _: &mut eframe::Frame) {
//!         // The stream is made in the first frame. After that the key is the same, and nothing happens.
//!         self.ticks.set_stream("the only one", || infallible(ticks()));
//!         self.ticks.update(ctx);
//!     }
//!
//!     fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
//!         CentralPanel::default().show(ui, |ui| {
//!             self.ticks.show(ui, |ui, snapshot| {
//!                 match snapshot.data() {
//!                     Some(tick) => ui.heading(format!("Tick {tick}")),
//!                     None => ui.heading("…"),
//!                 };
//!                 if snapshot.connection_state() == ConnectionState::Done {
//!                     ui.label("The clock has run down.");
//!                 }
//!             });
//!         });
//!     }
//! }
//!
//! fn ticks() -> impl Stream<Item = u32> {
//!     stream::iter(1..).take(TICKS).then(|tick| async move {
//!         Delay::new(common::TICK).await;
//!         tick
//!     })
//! }
//! # let ctx = egui::Context::default();
//! # let mut frame = eframe::Frame::_new_kittest();
//! # let mut clock = Clock { ticks: StreamBuilder::new() };
//! # while clock.ticks.snapshot().connection_state() != ConnectionState::Done {
//! #     ctx.run_ui(egui::RawInput::default(), |ui| {
//! #         clock.logic(ui.ctx(), &mut frame);
//! #         clock.ui(ui, &mut frame);
//! #     })
//! #     .drop_without_applying_deltas();
//! # }
//! # assert_eq!(clock.ticks.snapshot().data(), Some(&10));
//! ```
//!
//! `logic` takes in what has happened, and runs while the window is hidden too; `ui` draws what there is.
//! Nobody asks egui for a frame here: the builder polls the stream with a waker of its own, and the timer
//! wakes it. The whole is `examples/clock.rs`. To see it: `websocket-echo --try 1.steady`.
//!
//! # Step 2: a counter
//!
//! A stream is the way in; a channel in the other direction is the way out. The task in
//! `examples/counter.rs` keeps the count, on a thread or between the frames of a page; the window sends it
//! orders and draws what it says. No lock, no shared state:
//!
//! ```
//! # use std::time::Duration;
//! # use eframe::{App as _, egui::{CentralPanel, Context, Ui}};
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
//! impl Counter {
//!     fn new() -> Self {
//!         let (orders, inbox) = mpsc::channel(common::ROOM);
//!         let (outbox, stream) = mpsc::channel(common::ROOM);
//!         common::spawn(count(inbox, outbox));
//!         let mut counts = StreamBuilder::new();
//!         counts.set_stream("the task", || infallible(stream));
//!         Self { orders, ordered: 0, counts }
//!     }
//! }
//!
//! impl eframe::App for Counter {
//!     fn logic(&mut self, ctx: &Context, _: &mut eframe::Frame) {
//!         self.counts.update(ctx);
//!     }
//!
//!     fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
//!         CentralPanel::default().show(ui, |ui| {
//!             let count = self.counts.snapshot().data().unwrap_or(&0);
//!             ui.heading(format!("{count} of {} done", self.ordered));
//!             // A frame never waits: where there is no room, the order is not taken.
//!             if ui.button("Add one").clicked() && self.orders.try_send(1).is_ok() {
//!                 self.ordered += 1;
//!             }
//!         });
//!     }
//! }
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
//! # let mut frame = eframe::Frame::_new_kittest();
//! # counter.logic(&ctx, &mut frame);
//! # ctx.run_ui(egui::RawInput::default(), |ui| counter.ui(ui, &mut frame))
//! #     .drop_without_applying_deltas();
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
//! # use eframe::App as _;
//! # use egui::Context;
//! # use egui_stream_builder::{Event, StreamBuilder, infallible};
//! # mod common { pub const ROOM: usize = 16; }
//! struct Thermometer {
//!     latest: StreamBuilder<i32>,
//!     all: StreamBuilder<i32>,
//!     highest: i32,
//! }
//!
//! # fn spawn(sender: Sender<i32>) {
//! #     for degrees in [19, 22, 18] {
//! #         assert!(sender.try_broadcast(degrees).is_ok());
//! #     }
//! # }
//! impl Thermometer {
//!     fn new() -> Self {
//!         let (mut sender, readings) = broadcast(common::ROOM);
//!         // A listener that falls behind misses the oldest readings, and holds up nobody.
//!         sender.set_overflow(true);
//! #         spawn(sender);
//!         let (mut latest, mut all) = (StreamBuilder::new(), StreamBuilder::new());
//!         latest.set_stream("one of two", || infallible(readings.clone()));
//!         all.set_stream("the other", || infallible(readings));
//!         Self { latest, all, highest: i32::MIN }
//!     }
//! }
//!
//! impl eframe::App for Thermometer {
//!     fn logic(&mut self, ctx: &Context, _: &mut eframe::Frame) {
//!         self.latest.update(ctx);
//!         self.all.update_with(ctx, |event| match event {
//!             Event::Data(degrees) => self.highest = self.highest.max(*degrees),
//!             Event::Error(_) | Event::Done => {}
//!         });
//!     }
//! #     fn ui(&mut self, _: &mut egui::Ui, _: &mut eframe::Frame) {}
//! }
//! # let mut thermometer = Thermometer::new();
//! # thermometer.logic(&Context::default(), &mut eframe::Frame::_new_kittest());
//! # assert_eq!(thermometer.latest.snapshot().data(), Some(&18));
//! # assert_eq!(thermometer.highest, 22);
//! ```
//!
//! The snapshot is the latest reading and nothing else. The highest of all has to see each one:
//! [`update_with`](crate::StreamBuilder::update_with) shows them, in order, also those that come between
//! two frames. A reading wakes both builders, and egui draws for both at once. The whole is
//! `examples/broadcast.rs`.
//!
//! # Step 4: a stream with errors
//!
//! A stream of `Result<T, E>` is taken as it is. An error stands in the place of the data until the next
//! event; whether the stream goes on is its own affair. When it has ended, another key gets another one:
//!
//! ```
//! # use eframe::{App as _, egui::{CentralPanel, Context, Ui}};
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
//! impl eframe::App for Download {
//!     fn logic(&mut self, ctx: &Context, _: &mut eframe::Frame) {
//!         // Another key is another stream. What the last one said stays until the new one speaks.
//!         self.parts.set_stream(self.attempt, parts);
//!         self.parts.update(ctx);
//!     }
//!
//!     fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
//!         CentralPanel::default().show(ui, |ui| {
//!             self.parts.show(ui, |ui, snapshot| {
//!                 ui.label(format!("Attempt {}: {:?}", self.attempt, snapshot.connection_state()));
//!                 match snapshot.value() {
//!                     Some(Ok(percent)) => ui.heading(format!("{percent} %")),
//!                     Some(Err(error)) => ui.colored_label(ui.visuals().error_fg_color, *error),
//!                     None => ui.heading("…"),
//!                 }
//!             });
//!         });
//!     }
//! }
//!
//! fn parts() -> impl Stream<Item = Result<u32, &'static str>> {
//!     let parts = [Ok(20), Ok(40), Err("A part is missing."), Ok(80), Err("The cable was pulled.")];
//!     stream::iter(parts).then(|part| async move {
//!         Delay::new(common::TICK).await;
//!         part
//!     })
//! }
//! # let ctx = egui::Context::default();
//! # let mut frame = eframe::Frame::_new_kittest();
//! # let mut download = Download::default();
//! # for attempt in 0..2 {
//! #     download.attempt = attempt;
//! #     download.logic(&ctx, &mut frame);
//! #     while download.parts.snapshot().connection_state() != ConnectionState::Done {
//! #         download.logic(&ctx, &mut frame);
//! #     }
//! #     assert_eq!(download.parts.snapshot().error(), Some(&"The cable was pulled."));
//! # }
//! # assert_eq!(download.parts.counters().events, 12);
//! # ctx.run_ui(egui::RawInput::default(), |ui| download.ui(ui, &mut frame))
//! #     .drop_without_applying_deltas();
//! ```
//!
//! The end is [`ConnectionState::Done`](crate::ConnectionState::Done), and what came last stays with it.
//! The whole is `examples/errors.rs`. To see it: `websocket-echo --try 1.error`, and what another stream does,
//! `websocket-echo --try 1.other`.
//!
//! # Step 5: the echo page
//!
//! A WebSocket is all of this at once: messages come by themselves, others go out, it may fail and it
//! ends. With the channel of `web_socket_channel` (this crate does not know it; its stream is one of many)
//! the page is not longer than the clock:
//!
//! ```
//! # use eframe::{App as _, egui::{CentralPanel, Context, Key, Ui}};
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
//! impl eframe::App for EchoPage {
//!     fn logic(&mut self, ctx: &Context, _: &mut eframe::Frame) {
//!         self.messages.set_stream(self.attempt, || {
//!             let (sink, stream) = WebSocketChannel::connect(URL).expect("it is a URL").split();
//!             self.sink = Some(sink);
//!             stream
//!         });
//!         self.messages.update(ctx);
//!     }
//!
//!     fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
//!         CentralPanel::default().show(ui, |ui| {
//!             let field = ui.text_edit_singleline(&mut self.draft);
//!             let is_entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
//! #           let is_entered = is_entered || !self.draft.is_empty();
//!             // What the channel does not take stays in the field.
//!             let send = |sink: &WebSocketSink| sink.try_send(self.draft.as_str()).is_ok();
//!             if is_entered && self.sink.as_ref().is_some_and(send) {
//!                 self.draft.clear();
//!             }
//!             self.messages.show(ui, |ui, snapshot| match snapshot.value() {
//!                 Some(Ok(message)) => {
//!                     ui.label(format!("echo: {}", message.as_text().unwrap_or("…")))
//!                 }
//!                 Some(Err(error)) => ui.label(format!("Network unreachable: {error}")),
//!                 None => ui.label("Nothing yet."),
//!             });
//!         });
//!     }
//! }
//! # let ctx = egui::Context::default();
//! # let mut page = EchoPage { draft: "a text".into(), ..EchoPage::default() };
//! # let mut frame = eframe::Frame::_new_kittest();
//! # page.logic(&ctx, &mut frame);
//! # ctx.run_ui(egui::RawInput::default(), |ui| page.ui(ui, &mut frame))
//! #     .drop_without_applying_deltas();
//! # assert_eq!(page.draft, "");
//! # page.logic(&ctx, &mut frame);
//! # assert_eq!(page.messages.snapshot().data(), Some(&Message::from("a text")));
//! ```
//!
//! What is sent before the connection is open waits in the channel. `cargo run -p websocket-echo-server` is the
//! other end; start the page without it, see what it says, then start the server and connect again. The
//! whole is `examples/echo_page.rs`, and the app at the top of this repository is its big sister. In that one each
//! of `websocket-echo --try 1.one`, `--try 1.ten` and `--try 1.slow` asks a question and shows the answer.
//!
//! # What an immediate-mode UI does differently from Flutter
//!
//! The two builders are used alike, and what they are built on is not.
//!
//! - **What is rebuilt.** Flutter keeps a tree. An event marks one `StreamBuilder` in it as dirty; in the
//!   next frame its builder makes new widgets for that subtree alone, they are compared with those of
//!   before, and what really changed is laid out and painted again. egui keeps no tree. An event asks for
//!   a frame, and in a frame all the UI code of the viewport runs, whoever asked. So in Flutter a rebuild
//!   costs what the subtree costs, and the machinery for knowing which; here it costs what the whole page
//!   costs, and there is nothing to know: no keys, no `const` widgets, no `setState` that was forgotten.
//! - **When.** Both draw nothing without a reason, and both draw once for many events between two frames:
//!   the builder sees some of the events, in their order, the last one always. egui draws a second frame
//!   after each request, for layouts that lag behind by one.
//! - **Who listens.** Flutter's `StreamBuilder` is a widget: it subscribes when it is put into the tree,
//!   cancels when it is taken out, and its stream's events are taken in between frames, whether the app
//!   draws or not. Ours is a value in the state of the app. It listens from
//!   [`set_stream`](crate::StreamBuilder::set_stream) on, shown or not, and takes events in where
//!   [`update`](crate::StreamBuilder::update) is called; until then they wait in the stream. What is not
//!   to be listened to while it is out of sight has to be told so, by
//!   [`clear_stream`](crate::StreamBuilder::clear_stream).
//! - **Which stream.** Flutter compares the stream object with that of the build before, and making one
//!   inside `build` is the well-known mistake: each rebuild subscribes anew. A Rust stream has no
//!   identity, so here there is a key, and the closure that makes the stream runs once for each.
//! - **What goes wrong.** `requireData` throws in Flutter, and an error widget takes the subtree's place;
//!   here [`require_data`](crate::Snapshot::require_data) returns what there is instead. A `builder` that is
//!   slow costs a frame in either; with us it costs every frame, whoever asked for it.
//!
//! Fair is also this: a page with thousands of widgets of which one changes sixty times a second is what
//! Flutter's tree is for. Here one draws only what is in sight (`ScrollArea::show_rows`). A page of a
//! hundred labels is no such page. What a rebuild costs, on one core of a virtual machine (Intel Sapphire
//! Rapids), with layout and triangles and without the graphics card's part:
//!
//! | | time |
//! | --- | --- |
//! | `update`, where nothing has come | 46 ns |
//! | `update` with one event, and its sending | 245 ns |
//! | a frame of one builder with a label, unchanged | 10.5 µs |
//! | the same, with an event | 19 µs |
//! | a frame of 100 builders with a label each, unchanged | 0.42 ms |
//! | the same, one of them with an event | 0.45 ms |
//! | the same, all of them with an event | 2.0 ms |
//!
//! Of 16.7 ms for a frame, that is. The builders are nothing in it and the page is everything; and what is
//! the same costs as much as what is new, but for text, which egui lays out again only where it is another
//! one. Of Flutter we have measured nothing, so there are no figures of it here; that its costs go with
//! the subtree, and ours with the page, is how the two are made.
//!
//! # Other ways into a frame loop
//!
//! What brings events from another thread into a frame is a queue, and somebody who asks for the frame.
//! The ways differ in who that is, and how often. Time an event by itself (sent and taken, without a
//! frame), where so many of them come at once; then from the send to the frame; then what a second of
//! silence draws:
//!
//! | way | 1 | 10 | 1000 | requests | until the frame | silence |
//! | --- | --- | --- | --- | --- | --- | --- |
//! | the channel's mailbox and `StreamBuilder` | 444 ns | 125 ns | 87 ns | one a batch | 0.09 ms | no frame |
//! | `futures` mpsc and `StreamBuilder` | 294 ns | 112 ns | 94 ns | one a batch | 0.09 ms | no frame |
//! | a `Vec` under a mutex, swapped, by hand | 124 ns | 34 ns | 25 ns | one a batch | 0.09 ms | no frame |
//! | std mpsc, and a repaint for each | 139 ns | 105 ns | 88 ns | one an event | 0.09 ms | no frame |
//! | `egui_inbox` | 122 ns | 73 ns | 60 ns | one an event | 0.09 ms | no frame |
//! | std mpsc, and a look 60 times a second | 138 ns | 64 ns | 47 ns | one a frame | 8.6 ms | 59 frames |
//!
//! (Medians of one run; the whole and how it was measured: `cargo xtask bench builder`, and
//! `bench/README.md` of this crate.) In words:
//!
//! - Two frames for one event cost some 0.35 ms of processor time there, threads and cold caches included.
//!   Next to that all of them are free, and the choice is one of what they can do.
//! - A mailbox that is swapped hands over any number of events for one lock and one request. By hand it is
//!   the fastest, and has no end, no bound, no backpressure and no other reader than this frame.
//! - An mpsc is at hand everywhere. Who sends has to know egui and ask for the frame, after each event, or
//!   the last one is seen late; a thousand requests take the lock of the `Context` a thousand times. The
//!   receiver knows the end, and a bounded channel pushes back.
//! - `egui_inbox` is a swapped `Vec` that asks by itself, ready made, and good where views are told things
//!   by many callbacks. It asks for each event, has no bound, and its reader never learns of the end; its
//!   `replace` keeps the latest in a value of yours.
//! - Polling needs nobody's help, and is even the cheapest while events come as often as frames (one frame
//!   for each and not two). But it is late by half a frame, and it never sleeps: a hundredth of a core for
//!   a page with one label, before the graphics card. Right for what moves anyhow, such as a game.
//! - A stream is what async code hands out already: it has an end, an error, its own bound, and it knows
//!   nothing of egui. `StreamBuilder` pays for that with some 60 ns an event (a look at the clock, so that
//!   a flood leaves time to draw, and the poll of a boxed stream), and for a first one with 300 ns.
//!
//! # When it is the wrong tool
//!
//! ## One answer to one question
//!
//! A download, a file, a handshake: that is a future and not a stream, and a snapshot with four states has
//! two too many for it. `poll_promise` holds an answer that is worked out elsewhere. It does not know
//! egui, so whoever answers asks for the frame:
//!
//! ```
//! use std::thread;
//!
//! use poll_promise::Promise;
//!
//! #[derive(Default)]
//! struct Page {
//!     answer: Option<Promise<u32>>,
//! }
//!
//! impl Page {
//!     fn ask(&mut self, ctx: &egui::Context) {
//!         let (sender, answer) = Promise::new();
//!         let ctx = ctx.clone();
//!         thread::spawn(move || {
//!             sender.send(3678); // After a long while.
//!             ctx.request_repaint();
//!         });
//!         self.answer = Some(answer);
//!     }
//!
//!     fn ui(&mut self, ui: &mut egui::Ui) {
//!         match self.answer.as_ref().map(Promise::ready) {
//!             None if ui.button("Ask").clicked() => self.ask(&ui.ctx().clone()),
//!             None => {}
//!             Some(None) => { ui.label("One moment …"); }
//!             Some(Some(answer)) => { ui.label(format!("It is {answer}.")); }
//!         }
//!     }
//! }
//! # let ctx = egui::Context::default();
//! # let mut page = Page::default();
//! # let mut frame = |page: &mut Page| {
//! #     ctx.run_ui(egui::RawInput::default(), |ui| page.ui(ui)).drop_without_applying_deltas();
//! # };
//! # frame(&mut page);
//! # page.ask(&ctx);
//! # frame(&mut page);
//! # assert_eq!(page.answer.map(|answer| answer.block_and_take()), Some(3678));
//! ```
//!
//! Where the answer is a future that may be polled from a frame, [`RepaintWaker`](crate::RepaintWaker)
//! does it without a thread; its own example is one.
//!
//! ## Everything in one place
//!
//! Where each event changes the state of the app and none is drawn as such, the snapshot would be a second
//! truth beside the first. Keep the stream, and fold it in `logic`; the waker is the same:
//!
//! ```
//! use std::task::Poll;
//!
//! use egui_stream_builder::RepaintWaker;
//! use futures::stream::{BoxStream, Fuse, Stream as _};
//!
//! /// What one frame takes at the most. What is left is for the next one.
//! const EVENTS_A_FRAME: usize = 1000;
//!
//! struct Orders {
//!     incoming: Fuse<BoxStream<'static, i64>>,
//!     waker: RepaintWaker,
//!     count: usize,
//!     sum: i64,
//! }
//!
//! impl Orders {
//!     fn logic(&mut self) {
//!         self.waker.if_woken(|cx| {
//!             for _ in 0..EVENTS_A_FRAME {
//!                 match std::pin::Pin::new(&mut self.incoming).poll_next(cx) {
//!                     Poll::Ready(Some(amount)) => {
//!                         self.count += 1;
//!                         self.sum += amount;
//!                     }
//!                     Poll::Ready(None) | Poll::Pending => return,
//!                 }
//!             }
//!             cx.waker().wake_by_ref(); // There may be more, and nobody else will say so.
//!         });
//!     }
//! }
//! # use futures::StreamExt as _;
//! # let ctx = egui::Context::default();
//! # let mut orders = Orders {
//! #     incoming: futures::stream::iter(0..2000).boxed().fuse(),
//! #     waker: RepaintWaker::new(&ctx, ctx.viewport_id()),
//! #     count: 0,
//! #     sum: 0,
//! # };
//! # orders.logic();
//! # assert_eq!(orders.count, 1000);
//! # orders.logic();
//! # orders.logic();
//! # assert_eq!((orders.count, orders.sum), (2000, 1_999_000));
//! ```
//!
//! ## And
//!
//! - A value that is always there and has no events, such as a progress that a worker counts up, needs an
//!   atomic and somebody to ask for frames, but no stream.
//! - A [`StreamBuilder`](crate::StreamBuilder) is not `Send`, as its stream need not be. A deferred
//!   viewport, whose UI code must be `Send`, draws what `logic` has copied for it.
