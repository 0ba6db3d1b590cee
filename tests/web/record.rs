//! `cargo xtask record`: a walk through the page in a real browser, as a film, and a still of it, for
//! the README. Nothing is played: it is the built page, its server, and a mouse.
//!
//! It compares with nothing; the tests beside it do that. But it waits for the page to say what is to
//! be seen next, so that it can't record a page that does not work.

#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a recording that can't go on has failed, and says what it knows"
)]
#![allow(dead_code, reason = "the tests use all of what they share with this")]

mod browser;
mod driver;
mod film;
mod servers;
mod setup;

#[path = "../page/glyphs.rs"]
mod glyphs;
#[path = "../page/window.rs"]
mod window;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::time::{Duration, SystemTime};

use app_core::comparison::View;
use app_core::experiments::{Choice, Experiment};
use app_core::{ConnectionStatus, Opening, Panel};
use egui::{Pos2, Rect, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_system_font_provider::SystemFontProvider;
use serde_json::{Value, json};
use websocket_echo::i18n::{Language, words};

use browser::Browser;
use film::Film;
use servers::EchoServer;
use window::Window;

/// Of the browser's window, in points. From 960 on the panel stands beside the page.
const SIZE: Vec2 = vec2(1200.0, 900.0);

/// Where the panel is.
const PANEL: [u16; 2] = [900, 660];

/// How far the panel is scrolled from the experiments to the slider over the past, and on to what is compared.
const TO_PAST: i16 = 480;
const TO_LANES: i16 = 300;

/// In how many steps the mouse comes to where it clicks, and how long the film shows each of them. The
/// clock of the film is a person's: a camera without a graphics card takes longer for a picture than a
/// hand for its way, and nothing else happens meanwhile. What the page does has its real time.
const MOUSE_STEPS: u8 = 8;
const MOUSE_STEP: Duration = Duration::from_millis(50);

/// How long anything may take that the page is to say.
const DEADLINE: Duration = Duration::from_secs(30);

/// How long a click takes, and a key.
const CLICK: Duration = Duration::from_millis(100);
const KEY: Duration = Duration::from_millis(140);

/// Something that a person does, and the time to look at what it did.
enum Step {
    Type(&'static str),
    Click(&'static str),
    /// Turns the mouse's wheel over the panel, by so many points.
    Scroll(i16),
    /// Until this is part of what the page says.
    Hear(&'static str),
    Look(Duration),
}

fn main() {
    let folder = PathBuf::from(setup::variable("WEBSOCKET_ECHO_PICTURES"));
    take_film(folder.join("walk-through.gif"));
    let (language, theme) = (Language::Chinese, Theme::Dark);
    take_still(folder.join("rebuilds-dark.png"), language, theme, Experiment::Ten);
}

fn walk(language: Language) -> Vec<Step> {
    let words = words(language);
    use Step::{Click, Hear, Look, Scroll, Type};

    let look = |ms| Look(Duration::from_millis(ms));
    let experiment = |experiment| Click((words.experiments.name)(experiment));
    let run = || Click(words.trials.run_button);
    let view = |view| Click((words.comparison.view)(view));
    vec![
        look(500),
        Type("hello"),
        Click(words.message.send_button),
        Hear("echo: hello\n"),
        look(900),
        Click((words.open_panel_button)(Panel::Rebuilds)),
        look(900),
        // Predict, then run.
        experiment(Experiment::Flood),
        look(1_500),
        Click((words.questions.choice)(Choice::DrawsAll)),
        look(600),
        run(),
        Hear("echo: 32 bytes\nClosed by the server: 1000"),
        look(2_500),
        experiment(Experiment::Ten),
        look(1_000),
        run(),
        Hear("echo: message 10\nClosed by the server: 1000"),
        look(2_000),
        // Turn the time back.
        Scroll(TO_PAST),
        look(600),
        Click(words.replay.previous_event.0),
        look(600),
        Click(words.replay.previous_event.0),
        look(600),
        Click(words.replay.previous_event.0),
        look(1_200),
        Click(words.replay.back_button),
        look(800),
        // The same events, taken in otherwise.
        view(View::SideBySide),
        // Until it is computed.
        look(1_200),
        Scroll(TO_LANES),
        look(2_000),
        view(View::Marbles),
        look(2_000),
        view(View::Happened),
        Scroll(-TO_LANES - TO_PAST),
        look(600),
        experiment(Experiment::Cut),
        look(600),
        run(),
        Hear("Network unreachable"),
        look(1_500),
    ]
}

fn take_film(path: PathBuf) {
    let language = Language::English;
    let server = EchoServer::with_app(&setup::dist());
    let walk = walk(language);
    let mut places = places(&walk, language, &server);
    let (done, film) = mpsc::channel();
    in_browser(language, Theme::Light, async move |browser| {
        browser.before_each_page(POINTER).await;
        let mut camera = Camera::open(&browser, &server.page(), language).await;
        for step in walk {
            match step {
                Step::Type(text) => {
                    for key in text.chars() {
                        browser.press(key.encode_utf8(&mut [0; 4])).await;
                        camera.take().await;
                        camera.now += KEY;
                    }
                }
                Step::Click(_) => camera.click(places.pop_front().unwrap()).await,
                Step::Scroll(by) => camera.scroll(by).await,
                Step::Hear(part) => camera.roll_until(part).await,
                Step::Look(time) => camera.roll(time).await,
            }
        }
        done.send(camera.film).unwrap();
    });
    let length = film.recv().unwrap().save(&path).unwrap();
    let size = std::fs::metadata(&path).unwrap().len();
    println!("{}: {length:.1?}, {} kB", path.display(), size / 1_000);
}

/// Where there is to be clicked: found by name in the same page without a browser, which is taken the
/// same way. On the canvas nothing has a name. It waits for its server, and so can't be asked where
/// others wait for theirs.
fn places(walk: &[Step], language: Language, server: &EchoServer) -> VecDeque<Pos2> {
    let opening = Opening { language, ..window::opening(server.echo_url()) };
    let mut window = Window::build(Harness::builder().with_size(SIZE), opening, |ctx| {
        // The same font as the browser's, or one with the same widths.
        let fonts = SystemFontProvider::new().with_locale(Some("zh-Hans"));
        ctx.add_font_provider(Arc::new(fonts));
    });
    window.until_shown((words(language).connection.status_word)(ConnectionStatus::Open));
    let mut places = VecDeque::new();
    for step in walk {
        match step {
            Step::Click(label) => {
                window.until(label, |window| !window.is_disabled(label));
                let place = window.get(label).rect().center();
                let view = Rect::from_min_size(Pos2::ZERO, SIZE);
                assert!(view.contains(place), "{label:?} is out of view, at {place}: scroll first");
                places.push_back(place);
                window.click(label);
            }
            Step::Type(text) => window.type_text(text),
            Step::Scroll(by) => {
                let [x, y] = PANEL.map(f32::from);
                window.wheel(pos2(x, y), f32::from(-by));
            }
            Step::Hear(_) | Step::Look(_) => {}
        }
    }
    places
}

#[derive(Clone, Copy)]
enum Theme {
    Light,
    Dark,
}

/// The panel, after something that ends with everything said.
fn take_still(path: PathBuf, language: Language, theme: Theme, experiment: Experiment) {
    let server = EchoServer::with_app(&setup::dist());
    let walk = [
        Step::Click((words(language).open_panel_button)(Panel::Rebuilds)),
        Step::Click((words(language).experiments.name)(experiment)),
        Step::Click(words(language).trials.run_button),
    ];
    let places = places(&walk, language, &server);
    in_browser(language, theme, async move |browser| {
        let mut camera = Camera::open(&browser, &server.page(), language).await;
        for place in places {
            camera.click(place).await;
        }
        browser.until_said("1000").await;
        // Off the button, whose explanation would hide others.
        camera.act(&[move_to(pos2(SIZE.x / 4.0, SIZE.y - 8.0))]).await;
        camera.roll(Duration::from_secs(1)).await;
        browser.picture().await.save(&path).unwrap();
        println!("{}", path.display());
    });
}

fn in_browser<T>(language: Language, theme: Theme, recording: impl FnOnce(Browser) -> T)
where
    T: Future<Output = ()> + Send + 'static,
{
    let scheme = match theme {
        Theme::Dark => 0,
        Theme::Light => 1,
    };
    let mut args = setup::chromium_args();
    args.push(format!("--accept-lang={}", language.tag()));
    args.push(format!("--blink-settings=preferredColorScheme={scheme}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(Browser::run_with(args, None, recording));
}

/// What looks at the page, and the mouse in it.
struct Camera<'a> {
    browser: &'a Browser,
    film: Film,
    /// Of the film.
    now: Duration,
    mouse: Pos2,
}

impl<'a> Camera<'a> {
    async fn open(browser: &'a Browser, url: &str, language: Language) -> Self {
        // The page's own size; a window has a frame of some height or other.
        let size = json!({
            "width": SIZE.x, "height": SIZE.y, "deviceScaleFactor": 1, "mobile": false,
        });
        browser.session.devtools("Emulation.setDeviceMetricsOverride", size).await;
        // What a test reads in the browser's log would stand between the pictures there.
        browser.session.devtools("Network.disable", json!({})).await;
        browser.open(url).await;
        browser.until_said((words(language).connection.status_word)(ConnectionStatus::Open)).await;
        let mouse = pos2(SIZE.x / 4.0, SIZE.y * 0.7);
        let mut camera = Self { browser, film: Film::default(), now: Duration::ZERO, mouse };
        camera.act(&[move_to(mouse)]).await;
        camera.take().await;
        camera
    }

    /// Goes there, faster in the middle of the way, and clicks. The page hears of the mouse only as it
    /// clicks: at the speed of the camera it would explain all that lies on the way.
    async fn click(&mut self, place: Pos2) {
        let from = self.mouse;
        let steps = if from == place { 0 } else { MOUSE_STEPS };
        for step in 1..=steps {
            let part = f32::from(step) / f32::from(steps);
            let eased = part * part * (3.0 - 2.0 * part);
            let Pos2 { x, y } = from.lerp(place, eased);
            self.browser.evaluate(&format!("window.show_pointer?.({x}, {y})")).await;
            self.take().await;
            self.now += MOUSE_STEP;
        }
        self.mouse = place;
        let press = |kind: &str| json!({ "type": kind, "button": 0 });
        self.act(&[move_to(place), press("pointerDown"), press("pointerUp")]).await;
        self.now += CLICK;
    }

    /// Turns the wheel over the panel.
    async fn scroll(&mut self, by: i16) {
        let wheel = json!({
            "type": "wheel",
            "id": "wheel",
            "actions": [{
                "type": "scroll", "duration": 0, "x": PANEL[0], "y": PANEL[1],
                "deltaX": 0, "deltaY": by,
            }],
        });
        self.browser.session.post("actions", json!({ "actions": [wheel] })).await;
    }

    async fn act(&self, actions: &[Value]) {
        let mouse = json!({
            "type": "pointer",
            "id": "mouse",
            "parameters": { "pointerType": "mouse" },
            "actions": actions,
        });
        self.browser.session.post("actions", json!({ "actions": [mouse] })).await;
    }

    /// Looks on for this long.
    async fn roll(&mut self, time: Duration) {
        let start = self.roll_on().await;
        while elapsed(start) < time {
            self.develop(start).await;
        }
        self.roll_off(start).await;
    }

    /// Looks on until this is part of what the page says.
    async fn roll_until(&mut self, part: &str) {
        let start = self.roll_on().await;
        while !self.browser.told().await.status.contains(part) {
            assert!(elapsed(start) < DEADLINE, "for {DEADLINE:?} it did not say {part:?}");
            self.develop(start).await;
        }
        self.roll_off(start).await;
    }

    /// From now on the browser takes a picture whenever there is something new to be seen.
    async fn roll_on(&self) -> SystemTime {
        let start = SystemTime::now();
        let params = json!({ "format": "png" });
        self.browser.session.devtools("Page.startScreencast", params).await;
        start
    }

    /// Gets what was taken since, and lets the browser take the next.
    async fn develop(&mut self, start: SystemTime) {
        let log = self.browser.session.post("se/log", json!({ "type": "performance" })).await;
        for entry in log.as_array().unwrap() {
            let message = entry["message"].as_str().unwrap();
            if !message.contains("Page.screencastFrame") {
                continue;
            }
            let message: Value = serde_json::from_str(message).unwrap();
            let frame = &message["message"]["params"];
            let Some(picture) = frame["data"].as_str() else { continue };
            let at = Duration::from_secs_f64(frame["metadata"]["timestamp"].as_f64().unwrap());
            let since = (SystemTime::UNIX_EPOCH + at).duration_since(start).unwrap_or_default();
            self.film.add(self.now + since, decode(picture));
            let seen = json!({ "sessionId": frame["sessionId"] });
            self.browser.session.devtools("Page.screencastFrameAck", seen).await;
        }
    }

    async fn roll_off(&mut self, start: SystemTime) {
        self.browser.session.devtools("Page.stopScreencast", json!({})).await;
        self.develop(start).await;
        self.now += elapsed(start);
        // What it has come to, also where the browser was too busy to say so.
        self.take().await;
    }

    async fn take(&mut self) {
        self.film.add(self.now, photograph(self.browser).await);
    }
}

fn move_to(place: Pos2) -> Value {
    let (x, y) = (place.x.round(), place.y.round());
    json!({ "type": "pointerMove", "duration": 0, "x": x, "y": y })
}

/// What is to be seen, as PNG: packed in haste, as there is more to be seen soon.
async fn photograph(browser: &Browser) -> Vec<u8> {
    let params = json!({ "format": "png", "optimizeForSpeed": true });
    let picture = browser.session.devtools("Page.captureScreenshot", params).await;
    decode(picture["data"].as_str().unwrap())
}

fn decode(picture: &str) -> Vec<u8> {
    data_encoding::BASE64.decode(picture.as_bytes()).unwrap()
}

fn elapsed(start: SystemTime) -> Duration {
    start.elapsed().unwrap_or_default()
}

/// Shows where the mouse is: a picture of the page has none.
const POINTER: &str = r#"
    addEventListener("DOMContentLoaded", () => {
        const pointer = document.createElement("div");
        pointer.style.cssText = "position: fixed; left: 0; top: 0; pointer-events: none";
        pointer.innerHTML = `<svg width="20" height="24" viewBox="0 0 20 24">
            <path d="M1 1v17.5l4.6-4.2 3 7 3.3-1.4-3-6.9h6.3z" fill="black" stroke="white"
                stroke-width="1.4" stroke-linejoin="round"/></svg>`;
        document.body.append(pointer);
        window.show_pointer = (x, y) => {
            pointer.style.transform = `translate(${x}px, ${y}px)`;
        };
        addEventListener("pointermove", ({ clientX, clientY }) => {
            window.show_pointer(clientX, clientY);
        }, true);
    });
"#;
