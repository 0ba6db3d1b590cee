//! Watches over an open WebSocket: pings a client that is quiet, and notices one that is gone, one
//! that doesn't read, one that sends too fast and one that never ends its message.
//!
//! It is a stream and a sink around another, so that whoever talks through it has nothing to do with
//! time. The clock is hardly asked while there is something else to do. It is also where a client that
//! always has something to say is interrupted, so that the others have their turn.

use std::mem;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use futures_util::{Sink, Stream};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::yield_now;
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_tungstenite::tungstenite::protocol::Message;
use tracing::info;

use crate::Config;
use crate::fault::Fault;
use crate::keep_alive::{KeepAlive, Look};
use crate::meter::{Meter, Metered};
use crate::metrics::Metrics;
use crate::rate::Rate;
use crate::session::Socket;
use crate::socket::{Step, WebSocket};

/// How many frames are taken of a client, and how many messages are put for it, before others have their
/// turn: some 60 µs of the shortest ones.
const MAX_STEPS: u32 = 1024;

/// How many bytes are taken of a client before others have their turn.
const MAX_BYTES: u32 = 512 * 1024;

/// A timer that is so late means that the whole process stood still, as in a container that was paused,
/// or that the machine has far too much to do. Who couldn't be heard meanwhile has not been silent.
const LATE: Duration = Duration::from_millis(100);

/// An open WebSocket with its watch.
pub(crate) struct Guard<'a, S> {
    socket: WebSocket<'a, Metered<S>>,
    config: &'a Config,
    tally: Tally<'a>,
    /// What is left of this turn.
    steps: u32,
    bytes: u32,
    /// Messages that were put since a turn was given to others for it.
    puts: u32,
    /// Fires when the first of the times below is up, or before.
    timer: Pin<Box<Sleep>>,
    /// Whom the timer wakes already, so that it needn't be told with every message.
    woken: Option<Waker>,
    keep_alive: KeepAlive,
    /// When the keep-alive looks again.
    look_at: Instant,
    /// There only while something waits to be written: since when nothing of it was taken, and how much
    /// had been written by then.
    stall: Option<(Instant, u64)>,
    /// There only while a message has begun: since when, and how many had come before it.
    unfinished: Option<(Instant, u64)>,
    /// Nothing was read for a while, as the client takes nothing.
    was_held_back: bool,
    was_late: bool,
    /// A time is up, and the socket was asked once more.
    has_asked: bool,
    rate: Option<Box<(Rate, Instant)>>,
}

/// How much of a message is logged where that was asked for.
const MAX_LOGGED_BYTES: usize = 256;

fn log(direction: &str, message: &Message) {
    let (kind, payload) = match message {
        Message::Text(text) => ("text", text.as_bytes()),
        Message::Binary(bytes) => ("binary", &bytes[..]),
        _ => return,
    };
    let shown = payload[..payload.len().min(MAX_LOGGED_BYTES)].escape_ascii();
    info!(direction, kind, bytes = payload.len(), %shown, "message");
}

/// What one connection has counted. It is added to the metrics whenever there is nothing else to do,
/// and at the end.
struct Tally<'a> {
    meter: Arc<Meter>,
    metrics: &'a Metrics,
    messages_received: u64,
    messages_sent: u64,
    /// What of it is in the metrics.
    published: [u64; 4],
}

impl<'a, S> Guard<'a, S> {
    pub(crate) fn new(
        socket: WebSocket<'a, Metered<S>>,
        meter: Arc<Meter>,
        config: &'a Config,
        metrics: &'a Metrics,
    ) -> Self {
        let now = Instant::now();
        let look_at = now + config.ping_interval;
        let read = meter.read();
        Self {
            socket,
            config,
            tally: Tally {
                meter,
                metrics,
                messages_received: 0,
                messages_sent: 0,
                published: [0; 4],
            },
            steps: MAX_STEPS,
            bytes: MAX_BYTES,
            puts: 0,
            timer: Box::pin(sleep_until(look_at)),
            woken: None,
            keep_alive: KeepAlive::new(read, now),
            look_at,
            stall: None,
            unfinished: None,
            was_held_back: false,
            was_late: false,
            has_asked: false,
            rate: config.max_frames_per_sec.map(|most| Box::new((Rate::new(most), now))),
        }
    }
}

impl Tally<'_> {
    fn publish(&mut self) {
        let counts = [
            (self.messages_received, &self.metrics.messages_received),
            (self.messages_sent, &self.metrics.messages_sent),
            (self.meter.read(), &self.metrics.bytes_received),
            (self.meter.written(), &self.metrics.bytes_sent),
        ];
        for (published, (now, metric)) in self.published.iter_mut().zip(counts) {
            if now > *published {
                metric.add(now - mem::replace(published, now));
            }
        }
    }
}

