//! A channel that connects again, in a real browser: on its clock, its tasks and its sockets.
//!
//! Beside the peer (`cargo run -p web_socket_channel --example conformance_peer -- 9002`) and a
//! chromedriver that is told, as `cargo xtask test wasm` does, how to start its browser:
//!
//! `CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner cargo test -p
//! web_socket_channel --target wasm32-unknown-unknown --test reconnect_web`
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]

#[allow(dead_code, reason = "the suite uses the rest")]
#[path = "conformance/scenario.rs"]
mod scenario;

use std::time::Duration;

use futures::StreamExt as _;
use futures::channel::oneshot;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_socket_channel::reconnect::{
    Attempt, Cause, Instant, Policy, ReconnectingChannel, State, StopCause,
};
use web_socket_channel::{Error, Message, NetworkErrorKind, Options, memory, status};

use scenario::{Scenario, Step};

wasm_bindgen_test_configure!(run_in_browser);

/// A message, which has to come back as it was sent.
const TEXT: &str = "a message";

/// Where the peer is. It runs beside the browser, as a page can't listen.
const PEER: &str = match option_env!("WS_PEER") {
    Some(peer) => peer,
    None => "ws://127.0.0.1:9002",
};

/// Nothing listens there, and a browser may ask.
const NOBODY: &str = "ws://127.0.0.1:9003";

/// Soon, as there is nobody here to be spared.
fn policy() -> Policy {
    let first_wait = Duration::from_millis(5);
    Policy::default().first_wait(first_wait).longest_wait(10 * first_wait)
}

async fn until(channel: &ReconnectingChannel, is_it: impl Fn(&State) -> bool) -> State {
    let mut states = channel.states();
    loop {
        let state = states.next().await.unwrap();
        if is_it(&state) {
            return state;
        }
    }
}

/// The browser's clock strikes, its tasks run, and what waits goes out.
#[wasm_bindgen_test]
async fn lost_connection_is_made_again() {
    let connector = |attempt: Attempt| async move {
        if attempt.number == 1 {
            // Its far end is dropped, which cuts it.
            let (channel, peer) = memory::scripted();
            peer.open(None);
            return Ok(channel);
        }
        Ok(memory::loopback())
    };
    let start = Instant::now();
    let wait = Duration::from_millis(50);
    let policy = Policy::default().first_wait(wait);
    let mut channel = ReconnectingChannel::with_connector(connector, policy).unwrap();
    let state = until(&channel, |state| matches!(state, State::Waiting { .. })).await;
    let State::Waiting { until, attempt: 2, .. } = state else { panic!("{state:?}") };
    assert!(until <= Instant::now() + wait && until >= start);
    channel.try_send(TEXT).unwrap();
    assert_eq!(channel.next().await.unwrap().unwrap(), Message::from(TEXT));
    // Browsers round their clocks, so that pages can't measure too well.
    assert!(Instant::now() + Duration::from_millis(2) >= until);
}

/// A peer that restarts: the first connection is closed with 1012, the second echoes. The URL comes
/// from a function that asks the browser, whose promises stay in a task of their own.
#[wasm_bindgen_test]
async fn restarted_peer_is_found_again() {
    let request = |attempt: Attempt| {
        let (answer, url) = oneshot::channel();
        spawn_local(async move {
            TimeoutFuture::new(1).await;
            let scenario = match attempt.number {
                1 => Scenario::new([Step::Close(1012, String::new())]),
                _ => Scenario::echo(),
            };
            let id = js_sys::Date::now().to_bits();
            let _ = answer.send(format!("{PEER}/?{}", scenario.to_query(id)));
        });
        async { Ok((url.await.map_err(|_| Error::Closed(None))?, Options::default())) }
    };
    let mut channel = ReconnectingChannel::connect_by(request, policy()).unwrap();
    let state = until(&channel, |state| matches!(state, State::Waiting { .. })).await;
    let State::Waiting { cause, .. } = state else { panic!("{state:?}") };
    assert_eq!(cause.close_code(), Some(1012));
    channel.try_send(TEXT).unwrap();
    assert_eq!(channel.next().await.unwrap().unwrap(), Message::from(TEXT));

    let undelivered = channel.close_with(status::NORMAL_CLOSURE, "bye").unwrap().await;
    assert!(matches!(undelivered.cause, StopCause::Requested));
    assert_eq!((undelivered.waiting.len(), undelivered.in_doubt.messages.len()), (0, 1));
    assert_eq!(channel.close_event().map(|event| event.code), Some(1000));
    assert!(channel.next().await.is_none());
}

#[wasm_bindgen_test]
async fn unreachable_peer_is_retried_until_stop() {
    let channel = ReconnectingChannel::connect_with(NOBODY, Options::default(), policy()).unwrap();
    let state = until(&channel, |state| matches!(state, State::Waiting { attempt: 3.., .. })).await;
    let State::Waiting { cause: Cause::Error(Error::Network(error)), .. } = state else {
        panic!("{state:?}");
    };
    assert_eq!(error.kind, NetworkErrorKind::Other);
    channel.stop();
    assert!(matches!(channel.ended().await.cause, StopCause::Requested));
}
