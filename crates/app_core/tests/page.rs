//! What the page knows, tried through its one door.

use std::time::Duration;

use app_core::composer::{Attachment, MAX_ATTACHMENTS, Refused};
use app_core::connection::{Negotiated, Outbox, PROXY_GRACE};
use app_core::experiments::{Experiment, Parameter, Script, Setup};
use app_core::model::{ComposerMsg, Model, Msg, Opening, Plan, SendOutlook};
use app_core::playback::Playback;
use app_core::settings::{Field, Platform, Transport, Unavailable};
use app_core::statistics::Traffic;
use app_core::steps::Step;
use app_core::stored::{Damaged, Stored};
use app_core::{
    ConnectionEvent, ConnectionProblem, ConnectionStatus, Effect, Language, Panel, Peer, TrialMsg,
    open, update,
};
use web_socket_channel::{
    CloseEvent, Error, Initiator, InvalidArgument, LimitExceeded, Message, NetworkError,
    NetworkErrorKind,
};

const HOME: &str = "ws://127.0.0.1:9001/echo";
const A_TEXT: &str = "raisin";
const ANOTHER_TEXT: &str = "grape";
const A_PRIVATE_CODE: u16 = 4123;

/// A page, with the clock in the hands of the test.
struct Page {
    model: Model,
    now: Duration,
}

impl Page {
    fn open(change: impl FnOnce(&mut Opening)) -> (Self, Vec<Effect>) {
        let mut opening = Opening { has_endpoints: true, ..Opening::new(HOME) };
        change(&mut opening);
        let (model, effects) = open(opening);
        (Self { model, now: Duration::from_secs(1) }, effects)
    }

    /// On a desktop, where nobody stands in for the server; connecting.
    fn plain() -> Self {
        let (mut page, effects) = Self::open(|opening| {
            opening.stored = Ok(plain_settings());
        });
        assert_eq!(peers(&effects), [server(HOME)]);
        page.event(ConnectionEvent::Connecting { attempt: 1 });
        page
    }

    /// The same, where the page may stand in.
    fn with_stand_in() -> Self {
        let (mut page, _) = Self::open(|opening| {
            opening.stored = Ok(plain_settings());
            opening.can_echo_in_page = true;
        });
        page.event(ConnectionEvent::Connecting { attempt: 1 });
        page
    }

    /// The same as `plain`, where a lost connection is made again.
    fn reconnecting() -> Self {
        let (mut page, _) = Self::open(|_| {});
        page.event(ConnectionEvent::Connecting { attempt: 1 });
        page
    }

    fn tell(&mut self, msg: Msg) -> Vec<Effect> {
        update(&mut self.model, msg, self.now)
    }

    fn event(&mut self, event: ConnectionEvent) -> Vec<Effect> {
        self.tell(Msg::Connection(event))
    }

    fn opened(&mut self) {
        self.event(ConnectionEvent::Open(Negotiated::default()));
    }

    fn received(&mut self) {
        self.event(ConnectionEvent::Received { messages: 1, bytes: 6 });
    }

    fn refused(&mut self) -> Vec<Effect> {
        let mut effects = self.event(ConnectionEvent::Failed(refusal()));
        effects.extend(self.event(closed(1006, false, Initiator::Failure)));
        effects
    }

    fn lost(&mut self, error: Option<Error>, ending: Option<CloseEvent>) -> Vec<Effect> {
        let wait = Duration::from_secs(3);
        self.event(ConnectionEvent::Lost { attempt: 2, wait, error, ending })
    }

    fn typed(&mut self, text: &str) {
        self.tell(Msg::EditDraft(text.to_owned()));
    }

    fn status(&self) -> ConnectionStatus {
        self.model.connection().status()
    }

    fn problem(&self) -> Option<&ConnectionProblem> {
        self.model.connection().problem()
    }
}

fn plain_settings() -> Stored {
    let mut stored = Stored::default();
    stored.settings.reconnects = false;
    stored
}

fn refusal() -> Error {
    let kind = NetworkErrorKind::ConnectionRefused;
    NetworkError::new(kind, "127.0.0.1:9001").into()
}

fn ending(code: u16, was_clean: bool, initiator: Initiator) -> CloseEvent {
    CloseEvent::new(code, "", was_clean, initiator)
}

