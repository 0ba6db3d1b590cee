//! Sends the same message every so often, beside the frames: no frame is asked for but when the run ends,
//! begins to wait, or has much to tell.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app_core::composer::repeat::RepeatPlan;
use app_core::model::RepeatEvent;
use futures::channel::oneshot;
use futures::future::{Either, select};
use web_socket_channel::reconnect::ReconnectHandle;
use web_socket_channel::{Connection, Error, Message};
use web_time::Instant;

use crate::platform;

/// How many sent messages wait at most to be told. A run that has sent so many waits for a frame.
const MAX_UNTOLD: usize = 4096;

/// How many bytes of them.
const MAX_UNTOLD_BYTES: usize = 8 * 1024 * 1024;

/// How long a message waits before it is tried again, where there was no room for it.
const RETRY: Duration = Duration::from_millis(10);

/// After how many times that is worth telling: what waits for a moment only would flicker.
const RETRIES_TO_TELL: u32 = 50;

/// How far a run may be behind its times and still catch up. One that is further behind, as the process
/// was stopped or the tab in the background, goes on from then.
const MOST_LATE: Duration = Duration::from_secs(1);

/// By what a run sends.
pub(super) enum Handle {
    /// A connection that stays lost.
    Plain(Connection),
    /// One that is made again.
    Reconnecting(ReconnectHandle),
}

/// A run. It ends when this is dropped.
pub(super) struct Repeat {
    told: Arc<Told>,
    /// Whoever holds the other end is woken when this goes.
    _stop: oneshot::Sender<()>,
}

/// What a run has to tell.
struct Told {
    inner: Mutex<Inner>,
    ctx: egui::Context,
}

#[derive(Default)]
struct Inner {
    /// What was sent and is not told yet.
    sent: Vec<(Message, Instant)>,
    bytes: usize,
    count: u32,
    waits: bool,
    end: Option<Result<(), Error>>,
    /// There is something new to tell besides what was sent.
    has_news: bool,
}

impl Repeat {
    /// Begins a run.
    pub(super) fn begin(plan: RepeatPlan, handle: Handle, ctx: &egui::Context) -> Self {
        let told = Arc::new(Told { inner: Mutex::default(), ctx: ctx.clone() });
        let (stop, stopped) = oneshot::channel();
        platform::spawn(run(plan, handle, Arc::clone(&told), stopped));
        Self { told, _stop: stop }
    }

    /// What was sent since the last time, when it was sent, in order; and what became of the run.
    pub(super) fn take(&mut self) -> (Vec<(Message, Instant)>, Option<RepeatEvent>, bool) {
        let mut inner = self.told.lock();
        let sent = std::mem::take(&mut inner.sent);
        inner.bytes = 0;
        let has_news = std::mem::take(&mut inner.has_news) || !sent.is_empty();
        let progress = RepeatEvent::Progress { sent: inner.count, waits: inner.waits };
        (sent, has_news.then_some(progress), inner.end.is_some())
    }

    /// How the run ended, once everything before it was told.
    pub(super) fn take_end(&mut self) -> Option<RepeatEvent> {
        let end = self.told.lock().end.take()?;
        Some(end.map_or_else(RepeatEvent::Failed, |()| RepeatEvent::Done))
    }
}

impl Handle {
    fn try_send(&self, message: Message) -> Result<(), Error> {
        match self {
            Self::Plain(connection) => connection.try_send(message).map_err(|unsent| unsent.error),
            Self::Reconnecting(handle) => {
                handle.try_send(message).map(drop).map_err(|unsent| unsent.error)
            }
        }
    }
}

impl Told {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a message and notes it, as one step: what comes back finds it noted. `false` where there is
    /// no room for it.
    fn send(&self, handle: &Handle, message: &Message, retries: u32) -> Result<bool, Error> {
        let mut inner = self.lock();
        // At least one, however large it is.
        let is_full = inner.sent.len() >= MAX_UNTOLD
            || (!inner.sent.is_empty() && inner.bytes + message.len() > MAX_UNTOLD_BYTES);
        let outcome = if is_full { Ok(false) } else { taken(handle.try_send(message.clone())) };
        let waited = inner.waits;
        match outcome {
            Ok(true) => {
                inner.sent.push((message.clone(), Instant::now()));
                inner.bytes += message.len();
                inner.count += 1;
                inner.waits = false;
            }
            // That it waits to be told is nothing to tell.
            Ok(false) => inner.waits = !is_full && retries >= RETRIES_TO_TELL,
            Err(_) => {}
        }
        let has_news = waited != inner.waits;
        inner.has_news |= has_news;
        let is_half_full =
            inner.sent.len() == MAX_UNTOLD / 2 || inner.bytes >= MAX_UNTOLD_BYTES / 2;
        drop(inner);
        if has_news || is_full || is_half_full {
            self.ctx.request_repaint();
        }
        outcome
    }

    fn end(&self, end: Result<(), Error>) {
        self.lock().end = Some(end);
        self.ctx.request_repaint();
    }
}

/// A full outbox is no error.
fn taken(sent: Result<(), Error>) -> Result<bool, Error> {
    match sent {
        Ok(()) => Ok(true),
        Err(Error::LimitExceeded(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

async fn run(plan: RepeatPlan, handle: Handle, told: Arc<Told>, stopped: oneshot::Receiver<()>) {
    let mut stopped = stopped;
    let mut due = Instant::now();
    for number in 1..=plan.count {
        let message = plan.numbered(number);
        if !sleep_until(due, &mut stopped).await {
            return;
        }
        let mut retries = 0;
        loop {
            match told.send(&handle, &message, retries) {
                Ok(true) => break,
                Ok(false) => {
                    retries = retries.saturating_add(1);
                    if !sleep_until(Instant::now() + RETRY, &mut stopped).await {
                        return;
                    }
                }
                Err(error) => return told.end(Err(error)),
            }
        }
        due += plan.every;
        if due + MOST_LATE < Instant::now() {
            due = Instant::now();
        }
    }
    told.end(Ok(()));
}

/// Lets time pass. Gives whether the run goes on.
async fn sleep_until(time: Instant, stopped: &mut oneshot::Receiver<()>) -> bool {
    let left = time.saturating_duration_since(Instant::now());
    if left.is_zero() {
        // Nobody sends anything through it: it ends with its other half.
        return matches!(stopped.try_recv(), Ok(None));
    }
    let sleep = std::pin::pin!(platform::sleep(left));
    matches!(select(sleep, stopped).await, Either::Left(_))
}
