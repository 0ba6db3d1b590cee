//! What the rebuilds panel costs a message, closed and open: the way from the socket to the snapshot,
//! without what draws. `cargo xtask bench panel`.
//!
//! The three are measured in turns in one run, and compared as medians, as machines are busy with
//! other things as well.

#![allow(clippy::print_stdout, reason = "it prints what it measured")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use egui_stream_builder::StreamBuilder;
use web_socket_channel::memory::{self, Remote};
use web_socket_channel::{Error, Message, Options};
use websocket_echo::recorder::Recorder;

/// Turns of each.
const TURNS: usize = 41;

/// Frames of a turn.
const FRAMES: u32 = 400;

/// Messages of a frame: a page at rest, a lively one and a flood.
const PER_FRAME: [u32; 3] = [1, 10, 1_000];

/// Whether there is a panel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Panel {
    /// The builder and the channel alone.
    None,
    /// Nobody looks.
    Closed,
    /// Somebody looks.
    Open,
}

/// The way of messages from the socket to the snapshot.
pub(crate) struct Way {
    ctx: egui::Context,
    messages: StreamBuilder<Message, Error>,
    recorder: Option<Recorder>,
    remote: Remote,
    message: Message,
}

impl Way {
    /// A way on which nothing has come yet.
    pub(crate) fn new(panel: Panel) -> Self {
        let ctx = egui::Context::default();
        let mut messages = StreamBuilder::new();
        // A flood is to be taken in at once, as what is measured is the message and not the frame.
        messages.budget = Duration::MAX;
        let mut options = Options::default();
        let mut recorder = (panel != Panel::None).then(Recorder::new);
        if let Some(recorder) = &mut recorder {
            messages.on_wake(recorder.on_wake());
            options.tap = Some(recorder.tap(&ctx));
            if panel == Panel::Open {
                recorder.begin(&messages, 0);
            }
        }
        let (channel, remote) = memory::scripted_with(options);
        remote.open(None);
        messages.set_stream("messages", || channel);
        Self { ctx, messages, recorder, remote, message: "raisin".into() }
    }

    /// So many messages come, and then a frame takes them in.
    pub(crate) fn frame(&mut self, messages: u32) {
        for _ in 0..messages {
            self.remote.send(self.message.clone());
        }
        match &mut self.recorder {
            None => {
                self.messages.update(&self.ctx);
            }
            Some(recorder) => {
                recorder.frame(0);
                recorder.update(&mut self.messages, &self.ctx, |_| None);
                recorder.drawn(|| None);
            }
        }
        black_box(self.messages.snapshot());
    }

    /// How many were taken in.
    pub(crate) fn events(&self) -> u64 {
        self.messages.counters().events
    }
}

fn main() {
    println!("ns a message (median of {TURNS} turns, and as a ratio)\n");
    println!("| messages a frame | no panel | closed | open |");
    println!("| ---: | ---: | ---: | ---: |");
    for per_frame in PER_FRAME {
        let mut times = [const { Vec::new() }; 3];
        for _ in 0..TURNS {
            for (panel, times) in [Panel::None, Panel::Closed, Panel::Open].iter().zip(&mut times) {
                times.push(turn(*panel, per_frame));
            }
        }
        let [none, closed, open] = times.map(median);
        let ratio = |time: f64| format!("{time:.0} ({:.2})", time / none);
        println!("| {per_frame} | {none:.0} | {} | {} |", ratio(closed), ratio(open));
    }
}

/// How many nanoseconds a message took.
fn turn(panel: Panel, per_frame: u32) -> f64 {
    let mut way = Way::new(panel);
    let start = Instant::now();
    for _ in 0..FRAMES {
        way.frame(per_frame);
    }
    let taken = start.elapsed().as_secs_f64() * 1e9;
    assert_eq!(way.events(), u64::from(FRAMES * per_frame));
    taken / f64::from(FRAMES * per_frame)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
