//! `wss`: a certificate with its key, from files that may change or made for the occasion.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use tokio::time::{MissedTickBehavior, interval};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject as _};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{self, ServerConfig};
use tokio_rustls::server::TlsStream;
use tracing::{info, warn};

use crate::refusal;
use crate::tcp::Tcp;

/// How often the files are looked at. A certificate is renewed weeks before its end, so that a few
/// seconds are nothing, and looking at two files costs nothing either.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// The first byte of whoever begins with TLS: the type of the record that holds its hello (RFC 8446
/// §5.1).
const HANDSHAKE_RECORD: u8 = 0x16;

/// What stands in the file of a key that is encrypted.
const ENCRYPTED: &[u8] = b"ENCRYPTED";

/// How long a certificate that is made for the occasion is valid, in days, with the one before its
/// making for clocks that are late. Some clients take none that is valid for longer than 397 days, as
/// no authority may issue one.
#[cfg(feature = "self-signed")]
const VALID_DAYS: u32 = 397;
#[cfg(feature = "self-signed")]
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A certificate and its key, with which a server speaks `wss`.
///
/// Its clones are one: they all change with the files.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    current: Arc<Current>,
    files: Option<Arc<Files>>,
}

impl Tls {
    /// The certificate chain and the key in two files of PEM. While a server runs with them it
    /// follows the files: a pair that has changed is used for the next connection. A pair that is
    /// wrong is logged, and the one before stays in use.
    ///
    /// # Errors
    /// What is wrong with the files, with their names.
    pub fn from_files(
        certificate: impl Into<PathBuf>,
        key: impl Into<PathBuf>,
    ) -> io::Result<Self> {
        let (certificate, key) = (certificate.into(), key.into());
        let files = Files { seen: Mutex::new(stamps(&certificate, &key)), certificate, key };
        let pair = files.read()?;
        let tls = Self::new(pair)?;
        Ok(Self { files: Some(Arc::new(files)), ..tls })
    }

    /// A certificate for these names and addresses that nobody has vouched for, with a key that
    /// nobody keeps: for development. A client has to be told to trust its
    /// [fingerprint](Self::fingerprint), or everything. It is valid for 396 days from now.
    ///
    /// # Errors
    /// A name that can't stand in a certificate.
    #[cfg(feature = "self-signed")]
    pub fn self_signed(names: &[String]) -> io::Result<Self> {
        let make = || {
            let mut certificate = rcgen::CertificateParams::new(names)?;
            let begin = SystemTime::now() - DAY;
            certificate.not_before = begin.into();
            certificate.not_after = (begin + DAY * VALID_DAYS).into();
            let key = rcgen::KeyPair::generate()?;
            Ok((certificate.self_signed(&key)?, key))
        };
        let (certificate, key) = make().map_err(|error: rcgen::Error| io::Error::other(error))?;
        let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(io::Error::other)?;
        Self::new(certified(vec![certificate.der().clone()], key).map_err(io::Error::other)?)
    }

    /// The SHA-256 of the certificate, as browsers and `openssl` show it: `3A:67:8B:…`.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let pair = self.current.get();
        let certificate = pair.cert.first().map(AsRef::as_ref).unwrap_or_default();
        let digest = ring::digest::digest(&ring::digest::SHA256, certificate);
        let bytes: Vec<String> = digest.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
        bytes.join(":")
    }

    fn new(pair: CertifiedKey) -> io::Result<Self> {
        let current = Arc::new(Current(RwLock::new(Arc::new(pair))));
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&current) as Arc<dyn ResolvesServerCert>);
        // The only one in which a WebSocket is opened here.
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { acceptor: Arc::new(config).into(), current, files: None })
    }

    /// The server's side of TLS on a connection; `None` for a client that hung up before it has said
    /// anything, as who only wants to know whether somebody listens. A client that begins otherwise is
    /// told so. Whoever calls it bounds the time.
    ///
    /// # Errors
    /// What is wrong with the client's TLS, or that there is none.
    pub(crate) async fn accept(&self, mut stream: Tcp) -> io::Result<Option<Stream>> {
        let mut first = [0];
        if stream.peek(&mut first).await? == 0 {
            return Ok(None);
        }
        if first != [HANDSHAKE_RECORD] {
            refusal::tell(stream, &refusal::speaks_tls()).await?;
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the client speaks no TLS"));
        }
        match self.acceptor.accept(stream).into_fallible().await {
            Ok(stream) => Ok(Some(stream)),
            Err((error, stream)) => {
                // The alert that says what is wrong is on its way.
                stream.close();
                Err(error)
            }
        }
    }

    /// Reads the files now, and uses the pair for the next connection. Without files nothing happens.
    ///
    /// # Errors
    /// What is wrong with the files, with their names; the pair before stays in use.
    pub fn reload(&self) -> io::Result<()> {
        let Some(files) = &self.files else { return Ok(()) };
        self.current.set(files.read_now()?);
        info!(fingerprint = self.fingerprint(), "the certificate was read again");
        Ok(())
    }

    /// Follows the files for as long as it is polled.
    pub(crate) async fn follow(&self) {
        let Some(files) = &self.files else { return std::future::pending().await };
        let mut looks = interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            match files.changed() {
                None => {}
                Some(Ok(pair)) => {
                    self.current.set(pair);
                    info!(fingerprint = self.fingerprint(), "the certificate has changed");
                }
                Some(Err(error)) => {
                    warn!(%error, "the new certificate is not used; the old one still is");
                }
            }
        }
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").field("fingerprint", &self.fingerprint()).finish_non_exhaustive()
    }
}

