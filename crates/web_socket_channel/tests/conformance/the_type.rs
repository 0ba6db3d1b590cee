//! Section 1: the members of a channel, each in every phase of its life.

use futures::channel::oneshot;
use futures::future::join;
use futures::{SinkExt, StreamExt as _};
use web_socket_channel::{
    Bound, Closing, Connection, Error, Initiator, Message, Options, Ready, ReadyState, SendError,
    WebSocketChannel, WebSocketSink, WebSocketStream, memory,
};

use super::{
    Answer, Failed, Outcome, Scenario, Step, Transport, Until, check, check_eq, check_matches,
    next_message, only_error, round_trip,
};
use super::{OUR_CODE, PEER_CODE, REASON, TEXT};

// Wherever this compiles they are, on wasm too.
const _: () = {
    const fn is_send<T: Send + Unpin + 'static>() {}
    is_send::<WebSocketChannel>();
    is_send::<WebSocketStream>();
    is_send::<WebSocketSink>();
    is_send::<Ready>();
    is_send::<Closing>();
    is_send::<memory::Remote>();
    is_send::<Error>();
    is_send::<SendError>();
    const fn is_sync<T: Sync>() {}
    is_sync::<WebSocketChannel>();
    is_sync::<Connection>();
};

fn refused() -> Scenario {
    Scenario::answer(Answer::Refuse(404))
}

pub(crate) async fn connecting_says_so_and_blocks_nothing(transport: &impl Transport) -> Outcome {
    let (channel, _) = transport.connect(&Scenario::echo().held())?;
    check_eq!(channel.ready_state(), ReadyState::Connecting);
    check_eq!(channel.protocol(), None);
    check_eq!(channel.extensions(), "");
    check_eq!(channel.close_code(), None);
    check_eq!(channel.close_reason(), None);
    check_eq!(channel.close_event(), None);
    check_eq!(channel.buffered_amount(), 0);
    Ok(())
}

pub(crate) async fn an_open_channel_knows_itself(transport: &impl Transport) -> Outcome {
    let (mut channel, _) = transport.connect(&Scenario::echo())?;
    channel.ready().await?;
    check_eq!(channel.ready_state(), ReadyState::Open);
    check!(!channel.url().is_empty());
    if let Ok(base) = transport.base() {
        check!(channel.url().starts_with(&base), "the URL is {}", channel.url());
    }
    check_eq!(channel.protocol(), None);
    check_eq!(channel.extensions(), "");
    check_eq!(channel.close_event(), None);
    channel.close_with(OUR_CODE, REASON)?.await;
    check_eq!(channel.ready_state(), ReadyState::Closed);
    check_matches!(channel.next().await, None);
    Ok(())
}

pub(crate) async fn a_closing_channel_says_so(transport: &impl Transport) -> Outcome {
    let (mut channel, _) = transport.connect(&Scenario::echo())?;
    channel.ready().await?;
    let closing = channel.close_with(OUR_CODE, REASON)?;
    check_eq!(channel.ready_state(), ReadyState::Closing);
    check_eq!(channel.close_event(), None);
    check_matches!(channel.feed(TEXT.into()).await, Err(Error::Closed(None)));
    closing.await;
    check_eq!(channel.ready_state(), ReadyState::Closed);
    Ok(())
}

pub(crate) async fn ready_may_be_awaited_many_times(transport: &impl Transport) -> Outcome {
    let (channel, _) = transport.connect(&Scenario::echo())?;
    let ready = channel.ready();
    let (first, second) = join(ready.clone(), channel.ready()).await;
    first?;
    second?;
    channel.ready().await?;
    channel.close_with(1000, "")?.await;
    ready.await?;
    channel.ready().await?;
    Ok(())
}

pub(crate) async fn ready_need_not_be_awaited(transport: &impl Transport) -> Outcome {
    let (mut channel, _) = transport.connect(&Scenario::echo())?;
    round_trip(&mut channel, TEXT).await
}

pub(crate) async fn futures_outlive_the_channel(transport: &impl Transport) -> Outcome {
    let (channel, _) = transport.connect(&Scenario::echo())?;
    let (ready, closed) = (channel.ready(), channel.closed());
    drop(channel);
    // Nobody waits for it, and nothing waits to be sent: it may have been given up.
    check_matches!(ready.await, Ok(()) | Err(Error::Closed(Some(_))));
    check_eq!(closed.await.initiator, Initiator::Local);
    Ok(())
}

