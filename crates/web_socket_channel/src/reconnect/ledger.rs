//! The account of what the program sends: what waits, what a connection was given, what is in doubt.
//!
//! Pure: it is told what happens and moves messages from one list to the next. A message that was
//! accepted is in exactly one place at any time: it waits, was withdrawn, was handed over, is in
//! doubt, was counted because the record was full, or was confirmed.

use std::collections::VecDeque;
use std::mem;

use crate::message::Message;
use crate::queue::Bound;

/// The number of a message that was accepted, in the order in which they were: the first is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u64);

/// A message that was accepted, and its number.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outgoing {
    /// What [`try_send`](super::ReconnectHandle::try_send) returned for it.
    pub id: MessageId,
    /// The message. A clone is cheap.
    pub message: Message,
}

/// Messages that may or may not have arrived: they were handed to a connection that has ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InDoubt {
    /// Those of them that are remembered, in the order in which they were handed over.
    pub messages: Vec<Outgoing>,
    /// How many more there are that were not remembered, because of the bound
    /// ([`Policy::in_doubt`](super::Policy::in_doubt)). All of one connection's were handed over
    /// before those of it that are remembered.
    pub forgotten: u64,
}

/// How much of what the program sent is not known to have arrived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Messages that wait for a connection, or for its network.
    pub waiting: usize,
    /// Their payload, in bytes.
    pub waiting_bytes: usize,
    /// Messages that may or may not have arrived, those included that were not remembered.
    pub in_doubt: u64,
    /// The payload, in bytes, of those that are remembered.
    pub in_doubt_bytes: usize,
}

/// The account.
pub(crate) struct Ledger {
    outbox: Bound,
    last_id: u64,
    /// Everything up to here was handed over at least once, or withdrawn.
    handed_up_to: MessageId,
    /// By number, always.
    waiting: Queue,
    /// Handed to the connection that there is.
    handed: Record,
    /// Handed to connections that are gone.
    in_doubt: Record,
}

#[derive(Default)]
struct Queue {
    messages: VecDeque<Outgoing>,
    bytes: usize,
}

/// The newest of what was put in; the rest is counted.
struct Record {
    bound: Bound,
    queue: Queue,
    forgotten: u64,
    /// No forgotten message has a higher number.
    highest_forgotten: MessageId,
}

impl Ledger {
    pub(crate) fn new(outbox: Bound, in_doubt: Bound) -> Self {
        Self {
            outbox,
            last_id: 0,
            handed_up_to: MessageId(0),
            waiting: Queue::default(),
            handed: Record::new(in_doubt),
            in_doubt: Record::new(in_doubt),
        }
    }

    /// The bound of what may wait.
    pub(crate) fn outbox(&self) -> Bound {
        self.outbox
    }

    pub(crate) fn has_room(&self) -> bool {
        let Bound { messages, bytes } = self.outbox;
        self.waiting.messages.len() < messages && self.waiting.bytes < bytes
    }

    /// Lets a message in, whether or not there is room.
    pub(crate) fn accept(&mut self, message: Message) -> MessageId {
        self.last_id += 1;
        let id = MessageId(self.last_id);
        self.waiting.push_back(Outgoing { id, message });
        id
    }

    pub(crate) fn counts(&self) -> Counts {
        Counts {
            waiting: self.waiting.messages.len(),
            waiting_bytes: self.waiting.bytes,
            in_doubt: self.in_doubt.len(),
            in_doubt_bytes: self.in_doubt.queue.bytes,
        }
    }

    pub(crate) fn is_waiting(&self) -> bool {
        !self.waiting.messages.is_empty()
    }

    /// Whether one of the messages up to this number waits.
    pub(crate) fn is_waiting_up_to(&self, id: MessageId) -> bool {
        self.waiting.messages.front().is_some_and(|first| first.id <= id)
    }

    /// The number of the message that was accepted last.
    pub(crate) fn last_id(&self) -> MessageId {
        MessageId(self.last_id)
    }

    /// What waits, in order.
    pub(crate) fn waiting(&self) -> Vec<Outgoing> {
        self.waiting.messages.iter().cloned().collect()
    }

    /// Takes back a message that waits.
    pub(crate) fn withdraw(&mut self, id: MessageId) -> Option<Message> {
        let at = self.waiting.messages.binary_search_by_key(&id, |waiting| waiting.id).ok()?;
        let withdrawn = self.waiting.messages.remove(at)?;
        self.waiting.bytes -= withdrawn.message.len();
        Some(withdrawn.message)
    }

    /// Takes back all that waits.
    pub(crate) fn withdraw_all(&mut self) -> Vec<Outgoing> {
        mem::take(&mut self.waiting).messages.into()
    }

    /// The next message for the connection, which counts as handed over from now on.
    pub(crate) fn hand_over(&mut self) -> Option<Outgoing> {
        let next = self.waiting.pop_front()?;
        self.handed_up_to = self.handed_up_to.max(next.id);
        self.handed.push(next.clone());
        Some(next)
    }

