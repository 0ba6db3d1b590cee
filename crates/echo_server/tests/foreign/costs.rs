//! What the limits cost a client that keeps to them: the times of its echoes, and the server's work for
//! them, with each limit on and all others off. Printed, and not judged: a machine is never quiet enough.

use std::time::{Duration, Instant};

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{WebSocketStream, client_async};

use super::*;

/// In each of them all the cases have their turn, so that what the machine does besides meets them all.
const ROUNDS: usize = 7;

const ECHOES: usize = 4_000;

const OPENS: usize = 100;

/// Nothing is watched that can be left unwatched. (There is no list of origins and no most messages in
/// a second unless one is asked for.)
const OFF: [(&str, &str); 6] = [
    ("--log", "off"),
    ("--max-connections", "1000000"),
    ("--max-connections-per-address", "1000000"),
    ("--handshake-timeout", "1day"),
    ("--ping-interval", "1day"),
    ("--stall-timeout", "1day"),
];

const ORIGIN: &str = "https://server.example";

/// What is on, and how it is asked for.
const CASES: [(&str, &[(&str, &str)]); 9] = [
    ("all off", &[]),
    (
        "connections in all and of an address",
        &[("--max-connections", "900"), ("--max-connections-per-address", "200")],
    ),
    ("time for a handshake", &[("--handshake-timeout", "10s")]),
    ("messages in a second", &[("--max-rate", "1000000")]),
    ("a ping after 1 ms of silence", &[("--ping-interval", "1ms")]),
    ("time for not reading", &[("--stall-timeout", "30s")]),
    (
        "a list of 3 origins",
        &[
            ("--origin", "https://other.example"),
            ("--origin", "https://plum.example"),
            ("--origin", ORIGIN),
        ],
    ),
    ("payloads in the log", &[("--log", "info"), ("--log-payloads", "")]),
    (
        "the defaults",
        &[
            ("--log", "info"),
            ("--max-connections", "900"),
            ("--max-connections-per-address", "200"),
            ("--handshake-timeout", "10s"),
            ("--ping-interval", "25s"),
            ("--stall-timeout", "30s"),
        ],
    ),
];

/// What was measured in one turn of a case.
#[derive(Clone, Copy)]
struct Turn {
    /// The median, and what 99 of 100 echoes stay below.
    echo: [Duration; 2],
    /// The server's time on the processor for each echo.
    work: Duration,
    /// The median of a handshake, with the connection and its end.
    open: Duration,
}

#[test]
fn of_the_limits() {
    let mut turns: [Vec<Turn>; CASES.len()] = Default::default();
    for _ in 0..ROUNDS {
        for ((_, options), turns) in CASES.iter().zip(&mut turns) {
            turns.push(turn(options));
        }
    }
    println!("Medians of {ROUNDS} rounds, each of {ECHOES} echoes and {OPENS} handshakes:");
    println!("   echo    99 %   CPU/echo   handshake");
    for ((name, _), turns) in CASES.iter().zip(turns) {
        let median = |of: &dyn Fn(&Turn) -> Duration| {
            let mut values: Vec<Duration> = turns.iter().map(of).collect();
            values.sort();
            values[values.len() / 2].as_secs_f64() * 1e6
        };
        println!(
            "{:>6.1} {:>7.1} {:>10.2} {:>11.1} µs  {name}",
            median(&|turn| turn.echo[0]),
            median(&|turn| turn.echo[1]),
            median(&|turn| turn.work),
            median(&|turn| turn.open),
        );
    }
}

fn turn(options: &[(&str, &str)]) -> Turn {
    let is_on = |name: &str| options.iter().any(|(on, _)| *on == name);
    let arguments: Vec<String> = OFF
        .iter()
        .filter(|(name, _)| !is_on(name))
        .chain(options)
        .map(
            |(name, value)| {
                if value.is_empty() { (*name).to_owned() } else { format!("{name}={value}") }
            },
        )
        .collect();
    let server = Server::unheard(&arguments);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(measure(&server))
}

async fn measure(server: &Server) -> Turn {
    let mut socket = open(server).await;
    for _ in 0..ECHOES / 10 {
        echo(&mut socket).await;
    }
    let before = work(server);
    let mut echoes = Vec::new();
    for _ in 0..ECHOES {
        let start = Instant::now();
        echo(&mut socket).await;
        echoes.push(start.elapsed());
    }
    let count = u32::try_from(ECHOES).unwrap();
    let work = (work(server) - before) / count;
    let mut opens = Vec::new();
    for _ in 0..OPENS {
        let start = Instant::now();
        drop(open(server).await);
        opens.push(start.elapsed());
    }
    echoes.sort();
    opens.sort();
    let echo = [echoes[ECHOES / 2], echoes[ECHOES * 99 / 100]];
    Turn { echo, work, open: opens[OPENS / 2] }
}

async fn open(server: &Server) -> WebSocketStream<TcpStream> {
    let stream = TcpStream::connect(&*server.address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut request = format!("{}/echo", server.url).into_client_request().unwrap();
    request.headers_mut().insert("origin", ORIGIN.parse().unwrap());
    client_async(request, stream).await.unwrap().0
}

async fn echo(socket: &mut WebSocketStream<TcpStream>) {
    let message = Message::text("a text, and 24 bytes of it");
    socket.send(message.clone()).await.unwrap();
    loop {
        match socket.next().await.unwrap().unwrap() {
            Message::Ping(_) => {}
            other => break assert_eq!(other, message),
        }
    }
}

/// How long the server has had a processor, by the count of the system.
fn work(server: &Server) -> Duration {
    let tasks = format!("/proc/{}/task", server.running.child.id());
    let of_task = |task: std::io::Result<std::fs::DirEntry>| -> u64 {
        let count = std::fs::read_to_string(task.unwrap().path().join("schedstat")).unwrap();
        count.split(' ').next().unwrap().parse().unwrap()
    };
    Duration::from_nanos(std::fs::read_dir(tasks).unwrap().map(of_task).sum())
}
