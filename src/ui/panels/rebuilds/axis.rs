//! A time axis, and what a run was on it: when the processor was busy, and what the screen showed when.

use std::time::Duration;

use egui::{Rect, Stroke, Ui, pos2, vec2};
use frame_loops::{Run, grid_step};

use crate::i18n::axis_time;
use material::{Scheme, Type};

/// The time from the first event until everything that is shown was on the screen.
#[derive(Clone, Copy)]
pub(super) struct Axis {
    whole: Duration,
}

impl Axis {
    /// Over these runs, and at least until this time.
    pub(super) fn over<'a>(runs: impl Iterator<Item = &'a Run>, least: Duration) -> Self {
        let end = |run: &Run| {
            let shown = run.rebuilds().last().map_or(Duration::ZERO, |frame| frame.shown);
            shown.max(run.arrivals.last().map_or(Duration::ZERO, |arrival| arrival.at))
        };
        let last = runs.map(end).max().unwrap_or_default().max(least);
        Self { whole: last.mul_f64(1.03).max(Duration::from_millis(1)) }
    }

    /// Until when it goes.
    pub(super) fn end(&self) -> Duration {
        self.whole
    }

    /// What is later is at the right edge.
    pub(super) fn x(&self, room: Rect, at: Duration) -> f32 {
        #[expect(clippy::cast_possible_truncation, reason = "it is a share of the width")]
        let share = (at.as_secs_f64() / self.whole.as_secs_f64()).min(1.0) as f32;
        egui::lerp(room.left()..=room.right(), share)
    }

    /// The time at this place.
    pub(super) fn at(&self, room: Rect, x: f32) -> Duration {
        let share = ((x - room.left()) / room.width().max(1.0)).clamp(0.0, 1.0);
        self.whole.mul_f64(share.into())
    }

    /// Where the lines of its grid are.
    fn lines(&self) -> impl Iterator<Item = Duration> {
        let (step, whole) = (grid_step(self.whole), self.whole);
        (0..).map(move |number| step.saturating_mul(number)).take_while(move |time| *time <= whole)
    }

    /// Draws the lines of its grid.
    pub(super) fn grid_ui(&self, ui: &Ui, room: Rect) {
        let stroke = Stroke::new(1.0, Scheme::of(ui).outline_variant);
        for time in self.lines() {
            ui.painter().vline(self.x(room, time), room.y_range(), stroke);
        }
    }

    /// Writes its times down, as many as there is room for.
    pub(super) fn times_ui(&self, ui: &mut Ui) {
        let height = Type::LABEL_MEDIUM.line_height;
        let (rect, _) =
            ui.allocate_exact_size(vec2(ui.available_width(), height), egui::Sense::hover());
        let room = lane_room(rect);
        let color = Scheme::of(ui).on_surface_variant;
        let mut end = f32::NEG_INFINITY;
        for time in self.lines() {
            let text = axis_time(time);
            let galley = ui.painter().layout_no_wrap(text, Type::LABEL_MEDIUM.font(), color);
            let left = (self.x(room, time) - galley.size().x / 2.0).max(rect.left());
            if left >= end && left + galley.size().x <= rect.right() {
                end = left + galley.size().x + 8.0;
                ui.painter().galley(pos2(left, rect.top()), galley, color);
            }
        }
    }
}

/// Draws a run on a line: bars while the processor is busy, and a mark where the screen shows something new, with
/// the number of that event where there is room. What lies on one another within a point is drawn once.
pub(super) fn run_ui(ui: &Ui, axis: &Axis, room: Rect, run: &Run) {
    const BAR: f32 = 8.0;
    const MARK: f32 = 18.0;

    let scheme = Scheme::of(ui);
    let painter = ui.painter().with_clip_rect(room.expand2(vec2(MARK, 0.0)));
    let middle = room.center().y;
    painter.hline(room.x_range(), middle, Stroke::new(1.0, scheme.outline));
    let mut last = f32::NEG_INFINITY;
    for frame in &run.frames {
        let (left, right) = (axis.x(room, frame.begin), axis.x(room, frame.end));
        if right < last + 1.0 || left >= room.right() {
            continue;
        }
        last = right;
        let bar = Rect::from_min_max(
            pos2(left, middle - BAR / 2.0),
            pos2(right.max(left + 1.0), middle + BAR / 2.0),
        );
        let color = if frame.taken == 0 { scheme.outline } else { scheme.primary };
        painter.rect_filled(bar, 0, color.gamma_multiply(0.4));
    }
    let mut marks: Vec<(f32, usize)> = Vec::new();
    for frame in run.rebuilds() {
        let x = axis.x(room, frame.shown);
        if marks.last().is_none_or(|(last, _)| last + 1.0 <= x) {
            marks.push((x, frame.first + frame.taken));
        }
    }
    let font = Type::LABEL_MEDIUM.font();
    let mut clear_from = f32::NEG_INFINITY;
    for (at, (x, newest)) in marks.iter().enumerate() {
        let galley = painter.layout_no_wrap(format!("#{newest}"), font.clone(), scheme.on_primary);
        let half = galley.size().x / 2.0 + 4.0;
        let next = marks.get(at + 1).map_or(f32::INFINITY, |(next, _)| *next);
        let is_roomy = x - half >= clear_from && x + half <= next - 3.0;
        if is_roomy {
            let pill = Rect::from_center_size(pos2(*x, middle), vec2(2.0 * half, MARK));
            painter.rect_filled(pill, MARK / 2.0, scheme.primary);
            painter.galley(pill.center() - galley.size() / 2.0, galley, scheme.on_primary);
            clear_from = x + half + 1.0;
        } else {
            painter.vline(
                *x,
                egui::Rangef::new(middle - MARK / 2.0, middle + MARK / 2.0),
                Stroke::new(2.0, scheme.primary),
            );
            clear_from = x + 2.0;
        }
    }
}

/// The part of a lane that the axis is over: marks at its ends have room beside it.
pub(super) fn lane_room(rect: Rect) -> Rect {
    rect.shrink2(vec2(6.0, 0.0))
}
