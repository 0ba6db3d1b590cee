//! What is compared: each way is a place to send from, on any thread, and a place to take from, in a frame.

use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use egui::Context;
use egui_inbox::UiInbox;
use egui_stream_builder::{Event, StreamBuilder, infallible};
use web_socket_channel::{Bytes, Message, memory};

/// From one look to the next, of the way that looks without being asked: the frames of most screens.
pub(crate) const POLL: Duration = Duration::from_micros(16_667);

/// One way, ready for a frame loop.
pub(crate) struct Way {
    /// Sends one event. It is moved to another thread.
    pub(crate) send: Box<dyn FnMut() + Send>,
    /// Takes in what has come and says how much it was. Called at the start of each frame.
    pub(crate) take: Box<dyn FnMut(&Context) -> usize>,
}

type Make = fn(&Context) -> Way;

/// All of them, by name. The others are compared with the first.
pub(crate) const ALL: [(&str, Make); 6] = [
    ("a channel's mailbox, StreamBuilder", channel),
    ("futures mpsc, StreamBuilder", futures_mpsc),
    ("a Vec under a mutex, swapped", swapped),
    ("std mpsc, a repaint for each", std_mpsc),
    ("egui_inbox", inbox),
    ("std mpsc, polled at 60 Hz", polled),
];

/// What is sent: the same for all. It is made and copied without an allocation.
fn event() -> Message {
    Message::Binary(Bytes::from_static(b"a text"))
}

/// As in the app: the channel's mailbox, whose far end is played here and not by a socket.
fn channel(_: &Context) -> Way {
    let (channel, far_end) = memory::scripted();
    far_end.open(None);
    let mut builder = StreamBuilder::new();
    builder.set_stream("the channel", || channel);
    Way { send: Box::new(move || far_end.send(event())), take: Box::new(taker(builder)) }
}

fn futures_mpsc(_: &Context) -> Way {
    let (sender, receiver) = futures::channel::mpsc::unbounded();
    let mut builder = StreamBuilder::new();
    builder.set_stream("the receiver", || infallible(receiver));
    let send = move || {
        // It fails only where the frame loop is gone, and then nobody counts.
        let _ = sender.unbounded_send(event());
    };
    Way { send: Box::new(send), take: Box::new(taker(builder)) }
}

fn taker<E: 'static>(mut builder: StreamBuilder<Message, E>) -> impl FnMut(&Context) -> usize {
    move |ctx| {
        let mut taken = 0;
        builder.update_with(ctx, |event| taken += usize::from(matches!(event, Event::Data(_))));
        taken
    }
}

/// The least there is: what a mailbox does, without a stream, a bound or an end.
fn swapped(ctx: &Context) -> Way {
    let queue = Arc::new((Mutex::new(Vec::new()), AtomicBool::new(false)));
    let (ctx, sender) = (ctx.clone(), Arc::clone(&queue));
    let send = move || {
        sender.0.lock().unwrap_or_else(PoisonError::into_inner).push(event());
        if !sender.1.swap(true, Ordering::AcqRel) {
            ctx.request_repaint();
        }
    };
    let mut taken = Vec::new();
    let take = move |_: &Context| {
        if !queue.1.swap(false, Ordering::AcqRel) {
            return 0;
        }
        mem::swap(&mut *queue.0.lock().unwrap_or_else(PoisonError::into_inner), &mut taken);
        taken.drain(..).count()
    };
    Way { send: Box::new(send), take: Box::new(take) }
}

/// As egui's documentation does it.
fn std_mpsc(ctx: &Context) -> Way {
    let (sender, receiver) = mpsc::channel();
    let ctx = ctx.clone();
    let send = move || {
        let _ = sender.send(event());
        ctx.request_repaint();
    };
    Way { send: Box::new(send), take: Box::new(move |_| receiver.try_iter().count()) }
}

fn inbox(ctx: &Context) -> Way {
    let inbox = UiInbox::new_with_ctx(ctx);
    let sender = inbox.sender();
    let send = move || {
        let _ = sender.send(event());
    };
    Way { send: Box::new(send), take: Box::new(move |ctx| inbox.read(ctx).count()) }
}

fn polled(_: &Context) -> Way {
    let (sender, receiver) = mpsc::channel();
    let send = move || {
        let _ = sender.send(event());
    };
    let take = move |ctx: &Context| {
        ctx.request_repaint_after(POLL);
        receiver.try_iter().count()
    };
    Way { send: Box::new(send), take: Box::new(take) }
}
