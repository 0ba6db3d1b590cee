//! Pictures and files that are pasted, of which egui hears nothing in a browser; and what a phone's keyboard is told
//! of the field that is typed into.

use futures_util::StreamExt as _;

use crate::browser::{Browser, ENTER};
use crate::servers::Scripted;
use crate::site::{Backend, Site};

#[tokio::test]
async fn a_picture_that_is_pasted_is_sent() {
    let server = Scripted::start().await;
    let site = Site::start(Backend::Missing).await;
    Browser::run(None, async move |browser| {
        browser.open(&site.url_with(&server.url())).await;
        let mut connection = server.accept().await;
        browser.until_said("Open").await;
        browser
            .evaluate(
                "const data = new DataTransfer();
                 data.items.add(new File(['raisin'], 'raisin.png', { type: 'image/png' }));
                 const paste = { clipboardData: data, bubbles: true, cancelable: true };
                 document.activeElement.dispatchEvent(new ClipboardEvent('paste', paste));",
            )
            .await;
        let mut message = None;
        // Attached once it is read, which no event tells the outside.
        while message.is_none() {
            browser.press(ENTER).await;
            let next = tokio::time::timeout(std::time::Duration::from_secs(1), connection.next());
            message = next.await.ok();
        }
        let message = message.flatten().unwrap().unwrap();
        assert_eq!(message.into_data().as_ref(), b"raisin");
    })
    .await;
}

#[tokio::test]
async fn a_phones_keyboard_sends_and_corrects_nothing() {
    let site = Site::start(Backend::Missing).await;
    Browser::run(Some(crate::echo::REFUSED), async move |browser| {
        browser.open(&site.url()).await;
        browser.until(|told| told.state == "running").await;
        browser
            .until_true(
                "const field = document.querySelector('canvas ~ input[autocapitalize]');
                 const told = (name) => field?.getAttribute(name);
                 return told('enterkeyhint') === 'send' && told('inputmode') === 'text'
                     && told('autocorrect') === 'off' && told('spellcheck') === 'false';",
            )
            .await;
        let viewport = "return document.querySelector('meta[name=viewport]').content;";
        let viewport = browser.evaluate(viewport).await;
        let told = viewport.as_str().unwrap();
        assert!(told.contains("interactive-widget=resizes-content"), "{told}");
        assert!(!told.contains("user-scalable") && !told.contains("maximum-scale"), "{told}");
    })
    .await;
}
