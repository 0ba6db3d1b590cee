//! What is to be done to the page, as values.

use egui::accesskit::NodeId;

pub use crate::shape::Tag;

/// One change of the page. Done in their order they turn the page of the last tree into that of the new.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// Makes an element, which stands nowhere yet.
    Create {
        /// Whose element it is.
        node: NodeId,
        /// What to make.
        tag: Tag,
    },
    /// Puts an element into another, from wherever it stood. Elements are put back to front.
    Insert {
        /// What is put.
        node: NodeId,
        /// Into what; `None` is the container of all.
        parent: Option<NodeId>,
        /// Before what; at the end if `None`.
        before: Option<NodeId>,
    },
    /// Takes an element out of the page and forgets it. Elements in it are removed or inserted elsewhere
    /// by operations of their own.
    Remove {
        /// Whose element it was.
        node: NodeId,
    },
    /// Sets an attribute, or takes it away.
    SetAttribute {
        /// Whose.
        node: NodeId,
        /// Its name.
        name: &'static str,
        /// What to; away if `None`.
        value: Option<String>,
    },
    /// Sets the text in an element that has no elements in it.
    SetText {
        /// Whose.
        node: NodeId,
        /// The text.
        text: String,
    },
    /// Sets what a field or a slider holds.
    SetValue {
        /// Whose.
        node: NodeId,
        /// The text, or a number in digits.
        value: String,
    },
    /// Sets what is selected in a field.
    SetSelection {
        /// Whose.
        node: NodeId,
        /// Where the selection began and where the caret is.
        selection: Selection,
    },
    /// Sets where an element stands.
    SetRect {
        /// Whose.
        node: NodeId,
        /// Its place; `None` for one that stands where its contents stand.
        rect: Option<Rect>,
    },
    /// Says a text that has come into the page together with the region that it is in. Browsers speak
    /// only of changes in regions that they know.
    Announce {
        /// The text.
        text: String,
        /// Whether it interrupts what is being said.
        assertive: bool,
    },
}

/// What is selected in a text, in units of UTF-16 from its start, as the page counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Where it began.
    pub anchor: usize,
    /// Where the caret is.
    pub focus: usize,
}

/// A place in egui's points, from the top left corner of the next element around it that has one, else of
/// the canvas.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// To the right.
    pub x: f32,
    /// Down.
    pub y: f32,
    /// Not below 0.
    pub width: f32,
    /// Not below 0.
    pub height: f32,
}
