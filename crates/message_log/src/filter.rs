//! Which rows are shown, by what they are: direction, kind and size.

use crate::row::{Direction, Kind, Row};

/// Which rows are shown. The default shows all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Messages of ours.
    pub sent: bool,
    /// Messages of the peer.
    pub received: bool,
    /// Messages of text.
    pub text: bool,
    /// Messages of bytes.
    pub binary: bool,
    /// Events of the connection's life; direction and size don't matter for them.
    pub events: bool,
    /// The least size of a message in bytes.
    pub min_size: u64,
    /// The largest size of a message in bytes.
    pub max_size: u64,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            sent: true,
            received: true,
            text: true,
            binary: true,
            events: true,
            min_size: 0,
            max_size: u64::MAX,
        }
    }
}

impl Filter {
    /// Whether the row is shown.
    #[must_use]
    pub fn accepts(&self, row: &Row<'_>) -> bool {
        let is_kind_wanted = match row.content.kind() {
            Kind::Text => self.text,
            Kind::Binary => self.binary,
            Kind::Event => return self.events,
        };
        let is_direction_wanted = match row.direction {
            Direction::Sent => self.sent,
            Direction::Received => self.received,
            Direction::None => true,
        };
        let size = row.size() as u64;
        is_kind_wanted && is_direction_wanted && (self.min_size..=self.max_size).contains(&size)
    }
}
