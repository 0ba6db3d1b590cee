//! The region that a screen reader reads out where it has not asked for more.

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
        // The first is seen late, by a page that is still starting.
        for pair in said[1..].windows(2) {
            let pause = pair[1].at - pair[0].at;
            // Timers of browsers are exact to a few milliseconds.
            assert!(pause > 990.0, "{pause} ms: {said:#?}");
        }
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
