//! Every order in which a program and its peer can say and do things, on a scripted channel.

use std::time::Duration;

use futures::{FutureExt as _, StreamExt as _};
use web_socket_channel::memory::{Remote, scripted_with};
use web_socket_channel::{
    Bound, Error, Message, Options, ReadyState, Signal, Timeout, WebSocketChannel,
};

/// Codes that may come from a peer, right ones and wrong ones.
const CODES: [u16; 8] = [1000, 1001, 1005, 1006, 1011, 3678, 4999, 0];

/// Small enough to be filled by a short script.
const OUTBOX: Bound = Bound { messages: 3, bytes: 64 };

/// Plays the script, two bytes a step, and looks at every promise after each.
pub fn check(script: &[u8]) {
    let (channel, remote) =
        scripted_with(Options::default().inbox(Bound { messages: 4, bytes: 64 }).outbox(OUTBOX));
    let mut play = Play {
        channel,
        remote: Some(remote),
        was: ReadyState::Connecting,
        is_open: false,
        is_over: false,
        is_closed_here: false,
        sent: 0,
        expected: 0,
        yielded: 0,
        errors: 0,
        accepted: 0,
        heard: 0,
        closes_heard: 0,
    };
    for step in script.chunks(2).take(200) {
        play.step(step[0], *step.get(1).unwrap_or(&0));
        play.look();
    }
    play.remote = None;
    play.read_all();
    play.look();
    assert_eq!(play.channel.ready_state(), ReadyState::Closed, "a transport that is gone ends it");
    assert!(play.channel.closed().now_or_never().is_some(), "`closed` resolves");
    assert!(play.channel.ready().now_or_never().is_some(), "`ready` resolves");
    if !play.is_closed_here {
        assert_eq!(play.yielded, play.expected, "nothing is lost");
    }
}

struct Play {
    channel: WebSocketChannel,
    /// `None` once the peer is gone.
    remote: Option<Remote>,
    /// How the channel stood when it was last looked at.
    was: ReadyState,
    /// What the peer has said: it has opened, it has closed or failed.
    is_open: bool,
    is_over: bool,
    /// This end has closed.
    is_closed_here: bool,
    /// How many messages the peer has sent, and how many of them were sent on an open connection.
    sent: u32,
    expected: u32,
    yielded: u32,
    errors: u32,
    /// How many messages the channel has taken, and how many the peer has heard.
    accepted: u32,
    heard: u32,
    closes_heard: u32,
}

impl Play {
    fn step(&mut self, step: u8, detail: u8) {
        match step % 11 {
            0 => {
                if let Some(remote) = &self.remote {
                    remote.open(detail.is_multiple_of(2).then_some("custom"));
                    self.is_open |= !self.is_over;
                }
            }
            1 => {
                if let Some(remote) = &self.remote {
                    // On an open connection alone, as then each has its number in the order.
                    if self.is_open && !self.is_over {
                        remote.send(self.expected.to_string());
                        self.expected += 1;
                    } else {
                        remote.send("not to be delivered");
                    }
                    self.sent += 1;
                }
            }
            2 => {
                if let Some(remote) = &self.remote {
                    remote.close(CODES[usize::from(detail) % CODES.len()], "custom");
                    self.is_over = true;
                }
            }
            3 => self.fail(None),
            4 => self.fail(Some(Error::Timeout(Timeout::Pong(Duration::from_secs(3678))))),
            5 => {
                let closing = self.channel.close_with(3678, "other");
                assert!(closing.is_ok(), "the code and the reason are right");
                // What the peer has ended before is over, and not closed here.
                self.is_closed_here = true;
            }
            6 => self.send(),
            7 => {
                self.read();
            }
            8 => self.read_all(),
            9 => self.hear(),
            _ => {
                self.remote = None;
                self.is_over = true;
            }
        }
    }

    fn fail(&mut self, error: Option<Error>) {
        if let Some(remote) = &self.remote {
            remote.fail(error);
            self.is_over = true;
        }
    }

    fn send(&mut self) {
        let state = self.channel.ready_state();
        let message = Message::from(self.accepted.to_string());
        match self.channel.try_send(message.clone()) {
            Ok(()) => {
                assert!(state < ReadyState::Closing, "nothing is accepted when {state:?}");
                self.accepted += 1;
            }
            Err(unsent) => {
                assert_eq!(unsent.message, message, "it comes back");
                match unsent.error {
                    Error::Closed(_) => assert!(state >= ReadyState::Closing),
                    Error::LimitExceeded(_) => assert!(state < ReadyState::Closing),
                    other => panic!("a send fails with {other:?}"),
                }
            }
        }
    }

    fn read(&mut self) -> bool {
        match self.channel.next().now_or_never() {
            Some(Some(Ok(message))) => {
                assert!(!self.is_closed_here, "nothing is delivered after a local close");
                assert_eq!(self.errors, 0, "an error is the last item");
                assert_eq!(message.as_text(), Some(self.yielded.to_string().as_str()), "in order");
                self.yielded += 1;
                true
            }
            Some(Some(Err(_))) => {
                assert!(!self.is_closed_here, "no error is delivered after a local close");
                self.errors += 1;
                true
            }
            Some(None) => {
                assert_eq!(self.channel.ready_state(), ReadyState::Closed);
                false
            }
            None => {
                assert_ne!(self.channel.ready_state(), ReadyState::Closed, "the stream ends");
                false
            }
        }
    }

    fn read_all(&mut self) {
        while self.read() {}
    }

    fn hear(&mut self) {
        let Some(remote) = &mut self.remote else { return };
        match remote.next().now_or_never() {
            Some(Some(Signal::Message(message))) => {
                assert_eq!(self.closes_heard, 0, "nothing comes behind a close");
                assert_eq!(message.as_text(), Some(self.heard.to_string().as_str()), "in order");
                self.heard += 1;
            }
            Some(Some(Signal::Close(_))) => self.closes_heard += 1,
            Some(Some(other)) => panic!("a channel says {other:?}"),
            Some(None) => panic!("the channel is not gone"),
            None => assert_eq!(self.heard, self.accepted, "what was accepted arrives"),
        }
    }

    fn look(&mut self) {
        let state = self.channel.ready_state();
        assert!(state >= self.was, "from {:?} back to {state:?}", self.was);
        self.was = state;
        let event = self.channel.close_event();
        assert_eq!(event.is_some(), state == ReadyState::Closed);
        assert_eq!(self.channel.close_code(), event.map(|event| event.code));
        assert!(self.errors <= 1, "one error is all there is");
        assert!(self.closes_heard <= 1, "one close is all there is");
        assert!(self.yielded <= self.expected);
        if state == ReadyState::Open {
            assert_eq!(self.channel.ready().now_or_never().map(|ready| ready.is_ok()), Some(true));
        }
        let waiting = self.channel.buffered_amount();
        assert!(waiting <= OUTBOX.bytes + 3, "{waiting} bytes wait");
    }
}
