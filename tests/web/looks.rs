//! What depends on the reader and on the screen, and what costs nothing: a page on which nothing happens.

use std::time::Duration;

use serde_json::json;
use tokio::time::sleep;

use crate::browser::{Browser, ENTER};
use crate::servers::EchoServer;
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
        // What moves comes to rest, within a deadline: a whole second without a frame.
        browser
            .until_true(
                "const now = performance.now();
                 if (window.frames_seen !== window.frames_drawn) {
                     window.frames_seen = window.frames_drawn;
                     window.since = now;
                 }
                 return now - window.since > 1000;",
            )
            .await;
        let frames = browser.frames().await;
        assert!(frames > 1, "none was counted: {frames}");
        // Not a wait for something, but the time in which nothing may happen.
        sleep(Duration::from_secs(4)).await;
        assert_eq!(browser.frames().await, frames);
    })
    .await;
}
