//! Frames without a window: egui's pass, and the triangles for a graphics card.

use egui::{Context, Event, Pos2, RawInput, Rect, ScrollArea, TextEdit, Vec2, vec2};
use egui_long_text::LongText;
use rustix::time::{ClockId, clock_gettime};

use crate::memory;

/// How many frames a figure is the middle of, and how many of them where a frame takes long.
const FRAMES: usize = 101;
const SLOW_FRAMES: usize = 5;
const SLOW: f64 = 0.1;

/// What the text is shown by.
#[derive(Clone, Copy)]
pub(crate) enum Shown {
    View { wraps: bool },
    Label,
    Field,
}

/// Processor time in seconds, and bytes beside the text itself.
pub(crate) struct Figures {
    pub(crate) first: Option<f64>,
    pub(crate) start: Option<f64>,
    pub(crate) middle: Option<f64>,
    pub(crate) end: Option<f64>,
    /// With half a view more in each frame.
    pub(crate) scrolling: Option<f64>,
    /// Of all frames but the first.
    pub(crate) slowest: Option<f64>,
    pub(crate) memory: usize,
}

struct Window<'a> {
    ctx: Context,
    shown: Shown,
    text: &'a str,
    size: Vec2,
    slowest: f64,
}

pub(crate) fn measure(shown: Shown, text: &str, size: Vec2) -> Figures {
    let mut figures = None;
    let memory = memory::most_during(|| {
        let mut window = Window { ctx: Context::default(), shown, text: "", size, slowest: 0.0 };
        // Fonts are read, and the letters are drawn once, before anything counts.
        let some: String = text.chars().take(200).collect();
        for _ in 0..5 {
            let output = window.ctx.run_ui(window.input(Vec::new()), |ui| {
                ui.label(&some);
            });
            output.drop_without_applying_deltas();
        }
        window.text = text;
        let first = window.frame(None, Vec::new());
        window.slowest = 0.0;
        let is_view = matches!(shown, Shown::View { .. });
        let start = window.still(Some(0));
        let middle = is_view.then(|| window.still(Some(text.floor_char_boundary(text.len() / 2))));
        let scrolling = is_view.then(|| window.scrolling());
        let end = is_view.then(|| window.still(Some(text.len())));
        figures = Some((first, start, middle, end, scrolling, window.slowest));
    });
    let (first, start, middle, end, scrolling, slowest) = figures.unwrap_or_default();
    let slowest = middle.map(|_| slowest);
    Figures { first: Some(first), start: Some(start), middle, end, scrolling, slowest, memory }
}

impl Window<'_> {
    fn input(&self, events: Vec<Event>) -> RawInput {
        let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, self.size));
        RawInput { screen_rect, events, predicted_dt: 1.0 / 60.0, ..RawInput::default() }
    }

    /// Draws a frame, and gives the processor time that it took, in seconds.
    fn frame(&mut self, scroll_to: Option<usize>, events: Vec<Event>) -> f64 {
        let input = self.input(events);
        let before = clock_gettime(ClockId::ProcessCPUTime);
        let output = self.ctx.run_ui(input, |ui| match self.shown {
            Shown::View { wraps } => {
                let view = LongText::new("text", self.text).wrap(wraps);
                view.scroll_to(scroll_to).show(ui);
            }
            Shown::Label => {
                ScrollArea::vertical().show(ui, |ui| ui.label(self.text));
            }
            Shown::Field => {
                // A `&str` is a text that can't be changed.
                let mut text = self.text;
                ScrollArea::vertical().show(ui, |ui| ui.add(TextEdit::multiline(&mut text)));
            }
        });
        let triangles = self.ctx.tessellate(output.shapes.clone(), output.pixels_per_point);
        let after = clock_gettime(ClockId::ProcessCPUTime);
        drop(triangles);
        output.drop_without_applying_deltas();
        let seconds = (after.tv_sec - before.tv_sec) as f64;
        let took = seconds + (after.tv_nsec - before.tv_nsec) as f64 / 1e9;
        self.slowest = self.slowest.max(took);
        took
    }

    fn still(&mut self, at: Option<usize>) -> f64 {
        let first = self.frame(at, Vec::new());
        let count = if SLOW < first { SLOW_FRAMES } else { FRAMES };
        middle((0..count).map(|_| self.frame(None, Vec::new())).collect())
    }

    fn scrolling(&mut self) -> f64 {
        let delta = vec2(0.0, -self.size.y / 2.0);
        let wheel = || {
            let unit = egui::MouseWheelUnit::Point;
            let phase = egui::TouchPhase::Move;
            // Such as comes from a touch pad: what it says is what is scrolled in that frame.
            let source = egui::MouseWheelSource::Trackpad;
            let modifiers = egui::Modifiers::NONE;
            let wheel = Event::MouseWheel { unit, delta, phase, source, modifiers };
            vec![Event::PointerMoved(Pos2::new(100.0, 100.0)), wheel]
        };
        self.frame(None, wheel());
        middle((0..FRAMES).map(|_| self.frame(None, wheel())).collect())
    }
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
