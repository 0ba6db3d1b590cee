//! The parameters behind the `?` of a URL: each has bounds, and says them to whoever is outside.

use std::fmt;
use std::time::Duration;

use web_socket_channel::handshake::is_token;
use web_socket_channel::status;

use crate::broken::Breakage;

/// The most bytes that a close frame has room for beside its code (RFC 6455 §5.5).
const MAX_REASON_BYTES: usize = 123;

/// The most subprotocols that a list of them may name.
const MAX_PROTOCOLS: usize = 16;

/// A parameter whose value lies between two others.
pub(crate) struct Parameter<T> {
    pub(crate) name: &'static str,
    /// What it is where it isn't given.
    pub(crate) default: T,
    pub(crate) least: T,
    pub(crate) most: T,
}

/// What the value of a [`Parameter`] can be.
pub(crate) trait Value: Copy + PartialOrd + fmt::Display {
    /// How a value is written, for whoever wrote it otherwise.
    const FORM: &str;

    fn parse(text: &str) -> Option<Self>;
}

impl<T: Value> Parameter<T> {
    /// The parameter's value in a query.
    ///
    /// # Errors
    /// The [rule](Self::rule), where the value breaks it.
    pub(crate) fn of(&self, query: &Query) -> Result<T, String> {
        let Some(text) = query.get(self.name) else { return Ok(self.default) };
        T::parse(text)
            .filter(|value| (self.least..=self.most).contains(value))
            .ok_or_else(|| self.rule())
    }

    /// What is right, in a sentence.
    pub(crate) fn rule(&self) -> String {
        format!(
            "{} is {}, from {} to {}; without it, {}.",
            self.name,
            T::FORM,
            self.least,
            self.most,
            self.default
        )
    }
}

impl Value for u32 {
    const FORM: &str = "a whole number";

    fn parse(text: &str) -> Option<Self> {
        // `parse` alone would also take a plus sign.
        text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
    }
}

/// A span of time as it is written in a URL: `500us`, `100ms`, `2s`, `5m`, `1h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
pub(crate) struct Span(pub(crate) Duration);

impl Span {
    pub(crate) const fn millis(millis: u64) -> Self {
        Self(Duration::from_millis(millis))
    }
}

impl Value for Span {
    const FORM: &str = "a time, such as 100ms, 2s or 5m";

    fn parse(text: &str) -> Option<Self> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let number: u64 = number.parse().ok()?;
        let micros = match unit {
            "us" => 1,
            "ms" => 1_000,
            "s" => 1_000_000,
            "m" => 60_000_000,
            "h" => 3_600_000_000,
            _ => return None,
        };
        Some(Self(Duration::from_micros(number.checked_mul(micros)?)))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.0.as_micros();
        let millis = micros / 1_000;
        let (number, unit) = match micros {
            0 => (0, "s"),
            _ if !micros.is_multiple_of(1_000) => (micros, "us"),
            _ if millis.is_multiple_of(3_600_000) => (millis / 3_600_000, "h"),
            _ if millis.is_multiple_of(60_000) => (millis / 60_000, "m"),
            _ if millis.is_multiple_of(1_000) => (millis / 1_000, "s"),
            _ => (millis, "ms"),
        };
        write!(f, "{number}{unit}")
    }
}

/// A number of bytes as it is written in a URL: `32`, `64KiB`, `1MiB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
pub(crate) struct Size(pub(crate) usize);

impl Value for Size {
    const FORM: &str = "a number of bytes, such as 32, 64KiB or 1MiB";

    fn parse(text: &str) -> Option<Self> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let number: usize = number.parse().ok()?;
        let bytes = match unit {
            "" | "B" => 1,
            "KiB" => 1 << 10,
            "MiB" => 1 << 20,
            _ => return None,
        };
        Some(Self(number.checked_mul(bytes)?))
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes if bytes > 0 && bytes.is_multiple_of(1 << 20) => write!(f, "{}MiB", bytes >> 20),
            bytes if bytes > 0 && bytes.is_multiple_of(1 << 10) => write!(f, "{}KiB", bytes >> 10),
            bytes => write!(f, "{bytes}"),
        }
    }
}

/// What [`close_code`] takes.
pub(crate) const CODE_RULE: &str = "code is one that may stand in a close frame: 1000 to 1003, \
     1007 to 1014, 3000 to 4999, or none for a close frame without a code; without it, 1000.";

/// The code of a close, `None` for a close frame without one.
pub(crate) fn close_code(query: &Query) -> Result<Option<u16>, String> {
    match query.get("code") {
        None => Ok(Some(status::NORMAL_CLOSURE)),
        Some("none") => Ok(None),
        Some(text) => u32::parse(text)
            .and_then(|code| u16::try_from(code).ok())
            .filter(|code| status::may_be_on_the_wire(*code))
            .map(Some)
            .ok_or_else(|| CODE_RULE.to_owned()),
    }
}

/// What [`close_reason`] takes.
pub(crate) const REASON_RULE: &str =
    "reason is a text of at most 123 bytes, which needs a code; without it, there is none.";

/// The reason of a close.
pub(crate) fn close_reason(query: &Query, code: Option<u16>) -> Result<String, String> {
    let reason = query.get("reason").unwrap_or_default();
    if reason.len() > MAX_REASON_BYTES || (code.is_none() && !reason.is_empty()) {
        return Err(REASON_RULE.to_owned());
    }
    Ok(reason.to_owned())
}

