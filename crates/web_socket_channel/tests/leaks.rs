//! Nothing is left of a channel: opened and dropped by the thousand, in every phase of its life, it
//! leaves no thread, no task and no socket behind.
//!
//! A binary of its own with one test, as threads and sockets are counted for the whole process.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

#[allow(dead_code, reason = "the suite uses the rest")]
#[path = "conformance/framed_line.rs"]
mod framed_line;
#[allow(dead_code, reason = "the suite uses the rest")]
#[path = "conformance/ledger.rs"]
mod ledger;
#[path = "conformance/peer.rs"]
mod peer;
#[path = "conformance/player.rs"]
mod player;
#[allow(dead_code, reason = "the suite uses the rest")]
#[path = "conformance/scenario.rs"]
mod scenario;

use std::fs;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use futures::executor::block_on;
use futures::future::{Either, LocalBoxFuture, join_all, select};
use futures::{FutureExt as _, StreamExt as _};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Handle};
use tokio::time::Sleep;
use web_socket_channel::{Bound, Bytes, Closing, Options, Ready, WebSocketChannel};

use ledger::{Ledger, Until};
use scenario::{Answer, Scenario, Step};
use scenario::{OUR_CODE, PEER_CODE, REASON, TEXT};

/// How many channels go through each phase, and how many of them at once: each has a socket at
/// both ends, and 1024 is what systems commonly allow a process.
const CHANNELS: usize = 1_000;
const AT_ONCE: usize = 100;

/// How many go through a phase in which each has megabytes to send.
const BIG_CHANNELS: usize = 50;

/// How long what ends by itself may take to do so.
const LIMIT: Duration = Duration::from_secs(30);

/// How often it is looked at meanwhile: the system tells nobody when a thread is gone.
const LOOK: Duration = Duration::from_millis(1);

/// Where the peers are, and how to ask for one.
struct Stage {
    address: SocketAddr,
    ledger: Ledger,
    visits: AtomicU64,
    peers: Handle,
    /// More than a socket takes whose peer does not read.
    big: Bytes,
}

/// Brings one channel into a phase, and drops it there. What it gives may outlive the channel.
type Phase = for<'stage> fn(&'stage Stage) -> LocalBoxFuture<'stage, Kept>;

type Kept = Option<(Ready, Closing)>;

/// What there is of everything that could be left behind.
#[derive(Debug, PartialEq)]
struct Count {
    threads: usize,
    files: usize,
    tasks: usize,
    peers: usize,
}

#[test]
fn nothing_is_left_of_thousands_of_channels() {
    let stage = Stage::new();
    // On the caller's runtime; and without one, on the thread that the channels then share.
    let runtime = Builder::new_current_thread()
        .enable_all()
        // For the threads that resolve names.
        .thread_keep_alive(LOOK)
        .build()
        .unwrap();
    runtime.block_on(go_through(&stage, "on a runtime", PHASES));
    drop(runtime);
    // There the threads that resolve names stay idle for ten seconds; so that one is left out.
    let others: Vec<_> = PHASES.iter().copied().filter(|(name, _)| *name != LOOKED_UP).collect();
    block_on(go_through(&stage, "without a runtime", &others));
}

async fn go_through(stage: &Stage, place: &str, phases: &[(&str, Phase)]) {
    // What is made once for all, such as that thread, is there from now on.
    for (name, phase) in phases {
        let all = stage.within(phase(stage)).await;
        assert!(all.is_some(), "{name}, {place}: it waits for ever");
    }
    let before = settled(stage).await;
    assert_eq!((before.tasks, before.peers), (0, 0), "{place}");
    for (name, phase) in phases {
        let (groups, at_once) =
            if *name == UNSENT { (1, BIG_CHANNELS) } else { (CHANNELS / AT_ONCE, AT_ONCE) };
        for _ in 0..groups {
            let all = stage.within(join_all((0..at_once).map(|_| phase(stage)))).await;
            let Some(kept) = all else { unreachable!("{name}, {place}: it waits for ever") };
            // The channels end whatever their peers do: those that are held are so still.
            let ends = stage.wait_until(|now| now.tasks == before.tasks).await;
            stage.let_all_go();
            let ends = ends.and(stage.wait_until(|now| *now == before).await);
            if let Err(now) = ends {
                unreachable!("{name}, {place}: {now:?} is left, of {before:?}");
            }
            // What outlives a channel is told how it ended.
            let told = join_all(kept.into_iter().flatten().map(|(ready, closing)| async {
                let _ = ready.await;
                closing.await;
            }));
            assert!(stage.within(told).await.is_some(), "{name}, {place}: its futures wait on");
        }
    }
}

