//! The suite over the memory transports: the doubles have to be as good as what they stand for.
//!
//! No network, no thread, no runtime, no clock: where nothing more happens the executor says so,
//! and a case that waits for ever fails at once.

mod conformance;

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Wake, Waker};

use futures::executor::{LocalPool, LocalSpawner};
use futures::task::LocalSpawnExt as _;
use futures::{SinkExt as _, StreamExt as _};
use web_socket_channel::handshake::parse_response;
use web_socket_channel::memory::{self, Remote};
use web_socket_channel::{
    CloseEvent, Error, Message, NetworkError, NetworkErrorKind, Options, Signal, WebSocketChannel,
};

use conformance::ledger::Ledger;
use conformance::player::{Heard, Line, play};
use conformance::scenario::refusal;
use conformance::{
    Answer, Failed, Opening, Outcome, Scenario, Seen, Step, Transport, Until, Visit, exceptions,
    for_each_case, unplayable, verdict,
};

/// What all three have in common.
#[derive(Clone)]
struct Stage {
    ledger: Ledger,
    spawner: LocalSpawner,
    visits: Rc<RefCell<Vec<u64>>>,
}

impl Stage {
    fn new_visit(&self) -> u64 {
        let mut visits = self.visits.borrow_mut();
        let id = 3678 + visits.len() as u64;
        visits.push(id);
        id
    }

    fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        // It fails only when the pool is gone, and then nobody waits for the task.
        let _ = self.spawner.spawn_local(task);
    }
}

/// [`memory::scripted`], its far end played by the suite's own player.
struct Scripted(Stage);

/// [`memory::pair`], of which the player plays the other channel.
struct Pair(Stage);

/// [`memory::loopback`], which plays one scenario by itself.
struct Loopback(Stage);

impl Transport for Scripted {
    fn name(&self) -> &'static str {
        "memory::scripted"
    }

    fn open(&self, scenario: &Scenario, options: Options) -> Result<Opening, Failed> {
        let is_about_frames = |step: &Step| matches!(step, Step::Raw(_) | Step::Ping(_));
        if scenario.steps.iter().any(is_about_frames)
            || matches!(scenario.answer, Answer::Garbage(_))
        {
            return Err(Failed::CannotPlay(unplayable::MEMORY_HAS_NO_FRAMES));
        }
        let id = self.0.new_visit();
        let (channel, remote) = memory::scripted_with(options);
        let (scenario, ledger) = (scenario.clone(), self.0.ledger.clone());
        self.0.spawn(async move { play_remote(remote, &scenario, &ledger, id).await });
        Ok(Ok((channel, Visit(id))))
    }

    async fn seen(&self, visit: Visit, until: Until) -> Result<Seen, Failed> {
        Ok(self.0.ledger.seen(visit.0, until).await)
    }

    async fn let_go(&self, visit: Visit) -> Outcome {
        self.0.ledger.let_go(visit.0);
        Ok(())
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(task);
    }
}

async fn play_remote(remote: Remote, scenario: &Scenario, ledger: &Ledger, id: u64) {
    ledger.note(id, |_| {});
    if scenario.is_held {
        ledger.may_go_on(id).await;
    }
    match &scenario.answer {
        Answer::Accept(protocol) => {
            remote.open(protocol.as_deref());
            let mut line = RemoteLine { remote: Some(remote) };
            play(&scenario.steps, &mut line, ledger, id).await;
        }
        Answer::Refuse(status) => {
            let bytes = refusal(*status);
            if let Ok(Some((response, used))) = parse_response(&bytes, 0) {
                let response = response.with_body(&bytes[used..]);
                remote.fail(Some(Error::Refused(response.into())));
            }
        }
        Answer::Cut | Answer::Garbage(_) | Answer::Endless => {
            let lost = NetworkError::new(NetworkErrorKind::ConnectionLost, "custom");
            remote.fail(Some(lost.into()));
        }
        Answer::Silence => {
            let mut remote = remote;
            while remote.next().await.is_some() {}
        }
    }
    ledger.note(id, |seen| seen.has_ended = true);
}

struct RemoteLine {
    /// `None` once the peer has hung up.
    remote: Option<Remote>,
}

impl Line for RemoteLine {
    async fn send(&mut self, message: Message) {
        let Some(remote) = &mut self.remote else { return };
        remote.room().await;
        remote.send(message);
    }

    async fn close(&mut self, code: u16, reason: &str) {
        if let Some(remote) = &self.remote {
            remote.close(code, reason);
        }
    }

