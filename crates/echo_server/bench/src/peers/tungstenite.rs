//! tokio-tungstenite, as it is first written and as it is written by one who has measured it.

use futures::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::{WebSocketStream, accept_async};

use super::shake_hands;
use super::streams::echo;
use crate::Result;

/// One message in, one message out, each with a system call of its own.
pub(super) async fn naive(socket: TcpStream) -> Result {
    let mut socket = accept_async(socket).await?;
    while let Some(message) = socket.next().await {
        let message = message?;
        if is_data(&message) {
            socket.send(message).await?;
        }
    }
    Ok(())
}

/// Takes all that is there, sends all that it has, and flushes once; and reads into a buffer that
/// is small enough to be zeroed before every read.
pub(super) async fn tuned(mut socket: TcpStream) -> Result {
    shake_hands(&mut socket).await?;
    let config = WebSocketConfig::default().read_buffer_size(16 * 1024);
    echo(WebSocketStream::from_raw_socket(socket, Role::Server, Some(config)).await, is_data).await
}

fn is_data(message: &Message) -> bool {
    message.is_text() || message.is_binary()
}
