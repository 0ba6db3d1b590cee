//! A channel that connects again when its connection is lost: a layer on top of
//! [`WebSocketChannel`], with a type of its own.
//!
//! It is a stream and a sink that last while connections come and go. What can heal is tried again,
//! after a while; what can't ends it, and it says which it was. What is sent while there is no
//! connection waits, where the program can see it; nothing is sent twice unless somebody asks for
//! it, and nothing is lost without a word.
//!
//! # In four steps
//!
//! Connect, listen, send, close, as ever:
//!
//! ```no_run
//! use futures::StreamExt as _;
//! use web_socket_channel::{ReconnectingChannel, status};
//!
//! # async fn four_steps() -> Result<(), Box<dyn std::error::Error>> {
//! let mut channel = ReconnectingChannel::connect("ws://127.0.0.1:9001")?;
//!
//! channel.try_send("hello")?;
//! while let Some(message) = channel.next().await {
//!     println!("received: {:?}", message?);
//!     channel.close_with(status::NORMAL_CLOSURE, "bye")?;
//! }
//! # Ok(()) }
//! ```
//!
//! The stream goes on from connection to connection. It ends when the program asks for the end, or
//! with the one error that can't heal as its last item. (A close is no error, here too: where the
//! peer closes with 1000 the stream just ends.)
//!
//! # What a person may be shown
//!
//! [`Link::state`] says what goes on, and [`Link::states`] is a stream of it, for a UI that draws
//! only when something has changed. [`Link::counts`] says how much waits and how much is in doubt;
//! [`Link::counts_changes`] is the stream. "Try again now" is [`Link::retry_now`]: for a button, and
//! for the moment in which a program learns that there is a network again, or is looked at again.
//! (While a page is hidden, browsers let timers strike late, by up to a minute.)
//!
//! Here a whole life goes by in memory, on a clock that is turned by hand ([`Clock`]), which is
//! also how a program that uses this type can be tested:
//!
//! ```
//! use std::time::Duration;
//!
//! use futures::executor::LocalPool;
//! use futures::task::LocalSpawnExt as _;
//! use futures::{FutureExt as _, StreamExt as _};
//! use web_socket_channel::reconnect::{Clock, Policy, ReconnectingChannel, State};
//! use web_socket_channel::{Message, Signal, memory};
//!
//! // Whoever connects gets the next of these two.
//! let (first, first_peer) = memory::scripted();
//! let (second, mut second_peer) = memory::scripted();
//! let mut channels = vec![second, first];
//! let connector = move |_attempt| {
//!     let channel = channels.pop().expect("two connections are enough");
//!     async { Ok(channel) }
//! };
//! let clock = Clock::new();
//! let (mut channel, task) =
//!     ReconnectingChannel::by_hand(connector, Policy::default(), &clock);
//! let mut pool = LocalPool::new();
//! pool.spawner().spawn_local(task)?;
//!
//! // The first connection opens, says something and is cut.
//! first_peer.open(None);
//! first_peer.send("raisin");
//! drop(first_peer);
//! pool.run_until_stalled();
//! assert_eq!(channel.next().now_or_never().unwrap().unwrap()?, Message::from("raisin"));
//! let State::Waiting { until, attempt: 2, cause } = channel.state() else { panic!() };
//! assert_eq!(cause.to_string(), "the connection was cut");
//!
//! // What is sent now waits.
//! channel.try_send("are you back?")?;
//! assert_eq!(channel.counts().waiting, 1);
//!
//! // In time there is another connection, and the message goes out.
//! clock.advance(until - clock.now());
//! second_peer.open(None);
//! pool.run_until_stalled();
//! assert!(matches!(channel.state(), State::Open));
//! assert!(matches!(
//!     second_peer.next().now_or_never(),
//!     Some(Some(Signal::Message(message))) if message.as_text() == Some("are you back?")
//! ));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What becomes of a message
//!
//! [`Link::try_send`] never waits. It takes a message in, gives it a number, and the message *waits*,
//! in order, until a connection is open and its network takes it. Until then it can be seen
//! ([`Link::waiting`]) and taken back ([`Link::withdraw`]).
//!
//! Once it is *handed over*, nobody at this end can tell how far it gets: it may be in a buffer of
//! the system, on the way, or read. If the connection is then lost, the message is *in doubt*: it
//! may or may not have arrived. It is not sent again by itself. The program can
//!
//! - look ([`Link::in_doubt`]) and decide, message by message: [`Link::take_in_doubt`] gives them
//!   out, and what shall go again is sent again;
//! - have them all sent again, before everything that waits: [`Link::resend_in_doubt`], or
//!   [`Policy::resends_in_doubt`] for always. The peer must then expect a message twice;
//! - confirm: where the peer acknowledges messages in the program's own protocol,
//!   [`Link::confirm`] takes everything up to a number out of doubt, before or after the loss.
//!
//! Which of the messages are in doubt when a connection ends:
//!
//! | the end | what was handed over and not confirmed |
//! | --- | --- |
//! | cut, timed out, failed for an error | in doubt |
//! | closed by the peer, with whatever code | in doubt: it may have stopped to read before |
//! | closed by us, and the peer answered with our code | arrived: the peer answers a close after everything before it |
//! | closed by us, and the peer said another code | in doubt: it may have begun to close by itself |
//! | closed by us, and no answer in time | in doubt |
//! | [`Link::stop`], or everything dropped | in doubt |
//!
//! So everything that a connection was given and nobody has confirmed comes into doubt with its end,
//! however long ago that was; the newest of it are remembered, and the rest is counted
//! ([`Policy::in_doubt`]). What has not left this process, on the other hand, can still wait: a
//! connection is given nothing before its handshake is done, and no more than 256 messages or
//! 256 KiB ahead of what its network takes.
//!
//! # Tokens that expire, and a greeting
//!
//! The URL and the options may come from a function that is called for each attempt:
//! [`ReconnectingChannel::connect_by`]. It may also make the whole channel
//! ([`ReconnectingChannel::with_connector`]): over another transport, or after saying on each new
//! connection what has to be said there first, before anything that waits goes out.
//!
//! # The end
//!
//! A channel that has stopped stays stopped; its [`State`] says why. What is left can be taken to
//! another one, by [`Link::withdraw_all`] and [`Link::take_in_doubt`], or as what
//! [`Link::close`] and [`Link::ended`] resolve with.
//!
//! # What runs
//!
//! One task, on the executor that a [`WebSocketChannel`] would run on. It sleeps until something
//! happens or a timer strikes; nothing is polled for. When the channel has stopped, or everything
//! of it is dropped, the task ends. (A close that is under way when everything is dropped is
//! finished first, within [`Policy::close_timeout`].)

