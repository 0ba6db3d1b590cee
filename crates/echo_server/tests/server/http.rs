//! What is no WebSocket: the pages, and requests one after the other.

use std::time::{SystemTime, UNIX_EPOCH};

use super::*;

/// A request for a page, and the answer.
async fn get(server: &Server, path: &str, header: &str) -> String {
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: server:3678\r\n{header}Connection: close\r\n\r\n");
    answer(server, request.as_bytes()).await
}

#[tokio::test]
async fn a_browser_gets_a_page_that_lists_what_there_is() {
    let server = Server::start(Config::default()).await;
    let page = get(&server, "/", "Accept: text/html\r\n").await;
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
    for part in [
        "Content-Type: text/html; charset=utf-8\r\n",
        "X-Content-Type-Options: nosniff\r\n",
        "Content-Security-Policy: default-src 'none'",
        "<code>ws://server:3678/close?code=4123&amp;reason=enough&amp;after=1s</code>",
        "every is a time, such as 100ms, 2s or 5m, from 1ms to 1h; without it, 1s.",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let secure = get(&server, "/", "X-Forwarded-Proto: https\r\n").await;
    assert!(secure.contains("<code>wss://server:3678/echo</code>"), "{secure}");
}

#[tokio::test]
async fn every_example_on_the_page_works() {
    let server = Server::start(Config::default()).await;
    let page = get(&server, "/", "").await;
    let examples: Vec<String> = page
        .split("<code>ws://server:3678")
        .skip(1)
        .map(|rest| rest.split("</code>").next().unwrap().replace("&amp;", "&"))
        .collect();
    assert_eq!(examples.len(), 13);
    for example in examples {
        match server.try_connect(&example).await {
            Ok(_) => {}
            Err(Error::Http(response)) if example == "/status/401" => {
                assert_eq!(response.status(), 401);
            }
            Err(error) => panic!("{example}: {error}"),
        }
    }
}

#[tokio::test]
async fn a_page_for_a_head_has_no_body() {
    let server = Server::start(Config::default()).await;
    let request = b"HEAD / HTTP/1.1\r\nHost: server\r\nConnection: close\r\n\r\n";
    let answer = answer(&server, request).await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("\r\n\r\n"), "{answer}");
}

#[tokio::test]
async fn a_program_asks_whether_it_is_well() {
    let server = Server::start(Config::default()).await;
    let health = get(&server, "/healthz", "").await;
    assert!(health.starts_with("HTTP/1.1 200 ") && health.ends_with("\r\n\r\nok\n"), "{health}");
}

#[tokio::test]
async fn metrics_count_what_happens() {
    let server = Server::start(Config::default()).await;
    let mut client = server.connect("/").await;
    for _ in 0..36 {
        assert_echo(&mut client, Message::text("a text")).await;
    }
    let _ = server.try_connect("/custom").await;
    let metrics = get(&server, "/metrics", "").await;
    assert!(metrics.contains("Content-Type: text/plain; version=0.0.4"), "{metrics}");
    for line in [
        "echo_websockets{endpoint=\"/echo\"} 1",
        "echo_websockets_total{endpoint=\"/echo\"} 1",
        "echo_websockets{endpoint=\"/ticker\"} 0",
        concat!("echo_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1"),
        "echo_messages_total{direction=\"received\"} 36",
        "echo_refused_total{reason=\"request\"} 1",
    ] {
        assert!(metrics.lines().any(|other| other == line), "{line}\n{metrics}");
    }
    let started = metrics.lines().find_map(|line| line.strip_prefix("echo_start_time_seconds "));
    let started = Duration::from_secs(started.unwrap().parse().unwrap());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    assert!(now.saturating_sub(started) < LONG * 10 && started <= now, "{started:?}");
}