fn closed(code: u16, was_clean: bool, initiator: Initiator) -> ConnectionEvent {
    ConnectionEvent::Closed(Some(ending(code, was_clean, initiator)))
}

fn cut() -> CloseEvent {
    ending(1006, false, Initiator::Failure)
}

fn server(address: &str) -> Peer {
    Peer::Server(address.to_owned())
}

fn send(text: &str) -> Effect {
    Effect::Send(text.into())
}

fn plan(effect: &Effect) -> Option<&Plan> {
    match effect {
        Effect::Connect(plan) => Some(plan),
        _ => None,
    }
}

fn plans(effects: &[Effect]) -> Vec<&Plan> {
    effects.iter().filter_map(plan).collect()
}

fn peers(effects: &[Effect]) -> Vec<Peer> {
    plans(effects).into_iter().map(|plan| plan.peer.clone()).collect()
}

#[test]
fn empty_text_is_not_sent() {
    let mut page = Page::plain();
    page.opened();
    assert_eq!(page.tell(Msg::Send), [Effect::SelectDraft]);
}

#[test]
fn the_draft_stays_and_is_selected() {
    let mut page = Page::plain();
    page.opened();
    page.typed(A_TEXT);
    assert_eq!(page.tell(Msg::Send), [send(A_TEXT), Effect::SelectDraft]);
    assert_eq!(page.model.composer().draft(), A_TEXT);
}

#[test]
fn sending_when_closed_connects_first() {
    let mut page = Page::plain();
    page.opened();
    page.event(ConnectionEvent::Closed(Some(cut())));
    page.typed(A_TEXT);
    assert_eq!(page.model.send_outlook(), SendOutlook::ConnectsFirst);
    let effects = page.tell(Msg::Send);
    assert_eq!(peers(&effects), [server(HOME)]);
    assert_eq!(effects[1..], [send(A_TEXT), Effect::SelectDraft]);
}

#[test]
fn what_the_send_button_would_do() {
    let mut page = Page::plain();
    assert_eq!(page.model.send_outlook(), SendOutlook::Waits);
    page.opened();
    page.tell(Msg::EditAddress("ftp://".to_owned()));
    assert_eq!(page.model.send_outlook(), SendOutlook::Sends, "it goes to where it is connected");
    page.event(closed(1000, true, Initiator::Remote));
    assert_eq!(page.model.send_outlook(), SendOutlook::WrongAddress);
    page.typed(A_TEXT);
    assert_eq!(page.tell(Msg::Send), [Effect::SelectDraft], "nothing is lost");
    page.tell(Msg::EditAddress(HOME.to_owned()));
    page.tell(Msg::EditSetting(Field::ConnectTimeout, "soon".to_owned()));
    assert_eq!(page.model.send_outlook(), SendOutlook::WrongSetting(Field::ConnectTimeout));
    page.tell(Msg::ResetSettings);
    assert_eq!(page.model.send_outlook(), SendOutlook::ConnectsFirst);
}

#[test]
fn a_problem_stands_until_a_connection_is_open() {
    let mut page = Page::plain();
    page.refused();
    assert!(matches!(page.problem(), Some(ConnectionProblem::Failed(_))));
    page.tell(Msg::Connect);
    page.event(ConnectionEvent::Connecting { attempt: 1 });
    assert!(page.problem().is_some(), "the text that stood there stays");
    page.opened();
    assert!(page.problem().is_none());
}

#[test]
fn a_problem_of_the_same_stream_stands_until_data_comes() {
    let mut page = Page::reconnecting();
    page.opened();
    page.received();
    page.lost(None, Some(cut()));
    assert!(page.problem().is_some());
    assert!(matches!(page.status(), ConnectionStatus::Waiting { attempt: 2, .. }));
    page.event(ConnectionEvent::Connecting { attempt: 2 });
    page.opened();
    assert!(page.problem().is_some() && page.model.connection().is_back());
    page.received();
    assert!(page.problem().is_none() && !page.model.connection().is_back());
}

#[test]
fn an_orderly_end_is_no_problem() {
    for code in [1000, 1001, A_PRIVATE_CODE] {
        let mut page = Page::plain();
        page.opened();
        page.event(closed(code, true, Initiator::Remote));
        assert!(page.problem().is_none(), "{code}");
        assert_eq!(page.model.connection().ending().map(|ending| ending.code), Some(code));
    }
    let mut page = Page::reconnecting();
    page.opened();
    page.lost(None, Some(ending(1001, true, Initiator::Remote)));
    assert!(page.problem().is_none());
    page.lost(Some(refusal()), None);
    assert!(page.problem().is_some(), "then it is not there");
}

