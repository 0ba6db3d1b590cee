//! What the button at the message field shows: what the text is, and the tools.

use std::time::Duration;

use app_core::composer::Tool;
use app_core::composer::close::CloseProblem;
use app_core::composer::format::Format;
use app_core::model::ComposerMsg;
use app_core::{ConnectionStatus, Model, Msg};
use egui::{Id, Label, Ui, vec2};
use material::{ActionChip, Button, Icon, IconButton, Scheme, TextField, Type};
use message_log::harmless;

use super::compose;
use crate::i18n::Words;
use crate::ui::written::written_ui;

/// How often the figures of a run are drawn that nothing comes back from.
const PROGRESS: Duration = Duration::from_secs(1);

/// Draws it, and returns what the person did.
pub(super) fn show(ui: &mut Ui, model: &Model, words: &Words) -> Vec<Msg> {
    let composer = model.composer();
    let tool = composer.tool().filter(|_| composer.is_open());
    let mut msgs = Vec::new();
    if composer.is_open() {
        ui.add_space(8.0);
        ui.push_id("extras", |ui| {
            msgs.extend(chips_ui(ui, model, words));
            match tool {
                Some(Tool::Saved) => msgs.extend(saved_ui(ui, model, words)),
                Some(Tool::Repeat) => msgs.extend(repeat_ui(ui, model, words)),
                Some(Tool::Close) => msgs.extend(close_ui(ui, model, words)),
                None => {}
            }
        });
    }
    msgs.extend(run_ui(ui, model, words, tool == Some(Tool::Repeat)));
    msgs.into_iter().map(compose).collect()
}

/// The formats, then the tools.
fn chips_ui(ui: &mut Ui, model: &Model, words: &Words) -> Vec<ComposerMsg> {
    let composer = model.composer();
    let mut msgs = Vec::new();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
        for format in Format::ALL {
            let chip = ActionChip::new((words.sending.format)(format));
            if ui.add(chip.on(composer.format() == format)).clicked() {
                msgs.push(ComposerMsg::SetFormat(format));
            }
        }
        let several = composer.has_several_lines();
        let chip = ActionChip::new(words.sending.several_lines_switch);
        if ui.add(chip.on(several)).clicked() {
            msgs.push(ComposerMsg::SetSeveralLines(!several));
        }
    });
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
        for tool in Tool::ALL {
            let chip = ActionChip::new((words.sending.tool)(tool));
            if ui.add(chip.on(composer.tool() == Some(tool))).clicked() {
                msgs.push(ComposerMsg::ToggleTool(tool));
            }
        }
    });
    msgs
}

fn saved_ui(ui: &mut Ui, model: &Model, words: &Words) -> Vec<ComposerMsg> {
    let composer = model.composer();
    let mut msgs = Vec::new();
    let problem = model.save_problem();
    let note = problem.map(words.sending.save_problem).unwrap_or_default();
    let mut name = composer.save_name().to_owned();
    let field = TextField::new(Id::unique("save name"), words.sending.save_name_label);
    let submitted = written_ui(ui, field.helper(note), &mut name).submitted;
    if name != composer.save_name() {
        msgs.push(ComposerMsg::EditSaveName(name));
    }
    ui.add_space(8.0);
    let save = Button::tonal(words.sending.save_button);
    let clicked = ui.add_enabled(problem.is_none(), save).clicked();
    if clicked || (submitted && problem.is_none()) {
        msgs.push(ComposerMsg::Save);
    }
    ui.add_space(8.0);
    if model.saved_messages().is_empty() {
        small_ui(ui, words.sending.nothing_saved);
    }
    for (index, saved) in model.saved_messages().iter().enumerate() {
        let name = harmless(&saved.name);
        ui.push_id(("saved", index), |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                let forget = (words.sending.forget_button)(&name);
                if ui.add(IconButton::new(Icon::Close, &forget)).clicked() {
                    msgs.push(ComposerMsg::ForgetSaved(index));
                }
                if ui.add(Button::text(&name)).clicked() {
                    msgs.push(ComposerMsg::UseSaved(index));
                }
            });
        });
    }
    msgs
}

