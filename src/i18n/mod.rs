//! Every sentence the page says, in every language. Nothing is worded anywhere else.
//!
//! The sentences are the fields of [`Words`], and each language is one value of it in a file of its
//! own, so that one which lacks a sentence does not compile. Where a sentence depends on an enum, such
//! as a stage or a counter, each language has a function with a `match` over all of it.
//!
//! To add a language: its file beside `en.rs`, its variant in `language.rs` (with its tag, and its
//! place in [`Language::ALL`]), its arm in [`words`].

use web_socket_channel::{CloseEvent, Error, InvalidArgument, ReadyState};

use crate::experiment::Script;
use crate::payload::PictureProblem;
use crate::session::Pane;
use crate::trouble::Trouble;

mod en;
mod zh;

mod language;
mod lesson;
mod rebuilds;

pub use language::Language;
pub use lesson::LessonWords;
pub use rebuilds::{ExperimentWords, RebuildsWords, connection_state, short_time};

/// The sentences of a language.
pub const fn words(language: Language) -> &'static Words {
    match language {
        Language::English => &en::WORDS,
        Language::Chinese => &zh::WORDS,
    }
}

/// Every sentence of one language.
pub struct Words {
    /// The app bar and the window.
    pub title: &'static str,
    /// The button that switches to this language; in this language, for those who look for it.
    pub switch_here_button: &'static str,
    /// The button for dark mode.
    pub dark_mode_button: &'static str,
    /// The button for light mode.
    pub light_mode_button: &'static str,
    /// The button that opens a pane.
    pub open_pane_button: fn(Pane) -> &'static str,
    /// The button that closes a pane.
    pub close_pane_button: fn(Pane) -> &'static str,
    /// The heading of a pane.
    pub pane_title: fn(Pane) -> &'static str,
    /// The address, and how the connection stands.
    pub connection: ConnectionWords,
    /// The message that is written, and the one that came back.
    pub message: MessageWords,
    /// What went wrong.
    pub errors: ErrorWords,
    /// The things to try.
    pub experiments: ExperimentWords,
    /// How events become frames.
    pub rebuilds: RebuildsWords,
    /// The four steps.
    pub lesson: LessonWords,
    /// What the desktop program says where it was started.
    pub terminal: TerminalWords,
}

/// What is said about the address and how the connection stands.
pub struct ConnectionWords {
    /// The label of the address field.
    pub address_label: &'static str,
    /// Below the address field, while nothing is wrong with it.
    pub address_helper: &'static str,
    /// The button beside the address.
    pub connect_button: &'static str,
    /// The button where the page echoes by itself.
    pub try_server_button: &'static str,
    /// The state of the connection, in a word.
    pub state: fn(Option<ReadyState>) -> &'static str,
    /// The state of the connection where the page echoes by itself: "open" would say too much.
    pub in_page_state: &'static str,
    /// That the page echoes by itself, and why; or that it plays the server in something to try.
    pub plays_in_page: fn(Script) -> &'static str,
    /// The subprotocol, or that there is none.
    pub protocol: fn(Option<&str>) -> String,
    /// How a connection ended: who began it, the code with its name, and the reason.
    pub ending: fn(&CloseEvent) -> String,
}

/// What is said about the message that is written, and about the one that came back.
pub struct MessageWords {
    /// The label of the message field.
    pub label: &'static str,
    /// The name of the floating button.
    pub send_button: &'static str,
    /// What came back.
    pub echo: fn(text: &str) -> String,
    /// A picture came back; for those who can't see it. `length` is in bytes.
    pub picture: fn(width: usize, height: usize, length: usize) -> String,
    /// So many bytes came back that are no picture.
    pub bytes: fn(length: usize) -> String,
    /// A picture came back that can't be shown. `length` is in bytes.
    pub broken_picture: fn(format: &str, length: usize, PictureProblem) -> String,
}

/// What went wrong, in words that a person can act on.
pub struct ErrorWords {
    /// The error text of the Flutter page.
    pub unreachable: &'static str,
    /// What an error was, and what to do about it.
    pub error: fn(&Error) -> String,
    /// How a connection was lost, and what to do about it.
    pub lost: fn(&CloseEvent) -> String,
    /// What is wrong with an address.
    pub address_problem: fn(&InvalidArgument) -> String,
}

impl ErrorWords {
    /// Why the network does not carry messages, and what to do about it.
    pub fn trouble(&self, trouble: &Trouble) -> String {
        match trouble {
            Trouble::Failed(error) => (self.error)(error),
            Trouble::Lost(event) => (self.lost)(event),
        }
    }
}

/// What the desktop program says where it was started.
pub struct TerminalWords {
    /// `--help`.
    pub usage: &'static str,
    /// An argument that is not understood.
    pub unknown_argument: fn(argument: &str) -> String,
    /// More than one URL.
    pub too_many_arguments: &'static str,
    /// An argument that is no address.
    pub bad_address: fn(address: &str, &InvalidArgument) -> String,
    /// No window could be opened.
    pub no_window: fn(why: &str) -> String,
    /// The echo server of the desktop program could not be started.
    pub no_local_server: fn(why: &str) -> String,
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use web_socket_channel::{
        Initiator, LimitExceeded, NetworkErrorKind, ProxyError, ProxyErrorKind, Timeout,
        TlsErrorKind,
    };
    use web_socket_channel::{InvalidProxy, NetworkError, PeerMisbehaved, TlsError, handshake};

