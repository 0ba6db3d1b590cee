//! The opening handshake by behaviour: what a client sends and believes, what a server answers.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use web_socket_channel::handshake::http::StatusCode;
use web_socket_channel::handshake::http::header;
use web_socket_channel::handshake::{
    Accepted, ClientRequest, Credentials, HeadError, InvalidRequest, MAX_BODY_BYTES,
    MAX_HEAD_BYTES, MAX_HEADERS, OWN_HEADERS, Rejection, Response, ServerOptions, Violation,
    parse_request, parse_response, respond, sign_key,
};

/// The base64 of these is `cmFpc2luLXJhaXNpbi0xNg==`.
const NONCE: [u8; 16] = *b"raisin-raisin-16";
const KEY: &str = "cmFpc2luLXJhaXNpbi0xNg==";

const PLAIN: ClientRequest<'_> = ClientRequest {
    host: "example.com:3678",
    target: "/echo?custom=1",
    nonce: NONCE,
    protocols: &[],
    headers: &[],
    credentials: None,
};

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

fn pairs(headers: &[(&str, &str)]) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

mod keys {
    use super::*;

    #[test]
    fn are_signed_as_in_the_rfc_and_in_darts_tests() {
        assert_eq!(sign_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assert_eq!(sign_key("x3JJHMbDL1EzLkh9GBhXDw=="), "HSmrc0sMlYUkAGmm5OPpG2HaGWk=");
    }

    #[test]
    fn are_the_base64_of_the_nonce() {
        assert_eq!(PLAIN.key(), KEY);
    }
}

mod a_clients_request {
    use super::*;

    #[test]
    fn is_what_the_rfc_asks_for() {
        assert_eq!(
            text(PLAIN.to_bytes().unwrap()),
            "GET /echo?custom=1 HTTP/1.1\r\n\
             Host: example.com:3678\r\n\
             Upgrade: websocket\r\n\
             Connection: Upgrade\r\n\
             Sec-WebSocket-Key: cmFpc2luLXJhaXNpbi0xNg==\r\n\
             Sec-WebSocket-Version: 13\r\n\
             \r\n"
        );
    }

    #[test]
    fn has_one_header_for_all_protocols_in_order_and_its_own_headers_last() {
        let protocols = strings(&["custom", "Custom"]);
        let headers = pairs(&[("X-Fruit", "custom"), ("Origin", "https://example.com")]);
        let request = ClientRequest { protocols: &protocols, headers: &headers, ..PLAIN };
        assert!(text(request.to_bytes().unwrap()).ends_with(
            "\r\n\
             Sec-WebSocket-Protocol: custom, Custom\r\n\
             X-Fruit: custom\r\n\
             Origin: https://example.com\r\n\
             \r\n"
        ));
    }

    #[test]
    fn has_one_basic_header_for_credentials() {
        // The example of RFC 7617 §2.1, where the password is not ASCII.
        let credentials = Credentials::new("test", "123£");
        let request = ClientRequest { credentials: Some(&credentials), ..PLAIN };
        let bytes = text(request.to_bytes().unwrap());
        assert_eq!(bytes.matches("Authorization").count(), 1);
        assert!(bytes.contains("\r\nAuthorization: Basic dGVzdDoxMjPCow==\r\n"));
    }

    #[test]
    fn can_be_read_back_by_a_server() {
        let protocols = strings(&["custom", "other"]);
        let bytes = ClientRequest { protocols: &protocols, ..PLAIN }.to_bytes().unwrap();
        let (request, used) = parse_request(&bytes, 0).unwrap().unwrap();
        assert_eq!(used, bytes.len());
        assert_eq!(request.uri(), "/echo?custom=1");
        let known = ServerOptions::default().protocols(strings(&["other"]));
        let accepted = respond(&request, &known).unwrap();
        let (response, _) = parse_response(&accepted.head, 0).unwrap().unwrap();
        let verified = ClientRequest { protocols: &protocols, ..PLAIN }.verify(&response);
        assert_eq!(verified, Ok(Some("other".into())));
    }

