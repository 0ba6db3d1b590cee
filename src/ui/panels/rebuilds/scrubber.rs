//! Time that can be turned back: a slider over the recording, steps by event and by frame, and the way back to
//! now.

use std::time::Duration;

use app_core::recording::{Cursor, Moment, Recording, Stage};
use app_core::replay::{Replay, ReplayFormat};
use app_core::settings::Platform;
use app_core::{Model, Msg, ReplayMsg};
use egui::{
    Align, Event, EventFilter, Id, Key, Label, Layout, Modifiers, Rect, Response, Role, Sense,
    Stroke, StrokeKind, Ui, UiBuilder, accesskit, pos2, vec2,
};

use super::axis::Axis;
use super::diagram::color;
use super::marks::{Size, join, words_ui};
use super::views::moves;
use super::zoom;
use super::{LogRow, RebuildsData};
use crate::i18n::{Words, words};
use crate::ui::notice::notice_ui;
use material::{ActionChip, Button, Scheme, Type};

/// Draws it, and returns what the person did.
pub(super) fn show(
    ui: &mut Ui,
    model: &Model,
    data: &RebuildsData<'_>,
    moment: &Moment<'_>,
) -> Vec<Msg> {
    let (words, replay) = (words(model.language()), model.replay());
    let recording = data.recording;
    let mut msgs = Vec::new();
    msgs.extend(state_ui(ui, words, recording, replay));
    let cursor = replay.cursor().unwrap_or_else(|| recording.cursor(recording.last()));
    let since = cursor.at.saturating_sub(recording.began());
    let whole = recording.last().saturating_sub(recording.began());
    let axis = Axis::new(whole, replay.window(), Some(since));
    let moved = slider_ui(ui, words, recording, replay, cursor, moment, &axis);
    msgs.extend(moved.into_iter().map(Msg::Replay));
    let zoomed = zoom::show(ui, words, words.zoom.of_recording, &axis);
    msgs.extend(zoomed.map(ReplayMsg::Zoom).map(Msg::Replay));
    msgs.extend(steps_ui(ui, words, data, cursor));
    msgs.extend(files_ui(ui, words, model).map(Msg::Replay));
    msgs
}

/// Whether the slider is to have the keyboard, for whoever gives it.
pub(super) fn wants_keyboard_id() -> Id {
    Id::unique("moment wants the keyboard")
}

