//! The page, drawn without a screen, and what its frames cost.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use app_core::Opening;
use app_core::settings::Transport;
use app_core::stored::Stored;
use egui::accesskit::{Node, NodeId};
use egui::{Context, Event, Pos2, RawInput, Rect, Vec2, vec2};
use rustix::time::{ClockId, clock_gettime};
use websocket_echo::app::EchoPage;

/// As the page is mostly held, and wide enough for a panel beside it.
pub(crate) const NARROW: Vec2 = vec2(400.0, 720.0);
pub(crate) const WIDE: Vec2 = vec2(1400.0, 720.0);

pub(crate) struct Window {
    pub(crate) page: EchoPage,
    ctx: Context,
    size: Vec2,
    bell: Arc<Bell>,
    /// What a screen reader was told last.
    nodes: Vec<(NodeId, Node)>,
}

/// When the next frame is due.
#[derive(Default)]
struct Bell {
    due: Mutex<Option<Instant>>,
}

impl Window {
    /// The page over its own memory.
    pub(crate) fn in_page(size: Vec2) -> Self {
        let mut stored = Stored::default();
        stored.settings.transport = Transport::InPage;
        Self::open(Opening { stored: Ok(stored), ..Opening::new("ws://localhost") }, size)
    }

    pub(crate) fn open(opening: Opening, size: Vec2) -> Self {
        let ctx = Context::default();
        let bell = Arc::<Bell>::default();
        let ring = Arc::clone(&bell);
        ctx.set_request_repaint_callback(move |info| {
            let at = Instant::now() + info.delay.min(Duration::from_secs(3600));
            let mut due = ring.due.lock().unwrap();
            *due = Some(due.map_or(at, |due| due.min(at)));
        });
        let page = EchoPage::new(&ctx, opening);
        let mut window = Self { page, ctx, size, bell, nodes: Vec::new() };
        // Fonts are read, letters are drawn, and the page connects.
        for _ in 0..10 {
            window.frame(Vec::new());
        }
        window
    }

    /// Draws a frame, and gives the processor time that it took in this thread, in seconds.
    pub(crate) fn frame(&mut self, events: Vec<Event>) -> f64 {
        *self.bell.due.lock().unwrap() = None;
        let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, self.size));
        let input = RawInput { screen_rect, events, focused: true, ..RawInput::default() };
        let before = clock_gettime(ClockId::ThreadCPUTime);
        let mut output = self.ctx.run_ui(input, |ui| {
            self.page.logic(ui.ctx());
            self.page.ui(ui);
        });
        let triangles = self.ctx.tessellate(output.shapes.clone(), output.pixels_per_point);
        let after = clock_gettime(ClockId::ThreadCPUTime);
        drop(triangles);
        if let Some(update) = output.platform_output.accesskit_update.take() {
            self.nodes = update.nodes;
        }
        output.drop_without_applying_deltas();
        (after.tv_sec - before.tv_sec) as f64 + (after.tv_nsec - before.tv_nsec) as f64 / 1e9
    }

    /// Whether a frame is due.
    pub(crate) fn is_due(&self) -> bool {
        self.bell.due.lock().unwrap().is_some_and(|due| due <= Instant::now())
    }

    /// What a screen reader would be told; it listens for this one frame.
    pub(crate) fn nodes(&mut self) -> &[(NodeId, Node)] {
        self.ctx.enable_accesskit();
        self.frame(Vec::new());
        self.ctx.disable_accesskit();
        self.frame(Vec::new());
        &self.nodes
    }
}

/// What this process has in memory now, and the most that it has had, in bytes, where the system tells.
pub(crate) fn memory(line: &str) -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(':'))?;
    let kib: usize = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib * 1024)
}

pub(crate) const NOW: &str = "VmRSS";
pub(crate) const AT_MOST: &str = "VmHWM";
