//! What a frame of the rebuilds panel costs while time is turned back, in recordings of any length: each view that
//! draws a recording, all of its time and a part. `cargo xtask bench panel`.
//!
//! What is measured is the processor's time in this thread, of a panel of 700 points, its triangles included; in each
//! frame another moment is shown.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "it prints what it measured")]

use std::time::Duration;

use app_core::comparison::{Events, View};
use app_core::recording::{Recording, Taken};
use app_core::time_window::{Zoom, ZoomStep};
use app_core::{ComparisonMsg, Effect, Model, Msg, Opening, ReplayMsg, open, update};
use egui::{Context, Pos2, RawInput, Rect, vec2};
use rustix::time::{ClockId, clock_gettime};
use websocket_echo::effects::comparisons::Comparisons;
use websocket_echo::ui::panels::rebuilds::{LogRow, RebuildsData, rebuilds_ui};

const LENGTHS: [u64; 4] = [10, 1_000, 100_000, 1_000_000];
const FRAMES: u32 = 300;

fn main() {
    println!("ms a frame (median of {FRAMES})\n");
    println!("| events | what happened | a part of it | compared | marbles |");
    println!("| ---: | ---: | ---: | ---: | ---: |");
    for length in LENGTHS {
        let recording = recording(length);
        let cost = |view, is_part| Panel::new(&recording, view, is_part).scrub();
        println!(
            "| {length} | {:.2} | {:.2} | {:.2} | {:.2} |",
            cost(View::Happened, false),
            cost(View::Happened, true),
            cost(View::SideBySide, false),
            cost(View::Marbles, false)
        );
    }
}

/// So many messages, a millisecond apart, each with a frame of its own.
fn recording(events: u64) -> Recording {
    let at = |number: u64, us: u64| Duration::from_micros(1_000 * number + us);
    let mut run = Recording::new(at(0, 0));
    run.connected(at(0, 0));
    for number in 1..=events {
        run.arrived(at(number, 0));
        run.queued(at(number, 10));
        run.woken(at(number, 20));
        run.frame(at(number, 100));
        run.taken(at(number, 200), Taken::text("raisin"));
        run.updated(at(number, 210), false, None);
        run.drawn(at(number, 300));
    }
    run
}

/// The panel over a recording.
struct Panel<'a> {
    recording: &'a Recording,
    model: Model,
    comparisons: Comparisons,
    ctx: Context,
}

impl<'a> Panel<'a> {
    fn new(recording: &'a Recording, view: View, is_part: bool) -> Self {
        let (model, _) = open(Opening::new("ws://localhost"));
        let comparisons = Comparisons::default();
        let mut panel = Self { recording, model, comparisons, ctx: Context::default() };
        material::theme::apply(&panel.ctx);
        panel.tell(Msg::Comparison(ComparisonMsg::Take(Events::of(recording, &recording.now()))));
        panel.tell(Msg::Comparison(ComparisonMsg::Show(view)));
        if is_part {
            let whole = recording.last() - recording.began();
            let zoom = ZoomStep { zoom: Zoom::In(whole / 2), whole, cursor: None };
            panel.tell(Msg::Replay(ReplayMsg::Zoom(zoom)));
        }
        while panel.comparisons.compared().is_running {
            std::thread::yield_now();
            panel.comparisons.advance(&panel.ctx);
        }
        // Letters are drawn.
        for _ in 0..3 {
            panel.frame();
        }
        panel
    }

    fn tell(&mut self, msg: Msg) {
        for effect in update(&mut self.model, msg, Duration::ZERO) {
            if let Effect::Comparison(effect) = effect {
                self.comparisons.carry_out(effect, &self.ctx);
            }
        }
    }

    /// In each frame the moment is another one, anywhere.
    fn scrub(mut self) -> f64 {
        let whole = self.recording.last() - self.recording.began();
        let mut times: Vec<f64> = (1..=FRAMES)
            .map(|number| {
                let at = whole * (number * 7_919 % FRAMES) / FRAMES;
                let cursor = self.recording.cursor(self.recording.began() + at);
                self.tell(Msg::Replay(ReplayMsg::Show(cursor)));
                self.frame()
            })
            .collect();
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    }

    /// How many milliseconds it took.
    fn frame(&mut self) -> f64 {
        let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, vec2(700.0, 2_000.0)));
        let input = RawInput { screen_rect, ..RawInput::default() };
        let (recording, row) = (self.recording, LogRow::None);
        let compared = self.comparisons.compared();
        let data = RebuildsData { recording, has_news: false, row, compared };
        let before = clock_gettime(ClockId::ThreadCPUTime);
        let output = self.ctx.run_ui(input, |ui| {
            rebuilds_ui(ui, &self.model, &data);
        });
        let triangles = self.ctx.tessellate(output.shapes.clone(), output.pixels_per_point);
        let after = clock_gettime(ClockId::ThreadCPUTime);
        drop(triangles);
        output.drop_without_applying_deltas();
        let ns = (after.tv_sec - before.tv_sec) * 1_000_000_000 + (after.tv_nsec - before.tv_nsec);
        ns as f64 / 1e6
    }
}