/// The count once it doesn't change any more: what came before has ended.
async fn settled(stage: &Stage) -> Count {
    /// Longer than any time-out of the channels here.
    const CALM: Duration = Duration::from_millis(500);

    stage.let_all_go();
    let mut count = Count::now(stage);
    let settles = async {
        let mut since = Instant::now();
        while since.elapsed() < CALM {
            stage.sleep(LOOK).await;
            let now = Count::now(stage);
            if now != count {
                (count, since) = (now, Instant::now());
            }
        }
    };
    assert!(stage.within(settles).await.is_some(), "it never settles");
    count
}

impl Count {
    fn now(stage: &Stage) -> Self {
        let entries = |folder| fs::read_dir(folder).unwrap().count();
        Self {
            threads: entries("/proc/self/task"),
            files: entries("/proc/self/fd"),
            tasks: Handle::try_current().map_or(0, |here| here.metrics().num_alive_tasks()),
            peers: stage.peers.metrics().num_alive_tasks(),
        }
    }
}

impl Stage {
    fn new() -> Self {
        let ledger = Ledger::default();
        let (found, address) = mpsc::channel();
        let for_peers = ledger.clone();
        thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                found.send((listener.local_addr().unwrap(), Handle::current())).unwrap();
                peer::serve(listener, for_peers).await;
            });
        });
        let (address, peers) = address.recv().unwrap();
        let big = vec![36; 8 << 20].into();
        Self { address, ledger, visits: AtomicU64::new(0), peers, big }
    }

    fn connect(&self, scenario: &Scenario) -> (WebSocketChannel, u64) {
        self.connect_with(scenario, Options::default())
    }

    fn connect_with(&self, scenario: &Scenario, options: Options) -> (WebSocketChannel, u64) {
        let id = self.visits.fetch_add(1, Ordering::Relaxed) + 1;
        let url = format!("ws://{}/?{}", self.address, scenario.to_query(id));
        let options = options.close_timeout(Duration::from_millis(50));
        (WebSocketChannel::connect_with(&url, options).unwrap(), id)
    }

    async fn open(&self, scenario: &Scenario) -> (WebSocketChannel, u64) {
        let (channel, id) = self.connect(scenario);
        channel.ready().await.unwrap();
        (channel, id)
    }

    /// Waits by the clock of the peers, as the channels may have none.
    fn sleep(&self, duration: Duration) -> Sleep {
        let _entered = self.peers.enter();
        tokio::time::sleep(duration)
    }

    async fn within<T>(&self, what: impl Future<Output = T>) -> Option<T> {
        match select(pin!(what), pin!(self.sleep(LIMIT))).await {
            Either::Left((value, _)) => Some(value),
            Either::Right(_) => None,
        }
    }

    /// Gives what there is if it does not come to that.
    async fn wait_until(&self, is_there: impl Fn(&Count) -> bool) -> Result<(), Count> {
        let comes = async {
            while !is_there(&Count::now(self)) {
                self.sleep(LOOK).await;
            }
        };
        self.within(comes).await.ok_or_else(|| Count::now(self))
    }

    /// Lets the peers go on that are held.
    fn let_all_go(&self) {
        for id in 1..=self.visits.load(Ordering::Relaxed) {
            self.ledger.let_go(id);
        }
    }
}

fn silence() -> Scenario {
    Scenario::answer(Answer::Silence)
}

fn flood(bytes: usize) -> Scenario {
    Scenario::new([Step::Flood { messages: 20, bytes }])
}

const LOOKED_UP: &str = "a name that is looked up";
const UNSENT: &str = "open, with messages unsent";

