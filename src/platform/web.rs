//! The browser: a canvas, an address from the page's own, and words for those who can't see it.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use app_core::Opening;
use app_core::settings::Platform;
use eframe::egui::{Context, DroppedFileHandle, Ui};
use eframe::wasm_bindgen::JsCast as _;
use eframe::wasm_bindgen::closure::Closure;
use eframe::wasm_bindgen::convert::FromWasmAbi;
use egui_web_accessibility::Start;
use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Document, Event, EventTarget, File, HtmlCanvasElement, PageTransitionEvent, Storage,
    WebGlContextAttributes, Window, console, window,
};
use web_time::Instant;

use super::web_address::{self, Asked};
use super::web_keys::{is_browsers_zoom, leave_keys_to_the_browser};
use super::{FileProblem, pictures, web_clipboard, web_fonts, web_input, web_preferences};
use crate::announcer::Announcer;
use crate::app::{EchoPage, STORED_KEY};
use crate::effects::connection::PendingClose;
use crate::i18n::{Language, words};

/// The elements of index.html that the program touches.
const CANVAS: &str = "canvas";
const STATUS: &str = "status";

/// Where the browser keeps what stands in the message field and was not sent, for when the page is loaded anew: in this
/// tab, and no longer than it is open.
const DRAFT_KEY: &str = "websocket-echo-draft";

thread_local! {
    /// The context in which the page is drawn.
    static CONTEXT: RefCell<Option<Context>> = const { RefCell::new(None) };
}

/// Has a frame drawn, as something was heard beside egui.
pub(super) fn wake() {
    CONTEXT.with_borrow(|ctx| {
        if let Some(ctx) = ctx {
            ctx.request_repaint();
        }
    });
}

/// Starts the page; it goes on after this returns. A panic ends as a trap, which reaches the browser as
/// an error, and so assets/start.js, which says that the page has stopped.
pub fn main() {
    wasm_bindgen_futures::spawn_local(async {
        let canvas = document().and_then(|document| document.get_element_by_id(CANVAS));
        let canvas = canvas.and_then(|canvas| canvas.dyn_into::<HtmlCanvasElement>().ok());
        let canvas = canvas.expect("index.html has a canvas");
        let program = Program { runner: eframe::WebRunner::new(), canvas, page: Rc::default() };
        leave_keys_to_the_browser();
        program.start().await;
        pictures::listen();
        web_clipboard::listen();
        web_address::listen();
        program.listen();
    });
}

/// The page on its canvas.
#[derive(Clone)]
struct Program {
    runner: eframe::WebRunner,
    canvas: HtmlCanvasElement,
    /// Outlives what it is drawn with.
    page: Rc<RefCell<Option<EchoPage>>>,
}

impl Program {
    /// Begins to draw: a new page, or the one that there is.
    async fn start(&self) {
        let (page, mirrored) = (Rc::clone(&self.page), self.canvas.clone());
        let create: eframe::AppCreator<'static> = Box::new(move |creation| {
            let ctx = &creation.egui_ctx;
            CONTEXT.set(Some(ctx.clone()));
            ctx.set_fonts(web_fonts::definitions());
            mirror(ctx, &mirrored);
            web_clipboard::install(ctx);
            match &mut *page.borrow_mut() {
                Some(page) => {
                    page.move_to(ctx);
                    forget_draft();
                }
                none => *none = Some(new_page(ctx, creation.storage)),
            }
            set_state("running");
            Ok(Box::new(Drawn(page)))
        });
        let options = eframe::WebOptions {
            should_prevent_default: Box::new(|event| !is_browsers_zoom(event)),
            ..eframe::WebOptions::default()
        };
        prepare_graphics(&self.canvas);
        if let Err(why) = self.runner.start(self.canvas.clone(), options, create).await {
            // Nothing but the canvas can say no: the browser has no WebGL for it.
            set_state("unsupported");
            console::error_1(&why);
        }
        web_input::prepare(&self.canvas);
    }

    /// Hears of what the browser does with the page and its canvas.
    fn listen(&self) {
        let Some(window) = window() else { return };
        // A browser may end a page that is hidden without a word.
        let program = self.clone();
        hear(&window, "visibilitychange", move |_: Event| program.save());
        // It may also keep it with all it has, but for sockets, to show it again. A page that is not kept takes
        // its sockets with it, and the browser says goodbye for it, with 1001.
        let program = self.clone();
        hear(&window, "pagehide", move |event: PageTransitionEvent| {
            program.save();
            if event.persisted() {
                program.with_page(EchoPage::leave);
            }
        });
        let program = self.clone();
        hear(&window, "pageshow", move |event: PageTransitionEvent| {
            if event.persisted() {
                program.with_page(EchoPage::come_back);
                wake();
            }
        });
        let program = self.clone();
        hear(&window, "languagechange", move |_: Event| {
            program.with_page(EchoPage::look_at_language);
            wake();
        });
        // Without graphics nobody sees what is typed, and so nothing is taken in until they are back.
        let program = self.clone();
        hear(&self.canvas, "webglcontextlost", move |event: Event| {
            // A promise to draw all of it anew, without which the browser gives nothing back.
            event.prevent_default();
            program.save();
            program.runner.destroy();
            set_state("lost");
        });
        let program = self.clone();
        hear(&self.canvas, "webglcontextrestored", move |_: Event| {
            let program = program.clone();
            wasm_bindgen_futures::spawn_local(async move { program.start().await });
        });
    }

    /// Keeps what is kept over restarts. eframe does so now and then, and not when the page goes.
    fn save(&self) {
        self.with_page(|page| {
            eframe::web::storage::local_storage_set(STORED_KEY, &page.stored_text());
            keep_draft(page.unsent());
        });
    }

    fn with_page(&self, work: impl FnOnce(&mut EchoPage)) {
        // At work only while the browser is not.
        if let Ok(mut page) = self.page.try_borrow_mut()
            && let Some(page) = &mut *page
        {
            work(page);
        }
    }
}

