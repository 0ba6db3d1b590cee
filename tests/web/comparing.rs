//! The rebuilds panel's other views in a real browser, found by role and name as by assistive technology; and what is
//! saved there, read by the browser itself: a drawing as XML, a trace by its performance panel.

use std::path::PathBuf;

use app_core::comparison::{Swept, Value as ParameterValue, View, Way};
use app_core::experiments::{Answer, Experiment, Setup};
use app_core::recording::{Recording, file};
use serde_json::{Value, json};
use websocket_echo::i18n::{ComparisonWords, Language, Words, words};

use crate::actions::{downloaded, downloads_to};
use crate::browser::{Browser, F2};
use crate::servers::EchoServer;
use crate::setup;

const ENGLISH: &Words = words(Language::English);
const WORDS: &ComparisonWords = &ENGLISH.comparison;

const ARROW_RIGHT: &str = "\u{e014}";

/// Opens the page and its panel, and runs what sends ten messages at once.
async fn run_ten(browser: &Browser, server: &EchoServer) {
    let link = Setup::new(Experiment::Ten).to_link();
    browser.open(&format!("{}?try={link}", server.page())).await;
    browser.until_said("Open").await;
    browser.ask_for_the_mirror().await;
    browser.click_on("button", ENGLISH.trials.run_button).await;
    browser.until_told("echo: message 10").await;
    // It is over once it is answered, however many frames the browser gave.
    let why = (ENGLISH.questions.why)(&Setup::new(Experiment::Ten), Answer::Number(0));
    browser.until_told_of(why).await;
}

fn folder(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("websocket-echo-{}-{name}", std::process::id()))
}

#[tokio::test]
async fn ways_are_compared_and_an_event_is_moved_and_drawn() {
    let server = EchoServer::with_app(&setup::dist());
    let folder = folder("drawing");
    let downloads = folder.clone();
    Browser::run(None, async move |browser| {
        run_ten(&browser, &server).await;
        browser.click_on("button", (WORDS.view)(View::SideBySide)).await;
        browser.until_told("Compared: 10 events of the recording.").await;
        for way in Way::ALL {
            browser.until_told_of(&format!("{}: ", (WORDS.way)(way))).await;
            browser.find("heading", (WORDS.way)(way)).await;
        }
        browser.find("slider", WORDS.moment).await;

        // A value of a parameter opens its runs.
        browser.click_on("button", (WORDS.view)(View::OverRange)).await;
        browser.click_on("button", (WORDS.swept)(Swept::BurstSize)).await;
        let point = (WORDS.parameter_at)(Swept::BurstSize, ParameterValue::Count(64));
        let is_point = |name: &str| name.starts_with(&format!("{point}: "));
        let heard = browser
            .until_heard(&point, |all| all.iter().any(|heard| is_point(&heard.name)))
            .await;
        let point = heard.iter().find(|heard| is_point(&heard.name)).unwrap();
        browser.run_on(point, "this.click()", &[]).await;
        browser.until_told("Compared: a burst of 64 events, instead of what was recorded.").await;
        browser.click_on("button", WORDS.put_back_button.0).await;

        // An event is moved by the keyboard, and the rebuilds regroup.
        browser.click_on("button", (WORDS.view)(View::Marbles)).await;
        let is_groups = |name: &str| name.contains(" of events ");
        let groups = |all: &[crate::assistive::Heard]| {
            all.iter().find(|heard| is_groups(&heard.name)).map(|heard| heard.name.clone())
        };
        let before = groups(&browser.until_heard("rebuilds", |all| groups(all).is_some()).await);
        // Assistive technology chooses by button, as all arrows move a slider that it has.
        for _ in 1..10 {
            browser.click_on("button", WORDS.next_marble.0).await;
        }
        let marbles = browser.find("slider", WORDS.marbles).await;
        browser.run_on(&marbles, "this.focus()", &[]).await;
        browser.drawn().await;
        for _ in 0..25 {
            browser.press(ARROW_RIGHT).await;
        }
        browser.until_told("Compared: 10 events of the recording. Some were moved.").await;
        let moved = browser.until_heard("others", |all| groups(all) != before).await;
        let after = groups(&moved).unwrap();
        assert!(after.ends_with(", 10"), "the last one is alone now: {before:?} {after}");

        // What is drawn is saved, and is a drawing to the browser too.
        browser.click_on("button", (WORDS.view)(View::SideBySide)).await;
        browser.until_told_of(&format!("{}: ", (WORDS.way)(Way::OneAFrame))).await;
        downloads_to(&browser, &downloads).await;
        browser.click_on("button", WORDS.save_button.0).await;
        let svg = downloaded(&downloads, "svg").await;
        // The page itself allows no style of anybody else.
        browser.open("about:blank").await;
        let parsed = browser
            .evaluate(&format!(
                "const drawing = new DOMParser().parseFromString({}, 'image/svg+xml');
                 const lanes = [...drawing.querySelectorAll('g[role=img]')];
                 return [drawing.documentElement.localName, drawing.querySelector('parsererror')?.textContent,
                     lanes.map((lane) => [lane.getAttribute('aria-label').split(':')[0],
                         lane.querySelectorAll('.rebuild').length])];",
                serde_json::to_string(&svg).unwrap()
            ))
            .await;
        assert_eq!((&parsed[0], &parsed[1]), (&json!("svg"), &Value::Null), "{svg}");
        let lanes = parsed[2].as_array().unwrap();
        let names: Vec<_> = lanes.iter().map(|lane| lane[0].as_str().unwrap()).collect();
        assert_eq!(names, Way::ALL.map(WORDS.way));
        assert!(lanes.iter().all(|lane| lane[1].as_u64() > Some(0)), "{lanes:?}");
    })
    .await;
    std::fs::remove_dir_all(folder).unwrap();
}

