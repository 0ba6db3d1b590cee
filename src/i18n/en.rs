//! English.

mod comparison;
mod log;
mod questions;
mod replay;
mod text_menu;
mod trials;
mod zoom;

use std::time::Duration;

use message_log::harmless;
use web_socket_channel::handshake::{InvalidRequest, Response};
use web_socket_channel::{
    CloseEvent, Error, Initiator, InvalidArgument, LimitExceeded, NetworkError, NetworkErrorKind,
    ProxyError, ProxyErrorKind, Timeout, TlsError, TlsErrorKind, status,
};

use super::sheet::{kib, may};
use super::{
    ConnectionWords, ErrorWords, ExperimentWords, LessonWords, MessageWords, Ready, RebuildsWords,
    SendingWords, SheetWords, TerminalWords, Words, group_digits, refusal::Refusal, short_time,
};
use crate::payload::PictureProblem;
use app_core::composer::close::CloseProblem;
use app_core::composer::format::{Format, FormatProblem};
use app_core::composer::repeat::{RepeatState, Repeating};
use app_core::composer::saved::SaveProblem;
use app_core::composer::{MAX_ATTACHMENTS, Refused, Tool};
use app_core::experiments::{Experiment, Parameter, Script, Setup};
use app_core::panels::Shortcut;
use app_core::recording::{Counter, EventKind, Rebuild, RecordedEvent, Stage};
use app_core::settings::{
    ConnectionSettings, Field, Platform, ProxyChoice, SettingProblem, Transport, Unavailable,
};
use app_core::statistics::{Statistics, Traffic};
use app_core::{ConnectionStatus, SendOutlook};
use app_core::{Panel, steps::Step};
use message_log::json_view::JsonErrorKind;

