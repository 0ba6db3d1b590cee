//! Section 3: what is sent arrives as it was, and comes back as it was.

use std::sync::mpsc;

use web_socket_channel::{Message, Options, Tap, TapEvent};

use super::TEXT;
use super::{Outcome, Scenario, Step, Transport, check, check_eq, next_message, round_trip};

const HELLO: &str = "Hello World!";

/// Each message on its own, and then all at once.
async fn echoes(transport: &impl Transport, messages: Vec<Message>) -> Outcome {
    let (mut channel, _) = transport.connect(&Scenario::echo())?;
    for message in &messages {
        round_trip(&mut channel, message.clone()).await?;
    }
    for message in &messages {
        channel.try_send(message.clone())?;
    }
    for message in messages {
        check_eq!(next_message(&mut channel).await?, message);
    }
    Ok(())
}

pub(crate) async fn empty_text(transport: &impl Transport) -> Outcome {
    echoes(transport, vec!["".into()]).await
}

pub(crate) async fn empty_binary(transport: &impl Transport) -> Outcome {
    echoes(transport, vec![Vec::new().into()]).await
}

pub(crate) async fn hello(transport: &impl Transport) -> Outcome {
    echoes(transport, vec![HELLO.into()]).await
}

pub(crate) async fn bytes(transport: &impl Transport) -> Outcome {
    echoes(transport, vec![vec![1, 2, 3, 4, 5].into()]).await
}

pub(crate) async fn every_byte(transport: &impl Transport) -> Outcome {
    echoes(transport, vec![(0..=255).collect::<Vec<u8>>().into()]).await
}

pub(crate) async fn hello_ten_thousand_times(transport: &impl Transport) -> Outcome {
    echoes(transport, vec![HELLO.repeat(10_000).into()]).await
}

pub(crate) async fn a_million_bytes(transport: &impl Transport) -> Outcome {
    let bytes: Vec<u8> = (0..=250).cycle().take(1_000_000).collect();
    echoes(transport, vec![bytes.into(), "r".repeat(1_000_000).into()]).await
}

pub(crate) async fn lengths_around_the_frame_headers(transport: &impl Transport) -> Outcome {
    let lengths = [125, 126, 127, 65_535, 65_536];
    let both = |length| [Message::from("r".repeat(length)), vec![0xaa; length].into()];
    echoes(transport, lengths.into_iter().flat_map(both).collect()).await
}

pub(crate) async fn emoji(transport: &impl Transport) -> Outcome {
    echoes(transport, vec!["🎨⛳🌈".into(), "你好".into(), "👩‍👩‍👧‍👦".into()]).await
}

pub(crate) async fn text_that_tempts_to_be_changed(transport: &impl Transport) -> Outcome {
    // A byte order mark, a zero, line ends, a replacement character, and the ends of Unicode.
    let texts = ["\u{feff}custom", "a\0text", "a\r\ntext\n", "\u{fffd}", "\u{10ffff}\u{e000}"];
    echoes(transport, texts.map(Message::from).to_vec()).await
}

pub(crate) async fn binary_and_text_in_turn(transport: &impl Transport) -> Outcome {
    // The same payload in both kinds: only the kind tells them apart.
    let messages = vec!["".into(), Vec::new().into(), HELLO.into(), HELLO.as_bytes().into()];
    echoes(transport, messages).await
}

pub(crate) async fn two_thousand_alternating_messages_without_a_pause(
    transport: &impl Transport,
) -> Outcome {
    let (mut channel, _) = transport.connect(&Scenario::echo())?;
    let message = |number: u32| {
        let text = number.to_string();
        if number.is_multiple_of(2) { Message::from(text) } else { text.into_bytes().into() }
    };
    for number in 0..2_000 {
        channel.try_send(message(number))?;
    }
    for number in 0..2_000 {
        check_eq!(next_message(&mut channel).await?, message(number));
    }
    Ok(())
}

/// Each message arrives and is put in once and in order, and then comes the end.
pub(crate) async fn a_tap_sees_every_step(transport: &impl Transport) -> Outcome {
    let (tell, told) = mpsc::channel();
    let tap = Tap::new(move |passage| {
        let _ = tell.send(passage);
    });
    let options = Options::default().tap(Some(tap));
    let (mut channel, _) = transport.connect_with(&Scenario::echo(), options)?;
    for length in [3, 0, 678] {
        round_trip(&mut channel, vec![36; length]).await?;
    }
    channel.close_with(None, "")?.await;

    let passages: Vec<_> = told.try_iter().collect();
    let mut arrived = Vec::new();
    let mut put = 0;
    for passage in &passages {
        match passage {
            TapEvent::Arrived { bytes } => arrived.push(*bytes),
            TapEvent::Queued { messages } => put += messages,
            _ => check_eq!(*passage, TapEvent::Ended),
        }
        check!(put <= arrived.len());
    }
    check_eq!(arrived, [3, 0, 678]);
    check_eq!(put, 3);
    let ends = passages.iter().filter(|passage| **passage == TapEvent::Ended).count();
    check_eq!((ends, passages.last()), (1, Some(&TapEvent::Ended)));
    Ok(())
}

/// Control frames stand between them, and a character is cut in two.
pub(crate) async fn fragments_are_joined(transport: &impl Transport) -> Outcome {
    let frames = [
        &[0x01, 0x05, b'g', b'r', b'a', 0xf0, 0x9f][..],
        &[0x89, 0x00],
        &[0x00, 0x00],
        &[0x8a, 0x01, b'r'],
        &[0x80, 0x04, 0x8d, 0x87, b'p', b'e'],
        &[0x02, 0x01, 36, 0x80, 0x01, 78],
    ];
    let scenario = Scenario::new([Step::Raw(frames.concat()), Step::Echo]);
    let (mut channel, _) = transport.connect(&scenario)?;
    check_eq!(next_message(&mut channel).await?, "gra🍇pe".into());
    check_eq!(next_message(&mut channel).await?, vec![36, 78].into());
    round_trip(&mut channel, TEXT).await
}
