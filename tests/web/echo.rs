//! Typing, sending and reading the echo: with the server, without it, and elsewhere.

use crate::browser::{Browser, ENTER, SHIFT, TAB};
use crate::servers::{EchoServer, Scripted};
use crate::site::{Backend, Site};

/// Chromium's own line about a socket that could not be opened. No program can keep it from writing it.
pub(crate) const REFUSED: &str = "WebSocket connection to 'ws://";

#[tokio::test]
async fn what_is_typed_comes_back() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    Browser::run(None, async move |browser| {
        browser.open(&site.url()).await;
        let told = browser.until_said("Open").await;
        assert_eq!(told.state, "running");
        assert_eq!(told.title, "WebSocket echo");
        assert_eq!(told.language, "en");

        // At once: nobody has to click into the field first.
        let before = browser.picture().await;
        browser.press("raisin").await;
        browser.press(ENTER).await;
        browser.until_said("echo: raisin\nOpen").await;
        browser.until_seen(|now| *now != before).await;

        // What was sent is selected: the next key replaces it.
        browser.press("你好").await;
        browser.press(ENTER).await;
        browser.until_said("echo: 你好\nOpen").await;

        let long = "raisin 你好 🍇 ".repeat(400);
        browser.insert(&long).await;
        browser.press(ENTER).await;
        // What is read out has an end.
        let rest = "…\nOpen";
        let beginning: String =
            format!("echo: {long}").chars().take(200 - rest.chars().count()).collect();
        let told = browser.until_said(&format!("{beginning}{rest}")).await;
        assert_eq!(told.status.chars().count(), 200);

        for url in browser.requests().await {
            let ours = [site.url(), site.echo_url(), "data:".to_owned(), "blob:".to_owned()];
            assert!(ours.iter().any(|ours| url.starts_with(ours)), "it asked for {url}");
        }
    })
    .await;
}

#[tokio::test]
async fn without_a_server_the_page_echoes_by_itself_and_says_so() {
    for nobody in [Backend::Missing, Backend::FoundMissing] {
        let site = Site::start(nobody).await;
        let expected = matches!(nobody, Backend::Missing).then_some(REFUSED);
        Browser::run(expected, async move |browser| {
            browser.open(&site.url()).await;
            browser.until_said("this page echoes by itself").await;
            browser.press("raisin").await;
            browser.press(ENTER).await;
            let told = browser.until_said("echo: raisin").await;
            assert!(told.status.contains("this page echoes by itself"), "{told:?}");

            // The button is before the one of the connection, which is before the message field.
            let server = EchoServer::start();
            site.set_backend(Backend::At(server.address));
            for _ in 0..2 {
                browser.press_with(SHIFT, TAB).await;
            }
            browser.press(" ").await;
            browser.until_said("\nOpen").await;

            // That button is gone; the keyboard is back at the field.
            browser.press("grape").await;
            browser.press(ENTER).await;
            browser.until_said("echo: grape\nOpen").await;
        })
        .await;
    }
}

#[tokio::test]
async fn the_address_of_the_page_may_name_a_server() {
    let server = Scripted::start().await;
    let site = Site::start(Backend::Missing).await;
    Browser::run(None, async move |browser| {
        browser.open(&site.url_with(&server.url())).await;
        let mut connection = server.accept().await;
        browser.until_said("Open").await;
        browser.press("raisin").await;
        browser.press(ENTER).await;
        let message = futures_util::StreamExt::next(&mut connection).await.unwrap().unwrap();
        assert_eq!(message.into_text().unwrap().as_str(), "raisin");
    })
    .await;
}

#[tokio::test]
async fn a_picture_is_shown_as_one() {
    let server = EchoServer::start();
    let site = Site::start(Backend::Missing).await;
    Browser::run(None, async move |browser| {
        let picture = format!("ws://{}/picture", server.address);
        browser.open(&site.url_with(&picture)).await;
        browser.until_said("Open").await;
        browser.until_said("bytes").await;
        let picture = include_bytes!("../../crates/echo_server/assets/picture.png");
        let picture = image::load_from_memory(picture).unwrap().into_rgb8();
        // It is said in the frame before it is drawn.
        browser.until_seen(|screen| is_in(&picture, screen)).await;
    })
    .await;
}

/// Whether one picture is somewhere in the other, by some of its pixels.
fn is_in(part: &image::RgbImage, whole: &image::RgbImage) -> bool {
    let points: Vec<(u32, u32)> = (1..8)
        .flat_map(|x| (1..8).map(move |y| (part.width() * x / 8, part.height() * y / 8)))
        .collect();
    let is_at = |left: u32, top: u32| {
        points.iter().all(|&(x, y)| {
            let (a, b) = (part.get_pixel(x, y), whole.get_pixel(left + x, top + y));
            a.0.iter().zip(b.0).all(|(&a, b)| a.abs_diff(b) < 12)
        })
    };
    let lefts = 0..=whole.width().saturating_sub(part.width());
    lefts
        .into_iter()
        .any(|left| (0..=whole.height().saturating_sub(part.height())).any(|top| is_at(left, top)))
}

/// Whichever carries it, a message comes back.
#[tokio::test]
async fn each_transport_echoes() {
    let server = EchoServer::start();
    for (transport, state) in [
        ("standard", "Open"),
        ("ewebsock", "Open"),
        ("in-page", "This page echoes by itself, without a network"),
    ] {
        let site = Site::start(Backend::At(server.address)).await;
        Browser::run(None, async move |browser| {
            browser.open(&format!("{}?transport={transport}", site.url())).await;
            browser.until_said(state).await;
            browser.press("raisin").await;
            browser.press(ENTER).await;
            browser.until_said(&format!("echo: raisin\n{state}")).await;
        })
        .await;
    }
}
