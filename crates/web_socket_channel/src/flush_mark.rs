//! How far a flush of a sink reaches: to what was accepted before it, however much others go on to send.

/// The place among what was accepted up to which a flush waits, and whether it was set when another one had
/// been reached; none where nobody waits.
#[derive(Clone, Copy, Default)]
pub(crate) struct FlushMark(pub(crate) Option<(u64, bool)>);

impl FlushMark {
    /// Whether a flush is done: everything `has_left` that was accepted when it began. `now` is the last
    /// place so far.
    pub(crate) fn is_reached(&mut self, now: u64, has_left: impl Fn(u64) -> bool) -> bool {
        let (until, is_second) = *self.0.get_or_insert((now, false));
        if !has_left(until) {
            return false;
        }
        // A sink can't tell a flush that was given up from the next one, before which more was accepted: so
        // all that is there now has to leave as well, if that is more.
        let is_done = is_second || has_left(now);
        self.0 = (!is_done).then_some((now, true));
        is_done
    }
}
