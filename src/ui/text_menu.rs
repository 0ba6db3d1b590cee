//! The menu of a text: cut, copy, paste and select all, by the right button, a long press, Shift+F10 or the Menu
//! key.
//!
//! Every field of the page has it without knowing of it. A text that is shown and not typed offers it itself,
//! by [`offer_copy`], as nobody else knows what is in it.

use std::borrow::Cow;
use std::sync::Arc;

use egui::containers::menu::menu_style;
use egui::text::CCursorRange;
use egui::text_edit::TextEditState;
use egui::{
    Align, Context, Event, Id, Key, Label, Layout, Modifiers, Popup, PopupAnchor,
    PopupCloseBehavior, PopupKind, Pos2, Rect, Response, Ui, ViewportCommand, pos2,
};
use egui_long_text::LongTextOutput;
use material::{MenuItem, Scheme, Type};

use crate::i18n::{ClipboardProblem, Words};

/// The longest text that is copied, in bytes: its hex is three times as long.
pub const MAX_COPIED_BYTES: usize = 16 << 20;

/// How wide the menu is, in points.
const WIDTH: f32 = 160.0;
/// The same where it has a sentence to say.
const SENTENCE_WIDTH: f32 = 280.0;

/// How far below the word that a finger has selected the menu is, in points.
const BELOW_WORD: f32 = 4.0;

/// What is kept from frame to frame.
#[derive(Clone, Default)]
struct Memory {
    /// How many menus were opened. Each is a popup of its own, as egui takes a click beside an open one for one
    /// that closes it, and it may open the next.
    opened: u64,
    menu: Option<Menu>,
    /// What was selected in the field that had the keyboard as the pointer was pressed, which moves the cursor.
    at_press: Option<(Id, CCursorRange)>,
    /// The menu was opened by the pointer in this frame, in which the field may still move its cursor.
    is_new: bool,
    /// Where the finger's press had set the cursor, if it was a finger that stayed.
    pressed_long: Option<CCursorRange>,
    /// A finger opened the menu. It is to be below what that selects, which is known in the next frame; in this one
    /// egui measures the menu.
    is_below_caret: bool,
    /// Whether the pointer was down in the last frame. In a browser a finger is told twice, as a pointer and in the
    /// next frame as a finger, and the second press finds the cursor moved already.
    is_down: bool,
    /// Where the cursor was in the last frame.
    caret: Option<Rect>,
    /// What the field is given once it has the keyboard.
    pending: Option<(Id, Event)>,
    /// Where the last menu was and for which field, for what is said of it later.
    place: Pos2,
    field: Option<Id>,
}

#[derive(Clone)]
struct Menu {
    of: Of,
    /// Whoever opened it by a key goes on by keys.
    takes_keyboard: bool,
}

#[derive(Clone)]
enum Of {
    /// A field, and what is selected in it.
    Field(Id, Option<CCursorRange>),
    /// A text that is shown.
    Shown {
        /// What showed it, if that can have the keyboard.
        by: Option<Id>,
        /// What is selected of it, unless that is nothing or too long to be copied.
        selected: Option<Arc<str>>,
        /// The same of all of it, where that is another thing.
        whole: Option<Arc<str>>,
    },
    /// No text, but what the browser refuses.
    Problem(ClipboardProblem),
}

impl Memory {
    fn id() -> Id {
        Id::unique("text menu")
    }

    fn load(ctx: &Context) -> Self {
        ctx.data(|data| data.get_temp(Self::id())).unwrap_or_default()
    }

    fn store(self, ctx: &Context) {
        ctx.data_mut(|data| data.insert_temp(Self::id(), self));
    }

    fn popup_id(&self) -> Id {
        Self::id().with(self.opened)
    }

    fn open(&mut self, ctx: &Context, place: Pos2, of: Of, takes_keyboard: bool) {
        self.opened += 1;
        self.place = place;
        self.field = match of {
            Of::Field(id, _) => Some(id),
            Of::Shown { .. } => None,
            Of::Problem(_) => self.field,
        };
        self.menu = Some(Menu { of, takes_keyboard });
        Popup::open_id(ctx, self.popup_id());
        ctx.request_repaint();
    }
}

