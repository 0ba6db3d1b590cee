//! Connections that somebody else has opened: streams of bytes on which we shake hands at both
//! ends, and tungstenite's own.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::pin::Pin;
use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _, future::join};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio_tungstenite::tungstenite::Message as Theirs;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{accept_async, client_async, client_async_with_config};
use web_socket_channel::handshake::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use web_socket_channel::handshake::{self, InvalidRequest, ServerOptions};
use web_socket_channel::{
    ACCEPT_TIMEOUT, AcceptError, ByteStream, Error, Initiator, InvalidArgument, LimitExceeded,
    Message, NetworkErrorKind, Options, ReadyState, Timeout, Url, WebSocketChannel,
};

/// A code that only the two ends know: where it is seen, it has travelled.
const OUR_CODE: u16 = 3678;
const TEXT: &str = "a text";

const URL: &str = "ws://server.example:3678/echo?a=b";

fn pipe() -> (DuplexStream, DuplexStream) {
    duplex(1024)
}

fn adopt(stream: ByteStream<DuplexStream>) -> WebSocketChannel {
    WebSocketChannel::adopt(stream, Options::default()).unwrap()
}

#[tokio::test]
async fn two_ends_shake_hands_talk_and_close() {
    let (near, far) = pipe();
    let options =
        Options::default().protocols(["superchat", "chat"]).headers([("X-Fruit", "3678")]);
    let known = ServerOptions::default().protocols(["chat"]);
    let (client, server) =
        join(ByteStream::connect(near, URL, &options), ByteStream::accept(far, &known)).await;
    let (request, server) = server.unwrap();
    assert_eq!(request.headers()["x-fruit"], "3678");
    let (mut client, mut server) = (adopt(client.unwrap()), adopt(server));

    for channel in [&client, &server] {
        assert_eq!(channel.ready_state(), ReadyState::Open);
        assert_eq!(channel.protocol().as_deref(), Some("chat"));
        assert_eq!(channel.url(), URL);
    }
    client.try_send(TEXT).unwrap();
    assert_eq!(server.next().await.unwrap().unwrap(), Message::from(TEXT));
    server.try_send(vec![3, 6, 7, 8]).unwrap();
    assert_eq!(client.next().await.unwrap().unwrap(), Message::from(vec![3, 6, 7, 8]));

    server.close_with(OUR_CODE, "enough").unwrap();
    assert!(client.next().await.is_none());
    for (channel, initiator) in [(client, Initiator::Remote), (server, Initiator::Local)] {
        let event = channel.closed().await;
        assert_eq!((event.code, &*event.reason, event.was_clean), (OUR_CODE, "enough", true));
        assert_eq!(event.initiator, initiator);
    }
}

/// A client may send its first frames in one packet with its request, and a server with its answer.
#[tokio::test]
async fn what_comes_with_the_handshake_is_kept() {
    let (near, mut far) = pipe();
    let request = "GET /echo HTTP/1.1\r\nHost: server\r\nUpgrade: websocket\r\n\
                   Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
                   Sec-WebSocket-Version: 13\r\n\r\n";
    let frame = [0x81, 0x81, 0, 0, 0, 0, b'r'];
    far.write_all(&[request.as_bytes(), &frame[..3]].concat()).await.unwrap();
    let (_, server) = ByteStream::accept(near, &ServerOptions::default()).await.unwrap();
    let mut server = adopt(server);
    far.write_all(&frame[3..]).await.unwrap();
    assert_eq!(server.next().await.unwrap().unwrap(), Message::from("r"));

    // Somebody else has read the beginning of a frame.
    let (near, mut far) = pipe();
    let mut client = adopt(ByteStream::client(near).with_first_bytes([0x82, 0x02, 36]));
    far.write_all(&[78]).await.unwrap();
    assert_eq!(client.next().await.unwrap().unwrap(), Message::from(vec![36, 78]));
}

#[tokio::test]
async fn a_refused_client_hears_why() {
    let (near, far) = pipe();
    let headers = [("Origin", "https://server.example")];
    let options = Options::default().headers(headers);
    let strict = ServerOptions::default().allowed_origins([""; 0]);
    let (client, server) =
        join(ByteStream::connect(near, URL, &options), ByteStream::accept(far, &strict)).await;
    let Err(AcceptError::Rejected(rejection)) = server else { unreachable!("{server:?}") };
    let Err(Error::Refused(response)) = client else { unreachable!("{client:?}") };
    assert_eq!(rejection.status, StatusCode::FORBIDDEN);
    assert_eq!(response.status, StatusCode::FORBIDDEN);
    assert_eq!(response.body, format!("{}\n", rejection.reason));
}

#[tokio::test]
async fn what_is_no_request_is_refused() {
    let (near, mut far) = pipe();
    far.write_all(b"custom\r\n\r\n").await.unwrap();
    let outcome = ByteStream::accept(near, &ServerOptions::default()).await;
    let Err(AcceptError::Rejected(rejection)) = outcome else { unreachable!("{outcome:?}") };
    assert_eq!(rejection.status, StatusCode::BAD_REQUEST);
    let mut answer = String::new();
    far.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
}

