//! Two fingers that move apart make everything larger, and smaller when they come together.

use egui::{Context, Event, Pos2, TouchId, TouchPhase};

/// How small and how large everything can be made, of its first size.
const RANGE: std::ops::RangeInclusive<f32> = 0.5..=4.0;

/// Fingers closer than this, in pixels, are too close to be measured.
const LEAST_DISTANCE: f32 = 8.0;

/// The fingers on the screen, and how it began. In pixels: the size of a point is what changes.
#[derive(Debug, Default)]
pub struct Pinch {
    fingers: Vec<(TouchId, Pos2)>,
    /// The distance of the two fingers when the second came, and how large everything was.
    start: Option<(f32, f32)>,
    /// Of how many pixels a point was in the last frame, and so for the fingers that have moved since.
    pixels: Option<f32>,
}

impl Pinch {
    /// Takes in what the fingers did in this frame. Asks for no frame where nothing follows from it.
    pub fn follow(&mut self, ctx: &Context) {
        let zoom = ctx.zoom_factor();
        let now = ctx.pixels_per_point();
        let pixels = self.pixels.replace(now).unwrap_or(now);
        ctx.input(|input| {
            for event in &input.events {
                if let Event::Touch { id, phase, pos, .. } = event {
                    self.touch(*id, *phase, (pos.to_vec2() * pixels).to_pos2(), zoom);
                }
            }
        });
        if let Some(wanted) = self.zoom()
            && wanted.to_bits() != zoom.to_bits()
        {
            ctx.set_zoom_factor(wanted);
        }
    }

    fn touch(&mut self, id: TouchId, phase: TouchPhase, at: Pos2, zoom: f32) {
        match phase {
            TouchPhase::Start | TouchPhase::Move => {
                match self.fingers.iter_mut().find(|(finger, _)| *finger == id) {
                    Some((_, place)) => *place = at,
                    None => {
                        self.fingers.push((id, at));
                        self.start = self.distance().map(|distance| (distance, zoom));
                    }
                }
            }
            TouchPhase::End | TouchPhase::Cancel => {
                self.fingers.retain(|(finger, _)| *finger != id);
                self.start = None;
            }
        }
    }

    /// How far two fingers are apart, where there are two.
    fn distance(&self) -> Option<f32> {
        match self.fingers.as_slice() {
            [(_, one), (_, other)] => Some(one.distance(*other).max(LEAST_DISTANCE)),
            _ => None,
        }
    }

    /// How large everything is to be, while two fingers say so.
    fn zoom(&self) -> Option<f32> {
        let (distance, zoom) = self.start?;
        Some((zoom * self.distance()? / distance).clamp(*RANGE.start(), *RANGE.end()))
    }
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    fn touch(pinch: &mut Pinch, id: u64, phase: TouchPhase, x: f32) -> Option<f32> {
        pinch.touch(TouchId(id), phase, pos2(x, 100.0), 1.5);
        pinch.zoom()
    }

    #[test]
    fn two_fingers_zoom() {
        use TouchPhase::{End, Move, Start};
        let pinch = &mut Pinch::default();
        assert_eq!(touch(pinch, 1, Start, 100.0), None);
        assert_eq!(touch(pinch, 1, Move, 120.0), None, "one finger scrolls");
        assert_eq!(touch(pinch, 2, Start, 220.0), Some(1.5));
        assert_eq!(touch(pinch, 2, Move, 320.0), Some(3.0));
        assert_eq!(touch(pinch, 1, Move, 220.0), Some(1.5));
        assert_eq!(touch(pinch, 2, Move, 5_220.0), Some(4.0), "there is an end to it");
        assert_eq!(touch(pinch, 1, Move, 5_220.0), Some(0.5), "both ways");
        assert_eq!(touch(pinch, 1, End, 5_220.0), None);
        assert_eq!(touch(pinch, 2, Move, 100.0), None);
    }

    #[test]
    fn a_third_finger_ends_it() {
        let pinch = &mut Pinch::default();
        for (id, x) in [(1, 100.0), (2, 200.0)] {
            touch(pinch, id, TouchPhase::Start, x);
        }
        assert_eq!(touch(pinch, 3, TouchPhase::Start, 300.0), None);
        assert_eq!(touch(pinch, 3, TouchPhase::End, 300.0), None);
        assert_eq!(touch(pinch, 2, TouchPhase::Move, 300.0), None, "until they are put down anew");
    }
}
