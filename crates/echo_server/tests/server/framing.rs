//! Frames in every shape and cut anywhere: what comes back is what was sent, whatever comes at once.

#![allow(clippy::cast_possible_truncation, reason = "all that is cast is below its bound")]

use std::collections::VecDeque;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::timeout;

use super::{Config, LONG, Server, read_to_end};

const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const FINAL: u8 = 0x80;

/// Around every bound there is: of the frame's heads, of what is copied, of the buffers.
const LENGTHS: [usize; 16] = [
    0, 1, 36, 125, 126, 127, 4_095, 4_097, 16_383, 16_384, 16_385, 65_535, 65_536, 81_920, 131_073,
    300_000,
];

/// Numbers that look like chance, and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        // xorshift64
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }
}

/// What a client says, and what it should hear.
#[derive(Default)]
struct Talk {
    wire: Vec<u8>,
    messages: VecDeque<(u8, Vec<u8>)>,
    pings: VecDeque<Vec<u8>>,
}

impl Talk {
    fn frame(&mut self, first: u8, payload: &[u8], dice: &mut Dice) {
        self.wire.push(first);
        match payload.len() {
            length @ 0..126 => self.wire.push(0x80 | length as u8),
            length @ 126..65_536 => {
                self.wire.push(0x80 | 126);
                self.wire.extend((length as u16).to_be_bytes());
            }
            length => {
                self.wire.push(0x80 | 127);
                self.wire.extend((length as u64).to_be_bytes());
            }
        }
        let mask: [u8; 4] = std::array::from_fn(|_| dice.roll(256) as u8);
        self.wire.extend(mask);
        self.wire.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    }

    fn ping(&mut self, dice: &mut Dice) {
        let payload: Vec<u8> = (0..dice.roll(126)).map(|_| dice.roll(256) as u8).collect();
        self.frame(FINAL | PING, &payload, dice);
        self.pings.push_back(payload);
    }

    /// A message in one to four frames, with pings between them and before it.
    fn message(&mut self, length: usize, dice: &mut Dice) {
        let kind = [TEXT, BINARY][dice.roll(2)];
        let payload = if kind == TEXT { text(length) } else { bytes(length) };
        if dice.roll(3) == 0 {
            self.ping(dice);
        }
        let mut cuts: Vec<usize> =
            (0..[0, 0, 1, 3][dice.roll(4)]).map(|_| dice.roll(payload.len() + 1)).collect();
        cuts.sort_unstable();
        cuts.push(payload.len());
        let mut from = 0;
        for (at, to) in cuts.iter().enumerate() {
            let opcode = if at == 0 { kind } else { 0 };
            let is_last = at + 1 == cuts.len();
            let first = if is_last { FINAL | opcode } else { opcode };
            self.frame(first, &payload[from..*to], dice);
            from = *to;
            if !is_last && dice.roll(2) == 0 {
                self.ping(dice);
            }
        }
        self.messages.push_back((kind, payload));
    }

    fn close(&mut self, dice: &mut Dice) {
        self.frame(FINAL | CLOSE, &1000_u16.to_be_bytes(), dice);
    }
}

/// Characters of one to four bytes, so that cuts go through some.
fn text(length: usize) -> Vec<u8> {
    let mut text = String::new();
    for letter in "snow☃man 葡萄🍇ß".chars().cycle() {
        if text.len() + letter.len_utf8() > length {
            break;
        }
        text.push(letter);
    }
    text.into_bytes()
}

fn bytes(length: usize) -> Vec<u8> {
    (0..=u8::MAX).cycle().take(length).collect()
}

async fn write_in_pieces(mut stream: OwnedWriteHalf, wire: Vec<u8>, most: usize, mut dice: Dice) {
    let mut rest = &wire[..];
    while !rest.is_empty() {
        let (piece, later) = rest.split_at((1 + dice.roll(most)).min(rest.len()));
        timeout(LONG, stream.write_all(piece)).await.unwrap().unwrap();
        rest = later;
        if dice.roll(4) == 0 {
            tokio::task::yield_now().await;
        }
    }
    // The answer to the close comes before the end of the stream does.
    stream.forget();
}

async fn read_frame(stream: &mut OwnedReadHalf) -> (u8, Vec<u8>) {
    timeout(LONG, async {
        let first = stream.read_u8().await.unwrap();
        let length = match stream.read_u8().await.unwrap() {
            126 => usize::from(stream.read_u16().await.unwrap()),
            127 => usize::try_from(stream.read_u64().await.unwrap()).unwrap(),
            short => usize::from(short),
        };
        let mut payload = vec![0; length];
        stream.read_exact(&mut payload).await.unwrap();
        (first, payload)
    })
    .await
    .unwrap()
}

