//! How far something has come that goes through the rows in pieces.

/// How far a search or an export has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many of the rows are done.
    pub done: u64,
    /// How many rows there are.
    pub rows: u64,
}

impl Progress {
    /// Whether all rows are done that there are so far.
    #[must_use]
    pub fn is_done(self) -> bool {
        self.done == self.rows
    }
}
