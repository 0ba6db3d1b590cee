//! What only a socket can show of the bounds: how it holds a peer back, how it watches over one
//! that is silent, and that nothing of it is left behind.

use std::time::{Duration, Instant};

use futures::StreamExt as _;
use futures::executor::block_on;
use tokio::task::yield_now;
use tokio::time::sleep;
use web_socket_channel::{
    Bound, Error, Initiator, NetworkErrorKind, Options, ReadyState, Timeout, WebSocketChannel,
};

use super::conformance::scenario::flood_message;
use super::conformance::scenario::{OUR_CODE, PEER_CODE, REASON, TEXT};
use super::conformance::{
    Answer, Outcome, Scenario, Step, Transport as _, Until, check, check_eq, check_matches,
    next_message, only_error, round_trip,
};
use super::{Native, own, run};

/// More than the buffers of any system's sockets hold.
const FLOOD: Step = Step::Flood { messages: 64, bytes: 1 << 20 };

/// Runs a test that is no case of the suite: it has no exceptions.
fn test(test: impl AsyncFnOnce(&Native) -> Outcome) -> Result<(), String> {
    run(&own::WAY, "sockets", test)
}

fn small_inbox() -> Options {
    Options::default().inbox(Bound { messages: 2, bytes: 1 << 30 })
}

#[test]
fn a_slow_reader_holds_the_peer_back_and_loses_nothing() -> Result<(), String> {
    test(async |native| {
        let scenario = Scenario::new([FLOOD, Step::Close(PEER_CODE, REASON.to_owned())]);
        let (mut channel, visit) = native.connect_with(&scenario, small_inbox())?;
        native.seen(visit, Until::Sent(2)).await?;
        for number in 0..64 {
            // Whatever wants to run ahead of us has the chance to.
            for _ in 0..100 {
                yield_now().await;
            }
            let sent = native.seen(visit, Until::Asked).await?.sent;
            check!(sent < number + 32, "it sent {sent} messages and we read {number}");
            let message = next_message(&mut channel).await?;
            check!(message == flood_message(number, 1 << 20), "the message {number} is lost");
        }
        check!(channel.next().await.is_none());
        check_eq!(channel.close_code(), Some(PEER_CODE));
        Ok(())
    })
}

/// That nothing can be written any more is no reason to lose what can still be read.
#[test]
fn what_came_before_a_reset_is_delivered_though_we_still_write() -> Result<(), String> {
    test(async |native| {
        let flood = Step::Flood { messages: 100, bytes: 10 };
        let scenario = Scenario::new([flood, Step::Hold, Step::Reset]);
        let (mut channel, visit) = native.connect_with(&scenario, small_inbox())?;
        native.seen(visit, Until::Sent(100)).await?;
        native.let_go(visit).await?;
        native.seen(visit, Until::Ended).await?;
        channel.try_send(TEXT)?;
        for number in 0..100 {
            check_eq!(next_message(&mut channel).await?, flood_message(number, 10));
        }
        check!(channel.next().await.is_none());
        check_eq!(channel.close_code(), Some(1006));
        Ok(())
    })
}

#[test]
fn a_peer_that_is_held_back_does_not_count_as_silent() -> Result<(), String> {
    test(async |native| {
        let options = small_inbox()
            .ping_interval(Some(Duration::from_millis(10)))
            .pong_timeout(Duration::from_millis(10));
        let (mut channel, visit) = native.connect_with(&Scenario::new([FLOOD]), options)?;
        native.seen(visit, Until::Sent(2)).await?;
        // Time itself is what this is about: many times that in which a pong would have to come.
        sleep(Duration::from_millis(200)).await;
        check_eq!(channel.ready_state(), ReadyState::Open);
        check_eq!(next_message(&mut channel).await?, flood_message(0, 1 << 20));
        Ok(())
    })
}

#[test]
fn a_peer_that_answers_pings_stays() -> Result<(), String> {
    test(async |native| {
        let options = Options::default()
            .ping_interval(Some(Duration::from_millis(10)))
            .pong_timeout(Duration::from_secs(10));
        let (mut channel, visit) = native.connect_with(&Scenario::echo(), options)?;
        // Each at its interval, though the time-out is much longer.
        while native.seen(visit, Until::Asked).await?.pings < 5 {
            yield_now().await;
        }
        round_trip(&mut channel, TEXT).await
    })
}

#[test]
fn a_peer_that_stops_answering_pings_is_lost() -> Result<(), String> {
    test(async |native| {
        let options = Options::default()
            .ping_interval(Some(Duration::from_millis(10)))
            .pong_timeout(Duration::from_millis(50));
        let start = Instant::now();
        let (mut channel, _) = native.connect_with(&Scenario::new([Step::Hold]), options)?;
        let error = only_error(&mut channel).await?;
        let limit = Duration::from_millis(50);
        check_matches!(error, Error::Timeout(Timeout::Pong(after)) if *after == limit);
        check!(start.elapsed() >= Duration::from_millis(60));
        let event = channel.closed().await;
        check_eq!((event.code, event.was_clean), (1006, false));
        check_eq!(event.initiator, Initiator::Failure);
        Ok(())
    })
}

/// A peer that never stops talking is no reason to wait longer for its answer.
#[test]
fn a_close_times_out_under_a_flood() -> Result<(), String> {
    test(async |native| {
        let options = Options::default().close_timeout(Duration::from_millis(100));
        let flood = Step::Flood { messages: usize::MAX, bytes: 100_000 };
        let (mut channel, _) = native.connect_with(&Scenario::new([flood]), options)?;
        next_message(&mut channel).await?;
        let start = Instant::now();
        check_eq!(channel.close_with(OUR_CODE, REASON)?.await.code, 1006);
        check!(start.elapsed() < Duration::from_secs(5), "after {:?}", start.elapsed());
        Ok(())
    })
}

/// Dropped in every phase of its life, a channel leaves no task: `run` looks.
#[test]
fn a_dropped_channel_leaves_no_task() -> Result<(), String> {
    let scenarios = [
        Scenario::echo(),
        Scenario::echo().held(),
        Scenario::answer(Answer::Silence),
        Scenario::answer(Answer::Refuse(404)),
        Scenario::new([Step::Ignore]),
        Scenario::new([Step::Hold]),
        Scenario::new([FLOOD]),
        Scenario::new([Step::Close(PEER_CODE, String::new())]),
    ];
    for scenario in scenarios {
        test(async |native| {
            for turns in [0, 1, 2, 3, 5, 8, 13, 21] {
                let close_timeout = Duration::from_millis(50);
                let options = Options::default().close_timeout(close_timeout);
                let (channel, _) = native.connect_with(&scenario, options)?;
                channel.try_send(TEXT)?;
                for _ in 0..turns {
                    yield_now().await;
                }
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// Without a runtime of the caller's the channel brings along a thread of its own.
#[test]
fn no_runtime_is_needed() -> Result<(), String> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").map_err(|why| why.to_string())?;
    let address = listener.local_addr().map_err(|why| why.to_string())?;
    drop(listener);
    let outcome: Outcome = block_on(async {
        let mut channel = WebSocketChannel::connect(format!("ws://{address}"))?;
        let error = only_error(&mut channel).await?;
        let kind = NetworkErrorKind::ConnectionRefused;
        check_matches!(error, Error::Network(why) if why.kind == kind);
        Ok(())
    });
    outcome.map_err(|failed| format!("{failed:?}"))
}
