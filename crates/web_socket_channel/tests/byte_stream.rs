//! The suite over a stream of bytes, at the client's and at the server's end, framed by us and by
//! tungstenite: a pipe in memory, on this machine as in a browser.

mod conformance;

use std::cell::Cell;
use std::marker::PhantomData;

use tokio::io::{DuplexStream, duplex};
use web_socket_channel::{ByteStream, InvalidArgument, Options, WebSocketChannel};

use conformance::framed_line::{FramedLine, Socket};
use conformance::ledger::Ledger;
use conformance::player::play;
use conformance::scenario::{Answer, Scenario, Step};
use conformance::{
    Failed, Opening, Outcome, Seen, Transport, Until, Visit, for_each_case, unplayable, verdict,
};

macro_rules! tests {
    ($($section:ident { $($case:ident)* })*) => { $(
        mod $section {
            $(
                #[cfg(not(target_arch = "wasm32"))]
                #[test]
                fn $case() -> Result<(), String> {
                    let run = crate::run::<super::Tested>(
                        concat!(stringify!($section), "::", stringify!($case)),
                        async |transport| {
                            crate::conformance::$section::$case(transport).await
                        },
                    );
                    crate::platform::block_on(run).map_err(|why| why.to_string())?
                }

                #[cfg(target_arch = "wasm32")]
                #[wasm_bindgen_test::wasm_bindgen_test]
                async fn $case() -> Result<(), String> {
                    crate::run::<super::Tested>(
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

/// How much the pipe holds.
const PIPE_BYTES: usize = 64 * 1024;

/// An end of a connection that can be a channel's.
trait End {
    const NAME: &'static str;
    const IS_SERVER: bool;

    fn adopt(
        stream: DuplexStream,
        protocol: Option<&str>,
        options: Options,
    ) -> Result<WebSocketChannel, InvalidArgument>;

    fn peer(stream: DuplexStream) -> FramedLine<DuplexStream> {
        if Self::IS_SERVER {
            FramedLine::of_client(stream)
        } else {
            FramedLine::of_server(stream, Vec::new())
        }
    }

    /// What the suite asks of the peer at this end's other end.
    fn step(step: Step) -> Step {
        match step {
            Step::Raw(bytes) if Self::IS_SERVER => Step::Raw(with_masks_flipped(&bytes)),
            other => other,
        }
    }
}

struct Client;

impl End for Client {
    const NAME: &'static str = "byte_stream::client";
    const IS_SERVER: bool = false;

    fn adopt(
        stream: DuplexStream,
        protocol: Option<&str>,
        options: Options,
    ) -> Result<WebSocketChannel, InvalidArgument> {
        WebSocketChannel::adopt(ByteStream::client(stream).with_protocol(protocol), options)
    }
}

struct Server;

impl End for Server {
    const NAME: &'static str = "byte_stream::server";
    const IS_SERVER: bool = true;

    fn adopt(
        stream: DuplexStream,
        protocol: Option<&str>,
        options: Options,
    ) -> Result<WebSocketChannel, InvalidArgument> {
        WebSocketChannel::adopt(ByteStream::server(stream).with_protocol(protocol), options)
    }
}

#[cfg(feature = "tungstenite")]
mod tungstenite {
    use futures::FutureExt as _;
    use tokio::io::DuplexStream;
    use tokio_tungstenite::WebSocketStream;
    use tokio_tungstenite::tungstenite::protocol::Role;
    use web_socket_channel::{InvalidArgument, Options, WebSocketChannel};

    use super::End;

    pub(crate) struct Client;
    pub(crate) struct Server;

    impl End for Client {
        const NAME: &'static str = "tungstenite::client";
        const IS_SERVER: bool = false;

        fn adopt(
            stream: DuplexStream,
            _: Option<&str>,
            options: Options,
        ) -> Result<WebSocketChannel, InvalidArgument> {
            adopt(stream, Role::Client, options)
        }
    }

    impl End for Server {
        const NAME: &'static str = "tungstenite::server";
        const IS_SERVER: bool = true;

        fn adopt(
            stream: DuplexStream,
            _: Option<&str>,
            options: Options,
        ) -> Result<WebSocketChannel, InvalidArgument> {
            adopt(stream, Role::Server, options)
        }
    }

    fn adopt(
        stream: DuplexStream,
        role: Role,
        options: Options,
    ) -> Result<WebSocketChannel, InvalidArgument> {
        let made = WebSocketStream::from_raw_socket(stream, role, None).now_or_never();
        match made {
            Some(stream) => WebSocketChannel::adopt(stream, options),
            None => unreachable!("there is nothing to wait for"),
        }
    }

    mod client {
        type Tested = super::Client;
        crate::for_each_case!(tests);
    }

    mod server {
        type Tested = super::Server;
        crate::for_each_case!(tests);
    }
}

/// The suite's raw bytes are a server's, which masks nothing. As a client's, what is right with them
/// must be right and what is wrong as wrong: so frames without a mask get one, and the other way
/// round.
fn with_masks_flipped(mut bytes: &[u8]) -> Vec<u8> {
    let mut flipped = Vec::new();
    while let Some((&[first, second], rest)) = bytes.split_first_chunk() {
        let length_bytes = match second & 0x7f {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        let (extended, rest) = rest.split_at(length_bytes.min(rest.len()));
        let length = match length_bytes {
            0 => usize::from(second & 0x7f),
            _ => extended.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)),
        };
        flipped.extend([first, second ^ 0x80]);
        flipped.extend(extended);
        let rest = if second & 0x80 == 0 {
            // A mask that changes nothing.
            flipped.extend([0; 4]);
            let (payload, rest) = rest.split_at(length.min(rest.len()));
            flipped.extend(payload);
            rest
        } else {
            let (mask, rest) = rest.split_at(4.min(rest.len()));
            let (payload, rest) = rest.split_at(length.min(rest.len()));
            flipped.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
            rest
        };
        bytes = rest;
    }
    flipped.extend(bytes);
    flipped
}

impl Socket for DuplexStream {}

struct Bytes<E> {
    ledger: Ledger,
    visits: Cell<u64>,
    end: PhantomData<E>,
}

impl<E: End> Transport for Bytes<E> {
    fn name(&self) -> &'static str {
        E::NAME
    }

    fn open(&self, scenario: &Scenario, mut options: Options) -> Result<Opening, Failed> {
        let Scenario { answer: Answer::Accept(protocol), is_held: false, steps, .. } = scenario
        else {
            return Err(Failed::CannotPlay(unplayable::BYTES_ARE_OPEN));
        };
        // What the handshake would have settled.
        options = options.protocols([""; 0]);
        let id = self.visits.get() + 1;
        self.visits.set(id);
        let (near, far) = duplex(PIPE_BYTES);
        let channel = E::adopt(near, protocol.as_deref(), options);
        let steps: Vec<Step> = steps.iter().cloned().map(E::step).collect();
        let ledger = self.ledger.clone();
        platform::spawn(async move {
            ledger.note(id, |_| {});
            let mut line = E::peer(far);
            play(&steps, &mut line, &ledger, id).await;
            drop(line);
            ledger.note(id, |seen| seen.has_ended = true);
        });
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
        platform::spawn(task);
    }

    fn base(&self) -> Result<String, Failed> {
        Err(Failed::CannotPlay(unplayable::BYTES_HAVE_NO_URL))
    }

    async fn dead_url(&self) -> Result<String, Failed> {
        Err(Failed::CannotPlay(unplayable::BYTES_HAVE_NO_URL))
    }
}

/// Runs one case.
async fn run<E: End>(
    name: &str,
    case: impl AsyncFnOnce(&Bytes<E>) -> Outcome,
) -> Result<(), String> {
    let bytes = Bytes { ledger: Ledger::default(), visits: Cell::new(0), end: PhantomData };
    let outcome = match platform::in_time(case(&bytes)).await {
        Some(outcome) => outcome,
        None => Err(Failed::new("it waits for ever")),
    };
    verdict(E::NAME, name, outcome)?;
    for id in 1..=bytes.visits.get() {
        bytes.ledger.let_go(id);
    }
    platform::nothing_is_left().await
}

/// Tasks and time, on this machine and in a browser.
#[cfg(not(target_arch = "wasm32"))]
mod platform {
    use std::time::Duration;

    use tokio::runtime::{Builder, Handle};
    use tokio::task::yield_now;
    use tokio::time::timeout;

    const LIMIT: Duration = Duration::from_secs(20);

    pub(crate) fn spawn(task: impl Future<Output = ()> + Send + 'static) {
        tokio::spawn(task);
    }

    pub(crate) async fn in_time<T>(future: impl Future<Output = T>) -> Option<T> {
        timeout(LIMIT, future).await.ok()
    }

    pub(crate) async fn nothing_is_left() -> Result<(), String> {
        let tasks = || Handle::current().metrics().num_alive_tasks();
        let all_end = async {
            while tasks() > 0 {
                yield_now().await;
            }
        };
        in_time(all_end).await.ok_or_else(|| format!("{} tasks are left behind", tasks()))
    }

    pub(crate) fn block_on<T>(test: impl Future<Output = T>) -> std::io::Result<T> {
        Ok(Builder::new_current_thread().enable_all().build()?.block_on(test))
    }
}

#[cfg(target_arch = "wasm32")]
mod platform {
    use std::pin::pin;

    use futures::future::{Either, select};
    use gloo_timers::future::TimeoutFuture;

    wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

    pub(crate) fn spawn(task: impl Future<Output = ()> + Send + 'static) {
        wasm_bindgen_futures::spawn_local(task);
    }

    pub(crate) async fn in_time<T>(future: impl Future<Output = T>) -> Option<T> {
        match select(pin!(future), TimeoutFuture::new(20_000)).await {
            Either::Left((value, _)) => Some(value),
            Either::Right(_) => None,
        }
    }

    /// A browser does not tell which tasks there are.
    pub(crate) async fn nothing_is_left() -> Result<(), String> {
        Ok(())
    }
}

mod client {
    type Tested = super::Client;
    super::for_each_case!(tests);
}

mod server {
    type Tested = super::Server;
    super::for_each_case!(tests);
}
