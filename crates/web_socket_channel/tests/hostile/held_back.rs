//! A reader that is slower than its peer holds it back: what lies between them is bounded, and
//! nothing of it is lost. How much the channel holds is seen from what Linux says of the sockets.

use std::fs;

use tokio::io::AsyncWriteExt as _;
use web_socket_channel::Bound;

use super::*;
use crate::scenario::{PEER_CODE, REASON};

/// No multiple of anything, so that no bound is met by accident.
const MESSAGE_BYTES: usize = 10_007;

/// With the four bytes of the frame's header.
const FRAME_BYTES: usize = MESSAGE_BYTES + 4;

/// How far the framing may read ahead of the message that it hands over.
const READ_AHEAD_BYTES: usize = 64 * 1024;

/// Nothing moves for so long, and so many times in a row: it has stalled. A machine that is busy
/// elsewhere may let one of them pass without anybody having had a turn.
const STALL: Duration = Duration::from_millis(100);
const STALLS: usize = 3;

/// More than the buffers of any system's sockets hold.
const TOO_MUCH: usize = 128 << 20;

/// A peer that sends numbered messages, as far as the socket takes them.
struct Flood {
    sent_bytes: usize,
    /// How many messages were begun.
    messages: usize,
    /// What is left of the last one.
    rest: Vec<u8>,
}

impl Flood {
    fn new() -> Self {
        Self { sent_bytes: 0, messages: 0, rest: Vec::new() }
    }

    /// Sends without end. Whoever stops waiting for it loses nothing.
    async fn send(&mut self, peer: &mut Peer) {
        loop {
            if self.rest.is_empty() {
                self.rest = frame(FIN | TEXT, message(self.messages).as_bytes());
                self.messages += 1;
            }
            let written = peer.socket().write(&self.rest).await.unwrap();
            self.rest.drain(..written);
            self.sent_bytes += written;
            assert!(self.sent_bytes < TOO_MUCH, "nobody holds it back");
        }
    }

    /// Sends until the other end takes no more; gives how much of it the other end has taken.
    async fn send_until_it_stalls(&mut self, peer: &mut Peer) -> usize {
        let (mut stalls, mut before) = (0, (0, Queues::default()));
        while stalls < STALLS {
            let _ = timeout(STALL, self.send(peer)).await;
            let now = (self.sent_bytes, Queues::of(peer));
            stalls = if now == before { stalls + 1 } else { 0 };
            before = now;
        }
        let (sent_bytes, Queues { to_send, to_read }) = before;
        sent_bytes - to_send - to_read
    }

    /// Ends the message that was begun, and says goodbye.
    async fn end(&mut self, peer: &mut Peer) {
        let rest = std::mem::take(&mut self.rest);
        peer.send(&[&rest[..], &close(PEER_CODE, REASON)].concat()).await;
    }
}

/// How many bytes from a peer lie in the system's buffers: at its end, and unread at the other.
#[derive(Default, PartialEq)]
struct Queues {
    to_send: usize,
    to_read: usize,
}

impl Queues {
    fn of(peer: &mut Peer) -> Self {
        let near = peer.socket().local_addr().unwrap().port();
        let far = peer.socket().peer_addr().unwrap().port();
        let hex = |text: &str| usize::from_str_radix(text, 16).unwrap();
        let port = |address: &str| hex(address.split_once(':').unwrap().1);
        let mut queues = Self::default();
        for line in fs::read_to_string("/proc/self/net/tcp").unwrap().lines().skip(1) {
            let columns: Vec<_> = line.split_whitespace().collect();
            let [_, from, to, _, both, ..] = columns[..] else { unreachable!("{line}") };
            let (to_send, to_read) = both.split_once(':').unwrap();
            if (port(from), port(to)) == (near.into(), far.into()) {
                queues.to_send = hex(to_send);
            } else if (port(from), port(to)) == (far.into(), near.into()) {
                queues.to_read = hex(to_read);
            }
        }
        queues
    }
}

fn message(number: usize) -> Message {
    scenario::flood_message(number, MESSAGE_BYTES)
}

/// A reader that reads nothing holds its peer back, though it is the channel that reads from the
/// socket: it stops at its bound. And goes on when there is room.
async fn holds_its_bound(host: &Host, inbox: Bound, bound_bytes: usize) {
    let options = Options::default().inbox(inbox);
    let (mut channel, mut peer) = host.open(options).await;
    let mut flood = Flood::new();
    let mut read = 0;
    // Of what is read the inbox is told in batches of up to a quarter.
    for least in [bound_bytes, bound_bytes - bound_bytes / 4] {
        let held = flood.send_until_it_stalls(&mut peer).await - read * FRAME_BYTES;
        assert!(held >= least, "it holds {held} bytes, and has room for {bound_bytes}");
        let limit = bound_bytes + FRAME_BYTES + READ_AHEAD_BYTES;
        assert!(held <= limit, "it holds {held} bytes, of {limit} that it may");

        while read < 5 {
            assert!(channel.next().await.unwrap().unwrap() == message(read), "{read} is lost");
            read += 1;
        }
    }

    let reads_all = async {
        while let Some(item) = channel.next().await {
            assert!(item.unwrap() == message(read), "{read} is lost");
            read += 1;
        }
    };
    join(flood.end(&mut peer), reads_all).await;
    assert_eq!(read, flood.messages);
    assert_eq!(channel.close_code(), Some(PEER_CODE));
}

#[test]
fn a_reader_holds_its_bound_in_bytes() {
    test(async |host| {
        holds_its_bound(host, Bound { messages: 1_000, bytes: 100_000 }, 100_000).await;
    });
}

#[test]
fn a_reader_holds_its_bound_in_messages() {
    test(async |host| {
        holds_its_bound(host, Bound { messages: 7, bytes: 1 << 30 }, 7 * FRAME_BYTES).await;
    });
}

/// A bound that is smaller than a message lets one through at a time.
#[test]
fn a_reader_with_the_smallest_of_bounds_holds_one_message() {
    test(async |host| {
        holds_its_bound(host, Bound { messages: 1, bytes: 1 }, 1).await;
    });
}
