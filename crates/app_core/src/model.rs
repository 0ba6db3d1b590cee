//! The state of the page, and the one door through which it changes: [`update`].
//!
//! - `sending`: what follows from what is done at the message field.

use std::time::Duration;

use web_socket_channel::{Error, InvalidArgument, Message, Options};

use crate::address;
use crate::comparison::{Comparison, ComparisonEffect, ComparisonMsg};
use crate::composer::repeat::RepeatPlan;
use crate::composer::{Attachment, Composer};
use crate::connection::{Connection, ConnectionEvent, ConnectionStatus, Outbox, Peer};
use crate::experiments::{Experiment, Script, Setup};
use crate::language::Language;
use crate::log::{LogEffect, LogMsg, LogSettings, LogView};
use crate::look::{Look, Preferences};
use crate::panels::Panel;
use crate::playback::Playback;
use crate::replay::{Replay, ReplayEffect, ReplayMsg};
use crate::settings::{
    ConnectionSettings, Field, Platform, ProxyChoice, ReconnectPlan, SettingProblem, Transport,
    Unavailable, Understood,
};
use crate::statistics::{Statistics, Traffic};
use crate::steps::{Step, Steps};
use crate::stored::{Damaged, Stored, ThemeChoice};
use crate::trials::{TrialMsg, Trials};

mod sending;

pub use sending::{ComposerMsg, RepeatEvent};

/// What the page is opened with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Where to connect to at first.
    pub address: String,
    /// Whether the page may echo by itself where no server answers at this address.
    pub can_echo_in_page: bool,
    /// Whether the server at this address is an echo server of this project, which has endpoints for
    /// the things to try.
    pub has_endpoints: bool,
    /// Where the program runs.
    pub platform: Platform,
    /// The system's language.
    pub language: Language,
    /// What was asked for when the program was started, whatever was kept.
    pub transport: Option<Transport>,
    /// Whether the program contains [`Transport::Ewebsock`].
    pub has_ewebsock: bool,
    /// The experiment that was asked for when the program was started, as a link.
    pub link: Option<String>,
    /// What was kept over restarts.
    pub stored: Result<Stored, Damaged>,
}

impl Opening {
    /// A page that connects to this address on a desktop, with everything else at its default.
    #[must_use]
    pub fn new(address: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            can_echo_in_page: false,
            has_endpoints: false,
            platform: Platform::Desktop,
            language: Language::English,
            transport: None,
            has_ewebsock: true,
            link: None,
            stored: Ok(Stored::default()),
        }
    }
}

/// The state of the page.
#[derive(Clone, Debug)]
pub struct Model {
    platform: Platform,
    system_language: Language,
    system_preferences: Preferences,
    /// The address that the page was opened with.
    home: String,
    /// Whether the page answers itself where nobody answers at `home`.
    can_echo_in_page: bool,
    /// Whether the server at `home` plays the experiments.
    has_endpoints: bool,
    has_ewebsock: bool,
    /// The settings that the connection was made with.
    applied: ConnectionSettings,
    /// The text in the address field.
    address: String,
    composer: Composer,
    connection: Connection,
    statistics: Statistics,
    log: LogView,
    playback: Playback,
    replay: Replay,
    comparison: Comparison,
    trials: Trials,
    steps: Steps,
    /// What is kept over restarts. It is where the panel, the theme and the settings are.
    stored: Stored,
    /// What was kept could not be read, and the person has not put that away yet.
    was_damaged: bool,
    /// What the plus shows was opened after what stands beside the page.
    is_composer_last: bool,
}

