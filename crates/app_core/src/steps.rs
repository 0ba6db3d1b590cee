//! The four steps of a page that lives on a stream, and how often each was taken.

/// The four steps of a page that lives on a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Make a channel.
    Connect,
    /// Draw what its stream yields.
    Listen,
    /// Put something into its sink.
    Send,
    /// Close it.
    Close,
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Connect, Self::Listen, Self::Send, Self::Close];
}

/// Which step was taken last, and how often each was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    last: Option<Step>,
    times: [u32; Step::ALL.len()],
}

impl Steps {
    /// The step that was taken last.
    #[must_use]
    pub fn last(&self) -> Option<Step> {
        self.last
    }

    /// How often a step was taken. Frames that heard several messages listened once.
    #[must_use]
    pub fn times(&self, step: Step) -> u32 {
        self.times[step as usize]
    }

    pub(crate) fn note(&mut self, step: Step) {
        self.last = Some(step);
        let times = &mut self.times[step as usize];
        *times = times.saturating_add(1);
    }
}
