//! What a typed text is made into: text as it is, JSON that is checked, or the bytes that hex or base64
//! stand for.

use message_log::json_view::{JsonError, JsonView};
use serde::{Deserialize, Serialize};
use web_socket_channel::{ByteString, Message};

/// What a typed text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Text, sent as it stands.
    #[default]
    Text,
    /// JSON: sent as it stands, as a text message, once it is checked.
    Json,
    /// Bytes, two hexadecimal digits each. Between bytes there may be blanks, line breaks, commas and
    /// colons, and before a byte `0x`.
    Hex,
    /// Bytes in base64, by the standard alphabet or the one for URLs, with padding or without. Blanks
    /// and line breaks are passed over.
    Base64,
}

/// What is wrong with a text of a format. Places are in characters, from 1 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatProblem {
    /// It is no JSON.
    Json(JsonError),
    /// Not a hexadecimal digit.
    NotHex {
        /// Where.
        at: usize,
        /// What stands there.
        found: char,
    },
    /// The byte that begins here has one digit only.
    HalfByte {
        /// Where.
        at: usize,
    },
    /// Not a character of base64, or padding before the end.
    NotBase64 {
        /// Where.
        at: usize,
        /// What stands there.
        found: char,
    },
    /// The base64 text ends within a byte.
    CutBase64,
}

impl Format {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Text, Self::Json, Self::Hex, Self::Base64];

    /// The message that a text stands for.
    ///
    /// # Errors
    /// What is wrong with it, where it is no text of this format.
    pub fn message(self, text: &str) -> Result<Message, FormatProblem> {
        match self {
            Self::Text => Ok(text.into()),
            Self::Json => {
                let text = ByteString::from(text);
                JsonView::new(text.clone()).map_err(FormatProblem::Json)?;
                Ok(Message::Text(text))
            }
            Self::Hex => Ok(hex(text)?.into()),
            Self::Base64 => Ok(base64(text)?.into()),
        }
    }

    /// What is wrong with a text, if anything is. Nothing is wrong with nothing.
    #[must_use]
    pub fn problem(self, text: &str) -> Option<FormatProblem> {
        if self == Self::Text || text.is_empty() {
            return None;
        }
        self.message(text).err()
    }

    /// Whether it is sent as a text message.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Json)
    }
}

fn hex(text: &str) -> Result<Vec<u8>, FormatProblem> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    // The first digit of a byte, and where it stands.
    let mut half: Option<(usize, u32)> = None;
    for (index, found) in text.chars().enumerate() {
        let at = index + 1;
        match (found.to_digit(16), half) {
            (Some(digit), None) => half = Some((at, digit)),
            (Some(low), Some((_, high))) => {
                bytes.push((high * 16 + low).to_le_bytes()[0]);
                half = None;
            }
            (None, Some((zero, 0))) if zero + 1 == at && matches!(found, 'x' | 'X') => half = None,
            (None, None) if found.is_whitespace() || matches!(found, ',' | ':') => {}
            (None, Some((at, _))) if found.is_whitespace() || matches!(found, ',' | ':') => {
                return Err(FormatProblem::HalfByte { at });
            }
            (None, _) => return Err(FormatProblem::NotHex { at, found }),
        }
    }
    match half {
        Some((at, _)) => Err(FormatProblem::HalfByte { at }),
        None => Ok(bytes),
    }
}

