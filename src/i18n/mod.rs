//! Every sentence the page says, in every language. Nothing is worded anywhere else.
//!
//! The sentences are the fields of [`Words`], and each language is one value of it in a file of its
//! own, so that one which lacks a sentence does not compile. Where a sentence depends on an enum, such
//! as a stage or a counter, each language has a function with a `match` over all of it.
//!
//! To add a language: its file beside `en.rs`, its variant in `language.rs` (with its tag, and its
//! place in [`Language::ALL`]), its arm in [`words`].

use std::time::Duration;

use app_core::settings::{Field, Platform, ProxyChoice, SettingProblem, Transport, Unavailable};
use app_core::{ConnectionStatus, SendOutlook};
use web_socket_channel::{CloseEvent, Error, InvalidArgument};

use crate::payload::PictureProblem;
use app_core::ConnectionProblem;
use app_core::Panel;
use app_core::composer::close::CloseProblem;
use app_core::composer::format::{Format, FormatProblem};
use app_core::composer::repeat::Repeating;
use app_core::composer::saved::SaveProblem;
use app_core::composer::{Refused, Tool};
use app_core::experiments::{LinkProblem, Script};
use app_core::panels::Shortcut;

mod en;
mod zh;

pub mod comparison;
mod lesson;
pub mod log;
mod questions;
mod rebuilds;
mod refusal;
pub mod replay;
mod sheet;
mod text_menu;
mod trials;
pub mod zoom;

pub use app_core::Language;
pub use comparison::{ComparisonWords, short_value};
pub use egui_row_list::group_digits;
pub use lesson::LessonWords;
pub use log::LogWords;
pub use questions::{QuestionWords, tutorial_sentence};
pub use rebuilds::{ExperimentWords, RebuildsWords, short_time, stream_state};
pub use replay::ReplayWords;
pub use sheet::SheetWords;
pub use text_menu::{ClipboardProblem, TextMenuWords};
pub use trials::TrialWords;
pub use zoom::{ZoomWords, axis_time};

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
    /// The web page's button that only assistive technology meets.
    pub enable_accessibility_button: &'static str,
    /// The button that switches to this language; in this language, for those who look for it.
    pub switch_here_button: &'static str,
    /// The button for dark mode.
    pub dark_mode_button: &'static str,
    /// The button for light mode.
    pub light_mode_button: &'static str,
    /// The button for the system's own mode.
    pub system_theme_button: &'static str,
    /// The button for more contrast.
    pub more_contrast_button: &'static str,
    /// The button for contrast as it was.
    pub usual_contrast_button: &'static str,
    /// The name of a scroll bar.
    pub scroll_bar: &'static str,
    /// The name of a scroll bar that goes sideways.
    pub horizontal_scroll_bar: &'static str,
    /// The button for what is done seldom.
    pub more_button: &'static str,
    /// The button that opens a panel.
    pub open_panel_button: fn(Panel) -> &'static str,
    /// The button that closes a panel.
    pub close_panel_button: fn(Panel) -> &'static str,
    /// The heading of a panel.
    pub panel_title: fn(Panel) -> &'static str,
    /// What was kept over restarts could not be read.
    pub store_damaged: &'static str,
    /// The button that puts a notice away.
    pub dismiss_button: &'static str,
    /// What the program is, in this version.
    pub about: fn(version: &str) -> String,
    /// The heading of the keys.
    pub shortcuts_title: &'static str,
    /// What a key does.
    pub shortcut: fn(Shortcut) -> &'static str,
    /// The address, and how the connection stands.
    pub connection: ConnectionWords,
    /// Everything about the connection, on its sheet.
    pub sheet: SheetWords,
    /// The message that is written, and the one that came back.
    pub message: MessageWords,
    /// What there is at the message field besides writing and sending.
    pub sending: SendingWords,
    /// What went wrong.
    pub errors: ErrorWords,
    /// The things to try.
    pub experiments: ExperimentWords,
    /// What is asked before them.
    pub questions: QuestionWords,
    /// What is set of them.
    pub trials: TrialWords,
    /// The menu of a text.
    pub text_menu: TextMenuWords,
    /// How events become frames.
    pub rebuilds: RebuildsWords,
    /// Every message and every event.
    pub log: LogWords,
    /// The past.
    pub replay: ReplayWords,
    /// Ways to take events in, beside one another.
    pub comparison: ComparisonWords,
    /// Of the part of a time axis that is seen.
    pub zoom: ZoomWords,
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
    pub status_word: fn(ConnectionStatus) -> &'static str,
    /// The same at this time: which attempt, and how long until the next one. Where the page echoes by
    /// itself, "open" would say too much.
    pub status: fn(ConnectionStatus, is_in_page: bool, now: Duration) -> String,
    /// The button that ends the wait for the next attempt.
    pub retry_now_button: &'static str,
    /// The button that connects to the address in the field.
    pub connect_to_button: &'static str,
    /// The button that closes the connection.
    pub close_button: &'static str,
    /// Above the latest addresses.
    pub recent_title: &'static str,
    /// The button that forgets the latest addresses.
    pub forget_button: &'static str,
    /// The heading of how the connection stands.
    pub state_title: &'static str,
    /// The heading of what waits to be sent: how many.
    pub waiting: fn(count: u64) -> String,
    /// The button that takes one message back.
    pub take_back_button: &'static str,
    /// The button that takes all back that waits.
    pub take_back_all_button: &'static str,
    /// The heading of what may or may not have arrived: how many.
    pub in_doubt: fn(count: u64) -> String,
    /// The button that sends what is in doubt again.
    pub resend_button: &'static str,
    /// The button that forgets what is in doubt.
    pub let_go_button: &'static str,
    /// The heading of what carries the messages.
    pub transport_title: &'static str,
    /// What carries the messages.
    pub transport: fn(Transport, Platform) -> &'static str,
    /// The heading of connecting again.
    pub reconnect_title: &'static str,
    /// Whether a lost connection is made again.
    pub reconnects_switch: &'static str,
    /// Whether what is in doubt is sent again by itself.
    pub resends_switch: &'static str,
    /// The heading of what is asked of the server.
    pub request_title: &'static str,
    /// The heading of the times.
    pub times_title: &'static str,
    /// The heading of the bounds.
    pub limits_title: &'static str,
    /// Which proxy.
    pub proxy: fn(ProxyChoice) -> &'static str,
    /// The label of a field of the settings, with its unit.
    pub field: fn(Field) -> &'static str,
    /// Below a field of the settings, while nothing is wrong with it.
    pub field_helper: fn(Field) -> &'static str,
    /// Why something can't be set here.
    pub unavailable: fn(Unavailable) -> &'static str,
    /// What is wrong with a setting.
    pub setting_problem: fn(&SettingProblem) -> String,
    /// The button that sets everything as it was at first.
    pub reset_button: &'static str,
    /// That the page echoes by itself, and why; or that it plays the server in something to try.
    pub plays_in_page: fn(Script, stands_in: bool) -> &'static str,
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
    /// Below the message field: what sending would do.
    pub outlook: fn(&SendOutlook) -> String,
    /// What is attached: its length in bytes, and whether it is text.
    pub attachment: fn(bytes: usize, is_text: bool) -> String,
    /// The button that removes what is attached.
    pub detach_button: &'static str,
    /// What was not attached, and why.
    pub refused: fn(&Refused) -> String,
    /// There is a connection again; the text above stays until something comes.
    pub is_back: &'static str,
    /// What came back, above a text that is too long for a line: its length in bytes.
    pub long_echo: fn(bytes: usize) -> String,
    /// What came back.
    pub echo: fn(text: &str) -> String,
    /// A picture came back; for those who can't see it. `length` is in bytes.
    pub picture: fn(width: usize, height: usize, length: usize) -> String,
    /// So many bytes came back that are no picture.
    pub bytes: fn(length: usize) -> String,
    /// A picture came back that can't be shown. `length` is in bytes.
    pub broken_picture: fn(format: &str, length: usize, PictureProblem) -> String,
}

