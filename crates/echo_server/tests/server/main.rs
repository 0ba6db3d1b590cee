//! The server by real sockets: tungstenite's own client where it is to be right, and bare TCP where
//! it is to be wrong.

#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, a panic is the report")]

mod app;
mod endpoints;
mod framing;
mod http;
mod limits;
mod listeners;
mod tls;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use echo_server::{Config, Origins, PICTURE, serve};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::error::Error;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{CloseCode, Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

type Client = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A wait that is over this is a failure: long enough for a machine that is busy otherwise.
const LONG: Duration = Duration::from_secs(30);

/// A bound of the server that a test is to reach.
const SHORT: Duration = Duration::from_millis(50);

struct Server {
    address: SocketAddr,
    shutdown: oneshot::Sender<()>,
    task: JoinHandle<io::Result<()>>,
}

impl Server {
    async fn start(config: Config) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (shutdown, asked) = oneshot::channel();
        let task = tokio::spawn(serve(listener, config, asked));
        Self { address, shutdown, task }
    }

    async fn connect(&self, path: &str) -> Client {
        self.try_connect(path).await.unwrap()
    }

    async fn try_connect(&self, path: &str) -> Result<Client, Error> {
        let url = format!("ws://{}{path}", self.address);
        let (client, _) = timeout(LONG, connect_async(url)).await.unwrap()?;
        Ok(client)
    }

    /// A connection on which nothing was said yet.
    async fn dial(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// A connection on which the handshake is done, for frames by hand.
    async fn open(&self) -> TcpStream {
        self.open_at("/echo").await
    }

    async fn open_at(&self, path: &str) -> TcpStream {
        let mut stream = self.dial().await;
        let line = format!("GET {path} HTTP/1.1");
        stream.write_all(&request("GET", &line)).await.unwrap();
        let head = read_head(&mut stream).await;
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        stream
    }

    /// Ends the server as a program does, and waits until it has ended.
    async fn stop(self) -> io::Result<()> {
        self.shutdown.send(()).unwrap();
        timeout(LONG, self.task).await.unwrap().unwrap()
    }
}

/// A right request in which the line that begins with `replaced` is `line`.
fn request(replaced: &str, line: &str) -> Vec<u8> {
    let mut lines = vec![
        "GET /echo HTTP/1.1",
        "Host: example.com",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
    ];
    if !replaced.is_empty() {
        let at = lines.iter().position(|line| line.starts_with(replaced)).unwrap();
        lines.remove(at);
        if !line.is_empty() {
            lines.insert(at, line);
        }
    } else if !line.is_empty() {
        lines.push(line);
    }
    format!("{}\r\n\r\n", lines.join("\r\n")).into_bytes()
}

async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(timeout(LONG, stream.read_u8()).await.unwrap().unwrap());
    }
    String::from_utf8(head).unwrap()
}

async fn read_to_end(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    timeout(LONG, stream.read_to_end(&mut bytes)).await.unwrap().unwrap();
    bytes
}

/// All that comes until the server cuts the connection.
async fn read_to_cut(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let end = timeout(LONG, stream.read_to_end(&mut bytes)).await.unwrap();
    assert_eq!(end.unwrap_err().kind(), io::ErrorKind::ConnectionReset, "{bytes:x?}");
    bytes
}

/// The answer to a request by hand, with its body.
async fn answer(server: &Server, request: &[u8]) -> String {
    let mut stream = server.dial().await;
    stream.write_all(request).await.unwrap();
    String::from_utf8(read_to_end(&mut stream).await).unwrap()
}

/// A frame as a client sends it, with a mask of zeros, which leaves the payload readable.
fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).unwrap();
    assert!(length < 126);
    [&[first, 0x80 | length, 0, 0, 0, 0], payload].concat()
}

/// A close frame as a server sends it.
fn close_frame(code: u16, reason: &str) -> Vec<u8> {
    let length = u8::try_from(2 + reason.len()).unwrap();
    [&[0x88, length], &code.to_be_bytes()[..], reason.as_bytes()].concat()
}

