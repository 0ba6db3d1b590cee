//! What becomes of a message: it waits, is withdrawn, is in doubt, is confirmed, is sent again.

use futures::{FutureExt as _, SinkExt};
use web_socket_channel::reconnect::{Counts, MessageId};
use web_socket_channel::{Bound, Error, LimitExceeded, Message};

use super::stage::{Stage, bound, policy, text, texts, told};

#[test]
fn a_full_outbox_gives_the_message_back() {
    let outbox = Bound { messages: 2, bytes: 3678 };
    let mut stage = Stage::new(policy().outbox(outbox));
    stage.send("a");
    stage.send("b");
    let unsent = stage.channel().try_send("c").unwrap_err();
    assert_eq!(text(&unsent.message), "c");
    assert!(matches!(
        unsent.error,
        Error::LimitExceeded(LimitExceeded::Outbox { messages: 2, bytes: 3678 })
    ));
    // Once a connection has taken some there is room.
    let mut peer = stage.opened();
    stage.send("c");
    stage.run();
    assert_eq!(told(&mut peer), ["a", "b", "c"]);
}

#[test]
fn a_sink_waits_for_room() {
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

#[test]
fn messages_are_numbered_in_order_and_withdrawn_by_number() {
    let mut stage = Stage::new(policy());
    let ids: Vec<MessageId> =
        ["a", "b", "c"].map(|text| stage.channel().try_send(text).unwrap()).into();
    assert_eq!(ids, [MessageId(1), MessageId(2), MessageId(3)]);
    assert_eq!(stage.channel().withdraw(ids[1]).as_ref().map(text), Some("b".into()));
    assert_eq!(stage.channel().withdraw(ids[1]), None);
    let counts = Counts { waiting: 2, waiting_bytes: 2, ..Counts::default() };
    assert_eq!(stage.channel().counts(), counts);

    let mut peer = stage.opened();
    assert_eq!(told(&mut peer), ["a", "c"]);
    assert_eq!(stage.channel().withdraw(ids[0]), None, "it is on its way");
}

#[test]
fn everything_that_waits_can_be_withdrawn_also_at_the_end() {
    let mut stage = Stage::new(policy());
    stage.send("a");
    stage.send("b");
    stage.channel().stop();
    stage.run();
    assert_eq!(texts(&stage.channel().withdraw_all()), ["a", "b"]);
    assert_eq!(stage.channel().withdraw_all(), []);
}

#[test]
fn what_is_in_doubt_is_sent_again_when_asked_and_first() {
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
fn what_is_in_doubt_is_sent_again_at_once_where_there_is_a_connection() {
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
fn a_policy_sends_again_by_itself() {
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
fn what_the_peer_has_confirmed_is_not_in_doubt() {
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
fn what_was_taken_is_the_programs_own_affair() {
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
fn text_and_binary_keep_their_kind_and_order() {
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
fn a_flood_arrives_whole_and_in_order() {
    let (mut stage, peer) = Stage::open(policy());
    for number in 0..5_000 {
        peer.send(number.to_string());
    }
    let expected: Vec<String> = (0..5_000).map(|number| number.to_string()).collect();
    assert_eq!(stage.received(), expected);
}
