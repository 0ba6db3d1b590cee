//! The frame: takes in what has happened, carries out what follows from it, then draws.

use std::cell::RefCell;
use std::time::Duration;

use app_core::experiments::{Experiment, SLOW_BUILD};
use app_core::playback::{Allowance, Playback};
use app_core::statistics::Traffic;
use app_core::stored::{Damaged, Stored, ThemeChoice};
use app_core::{Effect, Model, Msg, Opening, Panel, open, update};
use egui::{Context, ThemePreference, Ui};
use egui_stream_builder::{Counters, DEFAULT_BUDGET, Event, StreamBuilder};
use material::{
    text_field::{focus_and_select_all, focus_at_end},
    theme,
};
use web_socket_channel::{Message, status};
use web_time::Instant;

use crate::effects::connection::{Connection, Messages, PendingClose};
use crate::effects::files::Files;
use crate::picture::Picture;
use crate::platform;
use crate::recorder::Recorder;
use crate::ui::message::message_ui;
use crate::ui::page::{draft_id, page_ui};
use crate::ui::panels::about::about_ui;
use crate::ui::panels::connection::connection_panel_ui;
use crate::ui::panels::lesson::lesson_ui;
use crate::ui::panels::rebuilds::{RebuildsData, rebuilds_ui};
use crate::ui::summary::summary;

/// Under which the page is kept over restarts.
const STORED_KEY: &str = "websocket-echo";

/// The echo page.
pub struct EchoPage {
    opened_at: Instant,
    model: Model,
    connection: Connection,
    messages: Messages,
    /// What was dropped or pasted, on its way to the message field.
    files: Files,
    /// Of the snapshot's data, where that is binary.
    picture: Picture,
    /// The snapshot is not drawn yet.
    is_new: bool,
    /// What the rebuilds panel shows.
    recorder: Recorder,
    /// What is to be done in the next `logic`.
    effects: Vec<Effect>,
    /// Tells those who can't see a canvas what is on it.
    announced: String,
}

impl EchoPage {
    /// The page, about to connect.
    pub fn new(ctx: &Context, opening: Opening) -> Self {
        theme::apply(ctx);
        let (model, effects) = open(opening);
        let recorder = Recorder::new();
        let mut messages = StreamBuilder::new();
        messages.on_wake(recorder.on_wake());
        Self {
            opened_at: Instant::now(),
            model,
            connection: Connection::default(),
            messages,
            files: Files::default(),
            picture: Picture::default(),
            is_new: false,
            recorder,
            effects,
            announced: String::new(),
        }
    }

    /// What was kept by [`save`](eframe::App::save), for an [`Opening`].
    pub fn stored(storage: Option<&dyn eframe::Storage>) -> Result<Stored, Damaged> {
        let text = storage.and_then(|storage| storage.get_string(STORED_KEY));
        text.map_or_else(|| Ok(Stored::default()), |text| Stored::of_text(&text))
    }

    /// Takes in what has happened. Also called while the window is hidden.
    pub fn logic(&mut self, ctx: &Context) {
        self.recorder.frame(ctx.cumulative_frame_nr());
        self.carry_out(ctx);
        self.take_in(ctx);
        if !self.effects.is_empty() {
            // What follows from it is seen before it is drawn, or one frame would show neither the old
            // connection nor the new one.
            self.carry_out(ctx);
            self.take_in(ctx);
        }
        self.picture.poll(ctx);
        self.announce();
    }

    /// Draws, and notes what the person did.
    pub fn ui(&mut self, ui: &mut Ui) {
        let files = self.files.take_in(ui.ctx(), self.model.composer().places());
        self.tell_all(files);
        let (messages, shown) = (&self.messages, self.picture.shown());
        let is_slow = std::mem::take(&mut self.is_new)
            && self.model.experiment() == Some(Experiment::SlowBuilder);
        let recorder = RefCell::new(&mut self.recorder);
        let now = self.opened_at.elapsed();
        let msgs = page_ui(
            ui,
            &self.model,
            now,
            |ui, model| {
                if is_slow {
                    busy(SLOW_BUILD);
                }
                // Step 2, listen: what the stream said last is drawn, in whatever frame.
                messages.show(ui, |ui, snapshot| {
                    message_ui(ui, model, snapshot, shown, messages.counters().events);
                });

                recorder.borrow_mut().drawn();
            },
            |ui, model, panel| match panel {
                Panel::About => about_ui(ui, model),
                Panel::Connection => connection_panel_ui(ui, model, now),
                Panel::Lesson => {
                    lesson_ui(ui, model);
                    Vec::new()
                }
                Panel::Rebuilds => {
                    let recorder = recorder.borrow();
                    let data = recorder.trace().map(|trace| RebuildsData {
                        trace,
                        arrived: recorder.arrived(),
                        waiting: recorder.waiting(),
                        has_news: messages.has_news(),
                        connection: messages.snapshot().connection_state(),
                    });
                    data.map_or_else(Vec::new, |data| rebuilds_ui(ui, model, &data))
                }
            },
        );
        if !msgs.is_empty() {
            ui.ctx().request_repaint();
        }
        for msg in msgs {
            self.tell(msg);
        }
    }

