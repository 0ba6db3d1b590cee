//! What a browser forbids a page: it is told as that, at once, and not as a server that does not answer.

use std::net::Ipv4Addr;

use crate::browser::Browser;
use crate::servers::{EchoServer, Scripted};
use crate::setup;
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

#[tokio::test]
async fn a_page_of_https_is_told_to_ask_for_wss() {
    let server = EchoServer::with_secure_app(&setup::dist());
    let mut args = setup::chromium_args();
    args.push("--ignore-certificate-errors".to_owned());
    // The browser's own words on it.
    Browser::run_with(args, Some("Mixed Content"), async move |browser| {
        // A name that is not this machine's, as browsers let every page connect to that.
        let page = format!("https://{}/?url=ws://echo.example/", server.address);
        browser.open(&page).await;
        browser.until_said("A page of https: may not connect by ws:; use wss://echo.example").await;
    })
    .await;
}

#[tokio::test]
async fn a_port_of_another_protocol_is_named() {
    let site = Site::start(Backend::Missing).await;
    // The browser's own words on it, which it tells no page.
    Browser::run(Some("ERR_UNSAFE_PORT"), async move |browser| {
        browser.open(&site.url_with("ws://127.0.0.1:6000/")).await;
        browser.until_said("Browsers make no connection to 127.0.0.1:6000").await;
        // It is not tried again: it would be the same.
        browser.until(|told| told.status.ends_with("\nClosed")).await;
    })
    .await;
}

#[tokio::test]
async fn a_port_that_a_person_has_allowed_is_tried() {
    // One of those of Internet Relay Chat.
    let server = EchoServer::with_app_at((Ipv4Addr::LOCALHOST, 6697).into(), &setup::dist());
    let mut args = setup::chromium_args();
    args.push("--explicitly-allowed-ports=6697".to_owned());
    Browser::run_with(args, None, async move |browser| {
        browser.open(&server.page()).await;
        browser.until_said("Open").await;
    })
    .await;
}