/// Which moment it is, and whether it is past. It is as high either way, so that nothing moves.
fn state_ui(ui: &mut Ui, words: &Words, recording: &Recording, replay: &Replay) -> Option<Msg> {
    const HEIGHT: f32 = 48.0;
    const INSET: f32 = 12.0;

    let scheme = Scheme::of(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let is_past = replay.shows_past();
    let whole = recording.last().saturating_sub(recording.began());
    let at = replay.cursor().map(|cursor| cursor.at.saturating_sub(recording.began()));
    let (text, content) = match (replay.file(), is_past) {
        (Some(name), _) => {
            ((words.replay.in_file)(name, at.unwrap_or(whole), whole), scheme.on_warning_container)
        }
        (None, true) => {
            ((words.replay.in_past)(at.unwrap_or(whole), whole), scheme.on_warning_container)
        }
        (None, false) if replay.is_stopped() => {
            (words.replay.stopped.to_owned(), scheme.on_surface)
        }
        (None, false) => (words.replay.now.to_owned(), scheme.on_surface_variant),
    };
    let is_live = !is_past && !replay.is_stopped();
    if !is_live {
        let ground =
            if is_past { scheme.warning_container } else { scheme.surface_container_highest };
        ui.painter().rect(rect, 8, ground, scheme.container_stroke(), StrokeKind::Inside);
    }
    let inset = if is_live { 0.0 } else { INSET };
    let room = rect.shrink2(vec2(inset, 0.0));
    let builder = UiBuilder::new().id_salt("state").max_rect(room);
    let row = &mut ui.new_child(builder.layout(Layout::right_to_left(Align::Center)));
    let (name, asks) = if is_past {
        (words.replay.back_button, Msg::Replay(ReplayMsg::ShowNow))
    } else {
        (words.replay.record_button, Msg::ClearTrace)
    };
    let clicked = !is_live && row.add(Button::text(name)).clicked();
    row.with_layout(Layout::left_to_right(Align::Center), |row| {
        let label = Label::new(Type::BODY_MEDIUM.rich(text).color(content)).wrap();
        let label = row.add(label);
        row.ctx().accesskit_node_builder(label.id, |node| node.set_live(accesskit::Live::Polite));
    });
    clicked.then_some(asks)
}

fn slider_ui(
    ui: &mut Ui,
    words: &Words,
    recording: &Recording,
    replay: &Replay,
    cursor: Cursor,
    moment: &Moment<'_>,
    axis: &Axis,
) -> Vec<ReplayMsg> {
    const HEIGHT: f32 = 52.0;
    /// As much is to be seen above and below it when it gets the keyboard: which moment it is, and the stages.
    const AROUND: f32 = 160.0;

    let size = vec2(ui.available_width(), HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
    if ui.data_mut(|data| data.remove_temp(wants_keyboard_id())) == Some(true) {
        response.request_focus();
        ui.scroll_to_rect(rect.expand2(vec2(0.0, AROUND)), None);
    }
    let track = rect.shrink2(vec2(HANDLE, 0.0));
    let since = cursor.at.saturating_sub(recording.began());
    let said = (words.replay.moment)(since, &moment.totals);
    let name = words.replay.slider;
    response.widget_info(|| egui::WidgetInfo::slider(true, since.as_secs_f64(), name));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(Role::Slider);
        node.set_min_numeric_value(0.0);
        node.set_max_numeric_value(axis.whole().as_secs_f64());
        node.set_numeric_value(since.as_secs_f64());
        node.set_value(said.clone());
        node.add_action(accesskit::Action::Increment);
        node.add_action(accesskit::Action::Decrement);
    });
    let shown = Shown { since, is_past: replay.shows_past(), response: &response };
    track_ui(ui, words, recording, axis, track, &shown);
    let zoomed = zoom::by_pointer(ui, axis, track, &response);
    if moves(&response)
        && let Some(pointer) = response.interact_pointer_pos()
    {
        response.request_focus();
        let at = recording.began() + axis.at(track, pointer.x);
        // While a pointer is in it, what is seen stays where it is.
        let zoom = zoomed.or(axis.stay()).map(ReplayMsg::Zoom);
        return [ReplayMsg::Show(recording.cursor(at))].into_iter().chain(zoom).collect();
    }
    let mut msgs: Vec<_> = zoomed.map(ReplayMsg::Zoom).into_iter().collect();
    let is_nobodys = ui.memory(|memory| memory.focused().is_none());
    if response.has_focus() {
        let filter = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    }
    if response.has_focus() || is_nobodys {
        msgs.extend(keys(ui, recording, cursor));
        msgs.extend(zoom::by_keys(ui, axis).map(ReplayMsg::Zoom));
    }
    msgs.extend(assistive(ui, response.id, recording, cursor));
    msgs
}

/// What the keys of this frame ask for.
fn keys(ui: &Ui, recording: &Recording, cursor: Cursor) -> Option<ReplayMsg> {
    let mut at = cursor;
    let mut msg = None;
    ui.input_mut(|input| {
        input.events.retain(|event| {
            let Event::Key { key, pressed: true, modifiers, .. } = event else { return true };
            let next = match (key, modifiers.shift) {
                _ if modifiers.any() && *modifiers != Modifiers::SHIFT => return true,
                (Key::ArrowRight, false) => recording.next_event(at),
                (Key::ArrowLeft, false) => recording.previous_event(at),
                (Key::ArrowRight, true) => recording.next_frame(at),
                (Key::ArrowLeft, true) => recording.previous_frame(at),
                (Key::Home, false) => Some(recording.cursor(recording.began())),
                (Key::End, false) => {
                    msg = Some(ReplayMsg::ShowNow);
                    return false;
                }
                _ => return true,
            };
            if let Some(next) = next {
                at = next;
                msg = Some(ReplayMsg::Show(next));
            }
            false
        });
    });
    msg
}

/// What a screen reader asks for.
fn assistive(ui: &Ui, id: Id, recording: &Recording, cursor: Cursor) -> Option<ReplayMsg> {
    let asks = |action| ui.input(|input| input.has_accesskit_action_request(id, action));
    let next = if asks(accesskit::Action::Increment) {
        recording.next_event(cursor)
    } else if asks(accesskit::Action::Decrement) {
        recording.previous_event(cursor)
    } else {
        None
    };
    next.map(ReplayMsg::Show)
}

/// What is shown on the track.
struct Shown<'a> {
    /// The moment, since the recording began.
    since: Duration,
    is_past: bool,
    response: &'a Response,
}