/// Takes in what is asked of the fields. To be called before anything is drawn.
pub fn begin(ctx: &Context) {
    let mut memory = Memory::load(ctx);
    if let Some((id, event)) = memory.pending.take()
        && ctx.memory(|memory| memory.has_focus(id))
    {
        ctx.input_mut(|input| input.events.push(event));
    }
    let focused = ctx.memory(egui::Memory::focused).filter(|id| range_in(ctx, *id).is_some());
    let (is_pressed, is_down) =
        ctx.input(|input| (input.pointer.any_pressed(), input.pointer.any_down()));
    let was_down = std::mem::replace(&mut memory.is_down, is_down);
    if is_pressed && !was_down {
        memory.at_press = focused.and_then(|id| Some((id, range_in(ctx, id).flatten()?)));
    }
    if let Some(id) = focused.filter(|_| takes_menu_key(ctx))
        && let Some(field) = ctx.read_response(id)
    {
        let range = range_in(ctx, id).flatten();
        let place = memory.caret.unwrap_or(field.rect).left_bottom();
        memory.open(ctx, place, Of::Field(id, range), true);
    } else if let Some(Pointed { id, place, is_finger }) = pointed_field(ctx) {
        memory.pressed_long = is_finger.then(|| range_in(ctx, id).flatten()).flatten();
        memory.open(ctx, place, Of::Field(id, None), false);
        memory.is_new = true;
        memory.is_below_caret = is_finger;
    }
    memory.store(ctx);
}

/// Offers to copy what is selected of something that is shown. `text` is asked for it once that is wanted.
pub fn offer_copy<'a>(response: &Response, text: impl FnOnce() -> Cow<'a, str>) {
    if let Some((place, is_by_key)) = asked(response, response.has_focus(), None) {
        open_shown(response, place, is_by_key, copyable(&text()), None);
    }
}

/// The same of a text: what is selected in it, and all of it.
pub fn offer_copy_of(shown: &LongTextOutput, text: &str) {
    let LongTextOutput { response, takes_keys, caret, .. } = shown;
    let Some((place, is_by_key)) = asked(response, *takes_keys, *caret) else { return };
    let selection = shown.selection.clone().filter(|selection| !selection.is_empty());
    let is_part = selection.as_ref().is_none_or(|selection| selection.len() < text.len());
    let selected = selection.and_then(|selection| text.get(selection)).and_then(copyable);
    let whole = Some(text).filter(|_| is_part).and_then(copyable);
    open_shown(response, place, is_by_key, selected, whole);
}

/// Where the menu of something that is shown is asked for, if it is, and whether by a key. A caret is in the place of
/// a finger, which covers what is selected, and of a pointer that there is not.
fn asked(response: &Response, takes_keys: bool, caret: Option<Rect>) -> Option<(Pos2, bool)> {
    let is_by_key = takes_keys && takes_menu_key(&response.ctx);
    if !is_by_key && !response.secondary_clicked() {
        return None;
    }
    let below = caret.map(|caret| caret.left_bottom());
    let pointer = response.interact_pointer_pos().filter(|_| !is_by_key);
    let place = match pointer {
        Some(at) if response.long_touched() => {
            pos2(at.x, below.map_or(at.y, |below| below.y + BELOW_WORD))
        }
        Some(at) => at,
        None => below.unwrap_or(response.interact_rect.left_top()),
    };
    Some((place, is_by_key))
}

fn copyable(text: &str) -> Option<Arc<str>> {
    (text.len() <= MAX_COPIED_BYTES).then(|| Arc::from(text))
}

fn open_shown(
    response: &Response,
    place: Pos2,
    is_by_key: bool,
    selected: Option<Arc<str>>,
    whole: Option<Arc<str>>,
) {
    let by = Some(response.id).filter(|_| response.sense.is_focusable());
    let mut memory = Memory::load(&response.ctx);
    memory.open(&response.ctx, place, Of::Shown { by, selected, whole }, is_by_key);
    memory.store(&response.ctx);
}

