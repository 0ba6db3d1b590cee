//! What the server answers to a request: a WebSocket, a page, or what would be right.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::header::{self, HeaderValue};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use tower_http::services::fs::ServeFileSystemResponseBody;
use tracing::debug;
use web_socket_channel::handshake::{self, Rejection, ServerOptions, sign_key};

use crate::crowd::{Crowd, Place};
use crate::endpoints::Endpoint;
use crate::files::Files;
use crate::metrics::{self, Metrics};
use crate::{Config, Origins, forwarded, guide};

/// How long a client that got 503 should wait before it comes back: another server, or this one after
/// its restart, is there by then.
pub(crate) const RETRY_AFTER_SECS: u16 = 5;

/// The body of an answer: what stands in memory, or a file.
pub(crate) type Body = Either<Full<Bytes>, ServeFileSystemResponseBody>;

/// What all the connections of a server share.
pub(crate) struct Site {
    pub(crate) config: Config,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) crowd: Crowd,
    /// Set when the server shuts down.
    pub(crate) is_stopping: AtomicBool,
    origins: Origins,
    files: Option<Files>,
}

/// A request that was answered with 101.
pub(crate) struct Opened {
    pub(crate) endpoint: Endpoint,
    pub(crate) protocol: Option<String>,
    /// Who it is, as far as proxies that are trusted say.
    pub(crate) client: IpAddr,
    /// The client's place, where it wasn't known before the request.
    pub(crate) _place: Option<Place>,
}

impl Site {
    /// A site at the address that the server listens on.
    ///
    /// # Errors
    /// What is wrong with the folder of the app.
    pub(crate) fn new(config: Config, address: SocketAddr) -> io::Result<Self> {
        let files = config.app.as_deref().map(Files::open).transpose()?;
        Ok(Self {
            files,
            metrics: Arc::default(),
            crowd: Crowd::new(config.max_connections_per_address),
            is_stopping: AtomicBool::new(false),
            origins: config.origins.clone().at(address.ip()),
            config,
        })
    }

    /// Whether a peer is a proxy that is trusted, so that who the client is stands in the request.
    pub(crate) fn trusts(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.config.trusted_proxies.iter().any(|net| net.contains(&peer))
    }

    /// The answer to a request, and what it opens.
    pub(crate) async fn answer(
        &self,
        request: Request<()>,
        peer: IpAddr,
    ) -> (Response<Body>, Option<Opened>) {
        self.metrics.requests.add(1);
        let (result, opened) = if wants_web_socket(request.headers()) {
            match self.open(&request, peer) {
                Ok((response, opened)) => (Ok(response), Some(opened)),
                Err(rejection) => (Err(rejection), None),
            }
        } else {
            (self.page(request).await, None)
        };
        let response = result.unwrap_or_else(|rejection| {
            self.metrics.refused_request.add(1);
            debug!(%peer, status = rejection.status.as_u16(), "request refused");
            refusal(&rejection)
        });
        (response, opened)
    }

    fn open(
        &self,
        request: &Request<()>,
        peer: IpAddr,
    ) -> Result<(Response<Body>, Opened), Rejection> {
        let headers = request.headers();
        let endpoint = Endpoint::of(request.uri())?;
        if let Endpoint::Status(status) = endpoint {
            return Err(asked_for(status));
        }
        let protocols = match &endpoint {
            Endpoint::Protocol { known } => known,
            _ => &self.config.protocols,
        };
        let options = ServerOptions::new().protocols(protocols);
        let accepted = handshake::respond(request, &options).map_err(hinted)?;
        if !self.origins.allow(headers) {
            self.metrics.refused_origin.add(1);
            return Err(Rejection::new(
                StatusCode::FORBIDDEN,
                "Pages of this origin may not connect here. The server decides which may, by its \
                 list of origins or by the host that they come from.",
            ));
        }
        let client = forwarded::client(peer, headers, &self.config.trusted_proxies);
        let place = if self.trusts(peer) {
            Some(self.crowd.enter(client).ok_or_else(|| {
                self.metrics.refused_address.add(1);
                too_many("Your address has as many connections as it may have")
            })?)
        } else {
            None
        };

        let mut response = Response::new(in_memory(""));
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let answer = response.headers_mut();
        answer.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        answer.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        // `respond` has seen to it that there is a key, and that a protocol came in a header.
        let key = headers.get(header::SEC_WEBSOCKET_KEY).and_then(|key| key.to_str().ok());
        let accept = key.and_then(|key| HeaderValue::try_from(sign_key(key)).ok());
        if let Some(accept) = accept {
            answer.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
        }
        if let Some(protocol) =
            accepted.protocol.as_deref().and_then(|name| HeaderValue::from_str(name).ok())
        {
            answer.insert(header::SEC_WEBSOCKET_PROTOCOL, protocol);
        }
        Ok((response, Opened { endpoint, protocol: accepted.protocol, client, _place: place }))
    }

    async fn page(&self, request: Request<()>) -> Result<Response<Body>, Rejection> {
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        match request.uri().path() {
            "/healthz" if is_read => self.health(),
            "/metrics" if is_read => Ok(text(metrics::CONTENT_TYPE, self.metrics.to_text())),
            "/" if is_read && self.files.is_none() => Ok(guide(&request)),
            "/endpoints" if is_read => Ok(guide(&request)),
            path => {
                let endpoint = Endpoint::of(request.uri());
                match &self.files {
                    // The app's page is at `/`, which is an endpoint too.
                    Some(files) if is_read && (endpoint.is_err() || path == "/") => {
                        let file = files.get(request).await;
                        return match (file, endpoint) {
                            (Some(file), _) => Ok(file.map(Either::Right)),
                            (None, Err(rejection)) => Err(rejection),
                            (None, Ok(_)) => Err(Rejection::new(
                                StatusCode::NOT_FOUND,
                                "The app's page is gone from its folder.",
                            )),
                        };
                    }
                    _ => {}
                }
                Err(no_web_socket(&request, endpoint?))
            }
        }
    }