pub(super) static WORDS: Words = Words {
    title: "WebSocket echo",
    enable_accessibility_button: "Enable accessibility",
    switch_here_button: "Switch to English",
    dark_mode_button: "Dark mode",
    light_mode_button: "Light mode",
    system_theme_button: "As the system",
    more_contrast_button: "More contrast",
    usual_contrast_button: "Usual contrast",
    scroll_bar: "Scroll bar",
    horizontal_scroll_bar: "Horizontal scroll bar",
    more_button: "More",
    open_panel_button,
    close_panel_button,
    panel_title,
    store_damaged: "What was kept from the last time can't be read, so everything begins anew.",
    dismiss_button: "All right",
    about: |version| {
        format!(
            "WebSocket echo {version}: a page that lives on a stream, after Flutter's example, and a \
             tool to look into WebSocket servers."
        )
    },
    shortcuts_title: "Keys",
    shortcut,
    connection: ConnectionWords {
        address_label: "Server address",
        address_helper: "Press Enter to connect",
        connect_button: "Connect again",
        try_server_button: "Try the server again",
        status_word,
        status,
        retry_now_button: "Connect now",
        connect_to_button: "Connect",
        close_button: "Close the connection",
        recent_title: "Recent addresses",
        forget_button: "Forget the addresses",
        state_title: "State",
        waiting: |count| match count {
            1 => "1 message waits to be sent".to_owned(),
            _ => format!("{count} messages wait to be sent"),
        },
        take_back_button: "Take back",
        take_back_all_button: "Take all back",
        in_doubt: |count| match count {
            1 => "1 message may or may not have arrived".to_owned(),
            _ => format!("{count} messages may or may not have arrived"),
        },
        resend_button: "Send again",
        let_go_button: "Let go",
        transport_title: "Transport",
        transport,
        reconnect_title: "When the connection is lost",
        reconnects_switch: "Connect again by itself",
        resends_switch: "Send again what may not have arrived",
        request_title: "Handshake",
        times_title: "Times",
        limits_title: "Limits",
        proxy: |choice| match choice {
            ProxyChoice::Environment => "The environment's proxy",
            ProxyChoice::Direct => "No proxy",
            ProxyChoice::Typed => "This proxy",
        },
        field,
        field_helper,
        unavailable: |why| match why {
            Unavailable::InBrowser => "Browsers let no page set this",
            Unavailable::ByEwebsock => "ewebsock can't do this",
            Unavailable::InPage => "There is no network within the page",
            Unavailable::NotBuiltIn => "This build of the page does not contain it",
        },
        setting_problem,
        reset_button: "Everything as it was at first",
        plays_in_page,
        protocol,
        ending,
    },
    sheet: SheetWords {
        stop_button: "Stop",
        forget_one_button: |address| format!("Forget {address}"),
        recent_summary: |count| counted(count as u64, "address", "addresses"),
        correct_first: |wrong| format!("Correct “{}”", field(wrong)),
        unapplied: "Changed settings take effect with the next connection",
        extensions: |names| format!("Extensions: {names}"),
        headers_title: "Headers of the answer",
        headers_summary: |count| counted(count as u64, "header", "headers"),
        about_waiting: "Sent in this order as soon as there is a connection",
        about_in_doubt: "They were on their way when the connection was lost. Sent again, they may \
                         arrive twice.",
        show_more_button: |count| format!("Show {count} more"),
        unlisted: |count| format!("and {} more", group_digits(count)),
        size: |bytes| counted(bytes, "byte", "bytes"),
        traffic_title: "Traffic",
        traffic_summary,
        sent: |traffic| format!("Sent: {}", amount(traffic)),
        received: |traffic| format!("Received: {}", amount(traffic)),
        round_trips_title: "Round trips",
        round_trips: |count, half, most| {
            let (half, most) = (short_time(half), short_time(most));
            format!("p50 {half}, p99 {most}, of the latest {count}")
        },
        longest: |time| format!("longest {}", short_time(time)),
        no_round_trips: "A message that comes back as it was sent is timed.",
        rates_title: "The last minute",
        rates: "Messages in each second: sent above the line, received below it",
        busiest: |traffic| format!("at most {} a second", group_digits(traffic.messages)),
        about_transport,
        about_resending: "They may then arrive twice",
        proxy_title: "Proxy",
        reconnect_summary,
        handshake_summary,
        times_summary,
        limits_summary,
    },
    message: MessageWords {
        label: "Send a message",
        send_button: "Send message",
        outlook: |outlook| match outlook {
            SendOutlook::Sends => "Press Enter to send".to_owned(),
            SendOutlook::Waits => "Sent as soon as there is a connection".to_owned(),
            SendOutlook::ConnectsFirst => "Not connected: sending connects first".to_owned(),
            SendOutlook::WrongAddress => "Can't send: the address is wrong".to_owned(),
            SendOutlook::WrongDraft => "Can't send: the text is wrong".to_owned(),
            SendOutlook::WrongSetting(wrong) => {
                format!("Can't send: correct “{}” of the connection", field(*wrong))
            }
        },
        attachment: |bytes, is_text| {
            format!("{}, {}", if is_text { "Text" } else { "Binary" }, size(bytes))
        },
        detach_button: "Remove the attachment",
        refused: not_attached,
        is_back: "Connected again; this stays until a message comes",
        long_echo: |bytes| format!("echo: a text of {}", size(bytes)),
        echo: |text| format!("echo: {text}"),
        picture: |width, height, length| {
            format!("Picture, {width} × {height} pixels, {}", size(length))
        },
        bytes: |length| format!("echo: {}", size(length)),
        broken_picture,
    },
    sending: SendingWords {
        open_button: "More ways to send",
        close_button: "Fewer ways to send",
        format: |format| match format {
            Format::Text => "Text",
            Format::Json => "JSON",
            Format::Hex => "Hex",
            Format::Base64 => "Base64",
        },
        format_problem,
        ready,
        send_as_text_button: "Send as text all the same",
        several_lines_switch: "Several lines",
        detach_nth_button: |number| format!("Remove attachment {number}"),
        reading: |files| match files {
            1 => "Reading 1 file…".to_owned(),
            _ => format!("Reading {files} files…"),
        },
        tool: |tool| match tool {
            Tool::Saved => "Saved messages",
            Tool::Repeat => "Send repeatedly",
            Tool::Close => "Close with a code",
        },
        save_name_label: "Name of the message",
        save_button: "Save the message",
        save_problem: |problem| match problem {
            SaveProblem::NoName => "Give it a name to save it",
            SaveProblem::NoText => "Write the message, then save it under a name",
            SaveProblem::Full => "No room for more: forget some saved messages first",
        },
        nothing_saved: "No message is saved so far.",
        forget_button: |name| format!("Forget “{name}”"),
        every_label: "Interval (ms)",
        count_label: "How many",
        every_problem: "A whole number from 1 to 86400000",
        count_problem: "A whole number from 1 to 1000000",
        counter_note: "{n} in the text becomes 1, 2, 3 and so on",
        repeat_needs: "It needs a message in the field and an open connection",
        start_button: "Start sending",
        stop_button: "Stop sending",
        repeating,
        code_label: "Close code",
        code_name: status::name,
        reason_label: "Close reason",
        close_problem: |problem| match problem {
            CloseProblem::Code { is_in_browser: true } => {
                "A browser sends 1000 and 3000 to 4999; empty for no code".to_owned()
            }
            CloseProblem::Code { is_in_browser: false } => {
                "1000 to 1003, 1007 to 1010 or 3000 to 4999; empty for no code".to_owned()
            }
            CloseProblem::ReasonWithoutCode => "A reason needs a code".to_owned(),
            CloseProblem::ReasonTooLong { bytes } => {
                format!("At most 123 bytes; these are {}", group_digits(*bytes as u64))
            }
        },
        close_with_button: "Close with this code",
    },
    errors: ErrorWords { unreachable: "Network unreachable…", error, lost, address_problem },
    experiments: ExperimentWords {
        title: "Things to try",
        name: experiment,
        what_to_watch,
        nothing_tried: "Press one, and watch what happens.",
        sample_message: "hello",
        other_sample_message: "hello from another stream",
    },
    questions: questions::WORDS,
    trials: trials::WORDS,
    text_menu: text_menu::WORDS,
    rebuilds: RebuildsWords {
        pause_button: "Pause",
        take_one_button: "One event",
        slow_button: "Slow motion",
        clear_button: "Clear",
        stage,
        stage_figure,
        counter,
        about_counter,
        counted: |name, figure| format!("{}: {figure}", counter(name)),
        data: "data",
        error: "error",
        rebuild,
        pause_before,
        event,
        more_events: |count| format!("{count} more"),
        no_rebuild: "No event so far, and so no rebuild.",
    },
    log: log::WORDS,
    replay: replay::WORDS,
    comparison: comparison::WORDS,
    zoom: zoom::WORDS,
    lesson: LessonWords {
        intro: "A page that lives on a stream takes four steps. The lines of this app that take \
                them stand beside those of the Flutter page that it follows. The last step that \
                was taken is marked.",
        step,
        about_step,
        step_times,
        try_button: |name| format!("Try it: {name}"),
        source_place: |file, line| format!("Rust, {file}, line {line}"),
        in_dart: "Dart",
    },
    terminal: TerminalWords {
        usage: USAGE,
        unknown_argument: |argument| {
            format!("error: {argument:?} is not an option; see websocket-echo --help")
        },
        unknown_transport: |name| {
            format!("error: no transport {name:?}; there are standard, ewebsock and in-page")
        },
        bad_link: |link, problem| {
            format!("error: --try {link:?}: {}", trials::link_problem(problem))
        },
        too_many_arguments: "error: at most one URL; see websocket-echo --help",
        bad_address: |address, problem| format!("error: {address:?}: {}", address_problem(problem)),
        no_window: |why| {
            format!("error: no window can be opened here ({why}); run it where there is a display")
        },
        missing_library: |library, debian, fedora| {
            format!(
                "error: no window can be opened here, as {library} is missing; install {debian} (Debian, \
                 Ubuntu) or {fedora} (Fedora)"
            )
        },
        no_dialogs: "no program here shows dialogs for files; install zenity, or xdg-desktop-portal and \
                     the part of it for this desktop, such as xdg-desktop-portal-gtk",
        no_local_server: |why| {
            format!("warning: no echo server of its own ({why}); the page echoes by itself")
        },
    },
};

