//! A channel that connects again when its connection is lost: a layer on top of
//! [`WebSocketChannel`], with a type of its own.
//!
//! It is a stream and a sink that last while connections come and go. Where trying again can help it
//! does, after a while; where it can't, the channel stops and says why. What is sent while there is
//! no connection waits, where the program can see it; nothing is sent twice unless somebody asks for
//! it, and nothing is lost without being reported.
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
//! with the one error that is not tried again as its last item. (A close is no error, here too: where the
//! peer closes with 1000 the stream just ends.)
//!
//! # What a person may be shown
//!
//! [`ReconnectHandle::state`] says what goes on, and [`states`](ReconnectHandle::states) is a stream
//! of it, for a UI that draws only when something has changed. [`counts`](ReconnectHandle::counts)
//! says how much waits and how much is in doubt; [`counts_changes`](ReconnectHandle::counts_changes)
//! is the stream. "Try again now" is [`retry_now`](ReconnectHandle::retry_now): for a button, and for
//! the moment in which a program learns that there is a network again, or is looked at again. All of
//! it can be asked of the channel, of its halves, and of a [`handle`](ReconnectHandle::handle), which
//! is cheap to clone and keeps nothing alive.
//!
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
//!     ReconnectingChannel::by_hand(connector, Policy::default(), &clock)?;
//! let mut pool = LocalPool::new();
//! pool.spawner().spawn_local(task)?;
//!
//! // The first connection opens, says something and is cut.
//! first_peer.open(None);
//! first_peer.send("hello");
//! drop(first_peer);
//! pool.run_until_stalled();
//! assert_eq!(channel.next().now_or_never().unwrap().unwrap()?, Message::from("hello"));
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
//! [`try_send`](ReconnectHandle::try_send) never waits. It takes a message in and gives it a number.
//! From then on the message is in one place at any time:
//!
//! | it | from | until | the program can |
//! | --- | --- | --- | --- |
//! | waits, in order | `try_send` | a connection is open and takes it | see it ([`waiting`]) and take it back ([`withdraw`]) |
//! | was handed over | then | the connection ends, or it is confirmed | [`confirm`] it |
//! | is in doubt | the end of that connection | the program decides | see it ([`in_doubt`]), [`confirm`] it, take it ([`take_in_doubt`]) or send it again ([`resend_in_doubt`]) |
//! | has arrived | [`confirm`] | | forget it |
//!
//! In doubt means: it may or may not have arrived. Once a message is handed over nobody at this end
//! can tell how far it gets: it may be in a buffer of the system, on the way, or read. **However the
//! connection ends, all that was handed over and not confirmed is in doubt**: a cut, a time-out, a
//! close by either end with whatever code. A close that the peer answers proves nothing either, as a
//! close of its own that crosses ours on the way looks just like an answer, and the peer may have
//! read nothing. Only an acknowledgement in the program's own protocol tells; with each, the program
//! calls [`confirm`], which counts for everything up to that number, before or after the end.
//!
//! What is in doubt is not sent again by itself, unless [`Policy::resends_in_doubt`] asks for it:
//! the peer must then expect a message twice. The newest of it are remembered, and the rest is
//! counted ([`Policy::in_doubt`]). A connection is given nothing before its handshake is done, and
//! no more than 256 messages or 256 KiB ahead of what its network takes.
//!
//! [`waiting`]: ReconnectHandle::waiting
//! [`withdraw`]: ReconnectHandle::withdraw
//! [`confirm`]: ReconnectHandle::confirm
//! [`in_doubt`]: ReconnectHandle::in_doubt
//! [`take_in_doubt`]: ReconnectHandle::take_in_doubt
//! [`resend_in_doubt`]: ReconnectHandle::resend_in_doubt
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
//! A channel that has stopped stays stopped; its [`State`] says why. What is not known to have
//! arrived can be taken to another one: [`Undelivered`] is what
//! [`close`](ReconnectHandle::close) and [`ended`](ReconnectHandle::ended) resolve with.
//!
//! # What runs
//!
//! One task, on the executor that a [`WebSocketChannel`] would run on. It sleeps until something
//! happens or a timer strikes, and after each step it lets the other tasks of its thread go first.
//! Nothing is polled for. When the channel has stopped, or everything
//! of it is dropped, the task ends. (A close that is under way when everything is dropped is
//! finished first, within [`Policy::close_timeout`].)

