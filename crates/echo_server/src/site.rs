//! What the server answers to a request: a WebSocket, a page, or what would be right.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::header::{self, HeaderValue};
use hyper::http::uri::Authority;
use hyper::{HeaderMap, Method, Request, Response, StatusCode, Version};
use tower_http::services::fs::ServeFileSystemResponseBody;
use tracing::debug;
use web_socket_channel::handshake::{self, Rejection, ServerOptions};

use crate::endpoints::{self, Endpoint, OPTIONAL_PATHS};
use crate::files::Files;
use crate::listener::{Entry, Listeners, Stream};
use crate::memory_budget::MemoryBudget;
use crate::metrics::{self, Metrics};
use crate::per_address_limit::{PerAddressLimit, Place};
use crate::refusal::{Refusal, harden};
use crate::{Config, Origins, forwarded, guide, request_text};

/// The body of an answer: what stands in memory, or a file.
pub(crate) type Body = Either<Full<Bytes>, ServeFileSystemResponseBody>;

/// What all the connections of a server share.
pub(crate) struct Site {
    pub(crate) config: Config,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) per_address: PerAddressLimit,
    pub(crate) memory: Arc<MemoryBudget>,
    /// Set when the server shuts down.
    pub(crate) is_stopping: AtomicBool,
    origins: Origins,
    files: Option<Files>,
    /// The metrics have a listener of their own, and are to be had there alone.
    are_metrics_elsewhere: bool,
}

/// A request that was answered with 101.
pub(crate) struct Opened {
    pub(crate) endpoint: Endpoint,
    /// What is said first, where the endpoint says something of the request.
    pub(crate) greeting: Option<Box<str>>,
    /// Who it is, as far as proxies that are trusted say.
    pub(crate) client: IpAddr,
    /// The client's place, where it wasn't known before the request.
    pub(crate) _place: Option<Place>,
}

impl Site {
    /// A site that is reached by these listeners.
    ///
    /// # Errors
    /// What is wrong with the folder of the app or another part of the configuration.
    pub(crate) fn new(config: Config, listeners: &Listeners) -> io::Result<Self> {
        let wrong = |what: String| Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        if let Some(path) = config.without.iter().find(|path| !OPTIONAL_PATHS.contains(&&***path)) {
            return wrong(format!(
                "{path:?} is no path that can be left out. These can be: {}.",
                OPTIONAL_PATHS.join(", ")
            ));
        }
        if listeners.0.iter().all(|listener| listener.is_for_metrics) {
            return wrong("There is nothing to listen on for WebSockets.".to_owned());
        }
        // A proxy speaks for whoever reaches it.
        let mut is_reached_from_elsewhere = !config.trusted_proxies.is_empty();
        for listener in listeners.0.iter().filter(|listener| !listener.is_for_metrics) {
            is_reached_from_elsewhere |= !listener.is_loopback()?;
        }
        Ok(Self {
            files: config.app.as_deref().map(Files::open).transpose()?,
            metrics: Arc::default(),
            per_address: PerAddressLimit::new(config.max_connections_per_address),
            memory: Arc::new(MemoryBudget::new(config.max_buffered_bytes)),
            is_stopping: AtomicBool::new(false),
            origins: config.origins.clone().where_reached(is_reached_from_elsewhere),
            are_metrics_elsewhere: listeners.0.iter().any(|listener| listener.is_for_metrics),
            config,
        })
    }

    /// Whether a peer is a proxy that is trusted, so that who the client is stands in the request.
    pub(crate) fn trusts(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.config.trusted_proxies.iter().any(|net| net.contains(&peer))
    }

    /// Whether a connection begins with TLS: those of programs on this machine, and to the metrics
    /// alone, don't.
    pub(crate) fn speaks_tls(&self, stream: &Stream, is_for_metrics: bool) -> bool {
        self.config.tls.is_some() && matches!(stream, Stream::Tcp(_)) && !is_for_metrics
    }

    /// The answer to a request, and what it opens.
    pub(crate) async fn answer(
        &self,
        request: Request<()>,
        entry: Entry,
    ) -> (Response<Body>, Option<Opened>) {
        self.metrics.requests.add(1);
        let wants_web_socket = wants_web_socket(request.headers());
        let result = if !has_host(&request) {
            Err(Refusal::no_host())
        } else if wants_web_socket && !entry.is_for_metrics {
            self.open(&request, entry).map(|(response, opened)| (response, Some(opened)))
        } else {
            self.page(request, entry).await.map(|response| (response, None))
        };
        result.unwrap_or_else(|refusal| {
            let rejection = refusal.counted(&self.metrics);
            debug!(peer = %entry.peer, status = rejection.status.as_u16(), "request refused");
            (refused(&rejection), None)
        })
    }

