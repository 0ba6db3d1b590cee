//! The page in a few words, for those who can't see a canvas.

use std::borrow::Cow;

use app_core::{Model, Peer};
use web_socket_channel::Message;

use crate::i18n::words;
use crate::picture::{Shown, Uploaded};

/// The latest message or what is wrong, and how the connection stands. Of bytes it is known beside the frames what
/// they are.
pub fn summary(model: &Model, latest: Option<&Message>, shown: Option<&Shown>) -> String {
    let words = words(model.language());
    let connection = model.connection();
    let message = match (connection.problem(), latest) {
        (Some(problem), _) => {
            format!("{} {}", words.errors.unreachable, words.errors.problem(problem))
        }
        (None, Some(Message::Text(text))) => (words.message.echo)(&shortened(text, LONGEST)),
        (None, Some(Message::Binary(bytes))) => match shown {
            Some(Shown::Picture(Uploaded { size: [width, height], .. })) => {
                (words.message.picture)(*width, *height, bytes.len())
            }
            Some(Shown::BrokenPicture { format, why }) => {
                (words.message.broken_picture)(format, bytes.len(), *why)
            }
            Some(Shown::Bytes) => (words.message.bytes)(bytes.len()),
            // It is a picture, and is told when it is seen.
            None => String::new(),
        },
        (None, None) => String::new(),
    };
    let state = match (connection.ending(), connection.peer()) {
        (Some(ending), _) => (words.connection.ending)(ending),
        (None, Peer::InPage(script)) => {
            (words.connection.plays_in_page)(*script, connection.stands_in()).to_owned()
        }
        (None, Peer::Server(_)) => (words.connection.status_word)(connection.status()).to_owned(),
    };
    // What is being typed as an address is wrong, which the one who sees it reads at the field.
    let problem = model.needs_address().then(|| model.address_problem()).flatten();
    let problem = problem.map(|problem| (words.errors.address_problem)(&problem));
    let state = [Some(state), problem].into_iter().flatten().collect::<Vec<_>>().join("\n");
    let state = shortened(&state, LONGEST / 2);
    let left = LONGEST - 1 - state.chars().count();
    format!("{}\n{state}", shortened(&message, left))
}

/// The longest that is read out in one go, in characters. A longer text is looked into elsewhere.
pub const LONGEST: usize = 200;

/// At most so many characters of a text, with "…" where some are left out.
fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    if text.char_indices().nth(most).is_none() {
        return Cow::Borrowed(text);
    }
    let end = text.char_indices().nth(most - 1).map_or(text.len(), |(end, _)| end);
    Cow::Owned(format!("{}…", &text[..end]))
}
