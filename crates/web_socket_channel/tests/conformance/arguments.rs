//! Section 2: arguments, checked before anything is dialled.

use std::time::Duration;

use web_socket_channel::handshake::InvalidRequest;
use web_socket_channel::{Bound, InvalidArgument, Options, ReadyState, WebSocketChannel};

use super::{
    Answer, Failed, Opening, Outcome, Scenario, Transport, Until, check_eq, check_matches,
};
use super::{OUR_CODE, REASON};

pub(crate) async fn http_means_ws(transport: &impl Transport) -> Outcome {
    let base = transport.base()?;
    let http = base.replacen("ws:", "HTTP:", 1);
    let channel = WebSocketChannel::connect(&http)?;
    check_eq!(channel.url().trim_end_matches('/'), base);
    check_eq!(WebSocketChannel::connect("https://127.0.0.1:1")?.url(), "wss://127.0.0.1:1/");
    Ok(())
}

pub(crate) async fn another_scheme_is_an_error(transport: &impl Transport) -> Outcome {
    let base = transport.base()?;
    for scheme in ["ftp", "custom", "wsx"] {
        let url = base.replacen("ws", scheme, 1);
        let misuse = InvalidArgument::Scheme(scheme.to_owned());
        check_eq!(WebSocketChannel::connect(&url).err(), Some(misuse));
    }
    Ok(())
}

pub(crate) async fn a_fragment_is_an_error(transport: &impl Transport) -> Outcome {
    let base = transport.base()?;
    for fragment in ["/#", "/#custom", "/custom?a=b#"] {
        let url = format!("{base}{fragment}");
        check_eq!(WebSocketChannel::connect(&url).err(), Some(InvalidArgument::Fragment));
    }
    Ok(())
}

/// Checked before anything is dialled; zero is no time-out, and no bound.
pub(crate) async fn an_option_out_of_its_range_is_an_error(transport: &impl Transport) -> Outcome {
    transport.base()?;
    let too_short = Options::SHORTEST_TIME - Duration::from_nanos(1);
    let nothing = [Bound { messages: 0, bytes: 1 }, Bound { messages: 1, bytes: 0 }];
    let mut wrong = vec![
        ("max_message_bytes", Options::new().max_message_bytes(0)),
        ("max_frame_bytes", Options::new().max_frame_bytes(0)),
    ];
    for time in [Duration::ZERO, too_short] {
        wrong.push(("connect_timeout", Options::new().connect_timeout(time)));
        wrong.push(("close_timeout", Options::new().close_timeout(time)));
        wrong.push(("ping_interval", Options::new().ping_interval(time)));
        wrong.push(("pong_timeout", Options::new().pong_timeout(time)));
    }
    for bound in nothing {
        wrong.push(("inbox", Options::new().inbox(bound)));
        wrong.push(("outbox", Options::new().outbox(bound)));
    }
    for (name, options) in wrong {
        let outcome = transport.open(&Scenario::echo(), options)?;
        check_matches!(outcome, Err(InvalidArgument::OutOfRange { option, .. }) if *option == name);
    }
    Ok(())
}

pub(crate) async fn what_is_no_url_is_an_error(transport: &impl Transport) -> Outcome {
    transport.base()?;
    for url in ["", "custom", "/custom", "ws://", "ws://a b", "ws://a:99999"] {
        check_matches!(WebSocketChannel::connect(url), Err(InvalidArgument::Url(_)));
    }
    Ok(())
}

fn offer(transport: &impl Transport, protocols: &[&str]) -> Result<Opening, Failed> {
    transport.base()?;
    let answer = Answer::Accept(protocols.first().map(ToString::to_string));
    let options = Options::default().protocols(protocols.iter().copied());
    transport.open(&Scenario { answer, ..Scenario::echo() }, options)
}

pub(crate) async fn a_protocol_that_is_no_token_is_an_error(transport: &impl Transport) -> Outcome {
    for broken in ["", "super chat", "super,chat", "custom\r\nX: y", "rosé", "a/b"] {
        let misuse = InvalidArgument::Request(InvalidRequest::ProtocolNotToken(broken.to_owned()));
        check_eq!(offer(transport, &["superchat", broken])?.err(), Some(misuse));
    }
    Ok(())
}

pub(crate) async fn a_protocol_offered_twice_is_an_error(transport: &impl Transport) -> Outcome {
    let misuse = InvalidArgument::Request(InvalidRequest::ProtocolTwice("superchat".to_owned()));
    check_eq!(offer(transport, &["superchat", "chat", "superchat"])?.err(), Some(misuse));
    Ok(())
}

pub(crate) async fn protocols_are_told_apart_by_case(transport: &impl Transport) -> Outcome {
    let (channel, _) = offer(transport, &["superchat", "Superchat"])??;
    channel.ready().await?;
    check_eq!(channel.protocol().as_deref(), Some("superchat"));
    Ok(())
}

pub(crate) async fn codes_that_may_not_be_passed_are_errors(transport: &impl Transport) -> Outcome {
    let (channel, _) = transport.connect(&Scenario::echo())?;
    channel.ready().await?;
    for code in [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000] {
        check_eq!(channel.close_with(code, "").err(), Some(InvalidArgument::CloseCode(code)));
    }
    check_eq!(
        channel.close_with(u16::MAX, REASON).err(),
        Some(InvalidArgument::CloseCode(u16::MAX))
    );
    // None of them has done anything.
    check_eq!(channel.ready_state(), ReadyState::Open);
    Ok(())
}

pub(crate) async fn codes_of_endpoints_may_be_passed(transport: &impl Transport) -> Outcome {
    for code in [1001, 1002, 1003, 1007, 1008, 1009] {
        let (channel, visit) = transport.connect(&Scenario::echo())?;
        channel.ready().await?;
        channel.close_with(code, REASON)?.await;
        let seen = transport.seen(visit, Until::Closed).await?;
        check_eq!(seen.close, Some((code, REASON.to_owned())));
    }
    Ok(())
}

pub(crate) async fn a_reason_has_at_most_123_bytes(transport: &impl Transport) -> Outcome {
    let (channel, _) = transport.connect(&Scenario::echo())?;
    channel.ready().await?;
    let too_long = ["r".repeat(124), "🎨".repeat(31), "r".repeat(100_000)];
    for reason in too_long {
        let misuse = InvalidArgument::CloseReasonTooLong { bytes: reason.len() };
        check_eq!(channel.close_with(OUR_CODE, &reason).err(), Some(misuse));
    }
    check_eq!(channel.ready_state(), ReadyState::Open);
    channel.close_with(OUR_CODE, &"r".repeat(123))?;
    Ok(())
}

pub(crate) async fn a_reason_needs_a_code(transport: &impl Transport) -> Outcome {
    let (channel, _) = transport.connect(&Scenario::echo())?;
    channel.ready().await?;
    check_eq!(
        channel.close_with(None, REASON).err(),
        Some(InvalidArgument::CloseReasonWithoutCode)
    );
    check_eq!(channel.ready_state(), ReadyState::Open);
    Ok(())
}

pub(crate) async fn the_code_is_checked_also_when_closing(transport: &impl Transport) -> Outcome {
    let (channel, _) = transport.connect(&Scenario::echo())?;
    channel.ready().await?;
    let closing = channel.close_with(1000, "")?;
    check_eq!(channel.close_with(2999, "").err(), Some(InvalidArgument::CloseCode(2999)));
    closing.await;
    check_eq!(channel.close_with(5000, "").err(), Some(InvalidArgument::CloseCode(5000)));
    check_matches!(channel.close_with(4999, ""), Ok(_));
    Ok(())
}
