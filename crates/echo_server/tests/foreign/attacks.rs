//! Attacks, each with a healthy client beside it, from another address, whose times are printed.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

use super::*;

const LONG: Duration = Duration::from_secs(60);

/// What the healthy client bears, but once in a hundred times: far more than it meets on a machine
/// with nothing else to do, and far less than a server that is held up would make of it.
const BEARABLE: Duration = Duration::from_secs(1);

const HANDSHAKE: &[u8] = b"GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\
    Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
    Sec-WebSocket-Version: 13\r\n\r\n";

/// A client that means well, on a thread of its own: it echoes on one connection, and opens another
/// one now and then.
struct Healthy {
    is_over: Arc<AtomicBool>,
    thread: JoinHandle<(Vec<Duration>, Vec<Duration>)>,
}

impl Healthy {
    fn start(server: &Server) -> Self {
        let address = server.address.parse().unwrap();
        let is_over = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&is_over);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                let (mut echoes, mut opens) = (Vec::new(), Vec::new());
                let mut socket = Self::open(address).await;
                while !seen.load(Relaxed) {
                    for _ in 0..20 {
                        let start = Instant::now();
                        let message = Message::text("a text, and 24 bytes of it");
                        socket.send(message.clone()).await.unwrap();
                        loop {
                            match timeout(LONG, socket.next()).await.unwrap().unwrap().unwrap() {
                                Message::Ping(_) => {}
                                other => break assert_eq!(other, message),
                            }
                        }
                        echoes.push(start.elapsed());
                        sleep(Duration::from_millis(2)).await;
                    }
                    let start = Instant::now();
                    drop(Self::open(address).await);
                    opens.push(start.elapsed());
                }
                (echoes, opens)
            })
        });
        Self { is_over, thread }
    }

    async fn open(address: SocketAddr) -> WebSocketStream<TcpStream> {
        let socket = TcpSocket::new_v4().unwrap();
        // All of 127.0.0.0/8 is this machine.
        socket.bind("127.3.6.78:0".parse().unwrap()).unwrap();
        let stream = timeout(LONG, socket.connect(address)).await.unwrap().unwrap();
        stream.set_nodelay(true).unwrap();
        timeout(LONG, client_async("ws://server/echo", stream)).await.unwrap().unwrap().0
    }

    /// Prints how it went, and fails if it was not well.
    ///
    /// Half of the echoes took no longer than what it returns.
    fn finish(self, what: &str) -> Duration {
        self.is_over.store(true, Relaxed);
        let (echoes, opens) = self.thread.join().unwrap();
        let of = |mut times: Vec<Duration>| {
            times.sort();
            let at = |percent: usize| times[(times.len() - 1) * percent / 100];
            (times.len(), at(50), at(99), at(100))
        };
        let echoes = of(echoes);
        for (name, (count, half, most, all)) in [("echo", echoes), ("open", of(opens))] {
            println!("{what}: {name} × {count}: median {half:.1?}, 99 % {most:.1?}, all {all:.1?}");
            assert!(most < BEARABLE, "{what}: the healthy client waited {most:?}");
        }
        echoes.1
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// What the server holds in memory, in KiB.
fn resident(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.running.child.id()));
    let status = status.unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

async fn dial(server: &Server) -> TcpStream {
    timeout(LONG, TcpStream::connect(&*server.address)).await.unwrap().unwrap()
}

async fn open(server: &Server) -> TcpStream {
    open_at(server.address.parse().unwrap()).await
}

async fn open_at(address: SocketAddr) -> TcpStream {
    let mut stream = timeout(LONG, TcpStream::connect(address)).await.unwrap().unwrap();
    stream.write_all(HANDSHAKE).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(timeout(LONG, stream.read_u8()).await.unwrap().unwrap());
    }
    assert!(head.starts_with(b"HTTP/1.1 101 "));
    stream
}

/// All that still comes; a reset is an end like any other here.
async fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut rest = Vec::new();
    let _ = timeout(LONG, stream.read_to_end(&mut rest)).await.unwrap();
    rest
}

/// Waits until a count of the server's is as low as this.
async fn falls_to(server: &Server, metric: &str, most: u64) {
    let start = Instant::now();
    while server.metric(metric) > most {
        assert!(start.elapsed() < LONG, "{metric} stays at {}", server.metric(metric));
        sleep(Duration::from_millis(50)).await;
    }
}

