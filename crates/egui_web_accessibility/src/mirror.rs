//! What the page shows, and what is to be done to it when a tree comes.

use std::collections::{HashMap, HashSet};

use egui::accesskit::{Live, Node, NodeId, Role, TreeUpdate};

use crate::element::{Around, Content, content, own_name};
use crate::layout::{Layout, Place, layout};
use crate::operation::{Operation, Rect};
use crate::shape::Shape;

/// A copy of what the page shows. It touches no page: it says what is to be done.
///
/// ```
/// use egui::accesskit::{Node, NodeId, Role, TreeId, TreeInfo, TreeUpdate};
/// use egui_web_accessibility::{Mirror, Operation};
///
/// let mut window = Node::new(Role::Window);
/// window.set_children([NodeId(1)]);
/// let mut button = Node::new(Role::Button);
/// button.set_label("Send");
/// let tree = TreeUpdate {
///     nodes: vec![(NodeId(0), window), (NodeId(1), button)],
///     tree: Some(TreeInfo::new(NodeId(0))),
///     tree_id: TreeId::ROOT,
///     focus: NodeId(0),
/// };
/// let mut mirror = Mirror::new("app-");
/// let first = mirror.update(tree.clone());
/// assert!(first.contains(&Operation::SetText { node: NodeId(1), text: "Send".to_owned() }));
/// assert!(mirror.update(tree).is_empty());
/// ```
#[derive(Debug)]
pub struct Mirror {
    prefix: String,
    pub(crate) nodes: HashMap<NodeId, Node>,
    root: Option<NodeId>,
    focus: Option<NodeId>,
    pub(crate) elements: HashMap<NodeId, Element>,
    /// Elements that are in no other.
    top: Vec<NodeId>,
}

/// What the page has for a node.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) shape: Shape,
    children: Vec<NodeId>,
    pub(crate) content: Content,
    pub(crate) rect: Option<Rect>,
    set_size: Option<usize>,
    popup: Option<NodeId>,
}

impl Element {
    pub(crate) fn is_leaf(&self) -> bool {
        self.children.is_empty()
    }
}

impl Mirror {
    /// An empty page, in which the ids of elements begin so. Two mirrors in a page need two beginnings.
    pub fn new(prefix: impl Into<String>) -> Self {
        Self {
            prefix: prefix.into(),
            nodes: HashMap::new(),
            root: None,
            focus: None,
            elements: HashMap::new(),
            top: Vec::new(),
        }
    }

    /// The id of a node's element.
    pub fn element_id(&self, node: NodeId) -> String {
        crate::element::id(&self.prefix, node)
    }

    /// The node whose element has this id.
    pub fn node_of(&self, element_id: &str) -> Option<NodeId> {
        let node = NodeId(element_id.strip_prefix(&self.prefix)?.parse().ok()?);
        self.elements.contains_key(&node).then_some(node)
    }

    /// The node that has the keyboard, if it has an element.
    pub fn focus(&self) -> Option<NodeId> {
        self.focus.filter(|focus| self.elements.contains_key(focus))
    }

    /// How many elements the page has.
    pub fn len(&self) -> usize {
        self.elements.len()
    }

    /// Whether the page has none.
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// How many pixels of a screen a point of the tree is, as the tree has it.
    pub fn scale(&self) -> f64 {
        let root = self.root.and_then(|root| self.nodes.get(&root));
        root.and_then(Node::transform).map_or(1.0, |transform| transform.as_coeffs()[0])
    }

    /// Takes in a tree, or the nodes of one that have changed. Nothing is to be done where nothing that
    /// a page shows has changed.
    ///
    /// Bounds: 20 000 elements, 64 KiB of each text; the rest is left out.
    pub fn update(&mut self, update: TreeUpdate) -> Vec<Operation> {
        let root = update.tree.map(|tree| tree.root).or(self.root);
        let mut changed = HashSet::new();
        for (id, node) in update.nodes {
            if self.nodes.get(&id) != Some(&node) {
                self.nodes.insert(id, node);
                changed.insert(id);
            }
        }
        self.focus = Some(update.focus).filter(|focus| Some(*focus) != root);
        if changed.is_empty() && root == self.root {
            return Vec::new();
        }
        let is_first = self.root.is_none();
        self.root = root;
        let Some(root) = root else { return Vec::new() };
        let layout = layout(&self.nodes, root);
        let mut operations = self.change_to(&layout, &changed);
        if !is_first {
            operations.extend(self.announcements(&layout, &operations));
        }
        self.forget(root);
        operations
    }

    /// Empties the page.
    pub fn clear(&mut self) -> Vec<Operation> {
        let mut gone: Vec<NodeId> = self.elements.keys().copied().collect();
        gone.sort_unstable();
        *self = Self::new(std::mem::take(&mut self.prefix));
        gone.into_iter().map(|node| Operation::Remove { node }).collect()
    }

