//! A message as JSON: a line for each value, objects and arrays that fold, and where it is broken.

use std::ops::RangeInclusive;

use app_core::LogMsg;
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, FontId, Label, Rect, Sense, Ui, pos2, vec2};
use egui_row_list::{RowList, RowListState};
use material::{Button, Icon, Scheme, Type};
use message_log::harmless;
use message_log::json_view::{JsonKind, JsonLine, JsonView};

use super::LogData;
use crate::i18n::Words;
use crate::opened_row::OpenedRow;
use crate::ui::text_menu::{MAX_COPIED_BYTES, offer_copy};

/// How much of a key and of a value is shown in a line, in bytes. All of it is in the text.
const MAX_LINE_BYTES: usize = 400;

/// Deeper lines stand no further to the right.
const MAX_INDENT: u32 = 24;

/// At most so many lines are copied at once.
const MAX_COPIED_LINES: usize = 100_000;

const LINE: f32 = 24.0;

/// At most so many matches are marked in a line.
const MAX_MARKS: usize = 20;

/// Draws it.
pub(super) fn json_ui(
    ui: &mut Ui,
    words: &Words,
    data: LogData<'_>,
    opened: &OpenedRow,
) -> Vec<LogMsg> {
    let mut msgs = Vec::new();
    match opened.json() {
        None => {}
        Some(Ok(view)) => {
            ui.horizontal(|ui| {
                if ui.add(Button::text(words.log.fold_all_button)).clicked() {
                    msgs.push(LogMsg::FoldAll(true));
                }
                if ui.add(Button::text(words.log.unfold_all_button)).clicked() {
                    msgs.push(LogMsg::FoldAll(false));
                }
            });
            msgs.extend(lines_ui(ui, words, data, opened, view));
        }
        Some(Err(error)) => {
            let text = (words.log.json_problem)(error);
            let text = Type::BODY_MEDIUM.rich(text).color(Scheme::of(ui).error);
            ui.add(Label::new(text).wrap());
            ui.add_space(8.0);
            super::detail::broken_json_ui(ui, words, data, opened, error.offset);
        }
    }
    msgs
}

fn lines_ui(
    ui: &mut Ui,
    words: &Words,
    data: LogData<'_>,
    opened: &OpenedRow,
    view: &JsonView,
) -> Option<LogMsg> {
    let folds = opened.folds();
    let id = ui.make_persistent_id("json list");
    let mut state: RowListState = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let count = folds.visible_count(view);
    let index_of = |row: u64| folds.line_at(usize::try_from(row).unwrap_or(usize::MAX));
    let name = |place: egui_row_list::RowPlace| {
        view.line(index_of(place.row), MAX_LINE_BYTES)
            .map(|line| text_of(&line))
            .unwrap_or_default()
    };
    let mut toggled = None;
    let output = RowList::new("json", 0..count as u64, LINE)
        .follow_end(false)
        .name(words.log.json_name)
        .scroll_bar_name(words.scroll_bar)
        .row_name(&name)
        .show(ui, &mut state, |ui, row, row_state| {
            let index = index_of(row);
            let Some(line) = view.line(index, MAX_LINE_BYTES) else { return };
            let hidden = view.close_of(index).map(|close| close - index);
            let fold = hidden.map(|hidden| Fold { hidden, is_folded: folds.is_folded(index) });
            if line_ui(ui, words, data, &line, fold.as_ref(), row_state.selected) {
                toggled = Some(LogMsg::ToggleFold(index));
            }
        });
    let folded = output.activated.map(|row| LogMsg::ToggleFold(index_of(row)));
    let text_of_rows = |rows: RangeInclusive<u64>| {
        let mut text = String::new();
        for row in (*rows.start()..=*rows.end()).take(MAX_COPIED_LINES) {
            let Some(line) = view.line(index_of(row), MAX_COPIED_BYTES) else { break };
            text.push_str(&"  ".repeat(line.depth.min(MAX_INDENT) as usize));
            text.push_str(&text_of(&line));
            text.push('\n');
            if text.len() > MAX_COPIED_BYTES {
                break;
            }
        }
        text
    };
    if let Some(rows) = output.copy {
        ui.copy_text(text_of_rows(rows));
    }
    if let Some(rows) = output.selected {
        offer_copy(&output.response, || text_of_rows(rows).into());
    }
    ui.data_mut(|data| data.insert_temp(id, state));
    toggled.or(folded)
}

