//! A page with a list on it, and what is needed to look at it and to touch it.

use std::ops::Range;

use egui::{
    Event, Modifiers, MouseWheelSource, MouseWheelUnit, Pos2, Rect, TouchPhase, Vec2, pos2, vec2,
};
use egui_kittest::Harness;
use egui_row_list::{RowList, RowListOutput, RowListState};

pub(crate) const ROW: f32 = 20.0;

pub(crate) struct Page {
    pub(crate) rows: Range<u64>,
    pub(crate) row_height: f32,
    pub(crate) max_height: f32,
    pub(crate) follow_end: bool,
    pub(crate) is_enabled: bool,
    /// What the wheel is to have done in the next frame, past the checks that egui has.
    pub(crate) raw_wheel: f32,
    pub(crate) list: RowListState,
    /// Of the last frame.
    pub(crate) output: Option<RowListOutput>,
    /// The rows that were drawn in the last frame, and where.
    pub(crate) drawn: Vec<(u64, Rect)>,
    /// Since somebody looked.
    pub(crate) activated: Vec<u64>,
    pub(crate) copied: Vec<std::ops::RangeInclusive<u64>>,
    pub(crate) changes: usize,
    pub(crate) frames: usize,
}

impl Page {
    pub(crate) fn new(rows: Range<u64>) -> Self {
        Self {
            rows,
            row_height: ROW,
            max_height: f32::INFINITY,
            follow_end: true,
            is_enabled: true,
            raw_wheel: 0.0,
            list: RowListState::new(),
            output: None,
            drawn: Vec::new(),
            activated: Vec::new(),
            copied: Vec::new(),
            changes: 0,
            frames: 0,
        }
    }

    pub(crate) fn ui(&mut self, ui: &mut egui::Ui) {
        self.frames += 1;
        self.drawn.clear();
        if !self.is_enabled {
            ui.disable();
        }
        let raw_wheel = std::mem::take(&mut self.raw_wheel);
        if raw_wheel != 0.0 {
            ui.input_mut(|input| input.smooth_scroll_delta.y = raw_wheel);
        }
        let list = RowList::new("log", self.rows.clone(), self.row_height)
            .max_height(self.max_height)
            .follow_end(self.follow_end)
            .name("Messages");
        let output = list.show(ui, &mut self.list, |ui, row, _| {
            ui.label(format!("number {row}"));
            self.drawn.push((row, ui.max_rect()));
        });
        self.activated.extend(output.activated);
        self.copied.extend(output.copy.clone());
        self.changes += usize::from(output.selection_changed);
        self.output = Some(output);
    }

    pub(crate) fn output(&self) -> &RowListOutput {
        self.output.as_ref().unwrap()
    }

    /// The upper edge of a row that was drawn.
    pub(crate) fn top(&self, row: u64) -> f32 {
        self.drawn.iter().find(|(drawn, _)| *drawn == row).unwrap().1.top()
    }

    pub(crate) fn visible(&self) -> Range<u64> {
        self.output().visible.clone()
    }
}

/// A list of 10 rows and a half, in a window without margins, drawn until nothing happened any more.
pub(crate) fn harness(page: Page) -> Harness<'static, Page> {
    sized(page, vec2(300.0, 210.0), 1.0)
}

pub(crate) fn sized(page: Page, size: Vec2, pixels_per_point: f32) -> Harness<'static, Page> {
    // The harness has a margin of its own around the page.
    let margin = 8.0;
    let mut harness = Harness::builder()
        .with_size(size + Vec2::splat(2.0 * margin))
        .with_pixels_per_point(pixels_per_point)
        .with_max_steps(400)
        .with_step_dt(1.0 / 60.0)
        .build_ui_state(|ui, page: &mut Page| page.ui(ui), page);
    harness.run();
    harness
}

/// The same, after the person has scrolled up to this row.
pub(crate) fn scrolled_to(rows: Range<u64>, row: u64) -> Harness<'static, Page> {
    let mut page = Page::new(rows);
    page.list.scroll_to(row, Some(egui::Align::Min));
    harness(page)
}

/// The middle of a visible row.
pub(crate) fn middle(harness: &Harness<'_, Page>, row: u64) -> Pos2 {
    let view = harness.state().output().response.rect;
    pos2(view.center().x, harness.state().top(row) + ROW / 2.0)
}

pub(crate) fn wheel(harness: &mut Harness<'_, Page>, points: f32) {
    let center = harness.state().output().response.rect.center();
    harness.hover_at(center);
    harness.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, points),
        phase: TouchPhase::Move,
        source: MouseWheelSource::Unknown,
        modifiers: Modifiers::NONE,
    });
    harness.run();
}

pub(crate) fn press(
    harness: &mut Harness<'_, Page>,
    at: Pos2,
    pressed: bool,
    modifiers: Modifiers,
) {
    // Each of these is a frame of its own.
    harness.event(Event::ModifiersChanged(modifiers));
    harness.event(Event::PointerMoved(at));
    let button = egui::PointerButton::Primary;
    harness.event(Event::PointerButton { pos: at, button, pressed, modifiers });
    harness.event(Event::ModifiersChanged(Modifiers::NONE));
    harness.step();
}

pub(crate) fn click(harness: &mut Harness<'_, Page>, at: Pos2, modifiers: Modifiers) {
    press(harness, at, true, modifiers);
    press(harness, at, false, modifiers);
    // Longer than a double click may take.
    harness.run_steps(30);
    harness.run();
}
