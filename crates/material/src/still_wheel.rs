//! The mouse wheel where nothing may move by itself: egui would spread each of its steps over several frames.

use egui::{Context, Event, Plugin, RawInput, TouchPhase};

use crate::theme::look;

/// Has each step of the wheel scroll in the frame in which it comes, while the look is still.
pub(crate) struct StillWheel;

impl Plugin for StillWheel {
    fn debug_name(&self) -> &'static str {
        "StillWheel"
    }

    fn input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        let is_step =
            |event: &Event| matches!(event, Event::MouseWheel { phase: TouchPhase::Move, .. });
        if !input.events.iter().any(is_step) || !look(ctx).is_still {
            return;
        }
        // egui smooths nothing between a touch's start and its end. An end may be missing: it waits 0.15 s for more.
        let with_start = |event: Event| {
            let mut start = event.clone();
            let start = match &mut start {
                Event::MouseWheel { phase, .. } if *phase == TouchPhase::Move => {
                    *phase = TouchPhase::Start;
                    Some(start)
                }
                _ => None,
            };
            start.into_iter().chain([event])
        };
        input.events = std::mem::take(&mut input.events).into_iter().flat_map(with_start).collect();
    }
}
