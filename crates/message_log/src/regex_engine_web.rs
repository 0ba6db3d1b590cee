//! Regular expressions in a browser: the `regex-lite` crate, a third of `regex` in size even without
//! Unicode (35 and 111 KB compressed by gzip; 298 KB with all of it). It folds case and knows classes of
//! ASCII only, and is slower, so that it is asked about less.

use std::ops::Range;

/// How much of a message is looked at, in bytes: what takes milliseconds.
pub const REGEX_BYTES: usize = 256 << 10;

#[derive(Clone, Debug)]
pub(crate) struct Regex(regex_lite::Regex);

impl Regex {
    /// An error is a message and the offset in bytes that it is about, where that is known.
    pub(crate) fn new(pattern: &str, match_case: bool) -> Result<Self, (String, Option<usize>)> {
        build(pattern, match_case)
            .map(Self)
            .map_err(|error| (error.to_string(), Some(place(pattern, match_case, &error))))
    }

    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// The first match that begins at this offset, which is between two characters, or behind it.
    pub(crate) fn find_at(&self, text: &str, from: usize) -> Option<Range<usize>> {
        self.0.find_at(text, from).map(|found| found.range())
    }
}

fn build(pattern: &str, match_case: bool) -> Result<regex_lite::Regex, regex_lite::Error> {
    regex_lite::RegexBuilder::new(pattern)
        .case_insensitive(!match_case)
        .nest_limit(50)
        .size_limit(64 << 10)
        .build()
}

/// The engine says what is wrong and not where. It is where the shortest beginning ends of which it
/// says the same, and all longer ones too.
fn place(pattern: &str, match_case: bool, error: &regex_lite::Error) -> usize {
    let starts = pattern.char_indices().map(|(start, _)| start);
    let is_same = |start: &usize| {
        let shorter = pattern.get(..*start).unwrap_or_default();
        build(shorter, match_case).is_err_and(|shorter| shorter == *error)
    };
    let mut place = pattern.char_indices().last().map_or(0, |(start, _)| start);
    for start in starts.rev() {
        if !is_same(&start) {
            return start;
        }
        place = start;
    }
    place
}

#[cfg(test)]
mod tests {
    use super::Regex;

    #[test]
    fn wrong_pattern_says_where() {
        for (pattern, expected) in [("a(b", 1), ("ä[z-a]b", 5), ("*a", 0), ("ab\\", 2)] {
            let (message, at) = Regex::new(pattern, true).err().unwrap_or_default();
            assert_eq!(at, Some(expected), "{pattern}: {message}");
        }
    }

    #[test]
    fn monstrous_pattern_is_refused() {
        assert!(Regex::new("(?:a{100}){100}", true).is_err());
    }

    #[test]
    fn right_pattern_is_found() {
        let regex = Regex::new("b+", false).ok();
        assert_eq!(regex.and_then(|regex| regex.find_at("abBa", 0)), Some(1..3));
    }
}
