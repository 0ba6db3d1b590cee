//! The menu of a text, by real fingers: what it cuts, copies and pastes, on a secure page and on another.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use websocket_echo::i18n::{ClipboardProblem, Language, words};

use crate::browser::{Browser, DEADLINE, ENTER, POLL};
use crate::servers::EchoServer;
use crate::setup;
use crate::site::{Backend, Site};

const FIELD: &str = "Send a message";

/// Longer than egui takes to tell a press that stays from a tap.
const LONG_PRESS: Duration = Duration::from_millis(1200);

/// Touches what has this role and name, for so long.
async fn touch(browser: &Browser, role: &str, name: &str, time: Duration) {
    let found = browser.find(role, name).await;
    let middle = "const { x, y, width, height } = this.getBoundingClientRect();
         return [x + width / 2, y + height / 2];";
    let middle = browser.run_on(&found, middle, &[]).await;
    touch_at(browser, &middle, time).await;
}

async fn touch_at(browser: &Browser, place: &Value, time: Duration) {
    let points = json!([{ "x": place[0], "y": place[1] }]);
    touch_event(browser, "touchStart", points).await;
    sleep(time).await;
    touch_event(browser, "touchEnd", json!([])).await;
    browser.drawn().await;
}

async fn touch_event(browser: &Browser, kind: &str, points: Value) {
    let event = json!({ "type": kind, "touchPoints": points });
    browser.session.devtools("Input.dispatchTouchEvent", event).await;
}

async fn tap(browser: &Browser, name: &str) {
    touch(browser, "menuitem", name, Duration::ZERO).await;
}

async fn long_press(browser: &Browser, role: &str, name: &str) {
    touch(browser, role, name, LONG_PRESS).await;
}

/// Presses Ctrl and this key, which the browser takes for this command of its own.
async fn press_ctrl(browser: &Browser, key: char, command: &str) {
    for kind in ["keyDown", "keyUp"] {
        let key = json!({
            "type": kind,
            "key": key,
            "code": format!("Key{}", key.to_ascii_uppercase()),
            "modifiers": 2,
            "windowsVirtualKeyCode": u32::from(key.to_ascii_uppercase()),
            "commands": if kind == "keyDown" { json!([command]) } else { json!([]) },
        });
        browser.session.devtools("Input.dispatchKeyEvent", key).await;
    }
    browser.drawn().await;
}

async fn until_field(browser: &Browser, text: &str) {
    browser.until_state("textbox", FIELD, "value", text).await;
}

/// The page, open and mirrored, with this text in the field.
async fn open_with(browser: &Browser, url: &str, text: &str) {
    browser
        .session
        .devtools("Emulation.setTouchEmulationEnabled", json!({ "enabled": true }))
        .await;
    browser.open(url).await;
    browser.until_said("Open").await;
    // It finds things here, and does nothing: what assistive technology does has its own way with fields.
    browser.ask_for_the_mirror().await;
    browser.press(text).await;
    until_field(browser, text).await;
}

async fn until_copied(browser: &Browser, text: &str) {
    let copied = "navigator.clipboard.readText().then(arguments[0], arguments[0]);";
    let start = Instant::now();
    while browser.evaluate_later(copied).await != text {
        assert!(start.elapsed() < DEADLINE, "it is not copied");
        sleep(POLL).await;
    }
}

#[tokio::test]
async fn a_long_press_copies_and_pastes() {
    let words = words(Language::English);
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    Browser::run(None, async move |browser| {
        let origin = site.url();
        let granted =
            json!({ "origin": origin.trim_end_matches('/'), "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
        browser.session.devtools("Browser.grantPermissions", granted).await;
        open_with(&browser, &origin, "raisin").await;

        long_press(&browser, "textbox", FIELD).await;
        tap(&browser, words.text_menu.select_all).await;
        long_press(&browser, "textbox", FIELD).await;
        tap(&browser, words.text_menu.copy).await;
        until_copied(&browser, "raisin").await;

        let copy = "navigator.clipboard.writeText('grape').then(arguments[0], arguments[0]);";
        browser.evaluate_later(copy).await;
        long_press(&browser, "textbox", FIELD).await;
        tap(&browser, words.text_menu.paste).await;
        // In the place of what was selected.
        until_field(&browser, "grape").await;
        browser.press(ENTER).await;
        browser.until_told("echo: grape").await;

        // A finger that stays selects a word of the echo, here the last one.
        let end = "const is_it = (it) => !it.firstElementChild && it.textContent === 'echo: grape';
             const it = [...document.querySelectorAll('*')].find(is_it);
             const { right, bottom, height } = it.getBoundingClientRect();
             return [right - 8, bottom - height / 2];";
        let end = browser.evaluate(end).await;
        touch_at(&browser, &end, LONG_PRESS).await;
        tap(&browser, words.text_menu.copy).await;
        until_copied(&browser, "grape").await;
        assert_eq!(browser.faults().await, Vec::<String>::new());
    })
    .await;
}

/// There browsers have no clipboard for pages, and eframe loses what is copied and cut.
#[tokio::test]
async fn off_a_secure_context_nothing_that_is_cut_is_lost() {
    const HOST: &str = "echo.test";

    let words = words(Language::English);
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    let mut args = setup::chromium_args();
    args.push(format!("--host-resolver-rules=MAP {HOST} 127.0.0.1"));
    Browser::run_with(args, None, async move |browser| {
        let url = site.url().replace("127.0.0.1", HOST);
        open_with(&browser, &url, "raisin").await;
        assert_eq!(browser.evaluate("return isSecureContext").await, false);

        // By keys.
        press_ctrl(&browser, 'a', "selectAll").await;
        press_ctrl(&browser, 'x', "cut").await;
        until_field(&browser, "").await;
        press_ctrl(&browser, 'v', "paste").await;
        until_field(&browser, "raisin").await;

        // By the menu, which can't paste here and says so.
        long_press(&browser, "textbox", FIELD).await;
        tap(&browser, words.text_menu.select_all).await;
        long_press(&browser, "textbox", FIELD).await;
        tap(&browser, words.text_menu.cut).await;
        until_field(&browser, "").await;
        long_press(&browser, "textbox", FIELD).await;
        tap(&browser, words.text_menu.paste).await;
        browser.until_told((words.text_menu.problem)(ClipboardProblem::NotSecure)).await;
        press_ctrl(&browser, 'v', "paste").await;
        until_field(&browser, "raisin").await;
    })
    .await;
}