const USAGE: &str = "\
Usage: websocket-echo [--transport NAME] [--try LINK] [URL]

Opens a page that sends messages to a WebSocket server and shows what comes
back. Without a URL it starts an echo server of its own on this machine.

  URL            ws://host:port/path or wss://…, to connect to instead
  --transport    what carries the messages: standard, ewebsock or in-page
  --try          an experiment to show, ready to run, such as 1.ten.count-20
  -h, --help     show this and leave
  -V, --version  show the version and leave";

fn open_panel_button(panel: Panel) -> &'static str {
    match panel {
        Panel::Connection => "Connection",
        Panel::Log => "Show the log",
        Panel::Rebuilds => "Show the rebuilds",
        Panel::Lesson => "Show how it works",
        Panel::About => "About and keys",
    }
}

fn close_panel_button(panel: Panel) -> &'static str {
    match panel {
        Panel::Connection => "Close the connection's settings",
        Panel::Log => "Hide the log",
        Panel::Rebuilds => "Hide the rebuilds",
        Panel::Lesson => "Hide how it works",
        Panel::About => "Close about and keys",
    }
}

fn panel_title(panel: Panel) -> &'static str {
    match panel {
        Panel::Connection => "Connection",
        Panel::Log => "Log",
        Panel::Rebuilds => "Rebuilds",
        Panel::Lesson => "How it works",
        Panel::About => "About",
    }
}

fn shortcut(shortcut: Shortcut) -> &'static str {
    match shortcut {
        Shortcut::Panel(Panel::Connection) => "Everything about the connection",
        Shortcut::Panel(Panel::Log) => "Every message and event",
        Shortcut::Panel(Panel::Rebuilds) => "How events become rebuilds",
        Shortcut::Panel(Panel::Lesson) => "How it works",
        Shortcut::Panel(Panel::About) => "About and keys",
        Shortcut::FindInLog => "Search in the log",
        Shortcut::OtherPanel => "From a row of the log to its moment, and back",
        Shortcut::CloseLast => "Close what was opened last",
        Shortcut::Connect => "Connect again",
        Shortcut::Send => "Send what is in the message field",
        Shortcut::Earlier => "In the message field: what was sent before",
        Shortcut::TextMenu => "In a text: cut, copy, paste",
        Shortcut::Later => "In the message field: what was sent after",
        Shortcut::SendMore => "What else can be sent",
        Shortcut::Theme => "Light or dark",
        Shortcut::Language => "Another language (切换语言)",
        Shortcut::ZoomIn => "Everything larger",
        Shortcut::ZoomOut => "Everything smaller",
        Shortcut::ZoomReset => "Everything at its first size",
        Shortcut::CloseWindow => "Close the window",
        Shortcut::Quit => "Quit",
    }
}

fn status_word(status: ConnectionStatus) -> &'static str {
    match status {
        ConnectionStatus::NotConnected => "Not connected",
        ConnectionStatus::Connecting { .. } => "Connecting…",
        ConnectionStatus::Open => "Open",
        ConnectionStatus::Waiting { .. } => "Waiting to connect again",
        ConnectionStatus::Closing => "Closing…",
        ConnectionStatus::Closed => "Closed",
    }
}

