//! The loop that sends, receives, verifies and measures: the same for every peer.

use std::env;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::counting::{counted, placement};
use crate::scenario::{Pace, RING, Scenario, flood_messages, payload};
use crate::{Result, peers, usage};

/// How long a peer runs before it is measured: memory is asked for, pages are touched, the
/// processor has learned its branches.
const WARM_UP: Duration = Duration::from_millis(120);

/// How long it is measured.
const MEASURED: Duration = Duration::from_millis(400);

/// The same where messages are paced, in messages.
const PACED_WARM_UP: usize = 20;
const PACED_MEASURED: usize = 100;

/// A flood has done what it can when the memory has not grown for so long.
const STILL: Duration = Duration::from_millis(700);

/// Or after so long: one of a peer that takes everything ends by itself before.
const FLOOD_LIMIT: Duration = Duration::from_secs(20);

/// How a peer sends and receives, in the way that its documentation teaches.
#[expect(async_fn_in_trait, reason = "nobody asks whether the futures are Send")]
pub trait Socket {
    /// Sends all of the messages.
    async fn send(&mut self, messages: impl Iterator<Item = Bytes>) -> Result;

    /// Waits until there is at least one message, and hands over all that are there.
    async fn receive(&mut self, incoming: &mut Incoming) -> Result;
}

/// Runs one peer through one scenario and prints what it measured, a name and a number a line.
pub fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let outcome = match arguments.as_slice() {
        [peer, scenario, address] => run(peer, scenario, address),
        _ => Err("a client takes a peer, a scenario and an address".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", arguments.join(" "));
            ExitCode::FAILURE
        }
    }
}

fn run(peer: &str, scenario: &str, address: &str) -> Result {
    let scenario = Scenario::named(scenario)?;
    let connect = peers::named(peer)?;
    let path = match scenario.pace {
        Pace::Flood => format!("flood/{}", scenario.name),
        _ => "echo".to_owned(),
    };
    connect(&format!("ws://{address}/{path}"), scenario)
}

/// Does what the scenario asks for. A peer calls it with its open connection.
///
/// # Errors
/// The connection failed, or what came back is not what was sent.
pub async fn play(socket: &mut impl Socket, scenario: Scenario) -> Result {
    match scenario.pace {
        Pace::Full => exchange(socket, scenario).await,
        Pace::Every(interval) => pace(socket, scenario, interval).await,
        Pace::Flood => withstand(socket, scenario).await,
    }
}

async fn exchange(socket: &mut impl Socket, scenario: Scenario) -> Result {
    let mut outgoing = Outgoing::new(scenario);
    let mut incoming = Incoming::new(scenario);
    socket.send(outgoing.next(scenario.in_flight)).await?;

    let start = Instant::now();
    let mut begin: Option<Point> = None;
    let mut next_look = 0;
    loop {
        let before = incoming.messages;
        socket.receive(&mut incoming).await?;
        socket.send(outgoing.next(incoming.messages - before)).await?;

        // The clock is looked at a hundred times, and not for every message.
        if incoming.messages < next_look {
            continue;
        }
        match &begin {
            None if start.elapsed() >= WARM_UP => {
                begin = Some(Point::now(&incoming));
            }
            Some(begin) if begin.time.elapsed() >= MEASURED => {
                begin.print_until(&Point::now(&incoming));
                return Ok(());
            }
            _ => {}
        }
        next_look = incoming.messages + incoming.messages / 100;
    }
}

async fn pace(socket: &mut impl Socket, scenario: Scenario, interval: Duration) -> Result {
    let mut outgoing = Outgoing::new(scenario);
    let mut incoming = Incoming::new(scenario);
    let mut times = Vec::with_capacity(PACED_MEASURED);
    let mut next = Instant::now();
    for number in 0..PACED_WARM_UP + PACED_MEASURED {
        // Nothing is on its way, so nothing is held up, whatever runs in this thread.
        thread::sleep(next.saturating_duration_since(Instant::now()));
        let start = Instant::now();
        socket.send(outgoing.next(1)).await?;
        while incoming.messages <= number {
            socket.receive(&mut incoming).await?;
        }
        if number >= PACED_WARM_UP {
            times.push(start.elapsed());
        }
        // A frame that was missed is skipped: what is sent right behind an echo meets a peer that
        // is awake.
        while next <= Instant::now() {
            next += interval;
        }
    }
    times.sort_unstable();
    let percentile = |percent: usize| times[(times.len() - 1) * percent / 100].as_nanos();
    println!("p50_ns {}", percentile(50));
    println!("p99_ns {}", percentile(99));
    Ok(())
}

