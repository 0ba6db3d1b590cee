//! The languages that the page speaks, and which of them a person's locale asks for.

/// A language that the page speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Chinese, simplified.
    Chinese,
}

impl Language {
    /// All of them, in the order in which [`next`](Self::next) goes through them. The first is for
    /// everybody whose own is not among them.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// The language of a locale such as `zh-CN`; English where it is not spoken here.
    pub fn of_locale(locale: &str) -> Self {
        let primary = |tag: &str| tag.split(['-', '_', '.']).next().map(str::to_ascii_lowercase);
        let spoken =
            Self::ALL.into_iter().find(|language| primary(language.tag()) == primary(locale));
        spoken.unwrap_or(Self::English)
    }

    /// The one after this, and the first one after the last.
    pub fn next(self) -> Self {
        let mut after = Self::ALL.into_iter().cycle().skip_while(|language| *language != self);
        after.nth(1).unwrap_or(self)
    }

    /// As a tag of BCP 47, for the page's `lang`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{self, Chinese, English};

    #[test]
    fn locales() {
        for locale in ["zh", "zh-CN", "zh_TW.UTF-8", "ZH-Hans"] {
            assert_eq!(Language::of_locale(locale), Chinese, "{locale}");
        }
        for locale in ["", "C", "en-GB", "de", "za"] {
            assert_eq!(Language::of_locale(locale), English, "{locale}");
        }
    }

    #[test]
    fn every_language_can_be_reached_from_every_other() {
        for first in Language::ALL {
            let mut reached = vec![first];
            while !reached.contains(&reached[reached.len() - 1].next()) {
                reached.push(reached[reached.len() - 1].next());
            }
            assert_eq!(reached.len(), Language::ALL.len());
            assert_eq!(reached[reached.len() - 1].next(), first);
        }
    }
}
