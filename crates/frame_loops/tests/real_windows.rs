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
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use egui_kittest::Harness;
use egui_stream_builder::{StreamBuilder, infallible};
use frame_loops::{Arrival, Costs, Setup, Way, run};

const REFRESH: Duration = Duration::from_micros(16_667);
const BUILD: Duration = Duration::from_millis(2);
const EVENT: Duration = Duration::from_micros(100);

/// A loop as it stands in an app: the page calls it once a frame.
type InFrame = Box<dyn FnMut(&egui::Context) -> usize>;
/// Where its events come from: a thread.
type Inlet = Box<dyn FnMut() + Send>;

fn busy(time: Duration) {
    let start = Instant::now();
    while start.elapsed() < time {
        std::hint::spin_loop();
    }
}

fn stream_builder(_: &egui::Context) -> (Inlet, InFrame) {
    let (sender, receiver) = futures::channel::mpsc::unbounded();
    let mut builder = StreamBuilder::new();
    builder.set_stream("events", || infallible(receiver));
    let in_frame = move |ctx: &egui::Context| {
        let update = builder.update_with(ctx, |_| busy(EVENT));
        usize::try_from(update.events).unwrap_or(usize::MAX)
    };
    (Box::new(move || drop(sender.unbounded_send(()))), Box::new(in_frame))
}

fn one_a_frame(ctx: &egui::Context) -> (Inlet, InFrame) {
    let (sender, queue) = channel();
    let sends_to = ctx.clone();
    let send = move || {
        let _ = sender.send(());
        sends_to.request_repaint();
    };
    let in_frame = move |ctx: &egui::Context| match queue.try_recv() {
        Ok(()) => {
            busy(EVENT);
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
    times: &[Duration],
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
    let times = times.to_vec();
    let all = times.len();
    let sender = thread::spawn(move || {
        for time in times {
            thread::sleep((start + time).saturating_duration_since(Instant::now()));
            noted.lock().unwrap().push(Arrival { at: start.elapsed(), bytes: 0 });
            send();
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
        events += taken;
        seen.late += begin.elapsed().saturating_sub(BUILD + EVENT * u32::try_from(taken).unwrap());
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

fn compare(way: Way, times: &[Duration]) {
    let seen = match way {
        Way::OneAFrame => real_window(one_a_frame, times),
        _ => real_window(stream_builder, times),
    };
    // The very events that the real window saw.
    let costs = Costs { event: EVENT, kibibyte: Duration::ZERO, build: BUILD };
    let setup = Setup { costs, refresh: REFRESH, ..Setup::default() };
    let figures = run(way, &seen.arrivals, &setup).figures();

    assert_eq!(seen.rebuilds.len(), figures.rebuilds, "rebuilds by {way:?}: {seen:?}");
    assert_eq!(seen.frames, figures.frames, "frames by {way:?}: {seen:?}");
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
}

/// So far apart that each is shown before the next comes, even on a machine with much else to do.
fn steady() -> Vec<Duration> {
    (0..4).map(|number| Duration::from_millis(20 + 250 * number)).collect()
}

#[test]
fn steady_events_in_a_stream_builder() {
    compare(Way::StreamBuilder, &steady());
}

#[test]
fn steady_events_one_a_frame() {
    compare(Way::OneAFrame, &steady());
}

#[test]
fn burst_one_a_frame() {
    compare(Way::OneAFrame, &[Duration::from_millis(20); 30]);
}
