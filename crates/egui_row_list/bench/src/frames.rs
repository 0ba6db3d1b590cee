//! What a frame costs at the start, in the middle and at the end of few and of many rows.

use crate::lists::Which;
use crate::stage::Stage;
use crate::{grouped, median, table};

/// How often every list has its turn. Odd, so that the median is one of the values.
const ROUNDS: usize = 9;

/// Frames in one turn.
const FRAMES: usize = 100;

const COUNTS: [u64; 4] = [10, 10_000, 1_000_000, 10_000_000];

pub(crate) fn part() -> String {
    let mut lines = vec![vec!["rows, place".to_owned()]];
    lines[0].extend(Which::ALL.map(|which| which.name().to_owned()));
    let mut own = Vec::new();
    let mut are_lost = false;
    for count in COUNTS {
        let places = [("start", 0), ("middle", count / 2), ("end", count)];
        // They are all in sight.
        let places = if count == 10 { &places[..1] } else { &places[..] };
        for (place, row) in places {
            eprintln!("  {} rows, {place}", grouped(count));
            let mut stages = Which::ALL.map(|which| Stage::new(which, count, *row));
            let mut figures = Which::ALL.map(|_| Vec::new());
            for _ in 0..ROUNDS {
                for (stage, figures) in stages.iter_mut().zip(&mut figures) {
                    let times = (0..FRAMES).map(|_| stage.frame(Vec::new()).as_secs_f64() * 1e6);
                    figures.push(median(times.collect()));
                }
            }
            let medians = figures.map(median);
            own.push(medians[0]);
            let mut line = vec![format!("{}, {place}", grouped(count))];
            for (stage, time) in stages.iter().zip(medians) {
                let wanted = (*row).min(count - 1);
                let is_there = stage.list.drawn.iter().any(|(drawn, _)| *drawn == wanted);
                are_lost |= !is_there;
                let mark = if is_there { "" } else { "*" };
                line.push(format!("{time:.0} µs ({:.2}){mark}", time / medians[0]));
            }
            lines.push(line);
        }
    }
    let highest = own.iter().copied().fold(f64::MIN, f64::max);
    // With ten rows there is less to draw.
    let lowest = own.iter().skip(1).copied().fold(f64::MAX, f64::min);
    let mut text = table(&lines);
    text += &format!("\negui_row_list, from 10 000 rows: highest/lowest {:.2}\n", highest / lowest);
    if are_lost {
        text += "* the row wanted was not drawn\n";
    }
    text
}
