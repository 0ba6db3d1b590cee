//! A browser's socket that somebody else has made, in each of its states.

use futures::StreamExt as _;
use futures::channel::oneshot;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_test::wasm_bindgen_test;
use web_socket_channel::{
    Error, Initiator, InvalidArgument, LimitExceeded, Options, ReadyState, WebSocketChannel,
};
use web_sys::WebSocket;

use super::conformance::{
    Failed, Outcome, Scenario, Step, Transport as _, Until, Visit, check, check_eq, check_matches,
    next_message, only_error, round_trip,
};
use super::{PEER, VISITS, own};
use crate::conformance::scenario::{OUR_CODE, PEER_CODE, TEXT};

fn socket(scenario: &Scenario) -> Result<(WebSocket, Visit), Failed> {
    let id = VISITS.replace(VISITS.get() + 1) + 1;
    let url = format!("{PEER}/?{}", scenario.to_query(id));
    let socket = WebSocket::new(&url).map_err(|why| Failed::new(format_args!("{why:?}")))?;
    Ok((socket, Visit(id)))
}

fn adopt(socket: WebSocket) -> Result<WebSocketChannel, Failed> {
    Ok(WebSocketChannel::adopt(socket, Options::default())?)
}

/// Waits for an event of the socket's.
async fn until(socket: &WebSocket, event: &str) -> Outcome {
    let (done, has_come) = oneshot::channel();
    let listener = Closure::once(move || {
        // Who no longer waits needs no word.
        let _ = done.send(());
    });
    socket
        .add_event_listener_with_callback(event, listener.as_ref().unchecked_ref())
        .map_err(|why| Failed::new(format_args!("{why:?}")))?;
    Ok(has_come.await?)
}

async fn test(test: impl AsyncFnOnce() -> Outcome) -> Result<(), String> {
    test().await.map_err(|failed| format!("{failed:?}"))
}

#[wasm_bindgen_test]
async fn one_that_connects() -> Result<(), String> {
    test(async || {
        let (socket, visit) = socket(&Scenario::echo())?;
        let mut channel = adopt(socket)?;
        check_eq!(channel.ready_state(), ReadyState::Connecting);
        check!(channel.url().starts_with(PEER), "{}", channel.url());
        channel.try_send(TEXT)?;
        channel.ready().await?;
        check_eq!(next_message(&mut channel).await?.as_text(), Some(TEXT));
        check_eq!(channel.close_with(OUR_CODE, "other")?.await.code, OUR_CODE);
        let seen = own::WEB.seen(visit, Until::Ended).await?;
        check_eq!(seen.close, Some((OUR_CODE, "other".to_owned())));
        Ok(())
    })
    .await
}

#[wasm_bindgen_test]
async fn one_that_is_open() -> Result<(), String> {
    test(async || {
        let (socket, _) = socket(&Scenario::echo())?;
        until(&socket, "open").await?;
        let mut channel = adopt(socket)?;
        check_eq!(channel.ready_state(), ReadyState::Open);
        round_trip(&mut channel, TEXT).await?;
        // Bytes too, though its maker had it deliver blobs.
        round_trip(&mut channel, vec![36, 78]).await
    })
    .await
}

#[wasm_bindgen_test]
async fn one_that_is_closing() -> Result<(), String> {
    test(async || {
        let (socket, _) = socket(&Scenario::echo())?;
        until(&socket, "open").await?;
        let closed = socket.close_with_code_and_reason(OUR_CODE, "other");
        closed.map_err(|why| Failed::new(format_args!("{why:?}")))?;
        let mut channel = adopt(socket)?;
        check_eq!(channel.ready_state(), ReadyState::Closing);
        check_matches!(channel.try_send(TEXT), Err(unsent) if matches!(unsent.error, Error::Closed(_)));
        check!(channel.next().await.is_none());
        let event = channel.closed().await;
        check_eq!((event.code, event.was_clean), (OUR_CODE, true));
        check_eq!(event.initiator, Initiator::Local);
        Ok(())
    })
    .await
}

#[wasm_bindgen_test]
async fn one_that_is_closed() -> Result<(), String> {
    test(async || {
        let (socket, _) = socket(&Scenario::new([Step::Close(PEER_CODE, String::new())]))?;
        until(&socket, "close").await?;
        let mut channel = adopt(socket)?;
        check_eq!(channel.ready_state(), ReadyState::Closed);
        check_eq!(channel.close_code(), Some(1006));
        check_matches!(channel.ready().await, Err(Error::Closed(_)));
        check!(channel.next().await.is_none());
        Ok(())
    })
    .await
}

#[wasm_bindgen_test]
async fn its_limits_are_the_channels() -> Result<(), String> {
    test(async || {
        let (socket, visit) = socket(&Scenario::new([Step::Send("strangers".into())]))?;
        let options = Options::default().max_message_bytes(6);
        let mut channel = WebSocketChannel::adopt(socket, options)?;
        let error = only_error(&mut channel).await?;
        let limit = LimitExceeded::MessageTooBig { limit: 6 };
        check_matches!(error, Error::LimitExceeded(reached) if *reached == limit);
        own::WEB.seen(visit, Until::Ended).await?;
        Ok(())
    })
    .await
}

#[wasm_bindgen_test]
async fn what_comes_too_late_is_an_error() -> Result<(), String> {
    test(async || {
        let (socket, _) = socket(&Scenario::echo())?;
        let options = Options::default().protocols(["superchat"]);
        let outcome = WebSocketChannel::adopt(socket, options);
        check_matches!(outcome, Err(InvalidArgument::Unsupported(_)));
        Ok(())
    })
    .await
}

/// A browser's socket has them in its URL for ever.
#[wasm_bindgen_test]
async fn credentials_are_shown_nowhere() -> Result<(), String> {
    test(async || {
        let url = format!("{}/?answer=cut&id=0", PEER.replacen("ws://", "ws://someone:s3cret@", 1));
        let socket = WebSocket::new(&url).map_err(|why| Failed::new(format_args!("{why:?}")))?;
        let mut channel = adopt(socket)?;
        check!(channel.url().starts_with(PEER), "{}", channel.url());
        let error = only_error(&mut channel).await?;
        for text in [format!("{channel:?} {}", channel.url()), format!("{error} {error:?}")] {
            check!(!text.contains("cret") && !text.contains("someone"), "{text}");
        }
        Ok(())
    })
    .await
}
