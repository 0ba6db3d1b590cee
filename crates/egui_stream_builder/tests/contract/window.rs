//! A window without a screen: frames are run by hand, and every request for a repaint is noted down.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use egui::{Context, RawInput, Ui, ViewportId, ViewportInfo};

pub(crate) struct Window {
    pub(crate) ctx: Context,
    requests: Arc<Mutex<Vec<ViewportId>>>,
}

impl Window {
    /// A window that has drawn what egui wants to draw at its start, and is at rest.
    pub(crate) fn new() -> Self {
        let ctx = Context::default();
        let requests: Arc<Mutex<Vec<ViewportId>>> = Arc::default();
        let noted = Arc::clone(&requests);
        // An observer, not a callback: egui keeps requests from a callback that change nothing.
        ctx.set_repaint_observer(move |info| {
            noted.lock().unwrap_or_else(PoisonError::into_inner).push(info.viewport_id);
        });
        let window = Self { ctx, requests };
        window.rest(|_| {});
        window
    }

    /// Runs one frame. It is called more than once where egui repeats the pass.
    pub(crate) fn frame(&self, ui: impl FnMut(&mut Ui)) {
        self.frame_of(ViewportId::ROOT, ui);
    }

    pub(crate) fn frame_of(&self, viewport_id: ViewportId, ui: impl FnMut(&mut Ui)) {
        let input = RawInput {
            viewport_id,
            viewports: std::iter::once((viewport_id, ViewportInfo::default())).collect(),
            ..RawInput::default()
        };
        self.ctx.run_ui(input, ui).drop_without_applying_deltas();
    }

    /// What a window does that is minimised: the logic of the app without its UI.
    pub(crate) fn hidden_frame(&self, logic: impl FnOnce(&Context)) {
        let output = self.ctx.run_logic(&RawInput::default(), logic);
        assert!(output.viewport_commands.is_empty());
    }

    /// Runs frames for as long as there are requests for one, as a window does, and counts them.
    pub(crate) fn rest(&self, mut ui: impl FnMut(&mut Ui)) -> usize {
        let mut frames = 0;
        while self.ctx.has_requested_repaint() {
            self.frame(&mut ui);
            frames += 1;
            assert!(frames < 100_000, "the window never comes to rest");
        }
        self.take_requests();
        frames
    }

    /// The viewports whose repaint was requested since the last look, once for each request.
    pub(crate) fn take_requests(&self) -> Vec<ViewportId> {
        mem::take(&mut self.requests.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
