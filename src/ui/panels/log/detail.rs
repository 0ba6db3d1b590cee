//! The row that is looked at: as text, JSON, bytes or a picture, and what is known of it.

use app_core::log::{OpenRow, RowTab};
use app_core::{LogMsg, Model, Msg};
use std::borrow::Cow;
use std::ops::Range;

use egui::{Context, Grid, Id, Image, Label, Rect, ScrollArea, TextureHandle, Ui, accesskit, vec2};
use egui_long_text::{LongText, Mark};
use material::{ActionChip, Button, Icon, IconButton, MenuItem, Scheme, Type, menu_button};
use message_log::{Direction, Event, Kind, Payload};

use super::{LogData, hex, json};
use crate::i18n::log::{CopyAs, Fact, clock_time, seconds, short_bytes, utc_offset};
use crate::i18n::{Words, short_time, words};
use crate::opened_row::{OpenedRow, Said};
use crate::picture::{Shown, Uploaded};
use crate::ui::shown::{Looks, shown_ui};
use crate::ui::text_menu::{MAX_COPIED_BYTES, offer_copy_of};

/// At most so many matches are marked in a piece of the text.
const MAX_MARKS: usize = 1_000;

/// Draws it.
pub(super) fn detail_ui(
    ui: &mut Ui,
    model: &Model,
    data: LogData<'_>,
    opened: &OpenedRow,
) -> Vec<Msg> {
    let words = words(model.language());
    let Some(open) = model.log().opened() else { return Vec::new() };
    ui.data_mut(|data| data.insert_temp(was_shown_id(), true));
    let mut shows_moment = false;
    let mut msgs = heading_ui(ui, words, model, opened);
    msgs.extend(tabs_ui(ui, words, open));
    ui.add_space(8.0);
    ui.push_id(("row", opened.number), |ui| match open.tab {
        RowTab::Text => msgs.extend(text_ui(ui, words, model, data, opened)),
        RowTab::Json => msgs.extend(json::json_ui(ui, words, data, opened)),
        RowTab::Hex => hex::hex_ui(ui, words, data, opened),
        RowTab::Picture => msgs.extend(picture_ui(ui, words, model, data, opened)),
        RowTab::Facts => shows_moment = facts_ui(ui, words, data, opened),
    });
    let mut msgs: Vec<_> = msgs.into_iter().map(Msg::Log).collect();
    msgs.extend(shows_moment.then_some(Msg::ShowInOtherPanel));
    msgs
}

fn was_shown_id() -> Id {
    Id::unique("log detail was shown")
}

fn wants_keyboard_id() -> Id {
    Id::unique("log detail wants the keyboard")
}

/// Whether a row was looked at until this frame. Says so once.
pub(super) fn is_left(ui: &Ui) -> bool {
    ui.data_mut(|data| data.remove_temp(was_shown_id())) == Some(true)
}

/// Whoever opens a row by the keyboard goes on there.
pub(super) fn take_keyboard(ctx: &Context) {
    ctx.data_mut(|data| data.insert_temp(wants_keyboard_id(), true));
}

/// Whether somebody has opened a row by the keyboard. Says so once.
pub(super) fn is_keyboard_taken(ui: &Ui) -> bool {
    ui.data_mut(|data| data.remove_temp(wants_keyboard_id())) == Some(true)
}

fn heading_ui(ui: &mut Ui, words: &Words, model: &Model, opened: &OpenedRow) -> Vec<LogMsg> {
    const BUTTONS: f32 = 2.0 * 48.0;

    let mut msgs = Vec::new();
    let is_message = matches!(opened.said, Said::Message(_));
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.set_min_height(48.0);
        let close = ui.add(IconButton::new(Icon::Back, words.log.close_row_button));
        if close.clicked() {
            msgs.push(LogMsg::CloseRow);
        }
        if is_keyboard_taken(ui) {
            close.request_focus();
        }
        let room = (ui.available_width() - if is_message { BUTTONS } else { 0.0 }).max(0.0);
        ui.allocate_ui(vec2(room, 48.0), |ui| {
            ui.set_min_width(room);
            let title = (words.log.row_title)(opened.number);
            let text = Type::BODY_LARGE.rich(&title).color(Scheme::of(ui).on_surface);
            let label = ui.add(Label::new(text).selectable(false).truncate());
            ui.ctx().accesskit_node_builder(label.id, |node| {
                node.set_role(accesskit::Role::Heading);
                node.set_label(title.as_str());
                node.set_level(2);
            });
        });
        if is_message {
            let copy = IconButton::new(Icon::Copy, words.log.copy_button);
            menu_button(ui, copy, |ui| copy_menu_ui(ui, words, opened));
            let save = IconButton::new(Icon::Download, words.log.save_payload_button);
            if ui.add_enabled(model.log().job().is_none(), save).clicked() {
                msgs.push(LogMsg::SavePayload);
            }
        }
    });
    msgs
}

