//! Pictures, decoded beside the frames and uploaded once: at most one is decoded at a time, and the latest is
//! the one that counts.

use std::mem;

use egui::TextureHandle;
use poll_promise::Promise;
use web_socket_channel::Bytes;

use crate::payload::{PictureProblem, Pixels};
use crate::picture_header::PictureFormat;
use crate::platform;

/// The binary message that the snapshot has, looked at and, if it is a picture, uploaded. Made once
/// for each message, and not once for each frame.
pub enum Shown {
    /// A picture.
    Picture(Uploaded),
    /// Says that it is a picture, but can't be shown.
    BrokenPicture {
        /// Its format.
        format: &'static str,
        /// Why not.
        why: PictureProblem,
    },
    /// Other bytes.
    Bytes,
}

/// A picture that can be drawn.
pub struct Uploaded {
    /// Of no more pixels than a texture may have.
    pub texture: TextureHandle,
    /// How wide and high the picture itself is, in pixels.
    pub size: [usize; 2],
}

impl Shown {
    /// Uploads a picture.
    fn new(ctx: &egui::Context, format: PictureFormat, decoded: Decoded) -> Self {
        match decoded {
            Ok(pixels) => {
                let size = [pixels.width as usize, pixels.height as usize];
                let image = egui::ColorImage::from_rgba_unmultiplied(size, &pixels.rgba);
                let texture = ctx.load_texture("message", image, egui::TextureOptions::LINEAR);
                let size = [pixels.of.0 as usize, pixels.of.1 as usize];
                Self::Picture(Uploaded { texture, size })
            }
            Err(why) => Self::BrokenPicture { format: format.name(), why },
        }
    }
}

type Decoded = Result<Pixels, PictureProblem>;

/// What there is to show of the latest binary message.
#[derive(Default)]
pub struct Picture {
    shown: Option<Shown>,
    /// What is being decoded.
    decoding: Option<(PictureFormat, Promise<Decoded>)>,
    /// What is to be decoded next, as it came after what is being decoded.
    next: Option<Bytes>,
}

impl Picture {
    /// What there is to show, once it is decoded.
    pub fn shown(&self) -> Option<&Shown> {
        self.shown.as_ref()
    }

    /// The latest message is no binary one.
    pub fn forget(&mut self) {
        self.shown = None;
        self.next = None;
        // What is decoded meanwhile is thrown away.
        if self.decoding.is_some() {
            self.next = Some(Bytes::new());
        }
    }

    /// The latest message is this one. Bytes that are no picture are known as such at once.
    pub fn look_at(&mut self, bytes: &Bytes, ctx: &egui::Context) {
        if PictureFormat::of(bytes).is_none() {
            self.forget();
            self.shown = Some(Shown::Bytes);
            return;
        }
        self.shown = None;
        self.next = Some(bytes.clone());
        self.poll(ctx);
    }

    /// Takes over what has been decoded, and begins with what is next. Called in every frame.
    pub fn poll(&mut self, ctx: &egui::Context) {
        if let Some((format, decoding)) = self.decoding.take() {
            match decoding.try_take() {
                Err(decoding) => {
                    self.decoding = Some((format, decoding));
                    return;
                }
                Ok(decoded) if self.next.is_none() => {
                    self.shown = Some(Shown::new(ctx, format, decoded));
                }
                Ok(_) => {}
            }
        }
        let next = mem::take(&mut self.next);
        // What takes the place of a picture that is thrown away is no picture.
        if let Some((format, bytes)) = next.and_then(|next| Some((PictureFormat::of(&next)?, next)))
        {
            let max_side = ctx.input(|input| input.max_texture_side);
            let max_side = u32::try_from(max_side).unwrap_or(u32::MAX);
            let decoding = platform::pictures::decode(bytes, format, max_side, ctx);
            self.decoding = Some((format, decoding));
        }
    }
}
