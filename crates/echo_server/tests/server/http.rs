//! What is no WebSocket: the pages, and requests one after the other.

use super::*;

/// A request for a page, and the answer.
async fn get(server: &Server, path: &str, header: &str) -> String {
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: raisin:3678\r\n{header}Connection: close\r\n\r\n");
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
        "<code>ws://raisin:3678/close?code=4123&amp;reason=raisin&amp;after=1s</code>",
        "every is a time, such as 100ms, 2s or 5m, from 1ms to 1h; without it, 1s.",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let secure = get(&server, "/", "X-Forwarded-Proto: https\r\n").await;
    assert!(secure.contains("<code>wss://raisin:3678/echo</code>"), "{secure}");
}

#[tokio::test]
async fn every_example_on_the_page_works() {
    let server = Server::start(Config::default()).await;
    let page = get(&server, "/", "").await;
    let examples: Vec<String> = page
        .split("<code>ws://raisin:3678")
        .skip(1)
        .map(|rest| rest.split("</code>").next().unwrap().replace("&amp;", "&"))
        .collect();
    assert_eq!(examples.len(), 11);
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
    let request = b"HEAD / HTTP/1.1\r\nHost: raisin\r\nConnection: close\r\n\r\n";
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
        assert_echo(&mut client, Message::text("raisin")).await;
    }
    let _ = server.try_connect("/raisin").await;
    let metrics = get(&server, "/metrics", "").await;
    assert!(metrics.contains("Content-Type: text/plain; version=0.0.4"), "{metrics}");
    for line in [
        "echo_websockets 1",
        "echo_websockets_total 1",
        "echo_messages_total{direction=\"received\"} 36",
        "echo_refused_total{reason=\"request\"} 1",
    ] {
        assert!(metrics.lines().any(|other| other == line), "{line}\n{metrics}");
    }
}

#[tokio::test]
async fn requests_may_come_one_after_the_other_and_end_in_a_web_socket() {
    let server = Server::start(Config::default()).await;
    let mut stream = server.dial().await;
    let page = b"GET /healthz HTTP/1.1\r\nHost: raisin\r\n\r\n";
    // All at once, and a frame with them.
    let all = [&page[..], page, &request("", ""), &masked(0x81, b"raisin")].concat();
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
    assert_eq!(&frame, b"\x81\x06raisin");
}

#[tokio::test]
async fn a_connection_that_waits_for_its_next_request_is_ended_without_a_word() {
    let server = Server::start(Config { handshake_timeout: SHORT, ..Config::default() }).await;
    let mut stream = server.dial().await;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: raisin\r\n\r\n").await.unwrap();
    let answer = String::from_utf8(read_to_end(&mut stream).await).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("\r\n\r\nok\n"), "{answer}");
}
