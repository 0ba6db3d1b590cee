//! Times of day in a browser: those of the person's own clocks.

use serde_json::json;
use websocket_echo::i18n::{Language, words};

use crate::browser::Browser;
use crate::servers::EchoServer;
use crate::site::{Backend, Site};

#[tokio::test]
async fn the_log_tells_local_time() {
    let words = words(Language::English);
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    Browser::run(None, async move |browser| {
        let zone = json!({ "timezoneId": "Asia/Kolkata" });
        browser.session.devtools("Emulation.setTimezoneOverride", zone).await;
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        browser.ask_for_the_mirror().await;
        browser.click_on("button", (words.open_panel_button)(app_core::Panel::Log)).await;
        let heard = browser
            .until_heard("a row", |heard| heard.iter().any(|heard| heard.role == "option"))
            .await;
        let row = heard.into_iter().find(|heard| heard.role == "option").unwrap();
        browser.click_on("option", &row.name).await;
        browser.until_told_of("(UTC+05:30)").await;
    })
    .await;
}
