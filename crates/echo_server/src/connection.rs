//! One connection, from the first byte of its handshake to the last of its close.

use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::error::Error;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tracing::debug;
use web_socket_channel::handshake::Rejection;
use web_socket_channel::status;

use crate::Config;
use crate::codec::Limits;
use crate::endpoints::Endpoint;
use crate::guard::Guard;
use crate::http::{self, Upgraded};
use crate::lessons::teach;
use crate::meter::Metered;
use crate::metrics::Metrics;
use crate::session::{self, End, Fault};
use crate::site::{Opened, Site};
use crate::socket::WebSocket;
use crate::tls::{self, Tls};

/// How much is read at a time of what nobody wants.
const DROPPED_BYTES: usize = 4 * 1024;

/// Serves one connection until it has ended, or is ended by `stopping` becoming true.
pub(crate) async fn run(
    stream: TcpStream,
    peer: IpAddr,
    site: Arc<Site>,
    stopping: watch::Receiver<bool>,
) {
    // An echo is waited for. The batches are made here and needn't be made by the system, which
    // would hold a small one back until the client has acknowledged the one before. Where this
    // fails, the connection is gone, and reading from it will tell.
    let _ = stream.set_nodelay(true);

    if site.config.tls.is_none() {
        serve(stream, peer, &site, stopping).await;
    } else {
        // Boxed, as it is much larger than a connection in the clear.
        Box::pin(serve_secured(stream, peer, &site, stopping)).await;
    }
}

/// Serves a connection that begins with TLS.
async fn serve_secured(
    stream: TcpStream,
    peer: IpAddr,
    site: &Arc<Site>,
    stopping: watch::Receiver<bool>,
) {
    let Some(tls) = &site.config.tls else { return };
    let accepted = tokio::select! {
        accepted = Box::pin(accept(tls, stream, &site.config)) => accepted,
        () = stopped(stopping.clone()) => None,
    };
    match accepted {
        Some(stream) => serve(stream, peer, site, stopping).await,
        None => site.metrics.refused_tls.add(1),
    }
}

/// Says what there is to say in TLS, which the client may not have the time or the will for.
async fn accept(tls: &Tls, stream: TcpStream, config: &Config) -> Option<tls::Stream> {
    let accepted = timeout(config.handshake_timeout, tls.accept(stream)).await.ok()?;
    accepted.inspect_err(|error| debug!(%error, "no TLS")).ok()
}

/// Serves a connection in the clear, or what was in its TLS.
async fn serve<S: AsyncRead + AsyncWrite + Send + Unpin>(
    stream: S,
    peer: IpAddr,
    site: &Arc<Site>,
    stopping: watch::Receiver<bool>,
) {
    // Each in a box of its own, so that a WebSocket doesn't keep the room that its handshake has
    // needed.
    let stream = Metered::new(stream);
    let web_socket = Box::pin(http::until_open(stream, site, peer, stopped(stopping.clone())))
        .await
        .map(|upgraded| web_socket(upgraded, site, stopped(stopping)));
    if let Some(web_socket) = web_socket {
        web_socket.await;
    }
}

/// What happens on a connection that has become a WebSocket.
fn web_socket<'a, S: AsyncRead + AsyncWrite + Send + Unpin + 'a>(
    upgraded: Upgraded<S>,
    site: &'a Site,
    stop: impl Future<Output = ()> + Send + 'a,
) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
    let Upgraded { stream, rest, opened } = upgraded;
    site.metrics.websockets_opened.add(1);
    debug!(client = %opened.client, endpoint = opened.endpoint.name(), "open");
    if let Endpoint::Silent { cut_after } = opened.endpoint {
        return Box::pin(async move {
            stay_silent(stream, cut_after, stop).await;
            ended(&opened, "cut", site);
        });
    }
    let meter = Arc::clone(stream.meter());
    let Config { max_message_bytes, max_frame_bytes, outbound_buffer_bytes, .. } = site.config;
    let limits = Limits { message_bytes: max_message_bytes, frame_bytes: max_frame_bytes };
    let socket = WebSocket::new(stream, &rest, limits, outbound_buffer_bytes);
    let mut socket = Guard::new(socket, meter, &site.config, Arc::clone(&site.metrics));
    // A block, and not a function: that would keep room for what it is given and for what it makes
    // of it, one beside the other.
    Box::pin(async move {
        let end = tokio::select! {
            end = teach(&opened.endpoint, opened.protocol.as_deref(), &mut socket) => end,
            () = stop => End::Close(Some(CloseFrame {
                code: status::GOING_AWAY.into(),
                reason: "server is shutting down".into(),
            })),
        };
        count(&end, &site.metrics);
        let word = word(&end);
        // Boxed, so that a connection doesn't keep the room for its end.
        Box::pin(finish(socket, end, &site.config)).await;
        ended(&opened, word, site);
    })
}

