//! A clock that a thread feeds: a frame a second, and none in between unless the mouse moves.

use std::thread;
use std::time::Duration;

use eframe::egui::{CentralPanel, Context, Ui};
use egui_stream_builder::{ConnectionState, StreamBuilder, infallible};
use futures::Stream;
use futures::channel::mpsc;

fn main() -> eframe::Result {
    eframe::run_native(
        "A clock",
        eframe::NativeOptions::default(),
        Box::new(|_| Ok(Box::<App>::default())),
    )
}

#[derive(Default)]
struct App {
    seconds: StreamBuilder<u32>,
}

impl eframe::App for App {
    /// Takes in what has happened; also while the window is hidden.
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.seconds.set_stream("clock", || infallible(seconds(10)));
        self.seconds.update(ctx);
    }

    /// Draws what there is.
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        CentralPanel::default().show(ui, |ui| {
            self.seconds.show(ui, |ui, snapshot| {
                match snapshot.data() {
                    Some(second) => ui.heading(format!("{second} s")),
                    None => ui.spinner(),
                };
                if snapshot.connection_state() == ConnectionState::Done {
                    ui.label("The clock has run down.");
                }
            });
        });
    }
}

/// Sends the number of each second that has passed, and ends after `count` of them.
fn seconds(count: u32) -> impl Stream<Item = u32> {
    let (sender, receiver) = mpsc::unbounded();
    thread::spawn(move || {
        for second in 1..=count {
            thread::sleep(Duration::from_secs(1));
            if sender.unbounded_send(second).is_err() {
                break; // The window was closed.
            }
        }
    });
    receiver
}
