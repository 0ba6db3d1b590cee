//! No event, no frame: who asks for a repaint, when, how often, and of which viewport.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};
use std::thread;

use egui::ViewportId;
use egui_stream_builder::{RepaintWaker, Snapshot, StreamBuilder, Update, infallible};
use futures::channel::{mpsc, oneshot};
use futures::{FutureExt as _, Stream, StreamExt as _, stream};

use crate::window::Window;

/// The waker that a [`hoarder`] was polled with last.
type Hoard = Arc<Mutex<Option<Waker>>>;

/// A stream that has nothing to say, and leaves the waker it is polled with where it can be misused.
fn hoarder(hoard: &Hoard) -> impl Stream<Item = u32> + use<> {
    let hoard = Arc::clone(hoard);
    stream::poll_fn(move |cx| {
        *hoard.lock().unwrap_or_else(PoisonError::into_inner) = Some(cx.waker().clone());
        Poll::Pending
    })
}

fn take_waker(hoard: &Hoard) -> Waker {
    hoard.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap()
}

/// A builder that listens to such a stream, and was updated in one frame.
fn listening(window: &Window, hoard: &Hoard) -> StreamBuilder<u32> {
    let mut builder = StreamBuilder::new();
    builder.set_stream("hoarder", || infallible(hoarder(hoard)));
    window.frame(|ui| {
        builder.update(ui.ctx());
    });
    builder
}

#[test]
fn without_an_event_there_is_no_repaint_and_no_poll() {
    let window = Window::new();
    let polls = Rc::new(Cell::new(0));
    let counted = Rc::clone(&polls);
    let mut builder: StreamBuilder<u32> = StreamBuilder::new();
    builder.set_stream("silence", || {
        infallible(stream::poll_fn(move |_| {
            counted.set(counted.get() + 1);
            Poll::Pending
        }))
    });
    // Frames that somebody else asked for, by moving the mouse say.
    for _ in 0..10 {
        window.frame(|ui| {
            assert_eq!(builder.update(ui.ctx()), Update::default());
        });
    }
    assert_eq!(polls.get(), 1);
    assert_eq!(window.take_requests(), []);
    assert!(!window.ctx.has_requested_repaint());
}

#[test]
fn a_wake_asks_for_one_repaint_however_often_it_comes() {
    let window = Window::new();
    let hoard = Hoard::default();
    let mut builder = listening(&window, &hoard);
    let waker = take_waker(&hoard);

    for _ in 0..1000 {
        waker.wake_by_ref();
    }
    assert_eq!(window.take_requests(), [ViewportId::ROOT]);
    assert_eq!(builder.counters().wakes, 1000);

    // The frame that was asked for has been, so the next wake asks again.
    window.rest(|ui| {
        builder.update(ui.ctx());
    });
    waker.wake();
    assert_eq!(window.take_requests(), [ViewportId::ROOT]);
}

#[test]
fn an_event_from_another_thread_asks_for_a_repaint() {
    let window = Window::new();
    let (sender, receiver) = mpsc::unbounded();
    let mut builder = StreamBuilder::new();
    builder.set_stream("thread", || infallible(receiver));
    window.rest(|ui| {
        builder.update(ui.ctx());
    });
    window.frame(|ui| {
        builder.update(ui.ctx());
    });
    assert!(!window.ctx.has_requested_repaint());

    thread::spawn(move || sender.unbounded_send("a text").is_ok()).join().unwrap();
    assert!(window.ctx.has_requested_repaint());
    window.rest(|ui| {
        builder.update(ui.ctx());
    });
    assert_eq!(builder.snapshot().data(), Some(&"a text"));
}

#[test]
fn a_wake_repaints_the_viewport_of_the_update() {
    let window = Window::new();
    let child = ViewportId::from_hash_of("child");
    let hoard = Hoard::default();
    let mut builder = StreamBuilder::new();
    builder.set_stream("hoarder", || infallible(hoarder(&hoard)));
    window.frame_of(child, |ui| {
        builder.update(ui.ctx());
    });
    window.take_requests();

    take_waker(&hoard).wake();
    assert_eq!(window.take_requests(), [child]);
    assert!(!window.ctx.has_requested_repaint_for(&ViewportId::ROOT));
}

