//! The connection on one line: how it stands, in words and with an icon and only then in colour; to whom;
//! and the way to everything about it.

use std::time::Duration;

use app_core::experiments::Script;
use app_core::{Connection, ConnectionStatus, Model, Msg, Panel, Peer, address};
use egui::{Align, Layout, Rect, Sense, Ui, UiBuilder, vec2};
use material::{Chip, Icon, IconButton, Scheme, Tone, Type};

use crate::i18n::words;
use crate::ui::shown::line_ui;

const HEIGHT: f32 = 48.0;
/// Left as the body, and right as the app bar's buttons.
const LEFT: f32 = 20.0;
const RIGHT: f32 = 4.0;

/// Between two frames of a countdown, at least: a clock may be a little behind the other.
const SHORTEST: Duration = Duration::from_millis(50);

/// Draws the line, and returns what the person did.
pub fn connection_line_ui(ui: &mut Ui, model: &Model, now: Duration) -> Vec<Msg> {
    let words = words(model.language());
    let connection = model.connection();
    let mut msgs = Vec::new();
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let left = rect.left_top() + vec2(LEFT, 0.0);
    let room = Rect::from_min_max(left, rect.right_bottom() - vec2(RIGHT, 0.0));
    let layout = Layout::left_to_right(Align::Center);
    ui.scope_builder(UiBuilder::new().id_salt("connection").max_rect(room).layout(layout), |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let state = (words.connection.status)(connection.status(), is_in_page(connection), now);
        let (icon, tone) = icon(connection);
        ui.add(Chip::new(icon, &state, tone));
        let buttons = buttons(model);
        let width = ui.available_width() - buttons.len() as f32 * (48.0 + 8.0);
        let color = Scheme::of(ui).on_surface_variant;
        let host = host(connection);
        ui.allocate_ui(vec2(width.max(0.0), HEIGHT), |ui| {
            ui.set_width(width.max(0.0));
            line_ui(ui, Type::BODY_MEDIUM, color, &host);
        });
        for (icon, name, msg, is_on) in buttons {
            // By its own name, so that a click is not lost where a button before it comes or goes meanwhile.
            let button = IconButton::new(icon, name).selected(is_on);
            if ui.push_id(icon, |ui| ui.add(button)).inner.clicked() {
                msgs.push(msg);
            }
        }
    });
    request_countdown(ui, connection.status(), now);
    msgs
}

/// Asks for the frame in which another second is gone, for whoever shows how many are left.
pub fn request_countdown(ui: &Ui, status: ConnectionStatus, now: Duration) {
    if let ConnectionStatus::Waiting { until, .. } = status {
        let left = until.saturating_sub(now);
        let part = Duration::from_nanos(u64::from(left.subsec_nanos()));
        // Where it is due, what comes next is told by an event.
        if !left.is_zero() {
            ui.ctx().request_repaint_after(part.max(SHORTEST));
        }
    }
}

/// What can be done about it right here: icon, name, what it does, and whether it is on.
fn buttons(model: &Model) -> Vec<(Icon, &'static str, Msg, bool)> {
    let words = words(model.language());
    let connection = model.connection();
    let mut buttons = Vec::new();
    match connection.status() {
        ConnectionStatus::Waiting { .. } => {
            let name = words.connection.retry_now_button;
            buttons.push((Icon::Refresh, name, Msg::RetryNow, false));
        }
        ConnectionStatus::NotConnected | ConnectionStatus::Closed => {
            let name = words.connection.connect_button;
            buttons.push((Icon::Refresh, name, Msg::Connect, false));
        }
        // Not where the person chose it.
        ConnectionStatus::Open
            if is_in_page(connection)
                && (connection.stands_in() || *connection.peer() != Peer::InPage(Script::Echo)) =>
        {
            let name = words.connection.try_server_button;
            buttons.push((Icon::Refresh, name, Msg::TryServer, false));
        }
        ConnectionStatus::Open
        | ConnectionStatus::Connecting { .. }
        | ConnectionStatus::Closing => {}
    }
    let is_open = model.panel() == Some(Panel::Connection);
    let name = if is_open { words.close_panel_button } else { words.open_panel_button };
    let toggle = Msg::TogglePanel(Panel::Connection);
    buttons.push((Icon::Tune, name(Panel::Connection), toggle, is_open));
    buttons
}

/// How it stands, for those who see.
pub fn icon(connection: &Connection) -> (Icon, Tone) {
    match connection.status() {
        ConnectionStatus::Open if is_in_page(connection) => (Icon::LinkOff, Tone::Caution),
        ConnectionStatus::Open => (Icon::Link, Tone::Good),
        ConnectionStatus::Waiting { .. } => (Icon::Pending, Tone::Caution),
        ConnectionStatus::Connecting { .. } | ConnectionStatus::Closing => {
            (Icon::Pending, Tone::Neutral)
        }
        ConnectionStatus::Closed | ConnectionStatus::NotConnected
            if connection.problem().is_some() =>
        {
            (Icon::Warning, Tone::Bad)
        }
        ConnectionStatus::Closed | ConnectionStatus::NotConnected => (Icon::LinkOff, Tone::Neutral),
    }
}

/// Whether nobody is at the other end but this page.
pub fn is_in_page(connection: &Connection) -> bool {
    matches!(connection.peer(), Peer::InPage(_))
}

fn host(connection: &Connection) -> String {
    match connection.peer() {
        Peer::Server(url) => address::host(url),
        Peer::InPage(_) => String::new(),
    }
}
