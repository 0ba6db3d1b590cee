//! What a program may pass, and what a peer may answer to it: nothing panics, what is refused is
//! refused the same way again, and what is accepted can't be taken for anything else.

use web_socket_channel::handshake::http::HeaderName;
use web_socket_channel::handshake::{
    ClientRequest, ServerOptions, parse_request, parse_response, respond, sign_key,
};
use web_socket_channel::{
    InvalidArgument, MAX_REASON_BYTES, ReadyState, check_url, memory, parse_url, status,
};

/// Reads the bytes as each thing that a program or a peer may say.
pub fn check(data: &[u8]) {
    let Some((&selector, data)) = data.split_first() else { return };
    match selector % 5 {
        0 => url(&String::from_utf8_lossy(data)),
        1 => request(data),
        2 => close(data),
        3 => head_in_pieces(data),
        _ => assert_eq!(sign_key(&String::from_utf8_lossy(data)).len(), 28, "20 bytes in base64"),
    }
}

fn url(text: &str) {
    let Ok(url) = parse_url(text) else {
        assert!(check_url(text).is_err(), "what can't be parsed can't be used");
        return;
    };
    assert!(matches!(url.scheme(), "ws" | "wss"), "{url}");
    assert_eq!(url.fragment(), None);
    assert!(url.has_host(), "{url}");
    assert_eq!(parse_url(url.as_str()).as_ref(), Ok(&url), "its normal form is its normal form");
}

/// A request that passes the check says, to a server, just what was asked for.
fn request(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut parts = text.split('\u{1}').map(str::to_owned);
    let mut next = || parts.next().unwrap_or_default();
    let protocols = vec![next(), next()];
    let headers = vec![(next(), next())];
    let handshake = ClientRequest {
        host: "server.example",
        target: "/echo",
        nonce: [36; 16],
        protocols: &protocols,
        headers: &headers,
        credentials: None,
    };
    let bytes = handshake.to_bytes();
    let Ok(bytes) = bytes else { return };
    let (request, used) = match parse_request(&bytes, 0) {
        Ok(Some(found)) => found,
        other => panic!("{other:?} of {:?}", String::from_utf8_lossy(&bytes)),
    };
    assert_eq!(used, bytes.len(), "nothing is smuggled in behind the head");
    let (name, value) = &headers[0];
    let name: HeaderName = match name.parse() {
        Ok(name) => name,
        Err(why) => panic!("{name:?} was sent: {why}"),
    };
    let sent: Vec<_> = request.headers().get_all(&name).iter().collect();
    assert_eq!(sent.len(), 1, "{name} is sent once");
    assert_eq!(sent[0].as_bytes(), value.trim_matches([' ', '\t']).as_bytes());
    let known = ServerOptions::default().protocols(protocols.clone());
    match respond(&request, &known) {
        Ok(accepted) => assert_eq!(accepted.protocol.as_ref(), protocols.first()),
        Err(rejection) => panic!("{rejection}"),
    }
}

fn close(data: &[u8]) {
    let Some((code, reason)) = data.split_first_chunk() else { return };
    let code = u16::from_be_bytes(*code);
    let reason = String::from_utf8_lossy(reason);
    let channel = memory::loopback();
    match channel.close_with(code, &reason) {
        Ok(_) => {
            assert!(status::may_be_on_the_wire(code), "{code} was sent");
            assert!(reason.len() <= MAX_REASON_BYTES);
            assert_eq!(channel.ready_state(), ReadyState::Closed);
            assert_eq!(channel.close_code(), Some(code));
            assert_eq!(channel.close_reason().as_deref(), Some(&*reason));
        }
        Err(InvalidArgument::CloseCode(refused)) => {
            assert_eq!(refused, code);
            assert!(!status::may_be_on_the_wire(code));
        }
        Err(InvalidArgument::CloseReasonTooLong { bytes }) => {
            assert_eq!(bytes, reason.len());
            assert!(bytes > MAX_REASON_BYTES);
        }
        Err(other) => panic!("{other}"),
    }
}

/// A head that comes in pieces is read as one that comes whole.
fn head_in_pieces(data: &[u8]) {
    fn agree<T: PartialEq + std::fmt::Debug, E: std::fmt::Debug>(
        data: &[u8],
        parse: impl Fn(&[u8], usize) -> Result<Option<(T, usize)>, E>,
    ) {
        let mut seen = 0;
        for length in 0..=data.len() {
            match parse(&data[..length], seen) {
                Ok(None) => seen = length,
                Ok(Some((found, used))) => {
                    assert!(used <= length);
                    match parse(data, 0) {
                        Ok(Some(whole)) => assert_eq!(whole, (found, used)),
                        other => panic!("whole it is {other:?}"),
                    }
                    return;
                }
                Err(why) => {
                    assert!(parse(data, 0).is_err(), "whole it is right, in pieces {why:?}");
                    return;
                }
            }
        }
        assert!(!matches!(parse(data, 0), Ok(Some(_))), "whole it is found");
    }
    let data = &data[..data.len().min(2048)];
    agree(data, parse_response);
    agree(data, |bytes, seen| {
        let found = parse_request(bytes, seen)?;
        let facts = found.map(|(request, used)| {
            let headers = request.headers().clone();
            ((request.method().clone(), request.uri().clone(), headers), used)
        });
        Ok::<_, web_socket_channel::handshake::HeadError>(facts)
    });
}
