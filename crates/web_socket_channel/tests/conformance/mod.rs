//! What a channel promises, as one suite for every transport. It uses the public API only.
//!
//! - [`Transport`] is what a transport brings along: a way to connect to a peer that plays a
//!   [`Scenario`], and a way to ask what that peer [saw](Seen);
//! - the cases are plain async functions, a module for each section of the contract. They return
//!   what is wrong, and never panic, as in a browser nobody could catch that;
//! - `for_each_case!` lists them, once, for all transports;
//! - [`exceptions`] is the one table of the cases that a transport fails or can't play, and why;
//! - [`verdict`] brings the two together: an exception that is none fails the run as well.

#![allow(dead_code, reason = "every transport uses a part of it, and another one")]
#![allow(
    clippy::redundant_pattern_matching,
    reason = "`check_matches!` shows the value where `check!(value.is_none())` would not"
)]

pub(crate) mod exceptions;
pub(crate) mod framed_line;
pub(crate) mod ledger;
pub(crate) mod player;
pub(crate) mod scenario;
pub(crate) mod unplayable;

pub(crate) mod arguments;
pub(crate) mod bounds;
pub(crate) mod handshakes;
pub(crate) mod local_close;
pub(crate) mod misbehaviour;
pub(crate) mod payloads;
pub(crate) mod remote_close;
pub(crate) mod the_type;

use std::fmt;
use std::future::Future;
use std::panic::Location;

use futures::StreamExt as _;
use web_socket_channel::{Error, InvalidArgument, Message, Options, WebSocketChannel};

pub(crate) use exceptions::Exception;
pub(crate) use ledger::{Seen, Until};
pub(crate) use scenario::{Answer, OUR_CODE, PEER_CODE, REASON, Scenario, Step, TEXT};

/// A kind of channel, with a peer at its other end.
pub(crate) trait Transport {
    /// How [`exceptions`] calls it.
    fn name(&self) -> &'static str;

    /// Connects to a peer that plays `scenario`. The outer error is the suite's, the inner one
    /// the channel's.
    fn open(&self, scenario: &Scenario, options: Options) -> Result<Opening, Failed>;

    /// What the peer saw of a connection, once `until` has come.
    fn seen(&self, visit: Visit, until: Until) -> impl Future<Output = Result<Seen, Failed>>;

    /// Lets the peer go on where a scenario holds it.
    fn let_go(&self, visit: Visit) -> impl Future<Output = Result<(), Failed>>;

    /// Runs a task beside the case. It has to be `Send`, though not every transport needs that.
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static);

    /// What a case asks for that connects to elsewhere than to the peer: nothing, and by way of
    /// no proxy that the machine may have.
    fn plain(&self) -> Options {
        Options::default()
    }

    /// The URL of the peer, without a path; fails where URLs mean nothing.
    fn base(&self) -> Result<String, Failed> {
        Err(Failed::CannotPlay(unplayable::MEMORY_HAS_NO_URLS))
    }

    /// A URL of this machine at which nothing listens.
    fn dead_url(&self) -> impl Future<Output = Result<String, Failed>> {
        async { Err(Failed::CannotPlay(unplayable::MEMORY_HAS_NO_URLS)) }
    }

    /// As [`open`](Self::open), for a case in which the arguments are right.
    fn connect_with(
        &self,
        scenario: &Scenario,
        options: Options,
    ) -> Result<(WebSocketChannel, Visit), Failed> {
        Ok(self.open(scenario, options)??)
    }

    fn connect(&self, scenario: &Scenario) -> Result<(WebSocketChannel, Visit), Failed> {
        self.connect_with(scenario, Options::default())
    }
}

/// What came of opening a channel.
pub(crate) type Opening = Result<(WebSocketChannel, Visit), InvalidArgument>;

/// A connection, as the peer knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Visit(pub(crate) u64);

