//! The same events taken in in several ways, one below the other over the same time, and their figures.

use std::time::Duration;

use app_core::ComparisonMsg;
use app_core::comparison::{Compared, ComparedRun, Comparison};
use app_core::time_window::ZoomStep;
use egui::{
    EventFilter, Key, Label, Modifiers, Rect, Role, Sense, Stroke, Ui, WidgetInfo, accesskit, pos2,
    vec2,
};
use frame_loops::Run;

use super::axis::{Axis, LANE, lane_room, line_of, run_ui};
use super::figures::table_ui;
use super::marks::{Size, join, marks_ui};
use super::views::{moves, note_ui, ways_ui};
use super::zoom;
use super::{GAP, title_ui};
use crate::i18n::Words;
use material::{Scheme, Type, tooltip};

/// Draws it, and returns what the person did.
pub(super) fn show(
    ui: &mut Ui,
    words: &Words,
    comparison: &Comparison,
    compared: &Compared,
) -> Vec<ComparisonMsg> {
    let toggled = ways_ui(ui, words, comparison.ways());
    let mut msgs: Vec<_> = toggled.map(ComparisonMsg::ToggleWay).into_iter().collect();
    let is_chosen = |lane: &&ComparedRun| comparison.ways().contains(&lane.run.way);
    let lanes: Vec<_> = compared.lanes.iter().filter(is_chosen).collect();
    let runs: Vec<&Run> = lanes.iter().map(|lane| &lane.run).collect();
    if runs.is_empty() {
        if compared.is_running {
            note_ui(ui, Type::BODY_MEDIUM, words.comparison.running);
        }
        return msgs;
    }
    let (window, moment) = (comparison.window(), comparison.moment());
    let axis = Axis::over(runs.iter().copied(), Duration::ZERO, window, moment);
    ui.add_space(GAP / 2.0);
    let mut steps = vec![zoom::show(ui, words, words.zoom.of_comparison, &axis), axis.times_ui(ui)];
    let at = moment.unwrap_or(axis.whole());
    msgs.extend(events_ui(ui, words, &axis, &runs, at));
    for lane in &lanes {
        steps.push(lane_ui(ui, words, &axis, lane, at));
    }
    steps.push(axis.times_ui(ui));
    msgs.extend(steps.into_iter().flatten().map(ComparisonMsg::Zoom));
    ui.add_space(GAP);
    title_ui(ui, words.comparison.figures);
    let figures: Vec<_> = lanes.iter().map(|lane| (lane.run.way, lane.figures)).collect();
    table_ui(ui, words, &figures);
    msgs
}

/// When the events arrive: a slider, over the moments at which a screen showed something new.
fn events_ui(
    ui: &mut Ui,
    words: &Words,
    axis: &Axis,
    runs: &[&Run],
    at: Duration,
) -> Vec<ComparisonMsg> {
    const RADIUS: f32 = 5.0;

    let size = vec2(ui.available_width(), LANE);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
    let zoomed = zoom::by_pointer(ui, axis, lane_room(rect), &response);
    let words = &words.comparison;
    let shown: Vec<_> = runs
        .iter()
        .map(|run| ((words.way)(run.way), (words.on_screen)(at, newest(run, at))))
        .collect();
    let value: Vec<_> = shown.iter().map(|(name, text)| (words.named)(name, text)).collect();
    response.widget_info(|| WidgetInfo::slider(true, at.as_secs_f64(), words.moment));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(Role::Slider);
        node.set_min_numeric_value(0.0);
        node.set_max_numeric_value(axis.whole().as_secs_f64());
        node.set_numeric_value(at.as_secs_f64());
        node.set_value(value.join("\n"));
        node.add_action(accesskit::Action::Increment);
        node.add_action(accesskit::Action::Decrement);
    });

    let scheme = Scheme::of(ui);
    let room = lane_room(rect);
    axis.grid_ui(ui, room);
    let arrivals = runs.first().map_or(&[][..], |run| &run.arrivals);
    let seen = arrivals
        .iter()
        .enumerate()
        .filter(|(_, arrival)| axis.seen().contains(arrival.at))
        .map(|(number, arrival)| (axis.x(room, arrival.at), number, 1));
    let (line, color) = (line_of(room), scheme.secondary);
    let all = join(room.x_range(), seen, 3.0, &Size::new(ui, words.events));
    marks_ui(ui, ui.painter(), line, (color, 3.0), &all, words.events, |mark, half| {
        ui.painter().circle_filled(pos2(mark.from, line), RADIUS.min(half.max(3.0)), color);
    });
    moment_ui(ui, axis, room, at);
    if response.has_focus() || response.hovered() {
        let handle = pos2(axis.x(room, at).min(room.right()), rect.bottom() - 3.0);
        if axis.seen().contains(at.min(axis.whole())) {
            ui.painter().circle_filled(handle, 6.0, scheme.primary);
        }
    }

    let mut msgs: Vec<_> = zoomed.into_iter().map(ComparisonMsg::Zoom).collect();
    if moves(&response)
        && let Some(pointer) = response.interact_pointer_pos()
    {
        response.request_focus();
        msgs.insert(0, ComparisonMsg::ShowMoment(Some(axis.at(room, pointer.x))));
        msgs.extend(axis.stay().filter(|_| zoomed.is_none()).map(ComparisonMsg::Zoom));
    }
    let asks = |action| ui.input(|input| input.has_accesskit_action_request(response.id, action));
    if asks(accesskit::Action::Increment) {
        msgs.push(ComparisonMsg::ShowMoment(Some(next(runs, at))));
    }
    if asks(accesskit::Action::Decrement) {
        msgs.push(ComparisonMsg::ShowMoment(Some(previous(runs, at))));
    }
    if response.has_focus() {
        let filter = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        if response.gained_focus() {
            response.scroll_to_me(None);
        }
        msgs.extend(by_keys(ui, runs, at));
        msgs.extend(zoom::by_keys(ui, axis).map(ComparisonMsg::Zoom));
    }
    msgs
}