/// Ready when the server stops, or is gone.
async fn stopped(mut stopping: watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

/// Answers a connection for which there is no place, without waiting for its request.
pub(crate) async fn refuse(stream: TcpStream, rejection: Rejection, site: Arc<Site>) {
    match &site.config.tls {
        None => say(stream, &rejection, &site.config).await,
        Some(tls) => {
            if let Some(stream) = accept(tls, stream, &site.config).await {
                say(stream, &rejection, &site.config).await;
            }
        }
    }
}

async fn say(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    rejection: &Rejection,
    config: &Config,
) {
    // Nothing is lost with a client that doesn't wait for the answer.
    let _ = timeout(config.close_timeout, async {
        stream.write_all(&rejection.to_bytes()).await?;
        linger(stream).await
    })
    .await;
}

fn ended(opened: &Opened, end: &'static str, site: &Site) {
    site.metrics.websockets_ended.add(1);
    debug!(client = %opened.client, endpoint = opened.endpoint.name(), end, "closed");
}

/// Answers nothing at all for a while.
async fn stay_silent(
    mut stream: impl AsyncRead + Unpin,
    time: Duration,
    stop: impl Future<Output = ()>,
) {
    tokio::select! {
        _ = drain(&mut stream) => {}
        () = sleep(time) => {}
        () = stop => {}
    }
}

/// Says what is left to say, and hangs up. Who doesn't answer in time is cut off.
async fn finish<S: AsyncRead + AsyncWrite + Unpin>(
    mut socket: Guard<S>,
    end: End,
    config: &Config,
) {
    let farewell = match end {
        End::Cut | End::Fault(Fault::Silent | Fault::Stalled) => return,
        End::Closed => None,
        End::Close(frame) => Some(frame),
        End::Fault(fault) => fault.close_frame().map(Some),
    };
    let _ = timeout(config.close_timeout, async {
        if let Some(frame) = farewell {
            session::close(&mut socket, frame).await;
        }
        linger(socket.into_stream()).await
    })
    .await;
}

fn count(end: &End, metrics: &Metrics) {
    let count = match end {
        End::Fault(Fault::Silent) => &metrics.ended_silent,
        End::Fault(Fault::Stalled) => &metrics.ended_stalled,
        End::Fault(Fault::TooFast) => &metrics.ended_too_fast,
        End::Fault(Fault::WebSocket(Error::Capacity(_))) => &metrics.ended_too_big,
        End::Fault(fault) if fault.close_frame().is_some() => &metrics.ended_protocol,
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
        End::Fault(Fault::TooFast) => "too many messages",
        End::Fault(Fault::WebSocket(Error::Capacity(_))) => "a message was too long",
        End::Fault(fault) if fault.close_frame().is_some() => "the client broke the protocol",
        End::Fault(_) => "the client is gone",
    }
}

/// Sends the end of the stream and waits for the client's.
///
/// A socket that is closed while something lies unread in it resets the connection, and the reset
/// may destroy the close frame or the rejection before the client has read it. So what still comes
/// is read and dropped. Whoever calls it bounds the time.
pub(crate) async fn linger(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
    stream.shutdown().await?;
    drain(&mut stream).await
}

/// Reads what comes, and drops it, until the client hangs up.
async fn drain(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<()> {
    let mut dropped = vec![0; DROPPED_BYTES];
    while stream.read(&mut dropped).await? > 0 {}
    Ok(())
}
