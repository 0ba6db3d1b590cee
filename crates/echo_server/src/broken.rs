//! What `/broken` does wrong, and what a right client does then. Bytes only: no codec would write them.

use web_socket_channel::handshake::http::header::{self, HeaderMap, HeaderValue};

/// Something that a server must not do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Breakage {
    /// Its name, as the value of `how`.
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    /// What a right client does, and by which section of RFC 6455.
    pub(crate) right: &'static str,
    kind: Kind,
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    /// A header of the handshake's answer, in place of the right one or beside the others.
    Header(&'static str, &'static str),
    /// What follows a right handshake. The client then says what it has to say.
    Frames(&'static [u8]),
    /// What follows a right handshake, and then the connection ends.
    FramesAndEnd(&'static [u8]),
}

/// All of them, in the order in which a client meets them.
pub(crate) static BREAKAGES: [Breakage; 12] = [
    Breakage {
        name: "accept-key",
        about: "the handshake's answer has the Sec-WebSocket-Accept of another key",
        right: "fails the handshake (§4.1)",
        // Twenty zeros, which are the SHA-1 of nothing that anybody knows.
        kind: Kind::Header("sec-websocket-accept", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
    },
    Breakage {
        name: "protocol",
        about: "the handshake's answer names a subprotocol that the client has not offered",
        right: "fails the handshake (§4.1)",
        kind: Kind::Header("sec-websocket-protocol", "never-offered"),
    },
    Breakage {
        name: "extension",
        about: "the handshake's answer names an extension that the client has not offered",
        right: "fails the handshake (§4.1)",
        kind: Kind::Header("sec-websocket-extensions", "never-offered"),
    },
    Breakage {
        name: "reserved-bit",
        about: "a text whose first reserved bit is set, with no extension that gives it a meaning",
        right: "delivers nothing and closes with 1002 (§5.2)",
        kind: Kind::Frames(b"\xc1\x06a text"),
    },
    Breakage {
        name: "utf8",
        about: "a text that is not UTF-8",
        right: "delivers nothing and closes with 1007 (§8.1)",
        kind: Kind::Frames(b"\x81\x02\xc3\x28"),
    },
    Breakage {
        name: "masked",
        about: "a text with a mask, which only clients use",
        right: "delivers nothing and closes with 1002 (§5.1)",
        kind: Kind::Frames(b"\x81\x86\x01\x02\x03\x04\x73\x63\x6a\x77\x68\x6c"),
    },
    Breakage {
        name: "interleaved",
        about: "a message that begins before the one in front of it has ended",
        right: "delivers nothing and closes with 1002 (§5.4)",
        kind: Kind::Frames(b"\x01\x03rai\x81\x05other"),
    },
    Breakage {
        name: "fragmented-ping",
        about: "a ping in fragments, which control frames never are",
        right: "delivers nothing and closes with 1002 (§5.5)",
        kind: Kind::Frames(b"\x09\x03rai\x80\x03sin"),
    },
    Breakage {
        name: "close-code",
        about: "a close frame with 1005, which stands for no code and never in a frame",
        right: "closes with 1002, and tells its program of no clean close (§7.4.1)",
        kind: Kind::Frames(b"\x88\x02\x03\xed"),
    },
    Breakage {
        name: "after-close",
        about: "a text behind the close frame, whose code is 1000",
        right: "delivers nothing, answers the close, and tells its program 1000 (§5.5.1)",
        kind: Kind::Frames(b"\x88\x02\x03\xe8\x81\x06a text"),
    },
    Breakage {
        name: "unfinished",
        about: "the beginning of a message, and then the end of the connection",
        right: "delivers nothing and tells its program 1006 (§7.1.5)",
        kind: Kind::FramesAndEnd(b"\x01\x03rai"),
    },
    Breakage {
        name: "length",
        about: "a text that is announced with 100 bytes, 6 of them, and then the end of the connection",
        right: "delivers nothing and tells its program 1006 (§7.1.5)",
        kind: Kind::FramesAndEnd(b"\x81\x64a text"),
    },
];

impl Breakage {
    /// The one of this name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        BREAKAGES.iter().find(|breakage| breakage.name == name)
    }

    /// Makes the answer of the handshake wrong, where that is what is wrong.
    pub(crate) fn spoil(&self, answer: &mut HeaderMap) {
        if let Kind::Header(name, value) = self.kind
            && let Ok(name) = header::HeaderName::try_from(name)
        {
            answer.insert(name, HeaderValue::from_static(value));
        }
    }

    /// What is sent behind the handshake, and whether the connection ends with it.
    pub(crate) fn frames(&self) -> (&'static [u8], bool) {
        match self.kind {
            Kind::Header(..) => (b"", false),
            Kind::Frames(bytes) => (bytes, false),
            Kind::FramesAndEnd(bytes) => (bytes, true),
        }
    }
}
