//! Regular expressions natively: the `regex` crate, which is fast and knows all of Unicode. The seam
//! in lib.rs picks this file or `regex_engine_web.rs`, which has the same names.

use std::ops::Range;

/// How much of a message is looked at, in bytes: all of it.
pub const REGEX_BYTES: usize = usize::MAX;

#[derive(Clone, Debug)]
pub(crate) struct Regex(regex::Regex);

impl Regex {
    /// An error is a message and the offset in bytes that it is about, where that is known.
    pub(crate) fn new(pattern: &str, match_case: bool) -> Result<Self, (String, Option<usize>)> {
        // The engine's own error is several lines for a terminal; its parser says it better.
        let parsed = regex_syntax::ParserBuilder::new()
            .nest_limit(NEST_LIMIT)
            .case_insensitive(!match_case)
            .build()
            .parse(pattern);
        match parsed {
            Ok(_) => {}
            Err(regex_syntax::Error::Parse(error)) => {
                return Err((error.kind().to_string(), Some(error.span().start.offset)));
            }
            Err(regex_syntax::Error::Translate(error)) => {
                return Err((error.kind().to_string(), Some(error.span().start.offset)));
            }
            Err(error) => return Err((error.to_string(), None)),
        }
        regex::RegexBuilder::new(pattern)
            .case_insensitive(!match_case)
            .nest_limit(NEST_LIMIT)
            .size_limit(1 << 20)
            .dfa_size_limit(4 << 20)
            .build()
            .map(Self)
            .map_err(|error| match error {
                regex::Error::CompiledTooBig(_) => ("too large when compiled".to_owned(), None),
                error => (error.to_string(), None),
            })
    }

    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// The first match that begins at this offset, which is between two characters, or behind it.
    pub(crate) fn find_at(&self, text: &str, from: usize) -> Option<Range<usize>> {
        self.0.find_at(text, from).map(|found| found.range())
    }
}

const NEST_LIMIT: u32 = 100;
