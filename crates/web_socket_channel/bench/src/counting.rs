//! Counts what the system does not: allocations, and payloads that reach the program where the
//! socket has put them.
//!
//! Only the clients whose names end in `counting` use it, and of those no processor time is taken.

use std::alloc::{GlobalAlloc, Layout, System};
use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The system's allocator, with a count of what it is asked for, by all threads.
pub struct Counting;

/// What was counted since the start of the process.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    /// How often memory was asked for, whether new or more of it.
    pub allocations: u64,
    /// How many bytes were asked for.
    pub allocated_bytes: u64,
    /// How many bytes of payload were verified while [`placement`] had a look at them.
    pub payload_bytes: u64,
    /// How many of them lay where the system had written them: no one has copied those.
    pub in_place_bytes: u64,
}

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
static ALLOCATED_BYTES: AtomicU64 = AtomicU64::new(0);
static PAYLOAD_BYTES: AtomicU64 = AtomicU64::new(0);
static IN_PLACE_BYTES: AtomicU64 = AtomicU64::new(0);

/// Whether this process counts at all: set at its start and never again.
static IS_ON: AtomicBool = AtomicBool::new(false);

/// Begins to count. For the first line of `main`, in a process whose allocator is [`Counting`].
pub fn begin() {
    IS_ON.store(true, Ordering::Relaxed);
}

/// What was counted until now; `None` in a process that does not count.
pub fn counted() -> Option<Counted> {
    IS_ON.load(Ordering::Relaxed).then(|| Counted {
        allocations: ALLOCATIONS.load(Ordering::Relaxed),
        allocated_bytes: ALLOCATED_BYTES.load(Ordering::Relaxed),
        payload_bytes: PAYLOAD_BYTES.load(Ordering::Relaxed),
        in_place_bytes: IN_PLACE_BYTES.load(Ordering::Relaxed),
    })
}

// SAFETY: everything is left to the system's allocator.
#[expect(unsafe_code, reason = "an allocator is unsafe by nature")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: as the caller promises.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size);
        // SAFETY: as the caller promises.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(block, layout) }
    }
}

fn count(bytes: usize) {
    ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
    ALLOCATED_BYTES.fetch_add(bytes as u64, Ordering::Relaxed);
}

/// Where the system has written what came from the server.
///
/// The bytes of a connection have numbers, from the first one after the handshake. Every read says
/// which numbers it wrote to which address; a payload, of which the numbers are known too, has not
/// been copied as far as it lies at just these addresses.
pub mod placement {
    use super::{AtomicBool, IN_PLACE_BYTES, IS_ON, Mutex, Ordering, PAYLOAD_BYTES, VecDeque};

    /// A read from the socket.
    struct Read {
        first: usize,
        address: usize,
        len: usize,
    }

    struct Reads {
        /// Those of which something has not been verified yet.
        reads: VecDeque<Read>,
        /// The number of the next byte to be read.
        next: usize,
        /// The end of the answer's head, as far as it has been seen.
        head: [u8; 4],
    }

    static READS: Mutex<Reads> =
        Mutex::new(Reads { reads: VecDeque::new(), next: 0, head: [0; 4] });

    /// The head of the handshake's answer has been read.
    static IS_OPEN: AtomicBool = AtomicBool::new(false);

    /// Judges a payload that begins with the byte of this number.
    pub(crate) fn verify(payload: &[u8], first: usize) {
        if !IS_ON.load(Ordering::Relaxed) {
            return;
        }
        let end = first + payload.len();
        let mut in_place = 0;
        let Ok(mut reads) = READS.lock() else { return };
        while reads.reads.front().is_some_and(|read| read.first + read.len <= first) {
            reads.reads.pop_front();
        }
        for read in reads.reads.iter().take_while(|read| read.first < end) {
            let from = read.first.max(first);
            let to = (read.first + read.len).min(end);
            if read.address + (from - read.first) == payload.as_ptr() as usize + (from - first) {
                in_place += to - from;
            }
        }
        PAYLOAD_BYTES.fetch_add(payload.len() as u64, Ordering::Relaxed);
        IN_PLACE_BYTES.fetch_add(in_place as u64, Ordering::Relaxed);
    }

    /// The system has just written these bytes.
    pub fn on_read(bytes: &[u8]) {
        let mut address = bytes.as_ptr() as usize;
        let Ok(mut reads) = READS.lock() else { return };
        let mut rest = bytes;
        while !IS_OPEN.load(Ordering::Relaxed) {
            let Some((&byte, after)) = rest.split_first() else { return };
            rest = after;
            address += 1;
            reads.head.rotate_left(1);
            reads.head[3] = byte;
            IS_OPEN.store(reads.head == *b"\r\n\r\n", Ordering::Relaxed);
        }
        let first = reads.next;
        reads.next += rest.len();
        reads.reads.push_back(Read { first, address, len: rest.len() });
    }
}