fn base64(text: &str) -> Result<Vec<u8>, FormatProblem> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut bits = 0_u32;
    // How many characters of the current four there were, and how many of them are padding.
    let (mut count, mut padding) = (0_usize, 0_usize);
    let mut is_over = false;
    for (index, found) in text.chars().enumerate() {
        if found.is_whitespace() {
            continue;
        }
        let not_base64 = FormatProblem::NotBase64 { at: index + 1, found };
        if is_over {
            return Err(not_base64);
        }
        let value = match found {
            'A'..='Z' => u32::from(found) - u32::from('A'),
            'a'..='z' => u32::from(found) - u32::from('a') + 26,
            '0'..='9' => u32::from(found) - u32::from('0') + 52,
            '+' | '-' => 62,
            '/' | '_' => 63,
            '=' if count >= 2 => {
                padding += 1;
                0
            }
            _ => return Err(not_base64),
        };
        if padding > 0 && found != '=' {
            return Err(not_base64);
        }
        bits = bits << 6 | value;
        count += 1;
        if count == 4 {
            bytes.extend_from_slice(&bits.to_be_bytes()[1..4 - padding]);
            is_over = padding > 0;
            (bits, count) = (0, 0);
        }
    }
    match (count, padding) {
        (0, _) => Ok(bytes),
        (2 | 3, 0) => {
            let [_, whole @ ..] = (bits << (6 * (4 - count))).to_be_bytes();
            bytes.extend_from_slice(&whole[..count - 1]);
            Ok(bytes)
        }
        _ => Err(FormatProblem::CutBase64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(format: Format, text: &str) -> Result<Vec<u8>, FormatProblem> {
        format.message(text).map(|message| message.as_bytes().to_vec())
    }

    #[test]
    fn hex_is_read_as_it_is_written() {
        for text in
            ["00ff7A", "00 ff 7a", "0x00, 0xFF, 0x7a", "00:ff:7a", " 00\nff\t7a ", "0x00ff7a"]
        {
            assert_eq!(bytes(Format::Hex, text), Ok(vec![0, 0xff, 0x7a]), "{text}");
        }
        assert_eq!(bytes(Format::Hex, ""), Ok(Vec::new()));
    }

    #[test]
    fn wrong_hex_says_where() {
        for (text, problem) in [
            ("0g", FormatProblem::NotHex { at: 2, found: 'g' }),
            ("00 é", FormatProblem::NotHex { at: 4, found: 'é' }),
            ("00 f", FormatProblem::HalfByte { at: 4 }),
            ("0 0", FormatProblem::HalfByte { at: 1 }),
            ("1x00", FormatProblem::NotHex { at: 2, found: 'x' }),
            ("00\0", FormatProblem::NotHex { at: 3, found: '\0' }),
        ] {
            assert_eq!(bytes(Format::Hex, text), Err(problem), "{text}");
        }
    }

    #[test]
    fn base64_is_read_with_and_without_padding() {
        for (text, expected) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zg", "f"),
            ("Zm8=", "fo"),
            ("Zm8", "fo"),
            ("Zm9v", "foo"),
            ("Zm9v\nYmFy", "foobar"),
        ] {
            assert_eq!(bytes(Format::Base64, text), Ok(expected.as_bytes().to_vec()), "{text}");
        }
        let all = Ok(vec![0xfb, 0xff, 0xbf]);
        assert_eq!(
            (bytes(Format::Base64, "+/+/"), bytes(Format::Base64, "-_-_")),
            (all.clone(), all)
        );
    }

    #[test]
    fn wrong_base64_says_where() {
        for (text, problem) in [
            ("Zm9*", FormatProblem::NotBase64 { at: 4, found: '*' }),
            ("=", FormatProblem::NotBase64 { at: 1, found: '=' }),
            ("Zg=a", FormatProblem::NotBase64 { at: 4, found: 'a' }),
            ("Zg==Zg==", FormatProblem::NotBase64 { at: 5, found: 'Z' }),
            ("Z", FormatProblem::CutBase64),
            ("Zg=", FormatProblem::CutBase64),
        ] {
            assert_eq!(bytes(Format::Base64, text), Err(problem), "{text}");
        }
    }

    #[test]
    fn json_is_sent_as_it_stands() {
        let text = " {\"a\": 1.00, \"a\": [12345678901234567890]}\n";
        assert_eq!(Format::Json.message(text), Ok(text.into()));
        let Err(FormatProblem::Json(error)) = Format::Json.message("{\"a\":\n 1,}") else {
            unreachable!("it is broken");
        };
        assert_eq!((error.line, error.column), (2, 4));
        // As deep as it gets.
        let deep = "[".repeat(8192) + &"]".repeat(8192);
        assert!(Format::Json.problem(&deep).is_none());
    }

    #[test]
    fn nothing_is_wrong_with_nothing() {
        for format in Format::ALL {
            assert_eq!(format.problem(""), None);
        }
    }
}
