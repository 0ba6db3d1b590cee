//! What an element says: its attributes, its text and its value, from a node and what stands around it.

use std::borrow::Cow;
use std::collections::HashMap;

use egui::accesskit::{
    Action, AriaCurrent, AutoComplete, HasPopup, Invalid, Live, Node, NodeId, Orientation, Role,
    SortDirection, TextDirection, Toggled,
};

use crate::fields::Field;
use crate::operation::Selection;
use crate::shape::{Naming, Shape, Tag};
use crate::supports::{Property, supports};

/// More of a text is left out, and a field with more can only be read: the page has it twice.
pub(crate) const LONGEST_TEXT: usize = 64 * 1024;

/// What is around a node.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    pub(crate) nodes: &'a HashMap<NodeId, Node>,
    /// Which nodes have elements.
    pub(crate) shown: &'a dyn Fn(NodeId) -> bool,
    /// What ids of elements begin with.
    pub(crate) prefix: &'a str,
    /// Whether no elements are in it.
    pub(crate) is_leaf: bool,
    /// How many there are where it has a position.
    pub(crate) set_size: Option<usize>,
    /// What has opened at it.
    pub(crate) popup: Option<NodeId>,
}

/// What an element says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Content {
    /// In the order of names.
    pub(crate) attributes: Vec<(&'static str, String)>,
    pub(crate) text: String,
    pub(crate) value: Option<String>,
    pub(crate) selection: Option<Selection>,
}

/// The id of a node's element.
pub(crate) fn id(prefix: &str, node: NodeId) -> String {
    format!("{prefix}{}", node.0)
}

/// What a node is called by itself.
pub(crate) fn own_name(node: &Node) -> Option<&str> {
    node.label().filter(|label| !label.trim().is_empty())
}

/// What an element of this shape says for a node.
pub(crate) fn content(node: &Node, shape: Shape, around: Around<'_>) -> Content {
    let mut writer =
        Writer { node, shape, around, role: shape.aria(), content: Content::default() };
    writer.identity();
    writer.name_and_text();
    writer.states();
    writer.relations();
    writer.position();
    writer.value();
    writer.content.attributes.sort_unstable_by_key(|(name, _)| *name);
    writer.content
}

struct Writer<'a> {
    node: &'a Node,
    shape: Shape,
    around: Around<'a>,
    role: &'static str,
    content: Content,
}

