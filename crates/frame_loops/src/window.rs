//! The simulated window: draws the frames that egui asks for, at the times at which a screen could show them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use egui::{Context, RawInput, Rect, ViewportId, ViewportInfo, pos2, vec2};

use crate::time::{Now, Time};
use crate::ways::FrameLoop;
use crate::{
    Arrival, Costs, End, Frame, MAX_ARRIVALS, MAX_FRAMES, MAX_TIME, QUIET, Run, Setup, Way,
};

/// Takes these events in in this way. Those after [`MAX_ARRIVALS`] are left out, the others sorted.
pub fn run(way: Way, arrivals: &[Arrival], setup: &Setup) -> Run {
    let mut sorted = arrivals.get(..MAX_ARRIVALS).unwrap_or(arrivals).to_vec();
    sorted.sort_by_key(|arrival| arrival.at);

    let ctx = Context::default();
    let now = Now::default();
    let asked = Asked::listen(&ctx, &now);
    let (deliver, frame_loop) = way.start(&ctx, &now, setup.budget);
    let time = Time::new(now, &sorted, deliver);
    let mut window = Window { ctx, time, asked, frame_loop, setup: *setup, frames: Vec::new() };
    window.open();
    let end = window.draw_all();
    let (frames, requests) = (window.frames, window.asked.requests());
    Run { way, arrivals: sorted, frames, requests, end }
}

struct Window<'a> {
    ctx: Context,
    time: Time<'a>,
    asked: Asked,
    frame_loop: Box<dyn FrameLoop>,
    setup: Setup,
    frames: Vec<Frame>,
}

impl Window<'_> {
    /// Draws the frames that every window begins with, before the first event and in no time.
    fn open(&mut self) {
        let costs = std::mem::replace(&mut self.setup.costs, NOTHING);
        // egui asks for two; who polls asks for ever.
        for _ in 0..3 {
            if self.asked.take().is_none() && !self.frames.is_empty() {
                break;
            }
            self.frame();
        }
        self.setup.costs = costs;
        self.frames.clear();
        self.asked.forget_requests();
        self.time.begin();
    }

    fn draw_all(&mut self) -> End {
        let most_frames = self.setup.most_frames.min(MAX_FRAMES);
        let last = self.time.arrivals().last().map_or(Duration::ZERO, |arrival| arrival.at);
        loop {
            let is_all_shown = self.taken() == self.time.arrivals().len();
            let next = match (self.asked.when(), self.time.next_arrival()) {
                (None, None) => return if is_all_shown { End::AllShown } else { End::Cut },
                (Some(frame), None) => Next::Frame(frame),
                (None, Some(arrival)) => Next::Arrival(arrival),
                (Some(frame), Some(arrival)) if arrival <= frame => Next::Arrival(arrival),
                (Some(frame), Some(_)) => Next::Frame(frame),
            };
            match next {
                Next::Arrival(at) if at > MAX_TIME => return End::Cut,
                Next::Arrival(at) => self.time.advance(at),
                Next::Frame(at) => {
                    let at = at.max(self.time.now());
                    let quiet_since = last.max(self.last_rebuild_shown());
                    if is_all_shown && at >= quiet_since.saturating_add(QUIET) {
                        return End::AllShown;
                    }
                    if at > MAX_TIME || self.frames.len() >= most_frames {
                        return End::Cut;
                    }
                    self.time.advance(at);
                    self.asked.take();
                    self.frame();
                }
            }
        }
    }

    /// How many events have been taken in.
    fn taken(&self) -> usize {
        self.frames.last().map_or(0, |frame| frame.first + frame.taken)
    }

    /// When the newest event was on the screen.
    fn last_rebuild_shown(&self) -> Duration {
        let rebuild = self.frames.iter().rfind(|frame| frame.taken > 0);
        rebuild.map_or(Duration::ZERO, |frame| frame.shown)
    }

    fn frame(&mut self) {
        let Self { ctx, time, frame_loop, setup, .. } = self;
        let costs = setup.costs;
        let begin = time.now();
        let mut taken = 0;
        let viewport = ViewportId::ROOT;
        let input = RawInput {
            viewport_id: viewport,
            viewports: std::iter::once((viewport, ViewportInfo::default())).collect(),
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(400.0, 20.0))),
            time: Some(begin.as_secs_f64()),
            ..RawInput::default()
        };
        let arrivals = time.arrivals();
        let output = ctx.run_ui(input, |ui| {
            frame_loop.take_in(ui.ctx(), &mut |number| {
                taken += 1;
                let bytes = arrivals.get(number as usize).map_or(0, |arrival| arrival.bytes);
                time.pass(costs.event + costs.of_bytes(bytes));
            });
            frame_loop.draw(ui);
            time.pass(costs.build);
        });
        // Nothing is painted, so what the painter is to upload is of no use.
        output.drop_without_applying_deltas();
        let end = time.now();
        let shown = next_refresh(end, setup.refresh);
        let first = self.taken();
        self.frames.push(Frame { begin, end, shown, first, taken });
        // Whoever has drawn waits for the screen.
        self.time.advance(shown);
    }
}

enum Next {
    Frame(Duration),
    Arrival(Duration),
}

const NOTHING: Costs =
    Costs { event: Duration::ZERO, kibibyte: Duration::ZERO, build: Duration::ZERO };

/// The first refresh that is not before this time.
fn next_refresh(at: Duration, refresh: Duration) -> Duration {
    let step = refresh.max(Duration::from_micros(100)).as_nanos();
    let shown = at.as_nanos().div_ceil(step).saturating_mul(step);
    Duration::from_nanos(u64::try_from(shown).unwrap_or(u64::MAX))
}

/// When egui was asked for a frame; what a native event loop keeps.
#[derive(Clone, Default)]
struct Asked(Arc<Mutex<Requests>>);

#[derive(Default)]
struct Requests {
    when: Option<Duration>,
    count: u64,
}

impl Asked {
    fn listen(ctx: &Context, now: &Now) -> Self {
        let asked = Self::default();
        let (soonest, now) = (asked.clone(), now.clone());
        ctx.set_request_repaint_callback(move |info| {
            let at = now.get().saturating_add(info.delay);
            soonest.with(|requests| {
                requests.when = Some(requests.when.map_or(at, |when| when.min(at)));
            });
        });
        let counted = asked.clone();
        ctx.set_repaint_observer(move |_| counted.with(|requests| requests.count += 1));
        asked
    }

    fn when(&self) -> Option<Duration> {
        self.with(|requests| requests.when)
    }

    /// A frame begins, so what is asked for from now on is another one.
    fn take(&self) -> Option<Duration> {
        self.with(|requests| requests.when.take())
    }

    fn requests(&self) -> u64 {
        self.with(|requests| requests.count)
    }

    fn forget_requests(&self) {
        self.with(|requests| requests.count = 0);
    }

    fn with<R>(&self, look: impl FnOnce(&mut Requests) -> R) -> R {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
