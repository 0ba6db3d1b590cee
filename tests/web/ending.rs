//! How connections end: the server dies, says why it leaves, or the page is left.

use futures_util::StreamExt as _;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use crate::browser::{Browser, ENTER};
use crate::echo::REFUSED;
use crate::servers::{EchoServer, Scripted};
use crate::site::{Backend, Site};

#[tokio::test]
async fn a_server_that_was_killed_and_is_back_is_connected_to_again() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    // While nobody is there.
    Browser::run(Some(REFUSED), async move |browser| {
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        browser.press("raisin").await;
        browser.press(ENTER).await;
        browser.until_said("echo: raisin").await;

        server.kill();
        let told = browser.until_said("Network unreachable…").await;
        assert!(told.status.contains("Connection lost: 1006 abnormal closure"), "{told:?}");

        browser.press("grape").await;
        browser.press(ENTER).await;
        let server = EchoServer::start();
        site.set_backend(Backend::At(server.address));
        browser.until_said("echo: grape\nOpen").await;
    })
    .await;
}

#[tokio::test]
async fn a_server_that_stays_away_is_said_to_be_away() {
    let server = EchoServer::start();
    let site = Site::start(Backend::Missing).await;
    Browser::run(Some(REFUSED), async move |browser| {
        let url = format!("ws://{}/", server.address);
        browser.open(&site.url_with(&url)).await;
        browser.until_said("Open").await;
        server.kill();
        browser.until_said("Network unreachable…").await;
        // A server that was asked for by name is not stood in for.
        browser.press("raisin").await;
        browser.press(ENTER).await;
        browser.until_said("is the server running there?").await;
    })
    .await;
}

#[tokio::test]
async fn a_goodbye_is_shown_with_its_code_and_reason() {
    let server = Scripted::start().await;
    let site = Site::start(Backend::Missing).await;
    Browser::run(None, async move |browser| {
        browser.open(&site.url_with(&server.url())).await;
        let mut connection = server.accept().await;
        browser.until_said("Open").await;
        let goodbye = CloseFrame { code: 3678.into(), reason: "raisin".into() };
        connection.close(Some(goodbye)).await.unwrap();
        let told = browser.until_said("Closed by the server: 3678 ").await;
        assert!(told.status.contains("raisin"), "{told:?}");
        assert!(!told.status.contains("unreachable"), "the server had its reasons: {told:?}");
    })
    .await;
}

#[tokio::test]
async fn a_page_that_goes_says_so() {
    let server = Scripted::start().await;
    let site = Site::start(Backend::Missing).await;
    Browser::run(None, async move |browser| {
        let url = site.url_with(&server.url());
        // Another tab, so that the browser stays when this one is closed.
        let session = &browser.session;
        let tab = session.get("window").await;
        session.post("window/new", serde_json::json!({ "type": "tab" })).await;
        session.post("window", serde_json::json!({ "handle": tab })).await;

        // To another address, and back again. A browser may keep the page meanwhile, with all it has:
        // then it is the page that closes, and without a code, as it may not say 1001.
        browser.open(&url).await;
        let mut connection = server.accept().await;
        browser.until_said("Open").await;
        browser.open("about:blank").await;
        assert!(matches!(last_words(&mut connection).await, 1001 | 1005));
        session.post("back", serde_json::json!({})).await;
        let mut connection = server.accept().await;
        browser.until_said("Open").await;

        // Its tab is closed.
        session.delete("window").await;
        assert_eq!(last_words(&mut connection).await, 1001);
        let tabs = session.get("window/handles").await;
        session.post("window", serde_json::json!({ "handle": tabs[0] })).await;
    })
    .await;
}

/// The code with which the page closes; 1005 is none.
async fn last_words(
    connection: &mut tokio_tungstenite::WebSocketStream<tokio::net::TcpStream>,
) -> u16 {
    match connection.next().await {
        Some(Ok(Message::Close(frame))) => frame.map_or(1005, |frame| frame.code.into()),
        other => panic!("not a close: {other:?}"),
    }
}
