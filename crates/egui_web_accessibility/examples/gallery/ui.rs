//! One of each kind of widget, for the page and for the test that compares what a screen reader is told.

use egui::accesskit::{Invalid, Live, Role};

/// What the widgets change.
pub(crate) struct Gallery {
    pub(crate) name: String,
    pub(crate) note: String,
    pub(crate) secret: String,
    pub(crate) remember: bool,
    pub(crate) fruit: usize,
    pub(crate) volume: f64,
    pub(crate) amount: i64,
    pub(crate) choice: usize,
    pub(crate) clicks: u32,
    pub(crate) has_window: bool,
    pub(crate) shows_secret: bool,
    pub(crate) extra: usize,
}

impl Default for Gallery {
    fn default() -> Self {
        Self {
            name: "Ada".to_owned(),
            note: "first line\nsecond line".to_owned(),
            secret: "raisin".to_owned(),
            remember: true,
            fruit: 1,
            volume: 40.0,
            amount: 7,
            choice: 0,
            clicks: 0,
            has_window: false,
            shows_secret: false,
            extra: 0,
        }
    }
}

const FRUITS: [&str; 3] = ["Apple", "Pear", "Plum"];

impl Gallery {
    /// Draws all of it.
    pub(crate) fn ui(&mut self, ui: &mut egui::Ui) {
        egui::CentralPanel::default().show(ui, |ui| {
            egui::ScrollArea::vertical().show(ui, |ui| self.widgets(ui));
        });
    }

    fn widgets(&mut self, ui: &mut egui::Ui) {
        let heading = ui.heading("Gallery");
        ui.ctx().accesskit_node_builder(heading.id, |node| {
            node.set_role(Role::Heading);
            node.set_level(0);
        });
        let count = ui.label(format!("Clicked {} times", self.clicks));
        ui.ctx().accesskit_node_builder(count.id, |node| {
            node.set_role(Role::Status);
            node.set_live(Live::Polite);
        });

        if ui.button("Count").on_hover_text("Adds one").clicked() {
            self.clicks += 1;
        }
        ui.add_enabled(false, egui::Button::new("Not now"));
        ui.hyperlink_to("The project", "https://example.org");
        ui.checkbox(&mut self.remember, "Remember me");
        ui.horizontal(|ui| {
            ui.selectable_value(&mut self.choice, 0, "Day");
            ui.selectable_value(&mut self.choice, 1, "Night");
        });
        for (number, fruit) in FRUITS.iter().enumerate() {
            ui.radio_value(&mut self.fruit, number, *fruit);
        }

        let label = ui.label("Name");
        let name = ui
            .add(egui::TextEdit::singleline(&mut self.name).hint_text("given name"))
            .labelled_by(label.id);
        let wrong = self.name.is_empty();
        ui.ctx().accesskit_node_builder(name.id, |node| {
            node.set_required();
            if wrong {
                node.set_invalid(Invalid::True);
            }
        });
        ui.label(format!("Hello, {}", self.name));
        ui.text_edit_multiline(&mut self.note).accessible_name("Note");
        ui.add(egui::TextEdit::singleline(&mut self.secret).password(!self.shows_secret))
            .accessible_name("Secret");
        ui.checkbox(&mut self.shows_secret, "Show the secret");
        let mut fixed = "can be read only";
        ui.text_edit_singleline(&mut fixed).accessible_name("Fixed");

        ui.add(egui::Slider::new(&mut self.volume, 0.0..=100.0).step_by(5.0).text("Volume"));
        let label = ui.label("Amount");
        // Of whole numbers egui's own step is a quarter, which never gets anywhere.
        let amount = egui::DragValue::new(&mut self.amount).range(0..=10).speed(1.0);
        ui.add(amount).labelled_by(label.id);
        ui.add(egui::ProgressBar::new(0.25).text("Loading"));

        egui::ComboBox::from_label("Fruit").selected_text(FRUITS[self.fruit]).show_ui(ui, |ui| {
            for (number, fruit) in FRUITS.iter().enumerate() {
                ui.selectable_value(&mut self.fruit, number, *fruit);
            }
        });
        ui.collapsing("More", |ui| {
            ui.label("That was hidden");
        });
        ui.separator();
        ui.checkbox(&mut self.has_window, "Show a window");
        if self.has_window {
            egui::Window::new("Extra").show(ui.ctx(), |ui| {
                ui.label("In the window");
            });
        }
        self.list(ui);
        self.table(ui);
        for number in 0..self.extra {
            ui.label(format!("Row {number}"));
        }
    }

    fn list(&mut self, ui: &mut egui::Ui) {
        let list =
            egui::UiBuilder::new().accessibility_role(Role::List).accessibility_label("Steps");
        let response = ui.scope_builder(list, |ui| {
            for (position, text) in ["Open", "Send", "Close"].into_iter().enumerate() {
                let item = ui.label(text);
                ui.ctx().accesskit_node_builder(item.id, |node| {
                    node.set_role(Role::ListItem);
                    node.set_position_in_set(position);
                });
            }
        });
        ui.ctx().accesskit_node_builder(response.response.id, |node| node.set_size_of_set(3));
    }

    fn table(&mut self, ui: &mut egui::Ui) {
        let table =
            egui::UiBuilder::new().accessibility_role(Role::Table).accessibility_label("Prices");
        ui.scope_builder(table, |ui| {
            for (row, cells) in [["Fruit", "Price"], ["Apple", "3"]].into_iter().enumerate() {
                let builder = egui::UiBuilder::new().accessibility_role(Role::Row);
                ui.scope_builder(builder, |ui| {
                    ui.horizontal(|ui| {
                        for (column, text) in cells.into_iter().enumerate() {
                            let cell = ui.label(text);
                            ui.ctx().accesskit_node_builder(cell.id, |node| {
                                node.set_role(if row == 0 {
                                    Role::ColumnHeader
                                } else {
                                    Role::Cell
                                });
                                node.set_row_index(row);
                                node.set_column_index(column);
                            });
                        }
                    });
                });
            }
        });
    }
}