impl Drop for Tally<'_> {
    fn drop(&mut self) {
        self.publish();
    }
}

/// Lets all others have their turn, and what has come for them be noticed, before this task goes on.
fn give_way<T>(context: &mut Context<'_>) -> Poll<T> {
    let _ = pin!(yield_now()).poll(context);
    Poll::Pending
}

impl<S: AsyncRead + AsyncWrite + Unpin> Guard<'_, S> {
    pub(crate) fn meter(&self) -> &Arc<Meter> {
        &self.tally.meter
    }

    /// How many messages were received and sent.
    pub(crate) fn messages(&self) -> (u64, u64) {
        (self.tally.messages_received, self.tally.messages_sent)
    }

    /// The stream below, with what wasn't read from it lost.
    pub(crate) fn into_stream(self) -> Metered<S> {
        self.socket.into_stream()
    }

    /// Looks after a client that nothing can be done for at the moment. Where nothing `is_read` for want
    /// of room, nobody can tell whether the client is there.
    fn poll_watch(&mut self, is_read: bool, context: &mut Context<'_>) -> Poll<Fault> {
        self.note(is_read);
        loop {
            ready!(self.poll_timer(context));
            let now = Instant::now();
            let is_late = now - self.timer.deadline() > LATE;
            if is_late && !mem::replace(&mut self.was_late, is_late) {
                self.wait_again(now);
            }
            self.was_late = is_late;
            if let Some(fault) = self.overdue(now, is_read) {
                if mem::replace(&mut self.has_asked, true) {
                    return Poll::Ready(fault);
                }
                // What the system knows of the socket may not have been asked for since it came.
                return give_way(context);
            }
            self.has_asked = false;
            let next = self.next();
            self.set_timer(next);
            if self.socket.has_unwritten()
                && let Poll::Ready(Err(fault)) = self.socket.poll_flush(context)
            {
                return Poll::Ready(fault);
            }
        }
    }

    /// Sees what has begun and what is over since it was last looked after.
    fn note(&mut self, is_read: bool) {
        let written = self.tally.meter.written();
        if !self.socket.has_unwritten() {
            self.stall = None;
        } else if self.stall.is_none_or(|(_, seen)| seen != written) {
            self.stall = Some((Instant::now(), written));
        }
        if !is_read {
            // It is not the client's time that passes.
            self.unfinished = None;
            self.was_held_back = true;
        } else {
            let count = self.tally.messages_received;
            if !self.socket.is_within_message() {
                self.unfinished = None;
            } else if self.unfinished.is_none_or(|(_, seen)| seen != count) {
                self.unfinished = Some((Instant::now(), count));
            }
            if mem::take(&mut self.was_held_back) {
                self.keep_alive.restart(Instant::now());
            }
            let read = self.tally.meter.read();
            if self.keep_alive.hears(read)
                && let Look::Again(at) = self.keep_alive.look(self.config, read, Instant::now())
            {
                self.look_at = at;
            }
        }
        let next = self.next();
        if next < self.timer.deadline() {
            self.set_timer(next);
        }
    }

    fn set_timer(&mut self, at: Instant) {
        self.timer.as_mut().reset(at);
        self.woken = None;
    }

    fn poll_timer(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let is_woken = self.woken.as_ref().is_some_and(|waker| waker.will_wake(context.waker()));
        if is_woken && !self.timer.is_elapsed() {
            return Poll::Pending;
        }
        let polled = self.timer.as_mut().poll(context);
        self.woken = polled.is_pending().then(|| context.waker().clone());
        polled
    }

    /// When something is up next.
    fn next(&self) -> Instant {
        let stall = self.stall.map(|(since, _)| since + self.config.stall_timeout);
        let message = self.unfinished.map(|(since, _)| since + self.config.message_timeout);
        [stall, message].into_iter().flatten().fold(self.look_at, Instant::min)
    }

    /// What is up by now.
    fn overdue(&mut self, now: Instant, is_read: bool) -> Option<Fault> {
        let is_up = |since: Option<(Instant, u64)>, time| {
            since.is_some_and(|(since, _)| now >= since + time)
        };
        if is_up(self.stall, self.config.stall_timeout) {
            return Some(Fault::Stalled);
        }
        if is_up(self.unfinished, self.config.message_timeout) {
            return Some(Fault::TooSlow);
        }
        if !is_read {
            self.keep_alive.restart(now);
        }
        match self.keep_alive.look(self.config, self.tally.meter.read(), now) {
            Look::Again(at) => self.look_at = at,
            Look::Ping(at) => {
                self.look_at = at;
                self.socket.ping();
            }
            Look::Gone => return Some(Fault::Silent),
        }
        None
    }

    /// Gives every time that may be up the whole of it once more.
    fn wait_again(&mut self, now: Instant) {
        for (since, _) in [&mut self.stall, &mut self.unfinished].into_iter().flatten() {
            *since = now;
        }
        self.keep_alive.wait_again(now);
    }

    /// Counts a frame.
    ///
    /// # Errors
    /// There were too many in this second.
    fn count_frame(&mut self) -> Result<(), Fault> {
        self.steps = self.steps.saturating_sub(1);
        if let Some((rate, start)) = self.rate.as_deref_mut()
            && !rate.take(start.elapsed())
        {
            return Err(Fault::TooFast);
        }
        Ok(())
    }

    fn begin_turn(&mut self) {
        (self.steps, self.bytes) = (MAX_STEPS, MAX_BYTES);
    }

    /// Looks after a client that takes nothing for now.
    fn poll_written(
        &mut self,
        written: Poll<Result<(), Fault>>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), Fault>> {
        match written {
            Poll::Ready(result) => Poll::Ready(result),
            Poll::Pending => self.poll_watch(false, context).map(Err),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Guard<'_, S> {
    /// The next message; short ones are sent back, and not returned, if it `echoes`.
    #[inline]
    fn poll_message(
        &mut self,
        echoes: bool,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Message, Fault>>> {
        // What is too much, or is logged, is looked at before it is sent back.
        let echoes = echoes && !self.config.log_payloads && self.rate.is_none();
        loop {
            if self.steps == 0 || self.bytes == 0 {
                self.begin_turn();
                // A client may be busy with a message for ever.
                return match self.poll_watch(true, context) {
                    Poll::Ready(fault) => Poll::Ready(Some(Err(fault))),
                    Poll::Pending => give_way(context),
                };
            }
            match self.socket.poll_step(echoes, context) {
                Poll::Ready(Ok(Step::Read(bytes))) => {
                    let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
                    self.bytes = self.bytes.saturating_sub(bytes);
                }
                Poll::Ready(Ok(Step::Frame)) => self.count_frame()?,
                Poll::Ready(Ok(Step::Echoed)) => {
                    self.tally.messages_received += 1;
                    self.tally.messages_sent += 1;
                    self.count_frame()?;
                }
                Poll::Ready(Ok(Step::Message(message))) => {
                    self.tally.messages_received += 1;
                    if self.config.log_payloads {
                        log("received", &message);
                    }
                    self.count_frame()?;
                    return Poll::Ready(Some(Ok(message)));
                }
                Poll::Ready(Ok(Step::End)) => return Poll::Ready(None),
                Poll::Ready(Err(fault)) => return Poll::Ready(Some(Err(fault))),
                Poll::Pending => {
                    self.begin_turn();
                    self.tally.publish();
                    let is_read = !self.socket.is_held_back();
                    return self.poll_watch(is_read, context).map(|fault| Some(Err(fault)));
                }
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Stream for Guard<'_, S> {
    type Item = Result<Message, Fault>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_message(false, context)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Sink<Message> for Guard<'_, S> {
    type Error = Fault;

    fn poll_ready(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), Self::Error>> {
        if self.puts >= MAX_STEPS {
            self.puts = 0;
            return give_way(context);
        }
        let written = self.socket.poll_ready(context);
        self.poll_written(written, context)
    }

    fn start_send(mut self: Pin<&mut Self>, message: Message) -> Result<(), Self::Error> {
        if self.config.log_payloads {
            log("sent", &message);
        }
        // A message in fragments counts as one.
        let is_message = match &message {
            Message::Text(_) | Message::Binary(_) => true,
            Message::Frame(frame) => frame.header().is_final,
            _ => false,
        };
        self.tally.messages_sent += u64::from(is_message);
        self.puts += 1;
        self.socket.start_send(message)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), Self::Error>> {
        let written = self.socket.poll_flush(context);
        self.poll_written(written, context)
    }

    fn poll_close(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), Self::Error>> {
        self.poll_flush(context)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Socket for Guard<'_, S> {
    fn keep(&mut self, bytes: usize) -> Result<(), Fault> {
        self.socket.keep(bytes)
    }

    fn poll_echo(&mut self, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_message(true, context)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]
mod tests {
    use std::io;
    use std::task::Waker;

    use tokio::io::ReadBuf;
    use tokio::time::{sleep, timeout};

    use super::*;
    use crate::memory_budget::MemoryBudget;
    use crate::session::{End, echo};

    /// A client that sends the same bytes again and again.
    struct Client {
        bytes: Vec<u8>,
        /// How long it waits in between; without it there is always something to read.
        pause: Option<Pin<Box<Sleep>>>,
        every: Duration,
        /// Whether it takes what it is sent.
        is_reading: bool,
        /// How much was read of it.
        sent: usize,
    }

    impl AsyncRead for Client {
        fn poll_read(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
            buffer: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            let every = self.every;
            if let Some(pause) = &mut self.pause {
                ready!(pause.as_mut().poll(context));
                pause.as_mut().reset(Instant::now() + every);
                buffer.put_slice(&self.bytes);
                return Poll::Ready(Ok(()));
            }
            while buffer.remaining() >= self.bytes.len() {
                buffer.put_slice(&self.bytes);
            }
            self.sent += buffer.filled().len();
            Poll::Ready(Ok(()))
        }
    }

    impl AsyncWrite for Client {
        fn poll_write(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            if self.is_reading { Poll::Ready(Ok(bytes.len())) } else { Poll::Pending }
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    fn guard<'a>(
        config: &'a Config,
        metrics: &'a Metrics,
        first: &[u8],
        client: Client,
    ) -> Guard<'a, Client> {
        let share = Arc::new(MemoryBudget::new(4 << 20)).share([127, 0, 0, 1].into());
        let stream = Metered::new(client);
        let meter = Arc::clone(stream.meter());
        let socket = WebSocket::new(stream, first, config, share);
        Guard::new(socket, meter, config, metrics)
    }

    /// A frame without a payload.
    fn empty(first: u8) -> Vec<u8> {
        vec![first, 0x80, 0, 0, 0, 0]
    }

    #[tokio::test]
    async fn a_flood_lets_others_have_their_turn() {
        let (config, metrics) = (Config::default(), Metrics::default());
        for (what, first, bytes) in [
            ("pings", vec![], empty(0x89)),
            ("pongs", vec![], empty(0x8a)),
            ("empty messages", vec![], empty(0x82)),
            ("empty continuations", empty(0x02), empty(0x00)),
            (
                "messages",
                vec![],
                [empty(0x82)[..1].to_vec(), vec![0xfe, 4, 0], vec![0; 1_028]].concat(),
            ),
        ] {
            let client =
                Client { bytes, pause: None, every: Duration::ZERO, is_reading: true, sent: 0 };
            let mut guard = guard(&config, &metrics, &first, client);
            {
                let mut session = pin!(echo(&mut guard));
                let mut context = Context::from_waker(Waker::noop());
                for _ in 0..10 {
                    assert!(session.as_mut().poll(&mut context).is_pending(), "{what}");
                }
            }
            let sent = guard.into_stream().into_inner().sent;
            assert!(sent <= 10 * 4 * MAX_BYTES as usize, "{what}: {sent}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_reads_nothing_has_stalled_however_little_waits() {
        let config = Config { stall_timeout: Duration::from_secs(1), ..Config::default() };
        let metrics = Metrics::default();
        let every = Duration::from_millis(100);
        let client = Client {
            bytes: b"\x82\x86\0\0\0\0a text".to_vec(),
            pause: Some(Box::pin(sleep(every))),
            every,
            is_reading: false,
            sent: 0,
        };
        let mut guard = guard(&config, &metrics, b"", client);
        let end = timeout(Duration::from_secs(10), echo(&mut guard)).await.unwrap();
        assert!(matches!(end, End::Fault(Fault::Stalled)), "{end:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_that_never_ends_is_given_up_whatever_comes_in_between() {
        let config = Config { message_timeout: Duration::from_secs(5), ..Config::default() };
        let metrics = Metrics::default();
        for bytes in [empty(0x8a), empty(0x89), empty(0x00)] {
            let every = Duration::from_millis(100);
            let client = Client {
                bytes,
                pause: Some(Box::pin(sleep(every))),
                every,
                is_reading: true,
                sent: 0,
            };
            let mut guard = guard(&config, &metrics, &empty(0x02), client);
            let start = Instant::now();
            let end = timeout(Duration::from_secs(60), echo(&mut guard)).await.unwrap();
            assert!(matches!(end, End::Fault(Fault::TooSlow)), "{end:?}");
            assert!(start.elapsed() < Duration::from_secs(6));
        }
    }
}
