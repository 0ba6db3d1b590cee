//! One canvas and its mirror: what has been done in the page goes to egui before a frame, and the tree goes
//! to the page after it.

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

use egui::accesskit::{Action, NodeId};
use egui::{Context, Event, FullOutput, Modifiers, RawInput};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{HtmlCanvasElement, HtmlElement, HtmlInputElement, KeyboardEvent};

use super::listeners::Listeners;
use super::page::{Page, focus, has_focus};
use super::{Start, keys, tab};
use crate::mirror::Mirror;
use crate::requests::Gesture;

/// More is not kept between two frames: frames stand still while the page is hidden.
const MOST_WAITING: usize = 1000;
/// Where it is remembered that somebody has asked for the mirror.
const STORED: &str = "egui_web_accessibility";

/// What has been done in the page since the last frame.
enum Waiting {
    Gesture(NodeId, Gesture),
    /// A person has written in a field or moved its caret; what it holds is read when egui is ready.
    Edit(NodeId),
    Key(Event),
}

pub(super) struct Shell {
    ctx: Context,
    canvas: HtmlCanvasElement,
    /// eframe's hidden input behind the canvas.
    agent: Option<HtmlInputElement>,
    number: u32,
    button: Option<HtmlElement>,
    mirror: Mirror,
    page: Page,
    waiting: Vec<Waiting>,
    modifiers: Modifiers,
    is_on: bool,
    /// Assistive technology has been at work here, so that the browser's focus follows egui's into the
    /// mirror. Until then the canvas keeps the keyboard, and names the element that egui's focus is on.
    is_driven: bool,
    /// The browser's focus may be another than egui's.
    is_focus_open: bool,
    /// The canvas may have moved, or its pixels changed.
    pub(super) is_place_open: bool,
    /// Whose element egui's focus was on.
    focus: Option<NodeId>,
    /// The pointer is down, so that what gets the keyboard gets it by the pointer.
    is_pointed: bool,
    /// Tab is about to leave the canvas.
    is_left: bool,
    /// When the pointer was put onto an element, in the page's milliseconds.
    touched: Option<f64>,
    listeners: Listeners,
}

/// So much later a click is none of the pointer's that was passed on to the canvas, in milliseconds.
const CLICK_FOLLOWS: f64 = 1000.0;

impl Shell {
    pub(super) fn new(
        ctx: &Context,
        canvas: &HtmlCanvasElement,
        number: u32,
    ) -> Result<Self, JsValue> {
        let prefix = format!("egui-accessibility-{number}");
        // Before the container comes between them.
        let agent = canvas.next_element_sibling().and_then(|next| next.dyn_into().ok());
        Ok(Self {
            ctx: ctx.clone(),
            canvas: canvas.clone(),
            agent,
            number,
            button: None,
            page: Page::new(canvas, &prefix)?,
            mirror: Mirror::new(format!("{prefix}-")),
            waiting: Vec::new(),
            modifiers: Modifiers::NONE,
            is_on: false,
            is_driven: false,
            is_focus_open: true,
            is_place_open: true,
            focus: None,
            is_pointed: false,
            is_left: false,
            touched: None,
            listeners: Listeners::default(),
        })
    }

    pub(super) fn start(shell: &Rc<RefCell<Self>>, start: Start) -> Result<(), JsValue> {
        let mut shell = shell.borrow_mut();
        let (canvas, number) = (shell.canvas.clone(), shell.number);
        shell.listeners.listen_for_tab(&canvas, number)?;
        match start {
            Start::Always => shell.switch_on(),
            Start::WhenAskedFor { .. } if is_remembered() => {
                shell.drive();
                shell.switch_on()
            }
            Start::WhenAskedFor { button } => shell.offer(&button),
        }
    }

    /// A button in front of the canvas that nobody sees, and Tab doesn't reach.
    fn offer(&mut self, text: &str) -> Result<(), JsValue> {
        let document = self.canvas.owner_document().ok_or("the canvas is in no document")?;
        let button: HtmlElement = document.create_element("button")?.dyn_into()?;
        button.set_attribute("type", "button")?;
        button.set_attribute("tabindex", "-1")?;
        button.set_text_content(Some(text));
        button.style().set_css_text(
            "position:absolute;width:1px;height:1px;overflow:hidden;opacity:0;pointer-events:none;\
             margin:0;padding:0;border:0;white-space:nowrap",
        );
        if let Some(parent) = self.canvas.parent_node() {
            parent.insert_before(&button, Some(&self.canvas))?;
        }
        let number = self.number;
        self.listeners.add(&button, "click", number, |shell, _| {
            remember();
            shell.drive();
            let _ = shell.switch_on();
            if let Some(button) = shell.button.take() {
                button.remove();
            }
            focus(&shell.canvas);
        })?;
        self.button = Some(button);
        Ok(())
    }

