//! What a socket that calls back tells, the browser's and `ewebsock`'s: that it is open, what has come,
//! and how it ended.

use std::io;
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use crate::deadline::{ConnectionDeadlines, GivenUp};
use crate::error::{Error, LimitExceeded, NetworkError, NetworkErrorKind, Timeout};
use crate::message::Message;
use crate::options::Options;
use crate::outgoing::Outgoing;
use crate::queue::{Bound, Sender, Unsent};
use crate::signal::{Failure, Opened, Signal};
use crate::status;
use crate::trace;

/// What the socket says, from whatever thread it says it.
pub(crate) struct Events {
    incoming: Sender,
    pub(crate) host: String,
    max_message_bytes: usize,
    /// What is wrong where it breaks off before it is open, as sockets that call back don't say.
    unopened: NetworkErrorKind,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    has_opened: bool,
    has_ended: bool,
    /// The sending task, woken when the connection has opened or ended.
    waker: Option<Waker>,
}

impl Events {
    pub(crate) fn new(host: String, options: &Options, incoming: Sender) -> Self {
        let max_message_bytes = options.max_message_bytes;
        let unopened = NetworkErrorKind::Other;
        Self { incoming, host, max_message_bytes, unopened, state: Mutex::default() }
    }

    /// The same of a connection of which more is known.
    #[cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "only pages know more"))]
    pub(crate) fn unopened_by(self, unopened: NetworkErrorKind) -> Self {
        Self { unopened, ..self }
    }

    pub(crate) fn open(&self, opened: Opened) {
        self.lock().has_opened = true;
        trace::open(&opened);
        self.incoming.open(opened);
        self.wake();
    }

    pub(crate) fn has_opened(&self) -> bool {
        self.lock().has_opened
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.lock().has_ended
    }

    /// Whether nobody sees what still comes.
    pub(crate) fn is_discarding(&self) -> bool {
        self.has_ended() || self.incoming.is_discarding()
    }

    pub(crate) fn message(&self, message: Message) {
        if self.is_discarding() {
            return;
        }
        if message.len() > self.max_message_bytes {
            let limit = LimitExceeded::MessageTooBig { limit: self.max_message_bytes };
            return self.fail(status::MESSAGE_TOO_BIG, Error::LimitExceeded(limit));
        }
        if let Err(Unsent::Full(_)) = self.incoming.try_send(message) {
            let Bound { messages, bytes } = self.incoming.bound();
            let limit = LimitExceeded::Inbox { messages, bytes };
            self.fail(status::ABNORMAL_CLOSURE, Error::LimitExceeded(limit));
        }
    }

    /// Ends with trouble that blames nobody, and what is known of it.
    pub(crate) fn broken(&self, why: Option<io::Error>) {
        let kind = if self.has_opened() { NetworkErrorKind::Broken } else { self.unopened };
        let mut error = NetworkError::new(kind, &*self.host);
        error.source = why.map(Into::into);
        self.fail(status::ABNORMAL_CLOSURE, error.into());
    }

    /// Ends before it has begun, as the browser does not let it.
    #[cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "nobody else forbids"))]
    pub(crate) fn forbidden(&self, kind: NetworkErrorKind) {
        self.fail(status::ABNORMAL_CLOSURE, NetworkError::new(kind, &*self.host).into());
    }

    fn fail(&self, code: u16, error: Error) {
        self.end(Signal::Fail(Failure::new(code, Some(error))));
    }

    /// Says how it ended, once.
    pub(crate) fn end(&self, signal: Signal) {
        if !mem::replace(&mut self.lock().has_ended, true) {
            trace::end(&signal);
            self.incoming.end(signal);
            self.wake();
        }
    }

    /// Whether it is open; ready once it has ended. Who asks is woken by either.
    pub(crate) fn poll_ended(&self, cx: &Context<'_>) -> (bool, Poll<()>) {
        let mut state = self.lock();
        state.waker = Some(cx.waker().clone());
        (state.has_opened, if state.has_ended { Poll::Ready(()) } else { Poll::Pending })
    }

    /// Gives the connection up once that is due.
    pub(crate) fn poll_give_up(
        &self,
        deadlines: &mut ConnectionDeadlines,
        outgoing: &mut Outgoing,
        cx: &mut Context<'_>,
    ) -> Poll<()> {
        let is_open = self.has_opened();
        let error = match ready!(deadlines.poll_given_up(is_open, outgoing, cx)) {
            GivenUp::TimedOut(after) if !is_open && !outgoing.is_abandoned() => {
                Some(Error::Timeout(Timeout::Connect(after)))
            }
            GivenUp::TimedOut(_) | GivenUp::Abandoned => None,
        };
        self.end(Signal::Fail(Failure::abnormal(error)));
        Poll::Ready(())
    }

    fn wake(&self) {
        let waker = self.lock().waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
