//! With the panel closed a message costs not one allocation more than without the panel.
//!
//! A file of its own, as the allocator counts for all of a process, and this is its only test.

#![allow(unsafe_code, reason = "an allocator that counts is one that is unsafe")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering};

#[allow(dead_code, reason = "its `main` measures times")]
#[path = "../examples/panel_cost.rs"]
mod panel_cost;
use panel_cost::{Panel, Way};

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

/// How many frames are drawn, and how many messages come for each.
const FRAMES: u64 = 100;
const PER_FRAME: u32 = 36;

/// How many allocations that takes from the socket to the snapshot.
fn allocations(panel: Panel) -> u64 {
    let mut way = Way::new(panel);
    // The queues grow to their size first.
    for _ in 0..FRAMES {
        way.frame(PER_FRAME);
    }
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    for _ in 0..FRAMES {
        way.frame(PER_FRAME);
    }
    let allocations = ALLOCATIONS.load(Ordering::Relaxed) - before;
    assert_eq!(way.events(), 2 * FRAMES * u64::from(PER_FRAME));
    allocations
}

#[test]
fn closed_it_costs_no_allocation_and_open_it_would_be_noticed() {
    let without = allocations(Panel::None);
    assert_eq!(allocations(Panel::Closed), without);
    // That the counter counts is seen where the panel is open.
    assert!(allocations(Panel::Open) > without);
}