/// The track, with a mark where a frame drew something new, and the handle.
fn track_ui(
    ui: &Ui,
    words: &Words,
    recording: &Recording,
    axis: &Axis,
    track: Rect,
    shown: &Shown<'_>,
) {
    /// So wide are the parts of the track of which each has a mark or none: their number is bounded by the
    /// screen, and not by the recording.
    const STEP: f32 = 3.0;

    if !ui.is_rect_visible(track) {
        return;
    }
    let scheme = Scheme::of(ui);
    let painter = ui
        .painter()
        .with_clip_rect(track.expand2(vec2(HANDLE + 4.0, 4.0)).intersect(ui.clip_rect()));
    let line = track.bottom() - 18.0;
    let stroke = Stroke::new(2.0, scheme.outline_variant);
    painter.hline(track.x_range(), line, stroke);
    let mark = Stroke::new(2.0, color(&scheme, Stage::Screen));
    let drawn = |x: f32| recording.drawn_until(recording.began() + axis.at(track, x));
    let parts = std::iter::successors(Some(track.left()), |left| Some(left + STEP))
        .take_while(|left| *left <= track.right());
    let seen_first = axis.seen().start.is_zero();
    // What was drawn at its very beginning is in its first part.
    let mut before = if seen_first { 0 } else { drawn(track.left()) };
    let marks = parts.filter_map(|left| {
        let until = drawn(left + STEP);
        let count = until.saturating_sub(std::mem::replace(&mut before, until));
        (count > 0).then(|| (left + STEP / 2.0, 0, usize::try_from(count).unwrap_or(usize::MAX)))
    });
    let size = Size::new(ui, words.zoom.rebuilds);
    for joined in join(track.x_range(), marks, 1.5, &size) {
        let (top, bottom) = (line - 10.0, line - 3.0);
        painter.vline(joined.from, egui::Rangef::new(top, bottom), mark);
        if joined.count > 1 {
            painter.vline(joined.to, egui::Rangef::new(top, bottom), mark);
            painter.hline(egui::Rangef::new(joined.from, joined.to), top + 1.0, mark);
            let words = (words.zoom.rebuilds)(joined.count);
            words_ui(ui, &painter, &joined, top, words);
        }
    }
    if !axis.seen().contains(shown.since) {
        return;
    }
    let handle = pos2(axis.x(track, shown.since), line);
    let fill = if shown.is_past { scheme.on_warning_container } else { scheme.primary };
    if shown.response.hovered() || shown.response.has_focus() {
        painter.circle(handle, HANDLE + 4.0, fill.gamma_multiply(0.16), scheme.container_stroke());
    }
    let height = egui::Rangef::new(line - 16.0, line + 16.0);
    painter.vline(handle.x, height, Stroke::new(2.0, fill));
    painter.circle_filled(handle, HANDLE, fill);
}

fn steps_ui(ui: &mut Ui, words: &Words, data: &RebuildsData<'_>, cursor: Cursor) -> Option<Msg> {
    let recording = data.recording;
    let steps = [
        (words.replay.previous_event, recording.previous_event(cursor)),
        (words.replay.next_event, recording.next_event(cursor)),
        (words.replay.previous_frame, recording.previous_frame(cursor)),
        (words.replay.next_frame, recording.next_frame(cursor)),
    ];
    let mut msg = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
        for ((text, about), target) in steps {
            let chip = ActionChip::new(text).tooltip(about);
            if ui.add_enabled(target.is_some(), chip).clicked() {
                msg = target.map(ReplayMsg::Show).map(Msg::Replay);
            }
        }
        let (text, about) = (words.replay.show_row_button)(data.row == LogRow::Dropped);
        let chip = ActionChip::new(text).tooltip(about);
        if ui.add_enabled(data.row == LogRow::There, chip).clicked() {
            msg = Some(Msg::ShowInOtherPanel);
        }
    });
    msg
}

fn files_ui(ui: &mut Ui, words: &Words, model: &Model) -> Option<ReplayMsg> {
    let replay = model.replay();
    let mut msg = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
        let files = [
            (words.replay.save_button, ReplayMsg::Save(ReplayFormat::Recording)),
            (words.replay.open_button, ReplayMsg::Open),
            (words.replay.trace_button, ReplayMsg::Save(ReplayFormat::ChromeTrace)),
        ];
        for ((text, about), asks) in files {
            let chip = ActionChip::new(text).tooltip(about);
            if ui.add_enabled(!replay.is_busy(), chip).clicked() {
                msg = Some(asks);
            }
        }
        if model.platform() == Platform::Browser {
            let (text, about) = words.replay.tracks_button;
            let chip = ActionChip::new(text).tooltip(about).on(replay.has_tracks());
            if ui.add(chip).clicked() {
                msg = Some(ReplayMsg::ToggleTracks);
            }
        }
    });
    if let Some(notice) = replay.notice()
        && notice_ui(ui, &(words.replay.notice)(notice), words.dismiss_button)
    {
        msg = Some(ReplayMsg::DismissNotice);
    }
    msg
}

/// How large the handle is, from its middle.
const HANDLE: f32 = 8.0;