/// What the keys of this frame ask for.
fn by_keys(ui: &Ui, runs: &[&Run], mut at: Duration) -> Option<ComparisonMsg> {
    let mut msg = None;
    for (key, times) in [Key::ArrowLeft, Key::ArrowRight, Key::Home, Key::End]
        .map(|key| (key, ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key))))
    {
        for _ in 0..times {
            at = match key {
                Key::ArrowLeft => previous(runs, at),
                Key::ArrowRight => next(runs, at),
                Key::Home => Duration::ZERO,
                _ => next(runs, Duration::MAX),
            };
            msg = Some(ComparisonMsg::ShowMoment(Some(at)));
        }
    }
    msg
}

/// When a screen next shows something new; the last time after that.
fn next(runs: &[&Run], at: Duration) -> Duration {
    let next = moments(runs).filter(|moment| *moment > at).min();
    next.or_else(|| moments(runs).max()).unwrap_or_default()
}

/// When a screen last showed something new; the beginning before the first time.
fn previous(runs: &[&Run], at: Duration) -> Duration {
    moments(runs).filter(|moment| *moment < at).max().unwrap_or_default()
}

fn moments(runs: &[&Run]) -> impl Iterator<Item = Duration> {
    runs.iter().flat_map(|run| run.rebuilds()).map(|frame| frame.shown)
}

/// Which event a screen showed, counted from 1.
fn newest(run: &Run, at: Duration) -> Option<usize> {
    run.on_screen(at).map(|event| event + 1)
}

fn moment_ui(ui: &Ui, axis: &Axis, room: Rect, at: Duration) {
    // Its end is at the right edge.
    if axis.seen().contains(at.min(axis.whole())) {
        let stroke = Stroke::new(1.0, Scheme::of(ui).on_surface);
        ui.painter().vline(axis.x(room, at).min(room.right()), room.y_range(), stroke);
    }
}

/// A way with what it made of them, and what its screen showed at a moment.
fn lane_ui(
    ui: &mut Ui,
    words: &Words,
    axis: &Axis,
    lane: &ComparedRun,
    at: Duration,
) -> Option<ZoomStep> {
    let ComparedRun { run, figures } = lane;
    let all_words = words;
    let words = &words.comparison;
    let scheme = Scheme::of(ui);
    ui.add_space(GAP / 2.0);
    let way = (words.way)(run.way);
    let shown = (words.on_screen)(at, newest(run, at));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(12.0, 0.0);
        let name = Type::LABEL_LARGE.rich(way).color(scheme.on_surface);
        let heading = ui.add(Label::new(name).selectable(false));
        ui.ctx().accesskit_node_builder(heading.id, |node| {
            node.set_role(Role::Heading);
            node.set_label(way);
            node.set_level(3);
        });
        ui.add(Label::new(Type::BODY_SMALL.rich(shown).color(scheme.primary)));
    });
    note_ui(ui, Type::BODY_SMALL, (words.about_way)(run.way));
    if figures.left_over > 0 {
        note_ui(ui, Type::BODY_SMALL, &(words.cut)(figures.left_over));
    }
    let size = vec2(ui.available_width(), LANE);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let said = (words.named)(way, &(words.summary)(figures));
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &said));
    if ui.is_rect_visible(rect) {
        let room = lane_room(rect);
        axis.grid_ui(ui, room);
        run_ui(ui, all_words, axis, room, run);
        moment_ui(ui, axis, room, at);
        tooltip(&response, &said);
    }
    zoom::by_pointer(ui, axis, lane_room(rect), &response)
}
