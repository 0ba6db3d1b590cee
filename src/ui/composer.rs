//! What is about to be sent: the field, what is attached above it, and what pressing the button does.
//!
//! - `field`: the field itself, of one line or several;
//! - `doors`: what comes into it by other ways than keys;
//! - `extras`: the formats and tools, which one button shows.

mod doors;
mod extras;
mod field;

use app_core::composer::format::Format;
use app_core::composer::{Attachment, Composer};
use app_core::model::ComposerMsg;
use app_core::{Model, Msg, SendOutlook};
use egui::{Align, Label, Layout, Ui, vec2};
use material::{Button, Chip, Icon, IconButton, Scheme, Tone, Type};
use message_log::harmless;
use web_socket_channel::Message;

use crate::i18n::{Ready, Words, words};
use crate::ui::shown::{Looks, line_ui, shown_ui};

/// The width of the button beside the field, and the room before it.
const BUTTON: f32 = 48.0;
const GAP: f32 = 4.0;

/// Draws it, and returns what the person did.
pub fn composer_ui(ui: &mut Ui, model: &Model) -> Vec<Msg> {
    let words = words(model.language());
    let composer = model.composer();
    let mut msgs = Vec::new();
    let came = doors::take_in(ui, composer);
    msgs.extend(came.too_long.into_iter().map(|text| compose(ComposerMsg::AttachText(text))));
    msgs.extend(attachments_ui(ui, words, composer));
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        let width = (ui.available_width() - GAP - BUTTON).max(0.0);
        let layout = Layout::top_down(Align::Min);
        ui.allocate_ui_with_layout(vec2(width, 0.0), layout, |ui| {
            ui.set_width(width);
            let note = note(model, words);
            msgs.extend(field::show(ui, words, composer, &note, came.has_line_break));
        });
        ui.add_space(GAP);
        ui.vertical(|ui| {
            ui.add_space(GAP);
            let is_open = composer.is_open();
            let name = if is_open { words.sending.close_button } else { words.sending.open_button };
            // It also says that the text is more than text, while nothing else does.
            let is_on = is_open || composer.format() != Format::Text;
            if ui.add(IconButton::new(Icon::Add, name).selected(is_on)).clicked() {
                msgs.push(compose(ComposerMsg::ToggleOpen));
            }
        });
    });
    if composer.format() == Format::Json
        && model.send_outlook() == SendOutlook::WrongDraft
        && ui.add(Button::text(words.sending.send_as_text_button)).clicked()
    {
        msgs.push(compose(ComposerMsg::SendAsText));
    }
    msgs.extend(extras::show(ui, model, words));
    msgs
}

fn compose(msg: ComposerMsg) -> Msg {
    Msg::Compose(msg)
}

/// What stands below the field.
struct Note {
    text: String,
    is_error: bool,
}

fn note(model: &Model, words: &Words) -> Note {
    let composer = model.composer();
    let outlook = model.send_outlook();
    if let (SendOutlook::WrongDraft, Some(problem)) = (&outlook, composer.problem()) {
        return Note { text: (words.sending.format_problem)(&problem), is_error: true };
    }
    let is_error = matches!(outlook, SendOutlook::WrongAddress | SendOutlook::WrongSetting(_));
    if outlook != SendOutlook::Sends {
        return Note { text: (words.message.outlook)(&outlook), is_error };
    }
    let format = composer.format();
    let text = (words.sending.ready)(Ready {
        attachments: composer.attachments().len(),
        format,
        bytes: format.message(composer.draft()).map_or(0, |message| message.len()),
        needs_ctrl: composer.has_several_lines(),
    });
    Note { text, is_error }
}

/// What is attached, is being read, or could not be attached.
fn attachments_ui(ui: &mut Ui, words: &Words, composer: &Composer) -> Vec<Msg> {
    let mut msgs = Vec::new();
    let scheme = Scheme::of(ui);
    if let Some(refused) = composer.refused() {
        let text = shown((words.message.refused)(refused));
        shown_ui(ui, "refused", Looks::note(scheme.error), &text);
        ui.add_space(8.0);
    }
    let is_one = composer.attachments().len() == 1;
    for (index, attachment) in composer.attachments().iter().enumerate() {
        let remove = if is_one {
            words.message.detach_button.to_owned()
        } else {
            (words.sending.detach_nth_button)(index + 1)
        };
        if attachment_ui(ui, words, index, attachment, &remove) {
            msgs.push(Msg::Detach(index));
        }
    }
    if composer.reading() > 0 {
        let text = (words.sending.reading)(composer.reading());
        let color = scheme.on_surface_variant;
        ui.add(Label::new(Type::BODY_MEDIUM.rich(text).color(color)).wrap());
        ui.add_space(8.0);
    }
    msgs
}

/// Gives whether it is to be removed.
fn attachment_ui(
    ui: &mut Ui,
    words: &Words,
    index: usize,
    attachment: &Attachment,
    remove: &str,
) -> bool {
    let mut is_removed = false;
    ui.push_id(("attachment", index), |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            let is_text = matches!(attachment.message, Message::Text(_));
            let size = (words.message.attachment)(attachment.bytes(), is_text);
            ui.add(Chip::new(Icon::Document, &size, Tone::Neutral));
            is_removed = ui.add(IconButton::new(Icon::Close, remove)).clicked();
        });
        let preview = match (&attachment.name, &attachment.message) {
            (Some(name), _) => shown(name.clone()),
            (None, Message::Text(text)) => beginning(text),
            (None, Message::Binary(bytes)) => crate::payload::hex_preview(bytes),
        };
        let color = Scheme::of(ui).on_surface_variant;
        line_ui(ui, Type::BODY_SMALL, color, &preview);
        ui.add_space(8.0);
    });
    is_removed
}

/// A name that somebody else has given, without what turns text around or can't be seen.
fn shown(text: String) -> String {
    harmless(&text)
}

/// The first characters on one line, whatever is in them.
fn beginning(text: &str) -> String {
    const MOST: usize = 100;

    let end = text.char_indices().nth(MOST).map_or(text.len(), |(end, _)| end);
    let mut beginning = harmless(&text[..end]);
    if end < text.len() {
        beginning.push('…');
    }
    beginning
}
