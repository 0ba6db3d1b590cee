//! Servers that answer the handshake with too much, or with never enough.

use std::time::Instant;

use web_socket_channel::handshake::{MAX_BODY_BYTES, MAX_HEAD_BYTES};
use web_socket_channel::{PeerMisbehaved, Timeout};

use super::*;
use crate::scenario::PEER_CODE;

/// Sends the same bytes again and again, until the channel has hung up.
async fn flood(peer: &mut Peer, first: &[u8], again: &[u8]) {
    peer.send(first).await;
    let many = again.repeat(1_000);
    while peer.socket().write_all(&many).await.is_ok() {}
}

/// The one error of an answer that is cut short by the channel.
async fn drowned(host: &Host, first: &[u8], again: &[u8]) -> Error {
    let (mut channel, mut peer) = host.meet(Options::default()).await;
    let ((), (messages, error)) = join(flood(&mut peer, first, again), rest(&mut channel)).await;
    assert_eq!(messages, []);
    assert_eq!(channel.closed().await, cut_off(Initiator::Failure));
    error.unwrap()
}

#[test]
fn a_head_without_end() {
    let head = b"HTTP/1.1 101 Switching Protocols\r\n";
    let endless: [(&[u8], &[u8]); 4] = [
        // Headers, one header, a status, and answers that are none yet.
        (head, b"X-Custom: 3678\r\n"),
        (b"HTTP/1.1 101 Switching Protocols\r\nX-Superchat: ", b"superchat"),
        (b"HTTP/1.1 101 ", b"Strangers and "),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ];
    test(async |host| {
        for (first, again) in endless {
            let error = drowned(host, first, again).await;
            let Error::PeerMisbehaved(peer) = &error else { unreachable!("{error:?}") };
            let PeerMisbehaved { code: 1002, what, .. } = &**peer else { unreachable!("{peer:?}") };
            assert!(what.contains(&MAX_HEAD_BYTES.to_string()), "{what}");
        }
    });
}

#[test]
fn more_headers_than_anybody_needs() {
    test(async |host| {
        let (mut channel, mut peer) = host.meet(Options::default()).await;
        let mut head = peer.answer.clone();
        head.truncate(head.len() - 2);
        head.extend(b"X: y\r\n".repeat(100));
        head.extend(b"\r\n");
        peer.send(&head).await;
        let (_, error) = rest(&mut channel).await;
        assert!(matches!(&error, Some(Error::PeerMisbehaved(_))), "{error:?}");
        assert!(peer.hear_out().await.is_empty());
    });
}

#[test]
fn a_refusal_without_end() {
    test(async |host| {
        let error = drowned(host, b"HTTP/1.1 404 Custom\r\n\r\n", b"no strangers here ").await;
        let Error::Refused(response) = &error else { unreachable!("{error:?}") };
        assert_eq!(response.body.len(), MAX_BODY_BYTES);
    });
}

/// The body is there to help a person; nobody wants to wait long for it.
#[test]
fn a_refusal_whose_body_never_comes() {
    test(async |host| {
        let (mut channel, mut peer) = host.meet(Options::default()).await;
        peer.send(b"HTTP/1.1 404 Custom\r\nContent-Length: 100\r\n\r\nno strangers").await;
        let start = Instant::now();
        let (_, error) = rest(&mut channel).await;
        let Some(Error::Refused(response)) = &error else { unreachable!("{error:?}") };
        assert_eq!(&response.body[..], b"no strangers");
        assert!(start.elapsed() < Options::default().connect_timeout);
    });
}

/// Each byte is on time, and the answer is not.
#[test]
fn an_answer_that_trickles_for_ever() {
    test(async |host| {
        let limit = Duration::from_millis(100);
        let options = Options::default().connect_timeout(limit);
        let (mut channel, mut peer) = host.meet(options).await;
        let trickle = async {
            peer.send(b"HTTP/1.1 101 Switching Protocols\r\nX-Superchat: ").await;
            while peer.socket().write_all(b"r").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let ((), (_, error)) = join(trickle, rest(&mut channel)).await;
        let Some(Error::Timeout(Timeout::Connect(after))) = error else {
            unreachable!("{error:?}")
        };
        assert_eq!(after, limit);
    });
}

/// Between the answer and the first frames there is no gap to fall into.
#[test]
fn frames_in_one_piece_with_the_answer() {
    test(async |host| {
        let (mut channel, mut peer) = host.meet(Options::default()).await;
        let many: Vec<u8> = (0..5_000).flat_map(|number| text(&number.to_string())).collect();
        peer.send(&[&peer.answer[..], &many, &close(PEER_CODE, "")].concat()).await;
        let (messages, error) = rest(&mut channel).await;
        assert!(error.is_none(), "{error:?}");
        assert!(messages.into_iter().eq((0..5_000).map(|number: u32| number.to_string().into())));
        assert_eq!(channel.close_code(), Some(PEER_CODE));
    });
}