#[tokio::test]
async fn requests_may_come_one_after_the_other_and_end_in_a_web_socket() {
    let server = Server::start(Config::default()).await;
    let mut stream = server.dial().await;
    let page = b"GET /healthz HTTP/1.1\r\nHost: server\r\n\r\n";
    // All at once, and a frame with them.
    let all = [&page[..], page, &request("", ""), &masked(0x81, b"a text")].concat();
    stream.write_all(&all).await.unwrap();
    for _ in 0..2 {
        assert!(read_head(&mut stream).await.starts_with("HTTP/1.1 200 "));
        let mut body = [0; 3];
        timeout(LONG, stream.read_exact(&mut body)).await.unwrap().unwrap();
        assert_eq!(&body, b"ok\n");
    }
    assert!(read_head(&mut stream).await.starts_with("HTTP/1.1 101 "));
    let mut frame = [0; 8];
    timeout(LONG, stream.read_exact(&mut frame)).await.unwrap().unwrap();
    assert_eq!(&frame, b"\x81\x06a text");
}

#[tokio::test]
async fn a_connection_that_waits_for_its_next_request_is_ended_without_a_word() {
    let server = Server::start(Config { handshake_timeout: SHORT, ..Config::default() }).await;
    let mut stream = server.dial().await;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: server\r\n\r\n").await.unwrap();
    let answer = String::from_utf8(read_to_end(&mut stream).await).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("\r\n\r\nok\n"), "{answer}");
}

#[tokio::test]
async fn a_request_names_its_host_once() {
    let server = Server::start(Config::default()).await;
    for (lines, status) in [
        ("GET /healthz HTTP/1.1", "400"),
        ("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: a", "400"),
        ("GET /healthz HTTP/1.1\r\nHost: a b", "400"),
        ("GET /healthz HTTP/1.1\r\nHost: a@b", "400"),
        ("GET http://a/healthz HTTP/1.1", "400"),
        ("GET /healthz HTTP/1.1\r\nHost: a", "200"),
        ("GET /healthz HTTP/1.1\r\nHost: [::1]:3678", "200"),
        ("GET /healthz HTTP/1.1\r\nHost:", "200"),
        ("GET /healthz HTTP/1.0", "200"),
    ] {
        let request = format!("{lines}\r\nConnection: close\r\n\r\n");
        let answer = answer(&server, request.as_bytes()).await;
        assert_eq!(answer.split(' ').nth(1), Some(status), "{lines}: {answer}");
    }
}

