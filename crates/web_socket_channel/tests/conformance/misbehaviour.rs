//! Section 7: a peer that breaks the protocol, once the connection is open.

use std::time::Duration;

use web_socket_channel::{Error, Initiator, LimitExceeded, Options, Timeout};

use super::TEXT;
use super::{
    Failed, Outcome, Scenario, Step, Transport, Until, check, check_eq, check_matches,
    next_message, only_error, round_trip,
};

/// The one error, how it ended, and what the peer was told.
async fn breaks_off(
    transport: &impl Transport,
    raw: &[u8],
    options: Options,
) -> Result<(Error, u16, Option<u16>), Failed> {
    let scenario = Scenario::new([Step::Raw(raw.to_vec())]);
    let (mut channel, visit) = transport.connect_with(&scenario, options)?;
    let error = only_error(&mut channel).await?;
    let event = channel.closed().await;
    check!(!event.was_clean);
    check_eq!(event.initiator, Initiator::Failure);
    let seen = transport.seen(visit, Until::Ended).await?;
    Ok((error, event.code, seen.close.map(|(code, _)| code)))
}

/// It ends with one error, and the peer is told why.
async fn tells_the_peer(transport: &impl Transport, raw: &[u8], code: u16) -> Outcome {
    let (_, _, told) = breaks_off(transport, raw, Options::default()).await?;
    check_eq!(told, Some(code));
    Ok(())
}

/// And so is the program.
async fn tells_the_program(transport: &impl Transport, raw: &[u8], code: u16) -> Outcome {
    let (error, known, _) = breaks_off(transport, raw, Options::default()).await?;
    check_matches!(error, Error::PeerMisbehaved(peer) if peer.code == code);
    check_eq!(known, code);
    Ok(())
}

// Read as a frame, it has reserved bits and a length of 97. What follows must not read as a control frame:
// with a broken one Chromium throws everything away that it has read at once, messages too.
const GARBAGE: &[u8] = b"random words, and nothing but random words; then more of them and more \
                         again, and at the very end of all a last word";
const BAD_TEXT: [u8; 4] = [0x81, 0x02, 0xc3, 0x28];

pub(crate) async fn garbage(transport: &impl Transport) -> Outcome {
    tells_the_peer(transport, GARBAGE, 1002).await
}

pub(crate) async fn garbage_ends_with_1002(transport: &impl Transport) -> Outcome {
    tells_the_program(transport, GARBAGE, 1002).await
}

pub(crate) async fn a_masked_frame(transport: &impl Transport) -> Outcome {
    tells_the_peer(transport, &[0x81, 0x81, 1, 2, 3, 4, b'r' ^ 1], 1002).await
}

pub(crate) async fn a_reserved_bit(transport: &impl Transport) -> Outcome {
    for bit in [0x40, 0x20, 0x10] {
        tells_the_peer(transport, &[0x81 | bit, 0x01, b'r'], 1002).await?;
    }
    Ok(())
}

pub(crate) async fn a_reserved_opcode(transport: &impl Transport) -> Outcome {
    for opcode in [0x3, 0x7, 0xb, 0xf] {
        tells_the_peer(transport, &[0x80 | opcode, 0x00], 1002).await?;
    }
    Ok(())
}

pub(crate) async fn a_control_frame_that_is_fragmented(transport: &impl Transport) -> Outcome {
    tells_the_peer(transport, &[0x09, 0x01, b'r', 0x80, 0x00], 1002).await
}

pub(crate) async fn a_control_frame_over_125_bytes(transport: &impl Transport) -> Outcome {
    let mut ping = vec![0x89, 0x7e, 0x00, 0x7e];
    ping.resize(ping.len() + 126, b'r');
    tells_the_peer(transport, &ping, 1002).await
}

pub(crate) async fn a_continuation_of_nothing(transport: &impl Transport) -> Outcome {
    tells_the_peer(transport, &[0x80, 0x01, b'r'], 1002).await
}

pub(crate) async fn a_message_within_another(transport: &impl Transport) -> Outcome {
    tells_the_peer(transport, &[0x01, 0x01, b'r', 0x81, 0x01, b'g'], 1002).await
}

pub(crate) async fn text_that_is_not_utf8(transport: &impl Transport) -> Outcome {
    tells_the_peer(transport, &BAD_TEXT, 1007).await
}

pub(crate) async fn text_that_is_not_utf8_ends_with_1007(transport: &impl Transport) -> Outcome {
    tells_the_program(transport, &BAD_TEXT, 1007).await
}