async fn next(client: &mut Client) -> Option<Message> {
    timeout(LONG, client.next()).await.unwrap().map(Result::unwrap)
}

/// The code of the close frame that comes next.
async fn close_code(client: &mut Client) -> Option<CloseCode> {
    match next(client).await {
        Some(Message::Close(frame)) => frame.map(|frame| frame.code),
        _ => None,
    }
}

async fn assert_echo(client: &mut Client, message: Message) {
    client.send(message.clone()).await.unwrap();
    // A megabyte that differs is no help when printed.
    assert!(next(client).await.unwrap() == message);
}

mod echo {
    use super::*;

    #[tokio::test]
    async fn brings_back_every_size_as_it_came() {
        let server = Server::start(Config::default()).await;
        let mut client = server.connect("/").await;
        for text in ["", "Hello World!", "🎨⛳🌈", "你好", &"Hello World!".repeat(10_000)] {
            assert_echo(&mut client, Message::text(text)).await;
        }
        for length in [0, 1, 5, 125, 126, 127, 65_535, 65_536, 1_000_000] {
            let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(length).collect();
            assert_echo(&mut client, Message::binary(bytes)).await;
            assert_echo(&mut client, Message::text("x".repeat(length))).await;
        }
    }

    #[tokio::test]
    async fn keeps_order_and_type_at_speed() {
        let server = Server::start(Config::default()).await;
        let (mut sink, mut stream) = server.connect("/echo?token=secret").await.split();
        let messages = |count| {
            (0..count).map(|number: u32| {
                if number.is_multiple_of(2) {
                    Message::text(format!("number {number}"))
                } else {
                    Message::binary(number.to_be_bytes().to_vec())
                }
            })
        };
        let sent = tokio::spawn(async move {
            for message in messages(2_000) {
                sink.feed(message).await.unwrap();
            }
            sink.flush().await.unwrap();
            sink
        });
        for expected in messages(2_000) {
            let message = timeout(LONG, stream.next()).await.unwrap().unwrap().unwrap();
            assert_eq!(message, expected);
        }
        drop(sent.await.unwrap());
    }

    #[tokio::test]
    async fn joins_fragments_around_a_ping() {
        let server = Server::start(Config::default()).await;
        let mut client = server.connect("/").await;
        let part = |text: &'static str, data, is_final| {
            Message::Frame(Frame::message(text, OpCode::Data(data), is_final))
        };
        client.feed(part("a t", Data::Text, false)).await.unwrap();
        client.feed(Message::Ping("other".into())).await.unwrap();
        client.feed(part("ext", Data::Continue, true)).await.unwrap();
        client.flush().await.unwrap();
        assert_eq!(next(&mut client).await, Some(Message::Pong("other".into())));
        assert_eq!(next(&mut client).await, Some(Message::text("a text")));
    }

    #[tokio::test]
    async fn begins_with_frames_that_came_with_the_request() {
        let server = Server::start(Config::default()).await;
        let mut stream = server.dial().await;
        let both = [request("", ""), masked(0x81, b"a text")].concat();
        stream.write_all(&both).await.unwrap();
        read_head(&mut stream).await;
        let mut frame = [0; 8];
        timeout(LONG, stream.read_exact(&mut frame)).await.unwrap().unwrap();
        assert_eq!(&frame, b"\x81\x06a text");
    }

    #[tokio::test]
    async fn goes_both_ways_at_once_with_more_than_fits_into_the_network() {
        let server = Server::start(Config::default()).await;
        let (mut sink, mut stream) = server.connect("/").await.split();
        // A client that sends without reading is held back by TCP and loses nothing.
        let message = |number: u8| Message::binary(vec![number; 1_000_000]);
        let sent = tokio::spawn(async move {
            for number in 0..32 {
                sink.send(message(number)).await.unwrap();
            }
            sink
        });
        for number in 0..32 {
            let received = timeout(LONG, stream.next()).await.unwrap().unwrap().unwrap();
            assert!(received == message(number));
        }
        drop(sent.await.unwrap());
    }

    #[tokio::test]
    async fn is_each_clients_own() {
        let server = Server::start(Config::default()).await;
        let mut one = server.connect("/").await;
        let mut other = server.connect("/").await;
        one.send(Message::text("a text")).await.unwrap();
        assert_echo(&mut other, Message::text("other")).await;
        assert_eq!(next(&mut one).await, Some(Message::text("a text")));
    }
}

