//! A time axis of which a part is seen, and what a run was on it: when the processor was busy, and what the screen
//! showed when.

use std::time::Duration;

use app_core::time_window::{TimeSpan, TimeWindow, Zoom, ZoomStep};
use egui::{Rangef, Rect, Response, Stroke, Ui, pos2, vec2};
use frame_loops::{Run, grid_step};

use super::marks::{HEAD, Size, join, marks_ui};
use crate::i18n::{Words, axis_time};
use material::{Scheme, Type};

/// The time from the first event until everything that is shown was on the screen, and the part of it that is seen.
#[derive(Clone, Copy)]
pub(super) struct Axis {
    whole: Duration,
    seen: TimeSpan,
    /// What is kept in view.
    cursor: Option<Duration>,
}

impl Axis {
    /// So long.
    pub(super) fn new(whole: Duration, window: TimeWindow, cursor: Option<Duration>) -> Self {
        Self { whole, seen: window.seen(whole, cursor), cursor }
    }

    /// Over these runs, and at least until this time.
    pub(super) fn over<'a>(
        runs: impl Iterator<Item = &'a Run>,
        least: Duration,
        window: TimeWindow,
        cursor: Option<Duration>,
    ) -> Self {
        let end = |run: &Run| {
            let shown = run.rebuilds().last().map_or(Duration::ZERO, |frame| frame.shown);
            shown.max(run.arrivals.last().map_or(Duration::ZERO, |arrival| arrival.at))
        };
        let last = runs.map(end).max().unwrap_or_default().max(least);
        Self::new(last.mul_f64(1.03).max(Duration::from_millis(1)), window, cursor)
    }

    /// How long it is.
    pub(super) fn whole(&self) -> Duration {
        self.whole
    }

    /// The part of it that is seen.
    pub(super) fn seen(&self) -> TimeSpan {
        self.seen
    }

    /// Whether all of it is seen.
    pub(super) fn shows_all(&self) -> bool {
        self.seen.length >= self.whole
    }

    /// What is kept in view; where nothing is, what is seen first.
    pub(super) fn anchor(&self) -> Duration {
        self.cursor.filter(|cursor| self.seen.contains(*cursor)).unwrap_or(self.seen.start)
    }

    /// A change of what is seen of it.
    pub(super) fn step(&self, zoom: Zoom) -> ZoomStep {
        ZoomStep { zoom, whole: self.whole, cursor: self.cursor }
    }

    /// What is seen stays where it is while a pointer is in it; none where all is seen.
    pub(super) fn stay(&self) -> Option<ZoomStep> {
        (!self.shows_all()).then(|| self.step(Zoom::From(self.seen.start)))
    }

    /// Outside of the room for what is not seen.
    pub(super) fn x(&self, room: Rect, at: Duration) -> f32 {
        let length = self.seen.length.as_secs_f64();
        if length <= 0.0 {
            return room.right();
        }
        let share = (at.as_secs_f64() - self.seen.start.as_secs_f64()) / length;
        #[expect(clippy::cast_possible_truncation, reason = "it is a share of the width")]
        let share = share.clamp(-1e4, 1e4) as f32;
        room.left() + room.width() * share
    }

    /// The time at this place.
    pub(super) fn at(&self, room: Rect, x: f32) -> Duration {
        let share = ((x - room.left()) / room.width().max(1.0)).clamp(0.0, 1.0);
        self.seen.start + self.seen.length.mul_f64(share.into())
    }

    /// How far its lines are apart.
    fn grid(&self) -> Duration {
        grid_step(self.seen.length)
    }

    /// Where the lines of its grid are.
    fn lines(&self) -> impl Iterator<Item = Duration> {
        let (step, seen) = (self.grid(), self.seen);
        let first = seen.start.as_nanos().div_ceil(step.as_nanos().max(1));
        let first = u32::try_from(first).unwrap_or(u32::MAX);
        (first..)
            .map(move |number| step.saturating_mul(number))
            .take_while(move |at| *at <= seen.end())
    }

    /// Draws the lines of its grid.
    pub(super) fn grid_ui(&self, ui: &Ui, room: Rect) {
        let stroke = Stroke::new(1.0, Scheme::of(ui).outline_variant);
        for time in self.lines() {
            ui.painter().vline(self.x(room, time), room.y_range(), stroke);
        }
    }

    /// Writes its times down, as many as there is room for. Where a part is seen they are drawn along by a pointer.
    pub(super) fn times_ui(&self, ui: &mut Ui) -> Option<ZoomStep> {
        let height = Type::LABEL_MEDIUM.line_height;
        let sense = if self.shows_all() { egui::Sense::HOVER } else { egui::Sense::DRAG };
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), sense);
        let room = lane_room(rect);
        let color = Scheme::of(ui).on_surface_variant;
        let mut end = f32::NEG_INFINITY;
        let step = self.grid();
        for time in self.lines() {
            let text = axis_time(time, step);
            let galley = ui.painter().layout_no_wrap(text, Type::LABEL_MEDIUM.font(), color);
            let left = (self.x(room, time) - galley.size().x / 2.0).max(rect.left());
            if left >= end && left + galley.size().x <= rect.right() {
                end = left + galley.size().x + 8.0;
                ui.painter().galley(pos2(left, rect.top()), galley, color);
            }
        }
        self.dragged(room, &response)
    }

    fn dragged(&self, room: Rect, response: &Response) -> Option<ZoomStep> {
        if self.shows_all() {
            return None;
        }
        let response = response.clone().on_hover_and_drag_cursor(egui::CursorIcon::Grab);
        let by = response.drag_delta().x;
        (response.dragged() && by != 0.0).then(|| self.moved(room, by))
    }

    /// What is seen where everything moves by so many points to the right.
    pub(super) fn moved(&self, room: Rect, by: f32) -> ZoomStep {
        let time = self.seen.length.mul_f64((by.abs() / room.width().max(1.0)).into());
        let start = if by > 0.0 {
            self.seen.start.saturating_sub(time)
        } else {
            self.seen.start.saturating_add(time)
        };
        self.step(Zoom::From(start))
    }
}

