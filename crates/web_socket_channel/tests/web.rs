//! The suite in a real browser, against the peer that `WS_PEER` named when this was compiled.
//!
//! `cargo xtask test wasm` starts the peer and the browser.
#![cfg(target_arch = "wasm32")]

mod conformance;

#[path = "web/adopt.rs"]
mod adopt;

use std::cell::Cell;
use std::pin::pin;

use futures::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_socket_channel::{
    Bound, Error, InvalidArgument, LimitExceeded, Options, Proxy, WebSocketChannel,
};
use web_sys::Response;

use conformance::{
    Failed, Opening, Outcome, Scenario, Seen, Step, Transport, Until, Visit, check_eq,
    check_matches, for_each_case, unplayable, verdict,
};

wasm_bindgen_test_configure!(run_in_browser);

/// Where the peer is. It runs beside the browser, as a page can't listen.
const PEER: &str = match option_env!("WS_PEER") {
    Some(peer) => peer,
    None => "ws://127.0.0.1:9002",
};

/// A case that takes longer waits for something that never comes.
const LIMIT_MILLIS: u32 = 15_000;

/// A way to connect.
struct Web {
    name: &'static str,
    connect: fn(&str, Options) -> Result<WebSocketChannel, InvalidArgument>,
}

thread_local! {
    /// From another number on each time, as the peer may serve many runs.
    static VISITS: Cell<u64> = Cell::new(js_sys::Date::now().to_bits());
}

impl Transport for Web {
    fn name(&self) -> &'static str {
        self.name
    }

    fn open(&self, scenario: &Scenario, options: Options) -> Result<Opening, Failed> {
        if options.inbox != Options::default().inbox {
            return Err(Failed::CannotPlay(unplayable::PUSHES_NOBODY_BACK));
        }
        let id = VISITS.get() + 1;
        VISITS.set(id);
        let mut base = PEER.to_owned();
        if let Some((user, password)) = &scenario.credentials {
            base = base.replacen("ws://", &format!("ws://{user}:{password}@"), 1);
        }
        let url = format!("{base}/?{}", scenario.to_query(id));
        let channel = (self.connect)(&url, options);
        Ok(channel.map(|channel| (channel, Visit(id))))
    }

    async fn seen(&self, visit: Visit, until: Until) -> Result<Seen, Failed> {
        let text = ask_peer(&format!("/seen?id={}&until={until}", visit.0)).await?;
        Seen::from_text(&text).ok_or_else(|| Failed::new(format_args!("the peer says {text:?}")))
    }

    async fn let_go(&self, visit: Visit) -> Outcome {
        ask_peer(&format!("/go?id={}", visit.0)).await.map(drop)
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        spawn_local(task);
    }

    fn base(&self) -> Result<String, Failed> {
        Ok(PEER.to_owned())
    }

    async fn dead_url(&self) -> Result<String, Failed> {
        Ok(format!("ws://127.0.0.1:{}", ask_peer("/closed-port").await?))
    }
}

/// Asks over plain HTTP: a browser opens only one WebSocket to a host at a time, so another one
/// could not end the wait of the first.
async fn ask_peer(path: &str) -> Result<String, Failed> {
    let get = async {
        let window = web_sys::window().ok_or("there is no window")?;
        let url = format!("{}{path}", PEER.replacen("ws:", "http:", 1));
        let response: Response = JsFuture::from(window.fetch_with_str(&url)).await?.dyn_into()?;
        JsFuture::from(response.text()?).await
    };
    let text = get.await.map_err(|why: JsValue| Failed::new(format_args!("{path}: {why:?}")))?;
    text.as_string().ok_or_else(|| Failed::new("the peer does not answer with text"))
}

/// Runs one case.
async fn run(web: &Web, name: &str, case: impl AsyncFnOnce(&Web) -> Outcome) -> Result<(), String> {
    let outcome = match select(pin!(case(web)), TimeoutFuture::new(LIMIT_MILLIS)).await {
        Either::Left((outcome, _)) => outcome,
        Either::Right(_) => Err(Failed::new("it waits for ever")),
    };
    verdict(web.name, name, outcome)
}

macro_rules! tests {
    ($($section:ident { $($case:ident)* })*) => { $(
        mod $section {
            use wasm_bindgen_test::wasm_bindgen_test;

            $(
                #[wasm_bindgen_test]
                async fn $case() -> Result<(), String> {
                    crate::run(
                        &super::WEB,
                        concat!(stringify!($section), "::", stringify!($case)),
                        async |transport| {
                            crate::conformance::$section::$case(transport).await
                        },
                    )
                    .await
                }
            )*
        }
    )* };
}

mod own {
    pub(crate) static WEB: super::Web = super::Web {
        name: "web",
        connect: |url, options| web_socket_channel::WebSocketChannel::connect_with(url, options),
    };
    super::for_each_case!(tests);
}

#[cfg(feature = "ewebsock")]
mod ewebsock {
    static WEB: super::Web =
        super::Web { name: "ewebsock::web", connect: web_socket_channel::ewebsock::connect };
    super::for_each_case!(tests);
}

/// What a browser can't do is an error that says so.
#[wasm_bindgen_test]
fn headers_pings_and_proxies_are_refused() -> Result<(), String> {
    let options = [
        Options::default().headers([("X-Custom", "3678")]),
        Options::default().ping_interval(Some(std::time::Duration::from_secs(1))),
        Options::default().proxy(Proxy::Url("http://127.0.0.1:3678".into())),
        Options::default().proxy(Proxy::Direct),
    ];
    for options in options {
        match WebSocketChannel::connect_with(PEER, options) {
            Err(InvalidArgument::Unsupported(_)) => {}
            other => return Err(format!("{other:?}")),
        }
    }
    Ok(())
}

/// A full inbox ends the connection, once, and what was received before is delivered.
#[wasm_bindgen_test]
async fn a_full_inbox_is_an_error_after_what_came_before() -> Result<(), String> {
    let flood = async || -> Outcome {
        let scenario = Scenario::new([Step::Flood { messages: 100, bytes: 10 }]);
        let id = VISITS.replace(VISITS.get() + 1) + 1;
        let inbox = Bound { messages: 3, bytes: 1_000 };
        let url = format!("{PEER}/?{}", scenario.to_query(id));
        let options = Options::default().inbox(inbox);
        let mut channel = WebSocketChannel::connect_with(&url, options)?;
        // Nobody reads before it is over.
        check_eq!(channel.closed().await.code, 1006);
        for number in 0..3 {
            let message = conformance::next_message(&mut channel).await?;
            check_eq!(message, conformance::scenario::flood_message(number, 10));
        }
        let error = conformance::only_error(&mut channel).await?;
        let limit = LimitExceeded::Inbox { messages: 3, bytes: 1_000 };
        check_matches!(error, Error::LimitExceeded(reached) if *reached == limit);
        // The socket does not stay behind.
        let seen = own::WEB.seen(Visit(id), Until::Ended).await?;
        check_eq!(seen.close, Some((1005, String::new())));
        Ok(())
    };
    flood().await.map_err(|failed| format!("{failed:?}"))
}