    fn change_to(&mut self, layout: &Layout, changed: &HashSet<NodeId>) -> Vec<Operation> {
        let places: HashMap<NodeId, &Place> =
            layout.places.iter().map(|place| (place.node, place)).collect();
        let mut old = std::mem::take(&mut self.elements);
        let mut operations = take_gone(&mut old, &places);
        let fresh = layout.places.iter().filter(|place| !old.contains_key(&place.node));
        operations.extend(
            fresh.map(|place| Operation::Create { node: place.node, tag: place.shape.tag }),
        );

        // Texts go before elements come in their place, and come when elements have gone.
        let mut later = Vec::new();
        for place in &layout.places {
            let before = old.get(&place.node);
            let content = match before {
                Some(before)
                    if !changed.contains(&place.node) && self.is_as_before(place, before) =>
                {
                    before.content.clone()
                }
                _ => self.say(place, before, &places, &mut operations, &mut later),
            };
            if before.and_then(|before| before.rect) != place.rect {
                operations.push(Operation::SetRect { node: place.node, rect: place.rect });
            }
            self.elements.insert(
                place.node,
                Element {
                    shape: place.shape,
                    children: place
                        .children
                        .iter()
                        .map(|child| layout.places[*child].node)
                        .collect(),
                    content,
                    rect: place.rect,
                    set_size: place.set_size,
                    popup: place.popup,
                },
            );
        }

        let top = layout.top.iter().map(|index| layout.places[*index].node).collect();
        let old_top = std::mem::replace(&mut self.top, top);
        order(None, &old_top, &self.top, &old, &mut operations);
        for place in &layout.places {
            if let Some(element) = self.elements.get(&place.node)
                && !element.children.is_empty()
            {
                let before = old.get(&place.node).map_or(&[][..], |before| &before.children);
                order(Some(place.node), before, &element.children, &old, &mut operations);
            }
        }
        operations.extend(later);
        operations
    }

    /// Whether a node that is the same as before says the same.
    fn is_as_before(&self, place: &Place, before: &Element) -> bool {
        let Some(node) = self.nodes.get(&place.node) else { return false };
        let leans_on_others = !node.labelled_by().is_empty()
            || !node.described_by().is_empty()
            || !node.controls().is_empty()
            || !node.details().is_empty()
            || !node.flow_to().is_empty()
            || node.active_descendant().is_some()
            || node.error_message().is_some();
        // The text of these stands in their pieces.
        let has_pieces = place.shape.tag.is_field()
            || (own_name(node).is_none()
                && node.value().is_none_or(str::is_empty)
                && !node.children().is_empty());
        before.shape == place.shape
            && before.set_size == place.set_size
            && before.popup == place.popup
            && before.children.is_empty() == place.children.is_empty()
            && !leans_on_others
            && !has_pieces
    }

    /// Says what an element says, where it differs from before.
    fn say(
        &self,
        place: &Place,
        before: Option<&Element>,
        places: &HashMap<NodeId, &Place>,
        operations: &mut Vec<Operation>,
        later: &mut Vec<Operation>,
    ) -> Content {
        let Some(node) = self.nodes.get(&place.node) else { return Content::default() };
        let around = Around {
            nodes: &self.nodes,
            shown: &|node| places.contains_key(&node),
            prefix: &self.prefix,
            is_leaf: place.children.is_empty(),
            set_size: place.set_size,
            popup: place.popup,
        };
        let new = content(node, place.shape, around);
        let node = place.node;
        let none = Content::default();
        let old = before.map_or(&none, |before| &before.content);
        if before.is_none() {
            let value = Some(self.element_id(node));
            operations.push(Operation::SetAttribute { node, name: "id", value });
        }
        for (name, _) in &old.attributes {
            if attribute(&new, name).is_none() {
                operations.push(Operation::SetAttribute { node, name, value: None });
            }
        }
        for (name, value) in &new.attributes {
            if attribute(old, name) != Some(value) {
                let value = Some(value.clone());
                operations.push(Operation::SetAttribute { node, name, value });
            }
        }
        if old.text != new.text {
            let text = Operation::SetText { node, text: new.text.clone() };
            if new.text.is_empty() { operations.push(text) } else { later.push(text) }
        }
        if let Some(value) = &new.value
            && old.value.as_ref() != Some(value)
        {
            later.push(Operation::SetValue { node, value: value.clone() });
        }
        if let Some(selection) = new.selection
            && (old.selection != Some(selection) || old.value != new.value)
        {
            later.push(Operation::SetSelection { node, selection });
        }
        new
    }