mod cause;
mod policy;

mod driver;
mod ledger;
mod machine;
mod shared;
mod time;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytestring::ByteString;
use futures_core::Stream;
use futures_sink::Sink;

use crate::backend::{self, Executor};
use crate::channel::{SendError, WebSocketChannel};
use crate::close::{CloseEvent, CloseFrame, close_frame};
use crate::error::{Error, InvalidArgument, LimitExceeded, NetworkError, NetworkErrorKind};
use crate::message::Message;
use crate::options::Options;
use crate::queue::Bound;
use crate::request::Request;
use crate::waiters::Waiters;

use driver::{Connector, Driver};
use machine::Event;
use shared::{Inner, Shared};
use time::{RealTime, Time};

/// A moment in time: `std`'s own natively, and the same on the browser's clock.
pub use web_time::Instant;

pub use cause::{Cause, StopCause};
pub use ledger::{Counts, InDoubt, MessageId, Outgoing};
pub use policy::Policy;
pub use time::Clock;

/// How much a connection holds at most that its network has not taken yet. Little, as all of it is
/// in doubt if the connection is lost; and enough for a batch to be worth its flush.
const HAND_OVER: Bound = Bound { messages: 256, bytes: 256 * 1024 };

/// A WebSocket connection that is made again when it is lost: a [`Stream`] of messages, a [`Sink`]
/// for messages, and, by way of [`Link`], everything there is to know about it. See the
/// [module](self) for how to use it.
///
/// It is `Send` on every platform. Dropping it ends the connection and everything else, unless a
/// close is under way, which is finished first.
pub struct ReconnectingChannel {
    stream: ReconnectingStream,
    sink: ReconnectingSink,
}

