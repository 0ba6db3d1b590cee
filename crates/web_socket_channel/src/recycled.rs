//! Memory for payloads, used again once the program has dropped what was in it: an allocator gives
//! large blocks back to the system, and has to fetch them anew for the next message.

use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};

/// Handles on memory that was given out, the oldest first, with how much each one is.
pub(crate) struct Recycled {
    spent: VecDeque<(BytesMut, usize)>,
    bytes: usize,
    most_bytes: usize,
}

impl Recycled {
    /// Keeps handles on at most so much memory.
    pub(crate) fn new(most_bytes: usize) -> Self {
        Self { spent: VecDeque::new(), bytes: 0, most_bytes }
    }

    /// Memory for `len` bytes: that of before if nobody has anything of it any more, and it is not
    /// much larger; else new memory, of `new_len` bytes at first.
    pub(crate) fn take(&mut self, len: usize, new_len: usize) -> BytesMut {
        if let Some((mut spent, bytes)) = self.spent.pop_front() {
            self.bytes -= bytes;
            if bytes <= 2 * len && spent.try_reclaim(len) {
                return spent;
            }
            // Somebody may still have it, and have dropped it when its turn comes again; in a full
            // house newer ones are worth more.
            if self.bytes + bytes + len <= self.most_bytes {
                self.keep(spent, bytes);
            }
        }
        BytesMut::with_capacity(new_len)
    }

    /// Gives out what was filled, and keeps a handle on its memory.
    pub(crate) fn give(&mut self, mut filled: BytesMut) -> Bytes {
        let bytes = filled.capacity();
        let payload = filled.split();
        self.keep(filled, bytes);
        payload.freeze()
    }

    /// Keeps a handle on memory of so many bytes that was given out.
    pub(crate) fn keep(&mut self, spent: BytesMut, bytes: usize) {
        if self.bytes + bytes <= self.most_bytes {
            self.bytes += bytes;
            self.spent.push_back((spent, bytes));
        }
    }
}
