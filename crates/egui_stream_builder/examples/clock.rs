//! Step 1, a clock: a stream of ticks, and a frame for each of them.

mod common;

use eframe::egui::{CentralPanel, Context, Ui};
use egui_stream_builder::{ConnectionState, StreamBuilder, infallible};
use futures::{Stream, StreamExt as _, stream};
use futures_timer::Delay;

const TICKS: usize = 10;

fn main() -> eframe::Result {
    common::run("A clock", Clock::default)
}

#[derive(Default)]
struct Clock {
    ticks: StreamBuilder<u32>,
}

impl eframe::App for Clock {
    /// Takes in what has happened; also while the window is hidden.
    fn logic(&mut self, ctx: &Context, _: &mut eframe::Frame) {
        // The stream is made in the first frame. After that the key is the same, and nothing happens.
        self.ticks.set_stream("the only one", || infallible(ticks()));
        self.ticks.update(ctx);
    }

    /// Draws what there is.
    fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
        CentralPanel::default().show(ui, |ui| {
            self.ticks.show(ui, |ui, snapshot| {
                match snapshot.data() {
                    Some(tick) => ui.heading(format!("Tick {tick}")),
                    None => ui.heading("…"),
                };
                if snapshot.connection_state() == ConnectionState::Done {
                    ui.label("The clock has run down.");
                }
            });
            common::frames_ui(ui);
        });
    }
}

/// The number of each tick, when it is time for it.
fn ticks() -> impl Stream<Item = u32> {
    stream::iter(1..).take(TICKS).then(|tick| async move {
        Delay::new(common::TICK).await;
        tick
    })
}