/// The reading half of a [`ReconnectingChannel`].
///
/// Yields the messages of one connection after the other. The last item is the error for which the
/// channel has stopped, if it was one: nothing that was tried again shows up here.
///
/// It should be read, even by a program that expects nothing: a full
/// [`inbox`](Policy::inbox) holds the peer back, and hides that the connection is lost.
pub struct ReconnectingStream {
    link: Link,
}

/// The writing half of a [`ReconnectingChannel`].
///
/// `poll_ready` waits while the outbox is full, and while there is no connection nothing leaves it.
/// `poll_flush` has nothing to wait for. `poll_close` is [`close`](Link::close) without a code.
pub struct ReconnectingSink {
    link: Link,
}

/// What can be asked of a [`ReconnectingChannel`] from either half, none of which ever blocks.
pub struct Link {
    shared: Arc<Shared>,
    /// Ends everything when the last half is dropped, though streams and futures may still hold
    /// what is shared.
    _owner: Arc<Owner>,
}

/// What a reconnecting channel is doing.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum State {
    /// An attempt is under way.
    Connecting {
        /// Which: 1 is the first, also the first after a connection that stayed up for
        /// [`Policy::stable_after`].
        attempt: u32,
        /// Why there is no connection; `None` before there ever was one.
        cause: Option<Cause>,
    },
    /// There is a connection, and messages flow.
    Open,
    /// There is no connection, and it is not time yet for the next attempt.
    Waiting {
        /// When that is. How long that still takes is
        /// `until.saturating_duration_since(Instant::now())`, with this module's [`Instant`].
        until: Instant,
        /// Which attempt that will be.
        attempt: u32,
        /// Why there is no connection.
        cause: Cause,
    },
    /// [`Link::close`] was called: what waits is sent, and the peer is to answer. Nothing more is
    /// delivered or accepted.
    Closing,
    /// It is over, for good.
    Stopped {
        /// Why.
        cause: StopCause,
    },
}

/// What the function that makes connections is told about an attempt.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attempt {
    /// Which it is: as in [`State::Connecting`].
    pub number: u32,
    /// Why there is no connection: a 401 or a close with 4001 may say that a token has expired, if
    /// [`Policy::should_retry`] lets it come here. `None` before there ever was one.
    pub cause: Option<Cause>,
}

/// What is left when a channel has stopped.
#[derive(Clone, Debug)]
pub struct Remains {
    /// Why it has stopped.
    pub cause: StopCause,
    /// What was never handed to a connection.
    pub waiting: Vec<Outgoing>,
    /// What may or may not have arrived.
    pub in_doubt: InDoubt,
}

/// The states of a channel; see [`Link::states`].
pub struct States {
    place: Place,
    seen: Option<u64>,
    has_ended: bool,
}

/// What waits and what is in doubt, from change to change; see [`Link::counts_changes`].
pub struct CountsChanges {
    place: Place,
    seen: Option<Counts>,
}

/// Resolves when the channel has stopped; see [`Link::ended`]. It need not be awaited.
pub struct Ended {
    place: Place,
}

impl ReconnectingChannel {
    /// Connects to `url`, with every option at its default, and again whenever the connection is
    /// lost. Returns at once.
    ///
    /// # Errors
    /// What is wrong with the URL. Trouble with the network is no error here: it shows up in
    /// [`Link::state`], and in the stream if it can't heal.
    pub fn connect(url: &str) -> Result<Self, InvalidArgument> {
        Self::connect_with(url, Options::default(), Policy::default())
    }

