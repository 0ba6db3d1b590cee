//! The close codes of RFC 6455 and its registry by name, and where each of them may stand.
//!
//! The constants are the codes that [RFC 6455, section 7.4.1] defines and those that the
//! [IANA registry] has added to it since. They mirror the `status` library of Dart's
//! `web_socket_channel`, with 1004 and 1012 to 1014 added.
//!
//! The codes are plain `u16`s, for most of the numbers that may be sent have no name: 3000 to 3999
//! belong to libraries and frameworks, which register them, and 4000 to 4999 to whoever uses them.
//!
//! [RFC 6455, section 7.4.1]: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1
//! [IANA registry]: https://www.iana.org/assignments/websocket/websocket.xhtml#close-code-number

/// 1000, *Normal Closure*: the purpose of the connection has been fulfilled.
///
/// Dart: `status.normalClosure`.
pub const NORMAL_CLOSURE: u16 = 1000;

/// 1001, *Going Away*: the endpoint leaves, as a server that shuts down or a browser that opens
/// another page.
///
/// Dart: `status.goingAway`.
pub const GOING_AWAY: u16 = 1001;

/// 1002, *Protocol error*: the peer has broken a rule of the protocol.
///
/// Dart: `status.protocolError`.
pub const PROTOCOL_ERROR: u16 = 1002;

/// 1003, *Unsupported Data*: the peer has sent a type of data that this endpoint can't accept, as
/// binary where only text is understood.
///
/// Dart: `status.unsupportedData`.
pub const UNSUPPORTED_DATA: u16 = 1003;

/// 1004, *Reserved*: RFC 6455 keeps the number back without giving it a meaning. It is never sent.
pub const RESERVED: u16 = 1004;

/// 1005, *No Status Rcvd*: the close frame that came had no code in it. It is what a program is
/// told, and never stands in a frame.
///
/// Dart: `status.noStatusReceived`.
pub const NO_STATUS_RECEIVED: u16 = 1005;

/// 1006, *Abnormal Closure*: the connection ended without a close frame. It is what a program is
/// told, and never stands in a frame.
///
/// Dart: `status.abnormalClosure`.
pub const ABNORMAL_CLOSURE: u16 = 1006;

/// 1007, *Invalid frame payload data*: the data didn't fit the type of the message, as a text
/// message that isn't UTF-8.
///
/// Dart: `status.invalidFramePayloadData`.
pub const INVALID_PAYLOAD_DATA: u16 = 1007;

/// 1008, *Policy Violation*: the message is against this endpoint's policy, and no other code fits
/// or none should be told.
///
/// Dart: `status.policyViolation`.
pub const POLICY_VIOLATION: u16 = 1008;

/// 1009, *Message Too Big*: the message is longer than this endpoint takes.
///
/// Dart: `status.messageTooBig`.
pub const MESSAGE_TOO_BIG: u16 = 1009;

/// 1010, *Mandatory Ext.*: the client needs an extension that the server didn't agree to. Only a
/// client sends it; a server refuses the handshake instead.
///
/// Dart: `status.missingMandatoryExtension`.
pub const MANDATORY_EXTENSION: u16 = 1010;

/// 1011, *Internal Error*: something unexpected kept the endpoint from doing what was asked. RFC
/// 6455 gives it to servers; the registry gives it to both ends.
///
/// Dart: `status.internalServerError`.
pub const INTERNAL_ERROR: u16 = 1011;

/// 1012, *Service Restart*: the server restarts; a client may come back, after a delay of its own
/// choosing so that not all come at once. From the registry.
pub const SERVICE_RESTART: u16 = 1012;

/// 1013, *Try Again Later*: the server has too much to do; a client may come back later, or go to
/// another address. From the registry.
pub const TRY_AGAIN_LATER: u16 = 1013;

/// 1014, *Bad Gateway*: the server is a gateway, and what stands behind it answered wrongly, as
/// HTTP's 502 says. From the registry.
pub const BAD_GATEWAY: u16 = 1014;

/// 1015, *TLS handshake*: the connection failed before it began, as by a certificate that can't be
/// verified. It is what a program is told, and never stands in a frame.
///
/// Dart: `status.tlsHandshakeFailed`.
pub const TLS_HANDSHAKE: u16 = 1015;

/// What a close code is called, to be shown beside its number.
///
/// It is the registered name for 1000 to 1015, written out and in one style; for other numbers, the
/// name of the range that they lie in ([RFC 6455, section 7.4.2]). It never claims to know what a
/// code of 3000 and above means, which only the two ends do.
///
/// [RFC 6455, section 7.4.2]: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.2
///
/// ```
/// use web_socket_channel::status;
///
/// assert_eq!(status::name(1001), "going away");
/// assert_eq!(status::name(3678), "library code");
/// ```
#[must_use]
pub const fn name(code: u16) -> &'static str {
    match code {
        NORMAL_CLOSURE => "normal closure",
        GOING_AWAY => "going away",
        PROTOCOL_ERROR => "protocol error",
        UNSUPPORTED_DATA => "unsupported data",
        RESERVED => "reserved",
        NO_STATUS_RECEIVED => "no status received",
        ABNORMAL_CLOSURE => "abnormal closure",
        INVALID_PAYLOAD_DATA => "invalid payload data",
        POLICY_VIOLATION => "policy violation",
        MESSAGE_TOO_BIG => "message too big",
        MANDATORY_EXTENSION => "mandatory extension",
        INTERNAL_ERROR => "internal error",
        SERVICE_RESTART => "service restart",
        TRY_AGAIN_LATER => "try again later",
        BAD_GATEWAY => "bad gateway",
        TLS_HANDSHAKE => "TLS handshake failed",
        1016..=2999 => "unassigned code",
        3000..=3999 => "library code",
        4000..=4999 => "private code",
        _ => "invalid code",
    }
}

/// Whether a close frame may have this code in it.
///
/// These are the registered codes without those that only describe an end to the program at one
/// side of it (1004, 1005, 1006, 1015), and 3000 to 4999. Numbers up to 2999 that nobody has
/// registered belong to the protocol's future, and a peer that sends one breaks today's: it is to
/// be answered with [`PROTOCOL_ERROR`].
#[must_use]
pub const fn may_be_on_the_wire(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}

/// Whether a program at the client's end may close with this code, natively: those that RFC 6455 gives
/// to endpoints (1000–1003, 1007–1010) and 3000 to 4999. A browser takes fewer, see
/// [`may_be_passed_to_close_in_a_browser`].
#[must_use]
pub const fn may_be_sent_by_a_client(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1010 | 3000..=4999)
}

/// Whether a program at the server's end may close with this code: as a client, without 1010, which is
/// a client's, and with 1011 to 1014, which tell of a server's trouble.
#[must_use]
pub const fn may_be_sent_by_a_server(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1009 | 1011..=1014 | 3000..=4999)
}

/// Whether a browser's `WebSocket.close` takes this code: 1000 and 3000 to 4999.
///
/// The [WHATWG standard](https://websockets.spec.whatwg.org/#dom-websocket-close) throws an
/// `InvalidAccessError` for every other.
#[must_use]
pub const fn may_be_passed_to_close_in_a_browser(code: u16) -> bool {
    matches!(code, NORMAL_CLOSURE | 3000..=4999)
}