    #[test]
    fn no_trouble_is_told_in_the_wrong_language() {
        let host = || "127.0.0.1:3678".to_owned();
        let refused = |head: &[u8]| match handshake::parse_response(head, 0) {
            Ok(Some((response, _))) => Error::Refused(response.into()),
            other => unreachable!("{other:?}"),
        };
        let mut errors = vec![
            Error::Timeout(Timeout::Connect(Duration::from_secs(10))),
            Error::Timeout(Timeout::Pong(Duration::from_millis(1500))),
            PeerMisbehaved { code: 1002, what: "a reserved bit is set".into() }.into(),
            Error::LimitExceeded(LimitExceeded::MessageTooBig { limit: 3678 }),
            Error::LimitExceeded(LimitExceeded::Inbox { messages: 1, bytes: 2 }),
            Error::LimitExceeded(LimitExceeded::Outbox { messages: 1, bytes: 2 }),
            InvalidArgument::Fragment.into(),
            Error::Closed(None),
            refused(b"HTTP/1.1 302 Found\r\n\r\n"),
            refused(b"HTTP/1.1 401 Unauthorized\r\n\r\n"),
            refused(b"HTTP/1.1 403 Forbidden\r\n\r\n"),
            refused(b"HTTP/1.1 404 Not Found\r\n\r\n"),
            refused(b"HTTP/1.1 418 Teapot\r\n\r\n"),
            refused(b"HTTP/1.1 503 Service Unavailable\r\n\r\n"),
        ];
        for kind in [
            NetworkErrorKind::Unresolvable,
            NetworkErrorKind::ConnectionRefused,
            NetworkErrorKind::Unreachable,
            NetworkErrorKind::ConnectionLost,
            NetworkErrorKind::Broken,
            NetworkErrorKind::LocalResources,
            NetworkErrorKind::Other,
        ] {
            errors.push(NetworkError { kind, host: host(), source: None }.into());
        }
        for kind in [
            TlsErrorKind::UnknownIssuer,
            TlsErrorKind::WrongName,
            TlsErrorKind::Expired,
            TlsErrorKind::NoAuthorities,
            TlsErrorKind::NotTls,
            TlsErrorKind::IsTls,
            TlsErrorKind::OldVersion,
            TlsErrorKind::ClientCertificate,
            TlsErrorKind::Other,
        ] {
            let source = std::io::Error::other("what rustls said");
            errors.push(TlsError { kind, host: host(), source: source.into() }.into());
        }
        for kind in [
            ProxyErrorKind::Invalid(InvalidProxy::Path),
            ProxyErrorKind::Network(NetworkErrorKind::ConnectionRefused),
            ProxyErrorKind::Timeout(Duration::from_secs(10)),
            ProxyErrorKind::Credentials,
            ProxyErrorKind::Forbidden,
            ProxyErrorKind::ServerUnreachable,
            ProxyErrorKind::Refused,
        ] {
            let (proxy, host) = ("http://127.0.0.1:3128".to_owned(), host());
            errors.push(ProxyError { kind, proxy, host, response: None, source: None }.into());
        }
        for error in errors {
            let trouble = Trouble::Failed(error);
            let told = Language::ALL.map(|language| words(language).errors.trouble(&trouble));
            for (at, (language, told_here)) in Language::ALL.into_iter().zip(&told).enumerate() {
                assert!(is_in(language, told_here), "{language:?}: {told_here}");
                assert!(!told[..at].contains(told_here), "{language:?}: {told_here}");
            }
        }
    }

    /// Whether a sentence may be one of this language, by its letters.
    fn is_in(language: Language, sentence: &str) -> bool {
        match language {
            Language::English => {
                let begins_well = |c: char| c.is_uppercase() || c.is_ascii_digit();
                sentence.starts_with(begins_well) && sentence.is_ascii()
            }
            Language::Chinese => {
                let names = ["WebSocket", "wss:", "ws:", "http:"];
                let rest =
                    names.iter().fold(sentence.to_owned(), |rest, name| rest.replace(name, ""));
                let mut words = rest.split(|c: char| !c.is_ascii_alphabetic());
                !words.any(|word| word.len() > 2) && !rest.is_ascii()
            }
        }
    }

    #[test]
    fn an_ending_says_who_what_and_why() {
        const ENGLISH: &Words = words(Language::English);
        let event = CloseEvent::new(4123, "raisin", true, Initiator::Remote);
        assert_eq!(
            (ENGLISH.connection.ending)(&event),
            "Closed by the server: 4123 private code, “raisin”"
        );
        let event = CloseEvent::new(1006, "", false, Initiator::Failure);
        let text = (ENGLISH.connection.ending)(&event);
        assert!(text.starts_with("Connection lost: 1006 "), "{text}");
    }

    #[test]
    fn every_language_explains_all_options() {
        for language in Language::ALL {
            let usage = words(language).terminal.usage;
            for part in ["websocket-echo [URL]", "ws://", "-h, --help", "-V, --version"] {
                assert!(usage.contains(part), "{language:?}: {usage}");
            }
        }
    }
}
