//! What is the browser's own, and not eframe's to keep from it: printing, saving, opening a file, going back,
//! and zooming the page.

use eframe::egui::Event;
use eframe::wasm_bindgen::JsCast as _;
use eframe::wasm_bindgen::closure::Closure;
use web_sys::{AddEventListenerOptions, KeyboardEvent, window};

/// Keeps these keys from eframe, which would keep them from the browser.
pub(super) fn leave_keys_to_the_browser() {
    let Some(window) = window() else { return };
    let has_command = window
        .navigator()
        .user_agent()
        .is_ok_and(|agent| agent.contains("Mac") || agent.contains("iP"));
    let hear = Closure::<dyn FnMut(KeyboardEvent)>::new(move |event: KeyboardEvent| {
        let command = event.ctrl_key() || event.meta_key();
        let is_browsers = match event.key().as_str() {
            "p" | "P" | "s" | "S" | "o" | "O" => command && !event.alt_key(),
            // On a Mac it goes to the next word.
            "ArrowLeft" | "ArrowRight" => event.alt_key() && !command && !has_command,
            _ => false,
        };
        if is_browsers {
            event.stop_immediate_propagation();
        }
    });
    let options = AddEventListenerOptions::new();
    options.set_capture(true);
    let listener = hear.as_ref().unchecked_ref();
    // Refused by no window; without it these keys do nothing, and nothing worse.
    let _ = window.add_event_listener_with_callback_and_add_event_listener_options(
        "keydown", listener, &options,
    );
    hear.forget();
}

/// Whether this is what a browser zooms by: the wheel with Ctrl, and two fingers on a touchpad.
pub(super) fn is_browsers_zoom(event: &Event) -> bool {
    match event {
        Event::Zoom(_) => true,
        Event::MouseWheel { modifiers, .. } => modifiers.ctrl || modifiers.command,
        _ => false,
    }
}
