//! Section 8: nothing grows without a bound, and nothing is lost at one.

use futures::StreamExt as _;
use futures::{FutureExt as _, SinkExt as _};
use web_socket_channel::{Bound, Error, LimitExceeded, Options, SendError};

use super::{
    Failed, Outcome, Scenario, Step, Transport, Until, check, check_eq, check_matches,
    next_message, round_trip,
};
use super::{PEER_CODE, REASON, TEXT};

fn small_outbox() -> Options {
    Options::default().outbox(Bound { messages: 3, bytes: 1_000 })
}

pub(crate) async fn a_full_outbox_gives_the_message_back(transport: &impl Transport) -> Outcome {
    let (mut channel, visit) = transport.connect_with(&Scenario::echo().held(), small_outbox())?;
    for message in ["a", "b", "c"] {
        channel.try_send(message)?;
    }
    match channel.try_send(TEXT) {
        Err(SendError { message, error }) => {
            check_eq!(message.as_text(), Some(TEXT));
            let limit = LimitExceeded::Outbox { messages: 3, bytes: 1_000 };
            check_matches!(error, Error::LimitExceeded(reached) if *reached == limit);
        }
        Ok(()) => return Err(Failed::new("it was accepted")),
    }
    check_eq!(channel.buffered_amount(), 3);
    transport.let_go(visit).await?;
    for message in ["a", "b", "c"] {
        check_eq!(next_message(&mut channel).await?.as_text(), Some(message));
    }
    channel.feed(TEXT.into()).await?;
    check_eq!(next_message(&mut channel).await?.as_text(), Some(TEXT));

    // The same, by bytes; the message that passes the mark is still taken.
    let (channel, _) = transport.connect_with(&Scenario::echo().held(), small_outbox())?;
    channel.try_send("r".repeat(999))?;
    channel.try_send("r".repeat(999))?;
    check_matches!(
        channel.try_send(""),
        Err(SendError { error: Error::LimitExceeded(LimitExceeded::Outbox { .. }), .. })
    );
    Ok(())
}

pub(crate) async fn a_full_outbox_has_the_sink_wait(transport: &impl Transport) -> Outcome {
    let (mut channel, visit) = transport.connect_with(&Scenario::new([]).held(), small_outbox())?;
    for message in ["a", "b", "c"] {
        channel.feed(message.into()).await?;
    }
    check_matches!(channel.feed(TEXT.into()).now_or_never(), None);
    transport.let_go(visit).await?;
    channel.feed(TEXT.into()).await?;
    let seen = transport.seen(visit, Until::Received(4)).await?;
    check_eq!(seen.messages, ["a", "b", "c", TEXT].map(Into::into));
    Ok(())
}

pub(crate) async fn pings_are_answered_while_nobody_reads(transport: &impl Transport) -> Outcome {
    let scenario = Scenario::new([
        Step::Ping(b"a text".to_vec()),
        Step::Send("other".into()),
        Step::Ping(Vec::new()),
    ]);
    let (channel, visit) = transport.connect(&scenario)?;
    let seen = transport.seen(visit, Until::Pongs(2)).await?;
    check_eq!(seen.pongs, [b"a text".to_vec(), Vec::new()]);
    drop(channel);
    Ok(())
}

pub(crate) async fn a_flood_of_pings_is_answered(transport: &impl Transport) -> Outcome {
    let pings = (0..500_u16).flat_map(|number| {
        let [high, low] = number.to_be_bytes();
        [0x89, 0x02, high, low]
    });
    let flood = Step::Raw(pings.collect());
    let scenario = Scenario::new([flood, Step::Send(TEXT.into()), Step::Echo]);
    let (mut channel, visit) = transport.connect(&scenario)?;
    check_eq!(next_message(&mut channel).await?.as_text(), Some(TEXT));
    round_trip(&mut channel, "other").await?;
    // One answer may stand for many pings, but it is the last that must be answered.
    let seen = transport.seen(visit, Until::Received(1)).await?;
    check_eq!(seen.pongs.last(), Some(&499_u16.to_be_bytes().to_vec()));
    Ok(())
}

const FLOOD: usize = 10_000;

/// A reader that is slower than its peer: it doesn't begin before the inbox, which has room for
/// ten messages, is full.
async fn reads_all(transport: &impl Transport, inbox: Bound, bytes: usize) -> Outcome {
    let flood = Step::Flood { messages: FLOOD, bytes };
    let scenario = Scenario::new([flood, Step::Close(PEER_CODE, REASON.to_owned())]);
    let options = Options::default().inbox(inbox);
    let (mut channel, visit) = transport.connect_with(&scenario, options)?;
    transport.seen(visit, Until::Sent(10)).await?;
    for number in 0..FLOOD {
        let message = next_message(&mut channel).await?;
        let expected = super::scenario::flood_message(number, bytes);
        check!(message == expected, "the message {number} is lost");
    }
    check_matches!(channel.next().await, None);
    check_eq!(channel.close_code(), Some(PEER_CODE));
    Ok(())
}

pub(crate) async fn a_full_inbox_loses_nothing(transport: &impl Transport) -> Outcome {
    reads_all(transport, Bound { messages: 10, bytes: 1 << 20 }, 10).await
}

pub(crate) async fn a_full_inbox_of_bytes_loses_nothing(transport: &impl Transport) -> Outcome {
    reads_all(transport, Bound { messages: 10_000, bytes: 10_000 }, 1_000).await
}
