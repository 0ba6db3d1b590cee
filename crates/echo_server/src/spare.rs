//! What the connections of a thread lend each other: buffers and codecs. A connection has them only
//! while it is busy, so that a quiet one costs next to nothing, and thousands that take turns use the
//! same few, which stay in the processor's cache.

use std::cell::RefCell;
use std::thread::LocalKey;

use crate::codec::Codec;

/// How much is read from a socket at a time, and how much is gathered for one write, roughly: a
/// system call costs as much as copying some 16 KiB, and what is larger than this leaves the cache.
pub(crate) const BUFFER_BYTES: usize = 80 * 1024;

/// How many of a kind a thread keeps. While one connection is served the others of its thread wait,
/// so that one of each would do but for those that couldn't finish.
const MAX_KEPT: usize = 4;

thread_local! {
    static BUFFERS: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
    #[expect(clippy::vec_box, reason = "a codec is large, and handed over often")]
    static CODECS: RefCell<Vec<Box<Codec>>> = const { RefCell::new(Vec::new()) };
}

/// An empty buffer with room for [`BUFFER_BYTES`].
pub(crate) fn buffer() -> Vec<u8> {
    take(&BUFFERS).unwrap_or_else(|| Vec::with_capacity(BUFFER_BYTES))
}

/// Takes a buffer back. One that is smaller, or has grown, is let go of.
pub(crate) fn keep_buffer(mut buffer: Vec<u8>) {
    if (BUFFER_BYTES..=2 * BUFFER_BYTES).contains(&buffer.capacity()) {
        buffer.clear();
        keep(&BUFFERS, buffer);
    }
}

/// A codec in which nothing is left of any connection, if there is one.
pub(crate) fn codec() -> Option<Box<Codec>> {
    take(&CODECS)
}

/// Takes a codec back in which nothing is left of its connection.
pub(crate) fn keep_codec(codec: Box<Codec>) {
    keep(&CODECS, codec);
}

/// `None` also while the thread ends.
fn take<T>(kept: &'static LocalKey<RefCell<Vec<T>>>) -> Option<T> {
    kept.try_with(|kept| kept.borrow_mut().pop()).ok().flatten()
}

fn keep<T>(kept: &'static LocalKey<RefCell<Vec<T>>>, item: T) {
    // While the thread ends it is dropped.
    let _ = kept.try_with(|kept| {
        let mut kept = kept.borrow_mut();
        if kept.len() < MAX_KEPT {
            kept.push(item);
        }
    });
}
