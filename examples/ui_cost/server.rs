//! A server in a process of its own, which sends so many numbered texts, and then listens.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpListener;
use tokio::time::{MissedTickBehavior, interval};
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

/// The argument that makes this program the server.
pub(crate) const ARGUMENT: &str = "--serve";

/// How long a text of the flood is at least, in bytes.
const TEXT_BYTES: usize = 100;

pub(crate) struct Server {
    process: Child,
    pub(crate) url: String,
}

impl Server {
    /// One that sends this many messages, and this many in each millisecond: long ones; short ones as
    /// fast as they are taken, where it is 0.
    pub(crate) fn start(count: u64, per_ms: u64) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args([ARGUMENT, &count.to_string(), &per_ms.to_string()]);
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut url = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self { process, url: url.trim().to_owned() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) fn serve(count: u64, per_ms: u64) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("ws://{}", listener.local_addr().unwrap());
        let (stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut socket = accept_async(stream).await.unwrap();
        let mut tick = interval(Duration::from_millis(1));
        tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let is_paced = per_ms > 0;
        let batch = if is_paced { per_ms } else { 10_000 };
        let mut number = 0;
        while number < count {
            if is_paced {
                tick.tick().await;
            }
            for _ in 0..batch.min(count - number) {
                let mut text = format!("message {number} ");
                while is_paced && text.len() < TEXT_BYTES {
                    text += "raisin ";
                }
                socket.feed(Message::text(text)).await.unwrap();
                number += 1;
            }
            socket.flush().await.unwrap();
        }
        while let Some(Ok(_)) = socket.next().await {}
    });
}
