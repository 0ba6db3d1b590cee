//! What follows from what has happened is carried out: the one place where effects are done.

use app_core::{Effect, LogEffect, Msg, ReplayEffect, ReplayMsg};
use egui::{Context, ViewportCommand};
use material::text_field::{focus_and_select_all, focus_at_end};
use message_log::Payload;
use web_socket_channel::{Message, status};

use super::EchoPage;
use crate::i18n::words;
use crate::opened_row::Said;
use crate::platform;
use crate::ui::look::set_look;
use crate::ui::page::draft_id;
use crate::ui::panels::log::{query_id, select_opened};
use crate::ui::panels::rebuilds::select_moment;

impl EchoPage {
    /// Carries out what follows from what has happened.
    pub(super) fn carry_out(&mut self, ctx: &Context) {
        for effect in std::mem::take(&mut self.effects) {
            match effect {
                Effect::Connect(plan) => {
                    let tap = self.recorder.tap(ctx);
                    self.connection.open(*plan, tap, ctx, &mut self.messages);
                }
                Effect::Close => self.begin_close(Some(status::NORMAL_CLOSURE), ""),
                Effect::CloseWith(code, reason) => self.begin_close(code, &reason),
                Effect::Send(message) => self.connection.send(message),
                Effect::Repeat(plan) => self.connection.repeat(plan, ctx),
                Effect::StopRepeat => self.connection.stop_repeat(),
                Effect::RetryNow => self.connection.retry_now(),
                Effect::TakeBack(id) => self.connection.take_back(Some(id)),
                Effect::TakeBackAll => self.connection.take_back(None),
                Effect::ResendInDoubt => self.connection.settle_in_doubt(true),
                Effect::LetGoInDoubt => self.connection.settle_in_doubt(false),
                Effect::BeginTrace => {
                    self.recorder.begin(&self.messages, ctx.cumulative_frame_nr());
                }
                Effect::EndTrace => self.recorder.end(),
                Effect::Replay(effect) => self.carry_out_replay(effect, ctx),
                Effect::Comparison(effect) => self.comparisons.carry_out(effect, ctx),
                Effect::SelectDraft => {
                    focus_and_select_all(ctx, draft_id(), self.model.composer().draft());
                }
                Effect::EndOfDraft => {
                    focus_at_end(ctx, draft_id(), self.model.composer().draft());
                }
                Effect::SelectQuery => {
                    focus_and_select_all(ctx, query_id(), &self.model.log().query().text);
                }
                Effect::SelectMoment => select_moment(ctx),
                Effect::Quit => ctx.send_viewport_cmd(ViewportCommand::Close),
                Effect::CopyLink(link) => ctx.copy_text(platform::link_to_copy(&link)),
                Effect::ShowLink(link) => platform::show_link(&link),
                Effect::Log(effect) => self.carry_out_log(effect, ctx),
                Effect::SetLook(look) => set_look(ctx, look),
            }
        }
    }

    fn carry_out_replay(&mut self, effect: ReplayEffect, ctx: &Context) {
        match effect {
            ReplayEffect::Save(format) => {
                let shown = self.recordings.opened().or_else(|| self.recorder.recording());
                if let Some(recording) = shown.cloned() {
                    self.recordings.save(&recording, format, ctx);
                }
            }
            ReplayEffect::SaveDrawing => {
                let words = words(self.model.language());
                let title = self.model.comparison().subject().map(words.comparison.drawing_title);
                let drawing = self.comparisons.drawing(&title.unwrap_or_default(), words);
                self.recordings.save_drawing(drawing, ctx);
            }
            ReplayEffect::Open => self.recordings.open(ctx),
            ReplayEffect::ShowLive => self.recordings.show_live(),
            ReplayEffect::FindMoment { row } => {
                if let Some(cursor) = self.recorder.moment_of(row) {
                    self.tell(Msg::Replay(ReplayMsg::FoundMoment(cursor)));
                }
            }
            ReplayEffect::FindRow { event } => {
                let row = self.recorder.row_of(event);
                if let Some(row) = row.filter(|row| self.logbook.has_live_row(*row)) {
                    self.tell(Msg::Replay(ReplayMsg::FoundRow(row)));
                }
            }
        }
    }

    pub(super) fn begin_close(&mut self, code: Option<u16>, reason: &str) {
        self.logbook.asked_to_close(code, reason, self.opened_at.elapsed());
        self.connection.begin_close(code, reason);
    }

    fn carry_out_log(&mut self, effect: LogEffect, ctx: &Context) {
        let is_other_row = matches!(effect, LogEffect::Open(_));
        if matches!(effect, LogEffect::ShowRow(_)) {
            select_opened(ctx);
        }
        self.logbook.carry_out(effect, ctx);
        if is_other_row {
            self.look_at_opened(ctx);
        }
    }

    pub(super) fn look_at_latest(&mut self, ctx: &Context) {
        match self.messages.snapshot().data() {
            Some(Message::Binary(bytes)) => self.picture.look_at(bytes, ctx),
            Some(Message::Text(_)) | None => self.picture.forget(),
        }
    }

    pub(super) fn look_at_opened(&mut self, ctx: &Context) {
        match self.logbook.opened().map(|opened| &opened.said) {
            Some(Said::Message(Payload::Binary(bytes))) => self.row_picture.look_at(bytes, ctx),
            Some(_) | None => self.row_picture.forget(),
        }
    }
}
