//! The languages that the page speaks. Their sentences are the app's.

use serde::{Deserialize, Serialize};

/// A language that the page speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[serde(rename = "en")]
    English,
    /// Chinese, simplified.
    #[serde(rename = "zh")]
    Chinese,
}

impl Language {
    /// All of them, in the order in which [`next`](Self::next) goes through them.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// The language of a locale such as `zh-CN`; English where it is not spoken here.
    #[must_use]
    pub fn of_locale(locale: &str) -> Self {
        let language = locale.split(['-', '_', '.']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("zh") { Self::Chinese } else { Self::English }
    }

    /// The one after this.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::English => Self::Chinese,
            Self::Chinese => Self::English,
        }
    }

    /// As a tag of BCP 47, for the page's `lang`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales() {
        for locale in ["zh", "zh-CN", "zh_TW.UTF-8", "ZH-Hans"] {
            assert_eq!(Language::of_locale(locale), Language::Chinese, "{locale}");
        }
        for locale in ["", "C", "en-GB", "de", "za"] {
            assert_eq!(Language::of_locale(locale), Language::English, "{locale}");
        }
    }

    #[test]
    fn every_language_is_reached() {
        let mut language = Language::English;
        for _ in Language::ALL {
            language = language.next();
        }
        assert_eq!(language, Language::English);
        assert_ne!(language.next(), language);
    }
}