    /// Connects to `url`, as `options` ask for every connection, and again as `policy` says.
    ///
    /// Of [`Options::outbox`] at most 256 messages or 256 KiB are used: what waits is in
    /// [`Policy::outbox`].
    ///
    /// # Errors
    /// What is wrong with the URL or an option, before anything is dialled.
    pub fn connect_with(
        url: &str,
        options: Options,
        policy: Policy,
    ) -> Result<Self, InvalidArgument> {
        let request = Request::new(url, options)?;
        backend::check(&request.options)?;
        let options = request.options;
        let url = url.to_owned();
        let request = move |_| std::future::ready(Ok((url.clone(), options.clone())));
        Ok(Self::connect_by(request, policy))
    }

    /// Connects to wherever `request` says, which is called for each attempt: for tokens that
    /// expire, or for one server after the other.
    ///
    /// ```no_run
    /// use web_socket_channel::reconnect::{Policy, ReconnectingChannel};
    /// use web_socket_channel::{Error, Options};
    ///
    /// # async fn fetch_token() -> Result<String, Error> { Ok("raisin".to_owned()) }
    /// let channel = ReconnectingChannel::connect_by(
    ///     |_attempt| async {
    ///         let token = fetch_token().await?;
    ///         Ok((format!("wss://example.com/feed?token={token}"), Options::default()))
    ///     },
    ///     Policy::default(),
    /// );
    /// ```
    ///
    /// If it fails, the attempt has failed, and another is made, whatever the error
    /// ([`Cause::Request`]); only [`Error::InvalidArgument`] ends it all. (For trouble of the program's
    /// own there is [`NetworkError`], with any `source`.) It takes part in
    /// [`Policy::attempt_timeout`], after which its future is dropped. It runs in the channel's
    /// task and must not block. If it panics, the channel stops with an error.
    ///
    /// Its future has to be `Send`, in a browser too, so that the public types are. What a browser
    /// offers there is not; a task of its own brings the two together:
    ///
    /// ```text
    /// // In a browser, with `wasm_bindgen_futures` and `futures::channel::oneshot`:
    /// fn fetch_token() -> impl Future<Output = Result<String, Error>> + Send {
    ///     let (answer, token) = oneshot::channel();
    ///     spawn_local(async move {
    ///         // `fetch` and its promises never leave this task.
    ///         let _ = answer.send(ask_the_browser_for_a_token().await);
    ///     });
    ///     async { token.await.unwrap_or_else(|_| Err(no_token())) }
    /// }
    /// ```
    pub fn connect_by<F, R>(mut request: F, policy: Policy) -> Self
    where
        F: FnMut(Attempt) -> R + Send + 'static,
        R: Future<Output = Result<(String, Options), Error>> + Send + 'static,
    {
        Self::start(
            Box::new(move |attempt| {
                let request = request(attempt);
                Box::pin(async move {
                    let (url, mut options) = request.await.map_err(Cause::Request)?;
                    let Bound { messages, bytes } = options.outbox;
                    options.outbox = Bound {
                        messages: messages.min(HAND_OVER.messages),
                        bytes: bytes.min(HAND_OVER.bytes),
                    };
                    WebSocketChannel::connect_with(&url, options)
                        .map_err(|misuse| Cause::Error(misuse.into()))
                })
            }),
            policy,
        )
    }

