//! In the place of `tls` in a build without a feature for it: what asks for TLS is refused before anything
//! is dialled.

use std::io;

use crate::error::{InvalidArgument, TlsErrorKind};
use crate::options::Options;
use crate::url::Host;

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

/// A URL of `wss:` asks for it too.
pub(super) fn check_scheme(scheme: &str) -> Result<(), InvalidArgument> {
    if scheme == "wss" { Err(needs_feature("wss:")) } else { Ok(()) }
}

fn needs_feature(what: &'static str) -> InvalidArgument {
    InvalidArgument::NeedsFeature { what, feature: "tls" }
}

/// Only a proxy that speaks TLS can still ask for it.
pub(super) async fn secure<S>(
    _: &Host<impl AsRef<str>>,
    _: &Options,
    _: S,
) -> Result<TlsStream<S>, NotSecured> {
    let why = needs_feature("TLS").to_string();
    Err(NotSecured::Untrusted(TlsErrorKind::Other, io::Error::other(why)))
}

pub(super) fn kind(_: &io::Error) -> TlsErrorKind {
    TlsErrorKind::Other
}
