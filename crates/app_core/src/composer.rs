//! What a person is about to send: a text, what it is made into, and what is too large for the field.
//!
//! - [`format`](mod@format): text, JSON, hex, base64;
//! - [`history`]: what was sent before;
//! - [`saved`]: messages with names;
//! - [`repeat`]: the same message every so often;
//! - [`close`]: a close with a code and a reason.

use web_socket_channel::{ByteString, Bytes, Message};

pub mod close;
pub mod format;
pub mod history;
pub mod repeat;
pub mod saved;

use close::CloseForm;
use format::{Format, FormatProblem};
use history::{Entry, History};
use repeat::{RepeatForm, Repeating};

/// The longest text that the field holds, in bytes: 16 KiB. A longer one would cost every frame more
/// than a frame has, as the field lays out the whole of its text.
pub const MAX_DRAFT_BYTES: usize = 16 * 1024;

/// The largest attachment, in bytes: 64 MiB, as much as the other end usually takes.
pub const MAX_ATTACHMENT_BYTES: usize = 64 * 1024 * 1024;

/// How many things may be attached, being read among them. Together they have at most
/// [`MAX_ATTACHMENT_BYTES`].
pub const MAX_ATTACHMENTS: usize = 16;

/// The longest file name that is remembered, in characters.
const MAX_NAME_CHARS: usize = 255;

/// The longest name of a saved message while it is typed, in bytes.
const MAX_TYPED_NAME_BYTES: usize = 1024;

/// Something that is sent as it is, besides what is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The file that it was, if it was one.
    pub name: Option<String>,
    /// What is sent. A clone is cheap.
    pub message: Message,
}

/// What there is at the field besides the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tool {
    /// Messages with names.
    Saved,
    /// Sending every so often.
    Repeat,
    /// Closing with a code and a reason.
    Close,
}

/// The message field, and what stands around it.
#[derive(Clone, Debug, Default)]
pub struct Composer {
    draft: String,
    format: Format,
    /// What is wrong with the draft, looked for when it changes.
    problem: Option<FormatProblem>,
    has_several_lines: bool,
    attachments: Vec<Attachment>,
    /// How many more are being read.
    reading: usize,
    refused: Option<Refused>,
    history: History,
    is_open: bool,
    tool: Option<Tool>,
    save_name: String,
    repeat: RepeatForm,
    repeating: Option<Repeating>,
    close: CloseForm,
}

/// Why something was not attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is over [`MAX_ATTACHMENT_BYTES`], alone or with what is attached.
    TooLarge {
        /// Of how many bytes it was.
        bytes: u64,
    },
    /// There would be more than [`MAX_ATTACHMENTS`].
    TooMany,
    /// A file could not be read.
    Unreadable {
        /// Its name.
        name: String,
        /// What the system says about it, in its own words.
        why: String,
    },
    /// It is no text of the format that is set.
    Wrong(FormatProblem),
}