fn status(status: ConnectionStatus, is_in_page: bool, now: Duration) -> String {
    match status {
        ConnectionStatus::Open if is_in_page => "In-page echo".to_owned(),
        ConnectionStatus::Connecting { attempt } if attempt > 1 => {
            format!("Connecting, attempt {attempt}…")
        }
        ConnectionStatus::Waiting { attempt, until } => {
            let left = until.saturating_sub(now).as_secs_f32().ceil();
            format!("Attempt {attempt} in {left} s")
        }
        other => status_word(other).to_owned(),
    }
}

fn transport(transport: Transport, platform: Platform) -> &'static str {
    match (transport, platform) {
        (Transport::Standard, Platform::Desktop) => "tokio-tungstenite",
        (Transport::Standard, Platform::Browser) => "The browser's WebSocket",
        (Transport::Ewebsock, _) => "ewebsock",
        (Transport::InPage, _) => "In the page, without a network",
    }
}

fn about_transport(transport: Transport, platform: Platform) -> &'static str {
    match (transport, platform) {
        (Transport::Standard, Platform::Desktop) => "With everything that can be set here",
        (Transport::Standard, Platform::Browser) => "What the browser gives every page",
        (Transport::Ewebsock, _) => "Another crate behind the same channel, with fewer settings",
        (Transport::InPage, _) => "Every message comes back, and none leaves the page",
    }
}

/// One of them, or several.
fn counted(count: u64, one: &str, several: &str) -> String {
    format!("{} {}", group_digits(count), if count == 1 { one } else { several })
}

fn size(bytes: usize) -> String {
    counted(bytes as u64, "byte", "bytes")
}

fn amount(traffic: Traffic) -> String {
    let messages = counted(traffic.messages, "message", "messages");
    format!("{messages}, {}", counted(traffic.bytes, "byte", "bytes"))
}

fn traffic_summary(gone_out: Traffic, statistics: &Statistics) -> String {
    let [sent, received] =
        [gone_out, statistics.received()].map(|traffic| group_digits(traffic.messages));
    let half = statistics.round_trip_quantile(0.5);
    let half = half.map(|half| format!(", p50 {}", short_time(half))).unwrap_or_default();
    format!("{sent} sent, {received} received{half}")
}

fn reconnect_summary(settings: &ConnectionSettings) -> String {
    if !settings.reconnects {
        return "It stays lost".to_owned();
    }
    let longest = settings.longest_wait.trim();
    let mut summary = format!("It is made again, after {longest} s at most");
    let attempts = settings.max_attempts.trim();
    if !attempts.is_empty() {
        summary.push_str(&format!(", {attempts} attempts"));
    }
    if settings.resends_in_doubt {
        summary.push_str(", sending again");
    }
    summary
}

fn handshake_summary(settings: &ConnectionSettings, platform: Platform) -> String {
    let mut parts = Vec::new();
    let protocols = settings.protocols().len() as u64;
    if protocols > 0 && may(settings, platform, Field::Protocols) {
        parts.push(counted(protocols, "subprotocol", "subprotocols"));
    }
    let headers = settings.header_count() as u64;
    if headers > 0 && may(settings, platform, Field::Headers) {
        parts.push(counted(headers, "header", "headers"));
    }
    if may(settings, platform, Field::Proxy) {
        match settings.proxy {
            ProxyChoice::Environment => {}
            ProxyChoice::Direct => parts.push("no proxy".to_owned()),
            ProxyChoice::Typed => parts.push("a proxy".to_owned()),
        }
    }
    if !settings.authorities.trim().is_empty() && may(settings, platform, Field::Authorities) {
        parts.push("more authorities".to_owned());
    }
    if parts.is_empty() { "Nothing but what is usual".to_owned() } else { sentence(&parts) }
}

fn times_summary(settings: &ConnectionSettings, platform: Platform) -> String {
    let mut parts = Vec::new();
    for (field, name) in [(Field::ConnectTimeout, "connect"), (Field::CloseTimeout, "close")] {
        if may(settings, platform, field) {
            parts.push(format!("{name} {} s", settings.text(field).trim()));
        }
    }
    if may(settings, platform, Field::PingInterval) {
        let every = settings.ping_interval.trim();
        if every.is_empty() {
            parts.push("no pings".to_owned());
        } else {
            parts.push(format!("ping {every} s, pong {} s", settings.pong_timeout.trim()));
        }
    }
    sentence(&parts)
}

fn limits_summary(settings: &ConnectionSettings, platform: Platform) -> String {
    let mut parts = Vec::new();
    for (field, name) in [(Field::MaxMessage, "messages"), (Field::MaxFrame, "frames")] {
        if may(settings, platform, field) {
            parts.push(format!("{name} to {}", kib(settings.text(field))));
        }
    }
    sentence(&parts)
}

/// With commas, and a capital letter at its beginning.
fn sentence(parts: &[String]) -> String {
    let joined = parts.join(", ");
    let mut rest = joined.chars();
    rest.next()
        .map(|first| first.to_ascii_uppercase().to_string() + rest.as_str())
        .unwrap_or_default()
}

