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
            ("secret.txt", "other"),
            ("app/index.html", "<!doctype html>a page"),
            ("app/.env", "other"),
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
        format!("GET {path} HTTP/1.1\r\nHost: server\r\n{headers}Connection: close\r\n\r\n");
    let answer = answer(server, request.as_bytes()).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_ascii_lowercase(), body.to_owned())
}

/// A header of a head in small letters.
fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

#[tokio::test]
async fn has_its_page_at_the_top_and_types_that_fit() {
    let folder = Folder::new();
    let server = start(&folder.app()).await;
    for (path, kind, content) in [
        ("/", "text/html", "<!doctype html>a page"),
        ("/?url=ws://server", "text/html", "<!doctype html>a page"),
        ("/index.html", "text/html", "<!doctype html>a page"),
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
        assert_echo(&mut server.connect(path).await, Message::text("a text")).await;
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
        ("gzip, deflate, br, zstd", Some("br"), "by brotli"),
        ("gzip", Some("gzip"), "by gzip"),
        ("br;q=0, gzip", Some("gzip"), "by gzip"),
        ("br;q=0.5, gzip;q=0.9", Some("gzip"), "by gzip"),
        ("br;q=0, gzip;q=0.0", None, "alert(3678)"),
        ("br;q=0", None, "alert(3678)"),
        ("*;q=0, identity", None, "alert(3678)"),
        ("identity", None, "alert(3678)"),
        ("custom", None, "alert(3678)"),
        ("", None, "alert(3678)"),
    ] {
        let headers = format!("Accept-Encoding: {accepted}\r\n");
        let (head, body) = get(&server, "/start-00e1496148409552.js", &headers).await;
        assert_eq!((header(&head, "content-encoding"), &*body), (encoding, content), "{accepted}");
        assert_eq!(header(&head, "content-length"), Some(&*content.len().to_string()), "{head}");
        assert!(head.contains("\r\ncontent-type: text/javascript"), "{head}");
        assert_eq!(header(&head, "vary"), Some("accept-encoding"), "{head}");
        let keep = "public, max-age=31536000, immutable";
        assert_eq!(header(&head, "cache-control"), Some(keep), "{head}");
        // What has no twin comes as it is.
        assert_eq!(get(&server, "/inner/plum.css", &headers).await.1, "plum");
    }
    let (head, body) = get(&server, "/start-00e1496148409552.js", "").await;
    assert_eq!((header(&head, "content-encoding"), &*body), (None, "alert(3678)"));
}

