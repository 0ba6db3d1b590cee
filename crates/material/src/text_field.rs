//! Text to type into, a line or several: Flutter's `TextFormField` with its label, in the underlined style.

use std::sync::Arc;

use egui::{
    Align2, Event, FontId, Frame, Galley, Id, ImeEvent, Key, Label, Margin, Rect, Response,
    ScrollArea, TextBuffer, TextEdit, Ui, accesskit, pos2,
    text::{CCursor, CCursorRange},
    text_edit::{TextEditOutput, TextEditState},
    vec2,
};

use crate::{
    feedback,
    line::Line,
    theme::{Scheme, Type},
    whole_characters::WholeCharacters,
};

/// One line of text under a label, as wide as there is room, 56 points high; or, with
/// [`lines`](Self::lines), several.
///
/// The label stands where the text will be and steps up when there is text or the keyboard. A
/// longer text scrolls inside. Disable it with [`Ui::add_enabled_ui`].
#[must_use = "call `show`"]
pub struct TextField<'a> {
    id: Id,
    label: &'a str,
    hint: &'a str,
    helper: Option<&'a str>,
    error: Option<&'a str>,
    char_limit: usize,
    lines: u8,
    shown_by: Option<&'a ShownBy<'a>>,
}

/// What lays out a field's text, for [`TextEdit::layouter`].
pub type Layouter<'a> = &'a mut dyn FnMut(&Ui, &dyn TextBuffer, f32) -> Arc<Galley>;

/// Shows egui's field, laid out by this if there is any.
pub type ShowEdit<'a> = dyn FnMut(&mut Ui, Option<Layouter<'_>>) -> TextEditOutput + 'a;

/// Has egui's field shown, once, with a layouter if it likes.
pub type ShownBy<'a> = dyn Fn(&mut Ui, &mut ShowEdit<'_>) -> TextEditOutput + 'a;

/// What became of a [`TextField`] in this frame.
pub struct TextFieldOutput {
    /// The text input's own response: `changed`, `has_focus`, `request_focus`.
    pub response: Response,

    /// Whether Enter was pressed in a field of one line. It keeps the keyboard, unlike egui's own.
    pub submitted: bool,

    /// The rest of what egui knows: the cursor, and where the text is.
    pub edit: TextEditOutput,
}

impl<'a> TextField<'a> {
    /// `id` must be the same in every frame, also when the label changes its language.
    ///
    /// The label is what a screen reader says.
    pub fn new(id: Id, label: &'a str) -> Self {
        Self {
            id,
            label,
            hint: "",
            helper: None,
            error: None,
            char_limit: usize::MAX,
            lines: 1,
            shown_by: None,
        }
    }

    /// An example of what to type, shown while the field has the keyboard and no text.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// A note below the line.
    pub fn helper(mut self, helper: &'a str) -> Self {
        self.helper = Some(helper);
        self
    }

    /// What is wrong with the text, if anything is. It takes the place of the helper.
    pub fn error(mut self, error: Option<&'a str>) -> Self {
        self.error = error;
        self
    }

    /// The most characters that can be typed. As many as there are, unless it is set.
    pub fn char_limit(mut self, characters: usize) -> Self {
        self.char_limit = characters;
        self
    }

    /// How many lines are seen at once, at most; 1 by default. Of several, as many are there as the text
    /// has, but two at least, and Enter begins another one.
    pub fn lines(mut self, lines: u8) -> Self {
        self.lines = lines;
        self
    }

    /// Has the text itself shown by somebody else, who lays it out in another way.
    pub fn shown_by(mut self, show: &'a ShownBy<'a>) -> Self {
        self.shown_by = Some(show);
        self
    }

    /// The id that it was given.
    pub fn id(&self) -> Id {
        self.id
    }

    /// Whether it has several lines.
    pub fn is_multiline(&self) -> bool {
        self.lines > 1
    }

    /// The font of the text, for whoever [shows](Self::shown_by) it.
    pub fn font() -> FontId {
        Type::BODY_LARGE.font()
    }