fn copy_menu_ui(ui: &mut Ui, words: &Words, opened: &OpenedRow) {
    let bytes = opened.bytes();
    if bytes.len() > MAX_COPIED_BYTES {
        let text = (words.log.too_long_to_copy)(MAX_COPIED_BYTES);
        let color = Scheme::of(ui).on_surface_variant;
        ui.add(Label::new(Type::BODY_MEDIUM.rich(text).color(color)).wrap());
        return;
    }
    for form in [CopyAs::Text, CopyAs::Hex, CopyAs::Base64] {
        if form == CopyAs::Text && opened.text().is_none() {
            continue;
        }
        if ui.add(MenuItem::new(Icon::Copy, (words.log.copy_item)(form))).clicked() {
            ui.copy_text(match form {
                CopyAs::Text => opened.text().map(ToString::to_string).unwrap_or_default(),
                CopyAs::Hex => message_log::hex(bytes),
                CopyAs::Base64 => data_encoding::BASE64.encode(bytes),
            });
        }
    }
}

fn tabs_ui(ui: &mut Ui, words: &Words, open: OpenRow) -> Vec<LogMsg> {
    let mut msgs = Vec::new();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
        for tab in open.shape.tabs() {
            let chip = ActionChip::new((words.log.tab)(*tab)).on(*tab == open.tab);
            if ui.add(chip).clicked() {
                msgs.push(LogMsg::ShowTab(*tab));
            }
        }
    });
    msgs
}

fn text_ui(
    ui: &mut Ui,
    words: &Words,
    model: &Model,
    data: LogData<'_>,
    opened: &OpenedRow,
) -> Vec<LogMsg> {
    let mut msgs = Vec::new();
    let wraps = !model.log_settings().does_not_wrap;
    if ui.add(ActionChip::new(words.log.wrap_toggle).on(wraps)).clicked() {
        msgs.push(LogMsg::ToggleWrap);
    }
    ui.add_space(8.0);
    if let Some(text) = opened.text() {
        long_text_ui(ui, words, data, text, wraps, opened.number, None);
    }
    msgs
}

/// The text that should be JSON, from where it is broken.
pub(super) fn broken_json_ui(
    ui: &mut Ui,
    words: &Words,
    data: LogData<'_>,
    opened: &OpenedRow,
    offset: usize,
) {
    if let Some(text) = opened.text() {
        long_text_ui(ui, words, data, text, true, opened.number, Some(offset));
    }
}

