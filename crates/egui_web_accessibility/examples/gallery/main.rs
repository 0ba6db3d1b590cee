//! A page with one of each kind of widget, mirrored for screen readers; `tests/gallery.mjs` uses it as one does.

#![allow(clippy::print_stdout, reason = "a binary")]

#[cfg(not(target_arch = "wasm32"))]
mod expected;
mod ui;

/// Outside of a browser it writes what a screen reader should be told, after clicks on what the arguments
/// name; `tests/gallery.mjs` compares.
#[cfg(not(target_arch = "wasm32"))]
fn main() {
    println!("{}", expected::after_clicks(std::env::args().skip(1)));
}

#[cfg(target_arch = "wasm32")]
fn main() {
    use eframe::wasm_bindgen::JsCast as _;
    use egui_web_accessibility::Start;

    let document = web_sys::window().and_then(|window| window.document());
    let canvas = document.and_then(|document| document.get_element_by_id("canvas"));
    let canvas: web_sys::HtmlCanvasElement =
        canvas.and_then(|canvas| canvas.dyn_into().ok()).expect("the page has a canvas");
    let search =
        web_sys::window().and_then(|window| window.location().search().ok()).unwrap_or_default();
    let number = |name: &str| -> usize {
        let mut parts = search.trim_start_matches('?').split('&');
        let value = parts.find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
        value.and_then(|value| value.parse().ok()).unwrap_or_default()
    };
    let gallery = Gallery(ui::Gallery { extra: number("rows"), ..ui::Gallery::default() });
    let start = if search.contains("ask") {
        Start::WhenAskedFor { button: "Enable accessibility".to_owned() }
    } else {
        Start::Always
    };

    wasm_bindgen_futures::spawn_local(async move {
        let mirrored = canvas.clone();
        let create: eframe::AppCreator<'static> = Box::new(move |creation| {
            // What is built with this variable set tells what the mirror weighs.
            if option_env!("WITHOUT_MIRROR").is_none() {
                egui_web_accessibility::install(&creation.egui_ctx, &mirrored, start)
                    .expect("the canvas is in the page");
            }
            Ok(Box::new(gallery))
        });
        let runner = eframe::WebRunner::new();
        runner
            .start(canvas, eframe::WebOptions::default(), create)
            .await
            .expect("the browser has WebGL");
    });
}

#[cfg(target_arch = "wasm32")]
struct Gallery(ui::Gallery);

#[cfg(target_arch = "wasm32")]
impl eframe::App for Gallery {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.0.ui(ui);
    }
}