    pub(super) fn rename_button(&self, text: &str) {
        if let Some(button) = &self.button {
            button.set_text_content(Some(text));
        }
    }

    fn switch_on(&mut self) -> Result<(), JsValue> {
        if self.is_on {
            return Ok(());
        }
        self.is_on = true;
        let title =
            self.canvas.owner_document().map(|document| document.title()).unwrap_or_default();
        // The canvas may name the element that has egui's focus only if it has a role; the page's own
        // words for it stay.
        if !self.canvas.has_attribute("role") {
            self.canvas.set_attribute("role", "group")?;
        }
        let agent = self.agent.as_ref().map(AsRef::<HtmlElement>::as_ref);
        for element in [Some(self.canvas.as_ref()), agent].into_iter().flatten() {
            if !element.has_attribute("aria-label") && !title.is_empty() {
                element.set_attribute("aria-label", &title)?;
            }
        }
        self.listeners.listen(&self.page.container.clone(), &self.canvas, self.number)?;
        self.ctx.enable_accesskit();
        self.ctx.request_repaint();
        Ok(())
    }

    pub(super) fn is_on(&self) -> bool {
        self.is_on
    }

    /// Lets the browser have a Tab that egui has nothing more for.
    pub(super) fn tab_pressed(&mut self, event: &web_sys::Event) {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        let is_plain = !event.ctrl_key() && !event.alt_key() && !event.meta_key();
        if event.key() != "Tab" || !is_plain || event.is_composing() || !self.has_keyboard() {
            return;
        }
        let forward = !event.shift_key();
        if !tab::is_at_the_edge(&self.ctx, forward) {
            return;
        }
        // eframe would keep it.
        event.stop_immediate_propagation();
        // The browser goes on from the last of what is ours, or from the first.
        let agent = self.agent.as_ref().map(AsRef::<HtmlElement>::as_ref);
        focus(agent.filter(|_| forward).unwrap_or(&self.canvas));
        tab::drop_focus(&self.ctx);
        self.is_left = true;
        self.ctx.request_repaint();
    }

    /// Where the keyboard has come in by Tab, it is on the first widget or on the last.
    pub(super) fn entered(&mut self, event: &web_sys::Event) {
        let Some(target) = event.target() else { return };
        let agent = self.agent.as_ref().map(AsRef::<web_sys::EventTarget>::as_ref);
        let is_agent = agent == Some(&target);
        if !is_agent && &target != self.canvas.as_ref() as &web_sys::EventTarget {
            return;
        }
        let from = event.dyn_ref::<web_sys::FocusEvent>().and_then(|event| event.related_target());
        let is_ours =
            from.and_then(|from| from.dyn_into::<web_sys::Node>().ok()).is_some_and(|from| {
                let agent = self.agent.as_ref().map(AsRef::<web_sys::Node>::as_ref);
                agent == Some(&from)
                    || &from == self.canvas.as_ref() as &web_sys::Node
                    || self.page.container.contains(Some(&from))
            });
        let has_come = !is_ours || std::mem::take(&mut self.is_left);
        if has_come && !self.is_pointed && tab::has_no_focus(&self.ctx) {
            // eframe's input comes last.
            for pressed in [true, false] {
                self.wait(Waiting::Key(tab::key(!is_agent, pressed)));
            }
        }
    }

    pub(super) fn pointed(&mut self, is_pointed: bool) {
        self.is_pointed = is_pointed;
    }

    /// Whether keys are for egui.
    fn has_keyboard(&self) -> bool {
        let agent_has_it = self.agent.as_ref().is_some_and(|agent| has_focus(agent));
        agent_has_it || has_focus(&self.canvas) || self.page.has_focus_within()
    }

    fn wait(&mut self, what: Waiting) {
        if self.waiting.len() < MOST_WAITING {
            self.waiting.push(what);
        }
        self.ctx.request_repaint();
    }

    /// The node whose element an event is for.
    fn node(&self, event: &web_sys::Event) -> Option<NodeId> {
        let mut element = event.target()?.dyn_into::<web_sys::Element>().ok();
        while let Some(at) = element {
            if let Some(node) = self.mirror.node_of(&at.id()) {
                return Some(node);
            }
            element = at.parent_element();
        }
        None
    }