    #[test]
    fn lets_nothing_in_that_would_make_it_another_request() {
        for host in ["", "a b", "a\r\nX: y", "a/b", "user@host", "a?b", "[::1"] {
            let request = ClientRequest { host, ..PLAIN };
            assert_eq!(request.to_bytes(), Err(InvalidRequest::Host), "{host:?}");
        }
        for host in ["example.com", "127.0.0.1:9001", "[::1]:9001"] {
            assert!(ClientRequest { host, ..PLAIN }.to_bytes().is_ok(), "{host:?}");
        }
        for target in ["", "echo", "/a b", "/a\r\nX: y", "/ä", "/a\n", "/a\0", "/a#b"] {
            let request = ClientRequest { target, ..PLAIN };
            assert_eq!(request.to_bytes(), Err(InvalidRequest::Target), "{target:?}");
        }
        for (name, value, error) in [
            ("", "a", InvalidRequest::HeaderName),
            ("X: y\r\nZ", "a", InvalidRequest::HeaderName),
            ("X Y", "a", InvalidRequest::HeaderName),
            ("X-Fruit", "a\r\nX: y", InvalidRequest::HeaderValue("x-fruit".parse().unwrap())),
            ("X-Fruit", "a\ny", InvalidRequest::HeaderValue("x-fruit".parse().unwrap())),
            ("X-Fruit", "a\0", InvalidRequest::HeaderValue("x-fruit".parse().unwrap())),
            ("HOST", "a", InvalidRequest::HeaderTaken(header::HOST)),
        ] {
            let headers = pairs(&[(name, value)]);
            let request = ClientRequest { headers: &headers, ..PLAIN };
            assert_eq!(request.to_bytes(), Err(error), "{name:?}: {value:?}");
        }
        for (user, password) in [("a:b", "c"), ("a\r\n", "b"), ("a", "b\n"), ("a", "\u{7f}")] {
            let credentials = Credentials::new(user, password);
            let request = ClientRequest { credentials: Some(&credentials), ..PLAIN };
            assert_eq!(request.to_bytes(), Err(InvalidRequest::Credentials), "{user:?}");
        }
    }

    #[test]
    fn offers_tokens_and_each_once() {
        for protocol in ["", "a b", "a,b", "ü", "a\r\nX: y"] {
            let protocols = strings(&["custom", protocol]);
            let request = ClientRequest { protocols: &protocols, ..PLAIN };
            let error = InvalidRequest::ProtocolNotToken(protocol.into());
            assert_eq!(request.to_bytes(), Err(error));
        }
        let protocols = strings(&["custom", "other", "custom"]);
        let request = ClientRequest { protocols: &protocols, ..PLAIN };
        assert_eq!(request.to_bytes(), Err(InvalidRequest::ProtocolTwice("custom".into())));
    }

    #[test]
    fn keeps_the_handshakes_own_headers_to_itself() {
        for name in OWN_HEADERS {
            let headers = pairs(&[(name.as_str(), "custom")]);
            let request = ClientRequest { headers: &headers, ..PLAIN };
            assert_eq!(request.to_bytes(), Err(InvalidRequest::HeaderTaken(name)));
        }
    }

    #[test]
    fn takes_its_authorization_from_one_place_only() {
        let headers = pairs(&[("authorization", "Bearer custom")]);
        let bearer = ClientRequest { headers: &headers, ..PLAIN };
        assert!(bearer.to_bytes().is_ok());
        let credentials = Credentials::new("anna", "custom");
        let both = ClientRequest { credentials: Some(&credentials), ..bearer };
        let error = InvalidRequest::HeaderTaken(header::AUTHORIZATION);
        assert_eq!(both.to_bytes(), Err(error));
    }

