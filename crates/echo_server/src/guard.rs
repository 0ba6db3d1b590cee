//! Watches over an open WebSocket: pings a client that is quiet, and notices one that is gone, one
//! that doesn't read and one that sends too fast.
//!
//! It is a stream and a sink around another, so that whoever talks through it has nothing to do with
//! time. The clock is only asked while there is nothing else to do.

use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::{Sink, Stream};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, Sleep, sleep};
use tokio_tungstenite::tungstenite::protocol::Message;
use tracing::info;

use crate::Config;
use crate::meter::{Meter, Metered};
use crate::metrics::Metrics;
use crate::rate::Rate;
use crate::session::Fault;
use crate::socket::WebSocket;

/// An open WebSocket with its watch.
pub(crate) struct Guard<S> {
    socket: WebSocket<Metered<S>>,
    tally: Tally,
    vigil: Vigil,
    /// When the vigil looks again.
    look: Pin<Box<Sleep>>,
    /// A ping lies in the socket that may not have been written yet.
    is_ping_unsent: bool,
    stall_timeout: Duration,
    /// There only while something waits to be written: when the client counts as stalled, and how
    /// much had been written when that was last put off.
    stall: Option<(Pin<Box<Sleep>>, u64)>,
    rate: Option<(Rate, Instant)>,
    log_payloads: bool,
}

/// How much of a message is logged where that was asked for.
const MAX_LOGGED_BYTES: usize = 256;

fn log(direction: &str, message: &Message) {
    let (kind, payload) = match message {
        Message::Text(text) => ("text", text.as_bytes()),
        Message::Binary(bytes) => ("binary", &bytes[..]),
        _ => return,
    };
    let shown = payload[..payload.len().min(MAX_LOGGED_BYTES)].escape_ascii();
    info!(direction, kind, bytes = payload.len(), %shown, "message");
}

/// What one connection has counted. It is added to the metrics whenever there is nothing else to do,
/// and at the end.
struct Tally {
    meter: Arc<Meter>,
    metrics: Arc<Metrics>,
    messages_received: u64,
    messages_sent: u64,
    /// Up to where the counts of messages are in the metrics.
    published_received: u64,
    published_sent: u64,
    /// Up to where the meter's counts are in the metrics.
    bytes_read: u64,
    bytes_written: u64,
}

impl<S> Guard<S> {
    pub(crate) fn new(
        socket: WebSocket<Metered<S>>,
        meter: Arc<Meter>,
        config: &Config,
        metrics: Arc<Metrics>,
    ) -> Self {
        Self {
            socket,
            vigil: Vigil::new(config.ping_interval, config.pong_timeout, meter.read()),
            tally: Tally {
                meter,
                metrics,
                messages_received: 0,
                messages_sent: 0,
                published_received: 0,
                published_sent: 0,
                bytes_read: 0,
                bytes_written: 0,
            },
            look: Box::pin(sleep(config.ping_interval)),
            is_ping_unsent: false,
            stall_timeout: config.stall_timeout,
            stall: None,
            log_payloads: config.log_payloads,
            rate: config.max_messages_per_sec.map(|most| (Rate::new(most), Instant::now())),
        }
    }
}

impl Tally {
    fn publish(&mut self) {
        let metrics = &self.metrics;
        for (seen, now, metric) in [
            (&mut self.published_received, self.messages_received, &metrics.messages_received),
            (&mut self.published_sent, self.messages_sent, &metrics.messages_sent),
            (&mut self.bytes_read, self.meter.read(), &metrics.bytes_received),
            (&mut self.bytes_written, self.meter.written(), &metrics.bytes_sent),
        ] {
            if now > *seen {
                metric.add(now - mem::replace(seen, now));
            }
        }
    }
}