/// Draws a run on a line: bars while the processor is busy, and a mark where the screen shows something new, with
/// the number of that event. Marks that would lie on one another are joined, and counted.
pub(super) fn run_ui(ui: &Ui, words: &Words, axis: &Axis, room: Rect, run: &Run) {
    const BAR: f32 = 8.0;

    let scheme = Scheme::of(ui);
    let painter =
        ui.painter().with_clip_rect(room.expand2(vec2(EDGE, 0.0)).intersect(ui.clip_rect()));
    let middle = line_of(room);
    painter.hline(room.x_range(), middle, Stroke::new(1.0, scheme.outline));
    // What is seen lies together, so that no frame costs more than what it shows.
    let first = run.frames.partition_point(|frame| frame.shown < axis.seen.start);
    let seen = run.frames.get(first..).unwrap_or_default();
    let end = seen.partition_point(|frame| frame.begin <= axis.seen.end());
    let seen = seen.get(..end).unwrap_or_default();
    let mut last = f32::NEG_INFINITY;
    for frame in seen {
        let (left, right) = (axis.x(room, frame.begin), axis.x(room, frame.end));
        if right < last + 1.0 {
            continue;
        }
        last = right;
        let bar = Rect::from_min_max(
            pos2(left, middle - BAR / 2.0),
            pos2(right.max(left + 1.0), middle + BAR / 2.0),
        );
        let color = if frame.taken == 0 { scheme.outline } else { scheme.primary };
        painter.rect_filled(bar, 0, scheme.behind(color));
    }

    let rebuilds = seen
        .iter()
        .enumerate()
        .filter(|(_, frame)| frame.taken > 0 && axis.seen.contains(frame.shown))
        .map(|(at, frame)| (axis.x(room, frame.shown), at, 1));
    let counted = |count: usize| (words.zoom.rebuilds)(count);
    let all = join(room.x_range(), rebuilds, 2.0, &Size::new(ui, counted));
    marks_ui(ui, &painter, middle, (scheme.primary, 2.0), &all, counted, |mark, half| {
        let newest = seen.get(mark.last).map_or(0, |frame| frame.first + frame.taken);
        let font = Type::LABEL_MEDIUM.font();
        let galley = painter.layout_no_wrap(format!("#{newest}"), font, scheme.on_primary);
        let size = vec2(galley.size().x + 8.0, MARK);
        if size.x / 2.0 <= half {
            let pill = Rect::from_center_size(pos2(mark.from, middle), size);
            painter.rect_filled(pill, MARK / 2.0, scheme.primary);
            painter.galley(pill.center() - galley.size() / 2.0, galley, scheme.on_primary);
        } else {
            let height = Rangef::point(middle).expand(MARK / 2.0);
            painter.vline(mark.from, height, Stroke::new(2.0, scheme.primary));
        }
    });
}

/// Where the line of a lane is: above it there is room for what is counted.
pub(super) fn line_of(room: Rect) -> f32 {
    room.bottom() - HEAD - 3.0
}

/// The part of a lane that the axis is over: marks at its ends have room beside it.
pub(super) fn lane_room(rect: Rect) -> Rect {
    rect.shrink2(vec2(EDGE, 0.0))
}

const EDGE: f32 = 6.0;
const MARK: f32 = 2.0 * HEAD;

/// As high is a lane with its marks and what is counted above them.
pub(super) const LANE: f32 = 2.0 * HEAD + 6.0 + Type::LABEL_MEDIUM.line_height;
