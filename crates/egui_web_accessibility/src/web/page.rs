//! The elements themselves.

use std::collections::HashMap;
use std::fmt::Write as _;

use egui::accesskit::NodeId;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{
    Document, Element, FocusOptions, HtmlCanvasElement, HtmlElement, HtmlInputElement,
    HtmlTextAreaElement,
};

use crate::operation::{Operation, Rect, Selection, Tag};

/// What none of the elements must have: it is the canvas that is seen, and that the pointer meets.
const CONTAINER: &str = "position:absolute;overflow:hidden;opacity:0;pointer-events:none;z-index:1;\
                         transform-origin:0 0;margin:0;padding:0;border:0;";
const PLACED: &str =
    "position:absolute;pointer-events:var(--met,none);margin:0;padding:0;border:0;white-space:pre;";
const UNPLACED: &str = "margin:0;padding:0;border:0;white-space:pre;";
const REGION: &str = "position:absolute;width:1px;height:1px;overflow:hidden;";

/// How far an element may be out of view to the left or above and still be scrolled to, in points.
const AROUND: i32 = 100_000;
/// After so many milliseconds what was to be said has been heard of.
const UNTIL_SAID: i32 = 1000;

/// The container beside the canvas and all in it.
pub(super) struct Page {
    document: Document,
    canvas: HtmlCanvasElement,
    pub(super) container: HtmlElement,
    /// In it, so far from its corner that there is something to scroll to in each direction.
    inner: HtmlElement,
    elements: HashMap<NodeId, HtmlElement>,
    /// Where is said what comes with its region: politely, and at once.
    regions: [HtmlElement; 2],
    /// In which a person writes by an input method; it must not be touched.
    pub(super) composing: Option<NodeId>,
    /// The last style of the container.
    style: String,
    /// The pointer meets the elements, and what it does is passed on to the canvas.
    pub(super) is_met: bool,
}

impl Page {
    /// Puts an empty container behind the canvas.
    pub(super) fn new(canvas: &HtmlCanvasElement, prefix: &str) -> Result<Self, JsValue> {
        let document = canvas.owner_document().ok_or("the canvas is in no document")?;
        let make = |style: &str| -> Result<HtmlElement, JsValue> {
            let element: HtmlElement = document.create_element("div")?.dyn_into()?;
            // By the object, as a page's policy may forbid the attribute.
            element.style().set_css_text(style);
            Ok(element)
        };
        let container = make(CONTAINER)?;
        container.set_id(prefix);
        let inner = make(&format!(
            "position:absolute;left:{AROUND}px;top:{AROUND}px;width:100%;height:100%;margin:0;padding:0;border:0"
        ))?;
        let regions = [make(REGION)?, make(REGION)?];
        for (region, live) in regions.iter().zip(["polite", "assertive"]) {
            region.set_attribute("aria-live", live)?;
            inner.append_child(region)?;
        }
        container.append_child(&inner)?;
        let parent = canvas.parent_node().ok_or("the canvas is in no document")?;
        parent.insert_before(&container, canvas.next_sibling().as_ref())?;
        container.set_scroll_left(AROUND);
        container.set_scroll_top(AROUND);
        Ok(Self {
            document,
            canvas: canvas.clone(),
            container,
            inner,
            elements: HashMap::new(),
            regions,
            composing: None,
            style: String::new(),
            is_met: false,
        })
    }

    /// Does what is to be done. What the browser refuses is left undone: nothing of a mirror is worth
    /// stopping the app.
    pub(super) fn apply(&mut self, operations: &[Operation]) {
        for operation in operations {
            let _ = self.apply_one(operation);
        }
    }

