//! A search that goes through the rows piece by piece, beside the frames or in a thread.

use crate::filter::Filter;
use crate::log::Rows;
use crate::progress::Progress;
use crate::row_set::RowSet;
use crate::search::Matcher;

/// Finds the rows that a filter accepts and a query is found in, from the oldest to the newest.
///
/// It holds no rows: each step is given those of the log as they are, or a
/// [snapshot](crate::Log::snapshot), so that rows that have come meanwhile join, and those that are
/// gone go. What it has found takes less than two bits a row ([`RowSet`]). Dropping it ends it.
///
/// It belongs to one log, by whose numbers it goes.
///
/// In a page: [`advance_while`](Self::advance_while) there are some milliseconds left in this frame.
/// Natively: move it and a snapshot into a thread, and back when a while has passed.
#[derive(Clone, Debug)]
pub struct Scan {
    filter: Filter,
    matcher: Matcher,
    /// The number of the row that comes next.
    next: u64,
    hits: RowSet,
    /// What a step has found, to be put in order.
    found: Vec<u64>,
}

/// How many bytes are searched at once, and before [`Scan::advance_while`] asks again.
const STEP_BYTES: u64 = 256 << 10;
/// The same of what is searched row by row, which takes up to ten times as long in a browser.
const SLOW_STEP_BYTES: u64 = 32 << 10;

impl Scan {
    /// A search that has not begun yet.
    #[must_use]
    pub fn new(filter: Filter, matcher: Matcher) -> Self {
        Self { filter, matcher, next: 0, hits: RowSet::default(), found: Vec::new() }
    }

    /// Searches about so many bytes of payload, but no row in parts.
    pub fn advance(&mut self, rows: &Rows, bytes: u64) -> Progress {
        let range = rows.range();
        self.next = self.next.max(range.start);
        self.hits.drop_before(range.start);
        let mut left = bytes;
        let step = self.step_bytes();
        for segment in rows.segments_of(self.next..range.end) {
            let last = segment.end().min(range.end);
            while self.next < last && left > 0 {
                let (end, bytes) = segment.rows_within(self.next, left.min(step));
                let end = end.min(last).max(self.next + 1);
                left = left.saturating_sub(bytes.max(1));
                segment.search(self.next..end, &self.matcher, &mut self.found);
                self.found.sort_unstable();
                for number in self.found.drain(..) {
                    if segment.get(number).is_some_and(|row| self.filter.accepts(&row)) {
                        self.hits.push(number);
                    }
                }
                self.next = end;
            }
        }
        self.progress(rows)
    }

    /// Searches until everything is done or `go_on` says no. It is asked after each 256 KiB, 32 KiB with
    /// a regular expression, or each longer row, that is at least some hundred times a second.
    pub fn advance_while(&mut self, rows: &Rows, mut go_on: impl FnMut() -> bool) -> Progress {
        loop {
            let progress = self.advance(rows, self.step_bytes());
            if progress.is_done() || !go_on() {
                return progress;
            }
        }
    }

    fn step_bytes(&self) -> u64 {
        if self.matcher.literals().is_some() { STEP_BYTES } else { SLOW_STEP_BYTES }
    }

    /// How far it has come in these rows.
    #[must_use]
    pub fn progress(&self, rows: &Rows) -> Progress {
        let range = rows.range();
        let done = self.next.clamp(range.start, range.end) - range.start;
        Progress { done, rows: rows.len() }
    }

    /// What it has found so far.
    #[must_use]
    pub fn hits(&self) -> &RowSet {
        &self.hits
    }

    /// What is searched for, for marking it.
    #[must_use]
    pub fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    /// What it has found, if that is all that is wanted.
    #[must_use]
    pub fn into_hits(self) -> RowSet {
        self.hits
    }
}
