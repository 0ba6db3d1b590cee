//! The rows of the log as a list: one line each, and which of them is found, drawn, in doubt.

use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use app_core::log::RowTime;
use app_core::{LogMsg, Model};
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Align, Color32, Label, Rect, Sense, StrokeKind, Ui, pos2, vec2};
use egui_long_text::OrderedText;
use egui_row_list::{RowList, RowListState, RowPlace, RowState};
use material::{Icon, Scheme, Type, tooltip};
use message_log::{
    Content, Delivery, Direction, Drawing, Event, Filter, Kind, Log, Matcher, PREVIEW_CHARS, Query,
    Row, RowSet, harmless, preview,
};

use super::{LogData, detail};
use crate::i18n::log::{Zone, clock_time, short_bytes};
use crate::i18n::{Words, short_time, words};
use crate::opened_row::shape_of;
use crate::payload;
use crate::ui::text_menu::offer_copy;

/// In points: high enough for a finger, low enough for many.
const ROW_HEIGHT: f32 = 32.0;

/// At most so many rows are copied at once.
const MAX_COPIED_ROWS: u64 = 100_000;

/// At most so many matches are marked in a line.
const MAX_MARKS: usize = 20;

/// Where the list stands, kept from frame to frame.
#[derive(Clone)]
pub(super) struct ListMemory {
    list: RowListState,
    /// What the numbers of its rows mean.
    key: Key,
    /// The row to go to once it is among those that are shown.
    wanted: Option<u64>,
    /// The row that was looked at.
    opened: Option<u64>,
}

/// Other rows are shown under another key.
#[derive(Clone, Debug, Default, PartialEq)]
struct Key {
    filter: Filter,
    query: Option<Query>,
    file: Option<String>,
}

/// The rows that are shown, by numbers that stay theirs: a row's own, or which of those found it was.
#[derive(Clone, Copy)]
pub(super) struct ShownRows<'a> {
    log: &'a Log,
    only: Option<&'a RowSet>,
}

impl ShownRows<'_> {
    pub(super) fn of(data: LogData<'_>) -> ShownRows<'_> {
        ShownRows { log: data.log, only: data.shown }
    }

    fn range(&self) -> Range<u64> {
        match self.only {
            Some(only) => only.dropped()..only.dropped() + only.len(),
            None => self.log.range(),
        }
    }

    /// The row's number in the log.
    fn number(&self, place: u64) -> Option<u64> {
        match self.only {
            Some(only) => only.nth(place.checked_sub(only.dropped())?),
            None => Some(place),
        }
    }

    /// Where this row is in the list, if it is shown.
    fn place(&self, number: u64) -> Option<u64> {
        match self.only {
            Some(only) => only.contains(number).then(|| only.dropped() + only.rank(number)),
            None => self.log.range().contains(&number).then_some(number),
        }
    }
}

impl ListMemory {
    pub(super) fn load(ui: &Ui, model: &Model, data: LogData<'_>) -> Self {
        let view = model.log();
        let query = (view.shows_only_matches() && view.searches()).then(|| view.query().clone());
        let file = view.file().map(|file| file.name.clone());
        let key = Key { filter: view.filter(), query, file };
        let id = egui::Id::unique("log list");
        let kept: Option<Self> = ui.data(|data| data.get_temp(id));
        let rows = ShownRows::of(data);
        let opened = data.opened.map(|row| row.number);
        let mut memory = match kept {
            Some(kept) if kept.key == key => kept,
            // What is looked at stays in sight where it is still shown.
            _ => Self { list: RowListState::new(), key, wanted: opened, opened },
        };
        // One that was opened from elsewhere is gone to.
        if std::mem::replace(&mut memory.opened, opened) != opened && memory.current(rows) != opened
        {
            memory.wanted = opened;
        }
        memory.going(rows)
    }

    pub(super) fn store(self, ui: &Ui) {
        ui.data_mut(|data| data.insert_temp(egui::Id::unique("log list"), self));
    }

    fn going(mut self, rows: ShownRows<'_>) -> Self {
        if let Some(place) = self.wanted.and_then(|number| rows.place(number)) {
            self.wanted = None;
            self.list.select(place);
            self.list.scroll_to(place, Some(Align::Center));
        }
        self
    }

