//! The codes: who may send which, and what they are called.

use web_socket_channel::status::*;

/// The ranges of codes for which `rule` holds, over all the numbers there are.
fn ranges(rule: impl Fn(u16) -> bool) -> Vec<(u16, u16)> {
    let mut ranges: Vec<(u16, u16)> = Vec::new();
    for code in (0..=u16::MAX).filter(|code| rule(*code)) {
        match ranges.last_mut() {
            Some((_, end)) if *end + 1 == code => *end = code,
            _ => ranges.push((code, code)),
        }
    }
    ranges
}

#[test]
fn a_frame_takes_registered_and_private_codes_only() {
    assert_eq!(ranges(may_be_on_the_wire), [(1000, 1003), (1007, 1014), (3000, 4999)]);
}

#[test]
fn a_client_and_a_server_send_different_codes() {
    let client = [(1000, 1003), (1007, 1010), (3000, 4999)];
    assert_eq!(ranges(may_be_sent_by_a_client), client);
    let server = [(1000, 1003), (1007, 1009), (1011, 1014), (3000, 4999)];
    assert_eq!(ranges(may_be_sent_by_a_server), server);
}

#[test]
fn a_browser_takes_1000_and_3000_to_4999() {
    assert_eq!(ranges(may_be_passed_to_close_in_a_browser), [(1000, 1000), (3000, 4999)]);
}

#[test]
fn what_either_end_may_send_may_be_on_the_wire() {
    for code in 0..=u16::MAX {
        let by_either = may_be_sent_by_a_client(code) || may_be_sent_by_a_server(code);
        assert_eq!(by_either, may_be_on_the_wire(code), "{code}");
        assert!(!may_be_passed_to_close_in_a_browser(code) || may_be_sent_by_a_client(code));
    }
}

#[test]
fn the_constants_are_the_numbers_1000_to_1015_in_order() {
    let constants = [
        NORMAL_CLOSURE,
        GOING_AWAY,
        PROTOCOL_ERROR,
        UNSUPPORTED_DATA,
        RESERVED,
        NO_STATUS_RECEIVED,
        ABNORMAL_CLOSURE,
        INVALID_PAYLOAD_DATA,
        POLICY_VIOLATION,
        MESSAGE_TOO_BIG,
        MANDATORY_EXTENSION,
        INTERNAL_ERROR,
        SERVICE_RESTART,
        TRY_AGAIN_LATER,
        BAD_GATEWAY,
        TLS_HANDSHAKE,
    ];
    assert!(constants.into_iter().eq(1000..=1015));
}

#[test]
fn every_registered_code_has_a_name_of_its_own() {
    let mut names: Vec<_> = (1000..=1015).map(name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 16);
}

#[test]
fn other_codes_are_named_by_their_range() {
    let with = |text| ranges(|code| name(code) == text);
    assert_eq!(with("invalid code"), [(0, 999), (5000, u16::MAX)]);
    assert_eq!(with("unassigned code"), [(1016, 2999)]);
    assert_eq!(with("library code"), [(3000, 3999)]);
    assert_eq!(with("private code"), [(4000, 4999)]);
}
