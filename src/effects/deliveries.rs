//! How far messages of ours have come, by their rows in the log: what waits, what was handed to the network,
//! what is in doubt.

use std::collections::{BTreeMap, VecDeque};

use app_core::connection::Outbox;
use message_log::{Delivery, Log};

/// How many rows are remembered of messages that were handed to the network. Of older ones nobody learns that
/// they are in doubt.
const MAX_HANDED: usize = 100_000;

/// The rows of messages of ours that may still change, by the numbers that the connection gave them.
#[derive(Default)]
pub(super) struct Deliveries {
    waiting: BTreeMap<u64, u64>,
    handed: VecDeque<(u64, u64)>,
    in_doubt: BTreeMap<u64, u64>,
    /// How many are in doubt by the connection's account.
    doubts: u64,
    /// How many wait by the connection's account.
    waits: u64,
}

impl Deliveries {
    /// This message waits, in this row.
    pub(super) fn waits(&mut self, id: u64, row: u64) {
        self.waiting.insert(id, row);
    }

    /// The connection's account is this now.
    pub(super) fn account(&mut self, outbox: &Outbox, log: &mut Log) {
        self.waits = outbox.waiting_count;
        if outbox.in_doubt_count > self.doubts {
            self.settle(log);
            // Nothing is ever acknowledged here, so all of it is in doubt.
            for (id, row) in self.handed.drain(..) {
                set(log, row, Delivery::InDoubt);
                self.in_doubt.insert(id, row);
            }
        }
        self.doubts = outbox.in_doubt_count;
    }

    /// What doesn't wait any more was handed to the network, in order.
    pub(super) fn settle(&mut self, log: &mut Log) {
        while self.waiting.len() as u64 > self.waits
            && let Some((id, row)) = self.waiting.pop_first()
        {
            set(log, row, Delivery::Sent);
            if self.handed.len() == MAX_HANDED {
                self.handed.pop_front();
            }
            self.handed.push_back((id, row));
        }
    }

    /// This one was taken back.
    pub(super) fn took_back(&mut self, id: u64, log: &mut Log) {
        if let Some(row) = self.waiting.remove(&id) {
            set(log, row, Delivery::TakenBack);
        }
    }

    /// All that waited was taken back.
    pub(super) fn took_back_all(&mut self, log: &mut Log) {
        for row in std::mem::take(&mut self.waiting).into_values() {
            set(log, row, Delivery::TakenBack);
        }
    }

    /// What was in doubt waits to be sent again.
    pub(super) fn resent(&mut self, log: &mut Log) {
        for (id, row) in std::mem::take(&mut self.in_doubt) {
            set(log, row, Delivery::Waiting);
            self.waiting.insert(id, row);
        }
    }

    /// The numbers of another connection begin.
    pub(super) fn begin(&mut self) {
        *self = Self::default();
    }
}

fn set(log: &mut Log, row: u64, delivery: Delivery) {
    log.set_delivery(row..row + 1, delivery);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use message_log::{Entry, Payload, Retention};

    use super::*;

    fn outbox(waiting_count: u64, in_doubt_count: u64) -> Outbox {
        Outbox { waiting_count, in_doubt_count, ..Outbox::default() }
    }

    fn three() -> (Log, Deliveries) {
        let mut log = Log::new(Duration::ZERO, Retention::NATIVE);
        let mut deliveries = Deliveries::default();
        for id in 1..=3 {
            let entry = Entry::Sent(Payload::text("raisin"), Delivery::Waiting);
            deliveries.waits(id, log.append(Duration::ZERO, entry));
        }
        (log, deliveries)
    }

    fn all(log: &Log) -> Vec<Delivery> {
        log.iter(log.range()).filter_map(|row| row.delivery).collect()
    }

    #[test]
    fn first_ones_go_first() {
        let (mut log, mut deliveries) = three();
        deliveries.account(&outbox(2, 0), &mut log);
        deliveries.settle(&mut log);
        assert_eq!(all(&log), [Delivery::Sent, Delivery::Waiting, Delivery::Waiting]);
        deliveries.took_back(3, &mut log);
        deliveries.account(&outbox(1, 0), &mut log);
        deliveries.settle(&mut log);
        assert_eq!(all(&log), [Delivery::Sent, Delivery::Waiting, Delivery::TakenBack]);
    }

    #[test]
    fn lost_connection_leaves_doubts() {
        let (mut log, mut deliveries) = three();
        deliveries.account(&outbox(0, 0), &mut log);
        deliveries.settle(&mut log);
        assert_eq!(all(&log), [Delivery::Sent; 3]);
        deliveries.account(&outbox(0, 3), &mut log);
        assert_eq!(all(&log), [Delivery::InDoubt; 3]);
        deliveries.resent(&mut log);
        deliveries.account(&outbox(3, 0), &mut log);
        assert_eq!(all(&log), [Delivery::Waiting; 3]);
        deliveries.account(&outbox(0, 0), &mut log);
        deliveries.settle(&mut log);
        assert_eq!(all(&log), [Delivery::Sent; 3]);
    }
}
