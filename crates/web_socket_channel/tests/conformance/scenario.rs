//! What a peer does in one connection, and how that is said in a URL, so that the same peer serves
//! a native test and a page in a browser.

use form_urlencoded::{Parse, Serializer};
use web_socket_channel::Message;

/// Codes that only the two ends know, and no library sends by itself: where one is seen, it has travelled.
/// This one is the channel's.
pub(crate) const OUR_CODE: u16 = 3678;
/// And this one the peer's.
pub(crate) const PEER_CODE: u16 = 4123;
/// The reason beside either.
pub(crate) const REASON: &str = "enough";
/// A message that is sent for nothing but to arrive.
pub(crate) const TEXT: &str = "a text";

/// One connection, seen from the peer: how it answers the handshake, and what it does then.
///
/// After the last step the peer reads until the channel closes, answers that, and hangs up.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scenario {
    pub(crate) answer: Answer,
    /// The answer waits until the test says so.
    pub(crate) is_held: bool,
    pub(crate) steps: Vec<Step>,
    /// A user and a password for the URL, percent-encoded.
    pub(crate) credentials: Option<(String, String)>,
}

/// What the peer says to the handshake's request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    /// 101, with this subprotocol, whether or not it was offered.
    Accept(Option<String>),
    /// This status, with a header and a body that can be recognised; see [`refusal`].
    Refuse(u16),
    /// These bytes, and nothing more.
    Garbage(Vec<u8>),
    /// The beginning of an answer, and headers for as long as the channel takes them.
    Endless,
    /// It hangs up.
    Cut,
    /// Nothing, for as long as the channel waits.
    Silence,
}

/// What the peer does once the connection is open.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    /// Waits for a message.
    Receive,
    /// Sends every message back, until the channel closes.
    Echo,
    /// Sends a message.
    Send(Message),
    /// Sends so many messages of so many bytes. The first bytes of each are its number.
    Flood { messages: usize, bytes: usize },
    /// Sends a close frame; without code and reason for 1005.
    Close(u16, String),
    /// Sends a ping.
    Ping(Vec<u8>),
    /// Sends these bytes as they are.
    Raw(Vec<u8>),
    /// Does nothing, and reads nothing, until the test says so.
    Hold,
    /// Reads, but answers nothing any more, a close neither, until the channel hangs up.
    Ignore,
    /// Hangs up without a close frame.
    Cut,
    /// Hangs up in the rudest way that TCP knows.
    Reset,
}

impl Scenario {
    pub(crate) fn new(steps: impl Into<Vec<Step>>) -> Self {
        Self {
            answer: Answer::Accept(None),
            is_held: false,
            steps: steps.into(),
            credentials: None,
        }
    }

    pub(crate) fn echo() -> Self {
        Self::new([Step::Echo])
    }

    pub(crate) fn answer(answer: Answer) -> Self {
        Self { answer, ..Self::new([]) }
    }

    pub(crate) fn held(self) -> Self {
        Self { is_held: true, ..self }
    }

    /// The URL's query that asks the peer for this.
    pub(crate) fn to_query(&self, id: u64) -> String {
        let mut query = Serializer::new(String::new());
        query.append_pair("id", &id.to_string());
        let answer = match &self.answer {
            Answer::Accept(None) => "accept".to_owned(),
            Answer::Accept(Some(protocol)) => format!("accept:{protocol}"),
            Answer::Refuse(status) => format!("refuse:{status}"),
            Answer::Garbage(bytes) => format!("garbage:{}", to_hex(bytes)),
            Answer::Endless => "endless".to_owned(),
            Answer::Cut => "cut".to_owned(),
            Answer::Silence => "silence".to_owned(),
        };
        query.append_pair("answer", &answer);
        if self.is_held {
            query.append_pair("held", "");
        }
        for step in &self.steps {
            query.append_pair("step", &step.to_text());
        }
        query.finish()
    }

