//! What another process has used so far, by the system's own account. Linux tells, and others may
//! not.

use std::fs;
use std::time::Duration;

use server_bench::Result;

/// The processor time of all threads of a process, in the program and in the system for it.
pub(crate) fn cpu_time(process: u32) -> Result<Duration> {
    let mut clock = 0;
    // SAFETY: the call only writes the one number.
    #[expect(unsafe_code, reason = "std does not ask the system for this")]
    let is_unknown = unsafe { libc::clock_getcpuclockid(process.cast_signed(), &raw mut clock) };
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the call only writes the one structure.
    #[expect(unsafe_code, reason = "std does not ask the system for this")]
    let is_error = is_unknown != 0 || unsafe { libc::clock_gettime(clock, &raw mut time) } != 0;
    if is_error {
        return Err("the system doesn't tell what a process has used".into());
    }
    Ok(Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32))
}

/// The memory that is in a process for itself alone, in bytes.
pub(crate) fn private_bytes(process: u32) -> Result<f64> {
    let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
    let kib = |name| {
        let line = rollup.lines().find_map(|line| line.strip_prefix(name));
        let kib = line.and_then(|line| line.split_whitespace().next());
        Ok::<f64, Box<dyn std::error::Error + Send + Sync>>(kib.ok_or("no such figure")?.parse()?)
    };
    Ok(1024.0 * (kib("Private_Dirty:")? + kib("Private_Clean:")?))
}

/// Lets this process, and those that it starts, have as many connections as they may.
pub(crate) fn allow_open_files(needed: usize) -> Result {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the call only writes the one structure.
    #[expect(unsafe_code, reason = "std does not ask the system for this")]
    let is_known = unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) } == 0;
    limit.rlim_cur = limit.rlim_max;
    // SAFETY: the call only reads the one structure.
    #[expect(unsafe_code, reason = "std does not ask the system for this")]
    let is_set = unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) } == 0;
    if is_known && is_set && usize::try_from(limit.rlim_cur).is_ok_and(|most| most >= needed) {
        return Ok(());
    }
    Err(format!("a process needs {needed} open files here; `ulimit -Hn` says how many it may have")
        .into())
}

/// Keeps this process, and those that it starts from now on, on one processor.
pub(crate) fn stay_on_one_processor() -> Result<Processors> {
    // SAFETY: the structure is an array of integers, for which zero is a value, and the calls only
    // read and write it.
    #[expect(unsafe_code, reason = "std does not choose processors")]
    let (before, is_set) = unsafe {
        let mut before: libc::cpu_set_t = std::mem::zeroed();
        let size = size_of::<libc::cpu_set_t>();
        let is_known = libc::sched_getaffinity(0, size, &raw mut before) == 0;
        let current = usize::try_from(libc::sched_getcpu()).unwrap_or_default();
        let mut one: libc::cpu_set_t = std::mem::zeroed();
        libc::CPU_SET(current, &mut one);
        (before, is_known && libc::sched_setaffinity(0, size, &raw const one) == 0)
    };
    if is_set {
        Ok(Processors(before))
    } else {
        Err("the system doesn't let a processor be chosen".into())
    }
}

/// The processors that this process had; it has them again when this is dropped.
pub(crate) struct Processors(libc::cpu_set_t);

impl Drop for Processors {
    fn drop(&mut self) {
        // SAFETY: the call only reads the structure.
        #[expect(unsafe_code, reason = "std does not choose processors")]
        // An error would leave figures that nobody asked for, and no harm.
        unsafe {
            libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &raw const self.0);
        }
    }
}
