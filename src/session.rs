//! What the page knows, and what follows from what happens: actions and news in, effects out.
//!
//! No channel, no clock, no egui and no platform is in here, so all of it can be tried by calling
//! two functions: [`Session::act`] for what the person does, [`Session::observe`] for how the
//! connection stands.

use std::time::Duration;

use web_socket_channel::{CloseEvent, Error, InvalidArgument, Message, ReadyState, check_url};

use crate::experiment::{Experiment, Script};
use crate::i18n::{Language, words};
use crate::pace::Pace;
use crate::trouble::Trouble;

/// How long a proxy may take to find that there is no server behind it. Frames of a hidden page are
/// a second apart; and nobody opens the page and kills the server faster than this by hand.
const PROXY_GRACE: Duration = Duration::from_secs(2);

/// The state of the page.
#[derive(Debug)]
pub struct Session {
    /// The text in the message field. The view edits it in place.
    pub draft: String,
    /// The text in the address field. The view edits it in place.
    pub address: String,
    /// The language of every sentence.
    pub language: Language,
    /// The address that the page was opened with.
    home: String,
    /// Whether the page answers itself where nobody answers at `home`.
    can_echo_in_page: bool,
    /// Whether the server at `home` plays the experiments.
    has_endpoints: bool,
    can_hold_back: bool,
    pane: Option<Pane>,
    pace: Pace,
    /// What is being tried, until the person connects to something else.
    experiment: Option<Experiment>,
    /// The step that was taken last, and how often each was.
    step: Option<Step>,
    steps: [u32; Step::ALL.len()],
    peer: Peer,
    life: Life,
    trouble: Option<Trouble>,
    /// What was sent since [`connect`](Self::connect) and may not have left yet. There is no more of
    /// it than a person types until a handshake is done or has timed out.
    waiting: Vec<String>,
}

/// What the page is opened with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Where to connect to at first.
    pub address: String,
    /// Whether the page may echo by itself where no server answers at this address.
    pub can_echo_in_page: bool,
    /// Whether the server at this address is an echo server of this project, which has endpoints for
    /// the things to try.
    pub has_endpoints: bool,
    /// Whether a channel can hold a server back that sends more than is read; a browser's can't.
    pub can_hold_back: bool,
    /// The person's language.
    pub language: Language,
}

/// Who is at the other end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Peer {
    /// The server at this address.
    Server(String),
    /// Nobody: the page plays this by itself.
    InPage(Script),
}

/// What may stand beside the page, or below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// How events become rebuilds.
    Rebuilds,
    /// The four steps, and their source.
    Lesson,
}

/// The four steps of a page that lives on a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Make a channel.
    Connect,
    /// Draw what its stream yields.
    Listen,
    /// Put something into its sink.
    Send,
    /// Close it.
    Close,
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Connect, Self::Listen, Self::Send, Self::Close];
}

/// How the connection stands, as far as it is known.
#[derive(Clone, Debug, Default)]
pub struct Life {
    /// `None` where the page has not connected yet, or the address could not be used.
    pub state: Option<ReadyState>,
    /// How long the connection has been open, or was until it ended; `None` until the handshake is
    /// done.
    pub open_for: Option<Duration>,
    /// Whether anything came from the other end.
    pub has_heard: bool,
    /// The negotiated subprotocol, if any.
    pub protocol: Option<String>,
    /// Why the address could not be used, why the handshake failed, or the stream's error.
    pub error: Option<Error>,
    /// How the connection ended, once it has.
    pub ending: Option<CloseEvent>,
}

/// What a person did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Send the draft.
    Send,
    /// Connect to the address in the field, anew if it is the same.
    Connect,
    /// Connect to the server for which the page echoes by itself.
    TryServer,
    /// Speak the next language.
    NextLanguage,
    /// Open this pane, or close it.
    TogglePane(Pane),
    /// Try this.
    Try(Experiment),
    /// Take events in no more, or again.
    TogglePause,
    /// Take one event in.
    TakeOne,
    /// Take events in slowly, or as they come.
    ToggleSlow,
    /// Forget what the rebuilds panel has seen.
    Clear,
}

