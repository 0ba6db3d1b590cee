//! Section 4: this end closes.

use std::time::Duration;

use futures::StreamExt as _;
use web_socket_channel::{CloseEvent, Initiator, Options};

use super::{
    Answer, Outcome, Scenario, Step, Transport, Until, check, check_eq, check_matches,
    next_message, round_trip,
};
use super::{OUR_CODE, PEER_CODE, REASON, TEXT};

/// A close timeout that a test can wait for. It is what these cases are about, so it must strike.
fn short_timeout() -> Options {
    Options::default().close_timeout(Duration::from_millis(100))
}

pub(crate) async fn nothing_is_delivered_after_it(transport: &impl Transport) -> Outcome {
    let flood = Step::Flood { messages: 10_000, bytes: 10 };
    let (mut channel, visit) = transport.connect(&Scenario::new([flood]))?;
    next_message(&mut channel).await?;
    transport.seen(visit, Until::Sent(10_000)).await?;
    let closing = channel.close_with(OUR_CODE, REASON)?;
    check_matches!(channel.next().await, None);
    check!(closing.await.was_clean);
    check_matches!(channel.next().await, None);
    let seen = transport.seen(visit, Until::Closed).await?;
    check_eq!(seen.close, Some((OUR_CODE, REASON.to_owned())));
    Ok(())
}

pub(crate) async fn nothing_is_delivered_after_it_even_if_the_peer_has_closed(
    transport: &impl Transport,
) -> Outcome {
    let flood = Step::Flood { messages: 100, bytes: 10 };
    let scenario = Scenario::new([flood, Step::Close(PEER_CODE, REASON.into())]);
    let (mut channel, _) = transport.connect(&scenario)?;
    next_message(&mut channel).await?;
    channel.closed().await;
    channel.close_with(OUR_CODE, "")?;
    check_matches!(channel.next().await, None);
    check_eq!(channel.close_code(), Some(PEER_CODE));
    Ok(())
}

async fn closes(transport: &impl Transport, code: impl Into<Option<u16>>, reason: &str) -> Outcome {
    let code = code.into();
    let (mut channel, visit) = transport.connect(&Scenario::echo())?;
    round_trip(&mut channel, "other").await?;
    let event = channel.close_with(code, reason)?.await;
    let code = code.unwrap_or(1005);
    check_eq!(event.code, code);
    check!(event.was_clean);
    check_eq!(event.initiator, Initiator::Local);
    let seen = transport.seen(visit, Until::Closed).await?;
    check_eq!(seen.close, Some((code, reason.to_owned())));
    check_matches!(channel.next().await, None);
    Ok(())
}

pub(crate) async fn without_a_code(transport: &impl Transport) -> Outcome {
    closes(transport, None, "").await
}

pub(crate) async fn with_1000(transport: &impl Transport) -> Outcome {
    closes(transport, 1000, "").await
}

pub(crate) async fn with_3000(transport: &impl Transport) -> Outcome {
    closes(transport, 3000, "").await
}

pub(crate) async fn with_4999(transport: &impl Transport) -> Outcome {
    closes(transport, 4999, "").await
}

pub(crate) async fn with_a_reason(transport: &impl Transport) -> Outcome {
    closes(transport, 3000, "enough 🎨").await
}

pub(crate) async fn with_the_longest_reason(transport: &impl Transport) -> Outcome {
    closes(transport, OUR_CODE, &format!("{}custom!", "🎨".repeat(29))).await
}

pub(crate) async fn right_after_connect(transport: &impl Transport) -> Outcome {
    let (mut channel, visit) = transport.connect(&Scenario::echo())?;
    let closing = channel.close_with(OUR_CODE, REASON)?;
    check_matches!(channel.next().await, None);
    let seen = transport.seen(visit, Until::Closed).await?;
    check_eq!(seen.close, Some((OUR_CODE, REASON.to_owned())));
    check_eq!(closing.await.code, OUR_CODE);
    Ok(())
}

pub(crate) async fn before_the_handshake_is_done(transport: &impl Transport) -> Outcome {
    let (channel, visit) = transport.connect(&Scenario::echo().held())?;
    transport.seen(visit, Until::Asked).await?;
    channel.try_send("other")?;
    let closing = channel.close_with(OUR_CODE, REASON)?;
    transport.let_go(visit).await?;
    let event = closing.await;
    check_eq!(event.code, OUR_CODE);
    check!(event.was_clean);
    channel.ready().await?;
    let seen = transport.seen(visit, Until::Closed).await?;
    check_eq!(seen.messages, ["other".into()]);
    check_eq!(seen.close, Some((OUR_CODE, REASON.to_owned())));
    Ok(())
}

