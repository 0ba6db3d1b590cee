//! The suite over real sockets, against a peer in the same process, straight and through a proxy;
//! and nothing left behind.
#![cfg(not(target_arch = "wasm32"))]

mod conformance;
#[path = "conformance/peer.rs"]
mod peer;
#[path = "proxy/servers.rs"]
mod servers;
#[path = "native/sockets.rs"]
mod sockets;

use std::cell::Cell;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::{Builder, Handle};
use tokio::task::yield_now;
use tokio::time::timeout;
use web_socket_channel::{InvalidArgument, Options, Proxy, WebSocketChannel};

use conformance::{
    Answer, Failed, Opening, Outcome, Scenario, Seen, Transport, Until, Visit, for_each_case,
    framed_line, ledger, player, scenario, unplayable, verdict,
};
use servers::{Kind, Manners, TestProxy};

/// A case that takes longer waits for something that never comes.
const LIMIT: Duration = Duration::from_secs(20);

/// A way to connect.
struct Way {
    name: &'static str,
    connect: fn(&str, Options) -> Result<WebSocketChannel, InvalidArgument>,
    /// There is a proxy, and no other way: nobody else knows the peer's name.
    is_proxied: bool,
}

impl Way {
    fn is_ewebsock(&self) -> bool {
        self.name == "ewebsock"
    }
}

struct Native {
    way: &'static Way,
    /// What URLs call the peer.
    host: String,
    proxy: Option<TestProxy>,
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
        let url = format!("ws://{user}{}/?{}", self.host, scenario.to_query(id));
        let options = match &self.proxy {
            Some(proxy) => {
                let proxy = Proxy::Url(format!("http://{}", proxy.address));
                options.proxy(proxy)
            }
            None => options,
        };
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

    fn plain(&self) -> Options {
        Options::default().proxy(Proxy::Direct)
    }

    fn base(&self) -> Result<String, Failed> {
        Ok(format!("ws://{}", self.host))
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
        let (host, proxy) = if way.is_proxied {
            ("peer.invalid".to_owned(), Some(proxy_to(address).await.map_err(|e| e.to_string())?))
        } else {
            (address.to_string(), None)
        };
        let native = Native { way, host, proxy, ledger, visits: Cell::new(0) };

        let outcome = match timeout(LIMIT, case(&native)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Failed::new("it waits for ever")),
        };
        verdict(way.name, name, outcome)?;

        server.abort();
        if let Some(proxy) = &native.proxy {
            proxy.stop();
        }
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

async fn proxy_to(leads_to: SocketAddr) -> io::Result<TestProxy> {
    TestProxy::start(Kind::Http, Manners { leads_to: Some(leads_to), ..Manners::default() }).await
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
    pub(crate) static WAY: super::Way = super::Way {
        name: "native",
        connect: |url, options| web_socket_channel::WebSocketChannel::connect_with(url, options),
        is_proxied: false,
    };
    super::for_each_case!(tests);
}

mod through_a_proxy {
    static WAY: super::Way = super::Way {
        name: "native, through a proxy",
        connect: |url, options| web_socket_channel::WebSocketChannel::connect_with(url, options),
        is_proxied: true,
    };
    super::for_each_case!(tests);
}

#[cfg(feature = "ewebsock")]
mod ewebsock {
    static WAY: super::Way = super::Way {
        name: "ewebsock",
        connect: web_socket_channel::ewebsock::connect,
        is_proxied: false,
    };
    super::for_each_case!(tests);
}
