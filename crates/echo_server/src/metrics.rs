//! What the server counts, as Prometheus reads it.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::endpoints::NAMES;

/// Counts since the server has started. All are sums; what is open now is the difference of two.
#[derive(Default)]
pub(crate) struct Metrics {
    start: Start,
    connections: Opened,
    /// One for each endpoint, in the order of [`NAMES`].
    websockets: [Opened; NAMES.len()],
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
    pub(crate) refused_unreadable_file: Count,
    pub(crate) ended_protocol: Count,
    pub(crate) ended_too_big: Count,
    pub(crate) ended_no_memory: Count,
    pub(crate) ended_too_slow: Count,
    pub(crate) ended_too_fast: Count,
    pub(crate) ended_silent: Count,
    pub(crate) ended_stalled: Count,
    pub(crate) ended_too_old: Count,
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

/// How many of something were opened, and how many of these have ended.
#[derive(Default)]
struct Opened {
    opened: Count,
    ended: Count,
}

impl Opened {
    fn open(&self) -> u64 {
        // The later of the two is read first, so that the difference is never negative.
        let ended = self.ended.get();
        self.opened.get().saturating_sub(ended)
    }
}

/// A connection or a WebSocket, which is counted as open until this is dropped: also where its task
/// panics.
pub(crate) struct Open {
    metrics: Arc<Metrics>,
    /// Where a WebSocket is open, in the order of [`NAMES`]; a byte, as every connection has it.
    endpoint: Option<u8>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.metrics.opened(self.endpoint).ended.add(1);
    }
}

/// When the server was started.
struct Start(SystemTime);

impl Default for Start {
    fn default() -> Self {
        Self(SystemTime::now())
    }
}

/// The type of the text (version 0.0.4 of the format, which every reader knows).
pub(crate) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

impl Metrics {
    fn opened(&self, endpoint: Option<u8>) -> &Opened {
        endpoint.map_or(&self.connections, |at| &self.websockets[usize::from(at)])
    }

    /// Counts a connection, for as long as what it returns lives.
    pub(crate) fn open_connection(self: &Arc<Self>) -> Open {
        self.open(None)
    }

    /// Counts a WebSocket at an endpoint of this name, for as long as what it returns lives.
    pub(crate) fn open_web_socket(self: &Arc<Self>, endpoint: &str) -> Open {
        // Each name is one of them; the first is the echo.
        let at = (0..).zip(NAMES).find_map(|(at, name)| (name == endpoint).then_some(at));
        self.open(Some(at.unwrap_or(0)))
    }

    fn open(self: &Arc<Self>, endpoint: Option<u8>) -> Open {
        self.opened(endpoint).opened.add(1);
        Open { metrics: Arc::clone(self), endpoint }
    }

    pub(crate) fn to_text(&self) -> String {
        let by_endpoint = |value: fn(&Opened) -> u64| -> Vec<(String, u64)> {
            let each = NAMES.iter().zip(&self.websockets);
            each.map(|(name, opened)| (format!("{{endpoint=\"{name}\"}}"), value(opened))).collect()
        };
        let labelled = |label: &str, values: &[(&str, &Count)]| -> Vec<(String, u64)> {
            let each = values.iter();
            each.map(|(name, count)| (format!("{{{label}=\"{name}\"}}"), count.get())).collect()
        };
        let alone = |value: u64| vec![(String::new(), value)];
        let started = self.start.0.duration_since(UNIX_EPOCH).unwrap_or_default();

        let mut text = String::new();
        for (name, kind, about, values) in [
            (
                "build_info",
                "gauge",
                "The version of the server, as a label of a one.",
                vec![(format!("{{version=\"{}\"}}", env!("CARGO_PKG_VERSION")), 1)],
            ),
            (
                "start_time_seconds",
                "gauge",
                "When the server has started, in seconds since 1970.",
                alone(started.as_secs()),
            ),
            ("connections", "gauge", "Connections that are open.", alone(self.connections.open())),
            (
                "connections_total",
                "counter",
                "Connections that were accepted.",
                alone(self.connections.opened.get()),
            ),
            ("websockets", "gauge", "WebSockets that are open.", by_endpoint(Opened::open)),
            (
                "websockets_total",
                "counter",
                "WebSockets that were opened.",
                by_endpoint(|opened| opened.opened.get()),
            ),
            (
                "requests_total",
                "counter",
                "HTTP requests, those that open a WebSocket and those that are refused included.",
                alone(self.requests.get()),
            ),
            (
                "messages_total",
                "counter",
                "Messages by direction.",
                labelled(
                    "direction",
                    &[("received", &self.messages_received), ("sent", &self.messages_sent)],
                ),
            ),
            (
                "bytes_total",
                "counter",
                "Bytes by direction, without those of TLS and TCP.",
                labelled(
                    "direction",
                    &[("received", &self.bytes_received), ("sent", &self.bytes_sent)],
                ),
            ),
            (
                "refused_total",
                "counter",
                "Connections and requests that were refused, each by one reason.",
                labelled(
                    "reason",
                    &[
                        ("full", &self.refused_full),
                        ("address", &self.refused_address),
                        ("handshake_timeout", &self.refused_handshake_timeout),
                        ("tls", &self.refused_tls),
                        ("origin", &self.refused_origin),
                        ("request", &self.refused_request),
                        ("unreadable_file", &self.refused_unreadable_file),
                    ],
                ),
            ),
            (
                "ended_total",
                "counter",
                "WebSockets that the server ended, but for a shutdown and where they asked for it, \
                 by reason.",
                labelled(
                    "reason",
                    &[
                        ("protocol", &self.ended_protocol),
                        ("too_big", &self.ended_too_big),
                        ("no_memory", &self.ended_no_memory),
                        ("too_slow", &self.ended_too_slow),
                        ("too_fast", &self.ended_too_fast),
                        ("silent", &self.ended_silent),
                        ("stalled", &self.ended_stalled),
                        ("too_old", &self.ended_too_old),
                    ],
                ),
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
        let metrics = Arc::<Metrics>::default();
        let open: Vec<_> = (0..36).map(|_| metrics.open_web_socket("/ticker")).collect();
        drop(open.into_iter().skip(29).collect::<Vec<_>>());
        metrics.refused_origin.add(3678);
        let text = metrics.to_text();
        for line in [
            "# TYPE echo_websockets gauge\necho_websockets{endpoint=\"/echo\"} 0\n",
            "echo_websockets_total{endpoint=\"/ticker\"} 36\n",
            "echo_refused_total{reason=\"origin\"} 3678\n",
            "echo_messages_total{direction=\"sent\"} 0\n",
        ] {
            assert!(text.contains(line), "{text}");
        }
    }

    #[tokio::test]
    async fn what_panics_is_not_counted_as_open() {
        let metrics = Arc::<Metrics>::default();
        let open = (metrics.open_connection(), metrics.open_web_socket("/echo"));
        let task = tokio::spawn(async move {
            let _open = open;
            #[allow(clippy::panic, reason = "it is what is tried")]
            {
                panic!("custom")
            }
        });
        assert!(task.await.is_err_and(|error| error.is_panic()));
        let text = metrics.to_text();
        for line in ["echo_connections 0\n", "echo_websockets{endpoint=\"/echo\"} 0\n"] {
            assert!(text.contains(line), "{text}");
        }
    }
}
