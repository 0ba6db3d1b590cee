//! A look at what comes in, on its way from the transport to the stream: to show it, measure it or
//! count it. A mailbox without one pays nothing for it.

use std::fmt;

/// A step that what the peer says makes on its way to the stream; see
/// [`Connection::tap`](crate::Connection::tap).
///
/// Messages make their steps in order and each step once, so the nth that arrived is the nth that
/// was put into the inbox and the nth that the stream yields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passage {
    /// The transport has one more message, whole. Natively this is when it was read from the socket
    /// and decoded; in a browser, when the browser handed it over.
    Arrived {
        /// Of payload.
        bytes: usize,
    },
    /// Messages that had arrived are put into the inbox in one go. Who waits for the stream is woken
    /// next, once for all of them.
    Put {
        /// How many they are, at least one.
        messages: usize,
    },
    /// The transport has said how the connection ended, and nothing more arrives. What the stream
    /// yields of it is an error, if there was one, and its end.
    Ended,
}

/// Who looks.
pub(crate) struct Tap(Box<dyn Fn(Passage) + Send + Sync>);

impl Tap {
    pub(crate) fn new(see: impl Fn(Passage) + Send + Sync + 'static) -> Self {
        Self(Box::new(see))
    }

    pub(crate) fn see(&self, passage: Passage) {
        (self.0)(passage);
    }
}

impl fmt::Debug for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tap")
    }
}
