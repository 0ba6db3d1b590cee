//! What the program asks for, at every point: to retry now, to close, to stop; and dropping it.

use futures::FutureExt as _;
use futures::executor::block_on;
use web_socket_channel::memory::Remote;
use web_socket_channel::reconnect::StopCause;
use web_socket_channel::{Error, Initiator, InvalidArgument};

use super::stage::{
    CLOSE, CODE, LONG, Plan, REASON, SECOND, Stage, TEXT, bound, policy, texts, told,
};

/// Where a channel can be when it is asked for something.
const POINTS: [&str; 6] = ["asking", "dialling", "waiting", "open", "closing", "stopped"];

/// A channel that is there, and the far end of its connection if it has one.
fn at(point: &str) -> (Stage, Option<Remote>) {
    let mut stage = Stage::new(policy());
    let peer = match point {
        "asking" => {
            stage.plan([Plan::Hang]);
            stage.run();
            assert_eq!((stage.state(), stage.at_work()), ("connecting", 1));
            None
        }
        "dialling" => {
            let peer = stage.dialled();
            assert_eq!(stage.state(), "connecting");
            Some(peer)
        }
        "waiting" => {
            drop(stage.opened());
            assert_eq!(stage.state(), "waiting");
            None
        }
        "open" => Some(stage.opened()),
        "closing" => {
            let peer = stage.opened();
            stage.channel().close_with(4999, "before").unwrap();
            assert_eq!(stage.state(), "closing");
            Some(peer)
        }
        _ => {
            let peer = stage.opened();
            stage.channel().stop();
            assert_eq!(stage.state(), "stopped");
            Some(peer)
        }
    };
    (stage, peer)
}

/// All that is said to a peer to the end.
fn told_at_last(peer: Option<Remote>) -> Vec<String> {
    peer.map(|mut peer| told(&mut peer)).unwrap_or_default()
}

#[test]
fn retry_now_only_ends_waits() {
    for point in POINTS {
        let (mut stage, peer) = at(point);
        let (state, attempts) = (stage.state(), stage.attempts().len());
        for _ in 0..2 {
            stage.channel().retry_now();
            if point == "waiting" {
                assert_eq!((stage.state(), stage.attempts().len()), ("connecting", attempts + 1));
            } else {
                assert_eq!((stage.state(), stage.attempts().len()), (state, attempts), "{point}");
            }
        }
        drop(peer);
    }
}

#[test]
fn requested_attempts_count_as_well() {
    let mut stage = Stage::new(policy());
    for wait in [1, 4, 10] {
        stage.dialled().fail(None);
        assert_eq!(stage.state(), "waiting");
        stage.channel().retry_now();
        stage.dialled().fail(None);
        // One wait was cut short, and the next is twice as long all the same.
        assert_eq!(stage.wait(), SECOND * (2 * wait).min(10));
    }
}

#[test]
fn stop_ends_every_state() {
    for point in POINTS {
        let (mut stage, peer) = at(point);
        for _ in 0..2 {
            stage.channel().stop();
            // At once, and not when the task gets to it.
            assert!(stage.channel().ended().now_or_never().is_some(), "{point}");
        }
        assert!(stage.has_ended() && stage.is_over(), "{point}");
        assert_eq!(stage.at_work(), 0, "{point}");
        stage.advance(LONG);
        assert_eq!(stage.attempts().len(), 1, "{point}");
        let expected: &[&str] = match point {
            "asking" | "waiting" => &[],
            "closing" => &["close 4999 before", "gone"],
            _ => &["close 1001 ", "gone"],
        };
        assert_eq!(told_at_last(peer), expected, "{point}");
    }
}

#[test]
fn dropping_ends_every_state() {
    for point in POINTS {
        let (mut stage, peer) = at(point);
        stage.channel = None;
        stage.run();
        if point == "closing" {
            assert!(!stage.has_ended(), "what was asked for is finished first");
            stage.advance(5 * SECOND);
        }
        assert!(stage.has_ended(), "{point}");
        assert_eq!(stage.at_work(), 0, "{point}");
        let expected: &[&str] = match point {
            "asking" | "waiting" => &[],
            "closing" => &["close 4999 before", "gone"],
            _ => &["close 1001 ", "gone"],
        };
        assert_eq!(told_at_last(peer), expected, "{point}");
    }
}

