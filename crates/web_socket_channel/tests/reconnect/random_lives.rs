//! Thousands of lives in random order: whatever happens when, the promises are kept.

use std::collections::{BTreeMap, BTreeSet};

use futures::{FutureExt as _, StreamExt as _};
use web_socket_channel::memory::Remote;
use web_socket_channel::reconnect::{MessageId, State, States, StopCause};
use web_socket_channel::{Error, PeerMisbehaved, Signal};

use super::stage::{CODE, Plan, REASON, SECOND, Stage, bound, name, policy, text, unreachable};

const LIVES: u64 = 3_000;
const STEPS: usize = 60;

/// Throws dice, always the same for the same seed.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }
}

/// One life, and what is to be true of it.
struct Life {
    stage: Stage,
    states: States,
    last_state: &'static str,
    peers: Vec<Peer>,
    accepted: BTreeSet<u64>,
    withdrawn: BTreeSet<u64>,
    /// How often a message may be handed over: once, and once more each time that is asked for.
    allowed: BTreeMap<u64, usize>,
    taken: BTreeSet<u64>,
    spoken: u64,
    received: Vec<String>,
    errors: usize,
    is_over: bool,
}

/// A far end, which stays until its life is over, so that all that it was handed can be seen.
struct Peer {
    remote: Remote,
    is_open: bool,
    is_gone: bool,
    /// The numbers of the messages that it was handed.
    handed: Vec<u64>,
}

impl Life {
    fn new(dice: &mut Dice) -> Self {
        let policy = policy()
            .max_attempts((dice.throw(3) == 0).then_some(4))
            .inbox(bound(1 + dice.throw(4)))
            .outbox(bound(1 + dice.throw(6)));
        let stage = Stage::new(policy);
        stage.bound(bound(1 + dice.throw(4)), bound(1 + dice.throw(3)));
        let states = stage.channel().states();
        Self {
            stage,
            states,
            last_state: "connecting",
            peers: Vec::new(),
            accepted: BTreeSet::new(),
            withdrawn: BTreeSet::new(),
            allowed: BTreeMap::new(),
            taken: BTreeSet::new(),
            spoken: 0,
            received: Vec::new(),
            errors: 0,
            is_over: false,
        }
    }

    fn step(&mut self, dice: &mut Dice) {
        match dice.throw(22) {
            0..=4 => self.send(),
            5 => self.speak(dice),
            6 | 7 => self.open(),
            8 => self.cut(dice),
            9 | 10 => self.read(),
            11 => self.stage.advance(SECOND * dice.throw(12) as u32),
            12 => self.stage.channel().retry_now(),
            13 => self.withdraw(dice),
            14 => self.resend(),
            15 => self.take(),
            16 | 17 => self.listen(dice),
            18 if dice.throw(8) == 0 => self.stage.plan([Plan::Hang]),
            18 => self.stage.plan([Plan::Fail(unreachable())]),
            19 if dice.throw(6) == 0 => drop(self.stage.channel().close_with(CODE, "").unwrap()),
            20 if dice.throw(12) == 0 => self.stage.channel().stop(),
            _ => {}
        }
        // Sometimes much happens before the task gets to do anything.
        if dice.throw(3) > 0 {
            self.stage.run();
        }
        self.look();
    }

    fn send(&mut self) {
        let next = self.accepted.len() as u64 + 1;
        if let Ok(id) = self.stage.channel().try_send(next.to_string()) {
            assert_eq!(id, MessageId(next));
            self.accepted.insert(next);
            self.allowed.insert(next, 1);
        }
    }

    fn peer(&mut self) -> Option<&mut Peer> {
        self.peers.last_mut().filter(|peer| !peer.is_gone)
    }

