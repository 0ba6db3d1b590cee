//! What is told outside of what is drawn: to the window, to the page around the canvas, and to who listens.

use app_core::{Msg, Peer};
use egui::{Context, Theme, ViewportCommand};

use super::EchoPage;
use crate::i18n::words;
use crate::platform::{self, Outside};
use crate::ui::summary::summary;

impl EchoPage {
    /// Looks at which language the system speaks now: it counts where the person chose none.
    pub fn look_at_language(&mut self) {
        self.tell(Msg::SystemLanguage(platform::system_language()));
    }

    /// Looks at the system's language when the person comes back, as it may have changed while they were away. The
    /// title of the window has it too.
    pub(super) fn follow_language(&mut self, ctx: &Context) {
        let is_back = |event: &egui::Event| matches!(event, egui::Event::WindowFocused(true));
        if ctx.input(|input| input.events.iter().any(is_back)) {
            self.look_at_language();
        }
        let language = self.model.language();
        if self.titled_in != Some(language) {
            self.titled_in = Some(language);
            let title = words(language).title.to_owned();
            ctx.send_viewport_cmd(ViewportCommand::Title(title));
        }
    }

    /// Shows the panel that the page's own address asks for, as after the browser's back and forward.
    pub(super) fn follow_asked_panel(&mut self) {
        let Some(panel) = platform::take_asked_panel() else { return };
        // Its address was written already, but perhaps with another one to connect to.
        self.outside =
            self.outside.take().map(|outside| Outside { address: None, panel, ..outside });
        self.tell(Msg::ShowPanel(panel));
    }

    /// Has the page in a browser show what it is to show of this.
    pub(super) fn show_outside(&mut self, ctx: &Context) {
        let address = match self.model.connection().peer() {
            Peer::Server(address) if self.model.experiment().is_none() => Some(address.clone()),
            Peer::Server(_) | Peer::InPage(_) => None,
        };
        let outside = Outside {
            address,
            panel: self.model.panel(),
            is_dark: ctx.theme() == Theme::Dark,
            has_more_contrast: self.model.look().preferences.more_contrast,
            ground: ctx.global_style().visuals.panel_fill,
        };
        if self.outside.as_ref() != Some(&outside) {
            platform::tell_page(&outside, self.outside.is_none());
            self.outside = Some(outside);
        }
    }

    /// Says what is new on the page, where the platform has no other way to tell.
    pub(super) fn announce(&self) {
        let latest = self.messages.snapshot().data();
        let summary = summary(&self.model, latest, self.picture.shown());
        platform::announce(&summary, self.heard, self.model.language());
    }
}
