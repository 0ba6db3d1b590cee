//! The ways by which text comes into the message field besides keys: paste, middle click, input methods and
//! assistive technology. What is too long for the field is taken out before the field lays it out.

use app_core::composer::{Composer, MAX_DRAFT_BYTES};
use egui::accesskit::{Action, ActionData, ActionRequest};
use egui::{Event, ImeEvent, Key, Ui};

use crate::ui::page::draft_id;

/// What comes by one key or one word of an input method, in bytes, at most.
const MAX_TYPED_BYTES: usize = 256;

/// What comes into the field in this frame.
#[derive(Default)]
pub(super) struct Came {
    /// Texts that are too long for it, in order. They are taken out of the frame's events.
    pub(super) too_long: Vec<String>,
    /// Whether there is a line break in what is left.
    pub(super) has_line_break: bool,
}

/// Looks at this frame's events. Whatever comes in one frame together has the room that is left.
pub(super) fn take_in(ui: &Ui, composer: &Composer) -> Came {
    let id = draft_id();
    let has_focus = ui.memory(|memory| memory.has_focus(id));
    // Where it was in the last frame, which is what the person has pointed at.
    let rect = ui.ctx().read_response(id).map(|response| response.rect);
    let mut room = MAX_DRAFT_BYTES.saturating_sub(composer.draft().len());
    let mut came = Came::default();
    ui.input_mut(|input| {
        input.events.retain_mut(|event| {
            let text = match event {
                Event::Paste(text) | Event::Text(text) | Event::Ime(ImeEvent::Commit(text))
                    if has_focus =>
                {
                    std::mem::take(text)
                }
                // It is not final: the word comes with the end of it.
                Event::Ime(ImeEvent::Preedit { text, .. }) if has_focus => {
                    return text.len() <= room;
                }
                Event::MiddleClickPaste { pos, text }
                    if rect.is_some_and(|rect| rect.contains(*pos)) =>
                {
                    std::mem::take(text)
                }
                Event::AccessKitActionRequest(ActionRequest {
                    action: action @ (Action::SetValue | Action::ReplaceSelectedText),
                    target_node,
                    data: Some(ActionData::Value(text)),
                    ..
                }) if *target_node == id.accesskit_id() => {
                    if *action == Action::SetValue {
                        // It takes the place of all that there is.
                        room = MAX_DRAFT_BYTES;
                    }
                    std::mem::take(text).into()
                }
                Event::Key { key: Key::Enter, pressed: true, modifiers, .. } if has_focus => {
                    came.has_line_break |= modifiers.shift;
                    return true;
                }
                _ => return true,
            };
            if text.len() > room {
                // A key that types into a full field types nothing.
                if text.len() > MAX_TYPED_BYTES {
                    came.too_long.push(text);
                }
                return false;
            }
            room -= text.len();
            came.has_line_break |= text.contains('\n');
            put_back(event, text);
            true
        });
    });
    came
}

fn put_back(event: &mut Event, text: String) {
    match event {
        Event::Paste(place)
        | Event::Text(place)
        | Event::Ime(ImeEvent::Commit(place))
        | Event::MiddleClickPaste { text: place, .. } => *place = text,
        Event::AccessKitActionRequest(ActionRequest {
            data: Some(ActionData::Value(place)),
            ..
        }) => *place = text.into(),
        _ => {}
    }
}
