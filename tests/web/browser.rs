//! A browser with the page in it: keys go in, words and pixels come out, and its console stays clean.

use std::io::Cursor;
use std::panic::resume_unwind;
use std::time::Duration;

use image::RgbImage;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};

use crate::driver::Session;
use crate::setup;

/// How long anything may take on a slow and busy machine. No test waits for it to pass.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// How long a whole test may take, whatever it waits for.
const TEST_DEADLINE: Duration = Duration::from_secs(120);

/// The same of a test that goes through many states of the page.
pub(crate) const LONG: Duration = Duration::from_secs(600);

/// How often the page is asked. There is no event that leads out of a browser.
pub(crate) const POLL: Duration = Duration::from_millis(25);

/// Keys that are no characters, as WebDriver names them.
pub(crate) const ENTER: &str = "\u{e007}";
pub(crate) const TAB: &str = "\u{e004}";
pub(crate) const F2: &str = "\u{e032}";
pub(crate) const SHIFT: &str = "\u{e008}";

/// What the page has to tell: its state, language and title, and what a screen reader says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) state: String,
    pub(crate) language: String,
    pub(crate) title: String,
    pub(crate) status: String,
}

/// A browser for one test, and a person at its keyboard.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) session: Session,
}

impl Browser {
    /// Runs a test in a browser of its own, which is closed whatever becomes of the test. Afterwards
    /// there must be no error in the console other than those that `expected` is part of.
    pub(crate) async fn run<T>(expected: Option<&str>, test: impl FnOnce(Self) -> T)
    where
        T: Future<Output = ()> + Send + 'static,
    {
        Self::run_with(setup::chromium_args(), expected, test).await;
    }

    /// The same in a browser that is started with these arguments.
    pub(crate) async fn run_with<T>(
        args: Vec<String>,
        expected: Option<&str>,
        test: impl FnOnce(Self) -> T,
    ) where
        T: Future<Output = ()> + Send + 'static,
    {
        Self::run_for(TEST_DEADLINE, args, expected, test).await;
    }

    /// The same for a test that may take so long.
    pub(crate) async fn run_for<T>(
        deadline: Duration,
        mut args: Vec<String>,
        expected: Option<&str>,
        test: impl FnOnce(Self) -> T,
    ) where
        T: Future<Output = ()> + Send + 'static,
    {
        // High enough for the whole page with a picture in it.
        args.push("--window-size=900,1100".to_owned());
        let session = Session::start(&setup::webdriver(), &args).await;
        let browser = Self { session: session.clone() };
        let test = timeout(deadline, test(browser.clone()));
        let outcome = tokio::spawn(async { test.await.expect("a test that waits for ever") }).await;
        let errors = browser.console_errors().await;
        session.end().await;
        if let Err(failure) = outcome {
            eprintln!("The errors in the console: {errors:#?}");
            resume_unwind(failure.into_panic());
        }
        let is_expected = |error: &String| expected.is_some_and(|part| error.contains(part));
        let unexpected: Vec<_> = errors.iter().filter(|error| !is_expected(error)).collect();
        assert!(unexpected.is_empty(), "in the console: {unexpected:#?}");
        if let Some(expected) = expected {
            assert!(!errors.is_empty(), "{expected:?} is not in the console");
        }
    }

    /// Opens a page, which goes on loading after this returns.
    pub(crate) async fn open(&self, url: &str) {
        self.session.post("url", json!({ "url": url })).await;
    }

    /// Has every page run this before anything of its own.
    pub(crate) async fn before_each_page(&self, script: &str) {
        let source = json!({ "source": script });
        self.session.devtools("Page.addScriptToEvaluateOnNewDocument", source).await;
    }

    /// Has the page count the frames that it draws, for [`frames`](Self::frames).
    pub(crate) async fn count_frames(&self) {
        self.before_each_page(
            // Each frame begins with a clean canvas. The browser's own frames tell nothing: eframe
            // asks for every one of them, and draws in those that egui wants.
            "window.frames_drawn = 0;
             const { prototype } = WebGL2RenderingContext;
             const { clear } = prototype;
             prototype.clear = function (...args) {
                 window.frames_drawn += 1;
                 return clear.apply(this, args);
             };",
        )
        .await;
    }

    /// How many frames the page has drawn.
    pub(crate) async fn frames(&self) -> u64 {
        self.evaluate("return window.frames_drawn").await.as_u64().unwrap()
    }

    /// Waits until what moves has come to rest, within a deadline: a whole second without a frame.
    pub(crate) async fn until_at_rest(&self) {
        self.until_true(
            "const now = Date.now();
             if (window.frames_seen !== window.frames_drawn) {
                 window.frames_seen = window.frames_drawn;
                 window.since = now;
             }
             return now - window.since > 1000;",
        )
        .await;
    }

    /// What a script returns.
    pub(crate) async fn evaluate(&self, script: &str) -> Value {
        self.session.post("execute/sync", json!({ "script": script, "args": [] })).await
    }

