//! A set of rows that grows behind and is cut in front, as the log is: one bit a row, with counts
//! that find the n-th.

use std::collections::VecDeque;

/// Rows by their numbers, in ascending order: what a search has found, or what is to be exported.
///
/// It takes 520 bytes for each 4096 numbers between its first and its last one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowSet {
    /// The number of the first bit, a multiple of [`BLOCK_ROWS`].
    base: u64,
    blocks: VecDeque<Block>,
    /// Numbers below it are no more in the set, even if their bits are on.
    first: u64,
    /// The last number and one.
    end: u64,
    /// How many were ever put in.
    pushed: u64,
    /// How many of them are below `first`.
    dropped: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Block {
    /// How many were put in before this block's first one.
    before: u64,
    words: [u64; WORDS],
}

const WORDS: usize = 64;
const BLOCK_ROWS: u64 = WORDS as u64 * 64;

impl RowSet {
    /// Puts a number in. One that is not above all others is passed over.
    pub fn push(&mut self, number: u64) {
        if number < self.end {
            return;
        }
        if self.blocks.is_empty() {
            self.base = number / BLOCK_ROWS * BLOCK_ROWS;
        }
        let (block, word, bit) = self.place(number);
        while self.blocks.len() <= block {
            self.blocks.push_back(Block { before: self.pushed, words: [0; WORDS] });
        }
        if let Some(block) = self.blocks.get_mut(block) {
            block.words[word] |= bit;
        }
        self.pushed += 1;
        self.end = number + 1;
    }

    /// Takes out what is below this number, as the log has dropped it.
    pub fn drop_before(&mut self, number: u64) {
        if number <= self.first {
            return;
        }
        self.dropped = self.pushed_before(number);
        self.first = number;
        self.end = self.end.max(number);
        while self.base + BLOCK_ROWS <= number && self.blocks.pop_front().is_some() {
            self.base += BLOCK_ROWS;
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.pushed - self.dropped
    }

    /// How many have been taken out in front. With it a member has an index of its own for ever: this
    /// many more than its index among those that are left.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether this number is one of them.
    #[must_use]
    pub fn contains(&self, number: u64) -> bool {
        if number < self.first.max(self.base) {
            return false;
        }
        let (block, word, bit) = self.place(number);
        self.blocks.get(block).is_some_and(|block| block.words[word] & bit != 0)
    }

    /// The one with this many below it: 0 gives the lowest.
    #[must_use]
    pub fn nth(&self, index: u64) -> Option<u64> {
        let index = self.dropped.checked_add(index).filter(|index| *index < self.pushed)?;
        let at = self.blocks.partition_point(|block| block.before <= index).checked_sub(1)?;
        let block = self.blocks.get(at)?;
        let mut left = index - block.before;
        for (at_word, mut word) in block.words.into_iter().enumerate() {
            let count = u64::from(word.count_ones());
            if left >= count {
                left -= count;
                continue;
            }
            for _ in 0..left {
                word &= word - 1;
            }
            let bit = u64::from(word.trailing_zeros());
            return Some(self.base + at as u64 * BLOCK_ROWS + at_word as u64 * 64 + bit);
        }
        None
    }

    /// How many are below this number: the index of this one, if it is in the set.
    #[must_use]
    pub fn rank(&self, number: u64) -> u64 {
        self.pushed_before(number).saturating_sub(self.dropped)
    }

    /// The lowest one above this number, for a step forward.
    #[must_use]
    pub fn next_after(&self, number: u64) -> Option<u64> {
        self.nth(self.rank(number.saturating_add(1)))
    }

    /// The highest one below this number, for a step back.
    #[must_use]
    pub fn last_before(&self, number: u64) -> Option<u64> {
        self.nth(self.rank(number).checked_sub(1)?)
    }

    /// How many of all that were ever put in are below this number, which is not below `first`.
    fn pushed_before(&self, number: u64) -> u64 {
        if self.blocks.is_empty() || number >= self.end {
            return self.pushed;
        }
        if number < self.base {
            return self.blocks.front().map_or(self.pushed, |block| block.before);
        }
        let (block, word, bit) = self.place(number);
        let Some(block) = self.blocks.get(block) else { return self.pushed };
        let full: u32 = block.words[..word].iter().map(|word| word.count_ones()).sum();
        block.before + u64::from(full) + u64::from((block.words[word] & (bit - 1)).count_ones())
    }

    /// The block, the word in it and the bit in that, of a number that is not below `base`.
    fn place(&self, number: u64) -> (usize, usize, u64) {
        let offset = number.saturating_sub(self.base);
        let block = usize::try_from(offset / BLOCK_ROWS).unwrap_or(usize::MAX);
        let in_block = offset % BLOCK_ROWS;
        // Below 64.
        let word = usize::try_from(in_block / 64).unwrap_or(0);
        (block, word, 1 << (in_block % 64))
    }
}

impl FromIterator<u64> for RowSet {
    fn from_iter<T: IntoIterator<Item = u64>>(numbers: T) -> Self {
        let mut set = Self::default();
        numbers.into_iter().for_each(|number| set.push(number));
        set
    }
}