/// What is to be done outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Let go of the connection there is, and connect to this peer.
    Connect {
        /// To whom.
        peer: Peer,
        /// How many messages may wait to be read; as many as usual where it doesn't matter.
        inbox_messages: Option<usize>,
    },
    /// Look at how events become rebuilds, and forget what was seen of it before.
    BeginTrace,
    /// Look at it no more.
    EndTrace,
    /// Send this text.
    Send(String),
    /// Give the message field the keyboard, its text selected.
    SelectDraft,
}

impl Session {
    /// The page as it opens, and what is to be done first.
    pub fn new(settings: Settings) -> (Self, Vec<Effect>) {
        let mut session = Self {
            draft: String::new(),
            address: settings.address.clone(),
            language: settings.language,
            home: settings.address.clone(),
            can_echo_in_page: settings.can_echo_in_page,
            has_endpoints: settings.has_endpoints,
            can_hold_back: settings.can_hold_back,
            pane: None,
            pace: Pace::default(),
            experiment: None,
            step: None,
            steps: [0; Step::ALL.len()],
            peer: Peer::Server(settings.address),
            life: Life::default(),
            trouble: None,
            waiting: Vec::new(),
        };
        let mut effects = session.connect();
        effects.push(Effect::SelectDraft);
        (session, effects)
    }

