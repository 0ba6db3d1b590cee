//! The page's own address: what the program shows stands in it, so that it comes back after a reload and can be
//! passed on; and the browser's buttons for back and forward open and close panels.

use std::cell::Cell;

use app_core::Panel;
use app_core::address::without_credentials;
use app_core::settings::Transport;
use eframe::wasm_bindgen::JsCast as _;
use eframe::wasm_bindgen::JsValue;
use web_sys::{Event, History, Url, UrlSearchParams, window};

use super::Outside;
use super::web::{hear, wake};

/// The parameters that are this file's; others are left as they are.
const ADDRESS: &str = "url";
const PANEL: &str = "panel";
const TRANSPORT: &str = "transport";
/// A link to an experiment.
const TRY: &str = "try";

thread_local! {
    /// The panel, or none, that the browser's history has come to.
    static ASKED: Cell<Option<Option<Panel>>> = const { Cell::new(None) };
}

/// What the page's address asks for when the program starts.
pub(super) struct Asked {
    pub(super) address: Option<String>,
    pub(super) panel: Option<Panel>,
    pub(super) transport: Option<Transport>,
    pub(super) link: Option<String>,
}

/// What it asks for now.
pub(super) fn asked() -> Asked {
    let get = |name| parameters()?.get(name);
    Asked {
        address: get(ADDRESS),
        panel: get(PANEL).and_then(|name| Panel::of_name(&name)),
        transport: get(TRANSPORT).and_then(|name| Transport::of_name(&name)),
        link: get(TRY),
    }
}

/// Where the page connects to if it isn't told: `/echo` on its own host, by the secure scheme if the page is
/// secure.
pub(super) fn home() -> String {
    let home = || {
        let page = page()?;
        let scheme = if page.protocol() == "https:" { "wss" } else { "ws" };
        Some(format!("{scheme}://{}/echo", page.host()))
    };
    home().unwrap_or_else(|| "ws://127.0.0.1:9001/echo".to_owned())
}

/// Hears where the browser's buttons for back and forward lead.
pub(super) fn listen() {
    if let Some(window) = window() {
        hear(&window, "popstate", |_: Event| {
            ASKED.set(Some(asked().panel));
            wake();
        });
    }
}

/// The panel that the browser's history has come to since the last time, or that it has come to none.
pub fn take_asked_panel() -> Option<Option<Panel>> {
    ASKED.take()
}

/// Writes what the program shows into the page's address and its colours. A panel that the person has opened
/// is a step that leads back; one that is there when the program starts (`is_first`) is none, nor is another
/// address to connect to: a step back cuts no connection.
pub fn tell_page(outside: &Outside, is_first: bool) {
    show_theme(outside);
    // A page whose address can't be written shows the same as before, and nothing worse.
    let _ = write(outside, is_first);
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
        let _ = replace(&history, &page);
    }
}

/// The page's own address with this link to an experiment in it, in place of one that was there.
fn with_link(link: &str) -> Option<Url> {
    let page = page()?;
    let query = UrlSearchParams::new_with_str(&page.search()).ok()?;
    query.set(TRY, link);
    // Parameters are written by name, and a link needs no escapes.
    page.set_search(&String::from(query.to_string()));
    Some(page)
}

fn write(outside: &Outside, is_first: bool) -> Option<()> {
    let history = window()?.history().ok()?;
    let url = page()?;
    let before = url.href();
    let parameters = url.search_params();
    let panel = outside.panel.map(Panel::name);
    let shown = parameters.get(PANEL).filter(|name| Panel::of_name(name).is_some());
    // It was for the start, and is among the settings now.
    parameters.delete(TRANSPORT);
    if let Some(address) = &outside.address {
        let address = without_credentials(address);
        let is_home = address == home();
        set(&parameters, ADDRESS, Some(address.as_str()).filter(|_| !is_home));
    }
    set(&parameters, PANEL, panel);
    if url.href() == before {
        return Some(());
    }
    if is_first || shown.as_deref() == panel {
        return replace(&history, &url);
    }
    // What the step before showed stands in the state of each step.
    let state = history.state().ok()?.as_string();
    if state.as_deref() == Some(panel.unwrap_or_default()) {
        return history.back().ok();
    }
    let state = JsValue::from_str(shown.as_deref().unwrap_or_default());
    history.push_state_with_url(&state, "", Some(&url.href())).ok()
}

fn replace(history: &History, url: &Url) -> Option<()> {
    let state = history.state().ok()?;
    history.replace_state_with_url(&state, "", Some(&url.href())).ok()
}

fn set(parameters: &UrlSearchParams, name: &str, value: Option<&str>) {
    match value {
        Some(value) => parameters.set(name, value),
        None => parameters.delete(name),
    }
}

/// The colours of what the browser draws around the canvas, and of what start.js shows.
fn show_theme(outside: &Outside) {
    let Some(document) = window().and_then(|window| window.document()) else { return };
    if let Some(page) = document.document_element() {
        let theme = if outside.is_dark { "dark" } else { "light" };
        let _ = page.set_attribute("data-theme", theme);
        let _ = if outside.has_more_contrast {
            page.set_attribute("data-contrast", "more")
        } else {
            page.remove_attribute("data-contrast")
        };
    }
    let [red, green, blue, _] = outside.ground.to_array();
    let ground = format!("#{red:02x}{green:02x}{blue:02x}");
    let Ok(colours) = document.query_selector_all("meta[name=theme-color]") else { return };
    for at in 0..colours.length() {
        if let Some(colour) =
            colours.get(at).and_then(|node| node.dyn_into::<web_sys::Element>().ok())
        {
            let _ = colour.set_attribute("content", &ground);
        }
    }
}

fn page() -> Option<Url> {
    Url::new(&window()?.location().href().ok()?).ok()
}

fn parameters() -> Option<UrlSearchParams> {
    Some(page()?.search_params())
}
