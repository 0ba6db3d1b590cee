//! The log: rows come in behind, and the oldest ones are dropped in front.

use std::collections::VecDeque;
use std::ops::{Deref, Range};
use std::sync::Arc;
use std::time::Duration;

use crate::row::{Delivery, Drawing, Entry, Payload, Row};
use crate::segment::Segment;

/// How much a log keeps. What is reached first counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Memory for payloads and what there is on top of them, in bytes. Above it the oldest rows go,
    /// up to a 32nd of it (at least 4 KiB, at most 1 MiB) at once. The newest ones stay that are
    /// together within that, or the newest row, however long it is.
    pub bytes: u64,
    /// The most rows, at least 1.
    pub rows: u64,
}

impl Retention {
    /// What a program keeps: 256 MiB, ten million rows.
    pub const NATIVE: Self = Self { bytes: 256 << 20, rows: 10_000_000 };
    /// What a page keeps: 64 MiB, ten million rows.
    pub const WEB: Self = Self { bytes: 64 << 20, rows: 10_000_000 };
}

/// Rows come in behind, and the oldest ones are dropped in front. It reads as its [`Rows`].
///
/// A message of at most 16 KiB is copied, so that it keeps no larger buffer that it may be a piece
/// of; a longer one is kept as it is, and with it the buffer that it is in.
#[derive(Debug)]
pub struct Log {
    rows: Rows,
    retention: Retention,
    /// Of all segments but the last, which still grows.
    full_segments_bytes: u64,
    dropped: u64,
    generation: u64,
}

/// The rows of a log that are kept: of the log itself, or as they were when
/// [`Log::snapshot`] was called. A clone copies no rows.
///
/// The [delivery](Row::delivery) and the [drawing](Row::drawing) of a row may go on changing in a
/// snapshot.
#[derive(Clone, Debug)]
pub struct Rows {
    started: Duration,
    segments: VecDeque<Arc<Segment>>,
    first: u64,
    end: u64,
}

/// A segment below this many bytes is copied if a snapshot has it when a row comes. Others are
/// left to the snapshot, and a new one begins. So neither many snapshots nor many rows cost much.
const MAX_COPIED_SEGMENT: usize = 64 << 10;

impl Log {
    /// An empty log.
    ///
    /// `started` is the time of the clock on the wall at the log's start, since 1970 began in UTC.
    /// All other times count from there.
    #[must_use]
    pub fn new(started: Duration, retention: Retention) -> Self {
        let rows = Rows { started, segments: VecDeque::new(), first: 0, end: 0 };
        Self { rows, retention, full_segments_bytes: 0, dropped: 0, generation: 0 }
    }

    /// Puts a row behind the others, drops what is then too much in front, and gives the row's
    /// number.
    ///
    /// `time` counts since the log's start. Times beyond 584 years are cut to that.
    pub fn append(&mut self, time: Duration, entry: Entry) -> u64 {
        let number = self.rows.end;
        self.make_room(&entry);
        if let Some(segment) = self.rows.segments.back_mut() {
            Arc::make_mut(segment).push(time, entry);
        }
        self.rows.end += 1;
        self.drop_oldest();
        self.generation += 1;
        number
    }

    /// Says of each of these rows whether it was drawn. Rows that are gone are passed over.
    pub fn set_drawing(&mut self, numbers: Range<u64>, drawing: Drawing) {
        let mut is_changed = false;
        for segment in self.rows.segments_of(numbers.clone()) {
            let range = numbers.start.max(segment.first())..numbers.end.min(segment.end());
            for number in range {
                is_changed |= segment.set_drawing(number, drawing);
            }
        }
        self.generation += u64::from(is_changed);
    }

    /// Says of each of these rows how far it has come. Rows that are gone, and those that are no
    /// messages of ours, are passed over.
    pub fn set_delivery(&mut self, numbers: Range<u64>, delivery: Delivery) {
        let mut is_changed = false;
        for segment in self.rows.segments_of(numbers.clone()) {
            let range = numbers.start.max(segment.first())..numbers.end.min(segment.end());
            for number in range {
                is_changed |= segment.set_delivery(number, delivery);
            }
        }
        self.generation += u64::from(is_changed);
    }

    /// Drops all rows. Numbers go on, [`dropped`](Self::dropped) begins anew.
    pub fn clear(&mut self) {
        self.rows.segments.clear();
        self.rows.first = self.rows.end;
        self.full_segments_bytes = 0;
        self.dropped = 0;
        self.generation += 1;
    }

    /// Keeps less or more from now on.
    pub fn set_retention(&mut self, retention: Retention) {
        self.retention = retention;
        self.drop_oldest();
        // The last segment stays, but not what it has reserved by the bound of before.
        if self.memory() > retention.bytes
            && let Some(last) = self.rows.segments.back_mut()
        {
            Arc::make_mut(last).shrink();
        }
        self.generation += 1;
    }

    /// How much it keeps.
    #[must_use]
    pub fn retention(&self) -> Retention {
        self.retention
    }