    /// What a URL asks a WebSocket for.
    fn endpoint(&self, request: &Request<()>) -> Result<Endpoint, Rejection> {
        match Endpoint::of(request.uri(), &self.config.without) {
            Err(rejection)
                if rejection.status == StatusCode::NOT_FOUND
                    && self.config.echoes_at_any_path
                    && !self.is_left_out(request.uri().path()) =>
            {
                Ok(Endpoint::Echo)
            }
            result => result,
        }
    }

    /// Whether the server does without a path, or what is below it.
    fn is_left_out(&self, path: &str) -> bool {
        let is_at_or_below = |left_out: &String| {
            path.strip_prefix(&**left_out)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.config.without.iter().any(is_at_or_below)
    }

    fn open(
        &self,
        request: &Request<()>,
        entry: Entry,
    ) -> Result<(Response<Body>, Opened), Refusal> {
        let headers = request.headers();
        let endpoint = self.endpoint(request)?;
        if let Endpoint::Status(status) = endpoint {
            return Err(Refusal::asked_for(status));
        }
        let protocols = match &endpoint {
            Endpoint::Protocol { known } => known,
            _ => &self.config.protocols,
        };
        let options = ServerOptions::new().protocols(protocols);
        let mut accepted =
            handshake::respond(request, &options).map_err(|rejection| self.hinted(rejection))?;
        if !self.origins.allow(headers) {
            return Err(Refusal::origin());
        }
        let client = self.client(entry, headers);
        let place = if self.trusts(entry.peer) {
            Some(self.per_address.enter(client).ok_or_else(Refusal::address_full)?)
        } else {
            None
        };
        let protocol = accepted.protocol.as_deref();
        let greeting = match &endpoint {
            Endpoint::Headers => Some(request_text::describe(request, entry, client, protocol)),
            Endpoint::Protocol { .. } => Some(match protocol {
                Some(protocol) => format!("protocol: {protocol}"),
                None => "no protocol".to_owned(),
            }),
            _ => None,
        };
        if let Endpoint::Broken(breakage) = endpoint {
            breakage.spoil(&mut accepted.headers);
        }

        let mut response = Response::new(in_memory(""));
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        *response.headers_mut() = accepted.headers;
        let greeting = greeting.map(String::into_boxed_str);
        Ok((response, Opened { endpoint, greeting, client, _place: place }))
    }

    fn hinted(&self, rejection: Rejection) -> Refusal {
        Refusal::from(rejection).with_hint(&endpoints::paths(&self.config.without))
    }

    fn client(&self, entry: Entry, headers: &HeaderMap) -> IpAddr {
        forwarded::client(entry.peer, headers, &self.config.trusted_proxies)
    }

    async fn page(&self, request: Request<()>, entry: Entry) -> Result<Response<Body>, Refusal> {
        let path = request.uri().path();
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        let page = match path {
            _ if self.is_left_out(path) => None,
            "/healthz" => Some(Page::Health),
            "/metrics" if entry.is_for_metrics || !self.are_metrics_elsewhere => {
                Some(Page::Metrics)
            }
            _ if entry.is_for_metrics => {
                return Err(Refusal::not_found(
                    "Here are /metrics and /healthz, and nothing else.",
                ));
            }
            "/endpoints" => Some(Page::Guide),
            "/headers" => Some(Page::Headers),
            "/" if self.files.is_none() && is_read && !self.is_left_out("/endpoints") => {
                Some(Page::Guide)
            }
            _ => None,
        };
        match page {
            Some(_) if !is_read => Err(Refusal::only_for_reading()),
            Some(Page::Health) => self.health(),
            Some(Page::Metrics) => Ok(text(metrics::CONTENT_TYPE, self.metrics.to_text())),
            Some(Page::Guide) => Ok(self.guide(&request, entry)),
            Some(Page::Headers) => {
                let client = self.client(entry, request.headers());
                Ok(plain(request_text::describe(&request, entry, client, None)))
            }
            None => self.file_or_endpoint(request, is_read).await,
        }
    }

    /// A file of the app, or what is wrong with a request to an endpoint that asks for no WebSocket.
    async fn file_or_endpoint(
        &self,
        request: Request<()>,
        is_read: bool,
    ) -> Result<Response<Body>, Refusal> {
        let endpoint = Endpoint::of(request.uri(), &self.config.without);
        // The app's page is at `/`, which is an endpoint too.
        let is_of_app = endpoint.is_err() || request.uri().path() == "/";
        if let Some(files) = self.files.as_ref().filter(|_| is_of_app) {
            if let Some(file) = files.get(&request).await? {
                return if is_read {
                    Ok(file.map(Either::Right))
                } else {
                    Err(Refusal::only_for_reading())
                };
            }
            if is_read && endpoint.is_ok() {
                return Err(Refusal::not_found("The app's page is gone from its folder."));
            }
        }
        if let Endpoint::Status(status) = endpoint? {
            return Err(Refusal::asked_for(status));
        }
        Err(match handshake::respond(&request, &ServerOptions::default()) {
            Err(rejection) => self.hinted(rejection),
            // It has no `Upgrade`, so this is never so.
            Ok(_) => Rejection::new(StatusCode::UPGRADE_REQUIRED, "").into(),
        })
    }

    fn health(&self) -> Result<Response<Body>, Refusal> {
        if self.is_stopping.load(Relaxed) {
            return Err(Refusal::shutting_down());
        }
        Ok(plain("ok\n"))
    }

    /// The page that lists the endpoints.
    fn guide(&self, request: &Request<()>, entry: Entry) -> Response<Body> {
        let page = guide::page(&origin(request, entry), &self.config.without);
        let mut response = text("text/html; charset=utf-8", page);
        response.headers_mut().insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'"),
        );
        response
    }
}

