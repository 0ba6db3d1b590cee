//! What waits to be sent, as the network takes it: to the byte, and without another's turn.

use std::cell::Cell;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::{FutureExt as _, SinkExt as _};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use web_socket_channel::{Bound, ByteStream, Connection, LimitExceeded, ReadyState, SendError};

use super::*;

/// More than the buffers of a system's sockets hold.
const MUCH: usize = 64 << 20;

#[test]
fn the_buffered_amount_goes_down_with_each_write() {
    test(async |host| {
        let (channel, mut peer) = host.open(Options::default()).await;
        channel.try_send(vec![36; MUCH]).unwrap();
        let mut amounts = vec![channel.buffered_amount()];
        let mut piece = vec![0; MUCH / 8];
        for _ in 0..6 {
            peer.socket().read_exact(&mut piece).await.unwrap();
            // The writing task has its turn: what was read has made room for it.
            let before = *amounts.last().unwrap();
            within(async {
                while channel.buffered_amount() == before {
                    yield_now().await;
                }
            })
            .await;
            amounts.push(channel.buffered_amount());
        }
        assert_eq!(amounts[0], MUCH);
        // Six eighths have been read, so no more than two eighths can wait in this process.
        within(async {
            while channel.buffered_amount() > MUCH / 4 {
                yield_now().await;
            }
        })
        .await;
        assert!(amounts.is_sorted_by(|earlier, later| earlier > later), "{amounts:?}");
        peer.cut(Cut::Reset).await;
    });
}

/// A sender whose backlog never passes its bound, in bytes or in messages, is never refused, however much
/// it sends in all.
#[test]
fn a_steady_sender_is_not_refused() {
    for messages in [1 << 16, 100] {
        test(async |host| {
            let outbox = Bound { messages, bytes: 8 << 20 };
            let (channel, mut peer) = host.open(Options::default().outbox(outbox)).await;
            let (message, sent) = (vec![36; 100_000], Cell::new(0));
            let reads = async {
                // With the head of each frame.
                let mut left = 500 * (message.len() + 14);
                let mut piece = vec![0; 64 * 1024];
                while left > 0 {
                    // So slowly that something always waits.
                    while sent.get() < 500 && channel.buffered_amount() < 3_000_000 {
                        yield_now().await;
                    }
                    left -= peer.socket().read(&mut piece).await.unwrap().min(left);
                }
            };
            let sends = async {
                for number in 0..500 {
                    while channel.buffered_amount() > 6_000_000 {
                        yield_now().await;
                    }
                    assert!(
                        channel.try_send(message.clone()).is_ok(),
                        "number {number} is refused"
                    );
                    sent.set(number + 1);
                }
            };
            join(reads, sends).await;
        });
    }
}

/// A flush waits for what was sent before it, and not for what others go on to send.
#[test]
fn a_flush_ends_though_others_go_on_sending() {
    const MOST: usize = 5_000;
    test(async |host| {
        let (mut channel, mut peer) = host.open(Options::default()).await;
        let others = Connection::clone(&channel);
        let (flushed, sent) = (Cell::new(false), Cell::new(0));
        let reads = async {
            let mut piece = vec![0; 64 * 1024];
            while !flushed.get() && sent.get() < MOST {
                assert_ne!(peer.socket().read(&mut piece).await.unwrap(), 0);
            }
        };
        let floods = async {
            while !flushed.get() && sent.get() < MOST {
                while others.buffered_amount() < 500_000 {
                    others.try_send(vec![36; 10_000]).unwrap();
                    sent.set(sent.get() + 1);
                }
                yield_now().await;
            }
        };
        let sends = async {
            // The socket is full by then.
            while sent.get() < 1_000 {
                yield_now().await;
            }
            channel.send("mine".into()).await.unwrap();
            assert!(others.buffered_amount() > 0 && sent.get() < MOST, "{} were sent", sent.get());
            flushed.set(true);
        };
        join(reads, join(floods, sends)).await;
        peer.cut(Cut::Reset).await;
    });
}

