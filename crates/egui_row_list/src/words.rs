//! What the list says, in English unless the caller says otherwise.

/// A row's place in its list, for whoever names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RowPlace {
    /// The row's own number.
    pub row: u64,
    /// Which of the rows it is, counted from 1.
    pub position: u64,
    /// How many rows there are.
    pub count: u64,
}

/// A number with its digits in groups of three: `9 999 998`.
///
/// The spaces are plain ones, which every screen reader takes for a part of the number.
#[must_use]
pub fn group_digits(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

pub(crate) fn row_name(RowPlace { position, count, .. }: RowPlace) -> String {
    format!("row {} of {}", group_digits(position), group_digits(count))
}

pub(crate) fn new_rows(count: u64) -> String {
    format!("{} new", group_digits(count))
}

/// What is said where the caller says nothing.
pub(crate) struct Words<'a> {
    pub(crate) name: &'a str,
    pub(crate) scroll_bar: &'a str,
    pub(crate) row_name: &'a dyn Fn(RowPlace) -> String,
    pub(crate) new_rows: &'a dyn Fn(u64) -> String,
}

impl Default for Words<'_> {
    fn default() -> Self {
        Self { name: "List", scroll_bar: "Scroll bar", row_name: &row_name, new_rows: &new_rows }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_threes() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1 000"),
            (9_999_998, "9 999 998"),
            (100_000, "100 000"),
        ] {
            assert_eq!(group_digits(number), text);
        }
        assert_eq!(group_digits(u64::MAX), "18 446 744 073 709 551 615");
    }
}
