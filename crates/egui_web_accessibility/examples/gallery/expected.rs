//! The gallery's tree as egui_kittest sees it, in JSON.

use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{AccessKitNode, NodeT as _, Queryable as _};
use serde_json::{Value, json};

use crate::ui::Gallery;

/// All that a person should be told, in reading order.
pub(crate) fn after_clicks(names: impl Iterator<Item = String>) -> Value {
    let mut harness = Harness::builder()
        .with_size([800.0, 1057.0])
        .build_ui_state(|ui, gallery: &mut Gallery| gallery.ui(ui), Gallery::default());
    for name in names {
        harness.get_by_label(&name).click_accesskit();
        harness.run();
    }
    let mut told = Vec::new();
    add(harness.root().accesskit_node(), true, &mut told);
    Value::Array(told)
}

fn add(node: AccessKitNode<'_>, is_root: bool, told: &mut Vec<Value>) {
    let role = node.role();
    if node.is_hidden() || role == Role::TextRun {
        return;
    }
    let is_container = matches!(role, Role::GenericContainer | Role::Pane | Role::Unknown);
    let says_nothing = is_container && node.label().is_none();
    if !is_root && !says_nothing {
        let data = node.data();
        told.push(json!({
            "role": format!("{role:?}"),
            "label": node.label(),
            "value": node.value(),
            "number": node.numeric_value(),
            "description": data.description(),
            "toggled": node.toggled().map(|toggled| format!("{toggled:?}").to_lowercase()),
            "disabled": node.is_disabled(),
            "expanded": data.is_expanded(),
            "readOnly": data.is_read_only(),
            "required": data.is_required(),
            "invalid": data.invalid().is_some(),
            "level": data.level(),
            "focused": node.is_focused(),
        }));
    }
    for child in node.children() {
        add(child, false, told);
    }
}