    /// Runs over the channels that `connector` makes, one for each attempt: over any transport, and
    /// with whatever has to be said on a new connection before anything else.
    ///
    /// ```no_run
    /// use web_socket_channel::WebSocketChannel;
    /// use web_socket_channel::reconnect::{Policy, ReconnectingChannel};
    ///
    /// let channel = ReconnectingChannel::with_connector(
    ///     |_attempt| async {
    ///         let channel = WebSocketChannel::connect("wss://example.com/feed")?;
    ///         // Goes out on each connection, before what waits. An answer could be awaited as well.
    ///         channel.ready().await?;
    ///         channel.try_send("subscribe: raisins").map_err(|unsent| unsent.error)?;
    ///         Ok(channel)
    ///     },
    ///     Policy::default(),
    /// );
    /// ```
    ///
    /// The channel may still be connecting, or be open already. What the connector sends on it is
    /// its own affair: it has no number, and is never in doubt. An error is judged as one of the
    /// connection's ([`Cause::Error`]); for the rest see [`connect_by`](Self::connect_by).
    ///
    /// A small [`Options::outbox`] keeps small what is in doubt when a connection is lost.
    pub fn with_connector<F, C>(connector: F, policy: Policy) -> Self
    where
        F: FnMut(Attempt) -> C + Send + 'static,
        C: Future<Output = Result<WebSocketChannel, Error>> + Send + 'static,
    {
        Self::start(boxed(connector), policy)
    }

    /// As [`with_connector`](Self::with_connector), but nothing runs by itself: the caller polls
    /// the task, and turns the clock. With the doubles of [`memory`](crate::memory) for
    /// connections, whatever can happen to a connection can be played without a network, a thread,
    /// a runtime or a wait; the [module](self) has an example.
    ///
    /// The task ends when the channel has stopped. Dropping it before stops the channel.
    pub fn by_hand<F, C>(
        connector: F,
        policy: Policy,
        clock: &Clock,
    ) -> (Self, impl Future<Output = ()> + Send + 'static)
    where
        F: FnMut(Attempt) -> C + Send + 'static,
        C: Future<Output = Result<WebSocketChannel, Error>> + Send + 'static,
    {
        Self::prepare(boxed(connector), &policy, clock.clone())
    }

    fn start(connector: Connector, policy: Policy) -> Self {
        let (channel, driver) = Self::prepare(connector, &policy, RealTime::new());
        match Executor::current() {
            Ok(executor) => executor.spawn(driver),
            Err(why) => {
                let (kind, host) = (NetworkErrorKind::Other, "the peer".to_owned());
                let error = NetworkError { kind, host, source: Some(why.into()) };
                channel.shared.on(Event::Abandoned(Cause::Error(error.into())));
            }
        }
        channel
    }

    fn prepare<T: Time>(connector: Connector, policy: &Policy, time: T) -> (Self, Driver<T>) {
        let shared = Arc::new(Shared::new(policy, time.clone()));
        let driver = Driver::new(Arc::clone(&shared), connector, policy, time);
        let owner = Arc::new(Owner(Arc::clone(&shared)));
        let link = || Link { shared: Arc::clone(&shared), _owner: Arc::clone(&owner) };
        let stream = ReconnectingStream { link: link() };
        let sink = ReconnectingSink { link: link() };
        (Self { stream, sink }, driver)
    }

    /// The two halves, which may live on different tasks or threads. Everything ends when both are
    /// dropped.
    pub fn split(self) -> (ReconnectingSink, ReconnectingStream) {
        (self.sink, self.stream)
    }
}

fn boxed<F, C>(mut connector: F) -> Connector
where
    F: FnMut(Attempt) -> C + Send + 'static,
    C: Future<Output = Result<WebSocketChannel, Error>> + Send + 'static,
{
    Box::new(move |attempt| {
        let channel = connector(attempt);
        Box::pin(async move { channel.await.map_err(Cause::from) })
    })
}

// `close` is written out for the two that are sinks, though dereferencing would find it: `SinkExt`
// has a method of this name, whose future does nothing until it is polled, and an inherent method
// goes before it.
impl ReconnectingChannel {
    /// See [`Link::close`].
    pub fn close(&self) -> Ended {
        self.sink.close()
    }
}

impl ReconnectingSink {
    /// See [`Link::close`].
    pub fn close(&self) -> Ended {
        self.link.close()
    }
}

/// What goes on.
impl Link {
    /// What the channel is doing right now.
    pub fn state(&self) -> State {
        self.shared.state().1
    }