    pub(super) fn clicked(&mut self, event: &web_sys::Event) {
        let Some(node) = self.node(event) else { return };
        event.prevent_default();
        // The canvas has had it.
        let follows = |touched| event.time_stamp() - touched < CLICK_FOLLOWS;
        if self.touched.take().is_some_and(follows) {
            return;
        }
        self.drive();
        self.wait(Waiting::Gesture(node, Gesture::Click));
    }

    /// The pointer has met an element; the canvas is told by itself.
    pub(super) fn touched(&mut self, event: &web_sys::Event) {
        if event.type_() != "wheel" {
            self.touched = Some(event.time_stamp());
        }
    }

    /// Assistive technology is at work. A finger that looks for something is told of what the browser finds
    /// below it, and that is what the pointer meets.
    fn drive(&mut self) {
        if self.is_driven {
            return;
        }
        self.is_driven = true;
        let finger =
            web_sys::window().and_then(|window| window.match_media("(pointer: coarse)").ok()?);
        self.page.is_met = finger.is_some_and(|finger| finger.matches());
        self.is_place_open = true;
        self.ctx.request_repaint();
    }

    pub(super) fn focused(&mut self, event: &web_sys::Event) {
        let Some(node) = self.node(event) else { return };
        self.drive();
        self.is_focus_open = true;
        if self.page.element(node).is_some_and(|element| self.page.is_out_of_view(element)) {
            self.wait(Waiting::Gesture(node, Gesture::ScrollIntoView));
        }
        self.wait(Waiting::Gesture(node, Gesture::Focus));
    }

    pub(super) fn blurred(&mut self) {
        self.is_focus_open = true;
        self.hold(Modifiers::NONE);
        self.page.composing = None;
        self.ctx.request_repaint();
    }

    /// Assistive technology has scrolled the container to what it looks at. egui is asked to scroll instead.
    pub(super) fn scrolled(&mut self) {
        let Some((view, moved)) = self.page.scrolled() else { return };
        if let Some(node) = self.mirror.revealed(view, moved) {
            self.drive();
            self.wait(Waiting::Gesture(node, Gesture::ScrollIntoView));
        }
    }

    pub(super) fn written(&mut self, event: &web_sys::Event) {
        let Some(node) = self.node(event) else { return };
        let Some(element) = self.page.element(node) else { return };
        let is_field = self.mirror.is_field(node);
        if is_field && has_focus(element) {
            self.wait(Waiting::Edit(node));
        } else if let Some(value) = self.page.value(element) {
            // Without the keyboard it was no person's typing.
            self.drive();
            self.wait(Waiting::Gesture(node, Gesture::Value(value)));
        }
    }

    pub(super) fn selected(&mut self) {
        let Some(node) = self.field_with_focus() else { return };
        if self.edit(node).is_some_and(|edit| !self.mirror.requests(node, &edit).is_empty()) {
            self.wait(Waiting::Edit(node));
        }
    }

    pub(super) fn composes(&mut self, event: &web_sys::Event, is_composing: bool) {
        let Some(node) = self.node(event) else { return };
        self.page.composing = is_composing.then_some(node);
        self.wait(Waiting::Edit(node));
    }

    pub(super) fn key(&mut self, event: &web_sys::Event, pressed: bool) {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        let Some(node) = self.node(event) else { return };
        self.hold(keys::modifiers(event));
        if event.is_composing() || event.key_code() == 229 {
            return;
        }
        if self.mirror.is_field(node) {
            let is_multiline = self.mirror.is_multiline(node);
            if keys::belongs_to_a_field(event, is_multiline) {
                return;
            }
        } else if let Some(up) = keys::step(event)
            && (self.mirror.can(node, Action::Increment)
                || self.mirror.can(node, Action::Decrement))
        {
            // Also what browsers make of a screen reader's "more" and "less".
            event.prevent_default();
            if pressed {
                let step = if up { Gesture::Increment } else { Gesture::Decrement };
                self.wait(Waiting::Gesture(node, step));
            }
            return;
        } else if pressed && let Some(text) = keys::text(event) {
            self.wait(Waiting::Key(Event::Text(text)));
        }
        if keys::acts_in_the_page(event) {
            event.prevent_default();
        }
        if let Some(key) = keys::event(event, pressed) {
            self.wait(Waiting::Key(key));
        }
    }