/// What is said at the message field besides writing and sending.
pub struct SendingWords {
    /// The button that shows the formats and tools.
    pub open_button: &'static str,
    /// The button that hides them.
    pub close_button: &'static str,
    /// What a text is.
    pub format: fn(Format) -> &'static str,
    /// What is wrong with a text of a format.
    pub format_problem: fn(&FormatProblem) -> String,
    /// Below the field, while nothing is wrong: what is sent by its key.
    pub ready: fn(Ready) -> String,
    /// The button that sends a text that is wrong for its format, as it stands.
    pub send_as_text_button: &'static str,
    /// Whether Enter makes a new line.
    pub several_lines_switch: &'static str,
    /// The button that removes one of several things attached: which, from 1 on.
    pub detach_nth_button: fn(number: usize) -> String,
    /// So many files are being read.
    pub reading: fn(files: usize) -> String,
    /// What a tool is for.
    pub tool: fn(Tool) -> &'static str,
    /// The label of the name to save under.
    pub save_name_label: &'static str,
    /// The button that saves.
    pub save_button: &'static str,
    /// What keeps it from being saved.
    pub save_problem: fn(SaveProblem) -> &'static str,
    /// There are no saved messages.
    pub nothing_saved: &'static str,
    /// The button that forgets a saved message.
    pub forget_button: fn(name: &str) -> String,
    /// The label of the interval, with its unit.
    pub every_label: &'static str,
    /// The label of the count.
    pub count_label: &'static str,
    /// What is wrong with the interval.
    pub every_problem: &'static str,
    /// What is wrong with the count.
    pub count_problem: &'static str,
    /// What the counter in a text does.
    pub counter_note: &'static str,
    /// What keeps a run from beginning that is not said elsewhere.
    pub repeat_needs: &'static str,
    /// The button that begins a run.
    pub start_button: &'static str,
    /// The button that ends it.
    pub stop_button: &'static str,
    /// How a run stands.
    pub repeating: fn(&Repeating) -> String,
    /// The label of the close code.
    pub code_label: &'static str,
    /// What a close code is called.
    pub code_name: fn(code: u16) -> &'static str,
    /// The label of the close reason.
    pub reason_label: &'static str,
    /// What is wrong with a close.
    pub close_problem: fn(&CloseProblem) -> String,
    /// The button that closes so.
    pub close_with_button: &'static str,
}

