//! What the paths do, by tungstenite's client.

use std::time::Instant;

use super::*;

fn close(code: u16, reason: &'static str) -> Message {
    Message::Close(Some(CloseFrame { code: code.into(), reason: reason.into() }))
}

/// All that comes until the stream ends.
async fn all(client: &mut Client) -> Vec<Message> {
    let mut messages = Vec::new();
    while let Some(message) = next(client).await {
        messages.push(message);
    }
    messages
}

#[tokio::test]
async fn a_ticker_sends_without_being_asked_and_closes_after_the_last() {
    let server = Server::start(Config::default()).await;
    let start = Instant::now();
    let mut client = server.connect("/ticker?every=36ms&count=3").await;
    let expected = ["tick 1", "tick 2", "tick 3"].map(Message::text);
    assert_eq!(all(&mut client).await, [&expected[..], &[close(1000, "that was all")]].concat());
    // The first comes at once.
    assert!(start.elapsed() >= Duration::from_millis(72), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_ticker_answers_a_ping_and_a_close_in_between() {
    let server = Server::start(Config::default()).await;
    let mut client = server.connect("/ticker?every=1h").await;
    assert_eq!(next(&mut client).await, Some(Message::text("tick 1")));
    client.send(Message::text("other")).await.unwrap();
    client.send(Message::Ping("a text".into())).await.unwrap();
    assert_eq!(next(&mut client).await, Some(Message::Pong("a text".into())));
    client.send(close(3678, "")).await.unwrap();
    assert_eq!(all(&mut client).await, [close(3678, "")]);
}

#[tokio::test]
async fn a_burst_comes_whole_and_then_ends() {
    let server = Server::start(Config::default()).await;
    let mut client = server.connect("/burst?count=367&size=1000").await;
    let payload: Vec<u8> = (0..=u8::MAX).cycle().take(1_000).collect();
    for _ in 0..367 {
        assert!(next(&mut client).await == Some(Message::binary(payload.clone())));
    }
    assert_eq!(all(&mut client).await, [close(1000, "that was all")]);
}

#[tokio::test]
async fn a_burst_may_be_more_than_fits_into_the_network_and_can_be_left() {
    let server = Server::start(Config::default()).await;
    let mut client = server.connect("/burst?count=256&size=1MiB").await;
    assert_eq!(next(&mut client).await.unwrap().len(), 1 << 20);
    client.send(close(3678, "enough")).await.unwrap();
    let rest = all(&mut client).await;
    assert_eq!(rest.last(), Some(&close(3678, "enough")));
    assert!(rest.len() < 256, "the burst went on to its end");
}

#[tokio::test]
async fn a_close_has_the_code_and_the_reason_that_were_chosen() {
    let server = Server::start(Config::default()).await;
    for (path, expected) in [
        ("/close?code=4123&reason=enough", close(4123, "enough")),
        ("/close?code=1012&reason=%E9%A3%8E+1", close(1012, "风 1")),
        ("/close", close(1000, "")),
        ("/close?code=none", Message::Close(None)),
    ] {
        let mut client = server.connect(path).await;
        assert_eq!(all(&mut client).await, [expected], "{path}");
    }
}

#[tokio::test]
async fn a_close_may_take_its_time_and_echoes_meanwhile() {
    let server = Server::start(Config::default()).await;
    let mut client = server.connect("/close?code=3678&after=200ms").await;
    assert_echo(&mut client, Message::text("a text")).await;
    assert_eq!(all(&mut client).await, [close(3678, "")]);
}

#[tokio::test]
async fn a_drop_has_no_close_frame() {
    let server = Server::start(Config::default()).await;
    let mut stream = server.open_at("/drop?after=200ms").await;
    stream.write_all(&masked(0x81, b"a text")).await.unwrap();
    assert_eq!(read_to_cut(&mut stream).await, b"\x81\x06a text");
}

#[tokio::test]
async fn silence_is_kept_whatever_comes_and_ends_with_a_cut() {
    let server = Server::start(Config { ping_interval: SHORT, ..Config::default() }).await;
    let mut stream = server.open_at("/silent?after=300ms").await;
    for frame in [masked(0x81, b"a text"), masked(0x89, b"other"), masked(0x88, b"")] {
        stream.write_all(&frame).await.unwrap();
    }
    assert_eq!(read_to_cut(&mut stream).await, b"");
}

#[tokio::test]
async fn a_delay_is_one_for_each_message_and_not_one_after_the_other() {
    let server = Server::start(Config::default()).await;
    let mut client = server.connect("/delay?by=300ms").await;
    let start = Instant::now();
    for number in 0..100 {
        client.feed(Message::text(format!("number {number}"))).await.unwrap();
    }
    client.flush().await.unwrap();
    for number in 0..100 {
        assert_eq!(next(&mut client).await, Some(Message::text(format!("number {number}"))));
        assert!(start.elapsed() >= Duration::from_millis(300));
    }
    assert!(start.elapsed() < Duration::from_millis(300) * 50, "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_delay_holds_back_who_is_far_ahead_and_loses_nothing() {
    let server = Server::start(Config::default()).await;
    let (mut sink, mut stream) = server.connect("/delay?by=10ms").await.split();
    let sent = tokio::spawn(async move {
        for number in 0..64_u8 {
            sink.send(Message::binary(vec![number; 100_000])).await.unwrap();
        }
        sink
    });
    for number in 0..64 {
        let message = timeout(LONG, stream.next()).await.unwrap().unwrap().unwrap();
        assert!(message == Message::binary(vec![number; 100_000]));
    }
    drop(sent.await.unwrap());
}

#[tokio::test]
async fn fragments_have_the_size_that_was_chosen() {
    let server = Server::start(Config::default()).await;
    let mut stream = server.open_at("/chunked?size=3").await;
    stream.write_all(&masked(0x81, "风 a text".as_bytes())).await.unwrap();
    stream.write_all(&masked(0x82, b"abc")).await.unwrap();
    stream.write_all(&masked(0x81, b"")).await.unwrap();
    stream.write_all(&masked(0x88, b"")).await.unwrap();
    let expected = [
        b"\x01\x03\xe9\xa3\x8e\x00\x03 a \x00\x03tex\x80\x01t".as_slice(),
        b"\x82\x03abc",
        b"\x81\x00",
        b"\x88\x00",
    ];
    assert_eq!(read_to_end(&mut stream).await, expected.concat());
}

#[tokio::test]
async fn fragments_are_put_together_again_by_a_client() {
    let server = Server::start(Config::default()).await;
    let mut client = server.connect("/chunked?size=7").await;
    assert_echo(&mut client, Message::text("🎨⛳🌈".repeat(367))).await;
    // 65536 of them are the most.
    let mut client = server.connect("/chunked?size=1").await;
    assert_echo(&mut client, Message::binary(vec![36; 65_536])).await;
    client.send(Message::binary(vec![36; 65_537])).await.unwrap();
    assert_eq!(close_code(&mut client).await, Some(CloseCode::Size));
}

#[tokio::test]
async fn a_protocol_is_the_clients_first_of_those_in_the_list() {
    let server = Server::start(Config::default()).await;
    for (offers, agreed) in [
        (Some("mqtt, superchat, chat"), Some("superchat")),
        (Some("chat"), Some("chat")),
        (None, None),
    ] {
        let url = format!("ws://{}/protocol?of=chat,superchat", server.address);
        let mut request = url.into_client_request().unwrap();
        if let Some(offers) = offers {
            request.headers_mut().insert("sec-websocket-protocol", offers.parse().unwrap());
        }
        let (mut client, response) = timeout(LONG, connect_async(request)).await.unwrap().unwrap();
        let header = response.headers().get("sec-websocket-protocol");
        assert_eq!(header.map(|name| name.to_str().unwrap()), agreed);
        let told = agreed.map_or("no protocol".to_owned(), |name| format!("protocol: {name}"));
        assert_eq!(next(&mut client).await, Some(Message::text(told)));
        assert_echo(&mut client, Message::text("a text")).await;
    }
}

#[tokio::test]
async fn a_status_refuses_the_handshake_with_the_headers_that_go_with_it() {
    let server = Server::start(Config::default()).await;
    for (status, name, value) in [
        (401, "www-authenticate", "Basic realm=\"echo\""),
        (302, "location", "/echo"),
        (503, "retry-after", "5"),
        (426, "connection", "upgrade, close"),
        (418, "content-type", "text/plain; charset=utf-8"),
        (200, "connection", "close"),
    ] {
        match server.try_connect(&format!("/status/{status}")).await {
            Err(Error::Http(response)) => {
                assert_eq!(response.status().as_u16(), status);
                assert_eq!(response.headers()[name], value);
            }
            other => panic!("{status}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_bad_parameter_is_told_what_is_right() {
    let server = Server::start(Config::default()).await;
    for (path, status, part) in [
        ("/ticker?every=0ms", 400, "from 1ms to 1h"),
        ("/ticker?evry=1s", 400, "every, count"),
        ("/close?code=1005", 400, "1007 to 1014"),
        ("/status/101", 400, "from 200 to 599"),
        ("/custom", 404, "/ticker"),
    ] {
        let mut stream = server.dial().await;
        stream.write_all(&request("GET", &format!("GET {path} HTTP/1.1"))).await.unwrap();
        let answer = String::from_utf8(read_to_end(&mut stream).await).unwrap();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {answer}");
        assert!(answer.contains(part), "{path}: {answer}");
    }
}

#[tokio::test]
async fn every_endpoint_is_told_of_a_shutdown() {
    let server = Server::start(Config::default()).await;
    let mut clients = Vec::new();
    for path in ["/ticker?every=1h", "/close?after=1h", "/drop?after=1h", "/delay", "/chunked"] {
        clients.push(server.connect(path).await);
    }
    let mut silent = server.open_at("/silent").await;
    let ends = tokio::spawn(async move {
        for client in &mut clients {
            let messages = all(client).await;
            assert_eq!(messages.last(), Some(&close(1001, "server is shutting down")));
        }
    });
    server.stop().await.unwrap();
    ends.await.unwrap();
    assert_eq!(read_to_cut(&mut silent).await, b"");
}

#[tokio::test]
async fn an_end_at_once_comes_before_any_echo() {
    let server = Server::start(Config::default()).await;
    for (path, expected) in [
        ("/close?after=0s", close_frame(1000, "")),
        ("/close", close_frame(1000, "")),
        ("/drop", vec![]),
    ] {
        // The message comes together with the request, and so before anything can be timed.
        for _ in 0..20 {
            let mut stream = server.dial().await;
            let line = format!("GET {path} HTTP/1.1");
            let both = [request("GET", &line), masked(0x81, b"a text")].concat();
            stream.write_all(&both).await.unwrap();
            assert!(read_head(&mut stream).await.starts_with("HTTP/1.1 101 "));
            stream.shutdown().await.unwrap();
            let mut answer = Vec::new();
            // With a message unread, a cut is a reset.
            let _ = timeout(LONG, stream.read_to_end(&mut answer)).await.unwrap();
            assert_eq!(answer, expected, "{path}");
        }
    }
}

#[tokio::test]
async fn a_delay_answers_a_ping_however_many_messages_wait() {
    let server = Server::start(Config::default()).await;
    let mut client = server.connect("/delay?by=1m").await;
    for number in 0..3_000 {
        client.feed(Message::text(format!("number {number}"))).await.unwrap();
    }
    client.send(Message::Ping("other".into())).await.unwrap();
    // Those that are more than may wait come before their time, in their order.
    let mut echoed = 0;
    loop {
        match next(&mut client).await.unwrap() {
            Message::Pong(payload) => break assert_eq!(payload, "other"),
            message => assert_eq!(message, Message::text(format!("number {echoed}"))),
        }
        echoed += 1;
    }
    assert!(echoed <= 3_000 - 1_000, "{echoed} were echoed at once");
}

#[tokio::test]
async fn the_headers_are_told_and_then_it_echoes() {
    let server = Server::start(Config::default()).await;
    let url = format!("ws://{}/headers?fruit=other", server.address);
    let mut request = url.into_client_request().unwrap();
    request.headers_mut().insert("x-fruit", "custom".parse().unwrap());
    request.headers_mut().insert("authorization", "Basic quince".parse().unwrap());
    let (mut client, _) = timeout(LONG, connect_async(request)).await.unwrap().unwrap();
    let told = next(&mut client).await.unwrap().into_text().unwrap();
    for line in [
        "GET /headers?fruit=other HTTP/1.1",
        "x-fruit: custom",
        "authorization: Basic quince",
        "sec-websocket-version: 13",
        "client: 127.0.0.1",
        "subprotocol: none",
    ] {
        assert!(told.lines().any(|other| other == line), "{line}\n{told}");
    }
    assert_echo(&mut client, Message::text("a text")).await;
}

#[tokio::test]
async fn what_is_broken_is_so_on_the_wire() {
    let server = Server::start(Config::default()).await;
    for (how, frames) in [
        ("reserved-bit", &b"\xc1\x06a text"[..]),
        ("utf8", b"\x81\x02\xc3\x28"),
        ("masked", b"\x81\x86\x01\x02\x03\x04scjwhl"),
        ("interleaved", b"\x01\x03rai\x81\x05other"),
        ("fragmented-ping", b"\x09\x03rai\x80\x03sin"),
        ("close-code", b"\x88\x02\x03\xed"),
        ("after-close", b"\x88\x02\x03\xe8\x81\x06a text"),
        ("unfinished", b"\x01\x03rai"),
        ("length", b"\x81\x64a text"),
    ] {
        let mut stream = server.open_at(&format!("/broken?how={how}")).await;
        // A client that has seen it, and closes.
        stream.write_all(&masked(0x88, &1002_u16.to_be_bytes())).await.unwrap();
        assert_eq!(read_to_end(&mut stream).await, frames, "{how}");
    }
    for (how, line) in [
        ("accept-key", "Sec-Websocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n"),
        ("protocol", "Sec-Websocket-Protocol: never-offered\r\n"),
        ("extension", "Sec-Websocket-Extensions: never-offered\r\n"),
    ] {
        let mut stream = server.dial().await;
        let first = format!("GET /broken?how={how} HTTP/1.1");
        stream.write_all(&request("GET", &first)).await.unwrap();
        let head = read_head(&mut stream).await;
        assert!(head.starts_with("HTTP/1.1 101 ") && head.contains(line), "{how}: {head}");
        stream.shutdown().await.unwrap();
        assert_eq!(read_to_end(&mut stream).await, b"", "{how}");
    }
}

#[tokio::test]
async fn what_is_broken_is_seen_by_a_right_client() {
    let server = Server::start(Config::default()).await;
    for how in
        ["reserved-bit", "utf8", "masked", "interleaved", "fragmented-ping", "unfinished", "length"]
    {
        let mut client = server.connect(&format!("/broken?how={how}")).await;
        let first = timeout(LONG, client.next()).await.unwrap();
        assert!(matches!(first, Some(Err(_))), "{how}: {first:?}");
    }
    let mut client = server.connect("/broken?how=after-close").await;
    // What it makes of the text behind it is its own affair, as long as nobody is told of a message.
    assert_eq!(next(&mut client).await, Some(close(1000, "")));
    assert!(!matches!(timeout(LONG, client.next()).await.unwrap(), Some(Ok(_))));
    for how in ["accept-key", "protocol"] {
        let refused = server.try_connect(&format!("/broken?how={how}")).await;
        assert!(refused.is_err(), "{how}");
    }
}
