//! A message as a hex dump: offsets, bytes, characters of ASCII, and what was found in it.

use std::ops::RangeInclusive;

use app_core::log::RowTab;
use egui::text::{LayoutJob, TextFormat};
use egui::{Align, FontId, ScrollArea, Ui, pos2};
use egui_row_list::{RowList, RowListState};
use material::Scheme;
use message_log::hex_view::{HEX_LINE_BYTES, hex_column, hex_line, hex_line_count};

use super::LogData;
use crate::i18n::Words;
use crate::opened_row::OpenedRow;
use crate::ui::text_menu::offer_copy;

/// Of so many bytes matches are marked, and so many matches.
const MARKED_BYTES: usize = 1 << 20;
const MAX_MARKS: usize = 10_000;

/// At most so many lines are copied at once: 1 MiB.
const MAX_COPIED_LINES: u64 = 65_536;

/// Draws it.
pub(super) fn hex_ui(ui: &mut Ui, words: &Words, data: LogData<'_>, opened: &OpenedRow) {
    const LINE: f32 = 20.0;

    let bytes = opened.bytes();
    let font = FontId::monospace(13.0);
    let column = ui.fonts_mut(|fonts| fonts.glyph_width(&font, '0'));
    // Offset, hex and characters, with two spaces between them.
    let columns = 8 + 2 + hex_column(HEX_LINE_BYTES) + 1 + HEX_LINE_BYTES;
    let width = column * columns as f32 + 16.0;
    let scheme = Scheme::of(ui);
    let marks = data.found.map(|(_, matcher)| {
        let looked_at = bytes.get(..MARKED_BYTES).unwrap_or(bytes);
        matcher.ranges_in_bytes(looked_at, MAX_MARKS)
    });
    let marks = marks.unwrap_or_default();
    let id = ui.make_persistent_id("hex list");
    let mut state: RowListState = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    if super::detail::is_new_search(ui, data, RowTab::Hex)
        && let Some(mark) = marks.first()
    {
        state.scroll_to((mark.start / HEX_LINE_BYTES) as u64, Some(Align::Center));
    }
    let lines = hex_line_count(bytes.len()) as u64;
    ScrollArea::horizontal().auto_shrink(false).show(ui, |ui| {
        ui.set_min_width(width.max(ui.available_width()));
        let name = |place: egui_row_list::RowPlace| line_text(bytes, place.row).unwrap_or_default();
        let output = RowList::new("hex", 0..lines, LINE)
            .follow_end(false)
            .name(words.log.hex_name)
            .scroll_bar_name(words.scroll_bar)
            .row_name(&name)
            .show(ui, &mut state, |ui, row, _| {
                let Some(line) = usize::try_from(row).ok().and_then(|row| hex_line(bytes, row))
                else {
                    return;
                };
                let start =
                    usize::try_from(row).unwrap_or(usize::MAX).saturating_mul(HEX_LINE_BYTES);
                let plain = TextFormat::simple(font.clone(), scheme.on_surface);
                let faint = TextFormat { color: scheme.on_surface_variant, ..plain.clone() };
                let marked =
                    TextFormat { color: scheme.on_mark, background: scheme.mark, ..plain.clone() };
                let is_marked = |byte: usize| {
                    let at = start + byte;
                    let index = marks.partition_point(|mark| mark.end <= at);
                    marks.get(index).is_some_and(|mark| mark.contains(&at))
                };
                let mut job = LayoutJob { break_on_newline: false, ..LayoutJob::default() };
                job.append(&format!("{}  ", line.offset), 0.0, faint.clone());
                let count = line.ascii.len();
                for byte in 0..count {
                    let format = if is_marked(byte) { &marked } else { &plain };
                    let from = hex_column(byte);
                    job.append(
                        line.hex.get(from..from + 2).unwrap_or_default(),
                        0.0,
                        format.clone(),
                    );
                    let end = if byte + 1 < count { hex_column(byte + 1) } else { line.hex.len() };
                    job.append(line.hex.get(from + 2..end).unwrap_or_default(), 0.0, plain.clone());
                }
                let missing = hex_column(HEX_LINE_BYTES) + 1 - line.hex.len();
                job.append(&" ".repeat(missing), 0.0, plain.clone());
                for (byte, c) in line.ascii.chars().enumerate() {
                    let format = if is_marked(byte) { &marked } else { &faint };
                    job.append(c.encode_utf8(&mut [0; 4]), 0.0, format.clone());
                }
                let galley = ui.painter().layout_job(job);
                let rect = ui.max_rect();
                let top = (rect.center().y - galley.size().y / 2.0).round();
                ui.painter().galley(pos2(rect.left(), top), galley, scheme.on_surface);
            });
        let text_of = |rows: RangeInclusive<u64>| {
            let end = rows.end().min(&rows.start().saturating_add(MAX_COPIED_LINES)).to_owned();
            let lines = (*rows.start()..=end).filter_map(|row| line_text(bytes, row));
            lines.collect::<Vec<_>>().join("\n")
        };
        if let Some(rows) = output.copy {
            ui.copy_text(text_of(rows));
        }
        if let Some(rows) = output.selected {
            offer_copy(&output.response, || text_of(rows).into());
        }
    });
    ui.data_mut(|data| data.insert_temp(id, state));
}

fn line_text(bytes: &[u8], row: u64) -> Option<String> {
    let line = hex_line(bytes, usize::try_from(row).ok()?)?;
    let width = hex_column(HEX_LINE_BYTES);
    Some(format!("{}  {:width$} {}", line.offset, line.hex, line.ascii))
}
