//! The events as marbles on a line, and the rebuilds that one way makes of them below. A marble can be moved, by
//! pointer and by key.

use std::time::Duration;

use app_core::ComparisonMsg;
use app_core::comparison::{Arrival, Compared, Comparison, Subject, Way};
use egui::{
    Event, EventFilter, Key, Modifiers, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo,
    accesskit, pos2, vec2,
};
use frame_loops::Run;

use super::GAP;
use super::axis::{Axis, LANE, lane_room, line_of, run_ui};
use super::marks::{Size, join, marks_ui};
use super::views::{choices_ui, note_ui};
use super::zoom;
use crate::i18n::Words;
use material::{ActionChip, Scheme, Type};

/// Draws it, and returns what the person did.
pub(super) fn show(
    ui: &mut Ui,
    words: &Words,
    comparison: &Comparison,
    subject: &Subject,
    compared: &Compared,
) -> Vec<ComparisonMsg> {
    let said = &words.comparison;
    let mut msgs = Vec::new();
    let way = comparison.marble_way();
    let ways = Way::ALL.map(|other| (other, (said.way)(other), other == way));
    msgs.extend(choices_ui(ui, said.ways, &ways).map(ComparisonMsg::ChooseMarbleWay));
    note_ui(ui, Type::BODY_SMALL, (said.about_way)(way));
    ui.add_space(GAP / 2.0);
    let run = compared.lanes.iter().map(|lane| &lane.run).find(|run| run.way == way);
    // Room beyond the latest marble, so that the axis stays as it is while one is moved.
    let least = subject.latest() + Duration::from_millis(40);
    let chosen = subject.arrivals().get(subject.marble()).map(|arrival| arrival.at);
    let axis = Axis::over(run.into_iter(), least, comparison.window(), chosen);
    let steps = [zoom::show(ui, words, words.zoom.of_comparison, &axis), axis.times_ui(ui)];
    msgs.extend(steps.into_iter().flatten().map(ComparisonMsg::Zoom));
    msgs.extend(marbles_ui(ui, words, &axis, subject));
    ui.scope(|ui| match run {
        Some(run) => rebuilds_ui(ui, words, &axis, run),
        None if compared.is_running => {
            note_ui(ui, Type::BODY_MEDIUM, said.running);
        }
        None => {}
    });
    ui.add_space(GAP / 2.0);
    msgs.extend(chosen_ui(ui, words, subject));
    msgs
}

/// The line of the events: a slider for the one that is chosen.
fn marbles_ui(ui: &mut Ui, words: &Words, axis: &Axis, subject: &Subject) -> Vec<ComparisonMsg> {
    let size = vec2(ui.available_width(), MARBLES);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
    let arrivals = subject.arrivals();
    let chosen = arrivals.get(subject.marble()).map_or(Duration::ZERO, |arrival| arrival.at);
    let value = (words.comparison.marble)(subject.marble() + 1, arrivals.len(), chosen);
    let name = words.comparison.marbles;
    response.widget_info(|| WidgetInfo::slider(true, chosen.as_secs_f64(), name));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(Role::Slider);
        node.set_min_numeric_value(0.0);
        node.set_max_numeric_value(subject.latest().as_secs_f64());
        node.set_numeric_value(chosen.as_secs_f64());
        node.set_value(value);
        node.add_action(accesskit::Action::Increment);
        node.add_action(accesskit::Action::Decrement);
    });
    let room = lane_room(rect);
    draw_marbles(ui, words, axis, room, subject, &response);
    let mut msgs = by_pointer(ui, axis, room, subject, &response);
    let zoomed = zoom::by_pointer(ui, axis, room, &response);
    // While a pointer is in it, what is seen stays where it is.
    let stay = (!msgs.is_empty()).then(|| axis.stay()).flatten();
    msgs.extend(zoomed.or(stay).map(ComparisonMsg::Zoom));
    if response.has_focus() {
        let filter = EventFilter {
            horizontal_arrows: true,
            vertical_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        if response.gained_focus() {
            response.scroll_to_me(None);
        }
        msgs.extend(by_keys(ui, subject));
        msgs.extend(zoom::by_keys(ui, axis).map(ComparisonMsg::Zoom));
    }
    let asks = |action| ui.input(|input| input.has_accesskit_action_request(response.id, action));
    if asks(accesskit::Action::Increment) {
        msgs.push(ComparisonMsg::MoveMarble(chosen + STEP));
    }
    if asks(accesskit::Action::Decrement) {
        msgs.push(ComparisonMsg::MoveMarble(chosen.saturating_sub(STEP)));
    }
    msgs
}

