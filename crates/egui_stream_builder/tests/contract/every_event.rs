//! Every event is seen in order, before the snapshot reduces them to the last, and each is counted.

use egui_stream_builder::{ConnectionState, Counters, Event, StreamBuilder, Update};
use futures::channel::mpsc;

use crate::window::Window;

/// Data that can't be cloned, and an error that can't either.
#[derive(Debug, PartialEq, Eq)]
struct Number(u16);

#[derive(Debug, PartialEq, Eq)]
struct Failed;

fn name(event: Event<'_, Number, Failed>) -> String {
    match event {
        Event::Data(Number(number)) => format!("number {number}"),
        Event::Error(Failed) => String::from("failed"),
        Event::Done => String::from("done"),
    }
}

#[test]
fn many_events_in_a_frame_are_one_rebuild_and_all_are_seen() {
    let window = Window::new();
    let (sender, receiver) = mpsc::unbounded();
    let mut builder = StreamBuilder::new();
    builder.set_stream("fruit", || receiver);
    let mut log = Vec::new();

    sender.unbounded_send(Ok(Number(1))).unwrap();
    sender.unbounded_send(Err(Failed)).unwrap();
    sender.unbounded_send(Ok(Number(3678))).unwrap();
    let mut built = Vec::new();
    window.frame(|ui| {
        let update = builder.update_with(ui.ctx(), |event| log.push(name(event)));
        assert_eq!(update, Update { events: 3, is_cut: false });
        builder.show(ui, |_, snapshot| {
            built.push(snapshot.data().map(|number| number.0));
        });
    });
    assert_eq!(log, ["number 1", "failed", "number 3678"]);
    assert_eq!(built, [Some(3678)]);

    drop(sender);
    window.frame(|ui| {
        builder.update_with(ui.ctx(), |event| log.push(name(event)));
    });
    assert_eq!(log.split_off(3), ["done"]);
    assert_eq!(builder.snapshot().connection_state(), ConnectionState::Done);
}

#[test]
fn the_counters_tell_what_the_stream_did() {
    let window = Window::new();
    let (sender, receiver) = mpsc::unbounded();
    let mut builder = StreamBuilder::new();
    let frame = |builder: &mut StreamBuilder<Number, Failed>| {
        window.frame(|ui| {
            builder.update(ui.ctx());
        });
    };

    // The first poll finds nothing. The channel then wakes once for a burst of three.
    builder.set_stream("first", || receiver);
    frame(&mut builder);
    for number in 0..3 {
        sender.unbounded_send(Ok(Number(number))).unwrap();
    }
    frame(&mut builder);
    let first = Counters { events: 3, wakes: 1, rebuilds: 1 };
    assert_eq!(builder.counters(), first);

    // Frames for other reasons than the stream's are no rebuilds.
    frame(&mut builder);
    frame(&mut builder);
    assert_eq!(builder.counters(), first);

    // Another stream counts on.
    let (sender, receiver) = mpsc::unbounded();
    builder.set_stream("second", || receiver);
    frame(&mut builder);
    sender.unbounded_send(Err(Failed)).unwrap();
    frame(&mut builder);
    drop(sender);
    frame(&mut builder);
    assert_eq!(builder.counters(), Counters { events: 5, wakes: 3, rebuilds: 3 });
}

#[test]
fn events_of_the_old_stream_are_not_seen() {
    let window = Window::new();
    let (sender, receiver) = mpsc::unbounded();
    let mut builder = StreamBuilder::<Number, Failed>::new();
    builder.set_stream("first", || receiver);
    sender.unbounded_send(Ok(Number(1))).unwrap();
    builder.set_stream("second", futures::stream::pending);
    window.frame(|ui| {
        builder.update_with(ui.ctx(), |event| unreachable!("{event:?}"));
    });
}