impl Tool {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Saved, Self::Repeat, Self::Close];
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
        Self { name: Some(name.chars().take(MAX_NAME_CHARS).collect()), message }
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

    /// The text in the field, if it is not what was sent last, which stays there.
    #[must_use]
    pub fn unsent(&self) -> &str {
        if self.history.ends_with(&self.draft, self.format) { "" } else { &self.draft }
    }

    /// What the text is made into.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// Why the text can't be made into that, if it can't.
    #[must_use]
    pub fn problem(&self) -> Option<FormatProblem> {
        self.problem
    }

    /// Whether Enter makes a new line, and does not send.
    #[must_use]
    pub fn has_several_lines(&self) -> bool {
        self.has_several_lines
    }

    /// What is sent next instead of the text, in this order.
    #[must_use]
    pub fn attachments(&self) -> &[Attachment] {
        &self.attachments
    }

    /// How many files are being read, to be attached.
    #[must_use]
    pub fn reading(&self) -> usize {
        self.reading
    }

    /// What was not attached, until something else is pasted or dropped, removed or sent.
    #[must_use]
    pub fn refused(&self) -> Option<&Refused> {
        self.refused.as_ref()
    }

    /// Whether there is anything that was sent before what stands in the field.
    #[must_use]
    pub fn has_earlier(&self) -> bool {
        self.history.has_earlier(&self.draft, self.format)
    }

    /// Whether the field shows something that was sent, and there is something after it.
    #[must_use]
    pub fn has_later(&self) -> bool {
        self.history.has_later()
    }

    /// Whether the formats and tools are shown.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Which tool is shown, while they are.
    #[must_use]
    pub fn tool(&self) -> Option<Tool> {
        self.tool
    }

    /// The name under which the text is to be saved, as it was typed.
    #[must_use]
    pub fn save_name(&self) -> &str {
        &self.save_name
    }

    /// How often to send, as it was typed.
    #[must_use]
    pub fn repeat(&self) -> &RepeatForm {
        &self.repeat
    }

    /// The last run of equal messages.
    #[must_use]
    pub fn repeating(&self) -> Option<&Repeating> {
        self.repeating.as_ref()
    }

    /// The close, as it was typed.
    #[must_use]
    pub fn close(&self) -> &CloseForm {
        &self.close
    }

    /// Whether so many bytes more fit into the field.
    #[must_use]
    pub fn has_room_for(&self, bytes: usize) -> bool {
        self.draft.len().saturating_add(bytes) <= MAX_DRAFT_BYTES
    }

    /// How many more things can be attached.
    #[must_use]
    pub fn places(&self) -> usize {
        MAX_ATTACHMENTS.saturating_sub(self.attachments.len() + self.reading)
    }

    /// The message that a run of equal messages would send, if there is one. What is attached is not
    /// sent in runs.
    #[must_use]
    pub fn repeated(&self) -> Option<Message> {
        if self.draft.is_empty() { None } else { repeat::message(&self.draft, self.format) }
    }

    /// The field's text is this now. What is over [`MAX_DRAFT_BYTES`] is cut off at its end; whoever
    /// draws the field lets nobody type so much, and makes an attachment of a paste.
    pub(crate) fn edit(&mut self, text: String) {
        self.history.leave();
        self.put(text, self.format);
    }

    pub(crate) fn set_format(&mut self, format: Format) {
        let text = std::mem::take(&mut self.draft);
        self.put(text, format);
    }

    fn put(&mut self, mut text: String, format: Format) {
        text.truncate(text.floor_char_boundary(MAX_DRAFT_BYTES));
        self.problem = format.problem(&text);
        (self.draft, self.format) = (text, format);
    }

    /// What is wrong with what the send button would send.
    pub(crate) fn is_wrong(&self) -> bool {
        self.attachments.is_empty() && self.problem.is_some()
    }

    /// What is sent now, with the text remembered if it is that. Nothing is wrong with it.
    pub(crate) fn take(&mut self) -> Vec<Message> {
        if self.attachments.is_empty() {
            self.note_draft();
            return self.format.message(&self.draft).into_iter().collect();
        }
        self.refused = None;
        self.attachments.drain(..).map(|attachment| attachment.message).collect()
    }

    /// The text is sent.
    pub(crate) fn note_draft(&mut self) {
        self.history.note(Entry { text: self.draft.clone(), format: self.format });
    }

    /// What the text stands for, if it stands for anything.
    pub(crate) fn stands_for(&self, message: &Message) -> bool {
        // A long attachment is not looked into.
        message.len() <= MAX_DRAFT_BYTES
            && self.format.message(&self.draft).is_ok_and(|typed| typed == *message)
    }

    pub(crate) fn go_back(&mut self) -> bool {
        let entry = self.history.back(&self.draft, self.format);
        self.show(entry)
    }

    pub(crate) fn go_forward(&mut self) -> bool {
        let entry = self.history.forward();
        self.show(entry)
    }

    fn show(&mut self, entry: Option<Entry>) -> bool {
        let Some(Entry { text, format }) = entry else { return false };
        self.put(text, format);
        true
    }

    /// A text that stands for what is to be sent, by the format that is set; one that is wrong only
    /// where it stands for bytes.
    pub(crate) fn attach_text(&mut self, text: String) {
        self.refused = None;
        if self.format.is_text() {
            return self.attach(Attachment::text(text));
        }
        match self.format.message(&text) {
            Ok(message) => self.attach(Attachment { name: None, message }),
            Err(problem) => self.refused = Some(Refused::Wrong(problem)),
        }
    }

    /// Comes behind what was attached before.
    pub(crate) fn attach(&mut self, attachment: Attachment) {
        let bytes = attachment.bytes();
        let attached: usize = self.attachments.iter().map(Attachment::bytes).sum();
        if attached.saturating_add(bytes) > MAX_ATTACHMENT_BYTES {
            self.refused = Some(Refused::TooLarge { bytes: bytes as u64 });
        } else if self.attachments.len() >= MAX_ATTACHMENTS {
            self.refused = Some(Refused::TooMany);
        } else {
            self.attachments.push(attachment);
        }
    }

    /// The same, but a text for which there is no place is remembered with what was sent before.
    pub(crate) fn attach_or_remember(&mut self, attachment: Attachment) {
        if let Some(text) = attachment.message.as_text()
            && self.places() == 0
        {
            self.history.note(Entry { text: text.to_owned(), format: Format::Text });
        }
        self.attach(attachment);
    }

    pub(crate) fn refuse(&mut self, refused: Refused) {
        self.refused = Some(refused);
    }

    pub(crate) fn set_reading(&mut self, files: usize) {
        if self.reading == 0 {
            // Something else is dropped.
            self.refused = None;
        }
        self.reading = files;
    }

    pub(crate) fn detach(&mut self, index: usize) {
        self.refused = None;
        if index < self.attachments.len() {
            self.attachments.remove(index);
        }
    }

    pub(crate) fn set_several_lines(&mut self, has_several_lines: bool) {
        self.has_several_lines = has_several_lines;
    }

    pub(crate) fn toggle_open(&mut self) {
        self.is_open = !self.is_open;
    }

    pub(crate) fn toggle_tool(&mut self, tool: Tool) {
        self.tool = (self.tool != Some(tool)).then_some(tool);
    }

    pub(crate) fn edit_save_name(&mut self, mut name: String) {
        name.truncate(name.floor_char_boundary(MAX_TYPED_NAME_BYTES));
        self.save_name = name;
    }

    pub(crate) fn use_saved(&mut self, name: String, text: String, format: Format) {
        self.history.leave();
        self.put(text, format);
        self.save_name = name;
    }

    pub(crate) fn repeat_mut(&mut self) -> &mut RepeatForm {
        &mut self.repeat
    }

    pub(crate) fn repeating_mut(&mut self) -> &mut Option<Repeating> {
        &mut self.repeating
    }

    pub(crate) fn close_mut(&mut self) -> &mut CloseForm {
        &mut self.close
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_last_is_no_longer_unsent() {
        let mut composer = Composer::default();
        composer.edit("raisin".to_owned());
        assert_eq!(composer.unsent(), "raisin");
        composer.take();
        assert_eq!((composer.unsent(), composer.draft()), ("", "raisin"));
        composer.edit("raisins".to_owned());
        assert_eq!(composer.unsent(), "raisins");
    }

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
    fn attachments_have_bounds() {
        let mut composer = Composer::default();
        let small = Attachment::text("a".repeat(MAX_DRAFT_BYTES + 1));
        composer.attach(small.clone());
        composer.attach(Attachment::text("a".repeat(MAX_ATTACHMENT_BYTES)));
        let bytes = MAX_ATTACHMENT_BYTES as u64;
        assert_eq!(composer.refused(), Some(&Refused::TooLarge { bytes }));
        assert_eq!(composer.attachments(), [small], "what was there is not lost");
        for _ in 0..2 * MAX_ATTACHMENTS {
            composer.attach(Attachment::text("raisin".to_owned()));
        }
        assert_eq!(composer.refused(), Some(&Refused::TooMany));
        assert_eq!((composer.attachments().len(), composer.places()), (MAX_ATTACHMENTS, 0));
        composer.detach(0);
        composer.detach(usize::MAX);
        assert_eq!((composer.places(), composer.refused()), (1, None));
        assert_eq!(composer.take().len(), MAX_ATTACHMENTS - 1);
        assert_eq!(composer.places(), MAX_ATTACHMENTS);
    }

    #[test]
    fn a_long_text_is_attached_as_its_format_says() {
        let mut composer = Composer::default();
        composer.set_format(Format::Hex);
        composer.attach_text("00ff".repeat(100_000));
        assert_eq!(composer.attachments()[0].message, [0, 0xff].repeat(100_000).into());
        composer.attach_text("raisin".repeat(100_000));
        let problem = FormatProblem::NotHex { at: 1, found: 'r' };
        assert_eq!(composer.refused(), Some(&Refused::Wrong(problem)));
        composer.set_format(Format::Json);
        composer.attach_text("raisin".to_owned());
        assert_eq!(composer.attachments()[1].message, "raisin".into());
    }

    #[test]
    fn a_draft_is_checked_as_it_is_typed() {
        let mut composer = Composer::default();
        composer.edit("0".to_owned());
        assert_eq!(composer.problem(), None);
        composer.set_format(Format::Hex);
        assert!(composer.problem().is_some() && composer.is_wrong());
        composer.edit("00".to_owned());
        assert_eq!(composer.take(), [Message::from([0])]);
        composer.edit("1".to_owned());
        composer.set_format(Format::Text);
        assert!(composer.go_back());
        assert_eq!((composer.draft(), composer.format()), ("00", Format::Hex));
        assert!(composer.go_forward());
        assert_eq!((composer.draft(), composer.format()), ("1", Format::Text));
    }

    #[test]
    fn a_file_is_text_if_it_can_be() {
        let text = Attachment::file("a.txt".to_owned(), Bytes::from_static("é".as_bytes()));
        assert_eq!(text.message, Message::from("é"));
        let binary = Attachment::file("a.bin".to_owned(), Bytes::from_static(&[0xff]));
        assert!(matches!(binary.message, Message::Binary(_)));
    }
}
