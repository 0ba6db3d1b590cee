//! What is said of nodes: roles, names, values, states.

use egui::accesskit::{
    Action, Invalid, Live, Node, NodeId, Rect, Role, Toggled, TreeId, TreeInfo, TreeUpdate,
};
use egui_web_accessibility::Mirror;

use crate::page::Page;

/// The page of these nodes; the first is the root, and each has its place in the list for an id.
pub(crate) fn page(nodes: &[Node]) -> String {
    let mut page = Page::default();
    page.apply(&Mirror::new("").update(update(nodes)));
    page.text()
}

pub(crate) fn update(nodes: &[Node]) -> TreeUpdate {
    TreeUpdate {
        nodes: nodes
            .iter()
            .enumerate()
            .map(|(id, node)| (NodeId(id as u64), node.clone()))
            .collect(),
        tree: Some(TreeInfo::new(NodeId(0))),
        tree_id: TreeId::ROOT,
        focus: NodeId(0),
    }
}

pub(crate) fn new(role: Role, children: &[u64]) -> Node {
    let mut node = Node::new(role);
    node.set_children(children.iter().map(|id| NodeId(*id)).collect::<Vec<_>>());
    node
}

pub(crate) fn named(role: Role, name: &str) -> Node {
    let mut node = Node::new(role);
    node.set_label(name);
    node
}

#[track_caller]
fn assert_says(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part:?} is not in\n{page}");
    }
}

#[test]
fn button_says_its_name_and_state() {
    let mut button = named(Role::Button, "Send");
    button.set_toggled(Toggled::True);
    button.set_description("To all");
    button.set_disabled();
    let page = page(&[new(Role::Window, &[1]), button]);
    assert_says(
        &page,
        &["Button ", "\"Send\"", "\"aria-pressed\": \"true\"", "\"aria-disabled\": \"true\""],
    );
    assert_says(&page, &["\"aria-description\": \"To all\"", "\"tabindex\": \"-1\""]);
}

#[test]
fn containers_without_names_are_left_out() {
    let mut label = Node::new(Role::Label);
    label.set_value("Hello");
    let page = page(&[
        new(Role::Window, &[1]),
        new(Role::GenericContainer, &[2]),
        new(Role::Pane, &[3]),
        label,
    ]);
    assert_eq!(page.lines().count(), 1, "{page}");
    assert_says(&page, &["\"Hello\""]);
}

#[test]
fn field_says_value_and_duties() {
    let mut field = Node::new(Role::TextInput);
    field.set_value("one\ntwo");
    field.push_labelled_by(NodeId(1));
    field.set_placeholder("hint");
    field.set_required();
    field.set_invalid(Invalid::True);
    field.set_read_only();
    let mut label = Node::new(Role::Label);
    label.set_value("Name");
    let page = page(&[new(Role::Window, &[1, 2]), label, field]);
    assert_says(&page, &["Input(\"text\")", "\"aria-labelledby\": \"1\"", "Some(\"one two\")"]);
    assert_says(&page, &["\"aria-required\"", "\"aria-invalid\": \"true\"", "\"readonly\": \"\""]);
}

#[test]
fn label_out_of_the_page_names_by_words() {
    let mut field = Node::new(Role::TextInput);
    field.push_labelled_by(NodeId(1));
    let mut label = Node::new(Role::Label);
    label.set_value("Name");
    label.set_hidden();
    let page = page(&[new(Role::Window, &[1, 2]), label, field]);
    assert_says(&page, &["\"aria-label\": \"Name\""]);
    assert!(!page.contains("labelledby"), "{page}");
}

#[test]
fn list_counts_its_items_from_one() {
    let mut list = new(Role::List, &[2, 3]);
    list.set_size_of_set(10_000_000);
    let mut item = named(Role::ListItem, "Row");
    item.set_position_in_set(9_999_997);
    let page = page(&[new(Role::Window, &[1]), list, item.clone(), item]);
    assert_says(&page, &["\"aria-posinset\": \"9999998\"", "\"aria-setsize\": \"10000000\""]);
}

#[test]
fn containers_with_the_wrong_contents_lose_their_roles() {
    let mut list = new(Role::ListBox, &[2, 3]);
    list.set_label("Fruit");
    let nodes = [
        new(Role::Window, &[1]),
        list,
        named(Role::ListBoxOption, "Pear"),
        named(Role::Label, "x"),
    ];
    let text = page(&nodes);
    assert_says(&text, &["\"role\": \"group\"", "Button {"]);
    let text = page(&[new(Role::Window, &[1]), named(Role::Tab, "Alone")]);
    assert_says(&text, &["Button {"]);
}

#[test]
fn buttons_in_menus_are_items() {
    let nodes = [new(Role::Window, &[1]), new(Role::Menu, &[2]), named(Role::Button, "Copy")];
    let page = page(&nodes);
    assert_says(&page, &["\"role\": \"menu\"", "\"role\": \"menuitem\""]);
}