/// Room for all of an attack: here the bounds for numbers are out of the way.
const ROOM: [&str; 2] = ["--max-connections=15000", "--max-connections-per-address=15000"];

#[test]
fn none() {
    let server = Server::start(&[]);
    let healthy = Healthy::start(&server);
    runtime().block_on(async { sleep(Duration::from_secs(2)).await });
    healthy.finish("no attack");
}

#[test]
fn half_open_handshakes() {
    for (what, arguments) in [
        ("5000 half-open handshakes, default limits", &[][..]),
        ("5000 half-open handshakes, room for all", &ROOM),
    ] {
        let server = Server::start(&[arguments, &["--handshake-timeout=5s"]].concat());
        let healthy = Healthy::start(&server);
        runtime().block_on(async {
            let mut streams = Vec::new();
            for _ in 0..5_000 {
                let mut stream = dial(&server).await;
                // The refused may be gone already.
                let _ = stream.write_all(&HANDSHAKE[..40]).await;
                streams.push(stream);
            }
            // All are gone in time, though they stay at their end.
            falls_to(&server, "echo_connections", 5).await;
        });
        healthy.finish(what);
        assert!(server.metric("echo_refused_total{reason=\"handshake_timeout\"}") > 0);
    }
}

#[test]
fn trickled_bytes() {
    let server = Server::start(&[&ROOM[..], &["--handshake-timeout=2s"]].concat());
    let healthy = Healthy::start(&server);
    runtime().block_on(async {
        let mut streams = Vec::new();
        for _ in 0..1_000 {
            streams.push(dial(&server).await);
        }
        for byte in HANDSHAKE.iter().take(60) {
            for stream in &mut streams {
                let _ = stream.write_u8(*byte).await;
            }
            sleep(Duration::from_millis(50)).await;
        }
        for stream in &mut streams {
            assert!(rest(stream).await.starts_with(b"HTTP/1.1 408 "));
        }
    });
    healthy.finish("1000 requests byte by byte");
}

#[test]
fn idle_connections() {
    let server = Server::start(&[&ROOM[..], &["--ping-interval=2s"]].concat());
    let before = resident(&server);
    let healthy = Healthy::start(&server);
    runtime().block_on(async {
        let mut streams = Vec::new();
        for _ in 0..10_000 {
            streams.push(open(&server).await);
        }
        let each = (resident(&server) - before) as f64 / 10_000.0;
        println!("10000 idle WebSockets: {each:.1} KiB each");
        // They are pinged meanwhile, and as they answer nothing, gone at the end.
        falls_to(&server, "echo_websockets", 5).await;
    });
    healthy.finish("10000 idle WebSockets that answer no ping");
    assert!(server.metric("echo_ended_total{reason=\"silent\"}") >= 10_000);
}

#[test]
fn clients_that_never_read() {
    let server = Server::start(&["--stall-timeout=2s", "--max-connections-per-address=15000"]);
    let before = resident(&server);
    let healthy = Healthy::start(&server);
    runtime().block_on(async {
        let mut floods = Vec::new();
        for _ in 0..50 {
            let mut stream = open(&server).await;
            floods.push(tokio::spawn(async move {
                // A frame of 64 KiB with a mask of zeros.
                let frame = [&[0x82, 0xff, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0][..], &[36; 65_536]];
                let frame = frame.concat();
                // Ends when the server cuts it off.
                while stream.write_all(&frame).await.is_ok() {}
            }));
        }
        sleep(Duration::from_secs(1)).await;
        println!("50 clients that never read: {} KiB in all", resident(&server) - before);
        for flood in floods {
            timeout(LONG, flood).await.unwrap().unwrap();
        }
    });
    healthy.finish("50 clients that never read");
    assert_eq!(server.metric("echo_ended_total{reason=\"stalled\"}"), 50);
}

/// What a flood sends: what comes first, and what then comes again and again.
const FLOODS: [(&str, &[u8], &[u8]); 4] = [
    ("pings", b"", b"\x89\x80\0\0\0\0"),
    ("pongs", b"", b"\x8a\x80\0\0\0\0"),
    ("empty messages", b"", b"\x82\x80\0\0\0\0"),
    ("empty continuations", b"\x02\x80\0\0\0\0", b"\x00\x80\0\0\0\0"),
];

