//! `ws`, `websockets` and curl against the endpoints.

use super::*;

/// The messages that every client sends, as its script understands them.
const MESSAGES: [&str; 8] =
    ["a text", "", "🎨⛳🌈 你好", "#0", "#125", "#65536", "#1000000", "#16777216"];

fn echoes(count: usize) -> Vec<String> {
    let mut lines = vec!["open".to_owned()];
    lines.extend(std::iter::repeat_n("echo".to_owned(), count));
    lines.push("close 3678 enough".to_owned());
    lines
}

#[test]
fn echo_for_ws_and_for_websockets() {
    let server = Server::start(&["--max-message=16MiB"]);
    for path in ["/", "/echo", "/delay?by=50ms", "/chunked?size=4KiB"] {
        let url = format!("{}{path}", server.url);
        let arguments = [&[&*url], &MESSAGES[..]].concat();
        assert_eq!(told(node(&arguments)), echoes(MESSAGES.len()), "{path}");
        let arguments = [&["tell", &*url], &MESSAGES[..]].concat();
        assert_eq!(told(python(&arguments)), echoes(MESSAGES.len()), "{path}");
    }
}

#[test]
fn endpoints_do_what_they_say_for_both() {
    let server = Server::start(&[]);
    for (path, expected) in [
        (
            "/ticker?every=20ms&count=3",
            &["open", "text tick 1", "text tick 2", "text tick 3", "close 1000 that was all"][..],
        ),
        (
            "/burst?count=2&size=3678",
            &["open", "binary 3678", "binary 3678", "close 1000 that was all"],
        ),
        ("/close?code=4123&reason=enough", &["open", "close 4123 enough"]),
        ("/close?code=1012", &["open", "close 1012"]),
        ("/close?code=1014", &["open", "close 1014"]),
        ("/close?code=none", &["open", "close 1005"]),
        ("/drop", &["open", "close 1006"]),
        ("/status/401", &["refused 401"]),
        ("/ticker?every=custom", &["refused 400"]),
    ] {
        let url = format!("{}{path}", server.url);
        // After a refusal `ws` also has a word on its own hanging up.
        let by_ws: Vec<String> = told(node(&[&url]))
            .into_iter()
            .filter(|line| !expected[0].starts_with("refused") || line.starts_with("refused"))
            .collect();
        assert_eq!(by_ws, expected, "ws at {path}");
        assert_eq!(told(python(&["tell", &url])), expected, "websockets at {path}");
    }
}

/// Neither tells its program of a message that is none, and both say 1006, as no close frame has come
/// that they could take.
#[test]
fn what_is_broken_is_seen_by_both() {
    let server = Server::start(&[]);
    for (how, opens, code) in [
        ("accept-key", false, "close 1006"),
        ("protocol", false, "close 1006"),
        ("extension", false, "close 1006"),
        ("reserved-bit", true, "close 1006"),
        ("utf8", true, "close 1006"),
        ("masked", true, "close 1006"),
        ("interleaved", true, "close 1006"),
        ("fragmented-ping", true, "close 1006"),
        ("close-code", true, "close 1006"),
        ("after-close", true, "close 1000"),
        ("unfinished", true, "close 1006"),
        ("length", true, "close 1006"),
    ] {
        let url = format!("{}/broken?how={how}", server.url);
        let by_ws: Vec<String> =
            told(node(&[&url])).into_iter().filter(|line| !line.starts_with("error")).collect();
        let expected = if opens { vec!["open", code] } else { vec![code] };
        assert_eq!(by_ws, expected, "ws at {how}");
        let by_websockets = told(python(&["tell", &url]));
        if opens {
            assert_eq!(by_websockets, expected, "websockets at {how}");
        } else {
            assert!(by_websockets[0].starts_with("refused"), "websockets at {how}");
        }
    }
}