/// A text with what was found in it marked, or where it is broken.
fn long_text_ui(
    ui: &mut Ui,
    words: &Words,
    data: LogData<'_>,
    text: &str,
    wraps: bool,
    generation: u64,
    broken_at: Option<usize>,
) {
    let scheme = Scheme::of(ui);
    ui.visuals_mut().override_text_color = Some(scheme.on_surface);
    let marks = |piece: Range<usize>| -> Cow<'_, [Mark]> {
        if let Some(offset) = broken_at {
            // The character there, or the last one, where the text ends too early.
            let start = text.floor_char_boundary(offset.min(text.len().saturating_sub(1)));
            let range = start..text.ceil_char_boundary(start + 1);
            return vec![Mark { range, background: scheme.error_container }].into();
        }
        let Some((_, matcher)) = data.found else { return Cow::Borrowed(&[]) };
        let words = text.get(piece.clone()).unwrap_or_default();
        let ranges = matcher.ranges_in_text(words, MAX_MARKS).into_iter();
        let mark = |range: Range<usize>| Mark {
            range: range.start + piece.start..range.end + piece.start,
            background: scheme.mark,
        };
        ranges.map(mark).collect::<Vec<_>>().into()
    };
    let scroll_to = is_new_search(ui, data, RowTab::Text).then(|| {
        let found = data.found.and_then(|(_, matcher)| matcher.ranges_in_text(text, 1).pop());
        broken_at.or(found.map(|range| range.start))
    });
    let size = (words.log.bytes)(text.len() as u64);
    let shown = LongText::new("text", text)
        .generation(generation)
        .wrap(wraps)
        .font(egui::FontId::monospace(13.0))
        .marks(&marks)
        .scroll_to(scroll_to.flatten())
        .copy_limit(MAX_COPIED_BYTES)
        .spoken(SPOKEN_CHARACTERS, &size)
        .scroll_bar_names(words.scroll_bar, words.horizontal_scroll_bar)
        .show(ui);
    offer_copy_of(&shown, text);
}

/// Whether this view has not been drawn before with what is searched for. A place in it is gone to once, as
/// nobody could scroll away otherwise.
pub(super) fn is_new_search(ui: &Ui, data: LogData<'_>, view: RowTab) -> bool {
    let id = ui.make_persistent_id(("shown with", view as u8));
    let query = data.query.to_owned();
    ui.data_mut(|data| {
        let before = data.get_temp_mut_or_default::<Option<String>>(id);
        let is_new = before.as_ref() != Some(&query);
        *before = Some(query);
        is_new
    })
}

/// How much of a long text is read out.
const SPOKEN_CHARACTERS: usize = 200;

fn picture_ui(
    ui: &mut Ui,
    words: &Words,
    model: &Model,
    data: LogData<'_>,
    opened: &OpenedRow,
) -> Vec<LogMsg> {
    let mut msgs = Vec::new();
    let length = opened.bytes().len();
    match data.picture {
        Some(Shown::Picture(Uploaded { texture: picture, size: [width, height] })) => {
            let is_full = model.log_settings().full_size_pictures;
            if ui.add(ActionChip::new(words.log.full_size_toggle).on(is_full)).clicked() {
                msgs.push(LogMsg::TogglePictureSize);
            }
            ui.add_space(8.0);
            let caption = (words.message.picture)(*width, *height, length);
            let note = Type::BODY_MEDIUM.rich(&caption).color(Scheme::of(ui).on_surface_variant);
            ui.add(Label::new(note).wrap());
            ui.add_space(8.0);
            if is_full {
                ScrollArea::both().auto_shrink(false).show(ui, |ui| {
                    let size = picture.size_vec2() / ui.pixels_per_point();
                    image_ui(ui, picture, size, &caption);
                });
            } else {
                let room = ui.available_size();
                let scale = (room / picture.size_vec2()).min_elem();
                // No larger than it is, but what is tiny is seen better in whole steps.
                let scale = if scale >= 2.0 { scale.floor().min(8.0) } else { scale.min(1.0) };
                image_ui(ui, picture, picture.size_vec2() * scale.max(0.0), &caption);
            }
        }
        Some(Shown::BrokenPicture { format, why }) => {
            let text = (words.message.broken_picture)(format, length, *why);
            let text = Type::BODY_MEDIUM.rich(text).color(Scheme::of(ui).error);
            ui.add(Label::new(text).wrap());
        }
        Some(Shown::Bytes) | None => {}
    }
    msgs
}

/// A picture on a chequered ground, which shows where it lets something through.
fn image_ui(ui: &mut Ui, picture: &TextureHandle, size: egui::Vec2, name: &str) {
    const SQUARE: f32 = 8.0;
    /// More squares than these are one colour to the eye, and cost.
    const MAX_SQUARES: f32 = 20_000.0;

    let image = Image::from_texture((picture.id(), size)).alt_text(name);
    let at = ui.available_rect_before_wrap().min;
    let rect = Rect::from_min_size(at, size).intersect(ui.clip_rect());
    let scheme = Scheme::of(ui);
    let painter = ui.painter();
    painter.rect_filled(rect, 0, scheme.surface_container_lowest);
    if rect.is_positive() && rect.area() / (SQUARE * SQUARE) < MAX_SQUARES {
        let mut row = 0_u32;
        let mut y = rect.top();
        while y < rect.bottom() {
            let mut x = rect.left() + if row.is_multiple_of(2) { 0.0 } else { SQUARE };
            while x < rect.right() {
                let square = Rect::from_min_size(egui::pos2(x, y), vec2(SQUARE, SQUARE));
                painter.rect_filled(square.intersect(rect), 0, scheme.surface_container_highest);
                x += 2.0 * SQUARE;
            }
            row += 1;
            y += SQUARE;
        }
    }
    ui.add(image);
}

