//! In the place of `tls` in a build without a feature for it: what asks for TLS is refused before anything
//! is dialled.

use std::io;

use crate::address::Host;
use crate::error::{InvalidArgument, TlsErrorKind};
use crate::options::Options;

pub use crate::absent::TlsConfig;

/// There is none, and so it may be anything.
pub(super) type TlsStream<S> = S;

/// Why there is no TLS.
pub(super) enum NotSecured {
    Untrusted(TlsErrorKind, io::Error),
    #[expect(dead_code, reason = "no connection is begun that could break off")]
    Cut(io::Error),
}

/// Whether the options ask for TLS.
pub(super) fn check(options: &Options) -> Result<(), InvalidArgument> {
    if options.tls_roots.is_empty() { Ok(()) } else { Err(needs_feature("TLS roots")) }
}

/// What a URL of `wss:` comes to.
pub(super) fn check_available() -> Result<(), InvalidArgument> {
    Err(needs_feature("wss:"))
}

fn needs_feature(what: &'static str) -> InvalidArgument {
    InvalidArgument::NeedsFeature { what, feature: "tls" }
}

/// Only a proxy that speaks TLS can still ask for it.
pub(super) async fn secure<S>(_: &Host, _: &Options, _: S) -> Result<TlsStream<S>, NotSecured> {
    let why = needs_feature("TLS").to_string();
    Err(NotSecured::Untrusted(TlsErrorKind::Other, io::Error::other(why)))
}

pub(super) fn kind(_: &io::Error) -> TlsErrorKind {
    TlsErrorKind::Other
}
