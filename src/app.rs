//! The frame: takes in what has happened, carries out what follows from it, then draws.

use egui::{Context, Ui};
use egui_stream_builder::{Event, StreamBuilder};
use web_socket_channel::{Closing, Message};

use crate::effects::{Connection, Messages};
use crate::payload;
use crate::platform;
use crate::session::{Effect, Session, Settings};
use crate::view::material::{text_field::focus_and_select_all, theme};
use crate::view::message::{Shown, message_ui};
use crate::view::page::{draft_id, page_ui};

/// The echo page.
pub struct EchoPage {
    session: Session,
    connection: Connection,
    messages: Messages,
    /// Made from the snapshot's data when that is binary and new.
    shown: Option<Shown>,
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
        Self {
            session,
            connection: Connection::default(),
            messages: StreamBuilder::new(),
            shown: None,
            effects,
            announced: String::new(),
        }
    }

    /// Takes in what has happened. Also called while the window is hidden.
    pub fn logic(&mut self, ctx: &Context) {
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
        let actions = page_ui(ui, &mut self.session, |ui, session| {
            messages.show(ui, |ui, snapshot| message_ui(ui, session, snapshot, shown));
        });
        for action in actions {
            self.effects.extend(self.session.act(action));
        }
        if !self.effects.is_empty() {
            ui.ctx().request_repaint();
        }
    }

    /// The page goes: closes the connection, and gives what there is to wait for.
    pub fn close(&mut self) -> Option<Closing> {
        self.connection.close()
    }

    fn listen(&mut self, ctx: &Context) {
        let mut is_new = false;
        self.messages.update_with(ctx, |event| match event {
            Event::Data(_) => {
                is_new = true;
                self.connection.heard();
            }
            Event::Error(error) => self.connection.failed(error),
            Event::Done => {}
        });
        if is_new {
            self.shown = self.look_at_message(ctx);
        }
    }

    fn carry_out(&mut self, effects: Vec<Effect>, ctx: &Context) {
        for effect in effects {
            match effect {
                Effect::Connect(peer) => self.connection.open(&peer, ctx, &mut self.messages),
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
