//! The binary when it is held up: by clients that hold back, by those that want its memory, and by
//! whoever stops its process for a while. The clients are bare sockets.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, a panic is the report")]

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A wait that is over this is a failure: long enough for a machine that is busy otherwise.
const LONG: Duration = Duration::from_secs(30);

struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_echo-server"));
        Self::run(command.args(arguments).arg("--listen=127.0.0.1:0"))
    }

    /// With so many KiB of addresses.
    fn within(kib: u64, arguments: &[&str]) -> Self {
        let mut command = Command::new("sh");
        let script = format!("ulimit -v {kib}; exec \"$0\" \"$@\"");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_echo-server"), "--listen=127.0.0.1:0"]);
        Self::run(command.args(arguments))
    }

    fn run(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.rsplit('/').next().unwrap().trim().parse().unwrap();
        Self { child, address }
    }

    fn signal(&self, signal: &str) {
        let kill = format!("kill -{signal} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    /// What it has in memory, in KiB.
    fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    fn open(&self, path: &str) -> TcpStream {
        Self::shake_hands(TcpStream::connect(self.address).unwrap(), path)
    }

    /// From another address. (All of 127.0.0.0/8 is this machine.)
    fn open_elsewhere(&self) -> TcpStream {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let stream = runtime.block_on(async {
            let socket = tokio::net::TcpSocket::new_v4().unwrap();
            socket.bind("127.3.6.78:0".parse().unwrap()).unwrap();
            socket.connect(self.address).await.unwrap().into_std().unwrap()
        });
        stream.set_nonblocking(false).unwrap();
        Self::shake_hands(stream, "/echo")
    }

    fn shake_hands(mut stream: TcpStream, path: &str) -> TcpStream {
        stream.set_read_timeout(Some(LONG)).unwrap();
        stream.set_nodelay(true).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: server\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        .unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        assert!(head.starts_with(b"HTTP/1.1 101 "), "{}", head.escape_ascii());
        stream
    }

    fn assert_echo(&self) {
        let mut stream = self.open("/echo");
        stream.write_all(&masked(0x81, b"a text")).unwrap();
        assert_eq!(frame(&mut stream), (0x81, b"a text".to_vec()));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A frame with a mask of zeros, which leaves the payload readable.
fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    [head(first, payload.len()), payload.to_vec()].concat()
}

fn head(first: u8, len: usize) -> Vec<u8> {
    let mut head = vec![first];
    match u8::try_from(len) {
        Ok(len @ 0..126) => head.push(0x80 | len),
        _ => {
            head.push(0xff);
            head.extend((len as u64).to_be_bytes());
        }
    }
    head.extend([0; 4]);
    head
}

/// The next frame from the server, which is short.
fn frame(stream: &mut TcpStream) -> (u8, Vec<u8>) {
    let mut head = [0; 2];
    stream.read_exact(&mut head).unwrap();
    let mut payload = vec![0; usize::from(head[1])];
    stream.read_exact(&mut payload).unwrap();
    (head[0], payload)
}

/// The code of the close frame that comes next, behind pings and pongs.
fn close_code(stream: &mut TcpStream) -> u16 {
    loop {
        let (first, payload) = frame(stream);
        match first {
            0x88 => return u16::from_be_bytes([payload[0], payload[1]]),
            0x89 | 0x8a => {}
            other => panic!("a frame that begins with {other:#x}"),
        }
    }
}

/// Reads what is there, and says how much it was.
fn drain(stream: &mut TcpStream) -> usize {
    stream.set_nonblocking(true).unwrap();
    let mut buffer = vec![0; 1 << 20];
    let mut drained = 0;
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => panic!("the server has hung up"),
            Ok(len) => drained += len,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
            Err(error) => panic!("{error}"),
        }
    }
    stream.set_nonblocking(false).unwrap();
    drained
}