fn field(field: Field) -> &'static str {
    match field {
        Field::Protocols => "Subprotocols",
        Field::Headers => "Headers",
        Field::Authorities => "More authorities to trust (PEM)",
        Field::Proxy => "Proxy",
        Field::ConnectTimeout => "Connect within (s)",
        Field::CloseTimeout => "Close within (s)",
        Field::PingInterval => "Ping after silence of (s)",
        Field::PongTimeout => "Answer to a ping within (s)",
        Field::MaxMessage => "Largest message (KiB)",
        Field::MaxFrame => "Largest frame (KiB)",
        Field::Inbox => "Messages that may wait to be read",
        Field::Outbox => "Messages that may wait to be sent",
        Field::FirstWait => "First wait, at most (s)",
        Field::LongestWait => "Longest wait (s)",
        Field::MaxAttempts => "Give up after attempts",
    }
}

fn field_helper(field: Field) -> &'static str {
    match field {
        Field::Protocols => "The preferred one first, between commas",
        Field::Headers => "Name: value, one a line; not kept over restarts",
        Field::Authorities => "Certificates, besides those that this machine trusts",
        Field::Proxy => "http://user:password@host:port, or socks5h:; not kept over restarts",
        Field::PingInterval => "Empty for no pings",
        Field::MaxAttempts => "Empty for never",
        Field::ConnectTimeout => "Longer, and the attempt has failed",
        Field::CloseTimeout => "Longer, and it is cut off",
        Field::PongTimeout => "Longer, and the connection is lost",
        Field::MaxMessage | Field::MaxFrame => "A larger one ends the connection",
        Field::Inbox => "How far this page may fall behind",
        Field::Outbox => "More are not taken",
        Field::FirstWait => "A random part of it is waited",
        Field::LongestWait => "Each wait is twice the last, up to this",
    }
}

fn setting_problem(problem: &SettingProblem) -> String {
    match problem {
        SettingProblem::Number { least, most } => format!("A number from {least} to {most}"),
        SettingProblem::HeaderWithoutColon { line } => format!("Line {line} has no colon"),
        SettingProblem::NotPem => "Not certificates in PEM form".to_owned(),
        SettingProblem::WaitsShrink => "Not shorter than the first wait".to_owned(),
        SettingProblem::Argument(problem) => problem.to_string(),
    }
}

fn plays_in_page(script: Script, stands_in: bool) -> &'static str {
    match script {
        Script::Echo if !stands_in => "This page echoes by itself, without a network",
        Script::Echo => "No server answers at this address, so this page echoes by itself",
        _ => "This page plays the server itself",
    }
}

fn protocol(protocol: Option<&str>) -> String {
    match protocol {
        Some(protocol) => format!("Subprotocol: {protocol}"),
        None => "No subprotocol".to_owned(),
    }
}

fn ending(event: &CloseEvent) -> String {
    let CloseEvent { code, reason, initiator, .. } = event;
    let who = match initiator {
        Initiator::Local => "Closed by this page",
        Initiator::Remote => "Closed by the server",
        Initiator::Failure => "Connection lost",
    };
    let ending = format!("{who}: {code} {}", status::name(*code));
    if reason.is_empty() { ending } else { format!("{ending}, “{}”", harmless(reason)) }
}

fn broken_picture(format: &str, length: usize, why: PictureProblem) -> String {
    match why {
        PictureProblem::TooManyBytes => {
            format!("A {format} picture of {}: too large to show", size(length))
        }
        PictureProblem::TooManyPixels { width, height } => {
            format!("A {format} picture of {width} × {height} pixels: too large to show")
        }
        PictureProblem::Damaged => {
            format!("A {format} picture of {} that is damaged", size(length))
        }
    }
}

fn address_problem(problem: &InvalidArgument) -> String {
    match problem {
        InvalidArgument::Url(_) => "Not an address; it looks like ws://host:port/path".to_owned(),
        InvalidArgument::Scheme(scheme) => {
            format!("“{scheme}:” is not for WebSockets; write ws: or wss:")
        }
        InvalidArgument::Fragment => "Remove the # and what follows".to_owned(),
        InvalidArgument::Request(InvalidRequest::Credentials) => {
            "The user name or the password has characters that can't be sent".to_owned()
        }
        InvalidArgument::Request(InvalidRequest::Host) => {
            "The host has characters that no host has".to_owned()
        }
        // The rest is about what this page never asks for: headers, options, close codes.
        other => other.to_string(),
    }
}

fn error(error: &Error) -> String {
    match error {
        Error::Network(error) => network(error),
        Error::Proxy(error) => proxy(error),
        Error::Tls(error) => tls(error),
        Error::Timeout(Timeout::Connect(after)) => {
            format!("No answer within {}; check the address and the network", seconds(*after))
        }
        Error::Timeout(Timeout::Pong(after)) => {
            format!("The server has been silent for {}", seconds(*after))
        }
        Error::Refused(response) => refused(response),
        Error::PeerMisbehaved(peer) => format!("The server broke the protocol: {}", peer.what),
        Error::LimitExceeded(LimitExceeded::MessageTooBig { limit }) => {
            format!(
                "The server sent a message of over {}; allow larger ones to take it",
                size(*limit)
            )
        }
        Error::LimitExceeded(LimitExceeded::FrameTooBig { limit }) => {
            format!(
                "The server sent a frame of over {}; allow larger ones to take it",
                size(*limit)
            )
        }
        Error::LimitExceeded(LimitExceeded::Inbox { .. }) => {
            "The server sends faster than this page can take it; let more messages wait".to_owned()
        }
        Error::LimitExceeded(LimitExceeded::Outbox { .. }) => {
            "The network takes less than is sent; wait a moment".to_owned()
        }
        Error::InvalidArgument(problem) => address_problem(problem),
        Error::Closed(_) => "The connection is closed; connect again to send".to_owned(),
        // The channel may learn to fail in new ways before this page knows of them.
        other => other.to_string(),
    }
}

