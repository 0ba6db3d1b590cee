//! How each library sends and receives.

mod ewebsock;
mod ours;
mod streams;
mod tungstenite;

use std::future::Future;

use tokio::net::TcpStream;
use tokio::runtime::Builder;

use crate::Result;
use crate::scenario::Scenario;

/// Connects to a URL and plays a scenario.
type Peer = fn(&str, Scenario) -> Result;

/// The channel that this is about, on a thread of its own.
pub const OWN_THREAD: &str = "channel, own thread";
/// The same on the runtime of its caller.
pub const CALLERS_RUNTIME: &str = "channel, caller's runtime";
/// What all others are measured by.
pub const TUNED: &str = "tokio-tungstenite tuned";
/// ewebsock as it is, with a thread that looks for something to do.
pub const EWEBSOCK: &str = "ewebsock";
/// ewebsock with its feature `tokio`. In a build of its own, see `Cargo.toml`.
pub const EWEBSOCK_TOKIO: &str = "ewebsock tokio";

#[cfg(not(feature = "ewebsock-tokio"))]
const THIS_EWEBSOCK: &str = EWEBSOCK;
#[cfg(feature = "ewebsock-tokio")]
const THIS_EWEBSOCK: &str = EWEBSOCK_TOKIO;

/// Those of this build.
const PEERS: [(&str, Peer); 9] = [
    (CALLERS_RUNTIME, ours::callers_runtime),
    (OWN_THREAD, ours::own_thread),
    (TUNED, tungstenite::tuned),
    ("tokio-tungstenite naive", tungstenite::naive),
    (THIS_EWEBSOCK, ewebsock::run),
    ("fastwebsockets", streams::fastwebsockets),
    ("tokio-websockets", streams::tokio_websockets),
    ("yawc", streams::yawc),
    ("sockudo-ws", streams::sockudo_ws),
];

/// All of them, in the order of the tables.
pub const ALL: [&str; 10] = [
    CALLERS_RUNTIME,
    OWN_THREAD,
    TUNED,
    "tokio-tungstenite naive",
    EWEBSOCK,
    EWEBSOCK_TOKIO,
    "fastwebsockets",
    "tokio-websockets",
    "yawc",
    "sockudo-ws",
];

pub(crate) fn named(name: &str) -> Result<Peer> {
    let found = PEERS.iter().find(|(peer, _)| *peer == name);
    let (_, run) = found.ok_or_else(|| format!("there is no peer `{name}` in this build"))?;
    Ok(*run)
}

/// Runs a peer that wants tokio on the runtime that is fastest for one connection.
fn block_on(future: impl Future<Output = Result>) -> Result {
    Builder::new_current_thread().enable_all().build()?.block_on(future)
}

/// A connection to the server in a URL, for those that want to be given one.
async fn dial(url: &str) -> Result<TcpStream> {
    let socket = TcpStream::connect(authority(url)).await?;
    socket.set_nodelay(true)?;
    Ok(socket)
}

fn authority(url: &str) -> &str {
    let rest = url.trim_start_matches("ws://");
    rest.split_once('/').map_or(rest, |(authority, _)| authority)
}
