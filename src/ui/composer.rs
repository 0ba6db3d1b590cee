//! What is about to be sent: the field, what is attached above it, and what pressing the button does.

use app_core::composer::{Attachment, Composer, MAX_DRAFT_BYTES};
use app_core::{Model, Msg, SendOutlook};
use egui::{Event, Label, Ui};
use material::{Chip, Icon, IconButton, Scheme, TextField, Tone, Type};
use web_socket_channel::Message;

use super::page::draft_id;
use crate::i18n::{Words, words};

/// Draws it, and returns what the person did.
pub fn composer_ui(ui: &mut Ui, model: &Model) -> Vec<Msg> {
    let words = words(model.language());
    let composer = model.composer();
    let mut msgs = Vec::new();
    msgs.extend(taken_paste(ui, composer).map(|text| Msg::Attach(Attachment::text(text))));
    msgs.extend(attachment_ui(ui, words, composer));
    let outlook = (words.message.outlook)(&model.send_outlook());
    let wrong =
        matches!(model.send_outlook(), SendOutlook::WrongAddress | SendOutlook::WrongSetting(_));
    let mut draft = composer.draft().to_owned();
    let field = TextField::new(draft_id(), words.message.label);
    let field = if wrong { field.error(Some(&outlook)) } else { field.helper(&outlook) };
    let field = field.char_limit(MAX_DRAFT_BYTES).show(ui, &mut draft);
    if draft != composer.draft() {
        msgs.push(Msg::EditDraft(draft));
    }
    if field.submitted {
        msgs.push(Msg::Send);
    }
    msgs
}

/// A paste that is too long for the field, taken before the field can lay it out.
fn taken_paste(ui: &Ui, composer: &Composer) -> Option<String> {
    if !ui.memory(|memory| memory.has_focus(draft_id())) {
        return None;
    }
    let mut taken = None;
    ui.input_mut(|input| {
        input.events.retain_mut(|event| match event {
            Event::Paste(text) | Event::Text(text) if !composer.has_room_for(text.len()) => {
                taken = Some(std::mem::take(text));
                false
            }
            _ => true,
        });
    });
    taken
}

/// What is attached, or was too large to be.
fn attachment_ui(ui: &mut Ui, words: &Words, composer: &Composer) -> Option<Msg> {
    if let Some(refused) = composer.refused() {
        let text = (words.message.too_large)(refused.bytes);
        let color = Scheme::of(ui).error;
        ui.add(Label::new(Type::BODY_MEDIUM.rich(text).color(color)).wrap());
        ui.add_space(8.0);
    }
    let attachment = composer.attachment()?;
    let mut msg = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let is_text = matches!(attachment.message, Message::Text(_));
        let size = (words.message.attachment)(attachment.bytes(), is_text);
        ui.add(Chip::new(Icon::Document, &size, Tone::Neutral));
        let remove = IconButton::new(Icon::Close, words.message.detach_button);
        if ui.add(remove).clicked() {
            msg = Some(Msg::Detach);
        }
    });
    let preview = match (&attachment.name, &attachment.message) {
        (Some(name), _) => name.clone(),
        (None, Message::Text(text)) => beginning(text),
        (None, Message::Binary(bytes)) => crate::payload::hex_preview(bytes),
    };
    let color = Scheme::of(ui).on_surface_variant;
    ui.add(Label::new(Type::BODY_SMALL.rich(preview).color(color)).truncate());
    ui.add_space(8.0);
    msg
}

/// The first characters on one line, whatever is in them.
fn beginning(text: &str) -> String {
    const MOST: usize = 100;

    let characters = text.chars().take(MOST).map(|c| if c.is_control() { ' ' } else { c });
    let mut beginning: String = characters.collect();
    if text.chars().nth(MOST).is_some() {
        beginning.push('…');
    }
    beginning
}