/// Gives whether its moment in the rebuilds panel is asked for.
fn facts_ui(ui: &mut Ui, words: &Words, data: LogData<'_>, opened: &OpenedRow) -> bool {
    let mut facts = Vec::new();
    match &opened.said {
        Said::Event(event) => {
            facts.push((words.log.fact)(Fact::Event).to_owned());
            facts.push((words.log.event)(event));
            if let Event::Open { headers, .. } = event {
                for (name, value) in headers {
                    facts.push(name.clone());
                    facts.push(value.clone());
                }
            }
        }
        Said::Message(payload) => message_facts(&mut facts, words, opened, payload),
    }
    let time = data.log.started().saturating_add(opened.time);
    let ahead = (data.zone)(time);
    let clock = format!("{} ({})", clock_time(time, ahead), utc_offset(ahead));
    for (fact, value) in [(Fact::Clock, clock), (Fact::SinceStart, seconds(opened.time))] {
        facts.push((words.log.fact)(fact).to_owned());
        facts.push(value);
    }
    let drawing = (words.log.drawing)(opened.drawing);
    if !drawing.is_empty() {
        facts.push((words.log.fact)(Fact::Drawing).to_owned());
        facts.push(drawing.to_owned());
    }
    if let Some(took) = opened.round_trip {
        facts.push((words.log.fact)(Fact::RoundTrip).to_owned());
        facts.push(short_time(took));
    }
    if let Some(event) = data.event {
        facts.push((words.log.fact)(Fact::Recording).to_owned());
        facts.push((words.replay.event)(event));
    }
    let show = |ui: &mut Ui| {
        let scheme = Scheme::of(ui);
        let left = (ui.available_width() * 0.4).min(160.0);
        Grid::new("facts").num_columns(2).spacing([16.0, 8.0]).min_col_width(left).show(ui, |ui| {
            for (nth, fact) in facts.chunks_exact(2).enumerate() {
                for (text, color) in fact.iter().zip([scheme.on_surface_variant, scheme.on_surface])
                {
                    let looks = Looks::note(color);
                    let salt = (nth, color == scheme.on_surface);
                    shown_ui(ui, salt, looks, &message_log::harmless(text));
                }
                ui.end_row();
            }
        });
        if data.event.is_none() {
            return false;
        }
        ui.add_space(16.0);
        ui.add(Button::tonal(words.replay.show_moment_button)).clicked()
    };
    ScrollArea::vertical().auto_shrink(false).show(ui, show).inner
}

fn message_facts(facts: &mut Vec<String>, words: &Words, opened: &OpenedRow, payload: &Payload) {
    let (kind, opcode) = match payload {
        Payload::Text(_) => (Kind::Text, 1),
        Payload::Binary(_) => (Kind::Binary, 2),
    };
    let mut fact = |fact, value| {
        facts.push((words.log.fact)(fact).to_owned());
        facts.push(value);
    };
    let direction = (words.log.direction)(opened.direction);
    fact(Fact::Kind, format!("{direction}, {}", (words.log.kind)(kind)));
    fact(Fact::Opcode, format!("{opcode}"));
    let length = payload.as_bytes().len() as u64;
    let exact = (words.log.bytes)(length);
    let length = if length < 1024 { exact } else { format!("{exact} ({})", short_bytes(length)) };
    fact(Fact::Length, length);
    if let Some(delivery) = opened.delivery.filter(|_| opened.direction == Direction::Sent) {
        fact(Fact::Delivery, (words.log.delivery)(delivery).to_owned());
    }
}
