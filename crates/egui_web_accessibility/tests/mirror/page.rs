//! A page in memory, which is as strict as a browser or stricter.

use std::collections::{BTreeMap, HashMap};

use egui::accesskit::NodeId;
use egui_web_accessibility::{Operation, Rect, Selection, Tag};

#[derive(Default)]
pub(crate) struct Page {
    elements: HashMap<NodeId, Element>,
    top: Vec<NodeId>,
    pub(crate) said: Vec<String>,
}

struct Element {
    tag: Tag,
    attributes: BTreeMap<&'static str, String>,
    text: String,
    value: Option<String>,
    selection: Option<Selection>,
    rect: Option<Rect>,
    parent: Option<Option<NodeId>>,
    children: Vec<NodeId>,
}

impl Page {
    pub(crate) fn apply(&mut self, operations: &[Operation]) {
        for operation in operations {
            self.apply_one(operation);
        }
    }

    fn element(&mut self, node: NodeId) -> &mut Element {
        self.elements.get_mut(&node).expect("an operation is for an element that is there")
    }

    fn siblings(&mut self, parent: Option<NodeId>) -> &mut Vec<NodeId> {
        match parent {
            Some(parent) => &mut self.element(parent).children,
            None => &mut self.top,
        }
    }

    fn detach(&mut self, node: NodeId) {
        // The one it was in may have been removed before.
        if let Some(parent) = self.element(node).parent.take()
            && parent.is_none_or(|parent| self.elements.contains_key(&parent))
        {
            self.siblings(parent).retain(|child| *child != node);
        }
    }

    fn apply_one(&mut self, operation: &Operation) {
        match operation.clone() {
            Operation::Create { node, tag } => {
                let element = Element {
                    tag,
                    attributes: BTreeMap::new(),
                    text: String::new(),
                    value: None,
                    selection: None,
                    rect: None,
                    parent: None,
                    children: Vec::new(),
                };
                assert!(self.elements.insert(node, element).is_none(), "made twice");
            }
            Operation::Insert { node, parent, before } => {
                self.detach(node);
                self.element(node).parent = Some(parent);
                if let Some(parent) = parent {
                    assert_eq!(self.element(parent).text, "", "elements beside a text");
                }
                let siblings = self.siblings(parent);
                let place = before.map_or(siblings.len(), |before| {
                    siblings.iter().position(|child| *child == before).expect("`before` is there")
                });
                siblings.insert(place, node);
            }
            Operation::Remove { node } => {
                self.detach(node);
                let gone = self.elements.remove(&node).expect("removed twice");
                for child in gone.children {
                    if let Some(child) = self.elements.get_mut(&child) {
                        child.parent = None;
                    }
                }
            }
            Operation::SetAttribute { node, name, value } => {
                let attributes = &mut self.element(node).attributes;
                match value {
                    Some(value) => attributes.insert(name, value),
                    None => attributes.remove(name),
                };
            }
            Operation::SetText { node, text } => {
                let element = self.element(node);
                assert!(element.children.is_empty(), "a text would wipe out elements");
                element.text = text;
            }
            Operation::SetValue { node, value } => self.element(node).value = Some(value),
            Operation::SetSelection { node, selection } => {
                self.element(node).selection = Some(selection);
            }
            Operation::SetRect { node, rect } => self.element(node).rect = rect,
            Operation::Announce { text, .. } => self.said.push(text),
        }
    }

    /// All that is to be seen, a line for each element.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let mut seen = 0;
        self.write(&self.top, 0, &mut text, &mut seen);
        assert_eq!(seen, self.elements.len(), "elements lie about");
        text
    }

    fn write(&self, nodes: &[NodeId], depth: usize, text: &mut String, seen: &mut usize) {
        for node in nodes {
            *seen += 1;
            let element = &self.elements[node];
            let Element { tag, attributes, text: words, value, selection, rect, .. } = element;
            let indent = "  ".repeat(depth);
            text.push_str(&format!(
                "{indent}{tag:?} {attributes:?} {words:?} {value:?} {selection:?} {rect:?}\n"
            ));
            self.write(&element.children, depth + 1, text, seen);
        }
    }
}
