//! What a message's bytes are to a person: a text, a picture, or just bytes.

use crate::picture_header::PictureFormat;
use std::fmt::Write as _;

/// The largest file that is taken for a picture: 16 MiB.
pub const MAX_PICTURE_BYTES: usize = 16 * 1024 * 1024;

/// The most pixels that a picture may have: 16 million, 64 MiB when decoded. A file of some
/// kilobytes can claim to have any number.
pub const MAX_PICTURE_PIXELS: u64 = 16 * 1024 * 1024;

/// How many bytes a preview shows.
const PREVIEW_BYTES: usize = 16;

/// A picture that is decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    /// How wide and high the picture is, in its own pixels; these may be fewer.
    pub of: (u32, u32),
    /// Of a row.
    pub width: u32,
    /// How many rows there are.
    pub height: u32,
    /// Four bytes a pixel: red, green, blue, and opacity, by which the others are not multiplied.
    pub rgba: Vec<u8>,
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

/// The format of a picture that may be decoded. It is looked at before that whether it is too large.
///
/// # Errors
/// Why it may not.
pub fn check(format: PictureFormat, bytes: &[u8]) -> Result<(), PictureProblem> {
    if bytes.len() > MAX_PICTURE_BYTES {
        return Err(PictureProblem::TooManyBytes);
    }
    let (width, height) = format.dimensions(bytes).ok_or(PictureProblem::Damaged)?;
    if u64::from(width) * u64::from(height) > MAX_PICTURE_PIXELS {
        return Err(PictureProblem::TooManyPixels { width, height });
    }
    Ok(())
}

/// Width and height of a picture that is made to fit into `max_side` by `max_side` pixels, which is what a
/// texture may have; in the same proportion, and never larger than it is.
pub fn fitting(width: u32, height: u32, max_side: u32) -> (u32, u32) {
    let longest = width.max(height);
    if longest <= max_side {
        return (width, height);
    }
    let scaled = |side: u32| u64::from(side) * u64::from(max_side) / u64::from(longest);
    let side = |side: u32| u32::try_from(scaled(side)).unwrap_or(max_side).max(1);
    (side(width), side(height))
}

/// Whether these bytes say that they are a picture that can be looked at, by their first ones.
pub fn is_picture(bytes: &[u8]) -> bool {
    PictureFormat::of(bytes).is_some()
}

/// The name of a picture's format, by its first bytes.
pub fn picture_name(bytes: &[u8]) -> Option<&'static str> {
    PictureFormat::of(bytes).map(PictureFormat::name)
}

/// What the name of a picture's file ends with, by its first bytes.
pub fn picture_ending(bytes: &[u8]) -> Option<&'static str> {
    PictureFormat::of(bytes).map(PictureFormat::ending)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_decoded() {
        let why = PictureProblem::TooManyPixels { width: 60_000, height: 60_000 };
        assert_eq!(check(PictureFormat::Png, &png(60_000, 60_000)), Err(why));
        assert_eq!(check(PictureFormat::Png, &png(4096, 4096)), Ok(()));
    }

    #[test]
    fn a_file_that_is_too_large_is_refused() {
        let mut bytes = png(1, 1);
        bytes.resize(MAX_PICTURE_BYTES + 1, 0);
        assert_eq!(check(PictureFormat::Png, &bytes), Err(PictureProblem::TooManyBytes));
    }

    #[test]
    fn a_picture_is_made_to_fit_and_never_larger() {
        assert_eq!(fitting(200, 100, 64), (64, 32));
        assert_eq!(fitting(100, 200, 64), (32, 64));
        assert_eq!(fitting(3, 5, 64), (3, 5));
        assert_eq!(fitting(1, 16_000_000, 8192), (1, 8192), "a line stays one");
    }

    #[test]
    fn other_bytes_are_no_picture() {
        assert!(!is_picture(b"raisin") && !is_picture(b""));
        assert!(!is_picture(b"BM\0\0\0\0\0\0"), "a format that is not shown");
    }

    #[test]
    fn previews() {
        assert_eq!(hex_preview(b""), "");
        assert_eq!(hex_preview(&[0, 1, 0xab]), "00 01 ab");
        assert_eq!(hex_preview(&[7; 17]), "07 07 07 07 07 07 07 07 07 07 07 07 07 07 07 07 …");
    }
}
