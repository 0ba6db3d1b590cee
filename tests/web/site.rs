//! The server that the page comes from: its files, and `/echo`, which it passes on as a proxy does.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use web_socket_channel::handshake::sign_key;

use crate::setup;

/// What the site promises for the page: it asks nobody else for anything, but for the sockets that a
/// person wants. The one inline script is trunk's, which starts the program.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; \
     script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ws: wss:";

/// Who is behind `/echo`.
#[derive(Clone, Copy)]
pub(crate) enum Backend {
    /// The server at this address.
    At(SocketAddr),
    /// Nobody, which the proxy knows at once.
    Missing,
    /// Nobody, which the proxy finds out when it has done the handshake already. trunk's is like that.
    FoundMissing,
}

/// A site with the page on it, on a port of its own.
pub(crate) struct Site {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

struct State {
    backend: Backend,
    /// The end of the name of a file of the program that can't be had.
    lost: Option<&'static str>,
    policy: &'static str,
}

impl Site {
    /// Serves until the test's runtime ends.
    pub(crate) async fn start(backend: Backend) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let state =
            Arc::new(Mutex::new(State { backend, lost: None, policy: CONTENT_SECURITY_POLICY }));
        let current = Arc::clone(&state);
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let state = Arc::clone(&current);
                // A browser that hangs up early has its reasons.
                tokio::spawn(async move {
                    let _ = answer(client, &state).await;
                });
            }
        });
        Self { address, state }
    }

    /// From now on. Connections that there are stay with whom they have.
    pub(crate) fn set_backend(&self, backend: Backend) {
        self.state.lock().unwrap().backend = backend;
    }

    /// Loses the files of the program whose names end like this.
    pub(crate) fn lose(&self, ending: &'static str) {
        self.state.lock().unwrap().lost = Some(ending);
    }

    /// Promises this for the page from now on.
    pub(crate) fn set_policy(&self, policy: &'static str) {
        self.state.lock().unwrap().policy = policy;
    }

    /// The page.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// The page, connected elsewhere.
    pub(crate) fn url_with(&self, server: &str) -> String {
        format!("http://{}/?url={server}", self.address)
    }

    /// Where the page looks for a server, if it isn't told.
    pub(crate) fn echo_url(&self) -> String {
        format!("ws://{}/echo", self.address)
    }
}

async fn answer(mut client: TcpStream, state: &Mutex<State>) -> io::Result<()> {
    let head = read_head(&mut client).await?;
    let target = head.split(' ').nth(1).unwrap_or_default();
    let path = target.split('?').next().unwrap_or_default();
    if path == "/echo" {
        let backend = state.lock().unwrap().backend;
        return pass_on(client, &head, backend).await;
    }
    let name = if path == "/" { "index.html" } else { path.trim_start_matches('/') };
    let (lost, policy) = {
        let state = state.lock().unwrap();
        (state.lost, state.policy)
    };
    // Not the script that starts the program, which is there to tell what is missing.
    let is_lost = !name.starts_with("start") && lost.is_some_and(|end| name.ends_with(end));
    let (status, body) = match std::fs::read(setup::dist().join(name)) {
        Ok(body) if !is_lost => ("200 OK", body),
        _ => ("404 Not Found", Vec::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {}\r\nContent-Length: {}\r\n\
         Content-Security-Policy: {policy}\r\nConnection: close\r\n\r\n",
        media_type(Path::new(name)),
        body.len(),
    );
    client.write_all(head.as_bytes()).await?;
    client.write_all(&body).await?;
    client.shutdown().await
}

/// The request up to its empty line. Nothing follows it: no request here has a body.
async fn read_head(client: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

async fn pass_on(mut client: TcpStream, head: &str, backend: Backend) -> io::Result<()> {
    match backend {
        Backend::At(address) => {
            let Ok(mut server) = TcpStream::connect(address).await else {
                return client.write_all(BAD_GATEWAY).await;
            };
            server.write_all(head.as_bytes()).await?;
            copy_bidirectional(&mut client, &mut server).await.map(|_| ())
        }
        Backend::Missing => client.write_all(BAD_GATEWAY).await,
        Backend::FoundMissing => {
            let key = head.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("Sec-WebSocket-Key").then_some(value)
            });
            let response = format!(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                 Sec-WebSocket-Accept: {}\r\n\r\n",
                sign_key(key.unwrap_or_default()),
            );
            client.write_all(response.as_bytes()).await
        }
    }
}

const BAD_GATEWAY: &[u8] =
    b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// Modules and wasm are refused under any other type.
fn media_type(name: &Path) -> &'static str {
    match name.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("webmanifest") => "application/manifest+json",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}
