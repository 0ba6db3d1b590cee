//! Assistive technology: what Chromium tells it of the page, and what it does to elements, found by role
//! and name.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::browser::{Browser, DEADLINE, POLL};
use crate::setup;

/// One thing that assistive technology is told of, in reading order.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub(crate) role: String,
    pub(crate) name: String,
    pub(crate) value: Option<String>,
    pub(crate) description: String,
    pub(crate) states: BTreeMap<String, String>,
    /// The role of what it is in, if that is more than a mere container.
    pub(crate) inside: String,
    /// Chromium's number of the element.
    backend: u64,
}

impl Heard {
    pub(crate) fn state(&self, name: &str) -> Option<&str> {
        self.states.get(name).map(String::as_str)
    }
}

impl Browser {
    /// Presses the button that only assistive technology meets, and waits for what it brings.
    pub(crate) async fn ask_for_the_mirror(&self) {
        let mut offered = self.heard_in("body").await;
        offered.retain(|heard| {
            heard.role == "button"
                && ["Enable accessibility", "启用无障碍功能"].contains(&heard.name.as_str())
        });
        assert_eq!(offered.len(), 1, "the button that enables it: {offered:?}");
        self.run_on(&offered[0], "this.click()", &[]).await;
        self.until_heard("anything", |heard| heard.len() > 5).await;
    }

    /// What is told of the page's canvas.
    pub(crate) async fn heard(&self) -> Vec<Heard> {
        self.heard_in("#egui-accessibility-0").await
    }

    /// What is told of an element and all in it.
    pub(crate) async fn heard_in(&self, selector: &str) -> Vec<Heard> {
        let query = json!({ "expression": format!("document.querySelector('{selector}')") });
        let found = self.session.devtools("Runtime.evaluate", query).await;
        let Some(found) = found["result"]["objectId"].as_str() else { return Vec::new() };
        let found = self.session.devtools("DOM.describeNode", json!({ "objectId": found })).await;
        let top = found["node"]["backendNodeId"].as_u64().unwrap();
        let mut tree = self.session.devtools("Accessibility.getFullAXTree", json!({})).await;
        let nodes = tree["nodes"].take();
        let nodes = nodes.as_array().unwrap();
        let by_id: HashMap<&str, &Value> =
            nodes.iter().map(|node| (node["nodeId"].as_str().unwrap(), node)).collect();
        let top = nodes.iter().find(|node| node["backendDOMNodeId"] == top);
        let mut heard = Vec::new();
        listen(top.unwrap_or(&Value::Null), "", None, &by_id, &mut heard);
        heard
    }

    /// Waits until what is told is as expected.
    pub(crate) async fn until_heard(
        &self,
        what: &str,
        expected: impl Fn(&[Heard]) -> bool,
    ) -> Vec<Heard> {
        let start = Instant::now();
        loop {
            let heard = self.heard().await;
            if expected(&heard) {
                return heard;
            }
            assert!(start.elapsed() < DEADLINE, "{what}: in vain, it tells {}", list(&heard));
            sleep(POLL).await;
        }
    }

    /// Waits until some text is told as it is.
    pub(crate) async fn until_told(&self, text: &str) {
        self.until_heard(text, |heard| heard.iter().any(|heard| heard.name == text)).await;
    }

    /// Waits until a text is told of which this is a part.
    pub(crate) async fn until_told_of(&self, part: &str) {
        self.until_heard(part, |heard| heard.iter().any(|heard| heard.name.contains(part))).await;
    }

    /// Waits for the one thing of this role and name.
    pub(crate) async fn find(&self, role: &str, name: &str) -> Heard {
        let is_it = |heard: &Heard| heard.role == role && heard.name == name;
        let what = format!("one {role} “{name}”");
        let heard = self
            .until_heard(&what, |all| all.iter().filter(|heard| is_it(heard)).count() == 1)
            .await;
        heard.into_iter().find(is_it).unwrap()
    }

    /// Waits until the one thing of this role and name has this state.
    pub(crate) async fn until_state(&self, role: &str, name: &str, state: &str, wanted: &str) {
        let what = format!("{role} “{name}” with {state} {wanted}");
        let is_so = |heard: &Heard| {
            let found = if state == "value" { heard.value.as_deref() } else { heard.state(state) };
            heard.role == role && heard.name == name && found.unwrap_or_default() == wanted
        };
        self.until_heard(&what, |heard| heard.iter().any(is_so)).await;
    }

