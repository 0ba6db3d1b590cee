//! Pictures on the desktop: decoded by the crate `image` on a thread, and those of the clipboard, which egui hears.

use std::io::Cursor;
use std::sync::Arc;

use egui::{ColorImage, Context, Event};
use image::codecs::png::PngEncoder;
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder as _, ImageEncoder as _, ImageFormat,
    ImageReader, ImageResult, Limits,
};
use poll_promise::Promise;
use web_socket_channel::Bytes;

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
    let ctx = ctx.clone();
    Promise::spawn_thread("picture", move || {
        let decoded = pixels(&bytes, format, max_side);
        ctx.request_repaint();
        decoded
    })
}

/// Of an animated one the first frame: nothing moves on its own here.
fn pixels(bytes: &[u8], format: PictureFormat, max_side: u32) -> Result<Pixels, PictureProblem> {
    payload::check(format, bytes)?;
    let format = match format {
        PictureFormat::Png => ImageFormat::Png,
        PictureFormat::Jpeg => ImageFormat::Jpeg,
        PictureFormat::Gif => ImageFormat::Gif,
        PictureFormat::WebP => ImageFormat::WebP,
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    // Four bytes a pixel, and as much again for what decoders need beside them.
    limits.max_alloc = Some(MAX_PICTURE_PIXELS * 8);
    reader.limits(limits);
    let picture = upright(reader).map_err(|_| PictureProblem::Damaged)?;
    let of = (picture.width(), picture.height());
    let (width, height) = payload::fitting(of.0, of.1, max_side);
    let picture =
        if of == (width, height) { picture } else { picture.thumbnail_exact(width, height) };
    Ok(Pixels { of, width, height, rgba: picture.into_rgba8().into_raw() })
}

/// Decodes a picture and turns it as it says that it is to be seen: cameras leave that to whoever shows it.
fn upright(reader: ImageReader<Cursor<&[u8]>>) -> ImageResult<DynamicImage> {
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// A picture or file that was pasted.
pub struct Pasted(Arc<ColorImage>);

impl Pasted {
    /// What it is called.
    pub fn name(&self) -> String {
        "pasted.png".to_owned()
    }

    /// Its bytes, as a PNG.
    pub async fn read(self, _: u64) -> Result<Vec<u8>, FileProblem> {
        let Self(picture) = self;
        let [width, height] = picture.size.map(|side| u32::try_from(side).unwrap_or(u32::MAX));
        let pixels: Vec<u8> =
            picture.pixels.iter().flat_map(|pixel| pixel.to_srgba_unmultiplied()).collect();
        let mut bytes = Vec::new();
        PngEncoder::new(&mut bytes)
            .write_image(&pixels, width, height, ExtendedColorType::Rgba8)
            .map_err(|why| FileProblem::Unreadable(why.to_string()))?;
        Ok(bytes)
    }
}

/// What was pasted since the last time.
pub fn take_pasted(ctx: &Context) -> Vec<Pasted> {
    let mut pictures = Vec::new();
    ctx.input_mut(|input| {
        input.events.retain(|event| match event {
            Event::PasteImage(picture) => {
                pictures.push(Pasted(Arc::clone(picture)));
                false
            }
            _ => true,
        });
    });
    pictures
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: u32 = 64;

    const FORMATS: [(PictureFormat, ImageFormat); 4] = [
        (PictureFormat::Png, ImageFormat::Png),
        (PictureFormat::Jpeg, ImageFormat::Jpeg),
        (PictureFormat::Gif, ImageFormat::Gif),
        (PictureFormat::WebP, ImageFormat::WebP),
    ];

    fn encoded(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let colour = image::Rgb([200, 30, 60]);
        let picture = image::RgbImage::from_pixel(width, height, colour);
        let picture = DynamicImage::ImageRgb8(picture);
        picture.write_to(&mut bytes, format).expect("the encoders are there");
        bytes.into_inner()
    }

    #[test]
    fn the_four_formats_are_pictures() {
        for (format, encoder) in FORMATS {
            let bytes = encoded(encoder, 3, 5);
            assert_eq!(PictureFormat::of(&bytes), Some(format));
            assert_eq!(format.dimensions(&bytes), Some((3, 5)), "{format:?}");
            let picture = pixels(&bytes, format, SIDE).expect("it is a picture");
            assert_eq!((picture.width, picture.height), (3, 5), "{format:?}");
            let pixel = &picture.rgba[16..20];
            assert!(
                pixel[0] > 180 && pixel[1] < 60 && pixel[2] < 90 && pixel[3] == 255,
                "{format:?}"
            );
        }
    }

    #[test]
    fn a_large_picture_is_made_to_fit() {
        let bytes = encoded(ImageFormat::Png, 200, 100);
        let picture = pixels(&bytes, PictureFormat::Png, SIDE).expect("it is a picture");
        assert_eq!((picture.width, picture.height, picture.rgba.len()), (64, 32, 64 * 32 * 4));
        assert_eq!(picture.of, (200, 100));
    }

    #[test]
    fn a_picture_of_a_camera_is_turned_upright() {
        // What says so: the tag 0x112 of the first directory, and the turn to the right.
        const EXIF: &[u8] = b"\xff\xe1\0\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";

        let mut bytes = encoded(ImageFormat::Jpeg, 40, 20);
        bytes.splice(2..2, EXIF.iter().copied());
        let picture = pixels(&bytes, PictureFormat::Jpeg, SIDE).expect("it is a picture");
        assert_eq!((picture.width, picture.height), (20, 40));
    }

    #[test]
    fn a_picture_that_is_cut_off_is_broken() {
        for (format, encoder) in FORMATS {
            let whole = encoded(encoder, 40, 40);
            for length in [8, 20] {
                let decoded = pixels(&whole[..length], format, SIDE);
                assert_eq!(decoded, Err(PictureProblem::Damaged), "{format:?} of {length} bytes");
            }
        }
    }
}