/// A message of nothing has a head, which waits like any other's.
#[test]
fn a_flush_waits_for_an_empty_message_too() {
    test(async |_| {
        let (near, mut far) = tokio::io::duplex(14);
        let socket = ByteStream::client(near);
        let mut channel = WebSocketChannel::adopt(socket, Options::default()).unwrap();
        // They fill the pipe between them.
        channel.send("12345678".into()).await.unwrap();
        channel.feed("".into()).await.unwrap();
        for _ in 0..100 {
            yield_now().await;
            assert!(channel.flush().now_or_never().is_none());
        }
        far.read_exact(&mut [0; 14]).await.unwrap();
        within(channel.flush()).await.unwrap();
    });
}

/// One more than the bound is refused as long as the peer reads nothing.
#[test]
fn a_backlog_over_its_bound_is_refused() {
    test(async |host| {
        let outbox = Bound { messages: 1 << 16, bytes: 1 << 20 };
        let (channel, peer) = host.open(Options::default().outbox(outbox)).await;
        channel.try_send(vec![36; MUCH]).unwrap();
        yield_now().await;
        let refused = channel.try_send("one more");
        let Err(SendError { error: Error::LimitExceeded(limit), .. }) = refused else {
            unreachable!("{refused:?}")
        };
        assert_eq!(limit, LimitExceeded::Outbox { messages: 1 << 16, bytes: 1 << 20 });
        peer.cut(Cut::Reset).await;
    });
}

/// What a program has flushed has left it, though the program ends.
#[test]
fn what_was_flushed_arrives_though_the_program_ends() {
    test(async |host| {
        let (mut channel, mut peer) = host.open(Options::default()).await;
        let payload = vec![36; 3 << 20];
        let reads = async {
            match peer.hear().await {
                Heard::Message(message) => message.len(),
                other => unreachable!("{other:?}"),
            }
        };
        let sends = async {
            channel.send(payload.clone().into()).await.unwrap();
            channel.buffered_amount()
        };
        let (received, waiting) = join(reads, sends).await;
        assert_eq!((received, waiting), (payload.len(), 0));
    });
}

/// Gives the same bytes over and over, so many at a time, and takes everything, without end and at once.
struct Endless {
    start: Vec<u8>,
    bytes: &'static [u8],
    most: usize,
}

impl AsyncRead for Endless {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let mut room = buffer.remaining().min(self.most);
        if !self.start.is_empty() {
            let len = room.min(self.start.len());
            let rest = self.start.split_off(len);
            buffer.put_slice(&std::mem::replace(&mut self.start, rest));
            return Poll::Ready(Ok(()));
        }
        loop {
            let len = room.min(self.bytes.len());
            buffer.put_slice(&self.bytes[..len]);
            room -= len;
            if room < self.bytes.len() {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl AsyncWrite for Endless {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// A source that always has bytes starves neither its own close nor the rest of the thread.
#[test]
fn an_endless_source_lets_others_have_their_turn() {
    let of = |start: &[u8], bytes, most| Endless { start: start.to_vec(), bytes, most };
    // A message of 2^40 bytes, of which each byte comes by itself.
    let long = [FIN | BINARY, 127, 0, 0, 1, 0, 0, 0, 0, 0];
    let sources = [
        ("pongs", of(&[], &[FIN | PONG, 0], usize::MAX)),
        ("empty messages", of(&[], &[FIN | TEXT, 0], usize::MAX)),
        ("empty parts", of(&[TEXT, 0], &[CONTINUATION, 0], usize::MAX)),
        ("byte by byte", of(&long, b"b", 1)),
    ];
    for (name, source) in sources {
        test(async |_| {
            let options = Options::default()
                .close_timeout(Duration::from_millis(200))
                .max_message_bytes(usize::MAX)
                .max_frame_bytes(usize::MAX);
            let channel = WebSocketChannel::adopt(ByteStream::client(source), options).unwrap();
            for _ in 0..100 {
                yield_now().await;
            }
            assert_eq!(channel.ready_state(), ReadyState::Open, "{name}");
            let event = within(channel.close()).await;
            let Initiator::Local = event.initiator else { unreachable!("{name}: {event:?}") };
            assert_eq!((event.code, event.was_clean), (1006, false), "{name}");
        });
    }
}