    fn apply_one(&mut self, operation: &Operation) -> Result<(), JsValue> {
        match operation {
            Operation::Create { node, tag } => {
                self.elements.insert(*node, self.make(*tag)?);
            }
            Operation::Insert { node, parent, before } => {
                let Some(element) = self.elements.get(node) else { return Ok(()) };
                let before = before.and_then(|before| self.elements.get(&before));
                let (parent, before): (&Element, Option<&Element>) = match parent {
                    Some(parent) => match self.elements.get(parent) {
                        Some(parent) => (parent, before.map(AsRef::as_ref)),
                        None => return Ok(()),
                    },
                    None => {
                        let end = self.regions[0].as_ref();
                        (&self.inner, Some(before.map_or(end, AsRef::as_ref)))
                    }
                };
                parent.insert_before(element, before.map(AsRef::as_ref))?;
            }
            Operation::Remove { node } => {
                if let Some(element) = self.elements.remove(node) {
                    element.remove();
                }
            }
            Operation::SetAttribute { node, name, value } => {
                let Some(element) = self.elements.get(node) else { return Ok(()) };
                match value {
                    Some(value) => element.set_attribute(name, value)?,
                    None => element.remove_attribute(name)?,
                }
            }
            Operation::SetText { node, text } => {
                if let Some(element) = self.elements.get(node) {
                    element.set_text_content(Some(text));
                }
            }
            Operation::SetValue { node, value } => self.set_value(*node, value),
            Operation::SetSelection { node, selection } => self.set_selection(*node, *selection)?,
            Operation::SetRect { node, rect } => {
                if let Some(element) = self.elements.get(node) {
                    element.style().set_css_text(&style(*rect));
                }
            }
            Operation::Announce { text, assertive } => {
                let region = &self.regions[usize::from(*assertive)];
                // The same words twice are two changes only if there is a difference.
                let again = region.text_content().as_deref() == Some(text);
                let text = if again { format!("{text}\u{a0}") } else { text.clone() };
                region.set_text_content(Some(&text));
                // Who reads the page later doesn't meet it.
                let said = region.clone();
                let forget = Closure::once_into_js(move || said.set_text_content(None));
                if let Some(window) = web_sys::window() {
                    window.set_timeout_with_callback_and_timeout_and_arguments_0(
                        forget.unchecked_ref(),
                        UNTIL_SAID,
                    )?;
                }
            }
        }
        Ok(())
    }

    fn make(&self, tag: Tag) -> Result<HtmlElement, JsValue> {
        let (name, kind) = match tag {
            Tag::Div => ("div", None),
            Tag::Button => ("button", Some("button")),
            Tag::Input(kind) => ("input", Some(kind)),
            Tag::TextArea => ("textarea", None),
        };
        let element: HtmlElement = self.document.create_element(name)?.dyn_into()?;
        if let Some(kind) = kind {
            element.set_attribute("type", kind)?;
        }
        if tag.is_field() {
            // Passwords of egui are no business of the browser's, and what it completes is not egui's.
            element.set_attribute("autocomplete", "off")?;
        }
        element.style().set_css_text(UNPLACED);
        Ok(element)
    }

