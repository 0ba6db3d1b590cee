//! Step 2, a counter: a task keeps the count, and the window sends it orders and draws what it says.

mod common;

use std::time::Duration;

use eframe::egui::{CentralPanel, Context, Ui};
use egui_stream_builder::{StreamBuilder, infallible};
use futures::{SinkExt as _, StreamExt as _, channel::mpsc};
use futures_timer::Delay;

fn main() -> eframe::Result {
    common::run("A counter", Counter::new)
}

struct Counter {
    orders: mpsc::Sender<u32>,
    ordered: u32,
    counts: StreamBuilder<u32>,
}

impl Counter {
    fn new() -> Self {
        let (orders, inbox) = mpsc::channel(common::ROOM);
        let (outbox, stream) = mpsc::channel(common::ROOM);
        common::spawn(count(inbox, outbox));
        let mut counts = StreamBuilder::new();
        counts.set_stream("the task", || infallible(stream));
        Self { orders, ordered: 0, counts }
    }
}

impl eframe::App for Counter {
    fn logic(&mut self, ctx: &Context, _: &mut eframe::Frame) {
        self.counts.update(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
        CentralPanel::default().show(ui, |ui| {
            let count = self.counts.snapshot().data().unwrap_or(&0);
            ui.heading(format!("{count} of {} done", self.ordered));
            // A frame never waits: where there is no room, the order is not taken.
            if ui.button("Add one").clicked() && self.orders.try_send(1).is_ok() {
                self.ordered += 1;
            }
            common::frames_ui(ui);
        });
    }
}

/// The task. It waits while the window is behind, and ends when the window is gone.
async fn count(mut orders: mpsc::Receiver<u32>, mut counts: mpsc::Sender<u32>) {
    let mut count = 0;
    while counts.send(count).await.is_ok() {
        let Some(order) = orders.next().await else { return };
        Delay::new(Duration::from_millis(300)).await; // As if adding were hard work.
        count += order;
    }
}
