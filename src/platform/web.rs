//! The browser: a canvas, an address from the page's own, and words for those who can't see it.

use std::cell::RefCell;
use std::time::Duration;

use app_core::Opening;
use app_core::settings::{Platform, Transport};
use eframe::egui::DroppedFileHandle;
use eframe::wasm_bindgen::JsCast as _;
use eframe::wasm_bindgen::closure::Closure;
use egui_web_accessibility::Start;
use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Document, File, HtmlCanvasElement, PageTransitionEvent, Url, UrlSearchParams, Window, console,
    window,
};
use web_time::Instant;

use super::web_keys::{is_browsers_zoom, leave_keys_to_the_browser};
use super::{FileProblem, pictures, web_fonts};
use crate::announcer::Announcer;
use crate::app::EchoPage;
use crate::effects::connection::PendingClose;
use crate::i18n::{Language, words};

/// The elements of index.html that the program touches.
const CANVAS: &str = "canvas";
const STATUS: &str = "status";

/// The parameter of the page's address that is a link to an experiment.
const TRY: &str = "try";

/// Starts the page; it goes on after this returns. A panic ends as a trap, which reaches the browser as
/// an error, and so assets/start.js, which says that the page has stopped.
pub fn main() {
    wasm_bindgen_futures::spawn_local(async {
        let runner = eframe::WebRunner::new();
        let canvas = document().and_then(|document| document.get_element_by_id(CANVAS));
        let canvas = canvas.and_then(|canvas| canvas.dyn_into::<HtmlCanvasElement>().ok());
        let canvas = canvas.expect("index.html has a canvas");
        let mirrored = canvas.clone();
        let create: eframe::AppCreator<'static> = Box::new(move |creation| {
            creation.egui_ctx.set_fonts(web_fonts::definitions());
            pictures::listen(&creation.egui_ctx);
            mirror(&creation.egui_ctx, &mirrored);
            let page = EchoPage::new(&creation.egui_ctx, opening(creation.storage));
            set_state("running");
            Ok(Box::new(page))
        });
        leave_keys_to_the_browser();
        let options = eframe::WebOptions {
            should_prevent_default: Box::new(|event| !is_browsers_zoom(event)),
            ..eframe::WebOptions::default()
        };
        if let Err(why) = runner.start(canvas, options, create).await {
            // Nothing but the canvas can say no: the browser has no WebGL for it.
            set_state("unsupported");
            console::error_1(&why);
        }
        close_when_kept(runner);
    });
}

/// The language that the browser asks pages for now.
pub fn system_language() -> Language {
    Language::of_locale(&sys_locale::get_locale().unwrap_or_default())
}

/// Lets screen readers ask for what is on the canvas, as elements that nobody else sees.
fn mirror(ctx: &egui::Context, canvas: &HtmlCanvasElement) {
    let button = match system_language() {
        Language::English => "Enable accessibility",
        Language::Chinese => "启用无障碍功能",
    };
    let start = Start::WhenAskedFor { button: button.to_owned() };
    if let Err(why) = egui_web_accessibility::install(ctx, canvas, start) {
        console::error_1(&why);
    }
}

thread_local! {
    static ANNOUNCER: RefCell<Announcer> = RefCell::default();
}

/// Writes what is new on the canvas where screen readers find it: they can't see into a canvas, and
/// eframe does not tell them. Where the mirror does, this says nothing.
pub fn announce(summary: &str, heard: u64, language: Language) {
    let Some(document) = document() else { return };
    if let Some(page) = document.document_element()
        && page.get_attribute("lang").as_deref() != Some(language.tag())
    {
        // A page that can't be told its language is read in the wrong one, and nothing worse.
        let _ = page.set_attribute("lang", language.tag());
    }
    let title = words(language).title;
    if document.title() != title {
        document.set_title(title);
    }
    if egui_web_accessibility::is_on() {
        ANNOUNCER.with_borrow_mut(Announcer::fall_silent);
        set_status("");
        return;
    }
    let wait = ANNOUNCER.with_borrow_mut(|announcer| announcer.tell(summary, heard, uptime()));
    match wait {
        None => {}
        Some(Duration::ZERO) => say(),
        // By a timer, as no frame is drawn for this.
        Some(wait) => spawn(async move {
            sleep(wait).await;
            say();
        }),
    }
}

fn say() {
    if !egui_web_accessibility::is_on() {
        ANNOUNCER.with_borrow_mut(|announcer| set_status(announcer.say(uptime())));
    }
}

fn set_status(text: &str) {
    let status = document().and_then(|document| document.get_element_by_id(STATUS));
    if let Some(status) = status.filter(|status| status.text_content().as_deref() != Some(text)) {
        status.set_text_content(Some(text));
    }
}

/// Since the page was opened.
fn uptime() -> Duration {
    let now = window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now());
    Duration::try_from_secs_f64(now / 1000.0).unwrap_or_default()
}

