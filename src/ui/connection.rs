//! The address, which can be changed, and how the connection to it stands: in words, with an icon,
//! and only then in colour.

use egui::{Id, Label, Ui};
use web_socket_channel::ReadyState;

use crate::i18n::words;
use crate::session::{Action, Peer, Session};
use material::{Button, Chip, Icon, IconButton, Scheme, TextField, Tone, Type};

/// Draws the connection line, and returns what the person did.
pub fn connection_ui(ui: &mut Ui, session: &mut Session) -> Vec<Action> {
    let mut actions = Vec::new();
    if address_ui(ui, session) {
        actions.push(Action::Connect);
    }
    ui.add_space(16.0);
    actions.extend(state_ui(ui, session));
    actions
}

/// Whether the person wants to connect.
fn address_ui(ui: &mut Ui, session: &mut Session) -> bool {
    let words = words(session.language);
    let problem = session.address_problem().map(|problem| (words.errors.address_problem)(&problem));
    let mut connect = false;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let button_width = 48.0 + ui.spacing().item_spacing.x;
        ui.vertical(|ui| {
            ui.set_width(ui.available_width() - button_width);
            connect |= TextField::new(Id::unique("address"), words.connection.address_label)
                .helper(words.connection.address_helper)
                .error(problem.as_deref())
                .show(ui, &mut session.address)
                .submitted;
        });
        ui.vertical(|ui| {
            // The field is 56 points high and the button 48: half-way up, as Flutter's icons are.
            ui.add_space(4.0);
            let button = IconButton::new(Icon::Refresh, words.connection.connect_button);
            connect |= ui.add_enabled(problem.is_none(), button).clicked();
        });
    });
    connect
}

fn state_ui(ui: &mut Ui, session: &Session) -> Option<Action> {
    let words = words(session.language);
    let scheme = Scheme::of(ui);
    let life = session.life();
    let script = match session.peer() {
        Peer::InPage(script) => Some(*script),
        Peer::Server(_) => None,
    };
    let is_in_page = script.is_some();
    let state = if is_in_page {
        words.connection.in_page_state
    } else {
        (words.connection.state)(life.state)
    };
    let (icon, tone) = match life.state {
        Some(ReadyState::Open) if is_in_page => (Icon::LinkOff, Tone::Caution),
        Some(ReadyState::Open) => (Icon::Link, Tone::Good),
        Some(ReadyState::Connecting | ReadyState::Closing) => (Icon::Pending, Tone::Neutral),
        Some(ReadyState::Closed) | None if session.trouble().is_some() => {
            (Icon::Warning, Tone::Bad)
        }
        Some(ReadyState::Closed) | None => (Icon::LinkOff, Tone::Neutral),
    };
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        ui.add(Chip::new(icon, state, tone));
        // A column of its own, which a long reason fills line by line.
        ui.vertical(|ui| {
            let detail = match (&life.ending, script, life.state) {
                (Some(event), ..) => (words.connection.ending)(event),
                (None, Some(script), _) => (words.connection.plays_in_page)(script).to_owned(),
                (None, None, Some(ReadyState::Open)) => {
                    (words.connection.protocol)(life.protocol.as_deref())
                }
                (None, None, _) => String::new(),
            };
            // The first line stands beside the chip's own, and the column is as high as the chip,
            // whatever is in it: nothing below may jump when a connection opens.
            ui.set_min_height(CHIP_HEIGHT);
            ui.add_space((CHIP_HEIGHT - Type::BODY_MEDIUM.line_height) / 2.0);
            if !detail.is_empty() {
                let detail = Type::BODY_MEDIUM.rich(detail).color(scheme.on_surface_variant);
                ui.add(Label::new(detail).wrap());
            }
            if !is_in_page {
                return None;
            }
            ui.add_space(8.0);
            let try_server = Button::tonal(words.connection.try_server_button).icon(Icon::Refresh);
            ui.add(try_server).clicked().then_some(Action::TryServer)
        })
        .inner
    })
    .inner
}

const CHIP_HEIGHT: f32 = 32.0;