fn repeat_ui(ui: &mut Ui, model: &Model, words: &Words) -> Vec<ComposerMsg> {
    let form = model.composer().repeat();
    let mut msgs = Vec::new();
    let wrong = form.understood_every().is_none().then_some(words.sending.every_problem);
    let mut every = form.every().to_owned();
    let id = Id::unique("repeat every");
    written_ui(ui, TextField::new(id, words.sending.every_label).error(wrong), &mut every);
    if every != form.every() {
        msgs.push(ComposerMsg::EditEvery(every));
    }
    ui.add_space(8.0);
    let wrong = form.understood_count().is_none().then_some(words.sending.count_problem);
    let mut count = form.count().to_owned();
    let id = Id::unique("repeat count");
    written_ui(ui, TextField::new(id, words.sending.count_label).error(wrong), &mut count);
    if count != form.count() {
        msgs.push(ComposerMsg::EditCount(count));
    }
    ui.add_space(8.0);
    small_ui(ui, words.sending.counter_note);
    let is_open = model.connection().status() == ConnectionStatus::Open;
    if !is_open || model.composer().repeated().is_none() {
        small_ui(ui, words.sending.repeat_needs);
    }
    ui.add_space(8.0);
    let is_under_way = model.composer().repeating().is_some_and(|run| run.is_under_way());
    // One takes the other's place, and keeps its keyboard.
    if is_under_way {
        if ui.add(Button::outlined(words.sending.stop_button)).clicked() {
            msgs.push(ComposerMsg::StopRepeat);
        }
    } else {
        let start = Button::tonal(words.sending.start_button);
        if ui.add_enabled(model.repeat_plan().is_some(), start).clicked() {
            msgs.push(ComposerMsg::StartRepeat);
        }
    }
    msgs
}

/// How a run stands, with its end in reach: while it goes on, whatever else is shown.
fn run_ui(ui: &mut Ui, model: &Model, words: &Words, is_tool_shown: bool) -> Option<ComposerMsg> {
    let run = model.composer().repeating()?;
    let is_under_way = run.is_under_way();
    if !is_under_way && !is_tool_shown {
        return None;
    }
    ui.add_space(4.0);
    let mut msg = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
        if is_under_way {
            let stop = Button::outlined(words.sending.stop_button);
            if !is_tool_shown && ui.add(stop).clicked() {
                msg = Some(ComposerMsg::StopRepeat);
            }
            ui.ctx().request_repaint_after(PROGRESS);
        }
        let color = Scheme::of(ui).on_surface;
        let text = (words.sending.repeating)(run);
        ui.add(Label::new(Type::BODY_MEDIUM.rich(text).color(color)).wrap());
    });
    msg
}

fn close_ui(ui: &mut Ui, model: &Model, words: &Words) -> Vec<ComposerMsg> {
    let form = model.composer().close();
    let mut msgs = Vec::new();
    let understood = form.understood(model.platform());
    let problem = understood.as_ref().err().map(words.sending.close_problem);
    let (code_problem, reason_problem) = match understood {
        Err(CloseProblem::Code { .. }) => (problem.as_deref(), None),
        _ => (None, problem.as_deref()),
    };
    let name = form.number().map(words.sending.code_name).unwrap_or_default();
    let mut code = form.code().to_owned();
    let field = TextField::new(Id::unique("close code"), words.sending.code_label);
    written_ui(ui, field.helper(name).error(code_problem), &mut code);
    if code != form.code() {
        msgs.push(ComposerMsg::EditCloseCode(code));
    }
    ui.add_space(8.0);
    let mut reason = form.reason().to_owned();
    let field = TextField::new(Id::unique("close reason"), words.sending.reason_label);
    written_ui(ui, field.error(reason_problem), &mut reason);
    if reason != form.reason() {
        msgs.push(ComposerMsg::EditCloseReason(reason));
    }
    ui.add_space(8.0);
    let can_close = understood.is_ok() && model.connection().status() == ConnectionStatus::Open;
    let close = Button::outlined(words.sending.close_with_button);
    if ui.add_enabled(can_close, close).clicked() {
        msgs.push(ComposerMsg::CloseWith);
    }
    msgs
}

fn small_ui(ui: &mut Ui, text: &str) {
    let color = Scheme::of(ui).on_surface_variant;
    ui.add(Label::new(Type::BODY_SMALL.rich(text).color(color)).wrap());
}
