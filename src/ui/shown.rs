//! A text that is shown and not typed: its words can be selected and copied, and its letters are in the order in which
//! they are read.

use std::fmt::Debug;
use std::hash::Hash;

use egui::accesskit::{Live, Role};
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, Id, Label, Ui, WidgetInfo};
use egui_long_text::{LongText, OrderedText};
use material::Type;

use super::text_menu::offer_copy_of;

/// How a text that is shown looks, and whether it is read out by itself when it changes.
#[derive(Clone, Copy)]
pub struct Looks {
    /// Its size.
    pub size: Type,
    /// How far it is from one line to the next, in points; by default what the font asks for.
    pub line_height: Option<f32>,
    /// Its colour.
    pub color: Color32,
    /// Whether it is read out.
    pub live: Live,
}

impl Looks {
    /// As a note looks.
    pub fn note(color: Color32) -> Self {
        let size = Type::BODY_MEDIUM;
        Self { size, line_height: Some(size.line_height()), color, live: Live::Off }
    }
}

/// Shows all of a text, wrapped. `salt` is another one for each text in `ui`.
pub fn shown_ui(ui: &mut Ui, salt: impl Hash + Debug, looks: Looks, text: &str) {
    ui.scope(|ui| {
        ui.visuals_mut().override_text_color = Some(looks.color);
        let shown = LongText::new(salt, text)
            // In another text nothing is selected.
            .generation(Id::unique(text).value())
            .max_height(f32::MAX)
            .font(looks.size.font())
            .line_height(looks.line_height)
            .live(looks.live)
            .spoken(usize::MAX, "")
            .show(ui);
        offer_copy_of(&shown, text);
    });
}

/// Shows the beginning of a line that somebody else has written, as far as there is room.
pub fn line_ui(ui: &mut Ui, size: Type, color: Color32, text: &str) {
    let format = TextFormat {
        line_height: Some(size.line_height()),
        ..TextFormat::simple(size.font(), color)
    };
    let mut job = LayoutJob::single_section(text.to_owned(), format);
    job.wrap = TextWrapping::truncate_at_width(ui.available_width());
    job.break_on_newline = false;
    let line = OrderedText::new(ui.ctx(), job);
    let label = ui.add(Label::new(line.galley().clone()).selectable(false));
    // What is drawn may be other forms of the letters that were written.
    label.widget_info(|| WidgetInfo::labeled(Role::Label, ui.is_enabled(), text));
}
