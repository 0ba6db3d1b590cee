//! What an event costs with its frames, where one, ten or a thousand of them come at once.

use std::thread;
use std::time::{Duration, Instant};

use crate::frames::Frames;
use crate::table::{Column, count, table, time};
use crate::ways::{self, Way};
use crate::{cpu_time, interleaved};

/// How many events come at once.
const BATCHES: [usize; 3] = [1, 10, 1000];

/// How often that happens in one run, and how much later each time: four frames of a fast screen.
const TIMES: u32 = 60;
const PERIOD: Duration = Duration::from_millis(16);
const SLOT: Duration = Duration::from_millis(4);

/// No run takes so long that is not stuck.
const LIMIT: Duration = Duration::from_secs(20);

pub(crate) fn part() -> String {
    BATCHES.map(batch).join("\n")
}

fn batch(batch: usize) -> String {
    let events = TIMES as usize * batch;
    let times = interleaved(ways::ALL.len(), |way| {
        let mut frames = Frames::new(SLOT);
        let way = ways::ALL[way].1(&frames.ctx);
        let before = cpu_time();
        run(&mut frames, way, batch);
        (cpu_time() - before).as_secs_f64() * 1e9 / events as f64
    });
    let counts: Vec<[f64; 2]> = ways::ALL
        .iter()
        .map(|(_, way)| {
            let mut frames = Frames::new(SLOT);
            let way = way(&frames.ctx);
            frames.count_requests();
            run(&mut frames, way, batch);
            [frames.drawn as f64 / f64::from(TIMES), frames.requests() as f64 / events as f64]
        })
        .collect();
    let column = |index: usize| -> Vec<f64> { counts.iter().map(|counts| counts[index]).collect() };
    table(
        &format!("{batch} at once, in frames"),
        &ways::ALL.map(|(name, _)| name),
        &[
            Column::compared("CPU an event", &times, time),
            Column::counted("frames a batch", column(0), count),
            Column::counted("repaints asked for, an event", column(1), count),
        ],
    )
}

/// Sends from another thread, and draws until everything has been seen and nothing more is asked for.
fn run(frames: &mut Frames, way: Way, batch: usize) {
    let Way { mut send, mut take } = way;
    // The first look, with which a reader says that it waits.
    frames.ctx.request_repaint();
    while frames.next(Instant::now() + SLOT, |ctx| take(ctx)).is_some() && frames.drawn < 3 {}
    frames.drawn = 0;

    let start = Instant::now();
    let sender = thread::spawn(move || {
        for time in 1..=TIMES {
            thread::sleep((start + PERIOD * time).saturating_duration_since(Instant::now()));
            for _ in 0..batch {
                send();
            }
        }
    });
    let end = start + PERIOD * (TIMES + 1);
    let mut left = TIMES as usize * batch;
    while 0 < left || Instant::now() < end {
        let taken = frames.next(end.max(Instant::now() + SLOT), |ctx| take(ctx));
        left -= taken.unwrap_or_default();
        assert!(start.elapsed() < LIMIT, "{left} events were not seen");
    }
    // It has sent everything, as everything was seen.
    let _ = sender.join();
}
