//! What this process has used so far, by the system's own account.

use std::time::Duration;

/// The processor time of all threads of this process, in the program and in the system for it.
pub fn cpu_time() -> Duration {
    // SAFETY: the structure is made of integers, for which zero is a value, and the call only
    // writes into it.
    #[expect(unsafe_code, reason = "std does not ask the system for this")]
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &mut usage);
        usage
    };
    let duration = |time: libc::timeval| {
        Duration::new(time.tv_sec.unsigned_abs(), 1000 * time.tv_usec.unsigned_abs() as u32)
    };
    duration(usage.ru_utime) + duration(usage.ru_stime)
}

/// The memory that this process holds, in bytes. `None` where there is no such account.
pub fn resident_bytes() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kib: usize = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}