    /// The number in the log of the row that the keyboard moves.
    pub(super) fn current(&self, rows: ShownRows<'_>) -> Option<u64> {
        rows.number(self.list.current()?)
    }

    /// Goes to this row, in the middle of the view if it is not in sight.
    pub(super) fn go_to(&mut self, rows: ShownRows<'_>, number: u64) {
        let Some(place) = rows.place(number) else { return };
        self.list.select(place);
        let is_seen = self.list.visible().contains(&place);
        self.list.scroll_to(place, (!is_seen).then_some(Align::Center));
    }
}

/// Draws the list.
pub(super) fn list_ui(
    ui: &mut Ui,
    model: &Model,
    data: LogData<'_>,
    memory: &mut ListMemory,
    takes_keyboard: bool,
) -> Vec<LogMsg> {
    let words = words(model.language());
    let rows = ShownRows::of(data);
    if rows.range().is_empty() {
        let text =
            if data.log.is_empty() { words.log.nothing_yet } else { words.log.nothing_shown };
        let text = Type::BODY_MEDIUM.rich(text).color(Scheme::of(ui).on_surface_variant);
        ui.add_space(8.0);
        ui.add(Label::new(text).wrap());
        // The list itself stays, so that the keyboard does not lose it.
    }
    let name = |place: RowPlace| {
        let row = rows.number(place.row).and_then(|number| data.log.get(number));
        let before = (words.log.row_name)(place.position, place.count);
        row.map_or(before.clone(), |row| format!("{before}: {}", spoken(words, &row)))
    };
    let painter = RowPainter::new(ui, model, data);
    let output = RowList::new("log rows", rows.range(), ROW_HEIGHT)
        .name(words.log.list_name)
        .scroll_bar_name(words.scroll_bar)
        .row_name(&name)
        .new_rows_label(&words.log.new_rows)
        .show(ui, &mut memory.list, |ui, place, state| {
            let row = rows.number(place).and_then(|number| data.log.get(number));
            if let Some(row) = row {
                painter.show(ui, &row, state);
            }
        });
    if takes_keyboard || (data.opened.is_none() && detail::is_left(ui)) {
        output.response.request_focus();
    }
    let mut msgs = Vec::new();
    let open = |place| {
        let row = data.log.get(rows.number(place)?)?;
        Some(LogMsg::Open { number: row.number, shape: shape_of(row.content) })
    };
    // A click opens a row. With the keyboard one goes through the rows, and opens one by Enter; if another one
    // is open beside the list, the current one takes its place at once.
    let follows = output.response.clicked() || (output.selection_changed && data.opened.is_some());
    if let Some(place) = output.activated.or(output.current.filter(|_| follows)) {
        msgs.extend(open(place));
        if output.activated.is_some() && !output.response.double_clicked() {
            detail::take_keyboard(ui.ctx());
        }
    }
    let text_of = |places: RangeInclusive<u64>| {
        let end = places.end().min(&places.start().saturating_add(MAX_COPIED_ROWS)).to_owned();
        let numbers = (*places.start()..=end).filter_map(|place| rows.number(place));
        let lines = numbers.filter_map(|number| Some(copied(words, &data.log.get(number)?)));
        lines.collect::<Vec<_>>().join("\n")
    };
    if let Some(places) = output.copy {
        ui.copy_text(text_of(places));
    }
    if let Some(places) = output.selected {
        offer_copy(&output.response, || text_of(places).into());
    }
    msgs
}

/// What is copied of a row: a message as it is, bytes in hex, an event in words.
fn copied(words: &Words, row: &Row<'_>) -> String {
    match row.content {
        Content::Text(text) => text.to_owned(),
        Content::Binary(bytes) => message_log::hex(bytes),
        Content::Event(event) => (words.log.event)(event),
    }
}

/// A row for those who hear it.
fn spoken(words: &Words, row: &Row<'_>) -> String {
    let what = line_of(words, row);
    if row.direction == Direction::None {
        return what;
    }
    let mut parts = vec![(words.log.direction)(row.direction).to_owned()];
    parts.push((words.log.bytes)(row.size() as u64));
    parts.push(what);
    parts.extend(standing(words, row).map(ToOwned::to_owned));
    parts.join(", ")
}

