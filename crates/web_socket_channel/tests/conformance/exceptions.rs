//! The one table of what a transport can't do: which case it fails, and why.
//!
//! The table is checked. A case that is listed here and passes all the same fails the run, so the
//! table is as short as it can be. What a transport's peer can't play (a mailbox has no frames to
//! break, say) isn't in it, as it says nothing about the transport.

/// Why this transport may fail this case, if it may.
pub(crate) fn reason(transport: &str, case: &str) -> Option<&'static str> {
    let found = TABLE
        .iter()
        .find(|(_, transports, cases)| transports.contains(&transport) && cases.contains(&case));
    found.map(|(reason, ..)| *reason)
}

type Row = (&'static str, &'static [&'static str], &'static [&'static str]);

/// The reason, the transports, the cases.
pub(crate) const TABLE: &[Row] = &[
    (
        "there is no clock, so no time-out strikes",
        &["memory::scripted"],
        &[
            "handshakes::a_handshake_that_is_never_answered",
            "local_close::of_a_handshake_that_is_never_answered_times_out",
            "local_close::of_a_peer_that_never_answers_times_out",
            "local_close::of_a_peer_that_never_reads_times_out",
        ],
    ),
    (
        "a close is answered in the moment it is sent, so nothing is ever seen to be closing",
        &["memory::loopback"],
        &["the_type::a_closing_channel_says_so"],
    ),
    (
        "tungstenite takes 1014 for a code that is not assigned",
        &["native"],
        &["remote_close::with_1014"],
    ),
];
