//! What a browser forbids a page: it is told as that, at once, and not as a server that does not answer.

use crate::browser::Browser;
use crate::servers::Scripted;
use crate::site::{Backend, Site};

#[tokio::test]
async fn a_policy_that_forbids_a_connection_is_named() {
    let server = Scripted::start().await;
    let site = Site::start(Backend::Missing).await;
    site.set_policy("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'");
    // The browser's own words on it.
    Browser::run(Some("connect-src"), async move |browser| {
        browser.open(&site.url_with(&server.url())).await;
        browser.until_said("The policy of this page (connect-src) does not let it connect").await;
    })
    .await;
}
