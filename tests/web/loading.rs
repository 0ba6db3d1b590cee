//! The page while its program comes: on a slow line a person sees how much there is to wait for.

use serde_json::json;

use crate::browser::Browser;
use crate::servers::EchoServer;
use crate::site::{Backend, Site};

#[tokio::test]
async fn on_a_slow_line_it_is_seen_how_much_has_come() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    Browser::run(None, async move |browser| {
        // Some 2 MB a second, of which the program has a few.
        let line = json!({
            "offline": false, "latency": 20,
            "downloadThroughput": 2_000_000, "uploadThroughput": 2_000_000,
        });
        browser.session.devtools("Network.enable", json!({})).await;
        browser.session.devtools("Network.emulateNetworkConditions", line).await;
        browser
            .before_each_page(
                "window.seen = [];
                 window.shifted = 0;
                 new PerformanceObserver((list) => {
                     for (const { value } of list.getEntries()) { window.shifted += value; }
                 }).observe({ type: 'layout-shift', buffered: true });
                 const look = () => {
                     const progress = document.getElementById('progress');
                     if (progress?.checkVisibility({ visibilityProperty: true })) {
                         window.seen.push(progress.value);
                     }
                     requestAnimationFrame(look);
                 };
                 look();",
            )
            .await;
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        let seen = browser.evaluate("return window.seen").await;
        let seen: Vec<f64> = seen.as_array().unwrap().iter().filter_map(|v| v.as_f64()).collect();
        assert!(seen.iter().any(|part| 0.0 < *part && *part < 1.0), "{seen:?}");
        assert!(seen.is_sorted(), "{seen:?}");
        assert_eq!(browser.evaluate("return window.shifted").await, 0, "nothing jumps");
        let shown = "return document.getElementById('progress').checkVisibility();";
        assert_eq!(browser.evaluate(shown).await, false);
    })
    .await;
}
