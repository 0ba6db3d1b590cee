//! A window that is none: egui's pass and tessellation, one frame at a time.

use std::time::Duration;

use egui::{Context, Event, Modifiers, Pos2, RawInput, Rect, pos2, vec2};
use rustix::time::{ClockId, clock_gettime};

use crate::lists::{List, Which};

const SIZE: egui::Vec2 = vec2(800.0, 600.0);

pub(crate) struct Stage {
    ctx: Context,
    pub(crate) list: List,
    time: f64,
}

impl Stage {
    /// A list that has settled with this row at its upper edge, or as near to that as it comes.
    pub(crate) fn new(which: Which, count: u64, row: u64) -> Self {
        let ctx = Context::default();
        let list = List::new(which, count);
        list.set_up(&ctx);
        let mut stage = Self { ctx, list, time: 0.0 };
        for _ in 0..5 {
            stage.frame(Vec::new());
        }
        for _ in 0..5 {
            stage.list.go_to = Some(row);
            stage.frame(Vec::new());
        }
        // What moves or fades has time to end.
        for _ in 0..90 {
            stage.frame(Vec::new());
        }
        stage
    }

    /// Draws one frame. Gives the time that the processor had to do with it.
    pub(crate) fn frame(&mut self, events: Vec<Event>) -> Duration {
        self.time += 1.0 / 60.0;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, SIZE)),
            time: Some(self.time),
            events,
            ..RawInput::default()
        };
        let start = cpu_time();
        let mut output = self.ctx.run_ui(input, |ui| self.list.show(ui));
        let meshes =
            self.ctx.tessellate(std::mem::take(&mut output.shapes), output.pixels_per_point);
        std::hint::black_box(&meshes);
        let took = cpu_time().saturating_sub(start);
        // Nobody uploads the textures.
        output.drop_without_applying_deltas();
        took
    }

    /// Turns the wheel by so many points, downwards.
    pub(crate) fn wheel(&mut self, points: f32) {
        self.frame(vec![
            Event::PointerMoved(pos2(SIZE.x / 2.0, SIZE.y / 2.0)),
            Event::MouseWheel {
                unit: egui::MouseWheelUnit::Point,
                delta: vec2(0.0, -points),
                phase: egui::TouchPhase::Move,
                source: egui::MouseWheelSource::Unknown,
                modifiers: Modifiers::NONE,
            },
        ]);
    }
}

fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}
