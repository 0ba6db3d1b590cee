//! What only a client that counts has in it: an allocator, and an eye on what the socket is read
//! into. Shared by their two programs, and in no library, as every other client would have it too.

use channel_bench::counting::{Counting, placement};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Stands in the place of the C library's function of this name, which sockets are read with.
///
/// # Safety
/// As of that function.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "there is no other way to see where the system writes to")]
#[unsafe(no_mangle)]
unsafe extern "C" fn recv(
    socket: libc::c_int,
    buffer: *mut libc::c_void,
    len: libc::size_t,
    flags: libc::c_int,
) -> libc::ssize_t {
    let no_address = std::ptr::null_mut::<libc::c_void>();
    // SAFETY: as the caller promises; this is what the C library's own does.
    let read = unsafe {
        libc::syscall(libc::SYS_recvfrom, socket, buffer, len, flags, no_address, no_address)
    };
    if let Ok(len @ 1..) = usize::try_from(read)
        && flags & libc::MSG_PEEK == 0
    {
        // SAFETY: the system has just written so many bytes there.
        placement::on_read(unsafe { std::slice::from_raw_parts(buffer.cast(), len) });
    }
    read as libc::ssize_t
}
