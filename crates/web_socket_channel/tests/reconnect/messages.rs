//! What becomes of a message: it waits, is withdrawn, is in doubt, is confirmed, is sent again.

use std::sync::Arc;
use std::task::Poll;

use futures::{FutureExt as _, SinkExt};
use web_socket_channel::reconnect::{Counts, MessageId};
use web_socket_channel::{Bound, Error, LimitExceeded, Message};

use super::stage::{Stage, TEXT, Wakes, bound, counts, policy, text, texts, told, unreachable};

#[test]
fn full_outbox_returns_the_message() {
    let outbox = Bound { messages: 2, bytes: 1000 };
    let mut stage = Stage::new(policy().outbox(outbox));
    stage.send("a");
    stage.send("b");
    let unsent = stage.channel().try_send("c").unwrap_err();
    assert_eq!(text(&unsent.message), "c");
    assert!(matches!(
        unsent.error,
        Error::LimitExceeded(LimitExceeded::Outbox { messages: 2, bytes: 1000 })
    ));
    // Once a connection has taken some there is room.
    let mut peer = stage.opened();
    stage.send("c");
    stage.run();
    assert_eq!(told(&mut peer), ["a", "b", "c"]);
}

#[test]
fn sink_waits_for_room() {
    let mut stage = Stage::new(policy().outbox(bound(1)));
    let feed = |stage: &mut Stage| {
        let sending = stage.channel_mut().feed(Message::from("a"));
        sending.now_or_never().map(Result::unwrap)
    };
    assert_eq!(feed(&mut stage), Some(()));
    assert_eq!(feed(&mut stage), None);
    let (mut sink, _stream) = stage.channel.take().unwrap().split();
    let mut pool = futures::executor::LocalPool::new();
    let sent = futures::task::LocalSpawnExt::spawn_local_with_handle(&pool.spawner(), async move {
        sink.feed(Message::from("b")).await?;
        SinkExt::close(&mut sink).await?;
        sink.feed(Message::from("c")).await
    });
    let sent = sent.unwrap();
    pool.run_until_stalled();
    // It is woken by what the connection takes, and by the end.
    let mut peer = stage.dialled();
    peer.open(None);
    stage.run();
    pool.run_until_stalled();
    stage.run();
    pool.run_until_stalled();
    assert_eq!(told(&mut peer), ["a", "b", "close 1005 "]);
    peer.close(1005, "");
    stage.run();
    pool.run_until_stalled();
    assert!(matches!(sent.now_or_never(), Some(Err(Error::Closed(Some(_))))));
}

/// What `flush` waits for: that a connection has taken everything.
#[test]
fn flush_waits_for_a_connection() {
    let mut stage = Stage::new(policy());
    stage.bound(bound(100), bound(1));
    let wakes = Arc::<Wakes>::default();
    let flush = |stage: &mut Stage| wakes.poll_sink(stage.channel_mut());
    assert!(matches!(flush(&mut stage), Poll::Ready(Ok(()))), "there is nothing to flush");
    stage.send("a");
    stage.send("b");
    assert!(flush(&mut stage).is_pending());

    // A connection that fails has taken nothing.
    stage.dialled().fail(Some(unreachable()));
    stage.run();
    assert!(flush(&mut stage).is_pending());
    stage.wait();
    let mut peer = stage.opened();
    assert!(flush(&mut stage).is_pending(), "it takes one at a time");
    assert_eq!(wakes.count(), 0);
    assert_eq!(told(&mut peer), ["a"]);
    stage.run();
    assert_eq!(told(&mut peer), ["b"]);
    stage.run();
    assert_eq!(wakes.count(), 1);
    assert!(matches!(flush(&mut stage), Poll::Ready(Ok(()))));
    assert_eq!(stage.channel().counts(), counts(0, 0));
}

/// It waits for what was sent before it, and not for what others go on to send.
#[test]
fn flush_ends_though_more_is_sent() {
    let mut stage = Stage::new(policy());
    stage.bound(bound(100), bound(1));
    let wakes = Arc::<Wakes>::default();
    for text in ["a", "b", "c"] {
        stage.send(text);
    }
    assert!(wakes.poll_sink(stage.channel_mut()).is_pending());
    let mut peer = stage.opened();
    let mut turns = 0;
    while wakes.count() == 0 || wakes.poll_sink(stage.channel_mut()).is_pending() {
        assert_eq!(stage.channel().counts().waiting, 2, "after {turns} turns");
        turns += 1;
        assert!(turns < 20, "it waits for ever");
        assert_eq!(told(&mut peer).len(), 1);
        stage.send("another");
        stage.run();
    }
}

/// One that was given up does not shorten the next one.
#[test]
fn second_flush_waits_for_what_came_between() {
    let mut stage = Stage::new(policy());
    stage.bound(bound(100), bound(1));
    let wakes = Arc::<Wakes>::default();
    stage.send("a");
    assert!(wakes.poll_sink(stage.channel_mut()).is_pending());
    stage.send("b");
    stage.send("c");
    let mut peer = stage.opened();
    assert_eq!(told(&mut peer), ["a"]);
    stage.run();
    assert!(wakes.poll_sink(stage.channel_mut()).is_pending());
    assert_eq!(told(&mut peer), ["b"]);
    stage.run();
    assert!(matches!(wakes.poll_sink(stage.channel_mut()), Poll::Ready(Ok(()))));
}