#[test]
fn the_page_stands_in_until_asked_to_try_again() {
    let mut page = Page::with_stand_in();
    let effects = page.refused();
    assert_eq!(peers(&effects), [Peer::InPage(Script::Echo)]);
    assert!(page.problem().is_none() && page.model.connection().stands_in());
    page.opened();
    let effects = page.tell(Msg::TryServer);
    assert_eq!(peers(&effects), [server(HOME)]);
    assert_eq!(effects.last(), Some(&Effect::SelectDraft));
}

#[test]
fn what_waits_goes_to_the_stand_in() {
    let mut page = Page::with_stand_in();
    for text in [A_TEXT, ANOTHER_TEXT] {
        page.typed(text);
        page.tell(Msg::Send);
    }
    let effects = page.refused();
    assert!(plans(&effects)[0].keeps_waiting);
}

#[test]
fn the_page_stands_in_where_connections_are_made_again() {
    let (mut page, _) = Page::open(|opening| opening.can_echo_in_page = true);
    page.event(ConnectionEvent::Connecting { attempt: 1 });
    let effects = page.lost(Some(refusal()), None);
    assert_eq!(peers(&effects), [Peer::InPage(Script::Echo)]);
    assert!(!page.model.connection().reconnects());
}

#[test]
fn nobody_stands_in_for_another_server() {
    let mut page = Page::with_stand_in();
    page.tell(Msg::ConnectTo("ws://example.com".to_owned()));
    page.event(ConnectionEvent::Connecting { attempt: 1 });
    assert_eq!(page.refused(), []);
    assert!(page.problem().is_some());
}

#[test]
fn a_proxy_that_hangs_up_is_no_answer() {
    let mut page = Page::with_stand_in();
    page.opened();
    page.now += PROXY_GRACE / 2;
    assert_eq!(peers(&page.event(ConnectionEvent::Closed(Some(cut())))).len(), 1);
}

#[test]
fn a_quiet_connection_that_is_cut_later_was_answered() {
    let mut page = Page::with_stand_in();
    page.opened();
    page.now += PROXY_GRACE;
    assert_eq!(page.event(ConnectionEvent::Closed(Some(cut()))), []);
    assert!(page.problem().is_some());
}

#[test]
fn a_server_that_spoke_or_closed_has_answered() {
    let mut page = Page::with_stand_in();
    page.opened();
    page.received();
    assert_eq!(page.event(ConnectionEvent::Closed(Some(cut()))), []);

    let mut page = Page::with_stand_in();
    page.opened();
    assert_eq!(page.event(closed(A_PRIVATE_CODE, true, Initiator::Remote)), []);
    assert!(page.problem().is_none());
}

#[test]
fn an_unusable_address_is_a_problem() {
    let mut page = Page::plain();
    page.event(ConnectionEvent::Unusable(InvalidArgument::Fragment.into()));
    assert_eq!(page.status(), ConnectionStatus::NotConnected);
    let Some(ConnectionProblem::Failed(Error::InvalidArgument(why))) = page.problem() else {
        unreachable!("{:?}", page.problem());
    };
    assert_eq!(**why, InvalidArgument::Fragment);
}

#[test]
fn a_message_that_came_too_late_leaves_the_word_to_the_close() {
    let mut page = Page::plain();
    page.opened();
    page.typed(A_TEXT);
    page.tell(Msg::NotSent { error: Error::Closed(None), message: A_TEXT.into() });
    assert!(page.problem().is_none());
    let full = Error::LimitExceeded(LimitExceeded::Outbox { messages: 1, bytes: 1 });
    page.tell(Msg::NotSent { error: full, message: A_TEXT.into() });
    assert!(page.problem().is_some());
    assert_eq!(page.model.composer().attachments(), [], "it stands in its field");
}