#[test]
fn an_open_list_is_told_of() {
    let mut combo = new(Role::ComboBox, &[2]);
    combo.set_value("Pear");
    combo.set_label("Fruit");
    let mut pear = named(Role::Button, "Pear");
    pear.set_toggled(Toggled::True);
    let list = new(Role::ListBox, &[3]);
    let text = page(&[new(Role::Window, &[1]), combo.clone(), list, pear]);
    assert_says(&text, &["\"aria-expanded\": \"true\"", "\"aria-controls\": \"2\""]);
    assert_says(&text, &["\"role\": \"option\"", "\"aria-selected\": \"true\""]);
    combo.clear_children();
    let text = page(&[new(Role::Window, &[1]), combo]);
    assert_says(&text, &["\"aria-expanded\": \"false\""]);
}

#[test]
fn contents_of_buttons_stand_behind_them() {
    let mut row = new(Role::Button, &[2, 3]);
    row.set_label("Row 1");
    let nodes =
        [new(Role::Window, &[1]), row, named(Role::Label, "again"), named(Role::Button, "Delete")];
    let page = page(&nodes);
    let lines: Vec<_> = page.lines().collect();
    assert_eq!(lines.len(), 2, "{page}");
    assert_says(lines[1], &["Delete"]);
    assert!(!lines[1].starts_with(' '));
}

#[test]
fn numbers_are_told_with_their_limits() {
    let mut slider = named(Role::Slider, "Volume");
    slider.set_numeric_value(0.1 + 0.2);
    slider.set_min_numeric_value(0.0);
    slider.set_max_numeric_value(f64::INFINITY);
    let mut spin = named(Role::SpinButton, "Amount");
    spin.set_numeric_value(7.0);
    spin.set_value("7 kg");
    let page = page(&[new(Role::Window, &[1, 2]), slider, spin]);
    assert_says(&page, &["Input(\"range\")", "Some(\"0.3\")", "\"min\": \"0\""]);
    assert_says(&page, &["\"aria-valuenow\": \"7\"", "\"aria-valuetext\": \"7 kg\""]);
    assert!(!page.contains("inf"), "{page}");
}

#[test]
fn places_are_relative_to_what_is_around() {
    let mut group = new(Role::Group, &[2]);
    group.set_label("Group");
    group.set_bounds(Rect { x0: 10.0, y0: 20.0, x1: 110.0, y1: 120.0 });
    let mut button = named(Role::Button, "Send");
    button.set_bounds(Rect { x0: 15.0, y0: 30.0, x1: 40.0, y1: 25.0 });
    let mut endless = named(Role::Button, "Endless");
    endless.set_bounds(Rect { x0: f64::NAN, y0: 0.0, x1: f64::INFINITY, y1: 1.0 });
    let page = page(&[new(Role::Window, &[1, 3]), group, button, endless]);
    assert_says(
        &page,
        &["Some(Rect { x: 5.0, y: 10.0, width: 25.0, height: 0.0 })", "None None None"],
    );
}

#[test]
fn new_live_regions_are_said() {
    let mut toast = named(Role::Label, "Saved");
    toast.set_live(Live::Polite);
    let mut mirror = Mirror::new("");
    let mut page = Page::default();
    page.apply(&mirror.update(update(&[new(Role::Window, &[]), toast.clone()])));
    page.apply(&mirror.update(update(&[new(Role::Window, &[1]), toast.clone()])));
    assert_eq!(page.said, ["Saved"]);
    // From now on the browser speaks.
    toast.set_label("Sent");
    page.apply(&mirror.update(update(&[new(Role::Window, &[1]), toast])));
    assert_eq!(page.said, ["Saved"]);
}

#[test]
fn what_stands_at_the_start_is_not_said() {
    let mut status = named(Role::Status, "Ready");
    status.set_live(Live::Polite);
    let mut page = Page::default();
    page.apply(&Mirror::new("").update(update(&[new(Role::Window, &[1]), status])));
    assert_eq!(page.said, [""; 0]);
}

#[test]
fn long_texts_and_trees_are_cut() {
    let mut label = Node::new(Role::Label);
    label.set_value("ä".repeat(100_000));
    let mut field = Node::new(Role::MultilineTextInput);
    field.set_value("ä".repeat(100_000));
    field.add_action(Action::SetValue);
    let text = page(&[new(Role::Window, &[1, 2]), label, field]);
    assert!(text.len() < 300_000);
    assert_says(&text, &["readonly"]);

    let ids: Vec<u64> = (1..30_000).collect();
    let mut nodes = vec![new(Role::Window, &ids)];
    nodes.extend(ids.iter().map(|id| named(Role::Button, &id.to_string())));
    let mut mirror = Mirror::new("");
    mirror.update(update(&nodes));
    assert_eq!(mirror.len(), 20_000);
}

#[test]
fn a_deep_tree_and_a_circle_end() {
    let depth = 100_000;
    let mut nodes: Vec<Node> =
        (0..depth).map(|id| new(Role::GenericContainer, &[id + 1])).collect();
    nodes.push(new(Role::GenericContainer, &[0]));
    assert_eq!(page(&nodes), "");
}

#[test]
fn scroll_bar_that_says_nothing_is_not_told() {
    let mut bar = named(Role::ScrollBar, "Scroll bar");
    assert!(!page(&[new(Role::Window, &[1]), bar.clone()]).contains("scrollbar"));
    bar.set_numeric_value(0.25);
    assert_says(&page(&[new(Role::Window, &[1]), bar]), &["scrollbar", "\"0.25\""]);
}
