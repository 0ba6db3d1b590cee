//! A folder for what browsers leave lying about, removed with its owner.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process;

use crate::Result;

/// To be the `TMPDIR` of a browser, which is killed more often than it ends in peace. It must live
/// longer than the browser.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn create() -> Result<Self> {
        // Not in cargo's folder: the path of a browser's socket must be short, and a checkout may
        // lie deep.
        let folder = env::temp_dir().join(format!("websocket-echo-{}", process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What can't be removed now lies where the system cleans up.
        let _ = fs::remove_dir_all(&self.0);
    }
}
