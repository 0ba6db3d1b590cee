//! The page: what stands between egui's frames and the elements beside the canvas.

mod keys;
mod listeners;
mod page;
mod shell;
mod tab;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use egui::{Context, FullOutput, Plugin, RawInput};
use wasm_bindgen::JsValue;
use web_sys::HtmlCanvasElement;

use shell::Shell;

/// When the tree is made and mirrored. It costs each frame in which something changes; see the README.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// From the first frame.
    Always,
    /// Once somebody has asked for it by a button that only assistive technology meets, and from the
    /// first frame whenever that browser comes again (`localStorage`, the key
    /// `egui_web_accessibility`).
    WhenAskedFor {
        /// What the button says, in the language of the page: "Enable accessibility".
        button: String,
    },
}

thread_local! {
    /// The elements of a page belong to its one thread, and egui's plugins go anywhere: so they have
    /// numbers.
    static SHELLS: RefCell<HashMap<u32, Rc<RefCell<Shell>>>> = RefCell::default();
}

/// Mirrors what the app on this canvas shows. To be called once, where the app is created.
///
/// # Errors
///
/// What the browser throws when the canvas is in no document.
pub fn install(ctx: &Context, canvas: &HtmlCanvasElement, start: Start) -> Result<(), JsValue> {
    let number = SHELLS.with_borrow(|shells| shells.keys().max().map_or(0, |last| last + 1));
    let shell = Rc::new(RefCell::new(Shell::new(ctx, canvas, number)?));
    SHELLS.with_borrow_mut(|shells| shells.insert(number, Rc::clone(&shell)));
    Shell::start(&shell, start)?;
    ctx.add_plugin(Accessibility { number });
    Ok(())
}

/// Has the button of [`Start::WhenAskedFor`] say something else, as where the page changes its language. Nothing
/// happens where there is none, or none any more.
pub fn rename_button(text: &str) {
    SHELLS.with_borrow(|shells| {
        for shell in shells.values().filter_map(|shell| shell.try_borrow().ok()) {
            shell.rename_button(text);
        }
    });
}

/// Whether the page has a mirror that is filled: whoever has told assistive technology of the canvas by other
/// means may fall silent.
pub fn is_on() -> bool {
    SHELLS.with_borrow(|shells| {
        shells.values().any(|shell| shell.try_borrow().is_ok_and(|shell| shell.is_on()))
    })
}

/// The shell of that number, unless it is at work: then what has happened was its own doing.
fn with_shell<R>(number: u32, work: impl FnOnce(&mut Shell) -> R) -> Option<R> {
    let shell = SHELLS.with_borrow(|shells| shells.get(&number).cloned())?;
    let mut shell = shell.try_borrow_mut().ok()?;
    Some(work(&mut shell))
}

/// egui's side of it.
struct Accessibility {
    number: u32,
}

impl Plugin for Accessibility {
    fn debug_name(&self) -> &'static str {
        "egui_web_accessibility"
    }

    fn input_hook(&mut self, _ctx: &Context, input: &mut RawInput) {
        with_shell(self.number, |shell| shell.give(input));
    }

    fn output_hook(&mut self, _ctx: &Context, output: &mut FullOutput) {
        with_shell(self.number, |shell| shell.take(output));
    }

    fn on_exit(&mut self, _ctx: &Context) {
        // Taking it out of the list drops it, and with it what it has in the page.
        let _ = SHELLS.with_borrow_mut(|shells| shells.remove(&self.number));
    }
}
