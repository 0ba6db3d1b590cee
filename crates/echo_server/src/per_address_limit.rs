//! A limit for the connections of each address.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// The connections of every address, up to a bound for each.
pub(crate) struct PerAddressLimit {
    most: usize,
    /// Only those that have any.
    connections: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl PerAddressLimit {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, connections: Arc::default() }
    }

    /// Takes a place for a connection from an address, `None` where it has as many as it may.
    pub(crate) fn enter(&self, address: IpAddr) -> Option<Place> {
        let address = network(address);
        let mut connections = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        let count = connections.get(&address).copied().unwrap_or(0);
        if count >= self.most {
            return None;
        }
        connections.insert(address, count + 1);
        Some(Place { address, connections: Arc::clone(&self.connections) })
    }
}

/// A connection's place, which is given back when it is dropped.
pub(crate) struct Place {
    address: IpAddr,
    connections: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut connections = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        match connections.get_mut(&self.address) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(connections.remove(&self.address)),
        }
    }
}

/// What counts as one address: with IPv6 a network of 64 bits, of which a person has all.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into()
        }
        address => address,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]
mod tests {
    use super::*;

    #[test]
    fn one_address_does_not_take_the_places_of_another() {
        let limit = PerAddressLimit::new(2);
        let enter = |address: &str| limit.enter(address.parse().unwrap());
        let (first, _second) = (enter("192.0.2.7").unwrap(), enter("::ffff:192.0.2.7").unwrap());
        assert!(enter("192.0.2.7").is_none());
        assert!(enter("192.0.2.8").is_some());
        drop(first);
        assert!(enter("192.0.2.7").is_some());
    }

    #[test]
    fn one_network_is_one_address_and_nobody_is_remembered() {
        let limit = PerAddressLimit::new(1);
        let place = limit.enter("2001:db8::1".parse().unwrap());
        assert!(limit.enter("2001:db8::ffff:2".parse().unwrap()).is_none());
        assert!(limit.enter("2001:db8:0:1::1".parse().unwrap()).is_some());
        drop(place);
        assert!(limit.connections.lock().unwrap().is_empty());
    }
}
