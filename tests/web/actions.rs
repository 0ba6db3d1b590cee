//! Everything that the page is for, done by assistive technology alone: no key, no pointer.

use std::path::Path;

use app_core::settings::{Platform, Transport};
use futures_util::StreamExt as _;
use serde_json::json;
use tokio::time::{Instant, sleep};
use websocket_echo::i18n::{Language, words};

use crate::browser::{Browser, DEADLINE, POLL};
use crate::echo::REFUSED;
use crate::servers::{EchoServer, Scripted};
use crate::site::{Backend, Site};

const MESSAGE: &str = "Send a message";

async fn send(browser: &Browser, text: &str) {
    browser.set_value("textbox", MESSAGE, text).await;
    browser.click_on("button", "Send message").await;
}

#[tokio::test]
async fn a_message_is_sent_and_the_connection_set() {
    let (first, second) = (EchoServer::start(), EchoServer::start());
    let site = Site::start(Backend::At(first.address)).await;
    Browser::run(None, async move |browser| {
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        browser.ask_for_the_mirror().await;
        send(&browser, "raisin").await;
        browser.until_told("echo: raisin").await;

        let words = &words(Language::English).connection;
        browser.click_on("button", "Connection").await;
        browser.click_on("button", words.reconnect_title).await;
        let again = words.reconnects_switch;
        browser.until_state("switch", again, "checked", "true").await;
        browser.click_on("switch", again).await;
        browser.until_state("switch", again, "checked", "false").await;
        browser.click_on("switch", again).await;
        browser.until_state("switch", again, "checked", "true").await;
        browser.click_on("button", words.transport_title).await;
        let ewebsock = (words.transport)(Transport::Ewebsock, Platform::Browser);
        browser.click_on("radio", ewebsock).await;
        browser.until_state("radio", ewebsock, "checked", "true").await;
        browser.requests().await;
        let url = format!("ws://{}/", second.address);
        browser.set_value("textbox", words.address_label, &url).await;
        press_first(&browser, words.connect_to_button).await;
        browser.until_socket(&url).await;
        if browser.heard().await.iter().any(|heard| heard.name == "Close the connection's settings")
        {
            browser.click_on("button", "Close the connection's settings").await;
        }
        send(&browser, "grape").await;
        browser.until_told("echo: grape").await;
    })
    .await;
}

/// The first of several of that name.
async fn press_first(browser: &Browser, name: &str) {
    let heard = browser.until_heard(name, |all| all.iter().any(|heard| heard.name == name)).await;
    let found = heard.iter().find(|heard| heard.name == name).unwrap();
    browser.run_on(found, "this.click()", &[]).await;
    browser.drawn().await;
}

#[tokio::test]
async fn what_waits_is_taken_back_and_what_is_in_doubt_let_go() {
    let site = Site::start(Backend::Missing).await;
    Browser::run(Some(REFUSED), async move |browser| {
        let server = Scripted::start().await;
        browser.open(&site.url_with(&server.url())).await;
        let mut connection = server.accept().await;
        browser.until_said("Open").await;
        browser.ask_for_the_mirror().await;
        send(&browser, "raisin").await;
        connection.next().await.unwrap().unwrap();
        drop(connection);
        drop(server);
        browser.until_told("Network unreachable…").await;
        send(&browser, "grape").await;
        browser.click_on("button", "Connection").await;
        browser.until_told("1 message waits to be sent").await;
        browser.click_on("button", "Take back").await;
        let is_gone = |text: &'static str| {
            move |heard: &[crate::assistive::Heard]| heard.iter().all(|heard| heard.name != text)
        };
        browser.until_heard("nothing waits", is_gone("1 message waits to be sent")).await;
        let doubt = "1 message may or may not have arrived";
        browser.until_told(doubt).await;
        browser.click_on("button", "Let go").await;
        browser.until_heard("nothing is in doubt", is_gone(doubt)).await;
    })
    .await;
}