    fn set_value(&self, node: NodeId, value: &str) {
        if self.composing == Some(node) {
            return;
        }
        let Some(element) = self.elements.get(&node) else { return };
        if self.value(element).is_none_or(|held| held != value) {
            if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
                input.set_value(value);
            } else if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
                area.set_value(value);
            }
        }
    }

    /// Selecting gives some browsers the idea to scroll, so only the field with the keyboard is.
    fn set_selection(&self, node: NodeId, selection: Selection) -> Result<(), JsValue> {
        let Some(element) = self.elements.get(&node) else { return Ok(()) };
        if self.composing == Some(node)
            || !has_focus(element)
            || self.selection(element) == Some(selection)
        {
            return Ok(());
        }
        let unit = |unit: usize| u32::try_from(unit).unwrap_or(u32::MAX);
        let (start, end) =
            (selection.anchor.min(selection.focus), selection.anchor.max(selection.focus));
        let direction = if selection.focus < selection.anchor { "backward" } else { "forward" };
        if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
            input.set_selection_range_with_direction(unit(start), unit(end), direction)
        } else if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
            area.set_selection_range_with_direction(unit(start), unit(end), direction)
        } else {
            Ok(())
        }
    }

    pub(super) fn element(&self, node: NodeId) -> Option<&HtmlElement> {
        self.elements.get(&node)
    }

    /// What a field or slider holds.
    pub(super) fn value(&self, element: &HtmlElement) -> Option<String> {
        let input = element.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::value);
        input.or_else(|| element.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value))
    }

    /// What is selected in a field.
    pub(super) fn selection(&self, element: &HtmlElement) -> Option<Selection> {
        let (start, end, direction) = if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
            (input.selection_start(), input.selection_end(), input.selection_direction())
        } else {
            let area = element.dyn_ref::<HtmlTextAreaElement>()?;
            (area.selection_start(), area.selection_end(), area.selection_direction())
        };
        let start = usize::try_from(start.ok()??).ok()?;
        let end = usize::try_from(end.ok()??).ok()?;
        let is_backward = direction.ok().flatten().is_some_and(|direction| direction == "backward");
        let (anchor, focus) = if is_backward { (end, start) } else { (start, end) };
        Some(Selection { anchor, focus })
    }

    /// Whether the keyboard is in the mirror.
    pub(super) fn has_focus_within(&self) -> bool {
        self.container.matches(":focus-within").unwrap_or_default()
    }

    /// Puts the container over the canvas, and egui's points over the page's.
    pub(super) fn cover(&mut self, pixels_per_point: f64) {
        let ratio = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio());
        let scale = pixels_per_point / ratio;
        if !(scale.is_finite() && scale > 0.0) {
            return;
        }
        let (width, height) = (self.canvas.client_width(), self.canvas.client_height());
        let mut style = CONTAINER.to_owned();
        let _ = write!(
            style,
            "left:{}px;top:{}px;width:{}px;height:{}px;transform:scale({scale})",
            self.canvas.offset_left(),
            self.canvas.offset_top(),
            f64::from(width) / scale,
            f64::from(height) / scale,
        );
        if self.is_met {
            style.push_str(";--met:auto");
        }
        if style != self.style {
            self.container.style().set_css_text(&style);
            self.style = style;
            self.container.set_scroll_left(AROUND);
            self.container.set_scroll_top(AROUND);
        }
    }

    /// Takes back how far the container was scrolled: its size and that, in points.
    pub(super) fn scrolled(&self) -> Option<([f64; 2], [f64; 2])> {
        let container = &self.container;
        let moved = [container.scroll_left() - AROUND, container.scroll_top() - AROUND];
        container.set_scroll_left(AROUND);
        container.set_scroll_top(AROUND);
        // Half a pixel is no scrolling.
        if moved.iter().all(|moved| moved.abs() <= 1) {
            return None;
        }
        let moved = moved.map(f64::from);
        Some(([f64::from(container.client_width()), f64::from(container.client_height())], moved))
    }

    /// Whether a person who looks at the canvas sees none of an element.
    pub(super) fn is_out_of_view(&self, element: &Element) -> bool {
        let (element, view) =
            (element.get_bounding_client_rect(), self.canvas.get_bounding_client_rect());
        element.bottom() > view.bottom() + 1.0
            || element.top() < view.top() - 1.0
            || element.right() > view.right() + 1.0
            || element.left() < view.left() - 1.0
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.container.remove();
    }
}

/// Whether an element has the keyboard.
pub(super) fn has_focus(element: &Element) -> bool {
    element.matches(":focus").unwrap_or_default()
}

/// Gives an element the keyboard without moving the page.
pub(super) fn focus(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = element.focus_with_options(&options);
}

fn style(rect: Option<Rect>) -> String {
    let Some(Rect { x, y, width, height }) = rect else { return UNPLACED.to_owned() };
    format!("{PLACED}left:{x}px;top:{y}px;width:{width}px;height:{height}px")
}
