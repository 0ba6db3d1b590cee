//! What follows from what is done at the message field, tried through the model's one door.

use std::time::Duration;

use app_core::composer::format::Format;
use app_core::composer::repeat::{RepeatPlan, RepeatState};
use app_core::composer::saved::SaveProblem;
use app_core::composer::{Attachment, MAX_ATTACHMENTS, Tool};
use app_core::connection::Negotiated;
use app_core::model::{ComposerMsg, RepeatEvent};
use app_core::settings::Platform;
use app_core::{ConnectionEvent, Effect, Model, Msg, Opening, SendOutlook, open, update};
use web_socket_channel::{Error, LimitExceeded, Message};

fn page(platform: Platform) -> Model {
    let (model, _) = open(Opening { platform, ..Opening::new("ws://127.0.0.1:9001/echo") });
    let mut model = model;
    event(&mut model, ConnectionEvent::Connecting { attempt: 1 });
    event(&mut model, ConnectionEvent::Open(Negotiated::default()));
    model
}

fn tell(model: &mut Model, msg: Msg) -> Vec<Effect> {
    update(model, msg, Duration::ZERO)
}

fn event(model: &mut Model, event: ConnectionEvent) -> Vec<Effect> {
    tell(model, Msg::Connection(event))
}

fn compose(model: &mut Model, msg: ComposerMsg) -> Vec<Effect> {
    tell(model, Msg::Compose(msg))
}

fn typed(model: &mut Model, text: &str) {
    tell(model, Msg::EditDraft(text.to_owned()));
}

#[test]
fn a_wrong_text_is_not_sent_and_not_selected() {
    let mut model = page(Platform::Desktop);
    typed(&mut model, "{");
    compose(&mut model, ComposerMsg::SetFormat(Format::Json));
    assert_eq!(model.send_outlook(), SendOutlook::WrongDraft);
    assert_eq!(tell(&mut model, Msg::Send), []);
    assert_eq!(model.composer().draft(), "{");
    let effects = compose(&mut model, ComposerMsg::SendAsText);
    assert_eq!(effects, [Effect::Send("{".into()), Effect::SelectDraft]);
    // What is attached is sent whatever stands in the field.
    compose(&mut model, ComposerMsg::SetFormat(Format::Hex));
    tell(&mut model, Msg::Attach(Attachment::text("raisin".to_owned())));
    assert_eq!(model.send_outlook(), SendOutlook::Sends);
}

#[test]
fn bytes_that_are_not_taken_still_stand_in_the_field() {
    let mut model = page(Platform::Desktop);
    typed(&mut model, "00 ff");
    compose(&mut model, ComposerMsg::SetFormat(Format::Hex));
    let message = Message::from([0, 0xff]);
    assert_eq!(tell(&mut model, Msg::Send)[0], Effect::Send(message.clone()));
    let error = Error::LimitExceeded(LimitExceeded::Outbox { messages: 1, bytes: 1 });
    tell(&mut model, Msg::NotSent { error: error.clone(), message: message.clone() });
    assert_eq!(model.composer().attachments(), []);
    // Unless it does not any more.
    typed(&mut model, "00");
    tell(&mut model, Msg::NotSent { error, message: message.clone() });
    assert_eq!(model.composer().attachments()[0].message, message);
}

#[test]
fn attachments_that_are_not_taken_are_all_there_again() {
    let mut model = page(Platform::Desktop);
    for number in 0..MAX_ATTACHMENTS {
        tell(&mut model, Msg::Attach(Attachment::text(number.to_string())));
    }
    let effects = tell(&mut model, Msg::Send);
    for effect in effects {
        if let Effect::Send(message) = effect {
            tell(&mut model, Msg::NotSent { error: Error::Closed(None), message });
        }
    }
    let texts: Vec<&str> = model
        .composer()
        .attachments()
        .iter()
        .filter_map(|attachment| attachment.message.as_text())
        .collect();
    assert!(texts.iter().copied().eq((0..MAX_ATTACHMENTS).map(|n| n.to_string())), "{texts:?}");
}

#[test]
fn a_saved_message_comes_back_with_its_format_and_name() {
    let mut model = page(Platform::Desktop);
    assert_eq!(model.save_problem(), Some(SaveProblem::NoText));
    typed(&mut model, "00");
    compose(&mut model, ComposerMsg::SetFormat(Format::Hex));
    assert_eq!(model.save_problem(), Some(SaveProblem::NoName));
    compose(&mut model, ComposerMsg::EditSaveName("zero".to_owned()));
    compose(&mut model, ComposerMsg::Save);
    typed(&mut model, "other");
    compose(&mut model, ComposerMsg::SetFormat(Format::Text));
    assert_eq!(compose(&mut model, ComposerMsg::UseSaved(7)), []);
    assert_eq!(compose(&mut model, ComposerMsg::UseSaved(0)), [Effect::EndOfDraft]);
    assert_eq!((model.composer().draft(), model.composer().format()), ("00", Format::Hex));
    assert_eq!(model.composer().save_name(), "zero");
}

