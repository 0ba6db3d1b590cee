//! What travels over a channel: text or bytes, held so that passing it on never copies it.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use bytestring::ByteString;

/// One WebSocket message, whole: fragments have been joined before it is seen here.
///
/// Both payloads are reference counted, so a clone costs the same for one byte and for a megabyte.
///
/// ```
/// use web_socket_channel::Message;
///
/// assert_eq!(Message::from("a text").as_text(), Some("a text"));
/// assert_eq!(Message::from([1, 2, 3]).len(), 3);
/// assert_eq!(format!("received: {}", Message::from("a text")), "received: a text");
/// ```
///
/// It is made of whatever holds text or bytes: text becomes a text message, bytes a binary one. Of a
/// `String`, a `Vec<u8>`, a `Box<str>` and the like the memory is taken over; what is borrowed is copied,
/// but for [`from_static`](Self::from_static).
///
/// There are these two kinds and no others: pings, pongs and closes are not among the messages.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// A text message (opcode 1): valid UTF-8 by its type.
    Text(ByteString),
    /// A binary message (opcode 2).
    Binary(Bytes),
}

impl Message {
    /// A text message of text that is in the program itself, without a copy.
    ///
    /// ```
    /// use web_socket_channel::Message;
    ///
    /// const HELLO: Message = Message::from_static("hello");
    /// assert_eq!(HELLO.as_text(), Some("hello"));
    /// ```
    #[must_use]
    pub const fn from_static(text: &'static str) -> Self {
        Self::Text(ByteString::from_static(text))
    }

    /// A binary message of bytes that are in the program itself, without a copy.
    #[must_use]
    pub const fn from_static_bytes(bytes: &'static [u8]) -> Self {
        Self::Binary(Bytes::from_static(bytes))
    }

    /// The payload's length in bytes; for text, of its UTF-8 form.
    pub fn len(&self) -> usize {
        self.as_bytes().len()
    }

    /// Whether the payload is empty. An empty message is still a message: it is sent and received.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text, if this is a text message.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Binary(_) => None,
        }
    }

    /// The payload's bytes; for text, its UTF-8 form.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Binary(bytes) => bytes,
        }
    }

    /// The payload as reference-counted bytes, without a copy.
    pub fn into_bytes(self) -> Bytes {
        match self {
            Self::Text(text) => text.into_bytes(),
            Self::Binary(bytes) => bytes,
        }
    }
}

/// The text of a text message; of a binary one how long it is, as in `3 bytes`. Dart's
/// `'${snapshot.data}'`.
///
/// What is written of bytes is for people and may change.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.pad(text),
            Self::Binary(bytes) if bytes.len() == 1 => f.pad("1 byte"),
            Self::Binary(bytes) => f.pad(&format!("{} bytes", bytes.len())),
        }
    }
}

/// `From` for each type, by a function that makes the payload of it.
macro_rules! from {
    ($variant:ident: $($source:ty => $make:expr;)+) => {
        $(impl From<$source> for Message {
            fn from(source: $source) -> Self {
                Self::$variant($make(source))
            }
        })+
    };
}

from! { Text:
    &str => ByteString::from;
    &String => |text: &String| text.as_str().into();
    String => ByteString::from;
    Box<str> => ByteString::from;
    Cow<'_, str> => |text: Cow<'_, str>| text.into_owned().into();
    ByteString => |text| text;
}

from! { Binary:
    &[u8] => Bytes::copy_from_slice;
    &Vec<u8> => |bytes: &Vec<u8>| Bytes::copy_from_slice(bytes);
    Vec<u8> => Bytes::from;
    Box<[u8]> => Bytes::from;
    Cow<'_, [u8]> => |bytes: Cow<'_, [u8]>| bytes.into_owned().into();
    Bytes => |bytes| bytes;
}

impl<const N: usize> From<[u8; N]> for Message {
    fn from(bytes: [u8; N]) -> Self {
        bytes.as_slice().into()
    }
}

impl<const N: usize> From<&[u8; N]> for Message {
    fn from(bytes: &[u8; N]) -> Self {
        bytes.as_slice().into()
    }
}
