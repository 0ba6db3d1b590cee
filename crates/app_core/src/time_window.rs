//! The part of a time axis that is seen: closer or farther, earlier or later. Pure.

use std::time::Duration;

/// No part is shorter.
pub const SHORTEST: Duration = Duration::from_micros(100);

/// Which part of a time axis is seen. At first it is all of it, also when it grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeWindow {
    /// How long the part is; none where it is all.
    length: Option<Duration>,
    start: Duration,
    /// The person has put it there, and it stays though the cursor is elsewhere.
    is_held: bool,
}

/// A part of a time axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeSpan {
    /// Where it begins.
    pub start: Duration,
    /// How long it is.
    pub length: Duration,
}

impl TimeSpan {
    /// Where it ends.
    #[must_use]
    pub fn end(&self) -> Duration {
        self.start.saturating_add(self.length)
    }

    /// Whether this time is in it.
    #[must_use]
    pub fn contains(&self, at: Duration) -> bool {
        self.start <= at && at <= self.end()
    }
}

/// How the part that is seen becomes another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zoom {
    /// Half as long; this time stays where it is.
    In(Duration),
    /// Twice as long; this time stays where it is.
    Out(Duration),
    /// All.
    All,
    /// By half its length to the left.
    Earlier,
    /// By half its length to the right.
    Later,
    /// It begins there, and stays.
    From(Duration),
}

/// A change, with the axis that it is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZoomStep {
    /// The change.
    pub zoom: Zoom,
    /// How long the axis is.
    pub whole: Duration,
    /// What is kept in view.
    pub cursor: Option<Duration>,
}

impl TimeWindow {
    /// What is seen of an axis that is so long. The cursor is in it, unless the person has moved on from there.
    #[must_use]
    pub fn seen(&self, whole: Duration, cursor: Option<Duration>) -> TimeSpan {
        let Some(length) = self.length.filter(|length| *length < whole) else {
            return TimeSpan { start: Duration::ZERO, length: whole };
        };
        let start = match cursor.filter(|_| !self.is_held) {
            None => self.start,
            Some(cursor) => {
                // Half its length on as often as it takes for the cursor to be around its middle: so it stands
                // still while the cursor moves there, and shows what comes next.
                let ns = |time: Duration| i128::try_from(time.as_nanos()).unwrap_or(i128::MAX);
                let half = (ns(length) / 2).max(1);
                let steps = (ns(cursor) - ns(self.start) - half / 2).div_euclid(half);
                let start = ns(self.start) + steps * half;
                Duration::from_nanos(u64::try_from(start.max(0)).unwrap_or(u64::MAX))
            }
        };
        TimeSpan { start: start.min(whole - length), length }
    }

    /// Takes a step.
    pub fn step(&mut self, step: ZoomStep) {
        let ZoomStep { zoom, whole, cursor } = step;
        let seen = self.seen(whole, cursor);
        let (start, length) = match zoom {
            Zoom::In(around) => {
                let length = (seen.length / 2).max(SHORTEST);
                (around.saturating_sub(around.saturating_sub(seen.start) / 2), length)
            }
            Zoom::Out(around) => {
                let before = around.saturating_sub(seen.start).saturating_mul(2);
                (around.saturating_sub(before), seen.length.saturating_mul(2))
            }
            Zoom::All => return *self = Self::default(),
            Zoom::Earlier => (seen.start.saturating_sub(seen.length / 2), seen.length),
            Zoom::Later => (seen.start + seen.length / 2, seen.length),
            Zoom::From(start) => (start, seen.length),
        };
        if length >= whole {
            return *self = Self::default();
        }
        let start = start.min(whole - length);
        // At the end of what grows it goes on to follow that.
        let is_at_end = start + length >= whole && cursor.is_some_and(|cursor| cursor >= whole);
        *self = Self { length: Some(length), start, is_held: !is_at_end };
    }

