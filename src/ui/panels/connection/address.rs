//! Where to connect to, and where it was lately.

use app_core::settings::Unavailable;
use app_core::{ConnectionStatus, Model, Msg, Panel};
use egui::{Id, Ui, vec2};
use material::{Button, Icon, IconButton, Section, TextField};

use crate::i18n::Words;
use crate::ui::written::written_ui;

/// The longest address that can be typed, in characters.
const MAX_ADDRESS: usize = 8192;

/// The address field, for whoever gives it the keyboard.
pub fn address_id() -> Id {
    Id::unique("address")
}

pub(super) fn address_ui(ui: &mut Ui, model: &Model, words: &Words) -> Vec<Msg> {
    let mut msgs = Vec::new();
    let needs_address = model.needs_address();
    let problem = model.address_problem().filter(|_| needs_address);
    let problem = problem.map(|problem| (words.errors.address_problem)(&problem));
    let helper = if needs_address {
        words.connection.address_helper
    } else {
        (words.connection.unavailable)(Unavailable::InPage)
    };
    let mut address = model.address().to_owned();
    let field = TextField::new(address_id(), words.connection.address_label)
        .helper(helper)
        .error(problem.as_deref())
        .char_limit(MAX_ADDRESS);
    let show = |ui: &mut Ui| written_ui(ui, field, &mut address).submitted;
    let submitted = ui.add_enabled_ui(needs_address, show).inner;
    if address != model.address() {
        msgs.push(Msg::EditAddress(address));
    }
    ui.add_space(8.0);
    let can_connect = model.can_connect();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 8.0);
        let connect = Button::tonal(words.connection.connect_to_button).icon(Icon::Link);
        if ui.add_enabled(can_connect, connect).clicked() || (submitted && can_connect) {
            msgs.push(Msg::Connect);
            if ui.ctx().content_rect().width() < crate::ui::page::TWO_COLUMNS {
                // What becomes of it is seen on the page.
                msgs.push(Msg::TogglePanel(Panel::Connection));
            }
        }
        let close = Button::outlined(words.connection.close_button);
        let is_open = model.connection().status() == ConnectionStatus::Open;
        if ui.add_enabled(is_open, close).clicked() {
            msgs.push(Msg::Close);
        }
    });
    if let Some((field, _)) = model.settings().first_problem(model.platform()) {
        ui.add_space(4.0);
        super::small_ui(ui, &(words.sheet.correct_first)(field));
    }
    ui.add_space(16.0);
    msgs.extend(recent_ui(ui, model, words));
    msgs
}

fn recent_ui(ui: &mut Ui, model: &Model, words: &Words) -> Vec<Msg> {
    const REMOVE: f32 = 48.0;

    let recent = model.recent_addresses();
    let mut msgs = Vec::new();
    if recent.is_empty() {
        return msgs;
    }
    let summary = (words.sheet.recent_summary)(recent.len());
    let section = Section::new(Id::unique("recent"), words.connection.recent_title);
    section.summary(&summary).show(ui, |ui| {
        for address in recent {
            let room = ui.available_width() - REMOVE;
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                ui.allocate_ui(vec2(room, REMOVE), |ui| {
                    ui.set_width(room);
                    if ui.add(Button::text(address)).clicked() {
                        msgs.push(Msg::EditAddress(address.clone()));
                    }
                });
                let name = (words.sheet.forget_one_button)(address);
                if ui.add(IconButton::new(Icon::Close, &name)).clicked() {
                    msgs.push(Msg::ForgetAddress(address.clone()));
                }
            });
        }
        if recent.len() > 1 && ui.add(Button::text(words.connection.forget_button)).clicked() {
            msgs.push(Msg::ForgetAddresses);
        }
    });
    msgs
}