mod the_picture {
    use super::*;

    #[tokio::test]
    async fn comes_as_one_binary_message_and_then_echoes() {
        let server = Server::start(Config::default()).await;
        for path in ["/picture", "/picture?again"] {
            let mut client = server.connect(path).await;
            assert!(next(&mut client).await == Some(Message::binary(PICTURE)));
            assert_echo(&mut client, Message::text("a text")).await;
        }
    }

    #[tokio::test]
    async fn does_not_come_elsewhere() {
        let server = Server::start(Config::default()).await;
        for path in ["/", "/echo", "/?/picture"] {
            let mut client = server.connect(path).await;
            assert_echo(&mut client, Message::text("a text")).await;
        }
    }

    #[test]
    fn is_a_png_that_can_be_decoded() {
        let mut reader = png::Decoder::new(io::Cursor::new(PICTURE)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height), (480, 320));
        assert!(PICTURE.len() < 60 * 1024);
    }
}

mod a_close {
    use super::*;

    #[tokio::test]
    async fn by_the_client_is_answered_with_its_code() {
        let server = Server::start(Config::default()).await;
        for frame in [None, Some((4123, "enough")), Some((3678, "")), Some((1000, "再见"))] {
            let mut client = server.connect("/").await;
            client.send(Message::text("other")).await.unwrap();
            let frame = frame.map(|(code, reason)| CloseFrame {
                code: CloseCode::from(code),
                reason: reason.into(),
            });
            client.send(Message::Close(frame.clone())).await.unwrap();
            // What came before the close is echoed before it is answered.
            assert_eq!(next(&mut client).await, Some(Message::text("other")));
            assert_eq!(next(&mut client).await, Some(Message::Close(frame)));
            assert_eq!(next(&mut client).await, None);
        }
    }

    #[tokio::test]
    async fn for_a_fault_says_which() {
        let server = Server::start(Config::default()).await;
        let large = [0x82, 0xff, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0];
        let endless = [0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0];
        let cases: [(&str, Vec<u8>, u16); 18] = [
            ("text that is not UTF-8", masked(0x81, b"cut\xff"), 1007),
            ("text that ends within a character", masked(0x81, b"\xe5\xa5"), 1007),
            ("bad UTF-8 in a close reason", masked(0x88, b"\x10\x1b\xff"), 1007),
            ("a frame of 16 MiB and one byte", large.to_vec(), 1009),
            ("a frame of 2^63 bytes", endless.to_vec(), 1009),
            ("a length of 6 in two bytes", b"\x81\xfe\0\x06\0\0\0\0a text".to_vec(), 1002),
            (
                "a length of 6 in eight bytes",
                b"\x81\xff\0\0\0\0\0\0\0\x06\0\0\0\0a text".to_vec(),
                1002,
            ),
            ("a ping whose length is in two bytes", b"\x89\xfe\0\x06\0\0\0\0a text".to_vec(), 1002),
            ("code 999 in a close frame", masked(0x88, &999_u16.to_be_bytes()), 1002),
            ("no mask", b"\x81\x06a text".to_vec(), 1002),
            ("a reserved bit", masked(0xc1, b"a text"), 1002),
            ("a reserved opcode", masked(0x83, b"a text"), 1002),
            ("a reserved control opcode", masked(0x8b, b""), 1002),
            ("a fragmented ping", masked(0x09, b"a text"), 1002),
            ("a continuation of nothing", masked(0x80, b"a text"), 1002),
            ("a message within a message", [masked(0x01, b"a"), masked(0x81, b"b")].concat(), 1002),
            ("one byte of close payload", masked(0x88, b"\x03"), 1002),
            ("code 1005 in a close frame", masked(0x88, &1005_u16.to_be_bytes()), 1002),
        ];
        for (what, bytes, code) in cases {
            let mut stream = server.open().await;
            // What was right before the fault is still echoed.
            stream.write_all(&masked(0x81, b"other")).await.unwrap();
            stream.write_all(&bytes).await.unwrap();
            // It comes although the server has not read all that was sent, and the stream then
            // ends without a reset.
            stream.write_all(&masked(0x81, b"too late")).await.unwrap();
            let answer = read_to_end(&mut stream).await;
            let rest = answer.strip_prefix(b"\x81\x05other").unwrap();
            assert_eq!(rest[0], 0x88, "{what}: {rest:x?}");
            assert_eq!(rest[2..4], code.to_be_bytes(), "{what}: {rest:x?}");
            assert_eq!(rest.len(), 2 + usize::from(rest[1]), "{what}: {rest:x?}");
        }
        // Each of them is counted, also a close with a code that may not be sent.
        let metrics = answer(&server, b"GET /metrics HTTP/1.0\r\n\r\n").await;
        assert!(metrics.contains("echo_ended_total{reason=\"protocol\"} 16\n"), "{metrics}");
        assert!(metrics.contains("echo_ended_total{reason=\"too_big\"} 2\n"), "{metrics}");
    }