#[test]
fn flush_fails_after_a_stop() {
    let mut stage = Stage::new(policy());
    stage.send(TEXT);
    let wakes = Arc::<Wakes>::default();
    assert!(wakes.poll_sink(stage.channel_mut()).is_pending());
    stage.channel().stop();
    assert_eq!(wakes.count(), 1);
    assert!(matches!(wakes.poll_sink(stage.channel_mut()), Poll::Ready(Err(Error::Closed(_)))));
    // What is in doubt was flushed, and what was withdrawn needs it no more.
    stage.channel().withdraw_all();
    assert!(matches!(wakes.poll_sink(stage.channel_mut()), Poll::Ready(Ok(()))));
}

#[test]
fn messages_are_withdrawn_by_number() {
    let mut stage = Stage::new(policy());
    let ids: Vec<MessageId> =
        ["a", "b", "c"].map(|text| stage.channel().try_send(text).unwrap()).into();
    assert_eq!(ids, [MessageId(1), MessageId(2), MessageId(3)]);
    assert_eq!(stage.channel().withdraw(ids[1]).as_ref().map(text), Some("b".into()));
    assert_eq!(stage.channel().withdraw(ids[1]), None);
    assert_eq!(stage.channel().withdraw(MessageId(4)), None, "there is none");
    let Counts { waiting, waiting_bytes, .. } = stage.channel().counts();
    assert_eq!((waiting, waiting_bytes), (2, 2));

    let mut peer = stage.opened();
    assert_eq!(told(&mut peer), ["a", "c"]);
    assert_eq!(stage.channel().withdraw(ids[0]), None, "it is on its way");
}

#[test]
fn all_waiting_can_be_withdrawn() {
    let mut stage = Stage::new(policy());
    stage.send("a");
    stage.send("b");
    stage.channel().stop();
    stage.run();
    assert_eq!(texts(&stage.channel().withdraw_all()), ["a", "b"]);
    assert_eq!(stage.channel().withdraw_all(), []);
}

#[test]
fn resent_messages_go_first() {
    let (mut stage, mut first) = Stage::open(policy());
    stage.send("a");
    stage.send("b");
    stage.run();
    drop(first.next().now_or_never());
    drop(first);
    stage.run();
    stage.send("c");
    assert_eq!(stage.channel().resend_in_doubt(), 2);
    assert_eq!((stage.in_doubt(), stage.waiting().len()), (vec![], 3));
    stage.wait();
    let mut second = stage.opened();
    assert_eq!(told(&mut second), ["a", "b", "c"]);
    // Once more in doubt, as any other.
    drop(second);
    stage.run();
    assert_eq!(stage.in_doubt(), ["a", "b", "c"]);
}

#[test]
fn resent_messages_use_open_connection() {
    let (mut stage, first) = Stage::open(policy());
    stage.send("a");
    stage.run();
    drop(first);
    stage.wait();
    let mut second = stage.opened();
    assert_eq!(told(&mut second), [""; 0]);
    stage.channel().resend_in_doubt();
    stage.run();
    assert_eq!(told(&mut second), ["a"]);
}

#[test]
fn policy_resends_by_itself() {
    let (mut stage, first) = Stage::open(policy().resends_in_doubt(true));
    stage.send("a");
    stage.run();
    drop(first);
    stage.run();
    assert_eq!((stage.in_doubt(), stage.waiting()), (vec![], vec!["a".into()]));
    stage.send("b");
    stage.wait();
    let mut second = stage.opened();
    assert_eq!(told(&mut second), ["a", "b"]);
    // There is no next time after a stop: then it is in doubt.
    stage.channel().stop();
    stage.run();
    assert_eq!(stage.in_doubt(), ["a", "b"]);
}

#[test]
fn confirmed_messages_are_not_in_doubt() {
    let (mut stage, first) = Stage::open(policy());
    let [_, b, _] = ["a", "b", "c"].map(|text| stage.channel().try_send(text).unwrap());
    stage.run();
    stage.channel().confirm(b);
    drop(first);
    stage.run();
    assert_eq!(stage.in_doubt(), ["c"]);
    // The peer says, on the next connection, how far it had got.
    stage.channel().resend_in_doubt();
    stage.send("d");
    stage.channel().confirm(MessageId(3));
    stage.wait();
    let mut second = stage.opened();
    assert_eq!(told(&mut second), ["d"]);
}

#[test]
fn taken_messages_are_not_resent() {
    let (mut stage, first) = Stage::open(policy());
    stage.send("a");
    stage.run();
    drop(first);
    stage.run();
    assert_eq!(texts(&stage.channel().take_in_doubt().messages), ["a"]);
    assert_eq!((stage.in_doubt(), stage.channel().resend_in_doubt()), (vec![], 0));
    assert_eq!(stage.channel().counts(), Counts::default());
}

#[test]
fn text_and_binary_keep_order() {
    let (mut stage, mut peer) = Stage::open(policy());
    let mut expected = Vec::new();
    for number in 0..1000_u32 {
        let message = if number % 2 == 0 {
            Message::from(number.to_string())
        } else {
            Message::from(number.to_be_bytes().to_vec())
        };
        expected.push(message.clone());
        stage.channel().try_send(message).unwrap();
    }
    stage.run();
    for message in expected {
        let said = peer.next().now_or_never();
        assert!(
            matches!(said, Some(Some(web_socket_channel::Signal::Message(said))) if said == message)
        );
    }
}

#[test]
fn flood_arrives_in_order() {
    let (mut stage, peer) = Stage::open(policy());
    for number in 0..5_000 {
        peer.send(number.to_string());
    }
    let expected: Vec<String> = (0..5_000).map(|number| number.to_string()).collect();
    assert_eq!(stage.received(), expected);
}
