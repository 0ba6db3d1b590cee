//! What a run comes to, in figures.

use std::time::Duration;

use crate::{Frame, Run};

/// Times from the arrival of events until the screen showed them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// Half of them took no longer.
    pub median: Duration,
    /// 99 of 100 took no longer.
    pub p99: Duration,
    /// The longest.
    pub max: Duration,
}

/// What a run comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Events that arrived.
    pub events: usize,
    /// Frames that were drawn.
    pub frames: usize,
    /// Frames with something new.
    pub rebuilds: usize,
    /// Events that were taken in, and replaced by a newer one before a frame showed them.
    pub never_shown: usize,
    /// Events that were not taken in when the run was cut.
    pub left_over: usize,
    /// Of the events that were shown themselves: how old was what the screen showed as new?
    pub newest: Latency,
    /// Of all events: how long until the screen showed it, or a newer one in its place?
    pub every: Latency,
    /// The processor's time in frames.
    pub cpu: Duration,
    /// The longest frame, without the wait for the screen.
    pub longest_frame: Duration,
    /// How often egui was asked for a frame.
    pub requests: u64,
    /// When the last event was on the screen.
    pub last_shown: Duration,
}

impl Run {
    /// What it comes to.
    pub fn figures(&self) -> Figures {
        let mut newest = Vec::new();
        let mut every = Vec::new();
        for frame in self.rebuilds() {
            let taken = self.arrivals.get(frame.first..frame.first + frame.taken);
            let ages = taken.unwrap_or_default().iter().map(|a| frame.shown.saturating_sub(a.at));
            every.extend(ages);
            newest.extend(every.last());
        }
        let lasted = |frame: &Frame| frame.end.saturating_sub(frame.begin);
        Figures {
            events: self.arrivals.len(),
            frames: self.frames.len(),
            rebuilds: newest.len(),
            never_shown: every.len() - newest.len(),
            left_over: self.arrivals.len() - every.len(),
            last_shown: self.rebuilds().last().map_or(Duration::ZERO, |frame| frame.shown),
            newest: Latency::of(newest),
            every: Latency::of(every),
            cpu: self.frames.iter().map(lasted).sum(),
            longest_frame: self.frames.iter().map(lasted).max().unwrap_or_default(),
            requests: self.requests,
        }
    }

    /// The frames with something new.
    pub fn rebuilds(&self) -> impl Iterator<Item = &Frame> {
        self.frames.iter().filter(|frame| frame.taken > 0)
    }

    /// Which event the screen showed at this time, counted from 0.
    pub fn on_screen(&self, at: Duration) -> Option<usize> {
        let shown = self.frames.partition_point(|frame| frame.shown <= at);
        let latest = self.frames[..shown].iter().rfind(|frame| frame.taken > 0)?;
        Some(latest.first + latest.taken - 1)
    }
}

impl Latency {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        // By the nearest rank: of 100 times the 50th, the 99th and the last.
        let at_rank = |percent: usize| {
            let rank = (times.len() * percent).div_ceil(100);
            times.get(rank.saturating_sub(1)).copied().unwrap_or_default()
        };
        Self { median: at_rank(50), p99: at_rank(99), max: at_rank(100) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks() {
        let ms = |ms| Duration::from_millis(ms);
        let latency = Latency::of((1..=200).rev().map(ms).collect());
        assert_eq!(latency, Latency { median: ms(100), p99: ms(198), max: ms(200) });
        assert_eq!(Latency::of(vec![ms(36)]).median, ms(36));
        assert_eq!(Latency::of(Vec::new()), Latency::default());
    }
}
