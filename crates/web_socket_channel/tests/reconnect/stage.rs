//! What the tests play on: a network of which every connection is played by hand.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use futures::executor::LocalPool;
use futures::future::pending;
use futures::task::LocalSpawnExt as _;
use futures::{FutureExt as _, SinkExt as _, Stream, StreamExt as _};
use web_socket_channel::memory::{Remote, scripted_with};
use web_socket_channel::reconnect::{
    Attempt, Clock, Counts, Outgoing, Policy, ReconnectingChannel, State,
};
use web_socket_channel::{Bound, Error, Message, NetworkError, NetworkErrorKind, Options, Signal};

pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// Longer than every wait and time-out of these tests.
pub(crate) const LONG: Duration = Duration::from_secs(3_600);

/// A close code and a reason that are the test's own: whoever reports them was told them.
pub(crate) const CODE: u16 = 3678;
pub(crate) const REASON: &str = "closed by the test";

/// How [`told`] shows that close.
pub(crate) const CLOSE: &str = "close 3678 closed by the test";

/// A message, which has to arrive as it was sent.
pub(crate) const TEXT: &str = "a message";

/// A channel, the network under it, and the time.
pub(crate) struct Stage {
    pub(crate) channel: Option<ReconnectingChannel>,
    pub(crate) clock: Clock,
    pool: LocalPool,
    network: Arc<Mutex<Network>>,
    has_ended: Arc<AtomicBool>,
}

/// What a connector does with an attempt.
pub(crate) enum Plan {
    Fail(Error),
    Hang,
}

struct Network {
    /// For the attempts that come; without a plan they get a connection that is opening.
    plans: VecDeque<Plan>,
    attempts: Vec<Attempt>,
    peers: VecDeque<Remote>,
    outbox: Bound,
    inbox: Bound,
    /// Counts the futures of the connector that are neither done nor dropped.
    at_work: Arc<AtomicUsize>,
}

/// Waits of 1, 2, 4, 8 and then 10 s.
pub(crate) fn policy() -> Policy {
    Policy::default().first_wait(SECOND).longest_wait(10 * SECOND)
}

impl Stage {
    pub(crate) fn new(policy: Policy) -> Self {
        let network = Arc::new(Mutex::new(Network {
            plans: VecDeque::new(),
            attempts: Vec::new(),
            peers: VecDeque::new(),
            outbox: Options::default().outbox,
            inbox: Options::default().inbox,
            at_work: Arc::default(),
        }));
        let connector = {
            let network = Arc::clone(&network);
            move |attempt| {
                let mut network = network.lock().unwrap();
                network.attempts.push(attempt);
                let (plan, at_work) = (network.plans.pop_front(), AtWork::new(&network.at_work));
                let made = match plan {
                    Some(Plan::Fail(error)) => Some(Err(error)),
                    Some(Plan::Hang) => None,
                    None => {
                        let (channel, peer) = scripted_with(
                            Options::default().inbox(network.inbox).outbox(network.outbox),
                        );
                        network.peers.push_back(peer);
                        Some(Ok(channel))
                    }
                };
                async move {
                    let _at_work = at_work;
                    match made {
                        Some(made) => made,
                        None => pending().await,
                    }
                }
            }
        };
        let clock = Clock::new();
        let (channel, task) = ReconnectingChannel::by_hand(connector, policy, &clock).unwrap();
        let pool = LocalPool::new();
        let has_ended = Arc::new(AtomicBool::new(false));
        let done = Arc::clone(&has_ended);
        let task = task.map(move |()| done.store(true, Ordering::Relaxed));
        pool.spawner().spawn_local(task).unwrap();
        Self { channel: Some(channel), clock, pool, network, has_ended }
    }

    /// With the first connection open.
    pub(crate) fn open(policy: Policy) -> (Self, Remote) {
        let mut stage = Self::new(policy);
        let peer = stage.opened();
        (stage, peer)
    }

    pub(crate) fn channel(&self) -> &ReconnectingChannel {
        self.channel.as_ref().unwrap()
    }

    pub(crate) fn channel_mut(&mut self) -> &mut ReconnectingChannel {
        self.channel.as_mut().unwrap()
    }

    /// Lets everybody do what there is to do.
    pub(crate) fn run(&mut self) {
        self.pool.run_until_stalled();
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        // Whoever is to be woken has to have set its timer.
        self.run();
        self.clock.advance(by);
        self.run();
    }

    /// Waits for the next attempt, and tells how long that took.
    pub(crate) fn wait(&mut self) -> Duration {
        self.run();
        let State::Waiting { until, .. } = self.channel().state() else {
            panic!("it does not wait: {:?}", self.channel().state());
        };
        let wait = until - self.clock.now();
        self.advance(wait);
        wait
    }

    /// What the next attempts come to.
    pub(crate) fn plan(&self, plans: impl IntoIterator<Item = Plan>) {
        self.network.lock().unwrap().plans.extend(plans);
    }

    /// The bounds of the connections to come.
    pub(crate) fn bound(&self, inbox: Bound, outbox: Bound) {
        let mut network = self.network.lock().unwrap();
        (network.inbox, network.outbox) = (inbox, outbox);
    }

