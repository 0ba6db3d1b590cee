//! Peers that are hostile about the close: they answer it wrongly, or with anything but an answer.

use std::time::Instant;

use super::*;
use crate::scenario::{OUR_CODE, PEER_CODE, REASON};

fn short_timeout() -> Options {
    Options::default().close_timeout(Duration::from_millis(100))
}

/// A channel that has closed, and its peer, who has seen that.
async fn closing(host: &Host, options: Options) -> (WebSocketChannel, Peer) {
    let (channel, mut peer) = host.open(options).await;
    channel.close_with(OUR_CODE, REASON).unwrap();
    let heard = peer.hear().await;
    assert!(matches!(&heard, Heard::Close(OUR_CODE, reason) if reason == REASON), "{heard:?}");
    (channel, peer)
}

async fn delivers_nothing(channel: &mut WebSocketChannel) {
    let (messages, error) = rest(channel).await;
    assert!(messages.is_empty() && error.is_none(), "{messages:?}, {error:?}");
}

#[test]
fn a_reset_in_place_of_the_answer() {
    test(async |host| {
        for how in [Cut::Close, Cut::HalfClose, Cut::Reset] {
            let (mut channel, peer) = closing(host, Options::default()).await;
            peer.cut(how).await;
            delivers_nothing(&mut channel).await;
            assert_eq!(channel.closed().await, cut_off(Initiator::Local), "{how:?}");
        }
    });
}

#[test]
fn a_cut_at_each_byte_of_the_answer() {
    test(async |host| {
        let answer = [text("other"), ping(b"other"), close(OUR_CODE, REASON)].concat();
        for how in [Cut::Close, Cut::HalfClose, Cut::Reset] {
            for at in 0..=answer.len() {
                let (mut channel, mut peer) = closing(host, Options::default()).await;
                peer.send(&answer[..at]).await;
                peer.cut(how).await;
                delivers_nothing(&mut channel).await;
                let event = channel.closed().await;
                let is_whole = at == answer.len();
                assert_eq!(event.was_clean, is_whole, "{how:?} after {at} bytes");
                assert_eq!(event.code, if is_whole { OUR_CODE } else { 1006 });
                assert_eq!(event.initiator, Initiator::Local);
            }
        }
    });
}

#[test]
fn data_for_ever_in_place_of_the_answer() {
    test(async |host| {
        let (mut channel, mut peer) = closing(host, short_timeout()).await;
        let start = Instant::now();
        let flood = [text(&"other".repeat(1_000)), ping(b"a text")].concat();
        let endless = async { while peer.socket().write_all(&flood).await.is_ok() {} };
        let closed = async {
            delivers_nothing(&mut channel).await;
            assert_eq!(channel.closed().await, cut_off(Initiator::Local));
            assert!(start.elapsed() >= Duration::from_millis(100));
        };
        // The peer's end comes only as the socket is gone.
        join(endless, closed).await;
        assert!(start.elapsed() < Duration::from_secs(5), "after {:?}", start.elapsed());
    });
}

#[test]
fn silence_and_a_full_socket_in_place_of_the_answer() {
    test(async |host| {
        let (mut channel, mut peer) = host.open(short_timeout()).await;
        channel.try_send(vec![36; 64 << 20]).unwrap();
        let start = Instant::now();
        let event = channel.close_with(OUR_CODE, REASON).unwrap().await;
        assert_eq!(event, cut_off(Initiator::Local));
        assert!(start.elapsed() >= Duration::from_millis(100));
        assert!(start.elapsed() < Duration::from_secs(5), "after {:?}", start.elapsed());
        delivers_nothing(&mut channel).await;
        // And the socket is gone, though the channel is still here.
        let mut written = Vec::new();
        let _ = peer.socket().read_to_end(&mut written).await;
        assert!(written.len() < 64 << 20);
    });
}

/// The answer to our close is a close frame, and has to keep the rules of one.
#[test]
fn an_answer_that_may_not_be_sent_is_no_clean_close() {
    let bad_code = [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535];
    let mut answers: Vec<_> = bad_code.map(|code| (close(code, "other"), 1002)).into();
    answers.push((frame(FIN | CLOSE, &[3]), 1002));
    answers.push((frame(FIN | CLOSE, &[0x10, 0x1b, 0xff]), 1007));
    answers.push((frame(FIN | CLOSE, &[36; 126]), 1002));
    answers.push((frame(CLOSE, &[]), 1002));
    test(async |host| {
        for (answer, code) in &answers {
            let (mut channel, mut peer) = closing(host, Options::default()).await;
            peer.send(answer).await;
            delivers_nothing(&mut channel).await;
            let ending = CloseEvent::new(*code, "", false, Initiator::Failure);
            assert_eq!(channel.closed().await, ending, "{answer:02x?}");
            assert!(peer.hear_out().await.is_empty());
        }
    });
}

#[test]
fn a_close_frame_and_then_more() {
    test(async |host| {
        let (mut channel, mut peer) = host.open(short_timeout()).await;
        let frames = [
            text("a text"),
            close(PEER_CODE, REASON),
            text("other"),
            close(PEER_CODE + 1, "other"),
            b"no frame at all".to_vec(),
        ];
        peer.send(&frames.concat()).await;
        let (messages, error) = rest(&mut channel).await;
        assert_eq!(messages, ["a text".into()]);
        assert!(error.is_none(), "{error:?}");
        let (reason, initiator) = ("enough", Initiator::Remote);
        let ending = CloseEvent::new(PEER_CODE, reason, true, initiator);
        assert_eq!(channel.closed().await, ending);
        // It talks on for ever, and that is not listened to for ever.
        while peer.socket().write_all(&text("other")).await.is_ok() {}
    });
}

#[test]
fn a_close_frame_and_never_a_hang_up() {
    test(async |host| {
        let (channel, mut peer) = host.open(short_timeout()).await;
        peer.send(&close(PEER_CODE, REASON)).await;
        assert_eq!(channel.closed().await.code, PEER_CODE);
        let heard = peer.hear_out().await;
        assert!(matches!(&heard[..], [Heard::Close(PEER_CODE, _)]), "{heard:?}");
    });
}

#[test]
fn a_half_close_ends_the_connection() {
    test(async |host| {
        let (mut channel, mut peer) = host.open(Options::default()).await;
        peer.send(&text("a text")).await;
        let heard = peer.cut(Cut::HalfClose).await;
        assert!(heard.is_empty(), "{heard:?}");
        let (messages, error) = rest(&mut channel).await;
        assert_eq!(messages, ["a text".into()]);
        assert!(error.is_none(), "{error:?}");
        assert_eq!(channel.closed().await, cut_off(Initiator::Failure));
    });
}

/// A violation while we close is the peer's fault still, but nobody waits to hear of it.
#[test]
fn garbage_in_place_of_the_answer() {
    test(async |host| {
        let (mut channel, mut peer) = closing(host, Options::default()).await;
        peer.send(&[0xff; 200]).await;
        delivers_nothing(&mut channel).await;
        let ending = CloseEvent::new(1002, "", false, Initiator::Failure);
        assert_eq!(channel.closed().await, ending);
        assert!(peer.hear_out().await.is_empty(), "a close was sent already");
    });
}
