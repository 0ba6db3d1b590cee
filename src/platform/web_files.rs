//! Files in a browser: a download that is built from parts outside of the page's own memory, and a file that
//! the person picks or drops.

use std::path::PathBuf;
use std::rc::Rc;

use eframe::wasm_bindgen::JsCast as _;
use eframe::wasm_bindgen::closure::Closure;
use egui::DroppedFileHandle;
use futures::channel::oneshot;
use js_sys::{Array, Uint8Array};
use std::cell::RefCell;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, HtmlAnchorElement, HtmlInputElement, Url, window};

/// How much is read at once.
const PIECE: usize = 256 << 10;

/// The longest file that is opened: it is in memory as a whole, beside the log that it becomes.
pub const MAX_FILE_BYTES: u64 = 256 << 20;

/// A download that is being built.
#[derive(Debug)]
pub struct FileWriter {
    name: String,
    parts: Array,
}

/// A file that is being read.
#[derive(Debug)]
pub struct FileReader {
    name: String,
    bytes: u64,
    content: Vec<u8>,
    at: usize,
}

impl FileWriter {
    /// Adds the next piece.
    pub fn write(&mut self, piece: &[u8]) -> Result<(), String> {
        self.parts.push(&Uint8Array::from(piece));
        Ok(())
    }

    /// Lets the browser save it under its name, which this returns, or under another one.
    pub fn finish(self) -> Result<String, String> {
        let failed = |error| format!("{error:?}");
        let blob = Blob::new_with_u8_array_sequence(&self.parts).map_err(failed)?;
        let url = Url::create_object_url_with_blob(&blob).map_err(failed)?;
        let document = window().and_then(|window| window.document());
        let link = document.and_then(|document| document.create_element("a").ok());
        if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) {
            link.set_href(&url);
            link.set_download(&self.name);
            link.click();
        }
        // The download has taken it by then; without this it would stay in memory with the page.
        wasm_bindgen_futures::spawn_local(async move {
            super::sleep(std::time::Duration::from_secs(60)).await;
            let _ = Url::revoke_object_url(&url);
        });
        Ok(self.name)
    }
}

impl FileReader {
    async fn of(file: File) -> Result<Self, String> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a length is a whole number"
        )]
        let bytes = file.size() as u64;
        let mut reader = Self { name: file.name(), bytes, content: Vec::new(), at: 0 };
        // Whoever asked for it says that it is too long.
        if bytes <= MAX_FILE_BYTES {
            let buffer = JsFuture::from(file.array_buffer()).await;
            let buffer = buffer.map_err(|error| format!("{error:?}"))?;
            reader.content = Uint8Array::new(&buffer).to_vec();
        }
        Ok(reader)
    }

    /// The file's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its length in bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The next piece of some 256 KiB, none at the end.
    pub fn next_piece(&mut self) -> Result<Option<Vec<u8>>, String> {
        let rest = self.content.get(self.at..).unwrap_or_default();
        let piece = rest.get(..PIECE).unwrap_or(rest).to_vec();
        self.at += piece.len();
        Ok((!piece.is_empty()).then_some(piece))
    }
}

/// Browsers save where they save, under this name or one like it.
pub async fn ask_where_to_save(
    name: String,
    _: Option<PathBuf>,
) -> Option<Result<FileWriter, String>> {
    Some(Ok(FileWriter { name, parts: Array::new() }))
}

/// Asks the person for a file with one of these endings. `None` where they think better of it.
pub async fn ask_what_to_open(
    endings: &'static [&'static str],
    _: Option<PathBuf>,
) -> Option<Result<FileReader, String>> {
    let document = window()?.document()?;
    let input: HtmlInputElement = document.create_element("input").ok()?.dyn_into().ok()?;
    input.set_type("file");
    let endings: Vec<String> = endings.iter().map(|ending| format!(".{ending}")).collect();
    input.set_accept(&endings.join(","));
    let (answer, answered) = oneshot::channel();
    let answer = Rc::new(RefCell::new(Some(answer)));
    let picked = input.clone();
    // Both a choice and a cancelled dialog.
    let done = Closure::<dyn FnMut()>::new(move || {
        if let Some(answer) = answer.borrow_mut().take() {
            let _ = answer.send(picked.files().and_then(|files| files.get(0)));
        }
    });
    for event in ["change", "cancel"] {
        let listener = done.as_ref().unchecked_ref();
        input.add_event_listener_with_callback(event, listener).ok()?;
    }
    input.click();
    let file = answered.await.ok()??;
    Some(FileReader::of(file).await)
}

/// Opens a file that was dropped on the page.
pub async fn open_dropped(file: DroppedFileHandle) -> Result<FileReader, String> {
    let name = file.path().to_string_lossy().into_owned();
    let content = file.bytes_async().await?;
    Ok(FileReader { name, bytes: content.len() as u64, content, at: 0 })
}