    /// The far end of the next connection, whose handshake goes on.
    pub(crate) fn dialled(&mut self) -> Remote {
        self.run();
        let peer = self.network.lock().unwrap().peers.pop_front();
        peer.unwrap_or_else(|| panic!("nobody dials: {:?}", self.channel().state()))
    }

    /// Whether there is a next connection already.
    pub(crate) fn has_dialled(&self) -> bool {
        !self.network.lock().unwrap().peers.is_empty()
    }

    /// The far end of the next connection, which is open.
    pub(crate) fn opened(&mut self) -> Remote {
        let peer = self.dialled();
        peer.open(None);
        self.run();
        assert_eq!(self.state(), "open");
        peer
    }

    pub(crate) fn attempts(&self) -> Vec<Attempt> {
        self.network.lock().unwrap().attempts.clone()
    }

    /// How many of the connector's futures are still there.
    pub(crate) fn at_work(&self) -> usize {
        self.network.lock().unwrap().at_work.load(Ordering::Relaxed)
    }

    /// Whether the task has ended.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.run();
        self.has_ended.load(Ordering::Relaxed)
    }

    pub(crate) fn state(&mut self) -> &'static str {
        self.run();
        name(&self.channel().state())
    }

    pub(crate) fn send(&self, text: &str) {
        self.channel().try_send(text).unwrap();
    }

    pub(crate) fn waiting(&self) -> Vec<String> {
        texts(&self.channel().waiting())
    }

    pub(crate) fn in_doubt(&self) -> Vec<String> {
        let in_doubt = self.channel().in_doubt();
        assert_eq!(in_doubt.forgotten, 0);
        texts(&in_doubt.messages)
    }

    /// What the stream yields without waiting.
    pub(crate) fn received(&mut self) -> Vec<String> {
        self.run();
        let mut received = Vec::new();
        while let Some(Some(item)) = self.channel_mut().next().now_or_never() {
            received.push(match item {
                Ok(message) => text(&message),
                Err(error) => format!("error: {error}"),
            });
        }
        received
    }

    /// Whether the stream is over.
    pub(crate) fn is_over(&mut self) -> bool {
        self.run();
        matches!(self.channel_mut().next().now_or_never(), Some(None))
    }
}

struct AtWork(Arc<AtomicUsize>);

impl AtWork {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

pub(crate) fn name(state: &State) -> &'static str {
    match state {
        State::Connecting { .. } => "connecting",
        State::Open => "open",
        State::Waiting { .. } => "waiting",
        State::Closing => "closing",
        State::Stopped { .. } => "stopped",
        _ => "unknown",
    }
}

/// What the channel has told a peer: the messages, and a close as `close CODE REASON`. Ends with
/// `gone` where the channel is.
pub(crate) fn told(peer: &mut Remote) -> Vec<String> {
    let mut told = Vec::new();
    while let Some(said) = peer.next().now_or_never() {
        told.push(match said {
            Some(Signal::Message(message)) => text(&message),
            Some(Signal::Close(frame)) => format!("close {} {}", frame.code, frame.reason),
            Some(other) => format!("{other:?}"),
            None => "gone".to_owned(),
        });
        if told.last().is_some_and(|last| last == "gone") {
            break;
        }
    }
    told
}

pub(crate) fn text(message: &Message) -> String {
    message.as_text().unwrap_or("not text").to_owned()
}

pub(crate) fn texts(messages: &[Outgoing]) -> Vec<String> {
    messages.iter().map(|outgoing| text(&outgoing.message)).collect()
}

/// How many messages wait and how many are in doubt, each of them [`TEXT`].
pub(crate) fn counts(waiting: usize, in_doubt: usize) -> Counts {
    let mut counts = Counts::default();
    (counts.waiting, counts.waiting_bytes) = (waiting, waiting * TEXT.len());
    (counts.in_doubt, counts.in_doubt_bytes) = (in_doubt as u64, in_doubt * TEXT.len());
    counts
}

pub(crate) fn unreachable() -> Error {
    NetworkError::new(NetworkErrorKind::Unreachable, "host").into()
}

pub(crate) fn bound(messages: usize) -> Bound {
    Bound { messages, bytes: 1 << 20 }
}

/// Counts how often it is woken.
#[derive(Default)]
pub(crate) struct Wakes(AtomicUsize);

impl Wakes {
    pub(crate) fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// Polls a stream once, and is woken when there is more of it.
    pub(crate) fn poll<S: Stream + Unpin>(
        self: &Arc<Self>,
        stream: &mut S,
    ) -> std::task::Poll<Option<S::Item>> {
        let waker = Waker::from(Arc::clone(self));
        stream.poll_next_unpin(&mut Context::from_waker(&waker))
    }
}

impl Wakes {
    /// Flushes a sink as far as it goes, and is woken when it goes on.
    pub(crate) fn poll_sink(
        self: &Arc<Self>,
        channel: &mut ReconnectingChannel,
    ) -> std::task::Poll<Result<(), Error>> {
        let waker = Waker::from(Arc::clone(self));
        channel.poll_flush_unpin(&mut Context::from_waker(&waker))
    }
}

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}
