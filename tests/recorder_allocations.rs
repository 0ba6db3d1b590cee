//! With the panel closed a message costs not one allocation more than without the panel.
//!
//! A file of its own, as the allocator counts for all of a process, and this is its only test.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]
#![allow(unsafe_code, reason = "an allocator that counts is one that is unsafe")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering};

use egui_stream_builder::StreamBuilder;
use web_socket_channel::{Error, Message, Options, memory};
use websocket_echo::recorder::Recorder;

struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// SAFETY: all of it is the system's; only a number is counted besides.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: as the caller has promised.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: as the caller has promised.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How many messages are sent, so many for each frame.
const FRAMES: u64 = 100;
const PER_FRAME: u64 = 36;

/// How many allocations that takes from the socket to the snapshot, with the panel or without.
fn allocations(panel: Option<Panel>) -> u64 {
    let ctx = egui::Context::default();
    let mut messages = StreamBuilder::<Message, Error>::new();
    let mut recorder = Recorder::new();
    let mut options = Options::default();
    if let Some(panel) = panel {
        messages.on_wake(recorder.on_wake());
        options.tap = Some(recorder.tap(&ctx));
        if panel == Panel::Open {
            recorder.begin(messages.counters(), 0);
        }
    }
    let (channel, remote) = memory::scripted_with(options);
    remote.open(None);
    messages.set_stream("raisins", || channel);
    let message = Message::from("raisin");
    let mut frame = || {
        for _ in 0..PER_FRAME {
            remote.send(message.clone());
        }
        if panel.is_some() {
            recorder.frame(0);
            recorder.update(&mut messages, &ctx, |_| {});
            recorder.drawn();
        } else {
            messages.update(&ctx);
        }
    };
    // The queues grow to their size first.
    for _ in 0..FRAMES {
        frame();
    }
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    for _ in 0..FRAMES {
        frame();
    }
    let allocations = ALLOCATIONS.load(Ordering::Relaxed) - before;
    assert_eq!(messages.counters().events, 2 * FRAMES * PER_FRAME);
    allocations
}

#[derive(Clone, Copy, PartialEq)]
enum Panel {
    Closed,
    Open,
}

#[test]
fn closed_it_costs_no_allocation_and_open_it_would_be_noticed() {
    let without = allocations(None);
    assert_eq!(allocations(Some(Panel::Closed)), without);
    // That the counter counts is seen where the panel is open.
    assert!(allocations(Some(Panel::Open)) > without);
}
