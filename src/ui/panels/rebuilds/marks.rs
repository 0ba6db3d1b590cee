//! Marks on a time axis: those that would lie on one another are joined, and counted in words above.

use egui::{Color32, Painter, Rangef, Rect, Ui, pos2};

use material::{Scheme, Type};

/// A mark, or several.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Joined {
    /// Where the first one is.
    pub(super) from: f32,
    /// Where the last one is.
    pub(super) to: f32,
    /// How many there are.
    pub(super) count: usize,
    /// Which one is the last.
    pub(super) last: usize,
    /// What the words above take up, where there are several.
    words: Option<Rangef>,
}

/// How wide words of a count are. Counts of as many digits are as wide, so that few are measured.
pub(super) struct Size(Vec<f32>);

impl Size {
    /// Of these words.
    pub(super) fn new(ui: &Ui, words: impl Fn(usize) -> String) -> Self {
        let of_digits = |digits: u32| width(ui, words(8 * (10_usize.pow(digits) / 9)));
        Self((1..=7).map(of_digits).collect())
    }

    fn of(&self, count: usize) -> f32 {
        let digits = count.max(1).ilog10() as usize;
        self.0.get(digits).or(self.0.last()).copied().unwrap_or_default()
    }
}

fn width(ui: &Ui, text: String) -> f32 {
    let color = Color32::PLACEHOLDER;
    ui.painter().layout_no_wrap(text, Type::LABEL_MEDIUM.font(), color).size().x
}

/// Joins marks that would lie on one another, and those whose words would. Each mark is given by its place, in
/// order, its number, and how many it stands for; `half` is half of the width that it takes up at least.
pub(super) fn join(
    room: Rangef,
    marks: impl Iterator<Item = (f32, usize, usize)>,
    half: f32,
    size: &Size,
) -> Vec<Joined> {
    /// Between two.
    const GAP: f32 = 1.0;
    /// Between the words of two.
    const WORD_GAP: f32 = 6.0;

    let joined = |from: f32, to: f32, count: usize, last: usize| {
        let words = (count > 1).then(|| words_range(from, to, size.of(count), room));
        Joined { from, to, count, last, words }
    };
    // Those that are not joined are apart, so that there are as many at most as there is room for.
    let mut all: Vec<Joined> = Vec::new();
    for (x, last, count) in marks {
        let mut next = joined(x, x, count, last);
        loop {
            let is_on = |before: &Joined| before.to + half + GAP > next.from - half;
            let meets = |before: &Joined| match (before.words, next.words) {
                (Some(before), Some(next)) => before.max + WORD_GAP > next.min,
                _ => false,
            };
            let on = all.iter().rposition(is_on).or_else(|| all.iter().rposition(meets));
            let Some(first) = on else { break };
            let (from, count) = all
                .drain(first..)
                .rev()
                .fold((next.from, next.count), |sum, one| (one.from, sum.1 + one.count));
            next = joined(from, next.to, count, last);
        }
        all.push(next);
    }
    all
}

/// Draws marks: one that stands alone by `one`, with half of the room that it has, and several by a bar with their
/// count in words above it. `half` is the same as where they were joined.
pub(super) fn marks_ui(
    ui: &Ui,
    painter: &Painter,
    line: f32,
    (fill, half): (Color32, f32),
    all: &[Joined],
    words: impl Fn(usize) -> String,
    mut one: impl FnMut(&Joined, f32),
) {
    for (at, joined) in all.iter().enumerate() {
        if joined.count > 1 {
            let bar = Rect::from_min_max(
                pos2(joined.from - half, line - BAR / 2.0),
                pos2(joined.to + half, line + BAR / 2.0),
            );
            painter.rect_filled(bar, BAR / 2.0, fill);
            words_ui(ui, painter, joined, line - HEAD, words(joined.count));
            continue;
        }
        // Half of the way to a neighbour that stands alone, and all of it to the end of a bar.
        let away = |other: Option<&Joined>, from: f32| match other {
            Some(other) if other.count == 1 => (other.from - from).abs() / 2.0 - 1.0,
            Some(other) => (other.from - from).abs().min((other.to - from).abs()) - half - 2.0,
            None => f32::INFINITY,
        };
        let before = at.checked_sub(1).and_then(|before| all.get(before));
        one(joined, away(before, joined.from).min(away(all.get(at + 1), joined.from)));
    }
}

/// Where words so wide stand above what they count: in the middle, as far as the room goes.
fn words_range(from: f32, to: f32, width: f32, room: Rangef) -> Rangef {
    let left = (from + to - width) / 2.0;
    let left = left.min(room.max - width).max(room.min);
    Rangef::new(left, left + width)
}

/// Writes above this line how many there are.
pub(super) fn words_ui(ui: &Ui, painter: &Painter, joined: &Joined, line: f32, words: String) {
    let Some(room) = joined.words else { return };
    let color = Scheme::of(ui).on_surface_variant;
    let galley = painter.layout_no_wrap(words, Type::LABEL_MEDIUM.font(), color);
    let left = room.center() - galley.size().x / 2.0;
    painter.galley(pos2(left, line - galley.size().y), galley, color);
}

/// How high a bar is.
const BAR: f32 = 12.0;
/// As far above the line are the words.
pub(super) const HEAD: f32 = 9.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(marks: &[f32]) -> Vec<(f32, f32, usize)> {
        let size = Size(vec![40.0, 50.0]);
        let marks = marks.iter().enumerate().map(|(number, x)| (*x, number, 1));
        let all = join(Rangef::new(0.0, 400.0), marks, 4.0, &size);
        let last: usize = all.iter().map(|joined| joined.count).sum();
        assert_eq!(all.last().map(|joined| joined.last + 1).unwrap_or_default(), last);
        all.iter().map(|joined| (joined.from, joined.to, joined.count)).collect()
    }

    #[test]
    fn marks_that_would_lie_on_one_another_are_joined() {
        assert_eq!(joined(&[]), []);
        assert_eq!(joined(&[0.0, 9.0, 18.0]), [(0.0, 0.0, 1), (9.0, 9.0, 1), (18.0, 18.0, 1)]);
        assert_eq!(joined(&[0.0, 8.0, 18.0]), [(0.0, 8.0, 2), (18.0, 18.0, 1)]);
        assert_eq!(joined(&[0.0, 5.0, 10.0, 15.0]), [(0.0, 15.0, 4)]);
    }

    #[test]
    fn those_whose_words_would_meet_are_joined_with_what_is_between() {
        let two = [100.0, 101.0, 120.0, 140.0, 141.0];
        assert_eq!(joined(&two), [(100.0, 141.0, 5)]);
        let apart = [100.0, 101.0, 120.0, 147.0, 148.0];
        assert_eq!(joined(&apart), [(100.0, 101.0, 2), (120.0, 120.0, 1), (147.0, 148.0, 2)]);
    }
}
