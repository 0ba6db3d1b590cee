//! Section 6: the opening handshake, from the client's side.

use std::time::Duration;

use futures::StreamExt as _;
use web_socket_channel::handshake::MAX_BODY_BYTES;
use web_socket_channel::{Error, NetworkErrorKind, Options, Timeout, WebSocketChannel};

use super::{
    Answer, Failed, Outcome, Scenario, Transport, Until, check, check_eq, check_matches,
    only_error, round_trip,
};

/// The error of a handshake that fails, from the stream and from `ready`.
async fn fails(mut channel: WebSocketChannel) -> Result<Error, Failed> {
    let error = only_error(&mut channel).await?;
    match channel.ready().await {
        Err(again) => check_eq!(again.to_string(), error.to_string()),
        Ok(()) => return Err(Failed::new("it is ready all the same")),
    }
    check_eq!(channel.close_code(), Some(1006));
    Ok(error)
}

async fn answered_with(transport: &impl Transport, answer: Answer) -> Result<Error, Failed> {
    let (channel, visit) = transport.connect(&Scenario::answer(answer))?;
    let error = fails(channel).await?;
    transport.seen(visit, Until::Ended).await?;
    Ok(error)
}

pub(crate) async fn refused_with_200(transport: &impl Transport) -> Outcome {
    answered_with(transport, Answer::Refuse(200)).await.map(drop)
}

pub(crate) async fn refused_with_302(transport: &impl Transport) -> Outcome {
    answered_with(transport, Answer::Refuse(302)).await.map(drop)
}

pub(crate) async fn refused_with_401(transport: &impl Transport) -> Outcome {
    answered_with(transport, Answer::Refuse(401)).await.map(drop)
}

pub(crate) async fn refused_with_404(transport: &impl Transport) -> Outcome {
    answered_with(transport, Answer::Refuse(404)).await.map(drop)
}

pub(crate) async fn a_refusal_shows_status_headers_and_a_bounded_body(
    transport: &impl Transport,
) -> Outcome {
    for status in [200, 302, 401, 404] {
        let error = answered_with(transport, Answer::Refuse(status)).await?;
        check!(error.to_string().contains(&status.to_string()), "it says: {error}");
        let Error::Refused(response) = error else {
            return Err(Failed::new(format_args!("the error is {error:?}")));
        };
        check_eq!(response.status.as_u16(), status);
        let header = response.headers.get("x-custom").map(|value| value.as_bytes());
        check_eq!(header, Some(b"3678".as_slice()));
        check!(response.body.starts_with(b"no strangers here"));
        check_eq!(response.body.len(), MAX_BODY_BYTES);
    }
    Ok(())
}

/// Offers protocols to a peer that picks one.
async fn offer(
    transport: &impl Transport,
    protocols: &[&str],
    pick: Option<&str>,
) -> Result<(WebSocketChannel, super::Visit), Failed> {
    let answer = Answer::Accept(pick.map(ToOwned::to_owned));
    let scenario = Scenario { answer, ..Scenario::echo() };
    transport.connect_with(&scenario, Options::default().protocols(protocols.iter().copied()))
}

pub(crate) async fn no_protocol_asked(transport: &impl Transport) -> Outcome {
    let (channel, _) = offer(transport, &[], None).await?;
    channel.ready().await?;
    check_eq!(channel.protocol(), None);
    Ok(())
}

pub(crate) async fn no_protocol_asked_sends_no_header(transport: &impl Transport) -> Outcome {
    transport.base()?;
    let (channel, visit) = offer(transport, &[], None).await?;
    channel.ready().await?;
    let seen = transport.seen(visit, Until::Asked).await?;
    check_eq!(seen.header("sec-websocket-version"), ["13"]);
    check_eq!(seen.header("sec-websocket-protocol"), [""; 0]);
    Ok(())
}

pub(crate) async fn one_protocol(transport: &impl Transport) -> Outcome {
    let (mut channel, _) = offer(transport, &["superchat"], Some("superchat")).await?;
    channel.ready().await?;
    check_eq!(channel.protocol().as_deref(), Some("superchat"));
    round_trip(&mut channel, "other").await
}

pub(crate) async fn two_protocols_and_the_servers_pick(transport: &impl Transport) -> Outcome {
    for pick in ["superchat", "chat"] {
        let (channel, _) = offer(transport, &["chat", "superchat"], Some(pick)).await?;
        channel.ready().await?;
        check_eq!(channel.protocol().as_deref(), Some(pick));
    }
    Ok(())
}

pub(crate) async fn two_protocols_are_one_header(transport: &impl Transport) -> Outcome {
    transport.base()?;
    let (channel, visit) = offer(transport, &["superchat", "chat"], Some("chat")).await?;
    channel.ready().await?;
    let seen = transport.seen(visit, Until::Asked).await?;
    check_eq!(seen.header("sec-websocket-protocol"), ["superchat, chat"]);
    Ok(())
}

pub(crate) async fn a_pick_that_was_not_offered_is_an_error(transport: &impl Transport) -> Outcome {
    transport.base()?;
    fails(offer(transport, &["superchat"], Some("chat")).await?.0).await?;
    fails(offer(transport, &["superchat"], Some("Superchat")).await?.0).await?;
    Ok(())
}

pub(crate) async fn a_pick_where_none_was_offered_is_an_error(
    transport: &impl Transport,
) -> Outcome {
    transport.base()?;
    fails(offer(transport, &[], Some("superchat")).await?.0).await?;
    Ok(())
}

pub(crate) async fn no_pick_where_some_were_offered_is_an_error(
    transport: &impl Transport,
) -> Outcome {
    transport.base()?;
    fails(offer(transport, &["superchat", "chat"], None).await?.0).await?;
    Ok(())
}

