//! Every Material piece on one page, to look at while changing one: `cargo run --example gallery`.

use eframe::egui::{Id, Theme, Ui};
use material::{
    ActionChip, Button, Chip, Fab, Icon, IconButton, Scaffold, TextField, Tone, Type, theme,
};

fn main() -> eframe::Result {
    eframe::run_native(
        "gallery",
        eframe::NativeOptions::default(),
        Box::new(|cc| {
            theme::apply(&cc.egui_ctx);
            Ok(Box::new(Gallery::default()))
        }),
    )
}

/// What a person can change on the page.
pub(crate) struct Gallery {
    message: String,
    address: String,
    sent: usize,
}

impl Default for Gallery {
    fn default() -> Self {
        Self { message: String::new(), address: "wss://echo example".into(), sent: 0 }
    }
}

impl eframe::App for Gallery {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.page_ui(ui);
    }
}

impl Gallery {
    /// The whole page.
    pub(crate) fn page_ui(&mut self, ui: &mut Ui) {
        let fab = Fab::new(Icon::Send, "Send message");
        let page = Scaffold::new("Material pieces in egui").padding(20).fab(fab);
        let page = page.show(ui, actions_ui, |_| (), |ui| self.body_ui(ui));
        if page.body || page.fab.is_some_and(|fab| fab.clicked()) {
            self.sent += 1;
        }
    }

    /// Whether Enter was pressed in the first field.
    fn body_ui(&mut self, ui: &mut Ui) -> bool {
        let message = TextField::new(Id::unique("message"), "Send a message");
        let submitted = message.hint("Anything at all").show(ui, &mut self.message).submitted;
        ui.add_space(24.0);
        ui.label(Type::BODY_LARGE.rich(format!("Sent: {}", self.sent)));
        ui.add_space(24.0);

        let error = "A space can't be part of an address; write %20";
        let address = TextField::new(Id::unique("address"), "Address");
        address.error(Some(error)).show(ui, &mut self.address);
        ui.add_space(16.0);
        ui.add_enabled_ui(false, |ui| {
            let protocol = TextField::new(Id::unique("protocol"), "Protocol");
            protocol.helper("Chosen by the server").show(ui, &mut String::new());
        });
        ui.add_space(24.0);

        ui.spacing_mut().item_spacing.y = 8.0;
        ui.horizontal_wrapped(|ui| {
            ui.add(Chip::new(Icon::Pending, "Connecting", Tone::Neutral));
            ui.add(Chip::new(Icon::Link, "Open", Tone::Good));
            ui.add(Chip::new(Icon::LinkOff, "Closed", Tone::Caution));
            ui.add(Chip::new(Icon::Warning, "Unreachable", Tone::Bad));
        });
        ui.horizontal_wrapped(|ui| {
            for enabled in [true, false] {
                ui.add_enabled(enabled, Button::tonal("Try again").icon(Icon::Refresh));
                ui.add_enabled(enabled, Button::outlined("Reconnect"));
                ui.add_enabled(enabled, Button::text("Details"));
            }
        });
        ui.horizontal_wrapped(|ui| {
            ui.add(ActionChip::new("Do it").tooltip("It is done at once"));
            ui.add(ActionChip::new("Off").on(false));
            ui.add(ActionChip::new("On").on(true));
            ui.add_enabled(false, ActionChip::new("Not now"));
        });
        ui.horizontal_wrapped(|ui| {
            for icon in Icon::ALL {
                ui.add(IconButton::new(icon, &format!("{icon:?}")));
            }
        });
        submitted
    }
}

fn actions_ui(ui: &mut Ui) {
    ui.add(IconButton::new(Icon::Translate, "Switch language"));
    let (icon, name, other) = match ui.visuals().dark_mode {
        true => (Icon::LightMode, "Light theme", Theme::Light),
        false => (Icon::DarkMode, "Dark theme", Theme::Dark),
    };
    if ui.add(IconButton::new(icon, name)).clicked() {
        ui.ctx().set_theme(other);
    }
}