fn refused(response: &Response) -> String {
    let refusal = Refusal::new(response);
    let again = match refusal.retry_after {
        Some(after) => format!("come again in {}", seconds(after)),
        None => "come again later".to_owned(),
    };
    let advice = match (refusal.status, &refusal.location) {
        (300..=399, Some(location)) => format!("it points to {location}: connect there"),
        (300..=399, None) => "it points elsewhere and doesn't say where".to_owned(),
        (401, _) => "sign in: write user:password@ before the host, or set a header".to_owned(),
        (403, _) => "it does not allow this; it may want a token, or another origin".to_owned(),
        (407, _) => "a proxy wants a user and password: set them with the proxy".to_owned(),
        (404 | 410, _) => "check the path of the address".to_owned(),
        (426, _) => match &refusal.upgrade {
            Some(upgrade) => format!("it wants to speak {upgrade}"),
            None => "it wants to speak something else".to_owned(),
        },
        (429, _) => format!("those were too many requests; {again}"),
        (502 | 504, _) => format!("what stands before the server can't reach it; {again}"),
        (500..=599, _) => format!("it can't at the moment; {again}"),
        (200..=299, _) => "that is a page, not a WebSocket; check the path".to_owned(),
        _ => "check the address".to_owned(),
    };
    let told = format!("The server answered {}; {advice}", refusal.line);
    match refusal.words {
        Some(words) => format!("{told}. It says: “{words}”"),
        None => told,
    }
}

fn network(error: &NetworkError) -> String {
    let host = &error.host;
    match error.kind {
        NetworkErrorKind::Unresolvable => {
            format!("There is no host named {host}; check the spelling")
        }
        NetworkErrorKind::ConnectionRefused => {
            format!("Nothing listens at {host}; start the server, then connect again")
        }
        NetworkErrorKind::Unreachable => format!("{host} can't be reached; check the network"),
        NetworkErrorKind::ConnectionLost => {
            format!("{host} hung up during the handshake; is it a WebSocket server?")
        }
        NetworkErrorKind::Broken => {
            format!("The connection to {host} broke off; connect again when it is back")
        }
        NetworkErrorKind::LocalResources => {
            "This machine has no room for a connection; close some programs".to_owned()
        }
        NetworkErrorKind::ForbiddenByPolicy => {
            format!("The policy of this page (connect-src) does not let it connect to {host}")
        }
        NetworkErrorKind::InsecureFromSecurePage => {
            format!("A page of https: may not connect by ws:; use wss://{host}")
        }
        NetworkErrorKind::ForbiddenPort => format!(
            "Browsers make no connection to {host}, as its port is another protocol's; have the server listen at \
             another one"
        ),
        _ => format!("No connection to {host}; is the server running there?"),
    }
}

fn proxy(error: &ProxyError) -> String {
    let ProxyError { kind, proxy, host, .. } = error;
    match kind {
        ProxyErrorKind::Invalid(_) => {
            format!("The variable {proxy} does not name a proxy; correct or unset it")
        }
        ProxyErrorKind::Credentials => {
            format!("The proxy {proxy} wants a user and password that it knows")
        }
        ProxyErrorKind::Forbidden => {
            format!("The proxy {proxy} does not allow connections to {host}")
        }
        ProxyErrorKind::ServerUnreachable => {
            format!("The proxy {proxy} can't reach {host}; is the server running there?")
        }
        ProxyErrorKind::Timeout(after) => {
            let after = seconds(*after);
            format!("The proxy {proxy} made no connection to {host} within {after}")
        }
        _ => format!("The proxy {proxy} does not lead to {host}; check the proxy's address"),
    }
}

fn tls(error: &TlsError) -> String {
    let host = &error.host;
    match error.kind {
        TlsErrorKind::UnknownIssuer => {
            format!(
                "This machine does not trust the certificate of {host}; if you do, add its authority \
                 to those of the connection"
            )
        }
        TlsErrorKind::WrongName => {
            format!("The certificate of {host} is for another name; check the address")
        }
        TlsErrorKind::Expired => {
            format!("The certificate of {host} is not valid today; check the clock")
        }
        TlsErrorKind::NotTls => format!("{host} speaks no TLS; try ws:, not wss:"),
        TlsErrorKind::IsTls => format!("{host} speaks TLS; try wss:, not ws:"),
        TlsErrorKind::NoAuthorities => {
            "This machine has no certificates of authorities; install them".to_owned()
        }
        TlsErrorKind::OldVersion => {
            format!("{host} speaks only old versions of TLS, which are not safe")
        }
        TlsErrorKind::ClientCertificate => {
            format!("{host} wants a certificate of yours, and this page can't give one")
        }
        _ => format!("No secure connection to {host}; look into the server's certificate and log"),
    }
}