#[tokio::test]
async fn the_log_is_searched_opened_and_saved_and_comes_back_by_a_drop() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    let folder = std::env::temp_dir().join(format!("websocket-echo-{}-saved", std::process::id()));
    let downloads = folder.clone();
    Browser::run(None, async move |browser| {
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        browser.ask_for_the_mirror().await;
        for text in ["raisin", "grape", "plum"] {
            send(&browser, text).await;
            browser.until_told(&format!("echo: {text}")).await;
        }
        browser.click_on("button", "Show the log").await;
        let words = &words(Language::English).log;
        browser.set_value("textbox", words.search_label, "grape").await;
        browser.click_on("button", words.only_matches_toggle).await;
        let options = |heard: &[crate::assistive::Heard]| {
            heard.iter().filter(|heard| heard.role == "option").count()
        };
        let heard = browser.until_heard("two rows", |heard| options(heard) == 2).await;
        let row = heard.into_iter().rfind(|heard| heard.role == "option").unwrap();
        assert!(row.name.contains("Received, 5 bytes, grape"), "{row:?}");
        browser.run_on(&row, "this.click()", &[]).await;
        browser.click_on("button", words.close_row_button).await;

        downloads_to(&browser, &downloads).await;
        browser.click_on("button", words.save_button).await;
        browser.click_on("menuitem", "All as JSON Lines, lossless").await;
        let saved = downloaded(&downloads, "jsonl").await;
        assert!(saved.starts_with(r#"{"format":"websocket-log","version":1,"#), "{saved}");
        for text in ["raisin", "grape", "plum"] {
            let line = format!(r#""text":"{text}""#);
            assert_eq!(saved.matches(&line).count(), 2, "sent and received: {saved}");
        }

        // The same file again, after the page was loaded anew.
        browser.open(&site.url()).await;
        browser.until_heard("the page", |heard| heard.len() > 5).await;
        drop_file(&browser, "saved.jsonl", "text/plain", saved.as_bytes()).await;
        let is_there = |heard: &[crate::assistive::Heard]| {
            heard.iter().any(|heard| heard.name.contains("Received, 4 bytes, plum"))
        };
        browser.until_heard("the saved log", is_there).await;
    })
    .await;
    std::fs::remove_dir_all(folder).unwrap();
}

/// Has the browser save what is downloaded in a folder, which is made.
pub(crate) async fn downloads_to(browser: &Browser, folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let allowed = json!({ "behavior": "allow", "downloadPath": folder });
    browser.session.devtools("Browser.setDownloadBehavior", allowed).await;
}

/// The file that was downloaded whose name ends so, once it is whole.
pub(crate) async fn downloaded(folder: &Path, wanted: &str) -> String {
    let start = Instant::now();
    loop {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.to_string_lossy().ends_with(&format!(".{wanted}")) {
                return std::fs::read_to_string(path).unwrap();
            }
        }
        assert!(start.elapsed() < DEADLINE, "nothing was downloaded");
        sleep(POLL).await;
    }
}

/// Drops a file on the canvas.
async fn drop_file(browser: &Browser, name: &str, kind: &str, content: &[u8]) {
    let content = data_encoding::BASE64.encode(content);
    let script = format!(
        "const bytes = Uint8Array.from(atob('{content}'), (letter) => letter.charCodeAt(0));
         const files = new DataTransfer();
         files.items.add(new File([bytes], '{name}', {{ type: '{kind}' }}));
         const drop = {{ dataTransfer: files, bubbles: true, cancelable: true }};
         document.getElementById('canvas').dispatchEvent(new DragEvent('drop', drop));"
    );
    browser.evaluate(&script).await;
}

#[tokio::test]
async fn a_picture_that_is_dropped_is_echoed_as_one() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    Browser::run(None, async move |browser| {
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        browser.ask_for_the_mirror().await;
        let picture = include_bytes!("../../crates/echo_server/assets/picture.png");
        drop_file(&browser, "picture.png", "image/png", picture).await;
        browser.find("button", "Remove the attachment").await;
        browser.click_on("button", "Send message").await;
        browser.until_told_of(" pixels, 48 283 bytes").await;
    })
    .await;
}