pub(crate) async fn text_that_is_not_utf8_in_fragments(transport: &impl Transport) -> Outcome {
    tells_the_peer(transport, &[0x01, 0x01, 0xc3, 0x80, 0x01, 0x28], 1007).await
}

pub(crate) async fn text_that_ends_within_a_character(transport: &impl Transport) -> Outcome {
    tells_the_peer(transport, &[0x81, 0x01, 0xc3], 1007).await?;
    tells_the_peer(transport, &[0x01, 0x01, 0xc3, 0x80, 0x00], 1007).await
}

const LIMIT_BYTES: usize = 1000;

/// 1 001 bytes of binary.
fn over_the_limit() -> Vec<u8> {
    let mut raw = vec![0x82, 0x7e, 0x03, 0xe9];
    raw.resize(raw.len() + 1001, b'r');
    raw
}

async fn exceeds_the_limit(
    transport: &impl Transport,
    raw: Vec<u8>,
    options: Options,
) -> Result<(u16, Option<u16>), Failed> {
    let limit = if options.max_frame_bytes == LIMIT_BYTES {
        LimitExceeded::FrameTooBig { limit: LIMIT_BYTES }
    } else {
        LimitExceeded::MessageTooBig { limit: LIMIT_BYTES }
    };
    let (error, known, told) = breaks_off(transport, &raw, options).await?;
    check_matches!(error, Error::LimitExceeded(reached) if *reached == limit);
    Ok((known, told))
}

fn limit() -> Options {
    Options::default().max_message_bytes(LIMIT_BYTES)
}

pub(crate) async fn a_message_over_the_limit(transport: &impl Transport) -> Outcome {
    let (known, _) = exceeds_the_limit(transport, over_the_limit(), limit()).await?;
    check_eq!(known, 1009);
    Ok(())
}

pub(crate) async fn a_message_over_the_limit_in_fragments(transport: &impl Transport) -> Outcome {
    let mut raw = vec![0x02, 0x7e, 0x01, 0xf5];
    raw.resize(raw.len() + 501, b'r');
    raw.extend([0x80, 0x7e, 0x01, 0xf4]);
    raw.resize(raw.len() + 500, b'r');
    let (known, _) = exceeds_the_limit(transport, raw, limit()).await?;
    check_eq!(known, 1009);
    Ok(())
}

pub(crate) async fn a_peer_that_stops_answering_pings(transport: &impl Transport) -> Outcome {
    let pong_timeout = Duration::from_millis(50);
    let ping_interval = Some(Duration::from_millis(10));
    let options = Options::default().ping_interval(ping_interval).pong_timeout(pong_timeout);
    let scenario = Scenario::new([Step::Send(TEXT.into()), Step::Hold]);
    let (mut channel, visit) = transport.connect_with(&scenario, options)?;
    check_eq!(next_message(&mut channel).await?.as_text(), Some(TEXT));
    let error = only_error(&mut channel).await?;
    check_matches!(error, Error::Timeout(Timeout::Pong(after)) if *after == pong_timeout);
    let event = channel.closed().await;
    check_eq!((event.code, event.was_clean, event.initiator), (1006, false, Initiator::Failure));
    // It was asked, and has heard that we are gone.
    transport.let_go(visit).await?;
    check!(transport.seen(visit, Until::Ended).await?.pings > 0);
    Ok(())
}

pub(crate) async fn a_pong_that_nobody_asked_for_does_no_harm(
    transport: &impl Transport,
) -> Outcome {
    let pong = Step::Raw(vec![0x8a, 0x06, b'r', b'a', b'i', b's', b'i', b'n']);
    let (mut channel, _) = transport.connect(&Scenario::new([pong, Step::Echo]))?;
    round_trip(&mut channel, TEXT).await
}

pub(crate) async fn a_message_over_the_limit_ends_with_1009(transport: &impl Transport) -> Outcome {
    let (_, told) = exceeds_the_limit(transport, over_the_limit(), limit()).await?;
    check_eq!(told, Some(1009));
    let options = Options::default().max_frame_bytes(LIMIT_BYTES);
    let (_, told) = exceeds_the_limit(transport, over_the_limit(), options).await?;
    check_eq!(told, Some(1009));
    Ok(())
}

pub(crate) async fn what_came_before_is_delivered(transport: &impl Transport) -> Outcome {
    let scenario = Scenario::new([Step::Send(TEXT.into()), Step::Raw(GARBAGE.to_vec())]);
    let (mut channel, _) = transport.connect(&scenario)?;
    check_eq!(next_message(&mut channel).await?.as_text(), Some(TEXT));
    only_error(&mut channel).await?;
    Ok(())
}