    #[tokio::test]
    async fn for_a_missing_mask_comes_wherever_it_is_missing_and_harms_nobody_else() {
        let server = Server::start(Config::default()).await;
        let mut healthy = server.connect("/").await;
        let echoed = b"\x81\x05other";
        let cases: [(&str, Vec<u8>, &[u8]); 8] = [
            ("a text, first", b"\x81\x06a text".to_vec(), b""),
            ("a binary, first", b"\x82\x02\x36\x78".to_vec(), b""),
            ("an empty one", [masked(0x81, b"other"), b"\x81\x00".to_vec()].concat(), echoed),
            (
                "after one with a mask",
                [masked(0x81, b"other"), b"\x81\x06a text".to_vec()].concat(),
                echoed,
            ),
            ("a ping", [masked(0x81, b"other"), b"\x89\x06a text".to_vec()].concat(), echoed),
            ("a pong", b"\x8a\x00".to_vec(), b""),
            ("a close", b"\x88\x02\x03\xe8".to_vec(), b""),
            (
                "a fragment in the middle",
                [masked(0x01, b"a t"), b"\x00\x01e".to_vec(), masked(0x80, b"xt")].concat(),
                b"",
            ),
        ];
        for (what, bytes, before) in cases {
            let mut stream = server.open().await;
            stream.write_all(&bytes).await.unwrap();
            // Nothing of what comes behind it is taken.
            stream.write_all(&masked(0x81, b"too late")).await.unwrap();
            let answer = read_to_end(&mut stream).await;
            let close = answer.strip_prefix(before).unwrap();
            assert_eq!(close, close_frame(1002, "protocol error"), "{what}: {answer:x?}");
            assert_echo(&mut healthy, Message::text("a text")).await;
        }
    }