/// What happens: what the person does, and what is heard of the effects.
#[derive(Clone, Debug)]
pub enum Msg {
    /// The message field's text is this now.
    EditDraft(String),
    /// This is to be sent next, instead of the text.
    Attach(Attachment),
    /// This one of what is attached is not.
    Detach(usize),
    /// Something else at the message field.
    Compose(ComposerMsg),
    /// Something became of a run of equal messages.
    Repeat(RepeatEvent),
    /// Send what is attached, or else the text.
    Send,
    /// The address field's text is this now.
    EditAddress(String),
    /// Connect to the address in the field, anew if it is the same.
    Connect,
    /// Connect to this address.
    ConnectTo(String),
    /// Connect to whom the page is or was connected, whatever stands in the field.
    ConnectAgain,
    /// Close the connection, and stay.
    Close,
    /// Connect to the server for which the page echoes by itself.
    TryServer,
    /// Do not wait for the next attempt.
    RetryNow,
    /// Take back a message that waits, into the field if that is empty.
    TakeBack(u64),
    /// Take back everything that waits.
    TakeBackAll,
    /// Send what is in doubt again.
    ResendInDoubt,
    /// Forget what is in doubt.
    LetGoInDoubt,
    /// Set what carries the next connection.
    SetTransport(Transport),
    /// What is typed in a field of the settings is this now.
    EditSetting(Field, String),
    /// Set which proxy the next connection goes through.
    SetProxy(ProxyChoice),
    /// Set whether a lost connection is made again.
    SetReconnects(bool),
    /// Set whether what is in doubt is sent again by itself.
    SetResendsInDoubt(bool),
    /// Everything about connections as it was at first.
    ResetSettings,
    /// Forget this one of the latest addresses.
    ForgetAddress(String),
    /// Forget the addresses.
    ForgetAddresses,
    /// Speak this language.
    SetLanguage(Language),
    /// Light or dark.
    SetTheme(ThemeChoice),
    /// More contrast, or as much as the system asks for.
    SetMoreContrast(bool),
    /// Open this panel, or close it.
    TogglePanel(Panel),
    /// Have this panel beside the page, or none.
    ShowPanel(Option<Panel>),
    /// Put away that what was kept could not be read.
    DismissDamage,
    /// Try this.
    Try {
        /// What.
        experiment: Experiment,
        /// What is sent first, in the person's language, if anything.
        first_message: Option<String>,
    },
    /// Something with an experiment that does not run yet.
    Trial(TrialMsg),
    /// Take events in no more, or again.
    TogglePause,
    /// Take one event in.
    TakeOne,
    /// Take events in slowly, or as they come.
    ToggleSlow,
    /// Forget what the rebuilds panel has seen.
    ClearTrace,
    /// The person looks at the past, or something becomes of a recording's file.
    Replay(ReplayMsg),
    /// Go from the row of the log that is looked at to its moment in the rebuilds panel, or from the moment that
    /// is shown there to its row in the log.
    ShowInOtherPanel,
    /// The person compares ways to take a recording's events in.
    Comparison(ComparisonMsg),
    /// Something happened to the connection.
    Connection(ConnectionEvent),
    /// A frame took this many events in from the stream.
    TookIn {
        /// How many.
        events: u64,
    },
    /// A message was not taken.
    NotSent {
        /// Why.
        error: Error,
        /// The message.
        message: Message,
    },
    /// Messages were taken back.
    TookBack(Vec<Message>),
    /// Close what was opened last: a row of the log, the past, what the plus shows, or the panel.
    CloseLast,
    /// End the program.
    Quit,
    /// The system speaks this language now.
    SystemLanguage(Language),
    /// The system prefers this now.
    SystemPreferences(Preferences),
    /// Open the log, where it isn't, to search in it.
    FindInLog,
    /// Something happened to the log, or the person does something with it.
    Log(LogMsg),
}

/// To whom to connect, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// To whom.
    pub peer: Peer,
    /// By what.
    pub transport: Transport,
    /// What is asked of the connection.
    pub options: Options,
    /// How a lost connection is made again; `None` where it stays lost.
    pub reconnect: Option<ReconnectPlan>,
    /// Whether what waits to be sent waits on for this connection.
    pub keeps_waiting: bool,
}

