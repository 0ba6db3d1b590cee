//! What Chromium tells assistive technology of the page is what egui_kittest sees of the same page, by role,
//! name, value and state: in every state of the page and in both languages.
//!
//! Beside the page in the browser the same page is opened in egui_kittest, with what a browser is for it
//! ([`Platform::Browser`]), the same size and the page's own echo, and the same is done to both.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app_core::settings::{Platform, Transport};
use app_core::{Language, Opening, Panel};
use egui::accesskit::{Action, ActionRequest, Invalid, Live, Orientation, Role, Toggled, TreeId};
use egui::vec2;
use egui_kittest::Harness;
use egui_kittest::kittest::{AccessKitNode, NodeT as _};
use tokio::time::{Instant, sleep};
use websocket_echo::app::EchoPage;
use websocket_echo::i18n::{Words, words};

use crate::assistive::Heard;
use crate::browser::{Browser, DEADLINE, LONG, POLL};
use crate::glyphs;
use crate::servers::EchoServer;
use crate::setup;

/// How a state of the page is reached.
#[derive(Clone, Copy)]
enum Step {
    /// Presses what has this name.
    Press(fn(&Words) -> String),
    /// Writes this into the message field, as a whole.
    Write(&'static str),
    /// Drops the file of a log of so many rows on the page.
    DropLog(u64),
}

/// The states, each with a name for whoever reads why the test failed.
fn states() -> Vec<(&'static str, Vec<Step>)> {
    use Step::{DropLog, Press, Write};
    let open = |panel: fn(&Words) -> String, is_in_menu: bool| {
        let more: Option<Step> = is_in_menu.then_some(Press(|words| words.more_button.to_owned()));
        more.into_iter().chain([Press(panel)]).collect::<Vec<_>>()
    };
    let send = [Write("raisin"), Press(|words| words.message.send_button.to_owned())];
    let sheet = |section: fn(&Words) -> String| {
        vec![Press(|words| (words.open_panel_button)(Panel::Connection).to_owned()), Press(section)]
    };
    vec![
        ("the page", vec![]),
        ("an echo", send.to_vec()),
        ("the menu", vec![Press(|words| words.more_button.to_owned())]),
        ("more ways to send", vec![Press(|words| words.sending.open_button.to_owned())]),
        (
            "the rebuilds",
            open(|words| (words.open_panel_button)(Panel::Rebuilds).to_owned(), false),
        ),
        ("the lesson", open(|words| (words.open_panel_button)(Panel::Lesson).to_owned(), true)),
        ("about", open(|words| (words.open_panel_button)(Panel::About).to_owned(), true)),
        (
            "the connection",
            open(|words| (words.open_panel_button)(Panel::Connection).to_owned(), false),
        ),
        ("the transports", sheet(|words| words.connection.transport_title.to_owned())),
        ("reconnecting", sheet(|words| words.connection.reconnect_title.to_owned())),
        ("the limits", sheet(|words| words.connection.limits_title.to_owned())),
        ("a long log", vec![DropLog(MANY)]),
        (
            "what the log shows",
            vec![DropLog(FEW), Press(|words| (words.log.filter_button)(false).to_owned())],
        ),
        ("ways to save", vec![DropLog(FEW), Press(|words| words.log.save_button.to_owned())]),
        ("a row", vec![DropLog(FEW), Press(|words| last_row(words, FEW))]),
    ]
}

/// How many rows a log has of which all are read by a program that is not optimised, once in each language.
const MANY: u64 = 100_000;
const FEW: u64 = 1_000;

/// The name of the last row.
pub(crate) fn last_row(words: &Words, rows: u64) -> String {
    (words.log.row_name)(rows, rows)
}

/// The file of such a log; the browser makes the same by [`LOG_IN_THE_PAGE`].
fn log_file(rows: u64) -> PathBuf {
    let mut text =
        r#"{"format":"websocket-log","version":1,"started_ns":1764103740000000000}"#.to_owned();
    for number in 0..rows {
        text += &format!(
            "\n{{\"time_ns\":{number},\"direction\":\"received\",\"text\":\"message {number}\"}}"
        );
    }
    text.push('\n');
    // Its name is told; the folder is each test's own.
    let thread = std::thread::current().id();
    let folder = format!("websocket-echo-{}-{thread:?}", std::process::id());
    let folder = std::env::temp_dir().join(folder);
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("rows.jsonl");
    std::fs::write(&file, text).unwrap();
    file
}

pub(crate) const LOG_IN_THE_PAGE: &str = r#"
    const lines = ['{"format":"websocket-log","version":1,"started_ns":1764103740000000000}'];
    for (let number = 0; number < ROWS; number++) {
        lines.push(`{"time_ns":${number},"direction":"received","text":"message ${number}"}`);
    }
    const files = new DataTransfer();
    files.items.add(new File([lines.join("\n") + "\n"], "rows.jsonl"));
    const drop = { dataTransfer: files, bubbles: true, cancelable: true };
    document.getElementById("canvas").dispatchEvent(new DragEvent("drop", drop));
"#;

/// What is told of one thing: role, name, value, description and states, in words.
fn line(
    role: &str,
    name: &str,
    value: Option<&str>,
    description: &str,
    states: &BTreeSet<String>,
) -> String {
    let mut line = format!("{role} “{name}”");
    if let Some(value) = value {
        line += &format!(" = “{value}”");
    }
    if !description.is_empty() {
        line += &format!(" ({description})");
    }
    for state in states {
        line += &format!(" {state}");
    }
    line
}

/// The same page as egui_kittest sees it.
struct Twin {
    harness: Harness<'static, EchoPage>,
}

impl Twin {
    fn open(opening: Opening, size: [f32; 2]) -> Self {
        let harness = Harness::builder()
            .with_size(vec2(size[0], size[1]))
            .with_context_setup(glyphs::install)
            .build_eframe(|creation| EchoPage::new(&creation.egui_ctx, opening));
        let mut twin = Self { harness };
        twin.settle();
        twin
    }

