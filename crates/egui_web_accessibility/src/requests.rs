//! What a person does to an element, as requests for egui.

use egui::accesskit::{Action, ActionData, ActionRequest, NodeId, Rect, TreeId};

use crate::fields::{Field, characters, edit};
use crate::mirror::Mirror;
use crate::operation::{Operation, Selection, Tag};

/// Something done to an element of the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Gesture {
    /// Clicked, or pressed by assistive technology.
    Click,
    /// It has been given the keyboard.
    Focus,
    /// It is to be brought into view.
    ScrollIntoView,
    /// The field or slider holds this now, set as a whole by assistive technology.
    Value(String),
    /// A person has written in the field that has the keyboard. Nothing follows where the text is the one
    /// that egui has.
    Edit {
        /// What the field holds now.
        value: String,
        /// What is selected in it now.
        selection: Selection,
    },
    /// One step up.
    Increment,
    /// One step down.
    Decrement,
}

impl Mirror {
    /// What to ask egui for when this is done to the element of that node. Nothing for what the node
    /// can't do.
    pub fn requests(&self, node: NodeId, gesture: &Gesture) -> Vec<ActionRequest> {
        let (Some(held), Some(element)) = (self.nodes.get(&node), self.elements.get(&node)) else {
            return Vec::new();
        };
        let can = |action| held.supports_action(action);
        let ask = |action, data| ActionRequest {
            action,
            target_tree: TreeId::ROOT,
            target_node: node,
            data,
        };
        let plain = |action| if can(action) { vec![ask(action, None)] } else { Vec::new() };
        match gesture {
            Gesture::Click if can(Action::Click) && !element.shape.tag.is_field() => {
                plain(Action::Click)
            }
            Gesture::Click => match held.is_expanded() {
                Some(true) if can(Action::Collapse) => plain(Action::Collapse),
                Some(false) if can(Action::Expand) => plain(Action::Expand),
                _ => plain(Action::Focus),
            },
            Gesture::Focus => plain(Action::Focus),
            // egui scrolls to anything that has a place.
            Gesture::ScrollIntoView => vec![ask(Action::ScrollIntoView, None)],
            Gesture::Increment => plain(Action::Increment),
            Gesture::Decrement => plain(Action::Decrement),
            Gesture::Value(value)
                if !can(Action::SetValue) || element.content.value.as_ref() == Some(value) =>
            {
                Vec::new()
            }
            Gesture::Value(value) if element.shape.tag.is_field() => {
                vec![ask(Action::SetValue, Some(ActionData::Value(value.as_str().into())))]
            }
            Gesture::Value(value) => {
                let number = value.trim().parse().ok().filter(|number: &f64| number.is_finite());
                let data = number.map(ActionData::NumericValue);
                data.map(|data| ask(Action::SetValue, Some(data))).into_iter().collect()
            }
            Gesture::Edit { value, selection } => {
                let old = element.content.value.as_deref().unwrap_or_default();
                let Some(field) = Field::of(held, &self.nodes) else {
                    return self.requests(node, &Gesture::Value(value.clone()));
                };
                let select = |anchor, focus| {
                    let selection = field.select(anchor, focus)?;
                    Some(ask(
                        Action::SetTextSelection,
                        Some(ActionData::SetTextSelection(selection)),
                    ))
                };
                let caret = characters(value, selection.focus);
                let requests = match edit(old, value, caret) {
                    Some((gone, written)) if can(Action::ReplaceSelectedText) => {
                        let written = ActionData::Value(written.into());
                        let replace = ask(Action::ReplaceSelectedText, Some(written));
                        [select(gone.start, gone.end), Some(replace)]
                    }
                    Some(_) => [None, None],
                    None if element.content.selection == Some(*selection) => [None, None],
                    None => [select(characters(value, selection.anchor), caret), None],
                };
                requests.into_iter().flatten().collect()
            }
        }
    }
}

/// What the page has to know of a node.
impl Mirror {
    /// Whether the node's element is one that a person writes text into.
    pub fn is_field(&self, node: NodeId) -> bool {
        self.elements.get(&node).is_some_and(|element| element.shape.tag.is_field())
    }

    /// Whether it is one of several lines.
    pub fn is_multiline(&self, node: NodeId) -> bool {
        self.elements.get(&node).is_some_and(|element| element.shape.tag == Tag::TextArea)
    }

    /// Whether the node can do this.
    pub fn can(&self, node: NodeId, action: Action) -> bool {
        self.nodes.get(&node).is_some_and(|node| node.supports_action(action))
    }

    /// The node that was out of a view of this size, in points, and would be seen if all were moved by so
    /// much: what assistive technology has scrolled to. Browsers put it into the middle or at the edge that
    /// it comes from.
    pub fn revealed(&self, view: [f64; 2], moved: [f64; 2]) -> Option<NodeId> {
        let distance = |bounds: Rect| {
            let sides = [(bounds.x0, bounds.x1), (bounds.y0, bounds.y1)];
            let mut distance = 0.0;
            let mut is_out = false;
            for (axis, (start, end)) in sides.into_iter().enumerate() {
                is_out |= start < 0.0 || end > view[axis];
                let (start, end) = (start - moved[axis], end - moved[axis]);
                if moved[axis] != 0.0 {
                    let middle = (start + end - view[axis]) / 2.0;
                    let edge = if moved[axis] < 0.0 { start } else { end - view[axis] };
                    distance += middle.abs().min(edge.abs());
                }
            }
            is_out.then_some(distance)
        };
        let elements = self.elements.iter().filter(|(_, element)| element.is_leaf());
        let out = elements.filter_map(|(node, _)| {
            let bounds = self.nodes.get(node)?.bounds()?;
            Some((*node, distance(bounds)?))
        });
        out.min_by(|(a, far), (b, near)| far.total_cmp(near).then(a.cmp(b))).map(|(node, _)| node)
    }

    /// What selects in a field that has just got the keyboard what egui has selected in it.
    pub fn selection(&self, node: NodeId) -> Option<Operation> {
        let selection = self.elements.get(&node)?.content.selection?;
        Some(Operation::SetSelection { node, selection })
    }
}
