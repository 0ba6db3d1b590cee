//! Files of a desktop: asked for by the system's own dialogs, read and written piece by piece.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use egui::DroppedFileHandle;

use super::native::system_language;
use crate::i18n::words;

/// How much is read at once.
const PIECE: usize = 256 << 10;

/// The longest file that is opened: 1 TiB, as it is never in memory as a whole.
pub const MAX_FILE_BYTES: u64 = 1 << 40;

/// A file that is being written. It has its name once it is [finished](Self::finish); until then it stands
/// beside it under another one, so that nothing is lost of a file that was there.
#[derive(Debug)]
pub struct FileWriter {
    file: Option<File>,
    part: PathBuf,
    path: PathBuf,
}

/// A file that is being read.
#[derive(Debug)]
pub struct FileReader {
    file: File,
    name: String,
    bytes: u64,
}

impl FileWriter {
    fn create(path: PathBuf) -> Result<Self, String> {
        let mut part = path.clone().into_os_string();
        part.push(".part");
        let part = PathBuf::from(part);
        let file = File::create(&part).map_err(|error| error.to_string())?;
        Ok(Self { file: Some(file), part, path })
    }

    /// Writes the next piece, or gives what the system says against it.
    pub fn write(&mut self, piece: &[u8]) -> Result<(), String> {
        let Some(file) = &mut self.file else { return Ok(()) };
        file.write_all(piece).map_err(|error| error.to_string())
    }

    /// Gives the file its name, which this returns.
    pub fn finish(mut self) -> Result<String, String> {
        if let Some(file) = self.file.take() {
            drop(file);
            std::fs::rename(&self.part, &self.path).map_err(|error| {
                let _ = std::fs::remove_file(&self.part);
                error.to_string()
            })?;
        }
        Ok(name_of(&self.path))
    }
}

impl Drop for FileWriter {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            // If it can't be taken away it stays, and whoever finds it sees by its name that it is a part.
            let _ = std::fs::remove_file(&self.part);
        }
    }
}

impl FileReader {
    fn open(path: &Path) -> Result<Self, String> {
        let open = || {
            let file = File::open(path)?;
            let bytes = file.metadata()?.len();
            Ok(Self { file, name: name_of(path), bytes })
        };
        open().map_err(|error: std::io::Error| error.to_string())
    }

    /// The file's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its length in bytes, when it was opened.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The next piece of some 256 KiB, none at the end; or what the system says against it.
    pub fn next_piece(&mut self) -> Result<Option<Vec<u8>>, String> {
        let mut piece = Vec::with_capacity(PIECE);
        let limited = (&mut self.file).take(PIECE as u64).read_to_end(&mut piece);
        limited.map_err(|error| error.to_string())?;
        Ok((!piece.is_empty()).then_some(piece))
    }
}

/// Asks the person under which name to save; this one is proposed. With an `answer` nobody is asked. `None`
/// where they think better of it.
pub async fn ask_where_to_save(
    name: String,
    answer: Option<PathBuf>,
) -> Option<Result<FileWriter, String>> {
    let path = match answer {
        Some(path) => path,
        None => {
            let dialog = rfd::AsyncFileDialog::new().set_file_name(name);
            match dialog.save_file().await {
                Some(asked) => asked.path().to_owned(),
                None => return no_dialog().await,
            }
        }
    };
    Some(FileWriter::create(path))
}

/// Asks the person for a file with one of these endings. With an `answer` nobody is asked. `None` where they
/// think better of it.
pub async fn ask_what_to_open(
    endings: &'static [&'static str],
    answer: Option<PathBuf>,
) -> Option<Result<FileReader, String>> {
    let path = match answer {
        Some(path) => path,
        None => {
            let dialog = rfd::AsyncFileDialog::new().add_filter(endings.join(", "), endings);
            match dialog.pick_file().await {
                Some(asked) => asked.path().to_owned(),
                None => return no_dialog().await,
            }
        }
    };
    Some(FileReader::open(&path))
}

/// What stands against a file for which there was no answer: nothing, where a person was asked.
async fn no_dialog<T>() -> Option<Result<T, String>> {
    #[cfg(target_os = "linux")]
    if super::linux_dialogs::are_missing().await {
        return Some(Err(words(system_language()).terminal.no_dialogs.to_owned()));
    }
    None
}

/// Opens a file that was dropped on the window.
pub async fn open_dropped(file: DroppedFileHandle) -> Result<FileReader, String> {
    FileReader::open(file.path())
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("there is room for a folder");
        folder
    }

    #[test]
    fn unfinished_file_leaves_old_one() {
        let folder = folder("unfinished_file_leaves_old_one");
        let path = folder.join("a.txt");
        std::fs::write(&path, "old").expect("it can be written");
        let mut writer = FileWriter::create(path.clone()).expect("it can be written");
        assert_eq!(writer.write(b"new"), Ok(()));
        drop(writer);
        assert_eq!(std::fs::read(&path).ok().as_deref(), Some(&b"old"[..]));
        let mut writer = FileWriter::create(path.clone()).expect("it can be written");
        assert_eq!(writer.write(b"new"), Ok(()));
        assert_eq!(writer.finish(), Ok("a.txt".to_owned()));
        assert_eq!(std::fs::read(&path).ok().as_deref(), Some(&b"new"[..]));
        assert_eq!(std::fs::read_dir(&folder).map(Iterator::count).ok(), Some(1));
        let _ = std::fs::remove_dir_all(folder);
    }

    #[test]
    fn files_are_read_in_pieces() {
        let folder = folder("files_are_read_in_pieces");
        let path = folder.join("a.bin");
        std::fs::write(&path, vec![7; PIECE + 1]).expect("it can be written");
        let mut reader = FileReader::open(&path).expect("it can be read");
        assert_eq!((reader.name(), reader.bytes()), ("a.bin", PIECE as u64 + 1));
        let lengths: Vec<usize> =
            std::iter::from_fn(|| reader.next_piece().ok().flatten()).map(|p| p.len()).collect();
        assert_eq!(lengths, [PIECE, 1]);
        assert!(FileReader::open(&folder.join("b")).is_err());
        let _ = std::fs::remove_dir_all(folder);
    }
}
