//! How much memory the messages of all connections may have together, and each address of it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::fault::Fault;
use crate::per_address_limit::network;

/// A bound for the bytes that the server holds of messages: of those that have begun to come, and of
/// those that wait to be sent.
///
/// It is shared fairly: an address may hold as much as is still free. One alone can have a half of it,
/// two a third each, and there is always something left for one more.
pub(crate) struct MemoryBudget {
    most: usize,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    all: usize,
    /// Only those that hold anything.
    by_address: HashMap<IpAddr, usize>,
}

impl MemoryBudget {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, held: Mutex::default() }
    }

    /// What one connection of an address holds: nothing, to begin with.
    pub(crate) fn share(self: &Arc<Self>, address: IpAddr) -> Share {
        Share { budget: Arc::clone(self), address: network(address), parts: [0; 3] }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a connection holds memory for.
#[derive(Clone, Copy)]
pub(crate) enum Part {
    /// A message that has begun to come.
    Incoming,
    /// What waits to be written.
    Outgoing,
    /// Messages that an endpoint keeps for later.
    Kept,
}

/// What one connection holds. It is given back when it is dropped.
pub(crate) struct Share {
    budget: Arc<MemoryBudget>,
    address: IpAddr,
    parts: [usize; 3],
}

impl Share {
    /// Sets how much the connection holds for something.
    ///
    /// # Errors
    /// It would be more than its address may have. Nothing has changed then.
    #[inline]
    pub(crate) fn hold(&mut self, part: Part, bytes: usize) -> Result<(), Fault> {
        if self.parts[part as usize] == bytes {
            return Ok(());
        }
        self.change(part, bytes)
    }

    fn change(&mut self, part: Part, bytes: usize) -> Result<(), Fault> {
        let mut parts = self.parts;
        parts[part as usize] = bytes;
        let sum = |parts: [usize; 3]| parts.into_iter().fold(0, usize::saturating_add);
        let (before, wanted) = (sum(self.parts), sum(parts));
        let mut held = self.budget.held();
        let of_address = held.by_address.get(&self.address).copied().unwrap_or(0);
        let all = (held.all - before).saturating_add(wanted);
        let of_address = (of_address - before).saturating_add(wanted);
        if wanted > before && of_address > self.budget.most.saturating_sub(all) {
            return Err(Fault::NoMemory);
        }
        held.all = all;
        if of_address == 0 {
            held.by_address.remove(&self.address);
        } else {
            held.by_address.insert(self.address, of_address);
        }
        drop(held);
        self.parts = parts;
        Ok(())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        // To hold less is always allowed.
        for part in [Part::Incoming, Part::Outgoing, Part::Kept] {
            let _ = self.hold(part, 0);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_as_much_as_is_left() {
        let budget = Arc::new(MemoryBudget::new(600));
        let share = |address: &str| budget.share(address.parse().unwrap());
        let mut one = share("192.0.2.7");
        assert!(one.hold(Part::Incoming, 301).is_err());
        one.hold(Part::Incoming, 300).unwrap();
        // Another connection of the same address gets nothing, and another address a half of the rest.
        assert!(share("192.0.2.7").hold(Part::Incoming, 1).is_err());
        let mut other = share("192.0.2.8");
        assert!(other.hold(Part::Outgoing, 151).is_err());
        other.hold(Part::Outgoing, 150).unwrap();
        // Who has more than would be its part by now may give back, and takes no more.
        one.hold(Part::Incoming, 299).unwrap();
        assert!(one.hold(Part::Incoming, 300).is_err());
        drop(one);
        other.hold(Part::Kept, 150).unwrap();
        assert!(other.hold(Part::Kept, 151).is_err());
    }

    #[test]
    fn nobody_is_remembered_who_holds_nothing() {
        let budget = Arc::new(MemoryBudget::new(600));
        let mut one = budget.share("2001:db8::1".parse().unwrap());
        let mut same = budget.share("2001:db8::2".parse().unwrap());
        one.hold(Part::Incoming, 100).unwrap();
        same.hold(Part::Incoming, 200).unwrap();
        assert!(same.hold(Part::Incoming, 201).is_err());
        drop((one, same));
        assert_eq!(budget.held().all, 0);
        assert!(budget.held().by_address.is_empty());
    }
}
