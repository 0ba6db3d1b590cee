//! The page as a whole: app bar, connection, message field, what came back, and the round button.

use egui::{Id, Theme, Ui};

use super::connection::connection_ui;
use super::material::{Fab, Icon, IconButton, Scaffold, TextField};
use crate::session::{Action, Session};
use crate::text::Language;

/// Around the body and above and below the message, as in the Flutter page.
const PADDING: i8 = 20;
const GAP: f32 = 24.0;

/// The message field, for whoever gives it the keyboard.
pub fn draft_id() -> Id {
    Id::unique("draft")
}

/// Draws the page, with `message_ui` for what came back, and returns what the person did.
pub fn page_ui(
    ui: &mut Ui,
    session: &mut Session,
    message_ui: impl FnOnce(&mut Ui, &Session),
) -> Vec<Action> {
    let mut actions = Vec::new();
    let language = session.language;
    let page = Scaffold::new(language.title())
        .padding(PADDING)
        .fab(Fab::new(Icon::Send, language.send_button()))
        .show(
            ui,
            |ui| bar_ui(ui, language),
            |ui| {
                let mut actions = connection_ui(ui, session);
                ui.add_space(GAP);
                let field = TextField::new(draft_id(), language.message_label())
                    .show(ui, &mut session.draft);
                if field.submitted {
                    actions.push(Action::Send);
                }
                ui.add_space(GAP);
                message_ui(ui, session);
                ui.add_space(GAP);
                actions
            },
        );
    actions.extend(page.actions);
    actions.extend(page.body);
    if page.fab.is_some_and(|fab| fab.clicked()) {
        actions.push(Action::Send);
    }
    actions
}

fn bar_ui(ui: &mut Ui, language: Language) -> Option<Action> {
    let (icon, name, other) = if ui.visuals().dark_mode {
        (Icon::LightMode, language.light_mode_button(), Theme::Light)
    } else {
        (Icon::DarkMode, language.dark_mode_button(), Theme::Dark)
    };
    if ui.add(IconButton::new(icon, name)).clicked() {
        ui.ctx().set_theme(other);
    }
    let translate = IconButton::new(Icon::Translate, language.next_language_button());
    ui.add(translate).clicked().then_some(Action::NextLanguage)
}