#[tokio::test]
async fn has_twins_of_its_page_too() {
    let folder = Folder::new();
    for (twin, text) in [("index.html.br", "by brotli"), ("index.html.gz", "by gzip")] {
        fs::write(folder.app().join(twin), text).unwrap();
    }
    let server = start(&folder.app()).await;
    let mut tags = Vec::new();
    for (accepted, encoding, content) in [
        ("br", Some("br"), "by brotli"),
        ("gzip", Some("gzip"), "by gzip"),
        ("identity", None, "<!doctype html>a page"),
    ] {
        let headers = format!("Accept-Encoding: {accepted}\r\n");
        for path in ["/", "/index.html"] {
            let (head, body) = get(&server, path, &headers).await;
            assert_eq!((header(&head, "content-encoding"), &*body), (encoding, content), "{path}");
            assert_eq!(header(&head, "content-type"), Some("text/html"), "{head}");
            assert_eq!(header(&head, "cache-control"), Some("no-cache"), "{head}");
        }
        let (head, _) = get(&server, "/", &headers).await;
        let tag = header(&head, "etag").unwrap().to_owned();
        let (head, body) = get(&server, "/", &format!("{headers}If-None-Match: {tag}\r\n")).await;
        assert!(head.starts_with("http/1.1 304 ") && body.is_empty(), "{head}");
        // What a cache between has to know is said then as well.
        assert_eq!(header(&head, "vary"), Some("accept-encoding"), "{head}");
        assert_eq!(header(&head, "cache-control"), Some("no-cache"), "{head}");
        assert_eq!(header(&head, "etag"), Some(&*tag), "{head}");
        tags.push(tag);
    }
    // Each is another thing to keep.
    assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2], "{tags:?}");
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
    let tag = header(&head, "etag").unwrap();
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
        &format!("http://server/..{absolute}"),
        "/.env",
        "/%2eenv",
        "/inner",
        "/inner/",
        "//inner",
        "//server.example/%2e%2e",
        "/index.html/",
        "/index.html%00.js",
        "/%00",
        "/%ff",
        "/%c0%ae%c0%ae/secret.txt",
        "/inner/%ed%a0%80",
        "/%",
        "/%2",
        "/%zz",
        "/index.html/inner",
        "/nothing.js",
        // Too long for the name of a file, and for a path.
        &format!("/{}", "x".repeat(300)),
        &"/custom".repeat(1_000),
        &format!("/{}secret.txt", "inner/%2e%2e/".repeat(500)),
    ] {
        let (head, body) = get(&server, path, "").await;
        let is_refused = head.starts_with("http/1.1 404 ") || head.starts_with("http/1.1 400 ");
        assert!(is_refused, "{path}: {head}");
        assert!(!head.contains("\r\nlocation:"), "{path}: {head}");
        assert!(!body.contains("other"), "{path}: {body}");
    }
    let post = b"POST /index.html HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
    assert!(answer(&server, post).await.starts_with("HTTP/1.1 405 "));
    let post = b"POST /nothing.js HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
    assert!(answer(&server, post).await.starts_with("HTTP/1.1 404 "));
}

