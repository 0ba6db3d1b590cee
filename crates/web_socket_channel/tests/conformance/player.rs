//! Plays the steps of a scenario at the peer's end, over whatever line leads to the channel.

use std::future::Future;

use web_socket_channel::Message;

use super::ledger::Ledger;
use super::scenario::{Step, flood_message};

/// The peer's end of an open connection.
pub(crate) trait Line: Send {
    fn send(&mut self, message: Message) -> impl Future<Output = ()> + Send;
    /// Sends a close frame, whatever the code; without code and reason for 1005.
    fn close(&mut self, code: u16, reason: &str) -> impl Future<Output = ()> + Send;
    fn ping(&mut self, payload: &[u8]) -> impl Future<Output = ()> + Send;
    fn raw(&mut self, bytes: &[u8]) -> impl Future<Output = ()> + Send;
    /// Waits until everything that was sent so far is on its way. False if nobody is there to
    /// take it.
    fn flush(&mut self) -> impl Future<Output = bool> + Send;
    /// The next thing that the channel says.
    fn hear(&mut self) -> impl Future<Output = Heard> + Send;
    /// Sends nothing more.
    fn shut_down(&mut self) -> impl Future<Output = ()> + Send;
    /// Hangs up without a close frame.
    fn cut(&mut self, in_the_rudest_way: bool) -> impl Future<Output = ()> + Send;
}

/// What comes from a channel.
#[derive(Debug)]
pub(crate) enum Heard {
    Message(Message),
    Ping,
    Pong(Vec<u8>),
    Close(u16, String),
    /// It has hung up.
    End,
}

struct Player<'play, L> {
    line: &'play mut L,
    ledger: &'play Ledger,
    id: u64,
    has_closed: bool,
    answers: bool,
}

/// Plays until the channel has hung up or the scenario has.
pub(crate) async fn play(steps: &[Step], line: &mut impl Line, ledger: &Ledger, id: u64) {
    Player { line, ledger, id, has_closed: false, answers: true }.play(steps).await;
}

impl<L: Line> Player<'_, L> {
    async fn play(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Receive => {
                    if self.receive().await.is_none() {
                        return;
                    }
                }
                Step::Echo => {
                    while let Some(message) = self.receive().await {
                        self.line.send(message).await;
                    }
                    return;
                }
                Step::Send(message) => self.line.send(message.clone()).await,
                Step::Flood { messages, bytes } => {
                    for number in 0..*messages {
                        self.line.send(flood_message(number, *bytes)).await;
                        if !self.line.flush().await {
                            return;
                        }
                        self.ledger.note(self.id, |seen| seen.sent += 1);
                    }
                }
                Step::Close(code, reason) => {
                    self.has_closed = true;
                    self.line.close(*code, reason).await;
                }
                Step::Ping(payload) => self.line.ping(payload).await,
                Step::Raw(bytes) => self.line.raw(bytes).await,
                Step::Hold => {
                    self.line.flush().await;
                    self.ledger.may_go_on(self.id).await;
                }
                Step::Ignore => self.answers = false,
                Step::Cut | Step::Reset => {
                    self.line.cut(*step == Step::Reset).await;
                    return;
                }
            }
        }
        while self.receive().await.is_some() {}
    }

    /// The next message. `None` once the channel has closed, been answered and hung up.
    async fn receive(&mut self) -> Option<Message> {
        loop {
            match self.line.hear().await {
                Heard::Message(message) => {
                    self.ledger.note_message(self.id, &message);
                    return Some(message);
                }
                Heard::Ping => self.ledger.note(self.id, |seen| seen.pings += 1),
                Heard::Pong(payload) => self.ledger.note(self.id, |seen| seen.pongs.push(payload)),
                Heard::Close(code, reason) => {
                    // Answered first, so that whoever waits for the note can rely on the answer.
                    if self.answers && !self.has_closed {
                        self.has_closed = true;
                        self.line.close(code, "").await;
                    }
                    self.ledger.note(self.id, |seen| seen.close = Some((code, reason)));
                    if self.answers {
                        // Of the two ends it is the server that should hang up first.
                        self.line.shut_down().await;
                    }
                }
                Heard::End => {
                    self.ledger.note(self.id, |seen| seen.has_ended = true);
                    return None;
                }
            }
        }
    }
}