    /// The connection did not take what it was handed last: it waits again, in its place.
    pub(crate) fn take_back(&mut self, outgoing: Outgoing) {
        // One that is not there was lost with the connection meanwhile, and is in doubt already.
        if self.handed.take_back(outgoing.id) {
            self.waiting.push_front(outgoing);
        }
    }

    /// The connection is gone: whatever it was handed and nobody has confirmed is in doubt, as no
    /// way to end proves that the peer has read it.
    pub(crate) fn lost(&mut self) {
        let handed = self.handed.take();
        self.in_doubt.append(handed);
    }

    /// The peer has received everything up to this number, of what it was handed: also of what
    /// waits to be sent to it again.
    pub(crate) fn confirm(&mut self, up_to: MessageId) {
        let up_to = up_to.min(self.handed_up_to);
        // Not all of them are looked at, as many may wait and confirmations come one by one.
        while self.is_waiting_up_to(up_to) {
            self.waiting.pop_front();
        }
        self.handed.confirm(up_to);
        self.in_doubt.confirm(up_to);
    }

    pub(crate) fn in_doubt(&self) -> InDoubt {
        InDoubt {
            messages: self.in_doubt.queue.messages.iter().cloned().collect(),
            forgotten: self.in_doubt.forgotten,
        }
    }

    pub(crate) fn take_in_doubt(&mut self) -> InDoubt {
        let taken = self.in_doubt.take();
        InDoubt { messages: taken.queue.messages.into(), forgotten: taken.forgotten }
    }

    /// Lets what is in doubt wait again, whether or not there is room, each in the place that its
    /// number gives it. What was forgotten stays in doubt. Says how many these are.
    pub(crate) fn resend_in_doubt(&mut self) -> usize {
        let again = mem::take(&mut self.in_doubt.queue);
        let count = again.messages.len();
        self.waiting.bytes += again.bytes;
        self.waiting.messages.extend(again.messages);
        self.waiting.messages.make_contiguous().sort_by_key(|outgoing| outgoing.id);
        count
    }
}

impl Queue {
    fn push_back(&mut self, outgoing: Outgoing) {
        self.bytes += outgoing.message.len();
        self.messages.push_back(outgoing);
    }

    fn push_front(&mut self, outgoing: Outgoing) {
        self.bytes += outgoing.message.len();
        self.messages.push_front(outgoing);
    }

    fn pop_front(&mut self) -> Option<Outgoing> {
        let first = self.messages.pop_front()?;
        self.bytes -= first.message.len();
        Some(first)
    }

    fn retain_after(&mut self, up_to: MessageId) {
        self.messages.retain(|outgoing| {
            let stays = outgoing.id > up_to;
            self.bytes -= if stays { 0 } else { outgoing.message.len() };
            stays
        });
    }

    /// Whether it would be full, were the first not there.
    fn is_full_without_first(&self, bound: Bound) -> bool {
        self.messages.front().is_some_and(|first| {
            self.messages.len() > bound.messages || self.bytes - first.message.len() >= bound.bytes
        })
    }
}

impl Record {
    fn new(bound: Bound) -> Self {
        let highest_forgotten = MessageId(0);
        Self { bound, queue: Queue::default(), forgotten: 0, highest_forgotten }
    }

    fn take(&mut self) -> Self {
        let empty = Self::new(self.bound);
        mem::replace(self, empty)
    }

    fn len(&self) -> u64 {
        self.queue.messages.len() as u64 + self.forgotten
    }

    fn push(&mut self, outgoing: Outgoing) {
        self.queue.push_back(outgoing);
        while self.queue.is_full_without_first(self.bound)
            && let Some(first) = self.queue.pop_front()
        {
            self.forgotten += 1;
            self.highest_forgotten = self.highest_forgotten.max(first.id);
        }
    }

    fn append(&mut self, newer: Self) {
        self.forgotten += newer.forgotten;
        self.highest_forgotten = self.highest_forgotten.max(newer.highest_forgotten);
        for outgoing in newer.queue.messages {
            self.push(outgoing);
        }
    }

    /// Whether it was there.
    fn take_back(&mut self, id: MessageId) -> bool {
        if self.queue.messages.back().is_some_and(|last| last.id == id) {
            if let Some(last) = self.queue.messages.pop_back() {
                self.queue.bytes -= last.message.len();
            }
            return true;
        }
        // The bound is zero, so that the record has kept nothing of it.
        let was_forgotten = self.forgotten > 0 && self.highest_forgotten == id;
        self.forgotten -= u64::from(was_forgotten);
        was_forgotten
    }

