//! Keys that come to elements of the mirror, as egui has them.

use egui::{Event, Key, Modifiers};
use web_sys::KeyboardEvent;

/// What is held down with a key, as eframe has it: the page isn't told which system it is on.
pub(super) fn modifiers(event: &KeyboardEvent) -> Modifiers {
    Modifiers {
        alt: event.alt_key(),
        ctrl: event.ctrl_key(),
        shift: event.shift_key(),
        mac_cmd: event.meta_key(),
        command: event.ctrl_key() || event.meta_key(),
    }
}

/// The key as egui's event, if egui knows it.
pub(super) fn event(event: &KeyboardEvent, pressed: bool) -> Option<Event> {
    let physical_key = Key::from_name(&event.code());
    let key = Key::from_name(&event.key()).or(physical_key)?;
    // egui sees for itself that a key repeats.
    Some(Event::Key { key, physical_key, pressed, repeat: false, modifiers: modifiers(event) })
}

/// The letter that a key writes.
pub(super) fn text(event: &KeyboardEvent) -> Option<String> {
    let key = event.key();
    let writes = key.chars().count() == 1 && !event.ctrl_key() && !event.meta_key();
    writes.then_some(key)
}

/// Whether an element of the page would do something of its own with a key that egui has got.
pub(super) fn acts_in_the_page(event: &KeyboardEvent) -> bool {
    let shortcut = event.ctrl_key() || event.meta_key();
    match event.key().as_str() {
        "Tab" | "Enter" | " " | "Backspace" | "ArrowUp" | "ArrowDown" | "ArrowLeft"
        | "ArrowRight" | "PageUp" | "PageDown" | "Home" | "End" => true,
        "o" | "p" | "s" | "," => shortcut,
        _ => false,
    }
}

/// Whether a field of the page does itself what this key is for; the others are for egui.
pub(super) fn belongs_to_a_field(event: &KeyboardEvent, is_multiline: bool) -> bool {
    let key = event.key();
    let shortcut = event.ctrl_key() || event.meta_key();
    match key.as_str() {
        "Tab" | "Escape" => false,
        "Enter" => is_multiline && !shortcut,
        "a" | "c" | "v" | "x" | "y" | "z" | "A" | "C" | "V" | "X" | "Y" | "Z" => true,
        "Backspace" | "Delete" | "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight" | "Home"
        | "End" => true,
        _ => key.chars().count() == 1 && !shortcut,
    }
}

/// One step up or down, for what has steps.
pub(super) fn step(event: &KeyboardEvent) -> Option<bool> {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return None;
    }
    match event.key().as_str() {
        "ArrowUp" | "ArrowRight" => Some(true),
        "ArrowDown" | "ArrowLeft" => Some(false),
        _ => None,
    }
}
