//! The page as a whole: app bar, connection, message field, what came back, and the round button.

use egui::{Id, Label, Margin, ScrollArea, Stroke, Theme, Ui, UiBuilder, accesskit};

use super::connection::connection_ui;
use crate::i18n::{Language, words};
use crate::session::{Action, Pane, Session};
use material::{Fab, Icon, IconButton, Scaffold, Scheme, TextField, Type};

/// Around the body and above and below the message, as in the Flutter page.
const PADDING: i8 = 20;
const GAP: f32 = 24.0;

/// Two lines of text and a note.
const MESSAGE_HEIGHT: f32 = 72.0;

/// From this width on a pane stands beside the page, and not below it.
const TWO_COLUMNS: f32 = 960.0;

/// The message field, for whoever gives it the keyboard.
pub fn draft_id() -> Id {
    Id::unique("draft")
}

/// Draws the page, with `message_ui` for what came back, and returns what the person did.
///
/// `pane_ui` draws what stands beside it, or below it where there is little room. It comes last, so
/// that it shows what the frame did.
pub fn page_ui(
    ui: &mut Ui,
    session: &mut Session,
    message_ui: impl FnOnce(&mut Ui, &Session),
    pane_ui: impl FnOnce(&mut Ui, &Session) -> Vec<Action>,
) -> Vec<Action> {
    let Some(pane) = session.pane() else {
        return echo_ui(ui, session, message_ui, |_, _| Vec::new());
    };
    let pane_ui = |ui: &mut Ui, session: &Session| {
        heading_ui(ui, (words(session.language).pane_title)(pane));
        pane_ui(ui, session)
    };
    let whole = ui.max_rect();
    if whole.width() < TWO_COLUMNS {
        return echo_ui(ui, session, message_ui, pane_ui);
    }
    let middle = whole.left() + (whole.width() / 2.0).round();
    let (left, right) = whole.split_left_right_at_x(middle);
    let column = |salt| UiBuilder::new().id_salt(salt);
    let mut actions = ui
        .scope_builder(column("page").max_rect(left), |ui| {
            echo_ui(ui, session, message_ui, |_, _| Vec::new())
        })
        .inner;
    let scheme = Scheme::of(ui);
    ui.painter().rect_filled(right, 0, scheme.surface);
    let line = Stroke::new(1.0, scheme.outline_variant);
    ui.painter().vline(right.left(), right.y_range(), line);
    actions.extend(
        ui.scope_builder(column("pane").max_rect(right), |ui| {
            let area = ScrollArea::vertical().auto_shrink(false);
            area.content_margin(Margin::same(PADDING))
                .show(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    pane_ui(ui, session)
                })
                .inner
        })
        .inner,
    );
    actions
}

/// The page itself, with `below_ui` at its end.
fn echo_ui(
    ui: &mut Ui,
    session: &mut Session,
    message_ui: impl FnOnce(&mut Ui, &Session),
    below_ui: impl FnOnce(&mut Ui, &Session) -> Vec<Action>,
) -> Vec<Action> {
    let mut actions = Vec::new();
    let (language, pane) = (session.language, session.pane());
    let words = words(language);
    let page = Scaffold::new(words.title)
        .padding(PADDING)
        .fab(Fab::new(Icon::Send, words.message.send_button))
        .show(
            ui,
            |ui| bar_ui(ui, language, pane),
            |ui| {
                let mut actions = connection_ui(ui, session);
                ui.add_space(GAP);
                let field =
                    TextField::new(draft_id(), words.message.label).show(ui, &mut session.draft);
                if field.submitted {
                    actions.push(Action::Send);
                }
                ui.add_space(GAP);
                ui.scope(|ui| {
                    if pane.is_some() {
                        // What stands below stays where it is when a message comes.
                        ui.set_min_height(MESSAGE_HEIGHT);
                    }
                    message_ui(ui, session);
                });
                ui.add_space(GAP);
                actions.extend(below_ui(ui, session));
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

fn heading_ui(ui: &mut Ui, heading: &str) {
    let text = Type::TITLE_LARGE.rich(heading).color(Scheme::of(ui).on_surface);
    let label = ui.add(Label::new(text).selectable(false));
    ui.ctx().accesskit_node_builder(label.id, |node| {
        node.set_role(accesskit::Role::Heading);
        node.set_level(2);
    });
    ui.add_space(8.0);
}

fn bar_ui(ui: &mut Ui, language: Language, open: Option<Pane>) -> Option<Action> {
    let (words, next) = (words(language), words(language.next()));
    let mut action = None;
    for (pane, icon) in [(Pane::Rebuilds, Icon::Lanes), (Pane::Lesson, Icon::Book)] {
        let name = if open == Some(pane) {
            (words.close_pane_button)(pane)
        } else {
            (words.open_pane_button)(pane)
        };
        if ui.add(IconButton::new(icon, name).selected(open == Some(pane))).clicked() {
            action = Some(Action::TogglePane(pane));
        }
    }
    let (icon, name, other) = if ui.visuals().dark_mode {
        (Icon::LightMode, words.light_mode_button, Theme::Light)
    } else {
        (Icon::DarkMode, words.dark_mode_button, Theme::Dark)
    };
    if ui.add(IconButton::new(icon, name)).clicked() {
        ui.ctx().set_theme(other);
    }
    let translate = IconButton::new(Icon::Translate, next.switch_here_button);
    if ui.add(translate).clicked() {
        action = Some(Action::NextLanguage);
    }
    action
}