/// Gives the canvas the graphics that eframe is going to ask it for, which gets what is there already. Without
/// what egui has no use for: it smooths its edges by itself, and draws what is further in front later. And in the
/// size that it will have, as each other one has the browser wait for the graphics' memory again.
fn prepare_graphics(canvas: &HtmlCanvasElement) {
    let Some(window) = window() else { return };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a canvas is as large as a window at most, and a float's cast stops at the ends"
    )]
    let pixels = |points: i32| (f64::from(points) * window.device_pixel_ratio()).round() as u32;
    canvas.set_width(pixels(canvas.client_width()));
    canvas.set_height(pixels(canvas.client_height()));
    let wanted = WebGlContextAttributes::new();
    wanted.set_antialias(false);
    wanted.set_depth(false);
    // eframe asks again, and hears then if there are none.
    let _ = canvas.get_context_with_context_options("webgl2", &wanted);
}

/// The page, as eframe draws it.
struct Drawn(Rc<RefCell<Option<EchoPage>>>);

impl Drawn {
    fn with(&self, work: impl FnOnce(&mut EchoPage)) {
        if let Some(page) = &mut *self.0.borrow_mut() {
            work(page);
        }
    }
}

impl eframe::App for Drawn {
    fn logic(&mut self, ctx: &Context, _: &mut eframe::Frame) {
        self.with(|page| page.logic(ctx));
    }

    fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
        self.with(|page| page.ui(ui));
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        self.with(|page| storage.set_string(STORED_KEY, page.stored_text()));
    }

    /// What a person typed is in there, and that is not kept.
    fn persist_egui_memory(&self) -> bool {
        false
    }
}

/// Hears an event for as long as the page is there.
pub(super) fn hear<E: FromWasmAbi + 'static>(
    target: &EventTarget,
    name: &str,
    heard: impl FnMut(E) + 'static,
) {
    let heard = Closure::<dyn FnMut(E)>::new(heard);
    // On the way down, before eframe's own listeners, some of which end it. Refused by no target.
    let listener = heard.as_ref().unchecked_ref();
    let _ = target.add_event_listener_with_callback_and_bool(name, listener, true);
    heard.forget();
}

fn session_storage() -> Option<Storage> {
    window()?.session_storage().ok()?
}

/// A page that was not there before; with what stood in its message field, if this tab has it loaded anew: by the
/// browser's button, for a newer version, or as nothing could be drawn.
fn new_page(ctx: &Context, storage: Option<&dyn eframe::Storage>) -> EchoPage {
    let mut page = EchoPage::new(ctx, opening(storage));
    page.follow_preferences(web_preferences::watch());
    if let Some(storage) = session_storage()
        && let Ok(Some(draft)) = storage.get_item(DRAFT_KEY)
    {
        forget_draft();
        page.set_draft(draft);
    }
    page
}

/// Keeps it for whoever loads the page anew.
fn keep_draft(draft: &str) {
    if draft.is_empty() {
        forget_draft();
    } else if let Some(storage) = session_storage() {
        // A browser that keeps nothing loses it.
        let _ = storage.set_item(DRAFT_KEY, draft);
    }
}

fn forget_draft() {
    if let Some(storage) = session_storage() {
        let _ = storage.remove_item(DRAFT_KEY);
    }
}

/// The language that the browser asks pages for now.
pub fn system_language() -> Language {
    Language::of_locale(&sys_locale::get_locale().unwrap_or_default())
}

/// By how many minutes the person's clocks are ahead of UTC at a time since 1970 began.
pub fn minutes_ahead_of_utc(since_1970: Duration) -> i32 {
    let time = js_sys::Date::new(&(since_1970.as_secs_f64() * 1000.0).into());
    #[expect(clippy::cast_possible_truncation, reason = "a day has 1 440 minutes")]
    let behind = time.get_timezone_offset().round() as i32;
    -behind
}

/// Lets screen readers ask for what is on the canvas, as elements that nobody else sees.
fn mirror(ctx: &Context, canvas: &HtmlCanvasElement) {
    let page = document().and_then(|document| document.document_element());
    let language = page.and_then(|page| page.get_attribute("lang")).unwrap_or_default();
    let words = words(Language::of_locale(&language));
    let start = Start::WhenAskedFor { button: words.enable_accessibility_button.to_owned() };
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
        egui_web_accessibility::rename_button(words(language).enable_accessibility_button);
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

/// What may go to where tasks and work beside the frames run: anything, as there is one thread.
pub trait MaybeSend {}
impl<T> MaybeSend for T {}

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

fn opening(storage: Option<&dyn eframe::Storage>) -> Opening {
    let Asked { address, panel, transport, link } = web_address::asked();
    let mut stored = EchoPage::stored(storage);
    if let (Ok(stored), Some(panel)) = (&mut stored, panel) {
        stored.panel = Some(panel);
    }
    Opening {
        can_echo_in_page: address.is_none(),
        has_endpoints: address.is_none(),
        platform: Platform::Browser,
        has_ewebsock: cfg!(feature = "ewebsock"),
        transport,
        link,
        stored,
        address: address.unwrap_or_else(web_address::home),
        language: system_language(),
    }
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
