//! What the server counts, as Prometheus reads it.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Counts since the server has started. All are sums; what is open now is the difference of two.
#[derive(Default)]
pub(crate) struct Metrics {
    pub(crate) connections_opened: Count,
    pub(crate) connections_ended: Count,
    pub(crate) websockets_opened: Count,
    pub(crate) websockets_ended: Count,
    pub(crate) requests: Count,
    pub(crate) messages_received: Count,
    pub(crate) messages_sent: Count,
    pub(crate) bytes_received: Count,
    pub(crate) bytes_sent: Count,
    pub(crate) refused_full: Count,
    pub(crate) refused_address: Count,
    pub(crate) refused_handshake_timeout: Count,
    pub(crate) refused_tls: Count,
    pub(crate) refused_origin: Count,
    pub(crate) refused_request: Count,
    pub(crate) ended_protocol: Count,
    pub(crate) ended_too_big: Count,
    pub(crate) ended_too_fast: Count,
    pub(crate) ended_silent: Count,
    pub(crate) ended_stalled: Count,
}

/// A sum that many connections add to.
#[derive(Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) fn add(&self, number: u64) {
        self.0.fetch_add(number, Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// The type of the text (version 0.0.4 of the format, which every reader knows).
pub(crate) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

impl Metrics {
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::new();
        // The later of two counts is read first, so that a difference is never negative.
        let open = |ended: &Count, opened: &Count| {
            let ended = ended.get();
            opened.get().saturating_sub(ended)
        };
        let connections = open(&self.connections_ended, &self.connections_opened);
        let websockets = open(&self.websockets_ended, &self.websockets_opened);
        for (name, kind, about, values) in [
            ("connections", "gauge", "Connections that are open.", &[("", connections)][..]),
            ("websockets", "gauge", "WebSockets that are open.", &[("", websockets)]),
            (
                "connections_total",
                "counter",
                "Connections that were accepted.",
                &[("", self.connections_opened.get())],
            ),
            (
                "websockets_total",
                "counter",
                "WebSockets that were opened.",
                &[("", self.websockets_opened.get())],
            ),
            (
                "requests_total",
                "counter",
                "HTTP requests, those that open a WebSocket included.",
                &[("", self.requests.get())],
            ),
            (
                "messages_total",
                "counter",
                "Messages by direction.",
                &[
                    ("{direction=\"received\"}", self.messages_received.get()),
                    ("{direction=\"sent\"}", self.messages_sent.get()),
                ],
            ),
            (
                "bytes_total",
                "counter",
                "Bytes by direction, without those of TLS and TCP.",
                &[
                    ("{direction=\"received\"}", self.bytes_received.get()),
                    ("{direction=\"sent\"}", self.bytes_sent.get()),
                ],
            ),
            (
                "refused_total",
                "counter",
                "Connections and requests that were refused, by reason.",
                &[
                    ("{reason=\"full\"}", self.refused_full.get()),
                    ("{reason=\"address\"}", self.refused_address.get()),
                    ("{reason=\"handshake_timeout\"}", self.refused_handshake_timeout.get()),
                    ("{reason=\"tls\"}", self.refused_tls.get()),
                    ("{reason=\"origin\"}", self.refused_origin.get()),
                    ("{reason=\"request\"}", self.refused_request.get()),
                ],
            ),
            (
                "ended_total",
                "counter",
                "WebSockets that the server ended for a fault of the client, by reason.",
                &[
                    ("{reason=\"protocol\"}", self.ended_protocol.get()),
                    ("{reason=\"too_big\"}", self.ended_too_big.get()),
                    ("{reason=\"too_fast\"}", self.ended_too_fast.get()),
                    ("{reason=\"silent\"}", self.ended_silent.get()),
                    ("{reason=\"stalled\"}", self.ended_stalled.get()),
                ],
            ),
        ] {
            // Writing into a string can't fail.
            let _ = writeln!(text, "# HELP echo_{name} {about}\n# TYPE echo_{name} {kind}");
            for (labels, value) in values {
                let _ = writeln!(text, "echo_{name}{labels} {value}");
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_has_each_count_under_its_name() {
        let metrics = Metrics::default();
        metrics.websockets_opened.add(36);
        metrics.websockets_ended.add(7);
        metrics.refused_origin.add(3678);
        let text = metrics.to_text();
        for line in [
            "# TYPE echo_websockets gauge\necho_websockets 29\n",
            "# TYPE echo_websockets_total counter\necho_websockets_total 36\n",
            "echo_refused_total{reason=\"origin\"} 3678\n",
            "echo_messages_total{direction=\"sent\"} 0\n",
        ] {
            assert!(text.contains(line), "{text}");
        }
    }
}
