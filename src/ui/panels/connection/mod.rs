//! Everything about the connection: where to, by what, what is asked of it, what waits, what went through.
//!
//! From top to bottom:
//!
//! - `address`: where to, and where to lately;
//! - `state`: how it stands, and what can be done about it;
//! - `outbox`: what waits, and what is in doubt;
//! - `traffic`: what went through;
//! - `settings`: what the next connection is made with.

use std::time::Duration;

use app_core::{Model, Msg};
use egui::{Label, Ui, accesskit};
use material::{Scheme, Type};

use crate::i18n::words;
use crate::ui::shown::{Looks, shown_ui};

mod address;
mod outbox;
mod settings;
mod state;
mod traffic;

pub use address::address_id;
pub use settings::{FOOTER_HEIGHT, footer_ui};

/// Draws it, and returns what the person did.
pub fn connection_panel_ui(ui: &mut Ui, model: &Model, now: Duration) -> Vec<Msg> {
    let words = words(model.language());
    let mut msgs = address::address_ui(ui, model, words);
    msgs.extend(state::state_ui(ui, model, words, now));
    msgs.extend(outbox::outbox_ui(ui, model, words));
    traffic::traffic_ui(ui, model, words);
    msgs.extend(settings::settings_ui(ui, model, words));
    msgs
}

/// What the parts that follow are about.
fn heading_ui(ui: &mut Ui, title: &str) {
    let color = Scheme::of(ui).on_surface;
    let text = Type::BODY_LARGE.rich(title).color(color);
    let label = ui.add(Label::new(text).selectable(false).wrap());
    ui.ctx().accesskit_node_builder(label.id, |node| {
        node.set_role(accesskit::Role::Heading);
        node.set_label(title);
        node.set_level(2);
    });
}

fn body_ui(ui: &mut Ui, text: &str) {
    let color = Scheme::of(ui).on_surface;
    shown_ui(ui, text, Looks::note(color), text);
}

fn small_ui(ui: &mut Ui, text: &str) {
    let color = Scheme::of(ui).on_surface_variant;
    ui.add(Label::new(Type::BODY_SMALL.rich(text).color(color)).wrap());
}