#[test]
fn a_builder_that_moves_to_another_viewport_takes_its_wakes_along() {
    let window = Window::new();
    let child = ViewportId::from_hash_of("child");
    let hoard = Hoard::default();
    let mut builder = listening(&window, &hoard);
    let at_home = take_waker(&hoard);

    window.frame_of(child, |ui| {
        builder.update(ui.ctx());
    });
    window.take_requests();
    at_home.wake();
    assert_eq!(window.take_requests(), []);
    take_waker(&hoard).wake();
    assert_eq!(window.take_requests(), [child]);
}

#[test]
fn who_looks_at_wakes_sees_each_and_which_of_them_asks() {
    let window = Window::new();
    let hoard = Hoard::default();
    let mut builder = listening(&window, &hoard);
    let wakes = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&wakes);
    builder.on_wake(move |asks| seen.lock().unwrap().push(asks));
    let take = || std::mem::take(&mut *wakes.lock().unwrap());

    // The stream has a waker of before: it is polled again, and nobody has woken it.
    assert!(builder.has_news());
    assert_eq!(window.take_requests(), [ViewportId::ROOT]);
    window.frame(|ui| {
        builder.update(ui.ctx());
    });
    assert!(!builder.has_news());
    assert_eq!(take(), [false; 0]);

    let waker = take_waker(&hoard);
    for _ in 0..3 {
        waker.wake_by_ref();
    }
    assert!(builder.has_news());
    assert_eq!(take(), [true, false, false]);

    // The wakers of later streams are seen too.
    builder.set_stream("another", || infallible(hoarder(&hoard)));
    window.frame(|ui| {
        builder.update(ui.ctx());
    });
    take_waker(&hoard).wake();
    assert_eq!(take(), [true]);
    assert_eq!(builder.counters().wakes, 4);
}

#[test]
fn without_a_stream_there_is_no_news() {
    let window = Window::new();
    let mut builder: StreamBuilder<u32> = StreamBuilder::new();
    assert!(!builder.has_news());
    builder.set_stream("one", || infallible(stream::iter([3678])));
    assert!(builder.has_news());
    window.frame(|ui| {
        builder.update(ui.ctx());
    });
    assert!(!builder.has_news(), "it has ended");
}

#[test]
fn a_replaced_stream_wakes_nobody() {
    let window = Window::new();
    let hoard = Hoard::default();
    let mut builder = listening(&window, &hoard);
    let stale = take_waker(&hoard);

    builder.set_stream("silence", || infallible(stream::pending()));
    window.rest(|ui| {
        builder.update(ui.ctx());
    });
    stale.wake();
    assert_eq!(window.take_requests(), []);
    assert!(!window.ctx.has_requested_repaint());
}

#[test]
fn an_ended_stream_wakes_nobody() {
    let window = Window::new();
    let hoard = Hoard::default();
    let mut builder: StreamBuilder<u32> = StreamBuilder::new();
    builder.set_stream("short", || {
        let hoard = Arc::clone(&hoard);
        infallible(stream::poll_fn(move |cx| {
            *hoard.lock().unwrap_or_else(PoisonError::into_inner) = Some(cx.waker().clone());
            Poll::Ready(None)
        }))
    });
    window.frame(|ui| {
        builder.update(ui.ctx());
    });
    take_waker(&hoard).wake();
    assert_eq!(window.take_requests(), []);
}

#[test]
fn a_dropped_builder_wakes_nobody() {
    let window = Window::new();
    let hoard = Hoard::default();
    drop(listening(&window, &hoard));
    take_waker(&hoard).wake();
    assert_eq!(window.take_requests(), []);

    // Nor does a stream that wakes as it is let go.
    struct Noisy(Hoard);

    impl Drop for Noisy {
        fn drop(&mut self) {
            take_waker(&self.0).wake();
        }
    }

    let noisy = Noisy(Arc::clone(&hoard));
    let mut builder = StreamBuilder::new();
    builder.set_stream("noise", || {
        infallible(hoarder(&hoard).inspect(move |_| {
            let _kept = &noisy;
        }))
    });
    window.frame(|ui| {
        builder.update(ui.ctx());
    });
    drop(builder);
    assert_eq!(window.take_requests(), []);
}

