//! The rebuilds panel: how events became frames, and things to try.
//!
//! - `diagram`: the stages, and where the newest event is;
//! - `question`: what is asked before it runs, and the answer;
//! - `scrubber`: time that can be turned back;
//! - `trial`: the experiment that is chosen, and its parameters;
//! - `timeline`: when each event passed each stage;
//! - `views`: what else is shown of the recording instead: `compare` with its
//!   `figures`, `over_range` and `marbles`;
//! - `axis`: the time below them, of which `zoom` shows a part, with `marks` that are joined where they would lie
//!   on one another.

mod axis;
mod compare;
mod diagram;
mod figures;
mod marbles;
mod marks;
mod over_range;
mod question;
mod scrubber;
mod timeline;
mod trial;
mod views;
mod zoom;

use app_core::comparison::{Compared, View};
use app_core::experiments::{Experiment, Setup};
use app_core::recording::{Counter, Moment, Recording};
use app_core::{Model, Msg, TrialMsg};
use egui::{Context, Label, Role, Sense, Ui, WidgetInfo, vec2};

use crate::i18n::{Words, short_time, words};
use material::{ActionChip, Scheme, Type, tooltip};

/// What the panel draws.
pub struct RebuildsData<'a> {
    /// What was seen.
    pub recording: &'a Recording,
    /// Whether the builder's stream has something to say.
    pub has_news: bool,
    /// What the log has of the event at the moment that is shown.
    pub row: LogRow,
    /// What other ways made of the recording's events.
    pub compared: &'a Compared,
}

/// What the log has of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogRow {
    /// The event is no message, or of another run.
    None,
    /// Its message is there.
    There,
    /// Its message was dropped.
    Dropped,
}

/// Draws the panel, and returns what the person did.
pub fn rebuilds_ui(ui: &mut Ui, model: &Model, data: &RebuildsData<'_>) -> Vec<Msg> {
    let mut actions = Vec::new();
    let words = words(model.language());
    title_ui(ui, words.experiments.title);
    actions.extend(experiments_ui(ui, model));
    ui.add_space(GAP / 2.0);
    actions.extend(ui.scope(|ui| trial::show(ui, model)).inner);
    ui.add_space(GAP);
    actions.extend(controls_ui(ui, model, data));
    ui.add_space(GAP / 2.0);
    let moment = moment_shown(model, data.recording);
    actions.extend(scrubber::show(ui, model, data, &moment));
    ui.add_space(GAP / 2.0);
    let chosen = views::choice_ui(ui, model, data.recording, &moment);
    ui.add_space(GAP / 2.0);
    ui.scope(|ui| {
        ui.set_min_height(views::least_height(ui, !chosen.is_empty()));
        if model.comparison().view() == View::Happened {
            happened_ui(ui, words, data.recording, &moment);
        } else {
            actions.extend(views::show(ui, model, data.recording, &moment, data.compared));
        }
    });
    actions.extend(chosen);
    actions
}

/// What happened until this moment.
fn happened_ui(ui: &mut Ui, words: &Words, recording: &Recording, moment: &Moment<'_>) {
    diagram::show(ui, words, moment);
    ui.add_space(GAP);
    counters_ui(ui, words, moment);
    ui.add_space(GAP / 2.0);
    states_ui(ui, words, recording, moment);
    ui.add_space(GAP);
    timeline::show(ui, words, recording, moment);
    let dropped = recording.dropped();
    if dropped.events > 0 {
        let color = Scheme::of(ui).on_surface_variant;
        let note = (words.replay.dropped)(dropped.events);
        ui.add(Label::new(Type::BODY_SMALL.rich(note).color(color)).wrap());
    }
}

/// Gives the keyboard to the slider over the recording, where it is shown next, and brings it into view.
pub fn select_moment(ctx: &Context) {
    ctx.data_mut(|data| data.insert_temp(scrubber::wants_keyboard_id(), true));
}

/// What is shown of a recording: the moment that the person has gone to, or its end.
pub fn moment_shown<'a>(model: &Model, recording: &'a Recording) -> Moment<'a> {
    model.replay().cursor().map_or_else(|| recording.now(), |cursor| recording.at(cursor))
}

/// A heading within the panel.
fn title_ui(ui: &mut Ui, title: &str) {
    let color = Scheme::of(ui).on_surface_variant;
    let label = ui.add(Label::new(Type::LABEL_LARGE.rich(title).color(color)).selectable(false));
    ui.ctx().accesskit_node_builder(label.id, |node| {
        node.set_role(Role::Heading);
        node.set_label(title);
        node.set_level(2);
    });
}

