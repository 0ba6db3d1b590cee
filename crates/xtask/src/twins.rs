//! The compressed twins of the page's files, which a server sends to whoever can read them: `a.js.br`
//! and `a.js.gz` beside `a.js`.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::thread;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::Result;

/// What gets smaller. Pictures are compressed already.
const WORTH_IT: [&str; 7] = ["css", "html", "js", "json", "svg", "wasm", "webmanifest"];

/// What fits into one packet with the head of its answer comes no sooner when it is smaller.
const MIN_BYTES: usize = 1024;

/// What ends the name of a twin.
const ENDINGS: [&str; 2] = ["br", "gz"];

/// A file of the page, and what is sent for it.
pub(crate) struct Weight {
    pub(crate) file: PathBuf,
    pub(crate) raw: usize,
    /// `None` where there is no twin.
    pub(crate) gzip: Option<usize>,
    pub(crate) brotli: Option<usize>,
}

impl Weight {
    /// As it is sent to a browser of today.
    pub(crate) fn sent(&self) -> usize {
        self.brotli.unwrap_or(self.raw)
    }
}

/// Writes the twins of all files in a folder and below that are worth it, and returns what the files
/// weigh, in the order of their names. The same files give the same twins.
///
/// A twin that was there is gone afterwards or new: a server would go on sending an old one.
pub(crate) fn write(folder: &Path) -> Result<Vec<Weight>> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    let (twins, mut files): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| is_twin(file));
    for twin in twins {
        fs::remove_file(twin)?;
    }
    files.retain(|file| {
        WORTH_IT.map(OsStr::new).into_iter().any(|end| file.extension() == Some(end))
    });
    files.sort();
    files.into_iter().map(write_for).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

/// Whether a file's name is that of something worth it with one of the endings behind.
fn is_twin(file: &Path) -> bool {
    let ends = |file: &Path, ends: &[&str]| {
        file.extension().and_then(OsStr::to_str).is_some_and(|end| ends.contains(&end))
    };
    ends(file, &ENDINGS) && ends(&file.with_extension(""), &WORTH_IT)
}

fn write_for(file: PathBuf) -> Result<Weight> {
    let bytes = fs::read(&file)?;
    let mut weight = Weight { raw: bytes.len(), gzip: None, brotli: None, file };
    if bytes.len() < MIN_BYTES {
        return Ok(weight);
    }
    let (brotli, gzip) = thread::scope(|scope| {
        let brotli = scope.spawn(|| brotli(&bytes));
        let gzip = gzip(&bytes);
        (brotli.join(), gzip)
    });
    let brotli = brotli.map_err(|_| "the compressing thread panicked")??;
    weight.brotli = put(&weight.file, "br", &brotli, bytes.len())?;
    weight.gzip = put(&weight.file, "gz", &gzip?, bytes.len())?;
    Ok(weight)
}

/// Writes a twin, if it saves anything, and returns its size.
fn put(file: &Path, ending: &str, twin: &[u8], raw: usize) -> Result<Option<usize>> {
    if twin.len() >= raw {
        return Ok(None);
    }
    let named = |ending: &str| {
        let mut name = file.as_os_str().to_owned();
        name.push(format!(".{ending}"));
        PathBuf::from(name)
    };
    // Under its name it is whole: a run that is interrupted leaves no half of one to be served.
    let part = named("part");
    fs::write(&part, twin)?;
    fs::rename(part, named(ending))?;
    Ok(Some(twin.len()))
}

/// As small as it gets: it is done once, and read by everybody.
fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    const BUFFER_BYTES: usize = 64 * 1024;
    const QUALITY: u32 = 11;
    /// As a power of two: 4 MiB, as most programs for brotli have it. With all that the format
    /// allows, 16 MiB, the page's wasm gets no smaller.
    const LG_WINDOW: u32 = 22;

    let mut twin = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut twin, BUFFER_BYTES, QUALITY, LG_WINDOW);
    encoder.write_all(bytes)?;
    encoder.flush()?;
    drop(encoder);
    Ok(twin)
}