/// What is to be done outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Let go of the connection there is, and make this one.
    Connect(Box<Plan>),
    /// Close the connection.
    Close,
    /// Close the connection with this code, or none, and this reason. Both may be sent.
    CloseWith(Option<u16>, String),
    /// Send this message.
    Send(Message),
    /// Send these messages, and let go of a run that goes on; answered by [`Msg::Repeat`].
    Repeat(RepeatPlan),
    /// Let go of the run that goes on, if one does.
    StopRepeat,
    /// Make the next attempt now.
    RetryNow,
    /// Take back a message that waits; answered by [`Msg::TookBack`].
    TakeBack(u64),
    /// Take back everything that waits; answered by [`Msg::TookBack`].
    TakeBackAll,
    /// Send what is in doubt again.
    ResendInDoubt,
    /// Forget what is in doubt.
    LetGoInDoubt,
    /// Look at how events become rebuilds, and forget what was seen of it before.
    BeginTrace,
    /// Look at it no more, and keep what was seen.
    EndTrace,
    /// Something with recordings.
    Replay(ReplayEffect),
    /// Something with runs that are compared.
    Comparison(ComparisonEffect),
    /// Give the message field the keyboard, its text selected.
    SelectDraft,
    /// Give the message field the keyboard, the cursor at the end of its text.
    EndOfDraft,
    /// Give the log's search field the keyboard, its text selected.
    SelectQuery,
    /// Give the slider over the recording the keyboard.
    SelectMoment,
    /// Draw like this from now on.
    SetLook(Look),
    /// Close the window, and so end the program.
    Quit,
    /// Put this link to an experiment where it can be pasted from.
    CopyLink(String),
    /// Show this link to an experiment where the program's address is shown.
    ShowLink(String),
    /// Something with the log.
    Log(LogEffect),
}

/// What the send button would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendOutlook {
    /// Send.
    Sends,
    /// Keep the message until there is a connection.
    Waits,
    /// Connect, then send.
    ConnectsFirst,
    /// Nothing: the address is wrong.
    WrongAddress,
    /// Nothing: a setting is wrong.
    WrongSetting(Field),
    /// Nothing: the text is wrong for its format.
    WrongDraft,
}

/// The page as it opens, and what is to be done first.
#[must_use]
pub fn open(opening: Opening) -> (Model, Vec<Effect>) {
    let was_damaged = opening.stored.is_err();
    let mut stored = opening.stored.unwrap_or_default();
    if let Some(transport) = opening.transport {
        stored.settings.transport = transport;
    }
    if stored.settings.transport == Transport::Ewebsock && !opening.has_ewebsock {
        stored.settings.transport = Transport::default();
    }
    if opening.link.is_some() {
        stored.panel = Some(Panel::Rebuilds);
    }
    let panel = stored.panel;
    let mut model = Model {
        platform: opening.platform,
        system_language: opening.language,
        system_preferences: Preferences::default(),
        can_echo_in_page: opening.can_echo_in_page,
        has_endpoints: opening.has_endpoints,
        has_ewebsock: opening.has_ewebsock,
        applied: stored.settings.clone(),
        composer: Composer::default(),
        connection: Connection::new(Peer::Server(opening.address.clone())),
        statistics: Statistics::default(),
        log: LogView::default(),
        playback: Playback::default(),
        replay: Replay::default(),
        comparison: Comparison::default(),
        trials: Trials::asked(opening.link.as_deref()),
        steps: Steps::default(),
        home: opening.address.clone(),
        address: opening.address,
        stored,
        was_damaged,
        is_composer_last: false,
    };
    let mut effects = vec![Effect::SetLook(model.look())];
    effects.extend(model.connect());
    effects.push(Effect::SelectDraft);
    if panel == Some(Panel::Rebuilds) {
        effects.push(Effect::BeginTrace);
    }
    (model, effects)
}