/// What is sent by which key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ready {
    /// How much of what is attached, if anything is.
    pub attachments: usize,
    /// What the text is.
    pub format: Format,
    /// How many bytes it stands for.
    pub bytes: usize,
    /// Whether Enter makes a new line, so that it takes Ctrl too.
    pub needs_ctrl: bool,
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
    pub fn problem(&self, problem: &ConnectionProblem) -> String {
        match problem {
            ConnectionProblem::Failed(error) => (self.error)(error),
            ConnectionProblem::Lost(event) => (self.lost)(event),
        }
    }
}

/// What the desktop program says where it was started, and of the system that it runs on.
pub struct TerminalWords {
    /// `--help`.
    pub usage: &'static str,
    /// An argument that is not understood.
    pub unknown_argument: fn(argument: &str) -> String,
    /// A transport that there is not.
    pub unknown_transport: fn(name: &str) -> String,
    /// A link to an experiment that is wrong.
    pub bad_link: fn(link: &str, &LinkProblem) -> String,
    /// More than one URL.
    pub too_many_arguments: &'static str,
    /// An argument that is no address.
    pub bad_address: fn(address: &str, &InvalidArgument) -> String,
    /// No window could be opened.
    pub no_window: fn(why: &str) -> String,
    /// No window could be opened, as this library is missing, which is in these packages of Debian and of
    /// Fedora.
    pub missing_library: fn(library: &str, debian: &str, fedora: &str) -> String,
    /// This system has no dialogs for files.
    pub no_dialogs: &'static str,
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
    fn no_problem_is_told_in_the_wrong_language() {
        let host = || "127.0.0.1:3678".to_owned();
        let refused = |head: &[u8]| match handshake::parse_response(head, 0) {
            Ok(Some((response, _))) => Error::Refused(response.into()),
            other => unreachable!("{other:?}"),
        };
        let mut errors = vec![
            Error::Timeout(Timeout::Connect(Duration::from_secs(10))),
            Error::Timeout(Timeout::Pong(Duration::from_millis(1500))),
            PeerMisbehaved::new(1002, "a reserved bit is set").into(),
            Error::LimitExceeded(LimitExceeded::MessageTooBig { limit: 3678 }),
            Error::LimitExceeded(LimitExceeded::Inbox { messages: 1, bytes: 2 }),
            Error::LimitExceeded(LimitExceeded::Outbox { messages: 1, bytes: 2 }),
            InvalidArgument::Fragment.into(),
            Error::Closed(None),
            refused(b"HTTP/1.1 302 Found\r\n\r\n"),
            refused(b"HTTP/1.1 401 Unauthorized\r\n\r\n"),
            refused(b"HTTP/1.1 403 Forbidden\r\n\r\n"),
            refused(b"HTTP/1.1 200 OK\r\n\r\n"),
            refused(b"HTTP/1.1 307 Temporary Redirect\r\nLocation: ws://127.0.0.1/\r\n\r\n"),
            refused(b"HTTP/1.1 404 Not Found\r\n\r\n"),
            refused(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"),
            refused(b"HTTP/1.1 426 Upgrade Required\r\n\r\n"),
            refused(b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 30\r\n\r\n"),
            refused(b"HTTP/1.1 502 Bad Gateway\r\n\r\n"),
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
            NetworkErrorKind::ForbiddenByPolicy,
            NetworkErrorKind::InsecureFromSecurePage,
            NetworkErrorKind::ForbiddenPort,
            NetworkErrorKind::Other,
        ] {
            errors.push(NetworkError::new(kind, host()).into());
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
            errors.push(TlsError::new(kind, host(), source).into());
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
            errors.push(ProxyError::new(kind, "http://127.0.0.1:3128", host()).into());
        }
        for error in errors {
            let problem = ConnectionProblem::Failed(error);
            let told = Language::ALL.map(|language| words(language).errors.problem(&problem));
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
                let names = ["WebSocket", "wss:", "ws:", "http:", "https:", "connect-src"];
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
            for part in [
                "websocket-echo [--transport NAME] [--try LINK] [URL]",
                "ws://",
                "-h, --help",
                "-V, --version",
            ] {
                assert!(usage.contains(part), "{language:?}: {usage}");
            }
        }
    }
}