impl Writer<'_> {
    fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.content.attributes.push((name, value.into()));
    }

    fn set_some(&mut self, name: &'static str, value: Option<impl Into<String>>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    fn flag(&mut self, is_so: bool, property: Property, name: &'static str) {
        if is_so && supports(self.role, property) {
            self.set(name, "true");
        }
    }

    fn identity(&mut self) {
        self.set_some("role", self.shape.role);
        // Never by Tab, which is egui's: only by assistive technology and by script.
        if self.shape.tag != Tag::Div || self.node.supports_action(Action::Focus) {
            self.set("tabindex", "-1");
        }
    }

    fn name_and_text(&mut self) {
        let node = self.node;
        let name = own_name(node);
        let value = node.value().filter(|value| !value.is_empty());
        let labels = self.ids(node.labelled_by());
        let mut is_named = !labels.is_empty();
        if is_named && name.is_none() && self.shape.naming != Naming::Forbidden {
            self.set("aria-labelledby", labels);
        }
        // Of what has no element the words are told all the same.
        let told = name.map(Cow::Borrowed).or_else(|| {
            if is_named {
                None
            } else {
                words(self.around.nodes, node.labelled_by()).map(Cow::Owned)
            }
        });
        is_named |= told.is_some();

        let has_text =
            self.around.is_leaf && (self.shape.tag == Tag::Button || self.shape.tag == Tag::Div);
        let is_range = supports(self.role, Property::Range);
        match self.shape.naming {
            Naming::Text if has_text => {
                let text = match (told.as_deref(), value) {
                    (Some(name), Some(value)) if name != value => format!("{name} {value}"),
                    (Some(words), _) | (None, Some(words)) => words.to_owned(),
                    (None, None) => runs(node, self.around.nodes),
                };
                self.text(text);
            }
            Naming::Forbidden if has_text => {
                let text = value.map(str::to_owned).or_else(|| told.map(Cow::into_owned));
                self.text(text.unwrap_or_else(|| runs(node, self.around.nodes)));
            }
            Naming::Label if has_text && !is_range && self.role != "img" => {
                if let (Some(name), Some(_)) = (&told, value) {
                    self.set("aria-label", cut(name));
                }
                // A group without contents is told by its name.
                let names_itself = matches!(self.role, "group" | "combobox" | "dialog" | "region");
                if names_itself && value.is_none() {
                    self.set_some("aria-label", told.as_deref().map(cut));
                } else {
                    let text = value.map(str::to_owned).or_else(|| told.map(Cow::into_owned));
                    self.text(text.unwrap_or_else(|| runs(node, self.around.nodes)));
                }
            }
            Naming::Text | Naming::Label => self.set_some("aria-label", told.as_deref().map(cut)),
            Naming::Forbidden => {}
        }
        let hint = node.placeholder().filter(|hint| !hint.trim().is_empty());
        if !is_named && self.shape.tag.is_field() {
            // The placeholder is all that names it, and not everybody takes it for a name.
            self.set_some("aria-label", hint.map(cut));
        }
        if self.shape.tag.is_field() {
            self.set_some("placeholder", hint.map(cut));
        }
        self.description(name);
    }

    fn text(&mut self, text: String) {
        self.content.text = cut(&text);
    }

    fn description(&mut self, name: Option<&str>) {
        let node = self.node;
        let parts = [node.state_description(), node.description().or(node.tooltip())];
        let parts = parts.into_iter().flatten().filter(|part| Some(*part) != name);
        let description = parts.collect::<Vec<_>>().join(", ");
        if !description.is_empty() {
            self.set("aria-description", cut(&description));
        }
    }

    fn states(&mut self) {
        let (node, role) = (self.node, self.role);
        let toggled = node.toggled();
        if supports(role, Property::Checked) {
            let may_be_mixed = matches!(role, "checkbox" | "menuitemcheckbox");
            self.set("aria-checked", word(toggled.unwrap_or(Toggled::False), may_be_mixed));
        }
        if let Some(toggled) = toggled.or(node.is_selected().map(Toggled::from))
            && supports(role, Property::Pressed)
        {
            self.set("aria-pressed", word(toggled, true));
        }
        if let Some(selected) =
            node.is_selected().or(toggled.map(|toggled| toggled == Toggled::True))
            && supports(role, Property::Selected)
        {
            self.set("aria-selected", boolean(selected));
        }
        // egui doesn't say whether a list is open, but the list is there then.
        let opens = role == "combobox" || node.has_popup().is_some();
        let popup = self.around.popup.filter(|_| opens);
        let expanded = node.is_expanded().or(opens.then_some(popup.is_some()));
        if let Some(expanded) = expanded
            && supports(role, Property::Expanded)
        {
            self.set("aria-expanded", boolean(expanded));
        }
        if let Some(popup) = popup
            && node.controls().is_empty()
        {
            self.set("aria-controls", id(self.around.prefix, popup));
        }
        self.flag(node.is_disabled(), Property::Disabled, "aria-disabled");
        self.flag(node.is_required(), Property::Required, "aria-required");
        self.flag(node.is_modal(), Property::Modal, "aria-modal");
        self.flag(node.is_multiselectable(), Property::Multiselectable, "aria-multiselectable");
        if self.shape.tag.is_field() {
            if node.is_read_only() || node.is_disabled() || is_too_long(node) {
                self.set("readonly", "");
            }
        } else {
            self.flag(node.is_read_only(), Property::ReadOnly, "aria-readonly");
        }
        if let Some(invalid) = node.invalid()
            && supports(role, Property::Invalid)
        {
            self.set(
                "aria-invalid",
                match invalid {
                    Invalid::True => "true",
                    Invalid::Grammar => "grammar",
                    Invalid::Spelling => "spelling",
                },
            );
        }
        if let Some(popup) = node.has_popup()
            && supports(role, Property::HasPopup)
        {
            self.set(
                "aria-haspopup",
                match popup {
                    HasPopup::Menu => "menu",
                    HasPopup::Listbox => "listbox",
                    HasPopup::Tree => "tree",
                    HasPopup::Grid => "grid",
                    HasPopup::Dialog => "dialog",
                },
            );
        }
        if let Some(orientation) = node.orientation()
            && supports(role, Property::Orientation)
        {
            self.set(
                "aria-orientation",
                match orientation {
                    Orientation::Horizontal => "horizontal",
                    Orientation::Vertical => "vertical",
                },
            );
        }
        if let Some(sort) = node.sort_direction()
            && supports(role, Property::Sort)
        {
            self.set(
                "aria-sort",
                match sort {
                    SortDirection::Ascending => "ascending",
                    SortDirection::Descending => "descending",
                    SortDirection::Other => "other",
                },
            );
        }
        if let Some(complete) = node.auto_complete()
            && supports(role, Property::AutoComplete)
        {
            self.set(
                "aria-autocomplete",
                match complete {
                    AutoComplete::Inline => "inline",
                    AutoComplete::List => "list",
                    AutoComplete::Both => "both",
                },
            );
        }
        self.global_states();
    }

    fn global_states(&mut self) {
        let node = self.node;
        if let Some(live) = node.live() {
            self.set("aria-live", live_word(live));
        }
        if node.is_live_atomic() {
            self.set("aria-atomic", "true");
        }
        if node.is_busy() {
            self.set("aria-busy", "true");
        }
        if let Some(current) = node.aria_current() {
            self.set(
                "aria-current",
                match current {
                    AriaCurrent::False => "false",
                    AriaCurrent::True => "true",
                    AriaCurrent::Page => "page",
                    AriaCurrent::Step => "step",
                    AriaCurrent::Location => "location",
                    AriaCurrent::Date => "date",
                    AriaCurrent::Time => "time",
                },
            );
        }
        self.set_some("aria-keyshortcuts", node.keyboard_shortcut());
        if self.role != "generic" {
            self.set_some("aria-roledescription", node.role_description());
        }
        self.set_some("lang", node.language());
        match node.text_direction() {
            Some(TextDirection::LeftToRight) => self.set("dir", "ltr"),
            Some(TextDirection::RightToLeft) => self.set("dir", "rtl"),
            Some(TextDirection::TopToBottom | TextDirection::BottomToTop) | None => {}
        }
    }

    fn relations(&mut self) {
        let node = self.node;
        let lists = [
            ("aria-describedby", node.described_by()),
            ("aria-controls", node.controls()),
            ("aria-details", node.details()),
            ("aria-flowto", node.flow_to()),
        ];
        for (name, targets) in lists {
            let ids = self.ids(targets);
            if !ids.is_empty() {
                self.set(name, ids);
            }
        }
        if let Some(message) = node.error_message()
            && node.invalid().is_some()
            && (self.around.shown)(message)
        {
            self.set("aria-errormessage", id(self.around.prefix, message));
        }
        if let Some(active) = node.active_descendant()
            && supports(self.role, Property::ActiveDescendant)
            && (self.around.shown)(active)
        {
            self.set("aria-activedescendant", id(self.around.prefix, active));
        }
    }

    fn ids(&self, nodes: &[NodeId]) -> String {
        let shown = nodes.iter().filter(|node| (self.around.shown)(**node));
        shown.map(|node| id(self.around.prefix, *node)).collect::<Vec<_>>().join(" ")
    }

    /// Places among others. AccessKit counts from 0, ARIA from 1.
    fn position(&mut self) {
        let (node, role) = (self.node, self.role);
        let mut count =
            |property: Property, name: &'static str, number: Option<usize>, from: usize| {
                if let Some(number) = number
                    && supports(role, property)
                {
                    self.content.attributes.push((name, number.saturating_add(from).to_string()));
                }
            };
        let level = node.level().or(if role == "heading" { Some(1) } else { None });
        count(Property::Level, "aria-level", level, 1);
        count(Property::Position, "aria-posinset", node.position_in_set(), 1);
        if node.position_in_set().is_some() {
            count(
                Property::Position,
                "aria-setsize",
                node.size_of_set().or(self.around.set_size),
                0,
            );
        }
        count(Property::Counts, "aria-rowcount", node.row_count(), 0);
        count(Property::Counts, "aria-colcount", node.column_count(), 0);
        count(Property::RowIndex, "aria-rowindex", node.row_index(), 1);
        count(Property::ColumnIndex, "aria-colindex", node.column_index(), 1);
        count(Property::ColumnIndex, "aria-rowspan", node.row_span(), 0);
        count(Property::ColumnIndex, "aria-colspan", node.column_span(), 0);
    }

    fn value(&mut self) {
        let node = self.node;
        if self.shape.tag.is_field() {
            let value = node.value().unwrap_or_default();
            // Browsers drop line breaks from a field of one line; the letters must count the same.
            let value = match self.shape.tag {
                Tag::TextArea => cut(value),
                _ => cut(value).replace(['\r', '\n'], " "),
            };
            self.content.selection = Field::of(node, self.around.nodes)
                .and_then(|field| field.selection(node.text_selection()?, &value));
            self.content.value = Some(value);
        } else if supports(self.role, Property::Range) {
            let number = node.numeric_value().filter(|number| number.is_finite());
            let finite = |number: Option<f64>| number.filter(|number| number.is_finite());
            let (least, most) =
                (finite(node.min_numeric_value()), finite(node.max_numeric_value()));
            let told =
                node.value().filter(|told| number.is_none_or(|number| *told != digits(number)));
            self.set_some("aria-valuetext", told.map(cut));
            if self.shape.tag == Tag::Input("range") {
                self.set_some("min", least.map(digits));
                self.set_some("max", most.map(digits));
                // The step of the page would round what egui holds.
                self.set("step", "any");
                self.content.value = Some(number.map(digits).unwrap_or_default());
            } else {
                self.set_some("aria-valuemin", least.map(digits));
                self.set_some("aria-valuemax", most.map(digits));
                self.set_some("aria-valuenow", number.map(digits));
            }
        }
    }
}