#[test]
fn a_picture_and_a_protocol() {
    let server = Server::start(&[]);
    let url = format!("{}/protocol?of=chat,superchat", server.url);
    let mut client =
        Running::start(&mut node(&[&url, "--protocol", "mqtt", "--protocol", "superchat"]));
    assert_eq!(client.line(), "open superchat");
    assert_eq!(client.line(), "text protocol: superchat");
    let mut client = Running::start(&mut python(&["tell", &format!("{}/picture", server.url)]));
    assert_eq!(client.line(), "open");
    assert_eq!(client.line(), format!("binary {}", echo_server::PICTURE.len()));
}

#[test]
fn limits_are_told_to_both() {
    let server = Server::start(&["--max-message=1000", "--max-rate=5"]);
    for big in [told(node(&[&server.url, "#1001"])), told(python(&["tell", &server.url, "#1001"]))]
    {
        assert_eq!(big, ["open", "close 1009 the message is too long"]);
    }
    let many = [&[&*server.url], &["custom"; 6][..]].concat();
    assert_eq!(told(node(&many)).last().unwrap(), "close 1008 too many frames in a second");
}

#[test]
fn wss_and_foreign_origins() {
    let server =
        Server::start(&["--self-signed", "--origin=https://server.example", "--max-message=16MiB"]);
    assert!(server.url.starts_with("wss://"));
    let url = format!("{}/echo", server.url);
    let ours = ["--header", "Origin: https://server.example"];
    let arguments = [&[&*url], &ours[..], &MESSAGES].concat();
    assert_eq!(told(node(&arguments)), echoes(MESSAGES.len()));
    for origin in ["https://server.example.org", "null", "http://server.example"] {
        let header = format!("Origin: {origin}");
        assert_eq!(told(node(&[&url, "--header", &header]))[0], "refused 403", "{origin}");
    }
    let page = curl(&["--insecure", "--include", &format!("https://{}/healthz", server.address)]);
    assert!(page.starts_with("HTTP/1.1 200 ") && page.ends_with("ok\n"), "{page}");
    let untrusting = curl(&[&format!("https://{}/healthz", server.address)]);
    assert_eq!(untrusting, "");
}

#[test]
fn a_shutdown_is_told_to_both() {
    let server = Server::start(&[]);
    let mut clients = [
        Running::start(&mut node(&[&server.url])),
        Running::start(&mut python(&["tell", &server.url])),
    ];
    for client in &mut clients {
        assert_eq!(client.line(), "open");
    }
    server.stop();
    for client in clients {
        assert_eq!(client.finish(), ["close 1001 server is shutting down"]);
    }
}

#[test]
fn pages_by_curl() {
    let server = Server::start(&[]);
    let http = format!("http://{}", server.address);
    let page = curl(&["--include", &http]);
    assert!(page.starts_with("HTTP/1.1 200 OK") && page.contains("/close?code=4123"), "{page}");
    let told = curl(&["--include", &format!("{http}/ticker?every=0s")]);
    assert!(told.starts_with("HTTP/1.1 400 ") && told.contains("from 1ms to 1h"), "{told}");
    // More than one request on a connection.
    let count = "%{num_connects}";
    let health = format!("{http}/healthz");
    let connects = curl(&["--write-out", count, &health, &health, &health]);
    assert_eq!(connects, "ok\n1ok\n0ok\n0");
    let head = curl(&["--head", &http]);
    assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
}

/// curl takes a path as it is written if it is told so.
#[test]
fn an_app_by_curl_and_no_file_beside_it() {
    let folder = std::env::temp_dir().join(format!("echo-server-foreign-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("app")).unwrap();
    std::fs::write(folder.join("app/index.html"), "a page").unwrap();
    std::fs::write(folder.join("secret"), "other").unwrap();
    let server = Server::start(&["--app", folder.join("app").to_str().unwrap()]);
    let http = format!("http://{}", server.address);
    assert_eq!(curl(&[&http]), "a page");
    for path in ["/../secret", "/%2e%2e/secret", "/..%2fsecret", "/%2e%2e%2fsecret", "//../secret"]
    {
        let answer = curl(&["--path-as-is", "--include", &format!("{http}{path}")]);
        assert!(
            answer.starts_with("HTTP/1.1 404 ") && !answer.contains("other"),
            "{path}: {answer}"
        );
    }
    drop(server);
    std::fs::remove_dir_all(folder).unwrap();
}