#[tokio::test]
async fn a_peer_that_goes_away_is_lost() {
    let (near, far) = pipe();
    drop(far);
    let outcome = ByteStream::accept(near, &ServerOptions::default()).await;
    assert!(matches!(outcome, Err(AcceptError::Lost(_))), "{outcome:?}");

    let (near, far) = pipe();
    drop(far);
    let outcome = ByteStream::connect(near, URL, &Options::default()).await;
    let Err(Error::Network(error)) = outcome else { unreachable!("{outcome:?}") };
    assert_eq!(
        (error.kind, &*error.host),
        (NetworkErrorKind::ConnectionLost, "server.example:3678")
    );
}

/// The clock stands still but for who waits for it.
#[tokio::test(start_paused = true)]
async fn a_silent_peer_is_not_waited_for_longer_than_asked() {
    let start = tokio::time::Instant::now();
    let (near, _far) = pipe();
    let outcome = ByteStream::accept(near, &ServerOptions::default()).await;
    assert!(matches!(outcome, Err(AcceptError::Timeout)), "{outcome:?}");
    assert_eq!(start.elapsed().as_secs(), ACCEPT_TIMEOUT.as_secs());

    let (near, _far) = pipe();
    let limit = Duration::from_secs(3678);
    let options = Options::default().connect_timeout(limit);
    let outcome = ByteStream::connect(near, URL, &options).await;
    assert!(matches!(outcome, Err(Error::Timeout(Timeout::Connect(after))) if after == limit));
}