    /// Presses something, as assistive technology does: without pointer and without key.
    pub(crate) async fn click_on(&self, role: &str, name: &str) {
        let found = self.find(role, name).await;
        self.run_on(&found, "this.click()", &[]).await;
        self.drawn().await;
    }

    /// Sets what a field holds, as a whole.
    pub(crate) async fn set_value(&self, role: &str, name: &str, text: &str) {
        let found = self.find(role, name).await;
        let set = "this.value = text; this.dispatchEvent(new Event('input', { bubbles: true }))";
        self.run_on(&found, set, &[text]).await;
        // The element holds it at once. What is pressed in the same frame may come before the page has it.
        self.drawn().await;
        self.until_state(role, name, "value", text).await;
    }

    /// Runs a script on the element of something, as `this`, with one `text`.
    pub(crate) async fn run_on(&self, heard: &Heard, script: &str, text: &[&str]) -> Value {
        let node = json!({ "backendNodeId": heard.backend });
        let object = self.session.devtools("DOM.resolveNode", node).await;
        let arguments: Vec<Value> = text.iter().map(|text| json!({ "value": text })).collect();
        let call = json!({
            "objectId": object["object"]["objectId"],
            "functionDeclaration": format!("function(text) {{ {script} }}"),
            "arguments": arguments,
            "returnByValue": true,
        });
        self.session.devtools("Runtime.callFunctionOn", call).await["result"]["value"].take()
    }

    /// What axe-core finds wrong with the page as it is.
    pub(crate) async fn faults(&self) -> Vec<String> {
        if self.evaluate("return typeof window.axe").await != "object" {
            self.evaluate(&std::fs::read_to_string(setup::axe()).unwrap()).await;
        }
        let script = "const done = arguments[0];
             axe.run(document, { resultTypes: ['violations'] }).then(
                 ({ violations, passes }) => done([passes.length, violations.map(({ id, nodes }) =>
                     `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`)]),
                 (why) => done([0, [String(why)]]),
             );";
        let found = self.evaluate_later(script).await;
        assert!(found[0].as_u64().unwrap() > 5, "it has hardly looked: {found}");
        let faults = found[1].as_array().unwrap().iter();
        faults.map(|fault| fault.as_str().unwrap().to_owned()).collect()
    }

    /// What has the keyboard in the mirror.
    pub(crate) async fn focused(&self) -> Option<Heard> {
        let heard = self.heard().await;
        heard.into_iter().rfind(|heard| heard.state("focused") == Some("true"))
    }
}

/// What is told, for whoever reads why a test failed.
pub(crate) fn list(heard: &[Heard]) -> String {
    let lines = heard.iter().map(|heard| {
        let Heard { role, name, value, description, states, inside, .. } = heard;
        format!("\n  {role} “{name}” {value:?} {description:?} {states:?} in {inside}")
    });
    lines.collect()
}

/// Adds what is told of a node and all in it. A text says for the container that it is alone in whether
/// that is a live region.
fn listen(
    node: &Value,
    inside: &str,
    live: Option<&str>,
    by_id: &HashMap<&str, &Value>,
    heard: &mut Vec<Heard>,
) {
    let word = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let role = word(&node["role"]["value"]);
    let is_told = node["ignored"] == false;
    let is_container = !is_told || role == "generic";
    let properties = node["properties"].as_array().into_iter().flatten();
    let mut states: BTreeMap<String, String> = properties
        .map(|property| (word(&property["name"]), word(&property["value"]["value"])))
        .collect();
    if let (Some(live), "StaticText") = (live, role.as_str()) {
        states.insert("live".to_owned(), live.to_owned());
    }
    let live = states.get("live").cloned().filter(|_| is_container);
    if is_told {
        let value = &node["value"]["value"];
        heard.push(Heard {
            role: role.clone(),
            name: word(&node["name"]["value"]),
            value: (!value.is_null()).then(|| word(value)),
            description: word(&node["description"]["value"]),
            states,
            inside: inside.to_owned(),
            backend: node["backendDOMNodeId"].as_u64().unwrap_or_default(),
        });
    }
    let inside = if is_container { inside } else { &role };
    for child in node["childIds"].as_array().into_iter().flatten() {
        if let Some(child) = child.as_str().and_then(|child| by_id.get(child)) {
            listen(child, inside, live.as_deref(), by_id, heard);
        }
    }
}