    /// What the channel is doing, from now on: first the present state, then each new one. A reader
    /// that is slow misses what was only passing, and never the last; after
    /// [`State::Stopped`] it ends. There may be many of these, and they may outlive the channel.
    pub fn states(&self) -> States {
        let place = Place::new(&self.shared, |shared| &shared.states);
        States { place, seen: None, has_ended: false }
    }

    /// How much waits, and how much is in doubt.
    pub fn counts(&self) -> Counts {
        self.shared.ask(|inner| inner.ledger.counts())
    }

    /// How much waits, and how much is in doubt, from now on: first the present counts, then
    /// whenever they have changed. A reader that is slow misses what was only passing, and never
    /// the last; when the channel is dropped it ends.
    pub fn counts_changes(&self) -> CountsChanges {
        let place = Place::new(&self.shared, |shared| &shared.counts);
        CountsChanges { place, seen: None }
    }

    /// The URL of the present attempt or connection, or of the last one, without credentials.
    /// `None` before the first one is known.
    pub fn url(&self) -> Option<ByteString> {
        self.shared.ask(|inner| inner.facts.url.clone())
    }

    /// The subprotocol of the connection that is open, or that last was.
    pub fn protocol(&self) -> Option<ByteString> {
        self.shared.ask(|inner| inner.facts.protocol.clone())
    }

    /// The negotiated extensions of the connection that is open, or that last was.
    pub fn extensions(&self) -> ByteString {
        self.shared.ask(|inner| inner.facts.extensions.clone())
    }

    /// How the connection ended that was last open. `None` while there is one, before there ever
    /// was, and where nobody waited for its end ([`stop`](Self::stop), or a close that took too
    /// long).
    pub fn close_event(&self) -> Option<CloseEvent> {
        self.shared.ask(|inner| inner.facts.close_event.clone())
    }

    /// Resolves when the channel has stopped, whoever ends it, without doing anything to end it.
    pub fn ended(&self) -> Ended {
        Ended { place: Place::new(&self.shared, |shared| &shared.states) }
    }
}

/// What can be asked for.
impl Link {
    /// Takes a message in, to be sent as soon as possible, and never waits. The number is larger
    /// than that of every message before.
    ///
    /// # Errors
    /// The outbox is full ([`Policy::outbox`]), or the channel is closing or stopped; the message is
    /// given back.
    pub fn try_send(&self, message: impl Into<Message>) -> Result<MessageId, SendError> {
        let message = message.into();
        self.shared.ask(|inner| {
            if !inner.accepts() {
                Err(SendError { message, error: closed(inner) })
            } else if inner.ledger.has_room() {
                Ok(inner.ledger.accept(message))
            } else {
                let Bound { messages, bytes } = inner.ledger.outbox();
                let error = Error::LimitExceeded(LimitExceeded::Outbox { messages, bytes });
                Err(SendError { message, error })
            }
        })
    }

    /// Ends the wait for the next attempt: it is made now, a server's `Retry-After` or not. At any
    /// other time there is nothing to hurry up, and nothing happens.
    pub fn retry_now(&self) {
        self.shared.on(Event::RetryNow);
    }

    /// Ends everything at once, in whatever state it is. The connection is dropped (the peer sees
    /// 1001 natively, and no code from a browser), nothing more is sent or delivered. What is left
    /// can still be read, here and from [`ended`](Self::ended). A second time changes nothing.
    pub fn stop(&self) {
        self.shared.on(Event::Stop);
    }

    /// Sends what waits if there is a connection, closes it without a code, and stops. The returned
    /// future resolves when the peer has answered, at the latest after [`Policy::close_timeout`],
    /// with what is left; it need not be awaited. Where there is no connection it stops at once.
    ///
    /// From here on nothing more is delivered or accepted. Closing again changes nothing and
    /// resolves with the first one.
    pub fn close(&self) -> Ended {
        self.shared.on(Event::Close(CloseFrame::EMPTY));
        self.ended()
    }