    /// Draws until what is told is the same for some time; frames themselves are counted in the rebuilds.
    fn settle(&mut self) {
        let mut last = Vec::new();
        let mut still = 0;
        for _ in 0..40 {
            if still == 8 {
                return;
            }
            std::thread::sleep(POLL);
            self.harness.run_steps(2);
            let now: Vec<String> = self.told().iter().map(|line| without_figures(line)).collect();
            still = if now == last { still + 1 } else { 0 };
            last = now;
        }
    }

    fn take(&mut self, step: Step, words: &Words) {
        match step {
            Step::Press(name) => self.act(&name(words), Action::Click, None),
            Step::Write(text) => {
                let data = egui::accesskit::ActionData::Value(text.into());
                self.act(words.message.label, Action::SetValue, Some(data));
            }
            Step::DropLog(rows) => {
                let file = log_file(rows);
                self.harness.input_mut().dropped_files.push(Arc::new(Dropped(file.clone())));
                let name = last_row(words, rows);
                let start = Instant::now();
                while find(self.harness.root().accesskit_node(), &name, Action::Click).is_none() {
                    assert!(
                        start.elapsed() < DEADLINE,
                        "the file is not opened: {:#?}",
                        self.told()
                    );
                    std::thread::sleep(POLL);
                    self.harness.run_steps(2);
                }
                std::fs::remove_dir_all(file.parent().unwrap()).unwrap();
            }
        }
        self.settle();
    }

    fn act(&mut self, name: &str, action: Action, data: Option<egui::accesskit::ActionData>) {
        let found = find(self.harness.root().accesskit_node(), name, action);
        let Some(found) = found else { unreachable!("no {name}: {:#?}", self.told()) };
        let (target_node, target_tree) = found.locate();
        debug_assert_eq!(target_tree, TreeId::ROOT);
        let request = ActionRequest { action, target_tree, target_node, data };
        self.harness.event(egui::Event::AccessKitActionRequest(request));
    }

