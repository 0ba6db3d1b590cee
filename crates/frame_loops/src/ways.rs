//! The loops: five ways to take events into frames, each written as one would write it in an app.

use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use egui::{Context, Ui, vec2};
use egui_stream_builder::{Event, StreamBuilder, infallible};

use crate::Way;
use crate::time::{Now, Number};

/// Where events arrive. In an app it is another thread's end of the queue.
pub(crate) type Inlet = Box<dyn FnMut(Number)>;

impl Way {
    /// The end where events arrive, and the loop that takes them in.
    pub(crate) fn start(
        self,
        ctx: &Context,
        now: &Now,
        budget: Duration,
    ) -> (Inlet, Box<dyn FrameLoop>) {
        let ctx = ctx.clone();
        match self {
            Self::StreamBuilder => {
                let (sender, receiver) = futures::channel::mpsc::unbounded();
                let mut builder = StreamBuilder::new();
                builder.budget = budget;
                let now = now.clone();
                builder.set_clock(move || now.get());
                builder.set_stream("events", || infallible(receiver));
                // A run that is over has dropped the builder, and nothing arrives any more.
                let deliver = move |number| {
                    let _ = sender.unbounded_send(number);
                };
                (Box::new(deliver), Box::new(Builder(builder)))
            }
            Self::DrainAll => {
                let list = Arc::<Mutex<Vec<Number>>>::default();
                let filled = Arc::clone(&list);
                let deliver = move |number| {
                    let mut list = filled.lock().unwrap_or_else(PoisonError::into_inner);
                    list.push(number);
                    let is_first = list.len() == 1;
                    drop(list);
                    if is_first {
                        ctx.request_repaint();
                    }
                };
                (Box::new(deliver), Box::new(DrainAll { list, latest: None }))
            }
            Self::OneAFrame => {
                let (sender, queue) = channel();
                let deliver = move |number| {
                    let _ = sender.send(number);
                    ctx.request_repaint();
                };
                (Box::new(deliver), Box::new(OneAFrame { queue, latest: None }))
            }
            Self::Polling => {
                let (sender, queue) = channel();
                let deliver = move |number| {
                    let _ = sender.send(number);
                };

                (Box::new(deliver), Box::new(Polling { queue, latest: None }))
            }
            Self::RepaintEach => {
                let (sender, queue) = channel();
                let deliver = move |number| {
                    let _ = sender.send(number);
                    ctx.request_repaint();
                };
                (Box::new(deliver), Box::new(RepaintEach { queue, latest: None }))
            }
        }
    }
}

/// What an app does in a frame.
pub(crate) trait FrameLoop {
    /// Takes events in; each goes through `work`, which takes its time.
    fn take_in(&mut self, ctx: &Context, work: &mut dyn FnMut(Number));

    /// Draws the latest.
    fn draw(&self, ui: &mut Ui);
}

struct Builder(StreamBuilder<Number>);

impl FrameLoop for Builder {
    fn take_in(&mut self, ctx: &Context, work: &mut dyn FnMut(Number)) {
        self.0.update_with(ctx, |event| match event {
            Event::Data(number) => work(*number),
            Event::Error(never) => match *never {},
            Event::Done => {}
        });
    }

    fn draw(&self, ui: &mut Ui) {
        self.0.show(ui, |ui, snapshot| draw_latest(ui, snapshot.data().copied()));
    }
}

struct DrainAll {
    list: Arc<Mutex<Vec<Number>>>,
    latest: Option<Number>,
}

impl FrameLoop for DrainAll {
    fn take_in(&mut self, _: &Context, work: &mut dyn FnMut(Number)) {
        let all = std::mem::take(&mut *self.list.lock().unwrap_or_else(PoisonError::into_inner));
        for number in all {
            work(number);
            self.latest = Some(number);
        }
    }

    fn draw(&self, ui: &mut Ui) {
        draw_latest(ui, self.latest);
    }
}

struct OneAFrame {
    queue: Receiver<Number>,
    latest: Option<Number>,
}

impl FrameLoop for OneAFrame {
    fn take_in(&mut self, ctx: &Context, work: &mut dyn FnMut(Number)) {
        if let Ok(number) = self.queue.try_recv() {
            work(number);
            self.latest = Some(number);
            // Without this the rest would lie there until somebody moves the mouse.
            ctx.request_repaint();
        }
    }

    fn draw(&self, ui: &mut Ui) {
        draw_latest(ui, self.latest);
    }
}

struct Polling {
    queue: Receiver<Number>,
    latest: Option<Number>,
}

impl FrameLoop for Polling {
    fn take_in(&mut self, ctx: &Context, work: &mut dyn FnMut(Number)) {
        while let Ok(number) = self.queue.try_recv() {
            work(number);
            self.latest = Some(number);
        }
        ctx.request_repaint_after(Duration::from_secs(1) / 60);
    }

    fn draw(&self, ui: &mut Ui) {
        draw_latest(ui, self.latest);
    }
}

struct RepaintEach {
    queue: Receiver<Number>,
    latest: Option<Number>,
}

impl FrameLoop for RepaintEach {
    fn take_in(&mut self, _: &Context, work: &mut dyn FnMut(Number)) {
        while let Ok(number) = self.queue.try_recv() {
            work(number);
            self.latest = Some(number);
        }
    }

    fn draw(&self, ui: &mut Ui) {
        draw_latest(ui, self.latest);
    }
}

/// A bar as long as the number is high: something to draw that needs no font.
fn draw_latest(ui: &mut Ui, latest: Option<Number>) {
    let height = 4.0;
    let (rect, _) =
        ui.allocate_exact_size(vec2(ui.available_width(), height), egui::Sense::hover());
    if let Some(number) = latest {
        let bar = rect.with_max_x(rect.left() + number as f32 % rect.width().max(1.0));
        ui.painter().rect_filled(bar, 0, ui.visuals().text_color());
    }
}