/// Says where the menu was what the browser refuses.
pub fn tell_problem(ctx: &Context, problem: ClipboardProblem) {
    let mut memory = Memory::load(ctx);
    let place = memory.place;
    memory.open(ctx, place, Of::Problem(problem), false);
    memory.store(ctx);
}

/// Draws the menu, if one is open. To be called after what it is for.
pub fn show(ui: &Ui, words: &Words) {
    let ctx = ui.ctx();
    let mut memory = Memory::load(ctx);
    let caret = ctx.output(|output| output.ime.map(|ime| ime.cursor_rect));
    let has_moved = std::mem::replace(&mut memory.caret, caret) != caret;
    let Some(mut menu) = memory.menu.take() else {
        if has_moved {
            memory.store(ctx);
        }
        return;
    };
    if let Of::Field(id, range) = &mut menu.of
        && std::mem::take(&mut memory.is_new)
    {
        let now = range_in(ctx, *id).flatten();
        let pressed = memory.pressed_long.take().or(now);
        *range = selected_before(memory.at_press.take(), *id, pressed).or(now);
        select(ctx, *id, *range);
    } else if let Of::Field(id, range) = &mut menu.of
        && ctx.memory(|memory| memory.has_focus(*id))
    {
        *range = range_in(ctx, *id).flatten();
        if std::mem::take(&mut memory.is_below_caret)
            && let Some(caret) = caret
        {
            memory.place.y = caret.bottom() + BELOW_WORD;
        }
    }
    let is_sentence =
        matches!(menu.of, Of::Problem(_) | Of::Shown { selected: None, whole: None, .. });
    let (width, behavior) = if is_sentence {
        (SENTENCE_WIDTH, PopupCloseBehavior::CloseOnClick)
    } else {
        (WIDTH, PopupCloseBehavior::CloseOnClickOutside)
    };
    let popup = Popup::new(
        memory.popup_id(),
        ctx.clone(),
        PopupAnchor::Position(memory.place),
        ui.layer_id(),
    );
    let shown = popup
        .kind(PopupKind::Menu)
        .layout(Layout::top_down_justified(Align::Min))
        .style(menu_style)
        .gap(0.0)
        .width(width)
        .accessible_name(words.text_menu.name)
        .open_memory(None)
        .close_behavior(behavior)
        .show(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            items_ui(ui, words, &mut menu, &mut memory);
        });
    if let Some(shown) = shown
        && !shown.response.should_close()
    {
        memory.menu = Some(menu);
    } else {
        let is_pointed = ctx.input(|input| input.pointer.any_click());
        let left_to = match menu.of {
            Of::Field(id, _) => Some(id).filter(|_| !is_pointed),
            Of::Shown { by, .. } => by.filter(|_| !is_pointed),
            Of::Problem(_) => memory.field,
        };
        // It had the keyboard, or would have it now.
        if let Some(id) = left_to {
            ctx.memory_mut(|memory| memory.request_focus(id));
        }
    }
    memory.store(ctx);
}

