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
    let is_it = |row: &&Row| row.transports.contains(&transport) && row.cases.contains(&case);
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
    pub(crate) transports: &'static [&'static str],
    pub(crate) reason: &'static str,
    pub(crate) cases: &'static [&'static str],
}

const TUNGSTENITE: &[&str] = &["tungstenite::client", "tungstenite::server"];

pub(crate) const TABLE: &[Row] = &[
    Row {
        transports: TUNGSTENITE,
        reason: "tungstenite does not tell which subprotocol was agreed on",
        cases: &[
            "handshakes::one_protocol",
            "handshakes::two_protocols_and_the_servers_pick",
            "the_type::the_protocol_is_readable_after_the_close",
        ],
    },
    Row {
        transports: TUNGSTENITE,
        reason: "tungstenite makes a clean 1002 of a peer's close with a code that may not be sent, \
                 and of one with 1014, which it does not know",
        cases: &[
            "remote_close::code_1005_on_the_wire_ends_with_1002",
            "remote_close::code_1005_on_the_wire_is_an_error",
            "remote_close::with_1014",
        ],
    },
    Row {
        transports: TUNGSTENITE,
        reason: "max_frame_bytes is that of tungstenite's own configuration",
        cases: &["misbehaviour::a_message_over_the_limit_ends_with_1009"],
    },
    Row {
        transports: &["ewebsock"],
        reason: "a close carries no code and no reason in either direction, and our own is not waited for",
        cases: &[
            "arguments::codes_of_endpoints_may_be_passed",
            "local_close::before_the_handshake_is_done",
            "local_close::is_not_clean_if_the_answer_may_not_be_sent",
            "local_close::is_remembered",
            "local_close::nothing_is_delivered_after_it",
            "local_close::nothing_is_delivered_after_it_even_if_the_peer_has_closed",
            "local_close::of_a_peer_that_never_answers_times_out",
            "local_close::right_after_connect",
            "local_close::with_1000",
            "local_close::with_3000",
            "local_close::with_4999",
            "local_close::with_a_reason",
            "local_close::with_the_longest_reason",
            "local_close::without_a_code",
            "misbehaviour::a_message_over_the_limit_ends_with_1009",
            "remote_close::after_binary",
            "remote_close::after_text",
            "remote_close::before_anything_was_sent",
            "remote_close::comes_after_all_messages",
            "remote_close::comes_before_nothing",
            "remote_close::while_nobody_reads_the_stream",
            "remote_close::with_1014",
            "remote_close::with_a_code_that_no_program_may_pass",
            "the_type::close_is_idempotent",
            "the_type::dropping_the_channel_says_that_it_goes_away",
            "the_type::halves_live_on_different_tasks",
        ],
    },
    Row {
        transports: &["ewebsock", "ewebsock::web"],
        reason: "subprotocols and pings can't be asked for: an error says so",
        cases: &[
            "arguments::protocols_are_told_apart_by_case",
            "handshakes::a_pick_that_was_not_offered_is_an_error",
            "handshakes::no_pick_where_some_were_offered_is_an_error",
            "handshakes::one_protocol",
            "handshakes::two_protocols_and_the_servers_pick",
            "handshakes::two_protocols_are_one_header",
            "misbehaviour::a_peer_that_stops_answering_pings",
            "the_type::the_protocol_is_readable_after_the_close",
        ],
    },
    Row {
        transports: &["ewebsock"],
        reason: "errors are text that blames nobody, and a cut is one",
        cases: &[
            "handshakes::a_refusal_shows_status_headers_and_a_bounded_body",
            "local_close::is_not_clean_if_the_peer_cuts_instead",
            "misbehaviour::garbage_ends_with_1002",
            "misbehaviour::text_that_is_not_utf8_ends_with_1007",
            "remote_close::a_cut_after_the_upgrade",
            "remote_close::a_cut_in_the_middle_of_a_frame",
            "remote_close::a_reason_that_is_not_utf8_ends_with_1007",
            "remote_close::a_reset",
            "remote_close::code_1005_on_the_wire_ends_with_1002",
            "remote_close::code_1005_on_the_wire_is_an_error",
            "remote_close::one_byte_of_payload_ends_with_1002",
            "remote_close::what_came_before_a_cut_is_delivered",
        ],
    },
    Row {
        transports: &["ewebsock"],
        reason: "a peer that misbehaves is hung up on without a word",
        cases: &[
            "misbehaviour::a_continuation_of_nothing",
            "misbehaviour::a_control_frame_over_125_bytes",
            "misbehaviour::a_control_frame_that_is_fragmented",
            "misbehaviour::a_masked_frame",
            "misbehaviour::a_message_within_another",
            "misbehaviour::a_reserved_bit",
            "misbehaviour::a_reserved_opcode",
            "misbehaviour::garbage",
            "misbehaviour::text_that_ends_within_a_character",
            "misbehaviour::text_that_is_not_utf8",
            "misbehaviour::text_that_is_not_utf8_in_fragments",
        ],
    },
    Row {
        transports: &["ewebsock", "ewebsock::web"],
        reason: "what was handed over is out of sight, so buffered_amount is small",
        cases: &["local_close::of_a_peer_that_never_reads_times_out"],
    },
    Row {
        transports: &["ewebsock::web"],
        reason: "a close carries no code and no reason in either direction, and our own is not waited for",
        cases: &[
            "arguments::codes_of_endpoints_may_be_passed",
            "local_close::before_the_handshake_is_done",
            "local_close::is_remembered",
            "local_close::nothing_is_delivered_after_it",
            "local_close::nothing_is_delivered_after_it_even_if_the_peer_has_closed",
            "local_close::of_a_peer_that_never_answers_times_out",
            "local_close::right_after_connect",
            "local_close::with_1000",
            "local_close::with_3000",
            "local_close::with_4999",
            "local_close::with_a_reason",
            "local_close::with_the_longest_reason",
            "misbehaviour::a_message_over_the_limit_ends_with_1009",
            "remote_close::after_binary",
            "remote_close::after_text",
            "remote_close::before_anything_was_sent",
            "remote_close::comes_after_all_messages",
            "remote_close::while_nobody_reads_the_stream",
            "remote_close::with_1014",
            "remote_close::with_a_code_that_no_program_may_pass",
            "the_type::close_is_idempotent",
            "the_type::dropping_the_channel_says_that_it_goes_away",
            "the_type::halves_live_on_different_tasks",
        ],
    },
    Row {
        transports: &["ewebsock::web"],
        reason: "once a binary message was sent, received ones come after text that was sent behind them",
        cases: &[
            "payloads::binary_and_text_in_turn",
            "payloads::lengths_around_the_frame_headers",
            "payloads::two_thousand_alternating_messages_without_a_pause",
            "the_type::what_is_sent_before_ready_is_queued_in_order",
        ],
    },
    Row {
        transports: &["ewebsock::web"],
        reason: "the same as of the browser's own socket",
        cases: &[
            "handshakes::a_closed_port_says_refused",
            "handshakes::a_name_that_does_not_exist_says_unresolvable",
            "handshakes::a_refusal_shows_status_headers_and_a_bounded_body",
            "handshakes::credentials_become_one_basic_header",
            "handshakes::more_headers",
            "local_close::of_a_peer_that_never_answers_frees_the_socket",
            "misbehaviour::garbage_ends_with_1002",
            "misbehaviour::text_that_ends_within_a_character",
            "misbehaviour::text_that_is_not_utf8",
            "misbehaviour::text_that_is_not_utf8_ends_with_1007",
            "misbehaviour::text_that_is_not_utf8_in_fragments",
            "remote_close::a_reason_that_is_not_utf8_ends_with_1007",
            "remote_close::code_1005_on_the_wire_ends_with_1002",
            "remote_close::comes_before_nothing",
            "remote_close::one_byte_of_payload_ends_with_1002",
        ],
    },
    Row {
        transports: &["ewebsock::web"],
        reason: "a cut looks like a close",
        cases: &[
            "local_close::is_not_clean_if_the_peer_cuts_instead",
            "remote_close::a_cut_after_the_upgrade",
            "remote_close::a_cut_in_the_middle_of_a_frame",
            "remote_close::a_reset",
            "remote_close::what_came_before_a_cut_is_delivered",
        ],
    },
    Row {
        transports: &["web"],
        reason: "why a connection was not made is hidden: refusals, closed ports and unknown names \
                 look the same",
        cases: &[
            "handshakes::a_closed_port_says_refused",
            "handshakes::a_name_that_does_not_exist_says_unresolvable",
            "handshakes::a_refusal_shows_status_headers_and_a_bounded_body",
        ],
    },
    Row {
        transports: &["web"],
        reason: "request headers and pings can't be asked for: an error says so",
        cases: &["handshakes::more_headers", "misbehaviour::a_peer_that_stops_answering_pings"],
    },
    Row {
        transports: &["web"],
        reason: "credentials in the URL are not sent unasked",
        cases: &["handshakes::credentials_become_one_basic_header"],
    },
    Row {
        transports: &["web"],
        reason: "what the browser fails by itself ends with 1006, and with an error that blames \
                 nobody",
        cases: &[
            "misbehaviour::garbage_ends_with_1002",
            "misbehaviour::text_that_is_not_utf8_ends_with_1007",
            "remote_close::a_reason_that_is_not_utf8_ends_with_1007",
            "remote_close::code_1005_on_the_wire_ends_with_1002",
            "remote_close::comes_before_nothing",
            "remote_close::one_byte_of_payload_ends_with_1002",
        ],
    },
    Row {
        transports: &["web"],
        reason: "Chromium tells a peer that sent bad text 1002 and not 1007",
        cases: &[
            "misbehaviour::text_that_ends_within_a_character",
            "misbehaviour::text_that_is_not_utf8",
            "misbehaviour::text_that_is_not_utf8_in_fragments",
        ],
    },
    Row {
        transports: &["web"],
        reason: "a program can't send 1001 or 1009: dropping the channel, and a message over the \
                 limit, close without a code",
        cases: &[
            "arguments::codes_of_endpoints_may_be_passed",
            "misbehaviour::a_message_over_the_limit_ends_with_1009",
            "the_type::dropping_the_channel_says_that_it_goes_away",
        ],
    },
    Row {
        transports: &["web"],
        reason: "after a close that nobody answers the browser keeps the socket for a while",
        cases: &["local_close::of_a_peer_that_never_answers_frees_the_socket"],
    },
    Row {
        transports: &["memory::scripted"],
        reason: "there is no clock, so no time-out strikes",
        cases: &[
            "handshakes::a_handshake_that_is_never_answered",
            "local_close::of_a_handshake_that_is_never_answered_times_out",
            "local_close::of_a_peer_that_never_answers_frees_the_socket",
            "local_close::of_a_peer_that_never_answers_times_out",
            "local_close::of_a_peer_that_never_reads_times_out",
            "misbehaviour::a_peer_that_stops_answering_pings",
        ],
    },
    Row {
        transports: &["memory::loopback"],
        reason: "a close is answered in the moment it is sent, so `Closing` is never seen",
        cases: &["the_type::a_closing_channel_says_so"],
    },
];
