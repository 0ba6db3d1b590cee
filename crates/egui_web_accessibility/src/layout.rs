//! Which nodes have elements, in which shape, and which is in which.

use std::collections::{HashMap, HashSet};

use egui::accesskit::{self, Action, Node, NodeId, Role};

use crate::element::own_name;
use crate::operation::Rect;
use crate::shape::{BUTTON, GROUP, Naming, Shape, TEXT};

/// No more elements are made: a page with more is slower than anybody reads it.
pub(crate) const MOST_ELEMENTS: usize = 20_000;

/// A node that has an element.
pub(crate) struct Place {
    pub(crate) node: NodeId,
    pub(crate) shape: Shape,
    /// Its place in the list; `None` directly below the root.
    pub(crate) parent: Option<usize>,
    pub(crate) children: Vec<usize>,
    /// How many the one it is in says there are.
    pub(crate) set_size: Option<usize>,
    pub(crate) rect: Option<Rect>,
    /// What has opened at it: a list to choose from, a menu.
    pub(crate) popup: Option<NodeId>,
}

/// The nodes that have elements, each behind the one it is in and in reading order.
pub(crate) struct Layout {
    pub(crate) places: Vec<Place>,
    /// Those that are in no other.
    pub(crate) top: Vec<usize>,
}

/// Lays out what can be reached from the root. A node that is named twice has its first place; circles end.
pub(crate) fn layout(nodes: &HashMap<NodeId, Node>, root: NodeId) -> Layout {
    let mut layout = Layout { places: Vec::with_capacity(nodes.len()), top: Vec::new() };
    let mut seen = HashSet::with_capacity(nodes.len());
    // With each the element it is in, how many there are in the set, and what it stands behind.
    let mut waiting: Vec<(_, Option<usize>, _, Option<usize>)> = vec![(root, None, None, None)];
    while let Some((id, parent, set_size, anchor)) = waiting.pop() {
        let Some(node) = nodes.get(&id) else { continue };
        if node.is_hidden() || node.role() == Role::TextRun || !seen.insert(id) {
            continue;
        }
        let shape = if id == root { None } else { shape(node, parent, &layout) };
        let set_size = node.size_of_set().or(set_size);
        let Some(shape) = shape else {
            let children = node.children().iter().rev();
            waiting.extend(children.map(|child| (*child, parent, set_size, anchor)));
            continue;
        };
        if layout.places.len() >= MOST_ELEMENTS {
            break;
        }
        let index = layout.places.len();
        if let Some(anchor) = anchor
            && matches!(shape.aria(), "listbox" | "menu" | "dialog" | "tree" | "grid")
        {
            layout.places[anchor].popup = Some(id);
        }
        let children = Vec::new();
        layout.places.push(Place {
            node: id,
            shape,
            parent,
            children,
            set_size,
            rect: None,
            popup: None,
        });
        match parent {
            Some(parent) => layout.places[parent].children.push(index),
            None => layout.top.push(index),
        }
        // What browsers would not tell of stands behind it instead.
        let (holder, anchor) =
            if shape.hides_contents() { (parent, Some(index)) } else { (Some(index), None) };
        let has_own_name = own_name(node).is_some() || node.value().is_some();
        for child in node.children().iter().rev() {
            let repeats = shape.hides_contents()
                && has_own_name
                && nodes
                    .get(child)
                    .is_some_and(|child| matches!(child.role(), Role::Label | Role::Image));
            if !repeats {
                waiting.push((*child, holder, set_size, anchor));
            }
        }
    }
    layout.demote(nodes);
    layout.measure(nodes);
    layout
}