    #[test]
    fn shows_no_secrets() {
        let headers = pairs(&[("Authorization", "Bearer custom")]);
        let credentials = Credentials::new("anna", "custom");
        let request = ClientRequest {
            target: "/echo?token=custom",
            headers: &headers,
            credentials: Some(&credentials),
            ..PLAIN
        };
        let shown = format!("{request:?} {credentials:?} {:?}", request.to_bytes());
        assert!(shown.contains("/echo"), "{shown}");
        assert!(!shown.contains("custom") && !shown.contains("anna"), "{shown}");
        for (name, value) in [("X: custom\r\n", "y"), ("X", "custom\r\n")] {
            let headers = pairs(&[(name, value)]);
            let error = ClientRequest { headers: &headers, ..PLAIN }.to_bytes().unwrap_err();
            assert!(!format!("{error} {error:?}").contains("custom"), "{error}");
        }
    }
}

mod a_client {
    use super::*;

    /// The response with the head of these lines.
    fn response(lines: &[&str]) -> Response {
        let head = format!("{}\r\n\r\n", lines.join("\r\n"));
        let (response, used) = parse_response(head.as_bytes(), 0).unwrap().unwrap();
        assert_eq!(used, head.len());
        response
    }

    /// What a client that offers `offers` says to a right answer in which the line that begins
    /// with `replaced` is this one.
    fn verify(offers: &[&str], replaced: &str, line: &str) -> Result<Option<String>, Violation> {
        let accept = format!("Sec-WebSocket-Accept: {}", sign_key(KEY));
        let mut lines = vec![
            "HTTP/1.1 101 Switching Protocols",
            "Upgrade: websocket",
            "Connection: Upgrade",
            &accept,
        ];
        lines.retain(|line| replaced.is_empty() || !line.starts_with(replaced));
        if line.starts_with("HTTP") {
            lines.insert(0, line);
        } else if !line.is_empty() {
            lines.push(line);
        }
        ClientRequest { protocols: &strings(offers), ..PLAIN }.verify(&response(&lines))
    }

    #[test]
    fn takes_a_right_answer() {
        assert_eq!(verify(&[], "", ""), Ok(None));
        assert_eq!(verify(&[], "Upgrade", "UPGRADE: WebSocket"), Ok(None));
        assert_eq!(verify(&[], "Connection", "Connection: keep-alive, upgrade"), Ok(None));
        assert_eq!(verify(&[], "", "Sec-WebSocket-Extensions:"), Ok(None));
        assert_eq!(verify(&[], "HTTP", "HTTP/1.1 101"), Ok(None));
    }

    #[test]
    fn refuses_an_answer_that_is_not_to_its_request() {
        for (replaced, line, violation) in [
            ("HTTP", "HTTP/1.1 200 OK", Violation::Status(StatusCode::OK)),
            ("HTTP", "HTTP/1.0 401 Go Away", Violation::Status(StatusCode::UNAUTHORIZED)),
            ("Upgrade", "", Violation::Upgrade),
            ("Upgrade", "Upgrade: custom", Violation::Upgrade),
            ("", "Upgrade: websocket", Violation::Upgrade),
            ("Connection", "", Violation::Connection),
            ("Connection", "Connection: close, upgraded", Violation::Connection),
            ("Sec-WebSocket-Accept", "", Violation::Accept),
            ("Sec-WebSocket-Accept", "Sec-WebSocket-Accept: custom", Violation::Accept),
            ("", "Sec-WebSocket-Accept: custom", Violation::Accept),
            // The answer to the RFC's key is not the answer to ours.
            (
                "Sec-WebSocket-Accept",
                "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                Violation::Accept,
            ),
            (
                "",
                "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover",
                Violation::Extension("permessage-deflate; server_no_context_takeover".into()),
            ),
        ] {
            assert_eq!(verify(&[], replaced, line), Err(violation), "{line}");
        }
    }

