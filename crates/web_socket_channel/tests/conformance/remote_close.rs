//! Section 5: the peer closes, or is gone.

use futures::StreamExt as _;
use web_socket_channel::{CloseEvent, Error, Initiator, Message, ReadyState, WebSocketChannel};

use super::{
    Outcome, Scenario, Step, Transport, Until, check, check_eq, check_matches, next_message,
    only_error, round_trip,
};
use super::{PEER_CODE, REASON, TEXT};

fn close(code: u16, reason: &str) -> Step {
    Step::Close(code, reason.to_owned())
}

/// The stream ends, without an error, and the peer was the one to close.
async fn check_closed(channel: &mut WebSocketChannel, code: u16, reason: &str) -> Outcome {
    check_matches!(channel.next().await, None);
    check_matches!(channel.next().await, None);
    let event = CloseEvent::new(code, reason, true, Initiator::Remote);
    check_eq!(channel.closed().await, event);
    check_eq!(channel.close_code(), Some(code));
    check_eq!(channel.close_reason().as_deref(), Some(reason));
    check_eq!(channel.ready_state(), ReadyState::Closed);
    Ok(())
}

async fn closes_after(transport: &impl Transport, message: Message) -> Outcome {
    let scenario = Scenario::new([Step::Receive, close(PEER_CODE, REASON)]);
    let (mut channel, visit) = transport.connect(&scenario)?;
    channel.try_send(message.clone())?;
    check_closed(&mut channel, PEER_CODE, REASON).await?;
    check_eq!(transport.seen(visit, Until::Closed).await?.messages, [message]);
    Ok(())
}

pub(crate) async fn after_text(transport: &impl Transport) -> Outcome {
    closes_after(transport, "other".into()).await
}

pub(crate) async fn after_binary(transport: &impl Transport) -> Outcome {
    closes_after(transport, vec![36, 78].into()).await
}

pub(crate) async fn before_anything_was_sent(transport: &impl Transport) -> Outcome {
    // It comes in one piece with the end of the handshake.
    let (mut channel, _) = transport.connect(&Scenario::new([close(PEER_CODE, "enough 🎨")]))?;
    check_closed(&mut channel, PEER_CODE, "enough 🎨").await?;
    channel.ready().await?;
    Ok(())
}

pub(crate) async fn without_a_code(transport: &impl Transport) -> Outcome {
    let (mut channel, _) = transport.connect(&Scenario::new([close(1005, "")]))?;
    check_closed(&mut channel, 1005, "").await
}

pub(crate) async fn with_a_code_that_no_program_may_pass(transport: &impl Transport) -> Outcome {
    for code in [1001, 1003, 1008, 1011, 1012, 1013] {
        let (mut channel, _) = transport.connect(&Scenario::new([close(code, REASON)]))?;
        check_closed(&mut channel, code, REASON).await?;
    }
    Ok(())
}

pub(crate) async fn with_1014(transport: &impl Transport) -> Outcome {
    let (mut channel, _) = transport.connect(&Scenario::new([close(1014, REASON)]))?;
    check_closed(&mut channel, 1014, REASON).await
}

pub(crate) async fn is_answered(transport: &impl Transport) -> Outcome {
    let (channel, visit) = transport.connect(&Scenario::new([close(PEER_CODE, REASON)]))?;
    channel.closed().await;
    let seen = transport.seen(visit, Until::Closed).await?;
    check_matches!(seen.close, Some((PEER_CODE, _)));
    Ok(())
}

pub(crate) async fn while_nobody_reads_the_stream(transport: &impl Transport) -> Outcome {
    let scenario = Scenario::new([Step::Receive, Step::Send(TEXT.into()), close(PEER_CODE, "")]);
    let (mut channel, _) = transport.connect(&scenario)?;
    channel.try_send("other")?;
    check_eq!(channel.closed().await.code, PEER_CODE);
    check_eq!(channel.ready_state(), ReadyState::Closed);
    // What came before it can still be read.
    check_eq!(next_message(&mut channel).await?.as_text(), Some(TEXT));
    check_closed(&mut channel, PEER_CODE, "").await
}

pub(crate) async fn comes_after_all_messages(transport: &impl Transport) -> Outcome {
    let flood = Step::Flood { messages: 1_000, bytes: 1_000 };
    let (mut channel, _) = transport.connect(&Scenario::new([flood, close(PEER_CODE, REASON)]))?;
    for number in 0..1_000 {
        let message = next_message(&mut channel).await?;
        let number = number.to_string();
        check!(message.as_text().is_some_and(|text| text.starts_with(&number)));
    }
    check_closed(&mut channel, PEER_CODE, REASON).await
}

