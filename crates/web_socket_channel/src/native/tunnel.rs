//! Through a proxy to the server: HTTP's `CONNECT` (RFC 9110 §9.3.6) or SOCKS5 (RFC 1928).

use std::borrow::Cow;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio_socks::tcp::Socks5Stream;
use tokio_socks::{Error as SocksError, IntoTargetAddr as _, TargetAddr};
use tokio_util::either::Either;

use super::dial::{DialError, dial, resolve};
use super::route::{ProxyServer, Scheme};
use super::tls::{self, NotSecured, TlsStream};
use crate::address::Host;
use crate::byte_stream::read_body;
use crate::error::{Error, NetworkErrorKind, ProxyError, ProxyErrorKind};
use crate::handshake::{HeadError, Response, parse_response};
use crate::request::Request;

/// A connection to an HTTP proxy. What has come behind the head of its answer stays in the buffer,
/// as that is from the server.
pub(crate) type HttpTunnel = BufReader<Either<TcpStream, TlsStream<TcpStream>>>;

/// As much as the head of an answer needs in most cases. Whoever reads more at once, as all do who
/// read from the tunnel later, reads past the buffer.
const BUFFER_BYTES: usize = 1024;

/// A request, and the proxy through which it goes.
#[derive(Clone, Copy)]
pub(crate) struct Route<'a> {
    pub(crate) request: &'a Request,
    pub(crate) proxy: &'a ProxyServer,
}

impl Route<'_> {
    /// Connects to the server by way of the proxy. What is written is what the server reads.
    pub(crate) async fn open(self) -> Result<Either<TcpStream, Box<HttpTunnel>>, Error> {
        match self.proxy.scheme {
            Scheme::Http => self.connect(Either::Left(self.dial().await?)).await.map(Either::Right),
            Scheme::Https => {
                let socket = self.dial().await?;
                let secured = tls::secure(&self.proxy.host, &self.request.options, socket).await;
                let socket = secured.map_err(|why| match why {
                    NotSecured::Untrusted(kind, why) => {
                        self.error(ProxyErrorKind::Tls(kind), Some(why))
                    }
                    NotSecured::Cut(why) => {
                        let kind = ProxyErrorKind::Network(NetworkErrorKind::ConnectionLost);
                        self.error(kind, Some(why))
                    }
                })?;
                self.connect(Either::Right(socket)).await.map(Either::Right)
            }
            Scheme::Socks5 | Scheme::Socks5h => self.socks().await.map(Either::Left),
        }
    }

    /// The proxy took longer than a connection may take.
    pub(crate) fn timed_out(self, after: Duration) -> Error {
        self.error(ProxyErrorKind::Timeout(after), None)
    }

    async fn dial(self) -> Result<TcpStream, Error> {
        dial(&self.proxy.host, self.proxy.port)
            .await
            .map_err(|why| self.error(ProxyErrorKind::Network(why.kind), Some(why.source)))
    }

    fn error(self, kind: ProxyErrorKind, source: Option<io::Error>) -> Error {
        self.refusal(kind, None, source)
    }

    fn refusal(
        self,
        kind: ProxyErrorKind,
        response: Option<Response>,
        source: Option<io::Error>,
    ) -> Error {
        let error = ProxyError::new(kind, self.proxy.name(), self.request.host());
        ProxyError { response, source: source.map(Arc::new), ..error }.into()
    }

    fn lost(self, why: io::Error) -> Error {
        self.error(ProxyErrorKind::Network(NetworkErrorKind::ConnectionLost), Some(why))
    }

    fn misbehaved(self, what: impl Into<Cow<'static, str>>) -> Error {
        self.error(ProxyErrorKind::Misbehaved(what.into()), None)
    }
}