    #[test]
    fn takes_one_of_the_protocols_that_it_offered() {
        let offers = ["custom", "other"];
        let picked = |line| verify(&offers, "", line);
        assert_eq!(picked("Sec-WebSocket-Protocol: other"), Ok(Some("other".into())));
        assert_eq!(picked(""), Err(Violation::NoProtocol));
        for (line, shown) in [
            ("Sec-WebSocket-Protocol: plum", "plum"),
            ("Sec-WebSocket-Protocol: Custom", "Custom"),
            ("Sec-WebSocket-Protocol: custom, other", "custom, other"),
            ("Sec-WebSocket-Protocol: custom\r\nSec-WebSocket-Protocol: other", "custom, other"),
            ("Sec-WebSocket-Protocol:", ""),
        ] {
            let violation = Violation::ProtocolNotOffered(shown.into());
            assert_eq!(picked(line), Err(violation), "{line}");
        }
        assert_eq!(
            verify(&[], "", "Sec-WebSocket-Protocol: custom"),
            Err(Violation::ProtocolNotOffered("custom".into()))
        );
    }

    #[test]
    fn reads_a_refusal_with_its_headers_and_words() {
        let response =
            response(&["HTTP/1.1 404 No Strangers", "X-Fruit: custom", "Set-Cookie: a=b"]);
        assert_eq!(response.status, StatusCode::NOT_FOUND);
        assert_eq!(response.reason, "No Strangers");
        assert_eq!(response.headers["x-fruit"], "custom");
        let shown = format!("{response:?}");
        assert!(shown.contains("custom") && !shown.contains("a=b"), "{shown}");
    }

    #[test]
    fn reads_a_body_of_a_known_length() {
        let head = response(&["HTTP/1.1 401 Unauthorized", "Content-Length: 6"]);
        assert!(!head.body_is_whole(b"custo"));
        assert!(head.body_is_whole(b"custom"));
        assert_eq!(head.clone().with_body(b"custom and more").body, "custom");
        assert_eq!(head.with_body(b"cus").body, "cus");
    }

    #[test]
    fn reads_a_body_until_the_end_of_the_stream() {
        for line in ["X-Fruit: custom", "Content-Length: custom", "Transfer-Encoding: gzip"] {
            let head = response(&["HTTP/1.1 500 Oops", line]);
            assert!(!head.body_is_whole(b"custom"));
            assert_eq!(head.with_body(b"custom").body, "custom");
        }
    }

    #[test]
    fn reads_a_chunked_body_without_the_chunks() {
        let head =
            response(&["HTTP/1.1 302 Found", "Transfer-Encoding: chunked", "Content-Length: 3"]);
        let raw = b"4\r\ncust\r\n2;why=not\r\nom\r\n0\r\n\r\n";
        for length in 0..raw.len() {
            let whole = head.body_is_whole(&raw[..length]);
            assert_eq!(whole, length >= raw.len() - 2, "{length}");
        }
        assert_eq!(head.clone().with_body(raw).body, "custom");
        assert_eq!(head.clone().with_body(&raw[..5]).body, "cu");
        // What isn't chunked as it says, or claims to be endless, ends where it stops making sense.
        assert!(head.body_is_whole(b"4\r\ncust\r\ncustom"));
        assert_eq!(head.clone().with_body(b"4\r\ncust\r\ncustom").body, "cust");
        assert_eq!(head.with_body(b"ffffffffffffffff\r\ncustom").body, "custom");
    }

    #[test]
    fn reads_no_body_where_there_can_be_none() {
        for status in ["204 No Content", "304 Not Modified"] {
            let head = response(&[&format!("HTTP/1.1 {status}"), "Content-Length: 6"]);
            assert!(head.body_is_whole(b""));
            assert_eq!(head.with_body(b"custom").body, "");
        }
    }

    #[test]
    fn keeps_a_bounded_part_of_a_body() {
        let raw = vec![b'x'; MAX_BODY_BYTES + 1];
        let length = format!("Content-Length: {}", raw.len());
        for line in ["X-Fruit: custom", &length] {
            let head = response(&["HTTP/1.1 200 OK", line]);
            assert!(!head.body_is_whole(&raw[..MAX_BODY_BYTES - 1]));
            assert!(head.body_is_whole(&raw[..MAX_BODY_BYTES]));
            assert_eq!(head.with_body(&raw).body.len(), MAX_BODY_BYTES);
        }
    }
}

mod a_head {
    use super::*;

