//! A log of a million rows in a real browser: opened, and saved as a download that is built from parts and can be
//! stopped.

use websocket_echo::i18n::{Language, words};

use crate::actions::{downloaded, downloads_to};
use crate::browser::{Browser, LONG};
use crate::echo::REFUSED;
use crate::mirror::{LOG_IN_THE_PAGE, last_row};
use crate::setup;
use crate::site::{Backend, Site};

const ROWS: u64 = 1_000_000;

#[tokio::test]
async fn a_million_rows_are_opened_saved_and_the_saving_stopped() {
    let site = Site::start(Backend::Missing).await;
    let folder = std::env::temp_dir().join(format!("websocket-echo-{}-large", std::process::id()));
    let downloads = folder.clone();
    Browser::run_for(LONG, setup::chromium_args(), Some(REFUSED), async move |browser| {
        browser.open(&site.url()).await;
        browser.until(|told| told.state == "running").await;
        browser.ask_for_the_mirror().await;
        let words = words(Language::English);
        browser.evaluate(&LOG_IN_THE_PAGE.replace("ROWS", &ROWS.to_string())).await;
        let last = last_row(words, ROWS);
        browser.until_told_of(&last).await;

        downloads_to(&browser, &downloads).await;
        let save = async || {
            browser.click_on("button", words.log.save_button).await;
            browser.click_on("menuitem", "All as JSON Lines, lossless").await;
        };
        save().await;
        browser.click_on("button", words.log.cancel_button).await;
        let is_over = |heard: &[crate::assistive::Heard]| {
            heard.iter().all(|heard| heard.name != words.log.cancel_button)
        };
        browser.until_heard("the saving stops", is_over).await;
        assert_eq!(std::fs::read_dir(&downloads).unwrap().count(), 0, "what was stopped is nowhere");

        save().await;
        let saved = downloaded(&downloads, "jsonl").await;
        assert_eq!(saved.lines().count() as u64, ROWS + 1);
        for number in [0, ROWS / 2, ROWS - 1] {
            let line = format!("\n{{\"time_ns\":{number},\"direction\":\"received\",\"text\":\"message {number}\"}}\n");
            assert!(saved.contains(&line), "{line}");
        }
    })
    .await;
    std::fs::remove_dir_all(folder).unwrap();
}
