//! The keys: one table, which the page obeys and the about panel shows.

use app_core::model::ComposerMsg;
use app_core::panels::Shortcut;
use app_core::settings::Platform;
use app_core::stored::ThemeChoice;
use app_core::{Model, Msg, Panel};
use egui::{Context, Key, KeyboardShortcut, Modifiers};

/// A key and what it does.
pub struct ShortcutEntry {
    /// What it does.
    pub id: Shortcut,
    /// Which keys.
    pub keys: KeyboardShortcut,
    /// Who answers it.
    scope: Scope,
}

/// Who answers a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// The page, from anywhere.
    Page,
    /// The page, but in a browser it is the browser's own.
    Window,
    /// egui, and in a browser it is the browser's own.
    Egui,
    /// A text, while it has the keyboard.
    Field,
}

const fn entry(scope: Scope, id: Shortcut, modifiers: Modifiers, key: Key) -> ShortcutEntry {
    ShortcutEntry { id, keys: KeyboardShortcut::new(modifiers, key), scope }
}

const COMMAND_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

static SHORTCUTS: [ShortcutEntry; 21] = [
    entry(Scope::Field, Shortcut::Send, Modifiers::NONE, Key::Enter),
    entry(Scope::Field, Shortcut::Earlier, Modifiers::NONE, Key::ArrowUp),
    entry(Scope::Field, Shortcut::Later, Modifiers::NONE, Key::ArrowDown),
    entry(Scope::Field, Shortcut::TextMenu, Modifiers::SHIFT, Key::F10),
    entry(Scope::Page, Shortcut::SendMore, COMMAND_SHIFT, Key::M),
    entry(Scope::Page, Shortcut::Panel(Panel::About), Modifiers::NONE, Key::F1),
    // Before the one without Shift, which Shift would be let pass by.
    entry(Scope::Page, Shortcut::OtherPanel, Modifiers::SHIFT, Key::F2),
    entry(Scope::Page, Shortcut::Panel(Panel::Rebuilds), Modifiers::NONE, Key::F2),
    entry(Scope::Page, Shortcut::Panel(Panel::Lesson), Modifiers::NONE, Key::F4),
    entry(Scope::Page, Shortcut::Panel(Panel::Connection), Modifiers::COMMAND, Key::Comma),
    entry(Scope::Page, Shortcut::Connect, Modifiers::NONE, Key::F8),
    entry(Scope::Page, Shortcut::Panel(Panel::Log), Modifiers::NONE, Key::F9),
    entry(Scope::Page, Shortcut::FindInLog, COMMAND_SHIFT, Key::F),
    entry(Scope::Page, Shortcut::Theme, COMMAND_SHIFT, Key::E),
    entry(Scope::Page, Shortcut::Language, COMMAND_SHIFT, Key::L),
    entry(Scope::Page, Shortcut::CloseLast, Modifiers::NONE, Key::Escape),
    entry(Scope::Egui, Shortcut::ZoomIn, Modifiers::COMMAND, Key::Plus),
    entry(Scope::Egui, Shortcut::ZoomOut, Modifiers::COMMAND, Key::Minus),
    entry(Scope::Egui, Shortcut::ZoomReset, Modifiers::COMMAND, Key::Num0),
    entry(Scope::Window, Shortcut::CloseWindow, Modifiers::COMMAND, Key::W),
    entry(Scope::Window, Shortcut::Quit, Modifiers::COMMAND, Key::Q),
];

/// All that do something on this platform. In a browser none is one that it keeps for itself.
pub fn shortcuts(platform: Platform) -> impl Iterator<Item = &'static ShortcutEntry> {
    let is_own = platform == Platform::Desktop;
    SHORTCUTS
        .iter()
        .filter(move |entry| is_own || !matches!(entry.scope, Scope::Window | Scope::Egui))
}

/// What the keys of this frame ask for.
pub fn pressed(ctx: &Context, model: &Model) -> Vec<Msg> {
    let mut msgs = Vec::new();
    for shortcut in shortcuts(model.platform()) {
        if matches!(shortcut.scope, Scope::Egui | Scope::Field) {
            continue;
        }
        // A menu that is open is what Escape closes first.
        let is_for_others = shortcut.id == Shortcut::CloseLast
            && (egui::Popup::is_any_open(ctx) || !model.has_something_open());
        if is_for_others || !ctx.input_mut(|input| input.consume_shortcut(&shortcut.keys)) {
            continue;
        }
        msgs.push(match shortcut.id {
            Shortcut::Panel(panel) => Msg::TogglePanel(panel),
            Shortcut::CloseLast => Msg::CloseLast,
            Shortcut::Connect => Msg::Connect,
            Shortcut::FindInLog => Msg::FindInLog,
            Shortcut::OtherPanel => Msg::ShowInOtherPanel,
            Shortcut::SendMore => Msg::Compose(ComposerMsg::ToggleOpen),
            Shortcut::Theme => Msg::SetTheme(other_theme(ctx.global_style().visuals.dark_mode)),
            Shortcut::Language => Msg::SetLanguage(model.language().next()),
            Shortcut::CloseWindow | Shortcut::Quit => Msg::Quit,
            // Answered elsewhere.
            Shortcut::Send
            | Shortcut::Earlier
            | Shortcut::Later
            | Shortcut::TextMenu
            | Shortcut::ZoomIn
            | Shortcut::ZoomOut
            | Shortcut::ZoomReset => continue,
        });
    }
    msgs
}

/// The other of light and dark.
pub fn other_theme(is_dark: bool) -> ThemeChoice {
    if is_dark { ThemeChoice::Light } else { ThemeChoice::Dark }
}