    /// As [`close`](Self::close), with a code that says why, and a reason or `""`.
    ///
    /// # Errors
    /// A code other than 1000 and 3000–4999 (natively also 1001), a reason without a code or of
    /// more than 123 bytes; also when the channel has stopped already.
    pub fn close_with(
        &self,
        code: impl Into<Option<u16>>,
        reason: &str,
    ) -> Result<Ended, InvalidArgument> {
        let frame = close_frame(code.into(), reason)?;
        backend::check_close(&frame)?;
        self.shared.on(Event::Close(frame));
        Ok(self.ended())
    }
}

/// What has become of the messages.
impl Link {
    /// What waits for a connection, or for its network, in order. Clones are cheap, but it is a list
    /// of all of them: for how many see [`counts`](Self::counts).
    pub fn waiting(&self) -> Vec<Outgoing> {
        self.shared.ask(|inner| inner.ledger.waiting())
    }

    /// Takes back a message that waits. `None` if it does not: it was handed over already, or
    /// withdrawn.
    pub fn withdraw(&self, id: MessageId) -> Option<Message> {
        self.shared.ask(|inner| inner.ledger.withdraw(id))
    }

    /// Takes back everything that waits, in order.
    pub fn withdraw_all(&self) -> Vec<Outgoing> {
        self.shared.ask(|inner| inner.ledger.withdraw_all())
    }

    /// What may or may not have arrived, of all connections that are gone.
    pub fn in_doubt(&self) -> InDoubt {
        self.shared.ask(|inner| inner.ledger.in_doubt())
    }

    /// The same, and the program answers for it from now on: it is no longer in doubt here.
    pub fn take_in_doubt(&self) -> InDoubt {
        self.shared.ask(|inner| inner.ledger.take_in_doubt())
    }

    /// Has what is in doubt sent again, each message in the place that its number gives it, so
    /// before everything that came later and still waits; the numbers stay. It may then be over the
    /// outbox's bound. Says how many these are; what was forgotten stays in doubt.
    ///
    /// After the channel has stopped nothing is sent any more: then they are only among what
    /// waits.
    pub fn resend_in_doubt(&self) -> usize {
        self.shared.ask(|inner| inner.ledger.resend_in_doubt())
    }

    /// The peer has acknowledged, in the program's own protocol, everything up to this number: none
    /// of it is or comes into doubt, or is sent again. Of messages that were never handed over
    /// nothing changes. A number lower than one before changes nothing.
    ///
    /// Of messages that were not remembered ([`InDoubt::forgotten`]) only all can be confirmed.
    pub fn confirm(&self, up_to: MessageId) {
        self.shared.ask(|inner| inner.ledger.confirm(up_to));
    }
}

fn closed(inner: &Inner) -> Error {
    Error::Closed(inner.facts.close_event.clone().map(Arc::new))
}

/// Dropped with the last half of a channel.
struct Owner(Arc<Shared>);

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.on(Event::Dropped);
    }
}

/// A place among those who wait for one kind of news, given up when it is dropped.
struct Place {
    shared: Arc<Shared>,
    waiters: fn(&Shared) -> &Waiters,
    number: u64,
}

impl Place {
    fn new(shared: &Arc<Shared>, waiters: fn(&Shared) -> &Waiters) -> Self {
        let number = waiters(shared).new_slot();
        Self { shared: Arc::clone(shared), waiters, number }
    }

    /// To be called before looking: news that come in between wake, if once too often.
    fn wait(&self, cx: &Context<'_>) {
        (self.waiters)(&self.shared).register(self.number, cx);
    }
}

impl Clone for Place {
    fn clone(&self) -> Self {
        Self::new(&self.shared, self.waiters)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        (self.waiters)(&self.shared).remove(self.number);
    }
}