fn items_ui(ui: &mut Ui, words: &Words, menu: &mut Menu, memory: &mut Memory) {
    let words_of_log = &words.log;
    let words = &words.text_menu;
    let mut item = |ui: &mut Ui, name, is_enabled| {
        let item = ui.add_enabled(is_enabled, MenuItem::plain(name));
        if menu.takes_keyboard && is_enabled && !ui.is_sizing_pass() {
            menu.takes_keyboard = false;
            item.request_focus();
        }
        item.clicked()
    };
    match &menu.of {
        Of::Field(id, range) => {
            let has_selection = range.is_some_and(|range| !range.is_empty());
            let cuts = item(ui, words.cut, has_selection);
            let copies = item(ui, words.copy, has_selection);
            let pastes = item(ui, words.paste, true);
            let selects_all = item(ui, words.select_all, true);
            if !(cuts || copies || pastes || selects_all) {
                return;
            }
            // Whatever it is, it is for the field, as it was left.
            select(ui.ctx(), *id, *range);
            ui.memory_mut(|memory| memory.request_focus(*id));
            if pastes {
                ui.ctx().send_viewport_cmd(ViewportCommand::RequestPaste);
            }
            let event = match (cuts, copies, selects_all) {
                (true, ..) => Some(Event::Cut),
                (_, true, _) => Some(Event::Copy),
                (.., true) => Some(select_all()),
                _ => None,
            };
            memory.pending = event.map(|event| (*id, event));
            ui.request_repaint();
        }
        Of::Shown { selected: None, whole: None, .. } => {
            sentence_ui(ui, &(words_of_log.too_long_to_copy)(MAX_COPIED_BYTES));
        }
        Of::Shown { selected, whole, .. } => {
            for (text, name) in [(selected, words.copy), (whole, words.copy_all)] {
                if let Some(text) = text
                    && item(ui, name, true)
                {
                    ui.copy_text(text.to_string());
                }
            }
        }
        Of::Problem(problem) => sentence_ui(ui, (words.problem)(*problem)),
    }
}

fn sentence_ui(ui: &mut Ui, sentence: &str) {
    let color = Scheme::of(ui).on_surface;
    let label = Label::new(Type::BODY_MEDIUM.rich(sentence).color(color)).wrap();
    let label = egui::Frame::new()
        .inner_margin(12)
        .show(ui, |ui| ui.with_layout(Layout::top_down(Align::Min), |ui| ui.add(label)).inner);
    let label = label.inner;
    ui.ctx().accesskit_node_builder(label.id, |node| {
        node.set_live(egui::accesskit::Live::Polite);
    });
}

/// What the keyboard says for it.
fn select_all() -> Event {
    Event::Key {
        key: Key::A,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::COMMAND,
    }
}

/// Whether the key for a menu was pressed. Nobody else gets it then.
fn takes_menu_key(ctx: &Context) -> bool {
    ctx.input_mut(|input| {
        input.consume_key(Modifiers::NONE, Key::Menu)
            || input.consume_key(Modifiers::SHIFT, Key::F10)
    })
}

struct Pointed {
    id: Id,
    place: Pos2,
    is_finger: bool,
}

/// The field for which the pointer asks for a menu, and where.
fn pointed_field(ctx: &Context) -> Option<Pointed> {
    let is_click = ctx.input(|input| input.pointer.secondary_clicked());
    let (id, is_finger) = ctx.interaction_snapshot(|snapshot| {
        let long_touched = snapshot.long_touched.map(|id| (id, true));
        long_touched.or(snapshot.clicked.filter(|_| is_click).map(|id| (id, false)))
    })?;
    let _ = range_in(ctx, id)?;
    let _ = ctx.read_response(id).filter(Response::enabled)?;
    let place = ctx.input(|input| input.pointer.interact_pos())?;
    Some(Pointed { id, place, is_finger })
}

/// What is selected in a field, if this is one and there is anything.
#[expect(clippy::option_option, reason = "no field, and a field without a cursor")]
fn range_in(ctx: &Context, id: Id) -> Option<Option<CCursorRange>> {
    TextEditState::load(ctx, id).map(|state| state.cursor.char_range())
}

fn select(ctx: &Context, id: Id, range: Option<CCursorRange>) {
    if let Some(mut state) = TextEditState::load(ctx, id) {
        state.cursor.set_char_range(range);
        state.store(ctx, id);
    }
}

/// What was selected before, if that is where the press of the pointer has set the cursor.
fn selected_before(
    at_press: Option<(Id, CCursorRange)>,
    id: Id,
    pressed: Option<CCursorRange>,
) -> Option<CCursorRange> {
    let (_, before) = at_press.filter(|(of, range)| *of == id && !range.is_empty())?;
    let [start, end] = before.sorted_cursors();
    let is_in_it =
        |now: CCursorRange| start.index <= now.primary.index && now.primary.index <= end.index;
    pressed.is_none_or(is_in_it).then_some(before)
}