#[test]
fn an_attachment_goes_before_the_text_and_is_not_lost() {
    let mut page = Page::plain();
    page.opened();
    page.typed(A_TEXT);
    let message = Message::from(ANOTHER_TEXT);
    page.tell(Msg::Attach(Attachment { name: None, message: message.clone() }));
    assert_eq!(page.tell(Msg::Send)[0], send(ANOTHER_TEXT));
    assert_eq!(page.model.composer().attachments(), []);
    page.tell(Msg::NotSent { error: Error::Closed(None), message: message.clone() });
    let attached = page.model.composer().attachments().first();
    assert_eq!(attached.map(|attachment| &attachment.message), Some(&message));
    page.tell(Msg::Detach(0));
    assert_eq!(page.tell(Msg::Send)[0], send(A_TEXT));
}

#[test]
fn what_is_taken_back_can_be_sent_again() {
    let mut page = Page::reconnecting();
    page.tell(Msg::TookBack(vec![A_TEXT.into()]));
    assert_eq!(page.model.composer().draft(), A_TEXT);
    page.tell(Msg::TookBack(vec![A_TEXT.into(), ANOTHER_TEXT.into()]));
    let attached = page.model.composer().attachments().first();
    assert_eq!(attached.map(|attachment| attachment.message.clone()), Some(ANOTHER_TEXT.into()));
}

#[test]
fn all_that_is_taken_back_stands_above_the_field_in_its_order() {
    let mut page = Page::reconnecting();
    page.typed("fig");
    let texts: Vec<String> = (1..=20).map(|number| format!("raisin {number}")).collect();
    page.tell(Msg::TookBack(texts.iter().map(|text| text.as_str().into()).collect()));
    assert_eq!(page.model.composer().draft(), "fig", "it is the person's");
    let attached: Vec<_> =
        page.model.composer().attachments().iter().map(|there| there.message.clone()).collect();
    let expected: Vec<Message> =
        texts.iter().take(MAX_ATTACHMENTS).map(|text| text.as_str().into()).collect();
    assert_eq!(attached, expected);
    assert_eq!(page.model.composer().refused(), Some(&Refused::TooMany));
    // The rest is not lost either.
    page.tell(Msg::Compose(ComposerMsg::Back));
    assert_eq!(page.model.composer().draft(), "raisin 20");
}

#[test]
fn what_was_opened_last_is_closed_first() {
    let (mut page, _) = Page::open(|_| {});
    assert!(!page.model.has_something_open());
    page.tell(Msg::TogglePanel(Panel::Lesson));
    page.tell(Msg::Compose(ComposerMsg::ToggleOpen));
    page.tell(Msg::CloseLast);
    assert!(page.model.panel().is_some() && !page.model.composer().is_open());
    page.tell(Msg::Compose(ComposerMsg::ToggleOpen));
    page.tell(Msg::TogglePanel(Panel::Log));
    page.tell(Msg::CloseLast);
    assert!(page.model.panel().is_none() && page.model.composer().is_open());
    page.tell(Msg::CloseLast);
    assert!(!page.model.has_something_open());
    assert_eq!(page.tell(Msg::CloseLast), []);
}

#[test]
fn the_systems_language_is_followed_unless_one_was_chosen() {
    let (mut page, _) = Page::open(|_| {});
    page.tell(Msg::SystemLanguage(Language::Chinese));
    assert_eq!(page.model.language(), Language::Chinese);
    page.tell(Msg::SetLanguage(Language::Chinese));
    page.tell(Msg::SystemLanguage(Language::English));
    assert_eq!(page.model.language(), Language::Chinese);
}

#[test]
fn experiments_are_played_by_the_pages_own_server() {
    let mut page = Page::reconnecting();
    let try_ten = Msg::Try { experiment: Experiment::Ten, first_message: None };
    let effects = page.tell(try_ten);
    let burst = "ws://127.0.0.1:9001/burst?count=10&numbered=1";
    assert_eq!(effects[..2], [Effect::ShowLink("1.ten".into()), Effect::BeginTrace]);
    assert_eq!(peers(&effects), [server(burst)]);
    assert_eq!(plans(&effects)[0].reconnect, None, "one connection and its end");
    assert_eq!(page.model.address(), burst);
    assert_eq!(page.model.experiment(), Some(Experiment::Ten));
    page.tell(Msg::Connect);
    assert_eq!(page.model.experiment(), None);
}

