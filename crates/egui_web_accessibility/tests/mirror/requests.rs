//! What is done in the page, as egui hears of it.

use egui::accesskit::{
    Action, ActionData, ActionRequest, Node, NodeId, Rect, Role, TextPosition, TextSelection,
    TreeId,
};
use egui_web_accessibility::{Gesture, Mirror, Selection};

use crate::shapes::{named, new, update};

const FIELD: NodeId = NodeId(1);
const FIRST_ROW: NodeId = NodeId(2);
const SECOND_ROW: NodeId = NodeId(3);

fn at(node: NodeId, character_index: usize) -> TextPosition {
    TextPosition { node, character_index }
}

fn caret(position: usize) -> Selection {
    Selection { anchor: position, focus: position }
}

/// A field of two rows, "ab⏎" and "cd", with the caret at its end.
fn field() -> Mirror {
    let mut field = new(Role::MultilineTextInput, &[2, 3]);
    field.set_value("ab\ncd");
    for action in [Action::Focus, Action::SetValue, Action::ReplaceSelectedText, Action::Click] {
        field.add_action(action);
    }
    field.set_text_selection(TextSelection { anchor: at(SECOND_ROW, 2), focus: at(SECOND_ROW, 2) });
    let run = |text: &str| {
        let mut run = Node::new(Role::TextRun);
        run.set_value(text);
        run.set_character_lengths(vec![1; text.len()]);
        run
    };
    let mut mirror = Mirror::new("");
    mirror.update(update(&[new(Role::Window, &[1]), field, run("ab\n"), run("cd")]));
    mirror
}

fn ask(action: Action, data: Option<ActionData>) -> ActionRequest {
    ActionRequest { action, target_tree: TreeId::ROOT, target_node: FIELD, data }
}

fn select(anchor: TextPosition, focus: TextPosition) -> ActionRequest {
    let selection = TextSelection { anchor, focus };
    ask(Action::SetTextSelection, Some(ActionData::SetTextSelection(selection)))
}

fn write(text: &str) -> ActionRequest {
    ask(Action::ReplaceSelectedText, Some(ActionData::Value(text.into())))
}

#[test]
fn writing_replaces_only_what_changed() {
    let mirror = field();
    let edit = |value: &str, position| Gesture::Edit {
        value: value.to_owned(),
        selection: caret(position),
    };
    let requests = |value, position| mirror.requests(FIELD, &edit(value, position));
    assert_eq!(requests("abx\ncd", 3), [select(at(FIRST_ROW, 2), at(FIRST_ROW, 2)), write("x")]);
    assert_eq!(requests("ab\nd", 3), [select(at(SECOND_ROW, 0), at(SECOND_ROW, 1)), write("")]);
    assert_eq!(requests("abcd", 2), [select(at(FIRST_ROW, 2), at(SECOND_ROW, 0)), write("")]);
    assert_eq!(
        requests("ab\ncd😀", 7),
        [select(at(SECOND_ROW, 2), at(SECOND_ROW, 2)), write("😀")]
    );
    assert_eq!(requests("ab\ncd", 1), [select(at(FIRST_ROW, 1), at(FIRST_ROW, 1))]);
    assert_eq!(requests("ab\ncd", 5), [], "egui has it so");
}

#[test]
fn a_value_set_at_once_replaces_all() {
    let mirror = field();
    let value = |value: &str| mirror.requests(FIELD, &Gesture::Value(value.to_owned()));
    assert_eq!(value("new"), [ask(Action::SetValue, Some(ActionData::Value("new".into())))]);
    assert_eq!(value("ab\ncd"), []);
}

#[test]
fn a_click_on_a_field_gives_it_the_keyboard() {
    assert_eq!(field().requests(FIELD, &Gesture::Click), [ask(Action::Focus, None)]);
}

#[test]
fn what_a_node_cannot_do_is_not_asked() {
    let mut mirror = Mirror::new("");
    mirror.update(update(&[new(Role::Window, &[1]), named(Role::Button, "Send")]));
    for gesture in
        [Gesture::Click, Gesture::Focus, Gesture::Increment, Gesture::Value("1".to_owned())]
    {
        assert_eq!(mirror.requests(FIELD, &gesture), []);
    }
    assert_eq!(mirror.requests(NodeId(9), &Gesture::ScrollIntoView), []);
}

#[test]
fn sliders_are_set_by_numbers() {
    let mut slider = named(Role::Slider, "Volume");
    slider.add_action(Action::SetValue);
    slider.add_action(Action::Increment);
    let mut mirror = Mirror::new("");
    mirror.update(update(&[new(Role::Window, &[1]), slider]));
    let value = |value: &str| mirror.requests(FIELD, &Gesture::Value(value.to_owned()));
    assert_eq!(value("2.5"), [ask(Action::SetValue, Some(ActionData::NumericValue(2.5)))]);
    assert_eq!(value("NaN"), []);
    assert_eq!(mirror.requests(FIELD, &Gesture::Increment), [ask(Action::Increment, None)]);
}

#[test]
fn what_was_scrolled_to_is_found() {
    let row = |id: f64| {
        let mut row = named(Role::Label, "Row");
        let y0 = id * 20.0 - 1000.0;
        row.set_bounds(Rect { x0: 0.0, y0, x1: 100.0, y1: y0 + 20.0 });
        row
    };
    let rows: Vec<u64> = (1..100).collect();
    let mut nodes = vec![new(Role::Window, &rows)];
    nodes.extend((0..99_i32).map(|id| row(id.into())));
    let mut mirror = Mirror::new("");
    mirror.update(update(&nodes));
    // 500 to 520: into the middle, to the lower edge.
    for down in [410.0, 320.0] {
        assert_eq!(mirror.revealed([100.0, 200.0], [0.0, down]), Some(NodeId(76)), "{down}");
    }
    // -500 to -480: into the middle, to the upper edge.
    for down in [-590.0, -500.0] {
        assert_eq!(mirror.revealed([100.0, 200.0], [0.0, down]), Some(NodeId(26)), "{down}");
    }
}
