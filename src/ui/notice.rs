//! A sentence that came by itself, and the button that answers it.

use egui::{Label, Ui, accesskit, vec2};
use material::Button;
use material::theme::{Scheme, Type};

/// Draws a sentence, which is also told to screen readers, and its button behind it; gives whether that was
/// pressed. A long sentence has several lines, and never less than half of the room.
pub fn notice_ui(ui: &mut Ui, text: &str, button: &str) -> bool {
    const GAP: f32 = 8.0;
    let button = Button::text(button);
    let all = ui.available_width();
    let width = (all - button.width(ui) - GAP).max(all / 2.0);
    let color = Scheme::of(ui).on_surface;
    let answer = ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing = vec2(GAP, 0.0);
        ui.scope(|ui| {
            ui.set_max_width(width);
            let label = ui.add(Label::new(Type::BODY_MEDIUM.rich(text).color(color)).wrap());
            let live = accesskit::Live::Polite;
            ui.ctx().accesskit_node_builder(label.id, |node| node.set_live(live));
        });
        ui.add(button).clicked()
    });
    answer.inner
}