/// What [`protocols`] takes.
pub(crate) const PROTOCOLS_RULE: &str = "of is a list of at most 16 names with commas between \
     them, each of letters, digits and !#$%&'*+-.^_`|~; without it, chat,superchat.";

/// The subprotocols that the server is to know.
pub(crate) fn protocols(query: &Query) -> Result<Vec<String>, String> {
    let names: Vec<String> =
        query.get("of").unwrap_or("chat,superchat").split(',').map(str::to_owned).collect();
    if names.len() > MAX_PROTOCOLS || !names.iter().all(|name| is_token(name)) {
        return Err(PROTOCOLS_RULE.to_owned());
    }
    Ok(names)
}

/// What `/broken` is to do wrong, if it can.
pub(crate) fn breakage(query: &Query) -> Option<&'static Breakage> {
    query.get("how").and_then(Breakage::named)
}

/// The part of a URL behind its `?`, decoded.
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Takes a query apart.
    ///
    /// # Errors
    /// What would be right, where the query names what isn't known, or one parameter twice. A
    /// misspelt parameter that is passed over would be looked for in the wrong place.
    pub(crate) fn parse(query: &str, known: &[&str]) -> Result<Self, String> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if !known.contains(&&*name) {
                return Err(format!(
                    "There is a parameter that is not known here. Known are: {}.",
                    known.join(", ")
                ));
            }
            if pairs.iter().any(|(other, _)| *other == name) {
                return Err(format!("{name} is given twice, and has to be given once."));
            }
            pairs.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self(pairs))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]
mod tests {
    use super::*;

    fn query(text: &str) -> Query {
        Query::parse(text, &["n", "code", "reason", "of"]).unwrap()
    }

    #[test]
    fn a_value_outside_its_bounds_is_told_them() {
        let parameter = Parameter { name: "n", default: 5, least: 2, most: 3_678 };
        for (text, value) in [("", 5), ("n=2", 2), ("n=3678", 3_678), ("n=0003", 3)] {
            assert_eq!(parameter.of(&query(text)), Ok(value), "{text}");
        }
        for text in ["n=1", "n=3679", "n=", "n=-2", "n=%2B2", "n=custom", "n=99999999999999999999"]
        {
            let rule = parameter.of(&query(text)).unwrap_err();
            assert_eq!(rule, "n is a whole number, from 2 to 3678; without it, 5.", "{text}");
        }
    }

    #[test]
    fn times_and_sizes_are_read_and_shown_in_the_same_form() {
        assert_eq!(Span::parse("16667us").unwrap().to_string(), "16667us");
        assert_eq!(Span::parse("2000us"), Some(Span::millis(2)));
        for (text, millis) in [("0s", 0), ("100ms", 100), ("2s", 2_000), ("1h", 3_600_000)] {
            assert_eq!(Span::parse(text), Some(Span::millis(millis)));
            assert_eq!(Span::millis(millis).to_string(), text);
        }
        assert_eq!(Span::parse("60000ms").unwrap().to_string(), "1m");
        for text in ["", "1", "s", "-1s", "1.5s", "1 s", "1S", "18446744073709551615h", "1µs"] {
            assert_eq!(Span::parse(text), None, "{text}");
        }
        for (text, bytes) in [("0", 0), ("32", 32), ("3KiB", 3_072), ("16MiB", 16 << 20)] {
            assert_eq!(Size::parse(text), Some(Size(bytes)));
            assert_eq!(Size(bytes).to_string(), text);
        }
        for text in
            ["", "KiB", "1KB", "1k", "-1", "99999999999999999999", "18446744073709551615KiB"]
        {
            assert_eq!(Size::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_close_may_only_say_what_a_close_frame_can() {
        for (text, code) in [
            ("", Some(1000)),
            ("code=4999", Some(4999)),
            ("code=1012", Some(1012)),
            ("code=none", None),
        ] {
            assert_eq!(close_code(&query(text)), Ok(code), "{text}");
        }
        for text in ["code=1005", "code=1006", "code=1015", "code=2999", "code=5000", "code=0"] {
            assert_eq!(close_code(&query(text)), Err(CODE_RULE.to_owned()), "{text}");
        }
        assert_eq!(
            close_reason(&query("reason=a%20custom+%e9%a3%8e"), Some(1000)).unwrap(),
            "a custom 风"
        );
        let longest = format!("reason={}", "x".repeat(123));
        assert!(close_reason(&query(&longest), Some(1000)).is_ok());
        assert!(close_reason(&query(&format!("{longest}x")), Some(1000)).is_err());
        assert!(close_reason(&query("reason=enough"), None).is_err());
    }

    #[test]
    fn protocols_are_tokens() {
        assert_eq!(protocols(&query("of=mqtt")).unwrap(), ["mqtt"]);
        assert_eq!(protocols(&query("")).unwrap(), ["chat", "superchat"]);
        for text in
            ["of=", "of=a,,b", "of=a%0d%0ab", "of=a b", &format!("of={}", "a,".repeat(16) + "a")]
        {
            assert!(protocols(&query(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_not_known_or_given_twice_is_an_error() {
        let error = Query::parse("n=1&custom=2", &["n", "code"]).err().unwrap();
        assert!(error.contains("n, code") && !error.contains("custom"), "{error}");
        assert!(Query::parse("n=1&n=1", &["n"]).err().unwrap().contains("twice"));
        assert!(Query::parse("", &[]).is_ok() && Query::parse("&", &[]).is_ok());
    }
}
