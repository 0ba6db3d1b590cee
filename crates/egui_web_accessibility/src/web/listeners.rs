//! What the page is listened to for.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Event, EventTarget, HtmlCanvasElement};

use super::shell::Shell;
use super::with_shell;

type Heard = Closure<dyn FnMut(Event)>;

/// Listeners, which go when this goes.
#[derive(Default)]
pub(super) struct Listeners(Vec<(EventTarget, &'static str, bool, Heard)>);

impl Listeners {
    /// Listens at a target. What happens while the shell is at work is its own doing, and not heard.
    pub(super) fn add(
        &mut self,
        target: &EventTarget,
        name: &'static str,
        number: u32,
        hear: impl FnMut(&mut Shell, &Event) + 'static,
    ) -> Result<(), JsValue> {
        self.add_in(false, target, name, number, hear)
    }

    /// The same, `early` before anybody at what is in the target.
    fn add_in(
        &mut self,
        early: bool,
        target: &EventTarget,
        name: &'static str,
        number: u32,
        mut hear: impl FnMut(&mut Shell, &Event) + 'static,
    ) -> Result<(), JsValue> {
        let heard = Heard::new(move |event: Event| {
            with_shell(number, |shell| hear(shell, &event));
        });
        let listener = heard.as_ref().unchecked_ref();
        target.add_event_listener_with_callback_and_bool(name, listener, early)?;
        self.0.push((target.clone(), name, early, heard));
        Ok(())
    }

    /// Listens to how the keyboard comes to the canvas and leaves it.
    pub(super) fn listen_for_tab(
        &mut self,
        canvas: &HtmlCanvasElement,
        number: u32,
    ) -> Result<(), JsValue> {
        let Some(document) = canvas.owner_document() else { return Ok(()) };
        self.add_in(true, &document, "keydown", number, |shell, event| shell.tab_pressed(event))?;
        self.add_in(true, &document, "focusin", number, |shell, event| shell.entered(event))?;
        self.add_in(true, &document, "pointerdown", number, |shell, _| shell.pointed(true))?;
        self.add_in(true, &document, "pointerup", number, |shell, _| shell.pointed(false))?;
        self.add_in(true, &document, "pointercancel", number, |shell, _| shell.pointed(false))
    }

    /// Gives the canvas what has met an element of the mirror instead. Meanwhile the shell is not at work, as
    /// eframe may run a frame at once.
    fn pass_on(
        &mut self,
        target: &EventTarget,
        name: &'static str,
        canvas: &HtmlCanvasElement,
    ) -> Result<(), JsValue> {
        let canvas = canvas.clone();
        let heard = Heard::new(move |event: Event| {
            let twin = || -> Result<Event, JsValue> {
                let class: Function = Reflect::get(&event, &"constructor".into())?.dyn_into()?;
                let twin = Reflect::construct(&class, &Array::of2(&event.type_().into(), &event))?;
                twin.dyn_into()
            };
            let is_allowed = twin().and_then(|twin| canvas.dispatch_event(&twin));
            if is_allowed == Ok(false) {
                event.prevent_default();
            }
        });
        target.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref())?;
        self.0.push((target.clone(), name, false, heard));
        Ok(())
    }

    /// Listens to all that a person, a browser or assistive technology does to a mirror.
    pub(super) fn listen(
        &mut self,
        container: &EventTarget,
        canvas: &HtmlCanvasElement,
        number: u32,
    ) -> Result<(), JsValue> {
        self.add(container, "click", number, |shell, event| shell.clicked(event))?;
        self.add(container, "focusin", number, |shell, event| shell.focused(event))?;
        self.add(container, "focusout", number, |shell, _| shell.blurred())?;
        self.add(container, "input", number, |shell, event| shell.written(event))?;
        self.add(container, "scroll", number, |shell, _| shell.scrolled())?;
        self.add(container, "compositionstart", number, |shell, event| {
            shell.composes(event, true);
        })?;
        self.add(container, "compositionend", number, |shell, event| shell.composes(event, false))?;
        self.add(container, "keydown", number, |shell, event| shell.key(event, true))?;
        self.add(container, "keyup", number, |shell, event| shell.key(event, false))?;
        for name in ["pointerdown", "touchstart", "touchcancel", "wheel"] {
            self.add(container, name, number, |shell, event| shell.touched(event))?;
            self.pass_on(container, name, canvas)?;
        }
        if let Some(document) = canvas.owner_document() {
            self.add(&document, "selectionchange", number, |shell, _| shell.selected())?;
        }
        if let Some(window) = web_sys::window() {
            self.add(&window, "resize", number, |shell, _| shell.is_place_open = true)?;
        }
        Ok(())
    }
}

impl Drop for Listeners {
    fn drop(&mut self) {
        for (target, name, early, heard) in &self.0 {
            let listener = heard.as_ref().unchecked_ref();
            let _ = target.remove_event_listener_with_callback_and_bool(name, listener, *early);
        }
    }
}
