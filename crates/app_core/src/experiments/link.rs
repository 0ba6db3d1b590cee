//! An experiment as a short text that can be sent to somebody: `1.ten.count-20`. Pure.
//!
//! The parts have dots between them: the format's version, the experiment's name, and each parameter that is not
//! at its default, as its name, a hyphen and its value. All of it may stand in a URL as it is. A text that was
//! right once stays right, and means the same; `links.txt` has one of each kind, and a test reads them all.

use std::fmt::Write as _;

use super::{Experiment, Pace, Parameter, Setup};

/// The version that is written.
const VERSION: &str = "1";

/// The longest text that is read, in bytes.
pub const MAX_LINK_BYTES: usize = 200;

/// A part of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkPart {
    /// The version at its beginning.
    Version,
    /// The name of the experiment.
    Experiment,
    /// The name of a parameter, which is not one that matters in this experiment, or stands twice.
    Name(Experiment),
    /// The value of a parameter, which is to lie between these two.
    Value {
        /// Of which one.
        parameter: Parameter,
        /// The least that it may be.
        least: u32,
        /// The most that it may be.
        most: u32,
    },
    /// The whole of it, which is longer than [`MAX_LINK_BYTES`].
    Length,
}

/// What is wrong with a link, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkProblem {
    /// What is wrong.
    pub part: LinkPart,
    /// Where it begins, counted in characters from 1.
    pub at: usize,
    /// What stands there.
    pub found: String,
}

impl Setup {
    /// As a link.
    #[must_use]
    pub fn to_link(&self) -> String {
        let mut link = format!("{VERSION}.{}", self.experiment().name());
        let default = Self::new(self.experiment());
        for parameter in self.parameters() {
            let value = self.value(parameter);
            if value == default.value(parameter) {
                continue;
            }
            let name = parameter.name();
            // To write to a text never fails.
            let _ = match parameter {
                Parameter::Pace => write!(link, ".{name}-{}", self.pace().name()),
                _ => write!(link, ".{name}-{value}"),
            };
        }
        link
    }

    /// From a link.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn of_link(link: &str) -> Result<Self, LinkProblem> {
        if link.len() > MAX_LINK_BYTES {
            let found = link.chars().take(20).collect();
            return Err(LinkProblem { part: LinkPart::Length, at: 1, found });
        }
        let mut at = 1;
        let mut parts = link.split('.').map(|part| {
            let begins = at;
            at += part.chars().count() + 1;
            (begins, part)
        });
        let problem =
            |part, (at, found): (usize, &str)| LinkProblem { part, at, found: found.to_owned() };
        let version = parts.next().unwrap_or((1, ""));
        if version.1 != VERSION {
            return Err(problem(LinkPart::Version, version));
        }
        let name = parts.next().unwrap_or((link.chars().count() + 1, ""));
        let experiment =
            Experiment::named(name.1).ok_or_else(|| problem(LinkPart::Experiment, name))?;
        // A pace decides what else matters, and a count how long messages may be, wherever they stand.
        let mut given: Vec<(Parameter, (usize, &str))> = Vec::new();
        for (at, part) in parts {
            let (name, value) = part.split_once('-').unwrap_or((part, ""));
            let parameter = Parameter::named(name)
                .filter(|new| Parameter::of(experiment).contains(new))
                .filter(|new| given.iter().all(|(other, _)| other != new))
                .ok_or_else(|| problem(LinkPart::Name(experiment), (at, name)))?;
            given.push((parameter, (at + name.chars().count() + 1, value)));
        }
        given.sort_by_key(|(parameter, _)| *parameter as usize);
        let mut setup = Self::new(experiment);
        for (parameter, found) in given {
            let (least, most) = setup.bounds(parameter);
            let value = match parameter {
                Parameter::Pace => {
                    let pace = Pace::ALL.into_iter().find(|pace| pace.name() == found.1);
                    pace.map(Pace::number)
                }
                _ => number(found.1).filter(|value| (least..=most).contains(value)),
            };
            let wrong = || problem(LinkPart::Value { parameter, least, most }, found);
            setup.set(parameter, value.ok_or_else(wrong)?);
        }
        // What does not matter is at its default, so that there is one value for each link.
        let default = Self::new(experiment);
        for parameter in Parameter::ALL {
            if setup.parameters().all(|other| other != parameter) {
                setup.set(parameter, default.value(parameter));
            }
        }
        Ok(setup)
    }
}

