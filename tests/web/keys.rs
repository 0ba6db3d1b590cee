//! The keyboard is one: Tab comes to the canvas and leaves it, and the browser's own keys are left to it.

use serde_json::Value;
use websocket_echo::i18n::{Language, words};

use crate::actions::{downloaded, downloads_to};
use crate::assistive::Heard;
use crate::browser::{Browser, ENTER, SHIFT, TAB};
use crate::echo::REFUSED;
use crate::servers::EchoServer;
use crate::site::{Backend, Site};

/// More often than there are controls on the page at first.
const MOST_TABS: usize = 20;

#[tokio::test]
async fn tab_leaves_the_canvas_and_comes_back_in() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    Browser::run(None, async move |browser| {
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        // As if the page stood in another one, with something before it and something behind it.
        browser
            .evaluate(
                "for (const [id, place] of [['before', 'afterbegin'], ['after', 'beforeend']]) {
                     const button = document.createElement('button');
                     button.id = id;
                     document.body.insertAdjacentElement(place, button);
                 }",
            )
            .await;
        for is_mirrored in [false, true] {
            if is_mirrored {
                browser.ask_for_the_mirror().await;
            }
            tab_until(&browser, "", "after").await;
            browser.press_with(SHIFT, TAB).await;
            if is_mirrored {
                browser.until_state("button", "Send message", "focused", "true").await;
            }
            tab_until(&browser, SHIFT, "before").await;
            browser.press(TAB).await;
            if is_mirrored {
                browser.until_state("button", "Show the log", "focused", "true").await;
            }
        }
    })
    .await;
}

async fn tab_until(browser: &Browser, held: &str, id: &str) {
    let mut focused = Value::Null;
    for _ in 0..MOST_TABS {
        browser.press_with(held, TAB).await;
        focused = browser.evaluate("return document.activeElement.id").await;
        if focused == id {
            return;
        }
    }
    unreachable!("Tab never reaches {id}, and is at {focused}");
}

#[tokio::test]
async fn keys_that_the_page_has_no_use_for_are_the_browsers() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    Browser::run(None, async move |browser| {
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        for (event, is_the_browsers) in [
            ("KeyboardEvent('keydown', { key: 'p', keyCode: 80, code: 'KeyP', ctrlKey: true", true),
            ("KeyboardEvent('keydown', { key: 's', keyCode: 83, code: 'KeyS', ctrlKey: true", true),
            ("KeyboardEvent('keydown', { key: 'o', keyCode: 79, code: 'KeyO', metaKey: true", true),
            ("KeyboardEvent('keydown', { key: '+', keyCode: 187, code: 'Equal', ctrlKey: true", true),
            ("KeyboardEvent('keydown', { key: 'ArrowLeft', keyCode: 37, code: 'ArrowLeft', altKey: true", true),
            ("WheelEvent('wheel', { deltaY: 100, ctrlKey: true", true),
            // Of these the page does something itself.
            ("KeyboardEvent('keydown', { key: ',', keyCode: 188, code: 'Comma', ctrlKey: true", false),
            ("KeyboardEvent('keydown', { key: 'ArrowLeft', keyCode: 37, code: 'ArrowLeft'", false),
            ("WheelEvent('wheel', { deltaY: 100", false),
        ] {
            let script = format!(
                "const event = new {event}, bubbles: true, cancelable: true }});
                 const target = event.type === 'wheel' ? 'canvas' : ':focus';
                 return document.querySelector(target).dispatchEvent(event);"
            );
            assert_eq!(browser.evaluate(&script).await, is_the_browsers, "{event}");
        }
    })
    .await;
}

const F9: &str = "\u{e039}";
const ESCAPE: &str = "\u{e00c}";
const ARROW_UP: &str = "\u{e013}";

/// Everything by keyboard alone. The mirror is on to tell what has the keyboard, and is not acted on.
#[tokio::test]
async fn what_the_page_is_for_is_done_by_keyboard_alone() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    let folder = std::env::temp_dir().join(format!("websocket-echo-{}-keys", std::process::id()));
    let downloads = folder.clone();
    Browser::run(Some(REFUSED), async move |browser| {
        downloads_to(&browser, &downloads).await;
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        browser.ask_for_the_mirror().await;
        tab_to(&browser, "Send a message").await;
        browser.press("raisin").await;
        browser.press(ENTER).await;
        browser.until_told("echo: raisin").await;

        // The log: searched, a row opened and closed, saved.
        browser.press(F9).await;
        tab_to(&browser, "Search").await;
        browser.press("raisin").await;
        browser.press(ENTER).await;
        browser.until_told_of(" of 2").await;
        // The list is one stop; the row that was found is its current one.
        tab_to(&browser, "Messages and events").await;
        browser.press(ARROW_UP).await;
        browser.press(ENTER).await;
        browser.find("button", "Close the row").await;
        browser.press(ESCAPE).await;
        tab_to(&browser, "Save the log").await;
        browser.press(ENTER).await;
        tab_to(&browser, "All as JSON Lines, lossless").await;
        browser.press(ENTER).await;
        let saved = downloaded(&downloads, "jsonl").await;
        assert_eq!(saved.matches(r#""text":"raisin""#).count(), 2, "{saved}");
        browser.press(F9).await;

        // The connection: its sheet, a switch, a choice, and what waits for it.
        tab_to(&browser, "Connection").await;
        browser.press(ENTER).await;
        let words = &words(Language::English).connection;
        tab_to(&browser, words.reconnect_title).await;
        browser.press(" ").await;
        tab_to(&browser, words.reconnects_switch).await;
        browser.press(" ").await;
        browser.until_state("switch", words.reconnects_switch, "checked", "false").await;
        browser.press(" ").await;
        browser.until_state("switch", words.reconnects_switch, "checked", "true").await;
        browser.press(ESCAPE).await;
        site.set_backend(Backend::Missing);
        server.kill();
        browser.until_told("Network unreachable…").await;
        tab_to(&browser, "Send a message").await;
        browser.press("grape").await;
        browser.press(ENTER).await;
        tab_to(&browser, "Connection").await;
        browser.press(ENTER).await;
        browser.until_told("1 message waits to be sent").await;
        tab_to(&browser, "Take back").await;
        browser.press(ENTER).await;
        let waits = |heard: &[Heard]| heard.iter().any(|heard| heard.name.contains(" waits to be"));
        browser.until_heard("nothing waits", |heard| !waits(heard)).await;
    })
    .await;
    std::fs::remove_dir_all(folder).unwrap();
}

/// Presses Tab until what is called so has the keyboard.
async fn tab_to(browser: &Browser, name: &str) {
    let mut seen = Vec::new();
    for _ in 0..60 {
        let focused = browser.focused().await;
        if focused.as_ref().is_some_and(|heard| heard.name == name) {
            return;
        }
        seen.push(focused.map(|heard| heard.name));
        browser.press(TAB).await;
    }
    unreachable!("Tab never reaches {name}: {seen:?}");
}