#[cfg(unix)]
#[tokio::test]
async fn ends_at_its_folder_for_links_too() {
    use std::os::unix::fs::symlink;

    let folder = Folder::new();
    let app = folder.app();
    for (target, link) in [
        ("../secret.txt", "out.txt"),
        ("..", "up"),
        ("/", "root"),
        ("out.txt", "to-out.txt"),
        ("nowhere", "dangling"),
        ("loop", "loop"),
        // A twin is no other way out.
        ("../../secret.txt", "inner/plum.css.br"),
        ("inner/plum.css", "stays.css"),
        ("inner", "stays"),
        // As Kubernetes puts files into a volume.
        ("..2026_11_25", "..data"),
        ("..data/other.css", "other.css"),
    ] {
        symlink(target, app.join(link)).unwrap();
    }
    symlink(app.join("inner"), app.join("absolute")).unwrap();
    symlink(folder.0.join("secret.txt"), app.join("absolute.txt")).unwrap();
    fs::create_dir(app.join("..2026_11_25")).unwrap();
    fs::write(app.join("..2026_11_25/other.css"), "muscat").unwrap();
    let absolute = folder.0.join("secret.txt");
    let server = start(&app).await;
    for path in [
        "/out.txt",
        "/up/secret.txt",
        // Out of the folder and in again: what is passed on the way is nobody's business.
        "/up",
        &format!("/root{}", absolute.display()),
        "/to-out.txt",
        "/dangling",
        "/loop",
        "/absolute.txt",
        "/..data/other.css",
    ] {
        let (head, body) = get(&server, path, "Accept-Encoding: br\r\n").await;
        assert!(head.starts_with("http/1.1 404 "), "{path}: {head}");
        assert!(!body.contains("other"), "{path}: {body}");
    }
    for (path, content) in [
        ("/inner/plum.css", "plum"),
        ("/stays.css", "plum"),
        ("/stays/plum.css", "plum"),
        ("/absolute/plum.css", "plum"),
        ("/other.css", "muscat"),
    ] {
        let (head, body) = get(&server, path, "Accept-Encoding: br\r\n").await;
        assert!(head.starts_with("http/1.1 200 "), "{path}: {head}");
        assert_eq!((header(&head, "content-encoding"), &*body), (None, content), "{path}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn may_be_reached_by_a_link_which_may_be_set_to_a_new_version() {
    use std::os::unix::fs::symlink;

    let (old, new) = (Folder::new(), Folder::new());
    fs::write(new.app().join("index.html"), "<!doctype html>plum").unwrap();
    let link = old.0.join("current");
    symlink(old.app(), &link).unwrap();
    let server = start(&link).await;
    assert_eq!(get(&server, "/", "").await.1, "<!doctype html>a page");
    let next = old.0.join("next");
    symlink(new.app(), &next).unwrap();
    fs::rename(next, &link).unwrap();
    assert_eq!(get(&server, "/", "").await.1, "<!doctype html>plum");
}

/// Why a server doesn't start with an app.
async fn refusal(app: PathBuf) -> io::Error {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let config = Config { app: Some(app), ..Config::default() };
    let served = serve(listener, config, std::future::pending::<()>());
    timeout(LONG, served).await.unwrap().unwrap_err()
}

#[cfg(unix)]
#[tokio::test]
async fn whose_page_is_elsewhere_is_no_app() {
    let folder = Folder::new();
    let page = folder.app().join("index.html");
    fs::remove_file(&page).unwrap();
    std::os::unix::fs::symlink("../secret.txt", &page).unwrap();
    let error = refusal(folder.app()).await;
    assert!(error.to_string().contains("a symbolic link leads out of the folder"), "{error}");
}

#[tokio::test]
async fn that_is_not_there_is_told_at_once() {
    let folder = Folder::new();
    for missing in [folder.0.join("custom"), folder.app().join("inner")] {
        let error = refusal(missing.clone()).await;
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert!(error.to_string().contains(missing.to_str().unwrap()), "{error}");
    }
}

#[tokio::test]
async fn a_range_is_one_of_the_file_that_the_client_has() {
    let folder = Folder::new();
    let server = start(&folder.app()).await;
    let path = "/start-00e1496148409552.js";
    let (head, _) = get(&server, path, "").await;
    let tag = header(&head, "etag").unwrap().to_owned();
    let date = header(&head, "last-modified").unwrap().to_owned();
    for (validator, status, content) in [
        (None, 206, "ert"),
        (Some(&*tag), 206, "ert"),
        (Some(&*date), 206, "ert"),
        (Some("\"custom\""), 200, "alert(3678)"),
        (Some(&*format!("W/{tag}")), 200, "alert(3678)"),
        (Some("Thu, 01 Jan 1970 00:00:00 GMT"), 200, "alert(3678)"),
    ] {
        let condition = validator.map(|validator| format!("If-Range: {validator}\r\n"));
        let headers = format!("Range: bytes=2-4\r\n{}", condition.unwrap_or_default());
        // The date of a head in small letters is what it was, but for its case.
        let headers = headers.replace(&date, &http_date(&date));
        let (head, body) = get(&server, path, &headers).await;
        assert!(head.starts_with(&format!("http/1.1 {status} ")), "{validator:?}: {head}");
        assert_eq!(body, content, "{validator:?}");
    }
}

/// What the server doesn't make sense of is as if it weren't there (RFC 9110 §14.2).
#[tokio::test]
async fn a_range_that_is_none_gets_the_whole_file() {
    let folder = Folder::new();
    let server = start(&folder.app()).await;
    for range in ["lines=1-2", "bytes=0-1,4-5", "bytes=4-2", "bytes=-", "bytes=two-4", "BYTES", ""]
    {
        let headers = format!("Range: {range}\r\n");
        let (head, body) = get(&server, "/start-00e1496148409552.js", &headers).await;
        assert!(head.starts_with("http/1.1 200 "), "{range}: {head}");
        assert_eq!(body, "alert(3678)", "{range}");
    }
    for (range, content) in [("bytes=2-4", "ert"), ("bytes=9-", "8)"), ("bytes=-2", "8)")] {
        let headers = format!("Range: {range}\r\n");
        let (head, body) = get(&server, "/start-00e1496148409552.js", &headers).await;
        assert!(head.starts_with("http/1.1 206 "), "{range}: {head}");
        assert_eq!(body, content, "{range}");
    }
}

/// A date as HTTP writes it, from one in small letters.
fn http_date(date: &str) -> String {
    let mut words = date.split(' ').map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
    });
    let mut words: Vec<String> = words.by_ref().collect();
    *words.last_mut().unwrap() = "GMT".into();
    words.join(" ")
}