mod cause;
mod policy;
mod state;

mod driver;
mod ledger;
mod machine;
mod shared;
mod time;

mod halves;
mod handle;
mod watch;

use std::future::Future;
use std::sync::Arc;

use crate::address::IntoUrl;
use crate::backend::{self, Executor, Runtime};
use crate::channel::WebSocketChannel;
use crate::error::{Error, InvalidArgument};
use crate::halves::forward_to_halves;
use crate::options::Options;
use crate::queue::Bound;
use crate::request::Request;

use driver::{Connector, Driver};
use halves::halves;
use machine::Event;
use shared::Shared;
use time::{RealTime, Time};

/// A moment in time: `std`'s own natively, and the same on the browser's clock.
pub use web_time::Instant;

pub use cause::{Cause, StopCause};
pub use halves::{ReconnectingSink, ReconnectingStream};
pub use handle::ReconnectHandle;
pub use ledger::{Counts, InDoubt, MessageId, Outgoing};
pub use policy::{Policy, ShouldRetry};
pub use state::{Attempt, State, Undelivered};
pub use time::Clock;
pub use watch::{CountsChanges, Ended, States};

/// How much a connection holds at most that its network has not taken yet. Little, as all of it is
/// in doubt if the connection is lost; and enough for a batch to be worth its flush.
const HAND_OVER: Bound = Bound { messages: 256, bytes: 256 * 1024 };

/// A WebSocket connection that is made again when it is lost: a stream of messages, a sink for
/// messages, and, by way of [`ReconnectHandle`], everything there is to know about it. See the
/// [module](self) for how to use it.
///
/// It is `Send` on every platform. Dropping it ends the connection and everything else, unless a
/// close is under way, which is finished first.
pub struct ReconnectingChannel {
    stream: ReconnectingStream,
    sink: ReconnectingSink,
}

forward_to_halves!(
    ReconnectingChannel { ReconnectingStream, ReconnectingSink },
    ReconnectHandle,
    Ended
);

impl ReconnectingChannel {
    /// Connects to `url`, with every option at its default, and again whenever the connection is
    /// lost. Returns at once.
    ///
    /// # Errors
    /// What is wrong with the URL. Trouble with the network is no error here: it shows up in
    /// [`state`](ReconnectHandle::state), and in the stream if it is not tried again.
    pub fn connect(url: impl IntoUrl) -> Result<Self, InvalidArgument> {
        Self::connect_with(url, Options::default(), Policy::default())
    }

    /// Connects to `url`, as `options` ask for every connection, and again as `policy` says.
    ///
    /// Of [`Options::outbox`] at most 256 messages or 256 KiB are used: what waits is in
    /// [`Policy::outbox`]. All of it runs where [`Options::runtime`] says.
    ///
    /// # Errors
    /// What is wrong with the URL, an option or the policy, before anything is dialled.
    pub fn connect_with(
        url: impl IntoUrl,
        options: Options,
        policy: Policy,
    ) -> Result<Self, InvalidArgument> {
        let url = url.text().into_owned();
        let request = Request::new(&url, options)?;
        backend::check_url(&request)?;
        backend::check(&request.options)?;
        let options = request.options;
        let runtime = options.runtime.clone();
        let request = move |_| std::future::ready(Ok((url.clone(), options.clone())));
        Self::start(by_request(request), policy, &runtime)
    }

