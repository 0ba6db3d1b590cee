//! Finds a piece of text in bytes, with case or without it.

use std::ops::Range;

use memchr::memmem;

/// A piece of text to be found in bytes, which need not be text.
#[derive(Clone, Debug)]
pub(crate) enum Literal {
    Exact(Box<memmem::Finder<'static>>),
    /// Letters of ASCII in either case, all else as it is.
    Ascii(AsciiLiteral),
    /// Some letter beyond ASCII has two cases.
    Unicode(Vec<Letter>),
}

#[derive(Clone, Debug)]
pub(crate) struct AsciiLiteral {
    needle: Vec<u8>,
    /// The byte that is looked for first, as it is the rarest, and where it is.
    rarest: [u8; 2],
    at: usize,
}

/// The ways to write a letter.
type Letter = Vec<Vec<u8>>;

impl Literal {
    pub(crate) fn new(text: &str, match_case: bool) -> Self {
        let has_case = |c: char| letter(c).len() > 1;
        if match_case || !text.chars().any(has_case) {
            return Self::Exact(Box::new(memmem::Finder::new(text.as_bytes()).into_owned()));
        }
        if text.chars().any(|c| !c.is_ascii() && has_case(c)) {
            return Self::Unicode(text.chars().map(letter).collect());
        }
        let needle = text.as_bytes().to_vec();
        let rarest = needle.iter().enumerate().min_by_key(|(_, byte)| commonness(**byte));
        let (at, byte) = rarest.map_or((0, 0), |(at, byte)| (at, *byte));
        let rarest = [byte.to_ascii_lowercase(), byte.to_ascii_uppercase()];
        Self::Ascii(AsciiLiteral { needle, rarest, at })
    }

    /// Whether each match has as many bytes as all others.
    pub(crate) fn has_fixed_size(&self) -> bool {
        match self {
            Self::Exact(_) | Self::Ascii(_) => true,
            Self::Unicode(letters) => letters.iter().all(|letter| {
                letter.iter().all(|way| Some(way.len()) == letter.first().map(Vec::len))
            }),
        }
    }

    /// The first match that begins at this offset or behind it.
    pub(crate) fn find_at(&self, bytes: &[u8], from: usize) -> Option<Range<usize>> {
        let rest = bytes.get(from..)?;
        let found = match self {
            Self::Exact(finder) => {
                let start = finder.find(rest)?;
                start..start + finder.needle().len()
            }
            Self::Ascii(literal) => literal.find(rest)?,
            Self::Unicode(letters) => find_letters(letters, rest)?,
        };
        Some(from + found.start..from + found.end)
    }
}

impl AsciiLiteral {
    fn find(&self, bytes: &[u8]) -> Option<Range<usize>> {
        let [lower, upper] = self.rarest;
        // Before it is room for what stands before it in the needle.
        let candidates = memchr::memchr2_iter(lower, upper, bytes.get(self.at..)?);
        for start in candidates {
            let range = start..start + self.needle.len();
            let candidate = bytes.get(range.clone())?;
            if candidate.eq_ignore_ascii_case(&self.needle) {
                return Some(range);
            }
        }
        None
    }
}

fn find_letters(letters: &[Letter], bytes: &[u8]) -> Option<Range<usize>> {
    let firsts: Vec<u8> = letters.first()?.iter().filter_map(|way| way.first().copied()).collect();
    let [first, second, third] = match *firsts.as_slice() {
        [a] => [a, a, a],
        [a, b] => [a, b, b],
        [a, b, c, ..] => [a, b, c],
        [] => return None,
    };
    memchr::memchr3_iter(first, second, third, bytes).find_map(|start| {
        let mut end = start;
        for letter in letters {
            let rest = bytes.get(end..)?;
            end += letter.iter().find(|way| rest.starts_with(way))?.len();
        }
        Some(start..end)
    })
}

/// The letter itself, and in its other case where that is one letter too; at most three ways.
fn letter(c: char) -> Letter {
    let bytes = |c: char| c.to_string().into_bytes();
    let mut ways = vec![bytes(c)];
    let mut lower = c.to_lowercase();
    let mut upper = c.to_uppercase();
    for (other, more) in [(lower.next(), lower.next()), (upper.next(), upper.next())] {
        let Some(other) = other.filter(|_| more.is_none()) else { continue };
        // What is no letter of ASCII is the other case of none.
        if other.is_ascii() == c.is_ascii() && !ways.contains(&bytes(other)) {
            ways.push(bytes(other));
        }
    }
    ways
}

/// How common a byte is in JSON and prose; the rarest first. A guess is enough, as only the speed
/// depends on it.
fn commonness(byte: u8) -> usize {
    const FROM_RARE_TO_COMMON: &[u8] = b"qzjxkvbywgpfmucdlhrsnioate7869543210.-:,\" ";
    let byte = byte.to_ascii_lowercase();
    FROM_RARE_TO_COMMON.iter().position(|common| *common == byte).unwrap_or(match byte {
        // Any script other than the Latin one is written with few leading bytes.
        0x80.. => 25,
        _ => 0,
    })
}
