//! A frame loop that draws when egui asks for it and sleeps otherwise, as eframe's does, without a window.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use egui::{CentralPanel, Context, RawInput, Ui};

/// The loop, of which the caller runs one frame at a time.
pub(crate) struct Frames {
    pub(crate) ctx: Context,
    /// Frames that were drawn.
    pub(crate) drawn: u64,
    /// Calls that asked egui for a repaint, by whomever.
    requests: Arc<AtomicU64>,
    wish: Arc<Wish>,
    /// The least time from one frame to the next, as a screen has it.
    slot: Duration,
    last: Option<Instant>,
}

/// When the next frame is wanted.
#[derive(Default)]
struct Wish {
    when: Mutex<Option<Instant>>,
    changed: Condvar,
}

impl Frames {
    /// A loop that draws no oftener than once in a `slot`.
    pub(crate) fn new(slot: Duration) -> Self {
        let ctx = Context::default();
        let wish = Arc::new(Wish::default());
        let asked = Arc::clone(&wish);
        ctx.set_request_repaint_callback(move |info| asked.wish(Instant::now() + info.delay));
        let mut frames = Self { ctx, drawn: 0, requests: Arc::default(), wish, slot, last: None };
        // egui draws some frames at first and makes its fonts in them. They are not what is measured.
        frames.settle();
        frames
    }

    /// Counts the calls that ask for a repaint from now on. This itself takes a little time.
    pub(crate) fn count_requests(&self) {
        let requests = Arc::clone(&self.requests);
        self.ctx.set_repaint_observer(move |_| {
            requests.fetch_add(1, Ordering::Relaxed);
        });
    }

    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Sleeps until a frame is wanted and its slot has come, then draws it. `logic` runs first and
    /// says what to draw. Gives `None` if no frame was wanted until `deadline`.
    pub(crate) fn next<T: ToString>(
        &mut self,
        deadline: Instant,
        mut logic: impl FnMut(&Context) -> T,
    ) -> Option<T> {
        let slot = self.last.map_or(deadline, |last| last + self.slot);
        self.wish.wait(deadline)?;
        // A screen that is still busy with the last frame takes no other one.
        if let Some(wait) = slot.checked_duration_since(Instant::now())
            && self.last.is_some()
        {
            std::thread::sleep(wait);
        }
        self.wish.take();
        self.last = Some(Instant::now());
        self.drawn += 1;
        let mut out = None;
        draw(&self.ctx, |ui| {
            let value = logic(ui.ctx());
            ui.label(value.to_string());
            out = Some(value);
        });
        out
    }

    /// Draws until nothing asks for it.
    pub(crate) fn settle(&mut self) {
        while self.next(Instant::now() + Duration::from_millis(30), |_| "").is_some()
            && self.drawn < 10
        {}
        self.drawn = 0;
    }
}

/// One frame, as far as a processor draws it: the layout, and the triangles for a graphics card.
pub(crate) fn draw(ctx: &Context, mut content: impl FnMut(&mut Ui)) {
    let input = RawInput {
        screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1280.0, 800.0))),
        ..RawInput::default()
    };
    let mut output = ctx.run_ui(input, |ui| {
        CentralPanel::default().show(ui, |ui| content(ui));
    });
    let shapes = std::mem::take(&mut output.shapes);
    std::hint::black_box(ctx.tessellate(shapes, output.pixels_per_point));
    output.drop_without_applying_deltas();
}

impl Wish {
    fn wish(&self, when: Instant) {
        let mut wanted = self.when.lock().unwrap_or_else(PoisonError::into_inner);
        if wanted.is_none_or(|wanted| when < wanted) {
            *wanted = Some(when);
            drop(wanted);
            self.changed.notify_one();
        }
    }

    /// Waits until a frame is due, or nothing was until `deadline`.
    fn wait(&self, deadline: Instant) -> Option<()> {
        let mut wanted = self.when.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let now = Instant::now();
            if wanted.is_some_and(|when| when <= now) {
                return Some(());
            }
            let until = wanted.unwrap_or(deadline).min(deadline);
            let left = until.checked_duration_since(now).filter(|left| !left.is_zero());
            let woken = self.changed.wait_timeout(wanted, left?);
            wanted = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn take(&self) {
        *self.when.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
