//! How the connection stands, and what can be done about it.

use std::time::Duration;

use app_core::{ConnectionStatus, Model, Msg};
use egui::{Id, Stroke, Ui, vec2};
use material::{Button, Chip, Scheme, Section};

use super::{body_ui, small_ui};
use crate::i18n::Words;
use crate::ui::connection_line;
use crate::ui::shown::{Looks, shown_ui};

pub(super) fn state_ui(ui: &mut Ui, model: &Model, words: &Words, now: Duration) -> Vec<Msg> {
    let connection = model.connection();
    let status = connection.status();
    let line = Stroke::new(1.0, Scheme::of(ui).outline_variant);
    let top = ui.cursor().top();
    ui.painter().hline(ui.max_rect().x_range(), top + 0.5, line);
    ui.add_space(16.0);
    let is_in_page = connection_line::is_in_page(connection);
    let said = (words.connection.status)(status, is_in_page, now);
    let (icon, tone) = connection_line::icon(connection);
    let chip = ui.add(Chip::new(icon, &said, tone));
    if ui.is_rect_visible(chip.rect) {
        connection_line::request_countdown(ui, status, now);
    }
    if let Some(problem) = connection.problem().filter(|_| !connection.is_back()) {
        ui.add_space(8.0);
        let text = words.errors.problem(problem);
        let color = Scheme::of(ui).error;
        shown_ui(ui, "problem", Looks::note(color), &text);
    }
    if let Some(ending) = connection.ending() {
        ui.add_space(8.0);
        body_ui(ui, &(words.connection.ending)(ending));
    }
    let msgs = buttons_ui(ui, status, words);
    if status == ConnectionStatus::Open {
        let negotiated = connection.negotiated();
        ui.add_space(8.0);
        body_ui(ui, &(words.connection.protocol)(negotiated.protocol.as_deref()));
        if !negotiated.extensions.is_empty() {
            body_ui(ui, &(words.sheet.extensions)(&negotiated.extensions));
        }
        ui.add_space(16.0);
        headers_ui(ui, &negotiated.headers, words);
    } else {
        ui.add_space(16.0);
    }
    msgs
}

fn buttons_ui(ui: &mut Ui, status: ConnectionStatus, words: &Words) -> Vec<Msg> {
    let mut msgs = Vec::new();
    let is_waiting = matches!(status, ConnectionStatus::Waiting { .. });
    if !is_waiting && !matches!(status, ConnectionStatus::Connecting { .. }) {
        return msgs;
    }
    ui.add_space(8.0);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 8.0);
        if is_waiting && ui.add(Button::tonal(words.connection.retry_now_button)).clicked() {
            msgs.push(Msg::RetryNow);
        }
        if ui.add(Button::outlined(words.sheet.stop_button)).clicked() {
            msgs.push(Msg::Close);
        }
    });
    msgs
}

/// Of the server's answer.
fn headers_ui(ui: &mut Ui, headers: &[(String, String)], words: &Words) {
    if headers.is_empty() {
        return;
    }
    let summary = (words.sheet.headers_summary)(headers.len());
    let section = Section::new(Id::unique("answer"), words.sheet.headers_title);
    section.summary(&summary).show(ui, |ui| {
        for (name, value) in headers {
            small_ui(ui, name);
            body_ui(ui, value);
            ui.add_space(8.0);
        }
    });
}