fn lost(event: &CloseEvent) -> String {
    match event.code {
        status::GOING_AWAY => "The server is going away; connect again when it is back",
        status::SERVICE_RESTART | status::TRY_AGAIN_LATER => {
            "The server will be back soon; connect again in a moment"
        }
        status::ABNORMAL_CLOSURE => "The connection was cut; connect again when the server is back",
        _ => "The server has a problem; connect again later",
    }
    .to_owned()
}

fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f32())
}

fn experiment(experiment: Experiment) -> &'static str {
    match experiment {
        Experiment::One => "One message",
        Experiment::Ten => "10 at once",
        Experiment::Flood => "100 000 at once",
        Experiment::Steady => "60 a second",
        Experiment::SlowBuilder => "Slow builder",
        Experiment::PausedReader => "Paused reader",
        Experiment::Failure => "An error",
        Experiment::Close => "Close 4123",
        Experiment::Cut => "Pull the cable",
        Experiment::AnotherStream => "Another stream",
        Experiment::Hidden => "Hidden tab",
    }
}

fn what_to_watch(setup: &Setup) -> String {
    let value = |parameter| group_digits(setup.value(parameter).into());
    match setup.experiment() {
        Experiment::One => {
            "The handshake and the event each wake the builder; the event is one rebuild and a \
             frame or two, and after that no frame is drawn."
        }
        Experiment::Ten => {
            "The events and the end arrive together: one rebuild or few take them in, and of each \
             only the last is drawn."
        }
        Experiment::Flood => {
            "Each frame takes in what its budget allows and draws the last; the window goes \
             on answering, and nothing is skipped on the way in."
        }
        Experiment::Steady => {
            return format!(
                "At {} a second nearly every event that comes alone has a rebuild of its own, with \
                 most of the budget left.",
                value(Parameter::Rate)
            );
        }
        Experiment::SlowBuilder => {
            return format!(
                "Drawing takes {} ms longer here, so that several events share a rebuild: the screen \
                 lags, the stream does not.",
                value(Parameter::Build)
            );
        }
        Experiment::PausedReader => {
            return format!(
                "{} are on their way and nobody reads: the mailbox fills to about {} and the sender \
                 has to wait; go on, and the rest comes.",
                value(Parameter::Count),
                value(Parameter::Inbox)
            );
        }
        Experiment::Failure => {
            "The server refuses: the stream yields an error and then its end, both in one \
             rebuild, and the snapshot has an error in place of data."
        }
        Experiment::Close => {
            "The server echoes and closes with 4123, “done”: the stream ends without an error, and \
             the last data stays in the snapshot."
        }
        Experiment::Cut => {
            "The connection is cut without a word: the stream ends, the code is 1006, and the \
             page says that the network is gone."
        }
        Experiment::AnotherStream => {
            "The snapshot goes through None and Waiting, but the last text stays until the \
             new stream speaks."
        }
        Experiment::Hidden => {
            "Hide the tab or the window for some seconds: events keep arriving and are taken \
             in, but next to no frame is drawn until you are back."
        }
    }
    .to_owned()
}

fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Socket => "Socket",
        Stage::Mailbox => "Mailbox",
        Stage::Waker => "Waker",
        Stage::Frame => "Frame",
        Stage::Snapshot => "Snapshot",
        Stage::Screen => "Screen",
    }
}

fn stage_figure(stage: Stage, figure: &str) -> String {
    match stage {
        Stage::Socket => format!("Socket: {figure} messages have arrived"),
        Stage::Mailbox => format!("Mailbox: {figure} messages wait"),
        Stage::Waker => format!("Waker: {figure} wakes"),
        Stage::Frame => format!("Frame: {figure} frames"),
        Stage::Snapshot => format!("Snapshot: {figure}"),
        Stage::Screen => format!("Screen: {figure} rebuilds"),
    }
}

fn counter(counter: Counter) -> &'static str {
    match counter {
        Counter::Events => "Events",
        Counter::Wakes => "Wakes",
        Counter::Rebuilds => "Rebuilds",
        Counter::Frames => "Frames",
        Counter::Coalesced => "Coalesced",
        Counter::IdleFrames => "Idle frames",
        Counter::MostPerFrame => "Most in a frame",
        Counter::BudgetLeft => "Budget left",
    }
}

fn about_counter(counter: Counter) -> &'static str {
    match counter {
        Counter::Events => "Data, errors and ends that the builder took in",
        Counter::Wakes => "How often the stream said that it has something",
        Counter::Rebuilds => "Frames that had something new to draw",
        Counter::Frames => "All frames; the mouse asks for some, too",
        Counter::Coalesced => "Events replaced before a frame drew them",
        Counter::IdleFrames => "Frames that had nothing new to draw",
        Counter::MostPerFrame => "The most events that one frame took in",
        Counter::BudgetLeft => {
            "What the last rebuild left of the time a frame may spend on taking events in"
        }
    }
}

fn rebuild(rebuild: &Rebuild) -> String {
    let Rebuild { number, events, is_cut, .. } = rebuild;
    let coalesced = events - 1;
    let mut line = match events {
        1 => format!("Rebuild {number}: 1 event"),
        _ => format!("Rebuild {number}: {events} events, {coalesced} of them coalesced"),
    };
    if *is_cut {
        line.push_str("; the budget was used up");
    }
    line
}

