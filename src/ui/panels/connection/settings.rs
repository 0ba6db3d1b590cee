//! What the next connection is made with, folded away in parts, each with a line that says what is set.

use app_core::settings::{ConnectionSettings, Field, ProxyChoice, Transport};
use app_core::{Model, Msg};
use egui::{Align, Id, Label, Layout, Rect, Stroke, Ui, UiBuilder, vec2};
use material::{Button, Icon, Radio, Scheme, Section, Switch, TextField, Type, radio_group};

use super::small_ui;
use crate::i18n::Words;
use crate::ui::written::written_ui;

/// From this width on two short fields stand beside each other.
const TWO_FIELDS: f32 = 480.0;

/// Between two fields beside each other.
const GAP: f32 = 16.0;

/// The most that can be typed in a field of one line and in one of several, in characters.
const MAX_LINE: usize = 4096;
const MAX_LINES: usize = 65_536;

/// How many lines of a field of several are seen at once.
const SEEN_LINES: u8 = 6;

/// How high the footer is.
pub const FOOTER_HEIGHT: f32 = 64.0;

/// The parts that are folded away: their names for egui, and their fields.
const RECONNECT: [Field; 3] = [Field::FirstWait, Field::LongestWait, Field::MaxAttempts];
const HANDSHAKE: [Field; 4] = [Field::Protocols, Field::Headers, Field::Proxy, Field::Authorities];
const TIMES: [Field; 4] =
    [Field::ConnectTimeout, Field::CloseTimeout, Field::PingInterval, Field::PongTimeout];
const LIMITS: [Field; 4] = [Field::MaxMessage, Field::MaxFrame, Field::Inbox, Field::Outbox];

/// Draws all parts, and returns what the person did.
pub(super) fn settings_ui(ui: &mut Ui, model: &Model, words: &Words) -> Vec<Msg> {
    let mut msgs = Vec::new();
    let (settings, platform) = (model.settings(), model.platform());
    let sheet = &words.sheet;

    let name = (words.connection.transport)(settings.transport, platform);
    let section = Section::new(Id::unique("transport"), words.connection.transport_title);
    section.summary(name).show(ui, |ui| transport_ui(ui, model, words, &mut msgs));

    let summary = match settings.reconnecting_unavailable() {
        Some(why) => (words.connection.unavailable)(why).to_owned(),
        None => (sheet.reconnect_summary)(settings),
    };
    let title = words.connection.reconnect_title;
    section_ui(ui, model, words, (title, &summary), &RECONNECT, |ui| {
        reconnect_ui(ui, model, words, &mut msgs);
    });

    let summary = (sheet.handshake_summary)(settings, platform);
    let title = words.connection.request_title;
    section_ui(ui, model, words, (title, &summary), &HANDSHAKE, |ui| {
        field_ui(ui, model, words, Field::Protocols, &mut msgs);
        field_ui(ui, model, words, Field::Headers, &mut msgs);
        proxy_ui(ui, model, words, &mut msgs);
        field_ui(ui, model, words, Field::Authorities, &mut msgs);
    });

    let summary = (sheet.times_summary)(settings, platform);
    let title = words.connection.times_title;
    section_ui(ui, model, words, (title, &summary), &TIMES, |ui| {
        fields_ui(ui, model, words, &TIMES, &mut msgs);
    });

    let summary = (sheet.limits_summary)(settings, platform);
    let title = words.connection.limits_title;
    section_ui(ui, model, words, (title, &summary), &LIMITS, |ui| {
        fields_ui(ui, model, words, &LIMITS, &mut msgs);
    });

    let line = Stroke::new(1.0, Scheme::of(ui).outline_variant);
    ui.painter().hline(ui.max_rect().x_range(), ui.cursor().top() + 0.5, line);
    if *settings != ConnectionSettings::default() {
        ui.add_space(16.0);
        if ui.add(Button::outlined(words.connection.reset_button)).clicked() {
            msgs.push(Msg::ResetSettings);
        }
    }
    msgs
}

/// A part, with what is set in it or else what is wrong there.
fn section_ui(
    ui: &mut Ui,
    model: &Model,
    words: &Words,
    (title, summary): (&str, &str),
    fields: &[Field],
    add: impl FnOnce(&mut Ui),
) {
    let wrong = fields.iter().find(|field| model.setting_problem(**field).is_some());
    let problem = wrong.map(|field| (words.sheet.correct_first)(*field));
    let (settings, platform) = (model.settings(), model.platform());
    let why = |field: &Field| field.unavailable(settings.transport, platform);
    let reason =
        if fields.iter().all(|field| why(field).is_some()) { why(&fields[0]) } else { None };
    let summary = reason.map_or(summary, |why| (words.connection.unavailable)(why));
    // The first of its fields names it: the titles differ by language.
    let section = Section::new(Id::unique(("settings", fields[0])), title);
    section.summary(summary).problem(problem.as_deref()).show(ui, add);
}

fn transport_ui(ui: &mut Ui, model: &Model, words: &Words, msgs: &mut Vec<Msg>) {
    radio_group(ui, words.connection.transport_title, |ui| {
        for transport in Transport::ALL {
            let is_chosen = model.settings().transport == transport;
            let name = (words.connection.transport)(transport, model.platform());
            let why = model.transport_unavailable(transport);
            let about = (words.sheet.about_transport)(transport, model.platform());
            let note = why.map_or(about, |why| (words.connection.unavailable)(why));
            let radio = Radio::new(is_chosen, name).note(note);
            if ui.add_enabled(why.is_none(), radio).clicked() && !is_chosen {
                msgs.push(Msg::SetTransport(transport));
            }
        }
    });
}

