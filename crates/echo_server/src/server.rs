//! Accepts connections, as many as the bound allows, and ends them together.

use std::future::poll_fn;
use std::io;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep, timeout};
use tracing::{error, info, warn};

use crate::listener::{Entry, Listeners, Stream};
use crate::refusal::Refusal;
use crate::site::Site;
use crate::{Config, Tls, connection};

/// How many connections over the bound are answered at a time; more than these are cut off without
/// a word. It is there so that refusing costs a bounded number of open files as well.
const MAX_REFUSALS: usize = 64;

/// How many connections may be open at a time to where only the metrics are served.
const MAX_METRICS_CONNECTIONS: usize = 16;

/// How long accepting pauses after the system could not give a connection, as when the process has
/// too many files open. It is long enough not to keep a core busy with failing, and short enough
/// not to be noticed.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How often it is logged that no connection could be accepted.
const LOG_EVERY: Duration = Duration::from_secs(1);

/// Serves the connections of a listener, or of several, until `shutdown` is ready, whatever it yields.
///
/// At shutdown the listeners are closed first, then every client gets a close frame with 1001 (going
/// away), and the function returns when all have answered and hung up, or after
/// [`Config::close_timeout`].
///
/// Needs a tokio runtime with its I/O and time drivers enabled, of either flavour. Dropping the
/// future ends all connections at once, without a close frame.
///
/// # Errors
/// Before anything is served: a folder of [`Config::app`] that has no app in it, a path of
/// [`Config::without`] that there isn't, and a list without a listener. Later the error of a listener
/// that can no longer accept. An error of a single connection, or a lack of open files or memory that
/// may pass, doesn't end the server.
pub async fn serve(
    listeners: impl Into<Listeners>,
    config: Config,
    shutdown: impl Future,
) -> io::Result<()> {
    let listeners = listeners.into();
    let mut server = Server::new(config, &listeners)?;
    for listener in &listeners.0 {
        info!(address = %listener, only_metrics = listener.is_for_metrics, "listening");
    }
    let tls = server.site.config.tls.clone();
    let result = tokio::select! {
        result = server.accept(&listeners) => result,
        () = follow(tls) => Ok(()),
        _ = pin!(shutdown) => Ok(()),
    };
    // Who comes from here on is told by the system that nobody listens.
    drop(listeners);
    server.stop().await;
    info!("ended");
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
    metrics_places: Arc<Semaphore>,
    /// Set to true by `stop`, and seen by every connection.
    stopping: watch::Sender<bool>,
    /// A task for each connection; dropping the set ends them.
    tasks: JoinSet<()>,
}

impl Server {
    fn new(config: Config, listeners: &Listeners) -> io::Result<Self> {
        let places = config.max_connections.min(Semaphore::MAX_PERMITS);
        Ok(Self {
            site: Arc::new(Site::new(config, listeners)?),
            places: Arc::new(Semaphore::new(places)),
            refusals: Arc::new(Semaphore::new(MAX_REFUSALS)),
            metrics_places: Arc::new(Semaphore::new(MAX_METRICS_CONNECTIONS)),
            stopping: watch::Sender::new(false),
            tasks: JoinSet::new(),
        })
    }

    /// Accepts until a listener fails.
    async fn accept(&mut self, listeners: &Listeners) -> io::Result<()> {
        let mut turn = 0;
        let mut failures = Failures::default();
        loop {
            tokio::select! {
                (at, accepted) = poll_fn(|context| listeners.poll_accept(&mut turn, context)) => {
                    match accepted {
                        Ok((stream, peer)) => {
                            self.start(stream, peer, listeners.0[at].is_for_metrics);
                        }
                        // What `accept` says of a descriptor that isn't a listening socket.
                        Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
                            return Err(error);
                        }
                        // The client was gone before its turn: that was all of it.
                        Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                        Err(error) => {
                            failures.log(&error);
                            sleep(ACCEPT_PAUSE).await;
                        }
                    }
                }
                // Tasks that have ended are let go of.
                Some(ended) = self.tasks.join_next() => log_panic(ended),
            }
        }
    }

    fn start(&mut self, stream: Stream, peer: IpAddr, is_for_metrics: bool) {
        let site = Arc::clone(&self.site);
        let entry =
            Entry { peer, is_secure: site.speaks_tls(&stream, is_for_metrics), is_for_metrics };
        let open = site.metrics.open_connection();
        let refusal = match self.place(entry) {
            Ok(place) => {
                let stopping = self.stopping.subscribe();
                self.tasks.spawn(async move {
                    connection::run(stream, entry, site, stopping).await;
                    drop((open, place));
                });
                return;
            }
            Err(refusal) => refusal,
        };
        let rejection = refusal.counted(&site.metrics);
        if let Ok(place) = Arc::clone(&self.refusals).try_acquire_owned() {
            self.tasks.spawn(async move {
                connection::refuse(stream, entry, rejection, site).await;
                drop((open, place));
            });
        }
    }

    /// Takes a place for a connection, which is given back when what it returns is dropped.
    fn place(&self, entry: Entry) -> Result<impl Send + use<>, Refusal> {
        let places = if entry.is_for_metrics { &self.metrics_places } else { &self.places };
        let place = Arc::clone(places).try_acquire_owned().map_err(|_| Refusal::full())?;
        // Who the client of a proxy is stands in its request.
        let of_address = if entry.is_for_metrics || self.site.trusts(entry.peer) {
            None
        } else {
            Some(self.site.per_address.enter(entry.peer).ok_or_else(Refusal::address_full)?)
        };
        Ok((place, of_address))
    }

    /// Ends all connections, by their consent where they give it in time.
    async fn stop(mut self) {
        self.site.is_stopping.store(true, Relaxed);
        self.stopping.send_replace(true);
        let all_ended = async {
            while let Some(ended) = self.tasks.join_next().await {
                log_panic(ended);
            }
        };
        // Dropping the set ends what is left.
        let _ = timeout(self.site.config.close_timeout, all_ended).await;
    }
}

/// A connection whose task has panicked is a fault of ours: the others go on, and it is told.
fn log_panic(ended: Result<(), JoinError>) {
    if let Err(fault) = ended
        && fault.is_panic()
    {
        error!(%fault, "a connection ended by a fault of the server");
    }
}

/// Failures to accept, which come many in a row, and are logged once in a while.
#[derive(Default)]
struct Failures {
    logged: Option<Instant>,
    /// How many there were since.
    since: u64,
}

impl Failures {
    fn log(&mut self, error: &io::Error) {
        self.since += 1;
        if self.logged.is_none_or(|logged| logged.elapsed() >= LOG_EVERY) {
            warn!(%error, times = self.since, "no connection could be accepted");
            *self = Self { logged: Some(Instant::now()), since: 0 };
        }
    }
}

#[cfg(all(test, feature = "cli"))]
#[allow(clippy::unwrap_used, clippy::panic, reason = "in a test, a panic is the report")]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_logged() {
        /// What was logged.
        #[derive(Clone, Default)]
        struct Log(Arc<Mutex<Vec<u8>>>);

        impl io::Write for Log {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.lock().unwrap().extend_from_slice(bytes);
                Ok(bytes.len())
            }

            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }

        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
        let _guard = tracing::subscriber::set_default(subscriber);
        let mut tasks = JoinSet::new();
        tasks.spawn(async {});
        tasks.spawn(async { panic!("custom") });
        while let Some(ended) = tasks.join_next().await {
            log_panic(ended);
        }
        let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        assert_eq!(log.matches("ERROR").count(), 1, "{log}");
        assert!(log.contains("fault of the server") && log.contains("custom"), "{log}");
    }
}