fn by_pointer(
    ui: &Ui,
    axis: &Axis,
    room: Rect,
    subject: &Subject,
    response: &Response,
) -> Vec<ComparisonMsg> {
    let mut msgs = Vec::new();
    let Some(pointer) = response.interact_pointer_pos() else { return msgs };
    if response.clicked() || response.drag_started() {
        response.request_focus();
        let pressed = ui.input(|input| input.pointer.press_origin()).unwrap_or(pointer);
        msgs.extend(
            nearest(axis, room, subject.arrivals(), pressed.x).map(ComparisonMsg::ChooseMarble),
        );
    }
    if response.dragged() && response.drag_delta().x != 0.0 {
        msgs.push(ComparisonMsg::MoveMarble(axis.at(room, pointer.x)));
    }
    msgs
}

/// The marble that is nearest to this place: of several the last one, which lies on top.
fn nearest(axis: &Axis, room: Rect, arrivals: &[Arrival], x: f32) -> Option<usize> {
    let away = |arrival: &Arrival| (axis.x(room, arrival.at) - x).abs();
    let numbered = arrivals.iter().map(away).enumerate();
    numbered.reduce(|best, other| if other.1 <= best.1 { other } else { best }).map(|(at, _)| at)
}

/// What the keys of this frame ask for.
fn by_keys(ui: &Ui, subject: &Subject) -> Vec<ComparisonMsg> {
    let mut msgs = Vec::new();
    let (mut marble, last) = (subject.marble(), subject.arrivals().len().saturating_sub(1));
    let time = |marble: usize| subject.arrivals().get(marble).map_or(Duration::ZERO, |it| it.at);
    let mut at = time(marble);
    ui.input_mut(|input| {
        input.events.retain(|event| {
            let Event::Key { key, pressed: true, modifiers, .. } = event else { return true };
            if modifiers.any() && *modifiers != Modifiers::SHIFT {
                return true;
            }
            let step = if modifiers.shift { 10 * STEP } else { STEP };
            match key {
                Key::ArrowLeft => at = at.saturating_sub(step),
                Key::ArrowRight => at = (at + step).min(subject.latest()),
                Key::ArrowUp => marble = marble.saturating_sub(1),
                Key::ArrowDown => marble = (marble + 1).min(last),
                Key::Home => marble = 0,
                Key::End => marble = last,
                _ => return true,
            }
            msgs.push(match key {
                Key::ArrowLeft | Key::ArrowRight => ComparisonMsg::MoveMarble(at),
                _ => {
                    at = time(marble);
                    ComparisonMsg::ChooseMarble(marble)
                }
            });
            false
        });
    });
    msgs
}

