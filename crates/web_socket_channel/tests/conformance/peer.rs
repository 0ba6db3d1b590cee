//! The peer of the tests of sockets: a server over plain TCP that plays whatever scenario the URL
//! of a connection asks for, and tells over HTTP what it saw.
//!
//! | path | answer |
//! | --- | --- |
//! | `/?id=…&answer=…&step=…` | the scenario |
//! | `/seen?id=…&until=…` | what was seen of that connection, once `until` has come |
//! | `/go?id=…` | nothing; the connection that is held goes on |
//! | `/closed-port` | the number of a port at which nothing listens |

use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use web_socket_channel::handshake::http::Request;
use web_socket_channel::handshake::{ServerOptions, parse_request, respond};

use super::framed_line::{FramedLine, Socket};
use super::ledger::{Ledger, Until};
use super::player::{Line as _, play};
use super::scenario::{Answer, Scenario, parse, refusal};

/// Serves until it is dropped; what it has begun ends by itself.
pub(crate) async fn serve(listener: TcpListener, ledger: Ledger) {
    loop {
        // A connection that is gone before it was accepted is no reason to stop.
        if let Ok((socket, _)) = listener.accept().await {
            let ledger = ledger.clone();
            tokio::spawn(async move {
                // Whatever fails here is what the test at the other end is about.
                let _ = serve_one(socket, &ledger).await;
            });
        }
    }
}

async fn serve_one(mut socket: TcpStream, ledger: &Ledger) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let mut input = Vec::new();
    let (request, used) = loop {
        match parse_request(&input, 0) {
            Ok(Some(found)) => break found,
            Ok(None) if socket.read_buf(&mut input).await? > 0 => {}
            Ok(None) => return Ok(()),
            Err(why) => return Err(io::Error::other(why)),
        }
    };
    input.drain(..used);
    let query = request.uri().query().unwrap_or_default();
    let value = |name| parse(query).find_map(|(key, value)| (key == name).then_some(value));
    let id = value("id").and_then(|id| id.parse().ok()).unwrap_or_default();
    match request.uri().path() {
        "/seen" => {
            let until = value("until").and_then(|until| Until::from_text(&until));
            let until = until.ok_or(io::ErrorKind::InvalidInput)?;
            tell(&mut socket, &ledger.seen(id, until).await.to_text()).await
        }
        "/go" => {
            ledger.let_go(id);
            tell(&mut socket, "").await
        }
        "/closed-port" => {
            let port = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
            tell(&mut socket, &port.to_string()).await
        }
        _ => {
            let (id, scenario) = Scenario::from_query(query).ok_or(io::ErrorKind::InvalidInput)?;
            ledger.note(id, |seen| {
                let headers = request.headers().iter();
                let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
                seen.headers = headers
                    .map(|(name, value)| (name.to_string(), text(value.as_bytes())))
                    .collect();
            });
            let outcome = play_scenario(socket, input, &request, &scenario, ledger, id).await;
            ledger.note(id, |seen| seen.has_ended = true);
            outcome
        }
    }
}

/// Answers over plain HTTP, to pages of every origin.
async fn tell(socket: &mut TcpStream, body: &str) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 200 OK\r\n\
         Access-Control-Allow-Origin: *\r\n\
         Cache-Control: no-store\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\
         Content-Length: {}\r\n\
         Connection: close\r\n\
         \r\n",
        body.len()
    );
    socket.write_all(&[head.as_bytes(), body.as_bytes()].concat()).await?;
    socket.shutdown().await
}

async fn play_scenario(
    mut socket: TcpStream,
    input: Vec<u8>,
    request: &Request<()>,
    scenario: &Scenario,
    ledger: &Ledger,
    id: u64,
) -> io::Result<()> {
    if scenario.is_held {
        ledger.may_go_on(id).await;
    }
    match &scenario.answer {
        Answer::Accept(protocol) => {
            let accepted = respond(request, &ServerOptions::default()).map_err(io::Error::other)?;
            let mut head = accepted.head;
            if let Some(protocol) = protocol {
                // Not by way of the options: the peer may pick what was never offered.
                head.truncate(head.len() - 2);
                head.extend(format!("Sec-WebSocket-Protocol: {protocol}\r\n\r\n").bytes());
            }
            let mut line = FramedLine::of_server(socket, input);
            line.raw(&head).await;
            play(&scenario.steps, &mut line, ledger, id).await;
            Ok(())
        }
        Answer::Refuse(status) => {
            socket.write_all(&refusal(*status)).await?;
            socket.shutdown().await?;
            drain(&mut socket).await
        }
        Answer::Garbage(bytes) => {
            socket.write_all(bytes).await?;
            socket.shutdown().await?;
            drain(&mut socket).await
        }
        Answer::Endless => {
            socket.write_all(b"HTTP/1.1 101 Switching Protocols\r\n").await?;
            loop {
                socket.write_all(b"X-Custom: 3678\r\n").await?;
            }
        }
        Answer::Cut => Ok(()),
        Answer::Silence => drain(&mut socket).await,
    }
}

async fn drain(socket: &mut TcpStream) -> io::Result<()> {
    let mut waste = [0; 4096];
    while socket.read(&mut waste).await? > 0 {}
    Ok(())
}

impl Socket for TcpStream {
    fn be_rude(&self) {
        // If it fails the peer goes away politely, and the test will tell.
        let _ = self.set_zero_linger();
    }
}
