//! One connection, from the first byte of its handshake to the last of its close.

use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Poll, Waker};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tracing::{debug, info};
use web_socket_channel::handshake::Rejection;
use web_socket_channel::status;

use crate::Config;
use crate::behaviours;
use crate::broken::Breakage;
use crate::endpoints::Endpoint;
use crate::fault::Fault;
use crate::guard::Guard;
use crate::hang_up::{drain, linger};
use crate::http::{self, Upgraded};
use crate::listener::{Entry, Stream};
use crate::meter::{Meter, Metered};
use crate::metrics::Metrics;
use crate::refusal::{self, Refusal};
use crate::session::{self, End};
use crate::site::{Opened, Site};
use crate::socket::WebSocket;
use crate::tcp::Tcp;
use crate::tls::{self, Tls};

/// How long a client may take to say something about what `/broken` has sent.
const BROKEN_WAIT: Duration = Duration::from_secs(10);

/// What happens on one connection until it has ended, or is ended by `stopping` becoming true.
///
/// These are functions and not `async`: what they are given would else be kept beside what is made of
/// it, for as long as the connection lives.
pub(crate) fn run(
    stream: Stream,
    entry: Entry,
    site: Arc<Site>,
    stopping: watch::Receiver<bool>,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    match stream {
        Stream::Tcp(stream) => {
            let stream = Tcp::new(stream, site.config.stall_timeout);
            if entry.is_secure {
                Box::pin(serve_secured(stream, entry, site, stopping))
            } else {
                Box::pin(serve(stream, entry, site, stopping))
            }
        }
        #[cfg(unix)]
        Stream::Unix(stream) => Box::pin(serve(stream, entry, site, stopping)),
    }
}

/// Serves a connection that begins with TLS.
async fn serve_secured(
    stream: Tcp,
    entry: Entry,
    site: Arc<Site>,
    stopping: watch::Receiver<bool>,
) {
    let Some(tls) = &site.config.tls else { return };
    let accepted = tokio::select! {
        accepted = Box::pin(accept(tls, stream, site.config.handshake_timeout)) => accepted,
        () = stopped(stopping.clone()) => Ok(None),
    };
    match accepted {
        Ok(Some(stream)) => serve(stream, entry, Arc::clone(&site), stopping).await,
        Ok(None) => {}
        Err(NoTls::Failed) => site.metrics.refused_tls.add(1),
        // There is no way to tell it: that would take the TLS that it hasn't begun.
        Err(NoTls::TooSlow) => drop(Refusal::handshake_timeout().counted(&site.metrics)),
    }
}

/// Why there is no TLS on a connection.
enum NoTls {
    Failed,
    TooSlow,
}

/// Says what there is to say in TLS, which the client may not have the time or the will for; `None`
/// for one that has said nothing at all.
async fn accept(tls: &Tls, stream: Tcp, limit: Duration) -> Result<Option<tls::Stream>, NoTls> {
    match timeout(limit, tls.accept(stream)).await {
        Ok(accepted) => accepted.map_err(|error| {
            debug!(%error, "no TLS");
            NoTls::Failed
        }),
        Err(_) => Err(NoTls::TooSlow),
    }
}

/// Serves a connection in the clear, or what was in its TLS.
fn serve<S: AsyncRead + AsyncWrite + Send + Unpin + 'static>(
    stream: S,
    entry: Entry,
    site: Arc<Site>,
    stopping: watch::Receiver<bool>,
) -> impl Future<Output = ()> + Send {
    // Each in a box of its own, so that a WebSocket doesn't keep the room that its handshake has
    // needed.
    let stop = stopped(stopping.clone());
    let http = Box::pin(http::until_open(Metered::new(stream), Arc::clone(&site), entry, stop));
    async move {
        let web_socket = http.await.map(|upgraded| web_socket(upgraded, &site, stopping));
        if let Some(web_socket) = web_socket {
            web_socket.await;
        }
    }
}

