//! What a person finds again: after a reload, by the browser's buttons for back and forward, and after the browser
//! has put the page away or taken its graphics.

use serde_json::json;

use crate::browser::{Browser, ENTER};
use crate::servers::{EchoServer, Scripted};
use crate::site::{Backend, Site};

/// As WebDriver names it: the log.
const F9: &str = "\u{e039}";

async fn address(browser: &Browser) -> String {
    browser.evaluate("return location.search").await.as_str().unwrap_or_default().to_owned()
}

async fn until_address(browser: &Browser, parts: &str) {
    browser.until_true(&format!("return location.search === '{parts}';")).await;
}

#[tokio::test]
async fn what_is_open_stands_in_the_address_and_comes_back() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    Browser::run(None, async move |browser| {
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        assert_eq!(address(&browser).await, "", "nothing is open yet");
        browser.press(F9).await;
        until_address(&browser, "?panel=log").await;
        browser.session.post("refresh", json!({})).await;
        browser.until_said("Open").await;
        until_address(&browser, "?panel=log").await;
        // Without a word in the address too.
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        until_address(&browser, "?panel=log").await;
    })
    .await;
}

#[tokio::test]
async fn back_and_forward_close_and_open_panels() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    Browser::run(None, async move |browser| {
        browser.open("about:blank").await;
        browser.open(&format!("{}?kept=raisin", site.url())).await;
        browser.until_said("Open").await;
        browser.press(F9).await;
        until_address(&browser, "?kept=raisin&panel=log").await;
        browser.session.post("back", json!({})).await;
        until_address(&browser, "?kept=raisin").await;
        // It is closed, and not only said to be: the same key opens it again.
        browser.until_said("Open").await;
        browser.press(F9).await;
        until_address(&browser, "?kept=raisin&panel=log").await;
        // Who closes a panel has gone back, so that the button for it leads to where they came from.
        browser.press(F9).await;
        until_address(&browser, "?kept=raisin").await;
        browser.session.post("forward", json!({})).await;
        until_address(&browser, "?kept=raisin&panel=log").await;
        browser.session.post("back", json!({})).await;
        until_address(&browser, "?kept=raisin").await;
        assert_eq!(browser.told().await.state, "running");
        browser.session.post("back", json!({})).await;
        browser.until_true("return location.href === 'about:blank';").await;
    })
    .await;
}

#[tokio::test]
async fn the_theme_and_the_language_are_there_before_the_program() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    Browser::run(None, async move |browser| {
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        let before = browser.evaluate("return document.documentElement.dataset.theme").await;
        // Through the browser's own storage, as another visit has left it.
        let other = if before == "dark" { "light" } else { "dark" };
        browser
            .evaluate(&format!(
                "dispatchEvent(new PageTransitionEvent('pagehide'));
                 const kept = JSON.parse(localStorage.getItem('websocket-echo'));
                 kept.theme = '{other}';
                 kept.language = 'zh';
                 window.kept = JSON.stringify(kept);"
            ))
            .await;
        let kept = browser.evaluate("return window.kept").await;
        // What the page itself keeps as it goes comes before this.
        browser.open("about:blank").await;
        browser
            .before_each_page(&format!(
                "if (location.protocol === 'http:') {{
                     localStorage.setItem('websocket-echo', {kept});
                     addEventListener('DOMContentLoaded', () => {{
                         const page = document.documentElement;
                         window.early = [page.dataset.theme, page.lang, page.dataset.state].join();
                     }});
                 }}"
            ))
            .await;
        browser.open(&site.url()).await;
        browser.until_said("已连接").await;
        let early = browser.evaluate("return window.early").await;
        assert_eq!(early, format!("{other},zh-CN,loading"));
        let colour = if other == "dark" { "#141218" } else { "#fef7ff" };
        browser
            .until_true(&format!(
                "return [...document.querySelectorAll('meta[name=theme-color]')]
                     .every((colour) => colour.content === '{colour}');"
            ))
            .await;
        let about = "return document.querySelector('meta[name=description]').content;";
        let about = browser.evaluate(about).await;
        assert!(about.as_str().is_some_and(|about| about.contains("输入")), "{about}");
    })
    .await;
}