    fn confirm(&mut self, up_to: MessageId) {
        self.queue.retain_after(up_to);
        // Which of them a lower number is about is not known any more: they stay in doubt.
        if up_to >= self.highest_forgotten {
            self.forgotten = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const ROOMY: Bound = Bound { messages: 100, bytes: 1000 };

    fn ledger(in_doubt: Bound) -> Ledger {
        Ledger::new(ROOMY, in_doubt)
    }

    /// With these messages waiting, each of as many bytes as its number says.
    fn with(count: usize, in_doubt: Bound) -> Ledger {
        let mut ledger = ledger(in_doubt);
        for bytes in 1..=count {
            assert_eq!(ledger.accept(vec![7; bytes].into()), MessageId(bytes as u64));
        }
        ledger
    }

    fn ids(messages: &[Outgoing]) -> Vec<u64> {
        messages.iter().map(|outgoing| outgoing.id.0).collect()
    }

    fn doubt(ledger: &Ledger) -> (Vec<u64>, u64) {
        let in_doubt = ledger.in_doubt();
        (ids(&in_doubt.messages), in_doubt.forgotten)
    }

    fn hand_over(ledger: &mut Ledger, count: usize) {
        for _ in 0..count {
            assert!(ledger.hand_over().is_some());
        }
    }

    #[test]
    fn untaken_message_waits_in_place() {
        for in_doubt in [ROOMY, Bound { messages: 0, bytes: 0 }] {
            let mut ledger = with(3, in_doubt);
            hand_over(&mut ledger, 1);
            let Some(second) = ledger.hand_over() else { unreachable!() };
            ledger.take_back(second);
            assert_eq!(ids(&ledger.waiting()), [2, 3]);
            assert_eq!(ledger.counts().waiting_bytes, 5);
            ledger.lost();
            assert_eq!(ledger.counts().in_doubt, 1);
        }
    }

    #[test]
    fn lost_meanwhile_is_in_doubt_once() {
        let mut ledger = with(1, ROOMY);
        let Some(first) = ledger.hand_over() else { unreachable!() };
        ledger.lost();
        ledger.take_back(first);
        assert_eq!((ids(&ledger.waiting()), doubt(&ledger)), (vec![], (vec![1], 0)));
    }

    #[test]
    fn forgotten_are_confirmed_together() {
        let mut ledger = with(5, Bound { messages: 2, bytes: 1000 });
        hand_over(&mut ledger, 5);
        ledger.lost();
        ledger.confirm(MessageId(2));
        assert_eq!(doubt(&ledger), (vec![4, 5], 3));
        ledger.confirm(MessageId(3));
        assert_eq!(doubt(&ledger), (vec![4, 5], 0));
    }

    /// Many random lives: each message is in one place at any time, and the counts are right.
    #[test]
    fn every_message_is_accounted_for() {
        for seed in 1..=2000_u64 {
            let mut state = seed;
            let mut dice = |sides: u64| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state % sides
            };
            let keeps = usize::try_from(dice(5)).unwrap_or_default();
            let bound = Bound { messages: keeps, bytes: 1000 };
            let mut ledger = ledger(bound);
            let mut accepted = 0;
            let mut gone = BTreeSet::new();
            let mut taken_forgotten = 0;
            for _ in 0..60 {
                match dice(9) {
                    0..=2 => {
                        accepted += 1;
                        assert_eq!(ledger.accept(vec![7; 3].into()), MessageId(accepted));
                    }
                    3 | 4 => {
                        if let Some(next) = ledger.hand_over()
                            && dice(4) == 0
                        {
                            ledger.take_back(next);
                        }
                    }
                    5 => ledger.lost(),
                    6 => {
                        let id = MessageId(1 + dice(accepted + 1));
                        gone.extend(ledger.withdraw(id).map(|_| id.0));
                    }
                    7 => {
                        let taken = ledger.take_in_doubt();
                        gone.extend(ids(&taken.messages));
                        taken_forgotten += taken.forgotten;
                    }
                    _ => {
                        ledger.resend_in_doubt();
                    }
                }
                let Ledger { waiting, handed, in_doubt, .. } = &ledger;
                for record in [handed, in_doubt] {
                    assert!(record.queue.messages.len() <= keeps);
                }
                let queues = [waiting, &handed.queue, &in_doubt.queue];
                for queue in queues {
                    let bytes: usize = queue.messages.iter().map(|o| o.message.len()).sum();
                    assert_eq!(queue.bytes, bytes);
                }
                assert!(waiting.messages.iter().is_sorted_by_key(|outgoing| outgoing.id));
                let known = queues.into_iter().flat_map(|queue| &queue.messages);
                let known: Vec<u64> = known.map(|outgoing| outgoing.id.0).collect();
                let places: BTreeSet<u64> = known.iter().chain(&gone).copied().collect();
                assert_eq!(places.len(), known.len() + gone.len(), "seed {seed}: in two places");
                let counted = handed.forgotten + in_doubt.forgotten + taken_forgotten;
                assert_eq!(places.len() as u64 + counted, accepted, "seed {seed}");
            }
        }
    }
}
