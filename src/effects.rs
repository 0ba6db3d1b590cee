//! The connection of the page: the only place that reaches outside while the page lives.
//!
//! It holds everything that belongs to one connection, and lets go of all of it when another takes
//! its place: the sink, the handshake's promise, and, in the builder, the stream.

use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use egui_stream_builder::{ConnectionState, RepaintWaker, StreamBuilder};
use poll_promise::{Promise, Sender};
use web_socket_channel::{
    Closing, Error, InvalidArgument, Message, Options, Ready, ReadyState, WebSocketChannel,
    WebSocketSink, status,
};

use crate::in_page;
use crate::session::{Life, Peer};

/// What the stream yields, and the builder draws.
pub type Messages = StreamBuilder<Message, Error>;

/// The outcome of a handshake, once there is one.
type Handshake = Promise<Result<(), Error>>;

/// The connection there is, if any.
#[derive(Default)]
pub struct Connection {
    current: Option<Current>,
    /// Why the last address could not even be tried.
    refusal: Option<Error>,
    /// How many connections there have been: the key by which the builder tells their streams apart.
    count: u64,
}

struct Current {
    sink: WebSocketSink,
    handshake: Handshake,
    /// Keeps the promise; gone once that is done.
    shaking: Option<Shaking>,
    /// When the handshake was first seen to be done, by the clock of the frames.
    opened_at_secs: Option<f64>,
    /// Whether the stream yielded a message.
    has_heard: bool,
    /// What the stream said, if it said so.
    failure: Option<Error>,
}

/// Drives the channel's `ready` from the frame loop: it is polled when it asks to be.
struct Shaking {
    ready: Ready,
    waker: RepaintWaker,
    promise: Sender<Result<(), Error>>,
}

impl Connection {
    /// Lets go of the connection there is, and of its stream, and makes another; `messages` builds
    /// from the new stream from now on.
    pub fn open(
        &mut self,
        peer: &Peer,
        options: Options,
        ctx: &egui::Context,
        messages: &mut Messages,
    ) {
        self.close();
        messages.clear_stream();
        self.refusal = self.connect(peer, options, ctx, messages).err().map(Error::from);
    }

    fn connect(
        &mut self,
        peer: &Peer,
        options: Options,
        ctx: &egui::Context,
        messages: &mut Messages,
    ) -> Result<(), InvalidArgument> {
        // Step 1, connect: nothing waits here, the handshake goes on by itself.
        let channel = match peer {
            Peer::Server(address) => WebSocketChannel::connect_with(address, options)?,
            Peer::InPage(script) => in_page::play(*script, options),
        };

        let (promise, handshake) = Promise::new();
        let waker = RepaintWaker::new(ctx, ctx.viewport_id());
        let shaking = Some(Shaking { ready: channel.ready(), waker, promise });
        self.count += 1;

        // Step 2, listen: from now on this stream asks for the frames.
        let (sink, stream) = channel.split();
        messages.set_stream(self.count, || stream);

        self.current = Some(Current {
            sink,
            handshake,
            shaking,
            opened_at_secs: None,
            has_heard: false,
            failure: None,
        });
        Ok(())
    }

    /// Sends a message. One that is not taken is not lost: it still stands in its field.
    ///
    /// # Errors
    /// Why it was not taken.
    pub fn send(&self, text: String) -> Result<(), Error> {
        let Some(current) = &self.current else { return Err(Error::Closed(None)) };
        // Step 3, send: nothing waits here either, and what is not taken comes back.
        current.sink.try_send(text).map_err(|unsent| unsent.error)
    }

    /// Closes, because the page or this connection goes. What is given is the wait for the peer's
    /// answer; nobody has to.
    pub fn close(&mut self) -> Option<Closing> {
        let current = self.current.take()?;
        // Step 4, close: this code may always be sent, so it can't fail.
        current.sink.close_with(status::NORMAL_CLOSURE, "").ok()
    }

    /// The stream yielded a message.
    pub fn heard(&mut self) {
        if let Some(current) = &mut self.current {
            current.has_heard = true;
        }
    }

    /// The stream yielded an error, its last item.
    pub fn failed(&mut self, error: &Error) {
        if let Some(current) = &mut self.current {
            current.failure = Some(error.clone());
        }
    }

    /// How it stands. Called in every frame, after `messages` was updated and before drawing, with
    /// the time of the frame.
    ///
    /// The channel may know more already than the page has heard. What is told here keeps to the
    /// order in which the page hears it: the handshake, the messages and an error, the end.
    pub fn look(&mut self, messages: &Messages, now_secs: f64) -> Life {
        let Some(current) = &mut self.current else {
            return Life { error: self.refusal.clone(), ..Life::default() };
        };
        current.poll_handshake();
        let is_read = messages.snapshot().connection_state() == ConnectionState::Done;
        let (state, error) = match (current.handshake.ready(), current.sink.ready_state()) {
            (None, _) => (ReadyState::Connecting, None),
            (Some(Err(error)), state) => (state, Some(error)),
            (Some(Ok(())), ReadyState::Closed) if !is_read => (ReadyState::Open, None),
            (Some(Ok(())), state) => (state, current.failure.as_ref()),
        };
        let open_for = matches!(current.handshake.ready(), Some(Ok(()))).then(|| {
            let opened_at_secs = *current.opened_at_secs.get_or_insert(now_secs);
            Duration::from_secs_f64((now_secs - opened_at_secs).max(0.0))
        });
        Life {
            state: Some(state),
            open_for,
            has_heard: current.has_heard,
            protocol: current.sink.protocol().map(|protocol| protocol.to_string()),
            error: error.cloned(),
            ending: current.sink.close_event().filter(|_| state == ReadyState::Closed),
        }
    }
}

impl Current {
    fn poll_handshake(&mut self) {
        let Some(shaking) = &mut self.shaking else { return };
        let ready = Pin::new(&mut shaking.ready);
        if let Some(Poll::Ready(outcome)) = shaking.waker.if_woken(|cx| ready.poll(cx))
            && let Some(shaking) = self.shaking.take()
        {
            shaking.promise.send(outcome);
        }
    }
}
