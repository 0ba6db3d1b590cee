//! A frame loop without async: a game, an egui app, anything that draws and must never wait.
//!
//! `cargo run -p web_socket_channel --example frame_loop -- ws://127.0.0.1:9001`
//!
//! Nothing here blocks, and no executor is there: the channel works behind the scenes, and a frame
//! takes what has come since the last one. (In egui the crate `egui_stream_builder` does this, and
//! asks for a frame only when something has come.)

#![allow(clippy::print_stdout, reason = "it draws on its terminal")]

use std::error::Error;
use std::thread::sleep;
use std::time::Duration;

use futures::{FutureExt as _, StreamExt as _};
use web_socket_channel::{ReadyState, WebSocketChannel, status};

const FRAME: Duration = Duration::from_millis(16);
const LAST_FRAME: u32 = 60;

fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1).ok_or("usage: frame_loop URL")?;
    let mut channel = WebSocketChannel::connect(&url)?;
    for frame in 0.. {
        // Input. What is sent before the handshake is done waits; a full outbox gives it back.
        if frame % 20 == 0
            && let Err(unsent) = channel.try_send(format!("frame {frame}"))
        {
            println!("frame {frame}: {unsent}");
        }

        // Update: everything that has come, and no waiting for more.
        while let Some(Some(item)) = channel.next().now_or_never() {
            match item {
                Ok(message) => println!("frame {frame}: {message:?}"),
                Err(error) => println!("frame {frame}: {error}"),
            }
        }

        // Draw.
        if channel.ready_state() == ReadyState::Closed {
            println!("frame {frame}: {:?}", channel.close_event());
            return Ok(());
        }
        if frame == LAST_FRAME {
            channel.close_with(status::NORMAL_CLOSURE, "that was the last frame")?;
        }
        sleep(FRAME);
    }
    Ok(())
}
