//! The ways that there are.

/// A way to take events into a frame loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Way {
    /// `egui_stream_builder`: a wake asks for one frame, which takes in what its budget lets it.
    StreamBuilder,
    /// A list under a lock, swapped once a frame, without a budget. The first event in it asks for a frame.
    DrainAll,
    /// A queue of which each frame takes one event, and asks for another frame if there was one.
    OneAFrame,
    /// A queue that is looked into 60 times a second, whether or not something came.
    Polling,
    /// A queue that is emptied in each frame, where every event asks for a frame.
    RepaintEach,
}

impl Way {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::StreamBuilder, Self::DrainAll, Self::OneAFrame, Self::Polling, Self::RepaintEach];
}
