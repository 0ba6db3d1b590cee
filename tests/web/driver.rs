//! WebDriver, as much of it as the tests need: one HTTP request and one JSON answer per command.
//!
//! Written out, because the crates for it bring forty others along for the few commands that are used
//! here, and half of those are chromedriver's own, which they don't know.

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// A browser's session with chromedriver.
#[derive(Clone)]
pub(crate) struct Session {
    /// Host and port.
    driver: String,
    path: String,
}

impl Session {
    pub(crate) async fn start(driver: &str, args: &[String]) -> Self {
        let driver = driver.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": { "args": args },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        } } });
        let answer = request(&driver, "POST", "/session", Some(capabilities)).await;
        let path = format!("/session/{}", answer["sessionId"].as_str().unwrap());
        Self { driver, path }
    }

    pub(crate) async fn get(&self, command: &str) -> Value {
        request(&self.driver, "GET", &format!("{}/{command}", self.path), None).await
    }

    pub(crate) async fn post(&self, command: &str, body: Value) -> Value {
        request(&self.driver, "POST", &format!("{}/{command}", self.path), Some(body)).await
    }

    /// Closes a window or a tab.
    pub(crate) async fn delete(&self, command: &str) {
        request(&self.driver, "DELETE", &format!("{}/{command}", self.path), None).await;
    }

    /// Says something in the protocol of Chromium's own developer tools.
    pub(crate) async fn devtools(&self, command: &str, params: Value) -> Value {
        self.post("goog/cdp/execute", json!({ "cmd": command, "params": params })).await
    }

    /// Closes the browser.
    pub(crate) async fn end(&self) {
        request(&self.driver, "DELETE", &self.path, None).await;
    }
}

/// Sends a command; an answer that is an error fails the test.
async fn request(driver: &str, method: &str, path: &str, body: Option<Value>) -> Value {
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {driver}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n",
        body.len(),
    );
    let mut stream = TcpStream::connect(driver).await.unwrap();
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    // chromedriver does not hang up, whatever it is asked.
    let mut head = String::new();
    let mut stream = BufReader::new(stream);
    while !head.ends_with("\r\n\r\n") {
        assert!(stream.read_line(&mut head).await.unwrap() > 0, "chromedriver hung up");
    }
    let length = head
        .to_ascii_lowercase()
        .lines()
        .find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    let mut body = vec![0; length.unwrap()];
    stream.read_exact(&mut body).await.unwrap();
    let mut body: Value = serde_json::from_slice(&body).unwrap();
    let value = body["value"].take();
    assert!(head.starts_with("HTTP/1.1 200"), "{method} {path}: {}", value["message"]);
    value
}
