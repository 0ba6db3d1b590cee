//! The stages of a rebuild as tracks in the performance panel of the browser's developer tools.

use std::time::Duration;

use app_core::recording::StageSpan;
use eframe::wasm_bindgen::{JsCast as _, JsValue};
use js_sys::{Function, JSON, Reflect};
use web_sys::window;

/// Hands these over; `now` is the time by their clock.
///
/// The panel learns of each at once, if it records. The browser would keep them all for whoever asks later, which
/// nobody does: so each is let go of again.
pub fn measure(spans: &[StageSpan], now: Duration) {
    if spans.is_empty() {
        return;
    }
    let Some(window) = window() else { return };
    let Ok(performance) = Reflect::get(&window, &"performance".into()) else { return };
    let function = |name: &str| {
        Reflect::get(&performance, &name.into()).ok().and_then(|f| f.dyn_into::<Function>().ok())
    };
    let functions = (function("now"), function("measure"), function("clearMeasures"));
    let (Some(clock), Some(measure), Some(clear)) = functions else { return };
    let by_page = clock.call0(&performance).ok().and_then(|ms| ms.as_f64());
    let Some(by_page) = by_page else { return };
    let offset = by_page - now.as_secs_f64() * 1e3;
    for span in spans {
        let name = JsValue::from_str(&span.name);
        if let Ok(options) = JSON::parse(&span.measure_options(offset)) {
            // A browser that knows no such options measures nothing, and nobody asks it to.
            let _ = measure.call2(&performance, &name, &options);
            let _ = clear.call1(&performance, &name);
        }
    }
}