struct Fold {
    /// How many lines it hides when it is folded.
    hidden: usize,
    is_folded: bool,
}

/// Gives whether the person folds or unfolds it.
fn line_ui(
    ui: &Ui,
    words: &Words,
    data: LogData<'_>,
    line: &JsonLine<'_>,
    fold: Option<&Fold>,
    is_selected: bool,
) -> bool {
    const INDENT: f32 = 14.0;
    const ICON: f32 = 16.0;

    let rect = ui.max_rect();
    let scheme = Scheme::of(ui);
    let faint = if is_selected { scheme.on_surface } else { scheme.on_surface_variant };
    let mut left = rect.left() + 4.0 + line.depth.min(MAX_INDENT) as f32 * INDENT;
    let mut toggles = false;
    if let Some(fold) = fold {
        let icon = if fold.is_folded { Icon::ChevronRight } else { Icon::ExpandMore };
        let center = pos2(left + ICON / 2.0, rect.center().y);
        icon.paint(ui.painter(), center, ICON, faint);
        let hit = Rect::from_center_size(center, vec2(LINE, LINE));
        toggles = ui.interact(hit, ui.scope_id().with("fold"), Sense::click()).clicked();
    }
    left += ICON + 4.0;
    let mut job = LayoutJob {
        wrap: TextWrapping::truncate_at_width((rect.right() - left).max(0.0)),
        break_on_newline: false,
        ..LayoutJob::default()
    };
    let mut append =
        |text: &str, color: Color32| append_marked(&mut job, data, &scheme, text, color);
    if let Some(key) = line.key {
        append(&harmless(key), scheme.primary);
        append(": ", faint);
    }
    let color = match line.kind {
        JsonKind::String => scheme.on_surface,
        JsonKind::Number | JsonKind::Bool | JsonKind::Null => scheme.secondary,
        JsonKind::Empty | JsonKind::Open | JsonKind::Close => faint,
    };
    let color = if is_selected { scheme.on_surface } else { color };
    append(&harmless(line.value), color);
    if line.is_cut {
        append("…", faint);
    }
    if let Some(fold) = fold.filter(|fold| fold.is_folded) {
        let end = if line.value.starts_with('{') { "}" } else { "]" };
        append(&format!(" {} {end}", (words.log.folded)(fold.hidden)), faint);
    }
    if line.has_comma {
        append(",", faint);
    }
    let galley = ui.painter().layout_job(job);
    let top = (rect.center().y - galley.size().y / 2.0).round();
    ui.painter().galley(pos2(left, top), galley, scheme.on_surface);
    toggles
}

fn append_marked(
    job: &mut LayoutJob,
    data: LogData<'_>,
    scheme: &Scheme,
    text: &str,
    color: Color32,
) {
    let plain = TextFormat::simple(FontId::monospace(13.0), color);
    let marked = TextFormat { color: scheme.on_mark, background: scheme.mark, ..plain.clone() };
    let ranges = data.found.map(|(_, matcher)| matcher.ranges_in_text(text, MAX_MARKS));
    let mut at = 0;
    for range in ranges.unwrap_or_default() {
        if let (Some(before), Some(found)) = (text.get(at..range.start), text.get(range.clone())) {
            job.append(before, 0.0, plain.clone());
            job.append(found, 0.0, marked.clone());
            at = range.end;
        }
    }
    job.append(text.get(at..).unwrap_or_default(), 0.0, plain);
}

fn text_of(line: &JsonLine<'_>) -> String {
    let key = line.key.map(|key| format!("{key}: ")).unwrap_or_default();
    let comma = if line.has_comma { "," } else { "" };
    let cut = if line.is_cut { "…" } else { "" };
    format!("{key}{}{cut}{comma}", line.value)
}
