//! The figures of simulated windows are those of real ones: egui_kittest's, with the system's clock, events
//! from another thread, work that takes its time, and a wait for the screen after each frame.
//!
//! The loops are written here once more, as an app would have them. Real time is never on time, so what a
//! real window was late by is measured too, and is what the two may differ by.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]
#![allow(clippy::print_stdout, reason = "figures are for whoever asks the tests for them")]

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use egui_kittest::Harness;
use egui_stream_builder::{Event, StreamBuilder, infallible};
use frame_loops::{Arrival, Costs, Setup, Way, run};
use futures::{StreamExt as _, stream};

const REFRESH: Duration = Duration::from_micros(16_667);
const BUILD: Duration = Duration::from_millis(2);
const EVENT: Duration = Duration::from_micros(100);
/// So long that a budget is spent by one message of that size, and by many small ones is not.
const KIBIBYTE: Duration = Duration::from_millis(80);
/// So much that a machine with much else to do is no reason for it to be spent.
const BUDGET: Duration = Duration::from_millis(60);

const COSTS: Costs = Costs { event: EVENT, kibibyte: KIBIBYTE, build: BUILD };

/// What taking in an event of so many bytes costs.
fn cost(bytes: usize) -> Duration {
    EVENT + KIBIBYTE.mul_f64(bytes as f64 / 1024.0)
}

/// A loop as it stands in an app: the page calls it once a frame.
type InFrame = Box<dyn FnMut(&egui::Context) -> usize>;
/// Where its events come from: a thread. Those that come at once are there at once; each is its bytes.
type Inlet = Box<dyn FnMut(Vec<usize>) + Send>;

fn busy(time: Duration) {
    let start = Instant::now();
    while start.elapsed() < time {
        std::hint::spin_loop();
    }
}

fn stream_builder(_: &egui::Context) -> (Inlet, InFrame) {
    let (sender, receiver) = futures::channel::mpsc::unbounded();
    let mut builder = StreamBuilder::new();
    builder.budget = BUDGET;
    let events = receiver.flat_map(stream::iter);
    builder.set_stream("events", || infallible(events));
    let in_frame = move |ctx: &egui::Context| {
        let update = builder.update_with(ctx, |event| {
            let bytes = match event {
                Event::Data(bytes) => *bytes,
                Event::Error(_) | Event::Done => 0,
            };
            busy(cost(bytes));
        });
        usize::try_from(update.events).unwrap_or(usize::MAX)
    };
    (Box::new(move |bytes| drop(sender.unbounded_send(bytes))), Box::new(in_frame))
}

fn one_a_frame(ctx: &egui::Context) -> (Inlet, InFrame) {
    let (sender, queue) = channel();
    let sends_to = ctx.clone();
    let send = move |all: Vec<usize>| {
        for bytes in all {
            let _ = sender.send(bytes);
        }
        sends_to.request_repaint();
    };
    let in_frame = move |ctx: &egui::Context| match queue.try_recv() {
        Ok(bytes) => {
            busy(cost(bytes));
            ctx.request_repaint();
            1
        }
        Err(_) => 0,
    };
    (Box::new(send), Box::new(in_frame))
}

/// What was seen in a real window.
#[derive(Debug, Default)]
struct Seen {
    arrivals: Vec<Arrival>,
    frames: usize,
    /// How many events each rebuild took in, and when it was on the screen.
    rebuilds: Vec<(usize, Duration)>,
    /// All that it was late by: in waking up, and in work that took longer than it should have.
    late: Duration,
}

impl Seen {
    fn ages(&self) -> Vec<Duration> {
        let mut arrivals = self.arrivals.iter();
        let mut ages = Vec::new();
        for (taken, shown) in &self.rebuilds {
            ages.extend(arrivals.by_ref().take(*taken).map(|arrival| *shown - arrival.at));
        }
        ages
    }
}

/// When the next frame is wanted.
struct Bell {
    rings: Receiver<Instant>,
    when: Option<Instant>,
}

impl Bell {
    fn hear(&mut self, ring: Instant) {
        self.when = Some(self.when.map_or(ring, |when| when.min(ring)));
    }

    fn take(&mut self) -> Option<Instant> {
        while let Ok(ring) = self.rings.try_recv() {
            self.hear(ring);
        }
        self.when.take()
    }
}