    /// A mask may be anything (RFC 6455 §5.3), and each frame has its own.
    #[tokio::test]
    async fn is_not_for_an_odd_mask() {
        let server = Server::start(Config::default()).await;
        let mut stream = server.open().await;
        for key in [[0; 4], [0xff; 4], [0, 0, 0, 1], *b"mask", [0; 4]] {
            let payload = b"a text".iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key);
            let frame = [0x81, 0x86].into_iter().chain(key).chain(payload).collect::<Vec<u8>>();
            stream.write_all(&frame).await.unwrap();
            let mut echo = [0; 8];
            timeout(LONG, stream.read_exact(&mut echo)).await.unwrap().unwrap();
            assert_eq!(&echo, b"\x81\x06a text", "{key:x?}");
        }
    }

    #[tokio::test]
    async fn for_a_message_over_the_limit_reaches_a_client_that_is_still_sending_it() {
        let server = Server::start(Config { max_message_bytes: 1_000, ..Config::default() }).await;
        let mut client = server.connect("/").await;
        assert_echo(&mut client, Message::text("x".repeat(1_000))).await;
        // More than fits into the buffers of the network.
        client.send(Message::binary(vec![0; 20_000_000])).await.unwrap();
        assert_eq!(close_code(&mut client).await, Some(CloseCode::Size));
    }

    #[tokio::test]
    async fn for_a_message_over_the_limit_counts_all_its_frames() {
        let server = Server::start(Config { max_message_bytes: 1_000, ..Config::default() }).await;
        let mut client = server.connect("/").await;
        for data in [Data::Binary, Data::Continue, Data::Continue] {
            let part = Frame::message(vec![0; 400], OpCode::Data(data), false);
            client.feed(Message::Frame(part)).await.unwrap();
        }
        client.flush().await.unwrap();
        assert_eq!(close_code(&mut client).await, Some(CloseCode::Size));
    }

    #[tokio::test]
    async fn without_a_word_harms_nobody_else() {
        let server = Server::start(Config::default()).await;
        let mut healthy = server.connect("/").await;
        drop(server.dial().await);
        drop(server.open().await);
        let mut in_the_middle = server.open().await;
        in_the_middle.write_all(&masked(0x81, b"a text")[..5]).await.unwrap();
        drop(in_the_middle);
        let mut in_its_request = server.dial().await;
        in_its_request.write_all(&request("", "")[..20]).await.unwrap();
        drop(in_its_request);
        assert_echo(&mut healthy, Message::text("a text")).await;
        assert_echo(&mut server.connect("/").await, Message::text("a text")).await;
    }
}

mod a_shutdown {
    use super::*;

    const REASON: &str = "server is shutting down";

    #[tokio::test]
    async fn tells_everyone_and_waits_for_their_answers() {
        let server = Server::start(Config::default()).await;
        let address = server.address;
        let mut clients = Vec::new();
        for _ in 0..10 {
            let mut client = server.connect("/").await;
            assert_echo(&mut client, Message::text("a text")).await;
            clients.push(client);
        }
        let ends = clients.into_iter().map(|mut client| {
            tokio::spawn(async move { (next(&mut client).await, next(&mut client).await) })
        });
        let ends: Vec<_> = ends.collect();
        server.stop().await.unwrap();
        for end in ends {
            let frame = CloseFrame { code: CloseCode::Away, reason: REASON.into() };
            assert_eq!(end.await.unwrap(), (Some(Message::Close(Some(frame))), None));
        }
        let refused = TcpStream::connect(address).await.unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
    }

    #[tokio::test]
    async fn does_not_wait_for_ever() {
        let server = Server::start(Config { close_timeout: SHORT, ..Config::default() }).await;
        // One that doesn't answer, and one that doesn't even read what it is sent.
        let mut mute = server.open().await;
        let mut deaf = server.open().await;
        let flood = masked(0x82, &[0; 125]).repeat(100_000);
        let (written, answer) = tokio::join!(
            // It ends with an error when the server cuts the connection.
            timeout(LONG, deaf.write_all(&flood)),
            async {
                mute.write_all(&masked(0x81, b"a text")).await.unwrap();
                let mut echoed = [0; 8];
                mute.read_exact(&mut echoed).await.unwrap();
                server.stop().await.unwrap();
                read_to_cut(&mut mute).await
            }
        );
        assert!(written.is_ok(), "the client that does not read was not cut off");
        assert_eq!(answer, close_frame(1001, REASON));
    }

    #[tokio::test]
    async fn tells_those_who_are_still_shaking_hands() {
        let server = Server::start(Config::default()).await;
        let mut stream = server.dial().await;
        stream.write_all(&request("", "")[..20]).await.unwrap();
        // Connections are accepted in order: once this one is open, the other one is known.
        drop(server.connect("/").await);
        let read = tokio::spawn(async move { read_to_end(&mut stream).await });
        server.stop().await.unwrap();
        let answer = String::from_utf8(read.await.unwrap()).unwrap();
        assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
        assert!(answer.contains("\r\nRetry-After: 5\r\n"), "{answer}");
    }