pub(crate) async fn a_failed_connect_shows_in_ready_and_in_the_stream(
    transport: &impl Transport,
) -> Outcome {
    let (mut channel, _) = transport.connect(&refused())?;
    let Err(told_by_ready) = channel.ready().await else {
        return Err(Failed::new("it connected"));
    };
    let told_by_stream = only_error(&mut channel).await?;
    check_eq!(told_by_ready.to_string(), told_by_stream.to_string());
    check_matches!(channel.ready().await, Err(_));
    check_eq!(channel.ready_state(), ReadyState::Closed);
    let event = channel.closed().await;
    check_eq!(event.code, 1006);
    check_eq!(event.reason, "");
    check!(!event.was_clean);
    check_eq!(event.initiator, Initiator::Failure);
    check_eq!(channel.close_event(), Some(event));
    check_eq!(channel.protocol(), None);
    Ok(())
}

pub(crate) async fn a_failed_connect_that_nobody_looks_at_does_no_harm(
    transport: &impl Transport,
) -> Outcome {
    let (ignored, visit) = transport.connect(&refused())?;
    transport.seen(visit, Until::Asked).await?;
    drop(ignored);
    let (mut channel, _) = transport.connect(&Scenario::echo())?;
    round_trip(&mut channel, TEXT).await
}

pub(crate) async fn what_is_sent_before_ready_is_queued_in_order(
    transport: &impl Transport,
) -> Outcome {
    let (mut channel, visit) = transport.connect(&Scenario::echo().held())?;
    let messages = [Message::from("a"), vec![1].into(), "b".into(), vec![2].into()];
    channel.try_send(messages[0].clone())?;
    channel.try_send(messages[1].clone())?;
    transport.seen(visit, Until::Asked).await?;
    channel.try_send(messages[2].clone())?;
    check_eq!(channel.ready_state(), ReadyState::Connecting);
    transport.let_go(visit).await?;
    channel.ready().await?;
    channel.try_send(messages[3].clone())?;
    for message in messages {
        check_eq!(next_message(&mut channel).await?, message);
    }
    Ok(())
}

fn check_given_back(channel: &WebSocketChannel) -> Outcome {
    match channel.try_send(TEXT) {
        Err(SendError { message, error: Error::Closed(_) }) => {
            check_eq!(message.as_text(), Some(TEXT));
            check_eq!(channel.buffered_amount(), 0);
            Ok(())
        }
        other => Err(Failed::new(format_args!("send returns {other:?}"))),
    }
}

pub(crate) async fn a_send_after_the_close_gives_the_message_back(
    transport: &impl Transport,
) -> Outcome {
    let (mut channel, _) = transport.connect(&Scenario::echo())?;
    channel.ready().await?;
    let closing = channel.close_with(1000, "")?;
    check_given_back(&channel)?;
    check_matches!(channel.feed(TEXT.into()).await, Err(Error::Closed(_)));
    closing.await;
    check_given_back(&channel)?;
    check_matches!(channel.feed(TEXT.into()).await, Err(Error::Closed(Some(_))));
    Ok(())
}

pub(crate) async fn a_send_after_the_peers_close_gives_the_message_back(
    transport: &impl Transport,
) -> Outcome {
    let (channel, _) =
        transport.connect(&Scenario::new([Step::Close(PEER_CODE, REASON.into())]))?;
    let event = channel.closed().await;
    check_given_back(&channel)?;
    // Which says how it ended as well.
    match channel.try_send(TEXT).map_err(|unsent| unsent.error) {
        Err(Error::Closed(Some(told))) => check_eq!(*told, event),
        other => return Err(Failed::new(format_args!("send returns {other:?}"))),
    }
    Ok(())
}

pub(crate) async fn the_sink_waits_flushes_and_closes(transport: &impl Transport) -> Outcome {
    let (mut channel, visit) = transport.connect(&Scenario::echo())?;
    channel.feed("first".into()).await?;
    SinkExt::send(&mut channel, "second".into()).await?;
    channel.flush().await?;
    check_eq!(next_message(&mut channel).await?.as_text(), Some("first"));
    check_eq!(next_message(&mut channel).await?.as_text(), Some("second"));
    SinkExt::close(&mut channel).await?;
    check_eq!(channel.ready_state(), ReadyState::Closed);
    check_eq!(transport.seen(visit, Until::Closed).await?.close, Some((1005, String::new())));
    // Closing what is closed is fine for a sink.
    SinkExt::close(&mut channel).await?;
    Ok(())
}

