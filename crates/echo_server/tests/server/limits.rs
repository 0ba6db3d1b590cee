//! The bounds, each reached by a client that means no good, with one beside it that does.

use std::num::NonZeroU32;

use super::*;

#[tokio::test]
async fn one_address_leaves_places_to_others() {
    let config = Config { max_connections_per_address: 2, ..Config::default() };
    let server = Server::start(config).await;
    let mut one = server.connect("/").await;
    let _other = server.connect("/").await;
    let refused = answer(&server, &request("", "")).await;
    assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
    assert!(
        refused.contains("\r\nRetry-After: 5\r\n") && refused.contains("Your address"),
        "{refused}"
    );
    assert_echo(&mut one, Message::text("a text")).await;

    // All of 127.0.0.0/8 is this machine.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.3.6.78:0".parse().unwrap()).unwrap();
    let mut neighbour = socket.connect(server.address).await.unwrap();
    neighbour.write_all(&request("", "")).await.unwrap();
    assert!(read_head(&mut neighbour).await.starts_with("HTTP/1.1 101 "));
}

#[tokio::test]
async fn behind_a_trusted_proxy_the_address_is_the_clients() {
    let config = Config {
        max_connections_per_address: 1,
        trusted_proxies: vec!["127.0.0.1/32".parse().unwrap()],
        ..Config::default()
    };
    let server = Server::start(config).await;
    let mut streams = Vec::new();
    for (forwarded, status) in [
        ("192.0.2.7", "101"),
        ("192.0.2.7", "503"),
        ("192.0.2.8", "101"),
        // What the client itself wrote in front changes nothing.
        ("192.0.2.9, 192.0.2.8", "503"),
    ] {
        let mut stream = server.dial().await;
        let line = format!("X-Forwarded-For: {forwarded}");
        stream.write_all(&request("", &line)).await.unwrap();
        let head = read_head(&mut stream).await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{forwarded}: {head}");
        assert_eq!(head.contains("\r\nRetry-After: 5\r\n"), status == "503", "{head}");
        streams.push(stream);
    }
}

#[tokio::test]
async fn who_is_no_proxy_is_not_believed() {
    let config = Config { max_connections_per_address: 1, ..Config::default() };
    let server = Server::start(config).await;
    let _one = server.connect("/").await;
    let refused = answer(&server, &request("", "X-Forwarded-For: 192.0.2.7")).await;
    assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
    assert!(refused.contains("\r\nRetry-After: 5\r\n"), "{refused}");
}

#[tokio::test]
async fn a_frame_may_be_bounded_below_the_message() {
    let config = Config { max_frame_bytes: 100, max_message_bytes: 1_000, ..Config::default() };
    let server = Server::start(config).await;
    let mut client = server.connect("/").await;
    for (data, is_final) in [(Data::Binary, false), (Data::Continue, true)] {
        let part = Frame::message(vec![36; 100], OpCode::Data(data), is_final);
        client.feed(Message::Frame(part)).await.unwrap();
    }
    client.flush().await.unwrap();
    assert!(next(&mut client).await == Some(Message::binary(vec![36; 200])));
    client.send(Message::binary(vec![36; 101])).await.unwrap();
    assert_eq!(close_code(&mut client).await, Some(CloseCode::Size));
}

#[tokio::test]
async fn a_client_that_is_quiet_is_pinged_and_stays() {
    let config = Config { ping_interval: SHORT, ..Config::default() };
    let server = Server::start(config).await;
    let mut client = server.connect("/").await;
    for _ in 0..3 {
        // tungstenite answers it with the next thing that it does.
        assert_eq!(next(&mut client).await, Some(Message::Ping(Default::default())));
    }
    assert_echo_between_pings(&mut client).await;
}

/// An echo, with pings before it or not.
async fn assert_echo_between_pings(client: &mut Client) {
    client.send(Message::text("a text")).await.unwrap();
    loop {
        match next(client).await {
            Some(Message::Ping(_)) => {}
            other => break assert_eq!(other, Some(Message::text("a text"))),
        }
    }
}

#[tokio::test]
async fn a_client_that_answers_no_ping_is_cut_off_and_its_neighbour_is_not() {
    let config = Config { ping_interval: SHORT, pong_timeout: SHORT * 20, ..Config::default() };
    let server = Server::start(config).await;
    let mut mute = server.open().await;
    let mut healthy = server.connect("/").await;
    let reads = tokio::spawn(async move {
        let end = read_to_cut(&mut mute).await;
        // A ping, and then nothing: nobody is there to be told.
        assert_eq!(end, b"\x89\x00");
    });
    while !reads.is_finished() {
        assert_echo_between_pings(&mut healthy).await;
    }
    reads.await.unwrap();
    assert_echo_between_pings(&mut healthy).await;
}

#[tokio::test]
async fn a_client_that_does_not_read_is_cut_off_and_its_neighbour_is_not() {
    let config = Config { stall_timeout: SHORT * 4, ..Config::default() };
    let server = Server::start(config).await;
    let mut deaf = server.open().await;
    let mut healthy = server.connect("/").await;
    let flood = masked(0x82, &[0; 125]).repeat(1_000);
    let flooding = tokio::spawn(async move {
        // It ends when the server cuts the connection.
        while deaf.write_all(&flood).await.is_ok() {}
    });
    let echoing = async {
        while !flooding.is_finished() {
            assert_echo(&mut healthy, Message::text("a text")).await;
        }
    };
    timeout(LONG, echoing).await.unwrap();
    assert_echo(&mut healthy, Message::text("a text")).await;
}

