//! Every Material piece on one page, to look at while changing one: `cargo run --example gallery`.

use eframe::egui::{Id, Theme, Ui};
use material::{
    ActionChip, Bars, Button, Chip, Fab, Icon, IconButton, Look, Radio, Scaffold, Section, Switch,
    TextField, Tone, Type, radio_group, theme,
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
    lines: String,
    sent: usize,
    is_on: bool,
    chosen: usize,
    look: Look,
}

impl Default for Gallery {
    fn default() -> Self {
        Self {
            message: String::new(),
            address: "wss://echo example".into(),
            lines: "one\ntwo\nthree".into(),
            sent: 0,
            is_on: true,
            chosen: 0,
            look: Look::default(),
        }
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
        let mut look = self.look;
        let page =
            page.show(ui, |ui| actions_ui(ui, &mut look), |_| (), |ui| self.body_ui(ui), |_| ());
        if look != self.look {
            self.look = look;
            theme::set_look(ui.ctx(), look);
        }
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
        ui.spacing_mut().item_spacing.y = 0.0;
        self.choices_ui(ui);
        self.sections_ui(ui);
        ui.add_space(8.0);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.y = 8.0;
            for icon in Icon::ALL {
                ui.add(IconButton::new(icon, &format!("{icon:?}")));
            }
        });
        submitted
    }

    fn choices_ui(&mut self, ui: &mut Ui) {
        if ui.add(Switch::new(self.is_on, "Connect again")).clicked() {
            self.is_on = !self.is_on;
        }
        ui.add_enabled_ui(false, |ui| {
            ui.add(Switch::new(true, "Compress").note("Browsers let no page set this"));
            ui.add(Switch::new(false, "Encrypt"));
        });
        radio_group(ui, "Transport", |ui| {
            for (at, name) in ["Native", "In the page"].into_iter().enumerate() {
                let choice = Radio::new(self.chosen == at, name);
                if ui.add(choice.note("More about it in another line")).clicked() {
                    self.chosen = at;
                }
            }
            ui.add_enabled(false, Radio::new(false, "Carrier pigeon").note("It is raining"));
        });
    }

    fn sections_ui(&mut self, ui: &mut Ui) {
        let section = Section::new(Id::unique("times"), "Times");
        section.summary("Connect within 10 s, close within 5 s").show(ui, |ui| {
            ui.label("The times themselves");
        });
        let section = Section::new(Id::unique("limits"), "Limits");
        section.problem(Some("Correct “Largest message”")).show(ui, |_| {});
        Section::new(Id::unique("headers"), "Headers").starts_open(true).show(ui, |ui| {
            let field = TextField::new(Id::unique("lines"), "One a line").lines(4);
            field.helper("Name: value").show(ui, &mut self.lines);
            ui.add_space(16.0);
            let figures: Vec<f32> = (0..40_u16).map(|at| f32::from(at * 7 % 13)).collect();
            ui.add(Bars::new("Round trips", &figures));
            ui.add_space(8.0);
            ui.add(Bars::new("Rates", &figures).below(&figures[5..]).slots(60));
        });
    }
}

fn actions_ui(ui: &mut Ui, look: &mut Look) {
    ui.add(IconButton::new(Icon::Translate, "Switch language"));
    let (icon, name, other) = match ui.visuals().dark_mode {
        true => (Icon::LightMode, "Light theme", Theme::Light),
        false => (Icon::DarkMode, "Dark theme", Theme::Dark),
    };
    if ui.add(IconButton::new(icon, name)).clicked() {
        ui.ctx().set_theme(other);
    }
    let name = if look.more_contrast { "Usual contrast" } else { "More contrast" };
    if ui.add(IconButton::new(Icon::Contrast, name).selected(look.more_contrast)).clicked() {
        look.more_contrast = !look.more_contrast;
    }
}
