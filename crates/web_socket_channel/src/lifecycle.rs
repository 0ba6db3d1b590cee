//! The life of a connection as a pure state machine: what has happened goes in, and what a program
//! is told comes out. Messages are none of its business.
//!
//! No clock, no socket and no platform: whoever feeds it events in some order can tell what a
//! program will see.

use bytestring::ByteString;

use crate::close::{CloseEvent, CloseFrame, Initiator};
use crate::error::Error;
use crate::signal::{Failure, Opened};

/// Where a connection is in its life. WHATWG's `readyState`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReadyState {
    /// The handshake is under way. Messages may be sent already; they wait.
    Connecting,
    /// Messages flow.
    Open,
    /// This end has begun to close; nothing more is delivered or accepted.
    Closing,
    /// The connection is over, or was never made.
    Closed,
}

/// The state of one connection.
#[derive(Debug)]
pub(crate) struct Lifecycle {
    state: ReadyState,
    opened: Option<Box<Opened>>,
    error: Option<Error>,
    ending: Option<CloseEvent>,
}

impl Lifecycle {
    pub(crate) fn new() -> Self {
        Self { state: ReadyState::Connecting, opened: None, error: None, ending: None }
    }

    pub(crate) fn state(&self) -> ReadyState {
        self.state
    }

    /// What the handshake settled; known from then on, also after the close.
    pub(crate) fn opened(&self) -> Option<&Opened> {
        self.opened.as_deref()
    }

    /// The error that ended the connection, if one did.
    pub(crate) fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }

    /// How it ended; known once the state is `Closed`, and only then.
    pub(crate) fn ending(&self) -> Option<&CloseEvent> {
        self.ending.as_ref()
    }

    /// This end begins to close. True if the peer is to be told; false if it is closing already.
    pub(crate) fn close(&mut self) -> bool {
        let begins = self.state < ReadyState::Closing;
        if begins {
            self.state = ReadyState::Closing;
        }
        begins
    }

    /// The handshake is done.
    pub(crate) fn on_open(&mut self, opened: Box<Opened>) {
        if self.state < ReadyState::Closed {
            self.opened = Some(opened);
        }
        if self.state == ReadyState::Connecting {
            self.state = ReadyState::Open;
        }
    }

    /// The peer has sent a close frame. Gives what goes back to it, if it has begun.
    pub(crate) fn on_close(&mut self, frame: CloseFrame) -> Option<CloseFrame> {
        if self.state == ReadyState::Closed {
            return None;
        }
        let (initiator, answer) = match self.state {
            ReadyState::Closing => (Initiator::Local, None),
            _ => (Initiator::Remote, Some(frame.clone())),
        };
        self.end(frame.code, frame.reason, true, initiator);
        answer
    }

    /// The connection is over without a closing handshake.
    pub(crate) fn on_fail(&mut self, Failure { code, error, cause }: Failure) {
        if self.state == ReadyState::Closed {
            return;
        }
        let initiator = if self.state == ReadyState::Closing && error.is_none() {
            // The peer never answered our close, or cut the connection instead.
            Initiator::Local
        } else {
            Initiator::Failure
        };
        self.error = error;
        self.end(code, ByteString::new(), false, initiator);
        self.ending = self.ending.take().map(|ending| ending.with_cause(cause));
    }

    fn end(&mut self, code: u16, reason: ByteString, was_clean: bool, initiator: Initiator) {
        self.state = ReadyState::Closed;
        self.ending = Some(CloseEvent::new(code, reason, was_clean, initiator));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Timeout;
    use std::time::Duration;

    fn opened() -> Box<Opened> {
        Opened { protocol: Some("chat".into()), ..Opened::default() }.into()
    }

    fn frame() -> CloseFrame {
        CloseFrame { code: 4000, reason: "enough".into() }
    }

    fn cut() -> Failure {
        Failure::abnormal(None)
    }

    fn timeout() -> Failure {
        let error = Error::Timeout(Timeout::Connect(Duration::from_secs(10)));
        Failure::abnormal(Some(error))
    }

    fn open() -> Lifecycle {
        let mut life = Lifecycle::new();
        assert_eq!(life.state(), ReadyState::Connecting);
        life.on_open(opened());
        assert_eq!(life.state(), ReadyState::Open);
        life
    }

    fn ending(life: &Lifecycle) -> (u16, &str, bool, Initiator) {
        let event = life.ending().expect("it has ended");
        (event.code, &event.reason, event.was_clean, event.initiator)
    }

    #[test]
    fn a_plain_life() {
        let mut life = open();
        assert!(life.close());
        assert_eq!(life.state(), ReadyState::Closing);
        assert!(life.on_close(frame()).is_none());
        assert_eq!(ending(&life), (4000, "enough", true, Initiator::Local));
        assert_eq!(life.opened().and_then(|o| o.protocol.as_deref()), Some("chat"));
    }

    #[test]
    fn a_peers_close_is_answered_with_its_frame() {
        let mut life = open();
        assert_eq!(life.on_close(frame()), Some(frame()));
        assert_eq!(ending(&life), (4000, "enough", true, Initiator::Remote));
        assert!(!life.close(), "there is nothing left to close");
    }

    #[test]
    fn a_close_before_the_handshake_lets_it_finish() {
        let mut life = Lifecycle::new();
        assert!(life.close());
        life.on_open(opened());
        assert_eq!(life.state(), ReadyState::Closing);
        assert!(life.opened().is_some());
        life.on_close(frame());
        assert_eq!(ending(&life), (4000, "enough", true, Initiator::Local));
    }

    #[test]
    fn a_failed_handshake_is_an_error() {
        let mut life = Lifecycle::new();
        life.on_fail(timeout());
        assert!(matches!(life.error(), Some(Error::Timeout(_))));
        assert_eq!(ending(&life), (1006, "", false, Initiator::Failure));
    }

    #[test]
    fn a_cut_is_no_error_but_not_clean() {
        let mut life = open();
        life.on_fail(cut());
        assert!(life.error().is_none());
        assert_eq!(ending(&life), (1006, "", false, Initiator::Failure));
    }

    #[test]
    fn an_unanswered_close_is_ours() {
        let mut life = open();
        life.close();
        life.on_fail(cut());
        assert_eq!(ending(&life), (1006, "", false, Initiator::Local));
    }

    /// Every order of up to five events: the state only moves forward, and there is one ending,
    /// which nothing changes afterwards.
    #[test]
    fn every_order_of_events_keeps_the_promises() {
        let count = 5_usize;
        let length = 5_u32;
        for order in 0..count.pow(length) {
            let mut life = Lifecycle::new();
            let mut rest = order;
            for _ in 0..length {
                let (before, ended) = (life.state(), life.ending().cloned());
                match rest % count {
                    0 => life.on_open(opened()),
                    1 => {
                        let answers = life.on_close(frame()).is_some();
                        assert_eq!(answers, before < ReadyState::Closing);
                    }
                    2 => life.on_fail(cut()),
                    3 => life.on_fail(timeout()),
                    _ => assert_eq!(life.close(), before < ReadyState::Closing),
                }
                rest /= count;
                assert!(life.state() >= before, "order {order} went back");
                assert_eq!(life.ending().is_some(), life.state() == ReadyState::Closed);
                assert!(ended.is_none() || life.ending() == ended.as_ref(), "order {order}");
            }
        }
    }
}