    /// The reverse of [`to_query`](Self::to_query).
    pub(crate) fn from_query(query: &str) -> Option<(u64, Self)> {
        let mut id = None;
        let mut scenario = Self::new([]);
        for (name, value) in parse(query) {
            match &*name {
                "id" => id = value.parse().ok(),
                "held" => scenario.is_held = true,
                "step" => scenario.steps.push(Step::from_text(&value)?),
                "answer" => {
                    scenario.answer = match value.split_once(':') {
                        Some(("accept", protocol)) => Answer::Accept(Some(protocol.to_owned())),
                        Some(("refuse", status)) => Answer::Refuse(status.parse().ok()?),
                        Some(("garbage", hex)) => Answer::Garbage(from_hex(hex)?),
                        None if value == "accept" => Answer::Accept(None),
                        None if value == "endless" => Answer::Endless,
                        None if value == "cut" => Answer::Cut,
                        None if value == "silence" => Answer::Silence,
                        _ => return None,
                    };
                }
                _ => return None,
            }
        }
        Some((id?, scenario))
    }
}

impl Step {
    fn to_text(&self) -> String {
        match self {
            Self::Receive => "receive".to_owned(),
            Self::Echo => "echo".to_owned(),
            Self::Send(Message::Text(text)) => format!("text:{text}"),
            Self::Send(Message::Binary(bytes)) => format!("binary:{}", to_hex(bytes)),
            Self::Flood { messages, bytes } => format!("flood:{messages}:{bytes}"),
            Self::Close(code, reason) => format!("close:{code}:{reason}"),
            Self::Ping(bytes) => format!("ping:{}", to_hex(bytes)),
            Self::Raw(bytes) => format!("raw:{}", to_hex(bytes)),
            Self::Hold => "hold".to_owned(),
            Self::Ignore => "ignore".to_owned(),
            Self::Cut => "cut".to_owned(),
            Self::Reset => "reset".to_owned(),
        }
    }

    fn from_text(text: &str) -> Option<Self> {
        let (name, value) = text.split_once(':').unwrap_or((text, ""));
        Some(match name {
            "receive" => Self::Receive,
            "echo" => Self::Echo,
            "text" => Self::Send(value.into()),
            "binary" => Self::Send(from_hex(value)?.into()),
            "flood" => {
                let (messages, bytes) = value.split_once(':')?;
                Self::Flood { messages: messages.parse().ok()?, bytes: bytes.parse().ok()? }
            }
            "close" => {
                let (code, reason) = value.split_once(':')?;
                Self::Close(code.parse().ok()?, reason.to_owned())
            }
            "ping" => Self::Ping(from_hex(value)?),
            "raw" => Self::Raw(from_hex(value)?),
            "hold" => Self::Hold,
            "ignore" => Self::Ignore,
            "cut" => Self::Cut,
            "reset" => Self::Reset,
            _ => return None,
        })
    }
}

/// The messages of [`Step::Flood`]: text with its own number, filled up to `bytes`.
pub(crate) fn flood_message(number: usize, bytes: usize) -> Message {
    let mut text = number.to_string();
    text += &"-".repeat(bytes.saturating_sub(text.len()));
    text.into()
}

/// The HTTP answer of [`Answer::Refuse`]. Its body is larger than a client should keep.
pub(crate) fn refusal(status: u16) -> Vec<u8> {
    const BODY_BYTES: usize = 1_000_000;
    let mut response = format!(
        "HTTP/1.1 {status} Custom\r\n\
         X-Custom: 3678\r\n\
         Location: /custom\r\n\
         Connection: close\r\n\
         Content-Length: {BODY_BYTES}\r\n\
         \r\n\
         no strangers here: "
    )
    .into_bytes();
    response.resize(response.len() + BODY_BYTES - "no strangers here: ".len(), b'-');
    response
}

pub(crate) fn parse(query: &str) -> Parse<'_> {
    form_urlencoded::parse(query.as_bytes())
}

pub(crate) fn to_hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

pub(crate) fn from_hex(hex: &str) -> Option<Vec<u8>> {
    data_encoding::HEXLOWER.decode(hex.as_bytes()).ok()
}
