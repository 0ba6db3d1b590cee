//! Which view of the recording is shown: what happened, or what other ways would make of the same events.

use app_core::comparison::{Compared, Events, Subject, View, Way};
use app_core::recording::{EventKind, Moment, Recording};
use app_core::{ComparisonMsg, Model, Msg, ReplayMsg};
use egui::{Id, Label, Response, Role, Ui, Vec2, vec2};

use super::{GAP, compare, marbles, over_range, row_lengths};
use crate::i18n::{Words, words};
use material::{ActionChip, Scheme, Type};

/// Draws the choice of a view.
pub(super) fn choice_ui(
    ui: &mut Ui,
    model: &Model,
    recording: &Recording,
    moment: &Moment<'_>,
) -> Vec<Msg> {
    let words = &words(model.language()).comparison;
    let now = model.comparison().view();
    let views = View::ALL.map(|view| (view, (words.view)(view), view == now));
    let Some(view) = choices_ui(ui, words.views, &views) else { return Vec::new() };
    let is_first = view != View::Happened && model.comparison().subject().is_none();
    let events = || Events::of(recording, moment);
    // Who has gone to a moment compares what there was until then; what is recorded now is followed.
    let take = is_first.then(|| match model.replay() {
        replay if replay.shows_past() || replay.is_stopped() => ComparisonMsg::Take(events()),
        _ => ComparisonMsg::Follow(events()),
    });
    take.into_iter().chain([ComparisonMsg::Show(view)]).map(Msg::Comparison).collect()
}

/// Draws the view, where it is another one than what happened.
pub(super) fn show(
    ui: &mut Ui,
    model: &Model,
    recording: &Recording,
    moment: &Moment<'_>,
    compared: &Compared,
) -> Vec<Msg> {
    let words = words(model.language());
    let comparison = model.comparison();
    let mut msgs = Vec::new();
    let about = (words.comparison.about_view)(comparison.view());
    note_ui(ui, Type::BODY_MEDIUM, about);
    ui.add_space(GAP / 2.0);
    let Some(subject) = comparison.subject() else { return msgs };
    if subject.arrivals().is_empty() {
        note_ui(ui, Type::BODY_MEDIUM, words.comparison.nothing);
    } else {
        // Where it is followed they are compared in a moment.
        let newer = if comparison.follows() { 0 } else { newer(subject, recording, moment) };
        let live = note_ui(ui, Type::BODY_SMALL, &(words.comparison.subject)(subject, newer));
        ui.ctx().accesskit_node_builder(live, |node| {
            node.set_live(egui::accesskit::Live::Polite);
        });
        note_ui(ui, Type::BODY_SMALL, &(words.comparison.assumed)(subject.setup()));
    }
    let can_save = comparison.view() != View::OverRange
        && !compared.lanes.is_empty()
        && !subject.arrivals().is_empty()
        && !model.replay().is_busy();
    ui.add_space(4.0);
    msgs.extend(buttons_ui(ui, model, subject, recording, moment, can_save));
    if subject.arrivals().is_empty() {
        return msgs;
    }
    ui.add_space(GAP / 2.0);
    let of_view = match comparison.view() {
        View::Happened => Vec::new(),
        View::SideBySide => compare::show(ui, words, comparison, compared),
        View::OverRange => over_range::show(ui, words, comparison, subject, compared),
        View::Marbles => marbles::show(ui, words, comparison, subject, compared),
    };
    msgs.extend(of_view.into_iter().map(Msg::Comparison));
    msgs
}

/// How high a view is at least: to the lower edge of the panel when it was chosen. A lower one would end the
/// scrolling earlier, and what was pressed would jump away from the pointer.
pub(super) fn least_height(ui: &Ui, is_chosen: bool) -> f32 {
    let id = Id::unique("least height of a view");
    let to_edge = ui.clip_rect().bottom() - ui.cursor().top();
    ui.data_mut(|data| {
        if is_chosen {
            data.insert_temp(id, to_edge);
        }
        data.get_temp(id).unwrap_or_default()
    })
}

