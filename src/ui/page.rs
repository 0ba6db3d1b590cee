//! The page as a whole: app bar, connection line, message field, what came back, and the round button.

use std::time::Duration;

use app_core::stored::ThemeChoice;
use app_core::{Model, Msg, Panel, SendOutlook};
use egui::{
    Align, Id, Label, Layout, Margin, Rect, ScrollArea, Sense, Stroke, Ui, UiBuilder, Vec2,
    accesskit, vec2,
};
use material::{Fab, Icon, IconButton, MenuItem, Scaffold, Scheme, Type, menu_button};

use super::composer::composer_ui;
use super::connection_line::connection_line_ui;
use super::keyboard::scroll_by_page;
use super::notice::notice_ui;
use super::panels::connection::{FOOTER_HEIGHT, footer_ui};
use super::panels::{self, Place};
use super::shortcuts::other_theme;
use super::text_menu;
use crate::i18n::{Words, words};

/// Around the body and above and below the message, as in the Flutter page.
const PADDING: i8 = 20;
const GAP: f32 = 16.0;

/// The widest that the page gets: longer lines are hard to read.
const MAX_WIDTH: f32 = 720.0;

/// From the edge of an icon button to its picture.
const BUTTON_INSET: f32 = 12.0;

/// Two lines of text and a note.
const MESSAGE_HEIGHT: f32 = 72.0;

/// From this width on a panel stands beside the page, and not below or over it.
pub const TWO_COLUMNS: f32 = 960.0;

/// How much of a panel below the page is to be seen when it opens.
const SEEN_OF_PANEL: f32 = 240.0;

/// The message field, for whoever gives it the keyboard.
pub fn draft_id() -> Id {
    Id::unique("draft")
}

/// Draws the page, with `message_ui` for what came back, and returns what the person did.
///
/// `panel_ui` draws what stands beside it, or below or over it where there is little room. It comes
/// last, so that it shows what the frame did.
pub fn page_ui(
    ui: &mut Ui,
    model: &Model,
    now: Duration,
    message_ui: impl FnOnce(&mut Ui, &Model),
    panel_ui: impl FnOnce(&mut Ui, &Model, Panel) -> Vec<Msg>,
) -> Vec<Msg> {
    text_menu::begin(ui.ctx());
    let mut msgs = super::shortcuts::pressed(ui.ctx(), model);
    let whole = ui.max_rect();
    let has_opened = has_opened(ui, model);
    let panel_ui = |ui: &mut Ui, model: &Model, panel: Panel| {
        // A row of the log that stands over everything has a heading of its own, with the same button.
        let is_row = panel == Panel::Log && model.log().opened().is_some();
        let has_heading = !(is_row && whole.width() < TWO_COLUMNS);
        let mut msgs = if has_heading { heading_ui(ui, model, panel) } else { Vec::new() };
        msgs.extend(panel_ui(ui, model, panel));
        msgs
    };
    msgs.extend(match model.panel() {
        None => page_column(ui, whole, |ui| echo_ui(ui, model, now, message_ui, |_, _| Vec::new())),
        Some(panel) if whole.width() >= TWO_COLUMNS => {
            let share = panels::of(panel).page_share;
            let middle = whole.left() + (whole.width() * share).round();
            let (left, right) = whole.split_left_right_at_x(middle);
            let echo_ui = |ui: &mut Ui| echo_ui(ui, model, now, message_ui, |_, _| Vec::new());
            let mut msgs = page_column(ui, left, echo_ui);
            let line = Stroke::new(1.0, Scheme::of(ui).outline_variant);
            msgs.extend(column_ui(ui, right, model, panel, |ui| panel_ui(ui, model, panel)));
            ui.painter().vline(right.left(), right.y_range(), line);
            msgs
        }
        Some(panel) if panels::of(panel).narrow == Place::Over => {
            column_ui(ui, whole, model, panel, |ui| panel_ui(ui, model, panel))
        }
        Some(panel) => page_column(ui, whole, |ui| {
            echo_ui(ui, model, now, message_ui, |ui, model| {
                if has_opened {
                    let begin = ui.cursor().left_top();
                    let seen = ui.clip_rect().height().min(SEEN_OF_PANEL);
                    let seen = vec2(ui.available_width(), seen);
                    ui.scroll_to_rect(Rect::from_min_size(begin, seen), None);
                }
                panel_ui(ui, model, panel)
            })
        }),
    });
    text_menu::show(ui, words(model.language()));
    msgs
}