    fn told(&self) -> Vec<String> {
        let mut told = Vec::new();
        see(self.harness.root().accesskit_node(), Role::Window, &mut told);
        told
    }
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|why| why.to_string())
    }
}

/// What has this name, or one that begins so, and can do this.
fn find<'a>(node: AccessKitNode<'a>, name: &str, action: Action) -> Option<AccessKitNode<'a>> {
    let is_named = node.label().is_some_and(|label| is_of(&label, name));
    if is_named && node.data().supports_action(action) {
        return Some(node);
    }
    node.children().find_map(|child| find(child, name, action))
}

/// Rows say more behind their names.
fn is_of(label: &str, name: &str) -> bool {
    label == name || label.strip_prefix(name).is_some_and(|rest| rest.starts_with([':', '：']))
}

/// What a node of AccessKit's is, and what is in it.
fn see(node: AccessKitNode<'_>, inside: Role, told: &mut Vec<String>) {
    let data = node.data();
    let role = node.role();
    if node.is_hidden() || role == Role::TextRun {
        return;
    }
    let label = node.label().unwrap_or_default();
    let value = node.value().unwrap_or_default();
    let (word, name, value) = match role {
        Role::Label => ("text", if label.is_empty() { value } else { label }, None),
        Role::Heading => ("heading", label, None),
        // Of egui's own bars nobody is told where they stand.
        Role::ScrollBar if node.numeric_value().is_none() => ("group", label, None),
        Role::TextInput | Role::MultilineTextInput => ("textbox", label, Some(value)),
        Role::ScrollBar => ("scrollbar", label, node.numeric_value().map(number)),
        Role::Button if inside == Role::Menu => ("menuitem", label, None),
        Role::Button => ("button", label, None),
        // The words for its number are not in what Chromium's tools are told.
        Role::Slider => ("slider", label, node.numeric_value().map(number)),
        Role::Image => ("image", label, None),
        Role::ListBox => ("listbox", label, None),
        Role::ListBoxOption => ("option", label, None),
        Role::MenuItem => ("menuitem", label, None),
        Role::RadioButton => ("radio", label, None),
        Role::RadioGroup => ("radiogroup", label, None),
        Role::Switch => ("switch", label, None),
        Role::Group | Role::Window | Role::GenericContainer | Role::Pane | Role::Unknown => {
            ("group", label, None)
        }
        Role::Menu => ("menu", label, None),
        // Compared with what a browser calls it, which it is not.
        other => (&*format!("{other:?}"), label, None),
    };
    let says_nothing = name.is_empty() && (word == "text" || word == "group");
    if !says_nothing {
        let mut states = BTreeSet::new();
        let mut add = |is_so: bool, state: String| is_so.then(|| states.insert(state));
        if let Some(toggled) = node.toggled() {
            let state = match role {
                Role::Button => "pressed",
                Role::ListBoxOption => "selected",
                _ => "checked",
            };
            add(true, format!("{state}={}", toggled == Toggled::True));
        }
        if let Some(selected) = data.is_selected() {
            add(true, format!("selected={selected}"));
        }
        if let Some(expanded) = data.is_expanded() {
            add(true, format!("expanded={expanded}"));
        }
        if let Some(level) = data.level() {
            add(true, format!("level={}", level + 1));
        }
        if let Some(live) = data.live().filter(|live| *live != Live::Off) {
            add(true, if live == Live::Polite { "polite" } else { "assertive" }.to_owned());
        }
        add(node.is_disabled() && role != Role::Label, "disabled".to_owned());
        add(data.is_read_only() && word == "textbox", "readonly".to_owned());
        add(data.invalid() == Some(Invalid::True), "invalid".to_owned());
        // Chromium's tools tell of the list that has the keyboard, and screen readers of the row that it is at.
        add(node.is_focused_in_tree(), "focused".to_owned());
        add(role == Role::MultilineTextInput, "multiline".to_owned());
        // As every slider of a browser is.
        let is_horizontal = data.orientation() == Some(Orientation::Horizontal);
        add(is_horizontal || role == Role::Slider, "horizontal".to_owned());
        let description = data.description().unwrap_or_default();
        told.push(line(word, &name, value.as_deref(), description, &states));
    }
    for child in node.children() {
        see(child, role, told);
    }
}

