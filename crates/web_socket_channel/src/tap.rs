//! A look at what comes in, on its way from the transport to the stream: to show it, measure it or
//! count it. A queue without one pays nothing for it.

use std::fmt;
use std::sync::Arc;

/// A step that what the peer says makes on its way to the stream; see [`Tap`].
///
/// Messages make their steps in order and each step once, so the nth that arrived is the nth that
/// was put into the inbox and the nth that the stream yields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TapEvent {
    /// The transport has one more message, whole. Natively this is when it was read from the socket
    /// and decoded; in a browser, when the browser handed it over.
    Arrived {
        /// Of payload.
        bytes: usize,
    },
    /// Messages that had arrived are put into the inbox in one go. Who waits for the stream is woken
    /// next, once for all of them.
    Queued {
        /// How many they are, at least one.
        messages: usize,
    },
    /// The transport has said how the connection ended, and nothing more arrives. What the stream
    /// yields of it is an error, if there was one, and its end.
    Ended,
}

/// Who looks at each step of what comes in; one of the [`Options`](crate::Options).
///
/// For tools that show, measure or count; what is to be read is in the stream.
///
/// ```
/// use std::sync::mpsc;
///
/// use web_socket_channel::{Options, TapEvent, Tap, memory};
///
/// let (tell, told) = mpsc::channel();
/// let tap = Tap::new(move |event| tell.send(event).unwrap_or_default());
/// let channel = memory::loopback_with(Options::default().tap(Some(tap)));
/// channel.try_send("a text")?;
/// assert_eq!(told.recv()?, TapEvent::Arrived { bytes: 6 });
/// assert_eq!(told.recv()?, TapEvent::Queued { messages: 1 });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Tap(Arc<dyn Fn(TapEvent) + Send + Sync>);

impl Tap {
    /// A tap that calls `see` at each step.
    ///
    /// It is called where the transport runs, natively on another thread, and everything that comes
    /// in waits for it: so it must be quick, and must not use the channel, which may be locked. Where
    /// one thread puts messages in and another takes them out, it may hear of a [`TapEvent::Queued`] a
    /// moment after the message was read.
    pub fn new(see: impl Fn(TapEvent) + Send + Sync + 'static) -> Self {
        Self(Arc::new(see))
    }

    pub(crate) fn see(&self, event: TapEvent) {
        (self.0)(event);
    }
}

/// Two are the same if one is a clone of the other.
impl PartialEq for Tap {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Tap {}

impl fmt::Debug for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tap").finish_non_exhaustive()
    }
}