    const RESPONSE: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nX-Fruit: custom\r\n\r\n";

    #[test]
    fn may_come_in_any_pieces_and_with_frames_behind_it() {
        let frames = b"\x81\x06custom\r\n\r\n";
        let all = [RESPONSE, frames].concat();
        for step in [1, 2, 3, 7, all.len()] {
            let mut seen = 0;
            let mut until = 0;
            let (response, used) = loop {
                until = (until + step).min(all.len());
                if let Some(found) = parse_response(&all[..until], seen).unwrap() {
                    break found;
                }
                seen = until;
            };
            assert_eq!(response.headers["x-fruit"], "custom");
            assert_eq!(&all[used..], frames, "{step}");
        }
    }

    #[test]
    fn of_a_request_may_come_in_any_pieces_too() {
        let all = b"GET /echo HTTP/1.1\nHost: example.com\n\n\x81\x80\0\0\0\0";
        for step in [1, 2, 3, 7, all.len()] {
            let mut seen = 0;
            let mut until = 0;
            let (request, used) = loop {
                until = (until + step).min(all.len());
                if let Some(found) = parse_request(&all[..until], seen).unwrap() {
                    break found;
                }
                seen = until;
            };
            assert_eq!(request.uri(), "/echo");
            assert_eq!(&all[used..], b"\x81\x80\0\0\0\0", "{step}");
        }
    }

    #[test]
    fn may_be_announced_by_interim_responses() {
        let all = [b"HTTP/1.1 103 Early Hints\r\nLink: </custom>\r\n\r\n", RESPONSE].concat();
        for length in 0..all.len() {
            assert_eq!(parse_response(&all[..length], 0), Ok(None), "{length}");
            assert_eq!(parse_response(&all[..length], length.saturating_sub(1)), Ok(None));
        }
        let (response, used) = parse_response(&all, 0).unwrap().unwrap();
        assert_eq!((response.status.as_u16(), used), (101, all.len()));

        let endless = b"HTTP/1.1 100 Continue\r\n\r\n".repeat(1000);
        assert_eq!(parse_response(&endless, 0), Err(HeadError::TooLong));
    }

    #[test]
    fn has_a_bounded_length() {
        let with_bytes = |bytes: usize| {
            let frame = "HTTP/1.1 101 Yes\r\nX-Fruit: \r\n\r\n".len();
            format!("HTTP/1.1 101 Yes\r\nX-Fruit: {}\r\n\r\n", "x".repeat(bytes - frame))
        };
        let longest = with_bytes(MAX_HEAD_BYTES);
        assert!(matches!(parse_response(longest.as_bytes(), 0), Ok(Some(_))));
        let longer = with_bytes(MAX_HEAD_BYTES + 1);
        assert_eq!(parse_response(longer.as_bytes(), 0), Err(HeadError::TooLong));
        // It need not have come to its end to be known as too long.
        let endless = &longer.as_bytes()[..MAX_HEAD_BYTES];
        assert_eq!(parse_response(endless, 0), Err(HeadError::TooLong));
        assert_eq!(parse_response(endless, MAX_HEAD_BYTES - 1), Err(HeadError::TooLong));
        assert_eq!(parse_response(&endless[..MAX_HEAD_BYTES - 1], 0), Ok(None));
        let request = format!("GET /{} ", "x".repeat(MAX_HEAD_BYTES));
        assert_eq!(parse_request(request.as_bytes(), 0).unwrap_err(), HeadError::TooLong);
    }

    #[test]
    fn has_a_bounded_number_of_headers() {
        let with_headers = |count| format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(count));
        let most = with_headers(MAX_HEADERS);
        assert!(matches!(parse_request(most.as_bytes(), 0), Ok(Some(_))));
        let more = with_headers(MAX_HEADERS + 1);
        assert_eq!(parse_request(more.as_bytes(), 0).unwrap_err(), HeadError::TooManyHeaders);
    }

