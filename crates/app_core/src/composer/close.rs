//! A close with a code and a reason that a person types.

use web_socket_channel::{MAX_REASON_BYTES, status};

use crate::settings::Platform;

/// The longest text that a field of it holds, in bytes.
const MAX_TYPED_BYTES: usize = 1024;

/// What is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloseForm {
    code: String,
    reason: String,
}

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseProblem {
    /// No number, or one that may not be sent.
    Code {
        /// Whether only 1000 and 3000 to 4999 may be sent, as in a browser.
        is_in_browser: bool,
    },
    /// A reason needs a code.
    ReasonWithoutCode,
    /// A reason has at most 123 bytes.
    ReasonTooLong {
        /// How many it has.
        bytes: usize,
    },
}

/// A code, or none, and a reason.
pub type CloseWith = (Option<u16>, String);

impl Default for CloseForm {
    fn default() -> Self {
        Self { code: status::NORMAL_CLOSURE.to_string(), reason: String::new() }
    }
}

impl CloseForm {
    /// The code, as it was typed; empty for none.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The reason.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The code as a number, if it is one.
    #[must_use]
    pub fn number(&self) -> Option<u16> {
        self.code.trim().parse().ok()
    }

    /// What it asks for.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn understood(&self, platform: Platform) -> Result<CloseWith, CloseProblem> {
        let code = match self.code.trim() {
            "" => None,
            _ => Some(
                self.number()
                    .filter(|code| may_be_sent(*code, platform))
                    .ok_or(CloseProblem::Code { is_in_browser: platform == Platform::Browser })?,
            ),
        };
        match (code, self.reason.len()) {
            (None, 1..) => Err(CloseProblem::ReasonWithoutCode),
            (_, bytes) if bytes > MAX_REASON_BYTES => Err(CloseProblem::ReasonTooLong { bytes }),
            _ => Ok((code, self.reason.clone())),
        }
    }

    pub(crate) fn edit_code(&mut self, text: String) {
        self.code = bounded(text);
    }

    pub(crate) fn edit_reason(&mut self, text: String) {
        self.reason = bounded(text);
    }
}

fn may_be_sent(code: u16, platform: Platform) -> bool {
    match platform {
        Platform::Desktop => status::may_be_sent_by_a_client(code),
        Platform::Browser => status::may_be_passed_to_close_in_a_browser(code),
    }
}

fn bounded(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(MAX_TYPED_BYTES));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn understood(code: &str, reason: &str, platform: Platform) -> Result<CloseWith, CloseProblem> {
        let mut form = CloseForm::default();
        form.edit_code(code.to_owned());
        form.edit_reason(reason.to_owned());
        form.understood(platform)
    }

    #[test]
    fn what_may_be_sent_is_understood() {
        for (code, reason, number) in
            [("1000", "", Some(1000)), (" 4123 ", "raisin", Some(4123)), ("", "", None)]
        {
            for platform in [Platform::Desktop, Platform::Browser] {
                let expected = Ok((number, reason.to_owned()));
                assert_eq!(understood(code, reason, platform), expected, "{code}");
            }
        }
        assert_eq!(understood("1001", "", Platform::Desktop), Ok((Some(1001), String::new())));
    }

    #[test]
    fn what_may_not_be_sent_is_told() {
        let code = |is_in_browser| Err(CloseProblem::Code { is_in_browser });
        for text in ["1005", "1006", "1015", "2000", "5000", "65536", "-1", "bye", "1e3"] {
            assert_eq!(understood(text, "", Platform::Desktop), code(false), "{text}");
        }
        for text in ["1001", "1011"] {
            assert_eq!(understood(text, "", Platform::Browser), code(true), "{text}");
        }
        let without = Err(CloseProblem::ReasonWithoutCode);
        assert_eq!(understood("", "raisin", Platform::Desktop), without);
        let long = "é".repeat(62);
        let too_long = Err(CloseProblem::ReasonTooLong { bytes: 124 });
        assert_eq!(understood("1000", &long, Platform::Desktop), too_long);
        let much = "a".repeat(MAX_TYPED_BYTES * 2);
        let too_long = Err(CloseProblem::ReasonTooLong { bytes: MAX_TYPED_BYTES });
        assert_eq!(understood("1000", &much, Platform::Desktop), too_long);
    }
}