#[test]
fn a_close_is_asked_for_only_where_it_may_be_sent() {
    for (platform, code, expected) in [
        (Platform::Desktop, "1001", Some(1001)),
        (Platform::Browser, "1001", None),
        (Platform::Browser, "4999", Some(4999)),
        (Platform::Desktop, "5000", None),
    ] {
        let mut model = page(platform);
        compose(&mut model, ComposerMsg::EditCloseCode(code.to_owned()));
        compose(&mut model, ComposerMsg::EditCloseReason("raisin".to_owned()));
        let effects = compose(&mut model, ComposerMsg::CloseWith);
        let close = |code| Effect::CloseWith(Some(code), "raisin".to_owned());
        assert_eq!(effects, expected.map(close).into_iter().collect::<Vec<_>>(), "{code}");
    }
}

/// A page with a run of three.
fn running() -> Model {
    let mut model = page(Platform::Desktop);
    typed(&mut model, "raisin {n}");
    compose(&mut model, ComposerMsg::ToggleTool(Tool::Repeat));
    compose(&mut model, ComposerMsg::EditEvery("20".to_owned()));
    compose(&mut model, ComposerMsg::EditCount("3".to_owned()));
    let plan =
        RepeatPlan { message: "raisin {n}".into(), every: Duration::from_millis(20), count: 3 };
    assert_eq!(compose(&mut model, ComposerMsg::StartRepeat), [Effect::Repeat(plan)]);
    tell(&mut model, Msg::Repeat(RepeatEvent::Progress { sent: 1, waits: false }));
    model
}

fn state(model: &Model) -> RepeatState {
    model.composer().repeating().map(|run| run.state.clone()).expect("there was a run")
}

#[test]
fn a_run_is_stopped_once() {
    let mut model = running();
    assert_eq!(compose(&mut model, ComposerMsg::StopRepeat), [Effect::StopRepeat]);
    assert_eq!(compose(&mut model, ComposerMsg::StopRepeat), []);
    // What was under way meanwhile is counted, and does not start it again.
    tell(&mut model, Msg::Repeat(RepeatEvent::Progress { sent: 2, waits: true }));
    tell(&mut model, Msg::Repeat(RepeatEvent::Done));
    assert!(matches!(state(&model), RepeatState::Stopped));
    assert_eq!(model.composer().repeating().map(|run| run.sent), Some(2));
}

#[test]
fn a_run_ends_with_its_connection() {
    let mut model = running();
    let lost = ConnectionEvent::Lost {
        attempt: 2,
        wait: Duration::from_secs(1),
        error: None,
        ending: None,
    };
    assert_eq!(event(&mut model, lost), [Effect::StopRepeat]);
    assert!(matches!(state(&model), RepeatState::ConnectionEnded));
    assert_eq!(compose(&mut model, ComposerMsg::StartRepeat), [], "there is no connection");
}

#[test]
fn a_run_says_how_it_ended() {
    let mut model = running();
    tell(&mut model, Msg::Repeat(RepeatEvent::Progress { sent: 2, waits: true }));
    assert!(matches!(state(&model), RepeatState::Waits));
    tell(&mut model, Msg::Repeat(RepeatEvent::Done));
    assert!(matches!(state(&model), RepeatState::Done));
    let mut model = running();
    tell(&mut model, Msg::Repeat(RepeatEvent::Failed(Error::Closed(None))));
    assert!(matches!(state(&model), RepeatState::ConnectionEnded));
}

#[test]
fn a_wrong_interval_or_text_begins_no_run() {
    let mut model = running();
    compose(&mut model, ComposerMsg::StopRepeat);
    compose(&mut model, ComposerMsg::EditEvery("0".to_owned()));
    assert_eq!(compose(&mut model, ComposerMsg::StartRepeat), []);
    compose(&mut model, ComposerMsg::EditEvery("1".to_owned()));
    compose(&mut model, ComposerMsg::SetFormat(Format::Hex));
    assert_eq!(compose(&mut model, ComposerMsg::StartRepeat), []);
    compose(&mut model, ComposerMsg::SetFormat(Format::Text));
    typed(&mut model, "");
    assert_eq!(compose(&mut model, ComposerMsg::StartRepeat), []);
}
