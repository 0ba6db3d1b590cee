//! Nothing is left of a channel in a browser: a thousand, dropped in every phase of their lives,
//! leave no handle on anything of JavaScript's, no closure among them, and no memory.
//!
//! A binary of its own, as what is counted is that of the whole page. `cargo xtask test wasm` starts
//! the peer, which `WS_PEER` names when this is compiled, and the browser.
#![cfg(target_arch = "wasm32")]

#[allow(dead_code, reason = "the suite uses the rest")]
#[path = "conformance/scenario.rs"]
mod scenario;

use core::arch::wasm32::memory_size;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::future::{Either, LocalBoxFuture, join_all, select};
use futures::{FutureExt as _, StreamExt as _};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::externref_heap_live_count;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_socket_channel::{Bound, Closing, Error, Options, Ready, ReadyState, WebSocketChannel};

use scenario::{Answer, Scenario, Step};
use scenario::{OUR_CODE, PEER_CODE, REASON, TEXT};

wasm_bindgen_test_configure!(run_in_browser);

const PEER: &str = match option_env!("WS_PEER") {
    Some(peer) => peer,
    None => "ws://127.0.0.1:9002",
};

/// How many channels go through each phase, and how many of them at once: Chromium has each new
/// socket wait the longer the more there are that connect.
const CHANNELS: usize = 80;
const AT_ONCE: usize = 8;

/// How long what ends by itself may take to do so.
const LIMIT_MILLIS: u32 = 20_000;

/// How often it is looked at meanwhile.
const LOOK_MILLIS: u32 = 5;

/// How much more may be allocated afterwards, as queues grow with their use and are kept: less than
/// what a single channel holds, and so less than a byte for each.
const GROWTH_BYTES: usize = 1024;

/// How much the page may grow, in pages of 64 KiB: a message fits here or there between others, and
/// a megabyte for each of those that are sent at once is what that may cost.
const GROWTH_PAGES: usize = 128;

/// Brings one channel into a phase, and drops it there. What it gives may outlive the channel.
type Phase = fn() -> LocalBoxFuture<'static, Result<Kept, Error>>;

type Kept = Option<(Ready, Closing)>;

#[wasm_bindgen_test]
async fn nothing_is_left_of_a_thousand_channels() -> Result<(), String> {
    // What is made once for all is there from now on.
    for (name, phase) in PHASES {
        go_through(name, *phase, AT_ONCE).await?;
    }
    let handles = settled().await;
    let bytes = ALLOCATOR.live_bytes();
    let pages = memory_size(0);
    for (name, phase) in PHASES {
        for _ in 0..CHANNELS / AT_ONCE {
            go_through(name, *phase, AT_ONCE).await?;
            // Without a timer beside it, which is a handle as well.
            for _ in 0..LIMIT_MILLIS / LOOK_MILLIS {
                if externref_heap_live_count() == handles {
                    break;
                }
                TimeoutFuture::new(LOOK_MILLIS).await;
            }
            let now = externref_heap_live_count();
            if now != handles {
                return Err(format!("{name}: {now} handles are left, of {handles}"));
            }
        }
    }
    let growth = ALLOCATOR.live_bytes().saturating_sub(bytes);
    if growth > GROWTH_BYTES {
        return Err(format!("{growth} bytes are left, beside {bytes}"));
    }
    let growth = memory_size(0) - pages;
    if growth > GROWTH_PAGES {
        return Err(format!("the page has grown by {growth} pages, from {pages}"));
    }
    Ok(())
}

async fn go_through(name: &str, phase: Phase, channels: usize) -> Result<(), String> {
    let all = within(join_all((0..channels).map(|_| phase()))).await;
    for kept in all.ok_or_else(|| format!("{name}: it waits for ever"))? {
        if let Some((ready, closing)) = kept.map_err(|why| format!("{name}: {why}"))? {
            // They are told how it ended, and only then gone.
            let told = within(async { (ready.await.is_ok(), closing.await) }).await;
            told.ok_or_else(|| format!("{name}: its futures wait for ever"))?;
        }
    }
    Ok(())
}

/// The count of handles once it doesn't change any more.
async fn settled() -> u32 {
    /// Longer than any time-out of the channels here.
    const CALM_LOOKS: u32 = 100;

    let (mut count, mut calm_looks) = (externref_heap_live_count(), 0);
    while calm_looks < CALM_LOOKS {
        TimeoutFuture::new(LOOK_MILLIS).await;
        let now = externref_heap_live_count();
        calm_looks = if now == count { calm_looks + 1 } else { 0 };
        count = now;
    }
    count
}

async fn within<T>(what: impl Future<Output = T>) -> Option<T> {
    match select(pin!(what), TimeoutFuture::new(LIMIT_MILLIS)).await {
        Either::Left((value, _)) => Some(value),
        Either::Right(_) => None,
    }
}

/// The system's allocator, and how much it has given.
struct Counting {
    live_bytes: AtomicUsize,
}

#[global_allocator]
static ALLOCATOR: Counting = Counting { live_bytes: AtomicUsize::new(0) };

