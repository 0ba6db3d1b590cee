//! What a message's bytes are to a person: a text, a picture, or just bytes.

use std::fmt::Write as _;
use std::io::Cursor;

use image::{ImageFormat, ImageReader, Limits, RgbaImage};

/// The largest file that is taken for a picture: 16 MiB. What is larger would stop the page for
/// seconds in a browser, which decodes on its one thread.
pub const MAX_PICTURE_BYTES: usize = 16 * 1024 * 1024;

/// The most pixels that a picture may have: 16 million, 64 MiB when decoded. A file of some
/// kilobytes can claim to have any number.
pub const MAX_PICTURE_PIXELS: u64 = 16 * 1024 * 1024;

/// How many bytes a preview shows.
const PREVIEW_BYTES: usize = 16;

/// A binary message, looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Binary {
    /// A picture, of which an animated one gives its first frame: nothing moves on its own here.
    Picture(RgbaImage),
    /// It says that it is a picture, but can't be shown as one.
    BrokenPicture {
        /// Its format, by its first bytes.
        format: &'static str,
        /// Why.
        why: PictureProblem,
    },
    /// Anything else.
    Bytes,
}

/// Why a picture can't be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureProblem {
    /// Over [`MAX_PICTURE_BYTES`].
    TooManyBytes,
    /// Over [`MAX_PICTURE_PIXELS`].
    TooManyPixels {
        /// As it claims.
        width: u32,
        /// As it claims.
        height: u32,
    },
    /// Cut off, or damaged.
    Damaged,
}

/// Looks at a binary message. A picture is decoded so that it fits into `max_side` by `max_side`
/// pixels, which is what a texture may have.
pub fn look_at(bytes: &[u8], max_side: u32) -> Binary {
    let Some((format, name)) = picture_format(bytes) else {
        return Binary::Bytes;
    };
    match decode(bytes, format, max_side) {
        Ok(picture) => Binary::Picture(picture),
        Err(why) => Binary::BrokenPicture { format: name, why },
    }
}

/// Whether these bytes say that they are a picture that can be looked at, by their first ones.
pub fn is_picture(bytes: &[u8]) -> bool {
    picture_format(bytes).is_some()
}

/// The name of a picture's format, by its first bytes.
pub fn picture_name(bytes: &[u8]) -> Option<&'static str> {
    picture_format(bytes).map(|(_, name)| name)
}

/// What the name of a picture's file ends with, by its first bytes.
pub fn picture_ending(bytes: &[u8]) -> Option<&'static str> {
    let (format, _) = picture_format(bytes)?;
    format.extensions_str().first().copied()
}

/// The first bytes in hexadecimal, with "…" where there are more.
pub fn hex_preview(bytes: &[u8]) -> String {
    let mut preview = String::new();
    for (index, byte) in bytes.iter().take(PREVIEW_BYTES).enumerate() {
        let gap = if index == 0 { "" } else { " " };
        // Writing to a `String` does not fail.
        let _ = write!(preview, "{gap}{byte:02x}");
    }
    if bytes.len() > PREVIEW_BYTES {
        preview.push_str(" …");
    }
    preview
}

fn picture_format(bytes: &[u8]) -> Option<(ImageFormat, &'static str)> {
    match image::guess_format(bytes).ok()? {
        format @ ImageFormat::Png => Some((format, "PNG")),
        format @ ImageFormat::Jpeg => Some((format, "JPEG")),
        format @ ImageFormat::Gif => Some((format, "GIF")),
        format @ ImageFormat::WebP => Some((format, "WebP")),
        _ => None,
    }
}