    /// What is to be said aloud, as its region has come with it.
    fn announcements(&self, layout: &Layout, operations: &[Operation]) -> Vec<Operation> {
        let fresh: HashSet<NodeId> = operations
            .iter()
            .filter_map(|operation| match operation {
                Operation::Create { node, .. } => Some(*node),
                _ => None,
            })
            .collect();
        let mut said = vec![false; layout.places.len()];
        let mut announcements = Vec::new();
        for (index, place) in layout.places.iter().enumerate() {
            // One in a region that is said is said with it, and one in a region that stands by that.
            let is_inside = place.parent.is_some_and(|parent| said[parent]);
            let live = self.nodes.get(&place.node).and_then(live);
            said[index] = is_inside || live.is_some();
            let Some(live) = live else { continue };
            if is_inside || !fresh.contains(&place.node) {
                continue;
            }
            let mut text = String::new();
            self.read(layout, index, &mut text);
            if !text.is_empty() {
                let assertive = live == Live::Assertive;
                announcements.push(Operation::Announce { text, assertive });
            }
        }
        announcements
    }

    /// Adds what an element and those in it say.
    fn read(&self, layout: &Layout, index: usize, text: &mut String) {
        let mut waiting = vec![index];
        while let Some(index) = waiting.pop() {
            let place = &layout.places[index];
            let Some(element) = self.elements.get(&place.node) else { continue };
            let label = attribute(&element.content, "aria-label").map(String::as_str);
            for words in [label, Some(element.content.text.as_str())].into_iter().flatten() {
                if !words.is_empty() && text.len() + words.len() < LONGEST_ANNOUNCEMENT {
                    if !text.is_empty() {
                        text.push(' ');
                    }
                    text.push_str(words);
                }
            }
            waiting.extend(place.children.iter().rev());
        }
    }

    /// Forgets the nodes that can't be reached any more.
    fn forget(&mut self, root: NodeId) {
        let mut reached = HashSet::with_capacity(self.nodes.len());
        let mut waiting = vec![root];
        while let Some(id) = waiting.pop() {
            if let Some(node) = self.nodes.get(&id)
                && reached.insert(id)
            {
                waiting.extend(node.children());
            }
        }
        if reached.len() < self.nodes.len() {
            self.nodes.retain(|id, _| reached.contains(id));
        }
    }
}

/// More than this nobody listens to.
const LONGEST_ANNOUNCEMENT: usize = 1000;

/// How urgent a region is whose changes are spoken; alerts are spoken by browsers when they come.
fn live(node: &Node) -> Option<Live> {
    match (node.live(), node.role()) {
        (Some(Live::Off), _) | (_, Role::Alert | Role::AlertDialog) => None,
        (Some(live), _) => Some(live),
        (None, Role::Status | Role::Log) => Some(Live::Polite),
        (None, _) => None,
    }
}

fn attribute<'a>(content: &'a Content, name: &str) -> Option<&'a String> {
    let index = content.attributes.binary_search_by_key(&name, |(name, _)| name).ok()?;
    content.attributes.get(index).map(|(_, value)| value)
}

/// Removes what is there no more, and what has to be made anew as another element.
fn take_gone(
    old: &mut HashMap<NodeId, Element>,
    places: &HashMap<NodeId, &Place>,
) -> Vec<Operation> {
    let stays = |node: &NodeId, element: &Element| {
        places.get(node).is_some_and(|place| place.shape.tag == element.shape.tag)
    };
    let gone = old.iter().filter(|(node, element)| !stays(node, element));
    let mut gone: Vec<NodeId> = gone.map(|(node, _)| *node).collect();
    gone.sort_unstable();
    for node in &gone {
        old.remove(node);
    }
    gone.into_iter().map(|node| Operation::Remove { node }).collect()
}

/// Puts elements in order with the fewest moves: one that moves loses the keyboard, and its reader.
fn order(
    parent: Option<NodeId>,
    before: &[NodeId],
    after: &[NodeId],
    old: &HashMap<NodeId, Element>,
    operations: &mut Vec<Operation>,
) {
    if before == after && after.iter().all(|node| old.contains_key(node)) {
        return;
    }
    let was: HashMap<NodeId, usize> =
        before.iter().enumerate().map(|(index, node)| (*node, index)).collect();
    // Where each stood, if it stood in the same.
    let stood = |node: &NodeId| was.get(node).copied().filter(|_| old.contains_key(node));
    let stays = longest_rise(&after.iter().map(stood).collect::<Vec<_>>());
    let mut next = None;
    for (index, node) in after.iter().enumerate().rev() {
        if !stays[index] {
            operations.push(Operation::Insert { node: *node, parent, before: next });
        }
        next = Some(*node);
    }
}

/// Which of the numbers make the longest row that rises.
fn longest_rise(numbers: &[Option<usize>]) -> Vec<bool> {
    // Of each length the index at which the row with the least end ends, and what stands before each.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous = vec![None; numbers.len()];
    for (index, number) in numbers.iter().enumerate() {
        let Some(number) = number else { continue };
        let length = ends.partition_point(|end| numbers[*end].is_some_and(|end| end < *number));
        previous[index] = length.checked_sub(1).map(|length| ends[length]);
        if length == ends.len() { ends.push(index) } else { ends[length] = index }
    }
    let mut chosen = vec![false; numbers.len()];
    let mut at = ends.last().copied();
    while let Some(index) = at {
        chosen[index] = true;
        at = previous[index];
    }
    chosen
}