#[test]
fn experiments_are_played_in_the_page_without_its_server() {
    let mut page = Page::with_stand_in();
    page.refused();
    let try_cut = Msg::Try { experiment: Experiment::Cut, first_message: None };
    let effects = page.tell(try_cut);
    assert_eq!(peers(&effects), [Peer::InPage(Setup::new(Experiment::Cut).script())]);
    assert_eq!(page.model.address(), HOME);
}

#[test]
fn what_holds_nobody_back_is_played_in_the_page() {
    let (mut page, _) = Page::open(|opening| opening.platform = Platform::Browser);
    let msg = |experiment| Msg::Try { experiment, first_message: None };
    let effects = page.tell(msg(Experiment::PausedReader));
    assert_eq!(peers(&effects), [Peer::InPage(Setup::new(Experiment::PausedReader).script())]);
    assert!(page.model.playback().is_paused());
    let effects = page.tell(msg(Experiment::Flood));
    assert!(!page.model.playback().is_paused(), "the pause was the other experiment's");
    assert!(matches!(peers(&effects)[..], [Peer::Server(_)]));
}

#[test]
fn a_link_is_shown_and_run_only_when_asked() {
    let link = "1.ten.count-20.pace-random.seed-7";
    let (mut page, effects) = Page::open(|opening| opening.link = Some(link.to_owned()));
    assert_eq!(peers(&effects), [server(HOME)]);
    assert_eq!(page.model.panel(), Some(Panel::Rebuilds));
    assert_eq!(page.model.trials().chosen(), Setup::of_link(link).ok().as_ref());
    assert_eq!(page.model.experiment(), None);

    let set = Msg::Trial(TrialMsg::Set(Parameter::Count, 30));
    assert_eq!(page.tell(set), [Effect::ShowLink(link.replace("20", "30"))]);
    let effects = page.tell(Msg::Try { experiment: Experiment::Ten, first_message: None });
    let ticker = "ws://127.0.0.1:9001/ticker?every=16666us&count=30&random=7";
    assert_eq!(peers(&effects), [server(ticker)]);

    page.tell(Msg::Trial(TrialMsg::Reset));
    let copy = Msg::Trial(TrialMsg::CopyLink);
    assert_eq!(page.tell(copy), [Effect::CopyLink("1.ten".into())]);
}

#[test]
fn a_wrong_link_stays_until_something_is_chosen() {
    let (mut page, _) = Page::open(|opening| opening.link = Some("1.raisin".to_owned()));
    assert_eq!(page.model.trials().chosen(), None);
    assert_eq!(page.model.trials().problem().map(|problem| problem.at), Some(3));
    page.tell(Msg::Trial(TrialMsg::Choose(Experiment::Cut)));
    assert_eq!(page.model.trials().problem(), None);
}

#[test]
fn an_experiment_sends_its_first_message() {
    let mut page = Page::plain();
    let first_message = Some(A_TEXT.to_owned());
    let effects = page.tell(Msg::Try { experiment: Experiment::One, first_message });
    assert_eq!(effects.last(), Some(&send(A_TEXT)));
}

#[test]
fn without_the_panel_nothing_is_held_up() {
    let mut page = Page::plain();
    let toggle = || Msg::TogglePanel(Panel::Rebuilds);
    assert_eq!(page.tell(toggle()), [Effect::BeginTrace]);
    page.tell(Msg::TogglePause);
    assert!(page.model.playback().is_paused());
    assert_eq!(page.tell(Msg::TogglePanel(Panel::Lesson)), [Effect::EndTrace]);
    assert_eq!(page.model.panel(), Some(Panel::Lesson));
    assert_eq!(page.model.playback(), Playback::Free);
    assert_eq!(page.tell(toggle()), [Effect::BeginTrace]);
    assert_eq!(page.tell(toggle()), [Effect::EndTrace]);
    assert_eq!(page.model.panel(), None);
}

#[test]
fn a_panel_that_is_shown_already_stays() {
    let mut page = Page::plain();
    assert_eq!(page.tell(Msg::ShowPanel(Some(Panel::Rebuilds))), [Effect::BeginTrace]);
    assert_eq!(page.tell(Msg::ShowPanel(Some(Panel::Rebuilds))), []);
    assert_eq!(page.model.panel(), Some(Panel::Rebuilds));
    assert_eq!(page.tell(Msg::ShowPanel(None)), [Effect::EndTrace]);
    assert_eq!(page.tell(Msg::ShowPanel(None)), []);
}