fn draw_marbles(
    ui: &Ui,
    words: &Words,
    axis: &Axis,
    room: Rect,
    subject: &Subject,
    response: &Response,
) {
    if !ui.is_rect_visible(room) {
        return;
    }
    let scheme = Scheme::of(ui);
    let painter = ui.painter();
    let line = line_of(room);
    axis.grid_ui(ui, room);
    painter.hline(room.x_range(), line, Stroke::new(1.0, scheme.outline));
    let put = |number: usize, x: f32, radius: f32, fill, content| {
        let center = pos2(x, line);
        painter.circle(center, radius, fill, Stroke::new(1.0, scheme.outline));
        let text = (number + 1).to_string();
        let galley = painter.layout_no_wrap(text, Type::LABEL_MEDIUM.font(), content);
        if galley.size().x < 2.0 * radius {
            painter.galley(center - galley.size() / 2.0, galley, content);
        }
    };
    let seen = subject
        .arrivals()
        .iter()
        .enumerate()
        .filter(|(_, arrival)| axis.seen().contains(arrival.at))
        .map(|(number, arrival)| (axis.x(room, arrival.at), number, 1));
    let events = words.comparison.events;
    let all = join(room.x_range(), seen, SMALL, &Size::new(ui, events));
    marks_ui(ui, painter, line, (scheme.secondary, SMALL), &all, events, |mark, half| {
        let radius = if half < MARBLE { SMALL } else { MARBLE };
        let (fill, content) = (scheme.secondary_container, scheme.on_secondary_container);
        put(mark.last, mark.from, radius, fill, content);
    });
    // The one that is moved lies on top.
    let chosen = subject.arrivals().get(subject.marble());
    if let Some(chosen) = chosen.filter(|arrival| axis.seen().contains(arrival.at)) {
        let x = axis.x(room, chosen.at);
        put(subject.marble(), x, MARBLE, scheme.primary, scheme.on_primary);
        if response.has_focus() || response.hovered() {
            let ring = Stroke::new(2.0, scheme.secondary);
            painter.circle_stroke(pos2(x, line), MARBLE + 3.0, ring);
        }
    }
}

/// From each event to where the screen showed it or a newer one, and those rebuilds.
fn rebuilds_ui(ui: &mut Ui, words: &Words, axis: &Axis, run: &Run) {
    let size = vec2(ui.available_width(), LINES + LANE);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let room = lane_room(rect);
    let groups: Vec<_> =
        run.rebuilds().map(|frame| (frame.first + 1, frame.first + frame.taken)).collect();
    let said = (words.comparison.groups)(&groups);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &said));
    axis.grid_ui(ui, room);
    let stroke = Stroke::new(1.0, Scheme::of(ui).outline);
    let (top, bottom) = (room.top(), room.top() + LINES);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let seen = axis.seen();
    let mut last = (f32::NEG_INFINITY, f32::NEG_INFINITY);
    for frame in run.rebuilds().filter(|frame| frame.shown >= seen.start) {
        let taken = run.arrivals.get(frame.first..frame.first + frame.taken).unwrap_or_default();
        for arrival in taken.iter().take_while(|arrival| arrival.at <= seen.end()) {
            let (from, to) = (axis.x(room, arrival.at), axis.x(room, frame.shown));
            if last.0 + 1.0 <= from || last.1 + 1.0 <= to {
                last = (from, to);
                painter.line_segment([pos2(from, top), pos2(to, bottom)], stroke);
            }
        }
    }
    run_ui(ui, words, axis, room.with_min_y(bottom), run);
    let live = note_ui(ui, Type::BODY_SMALL, &said);
    ui.ctx().accesskit_node_builder(live, |node| node.set_live(accesskit::Live::Polite));
}

/// Which marble keys move, and how another one is chosen.
fn chosen_ui(ui: &mut Ui, words: &Words, subject: &Subject) -> Option<ComparisonMsg> {
    let said = &words.comparison;
    let (marble, count) = (subject.marble(), subject.arrivals().len());
    let at = subject.arrivals().get(marble)?.at;
    let mut msg = None;
    note_ui(ui, Type::BODY_MEDIUM, &(said.marble)(marble + 1, count, at));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
        let others = [
            (said.previous_marble, marble.checked_sub(1)),
            (said.next_marble, Some(marble + 1).filter(|next| *next < count)),
        ];
        for ((text, about), other) in others {
            let chip = ActionChip::new(text).tooltip(about);
            if ui.add_enabled(other.is_some(), chip).clicked() {
                msg = other.map(ComparisonMsg::ChooseMarble);
            }
        }
    });
    msg
}

/// How far a key moves a marble.
const STEP: Duration = Duration::from_millis(1);

const MARBLE: f32 = 10.0;
/// Of a marble whose neighbours are near.
const SMALL: f32 = 4.0;
const MARBLES: f32 = LANE + 4.0;
const LINES: f32 = 40.0;
