//! Connections that are lost: before, in the middle of and after a send, in the handshake, in the
//! close, and at once.

use web_socket_channel::reconnect::{Cause, InDoubt, State, StopCause};
use web_socket_channel::{PeerMisbehaved, status};

use super::stage::{SECOND, Stage, bound, name, policy, texts, told, unreachable};

#[test]
fn what_is_sent_before_there_is_a_connection_waits_for_it() {
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
fn what_a_connection_did_not_take_goes_to_the_next_and_the_rest_is_in_doubt() {
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
fn what_was_sent_is_in_doubt_even_long_after() {
    let (mut stage, mut peer) = Stage::open(policy());
    stage.send("a");
    stage.run();
    assert_eq!(told(&mut peer), ["a"]);
    stage.advance(3678 * SECOND);
    assert_eq!(stage.in_doubt(), [""; 0], "the connection is there");
    drop(peer);
    stage.run();
    assert_eq!(stage.in_doubt(), ["a"]);
}

/// It may have stopped to read long before it said so.
#[test]
fn what_was_sent_is_in_doubt_where_the_peer_closes() {
    for code in [status::SERVICE_RESTART, status::NORMAL_CLOSURE] {
        let (mut stage, peer) = Stage::open(policy());
        stage.send("a");
        stage.run();
        peer.close(code, "raisin");
        stage.run();
        assert_eq!(stage.in_doubt(), ["a"]);
    }
}

#[test]
fn a_connection_that_is_lost_while_it_closes_is_not_made_again() {
    let mut stage = Stage::new(policy());
    stage.bound(bound(100), bound(1));
    let peer = stage.opened();
    stage.send("a");
    stage.send("b");
    let ended = stage.channel().close_with(3678, "raisin").unwrap();
    assert_eq!(stage.state(), "closing");
    drop(peer);
    assert_eq!(stage.state(), "stopped");
    let remains = futures::executor::block_on(ended);
    assert!(matches!(remains.cause, StopCause::Asked));
    assert_eq!(texts(&remains.waiting), ["b"]);
    assert_eq!(texts(&remains.in_doubt.messages), ["a"]);
    assert!(stage.is_over() && stage.has_ended());
    assert_eq!(stage.attempts().len(), 1);
}

#[test]
fn a_connection_that_is_lost_at_once_lets_the_waits_grow() {
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
fn messages_go_on_from_connection_to_connection() {
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
fn a_close_that_can_heal_is_no_end_and_one_that_can_not_is_no_error() {
    for code in [1001, 1006, 1011, 1012, 1013, 1014] {
        let (mut stage, peer) = Stage::open(policy());
        peer.close(code, "raisin");
        assert_eq!(stage.state(), "waiting", "{code}");
    }
    for code in [1000, 1005, 1008, 1009, 3000, 4001] {
        let (mut stage, peer) = Stage::open(policy());
        peer.send("last words");
        peer.close(code, "raisin");
        stage.run();
        let State::Stopped { cause: StopCause::CannotHeal(cause) } = stage.channel().state() else {
            panic!("{code}: {:?}", stage.channel().state());
        };
        assert_eq!(cause.close_code(), Some(code));
        assert_eq!(stage.received(), ["last words"]);
        assert!(stage.is_over() && stage.has_ended());
        let event = stage.channel().close_event().unwrap();
        assert_eq!((event.code, &*event.reason), (code, "raisin"));
    }
}

#[test]
fn what_can_heal_is_up_to_the_program() {
    let heals = |cause: &Cause| {
        cause.can_heal() && cause.close_code() != Some(1012) || cause.close_code() == Some(4001)
    };
    let policy = || policy().should_retry(heals);
    for (code, expected) in [(4001, "waiting"), (4002, "stopped"), (1012, "stopped")] {
        let (mut stage, peer) = Stage::open(policy());
        peer.close(code, "");
        assert_eq!(stage.state(), expected, "{code}");
    }
}

#[test]
fn an_error_that_can_not_heal_is_the_last_item_and_the_only_error() {
    let (mut stage, peer) = Stage::open(policy());
    peer.fail(Some(unreachable()));
    stage.wait();
    let peer = stage.opened();
    peer.send("a");
    peer.fail(Some(PeerMisbehaved { code: 1002, what: "raisin".into() }.into()));
    assert_eq!(stage.received(), ["a", "error: the peer broke the WebSocket protocol: raisin"]);
    assert!(stage.is_over() && stage.is_over());
}

#[test]
fn the_oldest_in_doubt_are_counted_where_there_are_too_many() {
    let policy = policy().in_doubt(bound(2));
    let (mut stage, peer) = Stage::open(policy);
    for text in ["a", "b", "c"] {
        stage.send(text);
    }
    stage.run();
    drop(peer);
    stage.wait();
    let InDoubt { messages, forgotten } = stage.channel().in_doubt();
    assert_eq!((texts(&messages), forgotten), (vec!["b".into(), "c".into()], 1));
    assert_eq!(stage.channel().counts().in_doubt, 3);

    let peer = stage.opened();
    stage.send("d");
    stage.run();
    drop(peer);
    stage.run();
    let InDoubt { messages, forgotten } = stage.channel().take_in_doubt();
    assert_eq!((texts(&messages), forgotten), (vec!["c".into(), "d".into()], 2));
    assert_eq!(stage.channel().counts().in_doubt, 0);
}

/// The program has time to read what came, whatever has become of the connection.
#[test]
fn a_full_inbox_holds_the_connection_back_and_loses_nothing() {
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
    stage.send("raisin");
    stage.run();
    assert_eq!(told(&mut peer), ["raisin"]);

    drop(peer);
    assert_eq!(stage.state(), "open", "the end comes after what came before it");
    let mut received = Vec::new();
    while stage.state() == "open" {
        received.extend(stage.received());
    }
    received.extend(stage.received());
    assert_eq!(received, ["0", "1", "2", "3"]);
    assert_eq!(name(&stage.channel().state()), "waiting");
}
