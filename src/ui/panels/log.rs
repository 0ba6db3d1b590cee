//! The log's panel: every message and every event as a list, what is searched for in it, and the row that is
//! looked at.
//!
//! - `toolbar`: what is searched for, what is shown, files;
//! - `list`: the rows;
//! - `detail`: the row that is looked at, in several views;
//! - `json`, `hex`: two of them.

mod detail;
mod hex;
mod json;
mod list;
mod toolbar;

use app_core::{Model, Msg};
use egui::{Context, Id, Rect, Stroke, Ui, UiBuilder, vec2};
use material::Scheme;
use message_log::{Log, Matcher, RowSet};

use crate::i18n::log::Zone;
use crate::opened_row::OpenedRow;
use crate::picture::Shown;

/// What the panel draws, besides what the model knows.
#[derive(Clone, Copy)]
pub struct LogData<'a> {
    /// The log.
    pub log: &'a Log,
    /// The rows of it that are shown; none where all are.
    pub shown: Option<&'a RowSet>,
    /// The rows in which something is found, and what that is.
    pub found: Option<(&'a RowSet, &'a Matcher)>,
    /// It as the person typed it.
    pub query: &'a str,
    /// The row that is looked at.
    pub opened: Option<&'a OpenedRow>,
    /// Which event of the recording that the rebuilds panel shows it is, if it is one.
    pub event: Option<u64>,
    /// It, where it is a picture.
    pub picture: Option<&'a Shown>,
    /// The clocks that times of day are told by.
    pub zone: Zone,
}

/// From this width on a row that is looked at stands beside the list, and not over it.
pub const DETAIL_BESIDE: f32 = 700.0;

/// Between what stands side by side.
const GAP: f32 = 16.0;

/// The search field, for whoever gives it the keyboard.
pub fn query_id() -> Id {
    Id::unique("log query")
}

/// Gives the keyboard to the row that is looked at, where it is shown next.
pub fn select_opened(ctx: &Context) {
    detail::take_keyboard(ctx);
}

/// Draws the panel, and returns what the person did.
pub fn log_ui(ui: &mut Ui, model: &Model, data: LogData<'_>) -> Vec<Msg> {
    let room = ui.available_rect_before_wrap();
    let mut msgs = Vec::new();
    match data.opened {
        Some(opened) if room.width() < DETAIL_BESIDE => {
            msgs.extend(detail::detail_ui(ui, model, data, opened));
        }
        Some(opened) => {
            // Beside the list the keyboard stays there, and goes from row to row.
            let takes_keyboard = detail::is_keyboard_taken(ui);
            let left_width = (room.width() * 0.5).round();
            let (left, right) = room.split_left_right_at_x(room.left() + left_width);
            let left = Rect::from_min_max(left.min, left.max - vec2(GAP, 0.0));
            let right = Rect::from_min_max(right.min + vec2(GAP, 0.0), right.max);
            let rows_ui = |ui: &mut Ui| rows_ui(ui, model, data, takes_keyboard);
            msgs.extend(part_ui(ui, "rows", left, rows_ui));
            msgs.extend(part_ui(ui, "row", right, |ui| detail::detail_ui(ui, model, data, opened)));
            let line = Stroke::new(1.0, Scheme::of(ui).outline_variant);
            ui.painter().vline(right.left() - GAP, room.y_range(), line);
        }
        None => msgs.extend(part_ui(ui, "rows", room, |ui| rows_ui(ui, model, data, false))),
    }
    msgs
}

/// What stands in a part of the panel, whatever stands beside it.
fn part_ui(ui: &mut Ui, salt: &str, rect: Rect, add: impl FnOnce(&mut Ui) -> Vec<Msg>) -> Vec<Msg> {
    ui.scope_builder(UiBuilder::new().id_salt(salt).max_rect(rect), add).inner
}

fn rows_ui(ui: &mut Ui, model: &Model, data: LogData<'_>, takes_keyboard: bool) -> Vec<Msg> {
    let mut memory = list::ListMemory::load(ui, model, data);
    let mut msgs = toolbar::toolbar_ui(ui, model, data, &mut memory);
    msgs.extend(list::list_ui(ui, model, data, &mut memory, takes_keyboard));
    memory.store(ui);
    msgs.into_iter().map(Msg::Log).collect()
}
