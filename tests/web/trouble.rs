//! The page where it can't run, and where the program stops: it says so instead of staying empty.

use crate::browser::{Browser, ENTER};
use crate::servers::EchoServer;
use crate::setup;
use crate::site::{Backend, Site};

#[tokio::test]
async fn a_browser_that_lacks_something_is_told_so() {
    // Without WebAssembly nothing is tried that could fail.
    let cases =
        [("WebGL", Some("WebGL isn't supported")), ("WebAssembly", None), ("its vectors", None)];
    for (missing, complaint) in cases {
        let site = Site::start(Backend::Missing).await;
        let mut args = setup::chromium_args();
        if missing == "WebGL" {
            args.push("--disable-3d-apis".to_owned());
        }
        Browser::run_with(args, complaint, async move |browser| {
            let taken = match missing {
                "WebAssembly" => Some("delete window.WebAssembly"),
                "its vectors" => Some("WebAssembly.validate = () => false"),
                _ => None,
            };
            if let Some(script) = taken {
                browser.before_each_page(script).await;
            }
            browser.open(&site.url()).await;
            browser.until(|told| told.state == "unsupported").await;
            let visible = "const shown = document.getElementById('unsupported');
                           return shown.checkVisibility() && shown.innerText";
            let text = browser.evaluate(visible).await;
            assert_eq!(
                text,
                "This page needs WebAssembly and WebGL. Please open it in a current browser."
            );
        })
        .await;
    }
}

#[tokio::test]
async fn a_program_that_could_not_be_loaded_is_said_to_have_failed() {
    for missing in [".js", ".wasm"] {
        let site = Site::start(Backend::Missing).await;
        site.lose(missing);
        // To load it, and then to do without.
        Browser::run(Some("ailed to "), async move |browser| {
            browser.open(&site.url()).await;
            browser.until(|told| told.state == "failed").await;
        })
        .await;
    }
}

#[tokio::test]
async fn a_panic_stops_the_page_and_is_told() {
    let server = EchoServer::start();
    let site = Site::start(Backend::At(server.address)).await;
    // The panic's own words, and the trap that it ends in.
    Browser::run(Some(""), async move |browser| {
        browser.open(&site.url()).await;
        browser.until_said("Open").await;
        // eframe insists on getting a texture, so the next picture is a real panic in the program.
        browser
            .evaluate(
                "WebGL2RenderingContext.prototype.createTexture = () => null;
                 WebGL2RenderingContext.prototype.texSubImage2D = null;",
            )
            .await;
        browser.press("你好").await;
        browser.press(ENTER).await;
        browser.until(|told| told.state == "failed").await;
        let shown = "const shown = document.getElementById('failed');
                     return shown.checkVisibility() && shown.innerText";
        let text = browser.evaluate(shown).await;
        assert!(
            text.as_str().is_some_and(|text| text.starts_with("Something went wrong")),
            "{text}"
        );

        // And it can be loaded again, by keyboard.
        browser.evaluate("document.querySelector('#failed .reload').focus()").await;
        browser.press(ENTER).await;
        browser.until_said("Open").await;
    })
    .await;
}
