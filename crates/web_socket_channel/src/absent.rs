//! Types that the options name, in a build or on a platform that has nothing behind them.

#![allow(dead_code, unreachable_pub, reason = "with `native` only TLS may be missing")]

use std::convert::Infallible;

/// Where a channel's transport runs: in a browser on the page's own loop, and nowhere else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Runtime {
    /// On the page's own loop.
    #[default]
    Caller,
}

/// A configuration of rustls, of which there is none in a browser, nor without a feature for TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsConfig(Infallible);
