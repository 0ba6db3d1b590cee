//! Above the rows: what is searched for, what is shown, and files.

use app_core::log::{RowPart, RowTime, SizeBound};
use app_core::settings::Platform;
use app_core::{LogMsg, Model};
use egui::{Label, Modifiers, Ui, UiBuilder, accesskit, vec2};
use material::{
    ActionChip, Button, Icon, IconButton, MenuItem, Scheme, TextField, Type, menu_button,
};
use message_log::{Format, MAX_QUERY_BYTES, Retention};

use super::list::{ListMemory, ShownRows};
use super::{LogData, query_id};
use crate::i18n::{Words, words};
use crate::ui::notice::notice_ui;
use crate::ui::written::written_ui;

/// Draws it, and moves the list to what was found.
pub(super) fn toolbar_ui(
    ui: &mut Ui,
    model: &Model,
    data: LogData<'_>,
    memory: &mut ListMemory,
) -> Vec<LogMsg> {
    let words = words(model.language());
    let mut msgs = search_ui(ui, model, data, memory);
    msgs.extend(actions_ui(ui, model, words, data, memory));
    if model.log().has_filter_open() {
        msgs.extend(filter_ui(ui, model, words));
    }
    msgs.extend(file_ui(ui, model, words));
    ui.add_space(4.0);
    msgs
}

/// What is searched for, and how.
fn search_ui(
    ui: &mut Ui,
    model: &Model,
    data: LogData<'_>,
    memory: &mut ListMemory,
) -> Vec<LogMsg> {
    const TOGGLES: f32 = 3.0 * 48.0;

    let words = words(model.language());
    let view = model.log();
    let mut msgs = Vec::new();
    let problem = view.query_problem().map(|problem| (words.log.query_problem)(problem));
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let width = (ui.available_width() - TOGGLES).max(80.0);
        let mut text = view.query().text.clone();
        let output = ui
            .scope_builder(
                UiBuilder::new().max_rect({
                    let mut rect = ui.available_rect_before_wrap();
                    rect.set_width(width - 4.0);
                    rect
                }),
                |ui| {
                    let field = TextField::new(query_id(), words.log.search_label)
                        .char_limit(MAX_QUERY_BYTES)
                        .error(problem.as_deref());
                    written_ui(ui, field, &mut text)
                },
            )
            .inner;
        ui.add_space(4.0);
        if output.response.changed() {
            msgs.push(LogMsg::EditQuery(text));
        }
        if output.submitted {
            let is_back = ui.input(|input| input.modifiers.matches_logically(Modifiers::SHIFT));
            step(data, memory, !is_back);
        }
        // Level with the text in the field.
        ui.vertical(|ui| {
            ui.add_space(8.0);
            ui.horizontal(|ui| msgs.extend(toggles_ui(ui, words, model)));
        });
    });
    msgs
}

fn toggles_ui(ui: &mut Ui, words: &Words, model: &Model) -> Vec<LogMsg> {
    let view = model.log();
    let mut msgs = Vec::new();
    for (icon, name, is_on, msg) in [
        (Icon::Regex, words.log.regex_toggle, view.query().is_regex, LogMsg::ToggleRegex),
        (Icon::LetterCase, words.log.case_toggle, view.query().match_case, LogMsg::ToggleCase),
        (
            Icon::Filter,
            words.log.only_matches_toggle,
            view.shows_only_matches(),
            LogMsg::ToggleOnlyMatches,
        ),
    ] {
        if toggle_ui(ui, icon, name, is_on) {
            msgs.push(msg);
        }
    }
    msgs
}

/// An icon button that is on or off, also for those who hear it.
fn toggle_ui(ui: &mut Ui, icon: Icon, name: &str, is_on: bool) -> bool {
    let response = ui.add(IconButton::new(icon, name).selected(is_on));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_toggled(is_on.into());
    });
    response.clicked()
}

/// To the next row in which it is found, from the current one or from the first in sight; around the end.
fn step(data: LogData<'_>, memory: &mut ListMemory, forward: bool) {
    let Some((found, _)) = data.found else { return };
    let rows = ShownRows::of(data);
    let first = found.nth(0);
    let last = found.len().checked_sub(1).and_then(|last| found.nth(last));
    let next = match memory.current(rows) {
        Some(current) if forward => found.next_after(current).or(first),
        Some(current) => found.last_before(current).or(last),
        None if forward => first,
        None => last,
    };
    if let Some(number) = next {
        memory.go_to(rows, number);
    }
}