/// How far a message of ours has come, or whether one of the peer was drawn.
fn standing(words: &Words, row: &Row<'_>) -> Option<&'static str> {
    match row.delivery {
        Some(delivery) => Some((words.log.delivery)(delivery)),
        None => Some((words.log.drawing)(row.drawing)).filter(|text| !text.is_empty()),
    }
}

/// One line of what a row says.
fn line_of(words: &Words, row: &Row<'_>) -> String {
    match row.content {
        Content::Event(event) => {
            let mut line = harmless(&(words.log.event)(event));
            if let Some((end, _)) = line.char_indices().nth(PREVIEW_CHARS) {
                line.truncate(end);
                line.push('…');
            }
            line
        }
        content => {
            let line = preview(content, PREVIEW_CHARS);
            match payload::picture_name(content.bytes()) {
                Some(name) if content.kind() == Kind::Binary => format!("{name}: {line}"),
                _ => line,
            }
        }
    }
}

/// Draws rows, all alike.
struct RowPainter<'a> {
    words: &'static Words,
    scheme: Scheme,
    log: &'a Log,
    time: RowTime,
    zone: Zone,
    found: Option<(&'a RowSet, &'a Matcher)>,
    opened: Option<u64>,
    time_width: f32,
}

impl<'a> RowPainter<'a> {
    fn new(ui: &Ui, model: &Model, data: LogData<'a>) -> Self {
        let time = model.log_settings().time;
        let widest = match time {
            RowTime::Clock => "00:00:00.000",
            RowTime::SinceStart | RowTime::SincePrevious => "+0000.000 s",
        };
        let font = Type::BODY_SMALL.font();
        let galley = ui.painter().layout_no_wrap(widest.to_owned(), font, Color32::WHITE);
        Self {
            words: words(model.language()),
            scheme: Scheme::of(ui),
            log: data.log,
            time,
            zone: data.zone,
            found: data.found,
            opened: data.opened.map(|opened| opened.number),
            time_width: galley.size().x.ceil(),
        }
    }

    fn show(&self, ui: &mut Ui, row: &Row<'_>, state: RowState) {
        const SIDE: f32 = 6.0;
        const ICON: f32 = 16.0;
        const SPACE: f32 = 8.0;
        const MARK: f32 = 14.0;

        let rect = ui.max_rect();
        let painter = ui.painter().clone();
        let scheme = self.scheme;
        let is_found = self.found.is_some_and(|(found, _)| found.contains(row.number));
        if !state.selected {
            if self.opened == Some(row.number) {
                let border = scheme.container_stroke();
                let ground = scheme.secondary_container;
                painter.rect(rect, 0, ground, border, StrokeKind::Inside);
            } else if state.hovered {
                painter.rect_filled(rect, 0, scheme.surface_container_high);
            }
        }
        if is_found {
            let bar = Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
            painter.rect_filled(bar, 0, scheme.primary);
        }
        let faint = if state.selected { scheme.on_surface } else { scheme.on_surface_variant };
        let middle = rect.center().y;
        let (icon, color) = self.icon(row, faint);
        let mut left = rect.left() + SIDE;
        icon.paint(&painter, pos2(left + ICON / 2.0, middle), ICON, color);
        left += ICON + SPACE;

        let small = Type::BODY_SMALL.font();
        let time = painter.layout_no_wrap(self.time_of(row), small.clone(), faint);
        let height = time.size().y;
        painter.galley(pos2(left, (middle - height / 2.0).round()), time, faint);
        left += self.time_width + SPACE;

        let mut right = rect.right() - SIDE - MARK;
        self.mark_ui(
            ui,
            row,
            Rect::from_center_size(pos2(right + MARK / 2.0, middle), vec2(MARK, rect.height())),
            faint,
        );
        right -= SPACE / 2.0;
        if row.direction != Direction::None {
            let size = painter.layout_no_wrap(short_bytes(row.size() as u64), small, faint);
            right -= size.size().x;
            painter.galley(pos2(right, (middle - height / 2.0).round()), size, faint);
            right -= SPACE;
        }
        let text = self.line(row, right - left, faint);
        let text = Arc::clone(OrderedText::new(ui.ctx(), text).galley());
        let top = (middle - text.size().y / 2.0).round();
        painter.galley(pos2(left, top), text, scheme.on_surface);
    }

