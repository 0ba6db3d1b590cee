//! The page in a few words, for those who can't see a canvas.

use app_core::{Model, Peer};
use web_socket_channel::Message;

use crate::i18n::words;

/// The latest message or what is wrong, and how the connection stands.
pub fn summary(model: &Model, latest: Option<&Message>) -> String {
    let words = words(model.language());
    let connection = model.connection();
    let message = match (connection.problem(), latest) {
        (Some(problem), _) => {
            format!("{} {}", words.errors.unreachable, words.errors.problem(problem))
        }
        (None, Some(Message::Text(text))) => (words.message.echo)(beginning(text)),
        (None, Some(Message::Binary(bytes))) => (words.message.bytes)(bytes.len()),
        (None, None) => String::new(),
    };
    let state = match (connection.ending(), connection.peer()) {
        (Some(ending), _) => (words.connection.ending)(ending),
        (None, Peer::InPage(script)) => {
            (words.connection.plays_in_page)(*script, connection.stands_in()).to_owned()
        }
        (None, Peer::Server(_)) => (words.connection.status_word)(connection.status()).to_owned(),
    };
    format!("{}\n{state}", beginning(&message))
}

/// What is read out in one go. A longer text is looked into elsewhere.
fn beginning(text: &str) -> &str {
    const MOST: usize = 200;

    text.char_indices().nth(MOST).map_or(text, |(end, _)| &text[..end])
}