/// Takes in what happens, at this time by the page's clock, and says what is to be done.
pub fn update(model: &mut Model, msg: Msg, now: Duration) -> Vec<Effect> {
    match msg {
        Msg::EditDraft(text) => model.composer.edit(text),
        Msg::Attach(attachment) => model.composer.attach(attachment),
        Msg::Detach(index) => {
            model.composer.detach(index);
            // The button for it goes, and would take the keyboard with it.
            return vec![Effect::EndOfDraft];
        }
        Msg::Compose(msg) => return model.compose(msg),
        Msg::Repeat(event) => model.on_repeat(event),
        Msg::Send => return model.send(),
        Msg::EditAddress(text) => model.address = text,
        Msg::Connect => return model.connect(),
        Msg::ConnectTo(address) => {
            model.address = address;
            return model.connect();
        }
        Msg::ConnectAgain => {
            if let Ok(understood) = model.stored.settings.understood(model.platform) {
                return model.connect_to(model.connection.peer().clone(), understood);
            }
        }
        Msg::Close => return vec![Effect::Close],
        Msg::TryServer => {
            let mut effects = model.connect();
            if !effects.is_empty() {
                // The button for it goes, and would take the keyboard with it.
                effects.push(Effect::SelectDraft);
            }
            return effects;
        }
        Msg::RetryNow => return vec![Effect::RetryNow],
        Msg::TakeBack(id) => return vec![Effect::TakeBack(id)],
        Msg::TakeBackAll => return vec![Effect::TakeBackAll],
        Msg::ResendInDoubt => return vec![Effect::ResendInDoubt],
        Msg::LetGoInDoubt => return vec![Effect::LetGoInDoubt],
        Msg::SetTransport(transport) => {
            if model.transport_unavailable(transport).is_none() {
                model.stored.settings.transport = transport;
            }
        }
        Msg::EditSetting(field, text) => model.stored.settings.set_text(field, text),
        Msg::SetProxy(choice) => model.stored.settings.proxy = choice,
        Msg::SetReconnects(reconnects) => model.stored.settings.reconnects = reconnects,
        Msg::SetResendsInDoubt(resends) => model.stored.settings.resends_in_doubt = resends,
        Msg::ResetSettings => model.stored.settings = ConnectionSettings::default(),
        Msg::ForgetAddress(address) => model.stored.forget(&address),
        Msg::ForgetAddresses => model.stored.recent.clear(),
        Msg::SetLanguage(language) => model.stored.language = Some(language),
        Msg::SetTheme(theme) => {
            model.stored.theme = theme;
            return vec![Effect::SetLook(model.look())];
        }
        Msg::SetMoreContrast(more) => {
            model.stored.more_contrast = more;
            return vec![Effect::SetLook(model.look())];
        }
        Msg::SystemPreferences(preferences) => {
            model.system_preferences = preferences;
            return vec![Effect::SetLook(model.look())];
        }
        Msg::TogglePanel(panel) => return model.toggle_panel(panel),
        Msg::ShowPanel(panel) => return model.show_panel(panel),
        Msg::DismissDamage => model.was_damaged = false,
        Msg::Try { experiment, first_message } => return model.try_out(experiment, first_message),
        Msg::Trial(msg) => return model.on_trial(msg),
        Msg::TogglePause => model.playback.toggle_pause(),
        Msg::TakeOne => model.playback.step(),
        Msg::ToggleSlow => model.playback.toggle_slow(),
        Msg::ClearTrace => {
            let mut effects = model.show_now();
            effects.extend(model.begin_recording());
            return effects;
        }
        Msg::Replay(msg) => return model.on_replay(msg),
        Msg::ShowInOtherPanel => return model.show_in_other_panel(),
        Msg::Comparison(msg) => {
            let effect = model.comparison.update(msg, model.trials.frame_setup());
            return effect.map(Effect::Comparison).into_iter().collect();
        }
        Msg::Connection(event) => return model.on_connection(event, now),
        Msg::TookIn { events } => {
            model.playback.took(events, now);
            if events > 0 {
                model.steps.note(Step::Listen);
            }
            if model.panel() == Some(Panel::Rebuilds) {
                model.replay.grew(events);
                if events > 0 {
                    model.comparison.grew(now);
                }
            }
        }
        Msg::NotSent { error, message } => model.not_sent(error, message),
        Msg::TookBack(messages) => model.took_back(messages),
        Msg::CloseLast => return model.close_last(now),
        Msg::Quit => return vec![Effect::Quit],
        Msg::SystemLanguage(language) => model.system_language = language,
        Msg::FindInLog => {
            let mut effects = Vec::new();
            if model.panel() != Some(Panel::Log) {
                effects.extend(model.toggle_panel(Panel::Log));
            }
            effects.push(Effect::SelectQuery);
            return effects;
        }
        Msg::Log(msg) => {
            model.is_composer_last &= !matches!(msg, LogMsg::Open { .. });
            let effects = model.log.update(msg, &mut model.stored.log, model.platform);
            return effects.into_iter().map(Effect::Log).collect();
        }
    }
    Vec::new()
}

/// What can be asked of it.
impl Model {
    /// Where the program runs.
    #[must_use]
    pub fn platform(&self) -> Platform {
        self.platform
    }

    /// The language of every sentence.
    #[must_use]
    pub fn language(&self) -> Language {
        self.stored.language.unwrap_or(self.system_language)
    }

    /// Light or dark.
    #[must_use]
    pub fn theme(&self) -> ThemeChoice {
        self.stored.theme
    }

