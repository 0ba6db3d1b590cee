//! A frame asks for no more memory in a list of very many rows than in a short one.

#![cfg(not(target_arch = "wasm32"))]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use egui::{Context, RawInput, Rect, pos2};
use egui_row_list::{RowList, RowListState};

thread_local! {
    /// Bytes that this thread has asked for.
    static BYTES: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: everything is left to the system's allocator.
#[expect(unsafe_code, reason = "an allocator is unsafe by nature")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        BYTES.set(BYTES.get() + layout.size());
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(block, layout) }
    }
}

/// The bytes that a settled frame asks for, in the middle of so many rows.
fn bytes_of_a_frame(count: u64) -> usize {
    let ctx = Context::default();
    let mut list = RowListState::new();
    list.scroll_to(count / 2, None);
    let mut bytes = 0;
    for frame in 0..20_u8 {
        let input = RawInput {
            screen_rect: Some(Rect::from_min_max(pos2(0.0, 0.0), pos2(300.0, 210.0))),
            time: Some(f64::from(frame)),
            ..RawInput::default()
        };
        let before = BYTES.get();
        let output = ctx.run_ui(input, |ui| {
            RowList::new("log", 0..count, 20.0).show(ui, &mut list, |ui, _, _| {
                ui.label("a row");
            });
        });
        bytes = BYTES.get() - before;
        output.drop_without_applying_deltas();
    }
    assert_eq!(list.visible().start, count / 2 - 10);
    bytes
}

#[test]
fn very_many_rows_need_no_more_memory() {
    let few = bytes_of_a_frame(1_000);
    assert!(few > 0);
    for count in [10_000_000, 1_000_000_000_000, u64::MAX] {
        let many = bytes_of_a_frame(count);
        // The hash tables of egui grow at other moments with other ids.
        assert!(many.abs_diff(few) < few / 10, "{many} bytes with {count} rows, {few} with few");
    }
}
