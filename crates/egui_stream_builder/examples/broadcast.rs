//! Step 3, two builders on one broadcast: one draws the latest reading, the other looks at them all.

mod common;

use async_broadcast::{Sender, broadcast};
use eframe::egui::{CentralPanel, Context, Ui};
use egui_stream_builder::{Event, StreamBuilder, infallible};
use futures_timer::Delay;

fn main() -> eframe::Result {
    common::run("A thermometer", Thermometer::new)
}

struct Thermometer {
    latest: StreamBuilder<i32>,
    all: StreamBuilder<i32>,
    highest: i32,
}

impl Thermometer {
    fn new() -> Self {
        let (mut sender, readings) = broadcast(common::ROOM);
        // A listener that falls behind misses the oldest readings, and holds up nobody.
        sender.set_overflow(true);
        common::spawn(measure(sender));
        let (mut latest, mut all) = (StreamBuilder::new(), StreamBuilder::new());
        latest.set_stream("one of two", || infallible(readings.clone()));
        all.set_stream("the other", || infallible(readings));
        Self { latest, all, highest: i32::MIN }
    }
}

impl eframe::App for Thermometer {
    fn logic(&mut self, ctx: &Context, _: &mut eframe::Frame) {
        self.latest.update(ctx);
        self.all.update_with(ctx, |event| match event {
            Event::Data(degrees) => self.highest = self.highest.max(*degrees),
            Event::Error(_) | Event::Done => {}
        });
    }

    fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
        CentralPanel::default().show(ui, |ui| {
            if let Some(degrees) = self.latest.snapshot().data() {
                ui.heading(format!("{degrees} °C"));
                ui.label(format!("at most {} °C", self.highest));
            }
            common::frames_ui(ui);
        });
    }
}

/// The thermometer, which need not know how many listen.
async fn measure(readings: Sender<i32>) {
    for degrees in [19, 20, 22, 21, 18, 24, 23].into_iter().cycle() {
        Delay::new(common::TICK).await;
        let Ok(_) = readings.broadcast(degrees).await else { return };
    }
}