/// Spans as the browser has them: their names, and when they begin and how long they are, in nanoseconds.
type Spans = Vec<(String, u64, u64)>;

/// The spans of a stage, as the recording has them.
fn expected(recording: &Recording) -> [(&'static str, Spans); 3] {
    let ns = |time: std::time::Duration| u64::try_from(time.as_nanos()).unwrap();
    let since = |time| ns(time) - ns(recording.began());
    let frames = recording.frames().filter_map(|frame| {
        let drawn = frame.drawn?;
        Some((format!("frame {}", frame.number), since(frame.began), ns(drawn - frame.began)))
    });
    let rebuilds = recording.rebuilds().map(|rebuild| {
        let name = format!("rebuild {}", rebuild.number);
        (name, since(rebuild.frame), ns(rebuild.snapshot - rebuild.frame))
    });
    let screens = recording.rebuilds().filter_map(|rebuild| {
        let name = format!("rebuild {}", rebuild.number);
        Some((name, since(rebuild.snapshot), ns(rebuild.drawn? - rebuild.snapshot)))
    });
    [("Frame", frames.collect()), ("Snapshot", rebuilds.collect()), ("Screen", screens.collect())]
}

#[tokio::test]
async fn a_trace_is_opened_by_the_performance_panel_and_read_back() {
    let server = EchoServer::with_app(&setup::dist());
    let folder = folder("trace");
    let downloads = folder.clone();
    Browser::run(None, async move |browser| {
        run_ten(&browser, &server).await;
        // While the panel is closed nothing is recorded, so that both files are of the same.
        browser.press(F2).await;
        browser.press(F2).await;
        browser.until_told(ENGLISH.replay.stopped).await;
        downloads_to(&browser, &downloads).await;
        browser.click_on("button", ENGLISH.replay.save_button.0).await;
        let saved = downloaded(&downloads, "recording.json").await;
        let recording = file::read(saved.as_bytes()).unwrap();
        browser.click_on("button", ENGLISH.dismiss_button).await;
        browser.click_on("button", ENGLISH.replay.trace_button.0).await;
        let trace = downloaded(&downloads, "trace.json").await;

        let opened = open_in_performance_panel(&browser, &trace).await;
        assert_eq!(
            opened["tracks"],
            json!(["Socket", "Mailbox", "Waker", "Frame", "Snapshot", "Screen", "State"])
        );
        for (track, spans) in expected(&recording) {
            assert!(!spans.is_empty(), "{track}");
            assert_eq!(read_spans(&opened["spans"][track]), spans, "{track}");
        }
        let states = read_spans(&opened["spans"]["State"]);
        assert_eq!(states.len(), recording.states().count());
        assert_eq!(states.last().map(|(name, ..)| name.as_str()), Some("done"));
        // What is no span is there too: ten messages that have arrived, and their way through the mailbox.
        let count = |phase: &str| opened["phases"][phase].as_u64().unwrap_or_default();
        let messages = recording.events().filter(|event| event.arrived.is_some()).count() as u64;
        let wakes = recording.wakes().count() as u64;
        let undrawn = recording.frames().filter(|frame| frame.drawn.is_none()).count() as u64;
        assert_eq!(count("i"), messages + wakes + undrawn);
        assert_eq!((count("b"), count("e")), (messages, messages));
    })
    .await;
    std::fs::remove_dir_all(folder).unwrap();
}

/// What the performance panel of this browser's own developer tools makes of a trace. (The viewer that once was at
/// `chrome://tracing` is in no Chromium of Debian any more.)
async fn open_in_performance_panel(browser: &Browser, trace: &str) -> Value {
    browser.open("devtools://devtools/bundled/devtools_app.html").await;
    let script = format!(
        "const done = arguments[0];
         (async () => {{
             const {{ TraceModel, Handlers }} = await import('devtools://devtools/bundled/models/trace/trace.js');
             const model = TraceModel.Model.createWithAllHandlers();
             const {{ traceEvents }} = JSON.parse({});
             await model.parse(traceEvents, {{ metadata: {{}}, isFreshRecording: false }});
             const {{ data, traceEvents: kept }} = model.parsedTrace(0);
             const tracks = [...[...data.Meta.threadsInProcess.values()][0].entries()];
             const phases = {{}};
             for (const {{ ph }} of kept) phases[ph] = (phases[ph] ?? 0) + 1;
             const spans = {{}};
             for (const {{ name, entries }} of Handlers.Threads.threadsInTrace(data)) {{
                 spans[name] = entries.map(({{ name, ts, dur }}) => [name, ts, dur]);
             }}
             return {{ tracks: tracks.sort(([a], [b]) => a - b).map(([, {{ args }}]) => args.name), phases, spans }};
         }})().then(done, (why) => done(`${{why.stack}}`));",
        serde_json::to_string(trace).unwrap()
    );
    browser.evaluate_later(&script).await
}

fn read_spans(spans: &Value) -> Spans {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "they are microseconds"
    )]
    let ns = |time: &Value| (time.as_f64().unwrap() * 1e3).round() as u64;
    let spans = spans.as_array().unwrap_or_else(|| panic!("no spans: {spans}"));
    let span = |span: &Value| (span[0].as_str().unwrap().to_owned(), ns(&span[1]), ns(&span[2]));
    spans.iter().map(span).collect()
}