/// What there is to read by plain HTTP beside the files of an app.
enum Page {
    Health,
    Metrics,
    Guide,
    Headers,
}

fn wants_web_socket(headers: &HeaderMap) -> bool {
    headers.get_all(header::UPGRADE).iter().any(|value| {
        value
            .as_bytes()
            .split(|byte| *byte == b',')
            .any(|token| token.trim_ascii().eq_ignore_ascii_case(b"websocket"))
    })
}

/// Whether a request names its host as RFC 9112 §3.2 asks for: once, or in HTTP/1.0 at most once.
fn has_host(request: &Request<()>) -> bool {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => request.version() < Version::HTTP_11,
        (Some(host), None) => {
            // It may be empty, where the target has no host.
            host.is_empty()
                || !host.as_bytes().contains(&b'@') && Authority::try_from(host.as_bytes()).is_ok()
        }
        (Some(_), Some(_)) => false,
    }
}

/// How the client reaches the server, by its own word.
fn origin(request: &Request<()>, entry: Entry) -> String {
    let headers = request.headers();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    // Only for the examples on the page, so that it does no harm to believe the header.
    let is_secure = entry.is_secure
        || headers.get("x-forwarded-proto").is_some_and(|scheme| scheme.as_bytes() == b"https");
    format!("{}://{host}", if is_secure { "wss" } else { "ws" })
}

fn in_memory(body: impl Into<Bytes>) -> Body {
    Either::Left(Full::new(body.into()))
}

fn plain(body: impl Into<Bytes>) -> Response<Body> {
    text("text/plain; charset=utf-8", body)
}

fn text(kind: &'static str, body: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(in_memory(body));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    harden(&mut response);
    response
}

/// A refusal as an answer, after which the connection is of no more use.
fn refused(rejection: &Rejection) -> Response<Body> {
    let mut response = rejection.response().map(in_memory);
    harden(&mut response);
    response
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn while_it_shuts_down_it_is_not_well_and_says_when_to_come_back() {
        let listeners = TcpListener::bind("127.0.0.1:0").await.unwrap().into();
        let site = Site::new(Config::default(), &listeners).unwrap();
        let ask = || Request::get("/healthz").header("host", "custom").body(()).unwrap();
        let peer = IpAddr::from([127, 0, 0, 1]);
        let entry = Entry { peer, is_secure: false, is_for_metrics: false };
        assert_eq!(site.answer(ask(), entry).await.0.status(), StatusCode::OK);
        site.is_stopping.store(true, Relaxed);
        let (response, _) = site.answer(ask(), entry).await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[header::RETRY_AFTER], "5");
    }
}