pub(crate) async fn close_is_idempotent(transport: &impl Transport) -> Outcome {
    let (channel, visit) = transport.connect(&Scenario::echo())?;
    channel.ready().await?;
    let first = channel.close_with(OUR_CODE, REASON)?;
    let second = channel.close_with(PEER_CODE, "other")?;
    let (first, second) = join(first, second).await;
    check_eq!(first, second);
    check_eq!(channel.close_with(PEER_CODE + 1, "other")?.await, first);
    check_eq!(channel.close_event(), Some(first));
    let seen = transport.seen(visit, Until::Closed).await?;
    check_eq!(seen.close, Some((OUR_CODE, REASON.to_owned())));
    Ok(())
}

pub(crate) async fn close_completes_on_a_channel_that_never_connected(
    transport: &impl Transport,
) -> Outcome {
    let (mut channel, _) = transport.connect(&refused())?;
    let event = channel.close_with(OUR_CODE, REASON)?.await;
    check_eq!(event.code, 1006);
    check!(!event.was_clean);
    check_matches!(channel.next().await, None);
    check_matches!(channel.ready().await, Err(_));
    check_eq!(channel.close_with(OUR_CODE, "")?.await, event);
    Ok(())
}

pub(crate) async fn the_protocol_is_readable_after_the_close(
    transport: &impl Transport,
) -> Outcome {
    let answer = Answer::Accept(Some("superchat".to_owned()));
    let scenario = Scenario { answer, ..Scenario::echo() };
    let options = Options::default().protocols(vec!["superchat".to_owned()]);
    let (channel, _) = transport.connect_with(&scenario, options)?;
    channel.ready().await?;
    check_eq!(channel.protocol().as_deref(), Some("superchat"));
    channel.close_with(1000, "")?.await;
    check_eq!(channel.protocol().as_deref(), Some("superchat"));
    Ok(())
}

pub(crate) async fn buffered_amount_counts_what_waits(transport: &impl Transport) -> Outcome {
    let (mut channel, visit) = transport.connect(&Scenario::echo().held())?;
    channel.try_send("Hello World!")?;
    check_eq!(channel.buffered_amount(), 12);
    channel.try_send("🎨")?;
    check_eq!(channel.buffered_amount(), 16);
    channel.try_send(vec![0; 100])?;
    check_eq!(channel.buffered_amount(), 116);
    transport.let_go(visit).await?;
    for _ in 0..3 {
        next_message(&mut channel).await?;
    }
    // What has come back has left; a transport may take a moment to notice, but not for ever.
    while channel.buffered_amount() > 0 {
        round_trip(&mut channel, "").await?;
    }
    Ok(())
}

pub(crate) async fn halves_live_on_different_tasks(transport: &impl Transport) -> Outcome {
    let (channel, _) = transport.connect(&Scenario::echo())?;
    let (sink, mut stream) = channel.split();
    let (first_is_back, on_first) = oneshot::channel::<()>();
    let (report, reported) = oneshot::channel();
    transport.spawn(async move {
        let outcome: Outcome = async {
            sink.try_send(TEXT)?;
            on_first.await?;
            check_eq!(sink.ready_state(), ReadyState::Open);
            sink.close_with(OUR_CODE, "")?.await;
            check_eq!(sink.close_code(), Some(OUR_CODE));
            Ok(())
        }
        .await;
        // Nobody waits for it if the case has failed already.
        let _ = report.send(outcome);
    });
    check_eq!(stream.next().await.transpose()?, Some(TEXT.into()));
    check_eq!(stream.ready_state(), ReadyState::Open);
    let _ = first_is_back.send(());
    check_matches!(stream.next().await, None);
    check_eq!(stream.close_code(), Some(OUR_CODE));
    reported.await?
}

pub(crate) async fn dropping_one_half_changes_nothing(transport: &impl Transport) -> Outcome {
    let (channel, _) = transport.connect(&Scenario::echo())?;
    let (sink, mut stream) = channel.split();
    sink.try_send(TEXT)?;
    drop(sink);
    check_eq!(stream.next().await.transpose()?, Some(TEXT.into()));
    stream.try_send("other")?;
    check_eq!(stream.next().await.transpose()?, Some("other".into()));

    let (channel, visit) = transport.connect(&Scenario::echo())?;
    let (sink, stream) = channel.split();
    drop(stream);
    sink.try_send(TEXT)?;
    transport.seen(visit, Until::Received(1)).await?;
    check_eq!(sink.ready_state(), ReadyState::Open);
    Ok(())
}

