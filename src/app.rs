//! The frame: takes in what has happened, carries out what follows from it, then draws.

use std::cell::RefCell;
use std::time::Duration;

use egui::{Context, Ui};
use egui_stream_builder::{Counters, DEFAULT_BUDGET, Event, StreamBuilder};
use web_socket_channel::{Closing, Message, Options};
use web_time::Instant;

use crate::effects::{Connection, Messages};
use crate::experiment::{Experiment, SLOW_BUILD};
use crate::pace::{Allowance, Pace};
use crate::payload;
use crate::platform;
use crate::recorder::Recorder;
use crate::session::{Effect, Pane, Session, Settings};
use crate::ui::message::{Shown, message_ui};
use crate::ui::page::{draft_id, page_ui};
use crate::ui::panels::lesson::lesson_ui;
use crate::ui::panels::rebuilds::{RebuildsData, rebuilds_ui};
use material::{text_field::focus_and_select_all, theme};

/// The echo page.
pub struct EchoPage {
    opened_at: Instant,
    session: Session,
    connection: Connection,
    messages: Messages,
    /// Made from the snapshot's data when that is binary and new.
    shown: Option<Shown>,
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
    pub fn new(ctx: &Context, settings: Settings) -> Self {
        theme::apply(ctx);
        let (session, effects) = Session::new(settings);
        let recorder = Recorder::new();
        let mut messages = StreamBuilder::new();
        messages.on_wake(recorder.on_wake());
        Self {
            opened_at: Instant::now(),
            session,
            connection: Connection::default(),
            messages,
            shown: None,
            is_new: false,
            recorder,
            effects,
            announced: String::new(),
        }
    }

    /// Takes in what has happened. Also called while the window is hidden.
    pub fn logic(&mut self, ctx: &Context) {
        self.recorder.frame(ctx.cumulative_frame_nr());
        let effects = std::mem::take(&mut self.effects);
        self.carry_out(effects, ctx);
        self.listen(ctx);
        let now_secs = ctx.input(|input| input.time);
        loop {
            let life = self.connection.look(&self.messages, now_secs);
            let follow_up = self.session.observe(life);
            if follow_up.is_empty() {
                break;
            }
            // What follows is looked at before it is drawn, or one frame would show neither the
            // old nor the new.
            self.carry_out(follow_up, ctx);
        }
        self.announce();
    }

    /// Draws, and notes what the person did.
    pub fn ui(&mut self, ui: &mut Ui) {
        let (messages, shown) = (&self.messages, self.shown.as_ref());
        let recorder = &mut self.recorder;
        let is_slow = std::mem::take(&mut self.is_new)
            && self.session.experiment() == Some(Experiment::SlowBuilder);
        let recorder = RefCell::new(recorder);
        let actions = page_ui(
            ui,
            &mut self.session,
            |ui, session| {
                if is_slow {
                    busy(SLOW_BUILD);
                }
                // Step 2, listen: what the stream said last is drawn, in whatever frame.
                messages.show(ui, |ui, snapshot| message_ui(ui, session, snapshot, shown));

                recorder.borrow_mut().drawn();
            },
            |ui, session| {
                if session.pane() == Some(Pane::Lesson) {
                    lesson_ui(ui, session);
                    return Vec::new();
                }
                let recorder = recorder.borrow();
                let data = recorder.trace().map(|trace| RebuildsData {
                    trace,
                    arrived: recorder.arrived(),
                    waiting: recorder.waiting(),
                    has_news: messages.has_news(),
                    connection: messages.snapshot().connection_state(),
                });
                data.map_or_else(Vec::new, |data| rebuilds_ui(ui, session, &data))
            },
        );
        if !actions.is_empty() {
            ui.ctx().request_repaint();
        }
        for action in actions {
            self.effects.extend(self.session.act(action));
        }
    }

    /// What the builder has counted.
    pub fn counters(&self) -> Counters {
        self.messages.counters()
    }

    /// The page goes: closes the connection, and gives what there is to wait for.
    pub fn close(&mut self) -> Option<Closing> {
        self.connection.close()
    }

    /// Takes in what the stream has sent, as far as the pace lets it.
    fn listen(&mut self, ctx: &Context) {
        // The clock of the frames stands still while the window is hidden.
        let now_secs = self.opened_at.elapsed().as_secs_f64();
        self.recorder.set_paused(self.session.pace() != Pace::Free);
        if self.messages.has_news() {
            match self.session.pace().allow(now_secs) {
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
        let update = self.recorder.update(messages, ctx, |event| match event {
            Event::Data(_) => {
                is_data = true;
                connection.heard();
            }
            Event::Error(error) => connection.failed(error),
            Event::Done => {}
        });
        self.session.pace_mut().took(update.events, now_secs);
        if update.events > 0 {
            self.is_new = true;
            self.session.heard();
        }
        if is_data {
            self.shown = self.look_at_message(ctx);
        }
    }

    fn carry_out(&mut self, effects: Vec<Effect>, ctx: &Context) {
        for effect in effects {
            match effect {
                Effect::Connect { peer, inbox_messages } => {
                    let tap = Some(self.recorder.tap(ctx));
                    let mut options = Options::default().tap(tap);
                    if let Some(messages) = inbox_messages {
                        options.inbox.messages = messages;
                    }
                    self.connection.open(&peer, options, ctx, &mut self.messages);
                }
                Effect::BeginTrace => {
                    self.recorder.begin(self.messages.counters(), ctx.cumulative_frame_nr());
                }
                Effect::EndTrace => self.recorder.end(),
                Effect::Send(text) => {
                    if let Err(error) = self.connection.send(text) {
                        self.session.not_sent(error);
                    }
                }
                Effect::SelectDraft => focus_and_select_all(ctx, draft_id(), &self.session.draft),
            }
        }
    }

    fn look_at_message(&self, ctx: &Context) -> Option<Shown> {
        match self.messages.snapshot().data()? {
            Message::Text(_) => None,
            Message::Binary(bytes) => {
                let max_side = ctx.input(|input| input.max_texture_side);
                let max_side = u32::try_from(max_side).unwrap_or(u32::MAX);
                Some(Shown::new(ctx, payload::look_at(bytes, max_side)))
            }
        }
    }

    /// Says what is new on the page, once, where the platform has no other way to tell.
    fn announce(&mut self) {
        let now = self.session.summary(self.messages.snapshot().data());
        if now != self.announced {
            platform::announce(&now, self.session.language);
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

    fn on_exit(&mut self, _: Option<&eframe::glow::Context>) {
        if let Some(closing) = self.close() {
            platform::wait_for_close(closing);
        }
    }
}
