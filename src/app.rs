//! The frame: takes in what has happened, carries out what follows from it, then draws.

use std::cell::RefCell;
use std::path::PathBuf;
use std::time::Duration;

use app_core::experiments::Setup;
use app_core::playback::{Allowance, Playback};
use app_core::statistics::Traffic;
use app_core::stored::{Damaged, Stored, ThemeChoice};
use app_core::{
    ConnectionStatus, Effect, Language, LogEffect, Model, Msg, Opening, Panel, Peer, ReplayEffect,
    ReplayMsg, TrialMsg, open, update,
};
use egui::{Context, Theme, ThemePreference, Ui, ViewportCommand};
use egui_stream_builder::{Counters, DEFAULT_BUDGET, Event, Snapshot, StreamBuilder};
use material::{
    text_field::{focus_and_select_all, focus_at_end},
    theme,
};
use message_log::Payload;
use web_socket_channel::{Error, Message, status};
use web_time::{Instant, SystemTime};

use crate::effects::comparisons::Comparisons;
use crate::effects::connection::{Connection, Messages, PendingClose};
use crate::effects::files::Files;
use crate::effects::log_files::ENDINGS;
use crate::effects::logbook::Logbook;
use crate::effects::recordings::{DROPPED_ENDING, Recordings};
use crate::i18n::words;
use crate::opened_row::Said;
use crate::picture::Picture;
use crate::platform::{self, Outside};
use crate::recorder::Recorder;
use crate::ui::keyboard::keep_focus_in_view;
use crate::ui::message::{message_ui, past_message_ui, problem_shown};
use crate::ui::page::{draft_id, page_ui};
use crate::ui::panels::about::about_ui;
use crate::ui::panels::connection::connection_panel_ui;
use crate::ui::panels::lesson::lesson_ui;
use crate::ui::panels::log::{LogData, log_ui, query_id, select_opened};
use crate::ui::panels::rebuilds::{LogRow, RebuildsData, moment_shown, rebuilds_ui, select_moment};
use crate::ui::pinch::Pinch;
use crate::ui::summary::summary;

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
        }
    }

    /// Goes on with all it has in another context of egui, as its canvas lost what was drawn with.
    pub fn move_to(&mut self, ctx: &Context) {
        theme::apply(ctx);
        self.effects.push(Effect::SetTheme(self.model.theme()));
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
        if let Some(panel) = platform::take_asked_panel() {
            // Its address was written already, but perhaps with another one to connect to.
            self.outside =
                self.outside.take().map(|outside| Outside { address: None, panel, ..outside });
            self.tell(Msg::ShowPanel(panel));
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
            |ui, model, panel| match panel {
                Panel::About => about_ui(ui, model),
                Panel::Connection => connection_panel_ui(ui, model, now),
                Panel::Lesson => lesson_ui(ui, model),
                Panel::Log => {
                    let logbook = logbook.borrow();
                    let data = LogData {
                        log: logbook.shown_log(),
                        shown: logbook.shown(),
                        found: logbook.found(),
                        query: &model.log().query().text,
                        opened: logbook.opened(),
                        event: logbook
                            .opened()
                            .filter(|_| logbook.shows_live())
                            .and_then(|row| recorder.borrow().moment_of(row.number))
                            .map(|cursor| cursor.events),
                        picture,
                    };
                    log_ui(ui, model, data)
                }
                Panel::Rebuilds => {
                    let recorder = recorder.borrow();
                    let recording = opened.or_else(|| recorder.recording());
                    let event = model.replay().cursor().map(|cursor| cursor.events);
                    let row = match recorder.row_of(event).filter(|_| opened.is_none()) {
                        None => LogRow::None,
                        Some(row) if logbook.borrow().has_live_row(row) => LogRow::There,
                        Some(_) => LogRow::Dropped,
                    };
                    let has_news = messages.has_news();
                    let data = recording.map(|recording| RebuildsData {
                        recording,
                        has_news,
                        row,
                        compared,
                    });
                    data.map_or_else(Vec::new, |data| rebuilds_ui(ui, model, &data))
                }
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

    /// The page goes: closes the connection, and gives what there is to wait for.
    pub fn close(&mut self) -> Option<PendingClose> {
        self.connection.close()
    }

    /// Where the person chose no language, it is the system's, which may have changed while they were away. The
    /// title of the window has it too.
    fn follow_language(&mut self, ctx: &Context) {
        let is_back = |event: &egui::Event| matches!(event, egui::Event::WindowFocused(true));
        if ctx.input(|input| input.events.iter().any(is_back)) {
            self.tell(Msg::SystemLanguage(platform::system_language()));
        }
        let language = self.model.language();
        if self.titled_in != Some(language) {
            self.titled_in = Some(language);
            let title = words(language).title.to_owned();
            ctx.send_viewport_cmd(ViewportCommand::Title(title));
        }
    }

    /// Opens a recording that was dropped on the page.
    fn take_dropped_recordings(&mut self, ctx: &Context) {
        let is_recording = |file: &egui::DroppedFileHandle| {
            let name = file.path().file_name().unwrap_or_default().to_string_lossy();
            name.to_ascii_lowercase().ends_with(DROPPED_ENDING)
        };
        if let Some(file) = take_dropped(ctx, is_recording) {
            self.recordings.open_dropped(file, ctx);
            ctx.request_repaint();
        }
    }

    /// Opens a log that was dropped on the page. Other files are for whoever sends them.
    fn take_dropped_logs(&mut self, ctx: &Context) {
        let is_log = |file: &egui::DroppedFileHandle| {
            let ending = file.path().extension().map(|ending| ending.to_ascii_lowercase());
            ending.is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known))
        };
        let Some(file) = take_dropped(ctx, is_log) else { return };
        self.logbook.open_dropped(file, ctx);
        if self.model.panel() != Some(Panel::Log) {
            self.tell(Msg::TogglePanel(Panel::Log));
        }
        ctx.request_repaint();
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
        self.write_down_notes();
        let before = self.connection.before_messages();
        // What a run has sent.
        self.write_down_notes();
        self.tell_connection(before);
        self.listen(ctx);
        let after = self.connection.after_messages(&self.messages);
        self.tell_connection(after);
    }

    /// What has become of messages of ours goes into the log.
    fn write_down_notes(&mut self) {
        let (now, words) = (self.opened_at.elapsed(), words(self.model.language()));
        for note in self.connection.take_notes() {
            self.logbook.note(note, words, now);
        }
    }

    /// What has happened to the connection goes into the log, and through the door.
    fn tell_connection(&mut self, msgs: Vec<Msg>) {
        let (now, words) = (self.opened_at.elapsed(), words(self.model.language()));
        for msg in msgs {
            if let Msg::Connection(event) = &msg {
                self.logbook.event(event, words, now);
            }
            self.tell(msg);
        }
    }

    /// Takes in what the stream has sent, as far as the playback lets it.
    fn listen(&mut self, ctx: &Context) {
        // The clock of the frames stands still while the window is hidden.
        let now = self.opened_at.elapsed();
        self.recorder.set_paused(self.model.playback() != Playback::Free);
        if self.messages.has_news() {
            match self.model.playback().allow(now) {
                Allowance::All => {
                    let budget = self.model.trials().running().and_then(Setup::budget);
                    self.messages.budget = budget.unwrap_or(DEFAULT_BUDGET);
                }
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
        let (mut is_data, mut ends_with_error) = (false, false);
        let (connection, messages) = (&mut self.connection, &mut self.messages);
        let (logbook, opened_at) = (&mut self.logbook, self.opened_at);
        let words = words(self.model.language());
        let taken = self.recorder.update(messages, ctx, |event| {
            is_data |= matches!(event, Event::Data(_));
            let round_trip = connection.hear(&event);
            // What was sent comes before what comes back.
            for note in connection.take_notes() {
                logbook.note(note, words, opened_at.elapsed());
            }
            match event {
                Event::Data(message) => {
                    ends_with_error = false;
                    Some(logbook.received(message, round_trip, opened_at.elapsed()))
                }
                Event::Error(_) => {
                    ends_with_error = true;
                    None
                }
                Event::Done => None,
            }
        });
        self.logbook.took_in(ends_with_error);
        self.tell(Msg::TookIn { events: taken.events });
        self.is_new |= taken.events > 0;
        if is_data {
            self.heard += 1;
            self.look_at_latest(ctx);
        }
    }

    fn look_at_latest(&mut self, ctx: &Context) {
        match self.messages.snapshot().data() {
            Some(Message::Binary(bytes)) => self.picture.look_at(bytes, ctx),
            Some(Message::Text(_)) | None => self.picture.forget(),
        }
    }

    fn look_at_opened(&mut self, ctx: &Context) {
        match self.logbook.opened().map(|opened| &opened.said) {
            Some(Said::Message(Payload::Binary(bytes))) => self.row_picture.look_at(bytes, ctx),
            Some(_) | None => self.row_picture.forget(),
        }
    }

    fn carry_out(&mut self, ctx: &Context) {
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
                Effect::SetTheme(theme) => ctx.set_theme(match theme {
                    ThemeChoice::System => ThemePreference::System,
                    ThemeChoice::Light => ThemePreference::Light,
                    ThemeChoice::Dark => ThemePreference::Dark,
                }),
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

    fn begin_close(&mut self, code: Option<u16>, reason: &str) {
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

    /// Has the page in a browser show what it is to show of this.
    fn show_outside(&mut self, ctx: &Context) {
        let address = match self.model.connection().peer() {
            Peer::Server(address) if self.model.experiment().is_none() => Some(address.clone()),
            Peer::Server(_) | Peer::InPage(_) => None,
        };
        let outside =
            Outside { address, panel: self.model.panel(), is_dark: ctx.theme() == Theme::Dark };
        if self.outside.as_ref() != Some(&outside) {
            platform::tell_page(&outside, self.outside.is_none());
            self.outside = Some(outside);
        }
    }

    /// Says what is new on the page, where the platform has no other way to tell.
    fn announce(&self) {
        let summary = summary(&self.model, self.messages.snapshot().data());
        platform::announce(&summary, self.heard, self.model.language());
    }
}

/// Takes the first of the dropped files that are wanted. Others are for whoever asks next.
fn take_dropped(
    ctx: &Context,
    is_wanted: impl Fn(&egui::DroppedFileHandle) -> bool,
) -> Option<egui::DroppedFileHandle> {
    ctx.input_mut(|input| {
        let files = &mut input.raw.dropped_files;
        files.iter().position(is_wanted).map(|at| files.remove(at))
    })
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