#[tokio::test]
async fn what_is_there_is_only_to_be_read() {
    let server = Server::start(Config::default()).await;
    for (path, allowed) in [
        ("/healthz", "GET, HEAD"),
        ("/metrics", "GET, HEAD"),
        ("/endpoints", "GET, HEAD"),
        ("/headers", "GET, HEAD"),
        ("/echo", "GET"),
        ("/", "GET"),
    ] {
        for method in ["POST", "DELETE", "OPTIONS"] {
            let request =
                format!("{method} {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            let answer = answer(&server, request.as_bytes()).await;
            assert!(answer.starts_with("HTTP/1.1 405 "), "{method} {path}: {answer}");
            assert!(answer.contains(&format!("\r\nAllow: {allowed}\r\n")), "{path}: {answer}");
        }
    }
    let unknown = answer(&server, b"POST /custom HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert!(unknown.starts_with("HTTP/1.1 404 "), "{unknown}");
}

#[tokio::test]
async fn what_the_server_saw_of_a_request_is_told_by_plain_http_too() {
    let config =
        Config { trusted_proxies: vec!["127.0.0.1/32".parse().unwrap()], ..Config::default() };
    let server = Server::start(config).await;
    let headers = "X-Forwarded-For: 192.0.2.7:4711\r\nX-Fruit: \u{98ce}\r\n";
    let answer = get(&server, "/headers?fruit=other", headers).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains("Content-Type: text/plain; charset=utf-8\r\n"), "{answer}");
    for line in [
        "GET /headers?fruit=other HTTP/1.1",
        "host: server:3678",
        "x-fruit: \u{98ce}",
        "client: 192.0.2.7",
        "peer: 127.0.0.1",
        "TLS: no",
        "subprotocol: none",
    ] {
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(body.lines().any(|other| other == line), "{line}\n{answer}");
    }
}

#[tokio::test]
async fn a_server_can_do_without_some_paths() {
    let without = ["/burst", "/metrics", "/status", "/endpoints"].map(str::to_owned).into();
    let server = Server::start(Config { without, ..Config::default() }).await;
    for path in ["/burst", "/burst?count=1", "/metrics", "/status/401", "/endpoints"] {
        for headers in ["", "Upgrade: websocket\r\n"] {
            let answer = get(&server, path, headers).await;
            assert!(answer.starts_with("HTTP/1.1 404 "), "{path}: {answer}");
            assert!(answer.contains("/ticker") && !answer.contains("/burst"), "{answer}");
        }
    }
    // The guide is what `/endpoints` is.
    assert!(get(&server, "/", "").await.starts_with("HTTP/1.1 426 "));
    assert_echo(&mut server.connect("/").await, Message::text("a text")).await;

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let config = Config { without: vec!["/custom".into()], ..Config::default() };
    let error = serve(listener, config, std::future::pending::<()>()).await.unwrap_err();
    assert!(error.to_string().contains("/burst"), "{error}");
}

#[tokio::test]
async fn any_path_may_be_an_echo() {
    let config =
        Config { echoes_at_any_path: true, without: vec!["/burst".into()], ..Config::default() };
    let server = Server::start(config).await;
    for path in ["/custom", "/api/v1/socket?token=secret", "/picture/"] {
        assert_echo(&mut server.connect(path).await, Message::text("a text")).await;
    }
    // What is there stays, what is left out is not there, and a page is no WebSocket.
    assert!(server.connect("/picture").await.next().await.unwrap().unwrap().is_binary());
    for path in ["/burst", "/ticker?evry=1s"] {
        assert!(server.try_connect(path).await.is_err(), "{path}");
    }
    assert!(get(&server, "/custom", "").await.starts_with("HTTP/1.1 404 "));
}

/// The numbers of a counter, by what it is counted under.
async fn counted(server: &Server, name: &str) -> Vec<(String, u64)> {
    let metrics = get(server, "/metrics", "").await;
    let lines = metrics.lines().filter_map(|line| line.strip_prefix(name)?.rsplit_once(' '));
    lines.map(|(label, number)| (label.to_owned(), number.parse().unwrap())).collect()
}

#[tokio::test]
async fn a_refusal_is_counted_once_and_by_its_own_reason() {
    let config = Config {
        origins: Origins::Listed(vec!["https://server.example".into()]),
        max_connections_per_address: 1,
        trusted_proxies: vec!["127.0.0.1/32".parse().unwrap()],
        ..Config::default()
    };
    let server = Server::start(config).await;
    let mut open = server.dial().await;
    open.write_all(&request("", "X-Forwarded-For: 192.0.2.7")).await.unwrap();
    assert!(read_head(&mut open).await.starts_with("HTTP/1.1 101 "));
    for (line, status) in [
        ("Origin: https://evil.example", "403"),
        ("X-Forwarded-For: 192.0.2.7", "503"),
        ("Content-Length: 6", "400"),
    ] {
        let answer = answer(&server, &request("", line)).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    }
    // What was asked for is no refusal.
    assert!(get(&server, "/status/401", "").await.starts_with("HTTP/1.1 401 "));
    let refused: Vec<_> =
        counted(&server, "echo_refused_total").await.into_iter().filter(|(_, n)| *n > 0).collect();
    let expected = ["address", "origin", "request"];
    assert_eq!(refused, expected.map(|reason| (format!("{{reason=\"{reason}\"}}"), 1)));
}

#[tokio::test]
async fn bytes_are_counted_where_nothing_is_answered() {
    let server = Server::start(Config::default()).await;
    let before = counted(&server, "echo_bytes_total{direction=\"received\"}").await[0].1;
    let mut stream = server.open_at("/silent").await;
    let frames = masked(0x82, &[36; 100]).repeat(100);
    stream.write_all(&frames).await.unwrap();
    stream.shutdown().await.unwrap();
    assert_eq!(read_to_end(&mut stream).await, b"");
    let after = counted(&server, "echo_bytes_total{direction=\"received\"}").await[0].1;
    assert!(after - before >= frames.len() as u64, "{before} {after}");
}