/// What the healthy client bears in half of its echoes while it is flooded around it. A connection that is
/// served for as long as its bytes come takes a second at a time.
const BEARABLE_HALF: Duration = Duration::from_millis(100);

#[test]
fn floods_of_short_frames() {
    for connections in [4, 12] {
        for (what, first, frame) in FLOODS {
            let server = Server::start(&[]);
            flood(&server, &server, &format!("{connections} floods of {what}"), |server| {
                floods(server, connections, first, frame)
            });
        }
        // The same work for the machine, and none for the server of the healthy client.
        let (server, other) = (Server::start(&[]), Server::start(&[]));
        let (what, first, frame) = FLOODS[0];
        flood(
            &server,
            &other,
            &format!("{connections} floods of {what}, of another process"),
            |other| floods(other, connections, first, frame),
        );
    }
}

fn flood(
    server: &Server,
    flooded: &Server,
    what: &str,
    floods: impl FnOnce(&Server) -> Vec<tokio::task::JoinHandle<()>>,
) {
    let healthy = Healthy::start(server);
    runtime().block_on(async {
        let floods = floods(flooded);
        sleep(Duration::from_secs(3)).await;
        for flood in floods {
            assert!(!flood.is_finished(), "{what}: it has ended");
            flood.abort();
        }
    });
    let half = healthy.finish(what);
    assert!(half < BEARABLE_HALF, "{what}: the healthy client waited {half:?} as a rule");
}

/// Clients that send without end, and read what comes back.
fn floods(
    server: &Server,
    connections: usize,
    first: &'static [u8],
    frame: &[u8],
) -> Vec<tokio::task::JoinHandle<()>> {
    let frames = Arc::new(frame.repeat(20_000));
    let address: SocketAddr = server.address.parse().unwrap();
    (0..connections)
        .map(|_| {
            let frames = Arc::clone(&frames);
            tokio::spawn(async move {
                let stream = open_at(address).await;
                let (mut reader, mut writer) = stream.into_split();
                let reads = async {
                    let mut buffer = vec![0; 1 << 18];
                    while reader.read(&mut buffer).await.unwrap() > 0 {}
                };
                let writes = async {
                    writer.write_all(first).await.unwrap();
                    loop {
                        writer.write_all(&frames).await.unwrap();
                    }
                };
                tokio::select! {
                    () = reads => {}
                    () = writes => {}
                }
            })
        })
        .collect()
}

#[test]
fn frames_that_break_the_protocol() {
    let server = Server::start(&["--max-connections-per-address=15000"]);
    let endless = [0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0];
    let cases: [(&str, &[u8], u16); 4] = [
        ("frames of 2^63 bytes", &endless, 1009),
        ("frames without a mask", b"\x81\x06a text", 1002),
        ("text that is not UTF-8", b"\x81\x84\0\0\0\0rai\xff", 1007),
        ("reserved bits", b"\xf1\x80\0\0\0\0", 1002),
    ];
    for (what, frame, code) in cases {
        let healthy = Healthy::start(&server);
        runtime().block_on(async {
            for _ in 0..500 {
                let mut stream = open(&server).await;
                stream.write_all(frame).await.unwrap();
                let rest = rest(&mut stream).await;
                assert_eq!((rest[0], &rest[2..4]), (0x88, &code.to_be_bytes()[..]), "{what}");
            }
        });
        healthy.finish(&format!("500 × {what}"));
    }
}

#[test]
fn header_floods() {
    let server = Server::start(&["--max-connections-per-address=15000"]);
    let before = resident(&server);
    let healthy = Healthy::start(&server);
    runtime().block_on(async {
        let one_long = [b"GET / HTTP/1.1\r\nX-Fruit: ".to_vec(), vec![b'x'; 1 << 20]].concat();
        let many = [&b"GET / HTTP/1.1\r\n"[..], &b"X-Fruit: custom\r\n".repeat(60_000)].concat();
        for flood in [one_long, many] {
            for _ in 0..200 {
                let mut stream = dial(&server).await;
                // It is answered before all of it is read.
                let _ = stream.write_all(&flood).await;
                let answer = rest(&mut stream).await;
                assert!(answer.starts_with(b"HTTP/1.1 431 "), "{}", answer.escape_ascii());
            }
        }
    });
    healthy.finish("400 requests with a megabyte of headers");
    println!("header floods: {} KiB more than before", resident(&server).saturating_sub(before));
}
