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
use web_socket_channel::{ApiMisuse, Options, WebSocketChannel};

use conformance::{
    Answer, Failed, Opening, Outcome, Scenario, Seen, Transport, Until, Visit, for_each_case,
    framed_line, ledger, player, scenario, unplayable, verdict,
};

/// A case that takes longer waits for something that never comes.
const LIMIT: Duration = Duration::from_secs(20);

/// A way to connect.
struct Way {
    name: &'static str,
    connect: fn(&str, Options) -> Result<WebSocketChannel, ApiMisuse>,
}

impl Way {
    fn is_ewebsock(&self) -> bool {
        self.name == "ewebsock"
    }
}

struct Native {
    way: &'static Way,
    address: SocketAddr,
    ledger: ledger::Ledger,
    visits: Cell<u64>,
}

impl Transport for Native {
    fn name(&self) -> &'static str {
        self.way.name
    }

    fn open(&self, scenario: &Scenario, options: Options) -> Result<Opening, Failed> {
        if self.way.is_ewebsock() && options.inbox != Options::default().inbox {
            return Err(Failed::CannotPlay(unplayable::PUSHES_NOBODY_BACK));
        }
        if self.way.is_ewebsock() && scenario.answer == Answer::Silence {
            return Err(Failed::CannotPlay(unplayable::EWEBSOCK_GIVES_NOTHING_UP));
        }
        let id = self.visits.get() + 1;
        self.visits.set(id);
        let user = match &scenario.credentials {
            Some((user, password)) => format!("{user}:{password}@"),
            None => String::new(),
        };
        let url = format!("ws://{user}{}/?{}", self.address, scenario.to_query(id));
        let channel = (self.way.connect)(&url, options);
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
fn run(
    way: &'static Way,
    name: &str,
    case: impl AsyncFnOnce(&Native) -> Outcome,
) -> Result<(), String> {
    let runtime = Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|e| e.to_string())?;
        let address = listener.local_addr().map_err(|e| e.to_string())?;
        let ledger = ledger::Ledger::default();
        let server = tokio::spawn(peer::serve(listener, ledger.clone()));
        let native = Native { way, address, ledger, visits: Cell::new(0) };

        let outcome = match timeout(LIMIT, case(&native)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Failed::new("it waits for ever")),
        };
        verdict(way.name, name, outcome)?;

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
                    crate::run(
                        &super::WAY,
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

mod own {
    pub(crate) static WAY: super::Way =
        super::Way { name: "native", connect: web_socket_channel::WebSocketChannel::connect_with };
    super::for_each_case!(tests);
}

#[cfg(feature = "ewebsock")]
mod ewebsock {
    static WAY: super::Way =
        super::Way { name: "ewebsock", connect: web_socket_channel::ewebsock::connect };
    super::for_each_case!(tests);
}
