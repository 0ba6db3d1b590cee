//! Pictures in a browser: decoded by the browser itself, beside the frames, and those that are pasted, of which
//! eframe hears only texts.

use std::cell::RefCell;

use eframe::wasm_bindgen::JsCast as _;
use eframe::wasm_bindgen::JsValue;
use egui::Context;
use js_sys::{Array, Uint8Array};
use poll_promise::Promise;
use wasm_bindgen_futures::JsFuture;
use web_socket_channel::Bytes;
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, ClipboardEvent, File, HtmlCanvasElement,
    ImageBitmap, window,
};

use super::FileProblem;
use crate::payload::{self, MAX_PICTURE_PIXELS, PictureProblem, Pixels};
use crate::picture_header::PictureFormat;

/// Decodes a picture beside the frames, so that it fits into `max_side` by `max_side` pixels; one that is too
/// large not at all. Then it asks for a frame.
pub fn decode(
    bytes: Bytes,
    format: PictureFormat,
    max_side: u32,
    ctx: &Context,
) -> Promise<Result<Pixels, PictureProblem>> {
    let (sender, decoded) = Promise::new();
    let ctx = ctx.clone();
    wasm_bindgen_futures::spawn_local(async move {
        sender.send(pixels(&bytes, format, max_side).await);
        ctx.request_repaint();
    });
    decoded
}

async fn pixels(
    bytes: &[u8],
    format: PictureFormat,
    max_side: u32,
) -> Result<Pixels, PictureProblem> {
    payload::check(format, bytes)?;
    let bitmap = bitmap(bytes, format).await.map_err(|_| PictureProblem::Damaged)?;
    let (width, height) = (bitmap.width(), bitmap.height());
    let drawn = if u64::from(width) * u64::from(height) > MAX_PICTURE_PIXELS {
        // Its header did not say so.
        Err(PictureProblem::TooManyPixels { width, height })
    } else {
        read(&bitmap, payload::fitting(width, height, max_side)).ok_or(PictureProblem::Damaged)
    };
    // Up to 64 MiB, which no one else would free soon.
    bitmap.close();
    drawn
}

async fn bitmap(bytes: &[u8], format: PictureFormat) -> Result<ImageBitmap, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(format.media_type());
    let parts = Array::of1(&Uint8Array::from(bytes));
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options)?;
    let decoding = window().ok_or(JsValue::NULL)?.create_image_bitmap_with_blob(&blob)?;
    JsFuture::from(decoding).await?.dyn_into()
}

/// The pixels of a picture, drawn at this size.
fn read(bitmap: &ImageBitmap, (width, height): (u32, u32)) -> Option<Pixels> {
    let canvas = window()?.document()?.create_element("canvas").ok()?;
    let canvas: HtmlCanvasElement = canvas.dyn_into().ok()?;
    canvas.set_width(width);
    canvas.set_height(height);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let (w, h) = (f64::from(width), f64::from(height));
    context.draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, w, h).ok()?;
    let rgba = context.get_image_data(0.0, 0.0, w, h).ok()?.data().0;
    Some(Pixels { of: (bitmap.width(), bitmap.height()), width, height, rgba })
}

thread_local! {
    /// What was pasted and not taken yet.
    static PASTED: RefCell<Vec<Pasted>> = const { RefCell::new(Vec::new()) };
}

/// The most files that wait to be taken; what is pasted beyond is left.
const MOST_PASTED: usize = 64;

/// A picture or file that was pasted.
pub struct Pasted(File);

impl Pasted {
    /// What it is called.
    pub fn name(&self) -> String {
        self.0.name()
    }

    /// Its bytes, at most so many.
    pub async fn read(self, most: u64) -> Result<Vec<u8>, FileProblem> {
        super::web::read(&self.0, most).await
    }
}

/// Listens to what is pasted: a file without a text beside it. What has a text is egui's, which hears it alone.
pub(super) fn listen() {
    let Some(document) = window().and_then(|window| window.document()) else { return };
    super::web::hear(&document, "paste", |event: ClipboardEvent| {
        let Some(data) = event.clipboard_data() else { return };
        if !data.get_data("text/plain").unwrap_or_default().is_empty() {
            return;
        }
        let Some(files) = data.files().filter(|files| files.length() > 0) else { return };
        event.prevent_default();
        PASTED.with_borrow_mut(|pasted| {
            let files = (0..files.length()).filter_map(|at| files.get(at));
            let room = MOST_PASTED.saturating_sub(pasted.len());
            pasted.extend(files.take(room).map(Pasted));
        });
        super::web::wake();
    });
}

/// What was pasted since the last time.
pub fn take_pasted(_: &Context) -> Vec<Pasted> {
    PASTED.take()
}
