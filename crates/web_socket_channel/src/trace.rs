//! What connections tell to `tracing`, where its feature is on: host, states, codes, errors. No
//! payload, reason, header or query is in it.

use std::future::Future;

#[cfg(feature = "tracing")]
use crate::signal::Failure;
use crate::signal::{Opened, Signal};

/// The task of a connection to this host, whose events stand in a span that names it.
#[cfg(feature = "tracing")]
pub(crate) fn connecting<F: Future>(host: String, task: F) -> impl Future<Output = F::Output> {
    let span = tracing::debug_span!("web_socket", host);
    span.in_scope(|| tracing::debug!("connecting"));
    tracing::Instrument::instrument(task, span)
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn connecting<F: Future>(_: String, task: F) -> F {
    task
}

/// A connection is open.
pub(crate) fn open(opened: &Opened) {
    #[cfg(feature = "tracing")]
    tracing::debug!(protocol = opened.protocol.as_deref(), "open");
    #[cfg(not(feature = "tracing"))]
    let _ = opened;
}

/// How a connection has ended.
pub(crate) fn end(signal: &Signal) {
    #[cfg(feature = "tracing")]
    match signal {
        Signal::Close(frame) => tracing::debug!(code = frame.code, "closed by the peer"),
        Signal::Fail(Failure { code, error, cause }) => {
            let error = error.as_ref().map(|error| format!("{error:#}"));
            let cause = cause.as_ref().map(ToString::to_string);
            tracing::debug!(code, error, cause, "failed");
        }
        Signal::Open(_) | Signal::Message(_) => {}
    }
    #[cfg(not(feature = "tracing"))]
    let _ = signal;
}
