//! What the browser says of how pages are to look: contrast, colours and motion.

use std::cell::Cell;
use std::rc::Rc;

use app_core::Preferences;
use app_core::look::ForcedColors;
use eframe::wasm_bindgen::JsCast as _;
use web_sys::{Event, HtmlElement, MediaQueryList, Window, window};

use super::web::{hear, wake};

/// Looks at it now and whenever it changes, which wakes the page. What is given back has news each time that there
/// are some; it is to live as long as the page, as its listeners do.
pub(super) fn watch() -> impl FnMut() -> Option<Preferences> {
    let has_changed = Rc::new(Cell::new(true));
    let queries = window().and_then(|window| Queries::new(&window));
    for query in queries.iter().flat_map(|queries| queries.all()) {
        let has_changed = Rc::clone(&has_changed);
        hear(query, "change", move |_: Event| {
            has_changed.set(true);
            wake();
        });
    }
    let mut told = Preferences::default();
    move || {
        let changed = has_changed.take();
        let now = queries.as_ref().filter(|_| changed)?.read();
        (std::mem::replace(&mut told, now) != now).then_some(now)
    }
}

struct Queries {
    contrast: MediaQueryList,
    forced_colors: MediaQueryList,
    reduced_motion: MediaQueryList,
    /// With colours that are forced, others may be forced next; they go with this or with contrast.
    dark: MediaQueryList,
}

impl Queries {
    fn new(window: &Window) -> Option<Self> {
        let query = |query| window.match_media(query).ok().flatten();
        Some(Self {
            contrast: query("(prefers-contrast: more)")?,
            forced_colors: query("(forced-colors: active)")?,
            reduced_motion: query("(prefers-reduced-motion: reduce)")?,
            dark: query("(prefers-color-scheme: dark)")?,
        })
    }

    fn all(&self) -> [&MediaQueryList; 4] {
        [&self.contrast, &self.forced_colors, &self.reduced_motion, &self.dark]
    }

    fn read(&self) -> Preferences {
        let is_forced = self.forced_colors.matches();
        Preferences {
            // eframe tells egui by itself.
            is_dark: None,
            more_contrast: self.contrast.matches() || is_forced,
            forced_colors: is_forced.then(forced_colors).flatten(),
            reduced_motion: self.reduced_motion.matches(),
        }
    }
}

/// The colours that the browser draws with: it tells them by what it makes of their names.
fn forced_colors() -> Option<ForcedColors> {
    let window = window()?;
    let document = window.document()?;
    let probe = document.create_element("span").ok()?.dyn_into::<HtmlElement>().ok()?;
    // Not seen and not heard; only what is in the page has colours.
    probe.set_hidden(true);
    document.body()?.append_child(&probe).ok()?;
    let color = |name: &str| {
        probe.style().set_property("color", name).ok()?;
        let computed = window.get_computed_style(&probe).ok()??;
        rgb(&computed.get_property_value("color").ok()?)
    };
    let colors = (|| {
        Some(ForcedColors {
            canvas: color("Canvas")?,
            canvas_text: color("CanvasText")?,
            link_text: color("LinkText")?,
            button_face: color("ButtonFace")?,
            button_text: color("ButtonText")?,
            highlight: color("Highlight")?,
            gray_text: color("GrayText")?,
        })
    })();
    probe.remove();
    colors
}

/// `rgb(1, 2, 3)`, as browsers write computed colours.
fn rgb(text: &str) -> Option<[u8; 3]> {
    let inside = text.split_once('(')?.1.trim_end_matches(')');
    let mut parts = inside.split(',').map(|part| part.trim().parse().ok());
    Some([parts.next()??, parts.next()??, parts.next()??])
}
