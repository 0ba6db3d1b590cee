//! A pool of buffers for each thread: what its connections lend each other. A connection has them only
//! while it is busy, so that a quiet one costs next to nothing, and thousands that take turns use the
//! same few, which stay in the processor's cache.

use std::cell::RefCell;
use std::thread::LocalKey;

/// How much is read from a socket at a time, and how much is gathered for one write, roughly: a
/// system call costs as much as copying some 16 KiB, and what is larger than this leaves the cache.
pub(crate) const BUFFER_BYTES: usize = 80 * 1024;

/// The longest memory of a message that is kept. What is longer is the allocator's: a thread doesn't keep
/// it, as messages that are so long are few.
const MAX_PAYLOAD_BYTES: usize = 1024 * 1024 + BUFFER_BYTES;

/// How many of a kind a thread keeps. While one connection is served the others of its thread wait,
/// so that one of each would do but for those that couldn't finish.
const MAX_BUFFERS: usize = 4;
const MAX_PAYLOADS: usize = 2;

thread_local! {
    static BUFFERS: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
    static PAYLOADS: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// An empty buffer with room for [`BUFFER_BYTES`].
pub(crate) fn buffer() -> Vec<u8> {
    take(&BUFFERS).unwrap_or_else(|| Vec::with_capacity(BUFFER_BYTES))
}

/// Takes a buffer back. One that is smaller, or has grown, is let go of.
pub(crate) fn keep_buffer(buffer: Vec<u8>) {
    if (BUFFER_BYTES..=2 * BUFFER_BYTES).contains(&buffer.capacity()) {
        keep(&BUFFERS, buffer, MAX_BUFFERS);
    }
}

/// Empty memory for a long message, of any capacity, zero included.
pub(crate) fn payload() -> Vec<u8> {
    take(&PAYLOADS).unwrap_or_default()
}

/// Takes the memory of a message back, once it was sent.
pub(crate) fn keep_payload(payload: Vec<u8>) {
    if (BUFFER_BYTES / 2..=MAX_PAYLOAD_BYTES).contains(&payload.capacity()) {
        keep(&PAYLOADS, payload, MAX_PAYLOADS);
    }
}

/// `None` also while the thread ends.
fn take(kept: &'static LocalKey<RefCell<Vec<Vec<u8>>>>) -> Option<Vec<u8>> {
    kept.try_with(|kept| kept.borrow_mut().pop()).ok().flatten()
}

fn keep(kept: &'static LocalKey<RefCell<Vec<Vec<u8>>>>, mut buffer: Vec<u8>, most: usize) {
    buffer.clear();
    // While the thread ends it is dropped.
    let _ = kept.try_with(|kept| {
        let mut kept = kept.borrow_mut();
        if kept.len() < most {
            kept.push(buffer);
        }
    });
}
