//! What is listed of messages that were sent and have not arrived for sure: the beginning of each.

use app_core::connection::{MAX_LISTED, OutboxItem};
use web_socket_channel::Message;

/// How many characters of a message are listed.
const MAX_PREVIEW: usize = 80;

/// The first of these messages, as they are listed.
pub(super) fn items<'a>(messages: impl Iterator<Item = (u64, &'a Message)>) -> Vec<OutboxItem> {
    let item = |(id, message): (u64, &Message)| OutboxItem {
        id,
        preview: preview(message),
        bytes: message.len(),
    };
    messages.take(MAX_LISTED).map(item).collect()
}

fn preview(message: &Message) -> String {
    match message {
        Message::Text(text) => {
            let characters = text.chars().take(MAX_PREVIEW);
            characters.map(|c| if c.is_control() { ' ' } else { c }).collect()
        }
        Message::Binary(bytes) => crate::payload::hex_preview(bytes),
    }
}