    /// The person does something.
    pub fn act(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Send => self.send(),
            Action::Connect => self.connect(),
            Action::TryServer => {
                let mut effects = self.connect();
                if !effects.is_empty() {
                    // The button for it goes, and would take the keyboard with it.
                    effects.push(Effect::SelectDraft);
                }
                effects
            }
            Action::NextLanguage => {
                self.language = self.language.next();
                Vec::new()
            }
            Action::TogglePane(pane) => self.toggle_pane(pane),
            Action::Try(experiment) => self.try_out(experiment),
            Action::TogglePause => {
                self.pace.toggle_pause();
                Vec::new()
            }
            Action::TakeOne => {
                self.pace.step();
                Vec::new()
            }
            Action::ToggleSlow => {
                self.pace.toggle_slow();
                Vec::new()
            }
            Action::Clear => vec![Effect::BeginTrace],
        }
    }

    /// The connection stands like this now. Called in every frame; only a change has effects.
    pub fn observe(&mut self, life: Life) -> Vec<Effect> {
        let before = std::mem::replace(&mut self.life, life);
        let life = &self.life;
        if before.state == life.state && before.error.is_some() == life.error.is_some() {
            return Vec::new();
        }
        match life.state {
            Some(ReadyState::Open) => self.trouble = None,
            Some(ReadyState::Closed) => {
                if nobody_answered(life) && self.can_stand_in() {
                    self.peer = Peer::InPage(Script::Echo);
                    self.has_endpoints = false;
                    let unsent = std::mem::take(&mut self.waiting).into_iter().map(Effect::Send);
                    return std::iter::once(self.connect_effect(None)).chain(unsent).collect();
                }
                self.trouble = Trouble::of(life.error.as_ref(), life.ending.as_ref());
                self.waiting.clear();
                if before.state != Some(ReadyState::Closing) {
                    self.note(Step::Close);
                }
            }
            // An address that could not be used.
            None => self.trouble = Trouble::of(life.error.as_ref(), life.ending.as_ref()),
            Some(ReadyState::Connecting) => {}
            Some(ReadyState::Closing) => self.note(Step::Close),
        }
        Vec::new()
    }

    /// The stream has yielded something.
    pub fn heard(&mut self) {
        self.note(Step::Listen);
    }

    /// A message was not taken.
    pub fn not_sent(&mut self, error: Error) {
        // That the connection is closed is about to be observed, with why: that says more.
        if !matches!(error, Error::Closed(_)) {
            self.trouble = Some(Trouble::Failed(error));
        }
    }

    /// The page in a few words: the latest message or what is wrong, and how the connection stands.
    pub fn summary(&self, latest: Option<&Message>) -> String {
        let words = words(self.language);
        let message = match (&self.trouble, latest) {
            (Some(trouble), _) => {
                format!("{} {}", words.errors.unreachable, words.errors.trouble(trouble))
            }
            (None, Some(Message::Text(text))) => (words.message.echo)(text),
            (None, Some(Message::Binary(bytes))) => (words.message.bytes)(bytes.len()),
            (None, None) => String::new(),
        };
        let state = match (&self.life.ending, &self.peer) {
            (Some(ending), _) => (words.connection.ending)(ending),
            (None, Peer::InPage(script)) => (words.connection.plays_in_page)(*script).to_owned(),
            (None, Peer::Server(_)) => (words.connection.state)(self.life.state).to_owned(),
        };
        format!("{message}\n{state}")
    }

    /// Who is at the other end.
    pub fn peer(&self) -> &Peer {
        &self.peer
    }

    /// How the connection stands.
    pub fn life(&self) -> &Life {
        &self.life
    }

    /// What stands beside the page.
    pub fn pane(&self) -> Option<Pane> {
        self.pane
    }

    /// How fast events are taken in.
    pub fn pace(&self) -> Pace {
        self.pace
    }

    /// For the frame, which tells it what was taken in.
    pub fn pace_mut(&mut self) -> &mut Pace {
        &mut self.pace
    }

    /// What is being tried.
    pub fn experiment(&self) -> Option<Experiment> {
        self.experiment
    }

    /// The step that was taken last.
    pub fn step(&self) -> Option<Step> {
        self.step
    }

    /// How often a step was taken. Frames that heard several messages listened once.
    pub fn times(&self, step: Step) -> u32 {
        self.steps[step as usize]
    }

    /// What keeps messages from coming, until a connection is open again.
    pub fn trouble(&self) -> Option<&Trouble> {
        self.trouble.as_ref()
    }

    /// What is wrong with the address in the field, if anything is.
    pub fn address_problem(&self) -> Option<InvalidArgument> {
        check_url(&self.address).err()
    }

    /// Whether the page may echo in place of the server that it is connected to.
    fn can_stand_in(&self) -> bool {
        self.can_echo_in_page
            && matches!(&self.peer, Peer::Server(address) if *address == self.home)
    }

    fn connect(&mut self) -> Vec<Effect> {
        if self.address_problem().is_some() {
            // It stands below the field, and has stood there while it was typed.
            return Vec::new();
        }
        self.experiment = None;
        self.connect_to(Peer::Server(self.address.trim().to_owned()), None)
    }

    fn connect_to(&mut self, peer: Peer, inbox_messages: Option<usize>) -> Vec<Effect> {
        self.peer = peer;
        self.life = Life::default();
        self.waiting.clear();
        self.note(Step::Connect);
        vec![self.connect_effect(inbox_messages)]
    }

    fn note(&mut self, step: Step) {
        self.step = Some(step);
        let times = &mut self.steps[step as usize];
        *times = times.saturating_add(1);
    }

    fn connect_effect(&self, inbox_messages: Option<usize>) -> Effect {
        Effect::Connect { peer: self.peer.clone(), inbox_messages }
    }

    fn toggle_pane(&mut self, pane: Pane) -> Vec<Effect> {
        let before = self.pane;
        self.pane = (before != Some(pane)).then_some(pane);
        match (before == Some(Pane::Rebuilds), self.pane == Some(Pane::Rebuilds)) {
            (false, true) => vec![Effect::BeginTrace],
            (true, false) => {
                // Nobody could see any more why nothing comes.
                self.pace = Pace::default();
                vec![Effect::EndTrace]
            }
            _ => Vec::new(),
        }
    }

    fn try_out(&mut self, experiment: Experiment) -> Vec<Effect> {
        if experiment == Experiment::PausedReader {
            self.pace = Pace::Paused { steps: 0 };
        } else if self.experiment == Some(Experiment::PausedReader) {
            self.pace = Pace::default();
        }
        self.experiment = Some(experiment);
        let script = experiment.script();
        let at_server =
            self.has_endpoints && (self.can_hold_back || !experiment.needs_holding_back());
        let peer = if at_server {
            self.address = script.address(&self.home);
            Peer::Server(self.address.clone())
        } else {
            Peer::InPage(script)
        };
        let mut effects = self.connect_to(peer, experiment.inbox_messages());
        effects.insert(0, Effect::BeginTrace);
        let text = match experiment {
            Experiment::One => Some(words(self.language).experiments.sample_message),
            Experiment::AnotherStream => {
                Some(words(self.language).experiments.other_sample_message)
            }
            _ => None,
        };
        if let Some(text) = text {
            effects.push(Effect::Send(text.to_owned()));
            self.note(Step::Send);
        }
        effects
    }

    fn send(&mut self) -> Vec<Effect> {
        if self.draft.is_empty() {
            return vec![Effect::SelectDraft];
        }
        if self.life.state == Some(ReadyState::Open) {
            // What was not taken before may be taken now.
            self.trouble = None;
        }
        let mut effects = Vec::new();
        // A closed connection takes nothing, but the person's wish is clear: messages that are sent
        // while connecting wait for the handshake.
        if matches!(self.life.state, None | Some(ReadyState::Closing | ReadyState::Closed)) {
            effects = self.connect();
            if effects.is_empty() {
                return vec![Effect::SelectDraft];
            }
        }
        if self.life.state != Some(ReadyState::Open) {
            self.waiting.push(self.draft.clone());
        }
        effects.push(Effect::Send(self.draft.clone()));
        self.note(Step::Send);
        effects.push(Effect::SelectDraft);
        effects
    }
}