    /// The cursor has moved, and is seen again.
    pub fn follow_cursor(&mut self) {
        self.is_held = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    const WHOLE: Duration = ms(1_000);

    fn window(cursor: Option<u64>, zooms: &[Zoom]) -> TimeWindow {
        let mut window = TimeWindow::default();
        for zoom in zooms {
            window.step(ZoomStep { zoom: *zoom, whole: WHOLE, cursor: cursor.map(ms) });
        }
        window
    }

    fn seen(window: TimeWindow, cursor: Option<u64>) -> (u128, u128) {
        let seen = window.seen(WHOLE, cursor.map(ms));
        (seen.start.as_millis(), seen.end().as_millis())
    }

    #[test]
    fn what_it_is_zoomed_around_stays_where_it_is() {
        let around = Zoom::In(ms(400));
        assert_eq!(seen(window(None, &[around]), None), (200, 700));
        assert_eq!(seen(window(None, &[around, around]), None), (300, 550));
        assert_eq!(seen(window(None, &[around, around, Zoom::Out(ms(400))]), None), (200, 700));
        assert_eq!(window(None, &[around, Zoom::Out(ms(400))]), TimeWindow::default());
        assert_eq!(window(None, &[around, around, around, Zoom::All]), TimeWindow::default());
    }

    #[test]
    fn nothing_is_seen_outside_of_the_axis() {
        assert_eq!(seen(window(None, &[Zoom::In(ms(1_000))]), None), (500, 1_000));
        assert_eq!(seen(window(None, &[Zoom::In(ms(0)), Zoom::Earlier]), None), (0, 500));
        assert_eq!(seen(window(None, &[Zoom::In(ms(0)), Zoom::Later]), None), (250, 750));
        let later = [Zoom::In(ms(0)), Zoom::Later, Zoom::Later, Zoom::Later];
        assert_eq!(seen(window(None, &later), None), (500, 1_000));
        assert_eq!(seen(window(None, &[Zoom::In(ms(0)), Zoom::From(ms(900))]), None), (500, 1_000));
        let closest = window(None, &[Zoom::In(ms(0)); 99]);
        assert_eq!(closest.seen(WHOLE, None).length, SHORTEST);
        assert_eq!(window(None, &[Zoom::In(ms(0))]).seen(ms(0), None).length, ms(0));
    }

    #[test]
    fn cursor_stays_in_view_wherever_it_goes() {
        let mut window = window(Some(500), &[Zoom::In(ms(500)); 4]);
        window.follow_cursor();
        let mut before = None;
        for at in 0..=1_000 {
            let seen = window.seen(WHOLE, Some(ms(at)));
            assert!(seen.contains(ms(at)) && seen.end() <= WHOLE, "{at}: {seen:?}");
            before = Some(seen);
        }
        assert_eq!(before.map(|seen| seen.end()), Some(WHOLE));
        // It stands still while the cursor moves around its middle.
        assert_eq!(seen(window, Some(500)), seen(window, Some(510)));
    }

    #[test]
    fn what_was_moved_on_stays_until_the_cursor_moves() {
        let mut window = window(Some(500), &[Zoom::In(ms(500)), Zoom::In(ms(500)), Zoom::Earlier]);
        assert_eq!(seen(window, Some(500)), (250, 500));
        window.step(ZoomStep { zoom: Zoom::Earlier, whole: WHOLE, cursor: Some(ms(500)) });
        assert_eq!(seen(window, Some(500)), (125, 375));
        window.follow_cursor();
        assert_eq!(seen(window, Some(500)), (375, 625));
    }

    #[test]
    fn end_of_what_grows_is_followed() {
        let window = window(Some(1_000), &[Zoom::In(WHOLE), Zoom::Earlier, Zoom::Later]);
        let grown = window.seen(ms(5_000), Some(ms(5_000)));
        assert_eq!((grown.start, grown.end()), (ms(4_500), ms(5_000)));
    }
}
