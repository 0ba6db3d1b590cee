//! The states of a snapshot: what there is to draw before, during, between and after streams.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::error::Error as _;
use std::fmt;
use std::rc::Rc;
use std::task::Poll;

use egui_stream_builder::{ConnectionState, NoData, Snapshot, StreamBuilder, infallible};
use futures::channel::mpsc;
use futures::stream;

use crate::window::Window;

type Text = StreamBuilder<&'static str, OutOfStock>;

#[derive(Debug, PartialEq, Eq)]
struct OutOfStock;

impl fmt::Display for OutOfStock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("out of stock")
    }
}

impl std::error::Error for OutOfStock {}

/// One frame, and what the builder draws in it.
fn drawn(window: &Window, builder: &mut Text) -> Snapshot<&'static str, &'static str> {
    let mut drawn = Snapshot::nothing();
    window.frame(|ui| {
        builder.update(ui.ctx());
        drawn = builder
            .show(ui, |_, snapshot| {
                let state = snapshot.connection_state();
                match snapshot.value() {
                    Some(Ok(data)) => Snapshot::with_data(state, *data),
                    Some(Err(OutOfStock)) => Snapshot::with_error(state, "out of stock"),
                    None if state == ConnectionState::Waiting => Snapshot::waiting(),
                    None => {
                        assert!(matches!(state, ConnectionState::None | ConnectionState::Done));
                        Snapshot::nothing()
                    }
                }
            })
            .inner;
    });
    drawn
}

fn active(data: &'static str) -> Snapshot<&'static str, &'static str> {
    Snapshot::with_data(ConnectionState::Active, data)
}

#[test]
fn without_a_stream_there_is_nothing() {
    let window = Window::new();
    assert_eq!(drawn(&window, &mut Text::new()), Snapshot::nothing());
    assert_eq!(Text::new().snapshot().connection_state(), ConnectionState::None);
}

#[test]
fn without_a_stream_there_is_the_initial_data() {
    let window = Window::new();
    assert_eq!(
        drawn(&window, &mut Text::with_initial_data("a text")),
        Snapshot::with_data(ConnectionState::None, "a text")
    );
}

#[test]
fn a_new_stream_is_waited_for_from_the_first_build_on() {
    let window = Window::new();
    let mut builder = Text::new();
    assert!(builder.set_stream("never", stream::pending));
    assert_eq!(*builder.snapshot(), Snapshot::waiting());
    assert_eq!(drawn(&window, &mut builder), Snapshot::waiting());
}

#[test]
fn a_new_stream_keeps_the_initial_data() {
    let window = Window::new();
    let mut builder = Text::with_initial_data("a text");
    builder.set_stream("never", stream::pending);
    assert_eq!(
        drawn(&window, &mut builder),
        Snapshot::with_data(ConnectionState::Waiting, "a text")
    );
}

#[test]
fn data_makes_it_active_and_clears_an_error() {
    let window = Window::new();
    let (sender, receiver) = mpsc::unbounded();
    let mut builder = Text::with_initial_data("initial");
    builder.set_stream("fruit", || receiver);

    sender.unbounded_send(Ok("a text")).unwrap();
    assert_eq!(drawn(&window, &mut builder), active("a text"));

    sender.unbounded_send(Err(OutOfStock)).unwrap();
    drawn(&window, &mut builder);
    sender.unbounded_send(Ok("other")).unwrap();
    assert_eq!(drawn(&window, &mut builder), active("other"));
    assert!(builder.snapshot().has_data());
    assert!(!builder.snapshot().has_error());
}

#[test]
fn an_error_makes_it_active_and_clears_the_data() {
    let window = Window::new();
    let (sender, receiver) = mpsc::unbounded();
    let mut builder = Text::with_initial_data("initial");
    builder.set_stream("fruit", || receiver);

    sender.unbounded_send(Err(OutOfStock)).unwrap();
    assert_eq!(
        drawn(&window, &mut builder),
        Snapshot::with_error(ConnectionState::Active, "out of stock")
    );
    assert!(!builder.snapshot().has_data());
    assert!(builder.snapshot().has_error());
}

#[test]
fn at_the_end_it_is_done_and_the_last_data_stays() {
    let window = Window::new();
    let mut builder = Text::new();
    builder.set_stream("fruit", || stream::iter([Ok("a text"), Ok("other")]));
    assert_eq!(drawn(&window, &mut builder), Snapshot::with_data(ConnectionState::Done, "other"));
}

#[test]
fn at_the_end_it_is_done_and_the_last_error_stays() {
    let window = Window::new();
    let mut builder = Text::new();
    builder.set_stream("fruit", || stream::iter([Ok("a text"), Err(OutOfStock)]));
    assert_eq!(
        drawn(&window, &mut builder),
        Snapshot::with_error(ConnectionState::Done, "out of stock")
    );
}

#[test]
fn a_stream_that_ends_at_once_leaves_the_initial_data() {
    let window = Window::new();
    let mut builder = Text::with_initial_data("a text");
    builder.set_stream("fruit", stream::empty);
    assert_eq!(drawn(&window, &mut builder), Snapshot::with_data(ConnectionState::Done, "a text"));
}

#[test]
fn an_ended_stream_is_never_polled_again() {
    let window = Window::new();
    let polls = Rc::new(Cell::new(0));
    let mut builder = Text::new();
    let counted = Rc::clone(&polls);
    builder.set_stream("fruit", || {
        stream::poll_fn(move |cx| {
            counted.set(counted.get() + 1);
            // A nuisance, but not against the rules: it wakes its reader to tell it that it's over.
            cx.waker().wake_by_ref();
            Poll::Ready(None)
        })
    });
    for _ in 0..3 {
        drawn(&window, &mut builder);
    }
    assert_eq!(polls.get(), 1);
}