    #[tokio::test]
    async fn may_be_over_before_it_began() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        serve(listener, Config::default(), std::future::ready("custom")).await.unwrap();
    }

    #[tokio::test]
    async fn by_dropping_the_server_cuts_every_connection() {
        let server = Server::start(Config::default()).await;
        let mut stream = server.open().await;
        server.task.abort();
        assert_eq!(read_to_cut(&mut stream).await, b"");
    }
}

mod a_handshake {
    use super::*;

    #[tokio::test]
    async fn that_is_wrong_is_told_what_would_be_right() {
        let server = Server::start(Config::default()).await;
        for (replaced, line, status, header, body) in [
            ("GET", "POST /echo HTTP/1.1", "405 Method Not Allowed", "Allow: GET", "GET"),
            ("Upgrade", "", "426 Upgrade Required", "Upgrade: websocket", "echo server"),
            ("Connection", "", "426 Upgrade Required", "Upgrade: websocket", "/picture"),
            (
                "Sec-WebSocket-Version",
                "Sec-WebSocket-Version: 8",
                "426 Upgrade Required",
                "Sec-Websocket-Version: 13",
                "13",
            ),
            ("Sec-WebSocket-Key", "", "400 Bad Request", "", "Sec-WebSocket-Key"),
            (
                "Sec-WebSocket-Key",
                "Sec-WebSocket-Key: custom",
                "400 Bad Request",
                "",
                "16 bytes in base64",
            ),
            ("Host", "", "400 Bad Request", "", "Host"),
            ("GET", "GET /custom HTTP/1.1", "404 Not Found", "", "/ticker"),
            ("GET", "GET /ticker?every=1 HTTP/1.1", "400 Bad Request", "", "100ms, 2s or 5m"),
        ] {
            let answer = answer(&server, &request(replaced, line)).await;
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{line}: {answer}");
            assert!(answer.contains(header), "{line}: {answer}");
            let (head, told) = answer.split_once("\r\n\r\n").unwrap();
            assert!(head.contains("\r\nContent-Type: text/plain; charset=utf-8"), "{answer}");
            assert!(head.contains(&format!("\r\nContent-Length: {}", told.len())), "{answer}");
            assert!(told.contains(body), "{line}: {answer}");
        }
    }

    #[tokio::test]
    async fn over_its_bounds_is_told_them() {
        let config = Config { max_head_bytes: 9_000, ..Config::default() };
        let server = Server::start(config).await;
        let long = request("", &format!("X-Fruit: {}", "x".repeat(20_000)));
        let long_path = request("GET", &format!("GET /{} HTTP/1.1", "x".repeat(20_000)));
        let many = request("", &vec!["X-Fruit: custom"; 100].join("\r\n"));
        for request in [long, long_path, many] {
            let answer = answer(&server, &request).await;
            assert_refusal(
                &answer,
                "431 Request Header Fields Too Large",
                "9000 bytes and 100 headers",
            );
        }
    }

