//! What came back: the text that StreamBuilder rebuilds, a picture, or bytes; or that the network
//! is down, and what to do about it.

use egui::{Label, TextureHandle, Ui, accesskit};
use egui_stream_builder::Snapshot;
use web_socket_channel::{Error, Message};

use crate::i18n::{Words, words};
use crate::payload::{Binary, PictureProblem, hex_preview};
use crate::session::Session;
use material::{Scheme, Type};

/// The binary message that the snapshot has, looked at and, if it is a picture, uploaded. Made once
/// for each message, and not once for each frame.
pub enum Shown {
    /// A picture.
    Picture(TextureHandle),
    /// Says that it is a picture, but can't be shown.
    BrokenPicture {
        /// Its format.
        format: &'static str,
        /// Why not.
        why: PictureProblem,
    },
    /// Other bytes.
    Bytes,
}

impl Shown {
    /// Uploads a picture; what is not one it only notes.
    pub fn new(ctx: &egui::Context, binary: Binary) -> Self {
        match binary {
            Binary::Picture(pixels) => {
                let (width, height) = pixels.dimensions();
                let size = [width as usize, height as usize];
                let image = egui::ColorImage::from_rgba_unmultiplied(size, pixels.as_raw());
                Self::Picture(ctx.load_texture("message", image, egui::TextureOptions::LINEAR))
            }
            Binary::BrokenPicture { format, why } => Self::BrokenPicture { format, why },
            Binary::Bytes => Self::Bytes,
        }
    }
}

/// Draws the snapshot by the rule of the Flutter page: an error says so, data is shown, and with
/// neither the text that stood there stays, which at first is none.
pub fn message_ui(
    ui: &mut Ui,
    session: &Session,
    snapshot: &Snapshot<Message, Error>,
    shown: Option<&Shown>,
) {
    let words = words(session.language);
    if let Some(trouble) = session.trouble() {
        return trouble_ui(ui, words, &words.errors.trouble(trouble));
    }
    match (snapshot.data(), shown) {
        (Some(Message::Text(text)), _) => text_ui(ui, &(words.message.echo)(text)),
        (Some(Message::Binary(bytes)), Some(Shown::Picture(picture))) => {
            picture_ui(ui, words, picture, bytes.len());
        }
        (Some(Message::Binary(bytes)), Some(Shown::BrokenPicture { format, why })) => {
            text_ui(ui, &(words.message.broken_picture)(format, bytes.len(), *why));
        }
        (Some(Message::Binary(bytes)), _) => {
            text_ui(ui, &(words.message.bytes)(bytes.len()));
            note_ui(ui, &hex_preview(bytes));
        }
        (None, _) => text_ui(ui, ""),
    }
}

fn trouble_ui(ui: &mut Ui, words: &Words, what_to_do: &str) {
    let scheme = Scheme::of(ui);
    let text = Type::BODY_LARGE.rich(words.errors.unreachable).color(scheme.error);
    let label = ui.add(Label::new(text).wrap());
    // Said at once to those who hear the page: what they type now goes nowhere.
    ui.ctx().accesskit_node_builder(label.id, |node| {
        node.set_live(accesskit::Live::Assertive);
    });
    note_ui(ui, what_to_do);
}

fn text_ui(ui: &mut Ui, text: &str) {
    let scheme = Scheme::of(ui);
    let text = Type::BODY_LARGE.rich(text).color(scheme.on_surface);
    let label = ui.add(Label::new(text).wrap());
    ui.ctx().accesskit_node_builder(label.id, |node| node.set_live(accesskit::Live::Polite));
}

fn note_ui(ui: &mut Ui, note: &str) {
    let scheme = Scheme::of(ui);
    ui.add_space(4.0);
    let note = Type::BODY_MEDIUM.rich(note).color(scheme.on_surface_variant);
    ui.add(Label::new(note).wrap());
}

/// As wide as there is room, at most as large as it is, and no higher than a window.
fn picture_ui(ui: &mut Ui, words: &Words, picture: &TextureHandle, length: usize) {
    let [width, height] = picture.size();
    let caption = (words.message.picture)(width, height, length);
    let most = egui::vec2(ui.available_width(), MAX_PICTURE_HEIGHT);
    let image =
        egui::Image::from_texture(picture).max_size(most).corner_radius(12).alt_text(&caption);
    ui.add(image);
    note_ui(ui, &caption);
}

const MAX_PICTURE_HEIGHT: f32 = 480.0;
