//! The channel that this is about: in a program that has no runtime, where its transport runs on a
//! thread of its own and the hand-over to this one is part of the price, and on the runtime of a program
//! that has one.

use bytes::Bytes;
use futures::executor::block_on;
use futures::{FutureExt as _, SinkExt as _, StreamExt as _};
use web_socket_channel::{Message, WebSocketChannel};

use crate::Result;
use crate::client::{Incoming, Socket, play};
use crate::scenario::Scenario;

pub(super) fn own_thread(url: &str, scenario: Scenario) -> Result {
    block_on(run(url, scenario))
}

pub(super) fn callers_runtime(url: &str, scenario: Scenario) -> Result {
    super::block_on(run(url, scenario))
}

async fn run(url: &str, scenario: Scenario) -> Result {
    let channel = WebSocketChannel::connect(url)?;
    channel.ready().await?;
    play(&mut Channel(channel), scenario).await
}

struct Channel(WebSocketChannel);

impl Socket for Channel {
    async fn send(&mut self, messages: impl Iterator<Item = Bytes>) -> Result {
        for message in messages {
            // As in a frame loop; and as one that may wait, where more is on its way than fits.
            if let Err(unsent) = self.0.try_send(message) {
                self.0.feed(unsent.message).await?;
            }
        }
        Ok(())
    }

    async fn receive(&mut self, incoming: &mut Incoming) -> Result {
        let mut next = self.0.next().await;
        loop {
            match next {
                Some(Ok(Message::Binary(bytes))) => incoming.verify(&bytes)?,
                other => return Err(format!("instead of a message came {other:?}").into()),
            }
            match self.0.next().now_or_never() {
                Some(ready) => next = ready,
                None => return Ok(()),
            }
        }
    }
}
