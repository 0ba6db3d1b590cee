//! What it costs to wait: a while in which nothing is sent.

use std::time::{Duration, Instant};

use crate::frames::Frames;
use crate::table::{Column, count, medians, table, time};
use crate::ways::{self, Way};
use crate::{cpu_time, interleaved};

const WHILE: Duration = Duration::from_secs(1);

pub(crate) fn part() -> String {
    let figures = interleaved(ways::ALL.len(), |way| {
        let mut frames = Frames::new(Duration::ZERO);
        // Who sends is kept: a way that has no sender any more might be at its end.
        let Way { send: _kept, mut take } = ways::ALL[way].1(&frames.ctx);
        frames.ctx.request_repaint();
        while frames.next(Instant::now() + ways::POLL / 2, |ctx| take(ctx)).is_some() {}
        frames.drawn = 0;
        let before = cpu_time();
        let end = Instant::now() + WHILE;
        while Instant::now() < end {
            frames.next(end, |ctx| take(ctx));
        }
        [frames.drawn as f64, (cpu_time() - before).as_secs_f64() * 1e9]
    });
    let figure = |index: usize| -> Vec<Vec<f64>> {
        figures.iter().map(|runs| runs.iter().map(|run| run[index]).collect()).collect()
    };
    table(
        "nothing is sent",
        &ways::ALL.map(|(name, _)| name),
        &[
            Column::counted("frames a second", medians(&figure(0)), count),
            Column::counted("CPU a second", medians(&figure(1)), time),
        ],
    )
}