impl Stream for States {
    type Item = State;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<State>> {
        if self.has_ended {
            return Poll::Ready(None);
        }
        self.place.wait(cx);
        let (version, state) = self.place.shared.state();
        if self.seen == Some(version) {
            return Poll::Pending;
        }
        self.seen = Some(version);
        self.has_ended = matches!(state, State::Stopped { .. });
        Poll::Ready(Some(state))
    }
}

impl Stream for CountsChanges {
    type Item = Counts;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Counts>> {
        self.place.wait(cx);
        let (counts, is_dropped) =
            self.place.shared.ask(|inner| (inner.ledger.counts(), inner.is_dropped()));
        if self.seen != Some(counts) {
            self.seen = Some(counts);
            Poll::Ready(Some(counts))
        } else if is_dropped {
            Poll::Ready(None)
        } else {
            Poll::Pending
        }
    }
}

impl Future for Ended {
    type Output = Remains;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Remains> {
        self.place.wait(cx);
        let remains = self.place.shared.ask(|inner| {
            let cause = inner.stop_cause()?.clone();
            let (waiting, in_doubt) = (inner.ledger.waiting(), inner.ledger.in_doubt());
            Some(Remains { cause, waiting, in_doubt })
        });
        remains.map_or(Poll::Pending, Poll::Ready)
    }
}

impl Stream for ReconnectingStream {
    type Item = Result<Message, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let shared = &self.link.shared;
        if let Some(item) = shared.ask(Inner::read) {
            return Poll::Ready(item);
        }
        shared.await_message(cx);
        shared.ask(Inner::read).map_or(Poll::Pending, Poll::Ready)
    }
}

impl Sink<Message> for ReconnectingSink {
    type Error = Error;

    fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let shared = &self.link.shared;
        shared.await_room(cx);
        shared.ask(|inner| {
            if !inner.accepts() {
                Poll::Ready(Err(closed(inner)))
            } else if inner.ledger.has_room() {
                Poll::Ready(Ok(()))
            } else {
                Poll::Pending
            }
        })
    }

    fn start_send(self: Pin<&mut Self>, message: Message) -> Result<(), Error> {
        self.link.shared.ask(|inner| {
            if !inner.accepts() {
                return Err(closed(inner));
            }
            inner.ledger.accept(message);
            Ok(())
        })
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let shared = &self.link.shared;
        shared.await_room(cx);
        shared.on(Event::Close(CloseFrame::EMPTY));
        let has_stopped = shared.ask(|inner| inner.stop_cause().is_some());
        if has_stopped { Poll::Ready(Ok(())) } else { Poll::Pending }
    }
}

impl Stream for ReconnectingChannel {
    type Item = Result<Message, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.stream).poll_next(cx)
    }
}

impl Sink<Message> for ReconnectingChannel {
    type Error = Error;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.sink).poll_ready(cx)
    }

    fn start_send(mut self: Pin<&mut Self>, message: Message) -> Result<(), Error> {
        Pin::new(&mut self.sink).start_send(message)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.sink).poll_flush(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.sink).poll_close(cx)
    }
}

// As with the plain channel, the whole and its halves reach the accessors by dereference.
impl std::ops::Deref for ReconnectingChannel {
    type Target = Link;

    fn deref(&self) -> &Link {
        &self.sink.link
    }
}

impl std::ops::Deref for ReconnectingStream {
    type Target = Link;

    fn deref(&self) -> &Link {
        &self.link
    }
}

impl std::ops::Deref for ReconnectingSink {
    type Target = Link;

    fn deref(&self) -> &Link {
        &self.link
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link")
            .field("url", &self.url())
            .field("state", &self.state())
            .field("counts", &self.counts())
            .finish()
    }
}

impl fmt::Debug for ReconnectingChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReconnectingChannel").field(&**self).finish()
    }
}

impl fmt::Debug for ReconnectingStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReconnectingStream").field(&self.link).finish()
    }
}

impl fmt::Debug for ReconnectingSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReconnectingSink").field(&self.link).finish()
    }
}