async fn connect_to_closed_port(transport: &impl Transport) -> Result<(Error, String), Failed> {
    let url = transport.dead_url().await?;
    let error = fails(WebSocketChannel::connect_with(&url, transport.plain())?).await?;
    Ok((error, url))
}

pub(crate) async fn a_closed_port(transport: &impl Transport) -> Outcome {
    let (error, url) = connect_to_closed_port(transport).await?;
    let host = url.trim_start_matches("ws://");
    check!(error.to_string().contains(host), "it says: {error}");
    Ok(())
}

fn check_kind(error: &Error, kind: NetworkErrorKind) -> Outcome {
    check_matches!(error, Error::Network(why) if why.kind == kind);
    Ok(())
}

pub(crate) async fn a_closed_port_says_refused(transport: &impl Transport) -> Outcome {
    let (error, _) = connect_to_closed_port(transport).await?;
    check_kind(&error, NetworkErrorKind::ConnectionRefused)
}

/// RFC 6761 §6.4 promises that no name under `.invalid` exists.
const NO_HOST: &str = "ws://server.invalid";

pub(crate) async fn a_name_that_does_not_exist(transport: &impl Transport) -> Outcome {
    transport.base()?;
    let error = fails(WebSocketChannel::connect_with(NO_HOST, transport.plain())?).await?;
    check!(error.to_string().contains("server.invalid"), "it says: {error}");
    Ok(())
}

pub(crate) async fn a_name_that_does_not_exist_says_unresolvable(
    transport: &impl Transport,
) -> Outcome {
    transport.base()?;
    let error = fails(WebSocketChannel::connect_with(NO_HOST, transport.plain())?).await?;
    check_kind(&error, NetworkErrorKind::Unresolvable)
}

pub(crate) async fn a_handshake_that_is_never_answered(transport: &impl Transport) -> Outcome {
    let limit = Duration::from_millis(100);
    let options = Options::default().connect_timeout(limit);
    let (channel, visit) = transport.connect_with(&Scenario::answer(Answer::Silence), options)?;
    let error = fails(channel).await?;
    check_matches!(error, Error::Timeout(Timeout::Connect(after)) if *after == limit);
    transport.seen(visit, Until::Ended).await?;
    Ok(())
}

pub(crate) async fn a_cut_before_the_answer(transport: &impl Transport) -> Outcome {
    let error = answered_with(transport, Answer::Cut).await?;
    check_matches!(error, Error::Network(_));
    Ok(())
}

pub(crate) async fn an_answer_that_is_no_http(transport: &impl Transport) -> Outcome {
    transport.base()?;
    answered_with(transport, Answer::Garbage(b"220 server.test ESMTP\r\n".to_vec())).await?;
    answered_with(transport, Answer::Garbage(vec![0; 100])).await?;
    // An end in the middle of the head.
    answered_with(transport, Answer::Garbage(b"HTTP/1.1 101 Swi".to_vec())).await?;
    Ok(())
}

pub(crate) async fn an_answer_without_end(transport: &impl Transport) -> Outcome {
    transport.base()?;
    answered_with(transport, Answer::Endless).await.map(drop)
}

pub(crate) async fn more_headers(transport: &impl Transport) -> Outcome {
    transport.base()?;
    let headers = [("X-Custom", "3678"), ("Authorization", "Bearer other"), ("X-Custom", "4123")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let options = Options::default().headers(headers);
    let (channel, visit) = transport.connect_with(&Scenario::echo(), options)?;
    channel.ready().await?;
    let seen = transport.seen(visit, Until::Asked).await?;
    check_eq!(seen.header("x-custom"), ["3678", "4123"]);
    check_eq!(seen.header("authorization"), ["Bearer other"]);
    Ok(())
}

fn with_credentials(scenario: Scenario) -> Scenario {
    // The password is `s:3cret@`.
    let credentials = Some(("someone".to_owned(), "s:%33cret%40".to_owned()));
    Scenario { credentials, ..scenario }
}

pub(crate) async fn credentials_become_one_basic_header(transport: &impl Transport) -> Outcome {
    transport.base()?;
    let (channel, visit) = transport.connect(&with_credentials(Scenario::echo()))?;
    channel.ready().await?;
    let seen = transport.seen(visit, Until::Asked).await?;
    check_eq!(seen.header("authorization"), ["Basic c29tZW9uZTpzOjNjcmV0QA=="]);
    Ok(())
}

pub(crate) async fn credentials_are_shown_nowhere(transport: &impl Transport) -> Outcome {
    let base = transport.base()?;
    let mut shown = Vec::new();
    for answer in [Answer::Accept(None), Answer::Refuse(401), Answer::Cut] {
        let scenario = with_credentials(Scenario { answer, ..Scenario::new([]) });
        let (mut channel, _) = transport.connect(&scenario)?;
        shown.push(format!("{:?} {}", channel, channel.url()));
        let ready = channel.ready();
        shown.push(format!("{:?} {:?}", ready, ready.clone().await));
        let closing = channel.close_with(1000, "")?;
        shown.push(format!("{:?} {:?}", closing, closing.clone().await));
        while let Some(item) = channel.next().await {
            shown.push(format!("{item:?}"));
        }
        if let Err(error) = ready.await {
            shown.push(format!("{error} {error:#?}"));
        }
        shown.push(format!("{channel:?}"));
    }
    let broken = base.replacen("ws://", "ws://someone:s3cret@", 1) + "/#";
    if let Err(misuse) = WebSocketChannel::connect(&broken) {
        shown.push(format!("{misuse} {misuse:?}"));
    }
    for text in shown {
        check!(!text.contains("cret"), "{text}");
        check!(!text.contains("someone"), "{text}");
    }
    Ok(())
}
