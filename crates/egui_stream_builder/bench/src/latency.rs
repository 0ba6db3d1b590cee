//! How soon a frame has an event that comes at any time: from before it is sent until it is taken.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::frames::Frames;
use crate::table::{Column, table, time};
use crate::ways::{self, Way};
use crate::{interleaved, quantile};

const EVENTS: u32 = 100;

/// The time from one event to the next: more than a frame at 60 Hz, and never the same.
const GAPS_MICROS: Range<u64> = 18_000..40_000;

pub(crate) fn part() -> String {
    let figures = interleaved(ways::ALL.len(), |way| {
        // As fast as it goes: what a screen adds is the same for all, and no less than this.
        let mut frames = Frames::new(Duration::ZERO);
        let way = ways::ALL[way].1(&frames.ctx);
        latencies(&mut frames, way)
    });
    let part = |part: f64| -> Vec<Vec<f64>> {
        let quantiles = |runs: &Vec<Vec<f64>>| {
            runs.iter().map(|latencies| quantile(latencies.clone(), part)).collect()
        };
        figures.iter().map(quantiles).collect()
    };
    table(
        "from the send to the frame",
        &ways::ALL.map(|(name, _)| name),
        &[Column::compared("p50", &part(0.5), time), Column::compared("p99", &part(0.99), time)],
    )
}

/// In nanoseconds.
fn latencies(frames: &mut Frames, way: Way) -> Vec<f64> {
    let Way { mut send, mut take } = way;
    frames.ctx.request_repaint();
    frames.next(Instant::now() + Duration::from_millis(30), |ctx| take(ctx));

    let start = Instant::now();
    let sent_at = Arc::new(AtomicU64::new(0));
    let stamp = Arc::clone(&sent_at);
    let since_start = move || start.elapsed().as_nanos() as u64;
    let sender = thread::spawn(move || {
        let mut chance = 3678_u64;
        for _ in 0..EVENTS {
            // The generator of Knuth's MMIX: only the times are to be unlike each other.
            chance = chance.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let spread = (chance >> 33) % (GAPS_MICROS.end - GAPS_MICROS.start);
            thread::sleep(Duration::from_micros(GAPS_MICROS.start + spread));
            stamp.store(since_start(), Ordering::Release);
            send();
        }
    });
    let mut latencies = Vec::new();
    let mut left = EVENTS as usize;
    while 0 < left {
        frames.next(Instant::now() + Duration::from_secs(1), |ctx| {
            let taken = take(ctx);
            // Where the machine has held up two of them, the later one speaks for both.
            if 0 < taken {
                latencies.push((since_start() - sent_at.load(Ordering::Acquire)) as f64);
            }
            left = left.saturating_sub(taken);
            taken
        });
    }
    let _ = sender.join();
    latencies
}
