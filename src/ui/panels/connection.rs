//! Everything about the connection: where to, by what, what is asked of it, what waits, what went through.

use std::time::Duration;

use app_core::connection::OutboxItem;
use app_core::settings::{Field, ProxyChoice, Transport};
use app_core::{ConnectionStatus, Model, Msg, Panel};
use egui::{Id, Label, TextEdit, Ui, accesskit};
use material::{Button, Icon, IconButton, Scheme, TextField, Type};

use crate::i18n::{Words, words};

/// Draws it, and returns what the person did.
pub fn connection_panel_ui(ui: &mut Ui, model: &Model, now: Duration) -> Vec<Msg> {
    let words = words(model.language());
    let mut msgs = Vec::new();
    msgs.extend(address_ui(ui, model, words));
    state_ui(ui, model, words, now);
    msgs.extend(outbox_ui(ui, model, words));
    section_ui(ui, words.connection.transport_title);
    msgs.extend(transport_ui(ui, model, words));
    section_ui(ui, words.connection.reconnect_title);
    msgs.extend(reconnect_ui(ui, model, words));
    section_ui(ui, words.connection.request_title);
    msgs.extend(fields_ui(ui, model, words, &[Field::Protocols, Field::Headers]));
    msgs.extend(proxy_ui(ui, model, words));
    msgs.extend(fields_ui(ui, model, words, &[Field::Authorities]));
    section_ui(ui, words.connection.times_title);
    let times =
        [Field::ConnectTimeout, Field::CloseTimeout, Field::PingInterval, Field::PongTimeout];
    msgs.extend(fields_ui(ui, model, words, &times));
    section_ui(ui, words.connection.limits_title);
    let limits = [Field::MaxMessage, Field::MaxFrame, Field::Inbox, Field::Outbox];
    msgs.extend(fields_ui(ui, model, words, &limits));
    ui.add_space(16.0);
    if ui.add(Button::text(words.connection.reset_button)).clicked() {
        msgs.push(Msg::ResetSettings);
    }
    msgs
}

/// The address field, for whoever gives it the keyboard.
pub fn address_id() -> Id {
    Id::unique("address")
}

fn address_ui(ui: &mut Ui, model: &Model, words: &Words) -> Vec<Msg> {
    let mut msgs = Vec::new();
    let problem = model.address_problem().map(|problem| (words.errors.address_problem)(&problem));
    let mut address = model.address().to_owned();
    let submitted = TextField::new(address_id(), words.connection.address_label)
        .helper(words.connection.address_helper)
        .error(problem.as_deref())
        .show(ui, &mut address)
        .submitted;
    if address != model.address() {
        msgs.push(Msg::EditAddress(address));
    }
    ui.add_space(8.0);
    let can_connect =
        problem.is_none() && model.settings().first_problem(model.platform()).is_none();
    ui.horizontal_wrapped(|ui| {
        let connect = Button::tonal(words.connection.connect_to_button).icon(Icon::Link);
        if ui.add_enabled(can_connect, connect).clicked() || (submitted && can_connect) {
            msgs.push(Msg::Connect);
            if ui.ctx().content_rect().width() < crate::ui::page::TWO_COLUMNS {
                // What becomes of it is seen on the page.
                msgs.push(Msg::TogglePanel(Panel::Connection));
            }
        }
        let can_close = matches!(
            model.connection().status(),
            ConnectionStatus::Open
                | ConnectionStatus::Connecting { .. }
                | ConnectionStatus::Waiting { .. }
        );
        let close = Button::outlined(words.connection.close_button);
        if ui.add_enabled(can_close, close).clicked() {
            msgs.push(Msg::Close);
        }
    });
    if !model.recent_addresses().is_empty() {
        ui.add_space(8.0);
        small_ui(ui, words.connection.recent_title);
        for recent in model.recent_addresses() {
            if ui.add(Button::text(recent)).clicked() {
                msgs.push(Msg::EditAddress(recent.clone()));
            }
        }
        if ui.add(Button::text(words.connection.forget_button)).clicked() {
            msgs.push(Msg::ForgetAddresses);
        }
    }
    msgs
}

/// How it stands, and what went through.
fn state_ui(ui: &mut Ui, model: &Model, words: &Words, now: Duration) {
    let connection = model.connection();
    section_ui(ui, words.connection.state_title);
    let is_in_page = matches!(connection.peer(), app_core::Peer::InPage(_));
    body_ui(ui, &(words.connection.status)(connection.status(), is_in_page, now));
    if connection.status() == ConnectionStatus::Open {
        body_ui(ui, &(words.connection.protocol)(connection.negotiated().protocol.as_deref()));
        for (name, value) in &connection.negotiated().headers {
            small_ui(ui, &format!("{name}: {value}"));
        }
    }
    if let Some(ending) = connection.ending() {
        body_ui(ui, &(words.connection.ending)(ending));
    }
    body_ui(ui, &(words.connection.traffic)(model.statistics()));
}

fn outbox_ui(ui: &mut Ui, model: &Model, words: &Words) -> Vec<Msg> {
    let outbox = model.outbox();
    let mut msgs = Vec::new();
    if outbox.waiting_count > 0 {
        section_ui(ui, &(words.connection.waiting)(outbox.waiting_count));
        for item in &outbox.waiting {
            ui.horizontal(|ui| {
                let button = IconButton::new(Icon::Close, words.connection.take_back_button);
                if ui.add(button).clicked() {
                    msgs.push(Msg::TakeBack(item.id));
                }
                item_ui(ui, item);
            });
        }
        if ui.add(Button::text(words.connection.take_back_all_button)).clicked() {
            msgs.push(Msg::TakeBackAll);
        }
    }
    if outbox.in_doubt_count > 0 {
        section_ui(ui, &(words.connection.in_doubt)(outbox.in_doubt_count));
        for item in &outbox.in_doubt {
            item_ui(ui, item);
        }
        ui.horizontal_wrapped(|ui| {
            if ui.add(Button::tonal(words.connection.resend_button)).clicked() {
                msgs.push(Msg::ResendInDoubt);
            }
            if ui.add(Button::text(words.connection.let_go_button)).clicked() {
                msgs.push(Msg::LetGoInDoubt);
            }
        });
    }
    msgs
}