#[test]
fn another_stream_passes_through_none_and_waiting_and_the_last_data_stays() {
    let window = Window::new();
    let mut builder = Text::with_initial_data("initial");
    let (sender, receiver) = mpsc::unbounded();
    builder.set_stream("first", || receiver);
    sender.unbounded_send(Ok("a text")).unwrap();
    drawn(&window, &mut builder);

    assert!(builder.clear_stream());
    assert_eq!(drawn(&window, &mut builder), Snapshot::with_data(ConnectionState::None, "a text"));

    assert!(builder.set_stream("second", stream::pending));
    assert_eq!(
        drawn(&window, &mut builder),
        Snapshot::with_data(ConnectionState::Waiting, "a text")
    );
}

#[test]
fn another_stream_keeps_the_last_error_and_never_brings_initial_data_back() {
    let window = Window::new();
    let mut builder = Text::with_initial_data("initial");
    builder.set_stream("first", || stream::iter([Err(OutOfStock)]));
    drawn(&window, &mut builder);

    builder.clear_stream();
    assert_eq!(
        drawn(&window, &mut builder),
        Snapshot::with_error(ConnectionState::None, "out of stock")
    );

    builder.set_stream("second", stream::pending);
    assert_eq!(
        drawn(&window, &mut builder),
        Snapshot::with_error(ConnectionState::Waiting, "out of stock")
    );
}

#[test]
fn the_old_stream_is_let_go_before_the_new_one_is_made() {
    struct Noisy(Rc<RefCell<Vec<&'static str>>>);

    impl Drop for Noisy {
        fn drop(&mut self) {
            self.0.borrow_mut().push("old stream let go");
        }
    }

    let log = Rc::default();
    let mut builder = Text::new();
    let noisy = Noisy(Rc::clone(&log));
    builder.set_stream("first", || {
        stream::poll_fn(move |_| {
            let _kept = &noisy;
            Poll::Pending
        })
    });
    builder.set_stream("second", || {
        log.borrow_mut().push("new stream made");
        stream::pending()
    });
    assert_eq!(*log.borrow(), ["old stream let go", "new stream made"]);
}

#[test]
fn events_of_the_old_stream_are_ignored() {
    let window = Window::new();
    let mut builder = Text::new();
    let (old, receiver) = mpsc::unbounded();
    builder.set_stream("old", || receiver);
    drawn(&window, &mut builder);

    // One that is on its way when the stream is replaced, and one that comes after.
    old.unbounded_send(Ok("stale")).unwrap();
    let (new, receiver) = mpsc::unbounded();
    builder.set_stream("new", || receiver);
    assert!(old.unbounded_send(Ok("staler")).is_err());
    assert_eq!(drawn(&window, &mut builder), Snapshot::waiting());

    new.unbounded_send(Ok("fresh")).unwrap();
    assert_eq!(drawn(&window, &mut builder), active("fresh"));
}

#[test]
fn the_same_stream_changes_nothing() {
    let window = Window::new();
    let mut builder = Text::new();
    let (sender, receiver) = mpsc::unbounded();
    builder.set_stream(("host", 3678), || receiver);
    sender.unbounded_send(Ok("a text")).unwrap();
    drawn(&window, &mut builder);

    let again = |builder: &mut Text| {
        builder.set_stream(("host", 3678), || -> stream::Empty<_> {
            unreachable!("the stream is there already")
        })
    };
    assert!(!again(&mut builder));
    assert_eq!(drawn(&window, &mut builder), active("a text"));

    // After its end it is still the same stream.
    drop(sender);
    drawn(&window, &mut builder);
    assert!(!again(&mut builder));
    assert_eq!(drawn(&window, &mut builder), Snapshot::with_data(ConnectionState::Done, "a text"));

    // But not once it was let go.
    builder.clear_stream();
    assert!(builder.set_stream(("host", 3678), stream::empty));
}

#[test]
fn letting_go_of_no_stream_changes_nothing() {
    let mut builder = Text::with_initial_data("a text");
    assert!(!builder.clear_stream());
    assert_eq!(*builder.snapshot(), Snapshot::with_data(ConnectionState::None, "a text"));
}

#[test]
fn required_data_is_there_or_the_reason_why_not() {
    let nothing = Snapshot::<u16, OutOfStock>::nothing();
    assert_eq!(nothing.require_data(), Err(NoData::Empty(ConnectionState::None)));

    let data = Snapshot::<u16, OutOfStock>::with_data(ConnectionState::Active, 3678);
    assert_eq!(data.require_data(), Ok(&3678));

    let error = Snapshot::<u16, _>::with_error(ConnectionState::Done, OutOfStock);
    let no_data = error.require_data().unwrap_err();
    assert_eq!(no_data, NoData::Failed(&OutOfStock));
    assert!(no_data.to_string().ends_with("out of stock"));
    assert!(no_data.source().is_some());
}

#[test]
fn a_stream_without_errors_needs_no_error_type() {
    let window = Window::new();
    let mut builder: StreamBuilder<u16> = StreamBuilder::new();
    builder.set_stream("codes", || infallible(stream::iter([1000, 3678])));
    window.frame(|ui| {
        builder.update(ui.ctx());
    });
    let expected: Snapshot<u16, Infallible> = Snapshot::with_data(ConnectionState::Done, 3678);
    assert_eq!(*builder.snapshot(), expected);
}
