//! A read-only view for egui of a text of any length, which lays out only what is seen.
//!
//! egui's `Label` lays out all of its text: 10 MB stop a page for seconds and take gigabytes. A [`LongText`]
//! takes the same time for a frame whether its text has a hundred bytes or 64 MiB, in one line or in a
//! million, at its start or in its middle, also in the first frame. It keeps no index and no copy of the
//! text, only where it stands.
//!
//! ```
//! use egui_long_text::LongText;
//!
//! # let ctx = egui::Context::default();
//! # let (text, number) = ("raisin ".repeat(1_000_000), 1);
//! # let output = ctx.run_ui(egui::RawInput::default(), |ui| {
//! LongText::new("echo", &text).generation(number).max_height(400.0).show(ui);
//! # });
//! # output.drop_without_applying_deltas();
//! ```
//!
//! # Short and long
//!
//! A text of up to 8 KiB that fits into the view's height is a label: it looks, measures and is read out as egui's
//! [`Label`](egui::Label), and Tab does not lead to it. Anything else is a view with its own scroll bar, as high as
//! [`LongText::max_height`] allows and no higher than its text.
//!
//! | what a person does in a view | what happens |
//! | --- | --- |
//! | wheel, scroll bar, a finger | scrolls; at the end the wheel goes on to what is around the view |
//! | drag, double click, triple click, Shift+click | selects; a drag beyond an edge scrolls |
//! | a finger that stays | selects the word below it |
//! | Tab | comes to the view, and leaves it |
//! | arrows, Page up, Page down, Home, End | scroll |
//! | Shift and the same keys | select, from the top of the view if nothing is selected |
//! | Ctrl+A, Ctrl+C, Escape | select all, copy exactly what is selected, select nothing |
//!
//! A label is selected and copied from in the same ways, by keys while nothing has the keyboard. What is selected is
//! in [`LongTextOutput::selection`], for a menu.
//!
//! # How a long line is cut
//!
//! Only whole pieces are laid out: lines, and of lines of more than 4 KiB parts of about 2 KiB, cut where a
//! word begins or at least between two characters that a person sees (clusters; only one of more than 256
//! bytes is cut). A part begins on a row of its own, so the row above it may be shorter than the others. In a
//! view that doesn't wrap each part is a row. What is copied has no breaks that the text hasn't.
//!
//! # Limits
//!
//! - The scroll bar stands for bytes, not rows: where lines differ much in length it runs unevenly.
//! - In lines that aren't wrapped a column is as wide as a zero. With other letters the place moves in small
//!   steps.
//! - On a touch screen a finger that moves scrolls and does not select, as with egui's labels. At an end it does not
//!   go on to what is around the view.
//! - Text is laid out as egui does it, with the fonts that there are. A control character is what the font makes
//!   of it.
//! - Hebrew, Arabic and what else runs from right to left stands in its order, mixed with other writing by
//!   Unicode's rules ([`OrderedText`]); but a line of more than 4 KiB part by part, and overrides of direction turn
//!   nothing. Arabic letters are joined one by one, so that a font's finer ligatures, and Nastaliq, are missing.
//! - A field of egui's stands in order where [`OrderedField`] shows it. An input method's underline is drawn from one
//!   end of its word to the other.

mod input;
mod layout;
mod pieces;
mod right_to_left;
mod scroll_bar;
mod sections;
mod selecting;
mod state;
mod widget;

pub use right_to_left::{Layouter, OrderedField, OrderedText};
pub use sections::{Mark, Span};
pub use widget::{LongText, LongTextOutput};