/// How many events up to this moment are newer than those that are compared. An end is nothing to be drawn.
fn newer(subject: &Subject, recording: &Recording, moment: &Moment<'_>) -> u64 {
    let newest = recording.event(moment.totals.events);
    let is_end = newest.is_some_and(|event| event.kind == EventKind::Done);
    let (_, last) = subject.recorded().numbers();
    (moment.totals.events - u64::from(is_end)).saturating_sub(last)
}

fn buttons_ui(
    ui: &mut Ui,
    model: &Model,
    subject: &Subject,
    recording: &Recording,
    moment: &Moment<'_>,
    can_save: bool,
) -> Option<Msg> {
    let (words, replay) = (words(model.language()), model.replay());
    let mut msg = None;
    let follows = model.comparison().follows();
    let is_followed = follows && replay.cursor().is_none();
    let is_other = subject.recorded().until() != moment.totals.events && !is_followed;
    let can_follow = replay.file().is_none() && !replay.is_stopped();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
        let (text, about) = words.comparison.follow_button;
        let follow = ActionChip::new(text).tooltip(about).on(follows && can_follow);
        if ui.add_enabled(can_follow, follow).clicked() {
            msg = Some(Msg::Comparison(if follows {
                ComparisonMsg::StopFollowing
            } else {
                ComparisonMsg::Follow(Events::of(recording, &recording.now()))
            }));
        }
        let mut button = |may, (text, about): (&str, &str)| {
            ui.add_enabled(may, ActionChip::new(text).tooltip(about)).clicked()
        };
        if button(is_other, words.comparison.take_button) {
            let events = Events::of(recording, moment);
            msg = Some(Msg::Comparison(ComparisonMsg::Take(events)));
        }
        if button(!subject.is_as_recorded(), words.comparison.put_back_button) {
            msg = Some(Msg::Comparison(ComparisonMsg::PutBack));
        }
        if button(can_save, words.comparison.save_button) {
            msg = Some(Msg::Replay(ReplayMsg::SaveDrawing));
        }
    });
    msg
}

/// The ways, any of which can be on.
pub(super) fn ways_ui(ui: &mut Ui, words: &Words, chosen: &[Way]) -> Option<Way> {
    let words = &words.comparison;
    let ways = Way::ALL.map(|way| (way, (words.way)(way), chosen.contains(&way)));
    choices_ui(ui, words.ways, &ways)
}

/// Draws what can be chosen under a name that is heard, and gives what was pressed.
pub(super) fn choices_ui<T: Copy>(
    ui: &mut Ui,
    name: &str,
    choices: &[(T, &str, bool)],
) -> Option<T> {
    let mut pressed = None;
    let widths: Vec<_> =
        choices.iter().map(|(_, text, _)| ActionChip::new(text).width(ui)).collect();
    ui.scope(|ui| {
        let id = ui.unique_id();
        ui.ctx().accesskit_node_builder(id, |node| {
            node.set_role(Role::Group);
            node.set_label(name);
        });
        let mut choices = choices.iter();
        for in_row in row_lengths(&widths, ui.available_width(), SPACING) {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing = vec2(SPACING, 0.0);
                for (choice, text, is_on) in choices.by_ref().take(in_row) {
                    if ui.add(ActionChip::new(text).on(*is_on)).clicked() {
                        pressed = Some(*choice);
                    }
                }
            });
        }
    });
    pressed
}

/// Between two chips.
const SPACING: f32 = 8.0;

/// Whether a pointer moves the handle of a slider. While it rests there nothing follows from it.
pub(super) fn moves(response: &Response) -> bool {
    let is_moved = response.drag_started() || response.drag_delta() != Vec2::ZERO;
    response.clicked() || response.dragged() && is_moved
}

/// A sentence below which something is drawn.
pub(super) fn note_ui(ui: &mut Ui, size: Type, text: &str) -> Id {
    let color = Scheme::of(ui).on_surface_variant;
    ui.add(Label::new(size.rich(text).color(color)).wrap()).id
}