    fn speak(&mut self, dice: &mut Dice) {
        let count = dice.throw(4) as u64;
        let first = self.spoken;
        let has_room = |peer: &Peer| peer.remote.room().now_or_never().is_some();
        let Some(peer) = self.peer().filter(|peer| peer.is_open && has_room(peer)) else { return };
        for number in first..first + count {
            peer.remote.send(number.to_string());
        }
        self.spoken += count;
    }

    fn open(&mut self) {
        if let Some(peer) = self.peer().filter(|peer| !peer.is_open) {
            peer.is_open = true;
            peer.remote.open(None);
        }
    }

    fn cut(&mut self, dice: &mut Dice) {
        let way = dice.throw(6);
        let Some(peer) = self.peer() else { return };
        peer.is_gone = true;
        match way {
            0 | 1 => peer.remote.fail(None),
            2 => peer.remote.fail(Some(unreachable())),
            3 => peer.remote.close(1012, REASON),
            4 => peer.remote.close(CODE, ""),
            _ => {
                let misbehaved = PeerMisbehaved::new(1002, REASON);
                peer.remote.fail(Some(misbehaved.into()));
            }
        }
    }

    fn read(&mut self) {
        while let Some(item) = self.stage.channel_mut().next().now_or_never() {
            match item {
                Some(item) => {
                    assert!(!self.is_over, "an item after the end");
                    assert_eq!(self.errors, 0, "an item after the error");
                    match item {
                        Ok(message) => self.received.push(text(&message)),
                        Err(error) => {
                            self.errors += 1;
                            self.expect_error(&error);
                        }
                    }
                }
                None => {
                    self.is_over = true;
                    break;
                }
            }
        }
    }

    fn expect_error(&self, error: &Error) {
        let State::Stopped { cause } = self.stage.channel().state() else {
            panic!("an error, and it goes on");
        };
        let told = cause.cause().and_then(|cause| cause.error()).map(ToString::to_string);
        assert_eq!(told, Some(error.to_string()));
    }

    fn withdraw(&mut self, dice: &mut Dice) {
        let waiting = self.stage.channel().waiting();
        if waiting.is_empty() {
            return;
        }
        let id = waiting[dice.throw(waiting.len())].id;
        assert!(self.stage.channel().withdraw(id).is_some());
        self.withdrawn.insert(id.0);
    }

    fn resend(&mut self) {
        let in_doubt = self.stage.channel().in_doubt().messages;
        for outgoing in &in_doubt {
            *self.allowed.entry(outgoing.id.0).or_default() += 1;
        }
        assert_eq!(self.stage.channel().resend_in_doubt(), in_doubt.len());
    }

    fn take(&mut self) {
        let taken = self.stage.channel().take_in_doubt();
        assert_eq!(taken.forgotten, 0);
        self.taken.extend(taken.messages.iter().map(|outgoing| outgoing.id.0));
    }

    /// A peer reads some of what it was sent, so that there is room for more.
    fn listen(&mut self, dice: &mut Dice) {
        let count = dice.throw(4);
        if let Some(peer) = self.peers.last_mut() {
            peer.listen(count);
        }
    }

    /// Takes in what has happened, and whether that may be.
    fn look(&mut self) {
        while self.stage.has_dialled() {
            let remote = self.stage.dialled();
            let (is_open, is_gone, handed) = (false, false, Vec::new());
            self.peers.push(Peer { remote, is_open, is_gone, handed });
        }
        while let Some(Some(state)) = self.states.next().now_or_never() {
            let step = (self.last_state, name(&state));
            // What only passed was missed: but there is no way out of the end, nor back from a
            // close.
            assert!(
                !matches!(step, ("stopped", _) | ("closing", "connecting" | "open" | "waiting")),
                "{step:?}"
            );
            self.last_state = step.1;
        }
        let waiting = self.stage.channel().waiting();
        assert!(waiting.is_sorted_by_key(|outgoing| outgoing.id));
        let counts = self.stage.channel().counts();
        assert_eq!(counts.waiting, waiting.len());
    }

