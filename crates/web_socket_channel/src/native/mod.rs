//! The native backend: a tokio task for each connection, which dials, secures and opens it, and
//! then runs the pump.

mod dial;
mod executor;
mod happy_eyeballs;
mod route;
mod timer;
mod tls;
mod transport;
mod tunnel;

pub use executor::Runtime;
pub(crate) use executor::{Executor, give_way};
pub(crate) use timer::Timer;
pub use tls::TlsConfig;
pub use tokio_rustls::rustls;
pub(crate) use transport::{check, check_close, start};
