//! How an example starts and spawns, on the desktop and in a browser: the one place where they differ.

#![allow(dead_code, reason = "no example needs all of it")]

use std::time::Duration;

use eframe::egui::Ui;

/// From one event to the next, where they come by themselves.
pub(crate) const TICK: Duration = Duration::from_secs(1);

/// How many messages may wait between a task and the window, each way: more than come between two
/// frames. A task that is faster waits until the window has caught up.
pub(crate) const ROOM: usize = 16;

/// Says how many frames were drawn: with nothing to tell and the mouse at rest there are no more.
pub(crate) fn frames_ui(ui: &mut Ui) {
    ui.weak(format!("frame {}", ui.ctx().cumulative_frame_nr()));
}

/// Draws the app in a window until that is closed.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn run<A: eframe::App + 'static>(title: &str, app: fn() -> A) -> eframe::Result {
    let viewport = egui::ViewportBuilder::default().with_inner_size([360.0, 240.0]);
    let options = eframe::NativeOptions { viewport, ..Default::default() };
    eframe::run_native(title, options, Box::new(move |_| Ok(Box::new(app()))))
}

/// Runs a task on a thread, so that it goes on whatever the window does.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn spawn(task: impl Future<Output = ()> + Send + 'static) {
    std::thread::spawn(|| futures::executor::block_on(task));
}

/// Draws the app on the canvas of index.html; it goes on after this returns.
#[cfg(target_arch = "wasm32")]
pub(crate) fn run<A: eframe::App + 'static>(title: &str, app: fn() -> A) -> eframe::Result {
    use eframe::wasm_bindgen::JsCast as _;

    let document = eframe::web_sys::window().and_then(|window| window.document());
    let document = document.expect("a page has a document");
    document.set_title(title);
    let canvas = document.get_element_by_id("canvas").and_then(|canvas| canvas.dyn_into().ok());
    let canvas = canvas.expect("index.html has a canvas");
    spawn(async move {
        let create: eframe::AppCreator<'static> = Box::new(move |_| Ok(Box::new(app())));
        let started = eframe::WebRunner::new().start(canvas, Default::default(), create).await;
        started.expect("the browser has WebGL");
    });
    Ok(())
}

/// Runs a task between the frames, on the one thread there is.
#[cfg(target_arch = "wasm32")]
pub(crate) fn spawn(task: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(task);
}
