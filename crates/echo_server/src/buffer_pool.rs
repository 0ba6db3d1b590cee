//! A pool of buffers for each thread: what its connections lend each other. A connection has them only
//! while it is busy, so that a quiet one costs next to nothing, and thousands that take turns use the
//! same few, which stay in the processor's cache.

use std::cell::RefCell;

/// How much is read from a socket at a time, and how much is gathered for one write, roughly: a
/// system call costs as much as copying some 16 KiB, and what is larger than this leaves the cache.
pub(crate) const BUFFER_BYTES: usize = 80 * 1024;

/// The longest memory of a message that is kept. What is longer is the allocator's: a thread doesn't keep
/// it, as messages that are so long are few.
const MAX_PAYLOAD_BYTES: usize = 1024 * 1024 + BUFFER_BYTES;

/// How many of a kind a thread keeps. While one connection is served the others of its thread wait,
/// so that one of each would do but for those that couldn't finish.
const MAX_BUFFERS: usize = 4;
const MAX_PAYLOADS: usize = 16;

/// How much memory of messages a thread keeps in all. What isn't kept comes from the system page by page:
/// with 16 connections of 1 MiB each, and 2 MiB kept, a message cost a third more.
const MAX_KEPT_BYTES: usize = 8 * MAX_PAYLOAD_BYTES;

thread_local! {
    static BUFFERS: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
    static PAYLOADS: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// An empty buffer with room for [`BUFFER_BYTES`].
pub(crate) fn buffer() -> Vec<u8> {
    let kept = BUFFERS.try_with(|kept| kept.borrow_mut().pop()).ok().flatten();
    kept.unwrap_or_else(|| Vec::with_capacity(BUFFER_BYTES))
}

/// Takes a buffer back. One that is smaller, or has grown, is let go of.
pub(crate) fn keep_buffer(mut buffer: Vec<u8>) {
    if (BUFFER_BYTES..=2 * BUFFER_BYTES).contains(&buffer.capacity()) {
        buffer.clear();
        // While the thread ends it is dropped.
        let _ = BUFFERS.try_with(|kept| {
            let mut kept = kept.borrow_mut();
            if kept.len() < MAX_BUFFERS {
                kept.push(buffer);
            }
        });
    }
}

/// Empty memory that a long message of this length fits well, or none: of a much longer one most would
/// be wasted. What was kept last comes first, as it is in the processor's cache.
pub(crate) fn payload(len: usize) -> Vec<u8> {
    let kept = PAYLOADS.try_with(|kept| {
        let mut kept = kept.borrow_mut();
        let at = kept.iter().rposition(|kept| (len..=2 * len).contains(&kept.capacity()))?;
        Some(kept.remove(at))
    });
    kept.ok().flatten().unwrap_or_default()
}

/// Takes the memory of a message back, once it was sent. What was kept for longest makes room for it.
pub(crate) fn keep_payload(mut payload: Vec<u8>) {
    if (BUFFER_BYTES / 2..=MAX_PAYLOAD_BYTES).contains(&payload.capacity()) {
        payload.clear();
        let _ = PAYLOADS.try_with(|kept| {
            let mut kept = kept.borrow_mut();
            kept.push(payload);
            let mut bytes: usize = kept.iter().map(Vec::capacity).sum();
            while kept.len() > MAX_PAYLOADS || bytes > MAX_KEPT_BYTES {
                bytes -= kept.remove(0).capacity();
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_gets_memory_that_fits_it() {
        keep_payload(Vec::with_capacity(1 << 20));
        keep_payload(Vec::with_capacity(1 << 16));
        assert_eq!(payload((1 << 17) + 1).capacity(), 0);
        assert_eq!(payload(1 << 16).capacity(), 1 << 16);
        assert_eq!(payload(1 << 16).capacity(), 0);
        assert_eq!(payload(1_000_000).capacity(), 1 << 20);
    }

    #[test]
    fn a_thread_keeps_so_much_and_the_latest() {
        for _ in 0..MAX_PAYLOADS {
            keep_payload(Vec::with_capacity(1 << 20));
        }
        let kept: usize = PAYLOADS.with_borrow(|kept| kept.iter().map(Vec::capacity).sum());
        assert!((MAX_KEPT_BYTES / 2..=MAX_KEPT_BYTES).contains(&kept), "{kept}");
        for _ in 0..100 {
            keep_payload(Vec::with_capacity(1 << 16));
        }
        assert_eq!(payload(1 << 20).capacity(), 0);
        let count = (0..100).filter(|_| payload(1 << 16).capacity() > 0).count();
        assert_eq!(count, MAX_PAYLOADS);
        keep_payload(Vec::with_capacity(MAX_PAYLOAD_BYTES + 1));
        assert_eq!(payload(MAX_PAYLOAD_BYTES).capacity(), 0);
    }
}
