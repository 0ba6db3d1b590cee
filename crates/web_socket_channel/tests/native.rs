//! The suite over real sockets, against a peer in the same process, and nothing left behind.
#![cfg(not(target_arch = "wasm32"))]

mod conformance;
#[path = "conformance/peer.rs"]
mod peer;
#[path = "native/sockets.rs"]
mod sockets;

use std::cell::Cell;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::{Builder, Handle};
use tokio::task::yield_now;
use tokio::time::timeout;
use web_socket_channel::{Options, WebSocketChannel};

use conformance::{
    Failed, Opening, Outcome, Scenario, Seen, Transport, Until, Visit, for_each_case, framed_line,
    ledger, player, scenario, verdict,
};

/// A case that takes longer waits for something that never comes.
const LIMIT: Duration = Duration::from_secs(20);

struct Native {
    address: SocketAddr,
    ledger: ledger::Ledger,
    visits: Cell<u64>,
}

impl Transport for Native {
    const NAME: &'static str = "native";

    fn open(&self, scenario: &Scenario, options: Options) -> Result<Opening, Failed> {
        let id = self.visits.get() + 1;
        self.visits.set(id);
        let user = match &scenario.credentials {
            Some((user, password)) => format!("{user}:{password}@"),
            None => String::new(),
        };
        let url = format!("ws://{user}{}/?{}", self.address, scenario.to_query(id));
        let channel = WebSocketChannel::connect_with(&url, options);
        Ok(channel.map(|channel| (channel, Visit(id))))
    }

    async fn seen(&self, visit: Visit, until: Until) -> Result<Seen, Failed> {
        Ok(self.ledger.seen(visit.0, until).await)
    }

    async fn let_go(&self, visit: Visit) -> Outcome {
        self.ledger.let_go(visit.0);
        Ok(())
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        tokio::spawn(task);
    }

    fn base(&self) -> Result<String, Failed> {
        Ok(format!("ws://{}", self.address))
    }

    async fn dead_url(&self) -> Result<String, Failed> {
        let address = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
        Ok(format!("ws://{address}"))
    }
}

/// Runs one case, and looks whether a task outlives it.
fn run(name: &str, case: impl AsyncFnOnce(&Native) -> Outcome) -> Result<(), String> {
    let runtime = Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|e| e.to_string())?;
        let address = listener.local_addr().map_err(|e| e.to_string())?;
        let ledger = ledger::Ledger::default();
        let server = tokio::spawn(peer::serve(listener, ledger.clone()));
        let native = Native { address, ledger, visits: Cell::new(0) };

        let outcome = match timeout(LIMIT, case(&native)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Failed::new("it waits for ever")),
        };
        verdict(Native::NAME, name, outcome)?;

        server.abort();
        for id in 1..=native.visits.get() {
            native.ledger.let_go(id);
        }
        let tasks = || Handle::current().metrics().num_alive_tasks();
        let all_end = async {
            while tasks() > 0 {
                yield_now().await;
            }
        };
        let left = timeout(LIMIT, all_end).await;
        left.map_err(|_| format!("{} tasks are left behind", tasks()))
    })
}

macro_rules! tests {
    ($($section:ident { $($case:ident)* })*) => { $(
        mod $section {
            $(
                #[test]
                fn $case() -> Result<(), String> {
                    super::run(
                        concat!(stringify!($section), "::", stringify!($case)),
                        async |transport| {
                            crate::conformance::$section::$case(transport).await
                        },
                    )
                }
            )*
        }
    )* };
}

for_each_case!(tests);
