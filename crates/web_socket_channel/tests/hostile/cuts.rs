//! A connection that breaks off, at every single byte: what came whole is delivered, and the end
//! is told once, with the right code and the right blame.

use std::io::ErrorKind;

use tokio::io::AsyncReadExt as _;
use web_socket_channel::{
    CloseEvent, Error, Initiator, Message, NetworkErrorKind, Options, WebSocketChannel,
};

use super::*;
use crate::scenario::{PEER_CODE, REASON};

/// After a reset some systems forget what came before it; Linux gives it to whoever reads on.
const CUTS: &[Cut] = if cfg!(target_os = "linux") {
    &[Cut::Close, Cut::HalfClose, Cut::Reset]
} else {
    &[Cut::Close, Cut::HalfClose]
};

/// Ended before it had begun, by the network and by nobody else.
async fn check_lost(channel: &mut WebSocketChannel, context: &str) {
    let (messages, error) = rest(channel).await;
    assert_eq!(messages, [], "{context}");
    let lost = NetworkErrorKind::ConnectionLost;
    assert!(
        matches!(&error, Some(Error::Network(why)) if why.kind == lost),
        "{context}: {error:?}"
    );
    assert!(channel.ready().await.is_err(), "{context}");
    assert_eq!(channel.closed().await, cut_off(Initiator::Failure), "{context}");
}

#[test]
fn at_each_byte_of_the_answer() {
    test(async |host| {
        let length = host.meet(Options::default()).await.1.answer.len();
        for &how in CUTS {
            for at in 0..length {
                let context = format!("{how:?} after {at} bytes");
                let (mut channel, mut peer) = host.meet(Options::default()).await;
                let answer = peer.answer[..at].to_vec();
                peer.send(&answer).await;
                let heard = peer.cut(how).await;
                assert!(heard.is_empty(), "{context}: {heard:?}");
                check_lost(&mut channel, &context).await;
            }
        }
    });
}

#[test]
fn before_the_request_is_read() {
    test(async |host| {
        for is_rude in [false, true] {
            let mut channel = WebSocketChannel::connect(&host.url).unwrap();
            let (socket, _) = host.listener.accept().await.unwrap();
            if is_rude {
                socket.set_zero_linger().unwrap();
            }
            drop(socket);
            check_lost(&mut channel, "at once").await;
        }
    });
}

/// Frames of every kind, and where in them the messages are whole.
struct Frames {
    bytes: Vec<u8>,
    messages: Vec<(usize, Message)>,
    pings: Vec<usize>,
}

fn frames() -> Frames {
    let mut bytes = text("a text");
    let mut messages = vec![(bytes.len(), Message::from("a text"))];
    let mut pings = Vec::new();
    let mut push = |frame: Vec<u8>| {
        bytes.extend(frame);
        bytes.len()
    };
    // Control frames may stand between the fragments of a message.
    push(frame(BINARY, &[36]));
    pings.push(push(ping(b"other")));
    push(frame(CONTINUATION, &[]));
    pings.push(push(ping(b"")));
    messages.push((push(frame(FIN | CONTINUATION, &[78])), vec![36, 78].into()));
    // A header of four bytes, and a character that is cut in two.
    let long = "🎨".repeat(32);
    let (first, second) = long.as_bytes().split_at(126);
    push(frame(TEXT, first));
    messages.push((push(frame(FIN | CONTINUATION, second)), long.as_str().into()));
    push(frame(FIN | PONG, b"unasked"));
    pings.push(push(ping(b"a text")));
    messages.push((push(text("")), "".into()));
    push(close(PEER_CODE, "enough 🎨"));
    Frames { bytes, messages, pings }
}

#[test]
fn at_each_byte_of_the_frames() {
    let Frames { bytes, messages, pings } = frames();
    test(async |host| {
        for &how in CUTS {
            for at in 0..=bytes.len() {
                let context = format!("{how:?} after {at} bytes");
                let (mut channel, mut peer) = host.meet(Options::default()).await;
                peer.send(&[&peer.answer[..], &bytes[..at]].concat()).await;
                let is_whole = at == bytes.len();
                let heard = peer.cut(how).await;

                let (delivered, error) = rest(&mut channel).await;
                let whole = messages.iter().filter(|(end, _)| *end <= at);
                let whole: Vec<_> = whole.map(|(_, message)| message.clone()).collect();
                assert_eq!(delivered, whole, "{context}");
                assert!(error.is_none(), "{context}: {error:?}");
                let ending = if is_whole {
                    let (reason, initiator) = ("enough 🎨", Initiator::Remote);
                    CloseEvent::new(PEER_CODE, reason, true, initiator)
                } else {
                    cut_off(Initiator::Failure)
                };
                let closed = channel.closed().await;
                assert_eq!(closed, ending, "{context}");
                let cause = closed.cause().map(|cause| cause.kind());
                let is_reset = how == Cut::Reset && !is_whole;
                assert_eq!(cause, is_reset.then_some(ErrorKind::ConnectionReset), "{context}");
                channel.ready().await.unwrap();

                if how == Cut::HalfClose {
                    // It listened to the end: each ping has its answer, and the close has.
                    let pongs = heard.iter().filter(|heard| matches!(heard, Heard::Pong(_)));
                    let pinged = pings.iter().filter(|end| **end <= at);
                    assert_eq!(pongs.count(), pinged.count(), "{context}: {heard:?}");
                    let answer =
                        heard.iter().find(|heard| matches!(heard, Heard::Close(PEER_CODE, _)));
                    assert_eq!(answer.is_some(), is_whole, "{context}: {heard:?}");
                }
            }
        }
    });
}

/// The peer is gone, and what we still send to it fails; what it said before is read all the same.
#[test]
fn a_peer_that_pings_and_is_gone_is_heard_to_the_end() {
    test(async |host| {
        for how in CUTS.iter().copied().filter(|how| *how != Cut::HalfClose) {
            let (mut channel, mut peer) = host.open(Options::default()).await;
            // In one piece: of several, a reset may take back those that have not left yet.
            let frames = (0..100).flat_map(|n: u32| [ping(b""), text(&n.to_string())].concat());
            let mut frames: Vec<u8> = frames.collect();
            frames.extend(close(PEER_CODE, REASON));
            peer.send(&frames).await;
            peer.cut(how).await;
            let (messages, error) = rest(&mut channel).await;
            assert_eq!(messages.len(), 100, "{how:?}: {:?}", channel.close_event());
            assert!(error.is_none(), "{error:?}");
            assert_eq!(channel.close_code(), Some(PEER_CODE), "{how:?}");
        }
    });
}

/// What could not be sent is not forgotten.
#[test]
fn a_reset_while_a_big_message_is_half_written() {
    test(async |host| {
        let (mut channel, mut peer) = host.open(Options::default()).await;
        // More than the buffers of any system's sockets hold.
        let size = 64 << 20;
        channel.try_send(vec![36; size]).unwrap();
        let mut begun = vec![0; 100_000];
        peer.socket().read_exact(&mut begun).await.unwrap();
        peer.cut(Cut::Reset).await;
        let (messages, error) = rest(&mut channel).await;
        assert_eq!(messages, []);
        assert!(error.is_none(), "{error:?}");
        assert_eq!(channel.closed().await, cut_off(Initiator::Failure));
        // Part of it has left this process, and no more than that is off the account.
        let left = channel.buffered_amount();
        assert!((size / 2..size).contains(&left), "{left}");
        assert!(matches!(channel.try_send("other").unwrap_err().error, Error::Closed(Some(_))));
    });
}