#[tokio::test]
async fn only_the_file_itself_is_kept_for_ever() {
    let folder = Folder::new();
    let server = start(&folder.app()).await;
    for (header_line, status, keep) in [
        ("", 200, "public, max-age=31536000, immutable"),
        ("Range: bytes=2-4\r\n", 206, "public, max-age=31536000, immutable"),
        ("If-None-Match: *\r\n", 304, "public, max-age=31536000, immutable"),
        ("If-Match: \"custom\"\r\n", 412, "no-store"),
        ("Range: bytes=3678-\r\n", 416, "no-store"),
    ] {
        let (head, _) = get(&server, "/start-00e1496148409552.js", header_line).await;
        assert!(head.starts_with(&format!("http/1.1 {status} ")), "{header_line}: {head}");
        assert_eq!(header(&head, "cache-control"), Some(keep), "{header_line}: {head}");
    }
}

#[tokio::test]
async fn a_folder_has_its_page_at_its_slash() {
    let folder = Folder::new();
    fs::create_dir_all(folder.app().join("docs/a b")).unwrap();
    fs::write(folder.app().join("docs/index.html"), "the docs").unwrap();
    fs::write(folder.app().join("docs/a b/index.html"), "a part").unwrap();
    let server = start(&folder.app()).await;
    for (path, location) in
        [("/docs", "docs/"), ("/docs?page=2", "docs/?page=2"), ("/docs/a%20b", "a%20b/")]
    {
        let (head, body) = get(&server, path, "").await;
        assert!(head.starts_with("http/1.1 308 ") && body.is_empty(), "{path}: {head}");
        assert_eq!(header(&head, "location"), Some(location), "{head}");
    }
    assert_eq!(get(&server, "/docs/", "").await.1, "the docs");
    assert_eq!(get(&server, "/docs/a%20b/", "").await.1, "a part");
    assert!(get(&server, "//docs", "").await.0.starts_with("http/1.1 404 "));
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_to_a_hidden_file_is_none() {
    use std::os::unix::fs::symlink;

    let folder = Folder::new();
    let app = folder.app();
    fs::create_dir_all(app.join(".git")).unwrap();
    fs::write(app.join(".git/config"), "other").unwrap();
    fs::create_dir_all(app.join(".well-known")).unwrap();
    fs::write(app.join(".well-known/security.txt"), "a page").unwrap();
    fs::write(app.join(".well-known/.secret"), "other").unwrap();
    for (target, link) in [
        (".env", "env.txt"),
        (".git/config", "config.txt"),
        (".git", "git"),
        (".well-known/.secret", "secret.txt"),
    ] {
        symlink(target, app.join(link)).unwrap();
    }
    let server = start(&app).await;
    for path in [
        "/env.txt",
        "/config.txt",
        "/git/config",
        "/secret.txt",
        "/.well-known/.secret",
        "/.git/config",
    ] {
        let (head, body) = get(&server, path, "").await;
        assert!(head.starts_with("http/1.1 404 "), "{path}: {head}");
        assert!(!body.contains("other"), "{path}: {body}");
    }
    assert_eq!(get(&server, "/.well-known/security.txt", "").await.1, "a page");
}

#[tokio::test]
async fn a_client_that_has_ended_its_side_gets_its_file() {
    let folder = Folder::new();
    let server = start(&folder.app()).await;
    for _ in 0..20 {
        let mut stream = server.dial().await;
        let request = b"GET /start-00e1496148409552.js HTTP/1.1\r\nHost: a\r\n\r\n";
        stream.write_all(request).await.unwrap();
        stream.shutdown().await.unwrap();
        let answer = String::from_utf8(read_to_end(&mut stream).await).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("alert(3678)"), "{answer}");
    }
}
