//! Which row of the log is which event of the recording that grows, both ways. Pure.

use std::collections::VecDeque;

/// How many runs are kept, 3 MiB of them. Where something else is written into the log between any two messages,
/// each is a run of its own.
const MAX_RUNS: usize = 1 << 17;

/// Events that are rows of the log. Both have numbers that only grow, and messages which come one behind the other
/// have rows one behind the other: such a run is kept once, however long it is.
#[derive(Clone, Debug, Default)]
pub struct RowLinks {
    runs: VecDeque<Run>,
}

#[derive(Clone, Copy, Debug)]
struct Run {
    event: u64,
    row: u64,
    count: u64,
}

impl RowLinks {
    /// The event with this number is the row with this one. Both come behind all that are there; what doesn't is
    /// left out.
    pub fn push(&mut self, event: u64, row: u64) {
        if let Some(last) = self.runs.back_mut() {
            if (event, row) == (last.event + last.count, last.row + last.count) {
                last.count += 1;
                return;
            }
            if event < last.event + last.count || row < last.row + last.count {
                return;
            }
        }
        if self.runs.len() == MAX_RUNS {
            self.runs.pop_front();
        }
        self.runs.push_back(Run { event, row, count: 1 });
    }

    /// The row that this event is, if it is one.
    #[must_use]
    pub fn row(&self, event: u64) -> Option<u64> {
        let run = self.run_before(|run| run.event <= event)?;
        let at = event.checked_sub(run.event)?;
        (at < run.count).then(|| run.row + at)
    }

    /// The event that this row is, if it is one.
    #[must_use]
    pub fn event(&self, row: u64) -> Option<u64> {
        let run = self.run_before(|run| run.row <= row)?;
        let at = row.checked_sub(run.row)?;
        (at < run.count).then(|| run.event + at)
    }

    /// The last run for which this holds, where it holds for all before it.
    fn run_before(&self, holds: impl Fn(&Run) -> bool) -> Option<Run> {
        let end = self.runs.partition_point(holds);
        self.runs.get(end.checked_sub(1)?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_and_rows_are_found_both_ways() {
        let mut links = RowLinks::default();
        assert_eq!((links.row(1), links.event(0)), (None, None));
        // Two rows of the connection, three messages, one of ours, two messages.
        for (event, row) in [(1, 2), (2, 3), (3, 4), (4, 6), (5, 7)] {
            links.push(event, row);
        }
        assert_eq!(links.runs.len(), 2);
        assert_eq!(
            [1, 3, 4, 5].map(|event| links.row(event)),
            [Some(2), Some(4), Some(6), Some(7)]
        );
        assert_eq!([0, 6].map(|event| links.row(event)), [None, None]);
        assert_eq!([2, 4, 6, 7].map(|row| links.event(row)), [Some(1), Some(3), Some(4), Some(5)]);
        assert_eq!([1, 5, 8].map(|row| links.event(row)), [None, None, None]);
        // An event that is no row, such as an end.
        links.push(7, 8);
        assert_eq!((links.row(6), links.row(7), links.event(8)), (None, Some(8), Some(7)));
    }

    #[test]
    fn what_goes_back_is_left_out() {
        let mut links = RowLinks::default();
        links.push(5, 5);
        links.push(4, 9);
        links.push(9, 4);
        assert_eq!((links.event(9), links.row(9), links.row(5)), (None, None, Some(5)));
    }
}
