//! The hand-over by itself: sent and taken on one thread, and no frame is drawn in the time.

use std::time::Instant;

use crate::counting::allocations_of;
use crate::frames::draw;
use crate::table::{Column, count, table, time};
use crate::ways::{self, Way};
use crate::{interleaved, quantile};

/// How many events come at once, and how often in one run.
const BATCHES: [(usize, u32); 3] = [(1, 2000), (10, 2000), (1000, 200)];

pub(crate) fn part() -> String {
    BATCHES.map(|(batch, times)| hand_over(batch, times)).join("\n")
}

fn hand_over(batch: usize, times: u32) -> String {
    let events = f64::from(times) * batch as f64;
    let figures = interleaved(ways::ALL.len(), |way| {
        let mut took = Vec::new();
        run(way, batch, times, |work| {
            let start = Instant::now();
            work();
            took.push(start.elapsed().as_secs_f64() * 1e9 / batch as f64);
        });
        // Not the mean: where something else had the processor, that is its time.
        quantile(took, 0.5)
    });
    let allocations = (0..ways::ALL.len())
        .map(|way| {
            let mut allocations = 0;
            run(way, batch, times, |work| allocations += allocations_of(work));
            allocations as f64 / events
        })
        .collect();
    table(
        &format!("{batch} at once, no frame"),
        &ways::ALL.map(|(name, _)| name),
        &[
            Column::compared("an event", &figures, time),
            Column::counted("allocations an event", allocations, count),
        ],
    )
}

/// Sends and takes, with `measure` around it. The frames in between are not measured.
fn run(way: usize, batch: usize, times: u32, mut measure: impl FnMut(&mut dyn FnMut())) {
    let ctx = egui::Context::default();
    let Way { mut send, mut take } = ways::ALL[way].1(&ctx);
    take(&ctx);
    for _ in 0..times {
        let mut taken = 0;
        measure(&mut || {
            (0..batch).for_each(|_| send());
            taken = take(&ctx);
        });
        // A budget of time may have cut it, where something else had the processor.
        while taken < batch {
            taken += take(&ctx);
        }
        // egui notes down who asks for a frame, and forgets it in one.
        draw(&ctx, |_| {});
    }
}