    async fn hear(&mut self) -> Heard {
        let Some(remote) = &mut self.remote else { return Heard::End };
        match remote.next().await {
            Some(Signal::Message(message)) => Heard::Message(message),
            Some(Signal::Close(frame)) => Heard::Close(frame.code, frame.reason.to_string()),
            _ => Heard::End,
        }
    }

    async fn cut(&mut self, _: bool) {
        self.remote = None;
    }

    async fn flush(&mut self) -> bool {
        self.remote.is_some()
    }

    async fn ping(&mut self, _: &[u8]) {}
    async fn raw(&mut self, _: &[u8]) {}
    async fn shut_down(&mut self) {}
}

impl Transport for Pair {
    fn name(&self) -> &'static str {
        "memory::pair"
    }

    fn open(&self, scenario: &Scenario, options: Options) -> Result<Opening, Failed> {
        let Scenario { answer: Answer::Accept(protocol), is_held: false, steps, .. } = scenario
        else {
            return Err(Failed::CannotPlay(unplayable::PAIR_IS_OPEN));
        };
        let is_beyond_a_channel = |step: &Step| {
            matches!(
                step,
                Step::Raw(_) | Step::Ping(_) | Step::Ignore | Step::Cut | Step::Reset | Step::Hold
            )
        };
        if steps.iter().any(is_beyond_a_channel) {
            return Err(Failed::CannotPlay(unplayable::PAIR_KEEPS_THE_RULES));
        }
        if steps.iter().any(|step| matches!(step, Step::Close(1001..=2999, _))) {
            return Err(Failed::CannotPlay(unplayable::PAIR_KEEPS_THE_RULES));
        }
        let default = Options::default();
        if (options.inbox, options.outbox, &options.tap)
            != (default.inbox, default.outbox, &default.tap)
        {
            return Err(Failed::CannotPlay(unplayable::PAIR_HAS_DEFAULT_BOUNDS));
        }
        let id = self.0.new_visit();
        let (channel, other) = memory::pair_with(protocol.as_deref());
        let (steps, ledger) = (steps.clone(), self.0.ledger.clone());
        self.0.spawn(async move {
            ledger.note(id, |_| {});
            let mut line = ChannelLine { channel: other, has_ended: false };
            play(&steps, &mut line, &ledger, id).await;
        });
        Ok(Ok((channel, Visit(id))))
    }

    async fn seen(&self, visit: Visit, until: Until) -> Result<Seen, Failed> {
        Ok(self.0.ledger.seen(visit.0, until).await)
    }

    async fn let_go(&self, _: Visit) -> Outcome {
        Ok(())
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(task);
    }
}

/// The other channel of a pair, seen from the player.
struct ChannelLine {
    channel: WebSocketChannel,
    has_ended: bool,
}

impl Line for ChannelLine {
    async fn send(&mut self, message: Message) {
        // To a channel that has closed meanwhile nothing more is sent.
        let _ = self.channel.feed(message).await;
    }

    async fn close(&mut self, code: u16, reason: &str) {
        let code = Some(code).filter(|code| *code != 1005);
        // The answer to a close is given by the channel itself.
        let _ = self.channel.close_with(code, reason);
    }

    async fn hear(&mut self) -> Heard {
        if self.has_ended {
            return Heard::End;
        }
        if let Some(Ok(message)) = self.channel.next().await {
            return Heard::Message(message);
        }
        self.has_ended = true;
        let CloseEvent { code, reason, was_clean, .. } = self.channel.closed().await;
        if was_clean { Heard::Close(code, reason.to_string()) } else { Heard::End }
    }

    async fn cut(&mut self, _: bool) {}
    async fn ping(&mut self, _: &[u8]) {}
    async fn raw(&mut self, _: &[u8]) {}
    async fn flush(&mut self) -> bool {
        !self.has_ended
    }

    async fn shut_down(&mut self) {}
}

impl Transport for Loopback {
    fn name(&self) -> &'static str {
        "memory::loopback"
    }

    fn open(&self, scenario: &Scenario, options: Options) -> Result<Opening, Failed> {
        let untapped = options.clone().tap(None);
        if *scenario != Scenario::echo() || untapped != Options::default() {
            return Err(Failed::CannotPlay(unplayable::LOOPBACK_ECHOES));
        }
        Ok(Ok((memory::loopback_with(options), Visit(self.0.new_visit()))))
    }

    async fn seen(&self, _: Visit, _: Until) -> Result<Seen, Failed> {
        Err(Failed::CannotPlay(unplayable::LOOPBACK_ECHOES))
    }

    async fn let_go(&self, _: Visit) -> Outcome {
        Ok(())
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(task);
    }
}