impl Drop for Tally {
    fn drop(&mut self) {
        self.publish();
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Guard<S> {
    pub(crate) fn meter(&self) -> &Arc<Meter> {
        &self.tally.meter
    }

    /// How many messages were received and sent.
    pub(crate) fn messages(&self) -> (u64, u64) {
        (self.tally.messages_received, self.tally.messages_sent)
    }

    /// The stream below, with what wasn't read from it lost.
    pub(crate) fn into_stream(self) -> Metered<S> {
        self.socket.into_stream()
    }

    /// Looks after a client from which nothing has come for now.
    fn poll_vigil(&mut self, context: &mut Context<'_>) -> Poll<Fault> {
        loop {
            if self.is_ping_unsent {
                match Pin::new(&mut self.socket).poll_flush(context) {
                    Poll::Ready(Ok(())) => self.is_ping_unsent = false,
                    Poll::Ready(Err(error)) => return Poll::Ready(error.into()),
                    Poll::Pending => {}
                }
            }
            if self.vigil.hears(self.tally.meter.read()) {
                self.look.as_mut().reset(Instant::now() + self.vigil.ping_interval);
            }
            ready!(self.look.as_mut().poll(context));
            match self.vigil.look(self.tally.meter.read()) {
                Look::Again(after) => self.look.as_mut().reset(Instant::now() + after),
                Look::Ping(after) => {
                    let ping = Message::Ping(Default::default());
                    if let Err(error) = Pin::new(&mut self.socket).start_send(ping) {
                        return Poll::Ready(error.into());
                    }
                    self.is_ping_unsent = true;
                    self.look.as_mut().reset(Instant::now() + after);
                }
                Look::Gone => return Poll::Ready(Fault::Silent),
            }
        }
    }

    /// Looks after a client that takes nothing for now.
    fn poll_stall(&mut self, context: &mut Context<'_>) -> Poll<Fault> {
        let written = self.tally.meter.written();
        let (timer, seen) =
            self.stall.get_or_insert_with(|| (Box::pin(sleep(self.stall_timeout)), written));
        loop {
            ready!(timer.as_mut().poll(context));
            if *seen == written {
                return Poll::Ready(Fault::Stalled);
            }
            *seen = written;
            timer.as_mut().reset(Instant::now() + self.stall_timeout);
        }
    }

    fn poll_write(
        &mut self,
        context: &mut Context<'_>,
        poll: impl FnOnce(
            Pin<&mut WebSocket<Metered<S>>>,
            &mut Context<'_>,
        ) -> Poll<Result<(), tokio_tungstenite::tungstenite::Error>>,
    ) -> Poll<Result<(), Fault>> {
        match poll(Pin::new(&mut self.socket), context) {
            Poll::Ready(result) => {
                self.stall = None;
                Poll::Ready(result.map_err(Fault::from))
            }
            Poll::Pending => self.poll_stall(context).map(Err),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Stream for Guard<S> {
    type Item = Result<Message, Fault>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match Pin::new(&mut self.socket).poll_next(context) {
            Poll::Ready(Some(Ok(message))) => {
                if message.is_text() || message.is_binary() {
                    self.tally.messages_received += 1;
                    if self.log_payloads {
                        log("received", &message);
                    }
                    if let Some((rate, start)) = &mut self.rate
                        && !rate.take(start.elapsed())
                    {
                        return Poll::Ready(Some(Err(Fault::TooFast)));
                    }
                }
                Poll::Ready(Some(Ok(message)))
            }
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(error.into()))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => {
                self.tally.publish();
                self.poll_vigil(context).map(|fault| Some(Err(fault)))
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Sink<Message> for Guard<S> {
    type Error = Fault;

    fn poll_ready(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), Self::Error>> {
        self.poll_write(context, |socket, context| socket.poll_ready(context))
    }

    fn start_send(mut self: Pin<&mut Self>, message: Message) -> Result<(), Self::Error> {
        if self.log_payloads {
            log("sent", &message);
        }
        // A message in fragments counts as one.
        let is_message = match &message {
            Message::Text(_) | Message::Binary(_) => true,
            Message::Frame(frame) => frame.header().is_final,
            _ => false,
        };
        self.tally.messages_sent += u64::from(is_message);
        Pin::new(&mut self.socket).start_send(message).map_err(Fault::from)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), Self::Error>> {
        self.poll_write(context, |socket, context| socket.poll_flush(context))
    }

    fn poll_close(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), Self::Error>> {
        self.poll_write(context, |socket, context| socket.poll_close(context))
    }
}

/// Whether a client is still there: pure, it is told how much has come so far.
struct Vigil {
    ping_interval: Duration,
    pong_timeout: Duration,
    /// How much had come when it last looked.
    seen: u64,
    is_ping_out: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum Look {
    Again(Duration),
    /// A ping is to be sent, and then to be looked again after this time.
    Ping(Duration),
    Gone,
}

impl Vigil {
    fn new(ping_interval: Duration, pong_timeout: Duration, read: u64) -> Self {
        Self { ping_interval, pong_timeout, seen: read, is_ping_out: false }
    }

    /// Whether what was waited for since the last ping has come.
    fn hears(&mut self, read: u64) -> bool {
        let hears = self.is_ping_out && read != self.seen;
        if hears {
            self.is_ping_out = false;
            self.seen = read;
        }
        hears
    }

    fn look(&mut self, read: u64) -> Look {
        // Whatever comes is a sign of life, and not the pong alone.
        if read != mem::replace(&mut self.seen, read) {
            self.is_ping_out = false;
            Look::Again(self.ping_interval)
        } else if mem::replace(&mut self.is_ping_out, true) {
            Look::Gone
        } else {
            Look::Ping(self.pong_timeout)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_says_nothing_after_a_ping_is_gone() {
        let (interval, timeout) = (Duration::from_millis(36), Duration::from_millis(78));
        let mut vigil = Vigil::new(interval, timeout, 5);
        assert_eq!(vigil.look(6), Look::Again(interval));
        assert_eq!(vigil.look(6), Look::Ping(timeout));
        assert!(!vigil.hears(6));
        assert!(vigil.hears(8) && !vigil.hears(9));
        assert_eq!(vigil.look(9), Look::Again(interval));
        assert_eq!(vigil.look(9), Look::Ping(timeout));
        assert_eq!(vigil.look(9), Look::Gone);
    }
}
