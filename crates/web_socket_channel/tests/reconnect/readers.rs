//! A channel whose messages are read slowly, or by nobody any more.

use futures::FutureExt as _;
use web_socket_channel::reconnect::State;

use super::stage::{SECOND, Stage, TEXT, bound, name, policy, texts, told};

/// Fills the connection's inbox and the channel's, each of two messages.
fn full() -> (Stage, web_socket_channel::memory::Remote) {
    let mut stage = Stage::new(policy().inbox(bound(2)));
    stage.bound(bound(2), bound(100));
    let peer = stage.opened();
    // As a socket would: only while there is room.
    while peer.room().now_or_never().is_some() {
        peer.send("unread");
        stage.run();
    }
    (stage, peer)
}

#[test]
fn without_reader_messages_are_discarded() {
    let (mut stage, mut peer) = full();
    let (sink, stream) = stage.channel.take().unwrap().split();
    drop(stream);
    stage.run();
    for _ in 0..100 {
        assert!(peer.room().now_or_never().is_some(), "the peer is held back");
        peer.send("discarded");
        stage.run();
    }
    sink.try_send("sent").unwrap();
    stage.run();
    assert_eq!(told(&mut peer), ["sent"]);
}

#[test]
fn without_reader_the_end_is_noticed() {
    for is_full in [true, false] {
        let (mut stage, peer) = if is_full { full() } else { Stage::open(policy()) };
        let (sink, stream) = stage.channel.take().unwrap().split();
        drop(stream);
        sink.try_send("a").unwrap();
        stage.run();
        drop(peer);
        stage.run();
        assert_eq!(name(&sink.state()), "waiting", "full: {is_full}");
        assert_eq!(texts(&sink.in_doubt().messages), ["a"]);

        // It connects again, and what is sent now goes out there.
        sink.try_send("b").unwrap();
        assert_eq!(sink.counts().waiting, 1);
        stage.advance(SECOND);
        let mut second = stage.dialled();
        second.open(None);
        stage.run();
        assert_eq!(told(&mut second), ["b"]);

        let ended = sink.close();
        stage.run();
        second.close(1005, "");
        stage.run();
        assert!(ended.now_or_never().is_some(), "full: {is_full}");
        assert!(matches!(sink.state(), State::Stopped { .. }));
    }
}

#[test]
fn slow_reader_hides_no_end() {
    let (mut stage, peer) = full();
    stage.send(TEXT);
    stage.run();
    drop(peer);
    assert_eq!(stage.state(), "waiting");
    assert_eq!(stage.in_doubt(), [TEXT]);
    stage.wait();
    let second = stage.opened();
    second.send("after");
    assert_eq!(stage.received(), ["unread"; 4]);
    assert_eq!(stage.received(), ["after"], "now there is room");
}

/// One connection's messages may pass the bound, and no more until there is room again.
#[test]
fn unread_messages_stay_bounded() {
    let (mut stage, peer) = full();
    drop(peer);
    stage.run();
    stage.wait();
    let second = stage.opened();
    second.send("second");
    drop(second);
    stage.run();
    assert_eq!(stage.state(), "open", "its end waits for the reader");
    assert_eq!(stage.received(), ["unread"; 4]);
    assert_eq!(stage.received(), ["second"], "now there is room");
    assert_eq!(stage.state(), "waiting");

    // From then on it may happen again.
    stage.wait();
    let third = stage.opened();
    while third.room().now_or_never().is_some() {
        third.send("third");
        stage.run();
    }
    drop(third);
    assert_eq!(stage.state(), "waiting");
}