async fn withstand(socket: &mut impl Socket, scenario: Scenario) -> Result {
    let resident = || usage::resident_bytes().ok_or("this system does not tell memory");
    let before = resident()?;
    // The server begins when it is told to.
    socket.send(Outgoing::new(scenario).next(1)).await?;

    let start = Instant::now();
    let mut most = before;
    let mut grown_at = start;
    while grown_at.elapsed() < STILL && start.elapsed() < FLOOD_LIMIT {
        thread::sleep(STILL / 50);
        let now = resident()?;
        if now > most {
            most = now;
            grown_at = Instant::now();
        }
    }
    println!("growth_bytes {}", most - before);

    // And then all of it is there, in order.
    let mut incoming = Incoming::new(scenario);
    while incoming.messages < flood_messages(scenario.payload_bytes) {
        socket.receive(&mut incoming).await?;
    }
    Ok(())
}

/// The messages of a scenario, one after the other.
pub struct Outgoing {
    ring: Vec<Bytes>,
    messages: usize,
}

impl Outgoing {
    fn new(scenario: Scenario) -> Self {
        let payload = |number| payload(number, scenario.payload_bytes).into();
        Self { ring: (0..RING).map(payload).collect(), messages: 0 }
    }

    fn next(&mut self, count: usize) -> impl Iterator<Item = Bytes> {
        let first = self.messages;
        self.messages += count;
        (first..first + count).map(|number| self.ring[number % RING].clone())
    }
}

/// Verifies what comes back.
pub struct Incoming {
    payload_bytes: usize,
    header_bytes: usize,
    messages: usize,
}

impl Incoming {
    fn new(scenario: Scenario) -> Self {
        let payload_bytes = scenario.payload_bytes;
        // As a server writes it, which does not mask (RFC 6455 §5.2).
        let header_bytes = match payload_bytes {
            0..126 => 2,
            126..65536 => 4,
            _ => 10,
        };
        Self { payload_bytes, header_bytes, messages: 0 }
    }

    /// Takes the next message.
    ///
    /// # Errors
    /// It is not the one that is due.
    pub fn verify(&mut self, payload: &[u8]) -> Result {
        let number = (self.messages % RING).to_le_bytes();
        let is_due = payload.len() == self.payload_bytes
            && payload.starts_with(&number)
            && payload.ends_with(&number);
        if !is_due {
            return Err(format!(
                "message {} is not the one that is due: {} bytes, {:?}…",
                self.messages,
                payload.len(),
                &payload[..payload.len().min(8)]
            )
            .into());
        }
        let frame = self.header_bytes + self.payload_bytes;
        placement::verify(payload, self.messages * frame + self.header_bytes);
        self.messages += 1;
        Ok(())
    }
}

/// What was used until now.
struct Point {
    messages: usize,
    time: Instant,
    cpu: Duration,
    counted: Option<crate::counting::Counted>,
}

impl Point {
    fn now(incoming: &Incoming) -> Self {
        Self {
            messages: incoming.messages,
            time: Instant::now(),
            cpu: usage::cpu_time(),
            counted: counted(),
        }
    }

    fn print_until(&self, end: &Self) {
        let messages = (end.messages - self.messages) as f64;
        let print = |name: &str, sum: f64| println!("{name} {}", sum / messages);
        print("cpu_ns", (end.cpu - self.cpu).as_nanos() as f64);
        print("wall_ns", (end.time - self.time).as_nanos() as f64);
        if let (Some(begin), Some(end)) = (self.counted, end.counted) {
            print("allocations", (end.allocations - begin.allocations) as f64);
            print("allocated_bytes", (end.allocated_bytes - begin.allocated_bytes) as f64);
            let bytes = (end.payload_bytes - begin.payload_bytes) as f64;
            println!("in_place {}", (end.in_place_bytes - begin.in_place_bytes) as f64 / bytes);
        }
    }
}
