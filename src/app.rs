//! The frame: takes in what has happened, carries out what follows from it, then draws.
//!
//! - `app/take_in.rs`: what has happened;
//! - `app/carry_out.rs`: what follows from it;
//! - `app/panels.rs`: what each panel is drawn from;
//! - `app/outside.rs`: what is told outside of what is drawn.

use std::cell::RefCell;
use std::path::PathBuf;
use std::time::Duration;

use app_core::experiments::Setup;
use app_core::statistics::Traffic;
use app_core::stored::{Damaged, Stored};
use app_core::{
    ConnectionStatus, Effect, Language, Model, Msg, Opening, Preferences, TrialMsg, open, update,
};
use egui::{Context, Ui};
use egui_stream_builder::{Counters, Snapshot, StreamBuilder};
use material::theme;
use web_socket_channel::{Error, Message};
use web_time::{Instant, SystemTime};

use crate::effects::comparisons::Comparisons;
use crate::effects::connection::{Connection, Messages, PendingClose};
use crate::effects::files::Files;
use crate::effects::logbook::Logbook;
use crate::effects::recordings::Recordings;
use crate::i18n::log::Zone;
use crate::picture::Picture;
use crate::platform::{self, Outside};
use crate::recorder::Recorder;
use crate::ui::keyboard::keep_focus_in_view;
use crate::ui::message::{message_ui, past_message_ui, problem_shown};
use crate::ui::page::page_ui;
use crate::ui::panels::rebuilds::moment_shown;
use crate::ui::pinch::Pinch;

mod carry_out;
mod outside;
mod panels;
mod take_in;

use panels::Sources;

/// Under which the page is kept over restarts.
pub const STORED_KEY: &str = "websocket-echo";

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
    /// The recording of a file, which is shown instead.
    recordings: Recordings,
    /// Other ways to take the recording's events in.
    comparisons: Comparisons,
    /// What the log's panel shows.
    logbook: Logbook,
    /// The row of the log that is looked at, where it is a picture.
    row_picture: Picture,
    /// What is to be done in the next `logic`.
    effects: Vec<Effect>,
    /// How many messages were heard: the same one again is to be told again.
    heard: u64,
    /// The fingers on a touch screen.
    pinch: Pinch,
    /// The language of the window's title.
    titled_in: Option<Language>,
    /// What the page in a browser shows of it outside of its canvas.
    outside: Option<Outside>,
    /// The page was left, and closed its connection.
    has_left: bool,
    /// What the system prefers, where it has changed.
    preferences: Box<dyn FnMut() -> Option<Preferences>>,
}