fn item_ui(ui: &mut Ui, item: &OutboxItem) {
    let color = Scheme::of(ui).on_surface;
    ui.add(Label::new(Type::BODY_MEDIUM.rich(&item.preview).color(color)).truncate());
}

fn transport_ui(ui: &mut Ui, model: &Model, words: &Words) -> Vec<Msg> {
    let mut msgs = Vec::new();
    for transport in Transport::ALL {
        let is_chosen = model.settings().transport == transport;
        let name = (words.connection.transport)(transport, model.platform());
        if ui.radio(is_chosen, Type::BODY_LARGE.rich(name)).clicked() {
            msgs.push(Msg::SetTransport(transport));
        }
    }
    msgs
}

fn reconnect_ui(ui: &mut Ui, model: &Model, words: &Words) -> Vec<Msg> {
    let mut msgs = Vec::new();
    let settings = model.settings();
    let mut reconnects = settings.reconnects;
    let text = Type::BODY_LARGE.rich(words.connection.reconnects_switch);
    if ui.checkbox(&mut reconnects, text).changed() {
        msgs.push(Msg::SetReconnects(reconnects));
    }
    let mut resends = settings.resends_in_doubt;
    ui.add_enabled_ui(reconnects, |ui| {
        let text = Type::BODY_LARGE.rich(words.connection.resends_switch);
        if ui.checkbox(&mut resends, text).changed() {
            msgs.push(Msg::SetResendsInDoubt(resends));
        }
        let fields = [Field::FirstWait, Field::LongestWait, Field::MaxAttempts];
        msgs.extend(fields_ui(ui, model, words, &fields));
    });
    msgs
}

fn proxy_ui(ui: &mut Ui, model: &Model, words: &Words) -> Vec<Msg> {
    let mut msgs = Vec::new();
    let settings = model.settings();
    let unavailable = Field::Proxy.unavailable(settings.transport, model.platform());
    ui.add_space(8.0);
    ui.add_enabled_ui(unavailable.is_none(), |ui| {
        for choice in [ProxyChoice::Environment, ProxyChoice::Direct, ProxyChoice::Typed] {
            let name = (words.connection.proxy)(choice);
            if ui.radio(settings.proxy == choice, Type::BODY_LARGE.rich(name)).clicked() {
                msgs.push(Msg::SetProxy(choice));
            }
        }
    });
    if settings.proxy == ProxyChoice::Typed || unavailable.is_some() {
        msgs.extend(fields_ui(ui, model, words, &[Field::Proxy]));
    }
    msgs
}

fn fields_ui(ui: &mut Ui, model: &Model, words: &Words, fields: &[Field]) -> Vec<Msg> {
    fields.iter().filter_map(|field| field_ui(ui, model, words, *field)).collect()
}

fn field_ui(ui: &mut Ui, model: &Model, words: &Words, field: Field) -> Option<Msg> {
    let settings = model.settings();
    let unavailable = field.unavailable(settings.transport, model.platform());
    let why = unavailable.map(|why| (words.connection.unavailable)(why));
    let problem = model.setting_problem(field);
    let problem = problem.map(|problem| (words.connection.setting_problem)(&problem));
    let label = (words.connection.field)(field);
    let mut text = settings.text(field).to_owned();
    ui.add_space(8.0);
    ui.add_enabled_ui(unavailable.is_none(), |ui| {
        let id = Id::unique(("setting", field));
        if matches!(field, Field::Headers | Field::Authorities) {
            lines_ui(ui, id, label, problem.as_deref().or(why), &mut text);
        } else {
            let helper = why.unwrap_or((words.connection.field_helper)(field));
            let field = TextField::new(id, label).helper(helper).error(problem.as_deref());
            field.show(ui, &mut text);
        }
    });
    (text != settings.text(field)).then_some(Msg::EditSetting(field, text))
}

/// A field of several lines.
fn lines_ui(ui: &mut Ui, id: Id, label: &str, note: Option<&str>, text: &mut String) {
    small_ui(ui, label);
    ui.add_space(4.0);
    ui.add(TextEdit::multiline(text).id(id).desired_rows(2).desired_width(f32::INFINITY));
    ui.ctx().accesskit_node_builder(id, |node| node.set_label(label));
    if let Some(note) = note {
        ui.add_space(4.0);
        small_ui(ui, note);
    }
}

fn section_ui(ui: &mut Ui, title: &str) {
    ui.add_space(24.0);
    let color = Scheme::of(ui).on_surface_variant;
    let label = ui.add(Label::new(Type::LABEL_LARGE.rich(title).color(color)).selectable(false));
    ui.ctx().accesskit_node_builder(label.id, |node| {
        node.set_role(accesskit::Role::Heading);
        node.set_level(3);
    });
    ui.add_space(4.0);
}

fn body_ui(ui: &mut Ui, text: &str) {
    let color = Scheme::of(ui).on_surface;
    ui.add(Label::new(Type::BODY_MEDIUM.rich(text).color(color)).wrap());
}

fn small_ui(ui: &mut Ui, text: &str) {
    let color = Scheme::of(ui).on_surface_variant;
    ui.add(Label::new(Type::BODY_SMALL.rich(text).color(color)).wrap());
}