/// Whether a connection ended without a sign of anybody at the other end.
///
/// A handshake alone is none: a proxy may answer it before it knows whether there is a server behind
/// it, and then hang up. trunk's does.
fn nobody_answered(life: &Life) -> bool {
    let Some(open_for) = life.open_for else { return true };
    let was_cut = life.ending.as_ref().is_some_and(|ending| !ending.was_clean);
    was_cut && !life.has_heard && open_for < PROXY_GRACE
}

#[cfg(test)]
mod tests {
    use super::*;
    use web_socket_channel::{Initiator, LimitExceeded, NetworkError, NetworkErrorKind};

    const HOME: &str = "ws://127.0.0.1:9001/echo";

    fn opened_with(can_echo_in_page: bool) -> Session {
        let language = Language::English;
        let settings = Settings {
            address: HOME.into(),
            can_echo_in_page,
            has_endpoints: true,
            can_hold_back: true,
            language,
        };
        let (session, effects) = Session::new(settings);
        assert_eq!(effects, [connect(HOME), Effect::SelectDraft]);
        session
    }

    fn connect(address: &str) -> Effect {
        Effect::Connect { peer: Peer::Server(address.into()), inbox_messages: None }
    }

    fn in_page(script: Script) -> Effect {
        Effect::Connect { peer: Peer::InPage(script), inbox_messages: None }
    }

    fn state(state: ReadyState) -> Life {
        let open_for = (state >= ReadyState::Open).then_some(PROXY_GRACE);
        Life { state: Some(state), open_for, ..Life::default() }
    }

    fn ended(code: u16, was_clean: bool, initiator: Initiator) -> Life {
        let ending = CloseEvent::new(code, "raisin", was_clean, initiator);
        Life { ending: Some(ending), ..state(ReadyState::Closed) }
    }

    fn refused() -> Life {
        let kind = NetworkErrorKind::ConnectionRefused;
        let error = NetworkError { kind, host: "127.0.0.1:9001".into(), source: None };
        let ended = ended(1006, false, Initiator::Failure);
        Life { open_for: None, error: Some(error.into()), ..ended }
    }

    #[test]
    fn empty_text_is_not_sent() {
        let mut session = opened_with(false);
        session.observe(state(ReadyState::Open));
        assert_eq!(session.act(Action::Send), [Effect::SelectDraft]);
    }

    #[test]
    fn the_draft_stays_and_is_selected() {
        let mut session = opened_with(false);
        session.observe(state(ReadyState::Open));
        session.draft = "raisin".into();
        let effects = session.act(Action::Send);
        assert_eq!(effects, [Effect::Send("raisin".into()), Effect::SelectDraft]);
        assert_eq!(session.draft, "raisin");
    }

    #[test]
    fn sending_on_a_closed_connection_connects_first() {
        let mut session = opened_with(false);
        session.observe(state(ReadyState::Open));
        session.observe(ended(1006, false, Initiator::Failure));
        session.draft = "raisin".into();
        let effects = session.act(Action::Send);
        assert_eq!(effects, [connect(HOME), Effect::Send("raisin".into()), Effect::SelectDraft]);
    }

