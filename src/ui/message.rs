//! What came back: the text that StreamBuilder rebuilds, a picture, or bytes; or that the network
//! is down, and what to do about it.

use app_core::composer::MAX_DRAFT_BYTES;
use app_core::recording::{self, Content, EventKind, Moment};
use app_core::{ConnectionStatus, Model, Panel};
use egui::accesskit::Live;
use egui::{Label, Ui};
use egui_long_text::LongText;
use egui_stream_builder::Snapshot;
use web_socket_channel::{Error, Message};

use crate::i18n::{Words, words};
use crate::payload::hex_preview;
use crate::picture::{Shown, Uploaded};
use crate::ui::shown::{Looks, shown_ui};
use crate::ui::text_menu::offer_copy_of;
use material::{Scheme, Type};

/// The longest text that is one label, in bytes: as much as can be typed. Of a longer one only what is seen
/// is laid out.
const MAX_LABEL_BYTES: usize = MAX_DRAFT_BYTES;

/// Draws the snapshot by the rule of the Flutter page: an error says so, data is shown, and with
/// neither the text that stood there stays, which at first is none.
pub fn message_ui(
    ui: &mut Ui,
    model: &Model,
    snapshot: &Snapshot<Message, Error>,
    shown: Option<&Shown>,
    generation: u64,
) {
    let words = words(model.language());
    let connection = model.connection();
    match problem_shown(model) {
        Some((what_to_do, is_back)) => problem_ui(ui, words, &what_to_do, is_back),
        None => data_ui(ui, words, snapshot, shown, generation),
    }
    if let Some(ending) = connection.ending()
        && connection.status() != ConnectionStatus::Open
    {
        note_ui(ui, "ending", &(words.connection.ending)(ending));
    }
    if let app_core::Peer::InPage(script) = connection.peer() {
        note_ui(ui, "in page", (words.connection.plays_in_page)(*script, connection.stands_in()));
    }
    // While it is being written it is told at its field.
    if model.needs_address()
        && model.panel() != Some(Panel::Connection)
        && let Some(problem) = model.address_problem()
    {
        note_ui(ui, "address", &(words.errors.address_problem)(&problem));
    }
}

/// Draws what the page showed at a moment of a recording, and says that it is past.
pub fn past_message_ui(ui: &mut Ui, model: &Model, moment: &Moment<'_>) {
    let words = words(model.language());
    let scheme = Scheme::of(ui);
    let text = Type::LABEL_MEDIUM.rich(words.replay.page_was);
    let label = Label::new(text.color(scheme.on_warning_container));
    let frame = egui::Frame::new().fill(scheme.warning_container).stroke(scheme.container_stroke());
    frame.corner_radius(4).inner_margin(2).show(ui, |ui| {
        let label = ui.add(label);
        ui.ctx().accesskit_node_builder(label.id, |node| node.set_live(Live::Polite));
    });
    match (moment.problem, moment.shown) {
        (Some(problem), _) => problem_ui(ui, words, problem.text, problem.is_back),
        (
            None,
            Some(recording::Shown { kind: EventKind::Error, content: Content::Text(why), .. }),
        ) => {
            problem_ui(ui, words, why, false);
        }
        (None, Some(shown)) => past_data_ui(ui, words, &shown),
        (None, None) => note_ui(ui, "empty", words.replay.page_was_empty),
    }
}

/// The beginning of a message is all that is kept of it.
fn past_data_ui(ui: &mut Ui, words: &Words, shown: &recording::Shown<'_>) {
    let length = usize::try_from(shown.bytes).unwrap_or(usize::MAX);
    match shown.content {
        Content::Text(text) if text.len() < length => {
            let text = (words.message.echo)(text);
            text_ui(ui, &format!("{text}…"));
        }
        Content::Text(text) => text_ui(ui, &(words.message.echo)(text)),
        Content::Bytes(bytes) => {
            text_ui(ui, &(words.message.bytes)(length));
            note_ui(ui, "hex", &hex_preview(bytes));
        }
    }
}

/// What is said of the network in place of what the stream said, if anything, and whether there is a connection
/// again.
pub fn problem_shown(model: &Model) -> Option<(String, bool)> {
    let connection = model.connection();
    let problem = connection.problem()?;
    Some((words(model.language()).errors.problem(problem), connection.is_back()))
}

