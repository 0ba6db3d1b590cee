//! What follows from what is done at the message field.

use web_socket_channel::{Error, Message};

use super::{Effect, Model, SendOutlook};
use crate::composer::format::Format;
use crate::composer::repeat::{RepeatPlan, RepeatState, Repeating};
use crate::composer::saved::{SaveProblem, SavedMessage};
use crate::composer::{Attachment, Refused, Tool};
use crate::connection::ConnectionStatus;
use crate::steps::Step;

/// What a person does at the message field, besides writing and sending.
#[derive(Clone, Debug)]
pub enum ComposerMsg {
    /// Show the formats and tools, or hide them.
    ToggleOpen,
    /// Show this tool, or hide it.
    ToggleTool(Tool),
    /// The text is this.
    SetFormat(Format),
    /// Enter makes a new line, or sends.
    SetSeveralLines(bool),
    /// The text that was sent before the one in the field.
    Back,
    /// The text after it.
    Forward,
    /// A text that is too long for the field is to be sent next.
    AttachText(String),
    /// So many files are being read now.
    Reading(usize),
    /// Something could not be attached.
    Refuse(Refused),
    /// Send the text as it stands, whatever its format says.
    SendAsText,
    /// The name to save the text under is this now.
    EditSaveName(String),
    /// Save the text under it.
    Save,
    /// Put this saved message into the field.
    UseSaved(usize),
    /// Forget this saved message.
    ForgetSaved(usize),
    /// The interval of a run is this now.
    EditEvery(String),
    /// The count of a run is this now.
    EditCount(String),
    /// Begin a run.
    StartRepeat,
    /// End it.
    StopRepeat,
    /// The code to close with is this now.
    EditCloseCode(String),
    /// The reason is this now.
    EditCloseReason(String),
    /// Close with them.
    CloseWith,
}

/// What became of a run of equal messages.
#[derive(Clone, Debug)]
pub enum RepeatEvent {
    /// So far.
    Progress {
        /// How many were sent.
        sent: u32,
        /// Whether the next one waits for room.
        waits: bool,
    },
    /// All was sent.
    Done,
    /// A message was not taken, and no later one was tried.
    Failed(Error),
}

impl Model {
    /// The messages with names.
    #[must_use]
    pub fn saved_messages(&self) -> &[SavedMessage] {
        self.stored.saved.messages()
    }

    /// What keeps the text from being saved under the name that is typed, if anything does.
    #[must_use]
    pub fn save_problem(&self) -> Option<SaveProblem> {
        self.stored.saved.problem(self.composer.save_name(), self.composer.draft())
    }

    /// What a run would send and how, if one can begin.
    #[must_use]
    pub fn repeat_plan(&self) -> Option<RepeatPlan> {
        if self.connection.status() != ConnectionStatus::Open {
            return None;
        }
        let message = self.composer.repeated()?;
        let every = self.composer.repeat().understood_every()?;
        let count = self.composer.repeat().understood_count()?;
        Some(RepeatPlan { message, every, count })
    }

    pub(super) fn compose(&mut self, msg: ComposerMsg) -> Vec<Effect> {
        let composer = &mut self.composer;
        match msg {
            ComposerMsg::ToggleOpen => {
                composer.toggle_open();
                self.is_composer_last = composer.is_open();
            }
            ComposerMsg::ToggleTool(tool) => composer.toggle_tool(tool),
            ComposerMsg::SetFormat(format) => composer.set_format(format),
            ComposerMsg::SetSeveralLines(several) => {
                composer.set_several_lines(several);
                return vec![Effect::EndOfDraft];
            }
            ComposerMsg::Back => return end_of_draft_if(composer.go_back()),
            ComposerMsg::Forward => return end_of_draft_if(composer.go_forward()),
            ComposerMsg::AttachText(text) => composer.attach_text(text),
            ComposerMsg::Reading(files) => composer.set_reading(files),
            ComposerMsg::Refuse(refused) => composer.refuse(refused),
            ComposerMsg::SendAsText => {
                composer.set_format(Format::Text);
                return self.send();
            }
            ComposerMsg::EditSaveName(name) => composer.edit_save_name(name),
            ComposerMsg::Save => {
                self.stored.saved.save(composer.save_name(), composer.draft(), composer.format());
            }
            ComposerMsg::UseSaved(index) => {
                let Some(saved) = self.stored.saved.messages().get(index).cloned() else {
                    return Vec::new();
                };
                composer.use_saved(saved.name, saved.text, saved.format);
                return vec![Effect::EndOfDraft];
            }
            ComposerMsg::ForgetSaved(index) => self.stored.saved.forget(index),
            ComposerMsg::EditEvery(text) => composer.repeat_mut().edit_every(text),
            ComposerMsg::EditCount(text) => composer.repeat_mut().edit_count(text),
            ComposerMsg::StartRepeat => return self.start_repeat(),
            ComposerMsg::StopRepeat => return self.stop_repeat(RepeatState::Stopped),
            ComposerMsg::EditCloseCode(text) => composer.close_mut().edit_code(text),
            ComposerMsg::EditCloseReason(text) => composer.close_mut().edit_reason(text),
            ComposerMsg::CloseWith => {
                let close = composer.close().understood(self.platform);
                return close
                    .map(|(code, reason)| Effect::CloseWith(code, reason))
                    .into_iter()
                    .collect();
            }
        }
        Vec::new()
    }

