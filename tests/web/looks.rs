//! What depends on the reader and on the screen, and what costs nothing: a page on which nothing happens.

use std::time::Duration;

use app_core::settings::Field;
use serde_json::json;
use tokio::time::sleep;
use websocket_echo::i18n::{Language, words};

use crate::browser::{Browser, ENTER};
use crate::servers::{EchoServer, Scripted};
use crate::setup;
use crate::site::{Backend, Site};

#[tokio::test]
async fn it_speaks_the_readers_language() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    let mut args = setup::chromium_args();
    args.push("--accept-lang=zh-CN".to_owned());
    Browser::run_with(args, None, async move |browser| {
        browser.open(&site.url()).await;
        let told = browser.until_said("已连接").await;
        assert_eq!(told.title, "WebSocket(内容回显)");
        assert_eq!(told.language, "zh-CN");
        browser.press("raisin").await;
        browser.press(ENTER).await;
        browser.until_said("echo: raisin\n已连接").await;
    })
    .await;
}

#[tokio::test]
async fn it_follows_the_readers_language() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    Browser::run(None, async move |browser| {
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        let agent = browser.evaluate("return navigator.userAgent").await;
        let chinese = json!({ "userAgent": agent, "acceptLanguage": "zh-CN" });
        browser.session.devtools("Emulation.setUserAgentOverride", chinese).await;
        // What a browser does when its person changes this; Chromium's emulation does not.
        browser.evaluate("dispatchEvent(new Event('languagechange'))").await;
        let told = browser.until_said("已连接").await;
        assert_eq!((told.title.as_str(), told.language.as_str()), ("WebSocket(内容回显)", "zh-CN"));
        let button = "return document.querySelector('main button').textContent";
        let words = words(Language::Chinese);
        assert_eq!(browser.evaluate(button).await, words.enable_accessibility_button);
    })
    .await;
}

#[tokio::test]
async fn it_is_as_sharp_as_the_screen() {
    let server = EchoServer::start();
    for scale in ["1", "1.5", "2"] {
        let site = Site::start(Backend::At(server.address)).await;
        let mut args = setup::chromium_args();
        args.push(format!("--force-device-scale-factor={scale}"));
        Browser::run_with(args, None, async move |browser| {
            browser.open(&site.url()).await;
            browser.until_said("Open").await;
            for width in [1400, 500] {
                let window = json!({ "width": width, "height": 800 });
                browser.session.post("window/rect", window).await;
                browser
                    .until_true(&format!(
                        "const canvas = document.getElementById('canvas');
                         const fits = (pixels, length) =>
                             Math.abs(pixels - length * devicePixelRatio) <= 1;
                         return innerWidth === {width} && devicePixelRatio === {scale}
                             && canvas.clientWidth === innerWidth
                             && canvas.clientHeight === innerHeight
                             && fits(canvas.width, innerWidth)
                             && fits(canvas.height, innerHeight);"
                    ))
                    .await;
            }
        })
        .await;
    }
}

#[tokio::test]
async fn it_fills_a_screen_that_is_only_played() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    Browser::run(None, async move |browser| {
        // As the browser's tools for developers do, to show a page on another screen: before it is opened, and then
        // while it runs.
        for (is_first, width, scale, mobile) in
            [(true, 400, 2.0, false), (false, 412, 2.625, true), (false, 412, 1.0, false)]
        {
            let screen = json!({
                "width": width, "height": 720, "deviceScaleFactor": scale, "mobile": mobile,
            });
            browser.session.devtools("Emulation.setDeviceMetricsOverride", screen).await;
            if is_first {
                browser.open(&site.url()).await;
                browser.until_said("Open").await;
            }
            let fits = format!(
                "const {{ width, height }} = document.getElementById('canvas');
                 const fits = (pixels, length) => Math.abs(pixels - length * {scale}) <= 1;
                 return devicePixelRatio === {scale} && fits(width, {width}) && fits(height, 720);"
            );
            browser.until_true(&fits).await;
        }
    })
    .await;
}

#[tokio::test]
async fn while_nothing_happens_nothing_is_drawn() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    Browser::run(None, async move |browser| {
        browser.count_frames().await;
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        browser.press("raisin").await;
        browser.press(ENTER).await;
        browser.until_said("echo: raisin").await;
        browser.until_at_rest().await;
        let frames = browser.frames().await;
        assert!(frames > 1, "none was counted: {frames}");
        // Not a wait for something, but the time in which nothing may happen.
        sleep(Duration::from_secs(10)).await;
        assert_eq!(browser.frames().await, frames);
    })
    .await;
}

#[tokio::test]
async fn while_it_waits_to_reconnect_only_the_countdown_is_drawn() {
    let site = Site::start(Backend::Missing).await;
    Browser::run(None, async move |browser| {
        browser.count_frames().await;
        let server = Scripted::start().await;
        browser.open(&site.url_with(&server.url())).await;
        let connection = server.accept().await;
        browser.until_said("Open").await;
        browser.ask_for_the_mirror().await;
        let words = &words(Language::English).connection;
        browser.click_on("button", "Connection").await;
        browser.click_on("button", words.reconnect_title).await;
        for field in [Field::LongestWait, Field::FirstWait] {
            browser.set_value("textbox", (words.field)(field), "3600").await;
        }
        // The settings are those of the next connection.
        browser.click_on("button", words.connect_to_button).await;
        // Only then is the first one given up: lost, it would be made again as it was.
        let next = server.accept().await;
        drop(connection);
        drop(server);
        drop(next);
        browser.until_told_of("Attempt 2 in").await;
        let frames = browser.frames().await;
        sleep(Duration::from_secs(10)).await;
        let frames = browser.frames().await - frames;
        assert!((5..=12).contains(&frames), "in 10 s it drew {frames} frames");
    })
    .await;
}