    #[test]
    fn trouble_stands_until_a_connection_is_open() {
        let mut session = opened_with(false);
        session.observe(state(ReadyState::Connecting));
        session.observe(refused());
        assert!(matches!(session.trouble(), Some(Trouble::Failed(_))));
        session.act(Action::Connect);
        session.observe(state(ReadyState::Connecting));
        assert!(session.trouble().is_some(), "the text that stood there stays");
        session.observe(state(ReadyState::Open));
        assert!(session.trouble().is_none());
    }

    #[test]
    fn a_page_without_its_server_echoes_by_itself_until_asked_to_try_again() {
        let mut session = opened_with(true);
        session.observe(state(ReadyState::Connecting));
        assert_eq!(session.observe(refused()), [in_page(Script::Echo)]);
        assert_eq!(session.peer(), &Peer::InPage(Script::Echo));
        assert!(session.trouble().is_none());
        session.observe(state(ReadyState::Open));
        assert_eq!(session.act(Action::TryServer), [connect(HOME), Effect::SelectDraft]);
    }

    #[test]
    fn what_was_sent_while_connecting_is_not_lost_where_the_page_stands_in() {
        let mut session = opened_with(true);
        session.observe(state(ReadyState::Connecting));
        for draft in ["raisin", "grape"] {
            session.draft = draft.into();
            session.act(Action::Send);
        }
        let effects = session.observe(refused());
        let send = |text: &str| Effect::Send(text.into());
        assert_eq!(effects, [in_page(Script::Echo), send("raisin"), send("grape")]);
    }

    #[test]
    fn what_has_left_is_not_sent_again() {
        let mut session = opened_with(true);
        session.observe(state(ReadyState::Connecting));
        session.draft = "raisin".into();
        session.act(Action::Send);
        session.observe(state(ReadyState::Open));
        session.observe(ended(1006, false, Initiator::Failure));
        session.act(Action::Connect);
        session.observe(state(ReadyState::Connecting));
        assert_eq!(session.observe(refused()), [in_page(Script::Echo)]);
    }

    #[test]
    fn only_the_home_server_is_stood_in_for() {
        let mut session = opened_with(true);
        session.observe(state(ReadyState::Connecting));
        session.address = "ws://elsewhere.example".into();
        assert_eq!(session.act(Action::Connect), [connect("ws://elsewhere.example")]);
        session.observe(state(ReadyState::Connecting));
        assert_eq!(session.observe(refused()), []);
        assert!(session.trouble().is_some());
    }

    #[test]
    fn a_server_that_goes_away_is_not_stood_in_for_without_being_asked() {
        let mut session = opened_with(true);
        session.observe(state(ReadyState::Open));
        assert_eq!(session.observe(ended(1006, false, Initiator::Failure)), []);
        assert!(matches!(session.trouble(), Some(Trouble::Lost(_))));
    }

    #[test]
    fn a_proxy_without_its_server_is_nobody() {
        let at_once = Some(Duration::from_millis(3));
        let mut session = opened_with(true);
        session.draft = "raisin".into();
        session.act(Action::Send);
        session.observe(Life { open_for: at_once, ..state(ReadyState::Open) });
        let cut = Life { open_for: at_once, ..ended(1006, false, Initiator::Failure) };
        let stands_in = [in_page(Script::Echo), Effect::Send("raisin".into())];
        assert_eq!(session.observe(cut.clone()), stands_in);

        let is_somebody = |life: Life| {
            let mut session = opened_with(true);
            session.observe(Life { open_for: at_once, ..state(ReadyState::Open) });
            session.observe(life).is_empty()
        };
        assert!(is_somebody(Life { has_heard: true, ..cut.clone() }));
        assert!(is_somebody(Life { open_for: Some(PROXY_GRACE), ..cut }));
        let closed = ended(1001, true, Initiator::Remote);
        assert!(is_somebody(Life { open_for: at_once, ..closed }));
    }

    #[test]
    fn a_connection_that_ended_before_it_was_looked_at_was_a_connection() {
        let mut session = opened_with(true);
        session.observe(state(ReadyState::Connecting));
        assert_eq!(session.observe(ended(4123, true, Initiator::Remote)), []);
        assert_eq!(session.peer(), &Peer::Server(HOME.into()));
        assert!(session.trouble().is_none());
    }

