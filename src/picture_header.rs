//! What a picture's file says about itself before it is decoded: its format, and how large it is.
//!
//! It is what holds a browser's decoder to our bounds, so that it has to be what a browser makes of the file. The crate
//! `imagesize` takes a GIF's screen for its size, which its first picture may exceed, and WebP's scale for a part of
//! its sides.

/// The formats that are shown: those that all browsers decode by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFormat {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// The Graphics Interchange Format.
    Gif,
    /// WebP.
    WebP,
}

impl PictureFormat {
    /// The format that the first bytes of a file say.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            _ => None,
        }
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::Gif => "GIF",
            Self::WebP => "WebP",
        }
    }

    /// What the name of such a file ends with.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Gif => "gif",
            Self::WebP => "webp",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
        }
    }

    /// Width and height in pixels, as a file of this format claims. `None` where it is cut off before that, or
    /// damaged.
    pub fn dimensions(self, bytes: &[u8]) -> Option<(u32, u32)> {
        match self {
            Self::Png => png(bytes),
            Self::Jpeg => jpeg(bytes),
            Self::Gif => gif(bytes),
            Self::WebP => webp(bytes),
        }
        .filter(|(width, height)| *width > 0 && *height > 0)
    }
}

fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    if bytes.get(12..16)? != b"IHDR" {
        return None;
    }
    let number = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
    Some((number(16)?, number(20)?))
}

/// They stand in the start of the frame, behind any number of other segments.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let marker = *bytes.get(at + 1)?;
        if bytes.get(at) != Some(&0xff) {
            return None;
        }
        match marker {
            // Any number of these may fill the space before a marker.
            0xff => at += 1,
            // Tables that are numbered like frames: of Huffman's codes, an extension, arithmetic coding.
            0xc4 | 0xc8 | 0xcc => at += 2 + usize::from(big(bytes, at + 2)?),
            0xc0..=0xcf => {
                return Some((big(bytes, at + 7)?.into(), big(bytes, at + 5)?.into()));
            }
            // Markers without a length.
            0x01 | 0xd0..=0xd8 => at += 2,
            // The picture begins or ends before it has said how large it is.
            0xd9 | 0xda => return None,
            _ => at += 2 + usize::from(big(bytes, at + 2)?),
        }
    }
}

/// The screen and its first picture, which may be larger than the screen; browsers then enlarge that.
fn gif(bytes: &[u8]) -> Option<(u32, u32)> {
    let screen = (little(bytes, 6)?, little(bytes, 8)?);
    let colours = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let mut at = 13 + colours(*bytes.get(10)?);
    loop {
        match *bytes.get(at)? {
            // An extension, in blocks of up to 255 bytes; an empty one ends it.
            0x21 => {
                at += 2;
                loop {
                    let block = usize::from(*bytes.get(at)?);
                    at += 1 + block;
                    if block == 0 {
                        break;
                    }
                }
            }
            0x2c => {
                let right = u32::from(little(bytes, at + 1)?) + u32::from(little(bytes, at + 5)?);
                let bottom = u32::from(little(bytes, at + 3)?) + u32::from(little(bytes, at + 7)?);
                return Some((right.max(screen.0.into()), bottom.max(screen.1.into())));
            }
            _ => return None,
        }
    }
}

fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(12..16)? {
        b"VP8 " if bytes.get(23..26)? == [0x9d, 0x01, 0x2a] => {
            // Two bits of each say how to scale it.
            let side = |at| Some(u32::from(little(bytes, at)? & 0x3fff));
            Some((side(26)?, side(28)?))
        }
        b"VP8L" if *bytes.get(20)? == 0x2f => {
            let sides = u32::from_le_bytes(bytes.get(21..25)?.try_into().ok()?);
            Some(((sides & 0x3fff) + 1, ((sides >> 14) & 0x3fff) + 1))
        }
        b"VP8X" => {
            let side = |at: usize| {
                let [a, b, c] = bytes.get(at..at + 3)?.try_into().ok()?;
                Some(u32::from_le_bytes([a, b, c, 0]) + 1)
            };
            Some((side(24)?, side(27)?))
        }
        _ => None,
    }
}

fn big(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_be_bytes)
}

fn little(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lossy_webp_says_its_sides() {
        let mut file = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a".to_vec();
        file.extend([0x2c, 0x41, 0x90, 0x01]);
        assert_eq!(PictureFormat::WebP.dimensions(&file), Some((300, 400)));
    }

    #[test]
    fn an_extended_webp_says_its_canvas() {
        let mut file = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".to_vec();
        file.extend([0x2b, 0x01, 0x00, 0x8f, 0x01, 0x00]);
        assert_eq!(PictureFormat::WebP.dimensions(&file), Some((300, 400)));
    }

    #[test]
    fn a_jpeg_says_its_sides_behind_other_segments() {
        let mut file = vec![0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xc4, 0, 3, 9];
        file.extend([0xff, 0xc2, 0, 11, 8, 0x01, 0x90, 0x01, 0x2c]);
        assert_eq!(PictureFormat::Jpeg.dimensions(&file), Some((300, 400)));
    }

    #[test]
    fn a_gif_is_as_large_as_its_first_picture() {
        let mut file = b"GIF89a\x01\0\x01\0\x80\0\0abcdef\x21\xf9\x01x\0\x2c".to_vec();
        file.extend([0, 0, 0, 0, 0x60, 0xea, 0x60, 0xea, 0]);
        assert_eq!(PictureFormat::Gif.dimensions(&file), Some((60_000, 60_000)));
    }

    #[test]
    fn no_end_of_a_file_is_read_beyond() {
        let files: [&[u8]; 4] = [
            b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01",
            &[0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc2, 0, 11, 8, 0, 1, 0, 1],
            b"GIF89a\x01\0\x01\0\0\0\0\x2c\0\0\0\0\x01\0\x01\0",
            b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\0\0\0\0",
        ];
        for file in files {
            let format = PictureFormat::of(file).expect("it is a picture");
            assert_eq!(format.dimensions(file), Some((1, 1)), "{format:?}");
            for length in 0..file.len() {
                assert_eq!(
                    format.dimensions(&file[..length]),
                    None,
                    "{format:?} of {length} bytes"
                );
            }
        }
    }

    #[test]
    fn a_picture_without_a_pixel_is_none() {
        let file = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\0\0\0\0\x01";
        assert_eq!(PictureFormat::Png.dimensions(file), None);
    }
}