    #[test]
    fn that_is_none_is_told_by_its_first_bytes() {
        for greeting in [&b"SSH-2.0-custom\r\n"[..], b"220 smtp.example.com\r\n"] {
            let error = parse_response(greeting, 0).unwrap_err();
            assert!(matches!(error, HeadError::Malformed(_)), "{error:?}");
        }
        for greeting in [&b"\0"[..], b"GET / HTTP/2.0\r\n"] {
            let error = parse_request(greeting, 0).unwrap_err();
            assert!(matches!(error, HeadError::Malformed(_)), "{error:?}");
        }
        for greeting in [&b"\x16\x03\x01\x02\x00\x01\x00"[..], b"\x15"] {
            assert_eq!(parse_response(greeting, 0).unwrap_err(), HeadError::Tls);
            assert_eq!(parse_request(greeting, 0).unwrap_err(), HeadError::Tls);
        }
    }

    #[test]
    fn that_is_malformed_is_refused() {
        for head in [
            "HTTP/1.1 101 Yes\r\nX Fruit: custom\r\n\r\n",
            "HTTP/1.1 101 Yes\r\nX-Fruit\r\n\r\n",
            "HTTP/1.1 101 Yes\r\nX-Fruit: cus\0tom\r\n\r\n",
            // A folded line, which RFC 9112 §5.2 lets a recipient refuse.
            "HTTP/1.1 101 Yes\r\nX-Fruit: cus\r\n tom\r\n\r\n",
            "HTTP/1.1 099 No\r\n\r\n",
            "HTTP/2.0 101 Yes\r\n\r\n",
            "\r\n\r\n",
        ] {
            let error = parse_response(head.as_bytes(), 0).unwrap_err();
            assert!(matches!(error, HeadError::Malformed(_)), "{head:?}: {error:?}");
        }
        for head in ["GET / b HTTP/1.1\r\n\r\n", "GET /\0 HTTP/1.1\r\n\r\n", "\n\n"] {
            let error = parse_request(head.as_bytes(), 0).unwrap_err();
            assert!(matches!(error, HeadError::Malformed(_)), "{head:?}: {error:?}");
        }
    }

    #[test]
    fn that_cannot_be_taken_has_a_rejection() {
        let status = |error| Rejection::from(error).status.as_u16();
        assert_eq!(status(HeadError::TooLong), 431);
        assert_eq!(status(HeadError::TooManyHeaders), 431);
        assert_eq!(status(HeadError::Malformed("custom")), 400);
    }

    #[test]
    fn shows_no_secrets() {
        let head = b"GET / HTTP/1.1\r\nAuthorization: Basic custom\r\nCookie: custom\r\n\r\n";
        let (request, _) = parse_request(head, 0).unwrap().unwrap();
        assert!(!format!("{request:?}").contains("custom"));
    }
}

mod a_server {
    use super::*;

    const RIGHT: [&str; 6] = [
        "GET /echo HTTP/1.1",
        "Host: example.com",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
    ];

    /// The answer to a right request in which the lines that begin with `replaced` are `line`.
    fn answer(options: &ServerOptions, replaced: &str, line: &str) -> Result<Accepted, Rejection> {
        let mut lines = RIGHT.to_vec();
        let at = lines.iter().position(|line| !replaced.is_empty() && line.starts_with(replaced));
        match (at, line) {
            (Some(at), "") => drop(lines.remove(at)),
            (Some(at), line) => lines[at] = line,
            (None, "") => {}
            (None, line) => lines.push(line),
        }
        let head = format!("{}\r\n\r\n", lines.join("\r\n"));
        let (request, _) = parse_request(head.as_bytes(), 0).unwrap().unwrap();
        respond(&request, options)
    }

