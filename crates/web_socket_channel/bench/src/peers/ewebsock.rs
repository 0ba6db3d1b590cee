//! ewebsock, of which either half is in a build: see `Cargo.toml`.
//!
//! Its own `WsReceiver` can only be asked whether there is something, and its callback tells so
//! before there is; so the events go into a channel that a thread can wait for.

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, channel};

use bytes::Bytes;
use ewebsock::{Options, WsEvent, WsMessage, WsSender};
use futures::executor::block_on;

use crate::Result;
use crate::client::{Incoming, Socket, play};
use crate::scenario::Scenario;

pub(super) fn run(url: &str, scenario: Scenario) -> Result {
    #[cfg(feature = "ewebsock-tokio")]
    let runtime = runtime()?;
    #[cfg(feature = "ewebsock-tokio")]
    let _inside = runtime.enter();

    let (to_program, events) = channel();
    let on_event = move |event| match to_program.send(event) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    };
    let sender = ewebsock::ws_connect(url.to_owned(), Options::default(), Box::new(on_event))?;
    match events.recv()? {
        WsEvent::Opened => {}
        other => return Err(format!("instead of open came {other:?}").into()),
    }
    block_on(play(&mut Ewebsock { sender, events }, scenario))
}

/// On a thread of its own, as the channel's. On a runtime of more than one thread this library
/// loses the order of messages: it spawns a task for each.
#[cfg(feature = "ewebsock-tokio")]
fn runtime() -> Result<tokio::runtime::Handle> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    std::thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
    Ok(handle)
}

struct Ewebsock {
    sender: WsSender,
    events: Receiver<WsEvent>,
}

impl Socket for Ewebsock {
    async fn send(&mut self, messages: impl Iterator<Item = Bytes>) -> Result {
        for message in messages {
            // It takes nothing but a vector of its own.
            self.sender.send(WsMessage::Binary(message.to_vec()));
        }
        Ok(())
    }

    async fn receive(&mut self, incoming: &mut Incoming) -> Result {
        let mut event = self.events.recv()?;
        loop {
            match event {
                WsEvent::Message(WsMessage::Binary(bytes)) => incoming.verify(&bytes)?,
                other => return Err(format!("instead of a message came {other:?}").into()),
            }
            match self.events.try_recv() {
                Ok(next) => event = next,
                Err(_) => return Ok(()),
            }
        }
    }
}
