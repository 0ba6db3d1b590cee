//! Frames that break the rules in ways that take a hand to write; the others are cases of the suite.

use web_socket_channel::LimitExceeded;

use super::*;

/// The one error, and what the peer was told.
async fn breaks(host: &Host, bytes: &[u8], options: Options) -> (Error, u16) {
    let (mut channel, mut peer) = host.open(options).await;
    peer.send(bytes).await;
    let (messages, error) = rest(&mut channel).await;
    assert_eq!(messages, []);
    let event = channel.closed().await;
    assert_eq!((event.was_clean, event.initiator), (false, Initiator::Failure));
    let heard = peer.hear_out().await;
    let [Heard::Close(told, _)] = &heard[..] else { unreachable!("{heard:?}") };
    assert_eq!(*told, event.code);
    (error.unwrap(), *told)
}

/// The beginning of a binary message of so many bytes.
fn endless(length: u64) -> Vec<u8> {
    [&[FIN | BINARY, 127][..], &length.to_be_bytes()].concat()
}

#[test]
fn a_frame_that_claims_to_be_endless() {
    test(async |host| {
        let limits = [
            Options::default(),
            Options::default().max_message_bytes(1_000).max_frame_bytes(usize::MAX),
            Options::default().max_message_bytes(usize::MAX).max_frame_bytes(1_000),
        ];
        for options in limits {
            let Options { max_message_bytes, max_frame_bytes, .. } = options;
            let limit = max_message_bytes.min(max_frame_bytes);
            for length in [limit as u64 + 1, 1 << 40, 1 << 62, 1 << 63, u64::MAX] {
                // Told at once: of the frame itself nothing ever comes.
                let (error, told) = breaks(host, &endless(length), options.clone()).await;
                // The one that it is furthest over is named first.
                let expected = if length > max_message_bytes as u64 {
                    LimitExceeded::MessageTooBig { limit: max_message_bytes }
                } else {
                    LimitExceeded::FrameTooBig { limit: max_frame_bytes }
                };
                assert!(
                    matches!(error, Error::LimitExceeded(reached) if reached == expected),
                    "{length}: {error:?}"
                );
                assert_eq!(told, 1009);
            }
        }
    });
}

/// Fragments without content weigh nothing, and there may be many.
#[test]
fn a_message_in_many_pieces() {
    test(async |host| {
        let options = Options::default().max_message_bytes(10);
        let (mut channel, mut peer) = host.open(options).await;
        peer.send(&frame(TEXT, b"a t")).await;
        peer.send(&frame(CONTINUATION, &[]).repeat(1_000_000)).await;
        peer.send(&frame(FIN | CONTINUATION, b"ext")).await;
        assert_eq!(channel.next().await.unwrap().unwrap(), "a text".into());
    });
}