/// A browser keeps a page that is left with all it has, but for sockets.
#[tokio::test]
async fn a_page_that_was_put_away_keeps_its_draft_and_connects_again() {
    let server = Scripted::start().await;
    let site = Site::start(Backend::Missing).await;
    Browser::run(None, async move |browser| {
        browser.open(&site.url_with(&server.url())).await;
        let connection = server.accept().await;
        browser.until_said("Open").await;
        browser.press("raisin").await;
        browser.evaluate("window.raisin = 3678").await;
        let event = |name: &str| {
            format!("dispatchEvent(new PageTransitionEvent('{name}', {{ persisted: true }}));")
        };
        browser.evaluate(&event("pagehide")).await;
        browser.until(|told| !told.status.ends_with("\nOpen")).await;
        drop(connection);
        browser.evaluate(&event("pageshow")).await;
        let mut connection = server.accept().await;
        browser.until_said("Open").await;
        // Nothing was loaded anew, and what was typed is still there.
        assert_eq!(browser.evaluate("return window.raisin").await, 3678);
        browser.press(ENTER).await;
        let message = futures_util::StreamExt::next(&mut connection).await.unwrap().unwrap();
        assert_eq!(message.into_text().unwrap().as_str(), "raisin");
    })
    .await;
}

/// As if the browser took them away. `window.lose` gives them back.
async fn lose_graphics(browser: &Browser) {
    browser
        .evaluate(
            "const gl = document.getElementById('canvas').getContext('webgl2');
             window.lose = gl.getExtension('WEBGL_lose_context');
             window.lose.loseContext();",
        )
        .await;
    browser.until(|told| told.state == "lost").await;
}

#[tokio::test]
async fn graphics_that_are_lost_are_told_and_come_back() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    Browser::run(None, async move |browser| {
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        browser.press("raisin").await;
        lose_graphics(&browser).await;
        let shown = "const shown = document.getElementById('lost');
                     return shown.checkVisibility() && shown.innerText";
        let text = browser.evaluate(shown).await;
        assert!(text.as_str().is_some_and(|text| text.contains("graphics")), "{text}");
        // What nobody sees is not sent.
        browser.press("grape").await;
        browser.press(ENTER).await;
        browser.evaluate("window.lose.restoreContext()").await;
        browser.until(|told| told.state == "running").await;
        // With all that it had, over the same connection.
        browser.press(ENTER).await;
        browser.until_said("echo: raisin\nOpen").await;
    })
    .await;
}

#[tokio::test]
async fn what_was_typed_outlives_a_reload_without_graphics() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    Browser::run(None, async move |browser| {
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        browser.press("raisin").await;
        browser.evaluate("window.is_old = true").await;
        lose_graphics(&browser).await;
        browser.evaluate("document.querySelector('#lost .reload').click()").await;
        browser.until_true("return !window.is_old").await;
        browser.until_said("Open").await;
        // The keyboard is at the end of it.
        browser.press("s").await;
        browser.press(ENTER).await;
        browser.until_said("echo: raisins").await;
        // Kept for that alone.
        assert_eq!(browser.evaluate("return sessionStorage.length").await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_was_typed_outlives_a_reload() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    Browser::run(None, async move |browser| {
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        browser.press("raisin").await;
        browser.session.post("refresh", json!({})).await;
        browser.until_said("Open").await;
        // The keyboard is at the end of it.
        browser.press("s").await;
        browser.press(ENTER).await;
        browser.until_said("echo: raisins").await;
        // What was sent stands in the field as well, and whoever goes on typing means something else.
        browser.session.post("refresh", json!({})).await;
        browser.until(|told| told.status.ends_with("Open") && !told.status.contains("echo")).await;
        browser.press("grape").await;
        browser.press(ENTER).await;
        browser.until_said("echo: grape").await;
    })
    .await;
}

#[tokio::test]
async fn a_graphics_process_that_crashes_takes_nothing_with_it() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    Browser::run(None, async move |browser| {
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        browser
            .evaluate(
                "window.states = [];
                 new MutationObserver(() => window.states.push(document.documentElement.dataset.state))
                     .observe(document.documentElement, { attributeFilter: ['data-state'] });
                 document.getElementById('canvas').addEventListener('webglcontextlost',
                     () => window.states.push('event'));",
            )
            .await;
        browser.session.devtools("Browser.crashGpuProcess", json!({})).await;
        browser.until_true("return window.states.includes('lost');").await;
        // Back by itself, or a button for it.
        browser
            .until_true(
                "const { state } = document.documentElement.dataset;
                 return state === 'running'
                     || document.querySelector('#' + state + ' .reload')?.checkVisibility();",
            )
            .await;
    })
    .await;
}
