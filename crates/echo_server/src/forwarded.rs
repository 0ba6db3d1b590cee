//! Who a client is, where proxies stand between.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;
use web_socket_channel::handshake::http::HeaderMap;

/// The address that a request comes from: the peer's, or where the peer is a proxy that is trusted,
/// the last one in `X-Forwarded-For` that isn't.
///
/// Each proxy writes at the end whom it speaks to, so what stands in front of the first address that
/// is not trusted was written by whoever that is, and means nothing.
pub(crate) fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let mut client = peer.to_canonical();
    let hops = headers
        .get_all("x-forwarded-for")
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .map(|hop| address(std::str::from_utf8(hop).ok()?.trim()));
    let hops: Vec<_> = hops.collect();
    for hop in hops.into_iter().rev() {
        if !is_trusted(&client) {
            break;
        }
        // Where a trusted proxy writes what is no address, it itself is the last that is known.
        let Some(hop) = hop else { break };
        client = hop.to_canonical();
    }
    client
}

/// An address as proxies write it: alone, or with the port that the client has connected from.
fn address(hop: &str) -> Option<IpAddr> {
    let without_brackets = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']'));
    without_brackets
        .unwrap_or(hop)
        .parse()
        .or_else(|_| hop.parse::<SocketAddr>().map(|address| address.ip()))
        .ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]
mod tests {
    use super::*;

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
        for (peer, forwarded, expected) in [
            ("192.0.2.7", &["203.0.113.9"][..], "192.0.2.7"),
            ("10.3.6.78", &["203.0.113.9"], "203.0.113.9"),
            ("::ffff:10.3.6.78", &["203.0.113.9"], "203.0.113.9"),
            ("::1", &["2001:db8::7"], "2001:db8::7"),
            // What the client itself wrote stands in front.
            ("10.3.6.78", &["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
            ("10.3.6.78", &["198.51.100.1", "203.0.113.9,10.0.0.2"], "203.0.113.9"),
            ("10.3.6.78", &["203.0.113.9, custom"], "10.3.6.78"),
            // With a port, as Azure's proxies write it.
            ("10.3.6.78", &["203.0.113.9:4711"], "203.0.113.9"),
            ("10.3.6.78", &["[2001:db8::1]:4711"], "2001:db8::1"),
            ("10.3.6.78", &["[2001:db8::1]"], "2001:db8::1"),
            ("10.3.6.78", &["203.0.113.9:65536"], "10.3.6.78"),
            ("10.3.6.78", &[], "10.3.6.78"),
            // All of them are ours.
            ("10.3.6.78", &["10.0.0.1, 10.0.0.2"], "10.0.0.1"),
        ] {
            let mut headers = HeaderMap::new();
            for value in forwarded {
                headers.append("x-forwarded-for", value.parse().unwrap());
            }
            let found = client(peer.parse().unwrap(), &headers, &trusted);
            assert_eq!(found.to_string(), expected, "{peer} {forwarded:?}");
        }
    }
}
