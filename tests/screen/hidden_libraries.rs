//! Makes a program miss libraries that the machine has: a folder of files of their names with nothing in them, in
//! which the program is to look first.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder for `LD_LIBRARY_PATH`, which goes with this value.
pub(crate) struct HiddenLibraries(PathBuf);

impl HiddenLibraries {
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for HiddenLibraries {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Those of these names, parted by spaces.
pub(crate) fn of(names: &str) -> HiddenLibraries {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("websocket-echo-hidden-{}-{number}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    fs::create_dir_all(&folder).expect("a folder can be made");
    for name in names.split_whitespace() {
        fs::write(folder.join(name), "").expect("a file can be written");
    }
    HiddenLibraries(folder)
}