/// The part of the window that the page has. Its widgets are the same ones whatever stands beside it, so that
/// the keyboard stays where it is when a panel comes or goes.
fn page_column(ui: &mut Ui, rect: Rect, add: impl FnOnce(&mut Ui) -> Vec<Msg>) -> Vec<Msg> {
    ui.scope_builder(UiBuilder::new().id_salt("page").max_rect(rect), add).inner
}

/// Whether a panel was opened in this frame. One that is there from the start was not.
fn has_opened(ui: &Ui, model: &Model) -> bool {
    let before = ui.data_mut(|data| {
        let panel = data.get_temp_mut_or(Id::unique("panel before"), model.panel());
        std::mem::replace(panel, model.panel())
    });
    model.panel().is_some() && before != model.panel()
}

/// A part of the window that scrolls by itself, or fits itself into the room; the connection's sheet has a
/// footer at times.
fn column_ui(
    ui: &mut Ui,
    rect: Rect,
    model: &Model,
    panel: Panel,
    add: impl FnOnce(&mut Ui) -> Vec<Msg>,
) -> Vec<Msg> {
    let scheme = Scheme::of(ui);
    ui.painter().rect_filled(rect, 0, scheme.surface);
    let has_footer = panel == Panel::Connection && model.has_unapplied_settings();
    let footer_height = if has_footer { FOOTER_HEIGHT } else { 0.0 };
    let (body, footer) = rect.split_top_bottom_at_y(rect.bottom() - footer_height);
    let fits_itself = panels::of(panel).fits_itself;
    // Lists go to the lower edge.
    let room = if fits_itself {
        Rect::from_min_max(
            body.min + Vec2::splat(PADDING.into()),
            body.max - vec2(PADDING.into(), 4.0),
        )
    } else {
        body
    };
    let shown = ui.scope_builder(UiBuilder::new().id_salt("panel").max_rect(room), |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        if fits_itself {
            return add(ui);
        }
        let area = ScrollArea::vertical().auto_shrink(false);
        let add = |ui: &mut Ui| {
            let msgs = add(ui);
            scroll_by_page(ui);
            msgs
        };
        area.content_margin(Margin::same(PADDING)).show(ui, add).inner
    });
    let mut msgs = shown.inner;
    if has_footer {
        ui.painter().rect_filled(footer, 0, scheme.surface_container);
        let line = scheme.container_stroke();
        ui.painter().hline(footer.x_range(), footer.top() + 0.5, line);
        let builder = UiBuilder::new().id_salt("footer").max_rect(footer);
        let footer_ui = |ui: &mut Ui| footer_ui(ui, model, words(model.language()));
        msgs.extend(ui.scope_builder(builder, footer_ui).inner);
    }
    msgs
}

/// The page itself, with `below_ui` at its end.
fn echo_ui(
    ui: &mut Ui,
    model: &Model,
    now: Duration,
    message_ui: impl FnOnce(&mut Ui, &Model),
    below_ui: impl FnOnce(&mut Ui, &Model) -> Vec<Msg>,
) -> Vec<Msg> {
    let words = words(model.language());
    let can_send = !matches!(
        model.send_outlook(),
        SendOutlook::WrongAddress | SendOutlook::WrongSetting(_) | SendOutlook::WrongDraft
    );
    let page = Scaffold::new(words.title)
        .padding(PADDING)
        .max_width(MAX_WIDTH)
        .fab(Fab::new(Icon::Send, words.message.send_button))
        .fab_enabled(can_send)
        .show(
            ui,
            |ui| bar_ui(ui, model),
            |ui| connection_line_ui(ui, model, now),
            |ui| {
                let mut msgs = damage_ui(ui, model, words);
                msgs.extend(composer_ui(ui, model));
                ui.add_space(GAP);
                ui.scope(|ui| {
                    if model.panel().is_some() {
                        // What stands below stays where it is when a message comes.
                        ui.set_min_height(MESSAGE_HEIGHT);
                    }
                    message_ui(ui, model);
                });
                ui.add_space(GAP);
                msgs
            },
            |ui| {
                let msgs = below_ui(ui, model);
                let is_beside = ui.ctx().content_rect().width() >= TWO_COLUMNS;
                if model.panel().is_none() || !is_beside {
                    scroll_by_page(ui);
                }
                msgs
            },
        );
    let mut msgs = page.actions;
    msgs.extend(page.header);
    msgs.extend(page.body);
    msgs.extend(page.below);
    if page.fab.is_some_and(|fab| fab.clicked()) {
        msgs.push(Msg::Send);
    }
    msgs
}

