//! Step 5, the echo page in small: the stream is a WebSocket's, from the crate `web_socket_channel`.

mod common;

use eframe::egui::{CentralPanel, Context, Key, Ui};
use egui_stream_builder::{ConnectionState, StreamBuilder};
use web_socket_channel::{Error, Message, WebSocketChannel, WebSocketSink};

/// `cargo run -p websocket-echo-server` answers there.
const URL: &str = "ws://127.0.0.1:9001";

fn main() -> eframe::Result {
    common::run("An echo", EchoPage::default)
}

#[derive(Default)]
struct EchoPage {
    /// To let go of it is to close the connection.
    sink: Option<WebSocketSink>,
    messages: StreamBuilder<Message, Error>,
    attempt: u32,
    draft: String,
}

impl eframe::App for EchoPage {
    fn logic(&mut self, ctx: &Context, _: &mut eframe::Frame) {
        self.messages.set_stream(self.attempt, || {
            let (sink, stream) = WebSocketChannel::connect(URL).expect("it is a URL").split();
            self.sink = Some(sink);
            stream
        });
        self.messages.update(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
        CentralPanel::default().show(ui, |ui| {
            let field = ui.text_edit_singleline(&mut self.draft);
            let is_entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            // What the channel does not take stays in the field.
            let send = |sink: &WebSocketSink| sink.try_send(self.draft.as_str()).is_ok();
            if is_entered && self.sink.as_ref().is_some_and(send) {
                self.draft.clear();
            }
            self.messages.show(ui, |ui, snapshot| match snapshot.value() {
                Some(Ok(message)) => {
                    ui.label(format!("echo: {}", message.as_text().unwrap_or("…")))
                }
                Some(Err(error)) => ui.label(format!("Network unreachable: {error}")),
                None => ui.label("Nothing yet."),
            });
            let is_over = self.messages.snapshot().connection_state() == ConnectionState::Done;
            if is_over && ui.button("Connect again").clicked() {
                self.attempt += 1;
                ui.ctx().request_repaint(); // `logic` is to see it.
            }
            common::frames_ui(ui);
        });
    }
}
