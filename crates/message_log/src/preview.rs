//! One line that says what is in a row: short, and harmless whatever the peer has sent.

use std::fmt::Write as _;

use crate::event::{Event, Initiator};
use crate::row::Content;

/// The longest preview in characters, if nothing else is asked for.
pub const PREVIEW_CHARS: usize = 200;

/// A row in one line of at most so many characters, the last of which is `…` if something was left
/// out. It costs the same for a payload of any length.
///
/// Bytes stand in hex with their count. Characters that would break the line, move others about or
/// can't be seen stand as in Rust's strings, such as `\n`, `\u{202e}`.
#[must_use]
pub fn preview(content: Content<'_>, max_chars: usize) -> String {
    match content {
        Content::Text(text) => shortened(text, max_chars),
        Content::Binary(bytes) => {
            let count = format!("({} B)", bytes.len());
            // For the hex and the space behind it.
            let room = max_chars.saturating_sub(count.len());
            if bytes.len().saturating_mul(3) <= room {
                let space = if bytes.is_empty() { "" } else { " " };
                return hex(bytes) + space + &count;
            }
            match room.saturating_sub(2) / 3 {
                0 => shortened(&count, max_chars),
                shown => hex(bytes.get(..shown).unwrap_or(bytes)) + " … " + &count,
            }
        }
        Content::Event(event) => shortened(&words(event), max_chars),
    }
}

/// Text that can stand in one line and does nothing to its neighbours: see [`preview`].
#[must_use]
pub fn harmless(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    push_harmless(&mut line, text);
    line
}

/// Two digits for each byte, lower case, with spaces between them.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let mut line = String::with_capacity(bytes.len() * 3);
    push_hex(&mut line, bytes);
    line
}

pub(crate) fn push_hex(line: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for (index, byte) in bytes.iter().enumerate() {
        if index > 0 {
            line.push(' ');
        }
        line.push(char::from(DIGITS[usize::from(byte >> 4)]));
        line.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

pub(crate) fn push_harmless(line: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(is_harmful) {
        let (before, after) = rest.split_at(at);
        line.push_str(before);
        let Some(c) = after.chars().next() else { break };
        line.extend(c.escape_default());
        rest = after.get(c.len_utf8()..).unwrap_or_default();
    }
    line.push_str(rest);
}

/// Controls, what moves text about, what can't be seen, and what ends a line.
fn is_harmful(c: char) -> bool {
    // Most are none of these.
    if matches!(c, ' '..='~') {
        return false;
    }
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'
                // Not the joiners: scripts and faces need them.
                | '\u{200e}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

fn shortened(text: &str, max_chars: usize) -> String {
    let mut line = String::with_capacity(text.len().min(max_chars));
    let mut chars = 0_usize;
    // Where to cut, should there be more than fits.
    let mut end = 0;
    for c in text.chars() {
        if is_harmful(c) {
            let escaped = c.escape_default();
            chars += escaped.len();
            line.extend(escaped);
        } else {
            chars += 1;
            line.push(c);
        }
        if chars < max_chars {
            end = line.len();
        }
        if chars > max_chars {
            line.truncate(end);
            if max_chars > 0 {
                line.push('…');
            }
            break;
        }
    }
    line
}

/// An event in technical words, for files. A page says it in its own language.
pub(crate) fn words(event: &Event) -> String {
    let mut line = String::new();
    // Writing to a string can't fail.
    let _ = match event {
        Event::Connecting { url } => write!(line, "connecting to {url}"),
        Event::Open { protocol: Some(protocol), .. } => write!(line, "open, protocol {protocol}"),
        Event::Open { protocol: None, .. } => write!(line, "open"),
        Event::Closing { code, reason } => {
            push_close(&mut line, "closing", *code, "", reason);
            Ok(())
        }
        Event::Closed { code, name, reason, initiator, was_clean } => {
            push_close(&mut line, "closed", *code, name, reason);
            line.push_str(match initiator {
                Some(Initiator::Local) => ", by us",
                Some(Initiator::Remote) => ", by the peer",
                None => "",
            });
            line.push_str(if *was_clean { ", clean" } else { ", not clean" });
            Ok(())
        }
        Event::Error { text } => write!(line, "error: {text}"),
        Event::Reconnecting { attempt, wait } => {
            write!(line, "reconnecting in {wait:?}, attempt {attempt}")
        }
    };
    line
}

fn push_close(line: &mut String, word: &str, code: Option<u16>, name: &str, reason: &str) {
    line.push_str(word);
    if let Some(code) = code {
        line.push(' ');
        line.push_str(&code.to_string());
    }
    if !name.is_empty() {
        line.push(' ');
        line.push_str(name);
    }
    if !reason.is_empty() {
        line.push_str(": ");
        line.push_str(reason);
    }
}