/// A link to an experiment as it is sent to somebody: the address of this page, with it.
pub fn link_to_copy(link: &str) -> String {
    with_link(link).map_or_else(|| format!("?{TRY}={link}"), |page| page.href())
}

/// Shows a link to an experiment in the page's address, in place of one that was there.
pub fn show_link(link: &str) {
    let history = window().and_then(|window| window.history().ok());
    if let (Some(history), Some(page)) = (history, with_link(link)) {
        // Refused where it is done too often; the link can still be copied.
        let state = history.state().unwrap_or_default();
        let _ = history.replace_state_with_url(&state, "", Some(&page.href()));
    }
}

/// Runs a task of the page's own beside the frames. There is one thread, so it need not be `Send`, and
/// with a timer of the browser in it it is not.
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(task);
}

/// Does a piece of work beside the frames. There is one thread, so it is done here and now, but not for longer
/// than a frame can bear. It asks whether to go on, and is to end soon after the answer is no; whoever wants
/// more asks again.
pub fn beside_frames(work: impl FnOnce(&mut dyn FnMut() -> bool)) {
    const SLICE: Duration = Duration::from_millis(4);
    let start = Instant::now();
    work(&mut || start.elapsed() < SLICE);
}

/// Lets time pass.
pub async fn sleep(time: Duration) {
    gloo_timers::future::sleep(time).await;
}

/// Reads a file of at most so many bytes.
pub async fn read_file(file: &DroppedFileHandle, most: u64) -> Result<Vec<u8>, FileProblem> {
    match file.web_file() {
        Some(file) => read(file, most).await,
        None => file.bytes_async().await.map_err(FileProblem::Unreadable),
    }
}

/// Reads a file of the browser's, of at most so many bytes. Its size is known before it is read.
pub(super) async fn read(file: &File, most: u64) -> Result<Vec<u8>, FileProblem> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a length is a whole number"
    )]
    let bytes = file.size() as u64;
    if bytes > most {
        return Err(FileProblem::TooLarge { bytes });
    }
    let content = JsFuture::from(file.array_buffer()).await;
    let content = content.map_err(|why| FileProblem::Unreadable(format!("{why:?}")))?;
    Ok(Uint8Array::new(&content).to_vec())
}

/// A page that is left can't wait, nor is it asked to: eframe ends nothing here, the browser does.
pub fn wait_for_close(_: PendingClose) {}

/// Ends the program, and so its connection, when the browser keeps the page that is left, to show it
/// again; assets/start.js then loads it anew. A page that is not kept takes its sockets with it, and
/// the browser says goodbye for it, with 1001.
fn close_when_kept(runner: eframe::WebRunner) {
    let hide = Closure::<dyn FnMut(PageTransitionEvent)>::new(move |event: PageTransitionEvent| {
        if event.persisted() {
            runner.destroy();
        }
    });
    if let Some(window) = window() {
        // Refused by no window; and a page without it is closed later, and nothing worse.
        let _ = window.add_event_listener_with_callback("pagehide", hide.as_ref().unchecked_ref());
    }
    hide.forget();
}

fn opening(storage: Option<&dyn eframe::Storage>) -> Opening {
    let asked = query("url");
    Opening {
        can_echo_in_page: asked.is_none(),
        has_endpoints: asked.is_none(),
        platform: Platform::Browser,
        has_ewebsock: cfg!(feature = "ewebsock"),
        transport: query("transport").and_then(|name| Transport::of_name(&name)),
        link: query(TRY),
        stored: EchoPage::stored(storage),
        address: asked.unwrap_or_else(home),
        language: system_language(),
    }
}

/// `/echo` on the page's own host, by the secure scheme if the page is secure.
fn home() -> String {
    let home = || {
        let page = Url::new(&window()?.location().href().ok()?).ok()?;
        let scheme = if page.protocol() == "https:" { "wss" } else { "ws" };
        Some(format!("{scheme}://{}/echo", page.host()))
    };
    home().unwrap_or_else(|| "ws://127.0.0.1:9001/echo".to_owned())
}

fn query(name: &str) -> Option<String> {
    let search = window()?.location().search().ok()?;
    UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// The page's own address with this link to an experiment in it, in place of one that was there.
fn with_link(link: &str) -> Option<Url> {
    let page = Url::new(&window()?.location().href().ok()?).ok()?;
    let query = UrlSearchParams::new_with_str(&page.search()).ok()?;
    query.set(TRY, link);
    // Parameters are written by name, and a link needs no escapes.
    page.set_search(&String::from(query.to_string()));
    Some(page)
}

fn document() -> Option<Document> {
    window().as_ref().and_then(Window::document)
}

/// Tells the page how far the program has come; see assets/start.js.
fn set_state(state: &str) {
    if let Some(page) = document().and_then(|document| document.document_element()) {
        let _ = page.set_attribute("data-state", state);
    }
}
