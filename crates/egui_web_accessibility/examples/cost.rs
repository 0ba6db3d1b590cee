//! What accessibility costs a frame: egui's tree, and the mirror of it. Without a page; `README.md` has the
//! figures.

#![allow(clippy::print_stdout, reason = "a binary")]

use std::time::{Duration, Instant};

use egui::accesskit::TreeUpdate;
use egui_web_accessibility::Mirror;

fn main() {
    println!(
        "| nodes | pass without | pass with tree | mirror: nothing new | one text | all moved | built anew | operations |"
    );
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for rows in [83, 983, 9983] {
        measure(rows);
    }
}

/// A frame of so many rows, each with a number in it and a button.
fn frame(ctx: &egui::Context, rows: usize, odd: usize, down: f32) -> Option<TreeUpdate> {
    let input = egui::RawInput {
        screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(800.0, 600.0))),
        ..Default::default()
    };
    let mut output = ctx.run_ui(input, |ui| {
        ui.add_space(down);
        for row in 0..rows {
            if row % 2 == 0 {
                ui.label(format!("Row {}", if row == 4 { odd } else { row }));
            } else {
                let _ = ui.button("Open");
            }
        }
    });
    let update = output.platform_output.accesskit_update.take();
    output.drop_without_applying_deltas();
    update
}

fn measure(rows: usize) {
    let times = (40_000 / rows).clamp(40, 400);
    let plain = egui::Context::default();
    let told = egui::Context::default();
    told.enable_accesskit();
    let update = |odd, down| frame(&told, rows, odd, down).expect("the tree is made");
    let still = |_: usize| update(0, 0.0);
    let nodes = still(0).nodes.len();

    let without = least(times, |_| (), |()| drop(frame(&plain, rows, 0, 0.0)));
    let with = least(times, |_| (), |()| drop(frame(&told, rows, 0, 0.0)));
    let mut mirror = Mirror::new("x-");
    mirror.update(still(0));
    let nothing = least(times, still, |tree| assert!(mirror.update(tree).is_empty()));
    let one = least(times, |time| update(time + 1000, 0.0), |tree| drop(mirror.update(tree)));
    let moved = least(
        times,
        |time| update(0, if time % 2 == 0 { 7.0 } else { 0.0 }),
        |tree| drop(mirror.update(tree)),
    );
    let anew = least(times, still, |tree| drop(Mirror::new("x-").update(tree)));
    let operations = Mirror::new("x-").update(still(0)).len();
    println!(
        "| {nodes} | {without:.0?} | {with:.0?} | {nothing:.0?} | {one:.0?} | {moved:.0?} | {anew:.0?} | {operations} |"
    );
}

/// The least of many times that the work took, without what prepares it: what other programs do on the machine
/// only adds.
fn least<T>(
    times: usize,
    mut prepare: impl FnMut(usize) -> T,
    mut work: impl FnMut(T),
) -> Duration {
    let mut taken = Vec::with_capacity(times);
    for time in 0..times {
        let prepared = prepare(time);
        let start = Instant::now();
        work(prepared);
        taken.push(start.elapsed());
    }
    taken.into_iter().min().unwrap_or_default()
}
