//! The native backend: a tokio task for each connection, which dials, secures and opens it, and
//! then runs the pump.

mod dial;
mod executor;
mod happy_eyeballs;
#[cfg(feature = "proxy")]
mod route;
#[cfg(not(feature = "proxy"))]
#[path = "without_proxy.rs"]
mod route;
mod timer;
#[cfg(feature = "_rustls")]
mod tls;
#[cfg(not(feature = "_rustls"))]
#[path = "without_tls.rs"]
mod tls;
mod transport;
#[cfg(feature = "proxy")]
mod tunnel;
#[cfg(not(feature = "proxy"))]
use route as tunnel;

pub use executor::Runtime;
pub(crate) use executor::{Executor, give_way};
pub(crate) use timer::Timer;
pub use tls::TlsConfig;
#[cfg(feature = "_rustls")]
pub use tokio_rustls::rustls;
pub(crate) use transport::{check, check_close, check_url, start};