/// That what was kept could not be read.
fn damage_ui(ui: &mut Ui, model: &Model, words: &Words) -> Vec<Msg> {
    if !model.was_damaged() {
        return Vec::new();
    }
    let is_answered = notice_ui(ui, words.store_damaged, words.dismiss_button);
    ui.add_space(GAP);
    if is_answered { vec![Msg::DismissDamage] } else { Vec::new() }
}

/// A panel's name, and the button that closes it.
fn heading_ui(ui: &mut Ui, model: &Model, panel: Panel) -> Vec<Msg> {
    let words = words(model.language());
    let mut msgs = Vec::new();
    let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), 48.0), Sense::hover());
    // The picture on the button stands above the edge of what follows, and not the button's round.
    let row = Rect::from_min_max(row.min - vec2(BUTTON_INSET, 0.0), row.max);
    let builder = UiBuilder::new().id_salt("heading").max_rect(row);
    let row = &mut ui.new_child(builder.layout(Layout::left_to_right(Align::Center)));
    let icon = match panels::of(panel).narrow {
        Place::Over if row.ctx().content_rect().width() < TWO_COLUMNS => Icon::Back,
        _ => Icon::Close,
    };
    let close = IconButton::new(icon, (words.close_panel_button)(panel));
    if row.add(close).clicked() {
        msgs.push(Msg::TogglePanel(panel));
    }
    let title = (words.panel_title)(panel);
    let text = Type::TITLE_LARGE.rich(title);
    let text = text.color(Scheme::of(row).on_surface);
    let label = row.add(Label::new(text).selectable(false).truncate());
    row.ctx().accesskit_node_builder(label.id, |node| {
        // A label's text is its value, which is no name of a heading.
        node.set_role(accesskit::Role::Heading);
        node.set_label(title);
        node.set_level(1);
    });
    ui.add_space(8.0);
    msgs
}

fn bar_ui(ui: &mut Ui, model: &Model) -> Vec<Msg> {
    let words = words(model.language());
    let mut msgs = Vec::new();
    for panel in panels::TABLE.iter().filter(|panel| panel.is_in_bar) {
        let is_open = model.panel() == Some(panel.id);
        let name = if is_open { words.close_panel_button } else { words.open_panel_button };
        let button = IconButton::new(panel.icon, name(panel.id)).selected(is_open);
        if ui.add(button).clicked() {
            msgs.push(Msg::TogglePanel(panel.id));
        }
    }
    let more = IconButton::new(Icon::More, words.more_button);
    msgs.extend(menu_button(ui, more, |ui| menu_ui(ui, model, words)).flatten());
    msgs
}

/// What is done seldom.
fn menu_ui(ui: &mut Ui, model: &Model, words: &Words) -> Option<Msg> {
    let mut msg = None;
    for panel in panels::TABLE.iter().filter(|panel| !panel.is_in_bar) {
        let is_open = model.panel() == Some(panel.id);
        let name = if is_open { words.close_panel_button } else { words.open_panel_button };
        if ui.add(MenuItem::new(panel.icon, name(panel.id))).clicked() {
            msg = Some(Msg::TogglePanel(panel.id));
        }
    }
    msg = msg.or(look_items_ui(ui, model, words));
    let next = model.language().next();
    let translate = MenuItem::new(Icon::Translate, crate::i18n::words(next).switch_here_button);
    if ui.add(translate).clicked() {
        msg = Some(Msg::SetLanguage(next));
    }
    msg
}

/// Light or dark, and how much contrast; nothing of it where it would change nothing.
fn look_items_ui(ui: &mut Ui, model: &Model, words: &Words) -> Option<Msg> {
    let system = model.system_preferences();
    if system.forced_colors.is_some() {
        return None;
    }
    let mut msg = None;
    let is_dark = ui.visuals().dark_mode;
    let (icon, name) = if is_dark {
        (Icon::LightMode, words.light_mode_button)
    } else {
        (Icon::DarkMode, words.dark_mode_button)
    };
    if ui.add(MenuItem::new(icon, name)).clicked() {
        msg = Some(Msg::SetTheme(other_theme(is_dark)));
    }
    if model.theme() != ThemeChoice::System
        && ui.add(MenuItem::new(Icon::AutoMode, words.system_theme_button)).clicked()
    {
        msg = Some(Msg::SetTheme(ThemeChoice::System));
    }
    if !system.more_contrast {
        let more = !model.look().preferences.more_contrast;
        let name = if more { words.more_contrast_button } else { words.usual_contrast_button };
        if ui.add(MenuItem::new(Icon::Contrast, name)).clicked() {
            msg = Some(Msg::SetMoreContrast(more));
        }
    }
    msg
}
