//! The hidden field through which eframe hears keyboards and input methods: what a phone's keyboard and a screen
//! reader are told of it.

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
    let title = canvas.owner_document().map(|document| document.title()).unwrap_or_default();
    let mut next = canvas.next_element_sibling();
    while let Some(element) = next {
        if element.tag_name() == "INPUT" && element.get_attribute("autocapitalize").is_some() {
            // It stands for every field of the page, and so has the page's name.
            for (name, value) in ATTRIBUTES.into_iter().chain([("aria-label", title.as_str())]) {
                // A field that does not know one does without.
                let _ = element.set_attribute(name, value);
            }
        }
        next = element.next_element_sibling();
    }
}