    /// One line with what was found in it marked.
    fn line(&self, row: &Row<'_>, width: f32, faint: Color32) -> LayoutJob {
        let text = line_of(self.words, row);
        let scheme = self.scheme;
        let color = match row.content {
            Content::Event(Event::Error { .. }) => scheme.error,
            Content::Event(_) => faint,
            Content::Text(_) | Content::Binary(_) => scheme.on_surface,
        };
        let plain = TextFormat::simple(Type::BODY_MEDIUM.font(), color);
        let marked = TextFormat {
            color: scheme.on_warning_container,
            background: scheme.warning_container,
            ..plain.clone()
        };
        let mut job = LayoutJob {
            wrap: TextWrapping::truncate_at_width(width.max(0.0)),
            break_on_newline: false,
            ..LayoutJob::default()
        };
        let ranges = self.found.map(|(_, matcher)| matcher.ranges_in_text(&text, MAX_MARKS));
        let mut at = 0;
        for range in ranges.unwrap_or_default() {
            let parts = (text.get(at..range.start), text.get(range.clone()));
            if let (Some(before), Some(found)) = parts {
                job.append(before, 0.0, plain.clone());
                job.append(found, 0.0, marked.clone());
                at = range.end;
            }
        }
        job.append(text.get(at..).unwrap_or_default(), 0.0, plain);
        job
    }

    fn icon(&self, row: &Row<'_>, faint: Color32) -> (Icon, Color32) {
        let scheme = self.scheme;
        match (row.direction, row.content) {
            (Direction::Sent, _) => (Icon::ArrowUp, scheme.primary),
            (Direction::Received, _) => (Icon::ArrowDown, faint),
            (_, Content::Event(event)) => match event {
                Event::Connecting { .. } | Event::Closing { .. } => (Icon::Pending, faint),
                Event::Open { .. } => (Icon::Link, faint),
                Event::Closed { .. } => (Icon::LinkOff, faint),
                Event::Error { .. } => (Icon::Warning, scheme.error),
                Event::Reconnecting { .. } => (Icon::Refresh, faint),
            },
            (Direction::None, _) => (Icon::Document, faint),
        }
    }

    fn time_of(&self, row: &Row<'_>) -> String {
        match self.time {
            RowTime::Clock => {
                let time = self.log.started().saturating_add(row.time);
                clock_time(time, (self.zone)(time))
            }
            RowTime::SinceStart => crate::i18n::log::seconds(row.time),
            RowTime::SincePrevious => {
                let before = row.number.checked_sub(1).and_then(|number| self.log.get(number));
                let before = before.map_or(row.time, |before| before.time);
                format!("+{}", short_time(row.time.saturating_sub(before)))
            }
        }
    }

    /// How far a message of ours has come, or whether one of the peer was drawn.
    fn mark_ui(&self, ui: &mut Ui, row: &Row<'_>, rect: Rect, faint: Color32) {
        let Some(standing) = standing(self.words, row) else { return };
        let painter = ui.painter();
        let center = rect.center();
        let icon = match row.delivery {
            Some(Delivery::Sent) => Some((Icon::Check, faint)),
            Some(Delivery::Waiting) => Some((Icon::Pending, faint)),
            Some(Delivery::InDoubt) => Some((Icon::Warning, self.scheme.error)),
            Some(Delivery::TakenBack) => Some((Icon::Close, self.scheme.error)),
            None => None,
        };
        match (icon, row.drawing) {
            (Some((icon, color)), _) => icon.paint(painter, center, rect.width(), color),
            (None, Drawing::Drawn) => {
                painter.circle_filled(center, 3.5, faint);
            }
            (None, _) => {
                painter.circle_stroke(center, 3.5, egui::Stroke::new(1.0, faint));
            }
        }
        let response = ui.interact(rect, ui.scope_id().with("mark"), Sense::hover());
        tooltip(&response, standing);
    }
}