/// The phases, each in a few words.
const PHASES: &[(&str, Phase)] = &[
    ("connecting, at once", |stage| {
        async {
            drop(stage.connect(&silence()));
            None
        }
        .boxed_local()
    }),
    ("connecting, never answered", |stage| {
        async {
            let (channel, id) = stage.connect(&silence());
            channel.try_send(TEXT).unwrap();
            stage.ledger.seen(id, Until::Asked).await;
            None
        }
        .boxed_local()
    }),
    ("connecting, answered once it is dropped", |stage| {
        async {
            let (channel, id) = stage.connect(&Scenario::echo().held());
            stage.ledger.seen(id, Until::Asked).await;
            drop(channel);
            stage.ledger.let_go(id);
            None
        }
        .boxed_local()
    }),
    (LOOKED_UP, |stage| {
        async {
            let url = format!("ws://localhost:{}/", stage.address.port());
            let options = Options::default().close_timeout(LOOK);
            let channel = WebSocketChannel::connect_with(&url, options).unwrap();
            let ready = channel.ready();
            // The peer knows no such path, and hangs up.
            assert!(ready.await.is_err());
            None
        }
        .boxed_local()
    }),
    ("a closed port", |_| {
        async {
            let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
            let channel = WebSocketChannel::connect(format!("ws://{address}/")).unwrap();
            assert!(channel.ready().await.is_err());
            None
        }
        .boxed_local()
    }),
    ("refused", |stage| {
        async {
            let refusal = b"HTTP/1.1 404 Custom\r\nContent-Length: 0\r\n\r\n".to_vec();
            let (channel, _) = stage.connect(&Scenario::answer(Answer::Garbage(refusal)));
            assert!(channel.ready().await.is_err());
            None
        }
        .boxed_local()
    }),
    ("open, idle", |stage| {
        async {
            drop(stage.open(&Scenario::echo()).await);
            None
        }
        .boxed_local()
    }),
    ("open, with messages unread", |stage| {
        async {
            let (_channel, id) = stage.open(&flood(10)).await;
            stage.ledger.seen(id, Until::Sent(20)).await;
            None
        }
        .boxed_local()
    }),
    ("open, with more unread than there is room for", |stage| {
        async {
            let inbox = Bound { messages: 2, bytes: 1_000 };
            let options = Options::default().inbox(inbox);
            let (_channel, id) = stage.connect_with(&flood(10_000), options);
            stage.ledger.seen(id, Until::Sent(3)).await;
            None
        }
        .boxed_local()
    }),
    ("connecting, with messages unsent", |stage| {
        async {
            let (channel, id) = stage.connect(&silence());
            stage.ledger.seen(id, Until::Asked).await;
            while let Ok(()) = channel.try_send(stage.big.clone()) {}
            None
        }
        .boxed_local()
    }),
    (UNSENT, |stage| {
        async {
            let holds = Scenario::new([Step::Receive, Step::Hold, Step::Cut]);
            let (channel, id) = stage.open(&holds).await;
            channel.try_send(TEXT).unwrap();
            channel.try_send(stage.big.clone()).unwrap();
            stage.ledger.seen(id, Until::Received(1)).await;
            assert!(channel.buffered_amount() > 0);
            None
        }
        .boxed_local()
    }),
    ("closing, unanswered", |stage| {
        async {
            let (channel, id) = stage.open(&Scenario::new([Step::Ignore])).await;
            channel.close_with(OUR_CODE, REASON).unwrap();
            stage.ledger.seen(id, Until::Closed).await;
            None
        }
        .boxed_local()
    }),
    ("closed by us", |stage| {
        async {
            let (channel, _) = stage.open(&Scenario::echo()).await;
            channel.close_with(OUR_CODE, REASON).unwrap().await;
            None
        }
        .boxed_local()
    }),
    ("closed by the peer", |stage| {
        async {
            let close = Step::Close(PEER_CODE, REASON.to_owned());
            let (channel, _) = stage.open(&Scenario::new([close])).await;
            channel.closed().await;
            None
        }
        .boxed_local()
    }),
    ("failed", |stage| {
        async {
            let (mut channel, _) = stage.open(&Scenario::new([Step::Raw(vec![0xff; 16])])).await;
            assert!(channel.next().await.unwrap().is_err());
            None
        }
        .boxed_local()
    }),
    ("cut", |stage| {
        async {
            let (mut channel, _) = stage.open(&Scenario::new([Step::Receive, Step::Reset])).await;
            channel.try_send(TEXT).unwrap();
            assert!(channel.next().await.is_none());
            None
        }
        .boxed_local()
    }),
    ("split, the sink dropped first", |stage| {
        async {
            let (sink, mut stream) = stage.open(&Scenario::echo()).await.0.split();
            sink.try_send(TEXT).unwrap();
            drop(sink);
            stream.next().await.unwrap().unwrap();
            None
        }
        .boxed_local()
    }),
    ("split, the stream dropped in full flight", |stage| {
        async {
            let (sink, mut stream) = stage.open(&flood(10)).await.0.split();
            stream.next().await.unwrap().unwrap();
            assert!(stream.by_ref().skip(1_000).next().now_or_never().is_none());
            drop(stream);
            sink.try_send(TEXT).unwrap();
            None
        }
        .boxed_local()
    }),
    ("futures that outlive it", |stage| {
        async {
            let (channel, _) = stage.open(&Scenario::echo()).await;
            let mut closed = channel.closed();
            assert!((&mut closed).now_or_never().is_none());
            Some((channel.ready(), closed))
        }
        .boxed_local()
    }),
    ("futures that outlive its connecting", |stage| {
        async {
            let (channel, _) = stage.connect(&silence());
            let mut ready = channel.ready();
            assert!((&mut ready).now_or_never().is_none());
            Some((ready, channel.close_with(OUR_CODE, REASON).unwrap()))
        }
        .boxed_local()
    }),
];