    #[test]
    fn an_address_that_the_channel_refuses_is_trouble() {
        let mut session = opened_with(false);
        let misuse = InvalidArgument::Fragment;
        session.observe(Life { error: Some(misuse.into()), ..Life::default() });
        assert!(matches!(session.trouble(), Some(Trouble::Failed(Error::InvalidArgument(_)))));
    }

    #[test]
    fn a_message_that_came_too_late_leaves_the_word_to_the_close() {
        let mut session = opened_with(false);
        session.observe(state(ReadyState::Open));
        session.not_sent(Error::Closed(None));
        assert!(session.trouble().is_none());
        let full = LimitExceeded::Outbox { messages: 1, bytes: 1 };
        session.not_sent(Error::LimitExceeded(full));
        assert!(session.trouble().is_some());
    }

    #[test]
    fn experiments_are_played_by_the_pages_own_server() {
        let mut session = opened_with(false);
        let effects = session.act(Action::Try(Experiment::Ten));
        let burst = "ws://127.0.0.1:9001/burst?count=10&size=32";
        assert_eq!(effects, [Effect::BeginTrace, connect(burst)]);
        assert_eq!(session.address, burst);
        assert_eq!(session.experiment(), Some(Experiment::Ten));
        session.act(Action::Connect);
        assert_eq!(session.experiment(), None);
    }

    #[test]
    fn experiments_are_played_in_the_page_where_its_server_does_not_answer() {
        let mut session = opened_with(true);
        session.observe(state(ReadyState::Connecting));
        session.observe(refused());
        let script = Experiment::Cut.script();
        let effects = session.act(Action::Try(Experiment::Cut));
        assert_eq!(effects, [Effect::BeginTrace, in_page(script)]);
        assert_eq!(session.address, HOME);
    }

    #[test]
    fn what_holds_nobody_back_is_played_in_the_page() {
        let mut session = opened_with(false);
        session.can_hold_back = false;
        session.act(Action::Try(Experiment::PausedReader));
        assert_eq!(session.peer(), &Peer::InPage(Experiment::PausedReader.script()));
        assert!(session.pace().is_paused());
        session.act(Action::Try(Experiment::Flood));
        assert!(!session.pace().is_paused(), "the pause was the other experiment's");
        assert!(matches!(session.peer(), Peer::Server(_)));
    }

    #[test]
    fn without_the_panel_nothing_is_held_up() {
        let mut session = opened_with(false);
        let toggle = Action::TogglePane(Pane::Rebuilds);
        assert_eq!(session.act(toggle), [Effect::BeginTrace]);
        session.act(Action::TogglePause);
        assert!(session.pace().is_paused());
        assert_eq!(session.act(Action::TogglePane(Pane::Lesson)), [Effect::EndTrace]);
        assert_eq!((session.pane(), session.pace()), (Some(Pane::Lesson), Pace::Free));
        assert_eq!(session.act(toggle), [Effect::BeginTrace]);
        assert_eq!(session.act(toggle), [Effect::EndTrace]);
        assert_eq!(session.pane(), None);
    }

    #[test]
    fn the_steps_are_counted_and_the_last_one_known() {
        let mut session = opened_with(false);
        assert_eq!(session.step(), Some(Step::Connect));
        session.observe(state(ReadyState::Open));
        session.draft = "raisin".into();
        session.act(Action::Send);
        assert_eq!(session.step(), Some(Step::Send));
        session.heard();
        session.heard();
        session.observe(state(ReadyState::Closing));
        session.observe(ended(1000, true, Initiator::Local));
        assert_eq!(session.step(), Some(Step::Close));
        assert_eq!(Step::ALL.map(|step| session.times(step)), [1, 2, 1, 1]);
    }

    #[test]
    fn a_bad_address_connects_nowhere_and_says_so() {
        let mut session = opened_with(false);
        session.address = "ftp://raisin".into();
        assert_eq!(session.address_problem(), Some(InvalidArgument::Scheme("ftp".into())));
        assert_eq!(session.act(Action::Connect), []);
        assert_eq!(session.peer(), &Peer::Server(HOME.into()));
    }
}
