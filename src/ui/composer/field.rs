//! The message field: one line, as in Flutter, until there are several.

use app_core::Msg;
use app_core::composer::{Composer, MAX_DRAFT_BYTES};
use app_core::model::ComposerMsg;
use egui::text_edit::TextEditState;
use egui::{
    Align2, Event, Frame, ImeEvent, Key, KeyboardShortcut, Label, Margin, Modifiers, Rect,
    Response, ScrollArea, TextEdit, Ui, accesskit, pos2, vec2,
};
use material::{Scheme, TextField, Type};

use super::{Note, compose};
use crate::i18n::Words;
use crate::ui::page::draft_id;
use crate::ui::written::{show as show_written, written_ui};

/// The most lines that are seen at once.
const MAX_ROWS: usize = 6;

/// Draws the field with its note, and returns what the person did.
pub(super) fn show(
    ui: &mut Ui,
    words: &Words,
    composer: &Composer,
    note: &Note,
    line_break_comes: bool,
) -> Vec<Msg> {
    let mut msgs = Vec::new();
    let is_tall =
        composer.has_several_lines() || line_break_comes || composer.draft().contains('\n');
    if let Some(msg) = history_key(ui, composer) {
        msgs.push(compose(msg));
    }
    let mut draft = composer.draft().to_owned();
    let submitted = if is_tall {
        lines_ui(ui, words, composer, note, &mut draft)
    } else {
        let field = TextField::new(draft_id(), words.message.label).char_limit(MAX_DRAFT_BYTES);
        let field =
            if note.is_error { field.error(Some(&note.text)) } else { field.helper(&note.text) };
        written_ui(ui, field, &mut draft).submitted
    };
    if draft != composer.draft() {
        msgs.push(Msg::EditDraft(draft));
    }
    if submitted {
        msgs.push(Msg::Send);
    }
    msgs
}

/// An arrow up or down that is for the history, taken before the field sees it. In several lines arrows
/// go from line to line first.
fn history_key(ui: &Ui, composer: &Composer) -> Option<ComposerMsg> {
    if !ui.memory(|memory| memory.has_focus(draft_id())) {
        return None;
    }
    let (above, below) = around_cursor(ui, composer.draft());
    let mut msg = None;
    ui.input_mut(|input| {
        input.events.retain(|event| {
            let Event::Key { key, pressed: true, modifiers, .. } = event else { return true };
            let found = match key {
                Key::ArrowUp if composer.has_earlier() && !above => ComposerMsg::Back,
                Key::ArrowDown if composer.has_later() && !below => ComposerMsg::Forward,
                _ => return true,
            };
            // One a frame: the next is looked for from there.
            if msg.is_some() || !modifiers.is_none() {
                return true;
            }
            msg = Some(found);
            false
        });
    });
    msg
}

/// Whether there are lines above and below the one with the cursor.
fn around_cursor(ui: &Ui, draft: &str) -> (bool, bool) {
    if !draft.contains('\n') {
        return (false, false);
    }
    let state = TextEditState::load(ui.ctx(), draft_id()).unwrap_or_default();
    let range = state.cursor.char_range();
    let cursor: usize = range.map_or(usize::MAX, |range| range.primary.index.into());
    let at = draft.char_indices().nth(cursor).map_or(draft.len(), |(at, _)| at);
    (draft[..at].contains('\n'), draft[at..].contains('\n'))
}

/// The field with several lines, and its note. Gives whether it is to be sent.
fn lines_ui(
    ui: &mut Ui,
    words: &Words,
    composer: &Composer,
    note: &Note,
    draft: &mut String,
) -> bool {
    let enter_breaks = composer.has_several_lines();
    let id = draft_id();
    let scheme = Scheme::of(ui);
    let break_key = if enter_breaks { Modifiers::NONE } else { Modifiers::SHIFT };
    // Looked for before the field, which may take it.
    let submitted = ui.memory(|memory| memory.has_focus(id)) && is_submitted(ui, enter_breaks);
    let top = ui.cursor().top();
    let row_height = ui.fonts_mut(|fonts| fonts.row_height(&Type::BODY_LARGE.font()));
    ui.add_space(24.0);
    let rows = draft.split('\n').count().clamp(2, MAX_ROWS);
    let area = ScrollArea::vertical().id_salt("draft").auto_shrink([false, true]);
    let most = row_height * MAX_ROWS as f32;
    let response: Response = area
        .max_height(most)
        // Whatever the room: the page scrolls.
        .min_scrolled_height(most)
        .show(ui, |ui| {
            let output = show_written(ui, id, true, composer.draft(), |ui, layouter| {
                let edit = TextEdit::multiline(draft)
                    .id(id)
                    .char_limit(MAX_DRAFT_BYTES)
                    .font(TextField::font())
                    .text_color(scheme.on_surface)
                    .frame(Frame::new().inner_margin(Margin::ZERO))
                    .desired_rows(rows)
                    .desired_width(f32::INFINITY)
                    .return_key(Some(KeyboardShortcut::new(break_key, Key::Enter)));
                match layouter {
                    Some(layouter) => edit.layouter(layouter).show(ui),
                    None => edit.show(ui),
                }
            });
            output.response.response.clone()
        })
        .inner;
    ui.add_space(8.0);
    let has_focus = response.has_focus();
    let (color, width) = match (note.is_error, has_focus) {
        (true, true) => (scheme.error, 2.0),
        // Not by colour alone, where a person needs more than that.
        (true, false) => (scheme.error, if scheme.has_outlines() { 2.0 } else { 1.0 }),
        (false, true) => (scheme.primary, 2.0),
        (false, false) => (scheme.on_surface_variant, 1.0),
    };
    let whole = ui.min_rect();
    let bottom = ui.cursor().top();
    let line = Rect::from_min_max(
        pos2(whole.left(), bottom - width),
        pos2(whole.left() + ui.available_width(), bottom),
    );
    ui.painter().rect_filled(line, 0, color);
    let label = pos2(whole.left(), top) + vec2(0.0, 16.0);
    let font = Type::BODY_SMALL.font();
    ui.painter().text(label, Align2::LEFT_CENTER, words.message.label, font, color);

    ui.add_space(4.0);
    let note_color = if note.is_error { scheme.error } else { scheme.on_surface_variant };
    let note_label = ui.add(Label::new(Type::BODY_SMALL.rich(&note.text).color(note_color)).wrap());
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_label(words.message.label);
        node.set_description(note.text.as_str());
        node.push_described_by(note_label.id.accesskit_id());
        if note.is_error {
            node.set_invalid(accesskit::Invalid::True);
            node.set_error_message(note_label.id.accesskit_id());
        }
    });
    if note.is_error {
        ui.ctx().accesskit_node_builder(note_label.id, |node| {
            node.set_live(accesskit::Live::Polite);
        });
    }
    submitted
}

/// Whether the key that sends was pressed: Enter, or with Ctrl where Enter makes a new line.
fn is_submitted(ui: &Ui, enter_breaks: bool) -> bool {
    ui.input(|input| {
        // An Enter that ends an input method's word belongs to the input method.
        let composing = input.events.iter().any(|event| match event {
            Event::Ime(ImeEvent::Commit(text) | ImeEvent::Preedit { text, .. }) => !text.is_empty(),
            _ => false,
        });
        !composing
            && input.events.iter().any(|event| match event {
                Event::Key { key: Key::Enter, pressed: true, repeat: false, modifiers, .. } => {
                    if enter_breaks {
                        modifiers.command
                    } else {
                        !modifiers.shift
                    }
                }
                _ => false,
            })
    })
}