    /// Draws the field and lets the person edit `text`.
    pub fn show(self, ui: &mut Ui, text: &mut dyn TextBuffer) -> TextFieldOutput {
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let output = self.line_ui(ui, &mut WholeCharacters(text));
            self.note_ui(ui, output.response.id);
            output
        })
        .inner
    }

    /// Label, text and underline.
    fn line_ui(&self, ui: &mut Ui, text: &mut dyn TextBuffer) -> TextFieldOutput {
        let scheme = Scheme::of(ui);
        let had_focus = ui.memory(|memory| memory.has_focus(self.id));
        if self.error.is_some() {
            ui.visuals_mut().text_cursor.stroke.color = scheme.error;
        }

        let hint = if had_focus { self.hint } else { "" };
        let (edit, rect) = if self.lines > 1 {
            self.several_ui(ui, text, hint)
        } else {
            let edit = self.show_text(ui, text, |text| {
                self.dressed(scheme, TextEdit::singleline(text), hint)
                    // Above the text is room for the label, which a click may hit just as well.
                    .frame(Frame::new().inner_margin(Margin { top: 24, bottom: 8, ..Margin::ZERO }))
                    .min_size(vec2(0.0, HEIGHT))
                    .align(Align2::LEFT_CENTER)
                    // egui's Enter gives the keyboard away, and the next message would have to fetch it.
                    .return_key(None)
            });
            let rect = edit.response.response.rect;
            (edit, rect)
        };
        let response = edit.response.response.clone();
        response.ctx.accesskit_node_builder(self.id, |node| {
            node.set_label(self.label);
            if !self.hint.is_empty() {
                node.set_placeholder(self.hint);
            }
        });

        let focused = response.has_focus();
        let floats = had_focus || focused || !text.as_str().is_empty();
        self.paint_label(ui, &response, rect, floats);
        self.paint_underline(ui, &response, rect);
        if response.gained_focus() {
            response.scroll_to_me(None);
        }

        let submitted = self.lines == 1 && focused && enter_pressed(ui);
        TextFieldOutput { submitted, response, edit }
    }

    /// What one line and several have in common.
    fn dressed<'t>(&self, scheme: Scheme, edit: TextEdit<'t>, hint: &str) -> TextEdit<'t> {
        edit.id(self.id)
            .char_limit(self.char_limit)
            .font(Type::BODY_LARGE.font())
            .text_color(scheme.on_surface)
            .desired_width(f32::INFINITY)
            // Otherwise the hint would stand in the label's place.
            .hint_text(Type::BODY_LARGE.rich(hint))
    }

    /// Shows the text in the field that `dress` makes of it, by whoever is to show it.
    fn show_text(
        &self,
        ui: &mut Ui,
        text: &mut dyn TextBuffer,
        dress: impl for<'t> Fn(&'t mut dyn TextBuffer) -> TextEdit<'t>,
    ) -> TextEditOutput {
        let mut show = |ui: &mut Ui, layouter: Option<Layouter<'_>>| match layouter {
            Some(layouter) => dress(text).layouter(layouter).show(ui),
            None => dress(text).show(ui),
        };
        match self.shown_by {
            Some(shown_by) => shown_by(ui, &mut show),
            None => show(ui, None),
        }
    }

    /// The text in several lines, and where the whole field is.
    fn several_ui(
        &self,
        ui: &mut Ui,
        text: &mut dyn TextBuffer,
        hint: &str,
    ) -> (TextEditOutput, Rect) {
        let scheme = Scheme::of(ui);
        let top = ui.cursor().min;
        let width = ui.available_width();
        ui.add_space(LABEL_ROOM);
        let rows_id = self.id.with("rows");
        let rows: usize = ui.data(|data| data.get_temp(rows_id)).unwrap_or_default();
        let show = |ui: &mut Ui, text: &mut dyn TextBuffer| {
            self.show_text(ui, text, |text| {
                self.dressed(scheme, TextEdit::multiline(text), hint)
                    .frame(Frame::new().inner_margin(Margin { bottom: 8, ..Margin::ZERO }))
                    .desired_rows(2)
            })
        };
        let edit = if rows > usize::from(self.lines) {
            let height = f32::from(self.lines) * LINE + BELOW_TEXT;
            let area = ScrollArea::vertical().id_salt(self.id).max_height(height);
            let shown = area.show(ui, |ui| {
                ui.set_width(width);
                show(ui, text)
            });
            shown.inner
        } else {
            // Not in a scroll area: that would take from the page what is to scroll the page.
            show(ui, text)
        };
        if edit.galley.rows.len() != rows {
            ui.data_mut(|data| data.insert_temp(rows_id, edit.galley.rows.len()));
            ui.ctx().request_repaint();
        }
        // The room that it took may be less than the one that it had.
        let bottom = pos2(top.x + width, ui.min_rect().bottom());
        (edit, Rect::from_min_max(top, bottom))
    }

    fn paint_label(&self, ui: &Ui, response: &Response, rect: Rect, floats: bool) {
        let scheme = Scheme::of(ui);
        let color = if !ui.is_enabled() {
            // egui fades what is disabled, and Material starts from this colour.
            scheme.on_surface
        } else if self.error.is_some() {
            scheme.error
        } else if response.has_focus() {
            scheme.primary
        } else {
            scheme.on_surface_variant
        };
        let (size, middle) =
            if floats { (Type::BODY_SMALL, 16.0) } else { (Type::BODY_LARGE, 36.0) };
        let line = Line::new(ui, self.label, size, rect.width());
        let left = rect.left_top() + vec2(0.0, middle);
        if let Some(whole) = line.paint(ui.painter(), left, color) {
            feedback::hover_tooltip(response, whole);
        }
    }

    fn paint_underline(&self, ui: &Ui, response: &Response, rect: Rect) {
        let scheme = Scheme::of(ui);
        let focused = response.has_focus();
        let color = if !ui.is_enabled() {
            scheme.on_surface
        } else if self.error.is_some() {
            scheme.error
        } else if focused {
            scheme.primary
        } else if response.hovered() {
            scheme.on_surface
        } else {
            scheme.on_surface_variant
        };
        // Not by colour alone, where a person needs more than that.
        let is_wrong = self.error.is_some() && scheme.has_outlines();
        let width = if focused || is_wrong { 2.0 } else { 1.0 };
        let line = Rect::from_min_max(pos2(rect.left(), rect.bottom() - width), rect.max);
        ui.painter().rect_filled(line, 0, color);
    }

    /// The error or the helper, and its tie to the field for those who hear the page.
    fn note_ui(&self, ui: &mut Ui, field: Id) {
        let scheme = Scheme::of(ui);
        let (note, color) = match (self.error, self.helper) {
            (Some(error), _) => (error, scheme.error),
            (None, Some(helper)) => (helper, scheme.on_surface_variant),
            (None, None) => return,
        };
        ui.add_space(4.0);
        let label = Label::new(Type::BODY_SMALL.rich(note).color(color)).wrap();
        let label = ui.scope(|ui| {
            // It may say why the field is disabled, and so it can be read.
            ui.set_opacity(1.0);
            ui.add(label)
        });
        let label = label.inner;

        let is_error = self.error.is_some();
        ui.ctx().accesskit_node_builder(field, |node| {
            node.set_description(note);
            node.push_described_by(label.id.accesskit_id());
            if is_error {
                node.set_invalid(accesskit::Invalid::True);
                node.set_error_message(label.id.accesskit_id());
            }
        });
        if is_error {
            ui.ctx().accesskit_node_builder(label.id, |node| {
                node.set_live(accesskit::Live::Polite);
            });
        }
    }
}