    pub(super) fn send(&mut self) -> Vec<Effect> {
        if self.composer.attachments().is_empty() && self.composer.draft().is_empty() {
            return vec![Effect::SelectDraft];
        }
        let mut effects = Vec::new();
        match self.send_outlook() {
            // Its problem stands beside it. It is not selected: the next key would replace all of it.
            SendOutlook::WrongDraft => return Vec::new(),
            SendOutlook::WrongAddress | SendOutlook::WrongSetting(_) => {
                return vec![Effect::SelectDraft];
            }
            // A closed connection takes nothing, but the person's wish is clear: messages that are
            // sent while connecting wait for the handshake.
            SendOutlook::ConnectsFirst => effects = self.connect(),
            // What was not taken before may be taken now.
            SendOutlook::Sends if !self.connection.is_back() => self.connection.set_problem(None),
            SendOutlook::Sends | SendOutlook::Waits => {}
        }
        effects.extend(self.composer.take().into_iter().map(Effect::Send));
        self.steps.note(Step::Send);
        effects.push(Effect::SelectDraft);
        effects
    }

    /// A message was not taken. What was typed still stands in its field.
    pub(super) fn not_sent(&mut self, error: Error, message: Message) {
        if !self.composer.stands_for(&message) {
            self.composer.attach(Attachment { name: None, message });
        }
        // That the connection is closed is about to be told, with why: that says more.
        if !matches!(error, Error::Closed(_)) {
            self.connection.set_problem(Some(error.into()));
        }
    }

    fn start_repeat(&mut self) -> Vec<Effect> {
        let Some(plan) = self.repeat_plan() else { return Vec::new() };
        self.composer.note_draft();
        *self.composer.repeating_mut() =
            Some(Repeating { sent: 0, count: plan.count, state: RepeatState::Runs });
        self.steps.note(Step::Send);
        vec![Effect::Repeat(plan)]
    }

    fn stop_repeat(&mut self, state: RepeatState) -> Vec<Effect> {
        match self.composer.repeating_mut() {
            Some(repeating) if repeating.is_under_way() => {
                repeating.state = state;
                vec![Effect::StopRepeat]
            }
            _ => Vec::new(),
        }
    }

    /// A run ends with its connection.
    pub(super) fn end_repeat(&mut self, status: ConnectionStatus) -> Vec<Effect> {
        if status == ConnectionStatus::Open {
            return Vec::new();
        }
        self.stop_repeat(RepeatState::ConnectionEnded)
    }

    pub(super) fn on_repeat(&mut self, event: RepeatEvent) {
        let Some(repeating) = self.composer.repeating_mut() else { return };
        match event {
            // What was sent before the end counts after it too.
            RepeatEvent::Progress { sent, waits } => {
                repeating.sent = repeating.sent.max(sent);
                if repeating.is_under_way() {
                    repeating.state = if waits { RepeatState::Waits } else { RepeatState::Runs };
                }
            }
            RepeatEvent::Done if repeating.is_under_way() => repeating.state = RepeatState::Done,
            RepeatEvent::Failed(error) if repeating.is_under_way() => {
                repeating.state = match error {
                    Error::Closed(_) => RepeatState::ConnectionEnded,
                    error => RepeatState::Failed(error),
                };
            }
            RepeatEvent::Done | RepeatEvent::Failed(_) => {}
        }
    }
}

fn end_of_draft_if(has_changed: bool) -> Vec<Effect> {
    if has_changed { vec![Effect::EndOfDraft] } else { Vec::new() }
}
