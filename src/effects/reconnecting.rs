//! A connection that is made again when it is lost: the same stream and the same sink go on.

use std::pin::Pin;
use std::task::Poll;

use app_core::ConnectionEvent;
use app_core::connection::{Negotiated, Outbox};
use app_core::settings::{ReconnectPlan, Transport};
use egui_stream_builder::RepaintWaker;
use futures::Stream;
use web_socket_channel::reconnect::{
    Attempt, Cause, CountsChanges, Instant, MessageId, Policy, ReconnectHandle,
    ReconnectingChannel, ReconnectingSink, State, States, StopCause,
};
use web_socket_channel::{
    CloseEvent, Error, InvalidArgument, Message, Options, check_request, status,
};

use super::connection::{Messages, PendingClose, connect_by_ewebsock, header_lines};
use super::outbox::items;

/// How many changes are taken in at most in one frame.
const MAX_CHANGES: usize = 64;

/// Everything that belongs to one channel, but its stream.
pub(super) struct Reconnecting {
    sink: ReconnectingSink,
    states: Watched<States>,
    counts: Watched<CountsChanges>,
    /// The counts have changed since the outbox was last told.
    has_new_counts: bool,
    /// Why it has stopped, until that is told.
    stopped: Option<StopCause>,
}

/// A stream that is polled from the frame loop when it asks to be.
struct Watched<S> {
    stream: S,
    waker: RepaintWaker,
}

impl Reconnecting {
    /// Begins to connect; `messages` builds from its stream from now on.
    pub(super) fn begin(
        url: String,
        transport: Transport,
        options: Options,
        plan: &ReconnectPlan,
        ctx: &egui::Context,
        messages: &mut Messages,
        key: u64,
    ) -> Result<Self, InvalidArgument> {
        let policy = policy(plan, &options);
        let channel = if transport == Transport::Ewebsock {
            check_request(&url, &options)?;
            let connector = move |_: Attempt| {
                let channel = connect_by_ewebsock(&url, options.clone());
                std::future::ready(channel.map_err(Error::from))
            };
            ReconnectingChannel::with_connector(connector, policy)?
        } else {
            ReconnectingChannel::connect_with(url, options, policy)?
        };
        let states = Watched::new(channel.states(), ctx);
        let counts = Watched::new(channel.counts_changes(), ctx);
        let (sink, stream) = channel.split();
        messages.set_stream(key, || stream);
        Ok(Self { sink, states, counts, has_new_counts: false, stopped: None })
    }

    /// Sends a message. Gives its number, by which it waits where there is no connection.
    pub(super) fn send(&mut self, message: Message) -> Result<Option<u64>, Error> {
        self.has_new_counts = true;
        let sent = self.sink.try_send(message);
        sent.map(|id| Some(id.0)).map_err(|unsent| unsent.error)
    }

    /// Closes, because the page or this connection goes.
    pub(super) fn close(self) -> PendingClose {
        let ended = self.sink.close_with(status::NORMAL_CLOSURE, "");
        Box::pin(async move {
            if let Ok(ended) = ended {
                ended.await;
            }
            drop(self.sink);
        })
    }

    /// Closes with a code and a reason that may be sent, and stays to see the end.
    pub(super) fn begin_close(&self, code: Option<u16>, reason: &str) {
        // Refused where it has stopped already, and then there is nothing to be done.
        let _ = self.sink.close_with(code, reason);
    }

    /// By what a run of equal messages sends.
    pub(super) fn handle(&self) -> ReconnectHandle {
        ReconnectHandle::clone(&self.sink)
    }

    pub(super) fn retry_now(&self) {
        self.sink.retry_now();
    }

    pub(super) fn settle_in_doubt(&self, sends_again: bool) {
        if sends_again {
            self.sink.resend_in_doubt();
        } else {
            self.sink.take_in_doubt();
        }
    }

    /// The states that it has been in.
    pub(super) fn before_messages(&mut self, events: &mut Vec<ConnectionEvent>) {
        for state in self.states.new_items() {
            match state {
                State::Connecting { attempt, .. } => {
                    events.push(ConnectionEvent::Connecting { attempt });
                }
                State::Open => events.push(ConnectionEvent::Open(negotiated(&self.sink))),
                State::Waiting { until, attempt, cause } => events.push(ConnectionEvent::Lost {
                    attempt,
                    wait: until.saturating_duration_since(Instant::now()),
                    error: cause.error().cloned(),
                    // The state that told of the end may have passed between two frames.
                    ending: ending(&cause).or_else(|| self.sink.close_event()),
                }),
                State::Closing => events.push(ConnectionEvent::Closing),
                State::Stopped { cause } => self.stopped = Some(cause),
                // It may learn to do more before this page knows of it.
                _ => {}
            }
        }
        self.has_new_counts |= !self.counts.new_items().is_empty();
    }