#[test]
fn halves_alone_keep_it_alive() {
    let (mut stage, mut peer) = Stage::open(policy());
    let (sink, stream) = stage.channel.take().unwrap().split();
    let (handle, mut ended) = (sink.handle(), sink.ended());
    drop(stream);
    handle.clone().try_send(TEXT).unwrap();
    stage.run();
    assert_eq!(told(&mut peer), [TEXT]);
    drop(sink);
    stage.run();
    assert_eq!(told(&mut peer), ["close 1001 ", "gone"]);
    let undelivered = (&mut ended).now_or_never().unwrap();
    assert_eq!(texts(&undelivered.in_doubt.messages), [TEXT]);
    assert!(stage.has_ended());
    // A handle that is left tells how it ended, and starts nothing.
    assert_eq!(texts(&handle.take_in_doubt().messages), [TEXT]);
    assert!(matches!(handle.try_send(TEXT).unwrap_err().error, Error::Closed(_)));
    handle.retry_now();
    assert!(handle.close().now_or_never().is_some());
    assert_eq!(stage.attempts().len(), 1);
}

#[test]
fn close_ends_every_state() {
    for point in POINTS {
        let (mut stage, peer) = at(point);
        for _ in 0..2 {
            stage.channel().close_with(CODE, REASON).unwrap();
            stage.run();
        }
        let is_closing = matches!(point, "open" | "closing");
        assert_eq!(stage.state(), if is_closing { "closing" } else { "stopped" }, "{point}");
        if let Some(peer) = peer.as_ref().filter(|_| is_closing) {
            peer.close(if point == "open" { CODE } else { 4999 }, REASON);
        }
        let undelivered = stage.channel().ended();
        assert!(stage.has_ended() && stage.is_over(), "{point}");
        assert!(matches!(block_on(undelivered).cause, StopCause::Requested), "{point}");
        assert_eq!(stage.attempts().len(), 1, "{point}");
        let expected: &[&str] = match point {
            "asking" | "waiting" => &[],
            "closing" => &["close 4999 before", "gone"],
            // Though its handshake was not done: whoever finishes it is told.
            "dialling" | "open" => &[CLOSE, "gone"],
            _ => &["close 1001 ", "gone"],
        };
        assert_eq!(told_at_last(peer), expected, "{point}");
    }
}

#[test]
fn close_first_sends_waiting_messages() {
    let mut stage = Stage::new(policy());
    stage.bound(bound(100), bound(1));
    let mut peer = stage.opened();
    for text in ["a", "b", "c"] {
        stage.send(text);
    }
    let ended = stage.channel().close_with(CODE, REASON).unwrap();
    let mut heard = Vec::new();
    while heard.last().is_none_or(|last| last != CLOSE) {
        stage.run();
        let told = told(&mut peer);
        assert!(!told.is_empty(), "it waits for ever");
        heard.extend(told);
    }
    assert_eq!(heard, ["a", "b", "c", CLOSE]);
    peer.close(CODE, REASON);
    stage.run();
    let undelivered = ended.now_or_never().unwrap();
    assert_eq!(undelivered.waiting, []);
    assert_eq!(texts(&undelivered.in_doubt.messages), ["a", "b", "c"], "none is confirmed");
    let event = stage.channel().close_event().unwrap();
    assert_eq!((event.code, event.initiator, event.was_clean), (CODE, Initiator::Local, true));
}

