//! A flood of events is cut by the budget of a frame, and the rest comes in the frames after it.

use std::cell::Cell;
use std::rc::Rc;
use std::task::Poll;
use std::time::{Duration, Instant};

use egui::ViewportId;
use egui_stream_builder::{
    ConnectionState, DEFAULT_BUDGET, Event, Snapshot, StreamBuilder, Update, infallible,
};
use futures::stream::{self, StreamExt as _};

use crate::window::Window;

#[test]
fn a_budget_of_zero_takes_one_event_and_asks_for_the_next_frame() {
    let window = Window::new();
    let mut builder = StreamBuilder::new();
    builder.budget = Duration::ZERO;
    builder.set_stream("numbers", || infallible(stream::iter([1, 2, 3])));

    for number in [1, 2, 3] {
        window.frame(|ui| {
            assert_eq!(builder.update(ui.ctx()), Update { events: 1, is_cut: true });
        });
        assert_eq!(window.take_requests(), [ViewportId::ROOT]);
        assert_eq!(*builder.snapshot(), Snapshot::with_data(ConnectionState::Active, number));
    }

    // The end is an event too, and after it there is nothing to ask for.
    window.frame(|ui| {
        assert_eq!(builder.update(ui.ctx()), Update { events: 1, is_cut: false });
    });
    assert_eq!(window.take_requests(), []);
}

#[test]
fn a_flood_is_cut_and_nothing_of_it_is_lost() {
    const FLOOD: u32 = 1_000_000;

    let window = Window::new();
    let mut builder: StreamBuilder<u32> = StreamBuilder::new();
    builder.set_stream("flood", || {
        infallible(stream::iter(0..FLOOD).map(|number| {
            // However fast the machine, each of these takes a whole budget, so there are at least as many
            // frames as there are of these.
            if number % (FLOOD / 5) == 0 {
                let start = Instant::now();
                while start.elapsed() < DEFAULT_BUDGET {}
            }
            number
        }))
    });

    let mut expected = 0;
    let mut frames = 0;
    let mut cuts = 0;
    window.ctx.request_repaint();
    window.rest(|ui| {
        let before = expected;
        let update = builder.update_with(ui.ctx(), |event| {
            if let Event::Data(number) = event {
                assert_eq!(*number, expected);
                expected += 1;
            }
        });
        if update.events == 0 {
            return;
        }
        frames += 1;
        cuts += usize::from(update.is_cut);
        // What is drawn is the last of what was taken in, whether or not there is more.
        assert!(before < expected || !update.is_cut);
        assert_eq!(builder.snapshot().data().copied(), expected.checked_sub(1));
    });

    assert_eq!(expected, FLOOD);
    assert!(5 <= cuts, "cut {cuts} times");
    assert_eq!(frames, cuts + 1, "only the frame with the end is not cut");
    assert_eq!(builder.snapshot().connection_state(), ConnectionState::Done);
}

#[test]
fn no_budget_at_all_takes_everything_at_once() {
    let window = Window::new();
    let mut builder = StreamBuilder::new();
    builder.budget = Duration::MAX;
    builder.set_stream("numbers", || infallible(stream::iter(0..10_000)));
    window.frame(|ui| {
        assert_eq!(builder.update(ui.ctx()), Update { events: 10_001, is_cut: false });
    });
}

#[test]
fn another_stream_drops_what_the_budget_left() {
    let window = Window::new();
    let mut builder = StreamBuilder::new();
    builder.budget = Duration::ZERO;
    builder.set_stream("first", || infallible(stream::iter([1, 2, 3]).boxed()));
    window.frame(|ui| {
        builder.update(ui.ctx());
    });
    builder.set_stream("second", || infallible(stream::pending().boxed()));
    window.rest(|ui| {
        builder.update_with(ui.ctx(), |event| unreachable!("{event:?}"));
    });
    assert_eq!(*builder.snapshot(), Snapshot::with_data(ConnectionState::Waiting, 1));
}

#[test]
fn a_stream_that_yields_is_polled_in_the_next_frame_and_not_before() {
    let window = Window::new();
    let polls = Rc::new(Cell::new(0));
    let counted = Rc::clone(&polls);
    let mut builder = StreamBuilder::new();
    builder.set_stream("yields", || {
        infallible(stream::poll_fn(move |cx| {
            counted.set(counted.get() + 1);
            if counted.get() < 3 {
                cx.waker().wake_by_ref();
                Poll::Pending
            } else {
                Poll::Ready(Some("a text"))
            }
        }))
    });
    for polls_so_far in [1, 2] {
        window.frame(|ui| {
            assert_eq!(builder.update(ui.ctx()), Update::default());
        });
        assert_eq!(polls.get(), polls_so_far);
        assert_eq!(window.take_requests(), [ViewportId::ROOT]);
    }
    builder.budget = Duration::ZERO;
    window.frame(|ui| {
        assert_eq!(builder.update(ui.ctx()).events, 1);
    });
}