    /// The end, once everything before it `is_read`.
    pub(super) fn after_messages(&mut self, is_read: bool, events: &mut Vec<ConnectionEvent>) {
        if !is_read {
            return;
        }
        if let Some(stopped) = self.stopped.take() {
            let cause = stopped.cause();
            if let Some(error) = cause.and_then(Cause::error) {
                events.push(ConnectionEvent::Failed(error.clone()));
            }
            let ending = cause.and_then(ending).or_else(|| self.sink.close_event());
            events.push(ConnectionEvent::Closed(ending));
        }
    }

    pub(super) fn withdraw(&mut self, id: u64) -> Option<Message> {
        self.has_new_counts = true;
        self.sink.withdraw(MessageId(id))
    }

    pub(super) fn take_waiting(&mut self) -> Vec<Message> {
        self.has_new_counts = true;
        self.sink.withdraw_all().into_iter().map(|outgoing| outgoing.message).collect()
    }

    /// What waits and what is in doubt; `None` where it has not changed.
    pub(super) fn outbox(&mut self, before: &Outbox) -> Option<Outbox> {
        if !std::mem::take(&mut self.has_new_counts) {
            return None;
        }
        let counts = self.sink.counts();
        let is_open = matches!(self.sink.state(), State::Open);
        let waiting_count = counts.waiting as u64;
        // While it is open what waits is on its way, and would only flicker.
        let waiting = if is_open || waiting_count == 0 {
            Vec::new()
        } else {
            let waiting = self.sink.waiting();
            items(waiting.iter().map(|outgoing| (outgoing.id.0, &outgoing.message)))
        };
        let in_doubt = if counts.in_doubt == before.in_doubt_count {
            before.in_doubt.clone()
        } else {
            let in_doubt = self.sink.in_doubt().messages;
            items(in_doubt.iter().map(|outgoing| (outgoing.id.0, &outgoing.message)))
        };
        let (waiting_count, waiting_bytes) =
            if is_open { (0, 0) } else { (waiting_count, counts.waiting_bytes as u64) };
        let in_doubt_count = counts.in_doubt;
        Some(Outbox { waiting, waiting_count, waiting_bytes, in_doubt, in_doubt_count })
    }
}

impl<S: Stream + Unpin> Watched<S> {
    fn new(stream: S, ctx: &egui::Context) -> Self {
        Self { stream, waker: RepaintWaker::new(ctx, ctx.viewport_id()) }
    }

    /// What it has to say since the last time.
    fn new_items(&mut self) -> Vec<S::Item> {
        let stream = &mut self.stream;
        let items = self.waker.if_woken(|cx| {
            let mut items = Vec::new();
            while let Poll::Ready(Some(item)) = Pin::new(&mut *stream).poll_next(cx) {
                items.push(item);
                if items.len() == MAX_CHANGES {
                    // The rest in the next frame.
                    cx.waker().wake_by_ref();
                    break;
                }
            }
            items
        });
        items.unwrap_or_default()
    }
}

fn policy(plan: &ReconnectPlan, options: &Options) -> Policy {
    let policy = Policy::new()
        .first_wait(plan.first_wait)
        .longest_wait(plan.longest_wait)
        .max_attempts(plan.max_attempts)
        .resends_in_doubt(plan.resends_in_doubt)
        .outbox(options.outbox);
    // What a person gives an attempt they mean.
    let attempt_timeout = policy.attempt_timeout.max(options.connect_timeout);
    let close_timeout = options.close_timeout;
    policy.attempt_timeout(attempt_timeout).close_timeout(close_timeout)
}

fn ending(cause: &Cause) -> Option<CloseEvent> {
    match cause {
        Cause::Closed(event) => Some(CloseEvent::clone(event)),
        _ => None,
    }
}

fn negotiated(handle: &ReconnectHandle) -> Negotiated {
    Negotiated {
        protocol: handle.protocol().map(|protocol| protocol.to_string()),
        extensions: handle.extensions().to_string(),
        headers: header_lines(&handle.response_headers()),
    }
}
