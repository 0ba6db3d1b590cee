//! The rebuilds panel in a real browser: everything there is to try, at the server and without one.
//!
//! The panel is drawn on the canvas, where no test can read it; tests/page does that. Here it is worked
//! by keyboard, as by a person who sees nothing, and what it does is heard from the page, and seen in
//! the sockets that the page opens and in the frames that it draws.

use std::time::Duration;

use app_core::experiments::{Experiment, Setup};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::browser::{Browser, F2, SHIFT, TAB};
use crate::echo::REFUSED;
use crate::servers::EchoServer;
use crate::setup;
use crate::site::{Backend, Site};

#[tokio::test]
async fn everything_to_try_is_played_by_the_server() {
    let server = EchoServer::with_app(&setup::dist());
    // The browser says itself that the server refuses, in the one in which it does.
    Browser::run(Some(REFUSED), async move |browser| {
        browser.count_frames().await;
        browser.open(&server.page()).await;
        browser.until_said("Open").await;
        let mut panel = Panel::open_without_questions(&browser).await;
        for experiment in Experiment::ALL {
            let address = Setup::new(experiment).script().address(&server.echo_url());
            browser.requests().await;
            let frames = browser.frames().await;
            panel.try_out(experiment).await;
            if !experiment.needs_holding_back() {
                browser.until_socket(&address).await;
            }
            match experiment {
                Experiment::One => {
                    browser.until_said("echo: hello\nOpen").await;
                }
                Experiment::Ten => {
                    browser.until_said("echo: message 10\nClosed by the server: 1000").await;
                }
                Experiment::Flood => {
                    browser.until_said("echo: 32 bytes\nClosed by the server: 1000").await;
                }
                Experiment::Steady => {
                    browser.until_said("echo: tick 300\nClosed by the server: 1000").await;
                }
                Experiment::SlowBuilder => {
                    browser.until_said("echo: tick 120\nClosed by the server: 1000").await;
                    // 120 events in 1.9 seconds, of which each rebuild takes a tenth.
                    let frames = browser.frames().await - frames;
                    assert!(frames < 60, "{frames} frames");
                }
                Experiment::PausedReader => {
                    // A browser's socket can't hold a server back, so that the page plays it.
                    browser.until_said("This page plays the server itself").await;
                    panel.press_control(TAKE_ONE).await;
                    let one = "echo: 1 024 bytes\nThis page plays the server itself";
                    browser.until_said(one).await;
                    panel.press_control(PAUSE).await;
                    browser.until_said("echo: 1 024 bytes\nClosed by the server: 1000").await;
                    let asked = browser.requests().await;
                    assert!(asked.is_empty(), "it asked for {asked:?}");
                }
                Experiment::Failure => {
                    let told = browser.until_said("Network unreachable…").await;
                    assert!(!told.status.contains("echo"), "{told:?}");
                }
                Experiment::Close => {
                    let told = browser.until_said("Closed by the server: 4123").await;
                    assert!(told.status.ends_with("“done”"), "{told:?}");
                    // Still there: an end is no news for the message.
                    assert!(!told.status.contains("unreachable"), "{told:?}");
                }
                Experiment::Cut => {
                    let told = browser.until_said("Network unreachable…").await;
                    assert!(told.status.contains("Connection lost: 1006"), "{told:?}");
                }
                Experiment::AnotherStream => {
                    browser.until_said("echo: hello from another stream\nOpen").await;
                }
                Experiment::Hidden => {
                    browser.until_said("echo: tick ").await;
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn where_there_is_no_server_the_page_plays_it() {
    let site = Site::start(Backend::Missing).await;
    Browser::run(Some(REFUSED), async move |browser| {
        browser.open(&site.url()).await;
        browser.until_said("this page echoes by itself").await;
        let mut panel = Panel::open_without_questions(&browser).await;
        browser.requests().await;
        for (experiment, said) in [
            (Experiment::One, "echo: hello\nNo server answers"),
            (Experiment::Flood, "echo: 32 bytes\nClosed by the server: 1000"),
            (Experiment::Failure, "Network unreachable…"),
            (Experiment::Close, "Closed by the server: 4123 private code, “done”"),
            (Experiment::Cut, "Connection lost: 1006"),
            (Experiment::AnotherStream, "echo: hello from another stream"),
            (Experiment::SlowBuilder, "echo: tick 120\nClosed by the server: 1000"),
        ] {
            panel.try_out(experiment).await;
            browser.until_said(said).await;
        }
        let asked = browser.requests().await;
        assert!(asked.is_empty(), "it asked for {asked:?}");
    })
    .await;
}

#[tokio::test]
async fn the_old_text_stays_until_another_stream_speaks() {
    let server = EchoServer::with_app(&setup::dist());
    Browser::run(None, async move |browser| {
        note_what_is_said(&browser).await;
        browser.open(&server.page()).await;
        browser.until_said("Open").await;
        let mut panel = Panel::open_without_questions(&browser).await;
        panel.try_out(Experiment::One).await;
        browser.until_said("echo: hello\nOpen").await;
        let before = said(&browser).await.len();
        panel.try_out(Experiment::AnotherStream).await;
        browser.until_said("echo: hello from another stream\nOpen").await;
        let said = said(&browser).await;
        let said: Vec<&str> = said[before..].iter().map(|said| said.text.as_str()).collect();
        // Nobody can listen to each state, so that some are left out.
        let (last, others) = said.split_last().unwrap();
        assert_eq!(*last, "echo: hello from another stream\nOpen");
        assert!(others.iter().all(|said| said.starts_with("echo: hello\n")), "{said:?}");
    })
    .await;
}

#[tokio::test]
async fn a_hidden_tab_takes_events_in_and_draws_next_to_nothing() {
    let server = EchoServer::with_app(&setup::dist());
    Browser::run(None, async move |browser| {
        browser.count_frames().await;
        note_what_is_said(&browser).await;
        browser.open(&server.page()).await;
        browser.until_said("Open").await;
        let mut panel = Panel::open_without_questions(&browser).await;
        panel.try_out(Experiment::Hidden).await;
        browser.until(|told| tick(&told.status) > Some(30)).await;

        // What the browser tells the page is the same as of a tab behind another one, which a browser
        // without a screen doesn't know.
        browser.session.post("window/minimize", json!({})).await;
        browser.until_true("return document.visibilityState === 'hidden'").await;
        // Not a wait for something, but the time in which it is hidden.
        sleep(Duration::from_secs(5)).await;
        browser.session.post("window/rect", json!({ "width": 900, "height": 1100 })).await;
        browser.until_true("return document.visibilityState === 'visible'").await;
        browser.until_said("echo: tick 1200\nClosed by the server: 1000").await;

        let said = said(&browser).await;
        let hidden: Vec<&Said> = said.iter().filter(|said| said.is_hidden).collect();
        let (first, last) = (hidden.first().unwrap(), hidden.last().unwrap());
        let ticks = tick(&last.text).unwrap() - tick(&first.text).unwrap();
        assert!(ticks > 120, "in 5 s it took in {ticks}: {hidden:?}");
        let frames = last.frames - first.frames;
        assert!(frames < 5, "in 5 s it drew {frames} frames");
    })
    .await;
}

/// The panel, and what in it has the keyboard.
struct Panel<'a> {
    browser: &'a Browser,
    at: usize,
}

/// After everything to try comes what is chosen: the number that is guessed (or nothing), the button that runs it,
/// the one that copies its link, and the switch for questions.
const GUESS: usize = Experiment::ALL.len();
const SWITCH: usize = GUESS + 3;

/// The controls, after three parameters of what is chosen, the two buttons and the switch. The second can be had
/// while the first is on.
const PAUSE: usize = Experiment::ALL.len() + 6;
const TAKE_ONE: usize = PAUSE + 1;

impl<'a> Panel<'a> {
    /// From the message field, which has the keyboard when the page opens.
    async fn open(browser: &'a Browser) -> Self {
        browser.press(F2).await;
        // After the field's own button the one that closes the panel comes first.
        go(browser, "", 3).await;
        Self { browser, at: 0 }
    }

    /// Without questions, a press is a run.
    async fn open_without_questions(browser: &'a Browser) -> Self {
        let mut panel = Self::open(browser).await;
        panel.try_out(Experiment::One).await;
        panel.press_control(SWITCH).await;
        // What was asked is gone, and with it one stop before the switch.
        panel.at -= 1;
        panel
    }

    async fn try_out(&mut self, experiment: Experiment) {
        let at = Experiment::ALL.iter().position(|there| *there == experiment).unwrap();
        self.press_control(at).await;
    }

    async fn press_control(&mut self, at: usize) {
        go(self.browser, "", at.saturating_sub(self.at)).await;
        go(self.browser, SHIFT, self.at.saturating_sub(at)).await;
        self.at = at;
        self.browser.press(" ").await;
    }
}

/// Forward, or back with Shift. One key after the other: the keyboard moves on once in a frame.
async fn go(browser: &Browser, held: &str, times: usize) {
    for _ in 0..times {
        browser.press_with(held, TAB).await;
    }
}

/// What the page said, with what was so then.
#[derive(Debug)]
pub(crate) struct Said {
    text: String,
    is_hidden: bool,
    frames: u64,
    /// In the page's milliseconds.
    pub(crate) at: f64,
}

/// The number of the tick that is the latest message.
fn tick(said: &str) -> Option<u64> {
    said.strip_prefix("echo: tick ")?.lines().next()?.parse().ok()
}

/// Has the page write down all it says: what it says between two questions is not missed, nor what it
/// says while it is hidden.
pub(crate) async fn note_what_is_said(browser: &Browser) {
    browser
        .before_each_page(
            "window.said = [];
             addEventListener('DOMContentLoaded', () => {
                 const status = document.getElementById('status');
                 new MutationObserver(() => {
                     const is_hidden = document.visibilityState === 'hidden';
                     const frames = window.frames_drawn ?? 0;
                     window.said.push([status.textContent, is_hidden, frames, performance.now()]);
                 }).observe(status, { childList: true });
             });",
        )
        .await;
}

pub(crate) async fn said(browser: &Browser) -> Vec<Said> {
    let said = browser.evaluate("return window.said").await;
    let said = said.as_array().unwrap().iter().map(|said| Said {
        text: said[0].as_str().unwrap().to_owned(),
        is_hidden: said[1] == Value::Bool(true),
        frames: said[2].as_u64().unwrap(),
        at: said[3].as_f64().unwrap(),
    });
    said.collect()
}
