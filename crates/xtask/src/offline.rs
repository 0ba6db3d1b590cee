//! What the published page needs to be kept by a browser and opened without a network: a service worker that
//! knows the build and its files; and how long the program is.

use std::fs;
use std::path::Path;

use crate::Result;

/// Beside the page, so that the whole folder is its own.
const WORKER: &str = "service-worker.js";

/// What the page is made of, by the ends of the names. Icons are kept by who installs it.
const KEPT: [&str; 5] = ["css", "js", "svg", "wasm", "webmanifest"];

/// Writes the worker into the folder of a page that was just built, and its name and build into the page.
pub(crate) fn write(folder: &Path) -> Result {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let file = entry?.path();
        let is_kept =
            file.extension().and_then(|end| end.to_str()).is_some_and(|end| KEPT.contains(&end));
        let name = file.file_name().and_then(|name| name.to_str()).map(str::to_owned);
        if let Some(name) = name.filter(|name| is_kept && name != WORKER) {
            files.push(name);
        }
    }
    files.sort();

    let page = folder.join("index.html");
    let html = fs::read_to_string(&page)?;
    let template = fs::read_to_string("assets/service_worker.js")?;
    let (mut build, mut program) = (Fnv::new(), 0);
    build.add(html.as_bytes());
    build.add(template.as_bytes());
    for name in &files {
        build.add(name.as_bytes());
        let content = fs::read(folder.join(name))?;
        if name.ends_with(".wasm") {
            program += content.len();
        }
        build.add(&content);
    }
    let build = format!("{:016x}", build.0);

    // The third is for whoever waits for the program.
    let meta = format!("<meta name=\"offline\" content=\"{WORKER} {build} {program}\" /></head>");
    fs::write(page, replaced(&html, "</head>", &meta)?)?;
    let worker = replaced(&template, "const BUILD = \"\";", &format!("const BUILD = {build:?};"))?;
    let worker = replaced(&worker, "const FILES = [];", &format!("const FILES = {files:?};"))?;
    fs::write(folder.join(WORKER), worker)?;
    Ok(())
}

/// With what stands in it exactly once replaced.
fn replaced(text: &str, old: &str, new: &str) -> Result<String> {
    match text.matches(old).count() {
        1 => Ok(text.replace(old, new)),
        times => Err(format!("{old:?} stands in the page {times} times, and not once").into()),
    }
}

/// The hash of Fowler, Noll and Vo: another content gives another name, and nobody gains by one that doesn't.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
        // So that what ends one piece can't begin the next.
        self.0 = (self.0 ^ 0xff).wrapping_mul(0x0100_0000_01b3);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn another_content_is_another_build() {
        std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
            .expect("it is there");
        let folder = Scratch::create().expect("a folder");
        let built = |program: &str| {
            fs::write(folder.path().join("index.html"), "<html><head></head></html>")
                .expect("written");
            fs::write(folder.path().join("a-0123.js"), program).expect("written");
            fs::write(folder.path().join("a-0123.js.br"), "a twin").expect("written");
            write(folder.path()).expect("it can be kept");
            let page = fs::read_to_string(folder.path().join("index.html")).expect("a page");
            let worker = fs::read_to_string(folder.path().join(WORKER)).expect("a worker");
            let (_, build) = page.split_once("service-worker.js ").expect("it is named");
            let build = build[..16].to_owned();
            assert!(worker.contains(&format!("const BUILD = \"{build}\";")), "{worker}");
            assert!(worker.contains("const FILES = [\"a-0123.js\"];"), "{worker}");
            build
        };
        let first = built("1");
        assert_eq!(built("1"), first);
        assert_ne!(built("2"), first);
    }
}
