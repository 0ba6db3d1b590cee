//! The page without a network, and the page of which there is a newer one: it is installed, kept and renewed.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::browser::{Browser, ENTER};
use crate::servers::EchoServer;
use crate::setup;

/// A copy of the built page, which a test may change.
struct Copy(PathBuf);

impl Copy {
    fn of_the_page(name: &str) -> Self {
        let copy =
            std::env::temp_dir().join(format!("websocket-echo-{name}-{}", std::process::id()));
        copy_folder(&setup::dist(), &copy);
        Self(copy)
    }

    /// The same page as another build.
    fn rebuild(&self, build: &str) {
        let page = self.read("index.html");
        let (_, rest) = page.split_once("service-worker.js ").unwrap();
        let old = rest.split(['"', ' ']).next().unwrap().to_owned();
        for name in ["index.html", "service-worker.js"] {
            let text = self.read(name);
            assert!(text.contains(&old), "{name} is of no build");
            fs::write(self.0.join(name), text.replace(&old, build)).unwrap();
            // What is older than its file is not served, and this one would be of the same second.
            for twin in ["br", "gz"] {
                let _ = fs::remove_file(self.0.join(format!("{name}.{twin}")));
            }
        }
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Copies a folder with all that is in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let copy = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &copy);
        } else {
            fs::copy(entry.path(), copy).unwrap();
        }
    }
}

/// Waits until the browser has kept the page.
async fn until_kept(browser: &Browser) {
    browser.until_true("return navigator.serviceWorker.controller?.state === 'activated';").await;
}

async fn caches(browser: &Browser) -> Vec<String> {
    let names = browser.evaluate_later("caches.keys().then(arguments[0]);").await;
    names.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn without_a_network_the_page_opens_and_echoes_by_itself() {
    let server = EchoServer::with_app(&setup::dist());
    let page = server.page();
    // Nobody answers the socket, nor the page.
    Browser::run(Some("ERR_"), async move |browser| {
        browser.open(&page).await;
        browser.until_said("Open").await;
        until_kept(&browser).await;
        server.kill();
        browser.open(&format!("{page}?kept=raisin")).await;
        browser.until(|told| told.state == "running").await;
        browser.press("raisin").await;
        browser.press(ENTER).await;
        browser.until_said("echo: raisin").await;
    })
    .await;
}

#[tokio::test]
async fn a_newer_version_is_told_and_loaded_when_asked_for() {
    let copy = Copy::of_the_page("newer");
    let server = EchoServer::with_app(&copy.0);
    let page = server.page();
    Browser::run(None, async move |browser| {
        browser.open(&page).await;
        browser.until_said("Open").await;
        until_kept(&browser).await;
        let first = caches(&browser).await;
        assert_eq!(first.len(), 1, "{first:?}");

        copy.rebuild("raisin");
        let look = "navigator.serviceWorker.getRegistration()
                        .then((registration) => registration.update()).then(() => arguments[0]());";
        browser.evaluate_later(look).await;
        let shown = "return document.getElementById('newer').checkVisibility();";
        browser.until_true(shown).await;
        let text = browser.evaluate("return document.getElementById('newer').innerText").await;
        assert!(
            text.as_str().is_some_and(|text| text.contains("A new version is there.")),
            "{text}"
        );
        // It covers nothing: the page begins where it ends.
        browser
            .until_true(
                "const bar = document.getElementById('newer').getBoundingClientRect();
                 const canvas = document.getElementById('canvas').getBoundingClientRect();
                 return canvas.top >= bar.bottom && canvas.bottom === innerHeight;",
            )
            .await;

        browser.evaluate("document.getElementById('load-newer').focus()").await;
        browser.press(ENTER).await;
        let build = "return document.querySelector('meta[name=offline]')?.content.split(' ')[1];";
        browser.until_true(&format!("{} === 'raisin';", build.trim_end_matches(';'))).await;
        browser.until_said("Open").await;
        until_kept(&browser).await;
        let second = caches(&browser).await;
        assert_eq!(second.len(), 1, "{second:?}");
        assert!(second[0].ends_with(" raisin") && second != first, "{second:?}");
        assert_eq!(browser.evaluate(shown).await, false);
    })
    .await;
}

/// A page that is opened anew comes from the network: nobody is told of what is before their eyes.
#[tokio::test]
async fn a_newer_version_that_is_opened_is_not_told() {
    let copy = Copy::of_the_page("opened");
    let server = EchoServer::with_app(&copy.0);
    let page = server.page();
    Browser::run(None, async move |browser| {
        browser.open(&page).await;
        browser.until_said("Open").await;
        until_kept(&browser).await;
        copy.rebuild("grape");
        browser.open(&page).await;
        browser.until_said("Open").await;
        let kept = "caches.keys().then((names) => arguments[0](names.join()));";
        loop {
            let names = browser.evaluate_later(kept).await;
            if names.as_str().is_some_and(|names| names.ends_with(" grape") && !names.contains(','))
            {
                break;
            }
        }
        let shown = "return document.getElementById('newer').checkVisibility();";
        assert_eq!(browser.evaluate(shown).await, false);
    })
    .await;
}

#[tokio::test]
async fn it_can_be_installed_in_both_languages() {
    for (language, name) in [("en-US", "WebSocket echo"), ("zh-CN", "WebSocket 内容回显")] {
        let server = EchoServer::with_app(&setup::dist());
        let page = server.page();
        let mut args = setup::chromium_args();
        args.push(format!("--accept-lang={language}"));
        Browser::run_with(args, None, async move |browser| {
            browser.open(&page).await;
            browser.until(|told| told.state == "running").await;
            let told = browser.session.devtools("Page.getAppManifest", serde_json::json!({})).await;
            assert_eq!(told["errors"], Value::Array(Vec::new()), "{told}");
            let manifest: Value = serde_json::from_str(told["data"].as_str().unwrap()).unwrap();
            assert_eq!(manifest["name"], name);
            let icons = manifest["icons"].as_array().unwrap();
            assert!(icons.iter().any(|icon| icon["purpose"] == "maskable"), "{manifest}");
            for icon in icons {
                let file = setup::dist().join(icon["src"].as_str().unwrap());
                assert!(file.is_file(), "{}", file.display());
            }
            let why_not = "Page.getInstallabilityErrors";
            let why_not = browser.session.devtools(why_not, serde_json::json!({})).await;
            let errors = why_not["installabilityErrors"].as_array().unwrap().iter();
            // Each test's browser forgets everything, and installs nothing for that alone.
            let others: Vec<_> =
                errors.filter(|error| error["errorId"] != "in-incognito").collect();
            assert!(others.is_empty(), "{others:#?}");
        })
        .await;
    }
}