    /// What the system prefers.
    #[must_use]
    pub fn system_preferences(&self) -> Preferences {
        self.system_preferences
    }

    /// How all that is drawn is to look.
    #[must_use]
    pub fn look(&self) -> Look {
        let more_contrast = self.system_preferences.more_contrast || self.stored.more_contrast;
        let preferences = Preferences { more_contrast, ..self.system_preferences };
        Look { theme: self.stored.theme, preferences }
    }

    /// The text in the address field.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What is wrong with the address in the field, if anything is.
    #[must_use]
    pub fn address_problem(&self) -> Option<InvalidArgument> {
        address::problem(&self.address)
    }

    /// The latest addresses, the last one first.
    #[must_use]
    pub fn recent_addresses(&self) -> &[String] {
        &self.stored.recent
    }

    /// What is set for connections.
    #[must_use]
    pub fn settings(&self) -> &ConnectionSettings {
        &self.stored.settings
    }

    /// Why this can't carry a connection here, if it can't.
    #[must_use]
    pub fn transport_unavailable(&self, transport: Transport) -> Option<Unavailable> {
        let is_missing = transport == Transport::Ewebsock && !self.has_ewebsock;
        is_missing.then_some(Unavailable::NotBuiltIn)
    }

    /// Whether the settings differ from those that the connection was made with, where there is one: they
    /// take effect with the next. What is typed and changes nothing is no difference.
    #[must_use]
    pub fn has_unapplied_settings(&self) -> bool {
        if matches!(
            self.connection.status(),
            ConnectionStatus::NotConnected | ConnectionStatus::Closed | ConnectionStatus::Closing
        ) {
            return false;
        }
        let (now, then) = (&self.stored.settings, &self.applied);
        now.transport != then.transport
            || now.understood(self.platform) != then.understood(self.platform)
    }

    /// Whether [`Msg::Connect`] would connect.
    #[must_use]
    pub fn can_connect(&self) -> bool {
        let has_address = !self.needs_address() || self.address_problem().is_none();
        has_address && self.stored.settings.first_problem(self.platform).is_none()
    }

    /// Whether the next connection goes to the address in the field.
    #[must_use]
    pub fn needs_address(&self) -> bool {
        self.stored.settings.transport != Transport::InPage
    }

    /// What of the settings is wrong, if anything is.
    #[must_use]
    pub fn setting_problem(&self, field: Field) -> Option<SettingProblem> {
        self.stored.settings.problem(field, self.platform)
    }

    /// Whether [`Msg::CloseLast`] would close something.
    #[must_use]
    pub fn has_something_open(&self) -> bool {
        self.panel().is_some() || self.composer.is_open()
    }

    /// The message field, and what stands above it.
    #[must_use]
    pub fn composer(&self) -> &Composer {
        &self.composer
    }

    /// The connection there is, or the last one.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// What went through it.
    #[must_use]
    pub fn statistics(&self) -> &Statistics {
        &self.statistics
    }

    /// What has gone out: what was sent but for what still waits.
    #[must_use]
    pub fn gone_out(&self) -> Traffic {
        let (sent, outbox) = (self.statistics.sent(), self.outbox());
        Traffic {
            messages: sent.messages.saturating_sub(outbox.waiting_count),
            bytes: sent.bytes.saturating_sub(outbox.waiting_bytes),
        }
    }

    /// The log, but for its rows.
    #[must_use]
    pub fn log(&self) -> &LogView {
        &self.log
    }

    /// What is set for the log.
    #[must_use]
    pub fn log_settings(&self) -> &LogSettings {
        &self.stored.log
    }

    /// What stands beside the page.
    #[must_use]
    pub fn panel(&self) -> Option<Panel> {
        self.stored.panel
    }

    /// How fast events are taken in.
    #[must_use]
    pub fn playback(&self) -> Playback {
        self.playback
    }

    /// What is seen in place of what happens now.
    #[must_use]
    pub fn replay(&self) -> &Replay {
        &self.replay
    }

    /// Which view of the recording is shown, and what is compared in it.
    #[must_use]
    pub fn comparison(&self) -> &Comparison {
        &self.comparison
    }

    /// What is being tried, until the person connects to something else.
    #[must_use]
    pub fn experiment(&self) -> Option<Experiment> {
        self.trials.running.map(|setup| setup.experiment())
    }

