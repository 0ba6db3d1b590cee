//! How many tests ran, read from what the test harnesses print.

use std::fmt;
use std::ops::AddAssign;

/// The tests of one suite, or of several added up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Tally {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) skipped: u32,
}

impl Tally {
    /// Reads the line with which a suite ends, as Rust's own harness and wasm-bindgen's both print
    /// it: `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in
    /// 0.01s`.
    pub(crate) fn of_line(line: &str) -> Option<Self> {
        let (_verdict, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
        let count = |word: &str| {
            counts.split("; ").find_map(|part| {
                let (number, label) = part.split_once(' ')?;
                (label == word).then(|| number.parse().ok()).flatten()
            })
        };
        Some(Self {
            passed: count("passed")?,
            failed: count("failed")?,
            skipped: count("ignored").unwrap_or(0),
        })
    }

    /// How many tests ran.
    pub(crate) fn ran(self) -> u32 {
        self.passed + self.failed
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_harnesses() {
        let native = "test result: FAILED. 31 passed; 2 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.01s";
        let expected = Tally { passed: 31, failed: 2, skipped: 1 };
        assert_eq!(Tally::of_line(native), Some(expected));

        let browser =
            "test result: ok. 7 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.20s";
        let expected = Tally { passed: 7, ..Tally::default() };
        assert_eq!(Tally::of_line(browser), Some(expected));
    }

    #[test]
    fn reads_a_coloured_verdict() {
        let line = "test result: \u{1b}[32mok\u{1b}[m. 1 passed; 0 failed; 0 ignored; 0 measured";
        assert_eq!(Tally::of_line(line).map(Tally::ran), Some(1));
    }

    #[test]
    fn other_lines_are_not_results() {
        for line in [
            "",
            "test result: ok",
            "test result: ok. all passed; none failed",
            "test tally::reads ... ok",
            "    test result: ok. 1 passed; 0 failed",
            "running 3 tests",
        ] {
            assert_eq!(Tally::of_line(line), None, "{line}");
        }
    }

    #[test]
    fn is_shown_with_the_skipped_only_where_there_are_some() {
        let mut sum = Tally { passed: 2, failed: 0, skipped: 0 };
        assert_eq!(sum.to_string(), "2 passed, 0 failed");
        sum += Tally { passed: 1, failed: 1, skipped: 3 };
        assert_eq!(sum.to_string(), "3 passed, 1 failed, 3 skipped");
    }
}