/// HTTP.
impl Route<'_> {
    async fn connect(
        self,
        socket: Either<TcpStream, TlsStream<TcpStream>>,
    ) -> Result<Box<HttpTunnel>, Error> {
        let mut socket = Box::new(BufReader::with_capacity(BUFFER_BYTES, socket));
        let lost = |why| self.lost(why);
        socket.write_all(self.connect_head().as_bytes()).await.map_err(lost)?;
        socket.flush().await.map_err(lost)?;
        let head = read_response(&mut socket).await.map_err(lost)?;
        let response = head.map_err(|why| self.misbehaved(why.to_string()))?;
        if response.status.is_success() {
            return Ok(socket);
        }
        let mut body = Vec::new();
        read_body(&mut socket, &response, &mut body).await;
        let kind = kind_of_status(response.status);
        Err(self.refusal(kind, Some(response.with_body(&body)), None))
    }

    fn connect_head(self) -> String {
        let (host, port) = (self.request.url.host().unwrap_or_default(), self.request.port());
        let credentials = match self.proxy.credentials() {
            Some(credentials) => {
                format!("Proxy-Authorization: Basic {}\r\n", credentials.to_basic())
            }
            None => String::new(),
        };
        format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n{credentials}\r\n")
    }
}

/// Reads the head of an answer, and not a byte more.
async fn read_response(
    socket: &mut (impl AsyncBufRead + Unpin),
) -> io::Result<Result<Response, HeadError>> {
    let mut read = Vec::new();
    loop {
        let more = socket.fill_buf().await?;
        if more.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let (seen, length) = (read.len(), more.len());
        read.extend_from_slice(more);
        match parse_response(&read, seen) {
            Ok(Some((response, used))) => {
                socket.consume(used.saturating_sub(seen));
                return Ok(Ok(response));
            }
            Ok(None) => socket.consume(length),
            Err(why) => return Ok(Err(why)),
        }
    }
}

fn kind_of_status(status: StatusCode) -> ProxyErrorKind {
    match status {
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => ProxyErrorKind::Credentials,
        StatusCode::FORBIDDEN | StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS => {
            ProxyErrorKind::Forbidden
        }
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            ProxyErrorKind::ServerUnreachable
        }
        _ => ProxyErrorKind::Refused,
    }
}

/// SOCKS.
impl Route<'_> {
    async fn socks(self) -> Result<TcpStream, Error> {
        let targets = self.socks_targets().await?;
        self.socks_to_one_of(targets).await
    }

    /// Another address of the same server may be one that the proxy can reach.
    async fn socks_to_one_of(self, targets: Vec<TargetAddr<'static>>) -> Result<TcpStream, Error> {
        let nowhere = io::ErrorKind::AddrNotAvailable.into();
        let mut last = self.request.network_error(NetworkErrorKind::Unresolvable, nowhere);
        for target in targets {
            match self.socks_to(target).await {
                Err(Error::Proxy(error)) if may_be_the_address(&error.kind) => {
                    last = Error::Proxy(error);
                }
                outcome => return outcome,
            }
        }
        Err(last)
    }

    /// What the proxy is to be asked for, one after the other.
    async fn socks_targets(self) -> Result<Vec<TargetAddr<'static>>, Error> {
        let failed = |why: DialError| self.request.network_error(why.kind, why.source);
        match (Host::of(&self.request.url), self.proxy.scheme) {
            (Host::Name(name), Scheme::Socks5h) => {
                let target = (name, self.request.port()).into_target_addr();
                // The only thing that can be wrong with it is its length.
                let too_long = |why| failed(DialError::unresolvable(io::Error::other(why)));
                Ok(vec![target.map_err(too_long)?])
            }
            (host, _) => {
                let addresses = resolve(&host, self.request.port()).await.map_err(failed)?;
                Ok(addresses.into_iter().map(TargetAddr::Ip).collect())
            }
        }
    }

    async fn socks_to(self, target: TargetAddr<'static>) -> Result<TcpStream, Error> {
        let socket = self.dial().await?;
        let led = match &self.proxy.user_and_password {
            Some((user, password)) => {
                Socks5Stream::connect_with_password_and_socket(socket, target, user, password).await
            }
            None => Socks5Stream::connect_with_socket(socket, target).await,
        };
        led.map(Socks5Stream::into_inner).map_err(|why| self.socks_error(why))
    }

    fn socks_error(self, why: SocksError) -> Error {
        let kind = match why {
            SocksError::Io(why) => return self.lost(why),
            SocksError::NoAcceptableAuthMethods
            | SocksError::AuthorizationRequired
            | SocksError::PasswordAuthFailure(_) => ProxyErrorKind::Credentials,
            SocksError::ConnectionNotAllowedByRuleset => ProxyErrorKind::Forbidden,
            SocksError::GeneralSocksServerFailure
            | SocksError::NetworkUnreachable
            | SocksError::HostUnreachable
            | SocksError::ConnectionRefused
            | SocksError::TtlExpired => ProxyErrorKind::ServerUnreachable,
            SocksError::CommandNotSupported | SocksError::AddressTypeNotSupported => {
                ProxyErrorKind::Refused
            }
            // Its word for a code that it does not know, of a method as well as of a refusal.
            SocksError::UnknownAuthMethod => {
                return self.misbehaved("a code that SOCKS5 does not have");
            }
            other => return self.misbehaved(format!("this is not SOCKS5: {other}")),
        };
        self.error(kind, Some(io::Error::other(why)))
    }
}

