//! Accepts connections, as many as the bound allows, and ends them together.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tracing::{info, warn};

use crate::site::{Site, too_many};
use crate::{Config, Tls, connection};

/// How many connections over the bound are answered at a time; more than these are cut off without
/// a word. It is there so that refusing costs a bounded number of open files as well.
const MAX_REFUSALS: usize = 64;

/// How long accepting pauses after the system could not give a connection, as when the process has
/// too many files open. It is long enough not to keep a core busy with failing, and short enough
/// not to be noticed.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves the listener's connections until `shutdown` is ready, whatever it yields.
///
/// At shutdown the listener is closed first, then every client gets a close frame with 1001 (going
/// away), and the function returns when all have answered and hung up, or after
/// [`Config::close_timeout`].
///
/// Needs a tokio runtime with its I/O and time drivers enabled, of either flavour. Dropping the
/// future ends all connections at once, without a close frame.
///
/// # Errors
/// A folder of [`Config::app`] that has no app in it, before anything is served, and the error of a listener that can no longer accept. An error of a single connection, or a lack of
/// open files or memory that may pass, doesn't end the server.
pub async fn serve(listener: TcpListener, config: Config, shutdown: impl Future) -> io::Result<()> {
    let address = listener.local_addr()?;
    let mut server = Server::new(config, address)?;
    info!(%address, "listening");
    let tls = server.site.config.tls.clone();
    let result = tokio::select! {
        result = server.accept(&listener) => result,
        () = follow(tls) => Ok(()),
        _ = pin!(shutdown) => Ok(()),
    };
    // Who comes from here on is told by the system that nobody listens.
    drop(listener);
    server.stop().await;
    info!(%address, "ended");
    result
}

/// Never ready.
async fn follow(tls: Option<Tls>) {
    match tls {
        Some(tls) => tls.follow().await,
        None => std::future::pending().await,
    }
}

struct Server {
    site: Arc<Site>,
    places: Arc<Semaphore>,
    refusals: Arc<Semaphore>,
    /// Set to true by `stop`, and seen by every connection.
    stopping: watch::Sender<bool>,
    /// A task for each connection; dropping the set ends them.
    tasks: JoinSet<()>,
}

impl Server {
    fn new(config: Config, address: SocketAddr) -> io::Result<Self> {
        let places = config.max_connections.min(Semaphore::MAX_PERMITS);
        Ok(Self {
            site: Arc::new(Site::new(config, address)?),
            places: Arc::new(Semaphore::new(places)),
            refusals: Arc::new(Semaphore::new(MAX_REFUSALS)),
            stopping: watch::Sender::new(false),
            tasks: JoinSet::new(),
        })
    }

    /// Accepts until the listener fails.
    async fn accept(&mut self, listener: &TcpListener) -> io::Result<()> {
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, peer)) => self.start(stream, peer),
                    // What `accept` says of a descriptor that isn't a listening socket.
                    Err(error) if error.kind() == io::ErrorKind::InvalidInput => return Err(error),
                    // The client was gone before its turn: that was all of it.
                    Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                    Err(error) => {
                        warn!(%error, "no connection could be accepted");
                        sleep(ACCEPT_PAUSE).await;
                    }
                },
                // Tasks that have ended are let go of.
                Some(_) = self.tasks.join_next() => {}
            }
        }
    }

    fn start(&mut self, stream: TcpStream, peer: SocketAddr) {
        let site = Arc::clone(&self.site);
        let peer = peer.ip();
        site.metrics.connections_opened.add(1);
        let rejection = match Arc::clone(&self.places).try_acquire_owned() {
            Err(_) => {
                site.metrics.refused_full.add(1);
                too_many("The server has as many connections as it takes")
            }
            // Who the client of a proxy is stands in its request.
            Ok(place) => match (site.trusts(peer), site.crowd.enter(peer)) {
                (false, None) => {
                    site.metrics.refused_address.add(1);
                    too_many("Your address has as many connections as it may have")
                }
                (is_trusted, place_of_address) => {
                    let place_of_address = place_of_address.filter(|_| !is_trusted);
                    let stopping = self.stopping.subscribe();
                    self.tasks.spawn(async move {
                        connection::run(stream, peer, Arc::clone(&site), stopping).await;
                        site.metrics.connections_ended.add(1);
                        drop((place, place_of_address));
                    });
                    return;
                }
            },
        };
        if let Ok(place) = Arc::clone(&self.refusals).try_acquire_owned() {
            self.tasks.spawn(async move {
                connection::refuse(stream, rejection, Arc::clone(&site)).await;
                site.metrics.connections_ended.add(1);
                drop(place);
            });
        } else {
            site.metrics.connections_ended.add(1);
        }
    }

    /// Ends all connections, by their consent where they give it in time.
    async fn stop(mut self) {
        self.site.is_stopping.store(true, Relaxed);
        self.stopping.send_replace(true);
        let all_ended = async { while self.tasks.join_next().await.is_some() {} };
        // Dropping the set ends what is left.
        let _ = timeout(self.site.config.close_timeout, all_ended).await;
    }
}