#[test]
fn a_stream_that_is_set_between_frames_asks_for_its_first_poll() {
    let window = Window::new();
    let hoard = Hoard::default();
    let mut builder = listening(&window, &hoard);
    window.rest(|_| {});

    builder.set_stream("numbers", || infallible(stream::iter([3678])));
    assert_eq!(window.take_requests(), [ViewportId::ROOT]);
    window.rest(|ui| {
        builder.update(ui.ctx());
    });
    assert_eq!(builder.snapshot().data(), Some(&3678));

    // After its end too, and for what is let go.
    builder.set_stream("more", || infallible(stream::pending()));
    assert_eq!(window.take_requests(), [ViewportId::ROOT]);
    window.rest(|ui| {
        builder.update(ui.ctx());
    });
    builder.clear_stream();
    assert_eq!(window.take_requests(), [ViewportId::ROOT]);

    // The same stream again is no reason to draw.
    builder.set_stream("numbers", || infallible(stream::pending()));
    window.take_requests();
    builder.set_stream("numbers", || infallible(stream::pending()));
    assert_eq!(window.take_requests(), []);
}

#[test]
fn a_hidden_window_takes_events_in() {
    let window = Window::new();
    let (sender, receiver) = mpsc::unbounded();
    let mut builder = StreamBuilder::new();
    builder.set_stream("hidden", || infallible(receiver));
    for number in [1, 3678] {
        sender.unbounded_send(number).unwrap();
        window.hidden_frame(|ctx| {
            assert_eq!(builder.update(ctx).events, 1);
        });
    }
    assert_eq!(builder.snapshot().data(), Some(&3678));
}

#[test]
fn all_passes_of_a_frame_draw_the_same_snapshot() {
    let window = Window::new();
    let (sender, receiver) = mpsc::unbounded();
    let mut builder = StreamBuilder::new();
    builder.set_stream("fruit", || infallible(receiver));
    sender.unbounded_send("a text").unwrap();

    let mut drawn = Vec::new();
    window.frame(|ui| {
        builder.update(ui.ctx());
        builder.show(ui, |_, snapshot| drawn.push(snapshot.data().copied()));
        if drawn.len() == 1 {
            ui.ctx().request_discard("to be laid out once more");
            sender.unbounded_send("other").unwrap();
        }
    });
    assert_eq!(drawn, [Some("a text"), Some("a text")]);

    // The event that came in between has its frame.
    assert!(window.ctx.has_requested_repaint());
    window.rest(|ui| {
        builder.update(ui.ctx());
    });
    assert_eq!(builder.snapshot().data(), Some(&"other"));
}

#[test]
fn a_builder_that_first_appears_in_a_repeated_pass_gets_a_frame() {
    let window = Window::new();
    let mut builder: StreamBuilder<u32> = StreamBuilder::new();
    builder.set_stream("numbers", || infallible(stream::iter([3678])));
    let mut passes = 0;
    window.frame(|ui| {
        passes += 1;
        if passes == 1 {
            ui.ctx().request_discard("to be laid out once more");
        } else {
            builder.update(ui.ctx());
        }
    });
    assert_eq!(passes, 2);
    assert_eq!(*builder.snapshot(), Snapshot::waiting());
    window.rest(|ui| {
        builder.update(ui.ctx());
    });
    assert_eq!(builder.snapshot().data(), Some(&3678));
}

#[test]
fn a_future_is_polled_with_the_waker_alone() {
    let window = Window::new();
    let (sender, mut ready) = oneshot::channel();
    let waker = RepaintWaker::new(&window.ctx, ViewportId::ROOT);

    assert_eq!(waker.if_woken(|cx| ready.poll_unpin(cx)), Some(Poll::Pending));
    assert_eq!(waker.if_woken(|cx| ready.poll_unpin(cx)), None);
    assert_eq!(window.take_requests(), []);

    sender.send("a text").unwrap();
    assert_eq!(window.take_requests(), [ViewportId::ROOT]);
    assert_eq!(waker.if_woken(|cx| ready.poll_unpin(cx)), Some(Poll::Ready(Ok("a text"))));
}
