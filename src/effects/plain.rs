//! A connection that stays lost when it is lost: connect, listen, send, close.

use std::pin::Pin;
use std::task::Poll;

use app_core::connection::{Negotiated, Outbox};
use app_core::settings::Transport;
use app_core::{ConnectionEvent, Peer};
use egui_stream_builder::RepaintWaker;
use poll_promise::{Promise, Sender};
use web_socket_channel::{
    Connection, Error, InvalidArgument, LimitExceeded, Message, Options, Ready, ReadyState,
    WebSocketChannel, WebSocketSink, status,
};

use super::connection::{Messages, PendingClose, connect_by_ewebsock, header_lines};
use super::in_page;
use super::outbox::items;

/// The outcome of a handshake, once there is one.
type Handshake = Promise<Result<(), Error>>;

/// How many messages wait at most for the handshake: more than a person types until it has timed out.
const MAX_HELD: usize = 1_000;

/// Everything that belongs to one connection, but its stream.
pub(super) struct Plain {
    sink: WebSocketSink,
    handshake: Handshake,
    /// Keeps the promise; gone once that is done.
    pending: Option<PendingHandshake>,
    /// What is to be sent once the handshake is done, with its number.
    held: Vec<(u64, Message)>,
    last_id: u64,
    /// How far its life has been told.
    told: Option<ReadyState>,
}

/// Drives the channel's `ready` from the frame loop: it is polled when it asks to be.
struct PendingHandshake {
    ready: Ready,
    waker: RepaintWaker,
    promise: Sender<Result<(), Error>>,
}

impl Plain {
    /// Begins to connect; `messages` builds from its stream from now on.
    pub(super) fn begin(
        peer: &Peer,
        transport: Transport,
        options: Options,
        ctx: &egui::Context,
        messages: &mut Messages,
        key: u64,
    ) -> Result<Self, InvalidArgument> {
        // Step 1, connect: nothing waits here, the handshake goes on by itself.
        let channel = match (peer, transport) {
            (Peer::InPage(script), _) => in_page::play(*script, options),
            (Peer::Server(url), Transport::Ewebsock) => connect_by_ewebsock(url, options)?,
            (Peer::Server(url), _) => WebSocketChannel::connect_with(url, options)?,
        };

        let (promise, handshake) = Promise::new();
        let waker = RepaintWaker::new(ctx, ctx.viewport_id());
        let pending = Some(PendingHandshake { ready: channel.ready(), waker, promise });

        // Step 2, listen: from now on this stream asks for the frames.
        let (sink, stream) = channel.split();
        messages.set_stream(key, || stream);

        Ok(Self { sink, handshake, pending, held: Vec::new(), last_id: 0, told: None })
    }

    /// Sends a message, or holds it until the handshake is done, and then gives its number.
    pub(super) fn send(&mut self, message: Message) -> Result<Option<u64>, Error> {
        if self.sink.ready_state() == ReadyState::Connecting || !self.held.is_empty() {
            if self.held.len() == MAX_HELD {
                let (messages, bytes) = (MAX_HELD, usize::MAX);
                return Err(Error::LimitExceeded(LimitExceeded::Outbox { messages, bytes }));
            }
            self.last_id += 1;
            self.held.push((self.last_id, message));
            return Ok(Some(self.last_id));
        }

        // Step 3, send: nothing waits here either, and what is not taken comes back.
        self.sink.try_send(message).map(|()| None).map_err(|unsent| unsent.error)
    }

    /// Closes, because the page or this connection goes.
    pub(super) fn close(self) -> PendingClose {
        // Step 4, close: this code may always be sent, so it can't fail.
        let closing = self.sink.close_with(status::NORMAL_CLOSURE, "");

        Box::pin(async move {
            if let Ok(closing) = closing {
                closing.await;
            }
        })
    }

    /// Closes with a code and a reason that may be sent, and stays to see the end.
    pub(super) fn begin_close(&self, code: Option<u16>, reason: &str) {
        // Refused where it is closed already, and then there is nothing to be done.
        let _ = self.sink.close_with(code, reason);
    }

    /// By what a run of equal messages sends.
    pub(super) fn handle(&self) -> Connection {
        Connection::clone(&self.sink)
    }

    /// The handshake's outcome.
    pub(super) fn before_messages(&mut self, events: &mut Vec<ConnectionEvent>) {
        if self.told.is_none() {
            self.told = Some(ReadyState::Connecting);
            events.push(ConnectionEvent::Connecting { attempt: 1 });
        }
        self.poll_handshake();
        if self.told != Some(ReadyState::Connecting) {
            return;
        }
        match self.handshake.ready() {
            None => {}
            Some(Ok(())) => {
                self.told = Some(ReadyState::Open);
                events.push(ConnectionEvent::Open(self.negotiated()));
                self.release();
            }
            Some(Err(error)) => events.push(ConnectionEvent::Failed(error.clone())),
        }
    }

    /// The end, once everything before it `is_read`.
    pub(super) fn after_messages(&mut self, is_read: bool, events: &mut Vec<ConnectionEvent>) {
        let is_over = is_read || matches!(self.handshake.ready(), Some(Err(_)));
        match self.sink.ready_state() {
            ReadyState::Closing if self.told < Some(ReadyState::Closing) => {
                self.told = Some(ReadyState::Closing);
                events.push(ConnectionEvent::Closing);
            }
            ReadyState::Closed if self.told != Some(ReadyState::Closed) && is_over => {
                self.told = Some(ReadyState::Closed);
                events.push(ConnectionEvent::Closed(self.sink.close_event()));
            }
            _ => {}
        }
    }

    pub(super) fn withdraw(&mut self, id: u64) -> Option<Message> {
        let at = self.held.iter().position(|(held, _)| *held == id)?;
        Some(self.held.remove(at).1)
    }

    pub(super) fn take_waiting(&mut self) -> Vec<Message> {
        std::mem::take(&mut self.held).into_iter().map(|(_, message)| message).collect()
    }

    pub(super) fn outbox(&self) -> Outbox {
        Outbox {
            waiting: items(self.held.iter().map(|(id, message)| (*id, message))),
            waiting_count: self.held.len() as u64,
            waiting_bytes: self.held.iter().map(|(_, message)| message.len() as u64).sum(),
            ..Outbox::default()
        }
    }

    /// Sends what was held. What is not taken waits on.
    fn release(&mut self) {
        while let Some((_, message)) = self.held.first() {
            if self.sink.try_send(message.clone()).is_err() {
                return;
            }
            self.held.remove(0);
        }
    }

    fn negotiated(&self) -> Negotiated {
        Negotiated {
            protocol: self.sink.protocol().map(|protocol| protocol.to_string()),
            extensions: self.sink.extensions().to_string(),
            headers: header_lines(&self.sink.response_headers()),
        }
    }

    fn poll_handshake(&mut self) {
        let Some(pending) = &mut self.pending else { return };
        let ready = Pin::new(&mut pending.ready);
        if let Some(Poll::Ready(outcome)) = pending.waker.if_woken(|cx| ready.poll(cx))
            && let Some(pending) = self.pending.take()
        {
            pending.promise.send(outcome);
        }
    }
}