impl EchoPage {
    /// The page, about to connect.
    pub fn new(ctx: &Context, opening: Opening) -> Self {
        theme::apply(ctx);
        let (model, effects) = open(opening);
        let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let retention = model.log_settings().retention(model.platform());
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
            recordings: Recordings::default(),
            comparisons: Comparisons::default(),
            // A clock that is set before 1970 tells no time at all.
            logbook: Logbook::new(since_1970.unwrap_or_default(), retention),
            row_picture: Picture::default(),
            effects,
            heard: 0,
            pinch: Pinch::default(),
            titled_in: None,
            outside: None,
            has_left: false,
            preferences: Box::new(|| None),
        }
    }

    /// From now on asks this in each frame whether the system prefers something else than before.
    pub fn follow_preferences(&mut self, source: impl FnMut() -> Option<Preferences> + 'static) {
        self.preferences = Box::new(source);
    }

    /// Goes on with all it has in another context of egui, as its canvas lost what was drawn with.
    pub fn move_to(&mut self, ctx: &Context) {
        theme::apply(ctx);
        self.effects.push(Effect::SetLook(self.model.look()));
        // The keyboard was there, or close by.
        self.effects.push(Effect::EndOfDraft);
        // Textures stay behind.
        self.look_at_latest(ctx);
        self.look_at_opened(ctx);
    }

    /// The page is left, and may be come back to as it is: closes the connection, which can't be kept.
    pub fn leave(&mut self) {
        let status = self.model.connection().status();
        if !matches!(status, ConnectionStatus::NotConnected | ConnectionStatus::Closed) {
            self.has_left = true;
            // As a browser does for a page that goes for good, which a program may not: without a code.
            self.begin_close(None, "");
        }
    }

    /// The page was left and is come back to: connects again.
    pub fn come_back(&mut self) {
        if std::mem::take(&mut self.has_left) {
            self.tell(Msg::ConnectAgain);
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
        self.follow_asked_panel();
        if let Some(preferences) = (self.preferences)() {
            self.tell(Msg::SystemPreferences(preferences));
        }
        self.carry_out(ctx);
        self.take_in(ctx);
        if !self.effects.is_empty() {
            // What follows from it is seen before it is drawn, or one frame would show neither the old
            // connection nor the new one.
            self.carry_out(ctx);
            self.take_in(ctx);
        }
        if self.model.trials().awaits_answer()
            && let Some(seen) = self.recorder.seen()
        {
            self.tell(Msg::Trial(TrialMsg::Saw(seen)));
        }
        let msgs = self.logbook.advance(ctx);
        self.tell_all(msgs.into_iter().map(Msg::Log).collect());
        self.comparisons.advance(ctx);
        let (comparison, now) = (self.model.comparison(), self.opened_at.elapsed());
        let live = self.recorder.recording();
        let msg = self.comparisons.follow(comparison, live, now, ctx);
        self.tell_all(msg.into_iter().collect());
        let msgs = self.recordings.advance(ctx);
        self.tell_all(msgs.into_iter().map(Msg::Replay).collect());
        if !self.effects.is_empty() {
            ctx.request_repaint();
        }
        self.picture.poll(ctx);
        self.row_picture.poll(ctx);
        self.announce();
        self.show_outside(ctx);
    }

    /// From now on nobody is asked for a file to save or to open, and it is this one: for tests, and other
    /// machines that drive the page.
    pub fn answer_dialogs(&mut self, path: Option<PathBuf>) {
        self.recordings.answer_dialogs(path.clone());
        self.logbook.answer_dialogs(path);
    }

    /// From now on times of day are told by these clocks: for tests, and other machines that drive the page.
    pub fn set_zone(&mut self, zone: Zone) {
        self.logbook.set_zone(zone);
    }

    /// Draws, and notes what the person did.
    pub fn ui(&mut self, ui: &mut Ui) {
        keep_focus_in_view(ui.ctx());
        self.follow_language(ui.ctx());
        self.pinch.follow(ui.ctx());
        self.take_dropped_recordings(ui.ctx());
        self.take_dropped_logs(ui.ctx());
        let files = self.files.take_in(ui.ctx(), self.model.composer().places());
        self.tell_all(files);
        let (messages, shown) = (&self.messages, self.picture.shown());
        let build = std::mem::take(&mut self.is_new)
            .then(|| self.model.trials().running().and_then(Setup::build))
            .flatten();
        let recorder = RefCell::new(&mut self.recorder);
        let logbook = RefCell::new(&mut self.logbook);
        let opened = self.recordings.opened();
        let compared = self.comparisons.compared();
        let picture = self.row_picture.shown();
        let now = self.opened_at.elapsed();
        let msgs = page_ui(
            ui,
            &self.model,
            now,
            |ui, model| {
                if let Some(time) = build {
                    busy(time);
                }
                let recorded = recorder.borrow();
                let recording = opened.or_else(|| recorded.recording());
                let past = recording.filter(|_| model.replay().shows_past());
                let message_ui = |ui: &mut Ui, snapshot: &Snapshot<Message, Error>| match past {
                    Some(recording) => {
                        past_message_ui(ui, model, &moment_shown(model, recording));
                    }
                    None => message_ui(ui, model, snapshot, shown, messages.counters().events),
                };
                // Step 2, listen: what the stream said last is drawn, in whatever frame.
                messages.show(ui, message_ui);

                drop(recorded);
                recorder.borrow_mut().drawn(|| problem_shown(model));
                logbook.borrow_mut().drawn();
            },
            |ui, model, panel| {
                let sources = Sources {
                    recorder: &recorder.borrow(),
                    logbook: &logbook.borrow(),
                    opened,
                    compared,
                    picture,
                    has_news: messages.has_news(),
                };
                sources.panel_ui(ui, model, panel, now)
            },
        );
        if self.model.replay().has_tracks() {
            let (spans, now) = self.recorder.newest_spans();
            platform::measure(&spans, now);
        }
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

    /// What stands in the message field and was not sent.
    pub fn unsent(&self) -> &str {
        self.model.composer().unsent()
    }

    /// What stands there now.
    pub fn set_draft(&mut self, draft: String) {
        self.tell(Msg::EditDraft(draft));
        self.effects.push(Effect::EndOfDraft);
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