/// What was found, and what can be done with the log.
fn actions_ui(
    ui: &mut Ui,
    model: &Model,
    words: &Words,
    data: LogData<'_>,
    memory: &mut ListMemory,
) -> Vec<LogMsg> {
    let view = model.log();
    let mut msgs = Vec::new();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.set_min_height(48.0);
        if view.searches() {
            if ui.add(IconButton::new(Icon::ExpandLess, words.log.previous_button)).clicked() {
                step(data, memory, false);
            }
            if ui.add(IconButton::new(Icon::ExpandMore, words.log.next_button)).clicked() {
                step(data, memory, true);
            }
        }
        // The buttons stand at the right edge, and are reached after what is said to their left.
        const BUTTONS: f32 = 4.0 * 48.0;
        let room = (ui.available_width() - BUTTONS).max(0.0);
        let text = if view.searches() {
            let current = memory.current(ShownRows::of(data));
            let current = current.and_then(|current| {
                let (found, _) = data.found?;
                found.contains(current).then(|| found.rank(current) + 1)
            });
            (words.log.found)(current, view.search())
        } else {
            (words.log.totals)(view.counts())
        };
        ui.allocate_ui(vec2(room, 48.0), |ui| {
            ui.set_min_width(room);
            let color = Scheme::of(ui).on_surface_variant;
            let label = Label::new(Type::BODY_SMALL.rich(text).color(color)).wrap();
            let response = ui.add(label);
            if view.searches() {
                ui.ctx().accesskit_node_builder(response.id, |node| {
                    node.set_live(accesskit::Live::Polite);
                });
            }
        });
        let name = (words.log.filter_button)(view.is_filtered());
        let is_open = view.has_filter_open() || view.is_filtered();
        if ui.add(IconButton::new(Icon::Tune, name).selected(is_open)).clicked() {
            msgs.push(LogMsg::ToggleFilter);
        }
        let is_idle = view.job().is_none();
        ui.add_enabled_ui(is_idle && !data.log.is_empty(), |ui| {
            let save = IconButton::new(Icon::Download, words.log.save_button);
            let is_part = data.shown.is_some();
            msgs.extend(menu_button(ui, save, |ui| save_menu_ui(ui, words, is_part)).flatten());
        });
        let open = IconButton::new(Icon::Folder, words.log.open_button);
        if ui.add_enabled(is_idle, open).clicked() {
            msgs.push(LogMsg::OpenFile);
        }
        let clear = IconButton::new(Icon::Delete, words.log.clear_button);
        if ui.add_enabled(!data.log.is_empty(), clear).clicked() {
            msgs.push(LogMsg::Clear);
        }
    });
    let is_running = (view.searches() && view.search().is_running()) || view.shown().is_running();
    if is_running && ui.add(Button::text(words.log.cancel_button)).clicked() {
        msgs.push(LogMsg::Cancel);
    }
    msgs
}

fn save_menu_ui(ui: &mut Ui, words: &Words, is_part: bool) -> Option<LogMsg> {
    let mut msg = None;
    for only_shown in [true, false] {
        if only_shown && !is_part {
            continue;
        }
        for format in [Format::JsonLines, Format::Har, Format::PlainText] {
            let name = (words.log.save_item)(format, only_shown);
            if ui.add(MenuItem::new(Icon::Document, name)).clicked() {
                msg = Some(LogMsg::Save { format, only_shown });
            }
        }
    }
    msg
}

/// What can be left out, which time is shown, and how much is kept.
fn filter_ui(ui: &mut Ui, model: &Model, words: &Words) -> Vec<LogMsg> {
    let view = model.log();
    let settings = model.log_settings();
    let mut msgs = Vec::new();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
        for part in RowPart::ALL {
            let chip = ActionChip::new((words.log.part)(part)).on(view.shows(part));
            if ui.add(chip).clicked() {
                msgs.push(LogMsg::TogglePart(part));
            }
        }
        if view.is_filtered() && ui.add(Button::text(words.log.reset_filter_button)).clicked() {
            msgs.push(LogMsg::ResetFilter);
        }
    });
    ui.columns(3, |columns| {
        for (column, bound) in [SizeBound::Least, SizeBound::Most].into_iter().enumerate() {
            let mut text = view.size(bound).to_owned();
            let is_wrong = view.is_size_wrong(bound);
            let label = (words.log.size_label)(bound);
            let id = egui::Id::unique(("log size", column));
            let field = TextField::new(id, label).char_limit(20);
            let field = field.error(is_wrong.then_some(words.log.size_problem));
            if written_ui(&mut columns[column], field, &mut text).response.changed() {
                msgs.push(LogMsg::EditSize(bound, text));
            }
        }
        let usual = match model.platform() {
            Platform::Desktop => Retention::NATIVE,
            Platform::Browser => Retention::WEB,
        };
        let helper = (words.log.retention_helper)(usual.bytes >> 20);
        let problem = settings.mib(model.platform()).err();
        let problem = problem.map(|most| (words.log.retention_problem)(most));
        let id = egui::Id::unique("log retention");
        let mut text = settings.keeps_mib.clone();
        let field = TextField::new(id, words.log.retention_label).char_limit(8);
        let field = field.helper(&helper).error(problem.as_deref());
        if written_ui(&mut columns[2], field, &mut text).response.changed() {
            msgs.push(LogMsg::EditRetention(text));
        }
    });
    ui.add_space(4.0);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
        let color = Scheme::of(ui).on_surface_variant;
        ui.add(Label::new(Type::LABEL_LARGE.rich(words.log.time_title).color(color)));
        for time in RowTime::ALL {
            let chip = ActionChip::new((words.log.time)(time)).on(settings.time == time);
            if ui.add(chip).clicked() {
                msgs.push(LogMsg::SetTime(time));
            }
        }
    });
    msgs
}

/// Which file is shown, how far one is that is under way, and what has become of the last one.
fn file_ui(ui: &mut Ui, model: &Model, words: &Words) -> Vec<LogMsg> {
    let view = model.log();
    let mut msgs = Vec::new();
    if let Some(file) = view.file() {
        let text = (words.log.shows_file)(file);
        if notice_ui(ui, &text, words.log.live_button) {
            msgs.push(LogMsg::ShowLive);
        }
    }
    if let Some(job) = view.job() {
        let percent = (job.of > 0).then(|| job.done.min(job.of) * 100 / job.of);
        let text = (words.log.working)(job.saves, percent);
        if notice_ui(ui, &text, words.log.cancel_button) {
            msgs.push(LogMsg::Cancel);
        }
    }
    if let Some(notice) = view.notice() {
        let text = (words.log.notice)(notice);
        if notice_ui(ui, &text, words.dismiss_button) {
            msgs.push(LogMsg::DismissNotice);
        }
    }
    msgs
}