fn experiments_ui(ui: &mut Ui, model: &Model) -> Option<Msg> {
    let words = words(model.language());
    const SPACING: f32 = 8.0;

    let mut action = None;
    let chip = |experiment| ActionChip::new((words.experiments.name)(experiment));
    let widths = Experiment::ALL.map(|experiment| chip(experiment).width(ui));
    let mut experiments = Experiment::ALL.into_iter();
    for in_row in row_lengths(&widths, ui.available_width(), SPACING) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing = vec2(SPACING, 0.0);
            for experiment in experiments.by_ref().take(in_row) {
                let watch = (words.experiments.what_to_watch)(&Setup::new(experiment));
                let chosen = model.trials().chosen().map(Setup::experiment);
                let mut chip = chip(experiment).on(chosen == Some(experiment));
                // What is tried has its sentence below, and what asks would tell its answer.
                if model.experiment() != Some(experiment) && !model.asks_questions() {
                    chip = chip.tooltip(&watch);
                }
                if ui.add(chip).clicked() {
                    action = Some(if model.asks_questions() {
                        Msg::Trial(TrialMsg::Choose(experiment))
                    } else {
                        run(words, experiment)
                    });
                }
            }
        });
    }
    let watch = match model.trials().running() {
        Some(setup) => (words.experiments.what_to_watch)(setup),
        None if model.trials().chosen().is_some() => words.questions.not_yet.to_owned(),
        None => words.experiments.nothing_tried.to_owned(),
    };
    ui.add_space(4.0);
    let color = Scheme::of(ui).on_surface;
    ui.scope(|ui| {
        // Room for two lines, so that what stands below seldom moves.
        ui.set_min_height(2.0 * Type::BODY_MEDIUM.line_height);
        ui.add(Label::new(Type::BODY_MEDIUM.rich(watch).color(color)).wrap());
    });
    action
}

/// Runs an experiment, as it is set.
fn run(words: &Words, experiment: Experiment) -> Msg {
    Msg::Try { experiment, first_message: first_message(words, experiment) }
}

/// What the page sends first, in the person's language.
fn first_message(words: &Words, experiment: Experiment) -> Option<String> {
    match experiment {
        Experiment::AnotherStream => Some(words.experiments.other_sample_message.to_owned()),
        experiment if experiment.sends_first() => Some(words.experiments.sample_message.to_owned()),
        _ => None,
    }
}

fn controls_ui(ui: &mut Ui, model: &Model, data: &RebuildsData<'_>) -> Option<Msg> {
    let words = words(model.language());
    let playback = model.playback();
    let mut action = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
        let pause = ActionChip::new(words.rebuilds.pause_button).on(playback.is_paused());
        if ui.add(pause).clicked() {
            action = Some(Msg::TogglePause);
        }
        let may_step = playback.is_paused() && data.has_news;
        let step = ActionChip::new(words.rebuilds.take_one_button);
        if ui.add_enabled(may_step, step).clicked() {
            action = Some(Msg::TakeOne);
        }
        let slow = ActionChip::new(words.rebuilds.slow_button).on(playback.is_slow());
        if ui.add(slow).clicked() {
            action = Some(Msg::ToggleSlow);
        }
        if ui.add(ActionChip::new(words.rebuilds.clear_button)).clicked() {
            action = Some(Msg::ClearTrace);
        }
    });
    action
}

/// In how many columns so many things stand where there is room for `most`: as many as can be without one
/// that stands alone in the last row.
fn even_columns(count: usize, most: f32) -> usize {
    // Not more than there are things, and so nothing is lost.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is clamped")]
    let most = most.clamp(1.0, count as f32) as usize;
    (1..=most).rev().find(|columns| count % columns != 1).unwrap_or(1)
}

/// How many of these widths stand in each row, as many as there is room for; but the last row takes one
/// over from the row before where it had only one.
fn row_lengths(widths: &[f32], room: f32, spacing: f32) -> Vec<usize> {
    let mut rows: Vec<usize> = Vec::new();
    let mut left = 0.0;
    for width in widths {
        match rows.last_mut() {
            Some(row) if left >= width + spacing => {
                *row += 1;
                left -= width + spacing;
            }
            _ => {
                rows.push(1);
                left = room - width;
            }
        }
    }
    if let [.., before, last] = rows.as_mut_slice()
        && *last == 1
        && *before > 2
    {
        *before -= 1;
        *last += 1;
    }
    rows
}

/// Between two counters.
const SPACING: f32 = 8.0;

