//! A message that a program keeps pins at most twice its length and a small constant, whatever came
//! with it: so a bound in payload is one of memory too.
//!
//! A file of its own, as the allocator counts for all of a process.
#![cfg(not(target_arch = "wasm32"))]
#![allow(unsafe_code, reason = "an allocator that counts is one that is unsafe")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::StreamExt as _;
use tokio::io::{AsyncWriteExt as _, duplex};
use web_socket_channel::{ByteStream, Message, Options, WebSocketChannel};

struct Counting;

/// Bytes that are allocated and not freed.
static LIVE: AtomicUsize = AtomicUsize::new(0);

// SAFETY: all of it is the system's; only a number is kept besides.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller has promised.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller has promised.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What a kept message may pin beside twice its length: the slab that it may share, and its handle.
const CONSTANT_BYTES: usize = 4 * 1024 + 256;

/// How much memory each kept message takes, where of every two that come the second one is dropped.
async fn pinned(kept_bytes: usize, dropped_bytes: usize) -> Result<usize, Box<dyn Error>> {
    const KEPT: usize = 500;
    let (near, mut peer) = duplex(64 * 1024);
    let mut channel = WebSocketChannel::adopt(ByteStream::client(near), Options::default())?;
    let mut both = frame(kept_bytes);
    both.extend(frame(dropped_bytes));
    let mut kept = Vec::with_capacity(KEPT);
    // What the connection has for itself is there before it counts.
    peer.write_all(&both).await?;
    for _ in 0..2 {
        channel.next().await.ok_or("the end")??;
    }
    let before = LIVE.load(Ordering::Relaxed);
    for _ in 0..KEPT {
        let write = peer.write_all(&both);
        let read = async {
            let first = channel.next().await.ok_or("the end")??;
            channel.next().await.ok_or("the end")??;
            Ok::<Message, Box<dyn Error>>(first)
        };
        let (written, read) = futures::future::join(write, read).await;
        written?;
        kept.push(read?);
    }
    assert!(kept.iter().all(|message| message.len() == kept_bytes));
    Ok(LIVE.load(Ordering::Relaxed).saturating_sub(before) / KEPT)
}

/// A binary message from a server.
fn frame(len: usize) -> Vec<u8> {
    let mut frame = vec![0x82, 127];
    frame.extend((len as u64).to_be_bytes());
    frame.resize(frame.len() + len, b'm');
    frame
}

#[tokio::test]
async fn a_kept_message_pins_no_neighbours() -> Result<(), Box<dyn Error>> {
    let sizes = [1, 100, 2_000, 3_000, 8_000, 8_200, 20_000, 65_536, 100_000];
    for kept in sizes {
        for dropped in [1, 16 * 1024, 100_000] {
            let pinned = pinned(kept, dropped).await?;
            // A few had room in memory that was there before.
            assert!(pinned >= kept * 9 / 10 || kept <= 2_000, "it counts: {pinned} of {kept}");
            let most = 2 * kept + CONSTANT_BYTES;
            assert!(pinned <= most, "{kept} bytes beside {dropped} pin {pinned}, over {most}");
        }
    }
    Ok(())
}
