//! Bytes as the lines of a hex dump, made when they are seen.

use std::fmt::Write as _;

use crate::preview::push_hex;

/// How many bytes are in a line.
pub const HEX_LINE_BYTES: usize = 16;

/// A line of a hex dump.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HexLine {
    /// The offset of its first byte, as at least 8 digits of hex.
    pub offset: String,
    /// Its bytes as hex, with a space between two and one more in the middle. Byte `n` begins at
    /// character [`hex_column`]`(n)`. A short line ends early.
    pub hex: String,
    /// Its bytes as characters of ASCII; a dot for those that can't be seen.
    pub ascii: String,
}

/// How many lines so many bytes have.
#[must_use]
pub fn hex_line_count(bytes: usize) -> usize {
    bytes.div_ceil(HEX_LINE_BYTES)
}

/// The line of this index; none behind the last.
#[must_use]
pub fn hex_line(bytes: &[u8], index: usize) -> Option<HexLine> {
    let start = index.checked_mul(HEX_LINE_BYTES).filter(|start| *start < bytes.len())?;
    let end = start.saturating_add(HEX_LINE_BYTES).min(bytes.len());
    let line = bytes.get(start..end)?;
    let mut hex = String::with_capacity(hex_column(HEX_LINE_BYTES));
    let (first, second) = line.split_at(line.len().min(HEX_LINE_BYTES / 2));
    push_hex(&mut hex, first);
    if !second.is_empty() {
        hex.push_str("  ");
        push_hex(&mut hex, second);
    }
    let mut offset = String::new();
    // Writing to a string can't fail.
    let _ = write!(offset, "{start:08x}");
    let ascii = line.iter().map(|byte| match byte {
        b' '..=b'~' => char::from(*byte),
        _ => '.',
    });
    Some(HexLine { offset, hex, ascii: ascii.collect() })
}

/// At which character of [`HexLine::hex`] this byte of a line begins.
#[must_use]
pub fn hex_column(byte: usize) -> usize {
    byte * 3 + usize::from(byte >= HEX_LINE_BYTES / 2)
}
