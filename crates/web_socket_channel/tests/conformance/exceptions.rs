//! The one place where it says what a transport can't do, and why.
//!
//! [`TABLE`] has the cases that a transport fails. It is checked: a case that is listed and passes
//! all the same fails the run, so the table is as short as it can be. [`unplayable`] has the cases
//! that a transport's peer can't play, checked in the same way.
//!
//! The README repeats all of it for people who choose a transport; a test compares the two.

use super::unplayable;

/// What a case may come to on a transport, other than to pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exception {
    /// The transport does not keep the promise.
    Fails,
    /// The peer can't play the scenario, for this reason.
    CannotPlay(&'static str),
}

/// The exception that this transport has from this case, if it has one.
pub(crate) fn exception(transport: &str, case: &str) -> Option<Exception> {
    let is_it = |row: &&Row| row.transport == transport && row.cases.contains(&case);
    let fails = TABLE.iter().find(is_it).map(|_| Exception::Fails);
    fails.or_else(|| {
        unplayable::TABLE.iter().find(is_it).map(|row| Exception::CannotPlay(row.reason))
    })
}

/// Every row there is.
pub(crate) fn all() -> impl Iterator<Item = &'static Row> {
    TABLE.iter().chain(unplayable::TABLE)
}

pub(crate) struct Row {
    pub(crate) transport: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) cases: &'static [&'static str],
}

pub(crate) const TABLE: &[Row] = &[
    Row {
        transport: "native",
        reason: "a close with 1014 is taken for a violation, as tungstenite does not know the code",
        cases: &["remote_close::with_1014"],
    },
    Row {
        transport: "byte_stream::client",
        reason: "a close with 1014 is taken for a violation, as tungstenite does not know the code",
        cases: &["remote_close::with_1014"],
    },
    Row {
        transport: "byte_stream::server",
        reason: "a close with 1014 is taken for a violation, as tungstenite does not know the code",
        cases: &["remote_close::with_1014"],
    },
    Row {
        transport: "web",
        reason: "why a connection was not made is hidden: refusals, closed ports and unknown names \
                 look the same",
        cases: &[
            "handshakes::a_closed_port_says_refused",
            "handshakes::a_name_that_does_not_exist_says_unresolvable",
            "handshakes::a_refusal_shows_status_headers_and_a_bounded_body",
        ],
    },
    Row {
        transport: "web",
        reason: "request headers and pings can't be asked for: an error says so",
        cases: &["handshakes::more_headers"],
    },
    Row {
        transport: "web",
        reason: "credentials in the URL are not sent unasked",
        cases: &["handshakes::credentials_become_one_basic_header"],
    },
    Row {
        transport: "web",
        reason: "what the browser fails by itself ends with 1006, and with an error that blames \
                 nobody",
        cases: &[
            "misbehaviour::garbage_ends_with_1002",
            "misbehaviour::text_that_is_not_utf8_ends_with_1007",
            "remote_close::a_reason_that_is_not_utf8_ends_with_1007",
            "remote_close::code_1005_on_the_wire_ends_with_1002",
            "remote_close::one_byte_of_payload_ends_with_1002",
        ],
    },
    Row {
        transport: "web",
        reason: "Chromium tells a peer that sent bad text 1002 and not 1007",
        cases: &["misbehaviour::text_that_is_not_utf8"],
    },
    Row {
        transport: "web",
        reason: "a program can't send 1001 or 1009: dropping the channel, and a message over the \
                 limit, close without a code",
        cases: &[
            "arguments::going_away_may_be_passed",
            "misbehaviour::a_message_over_the_limit_ends_with_1009",
            "the_type::dropping_the_channel_says_that_it_goes_away",
        ],
    },
    Row {
        transport: "web",
        reason: "after a close that nobody answers the browser keeps the socket for a while",
        cases: &["local_close::of_a_peer_that_never_answers_frees_the_socket"],
    },
    Row {
        transport: "memory::scripted",
        reason: "there is no clock, so no time-out strikes",
        cases: &[
            "handshakes::a_handshake_that_is_never_answered",
            "local_close::of_a_handshake_that_is_never_answered_times_out",
            "local_close::of_a_peer_that_never_answers_frees_the_socket",
            "local_close::of_a_peer_that_never_answers_times_out",
            "local_close::of_a_peer_that_never_reads_times_out",
        ],
    },
    Row {
        transport: "memory::loopback",
        reason: "a close is answered in the moment it is sent, so `Closing` is never seen",
        cases: &["the_type::a_closing_channel_says_so"],
    },
];
