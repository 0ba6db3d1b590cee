//! Any row of trees: the page that was changed is the page that is built anew.

use std::collections::HashSet;

use egui::accesskit::{
    Action, Node, NodeId, Rect, Role, TextPosition, TextSelection, Toggled, TreeId, TreeInfo,
    TreeUpdate,
};
use egui_web_accessibility::Mirror;

use crate::page::Page;

/// A generator of numbers, the same in each run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn chance(&mut self, one_in: u64) -> bool {
        self.below(one_in) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }
}

const ROLES: &[Role] = &[
    Role::GenericContainer,
    Role::Label,
    Role::Label,
    Role::Button,
    Role::CheckBox,
    Role::TextInput,
    Role::MultilineTextInput,
    Role::Slider,
    Role::SpinButton,
    Role::List,
    Role::ListItem,
    Role::ListBox,
    Role::ListBoxOption,
    Role::Menu,
    Role::MenuItem,
    Role::Table,
    Role::Row,
    Role::Cell,
    Role::Group,
    Role::Pane,
    Role::Status,
    Role::Alert,
    Role::ComboBox,
    Role::Heading,
    Role::Image,
    Role::TextRun,
    Role::Unknown,
];
const WORDS: &[&str] = &["", "Apple", "Pear", "a\nb", "😀", " "];

fn node(numbers: &mut Numbers, id: u64, count: u64) -> Node {
    let mut node = Node::new(numbers.pick(ROLES));
    if numbers.chance(2) {
        node.set_label(numbers.pick(WORDS));
    }
    if numbers.chance(2) {
        node.set_value(numbers.pick(WORDS));
    }
    if numbers.chance(4) {
        node.set_numeric_value(numbers.below(9) as f64);
    }
    if numbers.chance(4) {
        node.set_toggled(numbers.pick(&[Toggled::True, Toggled::False, Toggled::Mixed]));
    }
    if numbers.chance(9) {
        node.set_hidden();
    }
    if numbers.chance(4) {
        node.set_disabled();
    }
    if numbers.chance(3) {
        node.add_action(Action::Click);
    }
    if numbers.chance(3) {
        node.add_action(Action::Focus);
    }
    if numbers.chance(5) {
        node.push_labelled_by(NodeId(numbers.below(count)));
    }
    if numbers.chance(8) {
        node.set_size_of_set(5);
    }
    if numbers.chance(8) {
        node.set_position_in_set(1);
    }
    if numbers.chance(2) {
        let (x0, y0) = (numbers.below(50) as f64, numbers.below(50) as f64);
        node.set_bounds(Rect { x0, y0, x1: x0 + 10.0, y1: y0 + 5.0 });
    }
    node.set_character_lengths(vec![1; usize::try_from(numbers.below(3)).unwrap()]);
    let position = TextPosition { node: NodeId(numbers.below(count)), character_index: 1 };
    if numbers.chance(3) {
        node.set_text_selection(TextSelection { anchor: position, focus: position });
    }
    // Anything: what is not there, what has another parent, the node itself.
    for _ in 0..numbers.below(4) {
        let child =
            if numbers.chance(6) { numbers.below(count + 2) } else { id + 1 + numbers.below(6) };
        node.push_child(NodeId(child));
    }
    node
}

fn tree(numbers: &mut Numbers, count: u64) -> Vec<(NodeId, Node)> {
    (0..count).map(|id| (NodeId(id), node(numbers, id, count))).collect()
}

fn update(nodes: Vec<(NodeId, Node)>) -> TreeUpdate {
    TreeUpdate {
        nodes,
        tree: Some(TreeInfo::new(NodeId(0))),
        tree_id: TreeId::ROOT,
        focus: NodeId(0),
    }
}

fn change(numbers: &mut Numbers, nodes: &mut [(NodeId, Node)]) {
    let count = nodes.len() as u64;
    for _ in 0..1 + numbers.below(6) {
        let index = numbers.below(count);
        let entry = &mut nodes[usize::try_from(index).unwrap()];
        if numbers.chance(2) {
            let mut children = entry.1.children().to_vec();
            if numbers.chance(2) {
                let by = 1.min(children.len());
                children.rotate_left(by);
            } else {
                children.push(NodeId(index + 1 + numbers.below(5)));
            }
            entry.1.set_children(children);
        } else {
            entry.1 = node(numbers, index, count);
        }
    }
}

#[track_caller]
fn assert_same(changed: &str, anew: &str, seed: u64, step: u32) {
    for (line, (changed, anew)) in changed.lines().zip(anew.lines()).enumerate() {
        assert_eq!(changed, anew, "seed {seed}, step {step}, line {line}");
    }
    assert_eq!(changed.lines().count(), anew.lines().count(), "seed {seed}, step {step}");
}

#[test]
fn changes_give_the_page_built_anew() {
    let mut shown = 0;
    for seed in 1..200 {
        let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(seed));
        let mut nodes = tree(&mut numbers, 40);
        let mut mirror = Mirror::new("x-");
        let mut page = Page::default();
        for step in 0..25 {
            page.apply(&mirror.update(update(nodes.clone())));
            let mut anew = Page::default();
            let mut other = Mirror::new("x-");
            anew.apply(&other.update(update(nodes.clone())));
            assert_same(&page.text(), &anew.text(), seed, step);
            assert!(
                mirror.update(update(nodes.clone())).is_empty(),
                "the same tree changes nothing"
            );
            shown += mirror.len();
            change(&mut numbers, &mut nodes);
        }
        page.apply(&mirror.clear());
        assert_eq!(page.text(), "");
    }
    assert!(shown > 25_000, "the trees are large enough to try something: {shown}");
}

#[test]
fn a_part_of_a_tree_is_as_good() {
    for seed in 1..50 {
        let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(seed));
        let mut nodes = tree(&mut numbers, 30);
        let mut mirror = Mirror::new("x-");
        let mut page = Page::default();
        page.apply(&mirror.update(update(nodes.clone())));
        for step in 0..10 {
            let before = nodes.clone();
            change(&mut numbers, &mut nodes);
            // What could not be reached was forgotten, so it comes along.
            let mut known = HashSet::new();
            let mut waiting = vec![NodeId(0)];
            while let Some(id) = waiting.pop() {
                if let Some((_, node)) = before.get(usize::try_from(id.0).unwrap())
                    && known.insert(id)
                {
                    waiting.extend(node.children());
                }
            }
            let part = nodes.iter().zip(&before);
            let part = part.filter(|(new, old)| new != old || !known.contains(&new.0));
            let part = part.map(|(new, _)| new.clone()).collect();
            page.apply(&mirror.update(update(part)));
            let mut anew = Page::default();
            anew.apply(&Mirror::new("x-").update(update(nodes.clone())));
            assert_same(&page.text(), &anew.text(), seed, step);
        }
    }
}

#[test]
fn a_row_that_scrolls_moves_nothing() {
    let rows = |from: u64| {
        let mut list = Node::new(Role::Window);
        let mut nodes = Vec::new();
        for id in from..from + 20 {
            let mut row = Node::new(Role::Label);
            row.set_value(id.to_string());
            list.push_child(NodeId(id));
            nodes.push((NodeId(id), row));
        }
        nodes.push((NodeId(0), list));
        update(nodes)
    };
    let mut mirror = Mirror::new("");
    let mut page = Page::default();
    page.apply(&mirror.update(rows(1)));
    let operations = mirror.update(rows(2));
    // One goes; one is made, with its id and text, and put in.
    assert_eq!(operations.len(), 5, "{operations:?}");
    page.apply(&operations);
}