fn reconnect_ui(ui: &mut Ui, model: &Model, words: &Words, msgs: &mut Vec<Msg>) {
    let settings = model.settings();
    let unavailable = settings.reconnecting_unavailable();
    let why = unavailable.map_or("", |why| (words.connection.unavailable)(why));
    let is_on = settings.reconnects && unavailable.is_none();
    let switch = Switch::new(is_on, words.connection.reconnects_switch).note(why);
    if ui.add_enabled(unavailable.is_none(), switch).clicked() {
        msgs.push(Msg::SetReconnects(!settings.reconnects));
    }
    if !is_on {
        return;
    }
    let resends = settings.resends_in_doubt;
    let switch = Switch::new(resends, words.connection.resends_switch);
    if ui.add(switch.note(words.sheet.about_resending)).clicked() {
        msgs.push(Msg::SetResendsInDoubt(!resends));
    }
    fields_ui(ui, model, words, &RECONNECT, msgs);
}

fn proxy_ui(ui: &mut Ui, model: &Model, words: &Words, msgs: &mut Vec<Msg>) {
    let settings = model.settings();
    let unavailable = Field::Proxy.unavailable(settings.transport, model.platform());
    ui.add_space(16.0);
    small_ui(ui, words.sheet.proxy_title);
    if let Some(why) = unavailable {
        small_ui(ui, (words.connection.unavailable)(why));
    }
    ui.add_enabled_ui(unavailable.is_none(), |ui| {
        radio_group(ui, words.sheet.proxy_title, |ui| {
            for choice in [ProxyChoice::Environment, ProxyChoice::Direct, ProxyChoice::Typed] {
                let is_chosen = settings.proxy == choice;
                let radio = Radio::new(is_chosen, (words.connection.proxy)(choice));
                if ui.add(radio).clicked() && !is_chosen {
                    msgs.push(Msg::SetProxy(choice));
                }
            }
        });
    });
    if settings.proxy == ProxyChoice::Typed && unavailable.is_none() {
        field_ui(ui, model, words, Field::Proxy, msgs);
    }
}

/// Short fields, two beside each other where there is room.
fn fields_ui(ui: &mut Ui, model: &Model, words: &Words, fields: &[Field], msgs: &mut Vec<Msg>) {
    if ui.available_width() < TWO_FIELDS {
        for field in fields {
            field_ui(ui, model, words, *field, msgs);
        }
        return;
    }
    for pair in fields.chunks(2) {
        let top = ui.cursor().min;
        let width = ((ui.available_width() - GAP) / 2.0).floor();
        let mut bottom = top.y;
        for (at, field) in pair.iter().enumerate() {
            let left = top.x + at as f32 * (width + GAP);
            let room = Rect::from_min_size(egui::pos2(left, top.y), vec2(width, f32::INFINITY));
            let shown = ui.scope_builder(UiBuilder::new().id_salt(field).max_rect(room), |ui| {
                field_ui(ui, model, words, *field, msgs);
            });
            bottom = bottom.max(shown.response.rect.bottom());
        }
        ui.add_space((bottom - ui.cursor().top()).max(0.0));
    }
}

fn field_ui(ui: &mut Ui, model: &Model, words: &Words, field: Field, msgs: &mut Vec<Msg>) {
    let settings = model.settings();
    let unavailable = field.unavailable(settings.transport, model.platform());
    let why = unavailable.map(|why| (words.connection.unavailable)(why));
    let problem = model.setting_problem(field);
    let problem = problem.map(|problem| (words.connection.setting_problem)(&problem));
    let helper = why.unwrap_or((words.connection.field_helper)(field));
    let mut text = settings.text(field).to_owned();
    ui.add_space(8.0);
    ui.add_enabled_ui(unavailable.is_none(), |ui| {
        let id = Id::unique(("setting", field));
        let shown = TextField::new(id, (words.connection.field)(field));
        let shown = shown.helper(helper).error(problem.as_deref());
        if matches!(field, Field::Headers | Field::Authorities) {
            written_ui(ui, shown.lines(SEEN_LINES).char_limit(MAX_LINES), &mut text);
        } else {
            written_ui(ui, shown.char_limit(MAX_LINE), &mut text);
        }
    });
    if text != settings.text(field) {
        msgs.push(Msg::EditSetting(field, text));
    }
}

/// Below the sheet, while what is set differs from what is connected: says so, and connects again.
pub fn footer_ui(ui: &mut Ui, model: &Model, words: &Words) -> Vec<Msg> {
    let scheme = Scheme::of(ui);
    let mut msgs = Vec::new();
    let room = ui.max_rect().shrink2(vec2(20.0, 0.0));
    let layout = Layout::right_to_left(Align::Center);
    ui.scope_builder(UiBuilder::new().max_rect(room).layout(layout), |ui| {
        ui.spacing_mut().item_spacing.x = 16.0;
        let connect = Button::tonal(words.connection.connect_button).icon(Icon::Refresh);
        if ui.add_enabled(model.can_connect(), connect).clicked() {
            msgs.push(Msg::Connect);
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let problem = model.settings().first_problem(model.platform());
            let problem = problem.map(|(field, _)| (words.sheet.correct_first)(field));
            let text = problem.as_deref().unwrap_or(words.sheet.unapplied);
            let text = Type::BODY_MEDIUM.rich(text).color(scheme.on_surface);
            ui.add(Label::new(text).wrap());
        });
    });
    msgs
}