#[tokio::test]
async fn what_comes_too_late_is_an_error() {
    let protocols = Options::default().protocols(["superchat"]);
    let headers = Options::default().headers([("a", "b")]);
    let roots = Options::default().tls_roots(vec![vec![36, 78]]);
    for options in [protocols, headers, roots] {
        let (near, _far) = pipe();
        let outcome = WebSocketChannel::adopt(ByteStream::client(near), options);
        assert!(matches!(outcome, Err(InvalidArgument::Unsupported(_))), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_server_pings_and_notices_silence() {
    let (near, mut far) = pipe();
    let after = Duration::from_millis(3);
    let options = Options::default().ping_interval(Some(after)).pong_timeout(after);
    let mut server = WebSocketChannel::adopt(ByteStream::server(near), options).unwrap();
    let mut ping = [0; 2];
    far.read_exact(&mut ping).await.unwrap();
    assert_eq!(ping, [0x89, 0x00], "a server masks nothing");
    let error = server.next().await;
    assert!(matches!(error, Some(Err(Error::Timeout(Timeout::Pong(_))))), "{error:?}");
}

#[tokio::test]
async fn a_stream_of_tungstenite_becomes_a_channel() {
    let (near, far) = pipe();
    let (ours, theirs) = join(client_async(URL, near), accept_async(far)).await;
    let mut channel = WebSocketChannel::adopt(ours.unwrap().0, Options::default()).unwrap();
    let mut theirs = theirs.unwrap();
    assert_eq!(channel.ready_state(), ReadyState::Open);
    channel.try_send(TEXT).unwrap();
    assert_eq!(theirs.next().await.unwrap().unwrap(), Theirs::text(TEXT));
    theirs.send(Theirs::binary(vec![36, 78])).await.unwrap();
    assert_eq!(channel.next().await.unwrap().unwrap(), Message::from(vec![36, 78]));
    let closing = channel.close_with(OUR_CODE, "enough").unwrap();
    assert!(matches!(theirs.next().await.unwrap().unwrap(), Theirs::Close(Some(frame))
        if u16::from(frame.code) == OUR_CODE && frame.reason.as_str() == "enough"));
    // It flushes its answer when it is polled again.
    assert!(theirs.next().await.is_none());
    assert_eq!(closing.await.code, OUR_CODE);
}

/// Its own limits hold, and ours beside them.
#[tokio::test]
async fn a_stream_of_tungstenite_is_held_to_the_limits() {
    for (theirs_allows, ours_allows) in [(1 << 20, 1000), (1000, 1 << 20)] {
        let (near, far) = pipe();
        let config = WebSocketConfig::default().max_message_size(Some(theirs_allows));
        let (ours, theirs) =
            join(client_async_with_config(URL, near, Some(config)), accept_async(far)).await;
        let options = Options::default().max_message_bytes(ours_allows);
        let mut channel = WebSocketChannel::adopt(ours.unwrap().0, options).unwrap();
        let mut theirs = theirs.unwrap();
        let sent = theirs.send(Theirs::binary(vec![0; 1001]));
        let (_, item) = join(sent, channel.next()).await;
        let Some(Err(Error::LimitExceeded(limit))) = item else { unreachable!("{item:?}") };
        assert_eq!(limit, LimitExceeded::MessageTooBig { limit: 1000 });
        assert_eq!(channel.close_code(), Some(1009));
        assert!(matches!(theirs.next().await.unwrap().unwrap(), Theirs::Close(Some(frame))
            if u16::from(frame.code) == 1009));
    }
}

#[tokio::test]
async fn headers_of_the_answer_are_there_after_success() {
    let (near, mut far) = pipe();
    let answer = async {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            far.read_buf(&mut request).await.unwrap();
        }
        let (request, _) = handshake::parse_request(&request, 0).unwrap().unwrap();
        let mut accepted = handshake::respond(&request, &ServerOptions::default()).unwrap();
        accepted.head.truncate(accepted.head.len() - 2);
        let more = b"Set-Cookie: id=3678\r\nX-RateLimit-Remaining: 36\r\n\r\n";
        far.write_all(&[&accepted.head[..], more].concat()).await.unwrap();
    };
    let (client, ()) = join(ByteStream::connect(near, URL, &Options::default()), answer).await;
    let channel = adopt(client.unwrap());
    let headers = channel.response_headers();
    assert_eq!(headers["set-cookie"], "id=3678");
    assert_eq!(headers["x-ratelimit-remaining"], "36");
    assert!(!format!("{channel:?} {headers:?}").contains("id=3678"));
}

#[tokio::test]
async fn an_absolute_target_is_the_url() {
    let (near, mut far) = pipe();
    let head = "GET http://user:s3cret@server.example:3678/echo?a=b HTTP/1.1\r\n\
        Host: other.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    far.write_all(head.as_bytes()).await.unwrap();
    let (_, server) = ByteStream::accept(near, &ServerOptions::default()).await.unwrap();
    assert_eq!(adopt(server).url(), URL);
}

/// Each in its own direction: 1010 is for clients, 1011 to 1014 are for servers.
#[tokio::test]
async fn ends_send_the_codes_of_their_role() {
    for code in [1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, OUR_CODE] {
        for is_server in [false, true] {
            let (near, mut far) = pipe();
            let stream =
                if is_server { ByteStream::server(near) } else { ByteStream::client(near) };
            let channel = adopt(stream);
            let closing = channel.close_with(code, "");
            if code == 1010 && is_server || (1011..=1014).contains(&code) && !is_server {
                assert_eq!(closing.err(), Some(InvalidArgument::CloseCode(code)));
                continue;
            }
            let mut frame = [0; 8];
            let length = if is_server { 4 } else { 8 };
            far.read_exact(&mut frame[..length]).await.unwrap();
            let mask = if is_server { [0; 2] } else { [frame[2], frame[3]] };
            let sent = [frame[length - 2] ^ mask[0], frame[length - 1] ^ mask[1]];
            assert_eq!((frame[0], u16::from_be_bytes(sent)), (0x88, code));
        }
    }
}

#[tokio::test]
async fn urls_and_headers_of_other_crates() {
    let asked = async |url: &dyn Fn(DuplexStream) -> Connecting| {
        let (near, far) = pipe();
        let (_, accepted) = join(url(near), ByteStream::accept(far, &Default::default())).await;
        let (request, stream) = accepted.unwrap();
        assert_eq!(adopt(stream).url(), URL);
        request
    };
    let mut headers = HeaderMap::new();
    headers.append("x-fruit", HeaderValue::from_static("custom"));
    headers.append("x-fruit", HeaderValue::from_static("other"));
    headers.append("x-other", HeaderValue::from_static("3678"));
    let options = Options::default().headers(headers);
    let (uri, url) = (URL.parse::<Uri>().unwrap(), Url::parse(URL).unwrap());
    let connect = |near, given: usize| -> Connecting {
        let (options, uri, url) = (options.clone(), uri.clone(), url.clone());
        Box::pin(async move {
            match given {
                0 => ByteStream::connect(near, URL, &options).await,
                1 => ByteStream::connect(near, URL.to_owned(), &options).await,
                2 => ByteStream::connect(near, &url, &options).await,
                _ => ByteStream::connect(near, uri, &options).await,
            }
        })
    };
    for given in 0..4 {
        let request = asked(&|near| connect(near, given)).await;
        let fruits: Vec<_> = request.headers().get_all("x-fruit").iter().collect();
        assert_eq!(fruits, ["custom", "other"]);
        assert_eq!(request.headers()["x-other"], "3678");
    }

    let opaque = HeaderValue::from_bytes(&[0xff]).unwrap();
    let options = Options::default().headers([(HeaderName::from_static("x-fruit"), opaque)]);
    let refused = WebSocketChannel::connect_with(url, options).unwrap_err();
    assert!(matches!(refused, InvalidArgument::Request(InvalidRequest::HeaderValue(_))));
}

type Connecting = Pin<Box<dyn Future<Output = Result<ByteStream<DuplexStream>, Error>>>>;
