//! The page and its echo from one port, by `echo-server --app`, with nothing between it and the
//! browser.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::browser::{Browser, ENTER};
use crate::echo::REFUSED;
use crate::offline::copy_folder;
use crate::servers::EchoServer;
use crate::setup;
use crate::site::{Backend, Site};

#[tokio::test]
async fn the_page_and_its_echo_come_from_one_port() {
    let server = EchoServer::with_app(&setup::dist());
    Browser::run(None, async move |browser| {
        browser.open(&server.page()).await;
        browser.until_said("Open").await;
        browser.press("raisin").await;
        browser.press(ENTER).await;
        browser.until_said("echo: raisin\nOpen").await;

        let requests = browser.requests().await;
        let echo = format!("ws://{}/echo", server.address);
        assert!(requests.contains(&echo), "{requests:?}");
        for url in requests {
            let ours = [server.page(), echo.clone(), "data:".to_owned(), "blob:".to_owned()];
            assert!(ours.iter().any(|ours| url.starts_with(ours)), "it asked for {url}");
        }
    })
    .await;
}

/// Chromium asks for brotli over HTTPS, and on this machine in the clear too.
#[tokio::test]
async fn what_has_a_twin_by_brotli_comes_as_that() {
    let server = EchoServer::with_app(&setup::dist());
    Browser::run(None, async move |browser| {
        browser.open(&server.page()).await;
        browser.until_said("Open").await;
        let sizes = "return performance.getEntries()
                         .filter((entry) => 'encodedBodySize' in entry)
                         .map((entry) => [new URL(entry.name).pathname,
                                          entry.encodedBodySize, entry.decodedBodySize])";
        let loaded = browser.evaluate(sizes).await;
        let mut with_twins = Vec::new();
        for file in loaded.as_array().unwrap() {
            let path = file[0].as_str().unwrap();
            let name = if path == "/" { "index.html" } else { path.trim_start_matches('/') };
            let size = |name: &str| Some(fs::metadata(setup::dist().join(name)).ok()?.len());
            let Some(raw) = size(name) else { continue };
            let twin = size(&format!("{name}.br"));
            let expected = [Value::from(twin.unwrap_or(raw)), Value::from(raw)];
            assert_eq!([&file[1], &file[2]], [&expected[0], &expected[1]], "{loaded}");
            if twin.is_some() {
                with_twins.push(PathBuf::from(name));
            }
        }
        // The page, its program in two parts, and how they look and start.
        for end in ["css", "html", "js", "wasm"] {
            let has_end = |name: &PathBuf| name.extension().is_some_and(|other| other == end);
            assert!(with_twins.iter().any(has_end), "no {end} came by brotli: {loaded}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_server_that_goes_takes_nothing_with_it_that_the_page_needs() {
    let server = EchoServer::with_app(&setup::dist());
    let (address, page) = (server.address, server.page());
    // While nobody is there.
    Browser::run(Some(REFUSED), async move |browser| {
        browser.open(&page).await;
        browser.until_said("Open").await;
        server.terminate();
        // An orderly end is told, and is no trouble of the network's.
        browser.until_said("Closed by the server: 1001 ").await;
        browser.evaluate("window.raisin = 3678").await;

        // What is sent meanwhile waits, and goes out when the server is back: nothing is loaded again.
        browser.press("raisin").await;
        browser.press(ENTER).await;
        browser.until_said("is the server running there?").await;
        let _server = EchoServer::with_app_at(address, &setup::dist());
        browser.until_said("echo: raisin\nOpen").await;
        browser.press("grape").await;
        browser.press(ENTER).await;
        browser.until_said("echo: grape\nOpen").await;
        assert_eq!(browser.evaluate("return window.raisin").await, 3678);
    })
    .await;
}

/// Every address in it is relative, and nothing in it is a script of the page's own, which the server's
/// policy forbids.
#[tokio::test]
async fn it_works_in_any_folder_under_a_strict_policy() {
    let root = std::env::temp_dir().join(format!("websocket-echo-folder-{}", std::process::id()));
    let folder = root.join("some/app");
    copy_folder(&setup::dist(), &folder);
    fs::write(root.join("index.html"), "<!doctype html><title>Elsewhere</title>").unwrap();
    let server = EchoServer::with_app(&root);
    Browser::run(None, async move |browser| {
        let page = format!("{}some/app/", server.page());
        browser.open(&page).await;
        browser.until_said("Open").await;
        browser.press("raisin").await;
        browser.press(ENTER).await;
        browser.until_said("echo: raisin\nOpen").await;
        let policy = "const done = arguments[0];
                      fetch('.').then(({ headers }) => done(headers.get('content-security-policy')));";
        let policy = browser.evaluate_later(policy).await;
        let policy = policy.as_str().unwrap_or_default();
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"), "{policy}");
        for url in browser.requests().await {
            let echo = server.echo_url();
            let ours = [page.as_str(), &echo, "data:", "blob:"];
            assert!(ours.iter().any(|ours| url.starts_with(ours)), "it asked for {url}");
        }
    })
    .await;
    fs::remove_dir_all(root).unwrap();
}

/// Where the style sheet is missing too: what is hidden is hidden by the page itself.
#[tokio::test]
async fn notices_that_do_not_fit_are_hidden_without_a_style_sheet() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    site.lose(".css");
    Browser::run(Some("404"), async move |browser| {
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        let position = "return getComputedStyle(document.getElementById('failed')).position;";
        assert_eq!(browser.evaluate(position).await, "static", "there is a style sheet");
        let shown = "return [...document.querySelectorAll('.notice')]
                         .filter((notice) => notice.checkVisibility()).length;";
        assert_eq!(browser.evaluate(shown).await, 0);
    })
    .await;
}