/// What a peer says after its close was not said.
pub(crate) async fn comes_before_nothing(transport: &impl Transport) -> Outcome {
    let scenario = Scenario::new([
        Step::Send(TEXT.into()),
        close(PEER_CODE, REASON),
        Step::Send("other".into()),
        close(PEER_CODE + 1, "other"),
    ]);
    let (mut channel, _) = transport.connect(&scenario)?;
    check_eq!(next_message(&mut channel).await?.as_text(), Some(TEXT));
    check_closed(&mut channel, PEER_CODE, REASON).await
}

/// The stream yields one error and ends; gives that and how it ended.
async fn breaks_off(transport: &impl Transport, raw: &[u8]) -> Result<(Error, u16), super::Failed> {
    let scenario = Scenario::new([Step::Raw(raw.to_vec())]);
    let (mut channel, visit) = transport.connect(&scenario)?;
    let error = only_error(&mut channel).await?;
    let event = channel.closed().await;
    check!(!event.was_clean);
    check_eq!(event.initiator, Initiator::Failure);
    transport.seen(visit, Until::Ended).await?;
    Ok((error, event.code))
}

/// The same, where the peer is to be blamed and told.
async fn breaks_off_with(transport: &impl Transport, raw: &[u8], code: u16) -> Outcome {
    let (error, told) = breaks_off(transport, raw).await?;
    check_matches!(error, Error::PeerMisbehaved(_));
    check_eq!(told, code);
    Ok(())
}

const BAD_REASON: [u8; 5] = [0x88, 0x03, 0x10, 0x1b, 0xff];
const ONE_BYTE: [u8; 3] = [0x88, 0x01, 0x03];
const CODE_1005: [u8; 4] = [0x88, 0x02, 0x03, 0xed];

pub(crate) async fn a_reason_that_is_not_utf8_is_an_error(transport: &impl Transport) -> Outcome {
    breaks_off(transport, &BAD_REASON).await.map(drop)
}

pub(crate) async fn a_reason_that_is_not_utf8_ends_with_1007(
    transport: &impl Transport,
) -> Outcome {
    breaks_off_with(transport, &BAD_REASON, 1007).await
}

pub(crate) async fn one_byte_of_payload_is_an_error(transport: &impl Transport) -> Outcome {
    breaks_off(transport, &ONE_BYTE).await.map(drop)
}

pub(crate) async fn one_byte_of_payload_ends_with_1002(transport: &impl Transport) -> Outcome {
    breaks_off_with(transport, &ONE_BYTE, 1002).await
}

pub(crate) async fn code_1005_on_the_wire_is_an_error(transport: &impl Transport) -> Outcome {
    breaks_off(transport, &CODE_1005).await.map(drop)
}

pub(crate) async fn code_1005_on_the_wire_ends_with_1002(transport: &impl Transport) -> Outcome {
    breaks_off_with(transport, &CODE_1005, 1002).await
}

/// The stream ends without an error, and the code says the rest.
async fn check_cut(channel: &mut WebSocketChannel) -> Outcome {
    check_matches!(channel.next().await, None);
    let event = CloseEvent::new(1006, "", false, Initiator::Failure);
    check_eq!(channel.closed().await, event);
    channel.ready().await?;
    Ok(())
}

pub(crate) async fn a_cut_after_the_upgrade(transport: &impl Transport) -> Outcome {
    let (mut channel, _) = transport.connect(&Scenario::new([Step::Cut]))?;
    check_cut(&mut channel).await
}

pub(crate) async fn a_cut_in_the_middle_of_a_frame(transport: &impl Transport) -> Outcome {
    // In its header, and in its payload.
    for raw in [vec![0x82, 0x7e, 0x01], vec![0x82, 0x05, 1, 2, 3]] {
        let scenario = Scenario::new([Step::Raw(raw), Step::Cut]);
        let (mut channel, _) = transport.connect(&scenario)?;
        check_cut(&mut channel).await?;
    }
    Ok(())
}

pub(crate) async fn a_reset(transport: &impl Transport) -> Outcome {
    let scenario = Scenario::new([Step::Receive, Step::Reset]);
    let (mut channel, _) = transport.connect(&scenario)?;
    channel.try_send(TEXT)?;
    check_cut(&mut channel).await
}

pub(crate) async fn what_came_before_a_cut_is_delivered(transport: &impl Transport) -> Outcome {
    let scenario = Scenario::new([
        Step::Receive,
        Step::Send(TEXT.into()),
        Step::Receive,
        Step::Send("other".into()),
        Step::Cut,
    ]);
    let (mut channel, _) = transport.connect(&scenario)?;
    round_trip(&mut channel, TEXT).await?;
    round_trip(&mut channel, "other").await?;
    check_cut(&mut channel).await
}