    /// Stops, if it hasn't, and counts up.
    fn end(mut self) {
        self.stage.run();
        self.look();
        self.read();
        let was_stopped = self.last_state == "stopped";
        self.stage.channel().stop();
        assert!(self.stage.has_ended(), "the task is left behind");
        assert_eq!(self.stage.at_work(), 0, "a function is left behind");
        self.look();
        self.read();
        assert!(self.is_over, "the stream goes on");
        assert_eq!(self.last_state, "stopped");
        let State::Stopped { cause } = self.stage.channel().state() else { return };
        assert!(was_stopped || matches!(cause, StopCause::Requested));
        let has_error = cause.cause().is_some_and(|cause| cause.error().is_some());
        assert_eq!(self.errors, usize::from(has_error));
        // In the order in which the peers spoke, whichever it was.
        let spoken: Vec<u64> = self.received.iter().map(|text| text.parse().unwrap()).collect();
        assert!(spoken.is_sorted(), "{spoken:?}");

        let mut handed = BTreeMap::<u64, usize>::new();
        for peer in &mut self.peers {
            peer.listen(usize::MAX);
            // By number, but for what was sent again: the first of each are in order.
            let firsts: Vec<u64> =
                peer.handed.iter().copied().filter(|id| !handed.contains_key(id)).collect();
            assert!(firsts.is_sorted(), "{firsts:?}");
            for id in &peer.handed {
                *handed.entry(*id).or_default() += 1;
            }
        }
        for (id, times) in &handed {
            assert!(*times <= self.allowed[id], "{id} was handed over {times} times");
        }
        let waiting = self.stage.channel().waiting();
        let waiting: BTreeSet<u64> = waiting.iter().map(|outgoing| outgoing.id.0).collect();
        let in_doubt = self.stage.channel().in_doubt();
        let in_doubt = in_doubt.messages.iter().map(|outgoing| outgoing.id.0);
        let in_doubt: BTreeSet<u64> = in_doubt.collect();
        assert!(waiting.is_disjoint(&self.withdrawn) && waiting.is_disjoint(&in_doubt));
        for id in &self.accepted {
            let places = [&self.withdrawn, &waiting].iter().any(|place| place.contains(id));
            assert!(places || handed.contains_key(id), "{id} is lost without a word");
        }
        for id in &in_doubt {
            assert!(handed.contains_key(id), "{id} is in doubt and was never sent");
        }
        // However the connections ended: what was handed over and neither waits to be sent again
        // nor was taken is in doubt, as nothing was ever confirmed.
        let is_accounted_for = |id: &u64| {
            [&in_doubt, &waiting, &self.taken, &self.withdrawn].iter().any(|set| set.contains(id))
        };
        assert!(handed.keys().all(is_accounted_for), "something was lost without being reported");
    }
}

impl Peer {
    fn listen(&mut self, count: usize) {
        for _ in 0..count {
            match self.remote.next().now_or_never() {
                Some(Some(Signal::Message(message))) => {
                    self.handed.push(text(&message).parse().unwrap());
                }
                Some(Some(_)) => {}
                Some(None) | None => return,
            }
        }
    }
}

#[test]
fn random_lives_keep_the_promises() {
    let mut ends = BTreeMap::<&str, usize>::new();
    for seed in 1..=LIVES {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut life = Life::new(&mut dice);
        for _ in 0..STEPS {
            life.step(&mut dice);
        }
        let state = life.stage.state();
        let end = std::panic::AssertUnwindSafe(|| life.end());
        if let Err(why) = std::panic::catch_unwind(end) {
            std::panic::resume_unwind(Box::new(format!("life {seed}: {why:?}")));
        }
        *ends.entry(state).or_default() += 1;
    }
    // They are of every kind.
    for state in ["connecting", "open", "waiting", "closing", "stopped"] {
        assert!(ends.get(state).is_some_and(|count| *count >= 20), "{ends:?}");
    }
}
