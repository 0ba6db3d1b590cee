//! The life of a connection as a pure state machine: signal in, phase and perhaps an output out.
//!
//! No clock, no socket and no platform: whoever feeds it signals in some order can tell what a
//! program will see.

use bytestring::ByteString;

use crate::close::{CloseEvent, CloseFrame, Initiator};
use crate::error::Error;
use crate::message::Message;
use crate::signal::{Failure, Opened, Signal};

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

/// What a signal brings about, for the channel to carry out.
#[derive(Debug)]
pub(crate) enum Output {
    /// The stream yields this message.
    Message(Message),
    /// The stream yields this error; it is the last item.
    Error(Error),
    /// The peer began to close: this goes back to it.
    Answer(CloseFrame),
    /// The message came after this end began to close, and is dropped.
    Discarded(Message),
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

    /// The transport says something.
    pub(crate) fn on_signal(&mut self, signal: Signal) -> Option<Output> {
        if self.state == ReadyState::Closed {
            return None;
        }
        match signal {
            Signal::Open(opened) => {
                self.opened = Some(opened);
                if self.state == ReadyState::Connecting {
                    self.state = ReadyState::Open;
                }
                None
            }
            Signal::Message(message) => Some(if self.state == ReadyState::Open {
                Output::Message(message)
            } else {
                Output::Discarded(message)
            }),
            Signal::Close(frame) => {
                let began = if self.state == ReadyState::Closing {
                    Initiator::Local
                } else {
                    Initiator::Remote
                };
                self.end(frame.code, frame.reason.clone(), true, began);
                (began == Initiator::Remote).then_some(Output::Answer(frame))
            }
            Signal::Fail(failure) => self.fail(failure),
        }
    }

    fn fail(&mut self, Failure { code, error }: Failure) -> Option<Output> {
        let was_closing = self.state == ReadyState::Closing;
        let began = if was_closing && error.is_none() {
            // The peer never answered our close, or cut the connection instead.
            Initiator::Local
        } else {
            Initiator::Failure
        };
        self.error = error.clone();
        self.end(code, ByteString::new(), false, began);
        // Nothing is delivered after a local close, errors included; `ready` still tells them.
        error.filter(|_| !was_closing).map(Output::Error)
    }

