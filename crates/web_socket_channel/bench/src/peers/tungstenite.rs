//! tokio-tungstenite, as it is first written and as it is written by one who has measured it.

use bytes::Bytes;
use futures::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use super::block_on;
use super::streams::Batched;
use crate::Result;
use crate::client::{Incoming, Socket, play};
use crate::scenario::Scenario;

type TungsteniteSocket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// One message in, one message out, each with a system call of its own.
pub(super) fn naive(url: &str, scenario: Scenario) -> Result {
    block_on(async {
        let (socket, _) = connect_async_with_config(url, None, true).await?;
        play(&mut Naive(socket), scenario).await
    })
}

/// Takes all that is there, sends all that it has, and flushes once; and reads into a buffer that
/// is small enough to be zeroed before every read, and that has room to begin with: the handshake
/// leaves one without, so that every message that is held costs an allocation.
pub(super) fn tuned(url: &str, scenario: Scenario) -> Result {
    block_on(async {
        let (socket, _) = connect_async_with_config(url, None, true).await?;
        let config = WebSocketConfig::default().read_buffer_size(16 * 1024);
        let raw = socket.into_inner();
        let socket = WebSocketStream::from_raw_socket(raw, Role::Client, Some(config)).await;
        let mut socket = Batched { socket, to_item: Message::Binary, payload: binary };
        play(&mut socket, scenario).await
    })
}

struct Naive(TungsteniteSocket);

impl Socket for Naive {
    async fn send(&mut self, messages: impl Iterator<Item = Bytes>) -> Result {
        for message in messages {
            self.0.send(Message::Binary(message)).await?;
        }
        Ok(())
    }

    async fn receive(&mut self, incoming: &mut Incoming) -> Result {
        let message = self.0.next().await.ok_or("the connection is closed")??;
        incoming.verify(binary(&message).ok_or("not a binary message")?)
    }
}

fn binary(message: &Message) -> Option<&[u8]> {
    match message {
        Message::Binary(bytes) => Some(bytes),
        _ => None,
    }
}