/// A number as the page has it, without the noise of `f32`.
fn digits(number: f64) -> String {
    let short = format!("{number:.6}");
    let short = short.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}

/// At most [`LONGEST_TEXT`] bytes of a text.
fn cut(text: &str) -> String {
    if text.len() <= LONGEST_TEXT {
        return text.to_owned();
    }
    format!("{}…", &text[..text.floor_char_boundary(LONGEST_TEXT)])
}

fn is_too_long(node: &Node) -> bool {
    node.value().is_some_and(|value| value.len() > LONGEST_TEXT)
}

/// What the nodes that name another say.
fn words(nodes: &HashMap<NodeId, Node>, of: &[NodeId]) -> Option<String> {
    let words = of.iter().filter_map(|node| nodes.get(node));
    let words =
        words.filter_map(|node| own_name(node).or(node.value())).collect::<Vec<_>>().join(" ");
    if words.is_empty() { None } else { Some(words) }
}

/// The text of what says it only piece by piece.
fn runs(node: &Node, nodes: &HashMap<NodeId, Node>) -> String {
    let runs = node.children().iter().filter_map(|child| nodes.get(child));
    let runs = runs.filter(|run| run.role() == Role::TextRun);
    runs.filter_map(Node::value).collect()
}

fn boolean(is_so: bool) -> &'static str {
    if is_so { "true" } else { "false" }
}

fn word(toggled: Toggled, may_be_mixed: bool) -> &'static str {
    match toggled {
        Toggled::True => "true",
        Toggled::Mixed if may_be_mixed => "mixed",
        Toggled::False | Toggled::Mixed => "false",
    }
}

fn live_word(live: Live) -> &'static str {
    match live {
        Live::Off => "off",
        Live::Polite => "polite",
        Live::Assertive => "assertive",
    }
}
