//! Certificates for tests: an authority for each, and whatever names and dates a test wants.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig, SupportedProtocolVersion};

/// An authority that nobody knows, and the certificate that it gave to a server.
pub(crate) struct Certified {
    pub(crate) authority: Vec<u8>,
    pub(crate) server: ServerConfig,
}

/// What a client has that a server knows, and the authority that it has to trust.
#[allow(dead_code, reason = "not every file of tests has clients with certificates")]
pub(crate) struct KnownClient {
    pub(crate) authority: Vec<u8>,
    pub(crate) config: ClientConfig,
}

/// A server and a client that ask each other for a certificate, over one version of TLS.
#[allow(dead_code, reason = "not every file of tests has clients with certificates")]
pub(crate) fn mutual(
    name: &str,
    version: &'static SupportedProtocolVersion,
) -> (ServerConfig, KnownClient) {
    let Signed { authority, certificate, key } = signed(name, 2999);
    let mut roots = RootCertStore::empty();
    roots.add(authority.clone().into()).unwrap();
    let roots = Arc::new(roots);
    let provider = Arc::new(ring::default_provider());
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::clone(&roots), Arc::clone(&provider));
    let server = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(vec![certificate.clone()], key.clone_key())
        .unwrap();
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_client_auth_cert(vec![certificate], key)
        .unwrap();
    (server, KnownClient { authority, config })
}

/// A certificate for this name, valid until the end of this year.
pub(crate) fn certified(name: &str, last_year: i32) -> Certified {
    let Signed { authority, certificate, key } = signed(name, last_year);
    let server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    Certified { authority, server }
}

struct Signed {
    authority: Vec<u8>,
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

fn signed(name: &str, last_year: i32) -> Signed {
    let authority_key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = params.self_signed(&authority_key).unwrap().der().to_vec();
    let issuer = Issuer::new(params, authority_key);

    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(2000, 1, 1);
    params.not_after = date_time_ymd(last_year, 12, 31);
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    Signed { authority, certificate: certificate.der().clone(), key }
}