/// Gives the field `id` the keyboard, with the cursor at the end of its `text`.
pub fn focus_at_end(ctx: &egui::Context, id: Id, text: &str) {
    let mut state = TextEditState::load(ctx, id).unwrap_or_default();
    let end = CCursor::new(text.chars().count());
    state.cursor.set_char_range(Some(CCursorRange::one(end)));
    state.store(ctx, id);
    ctx.memory_mut(|memory| memory.request_focus(id));
}

/// Gives the field `id` the keyboard with its whole `text` selected, so that the next key replaces
/// it.
pub fn focus_and_select_all(ctx: &egui::Context, id: Id, text: &str) {
    let mut state = TextEditState::load(ctx, id).unwrap_or_default();
    let end = CCursor::new(text.chars().count());
    state.cursor.set_char_range(Some(CCursorRange::two(CCursor::default(), end)));
    state.store(ctx, id);
    ctx.memory_mut(|memory| memory.request_focus(id));
}

const HEIGHT: f32 = 56.0;

/// Of a field of several lines: above its text, of each line, and below.
const LABEL_ROOM: f32 = 24.0;
const LINE: f32 = 24.0;
const BELOW_TEXT: f32 = 8.0;

fn enter_pressed(ui: &Ui) -> bool {
    ui.input(|input| {
        // An Enter that ends an input method's word belongs to the input method. Its events without
        // text mean nothing: some systems send them for no reason.
        let composing = input.events.iter().any(|event| match event {
            Event::Ime(ImeEvent::Commit(text) | ImeEvent::Preedit { text, .. }) => !text.is_empty(),
            _ => false,
        });
        !composing
            && input.events.iter().any(|event| {
                // A key held down is one message, not thirty a second.
                matches!(event, Event::Key { key: Key::Enter, pressed: true, repeat: false, .. })
            })
    })
}
