//! How exactly the lists scroll: ten times one point, in the middle of many rows.

use crate::lists::{ROW, Which};
use crate::stage::Stage;
use crate::{grouped, table};

const COUNTS: [u64; 4] = [10_000, 1_000_000, 10_000_000, 1_000_000_000];

/// Steps of one point each.
const STEPS: u32 = 10;

pub(crate) fn part() -> String {
    let mut lines = vec![vec!["rows".to_owned()]];
    // A screen reader changes nothing in it.
    let lists = Which::ALL.into_iter().filter(|which| *which != Which::RowListHeard);
    lines[0].extend(lists.clone().map(|which| which.name().to_owned()));
    for count in COUNTS {
        let mut line = vec![grouped(count)];
        for which in lists.clone() {
            // It keeps something for every row that it has seen.
            if which == Which::VirtualList && count > 10_000_000 {
                line.push("not tried".to_owned());
                continue;
            }
            let mut stage = Stage::new(which, count, count / 2);
            if !stage.list.drawn.iter().any(|(row, _)| *row == count / 2) {
                line.push("is not there yet".to_owned());
                continue;
            }
            let mut before = place(&stage);
            let mut steps = Vec::new();
            for _ in 0..STEPS {
                stage.wheel(1.0);
                // Some lists show it a frame later.
                stage.frame(Vec::new());
                let now = place(&stage);
                steps.push(before.zip(now).map_or(f64::NAN, |(before, now)| now - before));
                before = now;
            }
            let sum: f64 = steps.iter().sum();
            let most = steps.iter().copied().fold(f64::MIN, f64::max);
            line.push(format!("{sum:.0} (at once {most:.0})"));
        }
        lines.push(line);
    }
    format!("{STEPS} times one point:\n\n{}", table(&lines))
}

/// How far the view is below the first row, in points, as it looks.
fn place(stage: &Stage) -> Option<f64> {
    let (row, top) = stage.list.drawn.first()?;
    Some(*row as f64 * f64::from(ROW) - f64::from(*top))
}
