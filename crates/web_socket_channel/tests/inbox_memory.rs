//! A bound in payload is one of memory too: what waits for long keeps no buffer alive in which it
//! is only a small part.
#![cfg(not(target_arch = "wasm32"))]

use std::error::Error;

use futures::{StreamExt as _, TryStreamExt as _};
use tokio::io::{AsyncWriteExt as _, duplex};
use web_socket_channel::{Bound, ByteStream, Bytes, Message, Options, WebSocketChannel};

/// So many small messages come at once.
const MESSAGES: usize = 100;

/// Of those that come at once into an inbox with this bound, which ones share memory with another.
async fn shared(inbox: Bound) -> Result<Vec<bool>, Box<dyn Error>> {
    let (near, mut peer) = duplex(64 * 1024);
    let options = Options::default().inbox(inbox);
    let channel = WebSocketChannel::adopt(ByteStream::client(near), options)?;
    peer.write_all(&b"\x82\x06raisin".repeat(MESSAGES)).await?;
    let messages: Vec<Bytes> =
        channel.take(MESSAGES).map_ok(Message::into_bytes).try_collect().await?;
    assert_eq!(messages, vec![Bytes::from_static(b"raisin"); MESSAGES]);
    Ok(messages.iter().map(|message| !message.is_unique()).collect())
}

#[tokio::test]
async fn what_the_program_can_keep_up_with_is_not_copied() -> Result<(), Box<dyn Error>> {
    let shared = shared(Options::default().inbox).await?;
    assert!(shared.iter().all(|shared| *shared), "{shared:?}");
    Ok(())
}

#[tokio::test]
async fn what_waits_in_an_inbox_that_fills_up_shares_no_memory() -> Result<(), Box<dyn Error>> {
    for inbox in
        [Bound { messages: 2 * MESSAGES, bytes: 1 << 20 }, Bound { messages: 1 << 16, bytes: 3678 }]
    {
        let shared = shared(inbox).await?;
        // The first ones came into an inbox that was empty.
        let (_, rest) = shared.split_at(MESSAGES / 5);
        assert!(rest.iter().all(|shared| !*shared), "{shared:?}");
    }
    Ok(())
}
