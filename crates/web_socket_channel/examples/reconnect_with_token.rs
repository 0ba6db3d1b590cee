//! A channel that connects again by itself, with a new token each time, in a terminal.
//!
//! `cargo run -p web_socket_channel --example reconnect_with_token -- ws://127.0.0.1:9001`
//!
//! End the server and start it again (`cargo run -p websocket-echo-server`) to see what it does.

#![allow(clippy::print_stdout, reason = "it talks to its terminal")]

use futures::executor::block_on;
use futures::stream::{StreamExt as _, select};
use web_socket_channel::reconnect::{Attempt, Instant, Policy, ReconnectingChannel, State};
use web_socket_channel::{Error, Message, Options};

enum Event {
    State(State),
    Message(Result<Message, Error>),
}

fn main() {
    let url = std::env::args().nth(1);
    let url = url.unwrap_or_else(|| "ws://127.0.0.1:9001".to_owned());
    if let Err(why) = block_on(run(url)) {
        println!("{why}");
    }
}

async fn run(url: String) -> Result<(), Error> {
    let request = move |attempt: Attempt| {
        let url = url.clone();
        async move {
            let token = fetch_token(&attempt).await?;
            Ok((format!("{url}?token={token}"), Options::default()))
        }
    };
    let channel = ReconnectingChannel::connect_by(request, Policy::default())?;
    let states = channel.states().map(Event::State);
    let (sink, messages) = channel.split();
    let mut events = select(states, messages.map(Event::Message));
    let mut unconfirmed = None;
    while let Some(event) = events.next().await {
        match event {
            Event::State(State::Open) => unconfirmed = sink.try_send("Hello World!").ok(),
            Event::State(State::Waiting { until, cause, .. }) => {
                let left = until.saturating_duration_since(Instant::now());
                println!("{cause}; trying again in {left:.1?}; {:?}", sink.counts());
            }
            Event::State(State::Stopped { cause }) => println!("that was all: {cause}"),
            Event::State(_) => println!("connecting"),
            Event::Message(message) => {
                println!("received {message:?}");
                // The echo says that ours has arrived, so it won't come into doubt.
                unconfirmed.take().into_iter().for_each(|id| sink.confirm(id));
            }
        }
    }
    Ok(())
}

/// Stands for whoever gives out tokens, who may take some time about it, or fail.
async fn fetch_token(attempt: &Attempt) -> Result<String, Error> {
    Ok(format!("token-{}", attempt.number))
}