#[tokio::test]
async fn a_client_that_does_not_read_what_it_has_not_asked_for_is_cut_off_too() {
    let config = Config { stall_timeout: SHORT * 4, ..Config::default() };
    let server = Server::start(config).await;
    let mut deaf = server.open_at("/burst?count=256&size=1MiB").await;
    let gone = async {
        loop {
            let metrics = answer(&server, b"GET /metrics HTTP/1.0\r\nHost: a\r\n\r\n").await;
            if metrics.contains("echo_ended_total{reason=\"stalled\"} 1\n") {
                break;
            }
        }
    };
    timeout(LONG, gone).await.unwrap();
    // What the network held comes still, and it is not all.
    let mut rest = Vec::new();
    let _ = timeout(LONG, deaf.read_to_end(&mut rest)).await.unwrap();
    assert!(rest.len() < 256 << 20);
}

#[tokio::test]
async fn a_client_that_reads_slowly_is_not_cut_off() {
    let config = Config { stall_timeout: SHORT * 4, ..Config::default() };
    let server = Server::start(config).await;
    let mut stream = server.open_at("/burst?count=24&size=1MiB").await;
    let mut left = 24 * (10 + (1 << 20));
    let mut buffer = vec![0; 1 << 20];
    while left > 0 {
        // Far longer for all of it than a client may take nothing.
        tokio::time::sleep(SHORT).await;
        let most = buffer.len().min(left);
        let read = timeout(LONG, stream.read(&mut buffer[..most])).await.unwrap().unwrap();
        assert!(read > 0, "it was cut off");
        left -= read;
    }
    assert_eq!(read_frame(&mut stream).await, close_frame(1000, "that was all"));
}

/// A short frame.
async fn read_frame(stream: &mut TcpStream) -> Vec<u8> {
    let mut frame = vec![0; 2];
    timeout(LONG, stream.read_exact(&mut frame)).await.unwrap().unwrap();
    let mut payload = vec![0; usize::from(frame[1])];
    timeout(LONG, stream.read_exact(&mut payload)).await.unwrap().unwrap();
    [frame, payload].concat()
}

#[tokio::test]
async fn a_client_that_sends_too_fast_is_told_so() {
    let config = Config { max_frames_per_sec: NonZeroU32::new(3), ..Config::default() };
    let server = Server::start(config).await;
    let mut client = server.connect("/").await;
    for _ in 0..4 {
        client.feed(Message::text("a text")).await.unwrap();
    }
    client.flush().await.unwrap();
    for _ in 0..3 {
        assert_eq!(next(&mut client).await, Some(Message::text("a text")));
    }
    assert_eq!(close_code(&mut client).await, Some(CloseCode::Policy));
}

#[tokio::test]
async fn many_unfinished_handshakes_do_not_keep_out_another_address() {
    let config = Config { max_connections_per_address: 20, ..Config::default() };
    let server = Server::start(config).await;
    let mut trickling = Vec::new();
    for _ in 0..300 {
        let mut stream = server.dial().await;
        // Most are refused, and may be gone already.
        let _ = stream.write_all(b"GET / HT").await;
        trickling.push(stream);
    }
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.3.6.78:0".parse().unwrap()).unwrap();
    let mut healthy = socket.connect(server.address).await.unwrap();
    healthy.write_all(&request("", "")).await.unwrap();
    assert!(read_head(&mut healthy).await.starts_with("HTTP/1.1 101 "));
}

#[tokio::test]
async fn a_web_socket_is_not_open_for_longer_than_it_may() {
    let config = Config { max_lifetime: Some(SHORT * 4), ..Config::default() };
    let server = Server::start(config).await;
    for path in ["/", "/ticker?every=1h", "/silent"] {
        let mut client = server.connect(path).await;
        let mut last = None;
        while let Some(Ok(message)) = timeout(LONG, client.next()).await.unwrap() {
            last = Some(message);
        }
        match last {
            Some(Message::Close(Some(frame))) => assert_eq!(u16::from(frame.code), 1001, "{path}"),
            // Who says nothing says nothing here either.
            other => assert!(path == "/silent" && other.is_none(), "{path}: {other:?}"),
        }
    }
    let metrics = answer(&server, b"GET /metrics HTTP/1.0\r\n\r\n").await;
    assert!(metrics.contains("echo_ended_total{reason=\"too_old\"} 2\n"), "{metrics}");
}

#[tokio::test]
async fn behind_a_trusted_proxy_pages_of_other_hosts_may_not_connect() {
    let config =
        Config { trusted_proxies: vec!["127.0.0.1/32".parse().unwrap()], ..Config::default() };
    let server = Server::start(config).await;
    for (origin, status) in [("https://evil.example", "403"), ("https://example.com", "101")] {
        let mut stream = server.dial().await;
        stream.write_all(&request("", &format!("Origin: {origin}"))).await.unwrap();
        let head = read_head(&mut stream).await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{origin}: {head}");
    }
}

#[tokio::test]
async fn a_port_in_a_forwarded_address_is_no_part_of_it() {
    let config = Config {
        max_connections_per_address: 1,
        trusted_proxies: vec!["127.0.0.1/32".parse().unwrap()],
        ..Config::default()
    };
    let server = Server::start(config).await;
    let mut streams = Vec::new();
    for (forwarded, status) in [
        ("203.0.113.7:4711", "101"),
        ("203.0.113.7:4712", "503"),
        ("203.0.113.8:4711", "101"),
        ("[2001:db8::1]:4711", "101"),
        ("2001:db8::1", "503"),
    ] {
        let mut stream = server.dial().await;
        let line = format!("X-Forwarded-For: {forwarded}");
        stream.write_all(&request("", &line)).await.unwrap();
        let head = read_head(&mut stream).await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{forwarded}: {head}");
        streams.push(stream);
    }
}