/// What is read until the connection ends, and how it ends.
fn rest(stream: &mut TcpStream) -> (usize, io::Result<()>) {
    let mut buffer = vec![0; 1 << 20];
    let mut len = 0;
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return (len, Ok(())),
            Ok(more) => len += more,
            Err(error) => return (len, Err(error)),
        }
    }
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < LONG, "{what}");
        sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_server_that_was_frozen_keeps_clients_that_have_answered() {
    let server = Server::start(&["--ping-interval=500ms", "--pong-timeout=1s"]);
    let mut clients: Vec<TcpStream> = (0..60).map(|_| server.open("/echo")).collect();
    for client in &mut clients {
        assert_eq!(frame(client), (0x89, Vec::new()));
    }
    server.signal("STOP");
    for client in &mut clients {
        client.write_all(&masked(0x8a, b"")).unwrap();
    }
    // Longer than the server would wait.
    sleep(Duration::from_secs(2));
    server.signal("CONT");
    for client in &mut clients {
        client.write_all(&masked(0x81, b"a text")).unwrap();
        while frame(client).0 != 0x81 {}
    }
}

#[test]
fn a_server_that_was_frozen_keeps_a_client_that_has_read_meanwhile() {
    let server = Server::start(&["--stall-timeout=1s"]);
    let mut clients: Vec<TcpStream> =
        (0..6).map(|_| server.open("/burst?count=64&size=1MiB")).collect();
    // The network takes what it can; then the server waits for the clients, and not yet for long.
    sleep(Duration::from_millis(300));
    server.signal("STOP");
    let drained: Vec<usize> = clients.iter_mut().map(drain).collect();
    sleep(Duration::from_secs(2));
    server.signal("CONT");
    for (client, drained) in clients.iter_mut().zip(drained) {
        let whole = 64 * (10 + (1 << 20)) + 2 + 2 + "that was all".len();
        let mut buffer = vec![0; whole - drained];
        client.read_exact(&mut buffer).unwrap();
        assert!(buffer.ends_with(b"that was all"));
    }
}

