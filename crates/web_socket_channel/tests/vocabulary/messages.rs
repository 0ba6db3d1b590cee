//! What a message is made of, and how it is shown.

use std::borrow::Cow;

use web_socket_channel::{Bytes, Message};

#[test]
fn every_kind_of_text_is_text() {
    let text = String::from("a text");
    let made: [Message; 7] = [
        "a text".into(),
        (&text).into(),
        text.clone().into(),
        text.clone().into_boxed_str().into(),
        Cow::Borrowed("a text").into(),
        Cow::<str>::Owned(text).into(),
        Message::from_static("a text"),
    ];
    for message in made {
        assert_eq!(message, Message::Text("a text".into()));
    }
}

#[test]
fn every_kind_of_bytes_is_binary() {
    const BYTES: [u8; 3] = [1, 2, 3];
    let made: [Message; 9] = [
        BYTES.into(),
        (&BYTES).into(),
        BYTES.as_slice().into(),
        BYTES.to_vec().into(),
        (&BYTES.to_vec()).into(),
        Box::<[u8]>::from(BYTES).into(),
        Cow::Borrowed(BYTES.as_slice()).into(),
        Cow::<[u8]>::Owned(BYTES.to_vec()).into(),
        Message::from_static_bytes(&[1, 2, 3]),
    ];
    for message in made {
        assert_eq!(message, Message::Binary(Bytes::copy_from_slice(&BYTES)));
    }
}

#[test]
fn owned_and_static_payloads_are_not_copied() {
    let text = String::from("a text");
    let place = text.as_ptr();
    assert_eq!(Message::from(text).as_bytes().as_ptr(), place);
    let bytes = vec![1, 2, 3];
    let place = bytes.as_ptr();
    assert_eq!(Message::from(bytes).as_bytes().as_ptr(), place);
    let text = "a text";
    assert_eq!(Message::from_static(text).as_bytes().as_ptr(), text.as_ptr());
}

#[test]
fn text_is_shown_and_bytes_are_counted() {
    assert_eq!(Message::from("a text").to_string(), "a text");
    assert_eq!(Message::from([3]).to_string(), "1 byte");
    assert_eq!(Message::from([3, 6, 7, 8]).to_string(), "4 bytes");
    assert_eq!(format!("{:>8}|", Message::from("a text")), "  a text|");
}