/// Whether a refusal may be about the address that was asked for.
fn may_be_the_address(kind: &ProxyErrorKind) -> bool {
    matches!(kind, ProxyErrorKind::ServerUnreachable | ProxyErrorKind::Refused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;
    use tokio::io::AsyncReadExt as _;
    use tokio::net::TcpListener;

    /// What comes of asking for three addresses a proxy that gives these codes, and how often it
    /// is asked.
    fn ask(codes: [u8; 3]) -> io::Result<(Result<(), Error>, usize)> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            let url = format!("socks5://{}", listener.local_addr()?);
            let asked = tokio::spawn(async move {
                let mut ports = Vec::new();
                for code in codes {
                    let (mut socket, _) = listener.accept().await?;
                    if socket.read_exact(&mut [0; 3]).await.is_err() {
                        break;
                    }
                    socket.write_all(&[5, 0]).await?;
                    let mut request = [0; 10];
                    socket.read_exact(&mut request).await?;
                    ports.push(request[9]);
                    socket.write_all(&[5, code, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
                }
                Ok::<_, io::Error>(ports)
            });
            let request = Request::new("ws://server.example", Options::default());
            let (Ok(request), Ok(proxy)) = (request, ProxyServer::parse(&url)) else {
                return Err(io::ErrorKind::InvalidInput.into());
            };
            let targets = [1, 2, 3].map(|port| TargetAddr::Ip(([36, 78, 36, 78], port).into()));
            let route = Route { request: &request, proxy: &proxy };
            let outcome = route.socks_to_one_of(targets.into()).await.map(drop);
            // It ends the proxy if that still waits to be asked.
            drop(TcpStream::connect(&url["socks5://".len()..]).await);
            let ports = asked.await??;
            assert_eq!(ports, (1..).take(ports.len()).collect::<Vec<u8>>());
            Ok((outcome, ports.len()))
        })
    }

    #[test]
    fn a_server_is_asked_for_at_every_address_that_it_has() -> io::Result<()> {
        assert!(matches!(ask([4, 0, 0])?, (Ok(()), 2)));
        assert!(matches!(ask([8, 5, 0])?, (Ok(()), 3)));
        let (outcome, asked) = ask([4, 8, 5])?;
        let Err(Error::Proxy(error)) = &outcome else { unreachable!("{outcome:?}") };
        assert_eq!((&error.kind, asked), (&ProxyErrorKind::ServerUnreachable, 3));
        Ok(())
    }

    /// Nor is a user locked out for a password that is wrong three times.
    #[test]
    fn a_rule_of_the_proxy_is_not_tried_again() -> io::Result<()> {
        let (outcome, asked) = ask([4, 2, 0])?;
        let Err(Error::Proxy(error)) = &outcome else { unreachable!("{outcome:?}") };
        assert_eq!((&error.kind, asked), (&ProxyErrorKind::Forbidden, 2));
        Ok(())
    }
}