impl Counting {
    fn live_bytes(&self) -> usize {
        self.live_bytes.load(Ordering::Relaxed)
    }
}

// SAFETY: all of it is done by the system's allocator, which keeps the contract.
#[expect(unsafe_code, reason = "an allocator is unsafe by its type")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.live_bytes.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: what the caller promises to us, we promise on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        self.live_bytes.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(memory, layout) }
    }
}

fn connect_with(scenario: &Scenario, options: Options) -> Result<WebSocketChannel, Error> {
    thread_local! {
        /// From another number on each time, as the peer may serve many runs.
        static VISITS: Cell<u64> = Cell::new(js_sys::Date::now().to_bits());
    }
    let id = VISITS.replace(VISITS.get() + 1);
    let options = options.close_timeout(Duration::from_millis(50));
    Ok(WebSocketChannel::connect_with(format!("{PEER}/?{}", scenario.to_query(id)), options)?)
}

fn connect(scenario: &Scenario) -> Result<WebSocketChannel, Error> {
    connect_with(scenario, Options::default())
}

async fn open(scenario: &Scenario) -> Result<WebSocketChannel, Error> {
    let channel = connect(scenario)?;
    channel.ready().await?;
    Ok(channel)
}

fn flood() -> Scenario {
    Scenario::new([Step::Flood { messages: 20, bytes: 100 }])
}

/// The phases, each in a few words. Those that never open come last: Chromium has new sockets wait
/// where most of those before were never opened.
const PHASES: &[(&str, Phase)] = &[
    ("open, idle", || {
        async {
            open(&Scenario::echo()).await?;
            Ok(None)
        }
        .boxed_local()
    }),
    ("open, with messages unread", || {
        async {
            let mut channel = open(&flood()).await?;
            channel.next().await.transpose()?;
            Ok(None)
        }
        .boxed_local()
    }),
    ("open, with more unread than there is room for", || {
        async {
            let inbox = Bound { messages: 3, bytes: 1_000 };
            let channel = connect_with(&flood(), Options::default().inbox(inbox))?;
            channel.closed().await;
            Ok(None)
        }
        .boxed_local()
    }),
    ("open, with messages unsent", || {
        async {
            let channel = open(&Scenario::new([Step::Ignore])).await?;
            let message = vec![36; 1 << 20];
            for _ in 0..4 {
                let _ = channel.try_send(&message[..]);
            }
            Ok(None)
        }
        .boxed_local()
    }),
    ("closing, unanswered", || {
        async {
            let channel = open(&Scenario::new([Step::Ignore])).await?;
            channel.close_with(OUR_CODE, REASON)?;
            assert_eq!(channel.ready_state(), ReadyState::Closing);
            Ok(None)
        }
        .boxed_local()
    }),
    ("closed by us", || {
        async {
            let channel = open(&Scenario::echo()).await?;
            channel.close_with(OUR_CODE, REASON)?.await;
            Ok(None)
        }
        .boxed_local()
    }),
    ("closed by the peer", || {
        async {
            let close = Step::Close(PEER_CODE, REASON.to_owned());
            connect(&Scenario::new([close]))?.closed().await;
            Ok(None)
        }
        .boxed_local()
    }),
    ("failed", || {
        async {
            connect(&Scenario::new([Step::Raw(vec![0xff; 16])]))?.closed().await;
            Ok(None)
        }
        .boxed_local()
    }),
    ("split, the sink dropped first", || {
        async {
            let (sink, mut stream) = open(&Scenario::echo()).await?.split();
            sink.try_send(TEXT)?;
            drop(sink);
            stream.next().await.transpose()?;
            Ok(None)
        }
        .boxed_local()
    }),
    ("split, the stream dropped in full flight", || {
        async {
            let (sink, mut stream) = open(&flood()).await?.split();
            stream.next().await.transpose()?;
            let _ = stream.next().now_or_never();
            drop(stream);
            sink.try_send(TEXT)?;
            Ok(None)
        }
        .boxed_local()
    }),
    ("futures that outlive it", || {
        async {
            let channel = open(&Scenario::echo()).await?;
            Ok(Some((channel.ready(), channel.closed())))
        }
        .boxed_local()
    }),
    ("connecting, at once", || {
        async {
            drop(connect(&Scenario::echo())?);
            Ok(None)
        }
        .boxed_local()
    }),
    ("refused", || {
        async {
            let refusal = b"HTTP/1.1 404 Custom\r\nContent-Length: 0\r\n\r\n".to_vec();
            connect(&Scenario::answer(Answer::Garbage(refusal)))?.closed().await;
            Ok(None)
        }
        .boxed_local()
    }),
    ("not allowed", || {
        async {
            // No browser connects to the port of the mail.
            WebSocketChannel::connect("ws://127.0.0.1:25")?.closed().await;
            Ok(None)
        }
        .boxed_local()
    }),
    ("connecting, never answered", || {
        async {
            let channel = connect(&Scenario::answer(Answer::Silence))?;
            channel.try_send(TEXT)?;
            let ready = channel.ready();
            Ok(Some((ready, channel.close_with(OUR_CODE, REASON)?)))
        }
        .boxed_local()
    }),
];