fn decode(bytes: &[u8], format: ImageFormat, max_side: u32) -> Result<RgbaImage, PictureProblem> {
    if bytes.len() > MAX_PICTURE_BYTES {
        return Err(PictureProblem::TooManyBytes);
    }
    let reader = || ImageReader::with_format(Cursor::new(bytes), format);
    let (width, height) = reader().into_dimensions().map_err(|_| PictureProblem::Damaged)?;
    if u64::from(width) * u64::from(height) > MAX_PICTURE_PIXELS {
        return Err(PictureProblem::TooManyPixels { width, height });
    }
    let mut reader = reader();
    let mut limits = Limits::default();
    // Four bytes a pixel, and as much again for what decoders need beside them.
    limits.max_alloc = Some(MAX_PICTURE_PIXELS * 8);
    reader.limits(limits);
    let picture = reader.decode().map_err(|_| PictureProblem::Damaged)?;
    let picture =
        if width.max(height) > max_side { picture.thumbnail(max_side, max_side) } else { picture };
    Ok(picture.into_rgba8())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: u32 = 64;

    fn encoded(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let picture = image::DynamicImage::ImageRgb8(image::RgbImage::from_pixel(
            width,
            height,
            image::Rgb([200, 30, 60]),
        ));
        picture.write_to(&mut bytes, format).expect("the encoders are there");
        bytes.into_inner()
    }

    #[test]
    fn the_four_formats_are_pictures() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP] {
            let Binary::Picture(picture) = look_at(&encoded(format, 3, 5), SIDE) else {
                unreachable!("{format:?} is a picture");
            };
            assert_eq!(picture.dimensions(), (3, 5), "{format:?}");
            let [red, green, blue, alpha] = picture.get_pixel(1, 1).0;
            assert!(red > 180 && green < 60 && blue < 90 && alpha == 255, "{format:?}");
        }
    }

    #[test]
    fn a_large_picture_is_made_to_fit() {
        let Binary::Picture(picture) = look_at(&encoded(ImageFormat::Png, 200, 100), SIDE) else {
            unreachable!("it is a picture");
        };
        assert_eq!(picture.dimensions(), (64, 32));
    }

    #[test]
    fn a_picture_that_is_cut_off_is_broken() {
        let whole = encoded(ImageFormat::Png, 40, 40);
        for length in [8, 20, whole.len() / 2] {
            let why = PictureProblem::Damaged;
            assert_eq!(
                look_at(&whole[..length], SIDE),
                Binary::BrokenPicture { format: "PNG", why },
                "{length} bytes"
            );
        }
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_decoded() {
        let mut bomb = encoded(ImageFormat::Png, 1, 1);
        // Width and height stand at 16 in the header, whose checksum of 4 bytes at 29 is to fit.
        bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        let checksum = crc32(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&checksum.to_be_bytes());
        let why = PictureProblem::TooManyPixels { width: 60_000, height: 60_000 };
        assert_eq!(look_at(&bomb, SIDE), Binary::BrokenPicture { format: "PNG", why });
    }

    #[test]
    fn a_file_that_is_too_large_is_refused() {
        let mut bytes = encoded(ImageFormat::Png, 1, 1);
        bytes.resize(MAX_PICTURE_BYTES + 1, 0);
        let why = PictureProblem::TooManyBytes;
        assert_eq!(look_at(&bytes, SIDE), Binary::BrokenPicture { format: "PNG", why });
    }

    #[test]
    fn other_bytes_are_bytes() {
        assert_eq!(look_at(b"raisin", SIDE), Binary::Bytes);
        assert_eq!(look_at(b"", SIDE), Binary::Bytes);
        assert_eq!(look_at(b"BM\0\0\0\0\0\0", SIDE), Binary::Bytes, "a format we do not show");
    }

    #[test]
    fn previews() {
        assert_eq!(hex_preview(b""), "");
        assert_eq!(hex_preview(&[0, 1, 0xab]), "00 01 ab");
        assert_eq!(hex_preview(&[7; 17]), "07 07 07 07 07 07 07 07 07 07 07 07 07 07 07 07 …");
    }

    /// PNG's checksum, bit by bit.
    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0_u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 }
            })
        })
    }
}
