//! The keyboard is one: Tab comes to the canvas and leaves it, and the browser's own keys are left to it.

use serde_json::Value;

use crate::browser::{Browser, SHIFT, TAB};
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
            ("KeyboardEvent('keydown', { key: 'p', code: 'KeyP', ctrlKey: true", true),
            ("KeyboardEvent('keydown', { key: 's', code: 'KeyS', ctrlKey: true", true),
            ("KeyboardEvent('keydown', { key: 'o', code: 'KeyO', metaKey: true", true),
            ("KeyboardEvent('keydown', { key: '+', code: 'Equal', ctrlKey: true", true),
            ("KeyboardEvent('keydown', { key: 'ArrowLeft', code: 'ArrowLeft', altKey: true", true),
            ("WheelEvent('wheel', { deltaY: 100, ctrlKey: true", true),
            // Of these the page does something itself.
            ("KeyboardEvent('keydown', { key: ',', code: 'Comma', ctrlKey: true", false),
            ("KeyboardEvent('keydown', { key: 'ArrowLeft', code: 'ArrowLeft'", false),
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