    fn hold(&mut self, modifiers: Modifiers) {
        if self.modifiers != modifiers {
            self.modifiers = modifiers;
            self.wait(Waiting::Key(Event::ModifiersChanged(modifiers)));
        }
    }

    fn field_with_focus(&self) -> Option<NodeId> {
        let node = self.focus?;
        let element = self.page.element(node)?;
        (self.mirror.is_field(node) && has_focus(element)).then_some(node)
    }

    fn edit(&self, node: NodeId) -> Option<Gesture> {
        let element = self.page.element(node)?;
        let selection = self.page.selection(element)?;
        Some(Gesture::Edit { value: self.page.value(element)?, selection })
    }

    /// Tells egui what has been done in the page.
    pub(super) fn give(&mut self, input: &mut RawInput) {
        // What a field holds now is all that was written in it, so once is enough.
        let mut edited = HashSet::new();
        for waiting in std::mem::take(&mut self.waiting) {
            let (node, gesture) = match waiting {
                Waiting::Key(event) => {
                    input.events.push(event);
                    continue;
                }
                Waiting::Gesture(node, gesture) => (node, gesture),
                Waiting::Edit(node) if !edited.insert(node) => continue,
                Waiting::Edit(node) => {
                    let Some(edit) = self.edit(node) else { continue };
                    (node, edit)
                }
            };
            let requests = self.mirror.requests(node, &gesture);
            let needs_focus =
                matches!(gesture, Gesture::Edit { .. }) && self.mirror.focus() != Some(node);
            if needs_focus && !requests.is_empty() {
                let focus = self.mirror.requests(node, &Gesture::Focus);
                input.events.extend(focus.into_iter().map(Event::AccessKitActionRequest));
            }
            input.events.extend(requests.into_iter().map(Event::AccessKitActionRequest));
        }
        // eframe takes the keyboard for lost when neither its canvas nor its input has it.
        if !input.focused && self.page.has_focus_within() {
            input.focused = true;
            input.events.retain(|event| *event != Event::WindowFocused(false));
        }
    }

    /// Shows the page what egui has made.
    pub(super) fn take(&mut self, output: &mut FullOutput) {
        if !self.is_on {
            return;
        }
        let Some(update) = output.platform_output.accesskit_update.take() else { return };
        let operations = self.mirror.update(update);
        let is_open =
            self.is_focus_open || !operations.is_empty() || self.mirror.focus() != self.focus;
        // What has the keyboard may be made anew.
        let was_within = is_open && self.page.has_focus_within();
        self.page.apply(&operations);
        if self.is_place_open || !operations.is_empty() {
            self.is_place_open = false;
            self.page.cover(self.mirror.scale());
        }
        if is_open {
            self.is_focus_open = false;
            self.agree(was_within);
        }
    }

    /// Makes the browser's focus egui's. It may have been in the mirror, in an element that has gone.
    fn agree(&mut self, was_within: bool) {
        let target = self.mirror.focus();
        let has_moved = target != self.focus;
        self.focus = target;
        let is_within = self.page.has_focus_within();
        let agent_has_it = self.agent.as_ref().is_some_and(|agent| has_focus(agent));
        // Elsewhere in the page it stays where it is.
        let is_here = is_within || was_within || agent_has_it || has_focus(&self.canvas);
        let element = target.and_then(|target| self.page.element(target));
        if self.is_driven && is_here {
            match element {
                Some(element) if !has_focus(element) => focus(element),
                Some(_) => {}
                None if is_within || was_within => focus(&self.canvas),
                None => {}
            }
            if let Some(target) = target {
                let selection = self.mirror.selection(target);
                self.page.apply(selection.as_slice());
            }
        }
        if has_moved {
            let named = if self.is_driven { None } else { target };
            let named = named.map(|target| self.mirror.element_id(target));
            let agent = self.agent.as_ref().map(AsRef::<HtmlElement>::as_ref);
            for element in [Some(self.canvas.as_ref()), agent].into_iter().flatten() {
                let _ = match &named {
                    Some(id) => element.set_attribute("aria-activedescendant", id),
                    None => element.remove_attribute("aria-activedescendant"),
                };
            }
        }
    }
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

fn is_remembered() -> bool {
    storage().and_then(|storage| storage.get_item(STORED).ok()?).is_some()
}

/// A browser that keeps nothing asks the next time again.
fn remember() {
    if let Some(storage) = storage() {
        let _ = storage.set_item(STORED, "on");
    }
}