pub(crate) async fn comes_after_what_was_sent(transport: &impl Transport) -> Outcome {
    let (channel, visit) = transport.connect(&Scenario::new([]))?;
    channel.ready().await?;
    for _ in 0..1_000 {
        channel.try_send(TEXT.repeat(100))?;
    }
    channel.close_with(OUR_CODE, "")?.await;
    let seen = transport.seen(visit, Until::Closed).await?;
    check_eq!(seen.received, 1_000);
    check_eq!(channel.buffered_amount(), 0);
    Ok(())
}

/// How a close ends that nobody answers.
fn unanswered() -> CloseEvent {
    CloseEvent::new(1006, "", false, Initiator::Local)
}

pub(crate) async fn of_a_peer_that_never_answers_times_out(transport: &impl Transport) -> Outcome {
    let (mut channel, visit) =
        transport.connect_with(&Scenario::new([Step::Ignore]), short_timeout())?;
    channel.ready().await?;
    check_eq!(channel.close_with(OUR_CODE, REASON)?.await, unanswered());
    check_matches!(channel.next().await, None);
    let seen = transport.seen(visit, Until::Closed).await?;
    check_eq!(seen.close, Some((OUR_CODE, REASON.to_owned())));
    Ok(())
}

pub(crate) async fn of_a_peer_that_never_answers_frees_the_socket(
    transport: &impl Transport,
) -> Outcome {
    let (channel, visit) =
        transport.connect_with(&Scenario::new([Step::Ignore]), short_timeout())?;
    channel.ready().await?;
    channel.close_with(OUR_CODE, REASON)?.await;
    // Though the channel is still here.
    transport.seen(visit, Until::Ended).await?;
    Ok(())
}

pub(crate) async fn of_a_peer_that_never_reads_times_out(transport: &impl Transport) -> Outcome {
    let (channel, visit) = transport.connect_with(&Scenario::new([Step::Hold]), short_timeout())?;
    channel.ready().await?;
    // More than the buffers of any system hold, so that the close can't even be written.
    for _ in 0..12 {
        channel.try_send(vec![0; 1 << 20])?;
    }
    check_eq!(channel.close_with(OUR_CODE, REASON)?.await, unanswered());
    check!(channel.buffered_amount() > 0, "what was not sent stays in the figure");
    transport.let_go(visit).await
}

pub(crate) async fn of_a_handshake_that_is_never_answered_times_out(
    transport: &impl Transport,
) -> Outcome {
    let scenario = Scenario::answer(Answer::Silence);
    let (mut channel, visit) = transport.connect_with(&scenario, short_timeout())?;
    let event = channel.close_with(OUR_CODE, REASON)?.await;
    check_eq!(event.code, 1006);
    check_matches!(channel.next().await, None);
    transport.seen(visit, Until::Ended).await?;
    Ok(())
}

pub(crate) async fn is_remembered(transport: &impl Transport) -> Outcome {
    let (channel, _) = transport.connect(&Scenario::echo())?;
    channel.ready().await?;
    channel.close_with(OUR_CODE, REASON)?.await;
    // As the peer's answer counts: it has the code, and no reason.
    check_eq!(channel.close_code(), Some(OUR_CODE));
    check_matches!(channel.close_event(), Some(CloseEvent { was_clean: true, .. }));
    Ok(())
}

pub(crate) async fn is_not_clean_if_the_peer_cuts_instead(transport: &impl Transport) -> Outcome {
    let scenario = Scenario::new([Step::Receive, Step::Hold, Step::Cut]);
    let (mut channel, visit) = transport.connect(&scenario)?;
    channel.try_send("other")?;
    transport.seen(visit, Until::Received(1)).await?;
    let closing = channel.close_with(OUR_CODE, REASON)?;
    transport.let_go(visit).await?;
    check_eq!(closing.await, unanswered());
    check_matches!(channel.next().await, None);
    Ok(())
}

pub(crate) async fn is_not_clean_if_the_answer_may_not_be_sent(
    transport: &impl Transport,
) -> Outcome {
    for code in [1005_u16, 1006, 1015] {
        let [high, low] = code.to_be_bytes();
        let answer = Step::Raw(vec![0x88, 0x02, high, low]);
        let scenario = Scenario::new([Step::Ignore, Step::Receive, Step::Hold, answer]);
        let (mut channel, visit) = transport.connect(&scenario)?;
        channel.try_send("other")?;
        transport.seen(visit, Until::Received(1)).await?;
        let closing = channel.close_with(OUR_CODE, REASON)?;
        transport.let_go(visit).await?;
        let event = closing.await;
        check!(!event.was_clean, "the answer {code} makes {event:?} of it");
        check_matches!(channel.next().await, None);
    }
    Ok(())
}