impl PartialEq for Tls {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.current, &other.current)
    }
}

impl Eq for Tls {}

/// A stream of TLS as a server has it.
pub(crate) type Stream = TlsStream<Tcp>;

/// The pair that the next connection gets.
#[derive(Debug)]
struct Current(RwLock<Arc<CertifiedKey>>);

impl Current {
    fn get(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn set(&self, pair: CertifiedKey) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(pair);
    }
}

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.get())
    }
}

struct Files {
    certificate: PathBuf,
    key: PathBuf,
    /// How the files looked when they were last read.
    seen: Mutex<[Stamp; 2]>,
}

/// When a file was written, and how long it is; `None` for one that can't be looked at.
type Stamp = Option<(SystemTime, u64)>;

impl Files {
    /// The pair, if the files have changed since they were last read.
    fn changed(&self) -> Option<io::Result<CertifiedKey>> {
        let now = stamps(&self.certificate, &self.key);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // A file that is away for the moment is being replaced.
        if now == *seen || now.contains(&None) {
            return None;
        }
        // Before they are read: what changes meanwhile is seen the next time.
        *seen = now;
        drop(seen);
        Some(self.read())
    }

    /// The pair, whether or not the files have changed.
    fn read_now(&self) -> io::Result<CertifiedKey> {
        let now = stamps(&self.certificate, &self.key);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = now;
        self.read()
    }

    fn read(&self) -> io::Result<CertifiedKey> {
        let wrong = |path: &Path, what: &dyn fmt::Display| {
            io::Error::other(format!("{} can't be used: {what}.", path.display()))
        };
        let in_file = |path: &Path, error: pem::Error| match error {
            pem::Error::Io(error) => wrong(path, &error),
            pem::Error::NoItemsFound => {
                wrong(path, &"it holds nothing of the kind that is wanted, in PEM")
            }
            error => wrong(path, &error),
        };
        let chain = CertificateDer::pem_file_iter(&self.certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| in_file(&self.certificate, error))?;
        if chain.is_empty() {
            return Err(in_file(&self.certificate, pem::Error::NoItemsFound));
        }
        let pem = fs::read(&self.key).map_err(|error| wrong(&self.key, &error))?;
        let key = PrivateKeyDer::from_pem_slice(&pem).map_err(|error| {
            // Both forms say so in their first lines (RFC 7468 §11, RFC 1421 §4.6.1.1).
            if pem.windows(ENCRYPTED.len()).any(|part| part == ENCRYPTED) {
                let path = self.key.display();
                let how = format!("openssl pkey -in {path} -out plain.pem");
                wrong(
                    &self.key,
                    &format_args!("the key is encrypted; decrypt it first, as by {how}"),
                )
            } else {
                in_file(&self.key, error)
            }
        })?;
        certified(chain, key).map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => wrong(
                &self.key,
                &format_args!("it is not the key of {}", self.certificate.display()),
            ),
            error => wrong(&self.certificate, &error),
        })
    }
}

fn certified(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<CertifiedKey, rustls::Error> {
    CertifiedKey::from_der(chain, key, &default_provider())
}

fn stamps(certificate: &Path, key: &Path) -> [Stamp; 2] {
    [certificate, key].map(|path| {
        let metadata = fs::metadata(path).ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    })
}
