//! The attempts: how long they may take, what the function is told, when they run out.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use futures::StreamExt as _;
use futures::executor::{LocalPool, block_on};
use futures::task::LocalSpawnExt as _;
use web_socket_channel::handshake::parse_response;
use web_socket_channel::reconnect::{Cause, Clock, Policy, ReconnectingChannel, State, StopCause};
use web_socket_channel::{
    Bound, Error, InvalidArgument, Options, ProxyError, ProxyErrorKind, Timeout, memory,
};

use super::stage::{LONG, Plan, REASON, SECOND, Stage, TEXT, bound, policy, told, unreachable};

#[test]
fn default_waits_double_to_longest() {
    let mut stage = Stage::new(Policy::default());
    let mut waits = Vec::new();
    for _ in 0..10 {
        stage.dialled().fail(None);
        waits.push(stage.wait().as_millis());
    }
    assert_eq!(waits, [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
}

#[test]
fn each_wait_is_drawn_anew() {
    let mut stage = Stage::new(policy());
    for (chance, wait) in [(0.5, 500), (0.125, 250), (1.0, 4_000), (0.25, 2_000)] {
        stage.clock.set_chance(chance);
        stage.dialled().fail(None);
        assert_eq!(stage.wait(), Duration::from_millis(wait));
    }
    // What no dice should say is no reason to panic, or never to come back.
    for chance in [-1.0, 2.0, f64::NAN, f64::INFINITY] {
        let mut stage = Stage::new(policy());
        stage.clock.set_chance(chance);
        stage.dialled().fail(None);
        assert_eq!(stage.wait(), SECOND, "{chance}");
    }
}

#[test]
fn connector_learns_number_and_cause() {
    let mut stage = Stage::new(policy());
    stage.plan([Plan::Fail(unreachable()), Plan::Hang]);
    stage.run();
    stage.wait();
    // It hangs: the attempt ends in time.
    assert_eq!(stage.state(), "connecting");
    stage.advance(Policy::default().attempt_timeout);
    assert_eq!((stage.state(), stage.at_work()), ("waiting", 0));
    stage.wait();
    stage.opened().close(1012, REASON);
    stage.wait();

    let attempts = stage.attempts();
    let numbers: Vec<u32> = attempts.iter().map(|attempt| attempt.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    assert!(attempts[0].cause.is_none());
    assert!(matches!(&attempts[1].cause, Some(Cause::Error(Error::Network(_)))));
    let limit = Policy::default().attempt_timeout;
    assert!(matches!(
        &attempts[2].cause,
        Some(Cause::Error(Error::Timeout(Timeout::Connect(after)))) if *after == limit
    ));
    assert_eq!(attempts[3].cause.as_ref().and_then(Cause::close_code), Some(1012));
}

#[test]
fn attempt_timeout_covers_connector_and_handshake() {
    let mut stage = Stage::new(policy().attempt_timeout(7 * SECOND));
    let mut peer = stage.dialled();
    stage.advance(7 * SECOND - Duration::from_nanos(1));
    assert_eq!(stage.state(), "connecting");
    stage.advance(Duration::from_nanos(1));
    assert_eq!(stage.state(), "waiting");
    assert_eq!(told(&mut peer), ["close 1001 ", "gone"]);
    // One that opens too late is not there any more.
    peer.open(None);
    assert_eq!(stage.state(), "waiting");
}

#[test]
fn refusals_are_judged_by_status() {
    let refused = |status: u16, headers: &str| {
        let head = format!("HTTP/1.1 {status} Reason\r\n{headers}\r\n");
        let (response, _) = parse_response(head.as_bytes(), 0).unwrap().unwrap();
        Error::Refused(Arc::new(response))
    };
    for (status, headers, wait_secs) in [
        (500, "", 1),
        (429, "Retry-After: 60\r\n", 61),
        (503, "Retry-After: 3600\r\n", 301),
        (408, "Retry-After: tomorrow\r\n", 1),
    ] {
        let mut stage = Stage::new(policy());
        stage.dialled().fail(Some(refused(status, headers)));
        assert_eq!(stage.wait(), wait_secs * SECOND, "{status}");
    }
    // A proxy's answer counts as well.
    let (response, _) =
        parse_response(b"HTTP/1.1 429 Reason\r\nRetry-After: 7\r\n\r\n", 0).unwrap().unwrap();
    let refused_by_proxy = ProxyError::new(ProxyErrorKind::Refused, "http://proxy", "host");
    let mut stage = Stage::new(policy());
    stage.dialled().fail(Some(refused_by_proxy.with_response(response).into()));
    assert_eq!(stage.wait(), 8 * SECOND);
    for status in [200, 302, 400, 401, 403, 404] {
        let mut stage = Stage::new(policy());
        stage.dialled().fail(Some(refused(status, "Retry-After: 1\r\n")));
        assert_eq!(stage.state(), "stopped");
        let State::Stopped { cause: StopCause::NotRetryable(cause) } = stage.channel().state()
        else {
            panic!("{:?}", stage.channel().state());
        };
        assert_eq!(cause.http_status(), Some(status));
        assert_eq!(stage.received().len(), 1, "the error");
        assert!(stage.is_over());
    }
}

#[test]
fn retry_now_overrides_retry_after() {
    let mut stage = Stage::new(policy());
    let head = b"HTTP/1.1 503 Reason\r\nRetry-After: 60\r\n\r\n";
    let (response, _) = parse_response(head, 0).unwrap().unwrap();
    stage.dialled().fail(Some(Error::Refused(Arc::new(response))));
    stage.advance(60 * SECOND);
    assert_eq!(stage.state(), "waiting");
    stage.channel().retry_now();
    assert_eq!(stage.state(), "connecting");
}

#[test]
fn max_attempts_reports_last_error() {
    let mut stage = Stage::new(policy().max_attempts(Some(3)));
    stage.plan([Plan::Fail(unreachable()), Plan::Fail(unreachable()), Plan::Fail(unreachable())]);
    stage.run();
    stage.wait();
    stage.wait();
    let State::Stopped { cause: StopCause::GaveUp { attempts: 3, last } } = stage.channel().state()
    else {
        panic!("{:?}", stage.channel().state());
    };
    let told = format!("error: {}", unreachable());
    assert_eq!(format!("error: {last}"), told);
    assert_eq!(stage.received(), [told]);
    assert!(stage.is_over() && stage.has_ended());
    stage.channel().retry_now();
    assert_eq!((stage.state(), stage.attempts().len()), ("stopped", 3));
}

#[test]
fn unstable_connections_count_as_failures() {
    let mut stage = Stage::new(policy().max_attempts(Some(2)));
    drop(stage.opened());
    stage.wait();
    drop(stage.opened());
    stage.run();
    let State::Stopped { cause: StopCause::GaveUp { attempts: 2, last } } = stage.channel().state()
    else {
        panic!("{:?}", stage.channel().state());
    };
    assert_eq!(last.close_code(), Some(1006));
    assert!(stage.is_over(), "a cut is no error");
}

#[test]
fn invalid_argument_is_not_retried() {
    let mut stage = Stage::new(policy());
    stage.plan([Plan::Fail(InvalidArgument::Fragment.into())]);
    assert_eq!(stage.state(), "stopped");
    assert_eq!(stage.received(), [format!("error: {}", InvalidArgument::Fragment)]);
    assert!(stage.is_over());
}

#[test]
fn arguments_are_checked_before_dialling() {
    let connect =
        |url, options| ReconnectingChannel::connect_with(url, options, Policy::default()).map(drop);
    assert_eq!(connect("ws://a/#", Options::default()), Err(InvalidArgument::Fragment));
    let protocols = vec!["a b".to_owned()];
    let options = Options::default().protocols(protocols);
    assert!(matches!(connect("ws://a/", options), Err(InvalidArgument::Request(_))));
}

/// A policy that can't be kept is refused by every constructor.
#[test]
fn policies_out_of_range_are_refused() {
    let zero = Duration::ZERO;
    let [no_messages, no_bytes] =
        [Bound { messages: 0, bytes: 1 }, Bound { messages: 1, bytes: 0 }];
    let refused = [
        ("first_wait", Policy::new().first_wait(zero)),
        ("first_wait", Policy::new().first_wait(Options::SHORTEST_TIME / 2)),
        ("longest_wait", Policy::new().longest_wait(zero)),
        ("longest_wait", policy().longest_wait(SECOND - Duration::from_nanos(1))),
        ("max_attempts", Policy::new().max_attempts(0)),
        ("attempt_timeout", Policy::new().attempt_timeout(zero)),
        ("close_timeout", Policy::new().close_timeout(zero)),
        ("outbox", Policy::new().outbox(no_messages)),
        ("outbox", Policy::new().outbox(no_bytes)),
        ("inbox", Policy::new().inbox(no_messages)),
        ("inbox", Policy::new().inbox(no_bytes)),
    ];
    let request = |_| std::future::pending();
    let connector = |_| std::future::pending();
    let url = "ws://127.0.0.1:1/";
    for (name, policy) in refused {
        let outcomes = [
            ReconnectingChannel::connect_with(url, Options::new(), policy.clone()).map(drop),
            ReconnectingChannel::connect_by(request, policy.clone()).map(drop),
            ReconnectingChannel::with_connector(connector, policy.clone()).map(drop),
            ReconnectingChannel::by_hand(connector, policy, &Clock::new()).map(drop),
        ];
        for outcome in outcomes {
            let Err(InvalidArgument::OutOfRange { option, .. }) = outcome else {
                panic!("{name}: {outcome:?}");
            };
            assert_eq!(option, name);
        }
    }
}

/// The ends of the ranges, and the settings that may be zero.
#[test]
fn zero_is_legal_where_documented() {
    let shortest = Options::SHORTEST_TIME;
    let policy = policy()
        .first_wait(shortest)
        .longest_wait(shortest)
        .attempt_timeout(shortest)
        .close_timeout(shortest)
        .max_attempts(3)
        .longest_retry_after(Duration::ZERO)
        .stable_after(Duration::ZERO)
        .in_doubt(Bound { messages: 0, bytes: 0 })
        .outbox(bound(1))
        .inbox(bound(1));
    let mut stage = Stage::new(policy);
    // `stable_after`: each connection that opens lets the attempts begin again.
    for _ in 0..5 {
        let peer = stage.opened();
        stage.send(TEXT);
        stage.run();
        drop(peer);
        assert_eq!(stage.wait(), shortest);
    }
    // `in_doubt`: all of it is counted, none remembered.
    let in_doubt = stage.channel().in_doubt();
    assert_eq!((in_doubt.messages.len(), in_doubt.forgotten), (0, 5));
    // `longest_retry_after`: what the server asks for is not obeyed.
    let head = b"HTTP/1.1 503 Busy\r\nRetry-After: 60\r\n\r\n";
    let (response, _) = parse_response(head, 0).unwrap().unwrap();
    stage.dialled().fail(Some(Error::Refused(Arc::new(response))));
    assert_eq!(stage.wait(), shortest);
    stage.channel().stop();
    stage.advance(LONG);
    assert!(stage.has_ended());
}

/// The function of [`ReconnectingChannel::connect_by`] runs on the platform's own time.
#[test]
fn failing_request_is_retried_unless_invalid() {
    let mut answers = vec![
        Err(InvalidArgument::Fragment.into()),
        // Whoever gives out tokens refuses us: that is no refusal of the server.
        Err(Error::Closed(None)),
        Err(unreachable()),
    ];
    let policy = policy().first_wait(Options::SHORTEST_TIME);
    let request = move |_| std::future::ready(answers.pop().unwrap());
    let mut channel = ReconnectingChannel::connect_by(request, policy).unwrap();
    let error = block_on(channel.next()).unwrap().unwrap_err();
    assert!(matches!(error, Error::InvalidArgument(_)));
    assert!(block_on(channel.next()).is_none());
    let State::Stopped { cause: StopCause::NotRetryable(cause) } = channel.state() else {
        panic!("{:?}", channel.state());
    };
    assert!(matches!(cause, Cause::Request(Error::InvalidArgument(_))), "{cause}");
}

#[test]
fn invalid_url_is_not_retried() {
    let request = |_| std::future::ready(Ok(("no url".to_owned(), Options::default())));
    let channel = ReconnectingChannel::connect_by(request, Policy::default()).unwrap();
    let undelivered = block_on(channel.ended());
    assert!(matches!(
        undelivered.cause,
        StopCause::NotRetryable(Cause::Error(Error::InvalidArgument(invalid)))
            if matches!(*invalid, InvalidArgument::Url(_))
    ));
}

#[test]
fn dropped_task_stops_the_channel() {
    let clock = Clock::new();
    let connector = |_| std::future::pending();
    let (mut channel, task) = ReconnectingChannel::by_hand(connector, policy(), &clock).unwrap();
    channel.try_send(TEXT).unwrap();
    drop(task);
    let undelivered = block_on(channel.ended());
    assert!(matches!(undelivered.cause, StopCause::NotRetryable(_)));
    assert_eq!(undelivered.waiting.len(), 1);
    assert!(block_on(channel.next()).unwrap().is_err());
    assert!(block_on(channel.next()).is_none());

    // Whoever has closed is told of no error.
    let (channel, task) = ReconnectingChannel::by_hand(connector, policy(), &clock).unwrap();
    let ended = channel.close();
    drop(task);
    assert!(matches!(block_on(ended).cause, StopCause::Requested));
}

/// On one thread with others: each gets its turn, however fast the attempts fail.
#[test]
fn failing_connector_starves_no_task() {
    let attempts = Arc::new(AtomicUsize::new(0));
    let connector = {
        let attempts = Arc::clone(&attempts);
        move |_| {
            attempts.fetch_add(1, Ordering::Relaxed);
            std::future::ready(Err(unreachable()))
        }
    };
    let clock = Clock::new();
    // Waits of no length at all, the shortest that can be drawn.
    clock.set_chance(0.0);
    let (_channel, task) = ReconnectingChannel::by_hand(connector, policy(), &clock).unwrap();
    let mut pool = LocalPool::new();
    pool.spawner().spawn_local(task).unwrap();
    let mut other = memory::loopback();
    pool.run_until(async {
        for number in 0_u32.. {
            other.try_send(number.to_string()).unwrap();
            let echo = other.next().await.unwrap().unwrap();
            assert_eq!(echo.as_text(), Some(&*number.to_string()));
            if attempts.load(Ordering::Relaxed) > 100 {
                break;
            }
            let mut has_yielded = false;
            poll_fn(|cx| {
                cx.waker().wake_by_ref();
                if std::mem::replace(&mut has_yielded, true) {
                    Poll::Ready(())
                } else {
                    Poll::Pending
                }
            })
            .await;
        }
    });
}
