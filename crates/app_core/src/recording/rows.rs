//! Rows with numbers that stay: a list that grows at its end, forgets at its start once it is full, and is
//! cheap to clone.

use std::collections::VecDeque;
use std::sync::Arc;

/// How many rows are forgotten at once.
pub(super) const CHUNK: usize = 4096;

/// A list in chunks. Only the last chunk is ever written to, so that a clone shares all the others, and no
/// push moves what is there.
#[derive(Clone, Debug)]
pub(super) struct Rows<T> {
    /// The number of the first row that is still there, counted from 0: as many were forgotten.
    first: u64,
    /// Each with [`CHUNK`] rows.
    full: VecDeque<Arc<Vec<T>>>,
    last: Vec<T>,
    /// How many full chunks are kept.
    most: usize,
}

impl<T> Rows<T> {
    /// None yet. When a row would be one more than `most` and a chunk, a chunk is forgotten.
    pub(super) fn new(most: usize) -> Self {
        Self::beginning_at(0, most)
    }

    /// The same, where so many were forgotten already.
    pub(super) fn beginning_at(first: u64, most: usize) -> Self {
        Self { first, full: VecDeque::new(), last: Vec::new(), most: most / CHUNK }
    }

    /// Gives whether a chunk was begun and, if so, whether one was forgotten.
    pub(super) fn push(&mut self, row: T) -> Option<bool> {
        if self.last.len() < CHUNK {
            self.last.push(row);
            return None;
        }
        let mut next = Vec::with_capacity(CHUNK);
        next.push(row);
        self.full.push_back(Arc::new(std::mem::replace(&mut self.last, next)));
        let is_full = self.full.len() > self.most;
        Some(is_full && self.forget_chunk())
    }

    /// Forgets the oldest chunk, unless it is the one that is written to.
    pub(super) fn forget_chunk(&mut self) -> bool {
        let is_forgotten = self.full.pop_front().is_some();
        self.first += if is_forgotten { CHUNK as u64 } else { 0 };
        is_forgotten
    }

    /// The number of the first row that is still there.
    pub(super) fn first(&self) -> u64 {
        self.first
    }

    /// The number after that of the last row: as many were pushed ever.
    pub(super) fn end(&self) -> u64 {
        self.first + self.len() as u64
    }

    pub(super) fn len(&self) -> usize {
        self.full.len() * CHUNK + self.last.len()
    }

    /// The row with this number, and the place of its chunk.
    pub(super) fn get_in_chunk(&self, number: u64) -> Option<(usize, &T)> {
        #[cfg(test)]
        LOOKS.with(|looks| looks.set(looks.get() + 1));
        let at = usize::try_from(number.checked_sub(self.first)?).ok()?;
        let (chunk, at) = (at / CHUNK, at % CHUNK);
        let row = match self.full.get(chunk) {
            Some(full) => full.get(at),
            None if chunk == self.full.len() => self.last.get(at),
            None => None,
        };
        row.map(|row| (chunk, row))
    }

    pub(super) fn get(&self, number: u64) -> Option<&T> {
        self.get_in_chunk(number).map(|(_, row)| row)
    }

    pub(super) fn last(&self) -> Option<&T> {
        self.last.last()
    }

    pub(super) fn last_mut(&mut self) -> Option<&mut T> {
        self.last.last_mut()
    }

    /// The number of the first row for which this does not hold, where it holds for all before it.
    pub(super) fn partition_point(&self, mut holds: impl FnMut(&T) -> bool) -> u64 {
        let (mut low, mut high) = (self.first, self.end());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.get(middle) {
                Some(row) if holds(row) => low = middle + 1,
                _ => high = middle,
            }
        }
        low
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.full.iter().flat_map(|chunk| chunk.iter()).chain(&self.last)
    }
}

/// Where the chunks begin is nothing that two lists differ in.
impl<T: PartialEq> PartialEq for Rows<T> {
    fn eq(&self, other: &Self) -> bool {
        self.first == other.first && self.len() == other.len() && self.iter().eq(other.iter())
    }
}

#[cfg(test)]
thread_local! {
    /// How many rows were looked at, for the test that this does not grow with the list.
    pub(super) static LOOKS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_list_forgets_its_oldest_rows() {
        let mut rows = Rows::new(2 * CHUNK);
        for number in 0..5 * CHUNK as u64 {
            rows.push(number);
        }
        assert_eq!((rows.first(), rows.end()), (2 * CHUNK as u64, 5 * CHUNK as u64));
        assert_eq!(rows.get(rows.first()), Some(&rows.first()));
        assert_eq!(rows.get(rows.first() - 1), None);
        assert_eq!(rows.last(), Some(&(rows.end() - 1)));
        assert_eq!(rows.get(rows.end()), None);
        let middle = rows.first() + 36;
        assert_eq!(rows.partition_point(|row| *row < middle), middle);
        assert_eq!(rows.partition_point(|_| false), rows.first());
        assert_eq!(rows.partition_point(|_| true), rows.end());
    }

    #[test]
    fn lists_are_equal_whatever_their_chunks() {
        let mut long = Rows::new(CHUNK);
        for number in 0..2 * CHUNK as u64 + 5 {
            long.push(number);
        }
        let mut short = Rows::beginning_at(long.first(), CHUNK);
        for number in long.iter() {
            short.push(*number);
        }
        assert_eq!(long, short);
        short.push(0);
        assert_ne!(long, short);
    }
}