    /// Whether an experiment asks a question before it runs.
    #[must_use]
    pub fn asks_questions(&self) -> bool {
        !self.stored.skips_questions
    }

    /// What is tried, and what could be.
    #[must_use]
    pub fn trials(&self) -> &Trials {
        &self.trials
    }

    /// Which of the four steps were taken.
    #[must_use]
    pub fn steps(&self) -> Steps {
        self.steps
    }

    /// What is to be kept over restarts.
    #[must_use]
    pub fn stored(&self) -> &Stored {
        &self.stored
    }

    /// Whether what was kept could not be read, so that all of it begins anew.
    #[must_use]
    pub fn was_damaged(&self) -> bool {
        self.was_damaged
    }

    /// What the send button would do.
    #[must_use]
    pub fn send_outlook(&self) -> SendOutlook {
        if self.composer.is_wrong() {
            return SendOutlook::WrongDraft;
        }
        match self.connection.status() {
            ConnectionStatus::Open => return SendOutlook::Sends,
            ConnectionStatus::Connecting { .. } | ConnectionStatus::Waiting { .. } => {
                return SendOutlook::Waits;
            }
            ConnectionStatus::NotConnected
            | ConnectionStatus::Closing
            | ConnectionStatus::Closed => {}
        }
        if self.needs_address() && self.address_problem().is_some() {
            return SendOutlook::WrongAddress;
        }
        match self.stored.settings.first_problem(self.platform) {
            Some((field, _)) => SendOutlook::WrongSetting(field),
            None => SendOutlook::ConnectsFirst,
        }
    }
}

/// What follows.
impl Model {
    /// Whether the page may echo in place of the server that it is connected to.
    fn can_stand_in(&self) -> bool {
        let is_home =
            matches!(self.connection.peer(), Peer::Server(address) if *address == self.home);
        self.can_echo_in_page && is_home
    }

    fn connect(&mut self) -> Vec<Effect> {
        // What is wrong stands beside its field, and has stood there while it was typed.
        let Ok(understood) = self.stored.settings.understood(self.platform) else {
            return Vec::new();
        };
        let peer = if self.needs_address() {
            if self.address_problem().is_some() {
                return Vec::new();
            }
            self.address = address::normalized(&self.address);
            Peer::Server(self.address.clone())
        } else {
            Peer::InPage(Script::Echo)
        };
        if let Peer::Server(address) = &peer
            && *address != self.home
        {
            self.stored.remember(address);
        }
        self.trials.running = None;
        self.connect_to(peer, understood)
    }

    fn connect_to(&mut self, peer: Peer, understood: Understood) -> Vec<Effect> {
        let Understood { options, reconnect } = understood;
        self.applied = self.stored.settings.clone();
        self.connection.begin(peer.clone(), reconnect.is_some());
        self.statistics = Statistics::default();
        self.steps.note(Step::Connect);
        let transport = match peer {
            Peer::Server(_) => self.stored.settings.transport,
            Peer::InPage(_) => Transport::InPage,
        };
        let keeps_waiting = false;
        vec![Effect::Connect(Box::new(Plan { peer, transport, options, reconnect, keeps_waiting }))]
    }

    /// Echoes in place of the server.
    fn stand_in(&mut self) -> Vec<Effect> {
        let peer = Peer::InPage(Script::Echo);
        self.has_endpoints = false;
        self.connection.begin_stand_in(peer.clone());
        vec![Effect::Connect(Box::new(Plan {
            peer,
            transport: Transport::InPage,
            options: Options::default(),
            reconnect: None,
            // It was sent to a server that is not there.
            keeps_waiting: true,
        }))]
    }

