//! What a person is about to send: a line of text, and what is too large for it.

use web_socket_channel::{ByteString, Bytes, Message};

/// The longest text that the field holds, in bytes: 16 KiB. A longer one would cost every frame more
/// than a frame has, as the field lays out the whole of its text.
pub const MAX_DRAFT_BYTES: usize = 16 * 1024;

/// The largest attachment, in bytes: 64 MiB, as much as the other end usually takes.
pub const MAX_ATTACHMENT_BYTES: usize = 64 * 1024 * 1024;

/// Something that is sent as it is, besides what is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The file that it was, if it was one.
    pub name: Option<String>,
    /// What is sent. A clone is cheap.
    pub message: Message,
}

/// The message field, and what stands above it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Composer {
    draft: String,
    attachment: Option<Attachment>,
    refused: Option<TooLarge>,
}

/// Something was too large to be attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge {
    /// Of how many bytes it was.
    pub bytes: usize,
}

impl Attachment {
    /// A text that is too long for the field.
    #[must_use]
    pub fn text(text: String) -> Self {
        Self { name: None, message: Message::Text(ByteString::from(text)) }
    }

    /// A file: text if it is UTF-8, else binary.
    #[must_use]
    pub fn file(name: String, bytes: Bytes) -> Self {
        let message = match ByteString::try_from(bytes.clone()) {
            Ok(text) => Message::Text(text),
            Err(_) => Message::Binary(bytes),
        };
        Self { name: Some(name), message }
    }

    /// The length of its payload, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.message.len()
    }
}

impl Composer {
    /// The text in the field.
    #[must_use]
    pub fn draft(&self) -> &str {
        &self.draft
    }

    /// What is sent next instead of the text.
    #[must_use]
    pub fn attachment(&self) -> Option<&Attachment> {
        self.attachment.as_ref()
    }

    /// What was too large to be attached, until something else is.
    #[must_use]
    pub fn refused(&self) -> Option<TooLarge> {
        self.refused
    }

    /// Whether a paste of so many bytes fits into the field.
    #[must_use]
    pub fn has_room_for(&self, bytes: usize) -> bool {
        self.draft.len().saturating_add(bytes) <= MAX_DRAFT_BYTES
    }

    /// The field's text is this now. What is over [`MAX_DRAFT_BYTES`] is cut off at its end; whoever
    /// draws the field lets nobody type so much, and makes an attachment of a paste.
    pub(crate) fn edit(&mut self, mut text: String) {
        text.truncate(text.floor_char_boundary(MAX_DRAFT_BYTES));
        self.draft = text;
    }

    /// Takes the place of what was attached before.
    pub(crate) fn attach(&mut self, attachment: Attachment) {
        let bytes = attachment.bytes();
        if bytes > MAX_ATTACHMENT_BYTES {
            self.refused = Some(TooLarge { bytes });
        } else {
            self.refused = None;
            self.attachment = Some(attachment);
        }
    }

    pub(crate) fn detach(&mut self) -> Option<Attachment> {
        self.refused = None;
        self.attachment.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_has_a_bound() {
        let mut composer = Composer::default();
        composer.edit("é".repeat(MAX_DRAFT_BYTES));
        assert_eq!(composer.draft().len(), MAX_DRAFT_BYTES);
        assert!(!composer.has_room_for(1) && composer.has_room_for(0));
        composer.edit("ab".to_owned());
        assert!(composer.has_room_for(MAX_DRAFT_BYTES - 2));
        assert!(!composer.has_room_for(usize::MAX));
    }

    #[test]
    fn an_attachment_has_a_bound() {
        let mut composer = Composer::default();
        let small = Attachment::text("a".repeat(MAX_DRAFT_BYTES + 1));
        composer.attach(small.clone());
        composer.attach(Attachment::text("a".repeat(MAX_ATTACHMENT_BYTES + 1)));
        assert_eq!(composer.refused(), Some(TooLarge { bytes: MAX_ATTACHMENT_BYTES + 1 }));
        assert_eq!(composer.attachment(), Some(&small), "what was there is not lost");
        assert_eq!(composer.detach(), Some(small));
        assert_eq!((composer.attachment(), composer.refused()), (None, None));
    }

    #[test]
    fn a_file_is_text_if_it_can_be() {
        let text = Attachment::file("a.txt".to_owned(), Bytes::from_static("é".as_bytes()));
        assert_eq!(text.message, Message::from("é"));
        let binary = Attachment::file("a.bin".to_owned(), Bytes::from_static(&[0xff]));
        assert!(matches!(binary.message, Message::Binary(_)));
    }
}
