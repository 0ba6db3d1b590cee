//! Which recording the rebuilds panel shows, the live one or a file's, and which moment of it. The recording
//! itself is elsewhere.

use crate::recording::Cursor;
use crate::recording::file::FileError;
use crate::time_window::{TimeWindow, ZoomStep};

/// What is seen in place of what happens now, and what is under way with a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replay {
    cursor: Option<Cursor>,
    window: TimeWindow,
    file: Option<String>,
    /// How many events the live recording has, where it can be told.
    recorded: u64,
    is_stopped: bool,
    has_tracks: bool,
    is_busy: bool,
    notice: Option<ReplayNotice>,
}

/// What a recording is saved as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplayFormat {
    /// [Its own](crate::recording::file).
    Recording,
    /// [A trace](crate::recording::ChromeTrace) for Perfetto and for Chrome's own viewer.
    ChromeTrace,
}

/// What has become of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplayNotice {
    /// It was written.
    Saved {
        /// Its name.
        name: String,
        /// Its length.
        bytes: u64,
    },
    /// It could not be written: what the system says.
    NotSaved(String),
    /// It could not be read: what the system says.
    NotRead(String),
    /// It is no recording, or a broken one.
    NoRecording(FileError),
}

/// What the person does with recordings, and what is heard of files.
#[derive(Clone, Debug)]
pub enum ReplayMsg {
    /// Show this moment.
    Show(Cursor),
    /// Show another part of its time.
    Zoom(ZoomStep),
    /// Show what happens now.
    ShowNow,
    /// The row of the log that is looked at is this moment of the live recording.
    FoundMoment(Cursor),
    /// The moment that is shown of the live recording is this row of the log.
    FoundRow(u64),
    /// Save the recording that is shown.
    Save(ReplayFormat),
    /// Save what is compared in it as an SVG drawing.
    SaveDrawing,
    /// Open a file of the person's choice.
    Open,
    /// A file is under way.
    Busy,
    /// A file was read, and is shown: its name.
    Opened(String),
    /// Nothing is under way any more, and this has become of it.
    Done(Option<ReplayNotice>),
    /// Put away what is said about a file.
    DismissNotice,
    /// Show the stages in the developer tools of the browser while they are recorded, or don't.
    ToggleTracks,
}

/// What is to be done with recordings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplayEffect {
    /// Save the recording that is shown.
    Save(ReplayFormat),
    /// Save what is compared in it as an SVG drawing.
    SaveDrawing,
    /// Open a file of the person's choice.
    Open,
    /// Let go of the file's recording.
    ShowLive,
    /// Find the moment of this row of the log; answered by [`ReplayMsg::FoundMoment`], if there is one.
    FindMoment {
        /// Its number.
        row: u64,
    },
    /// Find the row of this event in the log; answered by [`ReplayMsg::FoundRow`], if there is one.
    FindRow {
        /// Its number in the recording; none where it is the last one.
        event: Option<u64>,
    },
}

/// What can be asked of it.
impl Replay {
    /// The moment that is shown; none where it is the end of the recording.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        self.cursor
    }

    /// Which part of its time is seen.
    #[must_use]
    pub fn window(&self) -> TimeWindow {
        self.window
    }

    /// The file whose recording is shown; none where it is the live one.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// Whether something else is shown than what happens now.
    #[must_use]
    pub fn shows_past(&self) -> bool {
        self.cursor.is_some() || self.file.is_some()
    }

    /// Whether the live recording grows no more, as the panel was closed meanwhile.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.is_stopped
    }

    /// Whether the stages are shown in the developer tools of the browser while they are recorded.
    #[must_use]
    pub fn has_tracks(&self) -> bool {
        self.has_tracks
    }

    /// Whether a file is under way.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.is_busy
    }

    /// What has become of the last one.
    #[must_use]
    pub fn notice(&self) -> Option<&ReplayNotice> {
        self.notice.as_ref()
    }
}

/// What follows.
impl Replay {
    pub(crate) fn update(&mut self, msg: ReplayMsg) -> Option<ReplayEffect> {
        match msg {
            ReplayMsg::Show(cursor) => self.go_to(cursor),
            ReplayMsg::Zoom(step) => self.window.step(step),
            ReplayMsg::ShowNow => return self.show_now(),
            ReplayMsg::FoundMoment(cursor) => {
                let effect = self.show_now();
                self.go_to(cursor);
                return effect;
            }
            ReplayMsg::FoundRow(_) => {}
            // One file at a time: the buttons are disabled meanwhile.
            ReplayMsg::Save(format) if !self.is_busy => return Some(ReplayEffect::Save(format)),
            ReplayMsg::SaveDrawing if !self.is_busy => return Some(ReplayEffect::SaveDrawing),
            ReplayMsg::Open if !self.is_busy => return Some(ReplayEffect::Open),
            ReplayMsg::Save(_) | ReplayMsg::SaveDrawing | ReplayMsg::Open => {}
            ReplayMsg::Busy => {
                self.is_busy = true;
                self.notice = None;
            }
            ReplayMsg::Opened(name) => {
                self.file = Some(name);
                self.cursor = None;
                self.window = TimeWindow::default();
                self.notice = None;
                self.is_busy = false;
            }
            ReplayMsg::Done(notice) => {
                self.is_busy = false;
                self.notice = notice;
            }
            ReplayMsg::DismissNotice => self.notice = None,
            ReplayMsg::ToggleTracks => self.has_tracks = !self.has_tracks,
        }
        None
    }

    fn go_to(&mut self, cursor: Cursor) {
        self.cursor = Some(cursor);
        self.window.follow_cursor();
    }

    /// A live recording begins.
    pub(crate) fn begin(&mut self) {
        self.window = TimeWindow::default();
        self.recorded = 0;
        self.is_stopped = false;
    }

    /// So many more events are in the live recording.
    pub(crate) fn grew(&mut self, events: u64) {
        if !self.is_stopped {
            self.recorded = self.recorded.saturating_add(events);
        }
    }

    /// The live recording grows no more. One in which nothing has happened is not kept.
    pub(crate) fn stop(&mut self) {
        self.is_stopped = self.recorded > 0;
    }

    /// Leaves the past.
    pub(crate) fn show_now(&mut self) -> Option<ReplayEffect> {
        self.cursor = None;
        self.window.follow_cursor();
        self.file.take().map(|_| {
            self.window = TimeWindow::default();
            ReplayEffect::ShowLive
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn past_is_left_at_once() {
        let mut replay = Replay::default();
        let cursor = Cursor { at: Duration::from_secs(36), events: 5 };
        assert_eq!(replay.update(ReplayMsg::Show(cursor)), None);
        assert!(replay.shows_past());
        assert_eq!(replay.update(ReplayMsg::ShowNow), None);
        assert!(!replay.shows_past());
        replay.update(ReplayMsg::Opened("run.json".to_owned()));
        replay.update(ReplayMsg::Show(cursor));
        assert_eq!(replay.update(ReplayMsg::ShowNow), Some(ReplayEffect::ShowLive));
        assert_eq!(replay, Replay::default());
    }

    #[test]
    fn one_file_at_a_time() {
        let mut replay = Replay::default();
        replay.update(ReplayMsg::Busy);
        assert_eq!(replay.update(ReplayMsg::Open), None);
        replay.update(ReplayMsg::Done(None));
        assert_eq!(replay.update(ReplayMsg::Open), Some(ReplayEffect::Open));
    }
}
