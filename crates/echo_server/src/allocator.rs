//! How the memory of long messages goes back to the system. Belongs to the binary.

/// From this length on memory is the system's own, and goes back to it at once.
///
/// glibc begins with the same, and raises it up to 32 MiB when such memory is freed: then it keeps what
/// long messages had. After two floods of 600 messages of up to 1 MiB the process had 395 MiB for good, and
/// with this 22 MiB, of which most is what the threads keep themselves (`buffer_pool.rs`): without that, each
/// message would have its pages fetched anew.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const MMAP_BYTES: i32 = 128 * 1024;

/// Has long memory go back to the system, where the system's allocator has to be told.
pub(crate) fn give_long_memory_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[expect(unsafe_code, reason = "no safe function sets it")]
    // SAFETY: it sets a number of the allocator's, and takes its lock for it.
    let _ = unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, MMAP_BYTES) };
}
