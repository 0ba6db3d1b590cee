//! The browser's clipboard, where eframe does not reach it: a page may ask for its text, and may write to it off a
//! secure context while the person copies or cuts.

use std::cell::RefCell;

use eframe::wasm_bindgen::JsCast as _;
use egui::{Context, Event, FullOutput, OutputCommand, Plugin, RawInput, ViewportCommand};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ClipboardEvent, HtmlDocument, HtmlElement, HtmlTextAreaElement, window};

use crate::i18n::ClipboardProblem;
use crate::ui::text_menu::tell_problem;

thread_local! {
    /// What was pasted and not taken yet.
    static PASTED: RefCell<Option<String>> = const { RefCell::new(None) };
    /// The last time that the person copied or cut by the keyboard or the browser's own menu.
    static COPYING: RefCell<Option<ClipboardEvent>> = const { RefCell::new(None) };
}

/// Does for this context what a window on a desktop does.
pub(super) fn install(ctx: &Context) {
    ctx.add_plugin(Clipboard);
}

/// Listens to what the person does by the keyboard. To be called once.
pub(super) fn listen() {
    let Some(document) = window().and_then(|window| window.document()) else { return };
    for name in ["copy", "cut"] {
        super::web::hear(&document, name, |event: ClipboardEvent| COPYING.set(Some(event)));
    }
}

struct Clipboard;

impl Plugin for Clipboard {
    fn debug_name(&self) -> &'static str {
        "web clipboard"
    }

    fn input_hook(&mut self, _: &Context, input: &mut RawInput) {
        input.events.extend(PASTED.take().map(Event::Paste));
    }

    fn output_hook(&mut self, ctx: &Context, output: &mut FullOutput) {
        let commands = output.viewport_output.values_mut().map(|viewport| &mut viewport.commands);
        for commands in commands {
            let before = commands.len();
            commands.retain(|command| *command != ViewportCommand::RequestPaste);
            if commands.len() < before {
                paste(ctx);
            }
        }
        if is_secure() {
            return;
        }
        output.platform_output.commands.retain(|command| match command {
            OutputCommand::CopyText(text) => {
                // eframe would lose it.
                copy(ctx, text);
                false
            }
            _ => true,
        });
    }
}

fn is_secure() -> bool {
    window().is_some_and(|window| window.is_secure_context())
}

/// Asks for the text of the clipboard, which the browser may ask the person about.
fn paste(ctx: &Context) {
    let ctx = ctx.clone();
    wasm_bindgen_futures::spawn_local(async move {
        match text().await {
            Ok(text) => PASTED.set(Some(text)),
            Err(problem) => tell_problem(&ctx, problem),
        }
        ctx.request_repaint();
    });
}

async fn text() -> Result<String, ClipboardProblem> {
    // Elsewhere there is no clipboard to ask.
    let window = window().filter(|_| is_secure()).ok_or(ClipboardProblem::NotSecure)?;
    let text = JsFuture::from(window.navigator().clipboard().read_text()).await;
    let text = text.map_err(|_| ClipboardProblem::NotRead)?;
    Ok(text.as_string().unwrap_or_default().replace("\r\n", "\n"))
}

/// Copies where the browser has no clipboard for pages.
fn copy(ctx: &Context, text: &str) {
    let is_copied =
        COPYING.with_borrow(|event| event.as_ref().is_some_and(|event| copy_in(event, text)));
    if !is_copied && copy_by_field(text) != Some(true) {
        tell_problem(ctx, ClipboardProblem::NotWritten);
    }
}

/// While the person copies or cuts, the text is the browser's to take. Gives whether they do.
fn copy_in(event: &ClipboardEvent, text: &str) -> bool {
    let data = event.clipboard_data().filter(|_| event.event_phase() != web_sys::Event::NONE);
    data.is_some_and(|data| data.set_data("text/plain", text).is_ok())
}

/// By a button of the page: as if the person had copied it out of a field that is there for this moment. Gives
/// whether the browser did.
fn copy_by_field(text: &str) -> Option<bool> {
    let document = window()?.document()?.dyn_into::<HtmlDocument>().ok()?;
    let focused = document.active_element()?.dyn_into::<HtmlElement>().ok()?;
    let field = document.create_element("textarea").ok()?;
    let field = field.dyn_into::<HtmlTextAreaElement>().ok()?;
    field.set_value(text);
    document.body()?.append_child(&field).ok()?;
    field.select();
    let is_copied = document.exec_command("copy");
    field.remove();
    // Where the keyboard was before.
    focused.focus().ok()?;
    is_copied.ok()
}
