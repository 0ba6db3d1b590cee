//! axum's WebSocket.

use axum::Router;
use axum::extract::ws::{Message, WebSocketUpgrade};
use axum::routing::any;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;

use super::streams::echo;
use crate::Result;
use crate::scenario::MAX_MESSAGE_BYTES;

pub(super) async fn serve(listener: TcpListener) -> Result {
    let app = Router::new().route(
        "/",
        any(async |upgrade: WebSocketUpgrade| {
            upgrade.max_message_size(MAX_MESSAGE_BYTES).on_upgrade(async |socket| {
                let is_data =
                    |message: &Message| matches!(message, Message::Text(_) | Message::Binary(_));
                // A client that has measured enough does not say goodbye.
                let _ = echo(socket, is_data).await;
            })
        }),
    );
    // An error means that the connection is gone already.
    let listener = listener.tap_io(|socket| drop(socket.set_nodelay(true)));
    Ok(axum::serve(listener, app).await?)
}