    fn health(&self) -> Result<Response<Body>, Rejection> {
        if self.is_stopping.load(Relaxed) {
            return Err(shutting_down());
        }
        Ok(text("text/plain; charset=utf-8", "ok\n"))
    }
}

/// What is wrong with a request to an endpoint that asks for no WebSocket.
fn no_web_socket(request: &Request<()>, endpoint: Endpoint) -> Rejection {
    if let Endpoint::Status(status) = endpoint {
        return asked_for(status);
    }
    match handshake::respond(request, &ServerOptions::default()) {
        Err(rejection) => hinted(rejection),
        // It has no `Upgrade`, so this is never so.
        Ok(_) => Rejection::new(StatusCode::UPGRADE_REQUIRED, ""),
    }
}

/// The page that lists the endpoints.
fn guide(request: &Request<()>) -> Response<Body> {
    let mut response = text("text/html; charset=utf-8", guide::page(&origin(request)));
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'"),
    );
    response
}

fn wants_web_socket(headers: &HeaderMap) -> bool {
    headers.get_all(header::UPGRADE).iter().any(|value| {
        value
            .as_bytes()
            .split(|byte| *byte == b',')
            .any(|token| token.trim_ascii().eq_ignore_ascii_case(b"websocket"))
    })
}

/// How the client reaches the server, by its own word.
fn origin(request: &Request<()>) -> String {
    let headers = request.headers();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    // Only for the examples on the page, so that it does no harm to believe it.
    let is_secure =
        headers.get("x-forwarded-proto").is_some_and(|scheme| scheme.as_bytes() == b"https");
    format!("{}://{host}", if is_secure { "wss" } else { "ws" })
}

fn in_memory(body: impl Into<Bytes>) -> Body {
    Either::Left(Full::new(body.into()))
}

fn text(kind: &'static str, body: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(in_memory(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// A refusal as an answer, after which the connection is of no more use.
pub(crate) fn refusal(rejection: &Rejection) -> Response<Body> {
    let mut response = text("text/plain; charset=utf-8", format!("{}\n", rejection.reason));
    *response.status_mut() = rejection.status;
    let headers = response.headers_mut();
    // `Upgrade` is only valid where `Connection` names it (RFC 9110 §7.8).
    let names_upgrade = rejection.headers.iter().any(|(name, _)| name == header::UPGRADE);
    let connection = if names_upgrade { "upgrade, close" } else { "close" };
    headers.insert(header::CONNECTION, HeaderValue::from_static(connection));
    for (name, value) in &rejection.headers {
        headers.append(name, value.clone());
    }
    let has_no_body = matches!(rejection.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    if has_no_body {
        headers.remove(header::CONTENT_TYPE);
        *response.body_mut() = in_memory("");
    }
    response
}

/// Tells who didn't ask for a WebSocket where they are.
fn hinted(mut rejection: Rejection) -> Rejection {
    if rejection.status == StatusCode::UPGRADE_REQUIRED {
        rejection.reason.push_str(
            "\nThis is an echo server: what you send comes back, and at /picture a picture comes \
             first. A browser finds all that there is at /endpoints.",
        );
    }
    rejection
}

/// The refusal of a client for which there is no place.
pub(crate) fn too_many(what: &str) -> Rejection {
    unavailable(format!("{what}; try again later."))
}

/// The refusal of a client that comes when the server is about to go.
pub(crate) fn shutting_down() -> Rejection {
    unavailable("The server is shutting down.".to_owned())
}

/// 503 with the time after which a client should come back.
fn unavailable(reason: String) -> Rejection {
    let mut rejection = Rejection::new(StatusCode::SERVICE_UNAVAILABLE, reason);
    rejection.headers.push((header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECS)));
    rejection
}

/// The refusal that a client has asked for, with the headers without which a status is not whole.
fn asked_for(status: StatusCode) -> Rejection {
    let mut rejection =
        Rejection::new(status, format!("You asked for a handshake refused with {status}."));
    let (name, value) = match status {
        StatusCode::UNAUTHORIZED => (header::WWW_AUTHENTICATE, "Basic realm=\"echo\""),
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
            (header::PROXY_AUTHENTICATE, "Basic realm=\"echo\"")
        }
        StatusCode::METHOD_NOT_ALLOWED => (header::ALLOW, "GET"),
        StatusCode::UPGRADE_REQUIRED => (header::UPGRADE, "websocket"),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            (header::RETRY_AFTER, "5")
        }
        status if status.is_redirection() && status != StatusCode::NOT_MODIFIED => {
            (header::LOCATION, "/echo")
        }
        _ => return rejection,
    };
    rejection.headers.push((name, HeaderValue::from_static(value)));
    rejection
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn while_it_shuts_down_it_is_not_well_and_says_when_to_come_back() {
        let site = Site::new(Config::default(), ([127, 0, 0, 1], 3678).into()).unwrap();
        let ask = || Request::get("/healthz").body(()).unwrap();
        let peer = IpAddr::from([127, 0, 0, 1]);
        assert_eq!(site.answer(ask(), peer).await.0.status(), StatusCode::OK);
        site.is_stopping.store(true, Relaxed);
        let (response, _) = site.answer(ask(), peer).await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[header::RETRY_AFTER], "5");
    }
}
