//! Pings as a weapon, and silence as one.

use std::time::Instant;

use web_socket_channel::{ReadyState, Timeout};

use super::*;

#[test]
fn a_flood_of_pings_is_answered() {
    test(async |host| {
        let (mut channel, mut peer) = host.open(Options::default()).await;
        let pings: Vec<u8> = (0..20_000_u32).flat_map(|n| ping(&n.to_be_bytes())).collect();
        peer.send(&pings).await;
        peer.send(&text("a text")).await;
        assert_eq!(channel.next().await.unwrap().unwrap(), "a text".into());
        channel.try_send("other").unwrap();
        let mut last = None;
        loop {
            match peer.hear().await {
                // One may stand for those before it (RFC 6455 §5.5.3), but not for later ones.
                Heard::Pong(payload) => {
                    let number = u32::from_be_bytes(payload.try_into().unwrap());
                    assert!(last < Some(number), "{number} after {last:?}");
                    last = Some(number);
                }
                Heard::Message(message) => break assert_eq!(message, "other".into()),
                other => unreachable!("{other:?}"),
            }
        }
        assert_eq!(last, Some(19_999));
    });
}

/// Whoever pings without end and takes no answer is held back, instead of having us keep them all.
#[test]
fn a_flood_of_pings_whose_answers_nobody_takes_is_held_back() {
    /// More than the buffers of any system's sockets hold, in both directions together.
    const TOO_MUCH: usize = 128 << 20;
    /// Nothing moves for so long: it has stalled, whatever the machine is busy with.
    const STALL: Duration = Duration::from_millis(300);

    test(async |host| {
        let (mut channel, mut peer) = host.open(Options::default()).await;
        let ping = ping(&[36; 125]);
        let pings = ping.repeat(1_000);
        let mut sent = 0;
        loop {
            let unsent = &pings[sent % pings.len()..];
            match timeout(STALL, peer.socket().write(unsent)).await {
                Ok(written) => sent += written.unwrap(),
                Err(_) => break,
            }
            assert!(sent < TOO_MUCH, "it is not held back");
        }
        assert_eq!(channel.ready_state(), ReadyState::Open);

        // As soon as it reads, all goes on.
        let begun = sent % ping.len();
        let last = [if begun > 0 { &ping[begun..] } else { &[] }, &text("a text")].concat();
        let mut pongs = Vec::new();
        let (mut read, mut write) = peer.socket().split();
        let goes_on = async {
            write.write_all(&last).await.unwrap();
            assert_eq!(channel.next().await.unwrap().unwrap(), "a text".into());
        };
        tokio::select! {
            () = goes_on => {}
            () = async { while read.read_buf(&mut pongs).await.unwrap() > 0 {} } => {}
        }
        channel.try_send("other").unwrap();
        // The same as a ping, but for the four bytes of the mask.
        let (whole, begun) = pongs.as_chunks::<131>();
        assert!(whole.iter().all(|pong| pong[..2] == [FIN | PONG, 0x80 | 125]));
        let mut line = FramedLine::of_server(peer.line.socket, begun.to_vec());
        loop {
            match line.hear().await {
                Heard::Pong(payload) => assert_eq!(payload, [36; 125]),
                Heard::Message(message) => break assert_eq!(message, "other".into()),
                other => unreachable!("{other:?}"),
            }
        }
    });
}

/// The answer to a ping stands behind a message that takes its time: that is no silence.
#[test]
fn a_slow_message_is_no_silence() {
    test(async |host| {
        let limit = Duration::from_millis(50);
        let options = Options::default().ping_interval(Some(limit)).pong_timeout(limit);
        let (mut channel, mut peer) = host.open(options).await;
        let start = Instant::now();
        let message = text(&"a text".repeat(100));
        let (last, most) = message.split_last().unwrap();
        for bytes in most.chunks(20) {
            peer.send(bytes).await;
            tokio::time::sleep(limit / 5).await;
        }
        assert!(start.elapsed() > limit * 4);
        peer.send(&[*last]).await;
        assert_eq!(channel.next().await.unwrap().unwrap(), "a text".repeat(100).into());
        // Now it is silent indeed.
        let (_, error) = rest(&mut channel).await;
        assert!(matches!(error, Some(Error::Timeout(Timeout::Pong(after))) if after == limit));
        assert_eq!(channel.closed().await, cut_off(Initiator::Failure));
    });
}
