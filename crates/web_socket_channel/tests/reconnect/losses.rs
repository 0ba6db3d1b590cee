//! Connections that are lost: before, in the middle of and after a send, in the handshake, in the
//! close, and at once.

use web_socket_channel::reconnect::{Cause, State, StopCause};
use web_socket_channel::{PeerMisbehaved, status};

use super::stage::{
    CODE, LONG, REASON, SECOND, Stage, TEXT, bound, policy, texts, told, unreachable,
};

#[test]
fn messages_wait_for_a_connection() {
    let mut stage = Stage::new(policy());
    stage.send("a");
    let mut first = stage.dialled();
    stage.send("b");
    stage.run();
    assert_eq!(told(&mut first), [""; 0], "not before the handshake is done");
    assert_eq!(stage.waiting(), ["a", "b"]);

    first.fail(Some(unreachable()));
    assert_eq!(stage.state(), "waiting");
    stage.send("c");
    assert_eq!((stage.in_doubt(), stage.waiting().len()), (vec![], 3));

    stage.wait();
    let mut second = stage.opened();
    assert_eq!(told(&mut second), ["a", "b", "c"]);
    assert_eq!(told(&mut first), ["gone"]);
    assert_eq!(stage.channel().counts(), Default::default());
}

#[test]
fn untaken_messages_go_to_the_next() {
    let mut stage = Stage::new(policy());
    stage.bound(bound(100), bound(2));
    let mut first = stage.opened();
    for text in ["a", "b", "c", "d"] {
        stage.send(text);
    }
    stage.run();
    assert_eq!(stage.waiting(), ["c", "d"]);
    first.fail(None);
    stage.run();
    assert_eq!(
        (stage.in_doubt(), stage.waiting()),
        (vec!["a".into(), "b".into()], vec!["c".into(), "d".into()])
    );

    stage.wait();
    let mut second = stage.opened();
    assert_eq!(told(&mut second), ["c", "d"]);
    assert_eq!(told(&mut first), ["a", "b", "gone"]);
    assert_eq!(stage.in_doubt(), ["a", "b"], "and is not sent again unasked");
}

#[test]
fn old_messages_are_in_doubt_too() {
    let (mut stage, mut peer) = Stage::open(policy());
    stage.send("a");
    stage.run();
    assert_eq!(told(&mut peer), ["a"]);
    stage.advance(LONG);
    assert_eq!(stage.in_doubt(), [""; 0], "the connection is there");
    drop(peer);
    stage.run();
    assert_eq!(stage.in_doubt(), ["a"]);
}

/// It may have stopped to read long before it said so.
#[test]
fn remote_close_leaves_messages_in_doubt() {
    for code in [status::SERVICE_RESTART, status::NORMAL_CLOSURE] {
        let (mut stage, peer) = Stage::open(policy());
        stage.send("a");
        stage.run();
        peer.close(code, REASON);
        stage.run();
        assert_eq!(stage.in_doubt(), ["a"]);
    }
}

#[test]
fn loss_while_closing_stops() {
    let mut stage = Stage::new(policy());
    stage.bound(bound(100), bound(1));
    let peer = stage.opened();
    stage.send("a");
    stage.send("b");
    let ended = stage.channel().close_with(CODE, REASON).unwrap();
    assert_eq!(stage.state(), "closing");
    drop(peer);
    assert_eq!(stage.state(), "stopped");
    let undelivered = futures::executor::block_on(ended);
    assert!(matches!(undelivered.cause, StopCause::Requested));
    assert_eq!(texts(&undelivered.waiting), ["b"]);
    assert_eq!(texts(&undelivered.in_doubt.messages), ["a"]);
    assert!(stage.is_over() && stage.has_ended());
    assert_eq!(stage.attempts().len(), 1);
}

#[test]
fn short_connections_let_waits_grow() {
    let mut stage = Stage::new(policy());
    for wait in [1, 2, 4, 8, 10, 10] {
        drop(stage.opened());
        assert_eq!(stage.wait(), wait * SECOND);
    }
    // One that stays up lets them begin again.
    let peer = stage.opened();
    stage.advance(5 * SECOND);
    drop(peer);
    assert_eq!(stage.wait(), SECOND);
    assert_eq!(stage.attempts().last().map(|attempt| attempt.number), Some(1));
}