/// Runs one case until nothing more happens.
fn run<T: Transport + 'static>(
    name: &str,
    transport: fn(Stage) -> T,
    case: impl AsyncFnOnce(&T) -> Outcome + 'static,
) -> Result<(), String> {
    let mut pool = LocalPool::new();
    let stage = Stage { ledger: Ledger::default(), spawner: pool.spawner(), visits: Rc::default() };
    let outcome = Rc::new(Cell::new(None));
    let transport = transport(stage.clone());
    let transport_name = transport.name();
    stage.spawn({
        let outcome = Rc::clone(&outcome);
        async move { outcome.set(Some(case(&transport).await)) }
    });
    pool.run_until_stalled();
    let stalled = || Err(Failed::new("it waits for ever: nothing more happens"));
    let outcome = outcome.take();
    let has_stalled = outcome.is_none();
    verdict(transport_name, name, outcome.unwrap_or_else(stalled))?;
    if has_stalled {
        // A declared exception; its channel still lives in the pool.
        return Ok(());
    }

    // The channels are gone: every peer has to notice that.
    for id in stage.visits.borrow().iter() {
        stage.ledger.let_go(*id);
    }
    pool.run_until_stalled();
    match stage.ledger.first_open() {
        Some(id) => Err(format!("the connection {id} is left behind")),
        None => Ok(()),
    }
}

macro_rules! tests {
    ($($section:ident { $($case:ident)* })*) => { $(
        mod $section {
            $(
                #[test]
                fn $case() -> Result<(), String> {
                    super::super::run(
                        concat!(stringify!($section), "::", stringify!($case)),
                        super::TRANSPORT,
                        async |transport| {
                            crate::conformance::$section::$case(transport).await
                        },
                    )
                }
            )*
        }
    )* };
}

mod scripted {
    const TRANSPORT: fn(super::Stage) -> super::Scripted = super::Scripted;
    super::for_each_case!(tests);
}

mod pair {
    const TRANSPORT: fn(super::Stage) -> super::Pair = super::Pair;
    super::for_each_case!(tests);
}

mod loopback {
    const TRANSPORT: fn(super::Stage) -> super::Loopback = super::Loopback;
    super::for_each_case!(tests);
}

/// What the doubles do that no other transport can show.
mod doubles {
    use std::ops::Deref;
    use std::pin::Pin;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Wake, Waker};

    use futures::{FutureExt as _, Sink as _, Stream as _};
    use web_socket_channel::{Bound, Connection, Options, ReadyState, memory};

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// It once did, at every poll, until the peer had answered.
    #[test]
    fn a_sink_that_closes_does_not_wake_itself() {
        let (mut channel, peer) = memory::scripted();
        peer.open(None);
        let wakes = Arc::new(Count::default());
        let waker = Waker::from(Arc::clone(&wakes));
        let mut cx = Context::from_waker(&waker);
        for _ in 0..3 {
            assert!(Pin::new(&mut channel).poll_close(&mut cx).is_pending());
        }
        assert_eq!(wakes.0.load(Ordering::Relaxed), 0);
        peer.close(1005, "");
        assert_eq!(wakes.0.load(Ordering::Relaxed), 1);
        assert!(Pin::new(&mut channel).poll_close(&mut cx).is_ready());
    }

    /// A waker may be the last to hold a task, and the task a channel.
    #[test]
    fn a_waker_that_looks_at_the_channel_when_it_is_dropped_waits_for_nobody() {
        struct Looks<T: Deref<Target = Connection> + Send + Sync>(Arc<T>, Arc<Count>);

        impl<T: Deref<Target = Connection> + Send + Sync> Wake for Looks<T> {
            fn wake(self: Arc<Self>) {}
        }

        impl<T: Deref<Target = Connection> + Send + Sync> Drop for Looks<T> {
            fn drop(&mut self) {
                if self.0.ready_state() == ReadyState::Open {
                    self.1.0.fetch_add(1, Ordering::Relaxed);
                }
            }
        }

        // With an outbox that is full, so that a sink waits for room.
        let open = || {
            let one = Bound { messages: 1, bytes: 1 };
            let options = Options::default().inbox(one).outbox(one);
            let (channel, peer) = memory::scripted_with(options);
            peer.open(None);
            assert!(channel.try_send("a text").is_ok());
            (channel.split(), peer)
        };

        let looks = Arc::new(Count::default());
        let ((sink, mut stream), _peer) = open();
        let sink = Arc::new(sink);
        let mut closed = sink.closed();
        for _ in 0..2 {
            let waker = Waker::from(Arc::new(Looks(Arc::clone(&sink), Arc::clone(&looks))));
            let mut cx = Context::from_waker(&waker);
            assert!(Pin::new(&mut stream).poll_next(&mut cx).is_pending());
            assert!(closed.poll_unpin(&mut cx).is_pending());
        }
        assert_eq!(looks.0.load(Ordering::Relaxed), 1, "the first waker went for the second");

        let ((mut sink, stream), _peer) = open();
        let stream = Arc::new(stream);
        for _ in 0..2 {
            let waker = Waker::from(Arc::new(Looks(Arc::clone(&stream), Arc::clone(&looks))));
            let mut cx = Context::from_waker(&waker);
            assert!(Pin::new(&mut sink).poll_ready(&mut cx).is_pending());
        }
        assert_eq!(looks.0.load(Ordering::Relaxed), 2);
    }

    /// On a connection where nothing happens, wakers would pile up without end.
    #[test]
    fn a_future_that_is_dropped_leaves_no_waker() {
        let (channel, peer) = memory::scripted();
        peer.open(None);
        let wakes = Arc::new(Count::default());
        let waker = Waker::from(Arc::clone(&wakes));
        let mut closed = channel.closed();
        assert!(closed.poll_unpin(&mut Context::from_waker(&waker)).is_pending());
        drop(waker);
        assert_eq!(Arc::strong_count(&wakes), 2);
        drop(closed);
        assert_eq!(Arc::strong_count(&wakes), 1);
    }

    #[test]
    fn dropping_a_remote_cuts_the_connection() {
        let (channel, peer) = memory::scripted();
        peer.open(None);
        drop(peer);
        let ending = channel.closed().now_or_never();
        assert_eq!(ending.map(|event| (event.code, event.was_clean)), Some((1006, false)));
    }
}

