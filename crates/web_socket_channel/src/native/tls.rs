//! TLS for `wss:`, and for proxies, on the native transport, by rustls: who is trusted, and what a refusal means.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use rustls_platform_verifier::Verifier;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
pub(super) use tokio_rustls::client::TlsStream;
#[cfg(feature = "aws-lc-rs")]
use tokio_rustls::rustls::crypto::aws_lc_rs as provider;
#[cfg(not(feature = "aws-lc-rs"))]
use tokio_rustls::rustls::crypto::ring as provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{
    AlertDescription, CertificateError, ClientConfig, Error as RustlsError, InvalidMessage,
    PeerIncompatible, RootCertStore,
};

use crate::address::Host;
use crate::error::{InvalidArgument, TlsErrorKind};
use crate::options::Options;

/// Whether what the options ask for of TLS can be had.
pub(super) fn check(options: &Options) -> Result<(), InvalidArgument> {
    if options.tls_config.is_some() && !options.tls_roots.is_empty() {
        return Err(InvalidArgument::Unsupported("tls_roots beside a tls_config of one's own"));
    }
    // The verifier would say it as well, but only once a server is there, and of the server's.
    let is_wrong = |root: &Vec<u8>| RootCertStore::empty().add(root.as_slice().into()).is_err();
    let wrong = options.tls_roots.iter().position(is_wrong);
    wrong.map_or(Ok(()), |index| Err(InvalidArgument::TlsRoot { index }))
}

/// Whether there is TLS.
pub(super) fn check_available() -> Result<(), InvalidArgument> {
    Ok(())
}

/// A configuration of rustls of a program's own: for a certificate of the client, for trusting one
/// certificate only, or for a provider of cryptography.
///
/// Nothing is added to it: whom to trust and which protocols to offer by ALPN (`http/1.1` or none) is
/// in it. Two are equal if they are the same one.
#[derive(Clone)]
pub struct TlsConfig(Arc<ClientConfig>);

impl From<Arc<ClientConfig>> for TlsConfig {
    fn from(config: Arc<ClientConfig>) -> Self {
        Self(config)
    }
}

impl From<ClientConfig> for TlsConfig {
    fn from(config: ClientConfig) -> Self {
        Self(Arc::new(config))
    }
}

impl PartialEq for TlsConfig {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for TlsConfig {}

impl fmt::Debug for TlsConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TlsConfig(not shown)")
    }
}

/// Does the TLS handshake with a host, by the program's configuration, or trusting its roots besides
/// the platform's.
pub(crate) async fn secure<S: AsyncRead + AsyncWrite + Unpin>(
    host: &Host,
    options: &Options,
    socket: S,
) -> Result<TlsStream<S>, NotSecured> {
    let failed = |why: io::Error| NotSecured::Untrusted(kind(&why), why);
    let config = match &options.tls_config {
        Some(config) => Arc::clone(&config.0),
        None => config(&options.tls_roots).map_err(|why| match why {
            // The verifier's word for a store of the platform's that is empty or is not there.
            RustlsError::General(_) => {
                NotSecured::Untrusted(TlsErrorKind::NoAuthorities, io::Error::other(why))
            }
            why => failed(io::Error::other(why)),
        })?,
    };
    let name = match host {
        Host::Name(name) => ServerName::try_from(name.clone()).map_err(io::Error::other),
        Host::Address(address) => Ok(ServerName::IpAddress((*address).into())),
    };
    let connected = TlsConnector::from(config).connect(name.map_err(failed)?, socket).await;
    connected.map_err(|why| if is_cut(&why) { NotSecured::Cut(why) } else { failed(why) })
}

/// Why there is no TLS.
pub(super) enum NotSecured {
    /// The other end is not to be trusted, or does not speak TLS.
    Untrusted(TlsErrorKind, io::Error),
    /// The connection broke off.
    Cut(io::Error),
}

/// Whether the handshake broke off, which tells nothing about whom to trust: connecting again may
/// help.
fn is_cut(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}

/// Trusts whom the platform trusts, and these roots.
fn config(more_roots: &[Vec<u8>]) -> Result<Arc<ClientConfig>, RustlsError> {
    /// Reading a platform's hundred and more certificates takes milliseconds, so it is done once, and once
    /// more for the roots that were asked for last. Sessions are resumed by it too.
    type Made = Mutex<Option<(Vec<Vec<u8>>, Arc<ClientConfig>)>>;
    static MADE: [Made; 2] = [Mutex::new(None), Mutex::new(None)];
    let made = &MADE[usize::from(!more_roots.is_empty())];
    let mut made = made.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((roots, config)) = &*made
        && roots == more_roots
    {
        return Ok(Arc::clone(config));
    }
    let config = new_config(more_roots)?;
    *made = Some((more_roots.to_vec(), Arc::clone(&config)));
    Ok(config)
}

fn new_config(more_roots: &[Vec<u8>]) -> Result<Arc<ClientConfig>, RustlsError> {
    let provider = Arc::new(provider::default_provider());
    let roots = more_roots.iter().map(|root| CertificateDer::from(root.clone()));
    let verifier = Verifier::new_with_extra_roots(roots, Arc::clone(&provider))?;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous() // rustls' word for a verifier other than its own; this one is the platform's.
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    // A server that also speaks HTTP/2 might choose it otherwise, and there is no upgrade in that.
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// What rustls says, if it is rustls that says it: of an alert of the server's, what it is about.
pub(super) fn kind(error: &io::Error) -> TlsErrorKind {
    use AlertDescription as Alert;

    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<RustlsError>());
    match inner {
        Some(RustlsError::InvalidCertificate(problem)) => match problem {
            CertificateError::UnknownIssuer => TlsErrorKind::UnknownIssuer,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                TlsErrorKind::WrongName
            }
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => TlsErrorKind::Expired,
            _ => TlsErrorKind::Other,
        },
        Some(RustlsError::InvalidMessage(InvalidMessage::InvalidContentType)) => {
            TlsErrorKind::NotTls
        }
        Some(
            RustlsError::AlertReceived(Alert::ProtocolVersion)
            | RustlsError::PeerIncompatible(
                PeerIncompatible::ServerDoesNotSupportTls12Or13
                | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
            ),
        ) => TlsErrorKind::OldVersion,
        // A server's word on a certificate is on ours.
        Some(RustlsError::AlertReceived(
            Alert::NoCertificate
            | Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::CertificateRequired
            | Alert::UnknownCA
            | Alert::AccessDenied,
        )) => TlsErrorKind::ClientCertificate,
        Some(RustlsError::AlertReceived(Alert::HandshakeFailure | Alert::InsufficientSecurity))
        | Some(RustlsError::PeerIncompatible(_)) => TlsErrorKind::Refused,
        _ => TlsErrorKind::Other,
    }
}