/// The line with 0 for each number, and `0 s` for each time: how long it is decides its unit, too.
fn without_figures(line: &str) -> String {
    let mut short = String::new();
    for letter in line.chars() {
        match letter {
            '0'..='9' if short.ends_with('0') => {}
            '0'..='9' => short.push('0'),
            other => short.push(other),
        }
    }
    ["0.0 s", "0.0 ms", "0.0 µs", "0 ms", "0 µs"]
        .iter()
        .fold(short, |line, time| line.replace(time, "0 s"))
}

fn number(number: f64) -> String {
    format!("{number:.3}")
}

/// The same of what Chromium tells: without containers, and without the text that is a name already.
fn lines(heard: &[Heard]) -> Vec<String> {
    let named = [
        "button",
        "heading",
        "image",
        "menuitem",
        "option",
        "radio",
        "switch",
        "textbox",
        "scrollbar",
    ];
    let mut lines = Vec::new();
    for heard in heard {
        let role = heard.role.as_str();
        if matches!(role, "InlineTextBox" | "LineBreak") || named.contains(&heard.inside.as_str()) {
            continue;
        }
        if matches!(role, "generic" | "none") && heard.description.is_empty() {
            continue;
        }
        let (word, value) = match role {
            "StaticText" => ("text", None),
            "textbox" => (role, Some(heard.value.clone().unwrap_or_default())),
            "scrollbar" | "slider" => {
                let value = heard.value.as_ref().and_then(|value| value.parse().ok());
                (role, value.map(number))
            }
            other => (other, None),
        };
        let mut states = BTreeSet::new();
        for state in ["pressed", "checked", "expanded", "level"] {
            if let Some(value) = heard.state(state) {
                states.insert(format!("{state}={value}"));
            }
        }
        if let (Some(selected), "option") = (heard.state("selected"), role) {
            states.insert(format!("selected={selected}"));
        }
        for (state, is_so) in [
            ("disabled", "true"),
            ("readonly", "true"),
            ("focused", "true"),
            ("multiline", "true"),
            ("invalid", "true"),
        ] {
            if heard.state(state) == Some(is_so) && (state != "readonly" || role == "textbox") {
                states.insert(state.to_owned());
            }
        }
        if heard.state("orientation") == Some("horizontal") {
            states.insert("horizontal".to_owned());
        }
        if let Some(live) = heard.state("live") {
            states.insert(live.to_owned());
        }
        lines.push(line(word, &heard.name, value.as_deref(), &heard.description, &states));
    }
    lines
}

/// What egui_kittest sees after these steps.
fn seen(opening: Opening, size: [f32; 2], steps: &[Step]) -> Vec<String> {
    let words = words(opening.language);
    let mut twin = Twin::open(opening, size);
    for step in steps {
        twin.take(*step, words);
    }
    twin.told()
}

/// Takes the same step in the browser.
async fn take(browser: &Browser, step: Step, words: &Words) {
    match step {
        Step::Press(name) => {
            let name = name(words);
            let is_it =
                |heard: &Heard| is_of(&heard.name, &name) && heard.state("focusable").is_some();
            let heard = browser.until_heard(&name, |heard| heard.iter().any(is_it)).await;
            let found = heard.into_iter().find(is_it).unwrap();
            browser.run_on(&found, "this.click()", &[]).await;
        }
        Step::Write(text) => browser.set_value("textbox", words.message.label, text).await,
        Step::DropLog(rows) => {
            let script = LOG_IN_THE_PAGE.replace("ROWS", &rows.to_string());
            browser.evaluate(&script).await;
            let name = last_row(words, rows);
            let is_there = |heard: &[Heard]| heard.iter().any(|heard| is_of(&heard.name, &name));
            browser.until_heard(&name, is_there).await;
        }
    }
    browser.drawn().await;
}

