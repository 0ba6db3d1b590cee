//! A page of eframe with one word on it.

use eframe::egui::Ui;
use eframe::wasm_bindgen::JsCast as _;
use web_sys::HtmlCanvasElement;

struct Empty;

impl eframe::App for Empty {
    fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
        ui.label("Hello");
    }
}

fn main() {
    wasm_bindgen_futures::spawn_local(async {
        let document = web_sys::window().and_then(|window| window.document());
        let canvas = document.and_then(|document| document.get_element_by_id("canvas"));
        let canvas = canvas.and_then(|canvas| canvas.dyn_into::<HtmlCanvasElement>().ok());
        let canvas = canvas.expect("index.html has a canvas");
        let create: eframe::AppCreator<'static> = Box::new(|_| Ok(Box::new(Empty)));
        let options = eframe::WebOptions::default();
        eframe::WebRunner::new().start(canvas, options, create).await.expect("it starts");
    });
}