fn real_window(
    start_loop: impl FnOnce(&egui::Context) -> (Inlet, InFrame),
    events_to_send: &[Arrival],
) -> Seen {
    let in_frame_of_page = Rc::new(RefCell::new(None::<InFrame>));
    let (ring, rings): (Sender<Instant>, _) = channel();
    let ring = Mutex::new(ring);
    let in_ui = Rc::clone(&in_frame_of_page);
    let mut seen = Seen::default();
    let taken = Rc::new(Cell::new(0));
    let counted = Rc::clone(&taken);
    let mut harness = Harness::new_ui(move |ui| {
        if let Some(in_frame) = in_ui.borrow_mut().as_mut() {
            counted.set(counted.get() + in_frame(ui.ctx()));
            busy(BUILD);
        }
    });
    harness.ctx.set_request_repaint_callback(move |info| {
        let _ = ring.lock().unwrap().send(Instant::now() + info.delay);
    });
    let (mut send, in_frame) = start_loop(&harness.ctx);
    *in_frame_of_page.borrow_mut() = Some(in_frame);
    harness.run();
    let mut bell = Bell { rings, when: None };
    bell.take();

    let start = Instant::now();
    let sent = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&sent);
    let arrivals = events_to_send.to_vec();
    let all = arrivals.len();
    let sender = thread::spawn(move || {
        for at_once in arrivals.chunk_by(|one, other| one.at == other.at) {
            let due = start + at_once[0].at;
            thread::sleep(due.saturating_duration_since(Instant::now()));
            let at = start.elapsed();
            let arrived = at_once.iter().map(|event| Arrival { at, bytes: event.bytes });
            noted.lock().unwrap().extend(arrived);
            send(at_once.iter().map(|event| event.bytes).collect());
        }
        // The end of a queue is an event too, and none of those that are compared.
        std::mem::forget(send);
    });

    let mut events = 0;
    loop {
        let Some(when) = bell.take() else {
            if events == all {
                break;
            }
            match bell.rings.recv_timeout(Duration::from_secs(60)) {
                Ok(ring) => bell.hear(ring),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
            continue;
        };
        if when > Instant::now() {
            thread::sleep(when - Instant::now());
        }
        let begin = Instant::now();
        seen.late += begin - when;
        harness.step();
        let taken = taken.take();
        let work: Duration =
            events_to_send[events..events + taken].iter().map(|event| cost(event.bytes)).sum();
        events += taken;
        seen.late += begin.elapsed().saturating_sub(BUILD + work);
        // The screen shows it at its next refresh, and the loop waits for that.
        let nanos = start.elapsed().as_nanos().div_ceil(REFRESH.as_nanos()) * REFRESH.as_nanos();
        let refresh = start + Duration::from_nanos(u64::try_from(nanos).unwrap());
        thread::sleep(refresh.saturating_duration_since(Instant::now()));
        let shown = start.elapsed();
        seen.late += shown - (refresh - start);
        seen.frames += 1;
        if taken > 0 {
            seen.rebuilds.push((taken, refresh - start));
        }
    }
    sender.join().unwrap();
    seen.arrivals = std::mem::take(&mut *sent.lock().unwrap());
    seen
}

fn compare(way: Way, events: &[Arrival]) -> Seen {
    /// One window at a time, as each keeps a processor busy, and would make another one late.
    static ALONE: Mutex<()> = Mutex::new(());

    let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let seen = match way {
        Way::OneAFrame => real_window(one_a_frame, events),
        _ => real_window(stream_builder, events),
    };
    drop(alone);
    // The very events that the real window saw.
    let setup = Setup { costs: COSTS, refresh: REFRESH, budget: BUDGET, ..Setup::default() };
    let run = run(way, &seen.arrivals, &setup);
    let figures = run.figures();

    let real: Vec<usize> = seen.rebuilds.iter().map(|(taken, _)| *taken).collect();
    let simulated: Vec<usize> = run.rebuilds().map(|frame| frame.taken).collect();
    assert_eq!(real, simulated, "events of each rebuild by {way:?}: {seen:?}");
    assert_eq!(seen.rebuilds.len(), figures.rebuilds, "rebuilds by {way:?}: {seen:?}");
    // Of a machine that is late by a refresh the wake may come when the next frame has begun: one more, with nothing
    // new in it.
    let most = figures.frames + usize::from(seen.late > REFRESH);
    assert!((figures.frames..=most).contains(&seen.frames), "frames by {way:?}: {seen:?}");
    let mut ages = seen.ages();
    assert_eq!(ages.len(), figures.events);
    ages.sort_unstable();
    let median = ages[ages.len().div_ceil(2) - 1];
    let max = *ages.last().unwrap();
    // Late by a hair is late by a refresh, as the screen shows it at the next one.
    let tolerance = seen.late + REFRESH;
    for (what, real, simulated) in
        [("median", median, figures.every.median), ("max", max, figures.every.max)]
    {
        println!(
            "{way:?}, {} events, {what}: {real:.1?} in a real window, {simulated:.1?} simulated, late by {:.1?}",
            seen.arrivals.len(),
            seen.late
        );
        assert!(real + REFRESH >= simulated, "{what} by {way:?}: {real:?} and {simulated:?}");
        assert!(real <= simulated + tolerance, "{what} by {way:?}: {real:?} and {simulated:?}");
    }
    seen
}

/// So far apart that each is shown before the next comes, even on a machine with much else to do.
fn steady() -> Vec<Arrival> {
    let at = |number| Duration::from_millis(20 + 250 * number);
    (0_u64..4).map(|number| Arrival { at: at(number), bytes: 0 }).collect()
}

/// A burst of messages of these sizes.
fn burst(at: Duration, bytes: impl IntoIterator<Item = usize>) -> Vec<Arrival> {
    bytes.into_iter().map(|bytes| Arrival { at, bytes }).collect()
}

#[test]
fn steady_events_in_a_stream_builder() {
    compare(Way::StreamBuilder, &steady());
}

#[test]
fn burst_that_a_budget_cuts_in_a_stream_builder() {
    // Each large message spends the budget, with those that wait before it.
    let small_and_large = [0, 0, 0, 1024, 0, 0, 0, 1024, 0, 0];
    let events = burst(Duration::from_millis(20), small_and_large);
    let seen = compare(Way::StreamBuilder, &events);
    let taken: Vec<usize> = seen.rebuilds.iter().map(|(taken, _)| *taken).collect();
    assert_eq!(taken, [4, 4, 2], "{seen:?}");
}

#[test]
fn steady_events_one_a_frame() {
    compare(Way::OneAFrame, &steady());
}

#[test]
fn burst_one_a_frame() {
    compare(Way::OneAFrame, &burst(Duration::from_millis(20), [0; 30]));
}
