//! What a person has told the system of how all is to look: the page follows it while it runs.

use image::{Rgb, RgbImage};
use serde_json::json;
use websocket_echo::i18n::{Language, words};

use crate::browser::Browser;
use crate::servers::EchoServer;
use crate::site::{Backend, Site};

const ESCAPE: &str = "\u{e00c}";

impl Browser {
    /// From now on the system prefers these, and nothing else.
    async fn prefer(&self, features: &[(&str, &str)]) {
        let features: Vec<_> =
            features.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.session.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// What the browser makes of a colour's name.
    async fn color(&self, name: &str) -> Rgb<u8> {
        let script = format!(
            "const probe = document.body.appendChild(document.createElement('i'));
             probe.style.color = '{name}';
             const [...parts] = getComputedStyle(probe).color.matchAll(/\\d+/g);
             probe.remove();
             return parts.map(Number);"
        );
        let parts = self.evaluate(&script).await;
        Rgb([0, 1, 2].map(|at| u8::try_from(parts[at].as_u64().unwrap()).unwrap()))
    }

    /// Opens and closes the menu, and gives how many frames that took.
    async fn frames_of_a_menu(&self) -> u64 {
        let before = self.frames().await;
        self.click_on("button", words(Language::English).more_button).await;
        self.find("menuitem", words(Language::English).dark_mode_button).await;
        self.until_at_rest().await;
        let frames = self.frames().await - before;
        self.press(ESCAPE).await;
        self.until_at_rest().await;
        frames
    }
}

/// The colour of a corner, where nothing stands.
fn ground(picture: &RgbImage) -> Rgb<u8> {
    *picture.get_pixel(2, picture.height() - 3)
}

fn shows(picture: &RgbImage, color: Rgb<u8>) -> bool {
    picture.pixels().any(|pixel| *pixel == color)
}

#[tokio::test]
async fn contrast_and_forced_colours_are_followed() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    Browser::run(None, async move |browser| {
        let (light, dark) = (("prefers-color-scheme", "light"), ("prefers-color-scheme", "dark"));
        let (more, forced) = (("prefers-contrast", "more"), ("forced-colors", "active"));
        browser.prefer(&[light]).await;
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        let (usual, white, black) = (Rgb([254, 247, 255]), Rgb([255; 3]), Rgb([0; 3]));
        browser.until_seen(|picture| ground(picture) == usual).await;
        browser.prefer(&[light, more]).await;
        browser.until_seen(|picture| ground(picture) == white).await;
        browser.prefer(&[dark, more]).await;
        browser.until_seen(|picture| ground(picture) == black).await;
        // What is around the canvas goes with it.
        browser
            .until_true(
                "const page = document.documentElement;
                 const colours = [...document.querySelectorAll('meta[name=theme-color]')];
                 return page.dataset.contrast === 'more' && page.dataset.theme === 'dark'
                     && getComputedStyle(page).backgroundColor === 'rgb(0, 0, 0)'
                     && colours.every(({ content }) => content === '#000000');",
            )
            .await;
        for theme in [light, dark] {
            browser.prefer(&[theme, forced]).await;
            let (canvas, link) = (browser.color("Canvas").await, browser.color("LinkText").await);
            assert_ne!(canvas, link);
            // The line below the field, which has the keyboard.
            browser.until_seen(|picture| ground(picture) == canvas && shows(picture, link)).await;
        }
        browser.prefer(&[light]).await;
        browser.until_seen(|picture| ground(picture) == usual).await;
        browser.until_true("return document.documentElement.dataset.contrast === undefined;").await;
    })
    .await;
}

#[tokio::test]
async fn more_contrast_by_hand_is_there_before_the_program() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    Browser::run(None, async move |browser| {
        browser.prefer(&[("prefers-color-scheme", "light")]).await;
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        browser.ask_for_the_mirror().await;
        let words = words(Language::English);
        browser.click_on("button", words.more_button).await;
        browser.click_on("menuitem", words.more_contrast_button).await;
        browser.until_true("return document.documentElement.dataset.contrast === 'more';").await;
        // It is kept as the page goes.
        browser.open("about:blank").await;
        browser
            .before_each_page(
                "addEventListener('DOMContentLoaded', () => {
                     const page = document.documentElement;
                     window.early = [page.dataset.contrast, page.dataset.state,
                         getComputedStyle(page).backgroundColor].join();
                 });",
            )
            .await;
        browser.open(&site.url()).await;
        browser.until_seen(|picture| ground(picture) == Rgb([255; 3])).await;
        let early = browser.evaluate("return window.early").await;
        assert_eq!(early, "more,loading,rgb(255, 255, 255)");
    })
    .await;
}

#[tokio::test]
async fn with_reduced_motion_a_menu_is_there_at_once() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    Browser::run(None, async move |browser| {
        let light = ("prefers-color-scheme", "light");
        browser.prefer(&[light]).await;
        browser.count_frames().await;
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        browser.ask_for_the_mirror().await;
        browser.until_at_rest().await;
        // By the page's clock, which goes slowly now, it appears in a tenth of a second: in five by ours, and in
        // as many frames as there are in them.
        browser
            .evaluate(
                "const now = performance.now.bind(performance);
                 const start = now();
                 performance.now = () => start + (now() - start) / 50;",
            )
            .await;
        let moving = browser.frames_of_a_menu().await;
        browser.prefer(&[light, ("prefers-reduced-motion", "reduce")]).await;
        browser.until_at_rest().await;
        let still = browser.frames_of_a_menu().await;
        assert!(2 * still < moving, "{still} frames, and {moving} with motion");
    })
    .await;
}
