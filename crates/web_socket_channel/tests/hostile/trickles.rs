//! Peers that give and take slowly, one byte at a time or none: nothing depends on how the bytes are
//! cut up, and whoever is faster has to wait.

use futures::SinkExt as _;
use tokio::io::AsyncReadExt as _;
use web_socket_channel::{Bound, LimitExceeded};

use super::*;
use crate::scenario::PEER_CODE;

/// Sends each byte by itself, and lets everybody look at it.
async fn trickle(peer: &mut Peer, bytes: &[u8]) {
    for byte in bytes {
        peer.send(&[*byte]).await;
        for _ in 0..3 {
            yield_now().await;
        }
    }
}

#[test]
fn byte_by_byte_is_as_good_as_in_one_piece() {
    test(async |host| {
        let (mut channel, mut peer) = host.meet(Options::default()).await;
        let long = "other 🎨".repeat(100);
        let frames = [
            text("a text"),
            frame(BINARY, &[36]),
            ping(b"a text"),
            frame(CONTINUATION, &[]),
            frame(FIN | CONTINUATION, &[78]),
            text(&long),
            text(""),
            close(PEER_CODE, "enough 🎨"),
        ];
        let all = [&peer.answer[..], &frames.concat()].concat();
        let ((), (messages, error)) = join(trickle(&mut peer, &all), rest(&mut channel)).await;
        assert!(error.is_none(), "{error:?}");
        let expected = ["a text".into(), vec![36, 78].into(), long.into(), "".into()];
        assert_eq!(messages, expected);
        let (reason, initiator) = ("enough 🎨", Initiator::Remote);
        let ending = CloseEvent::new(PEER_CODE, reason, true, initiator);
        assert_eq!(channel.closed().await, ending);
        let heard = peer.hear_out().await;
        assert!(
            matches!(&heard[..], [Heard::Pong(pong), Heard::Close(PEER_CODE, _)] if pong == b"a text"),
            "{heard:?}"
        );
    });
}

/// What a peer with the smallest of windows takes before its end is full, and what is sent to it.
const SLOWLY_BYTES: usize = 100_000;
const MESSAGE_BYTES: usize = 1 << 16;
const MESSAGES: usize = 128;

/// The peer's system takes a few kilobytes and then no byte before one was read.
#[test]
fn a_peer_that_takes_one_byte_at_a_time() {
    let small = TcpSocket::new_v4().unwrap();
    small.set_recv_buffer_size(1).unwrap();
    test_with(small, async |host| {
        let (channel, mut peer) = host.open(Options::default()).await;
        for number in 0..MESSAGES {
            channel.try_send(scenario::flood_message(number, MESSAGE_BYTES)).unwrap();
        }
        let mut buffered = channel.buffered_amount();
        assert_eq!(buffered, MESSAGES * MESSAGE_BYTES);
        let mut first = Vec::with_capacity(SLOWLY_BYTES);
        for _ in 0..SLOWLY_BYTES {
            first.push(peer.socket().read_u8().await.unwrap());
            let now = channel.buffered_amount();
            assert!(now <= buffered, "nothing was sent meanwhile, and more waits");
            buffered = now;
        }
        assert!(buffered > 0, "the window is not as small as it should be");

        // The rest as fast as it comes: byte by byte it would take minutes, and show nothing new.
        peer.line = FramedLine::of_server(peer.line.socket, first);
        for number in 0..MESSAGES {
            let Heard::Message(message) = peer.hear().await else { unreachable!("it hung up") };
            assert!(message == scenario::flood_message(number, MESSAGE_BYTES), "{number} is lost");
        }
        while channel.buffered_amount() > 0 {
            yield_now().await;
        }
    });
}

#[test]
fn a_peer_that_takes_nothing_holds_the_writer_back() {
    /// More than the buffers of any system's sockets hold.
    const TOO_MUCH: usize = 128 << 20;
    /// So long nothing is taken. Where that was chance, less was sent, and the rest holds.
    const STALL: Duration = Duration::from_millis(300);

    let message = |number| scenario::flood_message(number, 10_007);
    test(async |host| {
        let outbox = Bound { messages: 1_000, bytes: 100_000 };
        let options = Options::default().outbox(outbox);
        let (mut channel, mut peer) = host.open(options).await;
        let mut sent = 0;
        while timeout(STALL, channel.feed(message(sent))).await.is_ok() {
            sent += 1;
            assert!(sent * 10_007 < TOO_MUCH, "nobody holds it back");
        }
        let waiting = channel.buffered_amount();
        assert!((100_000..110_007).contains(&waiting), "{waiting} bytes wait");
        let unsent = channel.try_send("a text").unwrap_err();
        let limit = LimitExceeded::Outbox { messages: 1_000, bytes: 100_000 };
        assert!(matches!(unsent.error, Error::LimitExceeded(reached) if reached == limit));
        assert_eq!(unsent.message, "a text".into());

        let reads_all = async {
            for number in 0..sent {
                let is_it =
                    matches!(peer.hear().await, Heard::Message(it) if it == message(number));
                assert!(is_it, "{number} is lost");
            }
            peer.hear().await
        };
        let (fed, last) = join(channel.feed("a text".into()), reads_all).await;
        fed.unwrap();
        assert!(matches!(&last, Heard::Message(last) if *last == "a text".into()), "{last:?}");
        assert_eq!(channel.buffered_amount(), 0);
    });
}