    #[tokio::test]
    async fn of_another_protocol_is_refused_without_waiting_for_its_end() {
        let server = Server::start(Config::default()).await;
        for (bytes, what) in [
            (&b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..], "not a request of HTTP/1.1"),
            (b"SSH-2.0-custom\r\n", "GET /echo HTTP/1.1"),
            (b"GET / CUSTOM/3.6\r\n\r\n", "not a request of HTTP/1.1"),
            (b"GET / HTTP/1.1\r\nX Fruit: custom\r\n\r\n", "not a request of HTTP/1.1"),
            (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "speaks HTTP/1.1"),
        ] {
            assert_refusal(&answer(&server, bytes).await, "400 Bad Request", what);
        }
    }

    /// One answer, with its words.
    fn assert_refusal(answer: &str, status: &str, part: &str) {
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{answer}");
        let (head, told) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("\r\nConnection: close\r\n"), "{answer}");
        assert!(head.contains("\r\nContent-Type: text/plain; charset=utf-8"), "{answer}");
        assert!(head.contains(&format!("\r\nContent-Length: {}", told.len())), "{answer}");
        assert!(told.contains(part), "{answer}");
    }

    #[tokio::test]
    async fn that_is_none_behind_one_that_was_is_refused_too() {
        let server = Server::start(Config::default()).await;
        let both = b"GET /healthz HTTP/1.1\r\nHost: server\r\n\r\n\x16\x03\x01\r\n\r\n";
        let answer = answer(&server, both).await;
        let (first, second) = answer.split_once("ok\n").unwrap();
        assert!(first.starts_with("HTTP/1.1 200 "), "{answer}");
        assert!(second.starts_with("HTTP/1.1 400 "), "{answer}");
    }

    #[tokio::test]
    async fn that_is_not_finished_times_out() {
        let config = Config { handshake_timeout: SHORT, ..Config::default() };
        let server = Server::start(config).await;
        for part in [&b""[..], b"GET / HTTP/1.1\r\nHost:", b"GET / HTTP/1.1\r\nHost: a\r\n"] {
            let answer = answer(&server, part).await;
            assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{answer}");
        }
    }

    #[tokio::test]
    async fn may_come_byte_by_byte() {
        let server = Server::start(Config::default()).await;
        let mut stream = server.dial().await;
        stream.set_nodelay(true).unwrap();
        for byte in request("", "") {
            stream.write_u8(byte).await.unwrap();
            tokio::task::yield_now().await;
        }
        assert!(read_head(&mut stream).await.starts_with("HTTP/1.1 101 "));
    }

    #[tokio::test]
    async fn over_the_bound_of_connections_is_told_to_come_back() {
        let server = Server::start(Config { max_connections: 2, ..Config::default() }).await;
        let mut one = server.connect("/").await;
        let mut other = server.connect("/").await;
        let answer = answer(&server, &request("", "")).await;
        assert!(answer.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{answer}");
        assert!(answer.contains("\r\nRetry-After: 5\r\n"), "{answer}");
        assert_echo(&mut one, Message::text("a text")).await;
        assert_echo(&mut other, Message::text("other")).await;

        one.close(None).await.unwrap();
        while next(&mut one).await.is_some() {}
        drop(one);
        // The server notices a moment later that the client has hung up.
        let come_back = async {
            loop {
                match server.try_connect("/").await {
                    Ok(client) => break client,
                    Err(Error::Http(response)) => assert_eq!(response.status(), 503),
                    Err(error) => panic!("{error}"),
                }
            }
        };
        let mut third = timeout(LONG, come_back).await.unwrap();
        assert_echo(&mut third, Message::text("a text")).await;
    }

    #[tokio::test]
    async fn from_another_origin_is_refused() {
        let origins = Origins::Listed(vec!["https://Example.com".into()]);
        let server = Server::start(Config { origins, ..Config::default() }).await;
        for (line, status) in [
            ("Origin: https://example.com", "HTTP/1.1 101 "),
            ("", "HTTP/1.1 101 "),
            ("Origin: https://example.org", "HTTP/1.1 403 "),
        ] {
            let mut stream = server.dial().await;
            stream.write_all(&request("", line)).await.unwrap();
            let head = read_head(&mut stream).await;
            assert!(head.starts_with(status), "{line}: {head}");
        }
    }

    #[tokio::test]
    async fn agrees_on_the_clients_first_protocol_that_is_known() {
        let config =
            Config { protocols: vec!["chat".into(), "superchat".into()], ..Config::default() };
        let server = Server::start(config).await;
        let mut request = format!("ws://{}/", server.address).into_client_request().unwrap();
        let offers = "mqtt, superchat, chat".parse().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", offers);
        let (mut client, response) = timeout(LONG, connect_async(request)).await.unwrap().unwrap();
        assert_eq!(response.headers()["sec-websocket-protocol"], "superchat");
        assert_echo(&mut client, Message::text("a text")).await;
    }
}