/// What happens on a connection that has become a WebSocket.
fn web_socket<'a, S: AsyncRead + AsyncWrite + Send + Unpin + 'a>(
    upgraded: Upgraded<S>,
    site: &'a Site,
    stopping: watch::Receiver<bool>,
) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
    let Upgraded { mut stream, rest, opened } = upgraded;
    let open = site.metrics.open_web_socket(opened.endpoint.name());
    let start = Instant::now();
    let life = told_to_end(stopping, site.config.max_lifetime);
    debug!(client = %opened.client, endpoint = opened.endpoint.name(), "open");

    let raw_time = match opened.endpoint {
        Endpoint::Silent { cut_after } => Some(cut_after),
        Endpoint::Broken(_) => Some(BROKEN_WAIT + site.config.close_timeout),
        _ => None,
    };
    if let Some(time) = raw_time {
        return Box::pin(async move {
            let meter = Arc::clone(stream.meter());
            let work = async {
                match opened.endpoint {
                    Endpoint::Broken(breakage) => do_wrong(&mut stream, breakage).await,
                    _ => drain(&mut stream).await,
                }
            };
            let end = tokio::select! {
                _ = work => "the client hung up",
                () = sleep(time) => "cut",
                told = life => told.word(),
            };
            site.metrics.bytes_received.add(meter.read());
            site.metrics.bytes_sent.add(meter.written());
            log_end(&opened, start, &meter, (0, 0), end);
            drop(open);
        });
    }
    let meter = Arc::clone(stream.meter());
    let share = site.memory.share(opened.client);
    let socket = WebSocket::new(stream, &rest, &site.config, share);
    let mut socket = Guard::new(socket, meter, &site.config, &site.metrics);
    // A block, and not a function: that would keep room for what it is given and for what it makes
    // of it, one beside the other.
    Box::pin(async move {
        let (end, word) = {
            let greeting = opened.greeting.as_deref();
            let mut session = pin!(behaviours::run(&opened.endpoint, greeting, &mut socket));
            let mut life = life;
            // Whom the end of the connection's life wakes already: it isn't told again with every
            // message, as that is done under a lock. It is asked when it may have come.
            let mut woken: Option<Waker> = None;
            poll_fn(|context| {
                if let Poll::Ready(end) = session.as_mut().poll(context) {
                    let word = word(&end);
                    return Poll::Ready((end, word));
                }
                let is_woken = woken.as_ref().is_some_and(|waker| waker.will_wake(context.waker()));
                if is_woken && !may_be_over(site, start) {
                    return Poll::Pending;
                }
                woken = Some(context.waker().clone());
                life.as_mut().poll(context).map(|told| (told.end(), told.word()))
            })
            .await
        };
        count(&end, word, &site.metrics);
        let meter = Arc::clone(socket.meter());
        // Boxed, so that a connection doesn't keep the room for its end.
        let messages = Box::pin(finish(socket, end, &site.config)).await;
        log_end(&opened, start, &meter, messages, word);
        drop(open);
    })
}

/// Whether it is worth asking if a WebSocket is to be ended.
fn may_be_over(site: &Site, start: Instant) -> bool {
    site.is_stopping.load(Relaxed)
        || site.config.max_lifetime.is_some_and(|time| start.elapsed() >= time)
}

/// Why a WebSocket is ended that could go on.
#[derive(Clone, Copy)]
enum Told {
    ShutDown,
    TooOld,
}

impl Told {
    fn end(self) -> End {
        let reason = match self {
            Self::ShutDown => "server is shutting down",
            Self::TooOld => TOO_OLD,
        };
        End::Close(Some(CloseFrame { code: status::GOING_AWAY.into(), reason: reason.into() }))
    }

    /// As it stands in the log.
    fn word(self) -> &'static str {
        match self {
            Self::ShutDown => "closed as the server shut down",
            Self::TooOld => TOO_OLD,
        }
    }
}

/// What the client and the log are told of an end by [`Config::max_lifetime`].
const TOO_OLD: &str = "open for as long as it may be";

/// Ready when the server stops, or when the connection has lived for as long as it may. Boxed, as an
/// `async` block would keep the room for it twice.
fn told_to_end(
    mut stopping: watch::Receiver<bool>,
    max_lifetime: Option<Duration>,
) -> Pin<Box<dyn Future<Output = Told> + Send>> {
    match max_lifetime {
        None => Box::pin(async move {
            let _ = stopping.wait_for(|stopping| *stopping).await;
            Told::ShutDown
        }),
        Some(time) => Box::pin(async move {
            timeout(time, stopped(stopping)).await.map_or(Told::TooOld, |()| Told::ShutDown)
        }),
    }
}

