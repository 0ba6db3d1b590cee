//! The hidden field through which eframe hears keyboards and input methods: what a phone's keyboard is told of it.

use web_sys::HtmlCanvasElement;

/// eframe sets none of these. What is typed is sent as it is, so that nothing may be corrected on the way; the key
/// for a new line sends.
const ATTRIBUTES: [(&str, &str); 5] = [
    ("inputmode", "text"),
    ("enterkeyhint", "send"),
    ("autocorrect", "off"),
    ("autocomplete", "off"),
    ("spellcheck", "false"),
];

/// Tells it. The field stands behind the canvas, among its siblings, and is new whenever the program starts.
pub(super) fn prepare(canvas: &HtmlCanvasElement) {
    let mut next = canvas.next_element_sibling();
    while let Some(element) = next {
        if element.tag_name() == "INPUT" && element.get_attribute("autocapitalize").is_some() {
            for (name, value) in ATTRIBUTES {
                // A field that does not know one does without.
                let _ = element.set_attribute(name, value);
            }
        }
        next = element.next_element_sibling();
    }
}