/// Says it all in pieces of up to `most` bytes, hears the answers meanwhile, and compares.
async fn talk_over(stream: TcpStream, talk: Talk, most: usize, dice: Dice) {
    stream.set_nodelay(true).unwrap();
    let (mut incoming, outgoing) = stream.into_split();
    let Talk { wire, mut messages, mut pings } = talk;
    let last_ping = pings.back().cloned();
    let mut last_pong = None;
    let writer = tokio::spawn(write_in_pieces(outgoing, wire, most, dice));
    loop {
        let (first, payload) = read_frame(&mut incoming).await;
        match first {
            0x81 | 0x82 => {
                let (kind, expected) = messages.pop_front().expect("nothing more was sent");
                assert_eq!(first, FINAL | kind);
                assert!(payload == expected, "a message of {} bytes changed", expected.len());
            }
            0x8a => {
                // In order, and some may be left out for the sake of later ones (RFC 6455 §5.5.3).
                while pings.pop_front().expect("a ping that this answers") != payload {}
                last_pong = Some(payload);
            }
            0x88 => {
                assert_eq!(payload, 1000_u16.to_be_bytes());
                break;
            }
            other => panic!("a frame that begins with {other:#x}"),
        }
    }
    writer.await.unwrap();
    assert!(messages.is_empty(), "{} messages are missing", messages.len());
    assert_eq!(last_pong, last_ping);
    let mut rest = Vec::new();
    timeout(LONG, incoming.read_to_end(&mut rest)).await.unwrap().unwrap();
    assert_eq!(rest, []);
}

fn config() -> Config {
    Config { max_message_bytes: 1 << 20, max_frame_bytes: 1 << 20, ..Config::default() }
}

#[tokio::test]
async fn everything_comes_back_however_it_is_framed_and_cut() {
    let server = Server::start(config()).await;
    for seed in 1..=24 {
        let mut dice = Dice(3678 * seed);
        let mut talk = Talk::default();
        for _ in 0..40 {
            talk.message(LENGTHS[dice.roll(LENGTHS.len())], &mut dice);
        }
        talk.close(&mut dice);
        let most = [7, 1_500, 65_536, 1 << 20][dice.roll(4)];
        // Small pieces of so much would take long; short messages have all the same bounds of heads.
        if most == 7 {
            talk = Talk::default();
            for _ in 0..40 {
                talk.message(LENGTHS[dice.roll(9)], &mut dice);
            }
            talk.close(&mut dice);
        }
        talk_over(server.open().await, talk, most, dice).await;
    }
}

#[tokio::test]
async fn a_byte_at_a_time_is_as_good_as_all_at_once() {
    let server = Server::start(config()).await;
    for length in [0, 1, 36, 125, 126, 127] {
        for _ in 0..4 {
            let mut dice = Dice(3678 + length as u64);
            let mut talk = Talk::default();
            talk.message(length, &mut dice);
            talk.ping(&mut dice);
            talk.message(length, &mut dice);
            talk.close(&mut dice);
            talk_over(server.open().await, talk, 1, dice).await;
        }
    }
}

#[tokio::test]
async fn pings_that_nobody_hears_answered_lose_no_message() {
    let server = Server::start(config()).await;
    let mut dice = Dice(36);
    let mut talk = Talk::default();
    for _ in 0..20_000 {
        talk.ping(&mut dice);
    }
    talk.message(300_000, &mut dice);
    talk.message(36, &mut dice);
    talk.close(&mut dice);
    talk_over(server.open().await, talk, 1 << 20, dice).await;
}

#[tokio::test]
async fn an_end_in_the_middle_of_a_frame_is_an_end() {
    let server = Server::start(config()).await;
    for length in [36, 20_000] {
        let mut dice = Dice(length as u64);
        let mut talk = Talk::default();
        talk.frame(FINAL | BINARY, &bytes(length), &mut dice);
        for cut in [1, 2, 5, talk.wire.len() / 2, talk.wire.len() - 1] {
            let mut stream = server.open().await;
            stream.write_all(&talk.wire[..cut]).await.unwrap();
            stream.shutdown().await.unwrap();
            let rest = read_to_end(&mut stream).await;
            assert!(rest.is_empty() || rest[0] == FINAL | CLOSE, "{cut}: {rest:?}");
        }
    }
    // And others are served as before.
    let mut dice = Dice(78);
    let mut talk = Talk::default();
    talk.message(36, &mut dice);
    talk.close(&mut dice);
    talk_over(server.open().await, talk, 36, dice).await;
}
