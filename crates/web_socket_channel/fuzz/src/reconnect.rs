//! Every order in which connections can come, go and be lost under a channel that connects again,
//! on a clock that is turned by hand: each message has a place, and no message has two.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::executor::LocalPool;
use futures::task::LocalSpawnExt as _;
use futures::{FutureExt as _, StreamExt as _};
use web_socket_channel::memory::{Remote, scripted};
use web_socket_channel::reconnect::{Clock, Policy, ReconnectingChannel, State};
use web_socket_channel::{Bound, Error, Signal, Timeout, WebSocketChannel};

/// Codes after which it is tried again, and codes after which it is not.
const CODES: [u16; 6] = [1000, 1001, 1006, 1011, 1012, 4001];

/// What the peers say.
const TEXT: &str = "a message";

const OUTBOX: Bound = Bound { messages: 4, bytes: 64 };
const IN_DOUBT: Bound = Bound { messages: 3, bytes: 64 };

/// The peers that were connected to, the latest one last; shared with who connects.
type Peers = Arc<Mutex<Vec<Peer>>>;

#[derive(Default)]
struct Peer {
    /// `None` once it is gone.
    remote: Option<Remote>,
    heard: Vec<u64>,
}

/// Plays the script, two bytes a step.
pub fn check(script: &[u8]) {
    let peers = Peers::default();
    let connector = {
        let peers = Arc::clone(&peers);
        move |_attempt| {
            let channel = connect(&peers);
            async { Ok(channel) }
        }
    };
    let policy = Policy::default().outbox(OUTBOX).in_doubt(IN_DOUBT);
    let clock = Clock::new();
    let (channel, task) = match ReconnectingChannel::by_hand(connector, policy, &clock) {
        Ok(parts) => parts,
        Err(why) => panic!("{why}"),
    };
    let pool = LocalPool::new();
    if let Err(why) = pool.spawner().spawn_local(task) {
        panic!("{why}");
    }
    let mut play = Play { channel, peers, clock, pool, accepted: 0, withdrawn: 0, errors: 0 };
    for step in script.chunks(2).take(200) {
        play.step(step[0], *step.get(1).unwrap_or(&0));
        play.pool.run_until_stalled();
        play.look();
    }
    play.channel.stop();
    play.pool.run_until_stalled();
    assert!(matches!(play.channel.state(), State::Stopped { .. }), "it can always be stopped");
    while play.read() {}
    play.account();
}

fn connect(peers: &Peers) -> WebSocketChannel {
    let (channel, remote) = scripted();
    lock(peers).push(Peer { remote: Some(remote), ..Peer::default() });
    channel
}

fn lock(peers: &Peers) -> MutexGuard<'_, Vec<Peer>> {
    peers.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Play {
    channel: ReconnectingChannel,
    peers: Peers,
    clock: Clock,
    pool: LocalPool,
    /// Messages are their own numbers, from 1 on, as those that the channel gives them.
    accepted: u64,
    withdrawn: u64,
    errors: u32,
}

impl Play {
    fn step(&mut self, step: u8, detail: u8) {
        match step % 13 {
            0 => self.on_peer(|remote| remote.open(None)),
            1 => self.on_peer(|remote| remote.send(TEXT)),
            2 => {
                let code = CODES[usize::from(detail) % CODES.len()];
                self.on_peer(|remote| remote.close(code, ""));
            }
            3 => self.on_peer(|remote| remote.fail(None)),
            4 => {
                let error = Error::Timeout(Timeout::Pong(Duration::from_secs(1)));
                self.on_peer(|remote| remote.fail(Some(error)));
            }
            5 => {
                if let Some(peer) = lock(&self.peers).last_mut() {
                    peer.remote = None;
                }
            }
            6 => {
                if self.channel.try_send((self.accepted + 1).to_string()).is_ok() {
                    self.accepted += 1;
                }
            }
            7 => self.hear(),
            8 => self.clock.advance(Duration::from_millis(u64::from(detail) * 100)),
            9 => self.channel.retry_now(),
            10 => {
                self.read();
            }
            11 => self.withdrawn += self.channel.withdraw_all().len() as u64,
            _ => {
                assert!(self.channel.close_with(1000, "").is_ok(), "the code is right");
            }
        }
    }

    fn on_peer(&self, act: impl FnOnce(&Remote)) {
        if let Some(Peer { remote: Some(remote), .. }) = lock(&self.peers).last() {
            act(remote);
        }
    }

    /// The latest peer takes in one thing that was said.
    fn hear(&mut self) {
        let mut peers = lock(&self.peers);
        let Some(Peer { remote: Some(remote), heard }) = peers.last_mut() else { return };
        if let Some(Some(Signal::Message(message))) = remote.next().now_or_never() {
            let number = message.as_text().and_then(|text| text.parse::<u64>().ok());
            heard.extend(number);
        }
    }

    fn read(&mut self) -> bool {
        match self.channel.next().now_or_never() {
            Some(Some(Ok(message))) => {
                assert_eq!(self.errors, 0, "an error is the last item");
                assert_eq!(message.as_text(), Some(TEXT));
                true
            }
            Some(Some(Err(_))) => {
                self.errors += 1;
                true
            }
            Some(None) => {
                assert!(!matches!(self.channel.state(), State::Open | State::Waiting { .. }));
                false
            }
            None => false,
        }
    }

    fn look(&self) {
        assert!(self.errors <= 1, "one error is all there is");
        let counts = self.channel.counts();
        assert!(counts.waiting <= OUTBOX.messages, "{counts:?}");
        let waiting = self.channel.waiting();
        assert_eq!(waiting.len(), counts.waiting);
        assert!(waiting.is_sorted_by(|a, b| a.id < b.id), "in order");
        let in_doubt = self.channel.in_doubt();
        assert!(in_doubt.messages.len() <= IN_DOUBT.messages);
        let peers = lock(&self.peers);
        let heard: Vec<u64> = peers.iter().flat_map(|peer| &peer.heard).copied().collect();
        assert!(heard.is_sorted_by(|a, b| a < b), "once, and in order: {heard:?}");
    }

    /// Once it is over: everything that was accepted is somewhere, and known to be there.
    fn account(&self) {
        let number = |text: Option<&str>| text.and_then(|text| text.parse::<u64>().ok());
        let waiting = self.channel.waiting();
        let in_doubt = self.channel.in_doubt();
        let known = waiting.len() as u64
            + in_doubt.messages.len() as u64
            + in_doubt.forgotten
            + self.withdrawn;
        let mut heard: Vec<u64> = Vec::new();
        for peer in lock(&self.peers).iter() {
            heard.extend(&peer.heard);
        }
        for waiting in &waiting {
            let number = number(waiting.message.as_text());
            assert!(
                number.is_some_and(|number| !heard.contains(&number)),
                "it waits and was heard"
            );
        }
        // Nothing was confirmed: so what was handed over is in doubt, however its connection ended.
        assert_eq!(known, self.accepted, "{} were heard", heard.len());
    }
}
