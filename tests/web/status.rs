//! The region that a screen reader reads out where it has not asked for more.

use std::time::Duration;

use crate::browser::{Browser, ENTER};
use crate::rebuilds::{note_what_is_said, said};
use crate::servers::EchoServer;
use crate::site::{Backend, Site};

#[tokio::test]
async fn it_is_said_once_a_second_and_again_when_it_comes_again() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    Browser::run(None, async move |browser| {
        note_what_is_said(&browser).await;
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        // As fast as keys come; what was sent is selected, and sent again.
        for text in ["raisin", "grape", "plum"] {
            browser.press(text).await;
            browser.press(ENTER).await;
        }
        browser.until_said("echo: plum\nOpen").await;
        browser.press(ENTER).await;
        browser.until_said("echo: plum\nOpen\u{a0}").await;
        browser.press(ENTER).await;
        browser.until(|told| told.status == "echo: plum\nOpen").await;

        let said = said(&browser).await;
        let (first, last) = (said.first().unwrap(), said.last().unwrap());
        // One more for the first, and one for a page that sees its own doing late.
        let seconds = Duration::from_secs_f64((last.at - first.at) / 1000.0).as_secs();
        assert!(said.len() as u64 <= seconds + 3, "in {seconds} s it said {said:#?}");
    })
    .await;
}

#[tokio::test]
async fn it_is_silent_once_the_mirror_speaks() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    Browser::run(None, async move |browser| {
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        browser.ask_for_the_mirror().await;
        browser.until(|told| told.status.is_empty()).await;
        browser.set_value("textbox", "Send a message", "raisin").await;
        browser.click_on("button", "Send message").await;
        browser.until_told("echo: raisin").await;
        assert_eq!(browser.told().await.status, "");
    })
    .await;
}
