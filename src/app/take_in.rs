//! What has happened comes in: from the connection, its stream, and files that were dropped on the page.

use app_core::experiments::Setup;
use app_core::playback::{Allowance, Playback};
use app_core::{Msg, Panel};
use egui::Context;
use egui_stream_builder::{DEFAULT_BUDGET, Event};
use std::time::Duration;

use super::EchoPage;
use crate::effects::log_files::ENDINGS;
use crate::effects::recordings::DROPPED_ENDING;
use crate::i18n::words;

impl EchoPage {
    /// Opens a recording that was dropped on the page.
    pub(super) fn take_dropped_recordings(&mut self, ctx: &Context) {
        let is_recording = |file: &egui::DroppedFileHandle| {
            let name = file.path().file_name().unwrap_or_default().to_string_lossy();
            name.to_ascii_lowercase().ends_with(DROPPED_ENDING)
        };
        if let Some(file) = take_dropped(ctx, is_recording) {
            self.recordings.open_dropped(file, ctx);
            ctx.request_repaint();
        }
    }

    /// Opens a log that was dropped on the page. Other files are for whoever sends them.
    pub(super) fn take_dropped_logs(&mut self, ctx: &Context) {
        let is_log = |file: &egui::DroppedFileHandle| {
            let ending = file.path().extension().map(|ending| ending.to_ascii_lowercase());
            ending.is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known))
        };
        let Some(file) = take_dropped(ctx, is_log) else { return };
        self.logbook.open_dropped(file, ctx);
        if self.model.panel() != Some(Panel::Log) {
            self.tell(Msg::TogglePanel(Panel::Log));
        }
        ctx.request_repaint();
    }

    /// What has happened to the connection, in order.
    pub(super) fn take_in(&mut self, ctx: &Context) {
        let read = self.files.take_read();
        self.tell_all(read);
        self.write_down_notes();
        let before = self.connection.before_messages();
        // What a run has sent.
        self.write_down_notes();
        self.tell_connection(before);
        self.listen(ctx);
        let after = self.connection.after_messages(&self.messages);
        self.tell_connection(after);
    }

    /// What has become of messages of ours goes into the log.
    fn write_down_notes(&mut self) {
        let (now, words) = (self.opened_at.elapsed(), words(self.model.language()));
        for note in self.connection.take_notes() {
            self.logbook.note(note, words, now);
        }
    }

    /// What has happened to the connection goes into the log, and through the door.
    fn tell_connection(&mut self, msgs: Vec<Msg>) {
        let (now, words) = (self.opened_at.elapsed(), words(self.model.language()));
        for msg in msgs {
            if let Msg::Connection(event) = &msg {
                self.logbook.event(event, words, now);
            }
            self.tell(msg);
        }
    }

    /// Takes in what the stream has sent, as far as the playback lets it.
    fn listen(&mut self, ctx: &Context) {
        // The clock of the frames stands still while the window is hidden.
        let now = self.opened_at.elapsed();
        self.recorder.set_paused(self.model.playback() != Playback::Free);
        if self.messages.has_news() {
            match self.model.playback().allow(now) {
                Allowance::All => {
                    let budget = self.model.trials().running().and_then(Setup::budget);
                    self.messages.budget = budget.unwrap_or(DEFAULT_BUDGET);
                }
                // No time at all is time for one event.
                Allowance::One => self.messages.budget = Duration::ZERO,
                Allowance::None { look_again_after } => {
                    if let Some(time) = look_again_after {
                        ctx.request_repaint_after(time);
                    }
                    return;
                }
            }
        }
        let (mut is_data, mut ends_with_error) = (false, false);
        let (connection, messages) = (&mut self.connection, &mut self.messages);
        let (logbook, opened_at) = (&mut self.logbook, self.opened_at);
        let words = words(self.model.language());
        let taken = self.recorder.update(messages, ctx, |event| {
            is_data |= matches!(event, Event::Data(_));
            let round_trip = connection.hear(&event);
            // What was sent comes before what comes back.
            for note in connection.take_notes() {
                logbook.note(note, words, opened_at.elapsed());
            }
            match event {
                Event::Data(message) => {
                    ends_with_error = false;
                    Some(logbook.received(message, round_trip, opened_at.elapsed()))
                }
                Event::Error(_) => {
                    ends_with_error = true;
                    None
                }
                Event::Done => None,
            }
        });
        self.logbook.took_in(ends_with_error);
        self.tell(Msg::TookIn { events: taken.events });
        self.is_new |= taken.events > 0;
        if is_data {
            self.heard += 1;
            self.look_at_latest(ctx);
        }
    }
}

/// Takes the first of the dropped files that are wanted. Others are for whoever asks next.
fn take_dropped(
    ctx: &Context,
    is_wanted: impl Fn(&egui::DroppedFileHandle) -> bool,
) -> Option<egui::DroppedFileHandle> {
    ctx.input_mut(|input| {
        let files = &mut input.raw.dropped_files;
        files.iter().position(is_wanted).map(|at| files.remove(at))
    })
}