    /// What a script hands to its last argument.
    pub(crate) async fn evaluate_later(&self, script: &str) -> Value {
        self.session.post("execute/async", json!({ "script": script, "args": [] })).await
    }

    /// What the page has to tell now.
    pub(crate) async fn told(&self) -> Told {
        let told = self
            .evaluate(
                "const page = document.documentElement;
                 const status = document.getElementById('status');
                 return [page.dataset.state, page.lang, document.title, status?.textContent];",
            )
            .await;
        let [state, language, title, status] =
            [0, 1, 2, 3].map(|index| told[index].as_str().unwrap_or_default().to_owned());
        Told { state, language, title, status }
    }

    /// Waits until what the page tells is as expected.
    pub(crate) async fn until(&self, expected: impl Fn(&Told) -> bool) -> Told {
        let start = Instant::now();
        loop {
            let told = self.told().await;
            if expected(&told) {
                return told;
            }
            assert!(
                start.elapsed() < DEADLINE,
                "for {DEADLINE:?} it was not as expected: {told:?}"
            );
            sleep(POLL).await;
        }
    }

    /// Waits until the page has opened a socket to this address. What was asked for before that is
    /// no more among the [`requests`](Self::requests).
    pub(crate) async fn until_socket(&self, url: &str) {
        let start = Instant::now();
        let mut asked = Vec::new();
        while !asked.iter().any(|asked| asked == url) {
            assert!(start.elapsed() < DEADLINE, "for {DEADLINE:?} no socket to {url}: {asked:?}");
            sleep(POLL).await;
            asked.extend(self.requests().await);
        }
    }

    /// Waits until this is part of what a screen reader says.
    pub(crate) async fn until_said(&self, part: &str) -> Told {
        self.until(|told| told.status.contains(part)).await
    }

    /// Waits until what is to be seen is as expected.
    pub(crate) async fn until_seen(&self, expected: impl Fn(&RgbImage) -> bool) {
        let start = Instant::now();
        while !expected(&self.picture().await) {
            assert!(start.elapsed() < DEADLINE, "for {DEADLINE:?} it did not look as expected");
            sleep(POLL).await;
        }
    }

    /// Waits until a script returns something true.
    pub(crate) async fn until_true(&self, script: &str) {
        let start = Instant::now();
        while self.evaluate(script).await != true {
            assert!(start.elapsed() < DEADLINE, "for {DEADLINE:?} it was not true: {script}");
            sleep(POLL).await;
        }
    }

    /// Presses one key after the other, on whatever has the keyboard.
    pub(crate) async fn press(&self, keys: &str) {
        self.press_with("", keys).await;
    }

    /// Presses the keys while another one is held, and looks at what that did: a person doesn't go on
    /// before something was drawn.
    pub(crate) async fn press_with(&self, held: &str, keys: &str) {
        let mut actions: Vec<Value> = held.chars().map(down).collect();
        actions.extend(keys.chars().flat_map(|key| [down(key), up(key)]));
        actions.extend(held.chars().map(up));
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": actions });
        self.session.post("actions", json!({ "actions": [keyboard] })).await;
        self.drawn().await;
    }

    /// Waits until what was done has been drawn.
    pub(crate) async fn drawn(&self) {
        let script = "requestAnimationFrame(() => requestAnimationFrame(arguments[0]));";
        self.evaluate_later(script).await;
    }

    /// Enters text at once, as an input method does.
    pub(crate) async fn insert(&self, text: &str) {
        self.session.devtools("Input.insertText", json!({ "text": text })).await;
    }

    /// What is to be seen, pixel by pixel.
    pub(crate) async fn picture(&self) -> RgbImage {
        let picture = self.session.get("screenshot").await;
        let png = data_encoding::BASE64.decode(picture.as_str().unwrap().as_bytes()).unwrap();
        let format = image::ImageFormat::Png;
        image::load(Cursor::new(png), format).unwrap().into_rgb8()
    }

    /// The addresses of everything that was asked for since the last call.
    pub(crate) async fn requests(&self) -> Vec<String> {
        let log = self.session.post("se/log", json!({ "type": "performance" })).await;
        let events = log.as_array().unwrap().iter().map(|entry| {
            let message = entry["message"].as_str().unwrap();
            serde_json::from_str::<Value>(message).unwrap()["message"].take()
        });
        events
            .filter_map(|event| {
                match event["method"].as_str()? {
                    "Network.requestWillBeSent" => event["params"]["request"]["url"].as_str(),
                    "Network.webSocketCreated" => event["params"]["url"].as_str(),
                    _ => None,
                }?
                .to_owned()
                .into()
            })
            .collect()
    }

    async fn console_errors(&self) -> Vec<String> {
        let log = self.session.post("se/log", json!({ "type": "browser" })).await;
        let entries = log.as_array().unwrap().iter();
        entries
            .filter(|entry| entry["level"] == "SEVERE")
            .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
            .collect()
    }
}

fn down(key: char) -> Value {
    json!({ "type": "keyDown", "value": key })
}

fn up(key: char) -> Value {
    json!({ "type": "keyUp", "value": key })
}