/// Why a case has not passed.
#[derive(Debug)]
pub(crate) enum Failed {
    /// A promise is broken: which, and where in the suite.
    Broken(String),
    /// The transport's peer can't do what the scenario asks for; so the case says nothing.
    CannotPlay(&'static str),
}

pub(crate) type Outcome = Result<(), Failed>;

impl Failed {
    #[track_caller]
    pub(crate) fn new(what: impl fmt::Display) -> Self {
        Self::Broken(format!("{what} (at {})", Location::caller()))
    }
}

/// An error that a case did not expect is its failure, with the place of the `?`.
impl<E: std::error::Error> From<E> for Failed {
    #[track_caller]
    fn from(error: E) -> Self {
        Self::new(format_args!("unexpected error: {error} ({error:?})"))
    }
}

/// What a run of a case means: `Err` fails the test.
pub(crate) fn verdict(transport: &str, case: &str, outcome: Outcome) -> Result<(), String> {
    let exception = exceptions::exception(transport, case);
    match (outcome, exception) {
        (Ok(()), None) | (Err(Failed::Broken(_)), Some(Exception::Fails)) => Ok(()),
        (Err(Failed::CannotPlay(why)), Some(Exception::CannotPlay(declared)))
            if why == declared =>
        {
            Ok(())
        }
        (Err(Failed::Broken(what)), _) => Err(what),
        (Err(Failed::CannotPlay(why)), _) => {
            Err(format!("{transport} can't play {case}, as {why}: say so in the table"))
        }
        (Ok(()), Some(_)) => Err(format!(
            "{transport} has no need of its exception from {case}: take it out of the table"
        )),
    }
}

/// Fails the case unless the condition holds.
macro_rules! check {
    ($condition:expr) => {
        $crate::conformance::check!($condition, "not so: {}", stringify!($condition))
    };
    ($condition:expr, $($message:tt)+) => {
        if !$condition {
            return Err($crate::conformance::Failed::new(format_args!($($message)+)));
        }
    };
}

/// Fails the case unless both are equal.
macro_rules! check_eq {
    ($left:expr, $right:expr $(,)?) => {
        match (&$left, &$right) {
            (left, right) => $crate::conformance::check!(
                *left == *right,
                "{} is {left:?} and not {right:?}",
                stringify!($left)
            ),
        }
    };
}

/// Fails the case unless the value is of this form.
macro_rules! check_matches {
    ($value:expr, $($pattern:tt)+) => {
        match &$value {
            value => $crate::conformance::check!(
                matches!(value, $($pattern)+),
                "{} is {value:?} and not {}",
                stringify!($value),
                stringify!($($pattern)+)
            ),
        }
    };
}

pub(crate) use {check, check_eq, check_matches};

/// The next message of a stream that is neither over nor broken.
pub(crate) async fn next_message(channel: &mut WebSocketChannel) -> Result<Message, Failed> {
    match channel.next().await {
        Some(message) => Ok(message?),
        None => Err(Failed::new(format_args!("the stream is over: {:?}", channel.close_event()))),
    }
}

/// Sends a message and expects it back.
pub(crate) async fn round_trip(
    channel: &mut WebSocketChannel,
    message: impl Into<Message>,
) -> Outcome {
    let message = message.into();
    channel.try_send(message.clone())?;
    check_eq!(next_message(channel).await?, message);
    Ok(())
}

/// The one error that a stream yields before it ends.
pub(crate) async fn only_error(channel: &mut WebSocketChannel) -> Result<Error, Failed> {
    match channel.next().await {
        Some(Err(error)) => {
            check_matches!(channel.next().await, None);
            Ok(error)
        }
        other => Err(Failed::new(format_args!("the stream yields {other:?} in place of an error"))),
    }
}

/// Every case, by its section. `$tests` is a macro that makes tests of them.
macro_rules! for_each_case {
    ($tests:ident) => {
        $tests! {
            the_type {
                connecting_says_so_and_blocks_nothing
                an_open_channel_knows_itself
                a_closing_channel_says_so
                ready_may_be_awaited_many_times
                ready_need_not_be_awaited
                futures_outlive_the_channel
                a_failed_connect_shows_in_ready_and_in_the_stream
                a_failed_connect_that_nobody_looks_at_does_no_harm
                what_is_sent_before_ready_is_queued_in_order
                a_send_after_the_close_gives_the_message_back
                a_send_after_the_peers_close_gives_the_message_back
                the_sink_waits_flushes_and_closes
                close_is_idempotent
                close_completes_on_a_channel_that_never_connected
                the_protocol_is_readable_after_the_close
                buffered_amount_counts_what_waits
                halves_live_on_different_tasks
                dropping_one_half_changes_nothing
                without_its_reading_half_it_lives_on
                a_handle_keeps_nothing_open
                a_flush_waits_until_everything_has_left
                dropping_the_channel_hangs_up
                dropping_the_channel_says_that_it_goes_away
                dropping_the_channel_sends_what_it_accepted
                dropping_a_channel_that_connects_hangs_up
                dropping_a_channel_with_messages_unread_hangs_up
            }
            arguments {
                http_means_ws
                another_scheme_is_an_error
                a_fragment_is_an_error
                an_option_out_of_its_range_is_an_error
                what_is_no_url_is_an_error
                a_protocol_that_is_no_token_is_an_error
                a_protocol_offered_twice_is_an_error
                protocols_are_told_apart_by_case
                codes_that_may_not_be_passed_are_errors
                codes_of_endpoints_may_be_passed
                a_reason_has_at_most_123_bytes
                a_reason_needs_a_code
                the_code_is_checked_also_when_closing
            }
            payloads {
                empty_text
                empty_binary
                hello
                bytes
                every_byte
                hello_ten_thousand_times
                a_million_bytes
                lengths_around_the_frame_headers
                emoji
                text_that_tempts_to_be_changed
                binary_and_text_in_turn
                a_tap_sees_every_step
                two_thousand_alternating_messages_without_a_pause
                fragments_are_joined
            }
            local_close {
                nothing_is_delivered_after_it
                nothing_is_delivered_after_it_even_if_the_peer_has_closed
                without_a_code
                with_1000
                with_3000
                with_4999
                with_a_reason
                with_the_longest_reason
                right_after_connect
                before_the_handshake_is_done
                comes_after_what_was_sent
                of_a_peer_that_never_answers_times_out
                of_a_peer_that_never_answers_frees_the_socket
                of_a_peer_that_never_reads_times_out
                of_a_handshake_that_is_never_answered_times_out
                is_remembered
                is_not_clean_if_the_peer_cuts_instead
                is_not_clean_if_the_answer_may_not_be_sent
            }
            remote_close {
                after_text
                after_binary
                before_anything_was_sent
                without_a_code
                with_a_code_that_no_program_may_pass
                with_1014
                is_answered
                while_nobody_reads_the_stream
                comes_after_all_messages
                comes_before_nothing
                a_reason_that_is_not_utf8_is_an_error
                a_reason_that_is_not_utf8_ends_with_1007
                one_byte_of_payload_is_an_error
                one_byte_of_payload_ends_with_1002
                code_1005_on_the_wire_is_an_error
                code_1005_on_the_wire_ends_with_1002
                a_cut_after_the_upgrade
                a_cut_in_the_middle_of_a_frame
                a_reset
                what_came_before_a_cut_is_delivered
            }
            handshakes {
                refused_with_200
                refused_with_302
                refused_with_401
                refused_with_404
                a_refusal_shows_status_headers_and_a_bounded_body
                no_protocol_asked
                no_protocol_asked_sends_no_header
                one_protocol
                two_protocols_and_the_servers_pick
                two_protocols_are_one_header
                a_pick_that_was_not_offered_is_an_error
                a_pick_where_none_was_offered_is_an_error
                no_pick_where_some_were_offered_is_an_error
                a_closed_port
                a_closed_port_says_refused
                a_name_that_does_not_exist
                a_name_that_does_not_exist_says_unresolvable
                a_handshake_that_is_never_answered
                a_cut_before_the_answer
                an_answer_that_is_no_http
                an_answer_without_end
                more_headers
                credentials_become_one_basic_header
                credentials_are_shown_nowhere
            }
            misbehaviour {
                garbage
                garbage_ends_with_1002
                a_masked_frame
                a_reserved_bit
                a_reserved_opcode
                a_control_frame_that_is_fragmented
                a_control_frame_over_125_bytes
                a_continuation_of_nothing
                a_message_within_another
                text_that_is_not_utf8
                text_that_is_not_utf8_ends_with_1007
                text_that_is_not_utf8_in_fragments
                text_that_ends_within_a_character
                a_message_over_the_limit
                a_message_over_the_limit_ends_with_1009
                a_message_over_the_limit_in_fragments
                a_peer_that_stops_answering_pings
                a_pong_that_nobody_asked_for_does_no_harm
                what_came_before_is_delivered
            }
            bounds {
                a_full_outbox_gives_the_message_back
                a_full_outbox_has_the_sink_wait
                pings_are_answered_while_nobody_reads
                a_flood_of_pings_is_answered
                a_full_inbox_loses_nothing
                a_full_inbox_of_bytes_loses_nothing
            }
        }
    };
}

pub(crate) use for_each_case;