    fn end(&mut self, code: u16, reason: ByteString, was_clean: bool, initiator: Initiator) {
        self.state = ReadyState::Closed;
        self.ending = Some(CloseEvent { code, reason, was_clean, initiator });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Timeout;
    use crate::status;
    use std::time::Duration;

    fn open() -> Signal {
        Signal::Open(Opened { protocol: Some("raisin".into()), extensions: "".into() }.into())
    }

    fn frame() -> CloseFrame {
        CloseFrame { code: 3678, reason: "raisin".into() }
    }

    fn cut() -> Signal {
        Signal::Fail(Failure { code: status::ABNORMAL_CLOSURE, error: None })
    }

    fn timeout() -> Signal {
        let error = Error::Timeout(Timeout::Connect(Duration::from_secs(10)));
        Signal::Fail(Failure { code: status::ABNORMAL_CLOSURE, error: Some(error) })
    }

    fn ending(life: &Lifecycle) -> (u16, &str, bool, Initiator) {
        let event = life.ending().expect("it has ended");
        (event.code, &event.reason, event.was_clean, event.initiator)
    }

    #[test]
    fn a_plain_life() {
        let mut life = Lifecycle::new();
        assert_eq!(life.state(), ReadyState::Connecting);
        assert!(life.on_signal(open()).is_none());
        assert_eq!(life.state(), ReadyState::Open);
        let output = life.on_signal(Signal::Message("a".into()));
        assert!(matches!(output, Some(Output::Message(message)) if message.as_text() == Some("a")));
        assert!(life.close());
        assert_eq!(life.state(), ReadyState::Closing);
        assert!(life.on_signal(Signal::Close(frame())).is_none());
        assert_eq!(ending(&life), (3678, "raisin", true, Initiator::Local));
        assert_eq!(life.opened().and_then(|o| o.protocol.as_deref()), Some("raisin"));
    }

    #[test]
    fn the_peer_closes_and_is_answered_with_its_own_frame() {
        let mut life = Lifecycle::new();
        life.on_signal(open());
        let output = life.on_signal(Signal::Close(frame()));
        assert!(matches!(output, Some(Output::Answer(answer)) if answer == frame()));
        assert_eq!(ending(&life), (3678, "raisin", true, Initiator::Remote));
        assert!(!life.close(), "there is nothing left to close");
    }

    #[test]
    fn nothing_is_delivered_after_a_local_close() {
        let mut life = Lifecycle::new();
        life.on_signal(open());
        life.close();
        assert!(matches!(
            life.on_signal(Signal::Message("late".into())),
            Some(Output::Discarded(_))
        ));
        assert!(life.on_signal(timeout()).is_none());
        assert_eq!(ending(&life), (1006, "", false, Initiator::Failure));
    }

    #[test]
    fn a_close_before_the_handshake_is_done_lets_it_finish() {
        let mut life = Lifecycle::new();
        assert!(life.close());
        life.on_signal(open());
        assert_eq!(life.state(), ReadyState::Closing);
        assert!(life.opened().is_some());
        life.on_signal(Signal::Close(frame()));
        assert_eq!(ending(&life), (3678, "raisin", true, Initiator::Local));
    }

    #[test]
    fn a_failed_handshake_is_an_item_and_an_error() {
        let mut life = Lifecycle::new();
        assert!(matches!(life.on_signal(timeout()), Some(Output::Error(Error::Timeout(_)))));
        assert!(life.error().is_some());
        assert_eq!(ending(&life), (1006, "", false, Initiator::Failure));
    }

    #[test]
    fn a_cut_is_no_error_but_not_clean() {
        let mut life = Lifecycle::new();
        life.on_signal(open());
        assert!(life.on_signal(cut()).is_none());
        assert_eq!(ending(&life), (1006, "", false, Initiator::Failure));
    }

    #[test]
    fn a_peer_that_never_answers_the_close() {
        let mut life = Lifecycle::new();
        life.on_signal(open());
        life.close();
        assert!(life.on_signal(cut()).is_none());
        assert_eq!(ending(&life), (1006, "", false, Initiator::Local));
    }

    /// Every order of up to five signals: the state only moves forward, exactly one ending, at
    /// most one error, nothing after the end, nothing delivered after a local close.
    #[test]
    fn every_order_of_signals_keeps_the_promises() {
        let count = 6_usize;
        let length = 5_u32;
        for order in 0..count.pow(length) {
            let mut life = Lifecycle::new();
            let mut rest = order;
            let mut errors = 0;
            for _ in 0..length {
                let before = life.state();
                let closing = before >= ReadyState::Closing;
                let output = match rest % count {
                    0 => life.on_signal(open()),
                    1 => life.on_signal(Signal::Message("m".into())),
                    2 => life.on_signal(Signal::Close(frame())),
                    3 => life.on_signal(cut()),
                    4 => life.on_signal(timeout()),
                    _ => {
                        assert_eq!(life.close(), !closing);
                        None
                    }
                };
                rest /= count;
                assert!(life.state() >= before, "order {order} went back");
                assert_eq!(life.ending().is_some(), life.state() == ReadyState::Closed);
                match output {
                    Some(Output::Message(_)) => assert_eq!(before, ReadyState::Open),
                    Some(Output::Error(_)) => {
                        errors += 1;
                        assert!(!closing);
                    }
                    Some(Output::Answer(_)) => assert!(!closing),
                    Some(Output::Discarded(_)) => assert_ne!(before, ReadyState::Closed),
                    None => {}
                }
            }
            assert!(errors <= 1, "order {order} told {errors} errors");
        }
    }
}