#[test]
fn each_panel_is_found_by_its_name() {
    for panel in Panel::ALL {
        assert_eq!(Panel::of_name(panel.name()), Some(panel));
    }
    assert_eq!(Panel::of_name(""), None);
}

/// Whatever stands half typed in the address field.
#[test]
fn to_connect_again_is_to_the_same_peer() {
    let mut page = Page::plain();
    page.opened();
    page.tell(Msg::EditAddress("ws://half.typ".to_owned()));
    assert_eq!(peers(&page.tell(Msg::ConnectAgain)), [server(HOME)]);
    assert_eq!(page.model.address(), "ws://half.typ");
}

#[test]
fn the_steps_are_counted() {
    let mut page = Page::plain();
    assert_eq!(page.model.steps().last(), Some(Step::Connect));
    page.opened();
    page.typed(A_TEXT);
    page.tell(Msg::Send);
    assert_eq!(page.model.steps().last(), Some(Step::Send));
    page.tell(Msg::TookIn { events: 3 });
    page.tell(Msg::TookIn { events: 1 });
    page.tell(Msg::TookIn { events: 0 });
    page.event(ConnectionEvent::Closing);
    page.event(closed(1000, true, Initiator::Local));
    let steps = page.model.steps();
    assert_eq!(steps.last(), Some(Step::Close));
    assert_eq!(Step::ALL.map(|step| steps.times(step)), [1, 2, 1, 1]);
}

#[test]
fn a_bad_address_connects_nowhere_and_says_so() {
    let mut page = Page::plain();
    page.tell(Msg::EditAddress("ftp://a".to_owned()));
    assert_eq!(page.model.address_problem(), Some(InvalidArgument::Scheme("ftp".into())));
    assert_eq!(page.tell(Msg::Connect), []);
    assert_eq!(page.model.connection().peer(), &server(HOME));
}

#[test]
fn an_address_is_completed_and_remembered() {
    let mut page = Page::plain();
    page.tell(Msg::EditAddress(" \u{feff}localhost:9001".to_owned()));
    let effects = page.tell(Msg::Connect);
    assert_eq!(peers(&effects), [server("ws://localhost:9001")]);
    assert_eq!(page.model.address(), "ws://localhost:9001");
    assert_eq!(page.model.recent_addresses(), ["ws://localhost:9001"]);
    page.tell(Msg::ForgetAddresses);
    assert!(page.model.recent_addresses().is_empty());
}

#[test]
fn each_transport_is_in_the_plan() {
    for transport in Transport::ALL {
        let mut page = Page::plain();
        page.tell(Msg::SetTransport(transport));
        let effects = page.tell(Msg::Connect);
        let plan = plans(&effects)[0];
        assert_eq!(plan.transport, transport);
        assert_eq!(plan.peer == Peer::InPage(Script::Echo), transport == Transport::InPage);
    }
}

#[test]
fn a_transport_that_is_not_built_in_is_never_chosen() {
    let mut stored = Stored::default();
    stored.settings.transport = Transport::Ewebsock;
    let (mut page, effects) = Page::open(|opening| {
        opening.has_ewebsock = false;
        opening.stored = Ok(stored);
    });
    assert_eq!(plans(&effects)[0].transport, Transport::Standard, "what was kept");
    page.tell(Msg::SetTransport(Transport::Ewebsock));
    assert_eq!(page.model.settings().transport, Transport::Standard);
    let why = page.model.transport_unavailable(Transport::Ewebsock);
    assert_eq!(why, Some(Unavailable::NotBuiltIn));
    assert_eq!(page.model.transport_unavailable(Transport::InPage), None);
}

#[test]
fn changed_settings_wait_for_the_next_connection() {
    let mut page = Page::plain();
    page.opened();
    let edit = |text: &str| Msg::EditSetting(Field::CloseTimeout, text.to_owned());
    assert!(!page.model.has_unapplied_settings());
    page.tell(edit("6"));
    assert!(page.model.has_unapplied_settings());
    page.tell(edit(" 5.0 "));
    assert!(!page.model.has_unapplied_settings(), "it means the same");
    page.tell(edit("soon"));
    assert!(page.model.has_unapplied_settings() && !page.model.can_connect());
    page.tell(edit("6"));
    page.tell(Msg::Connect);
    page.event(ConnectionEvent::Connecting { attempt: 1 });
    assert!(!page.model.has_unapplied_settings());
    page.tell(Msg::SetTransport(Transport::Ewebsock));
    assert!(page.model.has_unapplied_settings());
    page.event(closed(1000, true, Initiator::Local));
    assert!(!page.model.has_unapplied_settings(), "there is no connection to differ from");
}