fn pause_before(pause: Duration, frames: u64) -> String {
    let pause = short_time(pause);
    match frames {
        0 => format!("{pause} without a frame"),
        1 => format!("{pause} with 1 frame that had nothing new"),
        _ => format!("{pause} with {frames} frames that had nothing new"),
    }
}

fn event(event: &RecordedEvent<'_>) -> String {
    let number = event.number;
    match event.kind {
        EventKind::Data => format!("#{number}"),
        EventKind::Error => format!("#{number} error"),
        EventKind::Done => format!("#{number} end"),
    }
}

fn step(step: Step) -> &'static str {
    match step {
        Step::Connect => "1. Connect",
        Step::Listen => "2. Listen",
        Step::Send => "3. Send",
        Step::Close => "4. Close",
    }
}

fn about_step(step: Step) -> &'static str {
    match step {
        Step::Connect => {
            "You have a channel at once; the handshake is awaited by nobody. Where it fails, \
             the stream says so."
        }
        Step::Listen => {
            "The builder polls the stream in a frame, when the stream has asked for one, and \
             draws the latest of it. In Flutter the framework keeps the widget that does so; \
             here it is a value in the app, and drawing it is a call."
        }
        Step::Send => {
            "The message goes into a mailbox and from there to the network. In Dart an error \
             comes later or never; here what is not taken is given back."
        }
        Step::Close => {
            "When the page goes, the channel says goodbye with a code. In Flutter that is the \
             widget's dispose; here it is the app's end, or another connection."
        }
    }
}

fn step_times(times: u32, is_last: bool) -> String {
    match (times, is_last) {
        (0, _) => "not yet".to_owned(),
        (1, false) => "once".to_owned(),
        (_, false) => format!("{times} times"),
        (1, true) => "just now".to_owned(),
        (_, true) => format!("just now, {times} times in all"),
    }
}

fn not_attached(refused: &Refused) -> String {
    match refused {
        Refused::TooLarge { bytes } => {
            format!(
                "{} are too much to attach; at most 64 MiB are sent",
                counted(*bytes, "byte", "bytes")
            )
        }
        Refused::TooMany => format!("At most {MAX_ATTACHMENTS} things can be attached"),
        Refused::Unreadable { name, why } => format!("“{name}” can't be read: {why}"),
        Refused::Wrong(problem) => format!("Not attached: {}", format_problem(problem)),
    }
}

fn format_problem(problem: &FormatProblem) -> String {
    match problem {
        FormatProblem::Json(error) => {
            let what = match error.kind {
                JsonErrorKind::UnexpectedEnd => "it ends too early",
                JsonErrorKind::ExpectedValue => "a value is missing",
                JsonErrorKind::ExpectedKey => "a key is missing",
                JsonErrorKind::ExpectedColon => "a colon is missing",
                JsonErrorKind::ExpectedComma => "a comma or the closing bracket is missing",
                JsonErrorKind::TrailingText => "nothing may follow the value",
                JsonErrorKind::WrongEscape => "there is no such escape",
                JsonErrorKind::ControlInString => "a control character must be escaped",
                JsonErrorKind::WrongNumber => "this is no number",
                JsonErrorKind::TooLong => "it is too long to be checked",
            };
            format!("No JSON: line {}, column {}: {what}", error.line, error.column)
        }
        FormatProblem::NotHex { at, found } => {
            format!("Character {at} is “{}”, which is no hex digit", found.escape_debug())
        }
        FormatProblem::HalfByte { at } => {
            format!("The byte at character {at} has one digit; it needs two")
        }
        FormatProblem::NotBase64 { at, found } => {
            format!(
                "Character {at} is “{}”, which base64 does not have there",
                found.escape_debug()
            )
        }
        FormatProblem::CutBase64 => "The base64 text ends within a byte".to_owned(),
    }
}

fn ready(ready: Ready) -> String {
    let key = if ready.needs_ctrl { "Ctrl+Enter" } else { "Enter" };
    match (ready.attachments, ready.format, ready.bytes) {
        (1, _, _) => format!("Press {key} to send what is attached"),
        (2.., _, _) => format!("Press {key} to send the {} things attached", ready.attachments),
        (0, Format::Text, _) | (0, _, 0) => format!("Press {key} to send"),
        (0, Format::Json, _) => format!("JSON; press {key} to send"),
        (0, Format::Hex | Format::Base64, bytes) => {
            format!("{}; press {key} to send", size(bytes))
        }
    }
}

fn repeating(repeating: &Repeating) -> String {
    let Repeating { sent, count, state } = repeating;
    let so_far = format!("Sent {sent} of {count}");
    match state {
        RepeatState::Runs => format!("{so_far}…"),
        RepeatState::Waits => format!("{so_far}; the next one waits for the network…"),
        RepeatState::Done => format!("{so_far}."),
        RepeatState::Stopped => format!("{so_far}, then stopped."),
        RepeatState::ConnectionEnded => format!("{so_far}, then the connection ended."),
        RepeatState::Failed(why) => format!("{so_far}. {}", error(why)),
    }
}