#[test]
fn a_client_that_does_not_read_is_cut_with_all_that_waits_for_it() {
    let server = Server::start(&["--stall-timeout=1s"]);
    let mut client = server.open("/burst?count=256&size=1MiB");
    sleep(Duration::from_secs(3));
    let (_, end) = rest(&mut client);
    assert_eq!(end.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
}

/// What was said to the end arrives, though the client reads it after the time for its answer is over.
#[test]
fn a_slow_reader_gets_all_that_was_said() {
    let server = Server::start(&["--close-timeout=500ms"]);
    // More than fits into the client's own buffer, and less than fits into the server's.
    let mut client = server.open("/burst?count=20000&size=32");
    sleep(Duration::from_secs(2));
    let (len, end) = rest(&mut client);
    end.unwrap();
    assert_eq!(len, 20_000 * (2 + 32) + 2 + 2 + "that was all".len());
}

/// The sockets of the server that the system has for a client's port.
fn sockets(server: &Server, client: &TcpStream) -> usize {
    let ends = format!(
        ":{:04X} 0100007F:{:04X} ",
        server.address.port(),
        client.local_addr().unwrap().port()
    );
    let sockets = std::fs::read_to_string("/proc/net/tcp").unwrap();
    sockets.lines().filter(|line| line.contains(&ends)).count()
}

#[test]
fn a_client_that_hangs_up_and_does_not_read_leaves_nothing_in_the_system() {
    let server = Server::start(&["--stall-timeout=1s"]);
    let mut client = server.open("/echo");
    // More than fits into the client's own buffer, and less than fits into the server's.
    for _ in 0..3 {
        client.write_all(&masked(0x82, &vec![36; 1 << 20])).unwrap();
    }
    client.shutdown(std::net::Shutdown::Write).unwrap();
    assert_eq!(sockets(&server, &client), 1);
    wait_until("it is still there", || sockets(&server, &client) == 0);
}

#[test]
fn a_ping_comes_an_interval_after_the_last_message() {
    let server = Server::start(&["--ping-interval=3s"]);
    let mut client = server.open("/echo");
    sleep(Duration::from_millis(1_500));
    client.write_all(&masked(0x81, b"a text")).unwrap();
    let start = Instant::now();
    assert_eq!(frame(&mut client).0, 0x81);
    assert_eq!(frame(&mut client), (0x89, Vec::new()));
    // It was four and a half seconds when it came after the second interval.
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
}

#[test]
fn every_frame_counts_against_the_rate() {
    let server = Server::start(&["--max-rate=5"]);
    for (first, frame) in [(vec![], masked(0x89, b"")), (masked(0x02, b""), masked(0x00, b""))] {
        let mut client = server.open("/echo");
        client.write_all(&[first, frame.repeat(200)].concat()).unwrap();
        assert_eq!(close_code(&mut client), 1008);
    }
}

#[test]
fn a_head_reserves_no_memory() {
    let server = Server::within(1 << 20, &["--max-message=16MiB"]);
    let clients: Vec<TcpStream> = (0..150)
        .map(|_| {
            let mut client = server.open("/echo");
            client.write_all(&head(0x82, 16 << 20)).unwrap();
            client
        })
        .collect();
    // One of them goes on, so that the others were read before.
    server.assert_echo();
    assert!(server.resident() < 60 << 10, "{} KiB", server.resident());
    drop(clients);
}

#[test]
fn one_address_leaves_memory_to_others() {
    let server = Server::start(&["--max-message=8MiB", "--max-buffered=32MiB"]);
    let before = server.resident();
    let mut unfinished: Vec<TcpStream> = (0..40).map(|_| server.open("/echo")).collect();
    for client in &mut unfinished {
        let mut message = head(0x02, 8 << 20);
        message.resize(message.len() + (4 << 20), 36);
        // Refused clients are hung up on.
        let _ = client.write_all(&message);
    }
    // There is a half for the address, and so for not more than four messages of 4 MiB.
    let refused = unfinished.iter_mut().filter_map(|client| {
        client.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        let mut first = [0; 4];
        client.read_exact(&mut first).ok().map(|()| first)
    });
    let refused: Vec<[u8; 4]> = refused.collect();
    assert!(refused.len() >= 36, "{}", refused.len());
    assert!(refused.iter().all(|frame| frame[0] == 0x88 && frame[2..] == 1013_u16.to_be_bytes()));
    assert!(server.resident() - before < 40 << 10, "{} KiB", server.resident() - before);
    // A client of another address has room for a long one.
    let mut other = server.open_elsewhere();
    let message = vec![36; 2 << 20];
    let mut sender = other.try_clone().unwrap();
    let sent = message.clone();
    let sending = std::thread::spawn(move || sender.write_all(&masked(0x82, &sent)).unwrap());
    let mut echo = vec![0; 10 + message.len()];
    other.read_exact(&mut echo).unwrap();
    assert!(echo[10..] == message);
    sending.join().unwrap();
}

#[test]
fn bursts_share_one_buffer() {
    let server = Server::start(&[]);
    let before = server.resident();
    let clients: Vec<TcpStream> =
        (0..100).map(|_| server.open("/burst?count=256&size=1MiB")).collect();
    server.assert_echo();
    let grown = server.resident() - before;
    assert!(grown < 30 << 10, "{grown} KiB for {} bursts", clients.len());
}

#[test]
fn memory_goes_back_to_the_system_after_long_messages() {
    let server = Server::start(&["--max-buffered=2GiB"]);
    let before = server.resident();
    // An allocator may learn from the first round to keep what it had.
    for _ in 0..2 {
        let mut clients: Vec<TcpStream> = (0..200).map(|_| server.open("/echo")).collect();
        for (number, client) in clients.iter_mut().enumerate() {
            let mut message = head(0x02, 1 << 20);
            message.resize((600 + 2 * number) << 10, 36);
            client.write_all(&message).unwrap();
        }
        wait_until("it holds what was sent", || server.resident() - before > 150 << 10);
        drop(clients);
        wait_until("the memory stays", || server.resident().saturating_sub(before) < 30 << 10);
    }
    server.assert_echo();
}