/// Ready when the server stops, or is gone.
async fn stopped(mut stopping: watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

/// Answers a connection for which there is no place, without waiting for its request.
pub(crate) async fn refuse(stream: Stream, entry: Entry, rejection: Rejection, site: Arc<Site>) {
    let limit = site.config.close_timeout;
    // Nothing is lost with a client that doesn't wait for the answer.
    match (stream, &site.config.tls) {
        (Stream::Tcp(stream), Some(tls)) if entry.is_secure => {
            // It is counted as what it is refused for, whether or not it can be told.
            let stream = Tcp::new(stream, site.config.stall_timeout);
            if let Ok(Some(stream)) = accept(tls, stream, site.config.handshake_timeout).await {
                let _ = timeout(limit, refusal::tell(stream, &rejection)).await;
            }
        }
        (Stream::Tcp(stream), _) => {
            let stream = Tcp::new(stream, site.config.stall_timeout);
            let _ = timeout(limit, refusal::tell(stream, &rejection)).await;
        }
        #[cfg(unix)]
        (Stream::Unix(stream), _) => {
            let _ = timeout(limit, refusal::tell(stream, &rejection)).await;
        }
    }
}

/// Says in one line what a WebSocket was.
fn log_end(
    opened: &Opened,
    start: Instant,
    meter: &Meter,
    (messages_received, messages_sent): (u64, u64),
    end: &'static str,
) {
    info!(
        client = %opened.client,
        endpoint = opened.endpoint.name(),
        seconds = start.elapsed().as_secs_f64(),
        messages_received,
        messages_sent,
        bytes_received = meter.read(),
        bytes_sent = meter.written(),
        end,
        "WebSocket"
    );
}

/// Sends what a server must not send, and listens to what the client says of it.
async fn do_wrong(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    breakage: &Breakage,
) -> io::Result<()> {
    let (frames, is_end) = breakage.frames();
    stream.write_all(frames).await?;
    stream.flush().await?;
    // The client's close, or its end.
    if !is_end && stream.read(&mut [0; 256]).await? == 0 {
        return Ok(());
    }
    linger(stream).await
}

/// Says what is left to say, and hangs up. Who doesn't answer in time is cut off. Gives how many
/// messages were received and sent.
async fn finish<S: AsyncRead + AsyncWrite + Unpin>(
    mut socket: Guard<'_, S>,
    end: End,
    config: &Config,
) -> (u64, u64) {
    let messages = socket.messages();
    let farewell = match end {
        End::Cut | End::Fault(Fault::Silent | Fault::Stalled) => return messages,
        End::Closed => None,
        End::Close(frame) => Some(frame),
        End::Fault(fault) => fault.close_frame().map(Some),
    };
    let start = Instant::now();
    let mut is_said = true;
    if let Some(frame) = farewell {
        is_said = false;
        let close = session::close(&mut socket, frame, &mut is_said);
        let _ = timeout(config.close_timeout, close).await;
    }
    // Who was told all, and is slow to answer, still gets the end of the stream, and reads what lies
    // before it.
    if is_said {
        let left = config.close_timeout.saturating_sub(start.elapsed());
        let _ = timeout(left, linger(socket.into_stream())).await;
    }
    messages
}

fn count(end: &End, word: &str, metrics: &Metrics) {
    let count = match end {
        _ if word == TOO_OLD => &metrics.ended_too_old,
        End::Fault(Fault::Silent) => &metrics.ended_silent,
        End::Fault(Fault::Stalled) => &metrics.ended_stalled,
        End::Fault(Fault::TooFast) => &metrics.ended_too_fast,
        End::Fault(Fault::TooSlow) => &metrics.ended_too_slow,
        End::Fault(Fault::TooBig) => &metrics.ended_too_big,
        End::Fault(Fault::NoMemory) => &metrics.ended_no_memory,
        End::Fault(Fault::Protocol | Fault::NotUtf8) => &metrics.ended_protocol,
        _ => return,
    };
    count.add(1);
}

/// An end as it stands in the log.
fn word(end: &End) -> &'static str {
    match end {
        End::Closed => "closed by the client",
        End::Close(_) => "closed by the server",
        End::Cut => "cut",
        End::Fault(Fault::Silent) => "the client answered no ping",
        End::Fault(Fault::Stalled) => "the client did not read",
        End::Fault(Fault::TooFast) => "too many frames",
        End::Fault(Fault::TooSlow) => "a message took too long",
        End::Fault(Fault::TooBig) => "a message was too long",
        End::Fault(Fault::NoMemory) => "there was no memory for its messages",
        End::Fault(Fault::Protocol | Fault::NotUtf8) => "the client broke the protocol",
        End::Fault(Fault::Gone) => "the client is gone",
    }
}
