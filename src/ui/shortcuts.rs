//! The keys that do something from anywhere: one table, which the page obeys and the about panel shows.

use app_core::panels::Shortcut;
use app_core::{LogMsg, Model, Msg, Panel};
use egui::{Context, Key, KeyboardShortcut, Modifiers};

/// A key and what it does.
pub struct ShortcutEntry {
    /// What it does.
    pub id: Shortcut,
    /// Which keys.
    pub keys: KeyboardShortcut,
}

const fn entry(id: Shortcut, modifiers: Modifiers, key: Key) -> ShortcutEntry {
    ShortcutEntry { id, keys: KeyboardShortcut::new(modifiers, key) }
}

/// All of them. None is one that browsers keep for themselves or that types something.
pub static SHORTCUTS: [ShortcutEntry; 8] = [
    entry(Shortcut::Panel(Panel::About), Modifiers::NONE, Key::F1),
    entry(Shortcut::Panel(Panel::Rebuilds), Modifiers::NONE, Key::F2),
    entry(Shortcut::Panel(Panel::Lesson), Modifiers::NONE, Key::F4),
    entry(Shortcut::Panel(Panel::Connection), Modifiers::COMMAND, Key::Comma),
    entry(Shortcut::Panel(Panel::Log), Modifiers::NONE, Key::F9),
    entry(Shortcut::FindInLog, Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::F),
    entry(Shortcut::Connect, Modifiers::NONE, Key::F8),
    entry(Shortcut::ClosePanel, Modifiers::NONE, Key::Escape),
];

/// What the keys of this frame ask for.
pub fn pressed(ctx: &Context, model: &Model) -> Vec<Msg> {
    let mut msgs = Vec::new();
    for shortcut in &SHORTCUTS {
        let msg = match (shortcut.id, model.panel()) {
            (Shortcut::ClosePanel, Some(Panel::Log)) if model.log().opened().is_some() => {
                Msg::Log(LogMsg::CloseRow)
            }
            (Shortcut::Panel(panel), _) | (Shortcut::ClosePanel, Some(panel)) => {
                Msg::TogglePanel(panel)
            }
            (Shortcut::ClosePanel, None) => continue,
            (Shortcut::Connect, _) => Msg::Connect,
            (Shortcut::FindInLog, _) => Msg::FindInLog,
        };
        // A menu that is open is what Escape closes first.
        let is_for_menu = shortcut.id == Shortcut::ClosePanel && egui::Popup::is_any_open(ctx);
        if !is_for_menu && ctx.input_mut(|input| input.consume_shortcut(&shortcut.keys)) {
            msgs.push(msg);
        }
    }
    msgs
}
