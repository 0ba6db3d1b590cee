//! The waker that turns "there is something to poll" into "egui, please draw a frame".

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Wake, Waker};

use egui::ViewportId;

/// Polls a future or a stream from a frame loop: a wake asks egui for a repaint, and only then is there
/// something to poll.
///
/// [`StreamBuilder`](crate::StreamBuilder) has one inside. On its own it drives any future whose owner
/// draws frames, such as a handshake to wait for:
///
/// ```
/// use std::pin::Pin;
/// use std::task::Poll;
///
/// use egui_stream_builder::RepaintWaker;
///
/// struct Connecting {
///     waker: RepaintWaker,
///     ready: Pin<Box<dyn Future<Output = u32>>>,
/// }
///
/// impl Connecting {
///     /// Called once a frame. In a frame that nothing woke, it costs one look at a flag.
///     fn update(&mut self) -> Option<u32> {
///         match self.waker.if_woken(|cx| self.ready.as_mut().poll(cx)) {
///             Some(Poll::Ready(answer)) => Some(answer),
///             Some(Poll::Pending) | None => None,
///         }
///     }
/// }
///
/// let ctx = egui::Context::default();
/// let mut connecting = Connecting {
///     waker: RepaintWaker::new(&ctx, ctx.viewport_id()),
///     ready: Box::pin(async { 3678 }),
/// };
/// assert_eq!(connecting.update(), Some(3678));
/// ```
///
/// # What it promises
///
/// - It starts out woken, as nobody can be woken about what was never polled.
/// - The first wake after a poll asks for one repaint of one viewport; more wakes before the next poll ask
///   for none, however many they are and from whichever threads.
/// - After it was dropped, wakers that are still out there do nothing. (A wake on another thread that is
///   halfway through at that moment may still cause its frame.)
///
/// A wake takes the lock of the [`egui::Context`] for a moment. So don't send into a stream from inside a
/// closure that egui runs under that lock, such as the one of [`egui::Context::input`].
pub struct RepaintWaker {
    shared: Arc<Shared>,
}

impl RepaintWaker {
    /// A waker that repaints `viewport`, which should be the one whose frames do the polling:
    /// `ctx.viewport_id()` in a frame.
    pub fn new(ctx: &egui::Context, viewport: ViewportId) -> Self {
        Self::seen_by(ctx, viewport, None)
    }

    /// Runs `poll` if there was a wake since the last time, and for the first time.
    ///
    /// Gives `None`, without having called `poll`, where there is nothing to poll for. What was polled and
    /// is pending must have kept the waker from the context it was given, as futures and streams do.
    pub fn if_woken<R>(&self, poll: impl FnOnce(&mut Context<'_>) -> R) -> Option<R> {
        // The flag falls before the poll: a wake that comes during it counts for the next frame.
        if !self.shared.is_woken.swap(false, Ordering::AcqRel) {
            return None;
        }
        let waker = Waker::from(Arc::clone(&self.shared));
        Some(poll(&mut Context::from_waker(&waker)))
    }

    /// Whether the next [`if_woken`](Self::if_woken) will poll.
    pub fn is_woken(&self) -> bool {
        self.shared.is_woken.load(Ordering::Acquire)
    }

    /// How often it was woken, repaint or not.
    pub fn wakes(&self) -> u64 {
        self.shared.wakes.load(Ordering::Relaxed) as u64
    }

    /// Whether it repaints this viewport of this context.
    pub fn is_for(&self, ctx: &egui::Context, viewport: ViewportId) -> bool {
        self.shared.viewport == viewport && self.shared.ctx == *ctx
    }

    pub(crate) fn seen_by(
        ctx: &egui::Context,
        viewport: ViewportId,
        on_wake: Option<OnWake>,
    ) -> Self {
        Self {
            shared: Arc::new(Shared {
                ctx: ctx.clone(),
                viewport,
                is_woken: AtomicBool::new(true),
                wakes: AtomicUsize::new(0),
                on_wake,
            }),
        }
    }

    /// Another waker for the same viewport, which the holders of this one know nothing of.
    pub(crate) fn renewed(&self, on_wake: Option<OnWake>) -> Self {
        Self::seen_by(&self.shared.ctx, self.shared.viewport, on_wake)
    }

    /// The same as a wake, but asked for by the one who polls, and so not counted.
    pub(crate) fn poll_next_frame(&self) {
        self.shared.is_woken.store(true, Ordering::Release);
        self.shared.request_repaint();
    }
}

impl fmt::Debug for RepaintWaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RepaintWaker")
            .field("viewport", &self.shared.viewport)
            .field("is_woken", &self.is_woken())
            .field("wakes", &self.wakes())
            .finish_non_exhaustive()
    }
}

impl Drop for RepaintWaker {
    fn drop(&mut self) {
        // Nobody will take this wake, so every later one finds its repaint asked for already: silence.
        self.shared.is_woken.store(true, Ordering::Release);
    }
}

/// Who sees the wakes, and is told whether one asks for the repaint.
pub(crate) type OnWake = Arc<dyn Fn(bool) + Send + Sync>;

struct Shared {
    ctx: egui::Context,
    viewport: ViewportId,
    is_woken: AtomicBool,
    wakes: AtomicUsize,
    on_wake: Option<OnWake>,
}

impl Shared {
    fn request_repaint(&self) {
        self.ctx.request_repaint_of(self.viewport);
    }
}

impl Wake for Shared {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.wakes.fetch_add(1, Ordering::Relaxed);
        // egui would draw one frame for many requests too, but each takes its lock and is noted down as a
        // cause: a flood from another thread would slow down the very frame that it waits for.
        let asks = !self.is_woken.swap(true, Ordering::AcqRel);
        if let Some(see) = &self.on_wake {
            see(asks);
        }
        if asks {
            self.request_repaint();
        }
    }
}