/// In how many columns the counters stand, and how wide each is.
fn counter_columns(room: f32) -> (usize, f32) {
    const LEAST_WIDTH: f32 = 84.0;
    const MOST_WIDTH: f32 = 120.0;

    let columns = even_columns(Counter::ALL.len(), (room + SPACING) / (LEAST_WIDTH + SPACING));
    let width = (room - SPACING * (columns as f32 - 1.0)) / columns as f32;
    (columns, width.min(MOST_WIDTH).floor())
}

fn counters_ui(ui: &mut Ui, words: &Words, moment: &Moment<'_>) {
    const HEIGHT: f32 = 44.0;

    let totals = moment.totals;
    let scheme = Scheme::of(ui);
    let (columns, width) = counter_columns(ui.available_width());
    ui.horizontal_wrapped(|ui| {
        ui.set_max_width(columns as f32 * (width + SPACING));
        ui.spacing_mut().item_spacing = vec2(SPACING, SPACING);
        for counter in Counter::ALL {
            let figure = match counter {
                Counter::Events => totals.events.to_string(),
                Counter::Wakes => totals.wakes.to_string(),
                Counter::Rebuilds => totals.rebuilds.to_string(),
                Counter::Frames => totals.frames.to_string(),
                Counter::IdleFrames => totals.frames.saturating_sub(totals.rebuilds).to_string(),
                Counter::Coalesced => totals.coalesced().to_string(),
                Counter::MostPerFrame => totals.most_per_frame.to_string(),
                Counter::BudgetLeft => match moment.budget_left {
                    Some(left) => short_time(left),
                    None => "–".to_owned(),
                },
            };
            let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::hover());
            let said = (words.rebuilds.counted)(counter, &figure);
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
            let painter = ui.painter();
            let left = rect.left_top();
            let name = (words.rebuilds.counter)(counter).to_owned();
            let (small, large) = (Type::LABEL_MEDIUM.font(), Type::BODY_LARGE.font());
            let name = painter.layout_no_wrap(name, small, scheme.on_surface_variant);
            let figure = painter.layout_no_wrap(figure, large, scheme.on_surface);
            painter.galley(left, name, scheme.on_surface_variant);
            painter.galley(left + vec2(0.0, 18.0), figure, scheme.on_surface);
            tooltip(&response, (words.rebuilds.about_counter)(counter));
        }
    });
}

/// How many states of the snapshot are named.
const STATES: u64 = 12;

fn states_ui(ui: &mut Ui, words: &Words, recording: &Recording, moment: &Moment<'_>) {
    let states = words.rebuilds.states(recording.states_seen(moment, STATES));
    let color = Scheme::of(ui).on_surface_variant;
    ui.add(Label::new(Type::BODY_MEDIUM.rich(states).color(color)).wrap());
}

const GAP: f32 = 16.0;

#[cfg(test)]
mod tests {
    use super::*;

    /// At 320 points the panel has 280.
    #[test]
    fn six_digits_and_every_name_fit_their_column() {
        let ctx = Context::default();
        let mut found = Vec::new();
        let output = ctx.run_ui(egui::RawInput::default(), |ui| {
            let mut put = |text: &str, font| {
                let color = egui::Color32::WHITE;
                let galley = ui.painter().layout_no_wrap(text.to_owned(), font, color);
                found.push((text.to_owned(), galley.size().x));
            };
            for figure in ["123456", "999999", "999.9 ms"] {
                put(figure, Type::BODY_LARGE.font());
            }
            for counter in Counter::ALL {
                let name = (words(app_core::Language::English).rebuilds.counter)(counter);
                put(name, Type::LABEL_MEDIUM.font());
            }
        });
        output.drop_without_applying_deltas();
        for room in [280.0, 360.0, 520.0] {
            let (columns, width) = counter_columns(room);
            assert!(columns as f32 * (width + SPACING) - SPACING <= room);
            for (text, needed) in &found {
                assert!(*needed <= width, "{text}: {needed} of {width}, where there are {room}");
            }
        }
    }

    #[test]
    fn nothing_stands_alone_in_the_last_row() {
        assert_eq!(
            [1.0, 2.5, 3.0, 4.0, 7.0, 99.0].map(|most| even_columns(8, most)),
            [1, 2, 3, 4, 6, 8]
        );
        assert_eq!(row_lengths(&[10.0; 7], 34.0, 1.0), [3, 2, 2]);
        assert_eq!(row_lengths(&[10.0; 6], 34.0, 1.0), [3, 3]);
        assert_eq!(row_lengths(&[50.0, 10.0], 34.0, 1.0), [1, 1], "there is no other way");
        assert_eq!(row_lengths(&[], 34.0, 1.0), [0; 0]);
    }
}