    fn on_connection(&mut self, event: ConnectionEvent, now: Duration) -> Vec<Effect> {
        let before = self.connection.status();
        match &event {
            ConnectionEvent::Sent { bytes } => self.statistics.sent_one(*bytes, now),
            ConnectionEvent::Received { messages, bytes } => {
                let traffic = Traffic { messages: *messages, bytes: *bytes };
                self.statistics.received_some(traffic, now);
            }
            ConnectionEvent::RoundTrip(took) => self.statistics.round_trip(*took),
            _ => {}
        }
        self.connection.on(event, now);
        let after = self.connection.status();
        if before == after {
            return Vec::new();
        }
        let mut effects = self.end_repeat(after);
        match after {
            ConnectionStatus::Closed | ConnectionStatus::Waiting { .. } => {
                if self.connection.nobody_answered(now) && self.can_stand_in() {
                    effects.extend(self.stand_in());
                    return effects;
                }
                if after == ConnectionStatus::Closed && before != ConnectionStatus::Closing {
                    self.steps.note(Step::Close);
                }
            }
            ConnectionStatus::Closing => self.steps.note(Step::Close),
            ConnectionStatus::NotConnected
            | ConnectionStatus::Connecting { .. }
            | ConnectionStatus::Open => {}
        }
        effects
    }

    fn close_last(&mut self, now: Duration) -> Vec<Effect> {
        match self.panel() {
            _ if self.composer.is_open() && (self.is_composer_last || self.panel().is_none()) => {
                self.composer.toggle_open();
                // The keyboard may have been in what has gone.
                vec![Effect::EndOfDraft]
            }
            Some(Panel::Log) if self.log.opened().is_some() => {
                update(self, Msg::Log(LogMsg::CloseRow), now)
            }
            Some(Panel::Rebuilds) if self.replay.shows_past() => self.show_now(),
            Some(Panel::Rebuilds) if self.comparison.leave() => Vec::new(),
            Some(panel) => self.toggle_panel(panel),
            None => Vec::new(),
        }
    }

    fn toggle_panel(&mut self, panel: Panel) -> Vec<Effect> {
        self.show_panel((self.stored.panel != Some(panel)).then_some(panel))
    }

    fn show_panel(&mut self, panel: Option<Panel>) -> Vec<Effect> {
        let before = std::mem::replace(&mut self.stored.panel, panel);
        self.is_composer_last = false;
        match (before == Some(Panel::Rebuilds), self.stored.panel == Some(Panel::Rebuilds)) {
            (false, true) if self.replay.is_stopped() => Vec::new(),
            (false, true) => self.begin_recording(),
            (true, false) => {
                // Nobody could see any more why nothing comes.
                self.playback = Playback::default();
                let mut effects = self.show_now();
                self.replay.stop();
                effects.push(Effect::EndTrace);
                effects
            }
            _ => Vec::new(),
        }
    }

    fn try_out(&mut self, experiment: Experiment, first_message: Option<String>) -> Vec<Effect> {
        let was_paused = self.experiment() == Some(Experiment::PausedReader);
        if experiment == Experiment::PausedReader {
            self.playback = Playback::Paused { steps: 0 };
        } else if was_paused {
            self.playback = Playback::default();
        }
        let setup = self.trials.choose(experiment);
        if self.trials.running.replace(setup).is_some() {
            // It was answered, or would be about another run.
            self.trials.guess = None;
        }
        self.trials.answer = None;
        let script = setup.script();
        let can_hold_back = self.platform == Platform::Desktop;
        let at_server = self.has_endpoints && (can_hold_back || !experiment.needs_holding_back());
        let peer = if at_server {
            self.address = script.address(&self.home);
            Peer::Server(self.address.clone())
        } else {
            Peer::InPage(script)
        };
        let mut options = Options::default();
        if let Some(messages) = setup.inbox_messages() {
            options.inbox.messages = messages;
        }
        // What it shows is one connection and its end.
        let understood = Understood { options, reconnect: None };
        let mut effects = self.show_now();
        effects.push(Effect::ShowLink(setup.to_link()));
        effects.extend(self.begin_recording());
        effects.extend(self.connect_to(peer, understood));
        if !self.has_endpoints {
            self.connection.set_stands_in();
        }
        if let Some(text) = first_message {
            effects.push(Effect::Send(text.into()));
            self.steps.note(Step::Send);
        }
        effects
    }

    /// The live recording begins, anew if there was one. What was compared of it goes.
    fn begin_recording(&mut self) -> Vec<Effect> {
        self.replay.begin();
        self.forget_comparison().into_iter().chain([Effect::BeginTrace]).collect()
    }

    fn forget_comparison(&mut self) -> Option<Effect> {
        self.comparison.forget().map(Effect::Comparison)
    }