#[test]
fn unanswered_close_reports_undelivered() {
    let mut stage = Stage::new(policy().close_timeout(7 * SECOND));
    stage.bound(bound(100), bound(1));
    let mut peer = stage.opened();
    stage.send("a");
    stage.send("b");
    let mut ended = stage.channel().close_with(CODE, REASON).unwrap();
    stage.advance(7 * SECOND - SECOND / 1000);
    assert!((&mut ended).now_or_never().is_none());
    stage.advance(SECOND / 1000);
    let undelivered = (&mut ended).now_or_never().unwrap();
    assert_eq!(texts(&undelivered.waiting), ["b"]);
    assert_eq!(texts(&undelivered.in_doubt.messages), ["a"]);
    assert!(stage.has_ended());
    assert_eq!(told(&mut peer), ["a", CLOSE, "gone"]);
}

#[test]
fn close_stops_delivery_and_sending() {
    let (mut stage, peer) = Stage::open(policy());
    for number in 0..1000 {
        peer.send(number.to_string());
    }
    stage.run();
    stage.channel().close_with(1000, "").unwrap();
    peer.send("late");
    assert_eq!(stage.received(), [""; 0]);
    let unsent = stage.channel().try_send(TEXT).unwrap_err();
    assert!(matches!(unsent.error, Error::Closed(None)));
    assert_eq!(unsent.message.as_text(), Some(TEXT), "it is given back");
    peer.close(1000, "");
    assert!(stage.is_over());
    let unsent = stage.channel().try_send(TEXT).unwrap_err();
    assert!(matches!(unsent.error, Error::Closed(Some(event)) if event.code == 1000));
}

/// A peer that goes on talking must not keep itself from hearing what is still sent.
#[test]
fn closing_reads_a_full_inbox() {
    let mut stage = Stage::new(policy().inbox(bound(1)));
    stage.bound(bound(1), bound(1));
    let mut peer = stage.opened();
    stage.send("a");
    stage.send("b");
    for number in 0..2000 {
        peer.send(number.to_string());
    }
    stage.run();
    assert!(peer.room().now_or_never().is_none());
    stage.channel().close_with(CODE, "").unwrap();
    stage.run();
    assert!(peer.room().now_or_never().is_some());
    assert_eq!(told(&mut peer), ["a"]);
    stage.run();
    assert_eq!(told(&mut peer), ["b", &format!("close {CODE} ")]);
    peer.close(CODE, "");
    assert_eq!(stage.state(), "stopped");
}

#[test]
fn invalid_close_fails_in_every_state() {
    for point in POINTS {
        let (mut stage, _peer) = at(point);
        let state = stage.state();
        let close = |code, reason: &str| stage.channel().close_with(code, reason).map(drop);
        assert_eq!(close(Some(1006), ""), Err(InvalidArgument::CloseCode(1006)));
        assert_eq!(close(None, REASON), Err(InvalidArgument::CloseReasonWithoutCode));
        let bytes = 124;
        let too_long = InvalidArgument::CloseReasonTooLong { bytes };
        assert_eq!(close(Some(1000), &"r".repeat(bytes)), Err(too_long));
        assert_eq!(stage.state(), state, "{point}");
    }
}

/// Two closes that cross look like a close and its answer.
#[test]
fn crossed_closes_prove_no_arrival() {
    for code in [1000, 1005, 1012] {
        let (mut stage, peer) = Stage::open(policy());
        for text in ["a", "b", "c"] {
            stage.send(text);
        }
        let ended = stage.channel().close_with((code != 1005).then_some(1000), "").unwrap();
        stage.run();
        // It has read nothing.
        peer.close(code, "");
        stage.run();
        let undelivered = ended.now_or_never().unwrap();
        assert_eq!(texts(&undelivered.in_doubt.messages), ["a", "b", "c"], "{code}");
        assert_eq!(undelivered.waiting, []);
    }
}

#[test]
fn only_confirmed_messages_have_arrived() {
    let (mut stage, peer) = Stage::open(policy());
    let [_, b, _] = ["a", "b", "c"].map(|text| stage.channel().try_send(text).unwrap());
    stage.run();
    stage.channel().confirm(b);
    let ended = stage.channel().close_with(1000, "").unwrap();
    stage.run();
    peer.close(1000, "");
    stage.run();
    assert_eq!(texts(&ended.now_or_never().unwrap().in_doubt.messages), ["c"]);
}