    #[test]
    fn accepts_as_the_rfc_shows() {
        let accepted = answer(&ServerOptions::default(), "", "").unwrap();
        assert_eq!(accepted.protocol, None);
        // As a server takes them whose HTTP somebody else writes.
        assert_eq!(accepted.headers["sec-websocket-accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assert_eq!(accepted.headers.len(), 3);
        assert_eq!(
            text(accepted.head),
            "HTTP/1.1 101 Switching Protocols\r\n\
             Upgrade: websocket\r\n\
             Connection: Upgrade\r\n\
             Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\
             \r\n"
        );
    }

    #[test]
    fn accepts_what_is_right_in_another_form() {
        for (replaced, line) in [
            ("Connection", "Connection: Other, Upgrade"),
            ("Connection", "Connection: keep-alive\r\nconnection: UPGRADE"),
            ("Upgrade", "UPGRADE: WebSocket"),
            ("", "Content-Length: 0"),
            ("", "Sec-WebSocket-Extensions: permessage-deflate"),
            ("GET", "GET http://example.com/echo HTTP/1.1"),
            ("Sec-WebSocket-Key", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAA/=="),
        ] {
            assert!(answer(&ServerOptions::default(), replaced, line).is_ok(), "{line}");
        }
    }

    #[test]
    fn refuses_with_the_status_and_headers_that_say_what_is_right() {
        let upgrade = ("upgrade", "websocket");
        let version = ("sec-websocket-version", "13");
        type Headers = [(&'static str, &'static str)];
        let cases: [(&str, &str, u16, &Headers); 22] = [
            ("GET", "POST /echo HTTP/1.1", 405, &[("allow", "GET")]),
            ("GET", "get /echo HTTP/1.1", 405, &[("allow", "GET")]),
            ("GET", "GET /echo HTTP/1.0", 426, &[upgrade]),
            ("Upgrade", "", 426, &[upgrade]),
            ("Upgrade", "Upgrade: custom", 426, &[upgrade]),
            ("Connection", "", 426, &[upgrade]),
            ("Connection", "Connection: Upgraded", 426, &[upgrade]),
            ("Sec-WebSocket-Version", "", 426, &[upgrade, version]),
            ("Sec-WebSocket-Version", "Sec-WebSocket-Version: 8", 426, &[upgrade, version]),
            ("Sec-WebSocket-Version", "Sec-WebSocket-Version: 13, 8", 426, &[upgrade, version]),
            ("Host", "", 400, &[]),
            ("", "Host: example.org", 400, &[]),
            ("", "Content-Length: 6", 400, &[]),
            ("", "Transfer-Encoding: chunked", 400, &[]),
            ("Sec-WebSocket-Key", "", 400, &[]),
            ("", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", 400, &[]),
            ("Sec-WebSocket-Key", "Sec-WebSocket-Key:", 400, &[]),
            ("Sec-WebSocket-Key", "Sec-WebSocket-Key: custom", 400, &[]),
            ("Sec-WebSocket-Key", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZTE2", 400, &[]),
            ("Sec-WebSocket-Key", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZ===", 400, &[]),
            ("Sec-WebSocket-Key", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j!Q==", 400, &[]),
            ("Sec-WebSocket-Key", "Sec-WebSocket-Key: ééééééééééé==", 400, &[]),
        ];
        for (replaced, line, status, headers) in cases {
            let rejection = answer(&ServerOptions::default(), replaced, line).unwrap_err();
            assert_eq!(rejection.status.as_u16(), status, "{line}");
            let (response, used) = parse_response(&rejection.to_bytes(), 0).unwrap().unwrap();
            let response = response.with_body(&rejection.to_bytes()[used..]);
            assert_eq!(response.status.as_u16(), status, "{line}");
            for (name, value) in headers {
                assert_eq!(response.headers[*name], value, "{line}");
            }
            assert_eq!(response.body, format!("{}\n", rejection.reason), "{line}");
            assert!(!rejection.reason.is_empty(), "{line}");
        }
    }

    #[test]
    fn names_upgrade_among_the_connections_headers_where_it_sends_it() {
        let connection = |line| {
            let rejection = answer(&ServerOptions::default(), "Upgrade", line).unwrap_err();
            let (response, _) = parse_response(&rejection.to_bytes(), 0).unwrap().unwrap();
            response.headers[header::CONNECTION].clone()
        };
        assert_eq!(connection(""), "upgrade, close");
        let busy = Rejection::new(StatusCode::SERVICE_UNAVAILABLE, "Strangers are out.");
        assert_eq!(
            text(busy.to_bytes()),
            "HTTP/1.1 503 Service Unavailable\r\n\
             Connection: close\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\
             Content-Length: 19\r\n\
             \r\n\
             Strangers are out.\n"
        );
    }

    #[test]
    fn sends_no_body_to_a_head_request() {
        let rejection =
            answer(&ServerOptions::default(), "GET", "HEAD /echo HTTP/1.1").unwrap_err();
        assert_eq!(rejection.status, StatusCode::METHOD_NOT_ALLOWED);
        assert!(rejection.to_bytes().ends_with(b"\r\n\r\n"));
    }

    #[test]
    fn sends_no_body_with_a_status_that_has_none() {
        for status in [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED] {
            let bytes = text(Rejection::new(status, "custom").to_bytes());
            assert!(bytes.ends_with("\r\n\r\n") && !bytes.contains("Content-"), "{bytes}");
        }
    }

    #[test]
    fn picks_the_clients_first_protocol_that_it_knows() {
        let options = ServerOptions::default().protocols(strings(&["other", "custom"]));
        let picked = |line| answer(&options, "", line).unwrap().protocol;
        assert_eq!(picked("Sec-WebSocket-Protocol: plum, custom, other"), Some("custom".into()));
        assert_eq!(
            picked("Sec-WebSocket-Protocol: plum\r\nSec-WebSocket-Protocol: other,custom"),
            Some("other".into())
        );
        assert_eq!(picked("Sec-WebSocket-Protocol: Custom, plum,,"), None);
        assert_eq!(picked(""), None);
        let accepted = answer(&options, "", "Sec-WebSocket-Protocol: custom").unwrap();
        assert!(text(accepted.head).contains("\r\nSec-WebSocket-Protocol: custom\r\n"));
    }

    #[test]
    fn knows_no_protocol_by_default() {
        let accepted =
            answer(&ServerOptions::default(), "", "Sec-WebSocket-Protocol: custom").unwrap();
        assert_eq!(accepted.protocol, None);
        assert!(!text(accepted.head).contains("Protocol:"));
    }

    #[test]
    fn lets_in_the_origins_of_its_list_and_who_has_none() {
        let options = ServerOptions::default()
            .allowed_origins(["https://Example.com", "http://localhost:3678"]);
        let status = |options: &ServerOptions, line: &str| match answer(options, "", line) {
            Ok(_) => 101,
            Err(rejection) => rejection.status.as_u16(),
        };
        assert_eq!(status(&options, "Origin: https://example.COM"), 101);
        assert_eq!(status(&options, "Origin: http://localhost:3678"), 101);
        assert_eq!(status(&options, ""), 101);
        for origin in
            ["https://example.org", "http://example.com", "null", "", "https://example.com/"]
        {
            assert_eq!(status(&options, &format!("Origin: {origin}")), 403, "{origin}");
        }
        let two = "Origin: https://example.com\r\nOrigin: https://example.org";
        assert_eq!(status(&options, two), 403);

        assert_eq!(status(&ServerOptions::default(), "Origin: https://example.org"), 101);
        let nobody = ServerOptions::default().allowed_origins([""; 0]);
        assert_eq!(status(&nobody, "Origin: https://example.org"), 403);
        assert_eq!(status(&nobody, ""), 101);
    }

    #[test]
    fn repeats_nothing_of_the_request_in_a_rejection() {
        let rejection =
            answer(&ServerOptions::default(), "GET", "CUSTOM /custom HTTP/1.1").unwrap_err();
        assert!(!text(rejection.to_bytes()).to_lowercase().contains("custom"));
    }
}
