//! What a frame costs by itself: the builders' part of it, and egui's.

use std::time::Instant;

use egui::{Context, ScrollArea};
use egui_stream_builder::{StreamBuilder, infallible};
use futures::channel::mpsc::{UnboundedSender, unbounded};

use crate::frames::draw;
use crate::table::{Column, table, time};
use crate::{interleaved, quantile};

/// How often a thing is done in one run.
const TIMES: u32 = 200;

/// How many builders a rich page has, and a poor one.
const MANY: usize = 100;

type Builders = Vec<(UnboundedSender<u64>, StreamBuilder<u64>)>;

pub(crate) fn part() -> String {
    let names = [
        "update, nothing has come",
        "send and update, one event",
        "a frame of one builder, unchanged",
        "a frame of one builder, with an event",
        "a frame of 100 builders, unchanged",
        "a frame of 100 builders, one with an event",
        "a frame of 100 builders, all with an event",
    ];
    let figures = interleaved(names.len(), |subject| match subject {
        0 => updates(0),
        1 => updates(1),
        2 => frames(1, 0),
        3 => frames(1, 1),
        4 => frames(MANY, 0),
        5 => frames(MANY, 1),
        _ => frames(MANY, MANY),
    });
    table("by itself", &names, &[Column::measured("time", &figures, time)])
}

/// The time of an update before which so many events were sent, in nanoseconds.
fn updates(events: usize) -> f64 {
    // So short that it takes many to be measured.
    const MORE: u32 = 100;
    let ctx = Context::default();
    let mut builders = builders(&ctx, 1);
    let took = measure(|_| {
        for time in 0..MORE {
            send(&builders, events, time);
            for (_, builder) in &mut builders {
                std::hint::black_box(builder.update(&ctx));
            }
        }
    });
    took / f64::from(MORE)
}

/// The time of a frame with so many builders, some of which had an event, in nanoseconds.
fn frames(count: usize, changed: usize) -> f64 {
    let ctx = Context::default();
    let mut builders = builders(&ctx, count);
    let mut frame = |time| {
        send(&builders, changed, time);
        for (_, builder) in &mut builders {
            builder.update(&ctx);
        }
        draw(&ctx, |ui| {
            // All of them are in sight.
            ui.spacing_mut().item_spacing.y = 0.0;
            ScrollArea::vertical().show(ui, |ui| {
                ui.horizontal_wrapped(|ui| {
                    for (_, builder) in &builders {
                        builder.show(ui, |ui, snapshot| {
                            ui.label(format!("echo: {:?}", snapshot.data()))
                        });
                    }
                });
            });
        });
    };
    // The first frames make fonts.
    (0..5).for_each(&mut frame);
    measure(frame)
}

/// The middle of many times, in nanoseconds: where something else had the processor, that is its time.
fn measure(mut work: impl FnMut(u32)) -> f64 {
    let times = (0..TIMES).map(|time| {
        let start = Instant::now();
        work(time);
        start.elapsed().as_secs_f64() * 1e9
    });
    quantile(times.collect(), 0.5)
}

fn builders(ctx: &Context, count: usize) -> Builders {
    (0..count)
        .map(|_| {
            let (sender, receiver) = unbounded();
            let mut builder = StreamBuilder::with_initial_data(0);
            builder.set_stream("numbers", || infallible(receiver));
            builder.update(ctx);
            (sender, builder)
        })
        .collect()
}

/// Sends a number that was not sent before, so that its text has to be laid out.
fn send(builders: &Builders, changed: usize, time: u32) {
    for (index, (sender, _)) in builders.iter().take(changed).enumerate() {
        // Its receiver is in the builder beside it.
        let _ = sender.unbounded_send((u64::from(time) << 8) + index as u64);
    }
}