/// What the stream said last, if that was data.
fn data_ui(
    ui: &mut Ui,
    words: &Words,
    snapshot: &Snapshot<Message, Error>,
    shown: Option<&Shown>,
    generation: u64,
) {
    match (snapshot.data(), shown) {
        (Some(Message::Text(text)), _) if text.len() > MAX_LABEL_BYTES => {
            long_text_ui(ui, words, text, generation);
        }
        (Some(Message::Text(text)), _) => text_ui(ui, &(words.message.echo)(text)),
        (Some(Message::Binary(bytes)), Some(Shown::Picture(picture))) => {
            picture_ui(ui, words, picture, bytes.len());
        }
        (Some(Message::Binary(bytes)), Some(Shown::BrokenPicture { format, why })) => {
            text_ui(ui, &(words.message.broken_picture)(format, bytes.len(), *why));
        }
        (Some(Message::Binary(bytes)), _) => {
            text_ui(ui, &(words.message.bytes)(bytes.len()));
            note_ui(ui, "hex", &hex_preview(bytes));
        }
        (None, _) => text_ui(ui, ""),
    }
}

/// What is wrong and what to do about it. Where there is a connection again, the text that stood there
/// stays until something comes, as in Flutter.
fn problem_ui(ui: &mut Ui, words: &Words, what_to_do: &str, is_back: bool) {
    let scheme = Scheme::of(ui);
    let color = if is_back { scheme.on_surface_variant } else { scheme.error };
    let text = Type::BODY_LARGE.rich(words.errors.unreachable).color(color);
    let label = ui.add(Label::new(text).wrap());
    // Said at once to those who hear the page: what they type now goes nowhere.
    ui.ctx().accesskit_node_builder(label.id, |node| {
        node.set_live(Live::Assertive);
    });
    note_ui(ui, "what to do", if is_back { words.message.is_back } else { what_to_do });
}

/// What is said in place of an echo, or is one.
fn text_ui(ui: &mut Ui, text: &str) {
    let color = Scheme::of(ui).on_surface;
    let size = Type::BODY_LARGE;
    shown_ui(ui, "text", Looks { size, line_height: None, color, live: Live::Polite }, text);
}

/// A text that a label could not bear. `generation` is another number for another text.
fn long_text_ui(ui: &mut Ui, words: &Words, text: &str, generation: u64) {
    const LEAST_HEIGHT: f32 = 160.0;
    /// What stands below it: the room for the round button.
    const BELOW: f32 = 96.0;

    let scheme = Scheme::of(ui);
    let size = (words.message.long_echo)(text.len());
    let label = Label::new(Type::BODY_LARGE.rich(&size).color(scheme.on_surface));
    ui.add(label.wrap());
    ui.add_space(8.0);
    let room = ui.ctx().content_rect().bottom() - ui.cursor().top() - BELOW;
    ui.visuals_mut().override_text_color = Some(scheme.on_surface);
    let shown = LongText::new("echo", text)
        .generation(generation)
        .max_height(room.max(LEAST_HEIGHT))
        .font(Type::BODY_LARGE.font())
        .live(Live::Polite)
        .spoken(SPOKEN_CHARACTERS, &size)
        .scroll_bar_names(words.scroll_bar, words.horizontal_scroll_bar)
        .show(ui);
    offer_copy_of(&shown, text);
}

/// How much of a long text is read out.
const SPOKEN_CHARACTERS: usize = 200;

/// `salt` is another one for each note that stands with others.
fn note_ui(ui: &mut Ui, salt: &str, note: &str) {
    ui.add_space(4.0);
    let looks = Looks::note(Scheme::of(ui).on_surface_variant);
    shown_ui(ui, salt, looks, note);
}

/// As wide as there is room, at most as large as it is, and no higher than a window.
fn picture_ui(ui: &mut Ui, words: &Words, picture: &Uploaded, length: usize) {
    let [width, height] = picture.size;
    let caption = (words.message.picture)(width, height, length);
    let most = egui::vec2(ui.available_width(), MAX_PICTURE_HEIGHT);
    let image = egui::Image::from_texture(&picture.texture)
        .max_size(most)
        .corner_radius(12)
        .alt_text(&caption);
    ui.add(image);
    note_ui(ui, "caption", &caption);
}

const MAX_PICTURE_HEIGHT: f32 = 480.0;