async fn browser_tells_what_kittest_sees(language: Language, locale: &str) {
    let server = EchoServer::with_app(&setup::dist());
    let mut args = setup::chromium_args();
    args.push(format!("--accept-lang={locale}"));
    Browser::run_for(LONG, args, None, async move |browser| {
        // Each state begins as the first one did, but for what assistive technology has asked for.
        browser
            .before_each_page(
                "const asked = localStorage.getItem('egui_web_accessibility');
                 localStorage.clear();
                 if (asked) localStorage.setItem('egui_web_accessibility', asked);",
            )
            .await;
        let page = format!("{}?transport=in-page", server.page());
        browser.open(&page).await;
        browser.until(|told| told.state == "running").await;
        assert_eq!(browser.faults().await, [""; 0], "before anybody has asked for the mirror");
        browser.ask_for_the_mirror().await;
        let size = browser.evaluate("return [innerWidth, innerHeight]").await;
        #[expect(clippy::cast_possible_truncation, reason = "some pixels")]
        let size = [0, 1].map(|side| size[side].as_f64().unwrap() as f32);
        let words = words(language);
        let mut differences = Vec::new();
        for (name, steps) in states() {
            browser.open(&page).await;
            browser.until_heard("the page", |heard| heard.len() > 5).await;
            for step in &steps {
                take(&browser, *step, words).await;
            }
            let opening = Opening {
                platform: Platform::Browser,
                can_echo_in_page: true,
                has_endpoints: true,
                has_ewebsock: true,
                transport: Some(Transport::InPage),
                language,
                ..Opening::new(server.echo_url())
            };
            let mut seen = seen(opening, size, &steps);
            let start = Instant::now();
            let mut told = lines(&browser.heard().await);
            while told != seen && start.elapsed() < SETTLED {
                sleep(POLL).await;
                told = lines(&browser.heard().await);
                // The rebuilds count the frames, and each of the two draws its own.
                if name == "the rebuilds" {
                    for line in told.iter_mut().chain(&mut seen) {
                        *line = without_figures(line);
                    }
                }
            }
            if told != seen {
                let difference = difference(&seen, &told);
                let counts = format!("{} and {} things", seen.len(), told.len());
                differences.push(format!("{name} ({counts}):\n{difference}"));
                eprintln!("{}", differences.last().unwrap());
            }
            assert!(seen.len() > 8, "{name}: {seen:#?}");
            differences
                .extend(browser.faults().await.into_iter().map(|fault| format!("{name}: {fault}")));
        }
        assert!(differences.is_empty(), "{}", differences.join("\n"));
    })
    .await;
}

/// How long the page may take to tell what it shows.
const SETTLED: std::time::Duration = std::time::Duration::from_secs(5);

/// What only one of the two has.
fn difference(seen: &[String], told: &[String]) -> String {
    let mut rows = Vec::new();
    let (mut left, mut right) = (seen.iter().peekable(), told.iter().peekable());
    while left.peek().is_some() || right.peek().is_some() {
        match (left.peek(), right.peek()) {
            (Some(a), Some(b)) if a == b => {
                left.next();
                right.next();
            }
            (Some(a), b) if b.is_none() || !told.contains(a) => {
                rows.push(format!("    kittest {a}"));
                left.next();
            }
            (_, Some(b)) => {
                rows.push(format!("    browser {b}"));
                right.next();
            }
            (Some(_) | None, None) => break,
        }
    }
    rows.join("\n")
}

#[tokio::test]
async fn browser_tells_what_kittest_sees_in_english() {
    browser_tells_what_kittest_sees(Language::English, "en-US").await;
}

#[tokio::test]
async fn browser_tells_what_kittest_sees_in_chinese() {
    browser_tells_what_kittest_sees(Language::Chinese, "zh-CN").await;
}