/// Digits, and nothing else: `parse` alone would also take a plus sign.
fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]
mod tests {
    use super::*;

    /// Links that were once written, each with what it meant then. It only grows.
    const OLD: &str = include_str!("links.txt");

    #[test]
    fn every_old_link_still_means_what_it_meant() {
        let mut experiments = Vec::new();
        for line in OLD.lines().filter(|line| !line.starts_with('#')) {
            let (link, meaning) = line.split_once(" = ").unwrap();
            let setup = Setup::of_link(link).unwrap_or_else(|why| unreachable!("{link}: {why:?}"));
            let values = setup.parameters().map(|it| format!(" {}={}", it.name(), setup.value(it)));
            let means = format!("{}{}", setup.experiment().name(), values.collect::<String>());
            assert_eq!(means, meaning, "{link}");
            experiments.push(setup.experiment());
        }
        assert!(Experiment::ALL.iter().all(|experiment| experiments.contains(experiment)));
    }

    #[test]
    fn every_link_comes_back() {
        let mut gaps = 0_u64;
        let mut random = move || {
            gaps = gaps.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
            u32::try_from(gaps >> 33).unwrap_or(0)
        };
        for round in 0..20_000 {
            let experiment = Experiment::ALL[round % Experiment::ALL.len()];
            let mut setup = Setup::new(experiment);
            for parameter in Parameter::ALL {
                if random().is_multiple_of(2) && setup.parameters().any(|it| it == parameter) {
                    let (least, most) = setup.bounds(parameter);
                    setup.set(parameter, least + random() % (most - least + 1));
                }
            }
            let link = setup.to_link();
            assert_eq!(Setup::of_link(&link), Ok(setup), "{link}");
            let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
            assert!(link.chars().all(is_plain) && link.len() <= MAX_LINK_BYTES, "{link}");
        }
    }

    #[test]
    fn a_wrong_link_says_where_and_what_is_allowed() {
        let of = |link: &str| Setup::of_link(link).map(|_| ()).map_err(|why| (why.at, why.part));
        let value = |parameter, least, most| LinkPart::Value { parameter, least, most };
        for (link, at, part) in [
            ("", 1, LinkPart::Version),
            ("2.ten", 1, LinkPart::Version),
            ("1", 2, LinkPart::Experiment),
            ("1.raisin", 3, LinkPart::Experiment),
            ("1.ten.", 7, LinkPart::Name(Experiment::Ten)),
            ("1.ten.size-3", 7, LinkPart::Name(Experiment::Ten)),
            ("1.ten.count-3.count-3", 15, LinkPart::Name(Experiment::Ten)),
            ("1.ten.count", 13, value(Parameter::Count, 1, 10_000)),
            ("1.ten.count-0", 13, value(Parameter::Count, 1, 10_000)),
            ("1.ten.count-+3", 13, value(Parameter::Count, 1, 10_000)),
            ("1.ten.count-10001", 13, value(Parameter::Count, 1, 10_000)),
            ("1.ten.pace-\u{98ce}", 12, value(Parameter::Pace, 0, 2)),
            ("1.flood.size-2685", 14, value(Parameter::Size, 0, 2_684)),
        ] {
            assert_eq!(of(link), Err((at, part)), "{link}");
        }
        let long = format!("1.ten.{}", "raisin".repeat(99));
        assert_eq!(of(&long), Err((1, LinkPart::Length)));
        assert_eq!(Setup::of_link("1.ten.raisin-3").unwrap_err().found, "raisin");
    }
}