#[test]
fn stream_continues_over_connections() {
    let (mut stage, first) = Stage::open(policy());
    first.send("a");
    first.send("b");
    drop(first);
    stage.wait();
    let second = stage.opened();
    second.send("c");
    assert_eq!(stage.received(), ["a", "b", "c"]);
    assert!(!stage.is_over());
}

#[test]
fn close_codes_decide_about_retry() {
    for code in [1001, 1006, 1011, 1012, 1013, 1014] {
        let (mut stage, peer) = Stage::open(policy());
        peer.close(code, REASON);
        assert_eq!(stage.state(), "waiting", "{code}");
    }
    for code in [1000, 1005, 1008, 1009, 3000, 4001] {
        let (mut stage, peer) = Stage::open(policy());
        peer.send("last words");
        peer.close(code, REASON);
        stage.run();
        let State::Stopped { cause: StopCause::NotRetryable(cause) } = stage.channel().state()
        else {
            panic!("{code}: {:?}", stage.channel().state());
        };
        assert_eq!(cause.close_code(), Some(code));
        assert_eq!(stage.received(), ["last words"]);
        assert!(stage.is_over() && stage.has_ended());
        let event = stage.channel().close_event().unwrap();
        assert_eq!((event.code, &*event.reason), (code, REASON));
    }
}

#[test]
fn should_retry_overrides_the_default() {
    let should_retry = |cause: &Cause| {
        cause.is_retryable() && cause.close_code() != Some(1012) || cause.close_code() == Some(4001)
    };
    let policy = || policy().should_retry(should_retry);
    for (code, expected) in [(4001, "waiting"), (4002, "stopped"), (1012, "stopped")] {
        let (mut stage, peer) = Stage::open(policy());
        peer.close(code, "");
        assert_eq!(stage.state(), expected, "{code}");
    }
}

#[test]
fn final_error_is_the_last_item() {
    let (mut stage, peer) = Stage::open(policy());
    peer.fail(Some(unreachable()));
    stage.wait();
    let peer = stage.opened();
    peer.send("a");
    peer.fail(Some(PeerMisbehaved::new(1002, REASON).into()));
    assert_eq!(
        stage.received(),
        ["a", "error: the peer broke the WebSocket protocol: closed by the test"]
    );
    assert!(stage.is_over() && stage.is_over());
}

#[test]
fn oldest_in_doubt_are_only_counted() {
    let policy = policy().in_doubt(bound(2));
    let (mut stage, peer) = Stage::open(policy);
    for text in ["a", "b", "c"] {
        stage.send(text);
    }
    stage.run();
    drop(peer);
    stage.wait();
    let in_doubt = stage.channel().in_doubt();
    assert_eq!((texts(&in_doubt.messages), in_doubt.forgotten), (vec!["b".into(), "c".into()], 1));
    assert_eq!(stage.channel().counts().in_doubt, 3);

    let peer = stage.opened();
    stage.send("d");
    stage.run();
    drop(peer);
    stage.run();
    let in_doubt = stage.channel().take_in_doubt();
    assert_eq!((texts(&in_doubt.messages), in_doubt.forgotten), (vec!["c".into(), "d".into()], 2));
    assert_eq!(stage.channel().counts().in_doubt, 0);
}

/// The program has time to read what came, whatever has become of the connection.
#[test]
fn full_inbox_loses_nothing() {
    let policy = policy().inbox(bound(2));
    let mut stage = Stage::new(policy);
    stage.bound(bound(2), bound(100));
    let mut peer = stage.opened();
    let mut sent = 0;
    // As a socket would: only while there is room.
    while futures::FutureExt::now_or_never(peer.room()).is_some() {
        peer.send(sent.to_string());
        sent += 1;
        stage.run();
    }
    assert_eq!(sent, 4, "two in the connection's inbox, two in the channel's");
    // Messages go out all the same.
    stage.send(TEXT);
    stage.run();
    assert_eq!(told(&mut peer), [TEXT]);

    drop(peer);
    assert_eq!(stage.state(), "waiting");
    assert_eq!(stage.received(), ["0", "1", "2", "3"]);
}
