//! Step 4, a stream with errors: it may go on after one, and when it has ended it can be made anew.

mod common;

use eframe::egui::{Button, CentralPanel, Context, Ui};
use egui_stream_builder::{ConnectionState, StreamBuilder};
use futures::{Stream, StreamExt as _, stream};
use futures_timer::Delay;

fn main() -> eframe::Result {
    common::run("A stream with errors", Download::default)
}

#[derive(Default)]
struct Download {
    parts: StreamBuilder<u32, &'static str>,
    attempt: u32,
}

impl eframe::App for Download {
    fn logic(&mut self, ctx: &Context, _: &mut eframe::Frame) {
        // Another key is another stream. What the last one said stays until the new one speaks.
        self.parts.set_stream(self.attempt, parts);
        self.parts.update(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
        CentralPanel::default().show(ui, |ui| {
            self.parts.show(ui, |ui, snapshot| {
                ui.label(format!("Attempt {}: {:?}", self.attempt, snapshot.connection_state()));
                match snapshot.value() {
                    Some(Ok(percent)) => ui.heading(format!("{percent} %")),
                    Some(Err(error)) => ui.colored_label(ui.visuals().error_fg_color, *error),
                    None => ui.heading("…"),
                }
            });
            let is_done = self.parts.snapshot().connection_state() == ConnectionState::Done;
            if ui.add_enabled(is_done, Button::new("Try again")).clicked() {
                self.attempt += 1;
                ui.ctx().request_repaint(); // `logic` is to see it.
            }
            common::frames_ui(ui);
        });
    }
}

/// One part after the other, as far as they come.
fn parts() -> impl Stream<Item = Result<u32, &'static str>> {
    let parts = [Ok(20), Ok(40), Err("A part is missing."), Ok(80), Err("The cable was pulled.")];
    stream::iter(parts).then(|part| async move {
        Delay::new(common::TICK).await;
        part
    })
}