/// The shape of a node as far as it depends on itself; `None` if it has no element.
fn shape(node: &Node, parent: Option<usize>, layout: &Layout) -> Option<Shape> {
    let shape = Shape::of(node.role());
    let is_named = has_name(node);
    let acts = node.supports_action(Action::Click) || node.supports_action(Action::Focus);
    match shape {
        // Something to press that nobody gave a role: at least it can be reached, and pressed.
        None if is_named && node.supports_action(Action::Click) => Some(BUTTON),
        None if acts => Some(Shape { naming: Naming::Label, ..TEXT }),
        // egui's panes and windows are known by their titles.
        None if is_named => Some(match node.role() {
            Role::Window => Shape { role: Some("dialog"), ..GROUP },
            _ => GROUP,
        }),
        None => None,
        // Decoration.
        Some(shape) if shape.role == Some("img") && !is_named => None,
        // egui doesn't say where its own scroll bars stand, and browsers would tell of the middle.
        Some(shape) if shape.role == Some("scrollbar") && node.numeric_value().is_none() => None,
        // A button in a menu is what ARIA calls an item, and one in a list to choose from an option.
        Some(shape) if shape.aria() == "button" => {
            match parent.and_then(|parent| layout.places[parent].shape.role) {
                Some("menu") => Shape::of(Role::MenuItem),
                Some("listbox") => Shape::of(Role::ListBoxOption),
                _ => Some(shape),
            }
        }
        // A group without a name tells nobody anything.
        Some(shape) if shape.role == Some("group") && !is_named => {
            if acts {
                Some(Shape { naming: Naming::Label, ..TEXT })
            } else {
                None
            }
        }
        Some(shape) => Some(shape),
    }
}

fn has_name(node: &Node) -> bool {
    own_name(node).is_some() || !node.labelled_by().is_empty()
}

impl Layout {
    /// Takes from containers the roles that their contents don't fit, and from contents those that need
    /// another container. Browsers and assistive technology make what they like of such pairs.
    fn demote(&mut self, nodes: &HashMap<NodeId, Node>) {
        // From the inside, then from the outside.
        for index in (0..self.places.len()).rev() {
            let place = &self.places[index];
            let mut children = place.children.iter().map(|child| self.places[*child].shape.aria());
            if !place.children.is_empty() && !place.shape.admits(&mut children) {
                self.places[index].shape = GROUP;
            }
        }
        for index in 0..self.places.len() {
            let place = &self.places[index];
            let parent = place.parent.map_or("generic", |parent| self.places[parent].shape.aria());
            let shape = place.shape.below(parent);
            let is_named = nodes.get(&place.node).is_some_and(has_name);
            let nothing = Shape { naming: Naming::Label, ..TEXT };
            self.places[index].shape = if shape == GROUP && !is_named { nothing } else { shape };
        }
    }

    /// Sets places relative to what they are in.
    fn measure(&mut self, nodes: &HashMap<NodeId, Node>) {
        // The corner that what is in it is measured from.
        let mut corners: Vec<(f64, f64)> = Vec::with_capacity(self.places.len());
        for index in 0..self.places.len() {
            let place = &self.places[index];
            let around = place.parent.map_or((0.0, 0.0), |parent| corners[parent]);
            let bounds = nodes.get(&place.node).and_then(Node::bounds);
            let rect = bounds.and_then(|bounds| relative(bounds, around));
            corners.push(match (rect, bounds) {
                (Some(_), Some(bounds)) => (bounds.x0, bounds.y0),
                _ => around,
            });
            self.places[index].rect = rect;
        }
    }
}

fn relative(bounds: accesskit::Rect, around: (f64, f64)) -> Option<Rect> {
    let number = |number: f64| {
        // Quarters of a point: finer steps move nothing that a person touches.
        let quarter = (number * 4.0).round() / 4.0;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "no screen is as large as f32 is exact"
        )]
        let short = quarter as f32;
        short.is_finite().then_some(short)
    };
    Some(Rect {
        x: number(bounds.x0 - around.0)?,
        y: number(bounds.y0 - around.1)?,
        width: number((bounds.x1 - bounds.x0).max(0.0))?,
        height: number((bounds.y1 - bounds.y0).max(0.0))?,
    })
}
