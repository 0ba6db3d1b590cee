//! The other end where there is no server: the page plays it itself, over the memory transport.

use std::pin::pin;
use std::time::Duration;

use app_core::experiments::Script;
use futures::future::{Either, select};
use pacing::Gaps;
use web_socket_channel::memory::{self, Remote};
use web_socket_channel::{
    Message, NetworkError, NetworkErrorKind, Options, Signal, WebSocketChannel, status,
};
use web_time::Instant;

use crate::platform;

/// A channel whose other end plays this script.
pub fn play(script: Script, options: Options) -> WebSocketChannel {
    if script == Script::Echo {
        // One mailbox, used in both directions: nobody has to play anything.
        return memory::loopback_with(options);
    }
    let (channel, remote) = memory::scripted_with(options);
    platform::spawn(perform(script, remote));
    channel
}

/// Plays it, unless the page closes first.
async fn perform(script: Script, mut remote: Remote) {
    if script == Script::Refuse {
        let error = NetworkError::new(NetworkErrorKind::ConnectionRefused, "in-page");
        return remote.fail(Some(error.into()));
    }
    remote.open(None);
    match script {
        Script::Echo | Script::Refuse => {}
        Script::Burst { count, size } => {
            let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(size).collect();
            let message = Message::from(bytes);
            for _ in 0..count {
                send(&remote, message.clone()).await;
            }
            remote.close(status::NORMAL_CLOSURE, "that was all");
        }
        Script::Numbered { count } => {
            for number in 1..=count {
                send(&remote, format!("message {number}").into()).await;
            }
            remote.close(status::NORMAL_CLOSURE, "that was all");
        }
        Script::Ticker { every, count, seed } => {
            let began = Instant::now();
            let mut due = Duration::ZERO;
            for (tick, gap) in (1..=count).zip(Gaps::random(every, seed)) {
                due += gap;
                // Counted from the beginning, so that a timer that is late makes no rate slower.
                let rest = due.saturating_sub(began.elapsed());
                if !rest.is_zero() && !wait(&mut remote, rest).await {
                    return;
                }
                send(&remote, format!("tick {tick}").into()).await;
            }
            remote.close(status::NORMAL_CLOSURE, "that was all");
        }
        Script::Delay { by } => {
            while let Some(signal) = remote.next().await {
                match signal {
                    Signal::Message(message) => {
                        if !wait(&mut remote, by).await {
                            return;
                        }
                        send(&remote, message).await;
                    }
                    Signal::Close(frame) => return remote.close(frame.code, &frame.reason),
                    Signal::Open(_) | Signal::Fail(_) => {}
                }
            }
        }
        Script::Close { code, reason, after } => {
            if !echo_for(&mut remote, after).await {
                return;
            }
            remote.close(code, reason);
        }
        Script::Cut { after } => {
            if echo_for(&mut remote, after).await {
                return remote.fail(None);
            }
        }
    }
    listen(&mut remote).await;
}

/// Sends once there is room, as a socket does. Where the page is gone there always is.
async fn send(remote: &Remote, message: Message) {
    remote.room().await;
    remote.send(message);
}

/// Lets time pass. Gives whether the page is still there.
async fn wait(remote: &mut Remote, time: Duration) -> bool {
    match select(pin!(platform::sleep(time)), pin!(listen(remote))).await {
        Either::Left(_) => true,
        Either::Right(_) => false,
    }
}

/// Sends back what comes for this time. Gives whether the page is still there.
async fn echo_for(remote: &mut Remote, time: Duration) -> bool {
    let mut end = pin!(platform::sleep(time));
    loop {
        let next = match select(end.as_mut(), pin!(remote.next())).await {
            Either::Left(_) => return true,
            Either::Right((next, _)) => next,
        };
        match next {
            Some(Signal::Message(message)) => send(remote, message).await,
            Some(Signal::Close(frame)) => {
                remote.close(frame.code, &frame.reason);
                return false;
            }
            Some(Signal::Open(_) | Signal::Fail(_)) => {}
            None => return false,
        }
    }
}

/// Hears the page out until it has closed, and answers that.
async fn listen(remote: &mut Remote) {
    while let Some(signal) = remote.next().await {
        if let Signal::Close(frame) = signal {
            return remote.close(frame.code, &frame.reason);
        }
    }
}