    /// How many rows were dropped since the start or the last [`clear`](Self::clear), to keep
    /// within the bound.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Another number whenever anything has changed: rows, or what is known of one.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// The rows as they are now, for another thread. It copies none.
    #[must_use]
    pub fn snapshot(&self) -> Rows {
        self.rows.clone()
    }

    /// The memory that all rows take, in bytes.
    #[must_use]
    pub fn memory(&self) -> u64 {
        let last = self.rows.segments.back().map_or(0, |segment| segment.memory());
        self.full_segments_bytes + last as u64
    }

    /// Sees to it that the last segment is one that the row may be pushed to.
    fn make_room(&mut self, entry: &Entry) {
        const MIN_SEGMENT: u64 = 4 << 10;
        const MAX_SEGMENT: u64 = 1 << 20;
        let bytes = (self.retention.bytes / 32).clamp(MIN_SEGMENT, MAX_SEGMENT);
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        if let Some(last) = self.rows.segments.back_mut() {
            let is_snapshots = Arc::get_mut(last).is_none() && last.memory() > MAX_COPIED_SEGMENT;
            if last.has_room(entry, bytes) && !is_snapshots {
                return;
            }
            // Where a snapshot has it, the copy has no room for more.
            Arc::make_mut(last).shrink();
            self.full_segments_bytes += last.memory() as u64;
        }
        self.rows.segments.push_back(Arc::new(Segment::new(self.rows.end)));
    }

    fn drop_oldest(&mut self) {
        let first = self.rows.end.saturating_sub(self.retention.rows.max(1));
        self.drop_before(first);
        while self.memory() > self.retention.bytes {
            let Some(second) = self.rows.segments.get(1) else { break };
            let first = second.first();
            self.drop_before(first);
        }
    }

    fn drop_before(&mut self, first: u64) {
        if first <= self.rows.first {
            return;
        }
        self.dropped += first - self.rows.first;
        self.rows.first = first;
        // The last one stays, as rows come in there.
        while self.rows.segments.len() > 1 {
            match self.rows.segments.pop_front_if(|segment| segment.end() <= first) {
                Some(segment) => self.full_segments_bytes -= segment.memory() as u64,
                None => break,
            }
        }
    }
}

impl Deref for Log {
    type Target = Rows;

    fn deref(&self) -> &Rows {
        &self.rows
    }
}

impl Rows {
    /// The time of the clock on the wall at the log's start, since 1970 began in UTC.
    #[must_use]
    pub fn started(&self) -> Duration {
        self.started
    }

    /// The numbers of the rows that are kept.
    #[must_use]
    pub fn range(&self) -> Range<u64> {
        self.first..self.end
    }

    /// How many rows are kept.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.end - self.first
    }

    /// Whether no rows are kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.first == self.end
    }

    /// The row of this number; none if it is gone or has not come yet. It takes the logarithm of
    /// the number of segments, which are some hundreds.
    #[must_use]
    pub fn get(&self, number: u64) -> Option<Row<'_>> {
        self.segment_of(number)?.get(number)
    }

    /// The row's payload, for keeping it while the log goes on; none of an event. A long one
    /// shares its memory with the log, one of at most 16 KiB is copied.
    #[must_use]
    pub fn payload(&self, number: u64) -> Option<Payload> {
        self.segment_of(number)?.payload(number)
    }

    /// The rows of these numbers that are there, from the first to the last.
    #[must_use]
    pub fn iter(&self, numbers: Range<u64>) -> RowIter<'_> {
        let next = numbers.start.max(self.first);
        let end = numbers.end.min(self.end);
        RowIter { rows: self, segment: self.index_of(next), next, end }
    }

    /// The segments that have some of these rows.
    pub(crate) fn segments_of(&self, numbers: Range<u64>) -> impl Iterator<Item = &Segment> {
        let start = self.index_of(numbers.start.max(self.first));
        let segments = self.segments.range(start..).map(|segment| &**segment);
        segments.take_while(move |segment| segment.first() < numbers.end)
    }

    fn segment_of(&self, number: u64) -> Option<&Segment> {
        let segment = self.segments.get(self.index_of(number))?;
        self.range().contains(&number).then_some(&**segment)
    }

    /// Which segment has this number, or the one behind the last.
    fn index_of(&self, number: u64) -> usize {
        self.segments.partition_point(|segment| segment.end() <= number)
    }
}

/// Rows one after the other; see [`Rows::iter`].
#[derive(Clone, Debug)]
pub struct RowIter<'a> {
    rows: &'a Rows,
    segment: usize,
    next: u64,
    end: u64,
}

impl<'a> Iterator for RowIter<'a> {
    type Item = Row<'a>;

    fn next(&mut self) -> Option<Row<'a>> {
        if self.next >= self.end {
            return None;
        }
        let mut segment = self.rows.segments.get(self.segment)?;
        if segment.end() <= self.next {
            self.segment += 1;
            segment = self.rows.segments.get(self.segment)?;
        }
        let row = segment.get(self.next);
        self.next += 1;
        row
    }
}