    /// Connects to wherever `request` says, which is called for each attempt: for tokens that
    /// expire, or for one server after the other.
    ///
    /// ```no_run
    /// use web_socket_channel::reconnect::{Policy, ReconnectingChannel};
    /// use web_socket_channel::{Error, Options};
    ///
    /// # async fn fetch_token() -> Result<String, Error> { Ok("1234".to_owned()) }
    /// let channel = ReconnectingChannel::connect_by(
    ///     |_attempt| async {
    ///         let token = fetch_token().await?;
    ///         Ok((format!("wss://example.com/feed?token={token}"), Options::default()))
    ///     },
    ///     Policy::default(),
    /// )?;
    /// # Ok::<(), web_socket_channel::InvalidArgument>(())
    /// ```
    ///
    /// If it fails, the attempt has failed, and another is made, whatever the error
    /// ([`Cause::Request`]); only [`Error::InvalidArgument`] ends it all. (For trouble of the program's
    /// own there is [`NetworkError`](crate::NetworkError), with any `source`.) It takes part in
    /// [`Policy::attempt_timeout`], after which its future is dropped. It runs in the channel's
    /// task and must not block. If it panics, the channel stops with
    /// [`RuntimeError::Gone`](crate::RuntimeError::Gone).
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
    ///
    /// # Errors
    /// What of the policy is out of its range. Nothing has been called then.
    pub fn connect_by<F, R>(request: F, policy: Policy) -> Result<Self, InvalidArgument>
    where
        F: FnMut(Attempt) -> R + Send + 'static,
        R: Future<Output = Result<(String, Options), Error>> + Send + 'static,
    {
        Self::start(by_request(request), policy, &Runtime::default())
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
    ///         channel.try_send("subscribe: news")?;
    ///         Ok(channel)
    ///     },
    ///     Policy::default(),
    /// )?;
    /// # Ok::<(), web_socket_channel::InvalidArgument>(())
    /// ```
    ///
    /// The channel may still be connecting, or be open already. What the connector sends on it is
    /// its own affair: it has no number, and is never in doubt. An error is judged as one of the
    /// connection's ([`Cause::Error`]); for the rest see [`connect_by`](Self::connect_by).
    ///
    /// A small [`Options::outbox`] keeps small what is in doubt when a connection is lost.
    ///
    /// # Errors
    /// What of the policy is out of its range. Nothing has been called then.
    pub fn with_connector<F, C>(connector: F, policy: Policy) -> Result<Self, InvalidArgument>
    where
        F: FnMut(Attempt) -> C + Send + 'static,
        C: Future<Output = Result<WebSocketChannel, Error>> + Send + 'static,
    {
        Self::start(boxed(connector), policy, &Runtime::default())
    }

    /// As [`with_connector`](Self::with_connector), but nothing runs by itself: the caller polls
    /// the task, and turns the clock. With the doubles of [`memory`](crate::memory) for
    /// connections, whatever can happen to a connection can be played without a network, a thread,
    /// a runtime or a wait; the [module](self) has an example.
    ///
    /// The task ends when the channel has stopped. Dropping it before stops the channel.
    ///
    /// # Errors
    /// What of the policy is out of its range.
    pub fn by_hand<F, C>(
        connector: F,
        policy: Policy,
        clock: &Clock,
    ) -> Result<(Self, impl Future<Output = ()> + Send + 'static), InvalidArgument>
    where
        F: FnMut(Attempt) -> C + Send + 'static,
        C: Future<Output = Result<WebSocketChannel, Error>> + Send + 'static,
    {
        Self::prepare(boxed(connector), &policy, clock.clone())
    }

    fn start(
        connector: Connector,
        policy: Policy,
        runtime: &Runtime,
    ) -> Result<Self, InvalidArgument> {
        let (channel, driver) = Self::prepare(connector, &policy, RealTime::new())?;
        match Executor::of(runtime) {
            Ok(executor) => executor.spawn(driver),
            Err(why) => channel.shared.on(Event::DriverGone(Cause::Error(why.into()))),
        }
        Ok(channel)
    }

    fn prepare<T: Time>(
        connector: Connector,
        policy: &Policy,
        time: T,
    ) -> Result<(Self, Driver<T>), InvalidArgument> {
        policy.check()?;
        let shared = Arc::new(Shared::new(policy, time.clone()));
        let driver = Driver::new(Arc::clone(&shared), connector, policy, time);
        let (sink, stream) = halves(&shared);
        Ok((Self { stream, sink }, driver))
    }
}

/// A connector that connects to wherever `request` says.
fn by_request<F, R>(mut request: F) -> Connector
where
    F: FnMut(Attempt) -> R + Send + 'static,
    R: Future<Output = Result<(String, Options), Error>> + Send + 'static,
{
    Box::new(move |attempt| {
        let request = request(attempt);
        Box::pin(async move {
            let (url, mut options) = request.await.map_err(Cause::Request)?;
            let Bound { messages, bytes } = options.outbox;
            options.outbox = Bound {
                messages: messages.min(HAND_OVER.messages),
                bytes: bytes.min(HAND_OVER.bytes),
            };
            WebSocketChannel::connect_with(url, options)
                .map_err(|misuse| Cause::Error(misuse.into()))
        })
    })
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
