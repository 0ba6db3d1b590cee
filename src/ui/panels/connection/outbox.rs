//! What was sent and has not arrived for sure: what waits, and what is in doubt.

use app_core::connection::OutboxItem;
use app_core::{Model, Msg};
use egui::{Align, Id, Label, Layout, Stroke, Ui, vec2};
use material::{Button, Icon, IconButton, Scheme, Type};

use super::{heading_ui, small_ui};
use crate::i18n::Words;
use crate::ui::shown::line_ui;

/// How many are listed at first.
const FEW: usize = 5;

pub(super) fn outbox_ui(ui: &mut Ui, model: &Model, words: &Words) -> Vec<Msg> {
    let outbox = model.outbox();
    let mut msgs = Vec::new();
    if outbox.waiting_count > 0 {
        begin_ui(ui, &(words.connection.waiting)(outbox.waiting_count), words.sheet.about_waiting);
        list_ui(ui, "waiting", &outbox.waiting, outbox.waiting_count, words, |ui, item| {
            let button = IconButton::new(Icon::Close, words.connection.take_back_button);
            let button = ui.add(button);
            // There are several of that name.
            ui.ctx().accesskit_node_builder(button.id, |node| {
                node.set_description(item.preview.as_str());
            });
            if button.clicked() {
                msgs.push(Msg::TakeBack(item.id));
            }
        });
        ui.add_space(8.0);
        if ui.add(Button::outlined(words.connection.take_back_all_button)).clicked() {
            msgs.push(Msg::TakeBackAll);
        }
        ui.add_space(16.0);
    }
    if outbox.in_doubt_count > 0 {
        let count = outbox.in_doubt_count;
        begin_ui(ui, &(words.connection.in_doubt)(count), words.sheet.about_in_doubt);
        list_ui(ui, "in doubt", &outbox.in_doubt, count, words, |_, _| {});
        ui.add_space(8.0);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(8.0, 8.0);
            if ui.add(Button::tonal(words.connection.resend_button)).clicked() {
                msgs.push(Msg::ResendInDoubt);
            }
            if ui.add(Button::text(words.connection.let_go_button)).clicked() {
                msgs.push(Msg::LetGoInDoubt);
            }
        });
        ui.add_space(16.0);
    }
    msgs
}

fn begin_ui(ui: &mut Ui, title: &str, about: &str) {
    let line = Stroke::new(1.0, Scheme::of(ui).outline_variant);
    ui.painter().hline(ui.max_rect().x_range(), ui.cursor().top() + 0.5, line);
    ui.add_space(12.0);
    heading_ui(ui, title);
    small_ui(ui, about);
    ui.add_space(4.0);
}

/// The messages, a few of them at first, each with what `add` puts at its end.
fn list_ui(
    ui: &mut Ui,
    name: &str,
    items: &[OutboxItem],
    count: u64,
    words: &Words,
    mut add: impl FnMut(&mut Ui, &OutboxItem),
) {
    let id = Id::unique(("outbox", name));
    let shows_all = items.len() <= FEW || ui.data(|data| data.get_temp(id)).unwrap_or(false);
    let shown = if shows_all { items } else { &items[..FEW] };
    for item in shown {
        item_ui(ui, item, words, |ui| add(ui, item));
    }
    if !shows_all {
        let more = (words.sheet.show_more_button)(items.len() - FEW);
        if ui.add(Button::text(&more)).clicked() {
            ui.data_mut(|data| data.insert_temp(id, true));
            ui.ctx().request_repaint();
        }
    } else if count > items.len() as u64 {
        small_ui(ui, &(words.sheet.unlisted)(count - items.len() as u64));
    }
}

fn item_ui(ui: &mut Ui, item: &OutboxItem, words: &Words, add: impl FnOnce(&mut Ui)) {
    const HEIGHT: f32 = 40.0;

    let scheme = Scheme::of(ui);
    let size = vec2(ui.available_width(), HEIGHT);
    // From the right, so that the beginning of the message gets what room is left.
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.set_min_height(HEIGHT);
        add(ui);
        let size = (words.sheet.size)(item.bytes as u64);
        let size = Type::BODY_SMALL.rich(size).color(scheme.on_surface_variant);
        ui.add(Label::new(size).selectable(false).extend());
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            line_ui(ui, Type::BODY_MEDIUM, scheme.on_surface, &item.preview);
        });
    });
}