macro_rules! names {
    ($($section:ident { $($case:ident)* })*) => {
        &[$($(concat!(stringify!($section), "::", stringify!($case)),)*)*]
    };
}

#[test]
fn every_exception_is_from_a_case_and_only_once() {
    let names: &[&str] = for_each_case!(names);
    let mut seen = Vec::new();
    for row in exceptions::all() {
        for case in row.cases {
            assert!(names.contains(case), "there is no case {case}");
            for transport in row.transports {
                assert!(!seen.contains(&(transport, case)), "{case} is listed twice");
                seen.push((transport, case));
            }
        }
    }
}

/// Who waits for the end is woken by the end, and not by each message before it.
#[test]
fn messages_wake_nobody_who_waits_for_the_end() {
    struct Counter(AtomicUsize);
    impl Wake for Counter {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    let (channel, peer) = memory::scripted();
    peer.open(None);
    let counter = Arc::new(Counter(AtomicUsize::new(0)));
    let waker = Waker::from(Arc::clone(&counter));
    let mut cx = Context::from_waker(&waker);
    let mut closed = channel.closed();
    assert!(Pin::new(&mut closed).poll(&mut cx).is_pending());
    for _ in 0..1000 {
        peer.send("one of many");
    }
    assert_eq!(counter.0.load(Ordering::Relaxed), 0);
    peer.close(1000, "");
    assert_eq!(counter.0.load(Ordering::Relaxed), 1);
    assert!(Pin::new(&mut closed).poll(&mut cx).is_ready());
}

#[test]
fn an_exception_that_is_none_fails_the_run() {
    let excepted = |outcome| verdict("ewebsock", "remote_close::with_1014", outcome);
    let expected = |outcome| verdict("native", "payloads::hello", outcome);
    assert!(excepted(Ok(())).is_err());
    assert!(excepted(Err(Failed::CannotPlay("custom"))).is_err());
    assert!(excepted(Err(Failed::new("custom"))).is_ok());
    assert!(expected(Ok(())).is_ok());
    assert!(expected(Err(Failed::CannotPlay("custom"))).is_err());
    assert!(expected(Err(Failed::new("custom"))).is_err());

    let (transport, case) = ("memory::loopback", "arguments::a_fragment_is_an_error");
    let unplayable = |outcome| verdict(transport, case, outcome);
    assert!(unplayable(Err(Failed::CannotPlay(unplayable::MEMORY_HAS_NO_URLS))).is_ok());
    assert!(unplayable(Err(Failed::CannotPlay("custom"))).is_err());
    assert!(unplayable(Err(Failed::new("custom"))).is_err());
    assert!(unplayable(Ok(())).is_err());
}

#[test]
fn the_readme_names_every_exception() {
    let readme = include_str!("../README.md").split_whitespace().collect::<Vec<_>>().join(" ");
    for reason in exceptions::all().map(|row| row.reason) {
        assert!(readme.contains(reason), "the README does not say: {reason}");
    }
}