/// What comes is discarded, though it is far more than the inbox holds, so that the close behind it
/// is seen.
pub(crate) async fn without_its_reading_half_it_lives_on(transport: &impl Transport) -> Outcome {
    let steps = [
        Step::Receive,
        Step::Flood { messages: 50, bytes: 10 },
        Step::Receive,
        Step::Flood { messages: 50, bytes: 10 },
        Step::Close(PEER_CODE, "enough".to_owned()),
    ];
    let options = Options::default().inbox(Bound { messages: 60, bytes: 1 << 20 });
    let (channel, visit) = transport.connect_with(&Scenario::new(steps), options)?;
    channel.ready().await?;
    let (sink, mut stream) = channel.split();
    sink.try_send("begin")?;
    check_matches!(stream.next().await, Some(Ok(_)));
    drop(stream);
    sink.try_send("go on")?;
    check_eq!(sink.closed().await.code, PEER_CODE);
    check_matches!(sink.try_send("late"), Err(SendError { error: Error::Closed(Some(_)), .. }));
    drop(sink);
    let seen = transport.seen(visit, Until::Ended).await?;
    check_eq!(seen.messages, ["begin", "go on"].map(Into::into));
    Ok(())
}

pub(crate) async fn a_handle_keeps_nothing_open(transport: &impl Transport) -> Outcome {
    let (channel, visit) = transport.connect(&Scenario::echo())?;
    channel.ready().await?;
    let handle = Connection::clone(&channel);
    check_eq!(handle.ready_state(), ReadyState::Open);
    handle.try_send("from a handle")?;
    drop(channel);
    check_eq!(handle.closed().await.initiator, Initiator::Local);
    check_matches!(handle.try_send("late"), Err(SendError { error: Error::Closed(_), .. }));
    transport.seen(visit, Until::Ended).await?;
    Ok(())
}

pub(crate) async fn a_flush_waits_until_everything_has_left(transport: &impl Transport) -> Outcome {
    let (mut channel, visit) = transport.connect(&Scenario::new([]))?;
    for _ in 0..100 {
        channel.feed(vec![0; 10_000].into()).await?;
    }
    channel.flush().await?;
    // In memory a message is with the peer at once, and counts until that reads it.
    check!(channel.buffered_amount() == 0 || channel.url().starts_with("memory:"));
    channel.send("the last one".into()).await?;
    check_eq!(transport.seen(visit, Until::Received(101)).await?.received, 101);
    // Nothing waits any more, and after the end nothing ever will.
    channel.close().await;
    check_matches!(channel.flush().await, Ok(()));
    Ok(())
}

pub(crate) async fn dropping_the_channel_hangs_up(transport: &impl Transport) -> Outcome {
    let (mut channel, visit) = transport.connect(&Scenario::echo())?;
    round_trip(&mut channel, TEXT).await?;
    let (sink, stream) = channel.split();
    drop(sink);
    drop(stream);
    let seen = transport.seen(visit, Until::Ended).await?;
    check_matches!(seen.close, Some(_));
    Ok(())
}

pub(crate) async fn dropping_the_channel_says_that_it_goes_away(
    transport: &impl Transport,
) -> Outcome {
    let (channel, visit) = transport.connect(&Scenario::echo())?;
    channel.ready().await?;
    drop(channel);
    let seen = transport.seen(visit, Until::Closed).await?;
    check_eq!(seen.close, Some((1001, String::new())));
    Ok(())
}

pub(crate) async fn dropping_the_channel_sends_what_it_accepted(
    transport: &impl Transport,
) -> Outcome {
    let (channel, visit) = transport.connect(&Scenario::new([]))?;
    for number in 0..100 {
        channel.try_send(number.to_string())?;
    }
    drop(channel);
    let seen = transport.seen(visit, Until::Ended).await?;
    check_eq!(seen.received, 100);
    check_matches!(seen.close, Some(_));
    Ok(())
}

pub(crate) async fn dropping_a_channel_that_connects_hangs_up(
    transport: &impl Transport,
) -> Outcome {
    let (channel, visit) = transport.connect(&Scenario::echo().held())?;
    transport.seen(visit, Until::Asked).await?;
    drop(channel);
    transport.let_go(visit).await?;
    transport.seen(visit, Until::Ended).await?;
    Ok(())
}

pub(crate) async fn dropping_a_channel_with_messages_unread_hangs_up(
    transport: &impl Transport,
) -> Outcome {
    let flood = Step::Flood { messages: 1_000, bytes: 100 };
    let (mut channel, visit) = transport.connect(&Scenario::new([flood]))?;
    next_message(&mut channel).await?;
    transport.seen(visit, Until::Sent(1_000)).await?;
    drop(channel);
    let seen = transport.seen(visit, Until::Ended).await?;
    check_matches!(seen.close, Some(_));
    Ok(())
}
