//! The attempts: how long they may take, what the function is told, when they run out.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use futures::executor::block_on;
use web_socket_channel::handshake::parse_response;
use web_socket_channel::reconnect::{Cause, Policy, ReconnectingChannel, State, StopCause};
use web_socket_channel::{Error, InvalidArgument, Options, Timeout};

use super::stage::{Plan, SECOND, Stage, policy, told, unreachable};

#[test]
fn the_first_retry_is_soon_and_the_last_is_not_rare() {
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
}

#[test]
fn the_function_is_called_for_each_attempt_and_told_about_it() {
    let mut stage = Stage::new(policy());
    stage.plan([Plan::Fail(unreachable()), Plan::Hang]);
    stage.run();
    stage.wait();
    // It hangs: the attempt ends in time.
    assert_eq!(stage.state(), "connecting");
    stage.advance(Policy::default().attempt_timeout);
    assert_eq!((stage.state(), stage.at_work()), ("waiting", 0));
    stage.wait();
    stage.opened().close(1012, "raisin");
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
fn an_attempt_has_its_time_for_the_function_and_the_handshake_together() {
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
fn a_refusal_is_judged_by_its_status() {
    let refused = |status: u16, headers: &str| {
        let head = format!("HTTP/1.1 {status} Raisin\r\n{headers}\r\n");
        let (response, _) = parse_response(head.as_bytes(), 0).unwrap().unwrap();
        Error::Refused(Arc::new(response))
    };
    for (status, headers, wait_secs) in [
        (500, "", 1),
        (429, "Retry-After: 60\r\n", 61),
        (503, "Retry-After: 3678\r\n", 301),
        (408, "Retry-After: tomorrow\r\n", 1),
    ] {
        let mut stage = Stage::new(policy());
        stage.dialled().fail(Some(refused(status, headers)));
        assert_eq!(stage.wait(), wait_secs * SECOND, "{status}");
    }
    for status in [200, 302, 400, 401, 403, 404] {
        let mut stage = Stage::new(policy());
        stage.dialled().fail(Some(refused(status, "Retry-After: 1\r\n")));
        assert_eq!(stage.state(), "stopped");
        let State::Stopped { cause: StopCause::CannotHeal(cause) } = stage.channel().state() else {
            panic!("{:?}", stage.channel().state());
        };
        assert_eq!(cause.http_status(), Some(status));
        assert_eq!(stage.received().len(), 1, "the error");
        assert!(stage.is_over());
    }
}

#[test]
fn a_server_that_asks_for_time_is_asked_earlier_by_the_program_alone() {
    let mut stage = Stage::new(policy());
    let head = b"HTTP/1.1 503 Raisin\r\nRetry-After: 60\r\n\r\n";
    let (response, _) = parse_response(head, 0).unwrap().unwrap();
    stage.dialled().fail(Some(Error::Refused(Arc::new(response))));
    stage.advance(60 * SECOND);
    assert_eq!(stage.state(), "waiting");
    stage.channel().retry_now();
    assert_eq!(stage.state(), "connecting");
}

#[test]
fn attempts_run_out_and_the_last_error_is_told() {
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
fn connections_that_do_not_last_run_out_too() {
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
fn a_mistake_in_the_program_is_not_tried_again() {
    let mut stage = Stage::new(policy());
    stage.plan([Plan::Fail(InvalidArgument::Fragment.into())]);
    assert_eq!(stage.state(), "stopped");
    assert_eq!(stage.received(), [format!("error: {}", InvalidArgument::Fragment)]);
    assert!(stage.is_over());
}

#[test]
fn arguments_are_checked_before_anything_is_done() {
    let connect =
        |url, options| ReconnectingChannel::connect_with(url, options, Policy::default()).map(drop);
    assert_eq!(connect("ws://a/#", Options::default()), Err(InvalidArgument::Fragment));
    let protocols = vec!["a b".to_owned()];
    let options = Options::default().protocols(protocols);
    assert!(matches!(connect("ws://a/", options), Err(InvalidArgument::Request(_))));
}

/// The function of [`ReconnectingChannel::connect_by`] runs on the platform's own time.
#[test]
fn a_function_that_fails_is_asked_again_unless_it_says_that_it_is_its_mistake() {
    let mut answers = vec![
        Err(InvalidArgument::Fragment.into()),
        // Whoever gives out tokens refuses us: that is no refusal of the server.
        Err(Error::Closed(None)),
        Err(unreachable()),
    ];
    let policy = Policy::default().first_wait(Duration::ZERO);
    let request = move |_| std::future::ready(answers.pop().unwrap());
    let mut channel = ReconnectingChannel::connect_by(request, policy);
    let error = block_on(channel.next()).unwrap().unwrap_err();
    assert!(matches!(error, Error::InvalidArgument(_)));
    assert!(block_on(channel.next()).is_none());
    let State::Stopped { cause: StopCause::CannotHeal(cause) } = channel.state() else {
        panic!("{:?}", channel.state());
    };
    assert!(matches!(cause, Cause::Request(Error::InvalidArgument(_))), "{cause}");
}

#[test]
fn a_url_that_is_none_is_not_tried_again() {
    let request = |_| std::future::ready(Ok(("raisin".to_owned(), Options::default())));
    let channel = ReconnectingChannel::connect_by(request, Policy::default());
    let remains = block_on(channel.ended());
    assert!(matches!(
        remains.cause,
        StopCause::CannotHeal(Cause::Error(Error::InvalidArgument(misuse)))
            if matches!(*misuse, InvalidArgument::Url(_))
    ));
}

#[test]
fn a_task_that_is_dropped_stops_the_channel_with_an_error() {
    let clock = web_socket_channel::reconnect::Clock::new();
    let connector = |_| std::future::pending();
    let (mut channel, task) = ReconnectingChannel::by_hand(connector, policy(), &clock);
    channel.try_send("raisin").unwrap();
    drop(task);
    let remains = block_on(channel.ended());
    assert!(matches!(remains.cause, StopCause::CannotHeal(_)));
    assert_eq!(remains.waiting.len(), 1);
    assert!(block_on(channel.next()).unwrap().is_err());
    assert!(block_on(channel.next()).is_none());
}
