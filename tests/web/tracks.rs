//! The stages as tracks in the performance panel of the browser's developer tools.

use websocket_echo::i18n::{Language, words};

use crate::browser::Browser;
use crate::servers::EchoServer;
use crate::setup;

/// What the page measures, for whoever listens: developer tools do so by other ways, and get the same.
const LISTEN: &str = "window.spans = [];
     const noted = ({ name, detail }) => ({ name, ...detail?.devtools });
     new PerformanceObserver((list) => spans.push(...list.getEntries().map(noted)))
         .observe({ type: 'measure' });";

#[tokio::test]
async fn stages_are_tracks_where_a_person_asks_for_them() {
    let server = EchoServer::with_app(&setup::dist());
    Browser::run(None, async move |browser| {
        browser.before_each_page(LISTEN).await;
        browser.open(&format!("{}?panel=rebuilds", server.page())).await;
        browser.until_said("Open").await;
        browser.ask_for_the_mirror().await;
        let words = words(Language::English);
        let send = async |text: &str| {
            browser.set_value("textbox", words.message.label, text).await;
            browser.click_on("button", words.message.send_button).await;
            browser.until_told(&format!("echo: {text}")).await;
            browser.drawn().await;
        };
        send("raisin").await;
        assert_eq!(browser.evaluate("return spans;").await, serde_json::json!([]));

        let (button, _) = words.replay.tracks_button;
        browser.click_on("button", button).await;
        browser.until_state("button", button, "pressed", "true").await;
        send("grape").await;
        browser
            .until_true(
                "const ours = spans.filter(({ dataType, trackGroup }) =>
                     dataType === 'track-entry' && trackGroup === 'StreamBuilder');
                 const tracks = new Set(ours.map(({ track }) => track));
                 return ['Socket', 'Mailbox', 'Waker', 'Frame', 'Snapshot', 'Screen']
                         .every((track) => tracks.has(track))
                     && ours.some(({ name }) => name.startsWith('data '))
                     && performance.getEntriesByType('measure').length === 0;",
            )
            .await;
    })
    .await;
}