#[test]
fn within_the_page_no_address_is_needed() {
    let mut page = Page::plain();
    page.tell(Msg::EditAddress("ftp://raisin".to_owned()));
    assert!(page.model.needs_address() && !page.model.can_connect());
    page.tell(Msg::SetTransport(Transport::InPage));
    assert!(!page.model.needs_address() && page.model.can_connect());
}

#[test]
fn one_address_is_forgotten() {
    let mut page = Page::plain();
    for address in ["ws://a/", "ws://b/"] {
        page.tell(Msg::ConnectTo(address.to_owned()));
    }
    page.tell(Msg::ForgetAddress("ws://b/".to_owned()));
    assert_eq!(page.model.recent_addresses(), ["ws://a/"]);
    page.tell(Msg::ForgetAddress("ws://c/".to_owned()));
    assert_eq!(page.model.recent_addresses().len(), 1);
}

#[test]
fn pings_are_asked_for_by_default() {
    let (_, effects) = Page::open(|_| {});
    let plan = plans(&effects)[0];
    let (Some(interval), wait) = (plan.options.ping_interval, plan.options.pong_timeout) else {
        unreachable!("no pings: {plan:?}");
    };
    assert!(interval + wait <= Duration::from_secs(60), "a silent peer is told within a minute");
    assert!(plan.reconnect.is_some());
}

#[test]
fn what_was_kept_is_taken_up() {
    let mut stored = Stored::default();
    stored.language = Some(Language::Chinese);
    stored.panel = Some(Panel::Rebuilds);
    stored.settings.transport = Transport::Ewebsock;
    let (page, effects) = Page::open(|opening| opening.stored = Ok(stored.clone()));
    assert_eq!(page.model.language(), Language::Chinese);
    assert_eq!(plans(&effects)[0].transport, Transport::Ewebsock);
    assert!(effects.contains(&Effect::BeginTrace));
    assert!(!page.model.was_damaged());
    let (page, _) = Page::open(|opening| {
        opening.stored = Ok(stored);
        opening.transport = Some(Transport::Standard);
    });
    assert_eq!(page.model.settings().transport, Transport::Standard, "what was asked for wins");
}

#[test]
fn a_damaged_store_starts_fresh_and_says_so() {
    let (mut page, _) = Page::open(|opening| opening.stored = Err(Damaged));
    assert!(page.model.was_damaged());
    assert_eq!(page.model.stored(), &Stored::default());
    page.tell(Msg::DismissDamage);
    assert!(!page.model.was_damaged());
}

#[test]
fn what_went_through_is_counted() {
    let mut page = Page::plain();
    page.opened();
    page.event(ConnectionEvent::Sent { bytes: 6 });
    page.received();
    page.event(ConnectionEvent::RoundTrip(Duration::from_millis(5)));
    let statistics = page.model.statistics();
    assert_eq!((statistics.sent().bytes, statistics.received().bytes), (6, 6));
    assert_eq!(statistics.round_trip_quantile(0.5), Some(Duration::from_millis(5)));
    page.tell(Msg::Connect);
    assert_eq!(page.model.statistics().sent().messages, 0);
}

#[test]
fn what_waits_has_not_gone_out() {
    let mut page = Page::reconnecting();
    for _ in 0..2 {
        page.event(ConnectionEvent::Sent { bytes: 6 });
    }
    let waiting_count = 2;
    let outbox = Outbox { waiting_count, waiting_bytes: 12, ..Outbox::default() };
    page.event(ConnectionEvent::Outbox(outbox));
    assert_eq!(page.model.gone_out(), Traffic::default());
    page.tell(Msg::TookBack(vec![A_TEXT.into()]));
    let outbox = Outbox { waiting_count: 0, waiting_bytes: 0, ..Outbox::default() };
    page.event(ConnectionEvent::Outbox(outbox));
    assert_eq!(page.model.gone_out(), Traffic { messages: 1, bytes: 6 });
}