/// Without a name or a time in it, so that it only depends on the bytes.
fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;
    use crate::scratch::Scratch;

    fn ungzip(bytes: &[u8]) -> Vec<u8> {
        let mut raw = Vec::new();
        flate2::read::GzDecoder::new(bytes).read_to_end(&mut raw).expect("it is gzip");
        raw
    }

    fn unbrotli(bytes: &[u8]) -> Vec<u8> {
        let mut raw = Vec::new();
        brotli::Decompressor::new(bytes, 4096).read_to_end(&mut raw).expect("it is brotli");
        raw
    }

    /// All names in a folder and below, in order.
    fn names(folder: &Path) -> Vec<String> {
        let mut files = Vec::new();
        collect(folder, &mut files).expect("the folder can be read");
        let name = |file: &PathBuf| {
            let name = file.strip_prefix(folder).expect("it is in the folder");
            name.to_str().expect("the names are text").replace('\\', "/")
        };
        let mut names: Vec<String> = files.iter().map(name).collect();
        names.sort();
        names
    }

    /// What doesn't get smaller.
    fn noise() -> Vec<u8> {
        let mut state = 3678_u64;
        let next = std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()
        });
        next.take(1000).flatten().collect()
    }

    #[test]
    fn what_is_worth_it_has_twins_and_no_twin_is_left_of_what_is_gone() {
        let scratch = Scratch::create().expect("there is room for rubbish");
        let folder = scratch.path().join("twins");
        fs::create_dir_all(folder.join("inner")).expect("the folder is new");
        let text = b"custom 3678; ".repeat(1000);
        for (name, bytes) in [
            ("index.html", &text[..]),
            ("inner/page.css", &text),
            ("small.js", b"alert(3678)"),
            ("picture.png", &text),
            ("archive.gz", &text),
            ("noise.wasm", &noise()),
            // Left over by a build before.
            ("index.html.gz", b"old"),
            ("gone-00e1496148409552.js.br", b"old"),
            ("small.js.br", b"old"),
        ] {
            fs::write(folder.join(name), bytes).expect("it can be written");
        }
        let weights = write(&folder).expect("it can be compressed");
        let expected = [
            "archive.gz",
            "index.html",
            "index.html.br",
            "index.html.gz",
            "inner/page.css",
            "inner/page.css.br",
            "inner/page.css.gz",
            "noise.wasm",
            "picture.png",
            "small.js",
        ];
        assert_eq!(names(&folder), expected);
        for name in ["index.html", "inner/page.css"] {
            let twin = |end: &str| fs::read(folder.join(format!("{name}.{end}")));
            assert!(unbrotli(&twin("br").expect("it is there")) == text, "{name}");
            assert!(ungzip(&twin("gz").expect("it is there")) == text, "{name}");
        }
        let weighed: Vec<_> = weights
            .iter()
            .map(|weight| (weight.raw, weight.gzip.is_some(), weight.brotli.is_some()))
            .collect();
        let expected =
            [(13_000, true, true), (13_000, true, true), (8_000, false, false), (11, false, false)];
        assert_eq!(weighed, expected);
        let size = fs::metadata(folder.join("index.html.br")).expect("it is there").len();
        assert_eq!(weights[0].brotli.map(|size| size as u64), Some(size));
    }

    #[test]
    fn the_same_file_gives_the_same_twins() {
        let bytes: Vec<u8> =
            (0..10_000_u32).flat_map(|n| (n.wrapping_mul(n) / 3678).to_le_bytes()).collect();
        let both = || (brotli(&bytes).expect("it fits"), gzip(&bytes).expect("it fits"));
        let (first, second) = (both(), both());
        assert!(first == second);
        // No time and no name (RFC 1952 §2.3).
        assert_eq!(first.1[3..8], [0; 5]);
    }
}
