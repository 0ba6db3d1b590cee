//! A web app's files beside the endpoints.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

/// A folder that is removed at the end of its test, with a secret beside it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("echo-server-test-{}-{number}", std::process::id());
        let outer = std::env::temp_dir().join(name);
        fs::create_dir_all(outer.join("app/inner")).unwrap();
        for (path, text) in [
            ("secret.txt", "grape"),
            ("app/index.html", "<!doctype html>raisin"),
            ("app/.env", "grape"),
            ("app/inner/plum.css", "plum"),
            ("app/start-00e1496148409552.js", "alert(3678)"),
            ("app/start-00e1496148409552.js.br", "by brotli"),
            ("app/start-00e1496148409552.js.gz", "by gzip"),
            ("app/page_bg.wasm", "\0asm"),
        ] {
            fs::write(outer.join(path), text).unwrap();
        }
        Self(outer)
    }

    fn app(&self) -> PathBuf {
        self.0.join("app")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn start(app: &Path) -> Server {
    Server::start(Config { app: Some(app.to_owned()), ..Config::default() }).await
}

/// The head in small letters, and the body.
async fn get(server: &Server, path: &str, headers: &str) -> (String, String) {
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: raisin\r\n{headers}Connection: close\r\n\r\n");
    let answer = answer(server, request.as_bytes()).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_ascii_lowercase(), body.to_owned())
}

#[tokio::test]
async fn has_its_page_at_the_top_and_types_that_fit() {
    let folder = Folder::new();
    let server = start(&folder.app()).await;
    for (path, kind, content) in [
        ("/", "text/html", "<!doctype html>raisin"),
        ("/?url=ws://raisin", "text/html", "<!doctype html>raisin"),
        ("/index.html", "text/html", "<!doctype html>raisin"),
        ("/inner/plum.css", "text/css", "plum"),
        ("/start-00e1496148409552.js", "text/javascript", "alert(3678)"),
        ("/page_bg.wasm", "application/wasm", "\0asm"),
    ] {
        let (head, body) = get(&server, path, "").await;
        assert!(head.starts_with("http/1.1 200 "), "{path}: {head}");
        assert!(head.contains(&format!("\r\ncontent-type: {kind}")), "{path}: {head}");
        assert!(head.contains("\r\nx-content-type-options: nosniff"), "{path}: {head}");
        assert_eq!(body, content, "{path}");
    }
}

#[tokio::test]
async fn leaves_the_endpoints_where_they_are() {
    let folder = Folder::new();
    let server = start(&folder.app()).await;
    for path in ["/", "/echo"] {
        assert_echo(&mut server.connect(path).await, Message::text("raisin")).await;
    }
    assert!(get(&server, "/endpoints", "").await.1.contains("/ticker?every=100ms"));
    assert!(get(&server, "/healthz", "").await.0.starts_with("http/1.1 200 "));
    assert!(get(&server, "/echo", "").await.0.starts_with("http/1.1 426 "));
    assert!(get(&server, "/ticker?every=1", "").await.0.starts_with("http/1.1 400 "));
    assert!(get(&server, "/status/418", "").await.0.starts_with("http/1.1 418 "));
}

#[tokio::test]
async fn sends_the_compressed_twin_to_who_can_read_it() {
    let folder = Folder::new();
    let server = start(&folder.app()).await;
    for (accepted, encoding, content) in [
        ("gzip, deflate, br", Some("br"), "by brotli"),
        ("gzip", Some("gzip"), "by gzip"),
        ("br;q=0, gzip", Some("gzip"), "by gzip"),
        ("identity", None, "alert(3678)"),
    ] {
        let headers = format!("Accept-Encoding: {accepted}\r\n");
        let (head, body) = get(&server, "/start-00e1496148409552.js", &headers).await;
        let told = head.lines().find_map(|line| line.strip_prefix("content-encoding: "));
        assert_eq!((told, &*body), (encoding, content), "{accepted}");
        assert!(head.contains("\r\ncontent-type: text/javascript"), "{head}");
        assert!(head.contains("\r\nvary: accept-encoding"), "{head}");
        // A page that has no twin comes as it is.
        assert_eq!(get(&server, "/", &headers).await.1, "<!doctype html>raisin");
    }
}

#[tokio::test]
async fn is_kept_by_its_content() {
    let folder = Folder::new();
    let server = start(&folder.app()).await;
    let (head, _) = get(&server, "/start-00e1496148409552.js", "").await;
    assert!(head.contains("\r\ncache-control: public, max-age=31536000, immutable"), "{head}");
    let (head, _) = get(&server, "/", "").await;
    assert!(head.contains("\r\ncache-control: no-cache"), "{head}");
    // What is asked for again and has not changed is not sent again.
    let tag = head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap();
    let (head, body) = get(&server, "/", &format!("If-None-Match: {tag}\r\n")).await;
    assert!(head.starts_with("http/1.1 304 ") && body.is_empty(), "{head}");
}

#[tokio::test]
async fn ends_at_its_folder() {
    let folder = Folder::new();
    let server = start(&folder.app()).await;
    let absolute = folder.0.join("secret.txt");
    let absolute = absolute.to_str().unwrap();
    for path in [
        "/../secret.txt",
        "/inner/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "/%252e%252e/secret.txt",
        "/inner/%2e%2e/%2e%2e/secret.txt",
        absolute,
        &format!("/{absolute}"),
        &format!("/%2f{absolute}"),
        &format!("file://{absolute}"),
        &format!("http://raisin/..{absolute}"),
        "/.env",
        "/%2eenv",
        "/inner",
        "/inner/",
        "//inner",
        "//raisin.example/%2e%2e",
        "/index.html/",
        "/index.html%00.js",
        "/nothing.js",
    ] {
        let (head, body) = get(&server, path, "").await;
        let is_refused = head.starts_with("http/1.1 404 ") || head.starts_with("http/1.1 400 ");
        assert!(is_refused, "{path}: {head}");
        assert!(!head.contains("\r\nlocation:"), "{path}: {head}");
        assert!(!body.contains("grape"), "{path}: {body}");
    }
    let post = b"POST /index.html HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
    assert!(answer(&server, post).await.starts_with("HTTP/1.1 404 "));
}

#[tokio::test]
async fn that_is_not_there_is_told_at_once() {
    let folder = Folder::new();
    for missing in [folder.0.join("raisin"), folder.app().join("inner")] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let config = Config { app: Some(missing.clone()), ..Config::default() };
        let error = serve(listener, config, std::future::pending::<()>()).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert!(error.to_string().contains(missing.to_str().unwrap()), "{error}");
    }
}