    /// What the builder has counted.
    pub fn counters(&self) -> Counters {
        self.messages.counters()
    }

    /// What was sent over the connection that there is.
    pub fn sent(&self) -> Traffic {
        self.model.statistics().sent()
    }

    /// What is kept over restarts, as text.
    pub fn stored_text(&self) -> String {
        self.model.stored().to_text()
    }

    /// The page goes: closes the connection, and gives what there is to wait for.
    pub fn close(&mut self) -> Option<PendingClose> {
        self.connection.close()
    }

    /// The one door: what happens changes the model, and what follows is done in the next `logic`.
    fn tell(&mut self, msg: Msg) {
        let now = self.opened_at.elapsed();
        self.effects.extend(update(&mut self.model, msg, now));
    }

    fn tell_all(&mut self, msgs: Vec<Msg>) {
        for msg in msgs {
            self.tell(msg);
        }
    }

    /// What has happened to the connection, in order.
    fn take_in(&mut self, ctx: &Context) {
        let read = self.files.take_read();
        self.tell_all(read);
        let before = self.connection.before_messages();
        self.tell_all(before);
        self.listen(ctx);
        let after = self.connection.after_messages(&self.messages);
        self.tell_all(after);
    }

    /// Takes in what the stream has sent, as far as the playback lets it.
    fn listen(&mut self, ctx: &Context) {
        // The clock of the frames stands still while the window is hidden.
        let now = self.opened_at.elapsed();
        self.recorder.set_paused(self.model.playback() != Playback::Free);
        if self.messages.has_news() {
            match self.model.playback().allow(now) {
                Allowance::All => self.messages.budget = DEFAULT_BUDGET,
                // No time at all is time for one event.
                Allowance::One => self.messages.budget = Duration::ZERO,
                Allowance::None { look_again_after } => {
                    if let Some(time) = look_again_after {
                        ctx.request_repaint_after(time);
                    }
                    return;
                }
            }
        }
        let mut is_data = false;
        let (connection, messages) = (&mut self.connection, &mut self.messages);
        let taken = self.recorder.update(messages, ctx, |event| {
            is_data |= matches!(event, Event::Data(_));
            connection.hear(&event);
        });
        self.tell(Msg::TookIn { events: taken.events });
        self.is_new |= taken.events > 0;
        if is_data {
            match self.messages.snapshot().data() {
                Some(Message::Binary(bytes)) => self.picture.look_at(bytes, ctx),
                Some(Message::Text(_)) | None => self.picture.forget(),
            }
        }
    }

    fn carry_out(&mut self, ctx: &Context) {
        for effect in std::mem::take(&mut self.effects) {
            match effect {
                Effect::Connect(plan) => {
                    let tap = self.recorder.tap(ctx);
                    self.connection.open(*plan, tap, ctx, &mut self.messages);
                }
                Effect::Close => self.connection.begin_close(Some(status::NORMAL_CLOSURE), ""),
                Effect::CloseWith(code, reason) => self.connection.begin_close(code, &reason),
                Effect::Send(message) => self.connection.send(message),
                Effect::Repeat(plan) => self.connection.repeat(plan, ctx),
                Effect::StopRepeat => self.connection.stop_repeat(),
                Effect::RetryNow => self.connection.retry_now(),
                Effect::TakeBack(id) => self.connection.take_back(Some(id)),
                Effect::TakeBackAll => self.connection.take_back(None),
                Effect::ResendInDoubt => self.connection.settle_in_doubt(true),
                Effect::LetGoInDoubt => self.connection.settle_in_doubt(false),
                Effect::BeginTrace => {
                    self.recorder.begin(self.messages.counters(), ctx.cumulative_frame_nr());
                }
                Effect::EndTrace => self.recorder.end(),
                Effect::SelectDraft => {
                    focus_and_select_all(ctx, draft_id(), self.model.composer().draft());
                }
                Effect::EndOfDraft => {
                    focus_at_end(ctx, draft_id(), self.model.composer().draft());
                }
                Effect::SetTheme(theme) => ctx.set_theme(match theme {
                    ThemeChoice::System => ThemePreference::System,
                    ThemeChoice::Light => ThemePreference::Light,
                    ThemeChoice::Dark => ThemePreference::Dark,
                }),
            }
        }
    }

    /// Says what is new on the page, once, where the platform has no other way to tell.
    fn announce(&mut self) {
        let now = summary(&self.model, self.messages.snapshot().data());
        if now != self.announced {
            platform::announce(&now, self.model.language());
            self.announced = now;
        }
    }
}

/// What takes a slow builder its time.
fn busy(time: Duration) {
    let start = Instant::now();
    while start.elapsed() < time {
        std::hint::spin_loop();
    }
}

impl eframe::App for EchoPage {
    fn logic(&mut self, ctx: &Context, _: &mut eframe::Frame) {
        self.logic(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
        self.ui(ui);
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        storage.set_string(STORED_KEY, self.stored_text());
    }

    /// What a person typed is in there, and that is not kept.
    fn persist_egui_memory(&self) -> bool {
        false
    }

    fn on_exit(&mut self, _: Option<&eframe::glow::Context>) {
        if let Some(closing) = self.close() {
            platform::wait_for_close(closing);
        }
    }
}