    fn on_replay(&mut self, msg: ReplayMsg) -> Vec<Effect> {
        let panel = match msg {
            ReplayMsg::Opened(_) | ReplayMsg::FoundMoment(_) => Some(Panel::Rebuilds),
            ReplayMsg::FoundRow(_) => Some(Panel::Log),
            _ => None,
        };
        // What was found is gone to with the keyboard.
        let selection = match msg {
            ReplayMsg::FoundMoment(_) => Some(Effect::SelectMoment),
            ReplayMsg::FoundRow(row) => Some(Effect::Log(LogEffect::ShowRow(row))),
            _ => None,
        };
        let is_opened = matches!(msg, ReplayMsg::Opened(_));
        let mut effects: Vec<_> = self.replay.update(msg).map(Effect::Replay).into_iter().collect();
        if is_opened || effects.contains(&Effect::Replay(ReplayEffect::ShowLive)) {
            effects.extend(self.forget_comparison());
        }
        if panel.is_some() && panel != self.panel() {
            effects.extend(self.show_panel(panel));
        }
        effects.extend(selection);
        effects
    }

    /// What a file shows has no counterpart in the other panel.
    fn show_in_other_panel(&mut self) -> Vec<Effect> {
        let effect = match (self.panel(), self.log.opened()) {
            (Some(Panel::Log), Some(opened)) if self.log.file().is_none() => {
                ReplayEffect::FindMoment { row: opened.number }
            }
            (Some(Panel::Rebuilds), _) if self.replay.file().is_none() => {
                let event = self.replay.cursor().map(|cursor| cursor.events);
                ReplayEffect::FindRow { event }
            }
            _ => return Vec::new(),
        };
        vec![Effect::Replay(effect)]
    }

    /// Leaves the past. What was compared of a file's recording goes with it.
    fn show_now(&mut self) -> Vec<Effect> {
        let Some(effect) = self.replay.show_now() else { return Vec::new() };
        let mut effects = vec![Effect::Replay(effect)];
        effects.extend(self.forget_comparison());
        effects
    }

    fn on_trial(&mut self, msg: TrialMsg) -> Vec<Effect> {
        let was_paused = self.experiment() == Some(Experiment::PausedReader);
        match (msg, &mut self.trials.chosen) {
            (TrialMsg::Choose(experiment), _) => {
                self.trials.choose(experiment);
                self.trials.reopen();
            }
            (TrialMsg::Set(parameter, value), Some(setup)) => {
                setup.set(parameter, value);
                self.trials.reopen();
            }
            (TrialMsg::Reset, Some(setup)) => {
                *setup = Setup::new(setup.experiment());
                self.trials.reopen();
            }
            (TrialMsg::Guess(answer), Some(_)) => {
                self.trials.guess = Some(answer);
                return Vec::new();
            }
            (TrialMsg::SetAsks(asks), _) => {
                self.stored.skips_questions = !asks;
                return Vec::new();
            }
            (TrialMsg::Saw(seen), _) => {
                self.trials.saw(&seen);
                return Vec::new();
            }
            (TrialMsg::CopyLink, Some(setup)) => return vec![Effect::CopyLink(setup.to_link())],
            (_, None) => return Vec::new(),
        }
        if was_paused {
            // It was the pause of what does not run any more.
            self.playback = Playback::default();
        }
        let link = self.trials.chosen.map(|setup| Effect::ShowLink(setup.to_link()));
        link.into_iter().collect()
    }

    /// A single text is for the field, if it fits and nothing else stands there. Several are attached in their
    /// order, as sending attachments sends each by itself. A text for which there is no place is remembered
    /// with what was sent before.
    fn took_back(&mut self, messages: Vec<Message>) {
        let is_single = messages.len() == 1;
        for message in messages {
            self.statistics.not_sent(message.len() as u64);
            let composer = &mut self.composer;
            match message.as_text() {
                Some(text) if text == composer.draft() => {}
                Some(text)
                    if is_single
                        && composer.draft().is_empty()
                        && composer.has_room_for(text.len()) =>
                {
                    composer.edit(text.to_owned());
                }
                _ => composer.attach_or_remember(Attachment { name: None, message }),
            }
        }
    }
}

/// What waits and what is in doubt, for whoever only asks for that.
impl Model {
    /// See [`Connection::outbox`].
    #[must_use]
    pub fn outbox(&self) -> &Outbox {
        self.connection.outbox()
    }
}
