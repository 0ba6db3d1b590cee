//! What each panel is drawn from.

use std::time::Duration;

use app_core::comparison::Compared;
use app_core::recording::Recording;
use app_core::{Model, Msg, Panel};
use egui::Ui;

use crate::effects::logbook::Logbook;
use crate::picture::Shown;
use crate::recorder::Recorder;
use crate::ui::panels::about::about_ui;
use crate::ui::panels::connection::connection_panel_ui;
use crate::ui::panels::lesson::lesson_ui;
use crate::ui::panels::log::{LogData, log_ui};
use crate::ui::panels::rebuilds::{LogRow, RebuildsData, rebuilds_ui};

/// What the page has besides its model.
pub(super) struct Sources<'a> {
    pub recorder: &'a Recorder,
    pub logbook: &'a Logbook,
    /// The recording of a file, which is shown instead of the recorder's.
    pub opened: Option<&'a Recording>,
    pub compared: &'a Compared,
    /// The row of the log that is looked at, where it is a picture.
    pub picture: Option<&'a Shown>,
    /// The builder's stream has something to say.
    pub has_news: bool,
}

impl Sources<'_> {
    /// Draws a panel, and gives what the person did there.
    pub(super) fn panel_ui(
        &self,
        ui: &mut Ui,
        model: &Model,
        panel: Panel,
        now: Duration,
    ) -> Vec<Msg> {
        match panel {
            Panel::About => about_ui(ui, model),
            Panel::Connection => connection_panel_ui(ui, model, now),
            Panel::Lesson => lesson_ui(ui, model),
            Panel::Log => log_ui(ui, model, self.log_data(model)),
            Panel::Rebuilds => self
                .rebuilds_data(model)
                .map_or_else(Vec::new, |data| rebuilds_ui(ui, model, &data)),
        }
    }

    fn log_data<'a>(&'a self, model: &'a Model) -> LogData<'a> {
        LogData {
            log: self.logbook.shown_log(),
            shown: self.logbook.shown(),
            found: self.logbook.found(),
            query: &model.log().query().text,
            opened: self.logbook.opened(),
            event: self.event_of_opened_row(),
            picture: self.picture,
            zone: self.logbook.zone(),
        }
    }

    fn rebuilds_data(&self, model: &Model) -> Option<RebuildsData<'_>> {
        Some(RebuildsData {
            recording: self.opened.or_else(|| self.recorder.recording())?,
            has_news: self.has_news,
            row: self.row_of_moment(model),
            compared: self.compared,
        })
    }

    /// Which event of the recorder's recording the row is that is looked at. Rows of a file are none.
    fn event_of_opened_row(&self) -> Option<u64> {
        let row = self.logbook.opened().filter(|_| self.logbook.shows_live())?;
        Some(self.recorder.moment_of(row.number)?.events)
    }

    /// What the log has of the event at the moment that is shown. Events of a file have no rows.
    fn row_of_moment(&self, model: &Model) -> LogRow {
        let event = model.replay().cursor().map(|cursor| cursor.events);
        match self.recorder.row_of(event).filter(|_| self.opened.is_none()) {
            None => LogRow::None,
            Some(row) if self.logbook.has_live_row(row) => LogRow::There,
            Some(_) => LogRow::Dropped,
        }
    }
}
