//! In the place of `route` and `tunnel` in a build without the feature `proxy`: every way is straight, and the
//! environment is not looked at.

use std::time::Duration;

use tokio::net::TcpStream;
use tokio_util::either::Either;

use crate::error::{Error, InvalidArgument};
use crate::request::Request;

/// There is none, and so it may be anything.
pub(super) type HttpTunnel = TcpStream;

/// There is none.
pub(super) enum ProxyServer {}

impl ProxyServer {
    pub(super) fn parse(_: &str) -> Result<Self, InvalidArgument> {
        Err(InvalidArgument::NeedsFeature { what: "a proxy", feature: "proxy" })
    }
}

/// A program that has left out proxies goes without one, whatever the environment says. What its options
/// name was refused before.
pub(super) fn proxy_for(
    _: &Request,
    _: impl Fn(&str) -> Option<String>,
) -> Result<Option<ProxyServer>, Error> {
    Ok(None)
}

#[derive(Clone, Copy)]
pub(super) struct Route<'a> {
    #[expect(dead_code, reason = "there is no route")]
    pub(super) request: &'a Request,
    pub(super) proxy: &'a ProxyServer,
}

impl Route<'_> {
    pub(super) async fn open(self) -> Result<Either<TcpStream, Box<HttpTunnel>>, Error> {
        match *self.proxy {}
    }

    pub(super) fn timed_out(self, _: Duration) -> Error {
        match *self.proxy {}
    }
}
